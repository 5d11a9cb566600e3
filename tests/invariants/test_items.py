"""Records made of feeds and JSON that differ from what these list."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.invariants import items
from harness.model import Capture
from harness.timestamps import instant
from tests.invariants.articles import capture, told

TITLES = ["Goats seen again", "A bridge moves at night", "Salt & tea from the last pans"]
NAMES = ["Mara Oyelaran", "Piotr Lindqvist", "Ines Calloway"]
TIMES = ["Thu, 05 Mar 2026 06:30:00 GMT", "Wed, 04 Mar 2026 17:05:00 GMT", "2026-03-03T08:00:00Z"]


def rows() -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "byline": name,
            "timestamp": instant(time),
            "url": f"https://a.example/{n}",
        }
        for n, (title, name, time) in enumerate(zip(TITLES, NAMES, TIMES, strict=True))
    ]


def feed() -> Capture:
    parts = [
        f"<item><title>{row['title'].replace('&', '&amp;')}</title><link>{row['url']}</link>"
        f'<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">{row["byline"]}</dc:creator>'
        "<source url='https://b.example/'>The Wire</source>"
        f"<pubDate>{row['timestamp'].text}</pubDate></item>"
        for row in rows()
    ]
    text = f"<rss><channel><title>Feed</title>{''.join(parts)}</channel></rss>"
    return capture(text, url=None, captured_at=None, media_type="application/rss+xml")


def answer() -> Capture:
    cards: list[dict[str, Any]] = [
        {
            "type": "story",
            "headline": row["title"],
            "authors": [{"name": row["byline"], "slug": "p1"}],
            "publishedAt": row["timestamp"].text,
            "url": row["url"],
        }
        for row in rows()
    ]
    cards.insert(1, {**cards[0], "type": "promo", "headline": "Buy one year", "url": "/plus"})
    text = json.dumps({"data": {"cards": cards}})
    return capture(text, url=None, captured_at=None, media_type="application/json")


PAGES = pytest.mark.parametrize("page", [feed(), answer()], ids=["feed", "json"])


@PAGES
def test_a_right_list_has_nothing_against_it(page: Capture) -> None:
    assert told(items, {"related": rows()}, page) == set()


@PAGES
@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("timestamp", instant("Thu, 05 Mar 2026 07:30:00 GMT"), "wrong-zone"),
        ("timestamp", instant("Thu, 05 Mar 2026 18:30:00 GMT"), "twelve-hour"),
        ("timestamp", instant("2026-05-03T06:30:00Z"), "day-month"),
        ("timestamp", instant(TIMES[1]), "wrong-date"),
        ("timestamp", None, "empty"),
        ("byline", "Mara", "byline-cut"),
        ("byline", NAMES[1], "byline-wrong"),
        ("byline", None, "empty"),
        ("title", "Goats seen", "title-cut"),
    ],
)
def test_a_field_that_the_item_does_not_state_is_an_error(
    page: Capture, name: str, value: object, fault: str
) -> None:
    wrong = rows()
    wrong[0][name] = value
    assert (fault, "error") in told(items, {"related": wrong}, page)


@PAGES
@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_item_that_no_record_was_made_of_is_an_error(page: Capture, number: int) -> None:
    left = rows()
    del left[number]
    assert told(items, {"related": left}, page) == {("card-lost", "error")}


def test_a_feed_with_items_for_a_record_with_none_is_an_error() -> None:
    assert told(items, {"related": []}, feed()) == {("empty", "error")}


def test_the_source_of_an_item_for_its_creator_is_no_fault() -> None:
    other = [{**row, "byline": "The Wire"} for row in rows()]
    assert told(items, {"related": other}, feed()) == set()


def test_the_same_day_without_its_time_is_no_fault() -> None:
    days = [{**row, "timestamp": row["timestamp"].published[0].date()} for row in rows()]
    assert told(items, {"related": days}, feed()) == set()


def test_broken_data_and_pages_that_readers_see_are_left_alone() -> None:
    broken = capture("<rss><item>", url=None, media_type="application/rss+xml")
    assert told(items, {"related": rows()}, broken) == set()
    shown = "".join(f"<h3>{title}</h3>" for title in TITLES)
    assert told(items, {"related": rows()[:2]}, capture(shown)) == set()
