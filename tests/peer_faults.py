"""Faults that ``harness stress`` found in current releases of the peers, each on a small page.

The pages are of our own words, shaped after what shrinking real pages left. They are shown in
docs/peer-faults.md, and tests/test_peer_faults.py reproduces each.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass

VERSIONS = {
    "trafilatura": "2.3.1",
    "newspaper4k": "0.9.6",
    "goose3": "3.1.22",
    "justext": "3.0.2",
    "readability": "0.9",
    "resiliparse": "2.0.1",
}
"""The releases in which the faults were found."""

DISTRIBUTIONS = {"readability": "readability-lxml"}
"""What a peer is called on PyPI, where that is not its name here."""

# Mutations edit prose only: paragraphs of 60 characters and more.
A = "<p>The ferry left the harbour at six in the morning, as it does.</p>"
B = "<p>By noon it was back at the pier, and everybody on it was well.</p>"
C = "<p>On that day it was out again, for the sea was as calm as ice.</p>"
D = "<p>Nobody in the town has the wish to see such a night as that.</p>"
# jusText takes nothing shorter than 200 characters for good text (its LENGTH_HIGH_DEFAULT).
LONG = (
    "left the harbour at six in the morning, and by noon it was back at the pier, where all of the"
    " people of the town had come down to see it, for it was the first time that it had been out in"
    " the new year."
)


@dataclass(frozen=True)
class PeerFault:
    """One fault: the page, the edit that shows it, and what the peer makes of it."""

    peer: str
    mutation: str
    fault: str
    page: str
    gives: str
    field: str = "body"
    seed: int = 0

    @property
    def steps(self) -> tuple[tuple[str, int], ...]:
        return ((self.mutation, self.seed),)

    @property
    def command(self) -> str:
        """The one command that shows it."""
        step = f"{self.mutation}:{self.seed}" if self.seed else self.mutation
        words = ["harness", "shrink", "-", "--media-type", "text/html", "-x", self.peer]
        words += ["--mutation", step, "--field", self.field, "--fault", self.fault]
        return f"printf %s {shlex.quote(self.page)} | {shlex.join(words)}"


HEADED = "<article><h1>A ferry is back</h1>"
FAULTS = (
    PeerFault(
        "trafilatura", "hidden-attribute", "hidden-text", A + B,
        "a paragraph that the page hides with `hidden` stands in the text",
    ),
    PeerFault(
        "trafilatura", "hidden-template", "hidden-text", A + B,
        "the content of a `<template>` stands in the text",
    ),
    PeerFault(
        "trafilatura", "canary-bidi", "bidi", A + B + C,
        "right-to-left marks and isolates are gone: U+200F, U+2067, U+2069",
    ),
    PeerFault(
        "trafilatura", "canary-joiners", "unseen-characters", A + B + C,
        "joiners are gone, so Persian and Hindi words are spelt wrong and an emoji falls apart",
    ),
    PeerFault(
        "trafilatura", "canary-markup-text", "markup", A + B + C,
        "`&amp;amp;` is unescaped twice: the text says `&` where the page says `&amp;`",
    ),
    PeerFault(
        "trafilatura", "bom-utf-16-le", "empty", HEADED + A + "</article>",
        "text that is decoded already is decoded again by its `<meta charset>`: nothing is left",
    ),
    PeerFault(
        "trafilatura", "p-to-br", "truncated", f"<div><p>Late</p>{A}{B}</div>",
        "the last paragraph is gone when paragraphs are lines between `<br>`",
    ),
    PeerFault(
        "trafilatura", "p-to-div", "chrome-leak", f"<h1>A ferry is back</h1>{A}",
        "the title stands in the text once more when the paragraph is a `<div>`",
    ),
    PeerFault(
        "newspaper4k", "empty-span", "split",
        f"<p><a>The ferry</a>{A[12:]}<p></p>",
        "`ferr<span></span>y` becomes `ferr y`",
    ),
    PeerFault(
        "newspaper4k", "hidden-style", "hidden-text", A + B,
        "a paragraph with `display:none` stands in the text",
    ),
    PeerFault(
        "newspaper4k", "hidden-template", "hidden-text", A + B,
        "the content of a `<template>` stands in the text",
    ),
    PeerFault(
        "newspaper4k", "hidden-ad", "hidden-text", f"<p><a></a>{A[3:]}{B}",
        "an ad that is not shown stands in the text",
    ),
    PeerFault(
        "newspaper4k", "wrap-three", "truncated", A + B + C + D,
        "with three paragraphs in a `<div>`, the one after it is gone",
    ),
    PeerFault(
        "newspaper4k", "wrap-each", "truncated", A + B + C + D,
        "with each paragraph in a `<div>`, the last one is gone",
    ),
    PeerFault(
        "newspaper4k", "p-to-br", "empty", A + B,
        "no text at all when paragraphs are lines between `<br>`",
    ),
    PeerFault(
        "newspaper4k", "class-added", "empty",
        '<div><p class="byline">Ada Lane</p></div>',
        "no author when `class=\"byline\"` gets a second class", "byline",
    ),
    PeerFault(
        "goose3", "wrap-three", "truncated", A + B + C + D,
        "with three paragraphs in a `<div>`, the one after it is gone",
    ),
    PeerFault(
        "goose3", "p-to-br", "empty", A + B,
        "no text at all when paragraphs are lines between `<br>`",
    ),
    PeerFault(
        "goose3", "p-to-div", "inline-lost", f"<p><a>The ferry</a> left at six.</p>{A}",
        "a line with a link is gone when paragraphs are `<div>`",
    ),
    PeerFault(
        "goose3", "hidden-ad", "hidden-text", A + B, "an ad that is not shown stands in the text"
    ),
    PeerFault(
        "goose3", "hidden-style", "hidden-text", A + B,
        "a paragraph with `display:none` stands in the text",
    ),
    PeerFault(
        "goose3", "canary-markup-text", "markup", A + B + C,
        "`&amp;amp;` is unescaped twice: the text says `&` where the page says `&amp;`",
    ),
    PeerFault(
        "goose3", "encoding-big5", "title-wrong", '<meta charset="utf-8"><title>Café</title>',
        "text that is decoded already is decoded again by its `<meta charset>`: `Caf矇`", "title",
    ),
    PeerFault(
        "justext", "span-word", "glued", f"<p><a>The ferry </a>{LONG}</p>",
        "`<span>ferry</span> </a>left` becomes `ferryleft`",
    ),
    PeerFault(
        "justext", "optional-end-tags", "chrome-leak",
        f"<p>The ferry {LONG}</p><figure>Photo</figure>",
        "without `</p>`, which HTML does not ask for here, the figure's text stands in the body",
    ),
    PeerFault(
        "justext", "hidden-ad", "hidden-text", f"{A}<p>The ferry {LONG}</p>",
        "an ad that is not shown stands in the text",
    ),
    PeerFault(
        "justext", "hidden-attribute", "hidden-text", f"{A}<p>The ferry {LONG}</p>",
        "a paragraph that the page hides with `hidden` stands in the text",
    ),
    PeerFault(
        "readability", "read-more-block", "empty", A + B,
        "one line that points to another story, and the whole text is gone",
    ),
    PeerFault(
        "readability", "unclosed-tags", "empty", "<p>By <a>noon</a> it was back at the pier.</p>",
        "one `</a>` left out, and the whole text is gone",
    ),
    PeerFault(
        "readability", "div-to-section", "wrong-block", "One<div>two</div>three",
        "with a `<section>` for the `<div>`, its text is gone: `Onethree`",
    ),
    PeerFault(
        "resiliparse", "span-word", "glued",
        "<p>The <b>ferry</b> — harbour <b>ferry</b> — people and all of them that were well by noon"
        " today.</p>",
        "the dash between two inline elements is gone with its spaces: `ferryharbour`", seed=1,
    ),
)  # fmt: skip
"""Every fault, by peer."""
