"""Lists of nested records that were mixed up, torn or cut."""

from __future__ import annotations

from typing import Any

import pytest

from harness.invariants import cards
from harness.model import Capture
from harness.timestamps import parse
from tests.invariants.articles import capture, found, told

Rows = list[dict[str, Any]]
TITLES = ["Goats seen again", "A bridge moves at night", "Salt from the last pans", "Tea by rail"]
SOURCES = ["Hill Times", "Daily Ford", "Coast News", "The Platform"]
AGES = ["2 hours ago", "3 hours ago", "5 hours ago", "2 days ago"]
BODIES = [f"{title}, said everybody who was there on that day. " * 3 for title in TITLES]


def rows() -> Rows:
    return [
        {"title": title, "byline": source, "timestamp": parse(age), "body": [body.strip()]}
        for title, source, age, body in zip(TITLES, SOURCES, AGES, BODIES, strict=True)
    ]


def listing(before: bool = False, extra: str = "", media_type: str = "text/html") -> Capture:
    """A page of four cards; with ``before`` their sources stand before their titles."""
    parts = []
    for title, source, age, body in zip(TITLES, SOURCES, AGES, BODIES, strict=True):
        head, lead = f'<h3 class="t">{title}</h3>', f"<p>{source}</p><p>{age}</p>"
        parts.append(
            f"<div>{lead if before else ''}{head}{'' if before else lead}<p>{body}</p></div>"
        )
    markup = "<h1>Latest</h1>" + "".join(parts) + extra
    if media_type == "text/plain":
        markup = markup.replace("</p>", "\n").replace("</h3>", "\n").replace("</h1>", "\n")
        for tag in ('<h3 class="t">', "<p>", "<div>", "</div>", "<h1>"):
            markup = markup.replace(tag, "")
    return capture(markup, media_type=media_type, url=None)


def shifted(name: str) -> Rows:
    found = rows()
    values = [row[name] for row in found]
    return [{**row, name: value} for row, value in zip(found, values[1:] + values[:1], strict=True)]


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("media_type", ["text/html", "text/plain"])
def test_the_right_list_has_nothing_against_it(before: bool, media_type: str) -> None:
    assert found(cards, {"related": rows()}, listing(before, media_type=media_type)) == []


@pytest.mark.parametrize("before", [False, True])
@pytest.mark.parametrize("name", ["byline", "timestamp", "body"])
def test_fields_of_the_next_record_are_seen(name: str, before: bool) -> None:
    assert ("mixed-up", "error") in told(cards, {"related": shifted(name)}, listing(before))


def test_one_field_of_a_neighbour_is_named_with_its_place() -> None:
    mixed = rows()
    mixed[1]["byline"], mixed[2]["byline"] = mixed[2]["byline"], mixed[1]["byline"]
    hits = found(cards, {"related": mixed}, listing())
    assert [hit.field for hit in hits] == ["related[1].byline", "related[2].byline"]
    assert "stands with related[2]" in hits[0].message


def test_titles_that_were_exchanged_are_seen() -> None:
    mixed = rows()
    mixed[0]["title"], mixed[1]["title"] = mixed[1]["title"], mixed[0]["title"]
    assert ("mixed-up", "error") in told(cards, {"related": mixed}, listing())


def test_titles_listed_in_a_menu_first_mix_nothing_up() -> None:
    menu = capture("".join(f"<p>{t}</p>" for t in TITLES) + listing().body.decode())
    assert found(cards, {"related": rows()}, menu) == []


def test_one_source_for_all_records_mixes_nothing_up() -> None:
    same = [{**row, "byline": "Hill Times"} for row in rows()]
    of = listing().body.decode()
    for source in SOURCES[1:]:
        of = of.replace(source, "Hill Times")
    assert found(cards, {"related": same}, capture(of)) == []


@pytest.mark.parametrize("order", [[1, 0, 2, 3], [3, 2, 1, 0]])
def test_another_order_than_the_page_s_is_a_warning(order: list[int]) -> None:
    own = rows()
    hits = told(cards, {"related": [own[n] for n in order]}, listing())
    assert ("reordered", "warning") in hits


def test_one_record_that_is_newer_than_those_before_it_is_a_warning() -> None:
    ages = ["1 hour ago", "2 hours ago", "3 days ago", "3 hours ago", "4 days ago", "5 days ago"]
    own = [{"title": f"T{n}", "timestamp": parse(age)} for n, age in enumerate(ages)]
    assert told(cards, {"items": own}, capture("<p>")) == {("reordered", "warning")}
    assert found(cards, {"items": [*own[:3], *own[4:]]}, capture("<p>")) == []


def test_a_record_that_is_there_twice_is_an_error() -> None:
    assert ("duplicated", "error") in told(cards, {"related": [*rows(), rows()[1]]}, listing())


def test_a_record_that_the_page_has_twice_is_a_warning() -> None:
    twice = listing(extra="".join(f'<h3 class="t">{t}</h3>' for t in TITLES[:1]))
    hits = told(cards, {"related": [*rows(), rows()[0]]}, twice)
    assert ("duplicated", "warning") in hits
    assert ("duplicated", "error") not in hits


def test_the_body_of_another_record_is_an_error() -> None:
    mixed = rows()
    mixed[3]["body"] = mixed[2]["body"]
    assert ("mixed-up", "error") in told(cards, {"related": mixed}, listing())


def test_a_lost_title_is_a_warning() -> None:
    torn = [*rows(), {**rows()[0], "title": None, "byline": "Somebody"}]
    assert ("empty", "warning") in told(cards, {"related": torn}, listing())


def test_a_record_lost_from_the_midst_of_the_list_is_an_error() -> None:
    own = rows()
    hits = found(cards, {"related": [own[0], own[1], own[3]]}, listing())
    assert [(hit.fault, hit.severity, hit.field) for hit in hits] == [
        ("card-lost", "error", "related")
    ]
    assert hits[0].place is not None


def test_a_record_lost_from_its_end_is_a_warning() -> None:
    assert told(cards, {"related": rows()[:3]}, listing()) == {("card-lost", "warning")}


def test_the_article_itself_among_the_records_is_a_warning() -> None:
    values = {"title": TITLES[0], "related": rows()}
    assert ("duplicated", "warning") in told(cards, values, listing())


def test_pictures_and_sections_are_no_records() -> None:
    values = {"images": [{"url": "/a.png"}, {"url": "/a.png"}], "body": [{"text": "a"}] * 2}
    assert found(cards, values, listing()) == []


@pytest.mark.parametrize(
    "related",
    [
        [],
        [{}],
        [{}] * 3,
        [{"title": None}] * 3,
        [{"title": {"a": 1}}, {"title": ["x", "y"]}],
        [{"title": 3, "timestamp": 7, "body": [None]}] * 2,
        [{"title": "\ud800"}, {"title": "x" * 100_000}],
    ],
)
def test_odd_records_raise_nothing(related: Rows) -> None:
    assert all(hit.fault != "raised" for hit in found(cards, {"related": related}, listing()))


def test_ten_thousand_records_are_looked_at_in_order() -> None:
    many = [{"title": f"Title {n}", "byline": f"Source {n}"} for n in range(10_000)]
    markup = "".join(f"<h3>Title {n}</h3><p>Source {n}</p>" for n in range(10_000))
    assert found(cards, {"related": many}, capture(markup)) == []
