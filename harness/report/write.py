"""Writing the drift report of a run to a file."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from harness.config import Config
from harness.corpus import CaptureRef, Corpus
from harness.errors import HarnessError
from harness.files import write_atomic
from harness.model import Capture, Run
from harness.text import show_unseen


def write_report(run: Run, config: Config, path: Path) -> Path:
    """Renders a run to ``path`` and returns it, absolute.

    Raises HarnessError when the file cannot be written.
    """
    # Imported here: rendering needs the template engine, a passing pytest run does not.
    from harness.report import html
    from harness.report.evidence import gather

    corpus = Corpus(config.corpus)

    def load(capture: str) -> Capture:
        site, _, name = capture.partition("/")
        return corpus.load(CaptureRef(site, name)).capture

    keep_out_of_git(config)
    text = html.render(
        run,
        lambda result: gather(result, load),
        stress=_stress(config),
        score=_score(config),
        comparison=_comparison(config),
    )
    write_atomic(path, text.encode("utf-8"))
    return path.resolve()


def _stress(config: Config) -> Markup | None:
    """What the last stress run has to show; a file that cannot be read says so in its place."""
    path = config.state / "stress.json"
    if not path.exists():
        return None
    # Few have stressed anything; the mutations' names cost a check a tenth of its time.
    from harness.report import stress

    try:
        found = stress.load(path)
    except HarnessError as error:
        return Markup('<p class="notice">{}</p>').format(show_unseen(str(error)))
    return stress.section(found) if found else None


def _score(config: Config) -> Markup | None:
    """What the last scoring has to show; a file that cannot be read says so in its place."""
    path = config.state / "score.json"
    if not path.exists():
        return None
    from harness.report import score, score_page

    try:
        found = score.load(path)
    except HarnessError as error:
        return Markup('<p class="notice">{}</p>').format(show_unseen(str(error)))
    return score_page.section(found) if found else None


def _comparison(config: Config) -> Markup | None:
    """What the last comparison has to show; a file that cannot be read says so in its place."""
    path = config.state / "compare.json"
    if not path.exists():
        return None
    from harness.report import compare_saved

    try:
        found = compare_saved.load(path)
    except HarnessError as error:
        return Markup('<p class="notice">{}</p>').format(show_unseen(str(error)))
    return compare_saved.section(found, path.with_suffix(".html")) if found else None


def keep_out_of_git(config: Config) -> None:
    """What the harness keeps for itself is nobody's to commit."""
    ignore = config.state / ".gitignore"
    if not ignore.exists():
        write_atomic(ignore, b"*\n")
