"""Decisions about changes, and the file that a report exports: ``harness-decisions/1``.

::

    {"format": "harness-decisions/1", "by": "Ada", "at": "2026-11-20T08:00:00Z", "decisions": [
      {"case": "daily8/a-0123abcd", "extractor": "daily8", "capture": "daily8/a-0123abcd",
       "field": "related[2].byline", "category": "prefix", "of": 2, "decision": "accept",
       "old": "<16 hex>", "new": "<16 hex>"}, …]}

``field`` is the path of the change, ``*`` a whole record. ``of`` is how many changes the top-level
field has: it is accepted when all of them were. ``decision`` is ``accept``, ``reject`` or
``approve``. ``old`` and ``new`` are the digests of what the reviewer saw
(:class:`harness.changes.Change`), "" for no value. Optional are ``category``, which tells two
changes of one path from each other, and, of a decision or of the whole file, ``by``, ``at`` and
``trust`` (that of a golden). Other keys mean nothing here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, cast, get_args

from harness.changes import Change
from harness.errors import HarnessError
from harness.model import case_id, root_of
from harness.text import shorten

FORMAT = "harness-decisions/1"
Kind = Literal["accept", "reject", "approve"]
Trust = Literal["reviewed", "auto", "known-wrong"]
KINDS: tuple[str, ...] = get_args(Kind)
TRUSTS: tuple[str, ...] = get_args(Trust)
_DIGEST = re.compile(r"(?:[0-9a-f]{16})?")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one change; the fields are those of the format."""

    case: str
    extractor: str
    capture: str
    field: str
    of: int
    decision: Kind
    old: str
    new: str
    category: str = ""
    trust: Trust = "reviewed"
    by: str = ""
    at: str = ""

    @property
    def root(self) -> str:
        """The top-level field that is accepted with it."""
        return root_of(self.field)

    @property
    def part(self) -> tuple[str, str, str]:
        """What it is about: a later decision about the same takes the place of an earlier one."""
        return self.case, self.field, self.category


def decide(
    change: Change, decision: Kind, *, by: str = "", trust: Trust = "reviewed", at: str = ""
) -> Decision:
    """A decision about a change of a run."""
    result = change.result
    return Decision(
        case=change.case,
        extractor=result.extractor,
        capture=result.capture,
        field=change.field,
        of=change.of,
        decision=decision,
        old=change.old,
        new=change.new,
        category=change.category,
        trust=trust,
        by=by,
        at=at,
    )


def dumps(decisions: Iterable[Decision], *, by: str = "", at: str = "") -> str:
    """The decisions as a file, one a line."""
    rows = [_dump(_row(each, by, at)) for each in decisions]
    head = _dump({"format": FORMAT, "by": by, "at": at})
    return f'{head[:-1]}, "decisions": [\n' + ",\n".join(rows) + "\n]}\n"


def _row(decision: Decision, by: str, at: str) -> dict[str, Any]:
    said = {"by": by, "at": at, "trust": "reviewed", "category": ""}
    return {k: v for k, v in asdict(decision).items() if k not in said or v != said[k]}


def _dump(value: object) -> str:
    # json escapes what UTF-8 cannot hold.
    return json.dumps(value, ensure_ascii=True)


def loads(text: str | bytes, name: str) -> tuple[Decision, ...]:
    """The decisions in a file's text.

    Raises HarnessError, one line that names ``name`` and the place, for anything else.
    """
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        said = f"{type(error).__name__}: {error}" if isinstance(error, RecursionError) else error
        raise HarnessError(
            f"{name} is no file of decisions: it is not valid JSON ({said}); export it again"
        ) from None
    return of_tree(tree, name)


def is_decisions(text: bytes) -> bool:
    """Whether a file that begins like this means to be one of decisions."""
    return text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def of_tree(tree: object, name: str) -> tuple[Decision, ...]:
    """The decisions in a parsed file. Raises HarnessError as :func:`loads`."""
    if not isinstance(tree, dict):
        raise HarnessError(f"{name} is no file of decisions; a drift report exports one")
    if tree.get("format") != FORMAT:
        said = shorten(json.dumps(tree.get("format")), 60)
        raise HarnessError(
            f"{name}: the format is {said}, not {FORMAT!r}; export it from a drift report again"
        )
    rows = tree.get("decisions")
    if not isinstance(rows, list):
        raise HarnessError(f"{name}: 'decisions' is a list; export the file again")
    common = {key: _text(tree, key, name, "") for key in ("by", "at")}
    return tuple(of_row(row, f"{name}: decisions[{i}]", **common) for i, row in enumerate(rows))


def of_row(row: object, place: str, *, by: str = "", at: str = "", trust: str = "") -> Decision:
    """One decision; ``by``, ``at`` and ``trust`` are what it has where it says nothing.

    Raises HarnessError that begins with ``place``.
    """
    if not isinstance(row, Mapping):
        raise HarnessError(f"{place} is no object; export the file again")
    case, extractor, capture = (_text(row, key, place) for key in ("case", "extractor", "capture"))
    if case != case_id(extractor, capture):
        raise HarnessError(
            f"{place}: 'case' is {shorten(case)!r}, but extractor and capture make it"
            f" {shorten(case_id(extractor, capture))!r}"
        )
    if not (field := _text(row, "field", place)):
        raise HarnessError(f"{place}: 'field' is empty; '*' is the whole record")
    of = row.get("of")
    if isinstance(of, bool) or not isinstance(of, int) or of < 1:
        raise HarnessError(f"{place}: 'of' is a number of changes, at least 1, not {_shown(of)}")
    return Decision(
        case=case,
        extractor=extractor,
        capture=capture,
        field=field,
        of=of,
        decision=cast(Kind, _word(row, "decision", KINDS, place)),
        old=_digest(row, "old", place),
        new=_digest(row, "new", place),
        category=_text(row, "category", place, ""),
        trust=cast(Trust, _word(row, "trust", TRUSTS, place, trust or "reviewed")),
        by=_text(row, "by", place, by) or by,
        at=_text(row, "at", place, at) or at,
    )


def _text(row: Mapping[str, Any], key: str, place: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if not isinstance(value, str):
        raise HarnessError(
            f"{place}: {key!r} is missing" if value is None else f"{place}: {key!r} is a text"
        )
    return value


def _word(
    row: Mapping[str, Any], key: str, allowed: tuple[str, ...], place: str, default: str = ""
) -> str:
    value = row.get(key, default)
    if value not in allowed:
        raise HarnessError(f"{place}: {key!r} is {', '.join(allowed)}, not {_shown(value)}")
    return str(value)


def _digest(row: Mapping[str, Any], key: str, place: str) -> str:
    value = _text(row, key, place)
    if not _DIGEST.fullmatch(value):
        raise HarnessError(
            f"{place}: {key!r} is a digest of 16 hexadecimal digits or '', not {_shown(value)}"
        )
    return value


def _shown(value: object) -> str:
    return shorten(json.dumps(value, ensure_ascii=True), 60)
