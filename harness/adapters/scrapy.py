"""Scrapy callbacks as extractors (https://docs.scrapy.org).

A callback gets the response that a capture is, as Scrapy's downloader would have made it, and what
it yields becomes the record. No crawler runs and nothing is downloaded.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterable, Iterable, Mapping
from typing import Any

from itemadapter import ItemAdapter

from harness.adapters import NO_URL, chosen_name, header_pairs, library
from harness.errors import ConfigError, HarnessError
from harness.extraction.contract import Extractor
from harness.model import Capture, Kind


class NotACallbackResult(HarnessError):  # noqa: N818 - the name is what people read in a verdict
    """A callback gave what Scrapy would not take either, or what only a running crawl gives."""


def callback(
    spider_class: type,
    method: str = "parse",
    *,
    name: str | None = None,
    sites: str | tuple[str, ...] | list[str] | None = None,
    kinds: Mapping[str, Kind] | None = None,
    many: bool | None = None,
    requests: bool = False,
    meta: Mapping[str, Any] | None = None,
    cb_kwargs: Mapping[str, Any] | None = None,
    origin: str = "",
) -> Extractor:
    """An extractor that gives a capture to a spider's callback.

    The callback may return an item or items, yield them, or be a coroutine or an asynchronous
    generator. One item is the record; of none or several the record is ``{"items": [...]}``, as it
    always is with ``many=True``; with ``many=False``, more than one is a failure. Requests are left
    out; with ``requests=True`` their URLs are the field ``requests``. ``meta`` and ``cb_kwargs``
    are those of the request. The spider is made anew for each capture. Raises ConfigError when
    scrapy is not installed, for a class that is no spider, and for a method that it does not have.
    """
    scrapy = library("scrapy")
    if not (isinstance(spider_class, type) and issubclass(spider_class, scrapy.Spider)):
        raise ConfigError(f"{spider_class!r} is no spider: it does not inherit from scrapy.Spider")
    if not callable(getattr(spider_class, method, None)):
        raise ConfigError(f"spider {spider_class.__name__} has no callback {method!r}")
    called, patterns = chosen_name(name, spider_class, sites)
    return Extractor(
        name=called,
        function=_Given(
            spider_class, method, many, requests, dict(meta or {}), dict(cb_kwargs or {})
        ),
        sites=patterns,
        kinds=dict(kinds or {}),
        origin=origin or f"{spider_class.__module__}:{spider_class.__qualname__}.{method}",
    )


class _Given:
    """A callback as a function of a capture."""

    def __init__(
        self,
        spider_class: type,
        method: str,
        many: bool | None,
        requests: bool,
        meta: dict[str, Any],
        cb_kwargs: dict[str, Any],
    ) -> None:
        self._spider_class, self._method = spider_class, method
        self._many, self._requests = many, requests
        self._meta, self._cb_kwargs = meta, cb_kwargs
        self._crawler: Any = None

    def __call__(self, capture: Capture) -> object:
        spider = self._spider()
        call = getattr(spider, self._method)
        url = capture.url or NO_URL
        request = library("scrapy").Request(
            url, call, meta=dict(self._meta), cb_kwargs=self._cb_kwargs, dont_filter=True
        )
        found = call(response_of(capture, request), **self._cb_kwargs)
        if isinstance(found, AsyncIterable) or inspect.isawaitable(found):
            return self._later(found)
        return self._record(_listed(found))

    async def _later(self, found: Any) -> object:
        if not isinstance(found, AsyncIterable):
            if not inspect.iscoroutine(found):
                # A Deferred waits for a reactor, and none runs here.
                raise NotACallbackResult(
                    f"the callback returned a {type(found).__name__}, which only a crawl can wait"
                    " for; make it a coroutine"
                )
            return self._record(_listed(await found))
        return self._record([each async for each in found])

    def _record(self, results: list[Any]) -> Any:
        scrapy = library("scrapy")
        asked = [each for each in results if isinstance(each, scrapy.Request)]
        items = [e for e in results if e is not None and not isinstance(e, scrapy.Request)]
        for each in items:
            if not ItemAdapter.is_item(each):
                raise NotACallbackResult(
                    f"the callback gave {type(each).__name__}, which is no item"
                )
        if self._many is False and len(items) != 1:
            raise NotACallbackResult(
                f"the callback gave {len(items)} items; many=False asks for one"
            )
        if len(items) == 1 and not self._many:
            if not self._requests:
                return items[0]
            record = dict(ItemAdapter(items[0]))
        else:
            record = {"items": items}
        if self._requests:
            record["requests"] = [each.url for each in asked]
        return record

    def _spider(self) -> Any:
        if self._crawler is None:
            crawling = library("scrapy.crawler")
            crawler = crawling.Crawler(self._spider_class)
            # What a crawler has only while it runs, and spiders use in their callbacks.
            crawler.stats = library("scrapy.statscollectors").MemoryStatsCollector(crawler)
            crawler.engine = _NoEngine()
            self._crawler = crawler
        return self._spider_class.from_crawler(self._crawler)  # type: ignore[attr-defined]


class _NoEngine:
    """Stands where a crawl has its engine."""

    def __getattr__(self, name: str) -> Any:
        raise NotACallbackResult(
            f"the callback uses the crawler's engine ({name}); a capture holds one response, and"
            " nothing is downloaded"
        )


def response_of(capture: Capture, request: Any = None) -> Any:
    """The response that Scrapy's downloader would have made of a capture.

    Its class goes by the media type; the encoding is the capture's, where that is known, else what
    Scrapy finds.
    """
    http = library("scrapy.http")
    types = library("scrapy.responsetypes").responsetypes
    chosen = types.from_mimetype(capture.media_type)
    headers = http.Headers()
    for key, value in header_pairs(capture.headers):
        headers.appendlist(key, value)
    if "Content-Type" not in headers:
        headers["Content-Type"] = capture.media_type
    options: dict[str, Any] = {}
    if capture.charset and issubclass(chosen, http.TextResponse):
        options["encoding"] = capture.charset
    return chosen(
        capture.url or NO_URL,
        status=capture.status or 200,
        headers=headers,
        body=capture.body,
        request=request,
        **options,
    )


def _listed(found: Any) -> list[Any]:
    """What a callback returned as a list: of an item, of an iterable's items, of nothing."""
    if found is None:
        return []
    if isinstance(found, Iterable) and not ItemAdapter.is_item(found):
        return list(found)
    return [found]
