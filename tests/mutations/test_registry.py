"""All mutations: the same each time, safe on any bytes, and put together."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from harness import Capture
from harness.mutations import MUTATIONS, GainsParagraph, Mutated, SameTokens, mutate
from tests.mutations.pages import ARTICLE, CAPTURED_AT, EVERY, extract, html

NAMES = sorted(MUTATIONS)
MEDIA_TYPES = st.sampled_from(
    "text/html application/xhtml+xml text/plain application/rss+xml application/json text/xml "
    "application/octet-stream image/png".split()
)
HALVES = ARTICLE.encode()[:900], ARTICLE.encode()[900:]
BYTES = st.one_of(
    st.binary(max_size=200),
    st.binary(max_size=40).map(
        lambda noise: ARTICLE.encode()[:900] + noise + ARTICLE.encode()[900:]
    ),
    st.binary(max_size=40).map(lambda noise: b"\xff\xfe" + noise),
    st.sampled_from([c.body for c in EVERY]),
)
CHARSETS = st.sampled_from([None, "utf-8", "utf-16", "shift_jis", "cp1252", "idna", "no-such", ""])


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(BYTES, MEDIA_TYPES, CHARSETS, st.integers(0, 3))
@example(b"", "text/html", None, 0)
@example(b"\0" * 50, "text/html", None, 0)
@example(b"<p>" * 3000, "text/html", None, 0)
@example(b"<?xml version='1.0' encoding='utf-16'?><a>", "text/xml", None, 0)
def test_any_bytes_give_a_capture_or_nothing(
    body: bytes, media_type: str, charset: str | None, seed: int
) -> None:
    capture = Capture("s", "n", body, media_type, captured_at=CAPTURED_AT, charset=charset)
    for mutation in MUTATIONS.values():
        made = mutation(capture, seed)
        assert made is None or isinstance(made, Mutated)


def test_pages_larger_than_any_are_left_alone() -> None:
    huge = html("<p>" + "x " * 2_000_000 + "</p>")
    assert all(mutation(huge, 1) is None for mutation in MUTATIONS.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_mutated_capture_says_what_it_is(name: str) -> None:
    for capture in EVERY:
        made = MUTATIONS[name](capture, 4)
        if made is not None:
            after = made.capture
            assert (after.site, after.name, after.url) == (capture.site, capture.name, capture.url)
            assert after.origin == "mutated"
            assert after.sha256 == hashlib.sha256(after.body).hexdigest()
            assert after.note == made.note and "\n" not in made.note and made.note
            assert made.steps == ((name, 4),)
            assert MUTATIONS[name].must_hold or not made.relation.must_hold


@pytest.mark.parametrize("name", NAMES)
def test_the_same_seed_gives_the_same_bytes(name: str) -> None:
    for capture in EVERY:
        assert MUTATIONS[name](capture, 7) == MUTATIONS[name](capture, 7)


def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import hashlib; from harness.mutations import MUTATIONS;"
        "from tests.mutations.pages import EVERY;"
        "made = [m(c, 5) for m in MUTATIONS.values() for c in EVERY];"
        "print(hashlib.sha256(repr([x and (x.capture, x.relation) for x in made]).encode()"
        ".__add__(b''.join(x.capture.body for x in made if x))).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


@pytest.mark.parametrize("name", NAMES)
def test_names_and_summaries_are_fit_for_a_table(name: str) -> None:
    mutation = MUTATIONS[name]
    assert mutation.name == name == name.lower() and " " not in name
    assert mutation.summary and "\n" not in mutation.summary and len(mutation.summary) < 80
    assert mutation.family


STEPS = [("soft-wrap", 1), ("comments", 2), ("encoding-windows-1252", 0), ("line-ends-crlf", 0)]


def test_neutral_mutations_together_are_neutral() -> None:
    made = mutate(html(), STEPS)
    assert made is not None and made.relation == SameTokens() and made.steps == tuple(STEPS)
    assert made.relation.check(extract(html()), extract(made.capture)) == []
    assert made.note.count(";") == len(STEPS) - 1


def test_one_predictable_change_among_neutral_ones_is_followed() -> None:
    made = mutate(html(), [*STEPS, ("canary-middle", 3), ("empty-span", 1)])
    assert made is not None and isinstance(made.relation, GainsParagraph)
    assert made.relation.check(extract(html()), extract(made.capture)) == []
    assert made.relation.check(extract(html()), extract(html()))


def test_what_may_drift_makes_the_whole_so() -> None:
    made = mutate(html(), [("soft-wrap", 1), ("p-to-div", 0)])
    assert made is not None and not made.relation.must_hold


def test_a_step_that_does_not_apply_leaves_nothing() -> None:
    assert mutate(html(), [("soft-wrap", 1), ("xml-indent", 0)]) is None
    assert mutate(html(), []) is None


def test_an_unknown_step_is_an_error() -> None:
    with pytest.raises(KeyError):
        mutate(html(), [("no-such-mutation", 1)])


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([n for n in NAMES if MUTATIONS[n].must_hold]), st.integers(0, 99)
        ),
        min_size=2,
        max_size=4,
    )
)
def test_a_right_extractor_survives_any_mutations_together(steps: list[tuple[str, int]]) -> None:
    made = mutate(html(), steps)
    if made is not None and made.relation.must_hold:
        assert made.relation.check(extract(html()), extract(made.capture)) == []
