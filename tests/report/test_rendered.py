"""A capture drawn for a browser: nothing of the page but its texts and structure, and the marks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from harness.corpus import Corpus
from harness.model import Capture, CaseResult, Finding, Tree, Verdict
from harness.page import Page
from harness.report.evidence import Evidence, differing, gather
from harness.report.redraw import KEPT
from harness.report.rendered import LEAST, rendered, srcdoc
from harness.text import show_unseen, squash
from tests.conftest import REPOSITORY
from tests.hostile import AWAY, CANARY, PAYLOADS, page_of

SHARED = REPOSITORY.parent / "shared" / "data"
WHOLE = 100_000_000
OWN = {"html", "head", "meta", "title", "style", "body", "br", "hr", "i", "span", "div", "mark"}
ATTRIBUTES = {
    *("lang", "dir", "class", "id", "title", "data-f", "data-b"),
    *("colspan", "rowspan", "start", "value"),
}
CORPUS = Corpus(REPOSITORY / "corpus")


def capture(body: str | bytes, media_type: str = "text/html") -> Capture:
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return Capture("site", "name", data, media_type)


def evidence(
    page: Capture, now: dict[str, Tree] | None = None, before: dict[str, Tree] | None = None
) -> Evidence:
    return gather(case(now, before), lambda _: page)


def case(now: dict[str, Tree] | None, before: dict[str, Tree] | None = None) -> CaseResult:
    return CaseResult("site/name", "site", Verdict.CHANGED, record=now, accepted=before)


def drawn(
    body: str | bytes,
    now: dict[str, Tree] | None = None,
    before: dict[str, Tree] | None = None,
    limit: int = WHOLE,
    findings: tuple[Finding, ...] = (),
) -> LexborNode:
    differs = differing(case(now, before))
    found = rendered(evidence(capture(body), now, before), differs, limit, findings=findings)
    assert found is not None
    return parsed(found)


def parsed(document: str) -> LexborNode:
    body = LexborHTMLParser(document).body
    assert body is not None
    return body


def texts(node: LexborNode, selector: str) -> list[str]:
    return [each.text(deep=True) for each in node.css(selector)]


def assert_harmless(document: str) -> None:
    """Asserts that a document, parsed again, has nothing that is not drawn by the harness."""
    page = LexborHTMLParser(document)
    assert page.root is not None
    for node in page.root.traverse():
        assert node.tag in OWN | set(KEPT.values()), node.html
        allowed = ATTRIBUTES if node.tag != "meta" else {"charset", "http-equiv", "content", "name"}
        assert set(node.attributes) <= allowed, node.html
    assert len(page.css("style")) == 1
    head, _, _ = document.partition("<body>")
    assert CANARY not in head and AWAY not in head


def assert_reads_like(document: str, page: Page) -> None:
    """Asserts that a document's text is the page's visible text, white space aside."""
    body = parsed(document)
    for gap in body.css(".gap"):
        gap.decompose()
    seen = show_unseen(" ".join(line.text for line in page.visible))
    assert squash(body.text(deep=True)) == squash(seen)


# --- the law: what is drawn is what a reader sees -------------------------------------------------

WORDS = st.sampled_from(
    ["word", "  two\n words ", "<", "&amp;", "&#0;", "\x1c", "\u202e", "\u00a0", "é", "אב", "\t"]
)
TAGS = st.sampled_from(
    """p div span b pre br hr table tr td th tbody ul li a h1 nav script style template noscript svg
    math mtext textarea select option button form img iframe section custom-tag dialog details
    blockquote font ruby rt plaintext title caption figure q xmp""".split()
)
ATTRIBUTE = st.sampled_from(
    ["", " hidden", " dir=rtl", ' lang="de"', " style='display:none'", " href='x\"y'", " colspan=2"]
)
SOUP = st.lists(
    st.one_of(
        WORDS,
        st.builds("<{}{}>".format, TAGS, ATTRIBUTE),
        st.builds("</{}>".format, TAGS),
        st.sampled_from(["<!-- c -->", "<![CDATA[x]]>", "<!doctype html>", "</"]),
    ),
    max_size=40,
).map("".join)


@given(SOUP)
def test_any_markup_is_drawn_as_it_reads_and_harmless(body: str) -> None:
    found = evidence(capture(body))
    document = rendered(found, set(), WHOLE)
    assert document is not None
    assert_harmless(document)
    assert_reads_like(document, found.tracer.page)


@given(SOUP, st.data())
def test_marks_lie_on_the_texts_that_fields_claim(body: str, data: st.DataObject) -> None:
    lines = Page(capture(body)).visible
    spans = []
    for line in lines[:6]:
        start = data.draw(st.integers(0, len(line.text) - 1))
        spans.append(line.text[start : data.draw(st.integers(start + 1, len(line.text)))])
    now: dict[str, Tree] = {f"f{number}": text for number, text in enumerate(spans)}
    found = evidence(capture(body), now)
    document = rendered(found, set(), WHOLE)
    assert document is not None
    assert_reads_like(document, found.tracer.page)
    marked: dict[str, str] = {}
    for node in parsed(document).css("mark"):
        field = node.attributes["title"] or ""
        marked[field] = marked.get(field, "") + node.text(deep=True)
    claimed: dict[str, str] = {}
    for line, marks in zip(found.lines, found.now.marks, strict=True):
        for mark in marks:
            text = show_unseen(line.text[mark.start : mark.end])
            claimed[mark.field] = claimed.get(mark.field, "") + text
    expected = {field: squash(text) for field, text in claimed.items() if squash(text)}
    assert {f: squash(t) for f, t in marked.items() if squash(t)} == expected


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_hostile_page_is_drawn_as_it_reads_and_harmless(name: str) -> None:
    page = capture(page_of(PAYLOADS[name]))
    now: dict[str, Tree] = {
        "title": "A sound title",
        "body": [PAYLOADS[name]],
        PAYLOADS[name][:80]: "An Author",
    }
    found = evidence(page, now, {"byline": PAYLOADS[name], "title": "By An Author"})
    document = rendered(found, {"title", PAYLOADS[name][:80]}, WHOLE)
    assert document is not None
    assert_harmless(document)
    body = LexborHTMLParser(document).body
    assert body is not None
    long = any(len(line.text) > 5_000 for line in found.lines)
    if not long:
        assert_reads_like(document, found.tracer.page)
    short = rendered(found, {"title"}, LEAST)
    assert short is not None and len(short) <= LEAST
    assert_harmless(short)


@pytest.mark.parametrize("site", [path.name for path in sorted((REPOSITORY / "corpus").iterdir())])
def test_the_shipped_captures_are_drawn_as_they_read(site: str) -> None:
    seen = 0
    for ref in CORPUS.refs():
        if ref.site != site:
            continue
        found = evidence(CORPUS.load(ref).capture)
        document = rendered(found, set(), WHOLE)
        assert (document is None) == (not found.tracer.page.is_html)
        if document is not None:
            assert_harmless(document)
            assert_reads_like(document, found.tracer.page)
        seen += 1
    assert seen


def test_real_pages_are_drawn_as_they_read() -> None:
    pages = sorted((SHARED / "readability" / "test-pages").glob("*/source.html"))
    if not pages:
        pytest.skip(f"real pages are not at {SHARED}")
    for path in pages[::8]:
        found = evidence(capture(path.read_bytes()))
        if any(len(line.text) > 5_000 for line in found.lines):
            continue
        document = rendered(found, set(), WHOLE)
        assert document is not None
        assert_harmless(document)
        assert_reads_like(document, found.tracer.page)


# --- what is kept and what is not -----------------------------------------------------------------


def test_the_structure_of_a_text_is_kept() -> None:
    body = drawn(
        "<h2>Head</h2><p>One <b>bold</b> <em>soft</em></p><ul><li>item</ul>"
        "<table><tr><th>a<th>b<tr><td></td><td colspan=2>cell</table><blockquote>said</blockquote>"
        "<pre>\n  two\n    lines</pre>"
    )
    assert body.html is not None
    assert "<h2>Head</h2><p>One <b>bold</b> <em>soft</em></p><ul><li>item</li></ul>" in body.html
    assert '<tr><td></td><td colspan="2">cell</td></tr>' in body.html
    assert "  two\n    lines" in texts(body, "pre")[0]


def test_lines_that_no_element_parts_are_parted() -> None:
    body = drawn("<div><div>one</div><div>two<br><br>three</div>four</div><section>five</section>")
    assert (body.html or "").count("<br>") == 5
    assert re.sub("<br>", "|", body.html or "") == "<body>one|two||three|four|five</body>"


def test_a_link_is_text_with_its_address_beside_it() -> None:
    body = drawn("<p>See <a href='javascript:x(\"&lt;\")'>this</a></p>")
    assert not body.css("a")
    assert body.css_first("span.a").attributes["title"] == 'javascript:x("<")'  # type: ignore[union-attr]
    assert texts(body, "span.a") == ["this"]


def test_pictures_and_films_are_boxes_with_their_text() -> None:
    body = drawn(
        "<p>Seen <img src=https://x.invalid/a.png alt='A dog &quot;Rex&quot;'>"
        "<img src=b.png alt=''><img width=1 src=track.gif><img src=c.png>"
        "<video src=v></video><iframe src=w></iframe><iframe style='display:none'></iframe></p>"
    )
    boxes = [node.attributes["data-b"] for node in body.css("i.b")]
    assert boxes == ['image: A dog "Rex"', "image", "video", "frame"]
    assert "https" not in (body.html or "")


def test_what_a_reader_does_not_see_is_left_out() -> None:
    body = drawn(
        "<p>seen</p><p hidden>a</p><p style='visibility: hidden'>b</p><template>c</template>"
        "<noscript>d</noscript><svg><text>e</text></svg><textarea>f</textarea><dialog>g</dialog>"
        "<object>h</object>"
    )
    assert body.text(deep=True).strip() == "seen"


def test_controls_are_only_text() -> None:
    body = drawn("<form action=x><label>Name <input value=y></label><button>Send</button></form>")
    assert body.html == "<body>Name<br>Send</body>".replace("Name", "Name ")


def test_language_and_direction_stay_where_they_are_valid() -> None:
    source = (
        "<html lang=ar dir=rtl><body><p>مرحبا</p><div dir=ltr lang=en>Hello</div>"
        "<p lang='x\" onload=y' dir=up>no</p><span lang=ja>日本</span>"
    )
    document = rendered(evidence(capture(source)), set())
    assert document is not None
    assert "<html lang=ar dir=rtl>" in document
    assert "<div lang=en dir=ltr>Hello</div>" in document
    assert "<span lang=ja>日本</span>" in document
    assert "<p>no</p>" in document


def test_what_cannot_be_seen_is_made_visible() -> None:
    body = drawn("<p>right\u202eleft zero\u200bwidth</p>")
    assert body.text(deep=True) == "right⟨U+202E⟩left zero⟨U+200B⟩width"


def test_a_page_nested_deeply_is_drawn_flat() -> None:
    body = drawn("<ul><li>" * 5_000 + "deep" + "</ul>" * 5_000)
    assert body.text(deep=True) == "deep"
    assert len(body.css("li")) < 50


def test_a_page_without_text_says_so() -> None:
    body = drawn("<script>x</script>")
    assert "no text" in texts(body, ".gap")[0]


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ("<rss><channel><title>T</title></channel></rss>", "application/rss+xml"),
        ('{"title": "T"}', "application/json"),
        ("T", "text/plain"),
    ],
)
def test_what_is_no_html_is_not_drawn(body: str, media_type: str) -> None:
    assert rendered(evidence(capture(body, media_type)), set()) is None


def test_a_document_survives_as_srcdoc() -> None:
    document = rendered(
        evidence(capture('<p title=\'"&amp;\'>"quoted" &amp;amp; &lt;b></p>')), set()
    )
    assert document is not None
    frame = LexborHTMLParser(f'<iframe srcdoc="{srcdoc(document)}"></iframe>').css_first("iframe")
    assert frame is not None
    assert frame.attributes["srcdoc"] == document


# --- marks ----------------------------------------------------------------------------------------


def test_marks_tell_what_is_claimed_what_differs_and_what_was_lost() -> None:
    body = drawn(
        "<h1>New <b>title</b></h1><p>By Ann</p><p>A paragraph.</p><p>Another.</p>",
        {"title": "New title", "byline": "Ann", "body": ["Another."]},
        {"title": "Old title", "byline": "Ann", "body": ["A paragraph.", "Another."]},
    )
    marks = [
        ((node.attributes["class"] or "").split()[-1], node.attributes["title"], node.text())
        for node in body.css("mark")
    ]
    assert marks == [
        ("differs", "title", "New "),
        ("differs", "title", "title"),
        ("now", "byline", "Ann"),
        ("lost", "body[0]", "A paragraph."),
        ("now", "body[0]", "Another."),
    ]
    assert [node.attributes["data-f"] for node in body.css("[data-f]")] == [
        *("title", "byline", "body[0]", "body[0]")
    ]
    assert [node.text() for node in body.css("#first")] == ["New "]


def test_a_finding_is_marked_at_its_place_across_other_marks() -> None:
    finding = Finding("no-lost-space", "title", "error", "glued", "two words", "", (0, 2, 6))
    waived = Finding("other", "title", "error", "glued", "m", "", (0, 0, 1), waived="so it is")
    away = Finding("third", "title", "error", "glued", "m", "", (7, 0, 1))
    body = drawn("<h1>GluedTitle</h1>", {"title": "Glued"}, None, WHOLE, (finding, waived, away))
    assert texts(body, "mark.doubt") == ["ued", "T"]
    assert texts(body, "mark.now") == ["Gl", "ued"]
    doubts = body.css("mark.doubt")
    assert [each.attributes.get("data-f") for each in doubts] == ["no-lost-space", None]
    assert doubts[0].attributes["title"] == "title: two words"


def test_colours_are_those_of_the_report() -> None:
    hues = {"title": 7}
    found = evidence(capture("<h1>Title</h1><p>Ann"), {"title": "Title", "byline": "Ann"})
    document = rendered(found, set(), hues=hues)
    assert document is not None and '<mark class="h7 now"' in document
    assert hues["byline"] == 1


# --- bounds ---------------------------------------------------------------------------------------


def test_a_large_page_is_shown_around_its_marks_and_says_what_is_left_out() -> None:
    filler = "".join(f"<p>Filler number {n} of this page.</p>" for n in range(20_000))
    source = f"{filler}<p>The changed one.</p>{filler}"
    body = drawn(source, {"body": ["The changed one."]}, {"body": ["The old one."]}, 20_000)
    assert texts(body, "mark.differs") == ["The changed one."]
    gaps = texts(body, ".gap")
    assert re.fullmatch(r"[\d,]+ of 40,001 lines of this page are here\.", gaps[0])
    left = sum(int(gap.split()[0].replace(",", "")) for gap in gaps[1:])
    shown = len(texts(body, "p:not(.gap)"))
    assert left + shown == 40_001
    assert shown > 200


def test_a_page_that_is_all_tags_stays_in_its_bound() -> None:
    source = "".join(
        f"<p><b><i><u><a href='{'x' * 300}'>{n}</a></u></i></b></p>" for n in range(9_000)
    )
    for limit in (LEAST, 20_000, 60_000):
        document = rendered(evidence(capture(source)), set(), limit)
        assert document is not None
        assert limit / 2 < len(document) <= limit


def test_a_very_long_line_is_shown_around_its_marks() -> None:
    word = "word " * 20_000
    body = drawn(f"<p>{word}<b>here it is</b> {word}</p>", {"title": "here it is"})
    assert texts(body, "mark") == ["here it is"]
    gaps = texts(body, "i.gap")
    assert all(gap.endswith("characters left out") for gap in gaps)
    left = sum(int(gap.split()[0].replace(",", "")) for gap in gaps)
    kept = len(body.text(deep=True)) - sum(map(len, gaps))
    assert left + kept == pytest.approx(200_011, abs=2)
    assert kept < 4_000


def test_a_limit_too_small_for_anything_is_raised_to_the_least() -> None:
    document = rendered(evidence(capture("<p>text</p>")), set(), 10)
    assert document is not None and "<p>text</p>" in document and len(document) < LEAST


def test_the_style_sheet_is_packaged() -> None:
    document = rendered(evidence(capture("<p>text</p>")), set())
    assert document is not None
    style = document.partition("<style>")[2].partition("</style>")[0]
    assert "mark.lost" in style and "url(" not in style and "@import" not in style
