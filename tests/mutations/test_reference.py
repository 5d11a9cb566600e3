"""The reference extractors on the shipped corpus: no relation that must hold is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.config import find_config
from harness.engine import Case, Engine
from harness.extraction import extract
from harness.mutations import MUTATIONS
from harness.wiring import assemble

# So many mutations of each capture, beginning with others; together they get all, many times.
EACH = 12
NAMES = [name for name, mutation in MUTATIONS.items() if mutation.must_hold]
ENGINE: Engine = assemble(find_config(Path(__file__).parents[2]))
CASES = list(enumerate(ENGINE.plan()))


@pytest.mark.parametrize(("number", "case"), CASES, ids=[case.id for _, case in CASES])
def test_no_relation_that_must_hold_is_broken(number: int, case: Case) -> None:
    capture = ENGINE.corpus.load(case.ref).capture
    before = extract(case.extractor, capture)
    applied = 0
    start = number * EACH % len(NAMES)
    for name in [*NAMES[start:], *NAMES[:start]]:
        made = MUTATIONS[name](capture, number)
        if made is not None and made.relation.must_hold and made.relation.applies(before):
            after = extract(case.extractor, made.capture)
            assert made.relation.check(before, after) == [], f"{name}, seed {number}: {made.note}"
            applied += 1
        if applied == EACH:
            break
    assert applied > EACH // 3
