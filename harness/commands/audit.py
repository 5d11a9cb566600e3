"""``harness audit``: plants faults into records and counts what sees them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from harness.audit import Audit, Planted, Row, Share, audit
from harness.commands import CLEAN, DRIFT, MISTAKE, common
from harness.errors import HarnessError
from harness.faults import OPERATORS, Fault
from harness.files import write_atomic
from harness.floors import NAME, Fallen, Floors, fallen, pinned, raised, read_floors, write_floors
from harness.model import Finding
from harness.report import words
from harness.text import nearest
from harness.wiring import Isolation, assemble

SECTION = "audit"
# Of operators and escapes, the worst tell all; `--all` and JSON show the rest.
SHOWN = 12
# On a corpus that a person waits for less than this, a bar is only noise.
_BAR_FROM = 20


@click.command(epilog="Example: harness audit daily8 --operator lede-lost")
@common.captures
@common.extractors
@common.isolation
@click.option(
    "--operator",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only this operator, or those of this class of faults; may be repeated.",
)
@click.option(
    "--seeds",
    type=click.IntRange(1, 1000),
    default=1,
    show_default=True,
    help="How often each operator is tried on a record, each time in another place.",
)
@click.option(
    "--output-format",
    type=click.Choice(["full", "json"]),
    default="full",
    help="full: for people; json: everything that was counted, on stdout.",
)
@click.option("--all", "everything", is_flag=True, help="Show every operator and every escape.")
@click.option("--list", "only_list", is_flag=True, help="List the operators, and stop.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write every planted fault and what saw it, a JSON object a line.",
)
@click.option("--pin", is_flag=True, help=f"Write the strength to {NAME}; floors only rise.")
@click.option("--lower", is_flag=True, help="With --pin: also lower floors.")
def command(
    captures: tuple[str, ...],
    extractors: tuple[str, ...],
    names: tuple[str, ...],
    seeds: int,
    output_format: str,
    everything: bool,
    only_list: bool,
    output: Path | None,
    pin: bool,
    lower: bool,
    isolation: Isolation,
) -> int:
    """Measure the suite: plant faults into the records and count what sees them.

    Each operator harms each record as an extractor that goes wrong would have. A harmed record is
    held against its snapshot, its golden and the invariants. On a page that is new the invariants
    stand alone; in a snapshot that was accepted wrongly stays what no golden and no invariant sees.
    """
    chosen = operators(names)
    if only_list:
        click.echo("\n".join(f"{o.name:24} {o.fault:22} {o.summary}" for o in chosen))
        return CLEAN
    partial = bool(captures or extractors or names)
    if lower and not pin:
        raise HarnessError("--lower goes with --pin: it lets floors be pinned lower")
    if pin and partial:
        raise HarnessError("--pin takes the whole corpus and all operators; leave the choice away")
    config = isolation.over(common.project())
    path = config.source.parent / NAME
    # Before the work: a broken file should not cost a minute.
    floors = read_floors(path, SECTION)
    engine = common.closed_at_end(assemble(config))
    cases = common.planned(engine, captures, extractors)
    begun = time.perf_counter()
    with common.progress("planting", len(cases), output_format, _BAR_FROM) as advance:
        found = audit(engine, cases, chosen, seeds, advance)
    seconds = time.perf_counter() - begun
    if output_format == "json":
        click.echo(json.dumps(tree(found, seconds), indent=2, ensure_ascii=False))
    else:
        for line in full(found, seconds, everything):
            click.echo(line)
    if output:
        lines = "".join(json_line(each) for each in found.planted)
        write_atomic(output, lines.encode("utf-8", "backslashreplace"))
    if not found.planted:
        common.say("harness: nothing could be planted; is there a record?")
        return MISTAKE
    if partial:
        return CLEAN
    if pin:
        floors = repinned(floors, found, lower)
        write_floors(path, SECTION, floors)
        common.say(f"floors pinned: {path}")
    return held(floors, found, path)


def operators(names: tuple[str, ...]) -> list[Fault]:
    """The operators of these names or classes, all without any. Raises HarnessError for a typo."""
    chosen: list[Fault] = []
    for name in names:
        hits = [each for each in OPERATORS.values() if name in (each.name, each.fault)]
        if not hits:
            known = {*OPERATORS, *(each.fault for each in OPERATORS.values())}
            hint = nearest(name, known, "see `harness audit --list`")
            raise HarnessError(f"no operator {name!r}; {hint}")
        chosen += [each for each in hits if each not in chosen]
    return chosen or list(OPERATORS.values())


def full(found: Audit, seconds: float, everything: bool) -> Iterator[str]:
    """What was counted, for people: by class, the weakest operators, escapes, false alarms."""
    total = found.total
    yield click.style(headline(found, seconds), bold=True)
    for case, reason in found.skipped:
        yield f"not measured: {case}: {reason}"
    if not found.planted:
        return
    yield ""
    yield from table("fault", [*found.by_class(), total])
    weak = [each for each in found.by_operator() if each.invariants.seen < each.planted]
    shown = weak if everything else weak[:SHOWN]
    if shown:
        yield ""
        yield from table("operator", shown)
        if rest := len(weak) - len(shown):
            more = words.count(rest, "more operator")
            yield f"… and {more} that invariants do not always see: --all"
    yield from escapes(found, everything)
    yield ""
    yield from alarms(found)


def headline(found: Audit, seconds: float) -> str:
    """One sentence: how much was planted, and what saw it."""
    total = found.total
    kinds = len({each.operator for each in found.planted})
    asked = [
        f"{who} see {percent(share)}"
        for who, share in (
            ("snapshots", total.snapshot),
            ("goldens", total.golden),
            ("invariants alone", total.invariants),
        )
        if share.of
    ]
    return (
        f"{words.count(total.planted, 'fault')} planted by {words.count(kinds, 'operator')}"
        f" in {words.count(found.records, 'record')} ({seconds:.0f} s):"
        f" {', '.join(asked) or 'nothing to see them'}"
    )


def table(head: str, rows: list[Row]) -> Iterator[str]:
    """Rows under a head line.

    The interval is that of the share that invariants see; *escaped* is what neither they nor a
    golden see.
    """
    width = max(len(head), *(len(each.name) for each in rows))
    yield click.style(
        f"{head:{width}}  planted  snapshot  golden  invariants: error    any  95 %       escaped",
        dim=True,
    )
    for each in rows:
        low, high = each.invariants.interval
        missed = sum(planted.escaped for planted in each.escaped)
        line = (
            f"{each.name:{width}}  {each.planted:7,}  {percent(each.snapshot):>8}"
            f"  {percent(each.golden):>6}  {percent(each.errors):>17}"
            f"  {percent(each.invariants):>5}  {f'{low:.0%}–{high:.0%}':9}  {missed:7,}"
        )
        yield click.style(line, fg=colour(each))


def escapes(found: Audit, everything: bool) -> Iterator[str]:
    """What went unseen, with an example of each kind, the most frequent first."""
    new = [each for each in found.planted if not each.seen_by_invariants]
    alone = [each for each in new if each.escaped]
    if not new:
        return
    yield ""
    told = (
        f"{words.count(len(new), 'fault')} would pass on a new page, where invariants stand alone"
    )
    if alone:
        told += (
            f"; {len(alone):,} of them no golden sees either, and they would stay in a snapshot"
            " that was accepted wrongly"
        )
    yield click.style(f"{told}:", bold=True)
    kinds: dict[tuple[str, float], list[Planted]] = {}
    for each in alone or new:
        kinds.setdefault((each.operator, each.strength), []).append(each)
    ranked = sorted(kinds.values(), key=lambda kind: -len(kind))
    shown = ranked if everything else ranked[:SHOWN]
    # The first capture of a corpus is no better an example than any other.
    examples = [kind[len(kind) * number // len(shown)] for number, kind in enumerate(shown)]
    for kind, each in zip(shown, examples, strict=True):
        yield f"  {each.operator} {each.strength:g} ({each.fault}), {len(kind):,}:"
        yield f"    {each.case} {each.field}"
        yield common.colour_diff(f"    - {each.old}")
        yield common.colour_diff(f"    + {each.new}")
    if rest := len(ranked) - len(shown):
        yield f"  … and {words.count(rest, 'more kind')}: --all"
    first = examples[0]
    yield click.style(
        f"  look closer: harness audit {first.case} --operator {first.operator}", dim=True
    )
    step = f"harness approve {first.case}, or " if alone else ""
    yield click.style(f"  see them: {step}an invariant of your own", dim=True)


def alarms(found: Audit) -> Iterator[str]:
    """What invariants have against the records as the extractors gave them."""
    if not found.alarms:
        yield f"no findings on the {words.count(found.records, 'unharmed record')}"
        return
    suspect = len({case for case, each in found.alarms if each.severity == "error"})
    yield click.style(
        f"findings on the {words.count(found.records, 'unharmed record')}: {suspect} with errors",
        bold=True,
    )
    kinds: dict[tuple[str, str], list[tuple[str, Finding]]] = {}
    for case, finding in found.alarms:
        kinds.setdefault((finding.severity, finding.invariant), []).append((case, finding))
    for (severity, name), each in sorted(
        kinds.items(), key=lambda kind: (kind[0][0], -len(kind[1]))
    ):
        case, finding = each[0]
        yield f"  {severity} {name}, {len(each):,}: {case} {finding.field}: {finding.message}"


def held(floors: Floors | None, found: Audit, path: Path) -> int:
    """Compares with the floors and says what fell. The exit code."""
    if floors is None:
        common.say(f"no floors are pinned; keep this strength: harness audit --pin  ({path})")
        return CLEAN
    if changed := changes(floors, found):
        common.say(
            f"{path}: the floors were pinned on other {' and '.join(changed)}, so they say nothing"
            " of this measurement; pin anew: harness audit --pin",
            fg="yellow",
        )
        return DRIFT
    below = fallen(floors.floors, found.strengths())
    for each in below:
        common.say(sentence(each), fg="red")
    if below:
        common.say(
            "regressed: mend the invariant or golden that saw these"
            f" (harness audit --operator {below[0].name}), or lower the floors:"
            " harness audit --pin --lower"
        )
        return DRIFT
    common.say("no class is below its floor")
    return CLEAN


def changes(floors: Floors, found: Audit) -> list[str]:
    """What the floors were pinned on that is not what was measured."""
    names = {"corpus": "captures", "operators": "operators", "seeds": "seeds"}
    return [
        said for key, said in names.items() if floors.measured.get(key) != found.measured.get(key)
    ]


def sentence(each: Fallen) -> str:
    """How far a class fell."""
    got = "is not measured" if each.got is None else f"got {each.got:.1%}"
    return f"{each.name}: floor of {each.measure} is {each.floor:.1%}, {got}"


def repinned(floors: Floors | None, found: Audit, lower: bool) -> Floors:
    """The floors after pinning: raised; with ``lower``, as measured."""
    scores = found.strengths()
    if floors is None or lower:
        return Floors(found.measured, pinned(scores))
    return Floors(found.measured, raised(floors.floors, scores))


def percent(share: Share) -> str:
    """A share for people; never rounded up to all or down to nothing."""
    rate = share.rate
    if rate is None:
        return "—"
    if 0.995 <= rate < 1:
        return "99 %"
    return f"{max(rate, 0.01) if rate else 0:.0%}".replace("%", " %")


def colour(each: Row) -> str | None:
    """Red for a class that invariants mostly miss, yellow for one that they miss too often."""
    rate = each.invariants.rate or 0.0
    return "red" if rate < 0.5 else "yellow" if rate < 0.9 else None


def tree(found: Audit, seconds: float) -> dict[str, Any]:
    """Everything that was counted, as JSON."""
    return {
        "format": "harness-audit/1",
        "records": found.records,
        "planted": len(found.planted),
        "seconds": round(seconds, 1),
        "measured": dict(found.measured),
        "total": row_tree(found.total),
        "classes": [row_tree(each) for each in found.by_class()],
        "operators": [row_tree(each) for each in found.by_operator()],
        "escapes": [planted_tree(each) for each in found.planted if each.escaped],
        "alarms": [
            {
                "case": case,
                "invariant": each.invariant,
                "severity": each.severity,
                "field": each.field,
                "message": each.message,
            }
            for case, each in found.alarms
        ],
        "skipped": [{"case": case, "reason": reason} for case, reason in found.skipped],
    }


def row_tree(each: Row) -> dict[str, Any]:
    """A row as JSON: counts, and the interval of the share that invariants see."""
    shares = {
        "snapshot": each.snapshot,
        "golden": each.golden,
        "errors": each.errors,
        "invariants": each.invariants,
        "together": each.together,
    }
    return {
        "name": each.name,
        "planted": each.planted,
        **{name: {"seen": share.seen, "of": share.of} for name, share in shares.items()},
        "interval": [round(end, 4) for end in each.invariants.interval],
    }


def planted_tree(each: Planted) -> dict[str, Any]:
    """A planted fault as JSON."""
    return {
        "case": each.case,
        "operator": each.operator,
        "fault": each.fault,
        "strength": each.strength,
        "seed": each.seed,
        "snapshot": each.snapshot,
        "golden": each.golden,
        "errors": list(each.errors),
        "warnings": list(each.warnings),
        "field": each.field,
        "old": each.old,
        "new": each.new,
    }


def json_line(each: Planted) -> str:
    """A planted fault as a line of JSON."""
    return json.dumps(planted_tree(each), ensure_ascii=False) + "\n"
