"""Daily8: a news reader's article pages and hashtag lists, as HTML and as flattened text.

The text captures have one text of the page a line, image alternatives among them: the source and
its age stand glued (``New Indian Express21 hours ago``), a clock icon's ``time`` stands before a
card's age, and titles stand twice. A second kind has no image texts and each text once. Both and
the HTML must give the same record.
"""

from __future__ import annotations

import re

from harness import Node, Page, Timestamp, extractor, parse, split_glued

# The texts after the article, the surest first: a subheading of an article may say "Comments".
ENDS_ARTICLE = (
    "Orange background",
    "Try Our AI Features",
    "Explore what Daily8 AI can do for you:",
    "Comments",
    "No comments yet...",
    "Related Articles",
)
ENDS_CARDS = ("DOWNLOAD THE APP", "Get Started Now: Download the App")
# Ads between paragraphs, a folded description's switch, and the lengths of a video's neighbours.
NOT_BODY = re.compile(r"advertisement|read more|show more|show less|(\d+:)?\d{1,2}:\d\d", re.I)
# Few titles end like this; a text capture may begin with the last paragraph instead of the title.
ENDS_SENTENCE = (".", ".”", '."', ".’", ".'", "。", "।", "۔")


@extractor("daily8")
def daily8(page: Page) -> dict[str, object]:
    return from_html(page) if page.is_html else from_text(page)


def from_html(page: Page) -> dict[str, object]:
    return {
        "title": page.text("main h1"),
        "byline": page.text(".article-meta .source"),
        "timestamp": age(page, page.text(".article-meta .age")),
        "body": prose(page.lines(".article-body")),
        "related": [html_card(page, card) for card in page.css("main article.card")],
    }


def html_card(page: Page, card: Node) -> dict[str, object]:
    return {
        "title": card.text(".card-headline"),
        "byline": card.text(".card-source"),
        "timestamp": age(page, card.text(".card-time")),
        "body": card_prose(card.texts(".card-body")),
        "related": [],
    }


def from_text(page: Page) -> dict[str, object]:
    lines = [line.strip() for line in page.source_lines if line.strip()]
    cards = [i for i in range(1, len(lines) - 1) if is_card_age(page, lines, i)]
    starts = [card_start(lines, i) for i in cards]
    ends = [*starts[1:], index_of(lines, ENDS_CARDS, len(lines))]
    head = lines[: index_of(lines, ENDS_ARTICLE, starts[0] if starts else len(lines))]
    return {
        **text_head(page, [line for line in head if line != "logo"]),
        "related": [text_card(page, lines, i, end) for i, end in zip(cards, ends, strict=False)],
    }


def text_head(page: Page, lines: list[str]) -> dict[str, object]:
    title, byline, label = None, None, None
    if lines[:1] == ["#"]:
        title, lines = next(iter(lines[1:]), None), []
    elif lines[:1] == lines[1:2]:
        title, lines = lines[0], lines[2:]
    elif is_title(page, lines):
        title, lines = lines[0], lines[1:]
    glued = split_glued(lines[0], front_end="moment") if lines and len(lines[0]) < 80 else []
    if glued:
        byline, label, lines = glued[0].source or None, glued[0].label, lines[1:]
    elif len(lines) > 1 and age(page, lines[1]):
        byline, label, lines = lines[0], lines[1], lines[2:]
    return {
        "title": title,
        "byline": byline,
        "timestamp": age(page, label),
        "body": prose(lines[: index_of(lines, ("Hashtags",), len(lines))]),
    }


def is_title(page: Page, lines: list[str]) -> bool:
    """Whether the first line is a title: source and age come after it, or it reads like one."""
    if len(lines) > 2 and age(page, lines[2]):
        return True
    return bool(lines) and len(lines[0]) < 200 and not lines[0].endswith(ENDS_SENTENCE)


def is_card_age(page: Page, lines: list[str], i: int) -> bool:
    """Whether line ``i`` is a card's age: a label, with a bulleted source or category after it."""
    return is_bullet(lines[i + 1]) and age(page, lines[i]) is not None


def title_of(lines: list[str], i: int) -> int:
    """The line of a card's title: the first after its age that is no bullet."""
    return next((j for j in range(i + 1, len(lines)) if not is_bullet(lines[j])), len(lines) - 1)


def card_start(lines: list[str], i: int) -> int:
    """The first line of the card whose age is line ``i``: its source, or titles before that."""
    start = i - 1
    while start > 0 and lines[start - 1] == lines[title_of(lines, i)]:
        start -= 1
    return start


def text_card(page: Page, lines: list[str], i: int, end: int) -> dict[str, object]:
    title = title_of(lines, i)
    return {
        "title": lines[title],
        "byline": lines[i - 1],
        "timestamp": age(page, lines[i]),
        "body": card_prose(lines[title + 1 : end]),
        "related": [],
    }


def is_bullet(line: str) -> bool:
    return line.startswith(("•", "- "))


def index_of(lines: list[str], markers: tuple[str, ...], default: int) -> int:
    """Where the surest of the markers that are there stands first."""
    return next((lines.index(marker) for marker in markers if marker in lines), default)


def prose(lines: list[str]) -> list[str]:
    """Lines without page chrome, and without the "Show more" of a folded description."""
    texts = [line.removesuffix("Show more").rstrip() for line in lines]
    return [text for text in texts if text and not NOT_BODY.fullmatch(text)]


def card_prose(lines: list[str]) -> list[str]:
    """The same without the "Read More" that cards end with."""
    return prose([line.removesuffix("Read More") for line in lines])


def age(page: Page, label: str | None) -> Timestamp | None:
    label = label and label.removeprefix("time")
    return parse(label, captured_at=page.captured_at, front_end="moment", day_first=True)
