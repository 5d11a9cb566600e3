"""Shrinking: small, still failing, still a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from harness.model import Capture
from harness.page import Page
from harness.shrink import Shrunk, parses, shrink
from harness.shrink import html as html_format
from harness.shrink.search import minimise

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A long story</title>
<style>p { color: red }</style><script>if (a < b) { c() }</script></head>
<body class="story"><nav><ul><li><a href="/">Home</a><li><a href="/sport">Sport</a></ul></nav>
<main><article id="a1" data-x='1 "2"'><h1>A long story</h1>
<p class="first">It was a <b>dark</b> &amp; stormy night, the <em>rain</em> fell in torrents.</p>
<p>Except at <a href="/x?a=1&amp;b=2" title="needle here">occasional</a> intervals.</p>
<table><tr><td>cell<td>other</table><pre>
  kept as it is</pre><img src=i.png alt="a picture"></article></main>
<footer>All rights reserved</footer></body></html>"""


def capture(body: str | bytes, media_type: str = "text/html", **meta: object) -> Capture:
    data = body if isinstance(body, bytes) else body.encode()
    return Capture("site", "page", data, media_type, **meta)  # type: ignore[arg-type]


def source(shrunk: Shrunk) -> str:
    return shrunk.capture.body.decode(shrunk.capture.charset or "utf-8")


def shows(selector: str, text: str) -> Callable[[Capture], bool]:
    """Whether an element of the page shows a text: a fault that a test can understand."""

    def fails(page: Capture) -> bool:
        return any(text in found for found in Page(page).texts(selector))

    return fails


@pytest.mark.parametrize(
    ("selector", "text", "small"),
    [
        ("p b", "dark", "<p><b>dark</b></p>"),
        ("article > p", "stormy", "<article><p>stormy</p></article>"),
        ("p.first", "&", '<p class="first">&amp;</p>'),
        ("td", "other", "<table><tbody><tr><td>other</td></tr></tbody></table>"),
        ("body", "kept", "kept"),
        ("html[lang=en] h1", "long", '<html lang="en"><h1>long</h1>'),
    ],
)
def test_what_is_left_is_what_makes_it_fail(selector: str, text: str, small: str) -> None:
    done = shrink(capture(PAGE), shows(selector, text))
    assert source(done) == small
    assert done.ended == "minimal" and done.parses


def test_an_attribute_that_matters_stays_and_is_cut_down() -> None:
    def fails(page: Capture) -> bool:
        return "needle" in (Page(page).attr("a[title]", "title") or "")

    assert source(shrink(capture(PAGE), fails)) == '<a title="needle"></a>'


def test_what_fails_no_longer_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fail"):
        shrink(capture(PAGE), lambda _: False)


def test_metadata_stays_and_the_digest_is_that_of_the_new_page() -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    given_ = capture(PAGE, url="https://example.com/a", captured_at=moment)
    small = shrink(given_, shows("h1", "long")).capture
    assert (small.url, small.captured_at, small.site) == (given_.url, moment, "site")
    assert small.origin == "mutated" and len(small.sha256) == 64
    assert small.sha256 != given_.sha256


def test_a_page_in_another_encoding_becomes_one_that_is_found_to_be_utf_8() -> None:
    text = '<meta charset="windows-1251"><p>Привет</p><p>мир</p>'
    done = shrink(capture(text.encode("windows-1251")), shows("p", "мир"))
    assert done.capture.body == "<p>мир</p>".encode()
    bare = capture(done.capture.body)
    assert Page(bare).source == "<p>мир</p>" and done.parses


def test_a_failure_that_lives_in_the_encoding_keeps_its_bytes() -> None:
    body = b"one line\nanother\nbroken \xff\xfe here\nlast\n"

    def fails(page: Capture) -> bool:
        return b"\xff\xfe" in page.body

    done = shrink(capture(body, "text/plain"), fails)
    assert done.capture.body == b"\xff\xfe"


def test_a_failure_that_lives_in_broken_markup_keeps_it_broken() -> None:
    def fails(page: Capture) -> bool:
        return "<p>one<p>two" in Page(page).source

    done = shrink(capture("<div><h1>T</h1><p>one<p>two<p>three</div>"), fails)
    assert source(done) == "<p>one<p>two"
    assert not done.parses


def test_a_small_page_is_made_whole_where_the_large_one_could_not_be() -> None:
    def fails(page: Capture) -> bool:
        # The large page fails only as it is written, by a stray end tag.
        text = Page(page).source
        return "needle" in text and ("</i>" in text or len(text) < 40)

    done = shrink(capture("<div><p>one</i><p>two and needle<p>three, four, five, six</div>"), fails)
    assert done.parses and source(done) == "needle"


def test_lines_of_a_text_go_and_then_words() -> None:
    text = "logo\r\nA title\r\nSome source21 hours ago\r\nFirst paragraph here.\r\nThe end"

    def fails(page: Capture) -> bool:
        return any("source21" in line.text for line in Page(page).visible)

    done = shrink(capture(text, "text/plain"), fails)
    assert source(done) == "source21" and done.parses


def test_members_of_json_go_and_its_shape_stays() -> None:
    value = {"data": {"items": [{"title": "a"}, {"title": "bad needle", "n": 1}], "more": None}}

    def fails(page: Capture) -> bool:
        try:
            items = Page(page).data["data"]["items"]
            return any("needle" in item["title"] for item in items)
        except (KeyError, TypeError, ValueError):
            return False

    done = shrink(capture(json.dumps(value, indent=2), "application/json"), fails)
    assert source(done) == '{"data":{"items":[{"title":"needle"}]}}'
    assert done.parses


def test_a_feed_stays_well_formed() -> None:
    feed = """<?xml version="1.0" encoding="utf-8"?><rss xmlns:dc="http://a.b/dc" version="2.0">
    <channel><title>News</title><item><title>One &amp; two</title><dc:creator>Ada</dc:creator>
    <description><![CDATA[<p>Text</p>]]></description></item></channel></rss>"""

    def fails(page: Capture) -> bool:
        try:
            return any("two" in (t.text or "") for t in Page(page).xml.iter("title"))
        except SyntaxError:
            return False

    done = shrink(capture(feed, "application/rss+xml"), fails)
    assert source(done) == "<title>two</title>" and done.parses


def test_when_the_time_is_up_the_best_until_then_is_given() -> None:
    ticks = iter(range(1000))
    done = shrink(
        capture(PAGE), shows("p b", "dark"), budget_seconds=8, clock=lambda: float(next(ticks))
    )
    assert done.ended == "budget" and done.tests < 10
    assert shows("p b", "dark")(done.capture)
    assert len(done.capture.body) < len(PAGE)


def test_ctrl_c_loses_nothing() -> None:
    calls = 0
    fails = shows("p b", "dark")

    def interrupted(page: Capture) -> bool:
        nonlocal calls
        calls += 1
        if calls == 12:
            raise KeyboardInterrupt
        return fails(page)

    done = shrink(capture(PAGE), interrupted)
    assert done.ended == "interrupted"
    assert fails(done.capture) and len(done.capture.body) < len(PAGE)


def test_what_cannot_be_cut_comes_back_as_it_was() -> None:
    small = capture("<p>x")
    assert shrink(small, lambda page: len(page.body) >= 4).capture is small


@pytest.mark.parametrize(
    ("page", "whole"),
    [
        ("<p>a</p>", True),
        ("<title>t</title><p>a &amp; b</p>", True),
        ("<p>a<p>b", False),
        ("<p>a < b</p>", False),
        ("<b><p>a</b></p>", False),
        ("<p>a</p></div>", False),
        ("<table>text<tr><td>a</td></tr></table>", False),
        ("<p class=a class=b></p>", False),
    ],
)
def test_a_page_parses_when_no_error_recovery_was_needed(page: str, whole: bool) -> None:
    assert parses(capture(page)) is whole


def test_a_page_whose_bytes_lie_about_their_encoding_does_not_parse() -> None:
    page = '<meta charset="koi8-r"><p>да</p>'
    assert not parses(capture(page, charset="utf-8"))
    assert parses(capture(page.replace("koi8-r", "utf-8"), charset="utf-8"))


words = st.sampled_from(["one", "two ", " a<b", "&amp", "\xa0", "needle", "\n", '"', "'"])
leaf = st.lists(words, max_size=4).map("".join)
names = st.sampled_from(
    "p div b a table tr td ul li br img span pre textarea script section title h1 form".split()
)


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    attribute = st.sampled_from(["", " class=x", ' title="a b"', " hidden", " href='/?a&b'"])
    parts = st.lists(inside, max_size=4).map("".join)
    closed = st.tuples(names, attribute, parts).map(lambda t: f"<{t[0]}{t[1]}>{t[2]}</{t[0]}>")
    left_open = st.tuples(names, attribute, parts).map(lambda t: f"<{t[0]}{t[1]}>{t[2]}")
    return closed | left_open


pages = st.recursive(leaf, element, max_leaves=12)


@given(pages)
def test_writing_a_canonical_page_changes_nothing_that_is_parsed(page: str) -> None:
    tree = html_format.read(page)
    assert tree is not None
    written = html_format.write(tree)
    if html_format.is_canonical(written):
        again = html_format.read(written)
        assert again is not None and html_format.write(again) == written
        assert " ".join(LexborHTMLParser(written).text().split()) == " ".join(
            LexborHTMLParser(page).text().split()
        )


@given(pages, st.sampled_from(["needle", "one", "two"]))
def test_the_result_fails_is_no_larger_and_parses(page: str, text: str) -> None:
    def fails(candidate: Capture) -> bool:
        return any(text in line.text for line in Page(candidate).visible)

    given_ = capture(page)
    if not fails(given_):
        return
    done = shrink(given_, fails)
    assert fails(done.capture)
    assert len(done.capture.body) <= len(given_.body)
    assert done.parses and source(done) == text


@given(st.lists(st.integers(0, 9), max_size=40), st.sets(st.integers(0, 9), max_size=4))
def test_minimise_drops_all_that_may_go_and_nothing_else(
    items: list[int], needed: set[int]
) -> None:
    left = list(enumerate(items))

    def drop(some: list[tuple[int, int]]) -> bool:
        rest = [pair for pair in left if pair not in some]
        if {value for _, value in rest} < needed & set(items):
            return False
        if not needed & set(items) <= {value for _, value in rest}:
            return False
        left[:] = rest
        return True

    minimise(list(left), drop)
    assert sorted(value for _, value in left) == sorted(needed & set(items))
