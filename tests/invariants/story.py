"""A story with everything round it that leaks into bodies, its right body, and what is found."""

from __future__ import annotations

from typing import Any

from harness.invariants import check
from harness.model import Capture, Finding

TITLE = "Ferry Crews Vote to Keep Night Sailings"
LEDE = (
    "The crews of the island ferries have voted to keep the two night sailings, which the "
    "company had wanted to end in the autumn."
)
SECOND = (
    "“Without them nobody could work in the hospital and live at home,” said Marta Lind, "
    "who counted the votes — all 412 of them — on Tuesday."
)
THIRD = (
    "The company said that it would look for money elsewhere, and that the winter timetable "
    "would be printed in the second week of October."
)
LAST = (
    "A decision about the oldest of the three ships, built in 1971, will be made in the spring "
    "after the yearly inspection in the dry dock."
)
BODY = [LEDE, SECOND, THIRD, LAST]
CAPTION = "The night ferry at the old quay, photographed last winter."
HIDDEN = "Sign in to see the comments of other readers."
RELATED = "Fishermen Ask for a Second Harbour Pilot"
MENU = ("News", "Culture", "Weather", "Tides", "Ships", "People", "Shop", "Archive", "Letters")


def page(body: list[str] | None = None) -> str:
    """The story's page; ``body`` are the inner markups of its paragraphs."""
    menu = "".join(f'<li><a href="/{word}">{word}</a></li>' for word in MENU)
    inner = BODY if body is None else body
    paragraphs = "".join(f'<p class="text">{text}</p>' for text in inner)
    return f"""<!doctype html><html><head><title>{TITLE} - The Quay</title></head><body>
<nav><ul>{menu}</ul></nav>
<main><article><header><h1>{TITLE}</h1><p class="by">By Ada Holm</p></header>
<div class="story">{paragraphs}<figure><img src="a.jpg" alt="A white ferry under a dark sky">
<figcaption>{CAPTION}</figcaption></figure></div></article>
<div hidden><p>{HIDDEN}</p></div>
<div class="links"><a href="/pilot">{RELATED}</a></div></main>
<footer><p>Terms of use</p><p>Share</p><button>Newsletter</button></footer>
<script>var quay = {{"on": true}}; function go() {{ return quay; }}</script></body></html>"""


def capture(markup: str | None = None, media_type: str = "text/html") -> Capture:
    """A capture of the story's page, or of another text."""
    text = page() if markup is None else markup
    return Capture("quay", "ferry", text.encode("utf-8", "surrogatepass"), media_type)


def found(body: Any, markup: str | None = None, **fields: Any) -> list[Finding]:
    """What the invariants find in a record of the story with that body."""
    return check({"body": body, **fields}, capture(markup))


def faults(body: Any, markup: str | None = None, **fields: Any) -> set[str]:
    """The classes of all that."""
    return {finding.fault for finding in found(body, markup, **fields)}


def errors(body: Any, markup: str | None = None, **fields: Any) -> set[str]:
    """The classes of its errors."""
    return {f.fault for f in found(body, markup, **fields) if f.severity == "error"}


def with_text(number: int, text: str) -> list[str]:
    """The right body with another text for one of its paragraphs."""
    return [*BODY[:number], text, *BODY[number + 1 :]]
