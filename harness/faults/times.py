"""Operators for times: exchanged, shifted, cut down to days, another's, or later than the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import cast

from harness.faults.moments import Moment, read_moment, shifted
from harness.faults.operator import Harm, Site, fault
from harness.model import Tree
from harness.records import tag_of

# The mean month, and a year as front-ends count it.
_SECONDS = {
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
    "week": 604800.0,
    "month": 30.44 * 86400,
    "year": 365.0 * 86400,
}
# The largest number of a label that is an age and no year: "3 hours ago", "vor 12 Minuten".
_NUMBER = re.compile(r"\D*?(\d{1,2})\D*")


def _move(harm: Harm, *kinds: str, to: Callable[[Moment], datetime | None]) -> None:
    """Moves one time of publication, where ``to`` says whither. Only times of these kinds."""

    def fits(site: Site) -> bool:
        moment = read_moment(site.value)
        return moment is not None and moment.kind in kinds and target(moment) is not None

    def target(moment: Moment) -> datetime | None:
        try:
            return to(moment)
        except (ValueError, OverflowError):
            return None  # there is no such day, or no such year

    site = harm.pick("published", where=fits)
    moment = read_moment(site.value) if site else None
    whither = target(moment) if moment else None
    if site and moment and whither is not None:
        with suppress(ValueError, OverflowError):
            site.value = moment.moved(whither)


@fault("day-month-swapped", of="day-month", roles=("published",))
def day_month_swapped(harm: Harm) -> None:
    """The day is read as the month and the month as the day."""
    _move(
        harm,
        "instant",
        "day",
        to=lambda m: (
            None if m.at.day == m.at.month else m.at.replace(day=m.at.month, month=m.at.day)
        ),
    )


@fault("zone-wrong", of="wrong-zone", roles=("published",), strengths=(1.0, 5.5, 8.0))
def zone_wrong(harm: Harm) -> None:
    """The instant is off by so many hours, as where a zone was read wrongly or left out."""
    hours = harm.strength * harm.random.choice([-1, 1])
    _move(harm, "instant", to=lambda m: m.at + timedelta(hours=hours))


@fault("clock-of-twelve", of="twelve-hour", roles=("published",))
def clock_of_twelve(harm: Harm) -> None:
    """The instant is off by twelve hours, as where "PM" was left out."""

    def to(moment: Moment) -> datetime | None:
        if (moment.at.hour, moment.at.minute) == (0, 0):
            return None
        return moment.at + timedelta(hours=12 if moment.at.hour < 12 else -12)

    _move(harm, "instant", to=to)


@fault("in-the-future", of="future-date", roles=("published",), strengths=(2, 40, 400))
def in_the_future(harm: Harm) -> None:
    """The time lies so many days after the capture."""
    captured = harm.sight.capture.captured_at
    if captured:
        _move(
            harm,
            "instant",
            "day",
            "relative",
            to=lambda m: _naive(captured, m) + timedelta(days=harm.strength),
        )


@fault("time-of-update", of="updated-for-published", roles=("published", "modified"))
def time_of_update(harm: Harm) -> None:
    """The time of the last change stands for that of publication."""
    stated = [read_moment(site.value) for site in harm.sites("modified") if not site.card]
    changed = next((moment.at for moment in stated if moment), harm.sight.updated)
    if changed:
        _move(harm, "instant", "day", to=lambda m: _other(m, changed))


@fault("cut-to-day", of="day-only", roles=("published",))
def cut_to_day(harm: Harm) -> None:
    """The instant is cut down to the midnight that its day began with."""

    def to(moment: Moment) -> datetime | None:
        midnight = moment.at.replace(hour=0, minute=0, second=0, microsecond=0)
        return None if midnight == moment.at else midnight

    _move(harm, "instant", to=to)


@fault("date-off", of="wrong-date", roles=("published",), strengths=(1, 7, 365))
def date_off(harm: Harm) -> None:
    """The date is so many days too early or too late."""
    days = harm.strength * harm.random.choice([-1, -1, 1])
    _move(harm, "instant", "day", "relative", to=lambda m: m.at + timedelta(days=days))


@fault("date-of-capture", of="wrong-date", roles=("published",))
def date_of_capture(harm: Harm) -> None:
    """The time of the capture stands for that of publication."""
    captured = harm.sight.capture.captured_at
    if captured:
        _move(harm, "instant", "day", to=lambda m: _other(m, captured))


@fault("beginning-of-time", of="wrong-date", roles=("published",))
def beginning_of_time(harm: Harm) -> None:
    """The time is the zero of a computer's clock, 1970."""
    zero = datetime(1970, 1, 1, tzinfo=UTC)
    _move(harm, "instant", "day", to=lambda m: _other(m, zero))


@fault("other-date-of-page", of="wrong-date", roles=("published",))
def other_date_of_page(harm: Harm) -> None:
    """Another date of the page stands for that of publication."""
    dates, chance = harm.sight.dates, harm.random.random()

    def to(moment: Moment) -> datetime | None:
        others = [other for date in dates if (other := _other(moment, date, days=1))]
        return others[int(chance * len(others))] if others else None

    _move(harm, "instant", "day", to=to)


@fault("date-of-card", of="wrong-date", roles=("published", "related"))
def date_of_card(harm: Harm) -> None:
    """The time of a nested record stands for the article's."""
    own = [site for site in harm.sites("published") if not site.card and site.value]
    others = [site.value for site in harm.sites("published") if site.card and site.value]
    others = [value for value in others if own and value != own[0].value]
    if others:
        own[0].value = harm.random.choice(others)


@fault("age-changed", of="stale-date", roles=("published",))
def age_changed(harm: Harm) -> None:
    """The age is another than the page states, as one that was kept from an earlier visit."""
    _recount(harm, lambda count: count + harm.random.choice([1, 2, 3]))


@fault("age-lost-digit", of="stale-date", roles=("published",))
def age_lost_digit(harm: Harm) -> None:
    """A digit of the age was taken for the end of the source's name."""
    _recount(harm, lambda count: count % 10 if count >= 10 and count % 10 else None)


def _recount(harm: Harm, change: Callable[[int], int | None]) -> None:
    def fits(site: Site) -> bool:
        match = _NUMBER.fullmatch(_label(site.value))
        return bool(match) and change(int(match[1])) is not None  # type: ignore[index]

    site = harm.pick("published", where=fits)
    match = _NUMBER.fullmatch(_label(site.value)) if site else None
    if not site or not match:
        return
    old = int(match[1])
    new = change(old)
    label = f"{match[0][: match.start(1)]}{new}{match[0][match.end(1) :]}"
    site.value = label if isinstance(site.value, str) else _relabelled(site.value, label, old, new)


def _label(value: Tree) -> str:
    if isinstance(value, str):
        return value
    claim = value.get("$timestamp") if isinstance(value, dict) and tag_of(value) else None
    text = claim.get("text") if isinstance(claim, dict) else None
    return text if isinstance(text, str) else ""


def _relabelled(value: Tree, label: str, old: int, new: int | None) -> Tree:
    """A claim with another label, and where it is an age, with the interval that goes with it."""
    claim = dict(cast("dict[str, Tree]", cast("dict[str, Tree]", value)["$timestamp"]))
    claim["text"] = label
    unit, count = claim.get("unit"), claim.get("count")
    moment = read_moment({"$timestamp": claim})
    if new is None or claim.get("kind") != "relative" or count != old or moment is None:
        return {"$timestamp": claim}
    claim["count"] = new
    back = timedelta(seconds=(new - old) * _SECONDS.get(str(unit), 0.0))
    with suppress(OverflowError):
        moved = read_moment({"$timestamp": claim})
        return shifted(moved, -back) if moved else {"$timestamp": claim}
    return {"$timestamp": claim}


def _naive(at: datetime, moment: Moment) -> datetime:
    """``at`` as a moment states times: without a zone where it has none."""
    return at if moment.at.tzinfo else at.replace(tzinfo=None)


def _other(moment: Moment, at: datetime, days: int = 0) -> datetime | None:
    """``at`` where it is not the moment's own: another day, or for instants ten minutes off."""
    there = _naive(at, moment)
    if moment.at.tzinfo and there.tzinfo is None:
        there = there.replace(tzinfo=moment.at.tzinfo)
    apart = timedelta(days=1) if moment.kind == "day" or days else timedelta(minutes=10)
    return None if abs(there - moment.at) < apart else there
