"""web-poet page objects run as they do under their own framework, and say what they cannot get."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import ConfigError
from harness.extraction import extract
from harness.model import Capture, Failure

web_poet: Any = pytest.importorskip("web_poet", reason="the extra webpoet is not installed")

from harness.adapters.webpoet import page_object  # noqa: E402

PAGE = "<!doctype html><h1>Überschrift</h1><p>Eins<p>Zwei<a href=/weiter>x</a>"
CAPTURE = Capture(
    "site",
    "a-1",
    PAGE.encode("cp1252"),
    "text/html",
    url="https://example.com/news/a",
    charset="cp1252",
    status=203,
    headers=(("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip")),
)


def record_of(page_class: type, capture: Capture = CAPTURE, **options: Any) -> dict[str, Any]:
    outcome = extract(page_object(page_class, **options), capture)
    assert outcome.record is not None, outcome.failure
    return outcome.record


def failure_of(page_class: type) -> Failure:
    failure = extract(page_object(page_class), CAPTURE).failure
    assert failure is not None
    return failure


class ArticlePage(web_poet.WebPage):  # type: ignore[misc]
    """Synchronous and asynchronous fields."""

    @web_poet.field
    def title(self) -> str:
        return str(self.css("h1::text").get())

    @web_poet.field
    async def body(self) -> list[str]:
        return list(self.css("p::text").getall())


class Parts:
    """Everything that a capture can give, as a plain page asks for it."""


class AllPage(web_poet.ItemPage):  # type: ignore[misc]
    """Asks for everything that a capture can give."""

    def __init__(
        self,
        response: web_poet.HttpResponse,
        either: web_poet.AnyResponse,
        html: web_poet.BrowserHtml,
        browser: web_poet.BrowserResponse,
        response_url: web_poet.ResponseUrl,
        request_url: web_poet.RequestUrl,
        params: web_poet.PageParams,
        stats: web_poet.Stats,
        article: ArticlePage,
        client: web_poet.HttpClient,
    ) -> None:
        stats.inc("seen")
        self.parts = {
            "client": type(client).__name__,
            "status": response.status,
            "link": response.urljoin("/weiter"),
            "same": either.response is response and article.response is response,
            "compressed": "Content-Encoding" in response.headers,
            "html": str(html) == str(browser.html) == response.text == PAGE,
            "urls": [str(response_url), str(request_url)],
            "params": dict(params),
        }

    def to_item(self) -> dict[str, Any]:
        return self.parts


def test_fields_become_the_record_in_the_captures_charset() -> None:
    assert record_of(ArticlePage) == {"title": "Überschrift", "body": ["Eins", "Zwei"]}


def test_a_page_object_gets_all_that_a_capture_holds() -> None:
    assert record_of(AllPage, params={"n": 1}) == {
        "client": "HttpClient",
        "status": 203,
        "link": "https://example.com/weiter",
        "same": True,
        "compressed": False,
        "html": True,
        "urls": ["https://example.com/news/a"] * 2,
        "params": {"n": 1},
    }


def test_a_capture_without_url_or_status_is_read_too() -> None:
    bare = Capture("site", "b-1", PAGE.encode(), "text/html")
    assert record_of(ArticlePage, bare)["title"] == "Überschrift"


def test_what_no_capture_gives_is_named_with_who_asks_for_it() -> None:
    class Price:
        pass

    class ShopPage(web_poet.ItemPage):  # type: ignore[misc]
        def __init__(self, response: web_poet.HttpResponse, price: Price) -> None: ...

    ShopPage.__init__.__annotations__.update(response=web_poet.HttpResponse, price=Price)
    failure = failure_of(ShopPage)
    assert failure.type == "NotInACapture"
    assert failure.message.startswith(
        "ShopPage needs Price ('price' of ShopPage), which no capture gives; captures give AnyRes"
    )


def test_a_request_of_a_page_object_is_refused_as_it_must_expect() -> None:
    class AskingPage(web_poet.ItemPage):  # type: ignore[misc]
        def __init__(self, client: web_poet.HttpClient) -> None:
            self.client = client

        async def to_item(self) -> dict[str, Any]:
            return {"more": await self.client.get("https://example.com/more")}

    AskingPage.__init__.__annotations__.update(client=web_poet.HttpClient)
    failure = failure_of(AskingPage)
    assert failure.type == "HttpRequestError"
    assert failure.message.startswith("GET https://example.com/more: a capture holds one response")


def test_rules_of_handle_urls_replace_a_page_object(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = web_poet.RulesRegistry()
    monkeypatch.setattr(web_poet, "default_registry", registry)

    @registry.handle_urls("example.com", instead_of=ArticlePage)
    class SitesOwn(ArticlePage):
        @web_poet.field
        def title(self) -> str:
            return "replaced"

    assert record_of(ArticlePage)["title"] == "replaced"
    elsewhere = Capture("site", "c-1", PAGE.encode(), "text/html", url="https://other.example/")
    assert record_of(ArticlePage, elsewhere)["title"] == "Überschrift"


def test_names_and_sites_are_as_with_extractor() -> None:
    assert (page_object(ArticlePage).name, page_object(ArticlePage).sites) == (
        "articlepage",
        ("*",),
    )
    named = page_object(ArticlePage, name="example_com")
    assert (named.name, named.sites) == ("example_com", ("example_com",))
    assert page_object(ArticlePage, name="a", sites="b*").sites == ("b*",)


def test_a_class_that_is_no_page_object_is_refused() -> None:
    with pytest.raises(ConfigError, match="is no page object"):
        page_object(Parts)
