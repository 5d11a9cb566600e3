"""What article extractors of others give for a page, in any of their releases.

Each is called as its documentation's first example does, with nothing tuned, given the decoded
text of the page and its URL where one is known. No call touches the network. The worker loads this
file by its path into old interpreters: standard library only, Python 3.8, nothing of the harness.
Markup that a library gives is ``{"$html": …}``: the harness reads it as a reader does.
"""

from __future__ import annotations

import importlib
import logging
import re
import warnings
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # Python 3.8 cannot evaluate these
    from collections.abc import Callable, Iterable, Mapping

    Record = dict[str, Any]
    Function = Callable[[str, str | None], Record]

# newspaper refuses an article without one. ".invalid" never resolves (RFC 6761).
_NO_URL = "https://page.invalid/"


def call(name: str) -> Function:
    """The function of (page's text, URL or None) that calls a library of :data:`LIBRARIES`.

    The library is imported here: raises ImportError where that fails, KeyError for another name.
    """
    module, function = LIBRARIES[name]
    library = _import(module)
    return lambda html, url: function(library, html, url)


def _import(module: str) -> Any:
    # Of thousands of pages, what a library would tell a developer about one is noise; where
    # logging is configured, it is told as ever.
    logging.getLogger(module.partition(".")[0]).addHandler(logging.NullHandler())
    with warnings.catch_warnings():
        # newspaper4k warns when its optional NLP part, which finds keywords, is not installed; old
        # releases warn of what today's Python calls old.
        warnings.simplefilter("ignore")
        return importlib.import_module(module)


def _trafilatura(library: Any, html: str, url: str | None) -> Record:
    """``bare_extraction`` with metadata; nothing found is a record of nothing."""
    options = {}
    if _release(library) >= (1, 11):
        # Before, metadata came unasked, and this option left out every page that lacks some.
        options["with_metadata"] = True
    found = library.bare_extraction(html, url=url, **options)
    if found is None:
        return _record(None, None, None, [])
    # A dict before 2.0.
    get = found.get if isinstance(found, dict) else lambda key: getattr(found, key)
    return _record(get("title"), get("author"), get("date"), _lines(get("text")))


def _newspaper(library: Any, html: str, url: str | None) -> Record:
    """``newspaper.article`` with the page as input; before it took one, an ``Article``."""
    # Fetching images is the one default that would wait for the network.
    if _release(library) >= (0, 9, 3):
        found = library.article(url or _NO_URL, input_html=html, fetch_images=False)
    else:
        found = library.Article(url or _NO_URL, fetch_images=False)
        found.download(input_html=html)
        found.parse()
    return _record(found.title, _names(found.authors), found.publish_date, _lines(found.text))


def _readability(library: Any, html: str, url: str | None) -> Record:
    """``Document`` of readability-lxml, whose summary is HTML."""
    document = library.Document(html, url=url)
    # The summary changes the document it is made from; what else is asked comes first.
    title = document.title()
    # Releases before 0.8 know no author.
    author = document.author() if hasattr(document, "author") else None
    return {"title": title, "byline": author, "body": {"$html": document.summary()}}


def _goose3(library: Any, html: str, url: str | None) -> Record:  # noqa: ARG001 - see below
    """``Goose().extract`` with the page as raw HTML."""
    with library.Goose({"enable_image_fetching": False}) as goose:
        # Beside a URL, it takes an empty page for one that is still to be fetched.
        found = goose.extract(raw_html=html)
        body = _lines(found.cleaned_text)
        return _record(found.title, _names(found.authors), found.publish_date, body)


def _justext(library: Any, html: str, url: str | None) -> Record:  # noqa: ARG001 - takes none
    """``justext`` with the English stop words: the paragraphs that are no boilerplate."""
    paragraphs = library.justext(html, library.get_stoplist("English"))
    return {"body": [each.text for each in paragraphs if not each.is_boilerplate]}


def _resiliparse(library: Any, html: str, url: str | None) -> Record:  # noqa: ARG001 - takes none
    """``extract_plain_text`` of the main content."""
    return {"body": _lines(library.extract_plain_text(html, main_content=True))}


def _boilerpy3(library: Any, html: str, url: str | None) -> Record:  # noqa: ARG001 - takes none
    """``ArticleExtractor().get_doc``."""
    found = library.ArticleExtractor().get_doc(html)
    return {"title": found.title or None, "body": _lines(found.content)}


LIBRARIES: Mapping[str, tuple[str, Callable[[Any, str, str | None], Record]]] = {
    "trafilatura": ("trafilatura", _trafilatura),
    "newspaper4k": ("newspaper", _newspaper),
    "newspaper3k": ("newspaper", _newspaper),
    "readability": ("readability", _readability),
    "goose3": ("goose3", _goose3),
    "justext": ("justext", _justext),
    "resiliparse": ("resiliparse.extract.html2text", _resiliparse),
    "boilerpy3": ("boilerpy3.extractors", _boilerpy3),
}
"""The libraries that can be called: the module of each, and how."""


def _release(library: Any) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", library.__version__)[:3])


def _record(title: Any, byline: Any, published: Any, body: list[str]) -> Record:
    return {"title": title, "byline": byline, "published": published, "body": body}


def _names(names: Iterable[str]) -> str | None:
    return ", ".join(names) or None


def _lines(text: str | None) -> list[str]:
    """Paragraphs: plain text that the libraries give has one a line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
