"""Strategies for captures and their mutations."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from hypothesis.vendor.pretty import RepresentationPrinter

from harness.corpus import CaptureRef, Corpus
from harness.errors import HarnessError
from harness.model import Capture
from harness.mutations import MUTATIONS, Mutated, mutate

Step = tuple[str, int]
Captures = Corpus | Path | str | Sequence[Capture]
_MOST_SEEDS = 9_999


@dataclass(frozen=True, slots=True, repr=False)
class Trial(Mutated):
    """A mutated capture beside its ``original``: what a relation needs for its judgement.

    It prints as the call of :func:`replay` that makes it again.
    """

    original: Capture

    def __repr__(self) -> str:
        shown = "".join(f", {step!r}" for step in self.steps)
        return f"replay(CORPUS, {self.original.id!r}{shown})"

    def _repr_pretty_(self, printer: RepresentationPrinter, cycle: bool) -> None:  # noqa: ARG002
        # Hypothesis prints dataclasses field by field, whatever their repr: two whole pages here.
        printer.text(repr(self))


def captures(source: Captures, *, sites: Sequence[str] | None = None) -> SearchStrategy[Capture]:
    """Captures of a corpus (or its folder, or a sequence), maybe of some sites only.

    They shrink towards the smallest page. Raises CorpusError when the corpus cannot be listed, and
    ValueError when there is no capture to draw.
    """
    if isinstance(source, Corpus | Path | str):
        corpus = corpus_of(source)
        refs = [ref for ref in corpus.refs() if sites is None or ref.site in sites]
        if not refs:
            raise ValueError(f"no capture to draw from in {corpus.root}")
        refs.sort(key=lambda ref: _page_size(corpus, ref))
        return st.sampled_from(refs).map(lambda ref: corpus.load(ref).capture)
    chosen = [capture for capture in source if sites is None or capture.site in sites]
    if not chosen:
        raise ValueError("no capture to draw from")
    return st.sampled_from(sorted(chosen, key=lambda capture: len(capture.body)))


def corpus_of(source: Corpus | Path | str) -> Corpus:
    """A corpus, from itself or its folder."""
    return source if isinstance(source, Corpus) else Corpus(Path(source))


def _page_size(corpus: Corpus, ref: CaptureRef) -> int:
    with os.scandir(corpus.folder(ref)) as entries:
        return sum(entry.stat().st_size for entry in entries if entry.name.startswith("page."))


def steps(mutations: Sequence[str] | None = None, *, most: int = 3) -> SearchStrategy[list[Step]]:
    """Mutations to make one after the other, as (name, seed); at least one.

    ``mutations`` are names of MUTATIONS; without, all whose relation must hold. They shrink
    towards one step, the first of the mutations, and seed 0. Raises KeyError for an unknown name.
    """
    step = st.tuples(st.sampled_from(_names(mutations)), st.integers(0, _MOST_SEEDS))
    return st.lists(step, min_size=1, max_size=most)


@st.composite
def mutated(
    draw: DrawFn,
    source: Captures | SearchStrategy[Capture],
    mutations: Sequence[str] | None = None,
    *,
    most: int = 3,
    must_hold: bool = True,
) -> Trial:
    """A capture and what mutations make of it: at least one step, at most so many.

    ``source`` is what :func:`captures` takes, or a strategy. Where the first mutation drawn does
    not apply to the page, the next one that does takes its place; later ones are left out. With
    ``must_hold``, so are those that would weaken the relation of the whole to *may drift*. A page
    that no mutation applies to is rejected.
    """
    drawn = source if isinstance(source, SearchStrategy) else captures(source)
    original = draw(drawn)
    wanted = draw(steps(mutations, most=most))
    found = _first(original, wanted[0], _names(mutations), must_hold)
    if found is None:
        reject()
    for step in wanted[1:]:
        longer = mutate(original, [*found.steps, step])
        if longer is not None and (longer.relation.must_hold or not must_hold):
            found = longer
    return trial_of(original, found)


def _names(mutations: Sequence[str] | None) -> list[str]:
    if mutations is None:
        return [name for name, mutation in MUTATIONS.items() if mutation.must_hold]
    return [MUTATIONS[name].name for name in mutations]


def _first(original: Capture, step: Step, names: Sequence[str], must_hold: bool) -> Mutated | None:
    """What the step's mutation gives, else the next one that applies, and round."""
    start = names.index(step[0])
    for name in [*names[start:], *names[:start]]:
        made = mutate(original, [(name, step[1])])
        if made is not None and (made.relation.must_hold or not must_hold):
            return made
    return None


def trial_of(original: Capture, made: Mutated) -> Trial:
    """A mutated capture with its original."""
    return Trial(made.capture, made.relation, made.steps, made.note, original)


def replay(source: Corpus | Path | str, capture: str, *made: Step) -> Trial:
    """The trial of these mutations on a capture of the corpus: for ``@example(…)``.

    Raises HarnessError when the capture cannot be loaded, or the mutations do not apply to it (any
    more), and KeyError for an unknown mutation.
    """
    site, _, name = capture.partition("/")
    original = corpus_of(source).load(CaptureRef(site, name)).capture
    found = mutate(original, made)
    if found is None:
        shown = ", ".join(f"{step} (seed {seed})" for step, seed in made)
        raise HarnessError(f"{capture}: {shown or 'no mutation'} does not apply; drop the example")
    return trial_of(original, found)
