"""Rankwire: a link aggregator's ranked list, laid out in table rows.

An entry is two rows, ``tr.item`` with the headline and ``tr.sub`` with the numbers; only their
order ties them together. Job ads have neither score nor author nor comments.
"""

import re

from harness import Node, Page, extractor, parse


@extractor("rankwire")
def rankwire(page: Page) -> dict[str, object]:
    rows = zip(page.css("tr.item"), page.css("tr.sub"), strict=True)
    return {
        "title": page.text("head title"),
        "byline": None,
        "timestamp": None,
        "body": [],
        "related": [entry(page, item, sub) for item, sub in rows],
    }


def entry(page: Page, item: Node, sub: Node) -> dict[str, object]:
    return {
        "title": item.text(".hl > a"),
        "byline": sub.text(".who"),
        "timestamp": parse(sub.text(".age"), captured_at=page.captured_at),
        "body": [],
        "related": [],
        "url": item.link(".hl > a"),
        "rank": number(item.text(".rank")),
        "points": number(sub.text(".score")),
        "comments": number(sub.text("a.cmt")),
        "site": item.text(".sitestr"),
    }


def number(label: str | None) -> int | None:
    """45 of "45 comments", 0 of "discuss"; None where there is no label."""
    if label is None:
        return None
    digits = re.match(r"\d+", label)
    return int(digits[0]) if digits else 0
