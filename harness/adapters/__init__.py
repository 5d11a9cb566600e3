"""Extractors written for other frameworks: web-poet page objects and Scrapy callbacks.

Each framework is an extra of its own, and nothing of it is imported before it is used.
"""

from __future__ import annotations

import importlib
from typing import Any

from harness.errors import ConfigError
from harness.extraction.contract import Extractor
from harness.files import slugify

# Module of a framework → (how people call it, its extra).
EXTRAS = {
    "web_poet": ("web-poet", "webpoet"),
    "andi": ("web-poet", "webpoet"),
    "scrapy": ("scrapy", "scrapy"),
}


def library(name: str) -> Any:
    """A framework's module. Raises ConfigError, one line that names the extra, without it."""
    called, extra = EXTRAS[name.partition(".")[0]]
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in EXTRAS:
            raise
        raise ConfigError(
            f"{called} is not installed; pip install 'extraction-harness[{extra}]'"
        ) from None


def adapted(found: object, origin: str) -> Extractor | None:
    """The extractor that ``module:Class`` names: a page object's, or that of a spider's ``parse``.

    None for what is neither.
    """
    if not isinstance(found, type):
        return None
    bases = {(base.__module__.partition(".")[0], base.__name__) for base in found.__mro__}
    if ("web_poet", "Injectable") in bases:
        from harness.adapters.webpoet import page_object

        return page_object(found, origin=origin)
    if ("scrapy", "Spider") in bases:
        from harness.adapters.scrapy import callback

        return callback(found, origin=origin)
    return None


def chosen_name(name: str | None, made_of: type, sites: Any) -> tuple[str, tuple[str, ...]]:
    """An extractor's name and sites.

    A name is also its site, unless sites are given, as with ``@extractor``; without one it is the
    class's, and every site is its business.
    """
    if isinstance(sites, str):
        sites = (sites,)
    if name is None:
        return slugify(made_of.__name__), tuple(sites or ("*",))
    return name, tuple(sites or (name,))


def header_pairs(headers: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The headers that still hold: a capture's body is stored as it was after decompression."""
    gone = ("content-encoding", "transfer-encoding", "content-length")
    return [(key, value) for key, value in headers if key.lower() not in gone]


# Of a capture whose URL nobody knows; response types of both frameworks take no None.
NO_URL = "about:blank"
