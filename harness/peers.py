"""Article extractors of others, as extractors of the harness: the extra ``peers``.

Each is called as its documentation's first example does, with nothing tuned, and given what its
users give it: the decoded text of the page (``Page.source``), and the URL where one is known. No
call touches the network. Fields are those that the library gives; jusText and Resiliparse give a
body only. Use one with ``-x trafilatura``, ``-x harness.peers:trafilatura``, or list
``harness.peers`` among the ``extractors`` of the configuration. Nothing is imported before the
first call.
"""

from __future__ import annotations

import importlib
import importlib.util
import logging
import warnings
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from harness.errors import ConfigError
from harness.extraction.contract import extractor
from harness.page import Page, fragment

MODULES: Mapping[str, str] = {
    "trafilatura": "trafilatura",
    "newspaper4k": "newspaper",
    "readability": "readability",
    "goose3": "goose3",
    "justext": "justext",
    "resiliparse": "resiliparse.extract.html2text",
}
"""The extractors here, and the module that each needs."""

# newspaper4k refuses an article without one. ".invalid" never resolves (RFC 6761).
_NO_URL = "https://page.invalid/"


def require(name: str) -> None:
    """Raises ConfigError, one line that names the extra, when a peer is not installed."""
    if importlib.util.find_spec(MODULES[name].partition(".")[0]) is None:
        raise ConfigError(f"{name} is not installed; pip install 'extraction-harness[peers]'")


@cache
def _library(name: str) -> Any:
    require(name)
    # Of thousands of pages, what a library would tell a developer about one is noise; where
    # logging is configured, it is told as ever.
    logging.getLogger(MODULES[name].partition(".")[0]).addHandler(logging.NullHandler())
    with warnings.catch_warnings():
        # newspaper4k warns when its optional NLP part, which finds keywords, is not installed.
        warnings.simplefilter("ignore")
        return importlib.import_module(MODULES[name])


@extractor("trafilatura", sites="*")
def trafilatura(page: Page) -> dict[str, object]:
    """``trafilatura.bare_extraction`` with metadata; nothing found is a record of nothing."""
    found = _library("trafilatura").bare_extraction(page.source, url=page.url, with_metadata=True)
    if found is None:
        return _record(None, None, None, [])
    return _record(found.title, found.author, found.date, _lines(found.text))


@extractor("newspaper4k", sites="*")
def newspaper4k(page: Page) -> dict[str, object]:
    """``newspaper.article`` with the page as input."""
    # Fetching images is the one default that would wait for the network.
    found = _library("newspaper4k").article(
        page.url or _NO_URL, input_html=page.source, fetch_images=False
    )
    return _record(found.title, _names(found.authors), found.publish_date, _lines(found.text))


@extractor("readability", sites="*")
def readability(page: Page) -> dict[str, object]:
    """``readability.Document`` of readability-lxml; its summary is HTML, read as a reader does."""
    # The summary changes the document it is made from; what else is asked comes first.
    document = _library("readability").Document(page.source, url=page.url)
    title, author = document.title(), document.author()
    return {"title": title, "byline": author, "body": fragment(document.summary()).lines()}


@extractor("goose3", sites="*")
def goose3(page: Page) -> dict[str, object]:
    """``Goose().extract`` with the page as raw HTML."""
    with _library("goose3").Goose({"enable_image_fetching": False}) as goose:
        # Beside a URL, it takes an empty page for one that is still to be fetched.
        found = goose.extract(raw_html=page.source)
        body = _lines(found.cleaned_text)
        return _record(found.title, _names(found.authors), found.publish_date, body)


@extractor("justext", sites="*")
def justext(page: Page) -> dict[str, object]:
    """``justext.justext`` with the English stop words: the paragraphs that are no boilerplate."""
    library = _library("justext")
    paragraphs = library.justext(page.source, library.get_stoplist("English"))
    return {"body": [each.text for each in paragraphs if not each.is_boilerplate]}


@extractor("resiliparse", sites="*")
def resiliparse(page: Page) -> dict[str, object]:
    """``extract_plain_text`` of the main content."""
    text = _library("resiliparse").extract_plain_text(page.source, main_content=True)
    return {"body": _lines(text)}


def _record(title: Any, byline: Any, published: Any, body: list[str]) -> dict[str, object]:
    return {"title": title, "byline": byline, "published": published, "body": body}


def _names(names: Iterable[str]) -> str | None:
    return ", ".join(names) or None


def _lines(text: str | None) -> list[str]:
    """Paragraphs: plain text that the libraries give has one a line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
