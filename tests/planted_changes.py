"""Ways in which the output of an extractor changes: each a function from a record to a record.

``ready`` makes a record in which the change can happen; ``apply`` is the change. Both draw from
the same generator, in this order. A project on disk holds a copy of this file as part of its
extractor, so it imports nothing of the tests.
"""

# All of a table have one signature, whether they need it or not.
# ruff: noqa: ARG001, ARG005

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

Raw = dict[str, Any]
"""A record whose times are labels, and ``site``: the name of its newspaper."""

Step = Callable[[Raw, Random], Raw]


@dataclass(frozen=True)
class Cause:
    """What happens to a record, and whether a reviewer may accept it."""

    apply: Step
    ready: Step = lambda raw, draw: raw
    benign: bool = False


def _byline(change: Callable[[str], Any]) -> Step:
    return lambda raw, draw: {**raw, "byline": change(raw["byline"])}


def _body(change: Callable[[list[str], Random], list[str]]) -> Step:
    return lambda raw, draw: {**raw, "body": change(list(raw["body"]), draw)}


def _two_authors(raw: Raw, draw: Random) -> Raw:
    name = raw["byline"].removeprefix("By ").partition(" and ")[0]
    first, last = draw.choice(("Mary", "Ida", "Emmy", "Sofia")), draw.choice(("Noether", "Shelley"))
    return {**raw, "byline": f"By {name} and {first} {last}"}


def _without_first_author(byline: str) -> str:
    return "By " + byline.partition(" and ")[2]


def _age_glued(raw: Raw, draw: Random) -> Raw:
    return {**raw, "byline": raw["byline"] + raw["timestamp"]}


def _newsletter(raw: Raw, draw: Random) -> Raw:
    line = f"Sign up for the {raw['site']} newsletter and get the news of the day at seven."
    return {**raw, "body": [*raw["body"], line]}


def _site_suffix(raw: Raw, draw: Random) -> Raw:
    return {**raw, "title": f"{raw['title']} | {raw['site']}"}


def _other_unit(raw: Raw, draw: Random) -> Raw:
    count, unit, *_ = raw["timestamp"].split()
    other = {"minutes": "hours", "hours": "days", "days": "weeks"}[unit]
    return {**raw, "timestamp": f"{count} {other} ago"}


def _half(body: list[str], draw: Random) -> list[str]:
    kept = body[: len(body) // 2 + 1]
    return [*kept[:-1], kept[-1][: max(12, len(kept[-1]) // 2)].rstrip()]


def _quoted(raw: Raw, draw: Random) -> Raw:
    body = list(raw["body"])
    at = draw.randrange(len(body))
    body[at] += " “It wasn’t planned,” she said, “and it isn’t over.”"
    return {**raw, "body": body}


def _misread(body: list[str], draw: Random) -> list[str]:
    wrong = {"“": "â€œ", "”": "â€\u009d", "’": "â€™", "—": "â€”"}
    return ["".join(wrong.get(char, char) for char in text) for text in body]


_STRAIGHT = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'"})


def _straight(raw: Raw, draw: Random) -> Raw:
    body = [text.translate(_STRAIGHT) for text in raw["body"]]
    return {**raw, "title": raw["title"].translate(_STRAIGHT), "body": body}


def _numbered(raw: Raw, draw: Random) -> Raw:
    body = list(raw["body"])
    at = draw.randrange(len(body))
    body[at] += f" In all {draw.randint(21, 98)} per cent of the members agreed on that day."
    return {**raw, "body": body}


def _digit_lost(body: list[str], draw: Random) -> list[str]:
    return [_cut_number(text) for text in body]


def _cut_number(text: str) -> str:
    head, mark, tail = text.partition(" In all ")
    return f"{head}{mark}{tail[0]}{tail[2:]}" if mark else text


def _percent(body: list[str], draw: Random) -> list[str]:
    return [text.replace(" per cent of the members", "% of the members") for text in body]


def _glued(body: list[str], draw: Random) -> list[str]:
    at = draw.randrange(1, len(body) - 2)
    return [*body[:at], body[at] + body[at + 1], *body[at + 2 :]]


def _without_cards(raw: Raw, draw: Random) -> Raw:
    return {**raw, "related": raw["related"][: draw.randint(1, len(raw["related"]) - 1)]}


def _spaced(body: list[str], draw: Random) -> list[str]:
    at = draw.randrange(len(body))
    return [*body[:at], body[at].replace(" ", "  ", 3), *body[at + 1 :]]


def _link_lost(body: list[str], draw: Random) -> list[str]:
    at = draw.randrange(1, len(body) - 1)
    words = body[at].split()
    from_ = draw.randrange(1, len(words) - 2) if len(words) > 3 else 1
    return [*body[:at], " ".join([*words[:from_], *words[from_ + 2 :]]), *body[at + 1 :]]


def _with_aside(raw: Raw, draw: Random) -> Raw:
    body = list(raw["body"])
    body.insert(len(body) // 2, "Story continues below")
    return {**raw, "body": body}


EVERY: dict[str, Cause] = {
    "by-prefix-lost": Cause(_byline(lambda byline: byline.removeprefix("By ")), benign=True),
    "author-lost": Cause(_byline(_without_first_author), ready=_two_authors),
    "age-glued": Cause(_age_glued),
    "byline-empty": Cause(_byline(lambda byline: None)),
    "last-paragraph-lost": Cause(_body(lambda body, draw: body[:-1])),
    "newsletter-line-lost": Cause(
        _body(lambda body, draw: body[:-1]), ready=_newsletter, benign=True
    ),
    "read-more-leaked": Cause(_body(lambda body, draw: [*body, "Read more"])),
    "title-suffix": Cause(_site_suffix),
    "timestamp-unit": Cause(_other_unit),
    "body-cut": Cause(_body(_half)),
    "mojibake": Cause(_body(_misread), ready=_quoted),
    "quotes-straight": Cause(_straight, ready=_quoted, benign=True),
    "first-paragraph-lost": Cause(_body(lambda body, draw: body[1:])),
    "paragraphs-glued": Cause(_body(_glued)),
    "cards-lost": Cause(_without_cards),
    "spaces": Cause(_body(_spaced), benign=True),
    "digit-lost": Cause(_body(_digit_lost), ready=_numbered),
    "percent-sign": Cause(_body(_percent), ready=_numbered, benign=True),
    "link-lost": Cause(_body(_link_lost)),
    "furniture-gone": Cause(
        _body(lambda body, draw: [text for text in body if text != "Story continues below"]),
        ready=_with_aside,
        benign=True,
    ),
}
"""Every cause, by its name."""
