"""The extractors that ship agree with the goldens that ship."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.corpus import CaptureRef, Corpus
from harness.expectations import mismatches
from harness.extraction import Extractor, extract
from harness.extraction.registry import find_extractors

ROOT = Path(__file__).resolve().parents[2]
CORPUS = Corpus(ROOT / "corpus")
EXTRACTORS = find_extractors(["harness.extractors"], ROOT)
CASES = [
    pytest.param(extractor, ref, id=f"{extractor.name}:{ref.id}")
    for extractor in EXTRACTORS
    for ref in CORPUS.refs()
    if extractor.handles(ref.site)
]


@pytest.mark.parametrize(("extractor", "ref"), CASES)
def test_agrees_with_its_golden(extractor: Extractor, ref: CaptureRef) -> None:
    loaded = CORPUS.load(ref)
    assert loaded.golden is not None, f"{ref.id} has no golden"

    outcome = extract(extractor, loaded.capture)

    assert outcome.failure is None, outcome.failure and outcome.failure.traceback
    assert outcome.record is not None
    found = mismatches(loaded.golden, outcome.record, outcome.kinds)
    assert not found, "\n".join(f"{diff.field}: {diff.summary}" for diff in found)


@pytest.mark.parametrize("site", sorted({ref.site for ref in CORPUS.refs()}))
def test_every_site_has_an_extractor(site: str) -> None:
    assert any(extractor.handles(site) for extractor in EXTRACTORS), f"no extractor for {site}"
