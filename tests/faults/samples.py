"""A page that holds all that faulty extractors leak, and right records of it in many forms."""

from __future__ import annotations

from datetime import UTC, datetime

from harness.model import Capture, Tree
from harness.records import Record

TITLE = "Harbour wall passes first test: Café “Pier” stays open"
PARAGRAPHS = [
    "Engineers in the ice house said that the stone toe had moved by a pencil — “a good night”.",
    "The full report names 14 gauges & two divers who watched the swell from the café at the pier.",
    "Short of money, the town will wait.",
    "می‌خواهم \u200fمرحبا\u200f wrote a visitor in the book, and the keeper's son a line below it.",
    "Saturday's fish market opens as planned, said Abby Shelby, who has run it for 31 years.",
]
LINKED = (
    PARAGRAPHS[1].replace("full report", '<a href="/report">full report</a>').replace("&", "&amp;")
)
PAGE = f"""<!doctype html><html><head><title>{TITLE} - Wexcombe Courier</title>
<meta property="og:site_name" content="Wexcombe Courier">
<meta name="description" content="The sea wall held, and the market will open.">
<meta property="article:modified_time" content="2026-03-06T09:00:00+00:00">
<script>var tracker = {{ id: "UA-1", page: "story" }};</script></head><body>
<nav class="menu"><a href="/">Home page</a> <a href="/sport">All of sport</a></nav>
<main><article><h1>{TITLE}</h1><p class="by">Abby Shelby, Ravi Montenegro</p>
<time datetime="2026-03-05T08:30:00+00:00">21 hours ago</time>
<p>{PARAGRAPHS[0]}</p><figure><img src="a.jpg" alt="Waves over the old wall">
<figcaption>The wall at dawn, seen from the café. Photo: C. Brum</figcaption></figure>
<p>{LINKED}</p><h2>{PARAGRAPHS[2]}</h2><ul><li>{PARAGRAPHS[3]}</li></ul>
<blockquote><p>{PARAGRAPHS[4]}</p></blockquote>
<div hidden>You have two free articles left this month</div></article>
<section class="comments"><p>I was there that night and nobody saw a diver, not even one of the
two, which makes me wonder who wrote this.</p>
<p>The café was closed for hours and hours.</p></section>
<aside class="related"><h3>Most read this week</h3>
<a href="/1">Goalkeeper scores from his own half</a>
<time datetime="2026-01-02T07:15:00+00:00">12 hours ago</time>
<a href="/2">Wind farm pays the villagers for weathercocks</a>
<a href="/3">Night auctions empty the day market again</a></aside></main>
<footer><button>Share this story</button><p>Wexcombe Courier is published by the harbour company
of the town and its seven parishes, which have owned it since the storm of 1897, and is printed
in the old customs house every day but Sunday.</p></footer></body></html>"""
CAPTURED = datetime(2026, 3, 6, 5, 40, tzinfo=UTC)


def capture(body: str | bytes = PAGE, media_type: str = "text/html") -> Capture:
    """A capture of the page, or of another."""
    data = body if isinstance(body, bytes) else body.encode()
    return Capture("courier", "wall-01234567", data, media_type, captured_at=CAPTURED)


def claim(text: str, hours: float, count: int | None = None) -> Tree:
    """A timestamp as the reference extractors give it."""
    if count is None:
        return {
            "$timestamp": {
                "text": text,
                "kind": "absolute",
                "unit": None,
                "count": None,
                "age": None,
                "published": {"earliest": "2026-03-05T08:30:00Z", "latest": "2026-03-05T08:30:00Z"},
                "front_end": None,
            }
        }
    return {
        "$timestamp": {
            "text": text,
            "kind": "relative",
            "unit": "hour",
            "count": count,
            "age": {"min_seconds": (hours - 0.5) * 3600, "max_seconds": (hours + 0.5) * 3600},
            "published": {"earliest": "2026-03-05T08:10:00Z", "latest": "2026-03-05T09:10:00Z"},
            "front_end": "moment",
        }
    }


def card(title: str, byline: str, hours: int, body: str) -> Record:
    """A nested record."""
    return {
        "title": title,
        "byline": byline,
        "timestamp": claim(f"{hours} hours ago", hours, hours),
        "body": [body],
    }


def article() -> Record:
    """The right record of the page, in the form of the reference extractors."""
    return {
        "title": TITLE,
        "byline": "Abby Shelby, Ravi Montenegro",
        "timestamp": claim("21 hours ago", 21, 21),
        "body": list(PARAGRAPHS),
        "related": [
            card(
                "Goalkeeper scores from his own half",
                "Yahoo",
                12,
                "A goalkeeper walked the length of the pitch to say that he was sorry.",
            ),
            card(
                "Wind farm pays the villagers for weathercocks",
                "Nordvest Avis",
                14,
                "Each of the forty weathercocks brings its keeper a hundred crowns a year.",
            ),
            card(
                "Night auctions empty the day market again",
                "Hindustan Times",
                15,
                "Onions are sold by lamp light since the heat began in April this year.",
            ),
        ],
        "description": "The sea wall held, and the market will open.",
    }


def dated(value: Tree) -> Record:
    """The record with a time of another form."""
    return {**article(), "timestamp": value}


TIMES: dict[str, Tree] = {
    "claimed instant": claim("2026-03-05T08:30:00+00:00", 0),
    "datetime": {"$datetime": "2026-03-05T08:30:00+00:00"},
    "naive": {"$datetime": "2026-03-05T08:30:00"},
    "date": {"$date": "2026-03-05"},
    "text": "2026-03-05T08:30:00Z",
    "seconds": 1772699400,
    "label": "21 hours ago",
    "named": "5 March 2026",
    "numeric": "05/03/2026",
    "mail": "Thu, 05 Mar 2026 08:30:00 GMT",
}
BODIES: dict[str, Tree] = {
    "one text": "\n\n".join(PARAGRAPHS),
    "sections": {
        "summary": [PARAGRAPHS[0]],
        "sections": [
            {"headline": [], "paragraphs": [PARAGRAPHS[1]]},
            {"headline": [PARAGRAPHS[2]], "paragraphs": PARAGRAPHS[3:]},
        ],
    },
    "html": f"<div><p>{PARAGRAPHS[0]}</p><p>{LINKED}</p><p>{PARAGRAPHS[2]}</p>"
    f"<p>{PARAGRAPHS[3]}</p><p>{PARAGRAPHS[4]}</p></div>",
    "tuple": {"$tuple": list(PARAGRAPHS)},
}


def samples() -> dict[str, Record]:
    """Right records of the page in many forms, by what is special of each."""
    plain = article()
    return {
        "article": plain,
        **{name: dated(value) for name, value in TIMES.items()},
        **{name: {**plain, "body": value} for name, value in BODIES.items()},
        "fundus": {
            "title": TITLE,
            "authors": ["Abby Shelby", "Ravi Montenegro"],
            "publishing_date": {"$datetime": "2026-03-05T08:30:00+00:00"},
            "body": BODIES["sections"],
        },
        "zyte": {
            "headline": TITLE,
            "author": "Abby Shelby",
            "datePublished": "2026-03-05T08:30:00Z",
            "dateModified": "2026-03-06T09:00:00Z",
            "articleBody": "\n".join(PARAGRAPHS),
        },
    }
