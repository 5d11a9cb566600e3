"""What a page holds line by line, what a text has of it, and which lines are likely content."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harness.content import Reference, Text, read_model, text_of
from harness.content.contrast import NAMES
from harness.content.coverage import Ground
from harness.content.features import FEATURES, features
from harness.content.model import WEIGHTS, model
from harness.content.trees import trees_of
from harness.content.units import Source, shingles
from harness.model import Capture
from harness.page import Page
from tests.plausible.made import CAPTURE, CARDS, MENU, PARAGRAPHS


def source_of(markup: str) -> Source:
    return Source(Page(Capture("s", "n", markup.encode(), "text/html", charset="utf-8")))


def test_what_a_page_shows_hides_and_states_are_units_of_their_own() -> None:
    body = json.dumps({"@type": "Article", "articleBody": "Shown one two.\nOnly stated here."})
    found = source_of(
        f'<script type="application/ld+json">{body}</script><p>Shown one two.</p>'
        "<div hidden>Kept from the readers</div>"
    ).units
    assert [(unit.text, unit.origin) for unit in found] == [
        ("Shown one two.", "shown"),
        ("Kept from the readers", "hidden"),
        ("Only stated here.", "data"),
    ]


def test_what_the_data_repeat_of_the_page_is_no_unit() -> None:
    body = json.dumps({"@type": "Article", "articleBody": " ".join(PARAGRAPHS)})
    shown = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    found = source_of(f'<script type="application/ld+json">{body}</script>{shown}').units
    assert {unit.origin for unit in found} == {"shown"}


def test_an_article_body_with_markup_is_read_as_markup() -> None:
    body = json.dumps({"@type": "Article", "articleBody": "<p>First &amp; last.</p><p>Next.</p>"})
    assert source_of(f'<script type="application/ld+json">{body}</script>').stated == [
        "First & last.",
        "Next.",
    ]


@pytest.mark.parametrize(
    ("words", "count"), [("a b c", 0), ("a b c d", 1), ("a b c d e f", 3), ("", 0)]
)
def test_runs_of_four_words(words: str, count: int) -> None:
    assert len(shingles(words.split())) == count


def test_a_text_covers_the_lines_that_it_holds_and_no_others() -> None:
    units = source_of("<p>one two three four five</p><p>Menu</p><p>six seven eight nine</p>").units
    ground = Ground(units)
    assert ground.covered(text_of("one two three four five\nMenu")) == [5, 1, 0]
    assert ground.covered(text_of("one two three four")) == [4, 0, 0]
    assert ground.covered(text_of("")) == [0, 0, 0]


def test_lines_that_a_text_runs_together_are_covered() -> None:
    units = source_of("<h2>Big news</h2><p>one two three four five</p>").units
    assert Ground(units).covered(text_of("Big news one two three four five")) == [2, 5]


def test_words_that_the_page_lacks_are_counted() -> None:
    ground = Ground(source_of("<p>one two three four</p>").units)
    assert ground.unknown(text_of("one two fivesix")) == 1


def test_every_line_has_a_number_for_every_feature() -> None:
    rows = features(Source(Page(CAPTURE)))
    assert {len(row) for row in rows} == {len(FEATURES)}
    assert len(set(FEATURES)) == len(FEATURES)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("body", [b"", b"   ", b"<p>", b"<p>x</p>", b"\x00\xff", b"<a>1</a>"])
def test_a_page_with_hardly_anything_can_be_held_too(body: bytes) -> None:
    reference = Reference(Page(Capture("s", "n", body, "text/html")))
    held = reference.held(Text(("some", "text")))
    estimate = reference.compare(held, reference.held(Text(())))
    assert 0 <= estimate.distance <= 1


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/json", b'{"a": "one two three four five"}'),
        ("application/rss+xml", b"<rss><item><title>one two</title></item></rss>"),
        ("text/plain", b"one two three\nfour"),
    ],
)
def test_captures_that_are_no_html_have_lines_too(media_type: str, body: bytes) -> None:
    reference = Reference(Page(Capture("s", "n", body, media_type)))
    assert reference.soft.sizes


def test_paragraphs_of_an_article_are_likelier_content_than_menus_and_cards() -> None:
    reference = Reference(Page(CAPTURE))
    chances = {
        unit.text: chance
        for unit, chance in zip(reference.source.units, reference.soft.chances, strict=True)
    }
    assert min(chances[text] for text in PARAGRAPHS) > 0.7
    assert max(chances[text] for text in [*MENU, *CARDS]) < 0.3


def test_text_that_a_page_shows_twice_is_expected_once() -> None:
    once = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    single = Reference(Page(Capture("s", "n", f"<main>{once}</main>".encode(), "text/html")))
    double = Reference(Page(Capture("s", "n", f"<main>{once}{once}</main>".encode(), "text/html")))
    assert double.soft.expected < 1.2 * single.soft.expected


def test_a_sum_of_trees_follows_its_forks() -> None:
    trees = trees_of({"columns": ["a", "b"], "base": 1, "trees": [[0, 0.5, 2, [1, 3, 4, 8]], 16]})
    assert trees([0.5, 9]) == 1 + 2 + 16
    assert trees([0.6, 3]) == 1 + 4 + 16
    assert trees([0.6, 3.1]) == 1 + 8 + 16


def test_a_table_made_for_other_features_is_refused(tmp_path: Path) -> None:
    table = json.loads(WEIGHTS.read_text("utf-8"))
    table["lines"]["columns"] = table["lines"]["columns"][:-1]
    other = tmp_path / "weights.json"
    other.write_text(json.dumps(table), "utf-8")
    with pytest.raises(ValueError, match=re.escape(str(other))):
        read_model(other)


def test_the_table_says_what_it_was_learnt_from() -> None:
    made = model().made
    assert made["by"] == "tools/fit_content_model.py"
    assert sum(made["pages"].values()) > 0
    assert made["outputs"]
