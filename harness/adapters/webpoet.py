"""web-poet page objects as extractors (https://web-poet.readthedocs.io).

A page object says what it needs in the types of its ``__init__``; web-poet's own planner, andi,
says in which order to make it. A capture gives the response, in all the forms that web-poet has
for it, and its URL.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from itemadapter import ItemAdapter

from harness.adapters import NO_URL, chosen_name, header_pairs, library
from harness.errors import ConfigError, HarnessError
from harness.extraction.contract import Extractor
from harness.model import Capture, Kind
from harness.page import Page


class NotInACapture(HarnessError):  # noqa: N818 - the name is what people read in a verdict
    """A page object needs what no stored response can give."""


def page_object(
    page_class: type,
    *,
    name: str | None = None,
    sites: str | tuple[str, ...] | list[str] | None = None,
    kinds: Mapping[str, Kind] | None = None,
    params: Mapping[str, Any] | None = None,
    origin: str = "",
) -> Extractor:
    """An extractor that makes the page object of a capture and gives its item.

    ``page_class`` is a subclass of ``web_poet.ItemPage`` or ``WebPage``. ``params`` is what it gets
    for ``PageParams``. It may also ask for ``HttpResponse``, ``AnyResponse``, ``BrowserResponse``,
    ``BrowserHtml`` (the stored page stands for what a browser held), ``ResponseUrl``,
    ``RequestUrl``, ``HttpRequest``, ``Stats`` and other page objects; the rules of
    ``handle_urls`` replace these for the capture's URL. An ``HttpClient`` refuses every request.
    What needs anything else fails with ``NotInACapture``, which names it. Raises ConfigError when
    web-poet is not installed, or for a class that is no page object.
    """
    poet = library("web_poet")
    if not (isinstance(page_class, type) and issubclass(page_class, poet.ItemPage)):
        raise ConfigError(f"{page_class!r} is no page object: it does not inherit from ItemPage")
    called, patterns = chosen_name(name, page_class, sites)
    return Extractor(
        name=called,
        function=_ItemOf(page_class, dict(params or {})),
        sites=patterns,
        kinds=dict(kinds or {}),
        origin=origin or f"{page_class.__module__}:{page_class.__qualname__}",
    )


class _ItemOf:
    """A page object as a function of a capture."""

    def __init__(self, page_class: type, params: Mapping[str, Any]) -> None:
        self._page_class = page_class
        self._params = params

    async def __call__(self, capture: Capture) -> object:
        page = _made(self._page_class, capture, self._params)
        # web-poet's own is a coroutine; one that a user writes need not be.
        item = page.to_item()
        return _with_text_urls(await item if inspect.isawaitable(item) else item)


def _with_text_urls(value: Any) -> Any:
    """An item whose URLs are text: those that ``urljoin`` gives are objects of web-poet's own."""
    poet = library("web_poet")
    if isinstance(value, (poet.RequestUrl, poet.ResponseUrl)):
        return str(value)
    if isinstance(value, list):
        return [_with_text_urls(each) for each in value]
    if ItemAdapter.is_item(value):
        return {name: _with_text_urls(each) for name, each in ItemAdapter(value).items()}
    return value


def _made(page_class: type, capture: Capture, params: Mapping[str, Any]) -> Any:
    """The page object, with all that it asks for."""
    andi, poet = library("andi"), library("web_poet")
    given = _given(capture, params)
    rules = poet.default_registry.overrides_for(capture.url) if capture.url else {}
    try:
        plan = andi.plan(
            page_class,
            is_injectable=poet.pages.is_injectable,
            externally_provided=lambda asked: _plain(asked) in given,
            overrides=rules.get,
            full_final_kwargs=True,
        )
    except andi.NonProvidableError as error:
        raise NotInACapture(_needs(page_class, error, given)) from None
    made: dict[Any, Any] = {}
    for asked, arguments in plan:
        plain = _plain(asked)
        made[asked] = given[plain]() if plain in given else plain(**arguments.kwargs(made))
    # The last step is the page object itself, or the one that a rule put in its place.
    return made[plan[-1][0]]


def _plain(asked: Any) -> Any:
    """A type without the notes of ``Annotated``."""
    return getattr(asked, "__origin__", asked) if hasattr(asked, "__metadata__") else asked


def _given(capture: Capture, params: Mapping[str, Any]) -> dict[Any, Callable[[], Any]]:
    """What a capture gives, by type; the response is one object for all who ask."""
    poet, inputs = library("web_poet"), library("web_poet.page_inputs")
    url = capture.url or NO_URL

    @cache
    def response() -> Any:
        return poet.HttpResponse(
            url,
            capture.body,
            status=capture.status,
            headers=header_pairs(capture.headers),
            encoding=capture.charset,
        )

    @cache
    def browser() -> Any:
        return poet.BrowserResponse(url, Page(capture).source, status=capture.status)

    return {
        poet.HttpResponse: response,
        inputs.HttpResponseBody: lambda: response().body,
        inputs.HttpResponseHeaders: lambda: response().headers,
        poet.AnyResponse: lambda: poet.AnyResponse(response()),
        poet.BrowserResponse: browser,
        poet.BrowserHtml: lambda: browser().html,
        poet.ResponseUrl: lambda: poet.ResponseUrl(url),
        poet.RequestUrl: lambda: poet.RequestUrl(url),
        poet.HttpRequest: lambda: poet.HttpRequest(url),
        poet.PageParams: lambda: poet.PageParams(params),
        poet.Stats: poet.Stats,
        poet.HttpClient: lambda: poet.HttpClient(request_downloader=_refused),
    }


async def _refused(request: Any) -> Any:
    # The error that page objects are told to expect of a request that fails.
    raise library("web_poet.exceptions").HttpRequestError(
        f"{request.method} {request.url}: a capture holds one response, so nothing else is"
        " downloaded",
        request=request,
    )


def _needs(page_class: type, error: Any, given: Mapping[Any, object]) -> str:
    """What andi could not find, in one line; its own message has a line for each try."""
    causes = [cause for each in error.errors_per_argument.values() for cause in each]
    missing = sorted({_missing(cause) for cause in causes})
    known = ", ".join(sorted(each.__name__ for each in given))
    return (
        f"{page_class.__name__} needs {', '.join(missing)}, which no capture gives;"
        f" captures give {known}"
    )


def _missing(cause: Any) -> str:
    """One thing that is missing: its type, where one is stated, and who asks for it."""
    owner = getattr(cause.class_or_func, "__name__", str(cause.class_or_func))
    argument = getattr(cause, "argname", "")
    types = " or ".join(
        getattr(each, "__name__", str(each)) for each in getattr(cause, "types", ())
    )
    if not argument:
        return f"{owner}, which needs itself"
    return f"{types or 'something of no stated type'} ({argument!r} of {owner})"
