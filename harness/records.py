"""Records as JSON with explicit types: one shape for snapshots, goldens, pending and reports.

JSON knows six types. Stored naively, a date equals its own string and a tuple its list, and a
timestamp test that passes proves nothing. Here everything JSON lacks is an object of one key that
starts with ``$``: ``{"$date": "2026-03-01"}``, ``{"$tuple": [1, 2]}``, ``{"$timestamp": {…}}``.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, cast
from uuid import UUID

import msgspec

from harness.model import Kind, Timestamp, Tree
from harness.text import UNSEEN, shorten

# Readers look for these first; all other fields follow in alphabetical order, so that reordering
# the lines of an extractor never touches a snapshot.
FIRST_FIELDS = ("title", "byline", "timestamp", "body", "related")
_RANK = {name: rank for rank, name in enumerate(FIRST_FIELDS)}

# What walks a record recurses; a record that holds itself would never end. Real ones go 5 deep.
DEEPEST = 100
# What ``b"\\ud83d\\ude00".decode("unicode_escape")`` leaves; JSON cannot tell the two halves from
# the character they make.
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")

Record = dict[str, Tree]


class RecordError(TypeError):
    """An extractor returned something that is no record, or holds a value that has no JSON form."""


def encode_record(value: object) -> Record:
    """A record of any supported type (dict, dataclass, attrs, pydantic, msgspec, Scrapy item).

    Raises RecordError, naming the field, for anything else.
    """
    items = _items(value)
    if items is None:
        raise RecordError(f"an extractor returns a record of named fields, not {_name(value)}")
    record: Record = {}
    for key in sorted(items, key=_field_order):
        if not isinstance(key, str):
            raise RecordError(f"field names are text, not {key!r}")
        if key.startswith("$"):
            raise RecordError(f"field {key!r}: names that start with $ are taken by type tags")
        if not key or set(key) & set(".[]*"):
            raise RecordError(f"field {key!r}: names hold no '.', '[', ']' or '*', as paths do")
        record[key] = _encode(items[key], key)
    return record


def _field_order(key: object) -> tuple[int, str]:
    return (_RANK.get(cast(str, key), len(_RANK)), str(key))


def _items(value: object) -> Mapping[object, object] | None:
    if isinstance(value, dict):
        return value
    if isinstance(value, msgspec.Struct):
        return cast("dict[object, object]", msgspec.structs.asdict(value))
    if isinstance(value, (Timestamp, type)):
        return None
    # It imports Scrapy and pydantic, where they are installed; most records are dicts.
    from itemadapter import ItemAdapter

    return dict(ItemAdapter(value).items()) if ItemAdapter.is_item(value) else None


def _name(value: object) -> str:
    return "None" if value is None else type(value).__qualname__


def _encode(value: object, path: str, depth: int = 1) -> Tree:
    kind = type(value)
    if value is None or kind is bool or kind is int:
        return cast(Tree, value)
    if isinstance(value, str) and not isinstance(value, Enum):
        return _PAIR.sub(_whole_character, str(value)) if not value.isascii() else str(value)
    if depth > DEEPEST:
        raise RecordError(
            f"field {shorten(path)!r} is nested more than {DEEPEST} deep, or holds itself"
        )
    deeper = depth + 1
    if isinstance(value, list):
        return [_encode(item, f"{path}[{i}]", deeper) for i, item in enumerate(value)]
    if isinstance(value, float):
        number = float(value)
        return number if math.isfinite(number) else {"$float": repr(number)}
    if isinstance(value, Timestamp):
        return {"$timestamp": timestamp_tree(value)}
    if isinstance(value, Enum):
        return {"$enum": [type(value).__qualname__, value.name]}
    if isinstance(value, int):
        return int(value)
    if isinstance(value, datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, time):
        return {"$time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"$timedelta": value.total_seconds()}
    if isinstance(value, Decimal):
        return {"$decimal": str(value)}
    if isinstance(value, UUID):
        return {"$uuid": str(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, tuple):
        return {"$tuple": [_encode(item, f"{path}[{i}]", deeper) for i, item in enumerate(value)]}
    if isinstance(value, Set):
        # A set has no order of its own; hash seeds must not move a snapshot.
        members = [_encode(item, path, deeper) for item in value]
        return {"$set": sorted(members, key=lambda item: json.dumps(item, sort_keys=True))}
    items = _items(value)
    if items is None:
        raise RecordError(f"field {path!r} holds {_name(value)}, which has no JSON form")
    if all(isinstance(key, str) and not key.startswith("$") for key in items):
        return {
            cast(str, key): _encode(items[key], f"{path}.{key}", deeper)
            for key in sorted(items, key=_field_order)
        }
    pairs: list[Tree] = [
        [_encode(key, path, deeper), _encode(item, f"{path}.{key}", deeper)]
        for key, item in items.items()
    ]
    return {"$map": pairs}


def _whole_character(halves: re.Match[str]) -> str:
    return halves[0].encode("utf-16", "surrogatepass").decode("utf-16")


def timestamp_tree(stamp: Timestamp) -> Record:
    """The content of ``{"$timestamp": …}``: seconds of age, RFC 3339 instants in UTC."""
    low_high = stamp.age
    instants = stamp.published
    return {
        "text": stamp.text,
        "kind": stamp.kind,
        "unit": stamp.unit,
        "count": stamp.count,
        "age": None
        if low_high is None
        else {"min_seconds": low_high[0], "max_seconds": low_high[1]},
        "published": None
        if instants is None
        else {"earliest": rfc3339(instants[0]), "latest": rfc3339(instants[1])},
        "front_end": stamp.front_end,
    }


def rfc3339(moment: datetime) -> str:
    """An aware instant in UTC, ``2026-03-01T08:00:00Z``."""
    # 0001-01-01, what .NET writes for "no date", has no UTC form east of Greenwich.
    with suppress(OverflowError):
        moment = moment.astimezone(UTC)
    return moment.isoformat().replace("+00:00", "Z")


def decode(tree: Tree) -> Any:
    """The Python value a tree stands for; ``$enum`` stays a (class, name) pair."""
    if isinstance(tree, list):
        return [decode(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    tag = tag_of(tree)
    if tag is None:
        return {key: decode(item) for key, item in tree.items()}
    value = cast(Any, tree[tag])
    match tag:
        case "$timestamp":
            age, published = value.get("age"), value.get("published")
            return Timestamp(
                text=value["text"],
                kind=value["kind"],
                unit=value.get("unit"),
                count=value.get("count"),
                age=age and (age["min_seconds"], age["max_seconds"]),
                published=published
                and (
                    datetime.fromisoformat(published["earliest"]),
                    datetime.fromisoformat(published["latest"]),
                ),
                front_end=value.get("front_end"),
            )
        case "$datetime":
            return datetime.fromisoformat(value)
        case "$date":
            return date.fromisoformat(value)
        case "$time":
            return time.fromisoformat(value)
        case "$timedelta":
            return timedelta(seconds=value)
        case "$decimal":
            return Decimal(value)
        case "$float":
            return float(value)
        case "$uuid":
            return UUID(value)
        case "$bytes":
            return base64.b64decode(value)
        case "$tuple" | "$enum":
            return tuple(decode(item) for item in value)
        case "$set":
            return _keyed(set, [_hashable(decode(item)) for item in value])
        case "$map":
            return _keyed(dict, [(_hashable(decode(key)), decode(item)) for key, item in value])
    raise ValueError(f"unknown type tag {tag!r}")


def _keyed(container: Callable[[list[Any]], Any], members: list[Any]) -> Any:
    """A set or dict; a list where a key was a frozen record, which comes back as a dict."""
    try:
        return container(members)
    except TypeError:
        return members


def _hashable(value: Any) -> Any:
    return frozenset(value) if isinstance(value, set) else value


def tag_of(tree: Tree) -> str | None:
    """``"$date"`` for ``{"$date": …}``, None for anything that is not one tagged value."""
    if isinstance(tree, dict) and len(tree) == 1:
        key = next(iter(tree))
        return key if key.startswith("$") else None
    return None


def kind_of(*values: Tree) -> Kind:
    """The kind of a field, read off the first of ``values`` that is not empty."""
    for value in values:
        if value is None or value in ("", []):
            continue
        if isinstance(value, str):
            return "url" if value.startswith(("http://", "https://")) else "text"
        if isinstance(value, bool):
            return "exact"
        if isinstance(value, (int, float)):
            return "number"
        if isinstance(value, list):
            if all(isinstance(item, str) for item in value):
                return "paragraphs"
            if all(isinstance(item, dict) and tag_of(item) is None for item in value):
                return "records"
            return "exact"
        tag = tag_of(value)
        if tag in ("$timestamp", "$datetime", "$date"):
            return "timestamp"
        return "number" if tag == "$decimal" else "exact"
    return "text"


def leaves(tree: Tree, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string a reader would see in a record, as (path, text); of a timestamp its label."""
    if isinstance(tree, str):
        yield path, tree
    elif isinstance(tree, list):
        for i, item in enumerate(tree):
            yield from leaves(item, f"{path}[{i}]")
    elif isinstance(tree, dict):
        tag = tag_of(tree)
        if tag == "$timestamp":
            claim = tree[tag]  # in a golden maybe without its label
            yield from leaves(claim.get("text") if isinstance(claim, dict) else None, path)
        elif tag in ("$tuple", "$set"):
            yield from leaves(tree[tag], path)
        elif tag is None:
            for key, item in tree.items():
                yield from leaves(item, f"{path}.{key}" if path else key)


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def dumps(tree: Tree) -> str:
    """JSON as it is stored: 2 spaces, LF, UTF-8, a list item a line; what cannot be seen, escaped.

    The same tree always gives the same text, and ``loads(dumps(tree)) == tree`` for every tree
    that :func:`encode_record` or :func:`loads` gives.
    """
    compact = _ENCODER.encode(tree)
    data = msgspec.json.format(compact.encode("utf-8", "surrogatepass"), indent=2)
    text = data.decode("utf-8", "surrogatepass")
    # Nothing unseen is printable, and most texts are: that is known much sooner than searched for.
    return f"{text if compact.isprintable() else UNSEEN.sub(_escape, text)}\n"


def _escape(match: Any) -> str:
    return f"\\u{ord(match[0]):04x}"


def loads(text: str | bytes) -> Tree:
    """The tree of a stored file. Raises ValueError (with line and column) on broken JSON."""
    try:
        return cast(Tree, json.loads(text, parse_constant=_no_number))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _no_number(name: str) -> None:
    raise ValueError(f'JSON has no {name}; a record holds {{"$float": "nan"}} and its kind')
