"""What an invariant is: a named predicate true of any right record, given its capture."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType

from harness.errors import ConfigError
from harness.faults.classes import CLASSES
from harness.invariants.subject import Subject
from harness.model import Finding, Severity
from harness.text import shorten


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where an invariant does not hold, as its function yields it.

    ``severity`` and ``fault`` are those of the invariant unless they are given here.
    """

    field: str
    message: str
    quote: str = ""
    place: tuple[int, int, int] | None = None
    severity: Severity | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Invariant:
    """A predicate with its name, severity and the fault class that it stands for."""

    name: str
    fault: str
    severity: Severity
    function: Callable[[Subject], Iterable[Hit]]
    doc: str = ""

    def __call__(self, subject: Subject) -> Iterator[Finding]:
        for hit in self.function(subject):
            yield Finding(
                self.name,
                hit.field,
                hit.severity or self.severity,
                hit.fault or self.fault,
                shorten(hit.message, 200),
                shorten(hit.quote, 200),
                hit.place or _place(subject, hit),
            )


def _place(subject: Subject, hit: Hit) -> tuple[int, int, int] | None:
    """Where the text in question stands on the page, else the field's own text; None if nowhere."""
    texts = [hit.quote]
    texts += [line for each in subject.all_fields if each.path == hit.field for line in each.lines]
    for text in texts:
        if text.strip():
            for number, line in enumerate(subject.lines):
                start = line.text.find(text)
                if start >= 0:
                    return number, start, start + len(text)
    return None


def invariant(
    name: str, *, fault: str, severity: Severity = "error"
) -> Callable[[Callable[[Subject], Iterable[Hit]]], Invariant]:
    """Makes a function of a :class:`Subject` an invariant. It yields a :class:`Hit` a fault.

    ``fault`` is one of ``harness.faults.CLASSES``. Of severity ``error`` only what no right
    record has: an error makes a capture *suspect* and CI fail.

    >>> from harness.invariants import Hit, invariant
    >>> @invariant("no-live-blog", fault="list-page", severity="warning")
    ... def no_live_blog(it):
    ...     for title in it.fields("title"):
    ...         if title.text.startswith("LIVE:"):
    ...             yield Hit(title.path, f"a live blog, not an article: {title.text!r}")
    """
    if fault not in CLASSES:
        raise ConfigError(
            f"invariant {name!r}: no fault class {fault!r}; see harness.faults.CLASSES"
        )
    if severity not in ("error", "warning"):
        raise ConfigError(f"invariant {name!r}: severity is 'error' or 'warning'")

    def decorate(function: Callable[[Subject], Iterable[Hit]]) -> Invariant:
        doc = inspect.cleandoc(function.__doc__ or "").partition("\n")[0]
        return Invariant(name, fault, severity, function, doc)

    return decorate


def invariants_of(module: ModuleType) -> tuple[Invariant, ...]:
    """The invariants that a module holds, in the order it defines them."""
    return tuple(value for value in vars(module).values() if isinstance(value, Invariant))
