"""Writing the drift report of a run to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from harness.config import Config
from harness.corpus import CaptureRef, Corpus
from harness.errors import HarnessError
from harness.files import write_atomic
from harness.history import History, remember
from harness.model import Capture, CaseResult, Run
from harness.text import show_unseen

if TYPE_CHECKING:
    from harness.report.evidence import Evidence
    from harness.report.html import Extras


def write_report(run: Run, config: Config, path: Path, *, whole: bool = False) -> Path:
    """Renders a run to ``path`` and returns it, absolute.

    ``whole``: the run was of every capture, so it is one more point of the trends. Raises
    HarnessError when the file cannot be written.
    """
    # Imported here: rendering needs the template engine, a passing pytest run does not.
    from harness.report import html

    keep_out_of_git(config)
    # Before the page is made, which shows this run as the newest.
    untold = remember(run, config) if whole else ""
    text = html.page(html.prepare(run), looking(config), extras=extras(config, untold))
    write_atomic(path, text.encode("utf-8"))
    return path.resolve()


def looking(config: Config) -> Callable[[CaseResult], Evidence]:
    """What reads the captures of a project beside the records of a result."""
    # Aligning needs the parser of pages; a run in which all passes shows none.
    from harness.report.evidence import gather

    corpus = Corpus(config.corpus)

    def load(capture: str) -> Capture:
        site, _, name = capture.partition("/")
        return corpus.load(CaptureRef(site, name)).capture

    return lambda result: gather(result, load)


def extras(config: Config, untold: str = "") -> Extras:
    """What other measures of a project have to show, and how its runs went.

    ``untold`` is why the run at hand is not in its history.
    """
    from harness.report import html

    return html.Extras(
        trends=_trends(config, untold),
        stress=_measure(config.state / "stress.json", _stress),
        score=_measure(config.state / "score.json", _score),
        comparison=_measure(config.state / "compare.json", _comparison),
    )


def _trends(config: Config, untold: str) -> Markup | None:
    """How the runs before went; a file that cannot be read says so in its place."""
    from harness.report import trends

    problem = untold
    try:
        found = trends.trends(History(config.history_file).read())
    except HarnessError as error:
        found, problem = None, str(error)
    parts = [Markup('<p class="notice">{}</p>').format(show_unseen(problem))] if problem else []
    # One run is no trend.
    if found and len(found.moments) > 1:
        parts.append(trends.section(found))
    return Markup("\n").join(parts) if parts else None


def _measure(path: Path, section: Callable[[Path], Markup | None]) -> Markup | None:
    """What a measure's last run has to show; a file that cannot be read says so in its place."""
    if not path.exists():
        return None
    try:
        return section(path)
    except HarnessError as error:
        return Markup('<p class="notice">{}</p>').format(show_unseen(str(error)))


# Few projects have used these measures, and a check that shows none need not import them: the names
# of the mutations alone cost it a tenth of its time.


def _stress(path: Path) -> Markup | None:
    from harness.report import stress

    found = stress.load(path)
    return stress.section(found) if found else None


def _score(path: Path) -> Markup | None:
    from harness.report import score, score_page

    found = score.load(path)
    return score_page.section(found) if found else None


def _comparison(path: Path) -> Markup | None:
    from harness.report import compare_saved

    found = compare_saved.load(path)
    return compare_saved.section(found, path.with_suffix(".html")) if found else None


def keep_out_of_git(config: Config) -> None:
    """What the harness keeps for itself is nobody's to commit."""
    ignore = config.state / ".gitignore"
    if not ignore.exists():
        write_atomic(ignore, b"*\n")
