"""A page as a reader sees it, and where each line stands in its source."""

from __future__ import annotations

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.model import Capture
from harness.page import Page, fragment
from harness.text import collapse, squash


def page(body: str | bytes, media_type: str = "text/html", **known: Any) -> Page:
    data = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    return Page(Capture("site", "name", data, media_type, **{"charset": None, **known}))


def seen(body: str | bytes, media_type: str = "text/html", **known: Any) -> list[str]:
    return [line.text for line in page(body, media_type, **known).visible]


# --- what a reader sees ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "lines"),
    [
        ("<span>NDTV</span><span>2 hours ago</span>", ["NDTV2 hours ago"]),
        ("<div>NDTV</div><div>2 hours ago</div>", ["NDTV", "2 hours ago"]),
        ("<span>and</span>\n<a>a</a>", ["and a"]),
        ("one<br>two<br/>three", ["one", "two", "three"]),
        ("w<b>or</b>d <!-- c -->x<!-- c -->y", ["word xy"]),
        ("<p>a<p>b", ["a", "b"]),
        ("<p>  a \n\t b&nbsp;c </p>", ["a b\u00a0c"]),
        (
            "<p hidden>a</p><p style='display : none'>b</p><p style='VISIBILITY:hidden'>c</p>d",
            ["d"],
        ),
        ("<div hidden><p>a</div>b", ["b"]),
        ("a<noscript>b</noscript><script>c</script><style>d</style><template>e</template>", ["a"]),
        ("<title>a</title><svg><title>b</title><text>c</text></svg>d", ["d"]),
        ("<dialog>a</dialog><dialog open>b</dialog>", ["b"]),
        ("<pre>a\n  b\n\nc</pre>", ["a", "b", "c"]),
        ("<p>a\nb</p>", ["a b"]),
        ("<table><tr><td>a<td>b<tr><th>c</table>", ["a", "b", "c"]),
        ("<ul><li>a<ul><li>b</ul><li>c</ul>", ["a", "b", "c"]),
        ("<button>a</button><button>b</button><select><option>c<option>d</select>", list("abcd")),
        ("a<textarea>b</textarea><input value=c>", ["a"]),
        ("<p>&lt;b&gt; &amp;amp; &#8217;</p>", ["<b> &amp; ’"]),
        ("a\0b", ["ab"]),
        ("", []),
        ("   ", []),
        ("\ufeff<p>a", ["a"]),
    ],
)
def test_lines_end_where_blocks_do(markup: str, lines: list[str]) -> None:
    assert seen(markup) == lines
    assert page(markup).lines() == lines


def test_a_node_that_is_named_is_read_though_hidden() -> None:
    made = page("<title> The  T </title><p hidden>secret<b hidden>!</b></p>")
    assert made.text("title") == "The T"
    assert made.text("p") == "secret"
    assert made.text("h1") is None
    assert made.texts("b, h1") == ["!"]


@pytest.mark.parametrize(
    "markup", ["<div>" * 50_000 + "deep", "<div>a" * 2_000, "<b>" * 50_000 + "x"]
)
def test_deep_nesting_is_no_recursion(markup: str) -> None:
    lines = page(markup).visible
    assert lines[-1].text in ("deep", "a", "x")
    assert len(lines[-1].tags) <= 100


def test_hostile_markup_takes_no_quadratic_time() -> None:
    for part in ("<a", "x<!--", "x<noscript>", "<a b='", "<title>", "<svg><title/>", "&", "<p>|"):
        seen(part * 20_000)


@given(
    st.binary(max_size=60),
    st.sampled_from(["text/html", "text/xml", "application/json", "text/plain"]),
)
def test_any_bytes_are_some_page(body: bytes, media_type: str) -> None:
    made = page(body, media_type)
    assert all(line.text.strip() for line in made.visible)


PIECES = [
    "<p>",
    "</p>",
    "<div class='a > b'>",
    "</div>",
    "<b>",
    "</b>",
    "<br>",
    "<table>",
    "<tr>",
    "<td>",
    "<div hidden>",
    "<script>var a = '<p>one</p>'</script>",
    "<!-- one -->",
    "<span style=display:none>",
    "</span>",
    "<pre>",
    "</pre>",
    "<svg><title>two</title></svg>",
    '<a title="x>y">',
    "</a>",
    "<noscript>",
    "</noscript>",
    "one",
    " two ",
    "three &amp; four",
    "\n",
    "\0",
    "l’été",
    "&nbsp;",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_a_lines_place_in_the_source_holds_its_text(pieces: list[str]) -> None:
    made = page("".join(pieces))
    for line in made.visible:
        if line.start is None or line.end is None:
            assert line.start is line.end
            continue
        part = made.source[line.start : line.end].replace("\0", "")
        # Hidden text may stand between the first and the last character of a line.
        rest = iter(squash(fragment(part).raw_text))
        assert all(char in rest for char in squash(line.text)), (line, made.source)
        assert not part.startswith("<")
        assert not part.endswith(">")


@pytest.mark.parametrize(
    ("markup", "place"),
    [
        ("<p>Hello</p>", "Hello"),
        ("<p>a <b>b</b> c</p>", "a <b>b</b> c"),
        ("<a title='a > b'>text</a>", "text"),
        ("<p don't>text</p>", "text"),
        ("<!-- > text -->\n<p>text", "text"),
        ("<p>a&nbsp;b&amp;c</p>", "a&nbsp;b&amp;c"),
    ],
)
def test_where_a_line_stands(markup: str, place: str) -> None:
    made = page(markup)
    assert [made.source[line.start : line.end] for line in made.visible] == [place]


def test_texts_that_repeat_stand_each_in_its_own_place() -> None:
    markup = "<p hidden>a</p><p>a</p><script>'a'</script><p>a</p>"
    starts = [line.start for line in page(markup).visible]
    assert starts == [markup.index("<p>a") + 3, markup.rindex("<p>a") + 3]


def test_a_line_of_which_a_part_cannot_be_placed_has_no_place() -> None:
    lines = page("<pre>x\ny <b>b</b></pre>").visible
    assert [(line.text, line.start, line.end) for line in lines] == [
        ("x", None, None),
        ("y b", None, None),
    ]


def test_text_that_the_parser_moved_has_a_place_or_none() -> None:
    line = page("<table>moved<tr><td>cell</table>").visible[0]
    assert (line.text, line.start, line.end) == ("moved", 7, 12)


def test_a_line_names_the_elements_around_it() -> None:
    line = page("<nav class='top  wide'><a>x</a></nav>").visible[0]
    assert line.tags == ("html", "body", "nav.top.wide", "a")


# --- reading nodes --------------------------------------------------------------------------------


def test_a_broken_selector_is_named() -> None:
    with pytest.raises(ValueError, match=r"'p\[\['"):
        page("<p>").css("p[[")


def test_nested_lists_can_be_walked() -> None:
    depth, node = 0, page("<ul><li><ul><li>a</ul></ul>").first("ul")
    while node is not None:
        depth, node = depth + 1, node.first("ul")
    assert depth == 2


@pytest.mark.parametrize(
    ("base", "href", "link"),
    [
        ("", "/b?x=1", "http://a.b/b?x=1"),
        ("<base href='/c/'>", "d", "http://a.b/c/d"),
        ("", " http://x.y ", "http://x.y"),
        ("", "http://[x", "http://[x"),
        ("", "", "http://a.b/page"),
    ],
)
def test_links_are_absolute(base: str, href: str, link: str) -> None:
    made = page(f"{base}<p><a href='{href}'>x</a>", url="http://a.b/page")
    assert made.link("a") == link
    first = made.first("a")
    assert first is not None and first.link() == link


# --- bytes to text --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "header", "encoding"),
    [
        ("<p>é".encode(), None, "utf-8"),
        (b"<p>\xe9", None, "cp1252"),
        (b"<meta charset=iso-8859-1><p>\xe9", None, "cp1252"),
        (b"<meta charset=koi8-r><p>\xe9", "text/html; charset=iso-8859-2", "iso8859-2"),
        ("\ufeff<p>é".encode("utf-16-le"), "text/html; charset=utf-8", "utf-16-le"),
        ("\ufeff<p>é".encode(), "text/html; charset=latin-1", "utf-8"),
        ("<meta charset=utf-16><p>é".encode(), None, "utf-8"),
        ("<meta charset=no-such-thing><p>é".encode(), None, "utf-8"),
        ("<meta charset=rot13><p>é".encode(), "text/html; charset=idna", "utf-8"),
        ("<meta charset=undefined><p>é".encode(), "text/html; charset=zlib", "utf-8"),
    ],
)
def test_the_encoding_is_the_one_browsers_choose(
    body: bytes, header: str | None, encoding: str
) -> None:
    made = page(body, headers=(("Content-Type", header),) if header else ())
    assert made.encoding == encoding
    assert not made.source.startswith("\ufeff")
    assert made.lines() == ["é"]


def test_a_lying_charset_gives_replacement_characters() -> None:
    assert seen(b"<meta charset=utf-8><p>caf\xe9!") == ["caf\ufffd!"]
    assert seen(b"<p>caf\xe9!", charset="utf-8") == ["caf\ufffd!"]
    assert seen("<p>é".encode(), charset="cp1252") == ["Ã©"]


@pytest.mark.parametrize(
    ("prolog", "codec"),
    [
        ('<?xml version="1.0" encoding="iso-8859-1"?>', "latin-1"),
        ('<?xml version="1.0" encoding="utf-16"?>', "utf-8"),
        ('<?xml version="1.0" encoding="hex"?>', "utf-8"),
        ('<?xml version="1.0" encoding="idna"?>', "utf-8"),
        ("", "utf-8"),
        ("\ufeff<?xml version='1.0'?>", "utf-16-be"),
        ("\ufeff", "utf-8"),
    ],
)
def test_a_feed_is_decoded_by_its_declaration(prolog: str, codec: str) -> None:
    made = page(f"{prolog}<rss><t>é</t></rss>".encode(codec), "application/rss+xml")
    assert [line.text for line in made.visible] == ["é"]
    assert made.xml.findtext("t") == "é"


def test_a_header_settles_the_encoding_of_a_feed() -> None:
    header = (("content-type", "text/xml; charset=iso-8859-2"),)
    assert seen(b"<t>\xb1</t>", "text/xml", headers=header) == ["ą"]


# --- other media ----------------------------------------------------------------------------------


def test_the_lines_of_a_feed_come_in_its_order() -> None:
    feed = "<r>a<item><t>b</t>c<d>d &lt;p&gt;e&lt;/p&gt;</d></item>f</r>"
    lines = page(feed, "text/xml").visible
    assert [line.text for line in lines] == ["a", "b", "c", "d", "e", "f"]
    assert [line.tags for line in lines[:3]] == [("r",), ("t",), ("item",)]


def test_broken_xml_and_json_are_read_as_text() -> None:
    assert seen("<a>b", "text/xml") == ["<a>b"]
    assert seen('{"a": ', "application/json") == ['{"a":']
    assert seen("[" * 100_000, "application/json") == ["[" * 100_000]


def test_json_gives_its_strings_in_order() -> None:
    made = page('{"a": ["x", {"b": "y\\nz"}], "c": 1, "d": "w"}', "application/ld+json")
    assert [(line.text, line.tags) for line in made.visible] == [
        ("x", ("a",)),
        ("y", ("a", "b")),
        ("z", ("a", "b")),
        ("w", ("d",)),
    ]
    assert made.data["c"] == 1


def test_plain_text_lines_have_their_place() -> None:
    made = page("a \r\n\r\n  b\rc", "text/plain")
    assert [made.source[line.start : line.end].strip() for line in made.visible] == ["a", "b", "c"]
    assert made.source_lines == ["a ", "", "  b", "c"]


def test_broken_json_ld_beside_good_is_ignored() -> None:
    made = page(
        '<script type="application/ld+json">{"@type": "Bad",}</script>'
        f'<script type="application/ld+json">{"[" * 100_000}</script>'
        '<script type="application/ld+json">'
        '[{"@graph": [{"@type": ["NewsArticle", "Thing"], "x": 1}, {"@type": "Person"}]}, 3, null]'
        "</script>"
        '<script type="application/ld+json; charset=utf-8">{"@type": "http://schema.org/Event"}</script>'
    )
    assert [item["@type"] for item in made.json_ld()] == [
        ["NewsArticle", "Thing"],
        "Person",
        "http://schema.org/Event",
    ]
    assert made.json_ld("NewsArticle")[0]["x"] == 1
    assert len(made.json_ld("Event", "Person")) == 2


@given(st.text(max_size=40))
def test_text_survives_escaping(text: str) -> None:
    shown = collapse("".join(c for c in text if c.isprintable() or c == " "))
    assert " ".join(seen(f"<p>{html.escape(shown)}</p>")) == (shown if shown.strip() else "")


def test_a_broken_base_is_no_error() -> None:
    capture = Capture(
        "a", "b", b"<base href='http://[x'><a href='/q'>q</a>", "text/html", "http://a.b/"
    )
    page = Page(capture)
    assert page.texts("a") == ["q"]
    assert page.link("a") == "/q"


def test_a_page_gets_no_codec_that_browsers_do_not_have() -> None:
    body = b"<meta charset=unicode_escape><p>\\u003cb\\u003e"
    assert Page(Capture("a", "b", body, "text/html")).texts("p") == ["\\u003cb\\u003e"]


def test_pre_keeps_lines_also_beside_a_hidden_one() -> None:
    body = b"<pre>a\nb</pre><pre hidden>c</pre><pre>d\ne</pre><p>f\ng</p>"
    assert Page(Capture("a", "b", body, "text/html")).lines() == ["a", "b", "d", "e", "f g"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>ad</p>",
        "<p style='display: none'>ad</p>",
        "<div hidden><div><p>ad</p></div></div>",
        "<template><p>ad</p></template>",
    ],
)
def test_of_many_matches_those_that_no_reader_sees_are_left_out(hidden: str) -> None:
    found = page(f"<article><p>one</p>{hidden}<p>two</p></article>")
    assert found.lines("article p") == found.texts("article p") == ["one", "two"]
    assert found.first("article").lines("p") == ["one", "two"]  # type: ignore[union-attr]


def test_where_all_matches_are_hidden_they_were_meant() -> None:
    found = page("<title>t</title><div hidden><p>one<p>two</div><p>three")
    assert found.lines("div p") == ["one", "two"]
    assert found.first("div").lines("p") == ["one", "two"]  # type: ignore[union-attr]
    assert found.texts("head title") == ["t"]
