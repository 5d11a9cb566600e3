"""Runs that hold one of everything, and text of the kind that hostile pages send."""

from __future__ import annotations

from pathlib import Path

from harness import records
from harness.model import (
    CaseResult,
    Failure,
    FieldDiff,
    FieldResult,
    Finding,
    Hunk,
    Piece,
    Run,
    Verdict,
)
from harness.report.remarks import Files

HOSTILE = (
    "</pre></script><img src=x onerror=alert(1)> [a](http://evil.example) @octocat #1 GH-1 !1 ~bug"
    " | `x` ``` ~~~ www.evil.example http://evil.example :octocat: %0A\n::error::pwned\r\n/close"
    "\u2028\x00\x1b[31m\u202e\ud800\ufffe\uffff]]> &lt; <!-- --> * _ # $a$ **b** <b> \\"
)


def field(
    name: str = "related[2].body",
    verdict: Verdict = Verdict.CHANGED,
    summary: str = "differs",
    category: str = "value",
    old: str = "old text",
    new: str = "new text",
    golden: bool = False,
) -> FieldResult:
    """A field of which one word differs."""
    pieces = (Piece("=", "shared "), Piece("-", old), Piece("+", new), Piece("=", " shared"))
    diff = FieldDiff(name, "text", category, summary, (Hunk("", pieces),), similarity=0.8)
    return FieldResult(verdict, "golden" if golden else "snapshot", diff)


def result(
    name: str,
    *fields: FieldResult,
    verdict: Verdict = Verdict.CHANGED,
    site: str = "site",
    findings: tuple[Finding, ...] = (),
) -> CaseResult:
    """A case with fields; without any, one whose body differs."""
    shown = fields or (field(verdict=verdict),)
    record = {each.field.partition("[")[0].partition(".")[0]: "new" for each in shown}
    accepted = dict.fromkeys(record, "old")
    return CaseResult(
        f"{site}/{name}", site, verdict, shown, record=record, accepted=accepted, findings=findings
    )


def everything() -> Run:
    """A run with every verdict, a golden, a finding, an unusable file and what is left over."""
    doubt = Finding("no-glue", "body[1]", "error", "glued", "'ofit' is two words", "ofit")
    return Run(
        (
            result("changed", field("byline", category="lost", summary="“By” is lost")),
            result("gone", field("title", Verdict.MISSING), verdict=Verdict.MISSING),
            result("golden", field("body", Verdict.WRONG, golden=True), verdict=Verdict.WRONG),
            CaseResult(
                "site/suspect", "site", Verdict.SUSPECT, record={"body": ["a", "b"]},
                accepted={"body": ["a", "b"]}, findings=(doubt,),
            ),
            CaseResult("site/new", "site", Verdict.NEW, record={"title": "t"}),
            CaseResult(
                "site/raised", "site", Verdict.ERROR, failure=Failure("ValueError", "no", "frame")
            ),
            CaseResult("site/broken", "site", Verdict.ERROR, problem="x.json is not valid JSON"),
            CaseResult("site/fine", "site", Verdict.PASS),
        ),
        orphans=("site/left", "other:site/left"),
        environment={"python": "3.11", "extraction-harness": "0.1.0"},
        command="harness check",
    )  # fmt: skip


def hostile(number: int = 3) -> Run:
    """A run in which every text that an extractor or a page can choose is hostile."""
    findings = (Finding("own", "a|b`c@d", "error", "glued", HOSTILE, HOSTILE),)
    fields = (
        field("a|b`c@d", summary=HOSTILE, old=HOSTILE, new=HOSTILE[::-1]),
        field(HOSTILE, summary=HOSTILE, old=" ", new="\u200b"),
    )
    return Run(
        (
            *(result(f"n{n}-{HOSTILE}", *fields, findings=findings) for n in range(number)),
            CaseResult(
                "site/raised", "site", Verdict.ERROR, failure=Failure(HOSTILE, HOSTILE, HOSTILE)
            ),
            CaseResult("site/broken", "site", Verdict.ERROR, problem=HOSTILE),
        ),
        orphans=(HOSTILE,),
        environment={HOSTILE: HOSTILE},
        command=HOSTILE,
    )  # fmt: skip


def files(root: Path) -> Files:
    """The files of a project at a folder, whether they are there or not."""
    return Files(root, root / "snapshots", root / "corpus")


def store(root: Path, capture: str, record: dict[str, object], extractor: str = "site") -> Path:
    """Writes a snapshot, and returns its path."""
    path = root / "snapshots" / extractor / f"{capture}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    tree = {"record": records.encode_record(record)}
    path.write_bytes(records.dumps(tree).encode("utf-8", "surrogatepass"))
    return path
