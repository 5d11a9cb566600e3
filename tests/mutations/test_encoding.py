"""The same text in other bytes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import Capture, Page
from harness.mutations import MUTATIONS
from harness.mutations.encoding import CHARSETS
from tests.mutations.pages import ARTICLE, EVERY, TEXT, extract, feed, html, visible

FAMILY = [m for m in MUTATIONS.values() if m.family == "encoding"]
SAMPLES = {
    "windows-1252": "é’–",
    "iso-8859-2": "čřž",
    "windows-1251": "Привет",
    "koi8-r": "Привет",
    "windows-1253": "Γειά",
    "windows-1255": "שלום",
    "windows-1256": "مرحبا",
    "windows-1254": "ğış",
    "gb18030": "渡轮离开",
    "big5": "渡輪離開",
    "shift_jis": "山羊とピアノ",
    "euc-jp": "山羊とピアノ",
    "euc-kr": "염소와",
}


def page(words: str, declared: str = '<meta charset="utf-8">') -> Capture:
    """A page of one paragraph, with a script and a comment of the same words."""
    return html(
        f"<!doctype html><html><head>{declared}<title>{words}</title>"
        f'<script type="application/ld+json">{{"a": "{words} ☃ 😀"}}</script></head>'
        f'<body><!-- {words} ☃ --><p title="{words}">{words} ☃</p>'
        f"{'<p>plain</p>' * 40}</body></html>"
    )


@pytest.mark.parametrize("label", SAMPLES)
@pytest.mark.parametrize(
    "declared",
    [
        '<meta charset="utf-8">',
        "<meta charset=utf-8>",
        '<META http-equiv="Content-Type" content="text/html; charset=UTF-8">',
        "",
    ],
)
def test_a_page_says_what_it_is_in(label: str, declared: str) -> None:
    capture = page(SAMPLES[label], declared)
    made = MUTATIONS[f"encoding-{label}"](capture, 0)
    assert made is not None
    assert made.capture.charset is None and made.capture.headers == ()
    after = Page(made.capture)
    assert after.encoding != "utf-8"
    assert after.texts("p") == Page(capture).texts("p")
    assert after.text("head title") == SAMPLES[label]
    assert after.script_json("script") == [{"a": f"{SAMPLES[label]} ☃ 😀"}]
    assert after.attr("p", "title") == SAMPLES[label]


def test_every_charset_has_a_sample() -> None:
    assert {*SAMPLES, "utf-8"} == set(CHARSETS)


def test_a_page_of_another_script_is_not_written_as_references() -> None:
    capture = html(f"<p>{'Привет ' * 50}</p>")
    assert MUTATIONS["encoding-windows-1252"](capture, 0) is None
    assert MUTATIONS["encoding-koi8-r"](capture, 0) is not None


def test_a_page_of_ascii_has_nothing_to_encode() -> None:
    capture = html("<p>plain</p>")
    assert MUTATIONS["encoding-windows-1252"](capture, 0) is None
    assert MUTATIONS["bom-utf-16-le"](capture, 0) is not None


def test_an_old_page_goes_over_into_utf_8() -> None:
    body = ARTICLE.replace("utf-8", "windows-1252").encode("windows-1252")
    old = Capture("quay", "old", body, "text/html", headers=(("Content-Type", "text/html"),))
    made = MUTATIONS["encoding-utf-8"](old, 0)
    assert made is not None
    assert visible(made.capture) == visible(html())
    assert Page(made.capture).encoding == "utf-8"


def test_a_header_that_names_a_charset_names_the_new_one() -> None:
    header = ("Content-Type", "text/html; charset=utf-8")
    made = MUTATIONS["encoding-gb18030"](html(headers=(header, ("X", "charset=utf-8"))), 0)
    assert made is not None
    assert made.capture.headers == (
        ("Content-Type", "text/html; charset=gb18030"),
        ("X", "charset=utf-8"),
    )
    assert visible(made.capture) == visible(html())


def test_a_feed_says_it_in_its_declaration() -> None:
    made = MUTATIONS["encoding-windows-1252"](feed(), 0)
    assert made is not None
    assert b'encoding="windows-1252"' in made.capture.body and b"caf\xe9" in made.capture.body
    assert extract(made.capture) == extract(feed())


def test_a_wrong_meta_is_measured_since_bytes_alone_do_not_tell() -> None:
    made = MUTATIONS["meta-wrong"](html(), 0)
    assert made is not None and not made.relation.must_hold
    assert visible(made.capture) == visible(html())


@pytest.mark.parametrize(("name", "end"), [("lf", b"\n"), ("crlf", b"\r\n"), ("cr", b"\r")])
def test_every_line_end_is_of_one_kind(name: str, end: bytes) -> None:
    mixed = ARTICLE.replace("\n", "\r\n", 5)
    made = MUTATIONS[f"line-ends-{name}"](html(mixed), 0)
    assert made is not None
    left = made.capture.body.replace(end, b"")
    assert b"\n" not in left and b"\r" not in left


def test_lone_carriage_returns_in_text_are_measured_only() -> None:
    text_capture, html_capture = EVERY[1], EVERY[0]
    made = [MUTATIONS["line-ends-cr"](c, 0) for c in (text_capture, html_capture)]
    assert [m.relation.must_hold for m in made if m] == [False, True]


@settings(max_examples=60)
@given(
    st.sampled_from(FAMILY),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60),
    st.sampled_from([ARTICLE, TEXT, "<p>{}</p>", "{}"]),
    st.sampled_from(["text/html", "text/plain", "application/xml"]),
)
def test_a_reader_sees_the_same_lines_in_other_bytes(
    mutation: object, words: str, frame: str, media_type: str
) -> None:
    source = frame.replace("goats", words).replace("{}", words)
    capture = Capture("quay", "any", source.encode(), media_type)
    made = mutation(capture, 1)  # type: ignore[operator]
    if made is not None:
        assert visible(made.capture) == visible(capture)
