"""Operators for bylines: times and noise in them, parts cut off, names torn or run together."""

from __future__ import annotations

import re
from collections.abc import Callable

from harness.faults.operator import Harm, Site, fault
from harness.invariants.roles import role_of
from harness.model import Tree
from harness.text import squash

_BY = re.compile(r"\s*by\s+", re.I)
_BY_INSIDE = re.compile(r"(?<=\w)by\b|\bby(?=\w)", re.I)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]")
_LABELS = ("By ", "by ", "Written by ", "Author: ", "Posted by ", "Von ", "Por ")
_READING = (" • 3 min read", " 5 min read", "12 minute read", " · 4 min")
_AGES = ("3 hours ago", "2 days ago", "21 hours ago", "15 minutes ago", "an hour ago")
_DATES = ("12 March 2025", "2025-03-12", "March 12, 2025 10:45 AM", "12-03-2025")
_ROLES = (", Senior Reporter", " Staff Writer", ", Political Correspondent", " | Contributor")
_NOISE = (" Follow", " Share", " Updated", " (AP)", " Email the author", " View profile")


def _byline(harm: Harm, where: Callable[[Site], bool] = lambda _: True) -> Site | None:
    return harm.pick("byline", where=lambda site: bool(_names(site.value)) and where(site))


def _names(value: Tree) -> list[str]:
    """The names in a byline that is a text or a list of texts."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, list) and value and all(isinstance(v, str) and v.strip() for v in value):
        return [str(item) for item in value]
    return []


def _put(site: Site, names: list[str]) -> None:
    """The names in the form that the field has."""
    site.value = list(names) if isinstance(site.value, list) else ", ".join(names)


def _on_last(site: Site, tail: str) -> None:
    names = _names(site.value)
    _put(site, [*names[:-1], f"{names[-1]}{tail}"])


@fault("age-on-byline", of="byline-time", roles=("byline", "published"))
def age_on_byline(harm: Harm) -> None:
    """The age is glued to the byline, as in "New Indian Express21 hours ago"."""
    if site := _byline(harm):
        _on_last(site, _label(harm, site) or harm.random.choice(_AGES))


@fault("age-behind-byline", of="byline-time", roles=("byline", "published"))
def age_behind_byline(harm: Harm) -> None:
    """The age or date follows the byline, parted by a space, dot or bar."""
    if site := _byline(harm):
        separator = harm.random.choice([" ", " • ", " | ", " - "])
        _on_last(site, f"{separator}{_label(harm, site) or harm.random.choice(_AGES)}")


@fault("date-on-byline", of="byline-time", roles=("byline",))
def date_on_byline(harm: Harm) -> None:
    """A date stands in the byline."""
    if site := _byline(harm):
        _on_last(site, f"{harm.random.choice(['', ' ', ', '])}{harm.random.choice(_DATES)}")


@fault("date-for-byline", of="byline-time", roles=("byline", "published"))
def date_for_byline(harm: Harm) -> None:
    """The date or age stands for the byline."""
    if site := _byline(harm):
        _put(site, [_label(harm, site) or harm.random.choice((*_AGES, *_DATES))])


@fault("by-before-byline", of="byline-noise", roles=("byline",))
def by_before_byline(harm: Harm) -> None:
    """ "By" or another label stands before the byline."""
    if site := _byline(harm, lambda site: not _names(site.value)[0].casefold().startswith("by ")):
        names = _names(site.value)
        _put(site, [f"{harm.random.choice(_LABELS)}{names[0]}", *names[1:]])


@fault("reading-time-on-byline", of="byline-noise", roles=("byline",))
def reading_time_on_byline(harm: Harm) -> None:
    """The time that reading takes stands in the byline."""
    if site := _byline(harm):
        _on_last(site, harm.random.choice(_READING))


@fault("handle-on-byline", of="byline-noise", roles=("byline",))
def handle_on_byline(harm: Harm) -> None:
    """A handle or mail address stands in the byline."""
    if site := _byline(harm):
        name = re.sub(r"\W", "", _names(site.value)[-1]).lower() or "desk"
        _on_last(site, harm.random.choice([f" @{name}", f" {name}@example.com", f"@{name}"]))


@fault("byline-with-everything", of="byline-noise", roles=("byline",))
def byline_with_everything(harm: Harm) -> None:
    """Date, handle and reading time stand in the byline, as one text."""
    if site := _byline(harm):
        name = re.sub(r"\W", "", _names(site.value)[-1]).lower() or "desk"
        tail = f"@{name} {harm.random.choice(_DATES)}{harm.random.choice(_READING)}"
        _on_last(site, f" {tail}")


@fault("role-on-byline", of="byline-noise", roles=("byline",))
def role_on_byline(harm: Harm) -> None:
    """A role, button or agency stands in the byline."""
    if site := _byline(harm):
        _on_last(site, harm.random.choice((*_ROLES, *_NOISE)))


@fault("byline-with-next-line", of="byline-noise", roles=("byline",))
def byline_with_next_line(harm: Harm) -> None:
    """The line that follows the byline on the page stands in it too."""
    if site := _byline(harm):
        number = harm.sight.places.get(squash(_names(site.value)[-1]))
        if number is not None and number + 1 < len(harm.sight.lines):
            line = harm.sight.lines[number + 1].text
            if len(line) <= 120:
                _on_last(site, f"{harm.random.choice(['', ' '])}{line}")


@fault("byline-start-cut", of="byline-cut", roles=("byline",))
def byline_start_cut(harm: Harm) -> None:
    """Letters of the name are gone, as where "by" is taken out of "Abby"."""
    if site := _byline(harm, lambda site: len(_BY.sub("", _names(site.value)[0])) >= 4):
        first, *rest = _names(site.value)
        lead = (_BY.match(first) or [""])[0]
        name = first.removeprefix(lead)
        shorter = _BY_INSIDE.sub("", name)
        _put(site, [f"{lead}{name[2:] if shorter == name else shorter}", *rest])


@fault("byline-end-cut", of="byline-cut", roles=("byline",))
def byline_end_cut(harm: Harm) -> None:
    """The last word of the byline is gone."""
    if site := _byline(harm, lambda site: len(_names(site.value)[-1].split()) >= 2):
        names = _names(site.value)
        _put(site, [*names[:-1], " ".join(names[-1].split()[:-1])])


@fault("author-lost", of="byline-cut", roles=("byline",))
def author_lost(harm: Harm) -> None:
    """Of several authors the last is gone."""
    for site in harm.sites("byline"):
        names = _names(site.value)
        if len(names) == 1:
            names = re.split(r",\s+|\s+and\s+|\s+&\s+", names[0])
        if len(names) >= 2:
            _put(site, names[:-1])
            return


@fault("site-for-byline", of="byline-wrong", roles=("byline",))
def site_for_byline(harm: Harm) -> None:
    """The site's name stands for the byline."""
    name = harm.sight.site_name
    if site := _byline(harm, lambda site: squash(name) not in squash("".join(_names(site.value)))):
        _put(site, [name])


@fault("other-byline", of="byline-wrong", roles=("byline",))
def other_byline(harm: Harm) -> None:
    """The byline of a nested record, or another short line of the page, stands for the byline."""
    if site := _byline(harm):
        own = squash("".join(_names(site.value)))
        others = [s.text for s in harm.sites("byline") if s.card != site.card and s.text.strip()]
        others = others or [
            found.text
            for found in harm.sight.fresh(harm.sight.lines, harm.shown())
            if 2 <= len(found.text.split()) <= 4 and found.text.istitle()
        ]
        others = [text for text in others if squash(text) != own]
        if others:
            _put(site, [harm.random.choice(others)])


@fault("address-for-byline", of="byline-wrong", roles=("byline",))
def address_for_byline(harm: Harm) -> None:
    """The address of the author's page stands for the name."""
    if site := _byline(harm):
        slug = re.sub(r"\W+", "-", _names(site.value)[0].lower()).strip("-") or "staff"
        _put(site, [f"https://www.facebook.com/{slug}"])


@fault("paragraph-for-byline", of="byline-wrong", roles=("byline", "body"))
def paragraph_for_byline(harm: Harm) -> None:
    """The beginning of the text stands for the byline."""
    if site := _byline(harm):
        bodies = [s.body.texts for s in harm.sites("body") if s.card == site.card and s.body.texts]
        if bodies:
            _put(site, [" ".join(bodies[0][0].split()[:12])])


@fault("author-in-characters", of="author-split", roles=("byline",))
def author_in_characters(harm: Harm) -> None:
    """The name is a list of its characters."""
    if site := _byline(harm):
        name = "".join(_names(site.value))
        site.value = list(name) if isinstance(site.value, list) else ", ".join(name)


@fault("author-in-words", of="author-split", roles=("byline",))
def author_in_words(harm: Harm) -> None:
    """First and last name are two authors."""
    if site := _byline(harm, lambda site: len(_names(site.value)[0].split()) >= 2):
        names = _names(site.value)
        _put(site, [*names[0].split(), *names[1:]])


@fault("authors-run-together", of="author-split", roles=("byline",))
def authors_run_together(harm: Harm) -> None:
    """The names of several authors are one, with nothing between."""
    for site in harm.sites("byline"):
        names = _names(site.value)
        if len(names) == 1:
            names = re.split(r",\s+|\s+and\s+|\s+&\s+", names[0])
        if len(names) >= 2:
            _put(site, ["".join(names)])
            return


def _label(harm: Harm, site: Site) -> str:
    """The label of the time beside a byline, as the page shows it; "" where there is none."""
    for name, value in site.holder.items():
        if role_of(name) == "published":
            claim = value.get("$timestamp") if isinstance(value, dict) else None
            text = claim.get("text") if isinstance(claim, dict) else value
            if isinstance(text, str) and text.strip() and len(text) <= 40 and not _ISO.match(text):
                return text
    shown = [text for text in harm.sight.texts("time") if len(text) <= 40] if not site.card else []
    return shown[0] if shown else ""
