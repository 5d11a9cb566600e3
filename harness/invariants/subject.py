"""A record and its capture, with what several invariants ask of both, found once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from harness import records
from harness.claims import Claims, claim
from harness.invariants.roles import Role, role_of
from harness.model import Capture, Timestamp, Tree
from harness.page import Page, fragment
from harness.records import Record
from harness.visible import Line


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record or of one of its nested records.

    ``path`` as in findings; ``card`` is the path of the nested record it belongs to ("" in the
    record itself). ``lines`` are its texts, a paragraph each; ``value`` its tree.
    """

    path: str
    name: str
    role: Role
    card: str
    value: Tree
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """All its text, a paragraph a line."""
        return "\n".join(self.lines)

    @property
    def stamp(self) -> Timestamp | None:
        """The value as a Timestamp, where the extractor gave one."""
        if records.tag_of(self.value) != "$timestamp":
            return None
        return cast(Timestamp, records.decode(self.value))


class Subject:
    """What an invariant looks at: ``record`` (a tree, see ``records.py``) and ``capture``."""

    def __init__(
        self,
        record: Record,
        capture: Capture,
        *,
        page: Page | None = None,
        recurring: Collection[str] = (),
        roles: Mapping[str, str] | None = None,
    ) -> None:
        self.record = record
        self.capture = capture
        self.page = page or Page(capture)
        self.recurring = recurring
        self._roles = roles

    @cached_property
    def all_fields(self) -> tuple[Field, ...]:
        """Every field, those of nested records included, in the record's order."""
        return tuple(self._fields(self.record, "", ""))

    def fields(self, *roles: Role, cards: bool = False) -> list[Field]:
        """The fields of these roles; those of nested records only with ``cards``."""
        return [f for f in self.all_fields if f.role in roles and (cards or not f.card)]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """What a reader of the page sees."""
        return self.page.visible

    @cached_property
    def claims(self) -> Claims:
        """Which of those lines the record claims, and what stays unclaimed."""
        return claim(dict(self.record), self.lines)

    def _fields(self, record: Mapping[str, Tree], prefix: str, card: str) -> Iterator[Field]:
        for name, value in record.items():
            path = f"{prefix}{name}"
            role = role_of(name, self._roles)
            nested = _nested(value)
            if nested:
                for number, item in enumerate(nested):
                    yield from self._fields(item, f"{path}[{number}].", f"{path}[{number}]")
            else:
                yield Field(path, name, role, card, value, tuple(_lines(value, role)))


def _nested(value: Tree) -> list[dict[str, Tree]]:
    """The records of a list of records; a body of sections is text, not records."""
    if not isinstance(value, list) or not value:
        return []
    if all(isinstance(item, dict) and records.tag_of(item) is None for item in value):
        return cast("list[dict[str, Tree]]", value)
    return []


def _lines(value: Tree, role: Role) -> Iterator[str]:
    for _, text in records.leaves(value):
        if role in ("body", "html") and text.lstrip()[:1] == "<" and text.rstrip()[-1:] == ">":
            # Readability and its kin give the article as HTML.
            yield from fragment(text).lines()
        else:
            yield from (line for line in text.splitlines() if line.strip())
