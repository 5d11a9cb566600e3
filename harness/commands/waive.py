"""``harness waive``: a person lets a finding be, and says why."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from harness.commands import CLEAN, common
from harness.engine import Case, Engine
from harness.errors import HarnessError
from harness.invariants import BUILT_IN
from harness.judge import waives
from harness.model import Waiver
from harness.wiring import assemble


@click.command(
    epilog="Example: harness waive daily8 byline-time --field byline --reason 'the outlet is 24X7'"
)
@click.argument("capture")
@click.argument("invariant")
@click.option("--field", help="Only in this field, e.g. body or related.title.")
@click.option("--reason", help="Why it is no fault; the report shows it.")
@click.option("--by", help="Who says so (default: git's user.name).")
@click.option("--remove", is_flag=True, help="Take the waiver away again.")
@common.extractors
def command(
    capture: str,
    invariant: str,
    field: str | None,
    reason: str | None,
    by: str | None,
    remove: bool,
    extractors: tuple[str, ...],
) -> int:
    """Let a finding be, and say why.

    CAPTURE is as for `harness check` and may be many; INVARIANT is the name that a finding gives.
    The waiver is kept in waivers.json beside the capture. One that waives nothing any more is
    reported, so that it goes when the fault is gone. It is for all extractors, unless one is named
    with -x, or before the capture as in a finding's id.
    """
    engine = assemble(common.project())
    known = {each.name for each in (*engine.invariants, *BUILT_IN)}
    if invariant not in known and not remove:
        raise common.unknown("invariant", invariant, known)
    if not remove and not (reason and reason.strip()):
        raise HarnessError("a waiver needs a --reason: it is what the report shows")
    if len(extractors) > 1:
        raise HarnessError("a waiver is for one extractor, or without -x for all of them")
    named = capture.rpartition(":")[0]
    if named not in {each.name for each in engine.extractors}:
        named = ""
    extractor = extractors[0] if extractors else named or None
    waiver = Waiver(
        invariant,
        field or "*",
        reason or "",
        extractor,
        by or common.person(),
        datetime.now(UTC).date().isoformat(),
    )
    changed = 0
    for case in _one_a_capture(common.planned(engine, (capture,), extractors)):
        if remove:
            changed += _remove(engine, case, invariant, field, extractor)
        else:
            changed += _add(engine, case, waiver)
    if not changed:
        raise HarnessError(f"{capture}: there is no waiver of {invariant!r} to take away")
    return CLEAN


def _one_a_capture(cases: list[Case]) -> list[Case]:
    return list({case.ref: case for case in cases}.values())


def _add(engine: Engine, case: Case, waiver: Waiver) -> int:
    before = engine.corpus.load(case.ref).waivers
    same = (waiver.invariant, waiver.field, waiver.extractor)
    others = [w for w in before if (w.invariant, w.field, w.extractor) != same]
    path = engine.corpus.write_waivers(case.ref, [*others, waiver])
    click.echo(f"  waived {waiver.invariant} → {path}")
    loaded = engine.corpus.load(case.ref)
    found = engine.examination.look(loaded.capture, engine.extract(case).outcome)
    if not any(waives(waiver, finding) for finding in found):
        common.say(f"note: {case.id}: it finds nothing there now")
    return 1


def _remove(
    engine: Engine, case: Case, invariant: str, field: str | None, extractor: str | None
) -> int:
    """Takes away the waivers of an invariant, of this field and extractor where they are named."""
    before = engine.corpus.load(case.ref).waivers
    kept = [
        w
        for w in before
        if w.invariant != invariant
        or field not in (None, w.field)
        or extractor not in (None, w.extractor)
    ]
    if len(kept) == len(before):
        return 0
    path = engine.corpus.write_waivers(case.ref, kept)
    click.echo(f"  {len(before) - len(kept)} taken away → {path}")
    return 1
