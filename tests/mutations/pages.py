"""Captures and extractors that the tests of mutations share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from harness import Capture, Page, parse
from harness.model import Failure, Outcome
from harness.records import encode_record

CAPTURED_AT = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)

PROSE = [
    "The ferry to Orvanne left the quay at dawn with eleven goats, a piano and “the mayor” on it.",
    "Nobody had told the harbour master, who was still asleep in the office above the market.",
    "By the time the bells rang, the goats had found the upper deck and most of the café’s food.",
    "Passengers said the piano was tuned – badly – by a man who had never seen the sea before.",
    "The mayor, asked about the cost, said that it was a matter for the council, not for goats.",
    "A second crossing is planned for Sunday, weather and goats permitting, the company said.",
]
LINKED = PROSE[3].replace("piano", '<a href="/piano">piano</a>')
MARKED = (
    PROSE[1]
    .replace("harbour master", "<strong>harbour master</strong>")
    .replace("office", "<em>office</em>")
)
TITLE = "Goats take the ferry to Orvanne"

ARTICLE = f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{TITLE} | The Quay</title>
<meta name="description" content="A short voyage."><meta property="og:title" content="{TITLE}">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{TITLE}"}}</script>
</head><body>
<nav class="top"><ul><li><a href="/a">News</a></li><li><a href="/b">Sport</a></li>
<li><a href="/c">Sea</a></li></ul></nav>
<main><article class="story big" id="s1">
<h1 class="head">{TITLE}</h1>
<div class="meta"><span class="by">Maëlle Quintard</span> <span class="age">2 hours ago</span></div>
<div class="body">
<p class="para">{PROSE[0]}</p>
<p class="para">{MARKED}</p>
<p class="para">{PROSE[2]}</p>
<p class="para">{LINKED}</p>
<p class="para">{PROSE[4]}</p>
<p class="para">{PROSE[5]}</p>
</div>
</article>
<section class="more"><ul>
<li class="card"><a href="/1">A lighthouse that blinks twice</a></li>
<li class="card"><a href="/2">The last eel of the market</a></li>
<li class="card"><a href="/3">Why the tide waits for no one</a></li>
</ul></section>
</main><footer><img src="x.png" alt=""><br>All about the sea</footer></body></html>
"""

CARDS = [
    "A lighthouse that blinks twice",
    "The last eel of the market",
    "Why the tide waits for no one",
]

TEXT = "\n".join(
    [
        *("logo", TITLE, "", TITLE, "The Quay2 hours ago", *PROSE, "Comments", ""),
        *(
            line
            for hours, card in enumerate(CARDS, 2)
            for line in (card, card, "", "Echo", "", f"time{hours} hours ago", "", "  • Echo", card)
        ),
        "",
    ]
)

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>The Quay</title>
<item><title>Goats &amp; ferries</title><link a="1" b="2"/>
<description><![CDATA[<p>Eleven goats &amp; a piano.</p>]]></description></item>
<item><title>Eels</title><link a="3" b="4"/>
<description>&lt;p&gt;The last one, caf\u00e9.&lt;/p&gt;</description></item>
</channel></rss>
"""

DOCUMENT = """{"title": "The Quay", "cards":
[{"title": "Goats – again", "n": 1}, {"title": "Eels", "n": 2}]}"""


def html(source: str = ARTICLE, **more: Any) -> Capture:
    """An HTML capture in UTF-8."""
    return Capture("quay", "goats", source.encode(), "text/html", captured_at=CAPTURED_AT, **more)


def text(source: str = TEXT) -> Capture:
    """A text capture."""
    return Capture("quay", "flat", source.encode(), "text/plain", captured_at=CAPTURED_AT)


def feed(source: str = FEED) -> Capture:
    """An RSS capture."""
    return Capture("quay", "feed", source.encode(), "application/rss+xml", captured_at=CAPTURED_AT)


def document(source: str = DOCUMENT) -> Capture:
    """A JSON capture."""
    return Capture("quay", "api", source.encode(), "application/json", captured_at=CAPTURED_AT)


EVERY = (html(), text(), feed(), document())


def extract(capture: Capture) -> Outcome:
    """A right extractor of the pages above."""
    page = Page(capture)
    if page.is_html:
        return outcome(
            title=page.text("h1"),
            byline=page.text(".by"),
            timestamp=parse(page.text(".age"), captured_at=page.captured_at),
            body=page.lines(".body"),
            related=[{"title": card.text("a")} for card in page.css("li.card")],
        )
    if page.is_xml:
        items = page.xml.iterfind("channel/item")
        found = [{"title": i.findtext("title"), "body": i.findtext("description")} for i in items]
        return outcome(title=page.xml.findtext("channel/title"), related=found)
    if page.is_json:
        data = page.data
        found = [{"title": card["title"], "n": card["n"]} for card in data["cards"]]
        return outcome(title=data["title"], related=found)
    lines = [line.strip() for line in page.source_lines if line.strip()]
    return outcome(
        title=lines[1],
        body=[line for line in lines if len(line) >= 80],
        timestamp=parse(lines[3].removeprefix("The Quay"), captured_at=page.captured_at),
        related=[lines[i + 2] for i, line in enumerate(lines) if line.startswith("time")],
    )


def outcome(**fields: Any) -> Outcome:
    """A record as an outcome."""
    return Outcome(encode_record(fields))


def raised() -> Outcome:
    """An extractor that raised."""
    return Outcome(None, Failure("KeyError", "'headline'"))


def visible(capture: Capture) -> list[str]:
    """The lines that a reader of a capture sees."""
    return [line.text for line in Page(capture).visible]
