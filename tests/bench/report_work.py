"""What bench_report.py measures in processes of their own: ``report_work.py build N FILE`` …

Each prints one JSON object. Needs the repository's root on PYTHONPATH, for tests/planted.py.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path


def build(captures: int, path: Path) -> dict[str, object]:
    """The drift report on planted changes, and what it took beyond having the run in memory."""
    from harness.report import html
    from harness.report.cases import prepare
    from harness.report.evidence import gather
    from tests.captures import likely_capture
    from tests.planted import planted

    run = planted(captures).run
    start = time.perf_counter()
    report = prepare(run)
    text = html.page(report, lambda result: gather(result, lambda _: likely_capture(result)))
    path.write_text(text, "utf-8")
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "clusters": len(report.clusters), "megabytes": _peak()}


def failures(captures: int, path: Path) -> dict[str, object]:
    """A test file of so many failing tests, whose messages are the planted diffs."""
    from harness.changes import changes
    from tests.planted import planted

    texts: dict[str, list[str]] = {}
    for change in changes(planted(captures).run):
        said = texts.setdefault(change.case, [])
        said.append(f"{change.field}: {change.category}: {change.summary}")
        for hunk in change.found.diff.hunks if change.found else ():
            said.append(hunk.where)
            said += [f"{piece.op} {piece.text}" for piece in hunk.pieces]
    path.with_name("texts.json").write_text(json.dumps(texts))
    path.write_text(
        "import json\nfrom pathlib import Path\n\nimport pytest\n\n"
        "TEXTS = json.loads(Path(__file__).with_name('texts.json').read_text())\n\n\n"
        "@pytest.mark.parametrize('case', TEXTS)\n"
        "def test_record(case):\n"
        "    pytest.fail('\\n'.join(TEXTS[case]), pytrace=False)\n"
    )
    return {"failures": len(texts)}


def _peak() -> float:
    # Linux counts kilobytes, macOS bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    work = {"build": build, "failures": failures}[sys.argv[1]]
    print(json.dumps(work(int(sys.argv[2]), Path(sys.argv[3]))))  # noqa: T201 - its answer
