"""Scrapy callbacks get the response that Scrapy would have made, and give a record."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from harness.errors import ConfigError
from harness.extraction import extract
from harness.model import Capture, Failure

scrapy: Any = pytest.importorskip("scrapy", reason="the extra scrapy is not installed")

from harness.adapters.scrapy import callback, response_of  # noqa: E402

PAGE = "<h1>Überschrift</h1><ul><li>Eins<li>Zwei</ul><a class=next href=/2>weiter</a>"
CAPTURE = Capture(
    "site",
    "a-1",
    PAGE.encode("cp1252"),
    "text/html",
    url="https://example.com/news/",
    charset="cp1252",
    status=404,
    headers=(("X-Served", "a"), ("x-served", "b"), ("Content-Encoding", "br")),
)


class Card(scrapy.Item):  # type: ignore[misc]
    """A Scrapy item."""

    title = scrapy.Field()


class NewsSpider(scrapy.Spider):  # type: ignore[misc]
    """One callback of each kind."""

    name = "news"
    seen = 0

    def parse(self, response: Any) -> Iterator[Any]:
        for text in response.css("li::text").getall():
            yield Card(title=text)
        yield response.follow(response.css("a.next")[0], self.parse)

    def one(self, response: Any) -> dict[str, Any]:
        return {"title": response.css("h1::text").get(), "status": response.status}

    def single(self, response: Any) -> Iterator[Any]:
        yield response.follow("/3")
        yield Card(title=response.css("h1::text").get())

    async def coroutine(self, response: Any) -> list[Any]:
        return [{"title": text} for text in response.css("li::text").getall()]

    async def stream(self, response: Any) -> AsyncIterator[Any]:
        for text in response.css("li::text").getall():
            yield {"title": text}

    def nothing(self, response: Any) -> None:
        pass

    def about(self, response: Any, page: int) -> dict[str, Any]:
        self.seen += 1
        self.crawler.stats.inc_value("seen")
        asked = response.cb_kwargs["page"] == page
        return {"page": asked and page, "depth": response.meta["depth"], "seen": self.seen}

    def downloads(self, response: Any) -> Any:
        return self.crawler.engine.download(response.follow("/4"))

    def wrong(self, _: Any) -> Iterator[Any]:
        yield "text"

    def deferred(self, _: Any) -> Any:
        from twisted.internet.defer import Deferred

        return Deferred()


def record_of(method: str, **options: Any) -> Any:
    outcome = extract(callback(NewsSpider, method, **options), CAPTURE)
    assert outcome.record is not None, outcome.failure
    return outcome.record


def failure_of(method: str, **options: Any) -> Failure:
    failure = extract(callback(NewsSpider, method, **options), CAPTURE).failure
    assert failure is not None
    return failure


CARDS = [{"title": "Eins"}, {"title": "Zwei"}]


@pytest.mark.parametrize("method", ["parse", "coroutine", "stream"])
def test_several_items_are_a_list_however_they_are_given(method: str) -> None:
    assert record_of(method) == {"items": CARDS}


def test_one_item_is_the_record() -> None:
    assert record_of("one") == {"title": "Überschrift", "status": 404}
    assert record_of("single") == {"title": "Überschrift"}
    assert record_of("single", many=True) == {"items": [{"title": "Überschrift"}]}
    assert record_of("nothing") == {"items": []}


def test_requests_are_left_out_unless_asked_for() -> None:
    assert record_of("parse", requests=True) == {
        "items": CARDS,
        "requests": ["https://example.com/2"],
    }
    assert record_of("single", requests=True) == {
        "title": "Überschrift",
        "requests": ["https://example.com/3"],
    }


def test_a_callback_gets_meta_arguments_and_a_spider_of_its_own() -> None:
    extractor = callback(NewsSpider, "about", meta={"depth": 2}, cb_kwargs={"page": 7})
    for _ in range(2):
        assert extract(extractor, CAPTURE).record == {"page": 7, "depth": 2, "seen": 1}


def test_what_only_a_crawl_can_give_is_one_line() -> None:
    failure = failure_of("downloads")
    assert failure.type == "NotACallbackResult"
    assert failure.message.startswith("the callback uses the crawler's engine (download);")
    assert "Deferred" in failure_of("deferred").message
    assert failure_of("wrong").message == "the callback gave str, which is no item"
    assert failure_of("parse", many=False).message == (
        "the callback gave 2 items; many=False asks for one"
    )


def test_the_response_is_what_the_downloader_makes() -> None:
    response = response_of(CAPTURE)
    assert type(response) is scrapy.http.HtmlResponse
    assert response.headers.getlist("X-Served") == [b"a", b"b"]
    assert "Content-Encoding" not in response.headers
    assert (response.encoding, response.url) == ("cp1252", "https://example.com/news/")
    feed = Capture("site", "f-1", b"<rss/>", "application/rss+xml")
    assert type(response_of(feed)) is scrapy.http.XmlResponse
    sniffed = Capture("site", "s-1", "<meta charset=utf-8>ü".encode(), "text/html")
    assert response_of(sniffed).text == "<meta charset=utf-8>ü"


def test_what_is_no_spider_or_no_callback_is_refused() -> None:
    with pytest.raises(ConfigError, match="is no spider"):
        callback(Card)
    with pytest.raises(ConfigError, match="spider NewsSpider has no callback 'pase'"):
        callback(NewsSpider, "pase")
