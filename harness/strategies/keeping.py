"""Keeping a failure: as captures of the corpus, and as an example of the test that found it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from harness.corpus import CaptureRef, Corpus
from harness.corpus.store import capture_name
from harness.model import Capture
from harness.mutations import mutate
from harness.shrink import shrink
from harness.strategies.checks import AnyExtractor, broken_by
from harness.strategies.trials import Trial, corpus_of, trial_of


@dataclass(frozen=True, slots=True)
class Kept:
    """What was stored. ``example`` is the line to put above the test that found the failure.

    ``original`` and ``mutated`` are the captures before and after the mutations. The line takes
    the test's argument to be called ``trial`` and the corpus ``CORPUS``.
    """

    original: CaptureRef
    mutated: CaptureRef
    example: str


def keep(
    trial: Trial,
    corpus: Corpus | Path | str,
    extractor: AnyExtractor | None = None,
    *,
    budget_seconds: float = 10.0,
) -> Kept:
    """Stores a failing trial as captures: the page as it was, and what the mutations make of it.

    With ``extractor``, the page is first reduced to what still breaks the same relation in the same
    field with the same fault class, for at most ``budget_seconds``. An original that is in the
    corpus already is not stored twice. What was edited has origin ``mutated``, and its note says
    the steps. Give the mutated capture a golden (``harness approve``) to have it checked ever
    after. Raises ValueError when the extractor breaks nothing, CorpusError when storing fails.
    """
    store = corpus_of(corpus)
    reduced = trial if extractor is None else _reduced(trial, extractor, budget_seconds)
    shown = ", ".join(f"{name} (seed {seed})" for name, seed in reduced.steps)
    original = reduced.original
    if original.body != trial.original.body:
        original = replace(
            original, origin="mutated", note=f"{trial.original.id} reduced; fails under {shown}"
        )
    first = _add(store, original, f"{trial.original.name[:-9]}-reduced")
    second = _add(
        store,
        replace(reduced.capture, note=f"{first.id} after {shown}: {reduced.note}"),
        "-".join(name for name, _ in reduced.steps),
    )
    steps = "".join(f", {step!r}" for step in reduced.steps)
    return Kept(first, second, f"@example(trial=replay(CORPUS, {first.id!r}{steps}))")


def _add(store: Corpus, capture: Capture, label: str) -> CaptureRef:
    digest = hashlib.sha256(capture.body).hexdigest()
    there = CaptureRef(capture.site, capture.name)
    if store.folder(there).is_dir() and store.digest(there) == digest:
        return there
    return store.add(replace(capture, name=capture_name(label, digest), sha256=digest))


def _reduced(trial: Trial, extractor: AnyExtractor, budget_seconds: float) -> Trial:
    found = broken_by(extractor, trial)
    if not found:
        raise ValueError(f"{trial!r}: the extractor breaks nothing; there is nothing to keep")
    wanted = {(broken.relation, broken.field, broken.fault) for broken in found[:1]}

    def again(capture: Capture) -> Trial | None:
        made = mutate(capture, trial.steps)
        return None if made is None else trial_of(capture, made)

    def fails(capture: Capture) -> bool:
        made = again(capture)
        return made is not None and any(
            (broken.relation, broken.field, broken.fault) in wanted
            for broken in broken_by(extractor, made)
        )

    smallest = shrink(trial.original, fails, budget_seconds=budget_seconds).capture
    return again(smallest) or trial
