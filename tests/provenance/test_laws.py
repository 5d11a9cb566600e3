"""Laws of places: what they say stands there, stands there."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import factory
from harness.page import Page
from harness.provenance import Fragility, Place, fragility, provenance, robust_first
from harness.provenance.documents import JsonReading, XmlReading
from harness.provenance.reading import HtmlReading
from harness.records import leaves
from harness.text import plain_quotes, squash
from tests.provenance.standing import page_of, standing

WORDS = ["Jane", "Doe", "Wire", "a", "“q”", "É", "日本", "x & y", "2024-05-01", "<b>"]
text = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
tag = st.sampled_from(["p", "div", "h1", "b", "span", "li", "article", "time", "section", "br"])
attributes = st.sampled_from(
    ["", ' class="by"', ' id="one"', " hidden", ' class="a b"', ' rel="author"']
)


def escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


@st.composite
def markup(draw: Any) -> str:
    def element(depth: int) -> str:
        inside = "".join(
            element(depth - 1) if depth and draw(st.booleans()) else escaped(draw(text))
            for _ in range(draw(st.integers(0, 3)))
        )
        name = draw(tag)
        return f"<{name}{draw(attributes)}>{inside}</{name}>"

    head = "".join(f'<meta property="og:x{n}" content="{escaped(draw(text))}">' for n in range(2))
    return head + "".join(element(3) for _ in range(draw(st.integers(1, 4))))


def loose(value: str) -> str:
    return squash(plain_quotes(value).casefold())


def assert_true(page: Page, value: str, place: Place) -> None:
    found = standing(page, place)
    if found is None:
        assert place.kind in ("nowhere", "feed"), place
    elif place.written == "same":
        assert squash(found) == squash(value) or place.kind == "parts"
    elif place.written == "alike" and not value[:4].isdigit():
        assert loose(found) in (loose(value), loose(found))


@given(markup(), st.lists(text, min_size=1, max_size=4))
def test_every_slice_gives_its_text_back(source: str, texts: list[str]) -> None:
    page = page_of(source)
    record: Any = {"list": texts, "one": " ".join(texts)}
    for path, places in provenance(record, page).items():
        value = dict(leaves(record))[path]
        assert places
        for place in places:
            assert_true(page, value, place)
            if place.kind == "text":
                nodes = page.css(place.path)
                assert nodes, place
                assert any(squash(value) in squash(node.raw_text) for node in nodes)


@given(markup(), text)
def test_what_a_reader_sees_is_never_nowhere(source: str, value: str) -> None:
    page = page_of(source)
    [places] = provenance({"x": value}, page).values()
    seen = squash(value) in "".join(squash(line.text) for line in page.visible)
    assert not (seen and places[0].kind == "nowhere")


@given(markup(), st.lists(text, min_size=1, max_size=3))
def test_places_come_robust_first_each_once_and_always_the_same(
    source: str, texts: list[str]
) -> None:
    record: Any = {"x": texts}
    found = provenance(record, page_of(source))
    assert found == provenance(record, page_of(source))
    for places in found.values():
        assert len(set(places)) == len(places)
        grades = [fragility(place) for place in places if place.line is None or len(places) == 1]
        assert grades == sorted(grades)
        mixed = list(places)
        random.Random(0).shuffle(mixed)
        keys = sorted(map(robust_first, mixed))
        assert keys == sorted(map(robust_first, places))
        assert len(set(keys)) == len(keys)


@given(markup())
def test_lines_are_those_of_the_page(source: str) -> None:
    page = page_of(source)
    assert list(HtmlReading(page).lines) == [line.text for line in page.visible]


MADE = factory.sample(52, seed=3)


@pytest.mark.parametrize("made", MADE, ids=lambda made: made.capture.name)
def test_a_right_record_of_a_made_page_stands_on_it(made: factory.Made) -> None:
    page = Page(made.capture)
    found = provenance(made.record, page)
    texts = dict(leaves(made.record))
    for path, places in found.items():
        if path.endswith(("title", "byline")) or "body" in path:
            assert places[0].kind != "nowhere", path
        for place in places:
            assert_true(page, texts[path], place)


@pytest.mark.parametrize(
    ("template", "kind", "grade"),
    [
        ("semantic", "text", Fragility.SEMANTIC),
        ("wordpress", "text", Fragility.SEMANTIC),
        ("json-ld", "json-ld", Fragility.METADATA),
        ("meta-tags", "meta", Fragility.METADATA),
        ("microdata", "text", Fragility.SEMANTIC),
        ("table-layout", "text", Fragility.NAMED),
    ],
)
def test_the_title_of_a_made_page_stands_where_it_was_put(
    template: str, kind: str, grade: Fragility
) -> None:
    article = factory.sample_articles(1, seed=11)[0]
    chosen = factory.TEMPLATES[template]
    page = Page(factory.render(article, chosen))
    place = provenance(factory.expected(article, chosen), page)["title"][0]
    assert (place.kind, fragility(place)) == (kind, grade)


@pytest.mark.parametrize(
    "made", [m for m in MADE if Page(m.capture).is_xml], ids=lambda m: m.capture.name
)
def test_each_line_of_a_feed_has_its_element(made: factory.Made) -> None:
    page = Page(made.capture)
    reading = XmlReading(page)
    assert len(reading.lines) == len(reading._places) > 5


@pytest.mark.parametrize(
    "made", [m for m in MADE if Page(m.capture).is_json], ids=lambda m: m.capture.name
)
def test_each_line_of_a_json_capture_has_its_path(made: factory.Made) -> None:
    reading = JsonReading(Page(made.capture))
    assert len(reading.lines) == len(reading._places) > 5
