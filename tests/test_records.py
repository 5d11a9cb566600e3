"""Records as JSON with explicit types."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harness.model import Timestamp
from harness.records import (
    DEEPEST,
    RecordError,
    decode,
    dumps,
    encode_record,
    kind_of,
    leaves,
    loads,
    rfc3339,
    tag_of,
)
from harness.text import UNSEEN
from tests.trees import any_text, names, text, trees


@dataclass(frozen=True)
class Author:
    name: str
    since: date | None = None


class Story(msgspec.Struct):
    title: str
    author: Author


class Section(enum.StrEnum):
    SPORT = "sport"


zones = st.one_of(
    st.just(UTC), st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m)))
)
instants = st.datetimes(timezones=zones)
timestamps = st.builds(
    Timestamp,
    text=text,
    kind=st.sampled_from(["relative", "calendar", "absolute"]),
    unit=st.sampled_from(["hour", None]),
    count=st.one_of(st.none(), st.integers(0, 99)),
    age=st.one_of(st.none(), st.tuples(st.floats(0, 9e9), st.floats(0, 9e9))),
    published=st.one_of(st.none(), st.tuples(instants, instants)),
    front_end=st.sampled_from(["moment", None]),
)
hashable: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    text,
    st.datetimes(),
    instants,
    st.dates(),
    st.times(),
    st.timedeltas(timedelta(days=-60_000), timedelta(days=60_000)),
    st.decimals(allow_nan=False),
    st.uuids(),
    st.binary(max_size=8),
    timestamps,
)
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(hashable, st.frozensets(hashable, max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.one_of(names, st.just("$date"), text), inner, max_size=3),
        st.dictionaries(hashable, inner, max_size=2),
    ),
    max_leaves=6,
)


def encoded(value: object) -> Any:
    return encode_record({"x": value})["x"]


# --- stored and read again ------------------------------------------------------------------------


@given(trees)
def test_what_is_stored_is_read_again(tree: Any) -> None:
    assert loads(dumps(tree)) == tree
    assert dumps(loads(dumps(tree))) == dumps(tree)


@given(values)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    stored = loads(dumps(encoded(value)))
    assert same_value(decode(stored), value), stored


def same_value(a: Any, b: Any) -> bool:
    """Equal in type too: to Python, 1 == True == Decimal(1)."""
    if isinstance(a, (set, frozenset)) and isinstance(b, (set, frozenset)):
        return a == b
    if type(a) is not type(b):
        return False
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same_value, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same_value(a[k], b[k]) for k in a)
    return bool(a == b)


@given(values, values)
def test_different_values_are_never_stored_alike(a: Any, b: Any) -> None:
    assume(not same_value(a, b))
    # 0.0 and -0.0, 1.0 and 1.00, equal to Python, may be stored apart; never the other way.
    if dumps(encoded(a)) == dumps(encoded(b)):
        assert a == b


def test_a_date_never_equals_its_own_string() -> None:
    alike = [
        [date(2026, 3, 1), datetime(2026, 3, 1), "2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)],
        [1, True, 1.0, "1", Decimal(1), Decimal("1.0"), b"1", {1}, [1], (1,), {"1": 1}, {1: 1}],
        [None, "None", "", [], {}, (), set(), 0, False, b""],
        [math.nan, "nan", Decimal("NaN"), math.inf],
        [UUID(int=0), str(UUID(int=0)), time(1), "01:00:00", timedelta(hours=1), 3600.0],
        [Section.SPORT, "sport", ("Section", "SPORT"), ["Section", "SPORT"]],
        [{"$date": "2026-03-01"}, date(2026, 3, 1), {"date": "2026-03-01"}],
    ]
    for group in alike:
        stored = [dumps(encoded(value)) for value in group]
        assert len(set(stored)) == len(group), stored


def test_not_a_number_is_kept() -> None:
    assert math.isnan(decode(encoded(math.nan)))
    assert decode(encoded(-math.inf)) == -math.inf


@given(trees)
def test_nothing_unseen_is_written_raw(tree: Any) -> None:
    stored = dumps(tree)
    assert not UNSEEN.search(stored)
    assert "\r" not in stored
    assert stored.encode("utf-8").endswith(b"\n")


@given(any_text)
def test_the_halves_of_a_character_become_the_character(label: str) -> None:
    tree = encode_record({"x": label, "y": {"z": [label]}})
    assert loads(dumps(tree)) == tree
    assert encoded("\ud83d\ude00") == "😀"
    assert encoded("\ude00\ud83d") == "\ude00\ud83d"


def test_a_list_item_is_a_line_and_letters_stay_readable() -> None:
    stored = dumps({"body": ["Straße", "漢字"], "tags": []})
    assert stored == '{\n  "body": [\n    "Straße",\n    "漢字"\n  ],\n  "tags": []\n}\n'


@given(st.dictionaries(names, values), st.randoms())
def test_the_order_of_an_extractors_lines_does_not_matter(
    record: dict[str, Any], random: Any
) -> None:
    order = list(record)
    random.shuffle(order)
    assert dumps(encode_record({key: record[key] for key in order})) == dumps(encode_record(record))


def test_readers_find_title_byline_timestamp_body_first() -> None:
    record = encode_record(dict.fromkeys(["zebra", "related", "body", "a", "title", "timestamp"]))
    assert list(record) == ["title", "timestamp", "body", "related", "a", "zebra"]


def test_hash_seeds_do_not_move_a_set() -> None:
    assert encoded({"b", "a", "c"}) == encoded(frozenset("cab")) == {"$set": ["a", "b", "c"]}


# --- what extractors return -----------------------------------------------------------------------


def test_records_of_any_make_nest() -> None:
    story = Story("T", Author("A. Writer", date(2020, 1, 2)))
    plain = {"title": "T", "author": {"name": "A. Writer", "since": {"$date": "2020-01-02"}}}
    assert encode_record(story) == encode_record({"title": "T", "author": story.author}) == plain
    assert decode(encode_record({"by": {Author("A"): 1}})) is not None
    assert decode(encoded({Author("A")})) == [{"name": "A", "since": None}]
    assert decode(encoded({frozenset({1}): {frozenset({2})}})) == {frozenset({1}): {frozenset({2})}}


def test_scrapy_items_and_attrs_classes_are_records() -> None:
    attr = pytest.importorskip("attr", reason="attrs is not installed")

    @attr.define
    class Item:
        title: str

    assert encode_record(Item("T")) == {"title": "T"}


@pytest.mark.parametrize(
    "value", [None, "text", 3, [{}], ("a",), Author, object(), Timestamp("x", "relative")]
)
def test_a_return_value_that_is_no_record_is_an_error_that_says_so(value: object) -> None:
    with pytest.raises(RecordError, match="a record of named fields, not"):
        encode_record(value)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"a": {"b": [1, object()]}}, r"field 'a.b\[1\]' holds object"),
        ({1: "a"}, "field names are text, not 1"),
        ({"$date": "2026-03-01"}, r"names that start with \$"),
        ({"a": open}, "builtin_function_or_method"),
    ],
)
def test_an_error_names_the_field(record: Any, message: str) -> None:
    with pytest.raises(RecordError, match=message):
        encode_record(record)


def test_a_record_that_holds_itself_is_an_error_not_a_crash() -> None:
    record: dict[str, Any] = {}
    record["me"] = [record]
    with pytest.raises(RecordError, match="holds itself"):
        encode_record(record)


def test_a_record_at_the_deepest_is_stored() -> None:
    value: Any = "x"
    for _ in range(DEEPEST):
        value = [value]
    assert decode(loads(dumps(encoded(value)))) == value
    with pytest.raises(RecordError, match="nested"):
        encode_record({"x": [value]})


@pytest.mark.parametrize("broken", ["{", "", "[" * 100_000, "NaN", '{"a": Infinity}', b"\xff{}"])
def test_a_broken_file_is_a_value_error(broken: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        loads(broken)


def test_an_unknown_tag_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"unknown type tag '\$money'"):
        decode({"$money": "5"})


# --- timestamps -----------------------------------------------------------------------------------


def test_a_timestamp_is_stored_as_the_design_says() -> None:
    now = datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    stamp = Timestamp("1h", "relative", "hour", 1, (1.0, 2.0), (now, now), None)
    assert encoded(stamp) == {
        "$timestamp": {
            "text": "1h",
            "kind": "relative",
            "unit": "hour",
            "count": 1,
            "age": {"min_seconds": 1.0, "max_seconds": 2.0},
            "published": {"earliest": "2026-03-01T04:00:00Z", "latest": "2026-03-01T04:00:00Z"},
            "front_end": None,
        }
    }


def test_the_first_day_of_the_calendar_east_of_greenwich_has_a_form() -> None:
    first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert rfc3339(first) == "0001-01-01T00:00:00+05:30"


# --- kinds and leaves -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tree", "kind"),
    [
        ("a", "text"),
        ("https://a.b", "url"),
        (["a", "b"], "paragraphs"),
        ([{"title": "a"}], "records"),
        ([1, "a"], "exact"),
        ([{"$date": "2026-03-01"}], "exact"),
        (1, "number"),
        (True, "exact"),
        ({"$decimal": "1"}, "number"),
        ({"$date": "2026-03-01"}, "timestamp"),
        ({"a": 1}, "exact"),
        (None, "text"),
    ],
)
def test_the_kind_of_a_field_is_read_off_its_value(tree: Any, kind: str) -> None:
    assert kind_of(tree) == kind
    assert kind_of(None, "", [], tree) == kind


def test_leaves_are_what_a_reader_sees() -> None:
    record = {
        "title": "T",
        "timestamp": Timestamp("2 hours ago", "relative", "hour", 2),
        "related": [{"body": ["a", "b"]}],
        "pair": ("x", 1),
        "on": date(2026, 3, 1),
    }
    assert dict(leaves(encode_record(record))) == {
        "title": "T",
        "timestamp": "2 hours ago",
        "related[0].body[0]": "a",
        "related[0].body[1]": "b",
        "pair[0]": "x",
    }


@given(trees)
def test_leaves_of_any_tree_are_texts(tree: Any) -> None:
    for path, leaf in leaves(tree):
        assert isinstance(path, str)
        assert isinstance(leaf, str)
    assert tag_of(tree) is None or isinstance(tree, dict)
