"""How right the judgement without goldens is: ``python tests/bench/eval_compare.py DATA OUTPUTS``.

DATA holds ``readability/``, ``fundus/``, ``article-extraction-benchmark/`` and ``wcxb/`` as their
projects publish them. OUTPUTS holds stored outputs, a JSON lines file a release, named
``LIBRARY-VERSION.jsonl``: ``{"id", "record"}`` or ``{"id", "error"}``, ids as
``tests/bench/eval_invariants.py`` gives them.

Every two releases of one library are compared page by page, in both orders, by ``judge_page``
without the golden. Then the golden is asked whether the F1 of the body rose or fell (tokens, and
runs of four), and the other fields' scores. A neutral verdict on a real change counts as wrong.

The weights that the harness comes with were learnt from these pages. ``--cross FOLDER`` takes the
tables that ``tools/fit_content_model.py --cross FOLDER`` made, for each page the one that has not
seen its site (``--by fold``, the default) or its whole data set (``--by set``), or that has not
seen the outputs of the library (``--by library``).
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from eval_invariants import SETS

from harness.content import Model, read_model
from harness.invariants import Subject, examine
from harness.model import Tree
from harness.page import Page, fragment
from harness.plausible import Ground, Judgement, judge_field
from harness.records import Record, encode_record, leaves
from harness.scoring import date_score, people_prf, shingle_prf, token_prf
from harness.text import words

REAL = 0.02
LARGE = 0.15
WORST = 10
# The names that the data sets give their fields, by the field of the stored outputs.
_GOLDEN = {
    "title": ("title",),
    "byline": ("byline", "authors", "author"),
    "published": ("publishing_date", "publish_date", "publishedTime"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One field of one page under two releases: what was said, and what the golden says."""

    page: str
    data_set: str
    library: str
    old: str
    new: str
    field: str
    judged: Judgement
    truth: tuple[float, ...]
    same_words: bool


def text_of(value: Tree) -> str:
    """A body as one text, a paragraph a line."""
    return value if isinstance(value, str) else "\n".join(text for _, text in leaves(value))


def read_outputs(folder: Path) -> dict[str, dict[str, Record]]:
    """Release → page → record; an empty one where the extractor raised."""
    found: dict[str, dict[str, Record]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        own = found[path.stem] = {}
        for line in path.read_text("utf-8").splitlines():
            answer = json.loads(line)
            record = answer.get("record") or {}
            body = record.get("body")
            if isinstance(body, dict) and "$html" in body:
                record["body"] = fragment(body["$html"] or "").lines()
            own[answer["id"]] = encode_record(record)
    return found


def library_of(release: str) -> str:
    """``newspaper`` of ``newspaper4k-0.9.1``: forks of one library are one."""
    name = release.rsplit("-", 1)[0]
    return "newspaper" if name.startswith("newspaper") else name


@cache
def _model(path: Path) -> Model:
    return read_model(path)


def model_for(options: argparse.Namespace, case: str, name: str, url: str | None) -> Model | None:
    """The table that has not seen a page; None for the harness's own."""
    if not options.cross or options.by == "library":
        return None
    if options.by == "set":
        return _model(options.cross / f"set-{name}.json")
    host = urlsplit(url).hostname if url else None
    site = ".".join(host.split(".")[-2:]) if host else re.sub(r"[-_\d]+$", "", case)
    return _model(options.cross / f"fold{zlib.crc32(site.encode()) % 5}.json")


def body_scores(golden: str, value: Tree) -> tuple[float, float]:
    """The F1 of a body, of tokens and of runs of four."""
    text = text_of(value)
    return token_prf(golden, text).f1, shingle_prf(golden, text).f1


def field_score(field: str, golden: Tree, value: Tree) -> float:
    """How right a title, byline or date is, 0 to 1."""
    if field == "title":
        return token_prf(str(golden), str(value or "")).f1
    if field == "byline":
        return people_prf(golden, value).f1
    return date_score(golden, value).score


def cases(options: argparse.Namespace) -> Iterator[Case]:
    """Every changed field of every page under every two releases of one library."""
    outputs = read_outputs(options.outputs)
    libraries: dict[str, list[str]] = defaultdict(list)
    for release in outputs:
        libraries[library_of(release)].append(release)
    for name, load in SETS.items():
        for number, (id_, golden, capture) in enumerate(load(options.data)):
            if golden.get("body") is None or number % options.every:
                continue
            page = Page(capture)
            ground = Ground(page, model_for(options, id_, name, capture.url))
            judged: dict[Any, Judgement] = {}
            scored: dict[Any, tuple[float, ...]] = {}
            findings: dict[str, list[Any]] = {}
            wanted = text_of(golden["body"])
            for library, releases in libraries.items():
                if options.cross and options.by == "library":
                    ground = Ground(page, _model(options.cross / f"library-{library}.json"))
                    judged = {}
                for old, new in combinations(releases, 2):
                    before, after = (outputs[r].get(id_, {}) for r in (old, new))
                    for field in ("body", *_GOLDEN):
                        a, b = before.get(field), after.get(field)
                        truth = next(
                            (golden[n] for n in _GOLDEN.get(field, ("body",)) if n in golden), None
                        )
                        if a == b or truth is None:
                            continue
                        sides = json.dumps([field, a]), json.dumps([field, b])
                        for side, value in zip(sides, (a, b), strict=True):
                            if side not in scored:
                                scored[side] = (
                                    body_scores(wanted, value)
                                    if field == "body"
                                    else (field_score(field, truth, value),)
                                )
                        if sides not in judged:
                            found = []
                            for record in (before, after) if options.findings else ():
                                key = json.dumps(record)
                                if key not in findings:
                                    findings[key] = examine(Subject(record, capture, page=page))
                                found.append(
                                    [f for f in findings[key] if f.field.startswith(field)]
                                )
                            judged[sides] = judge_field(field, a, b, ground, *found)
                        gain = tuple(
                            y - x for x, y in zip(scored[sides[0]], scored[sides[1]], strict=True)
                        )
                        same = field == "body" and words(text_of(a)) == words(text_of(b))
                        yield Case(id_, name, library, old, new, field, judged[sides], gain, same)


def right(case: Case, which: int) -> bool:
    """Whether a verdict has the sign of the golden's."""
    return case.judged.verdict == ("better" if case.truth[which] > 0 else "worse")


def table(title: str, found: list[Case], key: Callable[[Case], object], scores: int = 2) -> None:
    """Prints, for each kind of case, how many real changes there are and how many were told."""
    say = sys.stdout.write
    groups: dict[object, list[Case]] = defaultdict(list)
    for case in found:
        groups[key(case)].append(case)
    names = ("tokens", "runs of 4") if scores == 2 else ("score",)
    say(f"\n{title:26}" + "".join(f"{n:>10}   right  wrong≥½" for n in names) + "\n")
    for name, group in sorted(groups.items(), key=lambda item: str(item[0])):
        line = f"{name!s:26}"
        for which in range(scores):
            real = [case for case in group if abs(case.truth[which]) > REAL]
            good = sum(right(case, which) for case in real)
            bad = sum(not right(c, which) and c.judged.confidence >= 0.5 for c in real)
            count = len(real) or 1
            line += f"{len(real):10} {good / count:7.1%} {bad / count:7.1%}"
        say(line + "\n")


def bucket(value: float, bounds: tuple[float, ...]) -> str:
    """The part of a scale that a number falls in."""
    low = max((b for b in bounds if b <= value), default=bounds[0])
    high = next((b for b in bounds if b > value), 1.0)
    return f"{low:.2f} – {high:.2f}"


def turned(case: Case) -> Case:
    """The same two releases in the other order; the judgement turns with them, a law that a test
    holds."""
    side = {"better": "worse", "worse": "better"}.get(case.judged.verdict, "neutral")
    judged = replace(case.judged, verdict=side, delta=-case.judged.delta)  # type: ignore[arg-type]
    truth = tuple(-gain for gain in case.truth)
    return replace(case, old=case.new, new=case.old, judged=judged, truth=truth)


def exam(found: list[Case], releases: list[str]) -> None:
    """Prints how many release pairs show every page with a large loss among the worst ten, and how
    many without a changed word are told as neutral."""
    say = sys.stdout.write
    groups: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in found:
        if case.field == "body":
            for each in (case, turned(case)):
                groups[each.data_set, each.old, each.new].append(each)
                groups["all", each.old, each.new].append(each)
    tallies: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
    missed: list[str] = []
    for old, new in ((a, b) for a in releases for b in releases if a != b):
        if library_of(old) != library_of(new):
            continue
        for name in ("all", *SETS):
            group = groups.get((name, old, new), [])
            tally = tallies[name]
            ranked = sorted(group, key=lambda c: -c.judged.risk)
            for which in (0, 1):
                lost = [case for case in group if case.truth[which] < -LARGE]
                if not lost:
                    continue
                shown = ranked[: max(WORST, len(lost) + WORST) if len(lost) > WORST else WORST]
                absent = [case for case in lost if case not in shown]
                tally[2 * which] += 1
                tally[2 * which + 1] += not absent
                missed += [
                    f"{name} {old} → {new} {c.page}: {c.truth[which]:+.2f}, "
                    f"told {c.judged.verdict} "
                    f"{c.judged.confidence:.2f} {c.judged.delta:+.2f}, rank {ranked.index(c) + 1}, "
                    f"{len(lost)} lost"
                    for c in absent
                    if name != "all"
                ]
            if all(case.same_words for case in group):
                tally[4] += 1
                tally[5] += all(case.judged.verdict == "neutral" for case in group)
    say(
        "\nrelease pairs, both orders, with a page that lost > 0.15: in how many every such page\n"
        "is among the worst ten (of n > 10 such pages: among the worst n + 10)\n"
    )
    for name, (a, b, c, d, e, f) in tallies.items():
        say(
            f"{name:26} tokens {b} of {a}, runs of 4 {d} of {c}; "
            f"no word changed: neutral {f} of {e}\n"
        )
    for line in dict.fromkeys(missed):
        say(f"  missed: {line}\n")


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("outputs", type=Path)
    parser.add_argument("--cross", type=Path, help="tables of tools/fit_content_model.py --cross")
    parser.add_argument("--by", choices=["fold", "set", "library"], default="fold")
    parser.add_argument("--findings", action="store_true", help="ask the invariants too (slow)")
    parser.add_argument("--every", type=int, default=1, help="only every n-th page")
    parser.add_argument("--wrong", type=int, default=0, help="how many wrong verdicts to show")
    options = parser.parse_args()
    found = list(cases(options))
    bodies = [case for case in found if case.field == "body"]
    table("all bodies", bodies, lambda _: "all")
    table("data set", bodies, lambda c: c.data_set)
    table("library", bodies, lambda c: c.library)
    sizes = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)
    table("size (tokens)", bodies, lambda c: bucket(abs(c.truth[0]), sizes))
    sure = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97)
    table("confidence", bodies, lambda c: bucket(c.judged.confidence, sure))
    distinct = {(c.page, c.library, c.truth, c.judged.delta): c for c in bodies}
    table("each change once", [*distinct.values()], lambda c: c.data_set)
    small = [c for c in bodies if max(map(abs, c.truth)) <= REAL]
    loud = sum(c.judged.verdict != "neutral" and c.judged.confidence >= 0.5 for c in small)
    wrong = sum(
        c.judged.verdict != "neutral"
        and c.judged.confidence >= 0.5
        and c.judged.delta * sum(c.truth) < 0
        for c in small
    )
    sys.stdout.write(
        f"\nchanges up to {REAL}: {len(small)}, {loud} with a side taken at confidence ≥ 0.5, "
        f"{wrong} of them wrongly\n"
    )
    others = [case for case in found if case.field != "body"]
    table("other fields", others, lambda c: c.field, scores=1)
    table("their confidence", others, lambda c: (c.field, bucket(c.judged.confidence, sure)), 1)
    exam(found, [*read_outputs(options.outputs)])
    worst = sorted(
        (c for c in found if abs(c.truth[0]) > REAL and not right(c, 0)),
        key=lambda c: -c.judged.confidence,
    )
    seen: set[tuple[str, str]] = set()
    for case in worst:
        if (case.page, case.field) not in seen and len(seen) < options.wrong:
            seen.add((case.page, case.field))
            said = "; ".join(case.judged.reasons)
            sys.stdout.write(
                f"  {case.field} {case.page} {case.old} → {case.new}: {case.truth[0]:+.2f}, told "
                f"{case.judged.verdict} {case.judged.confidence:.2f}: {said}\n"
            )


if __name__ == "__main__":
    main()
