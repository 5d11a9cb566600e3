"""Timestamps that claim what their labels do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from harness.invariants import labels
from harness.model import Capture, Timestamp
from harness.timestamps import parse
from tests.invariants.articles import CAPTURED_AT, capture, found, page, told


def stamp(**changes: Any) -> Timestamp:
    found = parse("21 hours ago", captured_at=CAPTURED_AT)
    assert found is not None
    values = {name: getattr(found, name) for name in Timestamp.__slots__}
    return Timestamp(**{**values, **changes})


def labelled(label: str = "21 hours ago") -> Capture:
    return capture(f"<h1>Title</h1><p>{label}</p>", url=None)


def test_a_label_of_the_page_has_nothing_against_it() -> None:
    assert found(labels, {"timestamp": stamp()}, labelled()) == []
    assert found(labels, {"timestamp": stamp()}, labelled("New Express21 hours ago")) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"text": "20 hours ago"}, "stale-date"),
        ({"age": (0.0, 60.0)}, "wrong-date"),
        ({"count": 2}, "stale-date"),
        ({"unit": "day"}, "stale-date"),
        ({"age": (90000.0, 60.0)}, "wrong-date"),
        ({"age": (-60.0, 60.0)}, "wrong-date"),
        ({"published": (CAPTURED_AT, CAPTURED_AT - timedelta(hours=1))}, "wrong-date"),
    ],
)
def test_a_timestamp_that_claims_what_its_label_does_not_is_an_error(
    changes: dict[str, Any], fault: str
) -> None:
    assert (fault, "error") in told(labels, {"timestamp": stamp(**changes)}, labelled())


def test_a_label_with_its_source_glued_on_is_an_error() -> None:
    label = "New Express21 hours ago"
    hits = told(labels, {"timestamp": stamp(text=label)}, labelled(label))
    assert ("glued", "error") in hits


@pytest.mark.parametrize(
    ("label", "count"), [("72 hours ago", 72), ("1 hours ago", 1), ("400 minutes ago", 400)]
)
def test_what_no_front_end_prints_is_a_warning(label: str, count: int) -> None:
    unit = label.split()[1].removesuffix("s")
    claim = Timestamp(label, "relative", unit, count)
    assert ("stale-date", "warning") in told(labels, {"timestamp": claim}, labelled(label))


def test_a_label_that_the_stated_date_contradicts_is_a_warning() -> None:
    of = capture(page().replace("Friday 3 May 2024, 09:41", "21 hours ago"))
    assert ("stale-date", "warning") in told(labels, {"timestamp": stamp()}, of)


def test_a_source_that_is_glued_to_a_time_given_as_text_is_an_error() -> None:
    of = labelled("Tom Ferris2 hours ago")
    assert told(labels, {"timestamp": "Tom Ferris2 hours ago"}, of) == {("glued", "error")}
    for right in ("2 hours ago", "Updated 2 hours ago", "2026-03-01T10:00:00Z", "", "soon"):
        assert told(labels, {"timestamp": right}, labelled(right)) == set()
