"""Sources and ages of aggregators' pages: lost, cut, another's."""

from __future__ import annotations

from typing import Any

import pytest

from harness.invariants import around
from harness.invariants.regions import stands
from harness.model import Capture
from harness.timestamps import instant, parse
from tests.invariants.articles import capture, told

TITLES = ["Goats seen again in the hills", "A bridge moves at night", "Salt from the last pans"]
SOURCES = ["Hill Times", "Daily Ford Gazette", "Coast News"]
AGES = ["12 hours ago", "3 days ago", "5 minutes ago"]
BODY = "The otters came back in March, when the weir was opened, and nobody had counted them."


def rows() -> list[dict[str, Any]]:
    return [
        {"title": title, "byline": source, "timestamp": parse(age), "body": [f"{title}. {BODY}"]}
        for title, source, age in zip(TITLES, SOURCES, AGES, strict=True)
    ]


def record(**fields: Any) -> dict[str, Any]:
    right = {"title": "Otters return", "byline": "New Indian Express", "body": [BODY]}
    return {**right, "timestamp": parse("21 hours ago"), "related": rows(), **fields}


def text() -> Capture:
    lines = ["logo", "Otters return", "Otters return", "New Indian Express21 hours ago", BODY]
    lines += ["Comments", "Related Articles"]
    for row in rows():
        title, source = row["title"], row["byline"]
        lines += [title, title, source, f"time{row['timestamp'].text}", f"• {source}", title]
        lines += [*row["body"]]
    page = "\n\n".join([*lines, "DOWNLOAD THE APP"])
    return capture(page, url=None, captured_at=None, media_type="text/plain")


def html(before: bool = False) -> Capture:
    parts = []
    for row in rows():
        lead = f"<p><b>{row['byline']}</b> · <i>{row['timestamp'].text}</i></p>"
        title = f"<h3>{row['title']}</h3>"
        parts.append(f"<li>{lead + title if before else title + lead}<p>{row['body'][0]}</p></li>")
    head = "<h1>Otters return</h1><p><b>New Indian Express</b><i>21 hours ago</i></p>"
    page = f"<main>{head}<p>{BODY}</p><ul>{''.join(parts)}</ul></main>"
    return capture(page, url=None, captured_at=None)


PAGES = pytest.mark.parametrize("page", [text(), html(), html(before=True)], ids=["t", "h", "b"])


@PAGES
def test_a_right_record_has_nothing_against_it(page: Capture) -> None:
    assert told(around, record(), page) == set()


@PAGES
@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("timestamp", parse("2 hours ago"), "stale-date"),
        ("timestamp", parse("3 days ago"), "stale-date"),
        ("timestamp", None, "empty"),
        ("byline", "Coast News", "byline-wrong"),
        ("byline", "Hill", "byline-cut"),
        ("byline", "ll Times", "byline-cut"),
        ("byline", "Hill, Times", "author-split"),
        ("byline", ", ".join("Hill Times"), "author-split"),
    ],
)
def test_a_field_of_a_nested_record_that_is_not_its_own_is_an_error(
    page: Capture, name: str, value: object, fault: str
) -> None:
    wrong = rows()
    wrong[0][name] = value
    assert (fault, "error") in told(around, record(related=wrong), page)


def test_a_list_of_what_is_read_most_with_the_same_titles_is_no_fault() -> None:
    menu = "".join(f"<li>{title}</li>" for title in TITLES)
    markup = html().body.decode().replace("<main>", f"<aside>{menu}</aside><p>4 days ago</p><main>")
    page = capture(markup, url=None, captured_at=None)
    assert "error" not in {severity for _, severity in told(around, record(), page)}


@pytest.mark.parametrize("more", ["in Paris", "for Reuters", "Staff Writer", "| Editor"])
def test_what_tells_of_an_author_beside_a_name_is_no_error(more: str) -> None:
    markup = html().body.decode().replace("<b>Hill Times</b>", f"<b>By Hill Times {more}</b>")
    page = capture(markup, url=None, captured_at=None)
    assert "error" not in {severity for _, severity in told(around, record(), page)}


@PAGES
def test_a_byline_left_out_of_one_nested_record_is_found(page: Capture) -> None:
    wrong = rows()
    wrong[1]["byline"] = None
    assert "empty" in {fault for fault, _ in told(around, record(related=wrong), page)}


@pytest.mark.parametrize("page", [text(), html()], ids=["text", "html"])
@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("timestamp", parse("1 hour ago"), "stale-date"),
        ("timestamp", None, "empty"),
        ("byline", "New Indian", "byline-cut"),
        ("byline", "Coast News", "byline-wrong"),
        ("byline", None, "empty"),
        ("byline", ["New", "Indian", "Express"], "author-split"),
    ],
)
def test_a_field_that_is_not_the_line_below_the_title_is_an_error(
    page: Capture, name: str, value: object, fault: str
) -> None:
    assert (fault, "error") in told(around, record(**{name: value}), page)


@pytest.mark.parametrize(("number", "severity"), [(0, "warning"), (1, "error"), (2, "warning")])
def test_a_source_and_age_of_a_text_that_no_record_has_is_found(number: int, severity: str) -> None:
    left = [row for n, row in enumerate([*rows(), *rows()][:3]) if n != number]
    more = [*left, *_more()]
    page = text().body.decode().replace("DOWNLOAD THE APP", _lines(_more()) + "\n\nDOWNLOAD")
    found = told(around, record(related=more), capture(page, url=None, media_type="text/plain"))
    if number == 2:
        severity = "error"  # it stands between two that are claimed
    assert ("card-lost", severity) in found


def _more() -> list[dict[str, Any]]:
    return [
        {**rows()[0], "title": f"Another thing {n} seen", "byline": "Tea by Rail"} for n in (1, 2)
    ]


def _lines(cards: list[dict[str, Any]]) -> str:
    return "\n\n".join(f"{c['title']}\n{c['byline']}\n{c['timestamp'].text}" for c in cards)


def test_a_list_left_empty_is_doubted() -> None:
    assert told(around, record(related=[]), text()) == {("empty", "warning")}


@pytest.mark.parametrize(
    "head",
    [
        "<h1>Otters return</h1><p>Nature | 3 hours ago</p>",
        "<h1>Otters return</h1><p>World News3 hours ago</p>",
        "<p>Nature</p><h1>LIVE: Otters return</h1><p>Updated 2 minutes ago</p>",
        "<h1>Otters return</h1><p>By Jane Doe, Staff Writer • 3 May 2025 • 4 min read</p>",
        "<h1>Otters return</h1><p>JANE DOE</p><p>12.05.2025 - 10:45 Uhr</p>",
        "<h1>Otters return</h1><p>Jane Doe &amp; Abby Stone</p><p>Published 3 hours ago</p>",
    ],
)
@pytest.mark.parametrize("byline", [None, "Jane Doe", "Jane Doe and Abby Stone", ["Jane Doe"]])
def test_what_stands_below_titles_of_other_sites_is_never_an_error(
    head: str, byline: object
) -> None:
    page = capture(f"<main>{head}<p>{BODY}</p><p>Jane Doe writes on rivers.</p></main>", url=None)
    values = {"title": "Otters return", "byline": byline, "date": None, "body": [BODY]}
    assert {severity for _, severity in told(around, values, page)} <= {"warning"}
    dated = {**values, "date": "2025-05-03T08:45:00Z"}
    assert {severity for _, severity in told(around, dated, page)} <= {"warning"}


def test_the_instant_of_another_element_than_the_label_s_is_an_error() -> None:
    page = capture(
        "<h1>T</h1><p><time datetime='2026-03-05T09:00:00+01:00'>hace 2 horas</time></p>",
        captured_at=None,
    )
    right = instant("2026-03-05T08:00:00Z", text="hace 2 horas")
    wrong = instant("2026-03-05T09:00:00Z", text="hace 2 horas")
    assert told(around, {"title": "T", "timestamp": right}, page) == set()
    assert told(around, {"title": "T", "timestamp": wrong}, page) == {("wrong-zone", "error")}


@pytest.mark.parametrize(
    ("label", "line", "byline", "whole"),
    [
        ("2 hours ago", "12 hours ago", "", False),
        ("2 hours ago", "time2 hours ago", "", True),
        ("2 hours ago", "NDTV 24X72 hours ago", "NDTV 24X7", True),
        ("2 hours ago", "New Express12 hours ago", "New Express", False),
        ("2 days ago", "2 days agoShare", "", True),
        ("5 min", "5 minutes ago", "", False),
        ("2時間前", "朝日2時間前", "", True),
    ],
)
def test_a_label_stands_in_a_line_when_it_is_no_part_of_another(
    label: str, line: str, byline: str, whole: bool
) -> None:
    assert stands(label, line, byline) is whole
