"""``harness accept``: pending output becomes the snapshot; decisions of a review are applied."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from harness.commands import CLEAN, DRIFT, common
from harness.config import Config
from harness.engine import chosen_by, whole_fields
from harness.errors import HarnessError
from harness.model import case_id
from harness.review import decisions
from harness.review.answers import Answer
from harness.review.apply import Review
from harness.review.decisions import Decision
from harness.text import show_unseen
from harness.wiring import assemble, in_ci, ready

SHOWN = 20


@click.command(epilog="Example: harness accept daily8 --field byline")
@common.captures
@common.extractors
@common.fields
@click.option("--all", "everything", is_flag=True, help="Accept all that is pending.")
@click.option("--error", "errors", is_flag=True, help="Also accept that an extractor raises.")
@click.option("--rejected", is_flag=True, help="Also accept what a reviewer rejected.")
@click.option("--by", help="Who accepts (default: git's user.name).")
def command(
    captures: tuple[str, ...],
    extractors: tuple[str, ...],
    fields: tuple[str, ...],
    everything: bool,
    errors: bool,
    rejected: bool,
    by: str | None,
) -> int:
    """Accept pending output as the new snapshots, or apply the decisions of a review.

    CAPTURES choose what to accept, as for `harness check`; --field takes only those fields and
    leaves the rest pending. An output is refused when its snapshot changed since it was compared,
    and skipped when a reviewer rejected it, unless its capture is named.

    Instead, CAPTURES is a file of decisions that a drift report exported, ending in .json, or - for
    standard input. Exits with 1 when any of them is a rejection, waits or was refused.
    """
    config = common.project()
    who = by or common.person()
    if found := _file(captures):
        if len(captures) > 1 or extractors or fields or everything or errors or rejected:
            raise HarnessError(f"{found} says what to accept; give nothing beside it but --by")
        return _apply(config, decisions.loads(_read(found), found), who)
    chosen, named = _chosen(config, captures, extractors, everything)
    whole_fields(fields)
    review = Review.of(config)
    answer = _accept(review, chosen, named, fields, errors=errors, rejected=rejected, by=who)
    _note_broken(review)
    if in_ci():
        common.say("note: accepting in CI; commit the snapshots or they are lost")
    _list([each.decision.case for each in answer.applied])
    click.echo(f"accepted {len(answer.applied)} of {len(chosen)}")
    skipped = [each.why for each in answer.refused if each.why.endswith("--rejected takes it")]
    for line in skipped[:SHOWN]:
        common.say(f"note: {line}")
    if len(skipped) > SHOWN:
        common.say(f"note: and {len(skipped) - SHOWN} more that were rejected")
    refused = [each.why for each in answer.refused if each.why not in skipped]
    if refused:
        raise HarnessError("\n".join(refused))
    return CLEAN


def _chosen(
    config: Config, captures: Sequence[str], extractors: Sequence[str], everything: bool
) -> tuple[list[tuple[str, str]], set[tuple[str, str]]]:
    """What is pending of the chosen captures, and which of these were named one by one.

    Raises HarnessError where that is nothing.
    """
    from harness.snapshots import Snapshots

    pending = Snapshots(config.pending)
    waiting = [
        (name, capture) for name, capture in pending.ids() if not extractors or name in extractors
    ]
    if not waiting and extractors and any(pending.ids()):
        raise HarnessError(f"nothing is pending of extractor {', '.join(extractors)}")
    if not waiting:
        raise HarnessError("nothing is pending; `harness check` leaves output that differs here")
    if not captures and not everything:
        shown = "".join(f"\n  {case_id(name, capture)}" for name, capture in waiting[:SHOWN])
        more = f"\n  … and {len(waiting) - SHOWN} more" if len(waiting) > SHOWN else ""
        raise HarnessError(f"name captures or sites, or --all; pending are:{shown}{more}")
    hits = [chosen_by(pattern, waiting) for pattern in captures]
    wanted = {case for found in hits for case in found}
    chosen = [case for case in waiting if everything or case in wanted]
    if not chosen:
        raise HarnessError(f"nothing pending matches {', '.join(captures)}")
    named = {
        found[0]
        for pattern, found in zip(captures, hits, strict=True)
        if len(found) == 1 and "*" not in pattern and pattern.strip("/") not in _sites(found)
    }
    return chosen, named


def _sites(cases: Sequence[tuple[str, str]]) -> set[str]:
    return {capture.partition("/")[0] for _, capture in cases}


def _accept(
    review: Review,
    chosen: Sequence[tuple[str, str]],
    named: set[tuple[str, str]],
    fields: Sequence[str],
    *,
    errors: bool,
    rejected: bool,
    by: str,
) -> Answer:
    with common.progress("accepting", len(chosen), "full", 200) as done:
        first = [case for case in chosen if rejected or case in named]
        rest = [case for case in chosen if not (rejected or case in named)]
        parts = [
            review.accept(cases, fields, errors=errors, rejected=which, by=by, done=done)
            for cases, which in ((first, True), (rest, False))
            if cases
        ]
    applied = tuple(each for part in parts for each in part.applied)
    refused = tuple(each for part in parts for each in part.refused)
    order = {case_id(*case): rank for rank, case in enumerate(chosen)}
    return Answer(
        parts[-1].version,
        tuple(sorted(applied, key=lambda each: order[each.decision.case])),
        tuple(sorted(refused, key=lambda each: order[each.decision.case])),
    )


# --- decisions.json -------------------------------------------------------------------------------


def _file(captures: Sequence[str]) -> str:
    """The argument that is a file of decisions, "" where none is."""
    for each in captures:
        if each == "-" or (each.endswith(".json") and Path(each).is_file()):
            return each
    return ""


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise HarnessError(f"cannot read {name}: {error.strerror}") from None


def _apply(config: Config, found: tuple[Decision, ...], by: str) -> int:
    review = Review.of(config)
    _check_first(config, review, found)
    answer = review.decide(found, by)
    _note_broken(review)
    if in_ci():
        common.say("note: accepting in CI; commit the snapshots or they are lost")
    written = [each for each in answer.applied if each.state == "written"]
    recorded = [each for each in answer.applied if each.state == "recorded"]
    rejected = [each for each in recorded if each.decision.decision == "reject"]
    waiting = [each for each in recorded if each.decision.decision != "reject"]
    _section("accepted", [_line(each.decision, each.note) for each in written])
    _section("rejected", [_line(each.decision) for each in rejected])
    _section("waiting", [_line(each.decision, each.note) for each in waiting])
    _section("refused", [show_unseen(each.why) for each in answer.refused])
    click.echo(
        f"{len(written)} accepted, {len(rejected)} rejected, {len(waiting)} waiting,"
        f" {len(answer.refused)} refused"
    )
    return DRIFT if recorded or answer.refused else CLEAN


def _check_first(config: Config, review: Review, found: Sequence[Decision]) -> None:
    """Runs the check of the cases that decisions are about and that have nothing pending.

    A report of CI comes without its pending output; what a clean checkout gives is held against
    the digests of the decisions afterwards.
    """
    wanted = review.unchecked(found)
    if not wanted:
        return
    engine = common.closed_at_end(assemble(config, mode="pending"))
    cases = [c for c in engine.plan() if (c.extractor.name, c.ref.id) in wanted]
    if not cases:
        return
    common.say(f"note: nothing is pending of {len(cases)} captures; checking them first")
    with common.progress("checking", len(cases), "full", 200) as done:
        run = engine.run(ready(cases), done)
    if run.interrupted:
        raise HarnessError("interrupted while checking; nothing was applied, run it again")


def _section(title: str, lines: Sequence[str]) -> None:
    if lines:
        click.echo(f"{title}:")
        _list(lines)


def _line(decision: Decision, note: str = "") -> str:
    what = show_unseen(f"{decision.case} {decision.field}")
    golden = " (golden)" if decision.decision == "approve" else ""
    return f"{what}{golden}{f': {note}' if note else ''}"


def _list(lines: Sequence[str]) -> None:
    for line in lines[:SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > SHOWN:
        click.echo(f"  … and {len(lines) - SHOWN} more")


def _note_broken(review: Review) -> None:
    if broken := review.journal.broken:
        common.say(
            f"note: line {broken[0]} of {review.journal.path} cannot be read and is left out"
            + (f", and {len(broken) - 1} more" if len(broken) > 1 else "")
        )
