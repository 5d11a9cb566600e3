"""Templates of lists: a ranked list in table rows, and a topic page of clustered stories."""

from __future__ import annotations

from collections.abc import Iterator

from harness.factory.article import Article, Card
from harness.factory.markup import attribute, document, html_text, text_of
from harness.factory.reading import record
from harness.factory.template import Template, claim_of, label_of

_CLUSTER = 3


def _clusters(article: Article) -> Iterator[tuple[Card, ...]]:
    for start in range(0, len(article.cards), _CLUSTER):
        yield article.cards[start : start + _CLUSTER]


def _ranked(article: Article) -> str:
    rows = "\n".join(_row(article, card, i) for i, card in enumerate(article.cards))
    return document(
        article,
        f"""<center><table id="shell"><tr><td><span class="pagetop"><b><a href="front">
Made Links</a></b> <a href="newest">new</a> | <a href="jobs">jobs</a></span></td></tr>
<tr id="bigbox"><td><table class="board">
{rows}
</table></td></tr></table></center>""",
        title=article.title,
    )


def _row(article: Article, card: Card, index: int) -> str:
    age = label_of(article, card.published, "timeago")
    comments = "discuss" if index == 0 else f"{index}&nbsp;comment{'s' if index > 1 else ''}"
    return f"""<tr class='item' id='{7_000 + index}'>
<td class="ord"><span class="rank">{index + 1}.</span></td><td class="headline"><span class="hl">
<a href="{attribute(card.url)}">{html_text(card.title)}</a><span class="dom">
 (<a href="from?site=made.example"><span class="sitestr">made.example</span></a>)</span></span></td>
</tr><tr class="sub"><td colspan="2"></td><td class="meta"><span class="subline">
<span class="score">{40 - index} points</span> by <a class="who">{html_text(card.byline)}</a>
<span class="age"><a href="item?id={index}">{age}</a></span> | <a href="hide">hide</a> |
<a href="item?id={index}" class="cmt">{comments}</a></span></td></tr>"""


def _read_ranked(article: Article) -> dict[str, object]:
    related = [
        record(
            card.title,
            card.byline,
            claim_of(article, card.published, "label", front_end="timeago"),
            url=card.url,
            rank=i + 1,
            points=40 - i,
            comments=i,
            site="made.example",
        )
        for i, card in enumerate(article.cards)
    ]
    return record(article.title, related=related)


def _topic(article: Article) -> str:
    clusters = "\n".join(
        f"""<section class="cluster"><article class="lead">{_story(article, lead)}
<p class="snippet">{html_text(lead.body[0])}</p></article>
<ul class="also">{"".join(f'<li class="story">{_story(article, c)}</li>' for c in others)}</ul>
<a class="full" href="/c">{text_of(article, "more")}</a></section>"""
        for lead, *others in _clusters(article)
    )
    return document(
        article,
        f"""<div id="consent" role="dialog"><p>{text_of(article, "cookies")}</p></div>
<header class="site"><nav><a href="/">{text_of(article, "home")}</a></nav></header>
<main id="topic"><header class="topic-head">
<h1 class="topic-title">{html_text(article.title)}</h1>
<button class="share">{text_of(article, "share")}</button></header>
{clusters}
<aside class="sponsored"><span class="tag">{text_of(article, "ad")}</span></aside></main>""",
    )


def _story(article: Article, card: Card) -> str:
    return f"""<h3 class="headline">
<a href="{attribute(card.url)}">{html_text(card.title)}</a></h3>
<div class="meta"><span class="source">{html_text(card.byline)}</span> <span>&middot;</span>
<time datetime="{card.published.isoformat()}">{label_of(article, card.published, "intl")}</time>
</div>"""


def _read_topic(article: Article) -> dict[str, object]:
    def story(
        card: Card, related: list[dict[str, object]], body: tuple[str, ...]
    ) -> dict[str, object]:
        claim = claim_of(article, card.published, "machine")
        return record(card.title, card.byline, claim, body, related, url=card.url)

    return record(
        article.title,
        related=[
            story(lead, [story(other, [], ()) for other in others], lead.body[:1])
            for lead, *others in _clusters(article)
        ],
    )


LISTS = (
    Template(
        "ranked-list",
        "list",
        "a link aggregator's ranked list, two table rows an entry",
        _ranked,
        _read_ranked,
        site="rankwire",
        extractor="rankwire",
        chrome=("new", "jobs", "hide"),
    ),
    Template(
        "topic-page",
        "list",
        "an aggregator's topic page: clusters of a lead and the other sources",
        _topic,
        _read_topic,
        site="topicdesk",
        extractor="topicdesk",
        chrome=("cookies", "home", "share", "more", "ad"),
    ),
)
