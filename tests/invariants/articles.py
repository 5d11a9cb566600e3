"""An article page and its right record, and what invariants have against a wrong one."""

from __future__ import annotations

from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from harness.invariants import check, invariants_of
from harness.model import Capture, Finding

CAPTURED_AT = datetime(2024, 5, 13, 18, 0, tzinfo=UTC)
TITLE = "Otters Return to the Old Mill: A River’s Second Spring"
SENTENCES = (
    "The otters came back in March, when the weir was opened.",
    "Nobody had counted them for thirty years, said Ida Brandt of the river trust.",
    "Twelve were seen on one evening, and a holt was found below the mill.",
)
LD_AUTHORS = '[{"@type": "Person", "name": "Jane Doe"}, {"@type": "Person", "name": "Abby Stone"}]'
PAGE = """<!doctype html><html lang="en-GB"><head>
<title>{title} | River Post</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="River Post">
<link rel="canonical" href="https://riverpost.example/2024/05/03/otters-return">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{title}",
 "datePublished": "{published}", "dateModified": "{modified}", "author": {authors},
 "articleSection": "Nature"}}</script></head><body>
<nav><a href="/">Home</a> <a href="/nature">Nature</a></nav>
<article><h1>{title}</h1><p class="byline">By <a rel="author">Jane Doe</a> and
<a rel="author">Abby Stone</a></p><p>Friday 3 May 2024, 09:41</p>{body}</article>
<aside><h3>Bats Counted in the Tower</h3><p>Harold Pike</p></aside></body></html>"""


def page(
    *,
    title: str = TITLE,
    published: str = "2024-05-03T09:41:00+01:00",
    modified: str = "2024-05-09T16:20:30+01:00",
    authors: str = LD_AUTHORS,
) -> str:
    """The article's page; the parts that it states for machines can be others."""
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    parts = {"title": title, "published": published, "modified": modified, "authors": authors}
    return PAGE.format(body=body, **parts)


def capture(
    markup: str | None = None,
    *,
    url: str | None = "https://riverpost.example/2024/05/03/otters-return",
    captured_at: datetime | None = CAPTURED_AT,
    media_type: str = "text/html",
) -> Capture:
    """A capture of the article's page, or of another text."""
    text = page() if markup is None else markup
    return Capture("river_post", "otters", text.encode(), media_type, url, captured_at)


def record(**fields: Any) -> dict[str, Any]:
    """The right record of :func:`page`, with other values for some fields."""
    right = {
        "title": TITLE,
        "authors": ["Jane Doe", "Abby Stone"],
        "published_at": datetime.fromisoformat("2024-05-03T09:41:00+01:00"),
        "body": list(SENTENCES),
    }
    return {**right, **fields}


def found(module: ModuleType, values: dict[str, Any], of: Capture | None = None) -> list[Finding]:
    """What the invariants of one module have against a record."""
    return check(values, of or capture(), invariants=invariants_of(module))


def told(
    module: ModuleType, values: dict[str, Any], of: Capture | None = None
) -> set[tuple[str, str]]:
    """Fault classes and severities of :func:`found`."""
    return {(finding.fault, finding.severity) for finding in found(module, values, of)}
