"""Operators for titles: what hangs on them, what is cut off, and another text in their place."""

from __future__ import annotations

import re

from harness.faults.operator import Harm, Site, fault
from harness.text import squash

_JOINTS = re.compile(r"\s*[:|]\s+|\s+[-–—]\s+")
_KICKERS = ("Breaking: ", "LIVE | ", "Exclusive - ", "Video: ", "News » ")


def _title(harm: Harm) -> Site | None:
    return harm.pick("title", where=lambda site: bool(site.text.strip()))


@fault("site-on-title", of="title-suffix", roles=("title",))
def site_on_title(harm: Harm) -> None:
    """The site's name hangs on the title, parted as the page's tab title is."""
    site, name = _title(harm), harm.sight.site_name
    if site and name and squash(name.casefold()) not in squash(site.text.casefold()):
        site.value = f"{site.text}{harm.sight.separator}{name}"


@fault("tab-title", of="title-suffix", roles=("title",))
def tab_title(harm: Harm) -> None:
    """The page's `<title>` stands for the title, with site and section."""
    sites = [site for site in harm.sites("title") if not site.card and site.text.strip()]
    tab = harm.sight.tab_title
    if sites and squash(sites[0].text) in squash(tab) != squash(sites[0].text):
        sites[0].value = tab


@fault("section-before-title", of="title-suffix", roles=("title",))
def section_before_title(harm: Harm) -> None:
    """A kicker or section stands before the title."""
    if site := _title(harm):
        site.value = f"{harm.random.choice(_KICKERS)}{site.text}"


@fault("title-split-off", of="title-cut", roles=("title",), strengths=(1, 2))
def title_split_off(harm: Harm) -> None:
    """The title is cut at a colon, bar or dash, as where a site's name is looked for in vain."""
    name = squash(harm.sight.site_name.casefold())

    def fits(site: Site) -> bool:
        # Without its site's name a title is mended.
        parts = [squash(part.casefold()) for part in _parts(site.text)]
        return len(parts) > 1 and not any(part in name or name in part for part in parts)

    site = harm.pick("title", where=fits)
    if site:
        first, last = _parts(site.text)[0], _parts(site.text)[-1]
        site.value = first if harm.strength == 1 else last


@fault("title-words-lost", of="title-cut", roles=("title",), strengths=(1, 0.5))
def title_words_lost(harm: Harm) -> None:
    """The last words of the title are gone."""
    site = harm.pick("title", where=lambda site: len(site.text.split()) > 2)
    if site:
        words = site.text.split()
        site.value = " ".join(words[: len(words) - harm.count(len(words) - 1)])


@fault("title-start-lost", of="title-cut", roles=("title",))
def title_start_lost(harm: Harm) -> None:
    """The first word of the title is gone."""
    site = harm.pick("title", where=lambda site: len(site.text.split()) > 2)
    if site:
        site.value = " ".join(site.text.split()[1:])


@fault("title-with-ellipsis", of="title-cut", roles=("title",), strengths=(0.3,))
def title_with_ellipsis(harm: Harm) -> None:
    """The title is cut and ends in "…", as titles of previews do."""
    site = harm.pick("title", where=lambda site: len(site.text.split()) > 4)
    if site:
        words = site.text.split()
        kept = " ".join(words[: len(words) - harm.count(len(words) - 1)])
        site.value = f"{kept}{harm.random.choice(['…', '...'])}"


@fault("other-heading", of="title-wrong", roles=("title",))
def other_heading(harm: Harm) -> None:
    """Another heading of the page, or a nested record's title, stands for the title."""
    sites = [site for site in harm.sites("title") if not site.card and site.text.strip()]
    if sites:
        titles = [site.text for site in harm.sites("title") if site.card]
        own = squash(sites[0].text)
        found = [t for t in (*harm.sight.headings, *titles) if t.strip() and squash(t) not in own]
        if found:
            sites[0].value = harm.random.choice(found)


@fault("site-for-title", of="title-wrong", roles=("title",))
def site_for_title(harm: Harm) -> None:
    """The site's name stands for the title."""
    site, name = _title(harm), harm.sight.site_name
    if site and name and squash(name) != squash(site.text):
        site.value = name


@fault("lede-for-title", of="title-wrong", roles=("title", "body"))
def lede_for_title(harm: Harm) -> None:
    """The first paragraph stands for the title."""
    sites = [site for site in harm.sites("title") if not site.card and site.text.strip()]
    bodies = [site.body.texts for site in harm.sites("body") if not site.card and site.body.texts]
    if sites and bodies and squash(bodies[0][0]) != squash(sites[0].text):
        sites[0].value = bodies[0][0]


@fault("title-with-next-line", of="glued", roles=("title",))
def title_with_next_line(harm: Harm) -> None:
    """The line that follows the title on the page runs into it."""
    site = _title(harm)
    if site:
        number = harm.sight.places.get(squash(site.text))
        if number is not None and number + 1 < len(harm.sight.lines):
            line = harm.sight.lines[number + 1].text
            if squash(line) != squash(site.text) and len(line) <= 120:
                site.value = f"{site.text}{line}"


@fault("title-in-list", of="type", roles=("title",))
def title_in_list(harm: Harm) -> None:
    """The title is a list of one text."""
    if site := _title(harm):
        site.value = [site.text]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _JOINTS.split(text) if len(part.strip()) > 1]
