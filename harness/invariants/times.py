"""Times of publication and change: what the record claims against what the page claims."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from harness.invariants.metadata import Dated
from harness.invariants.moments import SLACK, Moment, agree, read_label
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Field, Subject
from harness.model import Severity

# A line that shows a date is short; prose holds years and numbers of all kinds.
_SHORT = 150
_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)
# Offsets run from -12:00 to +14:00; two that differ by more than this are no one's mistake.
_WIDEST = timedelta(hours=14)
# Names under which templates put the time of printing, of indexing or of a change as well.
_LOOSE = frozenset("date time dc.date dcterms.date created dcterms.created revised".split())
# Without the time of the capture, the last time on the page is only a hint of it.
_LATER = timedelta(days=30)
# Clocks differ, and a scheduled page is fetched a little before the time that it gives.
_SKEW = timedelta(minutes=15)


def moment_of(it: Subject, field: Field) -> Moment | None:
    """The field as a moment; a relative label counts from the capture."""
    if isinstance(field.value, str):
        return read_label(field.value, it.capture.captured_at)
    return field.moment


def _published(it: Subject) -> Iterator[tuple[Field, Moment]]:
    for field in it.fields("published"):
        if moment := moment_of(it, field):
            yield field, moment


def _strongest(claims: Sequence[Dated]) -> list[Dated]:
    """The claims that say the most: instants with their zone, else times, else days."""
    ranks = [_rank(claim.moment) for claim in claims]
    return [claim for claim, rank in zip(claims, ranks, strict=True) if rank == min(ranks)]


def _rank(moment: Moment) -> int:
    if moment.instant is not None and not moment.midnight:
        return 0
    if moment.precision == "time" and not moment.midnight:
        return 1
    return 2


@invariant("published-agrees", fault="wrong-date")
def published_agrees(it: Subject) -> Iterator[Hit]:
    """The time of publication is one that the page states."""
    said = it.metadata
    for field, moment in _published(it):
        claims = _strongest(said.published) or _strongest(
            [claim for claim in said.times if claim.source != "url"]
        )
        if any(_same(moment, claim.moment) for claim in claims) or not claims:
            yield from _against_address(it, field, moment)
            yield from _against_earlier(it, field, moment, claims)
            continue
        if not said.published:
            yield from _against_times(it, field, moment)
            continue
        fault, severity = _what_is_wrong(it, moment, claims)
        best = min(claims, key=lambda claim: abs(_middle(claim.moment) - _middle(moment)))
        message = f"the page's {best.source} is {best.moment.text}"
        if fault == "wrong-date" and all(claim.source in _LOOSE for claim in claims):
            severity = "warning"
        yield Hit(field.path, message, moment.text, fault=fault, severity=severity)


def _against_address(it: Subject, field: Field, moment: Moment) -> Iterator[Hit]:
    """The day in the page's address, which was there before any template could misread it."""
    for claim in it.metadata.times:
        if claim.source != "url" or not _swapped_agrees(moment, claim.moment):
            continue
        if _days_apart(moment, claim.moment) > 1:
            message = f"the page's address says {claim.moment.text}: day and month exchanged"
            yield Hit(field.path, message, moment.text, fault="day-month")


def _against_earlier(
    it: Subject, field: Field, moment: Moment, claims: Sequence[Dated]
) -> Iterator[Hit]:
    """The time of a change, which some templates give for that of publication too."""
    changes = [claim.moment for claim in it.metadata.modified if claim.moment.precision == "time"]
    changed = any(_same(moment, change) for change in changes)
    if moment.precision != "time" or not changed or not it.metadata.published:
        return
    for claim in claims:
        if claim.moment.precision == "time" and claim.moment.span[1] < moment.span[0] - SLACK:
            message = f"also the time of a change; the page's {claim.source} is {claim.moment.text}"
            fault = "updated-for-published"
            yield Hit(field.path, message, moment.text, fault=fault, severity="warning")
            return


def _same(a: Moment, b: Moment) -> bool:
    """Whether two claims of one page are one time, as far as both say.

    A naive time beside an aware one is that wall clock in some zone: its minutes must agree.
    """
    if not agree(a, b):
        return False
    if a.precision != "time" or b.precision != "time" or not a.when or not b.when:
        return True
    if (a.when.tzinfo is None) == (b.when.tzinfo is None):
        return True
    off = abs(a.when.replace(tzinfo=None) - b.when.replace(tzinfo=None))
    return off <= SLACK or (a.when.tzinfo is not None and _whole_quarters(off))


def _whole_quarters(apart: timedelta) -> bool:
    """Whether a difference is one that two zones have: whole quarters of an hour."""
    rest = apart % _QUARTER
    return min(rest, _QUARTER - rest) <= SLACK


def _what_is_wrong(it: Subject, moment: Moment, claims: Sequence[Dated]) -> tuple[str, Severity]:
    """The fault class of a time that no claim of the page agrees with."""
    others = [claim.moment for claim in claims]
    if any(_swapped_agrees(moment, other) for other in others):
        return "day-month", "error"
    if any(_only_day(moment, other) for other in others):
        return "day-only", "error"
    changes = [c.moment for c in it.metadata.modified if _rank(c.moment) == _rank(moment)]
    if any(_same(moment, change) for change in changes):
        return "updated-for-published", "error"
    for other in others:
        if fault := _offset_fault(moment, other):
            return fault, "error" if other.instant and moment.instant else "warning"
    stated = [*it.metadata.published, *it.metadata.modified, *it.metadata.times]
    close = any(_days_apart(moment, claim.moment) <= 1 for claim in stated)
    close = close and moment.precision != "time"
    close = close or (
        moment.precision != "time" and moment.day is not None and _shows_day(it, moment.day)
    )
    return "wrong-date", "warning" if close else "error"


def _offset_fault(a: Moment, b: Moment) -> str:
    """Whether two instants differ by what two zones, or two readings of a clock, differ by."""
    if a.when is None or b.when is None or "day" in (a.precision, b.precision):
        return ""
    if (a.when.tzinfo is None) == (b.when.tzinfo is None):
        apart = abs(a.when - b.when)
    else:
        apart = abs(a.when.replace(tzinfo=None) - b.when.replace(tzinfo=None))
    if apart > _WIDEST + SLACK or not _whole_quarters(apart) or apart < _QUARTER - SLACK:
        return ""
    return "twelve-hour" if abs(apart - 12 * _HOUR) <= SLACK else "wrong-zone"


def swapped(day: date) -> date | None:
    """The day with its number and its month's number exchanged, where that is another day."""
    if day.day > 12 or day.day == day.month:
        return None
    return day.replace(month=day.day, day=day.month)


def _swapped_agrees(moment: Moment, other: Moment) -> bool:
    other_day = swapped(moment.day) if moment.day else None
    if other_day is None or abs(other_day - moment.day).days < 2:  # type: ignore[operator]
        return False
    return _days_between(other_day, other) <= (0 if other.precision == "day" else 1)


def _days_between(day: date, other: Moment) -> int:
    """How many days lie between a day and a moment, as written."""
    if other.day is not None:
        return abs((other.day - day).days)
    first, last = other.span[0].date(), other.span[1].date()
    return max(0, (first - day).days, (day - last).days)


def _days_apart(a: Moment, b: Moment) -> int:
    return _days_between(a.day, b) if a.day else _days_between(a.span[0].date(), b)


def _only_day(moment: Moment, other: Moment) -> bool:
    """Whether the moment is the other one cut down to its day, at midnight."""
    if not moment.midnight or other.precision != "time" or other.midnight or other.when is None:
        return False
    days = {other.when.date()}
    if other.when.tzinfo is not None and moment.when is not None and moment.when.tzinfo is not None:
        days.add(other.when.astimezone(moment.when.tzinfo).date())
    return moment.day in days


def _middle(moment: Moment) -> datetime:
    return moment.span[0] + (moment.span[1] - moment.span[0]) / 2


def _against_times(it: Subject, field: Field, moment: Moment) -> Iterator[Hit]:
    """A page that only shows times, its cards' and comments' among them."""
    for claim in it.metadata.times:
        if _swapped_agrees(moment, claim.moment):
            message = f"the page's {claim.source} is {claim.moment.text}: day and month exchanged"
            yield Hit(field.path, message, moment.text, fault="day-month")
            return
    for claim in it.metadata.times:
        if _only_day(moment, claim.moment):
            message = f"the page's {claim.source} is {claim.moment.text}"
            yield Hit(field.path, message, moment.text, fault="day-only", severity="warning")
            return
    for claim in islice(it.metadata.times, 1):
        fault = _offset_fault(moment, claim.moment)
        if fault or (moment.precision == "time" and _rank(claim.moment) < 2):
            message = f"the page's {claim.source} is {claim.moment.text}"
            fault = fault or "wrong-date"
            yield Hit(field.path, message, moment.text, fault=fault, severity="warning")


@invariant("published-on-page", fault="wrong-date", severity="warning")
def published_on_page(it: Subject) -> Iterator[Hit]:
    """A page that states no time of publication for machines shows its day somewhere."""
    if it.metadata.published or not it.page.is_html:
        return
    for field, moment in _published(it):
        day = moment.day
        said = [claim.moment for claim in it.metadata.times]
        if day is None or any(_days_apart(moment, each) <= 1 for each in said):
            continue
        other = swapped(day)
        if other and _written(it, other) and not _written(it, day):
            message = f"the page has {other}, not {day}: day and month exchanged"
            yield Hit(field.path, message, moment.text, severity="error", fault="day-month")
        elif it.metadata.times and not _written(it, day):
            claim = it.metadata.times[0]
            message = f"the page does not state that day; its {claim.source} is {claim.moment.text}"
            yield Hit(field.path, message, moment.text)


@invariant("clock-on-page", fault="wrong-zone", severity="warning")
def clock_on_page(it: Subject) -> Iterator[Hit]:
    """The time of day stands on a page that states no time for machines."""
    claims = [*it.metadata.published, *it.metadata.times]
    if not it.page.is_html or any(_rank(claim.moment) < 2 for claim in claims):
        return
    for field, moment in _published(it):
        when = moment.when
        if when is None or moment.precision != "time" or moment.midnight:
            continue
        hour = when.hour % 12 or 12
        shown = rf"(?<!\d)(?:0?{when.hour}|0?{hour})[:.h]{when.minute:02}(?!\d)"
        if not re.search(shown, it.page.source):
            yield Hit(field.path, f"{when:%H:%M} does not stand on the page", moment.text)


def _shows_day(it: Subject, day: date) -> bool:
    """Whether a short line of the page holds the numbers of the day and the year."""
    number = re.compile(rf"(?<!\d)0?{day.day}(?!\d)")
    year = str(day.year)
    return any(
        year in text and number.search(text.replace(year, " "))
        for text in it.reading.texts
        if len(text) < _SHORT
    )


def _written(it: Subject, day: date) -> bool:
    """Whether the page's source holds a day in a form that tells day from month."""
    source, year = it.page.source, day.year
    forms = [f"{year}-{day:%m-%d}", f"{year}/{day:%m/%d}", f"{year}{day:%m%d}"]
    if day.day > 12:
        forms += [f"{day:%d}{sign}{day:%m}{sign}{year}" for sign in "./-"]
        forms += [f"{day:%m}/{day:%d}/{year}"]
    return any(form in source for form in forms)


@invariant("not-after-capture", fault="future-date")
def not_after_capture(it: Subject) -> Iterator[Hit]:
    """Nothing was published or changed after the page was captured."""
    captured_at = it.capture.captured_at
    for field in it.fields("published", "modified"):
        moment = moment_of(it, field)
        if moment is None:
            continue
        latest = captured_at or _latest(it)
        if latest is None:
            continue
        skew = _SKEW if captured_at else timedelta(days=1)
        if moment.span[0] > latest + skew:
            other = swapped(moment.day) if moment.day else None
            was = "day-month" if other and other <= latest.date() else "future-date"
            what = "the capture was made" if captured_at else "the last time on the page is"
            seen = moment.day is not None and _shows_day(it, moment.day)
            sure = captured_at or (it.metadata.published and not seen)
            sure = sure and (captured_at or moment.span[0] > latest + _LATER)
            yield Hit(
                field.path,
                f"{moment.text} lies in the future: {what} {latest.isoformat()}",
                moment.text,
                fault=was,
                severity="error" if sure else "warning",
            )


def _latest(it: Subject) -> datetime | None:
    said = [*it.metadata.published, *it.metadata.modified, *it.metadata.times]
    return max((claim.moment.span[1] for claim in said), default=None)


@invariant("published-before-modified", fault="updated-for-published")
def published_before_modified(it: Subject) -> Iterator[Hit]:
    """Nothing is changed before it is published."""
    for field in it.fields("modified"):
        changed = moment_of(it, field)
        for other, published in _published(it) if changed else ():
            if changed and published.span[0] > changed.span[1] + _SKEW:
                message = f"{changed.text} is before {other.path} {published.text}"
                yield Hit(field.path, message, changed.text)


@invariant("modified-agrees", fault="wrong-date", severity="warning")
def modified_agrees(it: Subject) -> Iterator[Hit]:
    """The time of the last change is one that the page states."""
    claims = _strongest(it.metadata.modified)
    for field in it.fields("modified") if claims else ():
        moment = moment_of(it, field)
        if moment is None or any(_same(moment, claim.moment) for claim in claims):
            continue
        fault, severity = _what_is_wrong(it, moment, claims)
        if fault in ("updated-for-published", "wrong-date"):
            fault, severity = "wrong-date", "warning"
        message = f"the page's {claims[0].source} is {claims[0].moment.text}"
        yield Hit(field.path, message, moment.text, fault=fault, severity=severity)


@invariant("instant-is-whole", fault="day-only", severity="warning")
def instant_is_whole(it: Subject) -> Iterator[Hit]:
    """A field that is named after a time has one, where the page states it."""
    for field, moment in _published(it):
        if moment.precision != "day" or not field.name.lower().endswith(("time", "_at", "stamp")):
            continue
        for claim in islice(_strongest(it.metadata.published), 1):
            same = agree(moment, claim.moment)
            if same and claim.moment.precision == "time" and not claim.moment.midnight:
                message = f"a day only; the page's {claim.source} is {claim.moment.text}"
                yield Hit(field.path, message, moment.text)


@invariant("time-empty", fault="empty")
def time_empty(it: Subject) -> Iterator[Hit]:
    """A page that states when it was published gives that to its record."""
    fields = it.fields("published")
    if not fields or any(field.value not in (None, "", []) for field in fields):
        return
    for claim in islice(it.metadata.published, 1):
        message = f"empty, and the page's {claim.source} is {claim.moment.text}"
        article = claim.source.startswith("json-ld") or claim.source == "article:published_time"
        day = claim.moment.day
        severity: Severity = "error" if article and day and _shows_day(it, day) else "warning"
        yield Hit(fields[0].path, message, claim.moment.text, severity=severity)
