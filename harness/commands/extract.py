"""``harness extract``: what a record is, and what text it leaves unclaimed."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import cast

import click
import msgspec

from harness import records
from harness.claims import Claims, claim
from harness.commands import CLEAN, DRIFT, common
from harness.commands.check import finding_lines
from harness.commands.targets import engine_with
from harness.corpus.store import Loaded, media_type_of
from harness.diff import plain
from harness.engine import Engine, chosen_by
from harness.errors import HarnessError
from harness.extraction import Extractor, extract
from harness.model import Capture, Finding, Outcome, Tree, family_of
from harness.page import Page
from harness.provenance import Place, fragility, place_tree, provenance, summarise
from harness.report.words import count
from harness.text import shorten, show_unseen
from harness.wiring import Isolation

# Page furniture fills screens; of more lines than this, those that may be missed prose come first.
UNCLAIMED_SHOWN = 40
PROSE_CHARS = 80


@click.command(epilog="Example: harness extract page.html -x daily8 --output-format json")
@click.argument("targets", nargs=-1, required=True)
@common.extractors
@common.isolation
@click.option("--url", help="The URL of a file's page, for its links.")
@click.option("--captured-at", type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]), help="Of a file.")
@click.option("--media-type", help="Of a file, when its ending does not tell.")
@click.option("--where", is_flag=True, help="Say where on the page each text stands.")
@click.option("--output-format", type=click.Choice(["full", "json"]), default="full")
def command(
    targets: tuple[str, ...],
    extractors: tuple[str, ...],
    url: str | None,
    captured_at: datetime | None,
    media_type: str | None,
    where: bool,
    output_format: str,
    isolation: Isolation,
) -> int:
    """Show a record, what the invariants have against it, and the text that no field claims.

    TARGETS are captures (as for `harness check`) or files; '-' is stdin. A file needs an extractor
    (-x). With --output-format json, each record is one line:
    {"capture", "extractor", "record", "unclaimed", "findings"}, with --where also "provenance":
    {"byline": [{"kind", "path", "start", "end", "fragility"}]}, the most robust place first.
    """
    engine, named = engine_with(isolation.over(common.project()), extractors)
    names = tuple(each.name for each in named)
    code = CLEAN
    for loaded, extractor in _pairs(engine, targets, names, url, captured_at, media_type):
        capture = loaded.capture
        outcome = extract(extractor, capture)
        page = Page(capture)
        claims = claim(dict(outcome.record or {}), page.visible)
        stands = provenance(outcome.record or {}, page) if where else {}
        findings = engine.findings(loaded, extractor.name, outcome)
        if outcome.failure:
            code = DRIFT
        if output_format == "json":
            click.echo(_json(capture, extractor, outcome, claims, findings, stands))
        else:
            for line in _full(capture, extractor, outcome, claims, findings, stands):
                click.echo(line)
    return code


def _pairs(
    engine: Engine,
    targets: tuple[str, ...],
    names: tuple[str, ...],
    url: str | None,
    captured_at: datetime | None,
    media_type: str | None,
) -> Iterator[tuple[Loaded, Extractor]]:
    for target in targets:
        path = Path(target)
        if target != "-" and not os.path.isfile(target):
            known_cases = [(case.extractor.name, case.ref.id) for case in engine.plan((), names)]
            if not chosen_by(target, known_cases):
                raise HarnessError(
                    f"no file {shorten(target)!r}, and no capture matches it;"
                    " `harness check --list` shows what there is"
                )
            for case in common.planned(engine, (target,), names):
                yield engine.corpus.load(case.ref), case.extractor
            continue
        body = sys.stdin.buffer.read() if target == "-" else _read(path)
        chosen = [e for e in engine.extractors if e.name in names]
        if not chosen:
            known = ", ".join(e.name for e in engine.extractors)
            raise HarnessError(
                f"{target} is a file: name its extractor with -x; there are: {known}"
            )
        capture = Capture(
            site="file",
            name=path.name,
            body=body,
            media_type=media_type or media_type_of(target, body),
            url=url,
            captured_at=captured_at,
            sha256=hashlib.sha256(body).hexdigest(),
        )
        for extractor in chosen:
            yield Loaded(capture, None), extractor


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HarnessError(f"cannot read {path}: {error.strerror}") from None


def _json(
    capture: Capture,
    extractor: Extractor,
    outcome: Outcome,
    claims: Claims,
    findings: tuple[Finding, ...],
    stands: Mapping[str, tuple[Place, ...]],
) -> str:
    tree: dict[str, Tree] = {
        "capture": capture.id if capture.site != "file" else capture.name,
        "extractor": extractor.name,
    }
    if outcome.failure:
        failure = outcome.failure
        tree["error"] = {
            "type": failure.type,
            "message": failure.message,
            "traceback": failure.traceback,
        }
    else:
        tree["record"] = cast(Tree, outcome.record)
        tree["unclaimed"] = [text for _, text in claims.unclaimed]
        tree["findings"] = msgspec.to_builtins(findings)
        if stands:
            tree["provenance"] = {
                path: [place_tree(place) for place in places] for path, places in stands.items()
            }
    # One line each, so that many can be read as they come.
    return json.dumps(tree, ensure_ascii=True)


def _full(
    capture: Capture,
    extractor: Extractor,
    outcome: Outcome,
    claims: Claims,
    findings: tuple[Finding, ...],
    stands: Mapping[str, tuple[Place, ...]],
) -> Iterator[str]:
    yield click.style(f"{capture.id} by {extractor.name}", bold=True)
    if outcome.failure:
        yield click.style(show_unseen(outcome.failure.traceback).rstrip(), fg="red")
        return
    for name, value in (outcome.record or {}).items():
        yield from _field(name, value, "  ")
    if stands:
        yield ""
        yield click.style("where it stands:", bold=True)
        yield from _where(stands)
    if findings:
        yield ""
        yield click.style(f"{count(len(findings), 'finding')}:", bold=True)
        yield from finding_lines(findings, most=40)
    if claims.absent:
        yield ""
        yield click.style("not in the visible text of the page:", bold=True)
        yield from (f"  {path}" for path in claims.absent)
    unclaimed = claims.unclaimed
    yield ""
    yield click.style(
        f"unclaimed text, {len(unclaimed)} line{'s' if len(unclaimed) != 1 else ''}:", bold=True
    )
    prose, rest = unclaimed, []
    if len(unclaimed) > UNCLAIMED_SHOWN:
        prose = [pair for pair in unclaimed if len(pair[1]) >= PROSE_CHARS]
        rest = [text for _, text in unclaimed if len(text) < PROSE_CHARS]
    for line, text in prose[:UNCLAIMED_SHOWN]:
        tags = ">".join(shorten(tag, 30) for tag in line.tags[-2:])
        yield f"  {shorten(text, 120)}  " + click.style(tags, dim=True)
    if len(prose) > UNCLAIMED_SHOWN:
        yield f"  … and {len(prose) - UNCLAIMED_SHOWN} more as long"
    if rest:
        yield f"  and {len(rest)} short lines: {shorten(' · '.join(rest), 600)}"
    yield ""


def _where(stands: Mapping[str, tuple[Place, ...]]) -> Iterator[str]:
    """A line for each field: the best place of each of its texts, and the worst grade of those."""
    best: dict[str, list[Place]] = {}
    for path, places in stands.items():
        best.setdefault(family_of(path), []).append(places[0])
    for name, places_ in best.items():
        grade = max(map(fragility, places_)).label
        said = f"{shorten(summarise(places_), 200)}  " + click.style(grade, dim=True)
        yield f"  {click.style(f'{show_unseen(name)}:', fg='cyan')} {said}"


def _field(name: str, value: Tree, indent: str) -> Iterator[str]:
    label = click.style(f"{name}:", fg="cyan")
    if isinstance(value, list) and value and isinstance(value[0], dict):
        yield f"{indent}{label}"
        for i, item in enumerate(value):
            yield f"{indent}  [{i}]"
            for key, part in cast("dict[str, Tree]", item).items():
                yield from _field(key, part, f"{indent}    ")
    elif isinstance(value, list) and value:
        yield f"{indent}{label} ({len(value)})"
        yield from (f"{indent}  {show_unseen(plain(item))}" for item in value)
    elif records.tag_of(value) == "$timestamp":
        claim_ = cast("dict[str, dict[str, Tree]]", value)["$timestamp"]
        details = ", ".join(
            f"{key} {' to '.join(map(str, part.values())) if isinstance(part, dict) else part}"
            for key, part in claim_.items()
            if key != "text" and part is not None
        )
        yield f"{indent}{label} {show_unseen(str(claim_['text']))}  " + click.style(
            details, dim=True
        )
    elif value in (None, [], ""):
        yield f"{indent}{label} " + click.style("nothing", dim=True)
    else:
        yield f"{indent}{label} {show_unseen(plain(value))}"
