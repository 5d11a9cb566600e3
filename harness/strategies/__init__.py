"""Hypothesis strategies: made pages, mutated captures, time labels; and checks to use them in.

A property test of an extractor is one line, and a failure shrinks to few steps on a small page::

    from hypothesis import given
    from harness.strategies import assert_holds, mutated

    CORPUS = "corpus"

    @given(mutated(CORPUS))
    def test_neutral_edits_change_nothing(trial):
        assert_holds(my_extractor, trial)

What is drawn is (capture, mutations with seeds) or choices of words, never a page's text, so that
Hypothesis has few and small things to shrink. :func:`keep` turns a failure into captures of the
corpus and an ``@example(…)`` line.
"""

from __future__ import annotations

from harness.strategies.checks import assert_holds, assert_sound, token_loss
from harness.strategies.keeping import Kept, keep
from harness.strategies.pages import articles, pages
from harness.strategies.times import glued_bylines, labels
from harness.strategies.trials import Trial, captures, mutated, replay, steps

__all__ = [
    "Kept",
    "Trial",
    "articles",
    "assert_holds",
    "assert_sound",
    "captures",
    "glued_bylines",
    "keep",
    "labels",
    "mutated",
    "pages",
    "replay",
    "steps",
    "token_loss",
]
