"""Templates of article pages as most sites write them; no reference extractor is for these.

``places`` says where a field stands: a CSS selector, with ``@name`` for an attribute of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from harness.factory.article import Article
from harness.factory.markup import (
    attribute,
    document,
    html_text,
    inline,
    paragraphs,
    script_json,
    text_of,
)
from harness.factory.template import Template, claim_of, label_of
from harness.timestamps import instant


def _read(article: Article) -> dict[str, object]:
    return {
        "title": article.title,
        "byline": article.byline,
        "timestamp": claim_of(article, article.published, "machine"),
        "body": list(article.body),
    }


def _read_label(article: Article) -> dict[str, object]:
    return _read(article) | {"timestamp": claim_of(article, article.published, "label")}


def _read_meta(article: Article) -> dict[str, object]:
    return _read(article) | {"timestamp": instant(article.published.isoformat())}


def _byline(article: Article, before: str, after: str) -> str:
    return "" if article.byline is None else f"{before}{html_text(article.byline)}{after}"


def _time(article: Article, attributes: str = "") -> str:
    label = label_of(article, article.published, "intl")
    return f'<time{attributes} datetime="{article.published.isoformat()}">{label}</time>'


def _links(article: Article) -> str:
    return "".join(
        f'<li><a href="{attribute(card.url)}">{html_text(card.title)}</a></li>'
        for card in article.cards
    )


def _semantic(article: Article) -> str:
    return document(
        article,
        f"""<header><nav><a href="/">{text_of(article, "home")}</a></nav></header>
<main><article><header><h1>{html_text(article.title)}</h1>
{_byline(article, '<address rel="author">', "</address>")}
{_time(article)}</header>
{paragraphs(article.body)}
</article></main>
<footer><small>{text_of(article, "rights")}</small></footer>""",
    )


def _wordpress(article: Article) -> str:
    author = _byline(
        article, '<span class="author vcard"><a class="url fn n" href="/a">', "</a></span>"
    )
    return document(
        article,
        f"""<div id="page" class="site"><a class="skip-link screen-reader-text" href="#c">
{text_of(article, "home")}</a>
<div id="primary" class="content-area"><div id="post-7" class="post-7 post type-post hentry">
<h1 class="entry-title">{html_text(article.title)}</h1>
<div class="entry-meta">{_time(article, ' class="entry-date published"')} {author}</div>
<div class="entry-content">
{paragraphs(article.body)}
<div class="sharedaddy sd-sharing"><h3 class="sd-title">{text_of(article, "share")}</h3></div>
</div></div>
<div id="comments" class="comments-area"><p>{text_of(article, "comments")}</p></div></div>
<div id="secondary" class="widget-area"><ul>{_links(article)}</ul></div></div>""",
    )


def _broken_lines(article: Article) -> str:
    body = "<br>\n<br>\n".join(inline(text) for text in article.body)
    return document(
        article,
        f"""<div id="top"><a href="/">{text_of(article, "home")}</a></div>
<h2 class="head">{html_text(article.title)}</h2>
<div class="sub">{_byline(article, '<b class="who">', "</b> | ")}{_time(article)}</div>
<div class="text">{body}</div>
<div id="bottom">{text_of(article, "rights")}</div>""",
    )


def _table(article: Article) -> str:
    rows = "\n".join(f'<tr><td class="copy">{inline(text)}</td></tr>' for text in article.body)
    return document(
        article,
        f"""<table width="100%"><tr><td width="160" class="left">{text_of(article, "home")}</td>
<td><table class="story"><tr><td><font size="5" class="title">{html_text(article.title)}</font></td>
</tr><tr><td>{_byline(article, '<font class="by">', "</font>")} {_time(article)}</td></tr>
{rows}
</table></td><td width="160" class="right"><ul>{_links(article)}</ul></td></tr></table>""",
    )


def _microdata(article: Article) -> str:
    author = _byline(
        article,
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        '<span itemprop="name">',
        "</span></span>",
    )
    return document(
        article,
        f"""<div itemscope itemtype="https://schema.org/NewsArticle">
<h1 itemprop="headline">{html_text(article.title)}</h1>
{author} {_time(article, ' itemprop="datePublished"')}
<meta itemprop="dateModified" content="{article.captured_at.isoformat()}">
<div itemprop="articleBody">
{paragraphs(article.body)}
</div></div>
<div class="share-bar">{text_of(article, "share")}</div>""",
    )


def _amp(article: Article) -> str:
    page = document(
        article,
        f"""<amp-sidebar id="menu" hidden><a href="/">{text_of(article, "home")}</a></amp-sidebar>
<main><article class="amp-article"><h1 class="amp-title">{html_text(article.title)}</h1>
<ul class="amp-meta"><li class="amp-byline">{_byline(article, "<span>", "</span>")}</li>
<li>{_time(article)}</li></ul>
<amp-img src="/hero.webp" width="1200" height="800" alt="{text_of(article, "caption")}"></amp-img>
<div class="amp-content">
{paragraphs(article.body)}
</div></article>
<amp-ad width="300" height="250" type="x"><div>{text_of(article, "ad")}</div></amp-ad></main>""",
        '<link rel="canonical" href="https://made.example/story">',
    )
    return page.replace("<html ", "<html amp ", 1)


def _soup(article: Article) -> str:
    body = "\n".join(
        f'<div class="css-9f2 e1"><div class="css-0"><span class="t"><span>{inline(text)}</span>'
        "</span></div></div>"
        for text in article.body
    )
    byline = _byline(article, '<div class="css-by"><div><span>', "</span></div></div>")
    return document(
        article,
        f"""<div id="root"><div class="css-a1"><div class="css-a2"><div class="css-nav">
<div><span>{text_of(article, "home")}</span></div></div><div class="css-a3"><div><div class="css-h">
<div>{html_text(article.title)}</div></div>{byline}<div class="css-when">{_time(article)}</div>
<div class="css-body"><div><div>
{body}
</div></div></div></div></div>
<div class="css-foot"><div>{text_of(article, "rights")}</div></div></div></div></div>""",
    )


def _furnished(article: Article) -> str:
    first, *rest = article.body or ("",)
    lede = f"<p>{inline(first)}</p>" if first else ""
    return document(
        article,
        f"""<div class="cookie-banner" role="dialog"><p>{text_of(article, "cookies")}</p></div>
<div hidden><p>{text_of(article, "more")}</p></div>
<nav class="breadcrumbs"><a href="/">{text_of(article, "home")}</a></nav>
<main><article class="story"><h1>{html_text(article.title)}</h1>
<p class="byline">{_byline(article, "<span>", "</span>")}</p>{_time(article)}
<div class="story-body">{lede}
<figure><img src="/a.webp" alt=""><figcaption>{text_of(article, "caption")}</figcaption></figure>
<aside class="related"><h2>{text_of(article, "related")}</h2><ul>{_links(article)}</ul></aside>
<div class="ad-slot"><span>{text_of(article, "ad")}</span></div>
{paragraphs(rest)}
<div class="newsletter"><p>{text_of(article, "newsletter")}</p></div></div>
<div class="share"><button>{text_of(article, "share")}</button></div></article>
<section class="comments"><p>{text_of(article, "comments")}</p></section></main>
<footer><p>{text_of(article, "rights")}</p></footer>""",
    )


def _meta_tags(article: Article) -> str:
    author = "" if article.byline is None else attribute(article.byline)
    head = [
        f'<meta property="og:title" content="{attribute(article.title)}">',
        '<meta property="og:type" content="article">',
        f'<meta property="article:published_time" content="{article.published.isoformat()}">',
        f'<meta property="article:modified_time" content="{article.captured_at.isoformat()}">',
        *([f'<meta name="author" content="{author}">'] if author else []),
    ]
    return document(
        article,
        f"""<div class="wrap"><h1>{html_text(article.title)}</h1>
<div class="rich-text">
{paragraphs(article.body)}
</div></div><div class="end">{text_of(article, "rights")}</div>""",
        "\n".join(head),
    )


def _labelled(article: Article) -> str:
    """Only an age for people; the one machine-readable date is that of the last change."""
    change = {"@type": "WebPage", "dateModified": article.captured_at.isoformat()}
    return document(
        article,
        f"""<article><h1>{html_text(article.title)}</h1>
<ul class="info">{_byline(article, '<li class="name">', "</li>")}
<li class="when">{label_of(article, article.published, "intl")}</li></ul>
<section class="prose">
{paragraphs(article.body)}
</section></article><p class="after">{text_of(article, "share")}</p>""",
        f'<script type="application/ld+json">{script_json(change)}</script>',
    )


def _mixed_blocks(article: Article) -> str:
    """Paragraphs as an editor's tool leaves them: quotes, list items, bare blocks."""
    return document(
        article,
        f"""<main><h1>{html_text(article.title)}</h1>
<p class="credit">{_byline(article, "<strong>", "</strong>")}</p>{_time(article)}
<div class="blocks">
{chr(10).join(_blocks(article))}
</div><p class="next">{text_of(article, "more")}</p></main>""",
    )


def _blocks(article: Article) -> Iterator[str]:
    shapes = (
        "<p>{}</p>",
        "<blockquote><p>{}</p></blockquote>",
        "<div>{}</div>",
        "<ul><li>{}</li></ul>",
        "<section><p>{}</p></section>",
    )
    for i, text in enumerate(article.body):
        before, after = shapes[i % len(shapes)].split("{}")
        yield before + inline(text) + after


def _template(
    name: str,
    summary: str,
    write: Callable[[Article], str],
    places: str,
    chrome: str,
    read: Callable[[Article], dict[str, object]] = _read,
) -> Template:
    """``places``: the selectors of title, byline, timestamp and body, separated by ``|``."""
    fields = zip(("title", "byline", "timestamp", "body"), places.split("|"), strict=True)
    return Template(
        name,
        "article",
        summary,
        write,
        read,
        places=dict(fields),
        chrome=tuple(chrome.split()),
    )


ARTICLES = (
    _template(
        "semantic",
        "an <article> with <header>, <address> and <time>",
        _semantic,
        "article h1|address|time@datetime|article > p",
        "home rights",
    ),
    _template(
        "wordpress",
        "WordPress's class names",
        _wordpress,
        ".entry-title|.author .fn|.entry-date@datetime|.entry-content > p",
        "home share comments cards",
    ),
    _template(
        "broken-lines",
        "paragraphs separated by <br><br>",
        _broken_lines,
        "h2.head|.who|time@datetime|.text",
        "home rights",
    ),
    _template(
        "table-layout",
        "a layout of nested tables and <font>",
        _table,
        ".title|.by|time@datetime|td.copy",
        "home cards",
    ),
    _template(
        "microdata",
        "schema.org microdata on the visible elements",
        _microdata,
        "[itemprop=headline]|[itemprop=name]|time@datetime|[itemprop=articleBody] > p",
        "share",
    ),
    _template(
        "amp",
        "an AMP page with its custom elements",
        _amp,
        ".amp-title|.amp-byline span|time@datetime|.amp-content > p",
        "home ad",
    ),
    _template(
        "wrapper-soup",
        "nothing but nested <div> and <span> with generated class names",
        _soup,
        ".css-h|.css-by|.css-when time@datetime|.css-9f2",
        "home rights",
    ),
    _template(
        "furnished",
        "banner, navigation, caption, related box, advertisement, newsletter, comments",
        _furnished,
        "article h1|.byline span|time@datetime|.story-body > p",
        "cookies more home caption related ad newsletter share comments rights cards",
    ),
    _template(
        "meta-tags",
        "author and dates in OpenGraph and <meta> only",
        _meta_tags,
        "h1|meta[name=author]@content|meta[property$=published_time]@content|.rich-text > p",
        "rights",
        _read_meta,
    ),
    _template(
        "age-only",
        "an age for people and no publication date for machines",
        _labelled,
        "h1|.name|.when|.prose > p",
        "share",
        _read_label,
    ),
    _template(
        "mixed-blocks",
        "paragraphs as quotes, list items, bare <div> and sections",
        _mixed_blocks,
        "h1|.credit strong|time@datetime|.blocks",
        "more",
    ),
)
