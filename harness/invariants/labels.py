"""Timestamps and their labels: an age is the page's, means what is claimed, and is possible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from harness import timestamps
from harness.invariants.misread import conventions, misread
from harness.invariants.registry import Hit, invariant
from harness.invariants.subject import Field, Subject
from harness.model import Severity, Timestamp
from harness.text import collapse, squash

# Ages are told by front-ends in any zone, and clocks change twice a year.
_HOUR = timedelta(hours=1)


def _stamps(it: Subject) -> Iterator[tuple[Field, Timestamp]]:
    for field in it.fields("published", "modified", cards=True):
        if stamp := field.stamp:
            yield field, stamp


@invariant("timestamp-order", fault="wrong-date")
def timestamp_order(it: Subject) -> Iterator[Hit]:
    """A timestamp's interval begins before it ends, and before the capture."""
    for field, stamp in _stamps(it):
        if stamp.published and stamp.published[0] > stamp.published[1]:
            yield Hit(field.path, "its interval ends before it begins", stamp.text)
        if stamp.age and (stamp.age[0] > stamp.age[1] or stamp.age[0] < 0):
            yield Hit(field.path, f"no age is {stamp.age[0]:g} to {stamp.age[1]:g} s", stamp.text)


@invariant("timestamp-label", fault="stale-date")
def timestamp_label(it: Subject) -> Iterator[Hit]:
    """A timestamp's label stands on the page, means what it claims, and is nothing more."""
    text = ""
    for field, stamp in _stamps(it):
        text = text or squash(it.page.source) + squash("".join(it.reading.texts))
        if stamp.text and squash(stamp.text) not in text:
            yield Hit(field.path, f"{stamp.text!r} does not stand on the page", stamp.text)
            continue
        yield from _label_means(it, field, stamp)
    for field in it.fields("published", "modified", cards=True):
        said = field.value.strip() if isinstance(field.value, str) else ""
        if said and timestamps.parse(said) is None:
            yield from _glued(field, said)


def _glued(field: Field, label: str) -> Iterator[Hit]:
    glued = [part for part in timestamps.split_glued(label) if part.source]
    if glued:
        rest = glued[0].source
        yield Hit(field.path, f"{rest!r} is glued to the label", label, fault="glued")


def _label_means(it: Subject, field: Field, stamp: Timestamp) -> Iterator[Hit]:
    glued = list(_glued(field, stamp.text))
    if glued:
        yield from glued
        return
    languages = [stated.text for stated in it.metadata.languages][:3]
    wrong = misread(stamp, it.capture.captured_at, languages)
    if wrong is not None:
        severity: Severity = "error" if wrong.sure else "warning"
        yield Hit(field.path, wrong.message, stamp.text, severity=severity, fault=wrong.fault)


@invariant("dates-alike", fault="day-month")
def dates_alike(it: Subject) -> Iterator[Hit]:
    """The numeric dates of one page are all read day first, or all month first."""
    for (field, stamp), label in conventions(
        (((field, stamp), stamp) for field, stamp in _stamps(it)), it.capture.captured_at
    ):
        message = f"{stamp.text!r} is not read as {label!r} is: day and month exchanged"
        yield Hit(field.path, message, stamp.text)


@invariant("timestamp-possible", fault="stale-date", severity="warning")
def timestamp_possible(it: Subject) -> Iterator[Hit]:
    """No front-end prints more of a unit than the next one holds, or "1 hours"."""
    for field, stamp in _stamps(it):
        label = collapse(stamp.text).casefold()
        count, cap = stamp.count, _CAPS.get(stamp.unit or "", 0)
        if count is not None and cap and count > cap:
            yield Hit(field.path, f"{count} {stamp.unit}s: the unit ends at {cap}", stamp.text)
        elif count == 1 and label.startswith("1 ") and f"{stamp.unit}s" in label:
            yield Hit(field.path, f"{stamp.text!r}: one, in the plural", stamp.text)


# Beyond these a label turns to the next unit; hours run on where a front-end has no days.
_CAPS = {"second": 90, "minute": 90, "hour": 48, "day": 366, "week": 104, "month": 24}


@invariant("label-holds-date", fault="stale-date")
def label_holds_date(it: Subject) -> Iterator[Hit]:
    """The date that the page states for machines lies inside the interval of its label."""
    for field, stamp in _stamps(it):
        if field.card or stamp.kind != "relative" or stamp.published is None:
            continue
        claims = [*it.metadata.published, *it.metadata.modified]
        exact = [claim for claim in claims if claim.moment.instant]
        early, late = stamp.published[0] - _HOUR, stamp.published[1] + _HOUR
        if exact and not any(early <= claim.moment.span[0] <= late for claim in exact):
            message = f"the page's {exact[0].source} is {exact[0].moment.text}"
            yield Hit(field.path, message, stamp.text, severity="warning")
