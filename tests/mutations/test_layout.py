"""Models of layout change, metadata taken away, damaged bytes: measured, never failed."""

from __future__ import annotations

import pytest

from harness import Page
from harness.mutations import MUTATIONS, MayDrift, Mutation
from tests.mutations.pages import ARTICLE, PROSE, TITLE, extract, html, outcome, visible

FAMILIES = ("layout", "metadata", "bytes")
MODELS = [m for m in MUTATIONS.values() if m.family in FAMILIES]
# What adds text or takes it away, or moves it.
CHANGES_TEXT = {
    *(m.name for m in MODELS if m.family == "bytes" or m.name.endswith("-block")),
    *("sibling-moved", "heading-repeated", "cards-reordered", "list-shuffled"),
}
# What the article does not have; tests of their own are below.
NEEDS_MORE = {"br-to-p", "microdata-removed"}


@pytest.mark.parametrize("mutation", MODELS, ids=lambda m: m.name)
def test_it_applies_to_an_ordinary_article(mutation: Mutation) -> None:
    made = [m for seed in range(6) if (m := mutation(html(), seed))]
    assert bool(made) == (mutation.name not in NEEDS_MORE)
    assert all(isinstance(m.relation, MayDrift) and not m.relation.must_hold for m in made)
    assert not mutation.must_hold


@pytest.mark.parametrize("mutation", MODELS, ids=lambda m: m.name)
def test_a_reader_sees_the_same_text(mutation: Mutation) -> None:
    for seed in range(4):
        made = mutation(html(), seed)
        if made and mutation.name not in CHANGES_TEXT:
            assert "".join(visible(made.capture)) == "".join(visible(html()))


def page_after(name: str, source: str = ARTICLE, seed: int = 1) -> Page:
    """The page after a mutation, which must apply."""
    made = MUTATIONS[name](html(source), seed)
    assert made is not None
    return Page(made.capture)


@pytest.mark.parametrize(
    ("name", "gone", "there"),
    [
        ("p-to-div", "p", "div.para"),
        ("div-to-section", "div", "section.body > p"),
        ("article-to-div", "article", "div.story > h1"),
        ("h1-to-h2", "h1", "h2.head"),
        ("headings-to-div", "h1", "div.head"),
        ("lists-to-div", "li", "div.card"),
        ("wrap-run", ".body > p", ".body > div > p"),
        ("wrap-each", ".body > p", ".body > div > p"),
        ("wrap-body", "body > main", "body > div > main"),
        ("unwrap-box", ".body", "article > p"),
        ("unwrap-links", "p a", "p"),
        ("p-to-br", ".body p", ".body > br"),
        ("class-renamed", ".para", "p[class]"),
        ("class-removed", "[class]", "p"),
        ("id-renamed", "#s1", "article[id]"),
        ("json-ld-stripped", "script[src]", "h1"),
        ("metadata-blanked", "meta[property]", "meta[charset]"),
        ("open-graph-removed", "meta[property]", "meta[name=description]"),
    ],
)
def test_elements_are_changed_as_the_name_says(name: str, gone: str, there: str) -> None:
    page = page_after(name)
    assert page.first(gone) is None
    assert page.first(there) is not None


def test_a_class_is_always_renamed_to_the_same() -> None:
    classes = page_after("class-renamed").attrs("p", "class")
    assert len(classes) == len(PROSE) and len(set(classes)) == 1


def test_a_class_is_added_beside_the_others() -> None:
    page = page_after("class-added")
    assert len(page.css("p.para")) == len(PROSE)
    assert page.first('[class="para"]') is None


def test_three_paragraphs_get_a_box_of_their_own() -> None:
    page = page_after("wrap-three")
    assert len(page.css(".body > div > p")) == 3
    assert len(page.css(".body > p")) == 3


def test_a_thousand_wrappers_hide_nothing_from_a_right_extractor() -> None:
    page = page_after("wrap-deep")
    assert page.lines("h1 ~ .body") == PROSE


def test_line_breaks_become_paragraphs() -> None:
    lines = "<br><br>".join(PROSE[:3])
    page = page_after("br-to-p", f"<div><p>{lines}</p></div>")
    assert page.texts("p") == PROSE[:3]


def test_microdata_goes() -> None:
    source = ARTICLE.replace('<h1 class="head"', '<h1 itemprop="headline" class="head"')
    assert page_after("microdata-removed", source).first("[itemprop]") is None


def test_json_ld_goes() -> None:
    assert page_after("json-ld-stripped").json_ld() == []
    assert page_after("metadata-blanked").json_ld() == []
    assert TITLE in page_after("metadata-blanked").source


def test_cards_in_another_order_are_the_same_cards() -> None:
    made = MUTATIONS["cards-reordered"](html(), 1)
    assert made is not None
    before, after = extract(html()), extract(made.capture)
    assert before.record is not None and after.record is not None
    assert before.record["related"] != after.record["related"]
    assert made.relation.check(before, after) == []


def test_an_extractor_that_selects_by_class_drifts_when_it_is_renamed() -> None:
    made = MUTATIONS["class-renamed"](html(), 1)
    assert made is not None
    broken = made.relation.check(extract(html()), extract(made.capture))
    assert {(b.relation, b.field, b.fault) for b in broken} == {
        ("may-drift", "byline", "empty"),
        ("may-drift", "timestamp", "empty"),
        ("may-drift", "body", "empty"),
        ("may-drift", "related", "empty"),
    }


def test_a_body_that_came_from_metadata_is_seen() -> None:
    made = MUTATIONS["json-ld-stripped"](html(), 1)
    assert made is not None
    assert [b.fault for b in made.relation.check(outcome(body=PROSE), outcome(body=[]))] == [
        "empty"
    ]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("caption-block", "caption-leak"),
        ("ad-block", "chrome-leak"),
        ("related-block", "related-leak"),
        ("read-more-block", "related-leak"),
        ("newsletter-block", "chrome-leak"),
    ],
)
def test_blocks_that_leak_into_the_body_are_named(name: str, fault: str) -> None:
    made = MUTATIONS[name](html(), 1)
    assert made is not None
    [broken] = made.relation.check(extract(html()), extract(made.capture))
    assert (broken.field, broken.fault) == ("body", fault)
    assert made.relation.check(extract(html()), extract(html())) == []


def test_a_page_is_cut_in_its_second_half_and_before_a_tag() -> None:
    for seed in range(5):
        made = MUTATIONS["truncated-at-tag"](html(), seed)
        assert made is not None
        size = len(made.capture.body)
        assert ARTICLE.encode().startswith(made.capture.body)
        assert ARTICLE.encode()[size : size + 1] == b"<"
        assert size > len(ARTICLE) / 2
