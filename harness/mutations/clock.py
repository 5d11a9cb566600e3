"""The same page at another time: captured later, or captured again.

Nothing here asks a clock. A shifted capture is the same bytes said to have been captured later: an
age then means a later instant, a date the same one. A recapture is what the site's front-end
would have shown later of the same stories: other ages, the same instants.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from harness import records
from harness.model import Capture, Tree
from harness.mutations.differences import Difference, role_of, words_differ, words_of
from harness.mutations.draft import Draft, Edit, Mutation, draft_of
from harness.mutations.markup import TEXT
from harness.mutations.relations import Record, Relation
from harness.text import collapse, shorten
from harness.timestamps import parse, split_glued
from harness.visible import LINE_END

FAMILY = "time"
_TAGS = ("$datetime", "$date")


@dataclass(frozen=True)
class ClockShift(Relation):
    """Ages are the same and mean instants that much later; all else is as it was.

    A calendar date may move too: "yesterday", or a date without a year. Instants that an
    extractor worked out itself are either what the page says or follow the clock.
    """

    name = "clock-shift"
    seconds: float = 0.0

    def compare(self, before: Record, after: Record) -> Iterator[tuple[str, Difference]]:
        for field in dict.fromkeys([*before, *after]):
            found = _compare(field, before.get(field), after.get(field), self._value)
            if found:
                yield field, found

    def _value(self, field: str, old: Tree, new: Tree) -> Difference | None:
        shift = timedelta(seconds=self.seconds)
        if _claim(old) is not None and _claim(new) is not None:
            return self._claims(_claim(old) or {}, _claim(new) or {}, shift)
        if isinstance(old, str) and isinstance(new, str) and not _is_instant(old):
            return words_differ(field, words_of(old), words_of(new))
        if old == new or _instant(new) == _later(_instant(old), shift):
            return None
        return Difference("wrong-date", f"{_show(old)} became {_show(new)}")

    def _claims(self, old: Record, new: Record, shift: timedelta) -> Difference | None:
        # How old a date is at the capture changes with the capture; how old "2 hours ago" is, not.
        moves = ("published",) if old.get("kind") == "relative" else ("published", "age")
        if any(old.get(key) != new.get(key) for key in {*old, *new}.difference(moves)):
            return Difference("wrong-date", f"{_show(old)} became {_show(new)}")
        first, second = _interval(old), _interval(new)
        moved = first and (_later(first[0], shift), _later(first[1], shift))
        allowed = {"relative": (moved,), "absolute": (first,)}.get(str(old.get("kind")))
        if second in (allowed or (first, moved)):
            return None
        message = f"published {first} became {second} when captured {shift} later"
        return Difference("wrong-date", message)


@dataclass(frozen=True)
class Recapture(Relation):
    """Ages were printed anew, and mean the same instants: what both claims allow, overlaps.

    ``relabels`` are the labels before and after. Everything else has the same tokens.
    """

    name = "recapture"
    relabels: tuple[tuple[str, str], ...] = ()

    def compare(self, before: Record, after: Record) -> Iterator[tuple[str, Difference]]:
        for field in dict.fromkeys([*before, *after]):
            found = _compare(field, before.get(field), after.get(field), self._value)
            if found:
                yield field, found

    def _value(self, field: str, old: Tree, new: Tree) -> Difference | None:
        first, second = _claim(old), _claim(new)
        if first is not None and second is not None:
            one, other = _interval(first), _interval(second)
            if one is None and other is None:
                return None
            if one and other and one[0] <= other[1] and other[0] <= one[1]:
                return None
            return Difference(
                "wrong-date",
                f"{first.get('text')!r} ({one}) and, later, {second.get('text')!r} ({other})"
                " cannot be the same instant",
            )
        if isinstance(old, str) and isinstance(new, str):
            return (
                None
                if self._same(old, new)
                else words_differ(field, words_of(old), words_of(new), role=role_of(field))
            )
        if old == new or (_instant(old) and _instant(new)):
            return None
        return Difference("wrong-date", f"{_show(old)} became {_show(new)}")

    def _same(self, old: str, new: str) -> bool:
        if old == new:
            return True
        return any(
            old.endswith(a)
            and new.endswith(b)
            and old[: len(old) - len(a)] == new[: len(new) - len(b)]
            for a, b in self.relabels
        )


Compare = Callable[[str, Tree, Tree], Difference | None]


def _compare(field: str, old: Tree, new: Tree, value: Compare) -> Difference | None:
    """Walks two trees side by side down to claims and plain values."""
    if old == new and "timestamp" not in str(old):
        return None
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        found = (_compare(field, a, b, value) for a, b in zip(old, new, strict=True))
        return next((diff for diff in found if diff), None)
    if isinstance(old, dict) and isinstance(new, dict) and not _is_value(old):
        found = (_compare(_path(field, k), old[k], new.get(k), value) for k in old)
        return next((diff for diff in found if diff), None)
    if type(old) is not type(new):
        return words_differ(field, words_of(old), words_of(new)) or Difference(
            "empty" if new is None else "type", f"{_show(old)} became {_show(new)}"
        )
    if isinstance(old, list):
        return words_differ(field, words_of(old), words_of(new))
    return value(field, old, new)


def _path(field: str, key: str) -> str:
    return f"{field}.{key}"


def _is_value(tree: Tree) -> bool:
    return records.tag_of(tree) not in (None, "$tuple", "$set")


def _claim(tree: Tree) -> Record | None:
    tag = records.tag_of(tree)
    found = tree[tag] if isinstance(tree, dict) and tag == "$timestamp" else None
    return found if isinstance(found, dict) else None


def _interval(claim: Record) -> tuple[datetime, datetime] | None:
    found = claim.get("published")
    if not isinstance(found, dict):
        return None
    return (
        datetime.fromisoformat(str(found["earliest"])),
        datetime.fromisoformat(str(found["latest"])),
    )


def _later(moment: datetime | None, shift: timedelta) -> datetime | None:
    try:
        return moment and moment + shift
    except OverflowError:  # 9999-12-31, which databases write for "never"
        return moment


def _is_instant(text: str) -> bool:
    return bool(re.match(r"\d{4}-\d\d-\d\d", text)) and _instant(text) is not None


def _instant(tree: Tree) -> datetime | None:
    """The instant of a tagged value or of a text in ISO 8601."""
    tag = records.tag_of(tree)
    text = tree[tag] if isinstance(tree, dict) and tag in _TAGS else tree
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _show(tree: Tree) -> str:
    return shorten(str(tree), 60)


def _shift(capture: Capture, rng: Random) -> Edit | None:
    """Whole days, so that the calendar moves with the clock."""
    if capture.captured_at is None:
        return None
    delta = timedelta(days=rng.randrange(1, 20))
    moved = _later(capture.captured_at, delta)
    made = replace(capture, captured_at=moved)
    return Edit(made, ClockShift(delta.total_seconds()), f"captured {delta.days} days later")


# The spellings that are printed again as they were; other languages are left alone.
_UNITS = {
    "second": (1, "seconds? secs? s"),
    "minute": (60, "minutes? mins? m"),
    "hour": (3600, "hours? hrs? hr h"),
    "day": (86400, "days? d"),
    "week": (7 * 86400, "weeks? wks? w"),
    "month": (30.44 * 86400, "months? mos? mo"),
    "year": (365 * 86400, "years? yrs? y"),
}
_LABEL = re.compile(
    # "time" is the alternative text of a clock, which flattened captures glue to the age.
    r"(?P<lead>(?:updated|posted|published)\s+|time)?(?P<count>\d{1,3}|an?|a few)(?P<gap>\s?)(?:"
    + "|".join(f"(?P<{unit}>{'|'.join(forms.split())})" for unit, (_, forms) in _UNITS.items())
    + r")(?P<ago>\s+ago)?",
    re.I,
)
_LONGEST_LABEL = 60
# Where in its unit a story's true age lies. Below a half, rounding and cutting off agree.
_FRACTION = 0.2


@dataclass(frozen=True, slots=True)
class Label:
    """An age as printed: the part of a text before it, and the age taken apart."""

    before: str
    text: str
    unit: str
    count: int
    words: bool
    short: bool
    match: re.Match[str]

    @property
    def age(self) -> float:
        """A true age, in seconds, that every front-end would print so."""
        if self.words and self.unit == "second":
            return 20.0
        return (self.count + _FRACTION) * _UNITS[self.unit][0]


class _UnreadableError(Exception):
    """A page with an age that cannot be printed anew; such a page is left alone."""


def read_label(text: str) -> Label | None:
    """The age that a text is, or ends with; None when it is none. Raises for other languages."""
    if not text or len(text) > _LONGEST_LABEL:
        return None
    claim = parse(text)
    if claim is not None and claim.kind == "relative":
        return _taken_apart("", text)
    glued = split_glued(text, front_end="moment") if text.endswith("ago") else []
    if not glued:
        return None
    if len(glued) > 1:
        raise _UnreadableError
    return _taken_apart(text[: len(text) - len(glued[0].label)], glued[0].label)


def _taken_apart(before: str, text: str) -> Label:
    match = _LABEL.fullmatch(text)
    if match is None:
        raise _UnreadableError
    unit = next(name for name in _UNITS if match[name])
    words = not match["count"].isdigit()
    short = len(match[unit]) < 3 or not match["ago"]
    return Label(before, text, unit, 1 if words else int(match["count"]), words, short, match)


def _is_moment(labels: list[Label]) -> bool:
    """Whether a page's ages are those of moment or dayjs, by what they would never print.

    https://momentjs.com/docs/#/customization/relative-time-threshold/
    """
    most = {"second": 0, "minute": 44, "hour": 21, "day": 25, "month": 10, "week": 0}
    return all(
        not label.short and (label.words or 1 < label.count <= most.get(label.unit, 99))
        for label in labels
    )


def print_label(label: Label, age: float, moment: bool) -> str:
    """The label that the same front-end would print for another age."""
    if moment:
        return _lead(label) + _as_moment(age)
    units = [u for u in _UNITS if u != "week" or label.unit == "week"]
    unit = next((u for u in reversed(units) if age >= _UNITS[u][0]), "second")
    count = int(age / _UNITS[unit][0])
    word = label.match[label.unit]
    if len(word) == 1 or unit == label.unit:
        name = word if unit == label.unit else ("mo" if unit == "month" else unit[0])
        name = name.rstrip("s") if len(name) > 2 else name
    else:
        name = unit
    plural = "s" if len(name) > 2 and count != 1 else ""
    return f"{_lead(label)}{count}{label.match['gap']}{name}{plural}{label.match['ago'] or ''}"


def _lead(label: Label) -> str:
    return label.match["lead"] or ""


def _as_moment(age: float) -> str:
    def rounded(unit: str) -> int:
        return int(age / _UNITS[unit][0] + 0.5)

    for unit, below, one in (
        ("second", 45, 0),
        ("minute", 45, 1),
        ("hour", 22, 1),
        ("day", 26, 1),
        ("month", 11, 1),
    ):
        if rounded(unit) < below:
            if unit == "second":
                return "a few seconds ago"
            article = "an" if unit == "hour" else "a"
            return (
                f"{article} {unit} ago" if rounded(unit) <= one else f"{rounded(unit)} {unit}s ago"
            )
    return "a year ago" if rounded("year") <= 1 else f"{rounded('year')} years ago"


def _recapture(capture: Capture, rng: Random) -> Edit | None:
    """Every age of the page anew, as its front-end would have printed it."""
    if capture.captured_at is None:
        return None
    draft = draft_of(capture)
    if not (draft.page.is_html or capture.media_type == "text/plain"):
        return None
    texts = _texts(draft)
    try:
        found = {text: label for text in dict.fromkeys(texts) if (label := read_label(text))}
    except _UnreadableError:
        return None
    hours = rng.choice([1, 3, 7, 24, 48, 120])
    anew = _printed(found, hours * 3600.0)
    if not anew:
        return None
    relabels = tuple(
        sorted({(found[old].text, new[len(found[old].before) :]) for old, new in anew.items()})
    )
    made = _replaced(draft, anew)
    edit = draft.finish(made, Recapture(relabels), f"captured again {hours} hours later")
    moved = _later(capture.captured_at, timedelta(hours=hours))
    return edit and replace(edit, capture=replace(edit.capture, captured_at=moved))


def _printed(found: dict[str, Label], delta: float) -> dict[str, str]:
    """The texts anew; nothing when one of them could then be read in another way."""
    moment = _is_moment(list(found.values()))
    anew = {}
    for text, label in found.items():
        new = label.before + print_label(label, label.age + delta, moment)
        try:
            again = read_label(new)
        except _UnreadableError:
            return {}
        if again is None or again.before != label.before:
            return {}
        anew[text] = new
    return anew


def _texts(draft: Draft) -> list[str]:
    if draft.page.is_html:
        hidden = draft.outline.out_of_sight
        return [
            collapse(t.source)
            for i, t in enumerate(draft.tokens)
            if t.kind is TEXT and not hidden[i]
        ]
    return [collapse(line) for line in LINE_END.split(draft.source)]


def _replaced(draft: Draft, anew: dict[str, str]) -> str:
    def change(text: str) -> str:
        bare = text.strip()
        new = anew.get(collapse(text))
        return text if new is None or not bare else text.replace(bare, new, 1)

    if not draft.page.is_html:
        return "".join(change(line) for line in re.split(r"(\r\n|\r|\n)", draft.source))
    hidden = draft.outline.out_of_sight
    return "".join(
        change(t.source) if t.kind is TEXT and not hidden[i] else t.source
        for i, t in enumerate(draft.tokens)
    )


MUTATIONS: tuple[Mutation, ...] = (
    Mutation("clock-shift", FAMILY, "the same bytes, captured days later", True, _shift),
    Mutation("recapture", FAMILY, "captured again, ages printed anew", True, _recapture),
)
