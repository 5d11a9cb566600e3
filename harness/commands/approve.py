"""``harness approve``: a person says that a record is right."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from harness.commands import CLEAN, common
from harness.diff import plain
from harness.engine import Case, Engine, unknown_field
from harness.errors import HarnessError
from harness.expectations import mismatches
from harness.goldens import literally
from harness.model import Golden, Tree, first_line, root_of
from harness.text import show_unseen
from harness.wiring import assemble, in_ci


@click.command(epilog="Example: harness approve example_com --field title")
@click.argument("captures", nargs=-1, required=True)
@common.extractors
@common.fields
@click.option("--by", help="Who approves (default: git's user.name).")
@click.option("--yes", is_flag=True, help="Approve without asking: you have looked at them.")
def command(
    captures: tuple[str, ...],
    extractors: tuple[str, ...],
    fields: tuple[str, ...],
    by: str | None,
    yes: bool,
) -> int:
    """Approve records as goldens, field by field.

    Shows each field of what the extractor gives now and asks whether the page says so. What is
    approved goes to golden.json; a field that is skipped is not asserted. Fields on which golden
    and record agree already are not asked again.
    """
    engine = assemble(common.project())
    cases = common.planned(engine, captures, extractors)
    if len({case.ref.id for case in cases}) < len(cases):
        raise HarnessError("several extractors read these captures; choose one with -x")
    if yes and in_ci():
        raise HarnessError("goldens are approved by people: --yes is refused in CI")
    name = by or common.person()
    for case in cases:
        if not approve(engine, case, fields, name, yes):
            break
    return CLEAN


def approve(engine: Engine, case: Case, fields: tuple[str, ...], by: str, yes: bool) -> bool:
    """Asks for one capture's fields and writes its golden when anything was approved.

    False when the person wants to stop. Raises HarnessError when there is no record, or no such
    field in it.
    """
    loaded = engine.corpus.load(case.ref)
    outcome = engine.extract(case).outcome
    if outcome.record is None:
        failure = outcome.failure
        said = f"{failure.type}: {first_line(failure.message)}" if failure else "nothing"
        raise HarnessError(f"{case.id}: the extractor raised {said}; there is nothing to approve")
    known = loaded.golden or Golden("reviewed", {})
    if known.trust != "reviewed" and fields:
        raise HarnessError(
            f"{case.id}: its golden is {known.trust!r}, so nobody has vouched for its other fields;"
            " approve it without --field"
        )
    kept = dict(known.fields) if known.trust == "reviewed" else {}
    objections = {root_of(d.field) for d in mismatches(known, outcome.record)}
    if unknown := [field for field in fields if field not in outcome.record]:
        raise unknown_field(unknown[0], outcome.record)
    approved = []
    answer = ""
    click.secho(case.id, bold=True)
    for field, value in outcome.record.items():
        if (fields and field not in fields) or (field in kept and field not in objections):
            continue
        answer = "y" if yes else _ask(field, value, known.fields.get(field), field in known.fields)
        if answer == "q":
            break
        if answer == "y":
            kept[field] = literally(value)
            approved.append(field)
    if not approved:
        click.echo("  nothing approved, nothing written")
        return answer != "q"
    golden = Golden(
        trust="reviewed",
        fields={name: kept[name] for name in [*outcome.record, *kept] if name in kept},
        contains=known.contains,
        excludes=known.excludes,
        by=by,
        at=datetime.now(UTC).date().isoformat(),
    )
    path = engine.corpus.write_golden(case.ref, golden)
    click.echo(f"  approved {', '.join(approved)} → {path}")
    return answer != "q"


def _ask(field: str, value: Tree, before: Tree, known: bool) -> str:
    click.secho(f"\n  {field}", fg="cyan", bold=True)
    if known:
        click.secho(f"  - {show_unseen(plain(before))}", fg="red")
    click.echo("\n".join(f"  {line}" for line in show_unseen(plain(value)).split("\n")))
    try:
        answer: str = click.prompt(
            "  is this what the page says? [y]es, [n]o, [q]uit",
            type=click.Choice(["y", "n", "q"]),
            default="n",
            show_choices=False,
        )
    except click.Abort:  # Ctrl-C or the end of the input: what was approved until here is kept
        click.echo()
        return "q"
    return answer
