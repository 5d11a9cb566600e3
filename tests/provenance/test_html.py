"""Where the texts of a record stand in an HTML page."""

from __future__ import annotations

from typing import Any

import pytest

from harness.provenance import NOWHERE, Fragility, describe, fragility, provenance
from harness.provenance.reading import MOST_ELEMENTS
from harness.records import encode_record
from tests.provenance.standing import page_of, standing

PAGE = """<head><title>Storm warning | Daily</title>
<meta property="og:title" content="Storm warning">
<meta name="description" content="A storm comes, says Jane Doe of the Daily.">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Storm warning",
 "author": [{"name": "Jane Doe"}, {"name": "Ann Lee"}], "datePublished": "2024-05-01T10:00:00Z",
 "articleBody": "First paragraph of it. Second paragraph of it."}</script>
<script type="application/ld+json">{"@graph": [{"publisher": {"name": "The Daily"}}]}</script>
<script id="__NEXT_DATA__" type="application/json">{"props": {"slug key": "storm-7"}}</script>
<script>var tracker = "beacon one";</script></head>
<body><nav class="top">Home</nav><article><h1>Storm <em>warning</em></h1>
<div class="meta"><span>News</span><span>By Jane Doe</span>
<time datetime="2024-05-01T12:00:00+02:00">May 1, 2024</time></div>
<p>First paragraph of it.</p><p>Second paragraph of it.</p><p>One line<br>and another</p>
<img alt="A grey sea" src="/sea.jpg"></article>
<div class="css-1x2y3z9">Gale force</div><div id="tags"><b>Weather</b></div>
<div hidden>for robots only</div><!-- made by hand --></body>"""


def best(record: dict[str, Any], markup: str = PAGE, **known: Any) -> dict[str, str]:
    found = provenance(encode_record(record), page_of(markup, **known))
    return {path: describe(places[0]) for path, places in found.items()}


@pytest.mark.parametrize(
    ("text", "said", "grade"),
    [
        ("Storm warning", "JSON-LD $.headline", Fragility.METADATA),
        ("Jane Doe", "JSON-LD $.author[0].name", Fragility.METADATA),
        ("The Daily", 'JSON-LD $["@graph"][0].publisher.name (script 2)', Fragility.METADATA),
        ("Storm warning | Daily", "<title>", Fragility.METADATA),
        ("By Jane Doe", "div.meta > span:nth-child(2)", Fragility.POSITIONAL),
        ("First paragraph of it.", "article > p:nth-child(3)", Fragility.SEMANTIC),
        ("storm-7", 'embedded JSON $.props["slug key"]', Fragility.NAMED),
        ("Weather", "#tags > b", Fragility.NAMED),
        ("Gale force", "body > div:nth-child(3)", Fragility.POSITIONAL),
        ("A grey sea", "article > img @alt", Fragility.POSITIONAL),
        ("for robots only", "hidden text of body > div:nth-child(5)", Fragility.UNSEEN),
        ("made by hand", "a comment, number 1 of the page", Fragility.UNSEEN),
        ("beacon one", "a script, number 4 of the page", Fragility.UNSEEN),
        ("2024-05-01T12:00:00+02:00", "JSON-LD $.datePublished", Fragility.METADATA),
        ("https://daily.example/a", "the URL of the capture", Fragility.METADATA),
        ("ghost", "nowhere in the capture", Fragility.NOWHERE),
    ],
)
def test_a_text_is_found_at_its_most_robust_place(text: str, said: str, grade: Fragility) -> None:
    page = page_of(PAGE, url="https://daily.example/a")
    place = provenance({"x": text}, page)["x"][0]
    assert (describe(place).partition(", characters")[0], fragility(place)) == (said, grade)


def test_all_places_of_a_title_are_told_robust_first() -> None:
    found = provenance({"title": "Storm warning"}, page_of(PAGE))["title"]
    assert [describe(place) for place in found] == [
        "JSON-LD $.headline",
        'meta[property="og:title"]',
        "h1",
    ]


def test_a_name_inside_a_longer_text_must_be_cut_out() -> None:
    markup = "<p class=by>By Jane Doe, Reuters</p>"
    found = provenance({"byline": "Jane Doe"}, page_of(markup))["byline"][0]
    assert fragility(found) is Fragility.INSIDE
    assert describe(found) == "inside the text of p.by, characters 3–11"


def test_a_name_in_an_element_of_its_own_needs_no_cutting() -> None:
    found = provenance({"byline": "Jane Doe"}, page_of("<p>By <b class=who>Jane Doe</b></p>"))
    assert fragility(found["byline"][0]) is Fragility.NAMED


def test_a_joined_byline_is_in_parts() -> None:
    place = provenance({"byline": "Jane Doe and Ann Lee"}, page_of(PAGE))["byline"][0]
    assert [part.path for part in place.parts] == ["$.author[0].name", "$.author[1].name"]
    assert fragility(place) is Fragility.METADATA
    assert describe(place) == "2 parts: JSON-LD $.author.name"


def test_a_byline_with_one_made_up_name_is_nowhere() -> None:
    assert provenance({"byline": "Jane Doe, A Ghost"}, page_of(PAGE))["byline"] == (NOWHERE,)


def test_a_paragraph_joined_from_two_lines_is_in_parts() -> None:
    page = page_of(PAGE)
    place = provenance({"x": "One line and another"}, page)["x"][0]
    assert place.kind == "parts"
    assert [standing(page, part) for part in place.parts] == ["One line", "and another"]


def test_a_line_between_two_breaks_is_known_by_its_place() -> None:
    found = provenance({"x": "One line"}, page_of(PAGE))["x"][0]
    assert (found.path, fragility(found)) == ("article > p:nth-child(5)", Fragility.POSITIONAL)


def test_a_body_in_one_piece_is_the_lines_of_the_page() -> None:
    body = "Second paragraph of it.\nOne line\nand another"
    place = provenance({"body": body}, page_of(PAGE))["body"][0]
    assert [part.line for part in place.parts] == [4, 5, 6]


def test_the_instant_of_a_timestamp_counts_beside_its_label() -> None:
    from harness.timestamps import instant

    stamp = instant("2024-05-01T10:00:00Z", text="May 1, 2024")
    found = provenance(encode_record({"t": stamp}), page_of(PAGE))["t"]
    said = {describe(place): place.written for place in found}
    assert list(said) == ["JSON-LD $.datePublished", "time @datetime", "time"]
    assert said["time"] == "same"


def test_a_day_stands_where_its_label_does() -> None:
    found = provenance({"t": {"$date": "2024-05-01"}}, page_of(PAGE))["t"]
    written = {describe(place): place.written for place in found}
    assert written["JSON-LD $.datePublished"] == "otherwise"
    assert written["time"] == "alike"


def test_another_day_does_not_stand_there() -> None:
    assert provenance({"t": {"$date": "2024-05-09"}}, page_of(PAGE))["t"] == (NOWHERE,)


def test_case_and_quotes_are_told_as_alike() -> None:
    found = provenance({"x": "it's “GRAND”"}, page_of('<h1>It’s "grand"</h1>'))["x"]
    assert [(place.written, fragility(place)) for place in found] == [("alike", Fragility.SEMANTIC)]


def test_entities_that_metadata_escapes_twice_are_alike() -> None:
    markup = '<meta property="og:title" content="Fish &amp;amp; chips">'
    [place] = provenance({"x": "Fish & chips"}, page_of(markup))["x"]
    assert (place.kind, place.written) == ("meta", "alike")


def test_the_mark_of_a_list_item_stands_nowhere_and_the_item_does() -> None:
    [place] = provenance({"x": "- Fresh eggs"}, page_of("<ul><li>Fresh eggs</li></ul>"))["x"]
    assert (place.kind, place.written) == ("text", "alike")


CARDS = "".join(
    f"<div class=card><h3>Headline of card number {n}</h3><p>Wire</p></div>" for n in range(30)
)


def test_cards_with_one_byline_keep_their_own() -> None:
    cards = [{"title": f"Headline of card number {n}", "byline": "Wire"} for n in range(30)]
    found = best({"related": cards}, CARDS)
    for n in range(30):
        step = f"body > div.card:nth-child({n + 1})"
        assert found[f"related[{n}].byline"] == f"{step} > p"


def test_a_byline_beside_the_title_is_not_the_one_of_a_card() -> None:
    markup = (
        f"<h1>Headline of the article</h1><span>Wire · 2 hours ago</span>{'<p>x</p>' * 30}{CARDS}"
    )
    found = best({"title": "Headline of the article", "byline": "Wire"}, markup)
    assert found["byline"] == "inside the text of body > span, characters 0–4"


def test_names_that_a_build_made_are_no_names() -> None:
    for name in ("css-1x2y3z", "sc-bdVaJa", "jsx-4077", "Byline_by__3xYz1", "mt-4", "text-lg"):
        found = provenance({"x": "words here"}, page_of(f'<div class="{name}">words here</div>'))
        assert fragility(found["x"][0]) is Fragility.POSITIONAL, name
    for name in ("byline", "post-7", "articleBody", "entry_title", "c-byline__name"):
        found = provenance({"x": "words here"}, page_of(f'<div class="{name}">words here</div>'))
        assert fragility(found["x"][0]) is Fragility.NAMED, name


@pytest.mark.parametrize(
    "markup",
    [
        '<p class=\'"]>{}\' id="a b">Jane Doe</p>',
        f"<p id={'x' * 5000}>Jane Doe</p>",
        "<x-☃>Jane Doe</x-☃>",
        '<script type="application/ld+json">{"' + "k" * 5000 + '": "Jane Doe"}</script>',
        f'<meta property="{"p" * 5000}" content="Jane Doe">',
        f"<p data-{'d' * 5000}='Jane Doe'>x</p>",
        "<div>" * 500 + "Jane Doe",
        '<script type="application/ld+json">{broken</script><p>Jane Doe</p>',
        "<svg><text>Jane Doe</text></svg>",
    ],
)
def test_hostile_markup_gives_paths_of_bounded_length(markup: str) -> None:
    for places in provenance({"x": "Jane Doe"}, page_of(markup)).values():
        assert places[0].kind != "nowhere"
        assert all(len(place.path) <= 240 for place in places)


def test_a_page_beyond_the_bounds_says_so() -> None:
    from harness.provenance import Tracer

    tracer = Tracer(page_of("<h1>Storm</h1>" + "<i>x</i>" * (MOST_ELEMENTS + 1)))
    assert tracer.trace({"title": "Storm"})["title"][0].path == "h1"
    assert tracer.limited
    small = Tracer(page_of("<h1>Storm</h1>"))
    assert not small.limited


def test_an_empty_record_and_an_empty_text_are_total() -> None:
    assert provenance({}, page_of("")) == {}
    assert provenance({"x": " ", "n": 3, "y": None}, page_of(PAGE)) == {"x": (NOWHERE,)}
