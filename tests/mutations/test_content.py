"""Edits of what the page says: a right extractor follows, a wrong one is seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness import Page
from harness.model import Capture, Outcome
from harness.mutations import MUTATIONS, Mutation, SameTokens
from tests.mutations.pages import (
    ARTICLE,
    PROSE,
    TITLE,
    extract,
    html,
    outcome,
    visible,
)

FAMILIES = ("content", "characters", "hidden text")
EDITS = [m for m in MUTATIONS.values() if m.family in FAMILIES]


@pytest.mark.parametrize("mutation", EDITS, ids=lambda m: m.name)
@pytest.mark.parametrize("seed", range(4))
def test_a_right_extractor_follows(mutation: Mutation, seed: int) -> None:
    made = mutation(html(), seed)
    assert made is not None
    assert made.relation.must_hold and made.relation.applies(extract(html()))
    assert made.relation.check(extract(html()), extract(made.capture)) == []


def _body(**change: Callable[[list[str]], list[str]]) -> Callable[[Capture], Outcome]:
    def extractor(capture: Capture) -> Outcome:
        return outcome(body=change["body"](Page(capture).lines(".body")))

    return extractor


def _everything(capture: Capture) -> Outcome:
    return outcome(body=[node.raw_text for node in Page(capture).css(".body > *")])


WRONG = {
    "drops the last": (_body(body=lambda found: found[:-1]), "canary-last", "truncated"),
    "drops the first": (_body(body=lambda found: found[1:]), "canary-first", "lede-missing"),
    "lacks the lede": (_body(body=lambda found: found[1:]), "delete-lede", "lede-missing"),
    "knows six": (
        _body(body=lambda found: [line for line in found if line in PROSE]),
        "canary-middle",
        "paragraph-lost",
    ),
    "doubles": (_body(body=lambda found: [*found, *found[2:]]), "canary-middle", None),
    "has it stored": (_body(body=lambda _: PROSE), "delete-paragraph", "invented"),
    "reads what is hidden": (_everything, "hidden-style", "hidden-text"),
    "reads templates": (_everything, "hidden-script", "hidden-text"),
    "straightens quotes": (
        _body(body=lambda found: [line.replace("“", '"').replace("”", '"') for line in found]),
        "canary-quotes",
        "quotes",
    ),
    "drops joiners": (
        _body(body=lambda found: [line.replace("\u200c", "") for line in found]),
        "canary-joiners",
        "unseen-characters",
    ),
    "drops marks": (
        _body(body=lambda found: [line.replace("\u200f", "") for line in found]),
        "canary-bidi",
        "bidi",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_extractor_is_seen(case: str) -> None:
    extractor, name, fault = WRONG[case]
    found = []
    for seed in range(6):
        made = MUTATIONS[name](html(), seed)
        assert made is not None
        found += made.relation.check(extractor(html()), extractor(made.capture))
    assert found
    assert fault is None or {b.fault for b in found} == {fault}


def test_a_stored_title_is_seen() -> None:
    made = MUTATIONS["edit-title"](html(), 1)
    assert made is not None
    [broken] = made.relation.check(outcome(title=TITLE), outcome(title=TITLE))
    assert (broken.field, broken.fault) == ("title", "invented")


def test_the_title_is_edited_wherever_it_stands() -> None:
    made = MUTATIONS["edit-title"](html(), 1)
    assert made is not None
    source = Page(made.capture).source
    assert TITLE not in source
    new = Page(made.capture).text("h1")
    assert new is not None and source.count(new) == ARTICLE.count(TITLE) == 4


def test_a_title_is_edited_in_all_its_spellings() -> None:
    title = "Goats & “eels” aren't café guests"
    source = (
        "<title>Goats &amp; &#8220;eels&#8221; aren't café guests</title>"
        '<meta content="Goats &amp; “eels” aren&#39;t café guests">'
        '<script type="application/ld+json">'
        '{"h": "Goats & \\u201ceels\\u201d aren\'t caf\\u00e9 guests"}</script>'
        "<h1>Goats &amp; “eels” aren't café guests</h1>"
    )
    made = MUTATIONS["edit-title"](html(source), 3)
    assert made is not None
    page = Page(made.capture)
    new = page.text("h1")
    assert new is not None and new != title
    assert page.attr("meta", "content") == page.script_json("script")[0]["h"] == new


def test_a_paragraph_that_metadata_repeats_is_measured_only() -> None:
    source = ARTICLE.replace('"headline"', f'"articleBody": "{" ".join(PROSE)}", "headline"')
    assert source != ARTICLE
    for name in ("canary-middle", "delete-paragraph", "swap-paragraphs"):
        made = MUTATIONS[name](html(source), 1)
        assert made is not None and not made.relation.must_hold


def test_a_new_paragraph_has_its_neighbours_class_and_language() -> None:
    made = MUTATIONS["canary-middle"](html(), 1)
    assert made is not None
    before, after = (Page(c).texts("p.para") for c in (html(), made.capture))
    [new] = [line for line in after if line not in before]
    shared = set(new.split()) & {word for line in PROSE for word in line.split()}
    assert len(shared) > len(set(new.split())) - 3


@pytest.mark.parametrize("name", [m.name for m in EDITS if m.family == "hidden text"])
def test_hidden_text_is_in_no_reader_s_sight(name: str) -> None:
    made = MUTATIONS[name](html(), 1)
    assert made is not None and isinstance(made.relation, SameTokens)
    [planted] = made.relation.planted
    assert visible(made.capture) == visible(html())
    assert planted.mark in Page(made.capture).source


@pytest.mark.parametrize("source", ["", "<p>short</p>", "<h1>Hi</h1><p>One.</p>", "plain"])
def test_pages_without_an_article_are_left_alone(source: str) -> None:
    assert all(mutation(html(source), 1) is None for mutation in EDITS)


def test_an_article_in_a_script_without_spaces_has_canaries_too() -> None:
    lines = [
        f"第{n}天，渡轮在黎明时分离开码头，船上有十一只山羊、一架钢琴和市长，没有人知道。"
        for n in range(5)
    ]
    source = "<div class=body>" + "".join(f"<p>{line}</p>" for line in lines) + "</div>"
    made = MUTATIONS["canary-middle"](html(source), 1)
    assert made is not None and len(extract(made.capture).record["body"]) == 6  # type: ignore[index, arg-type]
    assert made.relation.check(extract(html(source)), extract(made.capture)) == []
