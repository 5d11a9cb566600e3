"""What an extractor is: a named function from a capture to a record, and the sites it is for."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from harness.errors import ConfigError
from harness.extraction.limits import Limits
from harness.files import is_slug
from harness.model import KINDS, Capture, Kind
from harness.page import Page


@dataclass(frozen=True, slots=True)
class Extractor:
    """An extractor under test. Calling it runs the function on a capture.

    ``sites`` are site names or patterns (``"*"`` is every site). ``kinds`` names the comparator of
    fields whose kind their values do not show. ``label`` is how people typed it, where that is not
    its name (``"trafilatura==1.12.2"``). ``identity`` is a digest of everything that decides what
    it gives for a capture (pins, interpreter, adapter); "" for code that may change between runs.
    A function may give an ``Outcome`` of its own: that of a worker process. ``limits`` are for
    an extractor that runs in this process, of which only network and clock can be held there.
    """

    name: str
    function: Callable[[Capture], object]
    sites: tuple[str, ...]
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    origin: str = ""
    label: str = ""
    identity: str = ""
    limits: Limits = field(default_factory=Limits)

    def __call__(self, capture: Capture) -> object:
        return self.function(capture)

    def handles(self, site: str) -> bool:
        """Whether captures of a site are this extractor's business."""
        return any(fnmatch.fnmatchcase(site, pattern) for pattern in self.sites)

    @property
    def remote(self) -> bool:
        """Whether it runs in processes of its own: many captures at once, from any thread."""
        return bool(getattr(self.function, "remote", False))

    def close(self) -> None:
        """Ends its processes, where it has any; no call can follow."""
        if self.remote:
            self.function.close()  # type: ignore[attr-defined]


def extractor(
    name: str,
    *,
    sites: str | tuple[str, ...] | list[str] | None = None,
    kinds: Mapping[str, Kind] | None = None,
) -> Callable[[Callable[[Page], object]], Extractor]:
    """Makes a function of a page an extractor.

    ``name`` is also the site it is for, unless ``sites`` says otherwise. The function gets a
    :class:`~harness.Page` and returns a record: a dict, or any type that itemadapter knows.

    >>> from harness import extractor
    >>> @extractor("example_com")
    ... def example_com(page):
    ...     return {"title": page.text("h1"), "body": page.lines("article p")}
    """
    if not isinstance(name, str):
        raise ConfigError('an extractor needs a name: write @extractor("site")')
    if not is_slug(name):
        raise ConfigError(
            f"extractor name {name!r}: lower-case ASCII letters, digits, '-' and '_', at most 80"
        )
    for key, kind in (kinds or {}).items():
        if kind not in KINDS:
            raise ConfigError(
                f"extractor {name!r}: field {key!r} has kind {kind!r}; kinds are {', '.join(KINDS)}"
            )
    patterns = (sites,) if isinstance(sites, str) else tuple(sites or (name,))

    def decorate(function: Callable[[Page], object]) -> Extractor:
        return Extractor(
            name=name,
            function=_OnPage(function),
            sites=patterns,
            kinds=dict(kinds or {}),
            origin=f"{function.__module__}:{function.__qualname__}",
        )

    return decorate


@dataclass(frozen=True, slots=True)
class _OnPage:
    """A function of a page as a function of a capture."""

    function: Callable[[Page], object]

    def __call__(self, capture: Capture) -> object:
        return self.function(Page(capture))
