"""Strategies for users: what they draw, what it shrinks to, and what a failure says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from harness import parse, split_glued
from harness.corpus import CaptureRef, Corpus
from harness.corpus.lint import lint
from harness.errors import CorpusError, HarnessError
from harness.extraction import extractor
from harness.factory import AWKWARD, LANGUAGES, TEMPLATES, expected, make_article, render, sample
from harness.model import Capture, Failure, Outcome
from harness.mutations import MUTATIONS
from harness.page import Page
from harness.snapshots import Snapshots
from harness.strategies import (
    Trial,
    articles,
    assert_holds,
    assert_sound,
    captures,
    glued_bylines,
    keep,
    labels,
    mutated,
    pages,
    replay,
    steps,
    token_loss,
)
from harness.strategies.checks import broken_by
from tests.conftest import Project

ARTICLE = make_article(lambda choices: choices[0], paragraphs=4)
PAGE = render(ARTICLE, TEMPLATES["microdata"])
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
# Not `explain`: it tries hundreds of further trials to say which parts of one matter.
HUNT = settings(
    QUICK, max_examples=200, database=None, phases=[Phase.generate, Phase.target, Phase.shrink]
)


@extractor("whole", sites="*")
def whole(page: Page) -> dict[str, object]:
    """Right, whatever neutral markup stands in the page."""
    return {"title": page.text("h1"), "body": page.lines("[itemprop=articleBody]")}


@extractor("first_text_node", sites="*")
def first_text_node(page: Page) -> dict[str, object]:
    """Loses what follows the first inline element: the fault of readers of ``.text``."""
    nodes = page.css("[itemprop=articleBody] p")
    return {"body": [node.html.split("<")[1].partition(">")[2] for node in nodes]}


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """A corpus of three made pages."""
    made = Corpus(tmp_path / "corpus")
    for item in sample(3, seed=1, templates=[TEMPLATES["microdata"]]):
        made.add(item.capture)
    return made


def example_of(function: Callable[[Capture], object] = first_text_node) -> Trial:
    return find(
        mutated([PAGE], ["empty-span"]), lambda t: bool(broken_by(function, t)), settings=HUNT
    )


@QUICK
@given(mutated([PAGE]))
def test_a_trial_is_a_capture_with_mutations_whose_relation_must_hold(trial: Trial) -> None:
    assert 1 <= len(trial.steps) <= 3
    assert trial.relation.must_hold and all(MUTATIONS[name] for name, _ in trial.steps)
    assert trial.original == PAGE and trial.capture != PAGE
    assert trial.capture.origin == "mutated" and trial.capture.site == PAGE.site


@QUICK
@given(mutated([PAGE]))
def test_a_right_extractor_breaks_no_relation(trial: Trial) -> None:
    assert_holds(whole, trial)


@QUICK
@given(st.data())
def test_every_template_has_mutations_that_must_hold(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(list(TEMPLATES.values())))
    trial = data.draw(mutated(pages(templates=[template]).map(lambda page: page[0])))
    assert trial.relation.must_hold


def test_a_failure_shrinks_to_one_step_on_the_smallest_page_with_seed_zero() -> None:
    big, small = (
        render(make_article(lambda c: c[0], paragraphs=n), TEMPLATES["microdata"]) for n in (30, 2)
    )
    names = ["attribute-order", "data-attributes", "empty-span", "span-word"]
    trial = find(
        mutated([big, small], names),
        lambda trial: bool(broken_by(first_text_node, trial)),
        settings=HUNT,
    )
    assert trial.original == small
    [(name, seed)] = trial.steps
    assert name in names[2:] and seed <= 3


def test_a_trial_prints_as_the_call_that_makes_it_again(corpus: Corpus) -> None:
    drawn = find(
        mutated(corpus, ["span-word", "comments"]), lambda t: len(t.steps) == 2, settings=HUNT
    )
    again = eval(repr(drawn), {"replay": replay, "CORPUS": corpus.root})
    assert again.capture == drawn.capture and again.steps == drawn.steps
    assert repr(drawn).startswith(f"replay(CORPUS, '{drawn.original.id}', ('")


def test_an_example_that_applies_no_more_says_so(corpus: Corpus) -> None:
    [ref, *_] = corpus.refs()
    capture = corpus.load(ref).capture
    name = next(name for name in MUTATIONS if MUTATIONS[name](capture, 1) is None)
    with pytest.raises(HarnessError, match=rf"{name} \(seed 1\) does not apply; drop"):
        replay(corpus, ref.id, (name, 1))
    with pytest.raises(CorpusError, match="is the capture's name right"):
        replay(corpus, "made/gone", ("span-word", 1))


def test_the_first_line_of_a_failure_says_field_fault_mutation_seed_and_command() -> None:
    trial = example_of()
    with pytest.raises(AssertionError) as caught:
        assert_holds(first_text_node, trial)
    first, second, *rest = str(caught.value).splitlines()
    [(name, seed)] = trial.steps
    assert first.startswith("body: ") and f" under {name} (seed {seed}); " in first
    assert f"harness shrink {PAGE.id} -x first_text_node --mutation {name}:{seed} --field" in first
    assert PAGE.id in second and trial.note in second
    assert rest and rest[0].startswith("  body: ")


def test_an_extractor_that_raises_on_the_original_page_is_told_so() -> None:
    def broken(_: Capture) -> object:
        raise ZeroDivisionError("no pages today")

    trial = example_of()
    with pytest.raises(
        AssertionError, match=r"^\*: raised on the unmutated .*ZeroDivisionError: no"
    ):
        assert_holds(broken, trial)


def test_aim_leads_the_search_and_counts_lost_words() -> None:
    seen: list[float] = []

    @settings(HUNT, max_examples=20)
    @given(mutated([PAGE], ["span-word"]))
    def aimed(trial: Trial) -> None:
        assert_holds(whole, trial, aim="words lost")
        seen.append(1)

    aimed()
    assert seen


def test_token_loss_is_the_share_of_words_that_is_gone() -> None:
    def of(*body: str) -> Outcome:
        return Outcome({"title": "a b", "body": list(body), "n": 3})

    assert token_loss(of("c d"), of("c d")) == 0
    assert token_loss(of("c d"), of("c", "x y z")) == 0.25
    assert token_loss(of("c d"), of("")) == 0.5
    assert token_loss(of("c d"), Outcome(None, Failure("E", "m"))) == 1
    assert token_loss(Outcome(None), of("c")) == 0


def test_sound_records_pass_and_unsound_ones_name_field_and_fault() -> None:
    right = expected(ARTICLE, TEMPLATES["microdata"])
    assert_sound(right, PAGE)
    with pytest.raises(AssertionError) as caught:
        assert_sound(
            {
                **right,
                "body": [*right["body"], "Text that stands nowhere on any page at all, invented."],
            },
            PAGE,
        )
    first = str(caught.value).splitlines()[0]
    assert first.startswith("body") and first.endswith(f"; harness extract {PAGE.id}")


@QUICK
@given(
    pages(templates=["semantic", "rss-cdata"], articles=articles(languages=["ko"], cards=(1, 1)))
)
def test_pages_are_of_the_templates_and_articles_asked_for(page: tuple[Capture, dict]) -> None:
    capture, record = page
    assert capture.name.startswith(("semantic-ko-", "rss-cdata-ko-"))
    assert len(record.get("related", ["no cards in an article"])) == 1


def test_articles_shrink_to_one_short_plain_english_paragraph() -> None:
    smallest = find(articles(), lambda _: True, settings=HUNT)
    assert smallest == make_article(lambda choices: choices[0], "en", paragraphs=1, cards=0)
    spoiled = find(
        articles(languages=["th"]), lambda a: any(odd in a.title for odd in AWKWARD), settings=HUNT
    )
    assert len(spoiled.body) == 1 and not spoiled.cards


@settings(QUICK, max_examples=300)
@given(st.data())
def test_every_label_in_every_language_is_read_and_its_age_lies_inside(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(list(LANGUAGES)))
    label, age = data.draw(labels(languages=[language]))
    claim = parse(label, languages=[language])
    assert claim is not None and claim.age is not None, label
    assert claim.age[0] <= age <= claim.age[1]


def test_english_front_ends_are_not_drawn_for_other_languages() -> None:
    assert find(labels(front_end="short"), lambda pair: pair[1] >= 60, settings=HUNT) == ("1m", 60)
    with pytest.raises(ValueError, match="prints English"):
        find(labels(languages=["fr"], front_end="moment"), lambda _: True, settings=HUNT)


@settings(QUICK, max_examples=300)
@given(glued_bylines())
def test_the_true_reading_of_a_glued_byline_is_among_the_candidates(
    glued: tuple[str, str, str],
) -> None:
    raw, source, label = glued
    found = split_glued(raw, front_end="moment")
    assert (source, label) in [(reading.source, reading.label) for reading in found]
    assert all(r.source + r.separator + r.label == raw for r in found)


def test_captures_come_from_a_corpus_or_a_list_smallest_first(corpus: Corpus) -> None:
    loaded = [corpus.load(ref).capture for ref in corpus.refs()]
    smallest = min(loaded, key=lambda capture: len(capture.body))
    for source in (corpus, corpus.root, str(corpus.root), loaded):
        assert find(captures(source), lambda _: True, settings=HUNT) == smallest
    assert find(captures(corpus, sites=["made"]), lambda c: c != smallest, settings=HUNT) in loaded


def test_nothing_to_draw_from_is_an_error_at_once(corpus: Corpus, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no capture to draw from in"):
        captures(corpus, sites=["elsewhere"])
    with pytest.raises(ValueError, match="no capture to draw from"):
        captures([])
    with pytest.raises(CorpusError, match="no corpus at"):
        captures(tmp_path / "gone")
    with pytest.raises(KeyError, match="no-such"):
        steps(["no-such"])
    with pytest.raises(KeyError):
        find(pages(templates=["no-such"]), lambda _: True, settings=HUNT)


def test_a_page_that_no_mutation_applies_to_is_rejected() -> None:
    empty = replace(PAGE, body=b"", media_type="text/plain")
    with pytest.raises(Unsatisfiable):
        find(mutated([empty], ["empty-span"]), lambda _: True, settings=HUNT)


def test_a_failure_is_kept_as_a_reduced_capture_and_an_example(corpus: Corpus) -> None:
    trial = example_of()
    kept = keep(trial, corpus, first_text_node, budget_seconds=5)

    original, changed = corpus.load(kept.original).capture, corpus.load(kept.mutated).capture
    assert len(original.body) < len(PAGE.body) / 4
    assert original.origin == changed.origin == "mutated"
    assert original.note == f"{PAGE.id} reduced; fails under empty-span (seed {trial.steps[0][1]})"
    assert changed.note.startswith(f"{kept.original.id} after empty-span (seed ")
    assert kept.example.startswith("@example(trial=replay(CORPUS, 'made/microdata-en-reduced-")
    again = eval(
        kept.example.removeprefix("@example(trial=")[:-1], {"replay": replay, "CORPUS": corpus}
    )
    assert [b.fault for b in broken_by(first_text_node, again)][:1] == [
        b.fault for b in broken_by(first_text_node, trial)
    ][:1]
    assert again.capture.body == changed.body


def test_without_an_extractor_the_pages_are_kept_as_they_are(
    corpus: Corpus, tmp_path: Path
) -> None:
    trial = find(mutated(corpus, ["span-word"]), lambda _: True, settings=HUNT)
    before = len(corpus.refs())
    kept = keep(trial, corpus)
    assert kept.original == CaptureRef(trial.original.site, trial.original.name)
    assert corpus.load(kept.mutated).capture.body == trial.capture.body
    assert len(corpus.refs()) == before + 1
    assert keep(trial, corpus) == kept
    problems = lint(corpus, Snapshots(tmp_path / "snapshots"), datetime(2026, 12, 1, tzinfo=UTC))
    assert not [problem for problem in problems if kept.mutated.name in problem.where]


def test_what_breaks_nothing_is_not_kept(corpus: Corpus) -> None:
    trial = find(mutated(corpus, ["span-word"]), lambda _: True, settings=HUNT)
    with pytest.raises(ValueError, match="breaks nothing"):
        keep(trial, corpus, whole)
    assert len(corpus.refs()) == 3


def test_a_users_property_test_fails_with_the_line_to_copy(project: Project) -> None:
    project.write(
        "tests/test_property.py",
        """
from hypothesis import given, settings
from harness.strategies import assert_holds, mutated
from extractors.site import site
CORPUS = "corpus"

def upper(capture):
    return {"upper": b"<H1" in capture.body, "title": site(capture)["title"]}

@settings(max_examples=60, deadline=None, database=None)
@given(trial=mutated(CORPUS, ["comments", "upper-case-tags"]))
def test_neutral_edits_change_nothing(trial):
    assert_holds(upper, trial)
""",
    )
    done = project.run(
        "pytest", "-q", "tests/test_property.py", "-p", "no:cacheprovider", PYTHONPATH="."
    )
    assert done.code == 1, done.out + done.err
    assert "harness shrink site/" in done.out and "-x upper --mutation " in done.out
    assert "trial=replay(CORPUS, 'site/" in done.out
    assert json.dumps("upper-case-tags")[1:-1] in done.out
