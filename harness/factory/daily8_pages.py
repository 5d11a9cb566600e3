"""Templates of the Daily8 family: two kinds of flattened text, a tag's list, and the HTML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from harness.factory.article import Article, Card
from harness.factory.markup import attribute, document, html_text, text_of, wrapped
from harness.factory.reading import each_card, record
from harness.factory.template import Template, claim_of, label_of
from harness.timestamps import parse

_APP = (
    "DOWNLOAD THE APP",
    "Get Started Now: Download the App",
    "Ready to dive into a world of global content? Download Daily8 app today and start exploring.",
    "app-storeplay-store",
)
_AFTER = (
    "Orange background",
    "Try Our AI Features",
    "Explore what Daily8 AI can do for you:",
    "Comments",
    "No comments yet...",
    "Related Articles",
)


def _age(article: Article, published: datetime) -> str:
    return label_of(article, published, "moment")


def _date(_article: Article, published: datetime) -> str:
    return f"{published:%d-%m-%Y}"


def _with_alternatives(
    article: Article, label: Callable[[Article, datetime], str] = _age, *, is_tag: bool = False
) -> str:
    """Image alternatives and texts, one a line: titles stand twice, byline and age glued."""
    if is_tag:
        lines = ["logo", "#", article.title]
    else:
        lines = ["logo", article.title, "", article.title, ""]
        if article.byline is not None:
            lines.append(article.byline + label(article, article.published))
        for i, paragraph in enumerate(article.body):
            lines += ["Advertisement", ""] if i == 1 else []
            lines += [paragraph, ""]
        lines += ["Hashtags", f"#{article.language}", "", *_AFTER, ""]
    for i, card in enumerate(article.cards):
        lines += [card.title, card.title, "", card.byline, ""]
        lines += [f"time{_age(article, card.published)}", ""]
        lines += ["  • General"] if i % 2 else []
        lines += [f"  • {card.byline}", "", card.title, ""]
        lines += [*card.body[:-1], f"{card.body[-1]} Read More", ""]
    return "\n".join([*lines, *_APP]) + "\n"


def _dated(article: Article) -> str:
    return _with_alternatives(article, _date)


def _tag(article: Article) -> str:
    return _with_alternatives(article, is_tag=True)


def _without_alternatives(article: Article) -> str:
    """The second flattening: every text once, sources and ages on lines of their own."""
    lines = [article.title]
    if article.byline is not None:
        lines += [article.byline, _age(article, article.published)]
    lines += [*article.body, "", *_AFTER[1:], "", ""]
    for card in article.cards:
        lines += [card.byline, _age(article, card.published), f"- {card.byline}", card.title]
        lines += [*card.body[:-1], f"{card.body[-1]} Read More", "", ""]
    return "\n".join(lines)


def _html(article: Article) -> str:
    meta = ""
    if article.byline is not None:
        meta = (
            f'<div class="article-meta"><span class="source">{html_text(article.byline)}</span>'
            f'<span class="age">{_age(article, article.published)}</span></div>'
        )
    body = "\n".join(f"<p>\n{wrapped(text, ' ' * 6)}\n</p>" for text in article.body)
    cards = "\n".join(_html_card(article, card) for card in article.cards)
    return document(
        article,
        f"""<header><a href="/en"><img alt="logo" src="/logo.svg"></a>
<nav><a href="/">{text_of(article, "home")}</a></nav></header>
<div class="mobile-menu" style="display:none"><p>{text_of(article, "newsletter")}</p></div>
<main id="content"><article class="article-detail">
<figure class="hero"><img alt="{attribute(article.title)}" src="/hero.webp"></figure>
<h1>{html_text(article.title)}</h1>
{meta}
<div class="article-body">
{body}
</div></article>
<section class="ai-box"><h3>Try Our AI Features</h3></section>
<section class="comments"><h3>Comments</h3><p>No comments yet...</p></section>
<section class="related"><h2>Related Articles</h2>
{cards}
</section></main>
<footer><h2>DOWNLOAD THE APP</h2></footer>""",
        '<meta property="og:site_name" content="Daily8">',
    )


def _html_card(article: Article, card: Card) -> str:
    title = html_text(card.title)
    body = "\n".join(f'<p class="card-body">{html_text(text)}</p>' for text in card.body)
    return f"""<article class="card"><h3 class="card-title">{title}</h3>
<p class="card-source">{html_text(card.byline)}</p>
<p class="card-time"><img alt="time" src="/clock.svg">{_age(article, card.published)}</p>
<ul class="card-tags"><li>General</li></ul>
<h4 class="card-headline"><a href="{attribute(card.url)}">{title}</a></h4>
{body}
<a class="read-more" href="{attribute(card.url)}">Read More</a></article>"""


def _card(article: Article, card: Card) -> dict[str, object]:
    claim = claim_of(article, card.published, "label", front_end="moment", known="moment")
    return record(card.title, card.byline, claim, card.body)


def _read(article: Article) -> dict[str, object]:
    claim = None
    if article.byline is not None:
        claim = claim_of(article, article.published, "label", front_end="moment", known="moment")
    related = each_card(article, _card)
    return record(article.title, article.byline, claim, article.body, related)


def _read_dated(article: Article) -> dict[str, object]:
    label = _date(article, article.published)
    claim = parse(label, captured_at=article.captured_at, front_end="moment", day_first=True)
    return _read(article) | {"timestamp": None if article.byline is None else claim}


def _read_tag(article: Article) -> dict[str, object]:
    return record(article.title, related=each_card(article, _card))


DAILY8 = tuple(
    Template(
        name,
        "daily8",
        summary,
        write,
        read,
        site="daily8",
        media_type=media_type,
        extractor="daily8",
        chrome=chrome,
    )
    for name, summary, media_type, write, read, chrome in (
        (
            "daily8-text",
            "flattened text with image alternatives, byline glued to its age",
            "text/plain",
            _with_alternatives,
            _read,
            ("logo", "Advertisement", "Hashtags", *_AFTER, *_APP),
        ),
        (
            "daily8-text-dated",
            "the same with a day-first date for an age",
            "text/plain",
            _dated,
            _read_dated,
            ("logo", "Advertisement", "Hashtags", *_AFTER, *_APP),
        ),
        (
            "daily8-text-tag",
            "a tag's list as flattened text: cards only",
            "text/plain",
            _tag,
            _read_tag,
            ("logo", "#", *_APP),
        ),
        (
            "daily8-text-plain",
            "flattened text without image alternatives",
            "text/plain",
            _without_alternatives,
            _read,
            _AFTER[1:],
        ),
        (
            "daily8-html",
            "the page that the texts were flattened from",
            "text/html",
            _html,
            _read,
            ("home", "newsletter", "Try Our AI Features", "Comments", "No comments yet..."),
        ),
    )
)
