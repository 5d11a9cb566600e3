"""A made-up page with an article, its furniture, and what it states about itself."""

from __future__ import annotations

from datetime import UTC, datetime

from harness.model import Capture, Tree

PARAGRAPHS = """\
The old stone bridge over the Arve will stay closed until the end of April, the council of \
the valley said on Tuesday, after engineers had found cracks in three of its seven arches.
Two divers went down below the eastern pillar last week, and what they saw, according to \
their report, was a hole in which a small car would find room.
“We cannot wait for the ice to melt,” the mayor told some ninety people in the town hall. \
“Whoever has to reach the hospital needs a way across the water now, not in the spring.”
Until then a ferry runs every quarter of an hour, for walkers and bicycles only; lorries \
must take the road through the gorge, which adds forty kilometres to their journey.
Shopkeepers on the western bank say that half of their customers stay away. One of them, a \
baker whose family has sold bread there since 1911, has closed his doors for the winter.
The repair is expected to cost eleven million. Half of this sum comes from a fund for old \
monuments, and the rest, if parliament agrees in March, from the ministry of transport.
""".splitlines()
MENU = ["Home", "World", "Politics", "Business", "Sport", "Culture", "Weather", "Sign in"]
CARDS = [
    "Ferry company adds two ships for the summer season",
    "Library opens its new reading room to the public",
    "Farmers ask for help after a week of hail",
]
CAPTION = "The bridge as seen from the eastern bank, before it was closed."
TITLE = "Bridge stays closed until spring"
AUTHOR = "Mara Ilves"

PAGE = f"""<!doctype html><html lang="en"><head><title>{TITLE} | Valley Post</title>
<meta property="og:title" content="{TITLE}"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-03-03T09:30:00+01:00">
<meta property="article:modified_time" content="2026-03-05T18:00:00+01:00">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "{TITLE}", "datePublished": "2026-03-03T09:30:00+01:00",
"dateModified": "2026-03-05T18:00:00+01:00",
"author": {{"@type": "Person", "name": "{AUTHOR}"}}}}</script></head><body>
<nav class="main-menu"><ul>{"".join(f'<li><a href="/{m}">{m}</a></li>' for m in MENU)}</ul></nav>
<main><article class="story"><h1>{TITLE}</h1><p class="byline">By {AUTHOR}</p>
<figure><img src="b.jpg"><figcaption>{CAPTION}</figcaption></figure>
<div class="article-body">{"".join(f"<p>{text}</p>" for text in PARAGRAPHS)}</div></article>
<aside class="related"><h2>Related stories</h2>
{"".join(f'<div class="card"><a href="/{n}">{c}</a></div>' for n, c in enumerate(CARDS))}</aside>
</main><footer class="site-footer"><p>© 2026 Valley Post. All rights reserved.</p>
<ul>{"".join(f'<li><a href="/x/{m}">{m}</a></li>' for m in MENU)}</ul></footer></body></html>"""

CAPTURE = Capture(
    "valleypost",
    "bridge-1",
    PAGE.encode(),
    "text/html",
    url="https://valleypost.example/bridge",
    captured_at=datetime(2026, 3, 6, tzinfo=UTC),
    charset="utf-8",
)

RECORD: dict[str, Tree] = {
    "title": TITLE,
    "byline": AUTHOR,
    "published": "2026-03-03T09:30:00+01:00",
    "body": list(PARAGRAPHS),
}
