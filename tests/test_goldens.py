"""What a person says a record must be, on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import SnapshotError
from harness.expectations import mismatches
from harness.goldens import literally, parse_golden, write_golden
from harness.model import Golden, Tree

PATH = Path("corpus/site/a/golden.json")


def test_a_golden_comes_back_as_it_was_written(tmp_path: Path) -> None:
    golden = Golden(
        "auto",
        {"title": "re:^A\ud800", "byline": None, "timestamp": {"$date": "2026-03-01"}},
        contains=("ends here",),
        excludes=("Cookie",),
        by="Z",
        at="2026-03-01",
    )
    write_golden(tmp_path / "golden.json", golden)
    assert parse_golden((tmp_path / "golden.json").read_bytes(), PATH) == golden


def test_a_golden_may_leave_everything_out_and_is_a_reviewed_one() -> None:
    assert parse_golden(b"{}", PATH) == Golden("reviewed", {})


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'{"fields": {}', " is not valid JSON"),
        (b"[" * 100_000, " is not valid JSON"),
        (b"\xff\xfe\x00", " is not valid JSON"),
        (b"[]", ": a golden is an object with 'fields'"),
        (b'{"fields": []}', ": a golden is an object with 'fields'"),
        (b'{"feilds": {}}', ": unknown key 'feilds'; a golden has at, by, contains"),
        (b'{"trust": "high"}', ": trust is auto, reviewed or known-wrong, not 'high'"),
        (b'{"trust": []}', ": trust is auto, reviewed or known-wrong, not []"),
        (b'{"contains": "x"}', ": 'contains' is a list of texts"),
        (b'{"excludes": [1]}', ": 'excludes' is a list of texts"),
        (b'{"fields": {"title": "re:("}}', ": field 'title': 're:(' cannot be used"),
        (b'{"fields": {"body": ["a", "mincount:x"]}}', ": field 'body[1]': 'mincount:x' cannot"),
    ],
)
def test_a_broken_golden_is_named_with_its_problem(data: bytes, problem: str) -> None:
    with pytest.raises(SnapshotError) as refused:
        parse_golden(data, PATH)
    assert str(refused.value).startswith(f"{PATH}{problem}")
    assert "\n" not in str(refused.value)


def test_a_golden_may_say_a_part_of_a_timestamp() -> None:
    data = b'{"fields": {"timestamp": {"$timestamp": {"count": 21}}}}'
    assert parse_golden(data, PATH).fields == {"timestamp": {"$timestamp": {"count": 21}}}


@pytest.mark.parametrize(
    "value",
    [
        "re: your mail (urgent",
        "mincount: explained",
        "contains: nuts",
        ["plain", "startswith:x"],
        {"title": "re: [", "body": ["maxcount:"]},
        {"$date": "2026-03-01"},
        "plain",
        None,
        3,
    ],
)
def test_an_approved_text_that_looks_like_a_pattern_stands_for_itself(value: Tree) -> None:
    golden = Golden("reviewed", {"field": literally(value)})
    again = parse_golden(b'{"fields": {}}', PATH)
    assert again.fields == {}
    assert mismatches(golden, {"field": value}) == []
    assert mismatches(golden, {"field": f"x {value}"}) != []


def test_what_was_approved_can_be_read_again(tmp_path: Path) -> None:
    golden = Golden("reviewed", {"title": literally("mincount: explained (again")})
    write_golden(tmp_path / "golden.json", golden)
    assert parse_golden((tmp_path / "golden.json").read_bytes(), PATH).fields == golden.fields
