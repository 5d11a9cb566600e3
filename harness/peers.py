"""Article extractors of others, as extractors of the harness: the extra ``peers``.

Each is called as its documentation's first example does (``extraction/libraries.py``), and given
what its users give it: the decoded text of the page (``Page.source``), and the URL where one is
known. No call touches the network. Fields are those that the library gives; jusText and Resiliparse
give a body only. Use one with ``-x trafilatura``, ``-x harness.peers:trafilatura``, or list
``harness.peers`` among the ``extractors`` of the configuration; another release of one is a
requirement set, ``-x trafilatura==1.12.2``. Nothing is imported before the first call.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from harness.errors import ConfigError
from harness.extraction import libraries
from harness.extraction.contract import Extractor, extractor
from harness.page import Page, fragment

_INSTALLED = ("trafilatura", "newspaper4k", "readability", "goose3", "justext", "resiliparse")

MODULES: Mapping[str, str] = {name: libraries.LIBRARIES[name][0] for name in _INSTALLED}
"""The extractors here, and the module that each needs."""


def require(name: str) -> None:
    """Raises ConfigError, one line that names the extra, when a peer is not installed."""
    if importlib.util.find_spec(MODULES[name].partition(".")[0]) is None:
        raise ConfigError(f"{name} is not installed; pip install 'extraction-harness[peers]'")


@cache
def _function(name: str) -> libraries.Function:
    require(name)
    return libraries.call(name)


def _peer(name: str) -> Extractor:
    @extractor(name, sites="*")
    def peer(page: Page) -> dict[str, object]:
        record = _function(name)(page.source, page.url)
        return {field: _read(value) for field, value in record.items()}

    # Not where the function stands, but what people type.
    return replace(peer, origin=f"{__name__}:{name}")


def _read(value: object) -> object:
    """Markup as a reader sees it; any other value as it is."""
    if isinstance(value, dict) and set(value) == {"$html"}:
        return fragment(value["$html"]).lines()
    return value


trafilatura = _peer("trafilatura")
newspaper4k = _peer("newspaper4k")
readability = _peer("readability")
goose3 = _peer("goose3")
justext = _peer("justext")
resiliparse = _peer("resiliparse")
