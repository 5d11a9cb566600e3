"""What the captures of a site have in common: the lines that stand on many of its pages."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from functools import cached_property
from itertools import groupby

from harness.chrome import LONGEST
from harness.corpus import CaptureRef, Corpus
from harness.errors import HarnessError
from harness.memo import key_of
from harness.page import Page

# A line that this share of a site's captures show belongs to the site, not to a page; fewer than
# three prove nothing, since a story may stand on two pages.
_RECURS_IN, _RECURS_SHARE, _RECURS_SAMPLE = 3, 0.2, 24


class Sites:
    """The sites of a corpus, each looked at when it is first asked for."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._recurring: dict[str, frozenset[str]] = {}
        self._stamps: dict[str, str] = {}

    @cached_property
    def _refs(self) -> dict[str, list[CaptureRef]]:
        by_site = groupby(self._corpus.refs(), key=lambda ref: ref.site)
        return {site: list(refs) for site, refs in by_site}

    def sample(self, site: str) -> list[CaptureRef]:
        """The captures that stand for a site: an even sample of them."""
        refs = self._refs.get(site, [])
        return refs[:: max(1, len(refs) // _RECURS_SAMPLE)][:_RECURS_SAMPLE]

    def stamp(self, site: str) -> str:
        """A digest of what :meth:`recurring` depends on: the sample's captures, and their files."""
        if site not in self._stamps:
            files: list[tuple[str, str, int, int]] = []
            for ref in self.sample(site):
                with contextlib.suppress(OSError), os.scandir(self._corpus.folder(ref)) as found:
                    for each in found:
                        about = each.stat()
                        files.append((ref.name, each.name, about.st_size, about.st_mtime_ns))
                files.append((ref.name, "", 0, 0))
            self._stamps[site] = key_of(repr(sorted(files)).encode("utf-8", "surrogatepass"))
        return self._stamps[site]

    def recurring(self, site: str) -> frozenset[str]:
        """Short lines that many captures of a site show."""
        if site not in self._recurring:
            sample = self.sample(site)
            if len(sample) < _RECURS_IN:
                self._recurring[site] = frozenset()
                return frozenset()
            seen: Counter[str] = Counter()
            for ref in sample:
                with contextlib.suppress(HarnessError):  # its own case reports it
                    page = Page(self._corpus.load(ref).capture)
                    seen.update({line.text for line in page.visible if len(line.text) <= LONGEST})
            enough = max(_RECURS_IN, _RECURS_SHARE * len(sample))
            self._recurring[site] = frozenset(t for t, count in seen.items() if count >= enough)
        return self._recurring[site]
