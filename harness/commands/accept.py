"""``harness accept``: pending output becomes the snapshot."""

from __future__ import annotations

import click

from harness import snapshots
from harness.commands import CLEAN, common
from harness.diff import same
from harness.engine import chosen_by, merge_fields, unknown_field, whole_fields
from harness.errors import HarnessError, SnapshotError
from harness.model import Tree, case_id
from harness.snapshots import Snapshots
from harness.wiring import in_ci


@click.command(epilog="Example: harness accept daily8 --field byline")
@common.captures
@common.extractors
@common.fields
@click.option("--all", "everything", is_flag=True, help="Accept all that is pending.")
@click.option("--error", "errors", is_flag=True, help="Also accept that an extractor raises.")
def command(
    captures: tuple[str, ...],
    extractors: tuple[str, ...],
    fields: tuple[str, ...],
    everything: bool,
    errors: bool,
) -> int:
    """Accept pending output as the new snapshots.

    CAPTURES choose what to accept, as for `harness check`; --field takes only those fields and
    leaves the rest pending. An output is refused when its snapshot changed since it was compared.
    """
    config = common.project()
    accepted, pending = Snapshots(config.snapshots), Snapshots(config.pending)
    waiting = [
        (name, capture) for name, capture in pending.ids() if not extractors or name in extractors
    ]
    if not waiting and extractors and any(pending.ids()):
        raise HarnessError(f"nothing is pending of extractor {', '.join(extractors)}")
    if not waiting:
        raise HarnessError("nothing is pending; `harness check` leaves output that differs here")
    if not captures and not everything:
        shown = "".join(f"\n  {case_id(name, capture)}" for name, capture in waiting[:20])
        more = f"\n  … and {len(waiting) - 20} more" if len(waiting) > 20 else ""
        raise HarnessError(f"name captures or sites, or --all; pending are:{shown}{more}")
    whole_fields(fields)
    wanted = {case for pattern in captures for case in chosen_by(pattern, waiting)}
    chosen = [case for case in waiting if everything or case in wanted]
    if not chosen:
        raise HarnessError(f"nothing pending matches {', '.join(captures)}")
    accepted_now, refused = [], []
    for name, capture in chosen:
        try:
            accept(accepted, pending, name, capture, fields, errors)
            accepted_now.append((name, capture))
        except HarnessError as error:
            refused.append(str(error))
    if in_ci():
        common.say("note: accepting in CI; commit the snapshots or they are lost")
    for name, capture in accepted_now[:20]:
        click.echo(f"  {case_id(name, capture)}")
    if len(accepted_now) > 20:
        click.echo(f"  … and {len(accepted_now) - 20} more")
    click.echo(f"accepted {len(accepted_now)} of {len(chosen)}")
    if refused:
        raise HarnessError("\n".join(refused))
    return CLEAN


def accept(
    accepted: Snapshots,
    pending: Snapshots,
    name: str,
    capture: str,
    fields: tuple[str, ...] = (),
    errors: bool = False,
) -> None:
    """Makes one pending output the snapshot.

    Raises HarnessError, naming the capture, when it is stale, or an error that was not asked for.
    """
    data = pending.read(name, capture)
    if data is None:
        raise HarnessError(f"{case_id(name, capture)}: nothing is pending")
    try:
        waiting = snapshots.parse(data, pending.path(name, capture))
    except SnapshotError as error:
        broken = str(error).partition("; ")[0]
        raise HarnessError(
            f"{broken}; run `harness check {case_id(name, capture)}` again"
        ) from None
    current = accepted.read(name, capture)
    if (snapshots.digest(current) or "") != (waiting.against or ""):
        raise HarnessError(
            f"{case_id(name, capture)}: its snapshot changed since this output was compared;"
            f" run `harness check {case_id(name, capture)}` again"
        )
    if waiting.error and not errors:
        raise HarnessError(
            f"{case_id(name, capture)}: the extractor raised {waiting.error.type};"
            " mend it, or accept that with --error"
        )
    if fields and waiting.record is not None:
        before: dict[str, Tree] = {}
        if current is not None:
            before = snapshots.parse(current, accepted.path(name, capture)).record or {}
        for field in fields:
            if field not in {*before, *waiting.record}:
                raise unknown_field(field, {*before, *waiting.record})
        merged = merge_fields(before, waiting.record, fields)
        text = snapshots.render(snapshots.Snapshot(merged))
        accepted.write(name, capture, text)
        rest = snapshots.render(waiting, snapshots.digest(text.encode("utf-8")))
        if same(merged, dict(waiting.record)):
            pending.delete(name, capture)
        else:
            pending.write(name, capture, rest)
        return
    accepted.write(name, capture, snapshots.render(waiting))
    pending.delete(name, capture)
