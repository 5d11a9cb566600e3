"""The review of a project's run: its clusters, its captures, its decisions."""

from __future__ import annotations

from harness.changes import changes
from harness.clusters import clusters_of
from harness.config import Config
from harness.corpus import CaptureRef, Corpus
from harness.model import Capture, Run
from harness.report.evidence import gather
from harness.report.words import sentence
from harness.review.apply import Review as Applying
from harness.review.terminal.console import run as in_terminal
from harness.review.terminal.desk import ProjectDesk


def review(run: Run, config: Config, by: str = "") -> int:
    """Reviews a project's run in this process's terminal; how many changes are still undecided.

    ``by`` is who decides. Raises HarnessError where there is no terminal.
    """
    found = changes(run)
    corpus = Corpus(config.corpus)

    def load(capture: str) -> Capture:
        site, _, name = capture.partition("/")
        return corpus.load(CaptureRef(site, name)).capture

    return in_terminal(
        clusters_of(found),
        ProjectDesk(Applying.of(config), found, by),
        lambda result: gather(result, load),
        verdict=sentence(run),
        by=by,
    )
