"""The drift report: one HTML page that shows every change beside the page it came from.

Pages and records are hostile text. The templates escape every expression and make what cannot be
seen visible; nothing from outside ever becomes a link or markup. The one script is the harness's
own and is named in the policy by its digest; captured pages are drawn anew and stand in a sandbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from markupsafe import Markup

from harness.model import Run, Verdict
from harness.report import heat
from harness.report.articles import Look, html
from harness.report.articles import article as article_of
from harness.report.budget import FILE, REVIEW, Budget
from harness.report.cards import cards
from harness.report.cases import Report, prepare
from harness.report.index import Index
from harness.report.lists import lists
from harness.report.packing import Packed, packed
from harness.report.script import script, source
from harness.report.templating import environment
from harness.report.words import sentence

__all__ = ["Extras", "Report", "article", "page", "policy", "prepare"]

Mode = Literal["file", "review"]

_ARTICLES, _CHUNKS = "<!--articles-->", "<!--chunks-->"


@dataclass(frozen=True, slots=True)
class Extras:
    """What other measures have to show, each as a piece of HTML; None where it has nothing.

    ``trends`` is what went before this run (``report/trends.py``), ``stress`` the last stress run
    (``report/stress.py``), ``score`` the last scoring (``report/score_page.py``), ``comparison``
    the last comparison (``report/compare_saved.py``).
    """

    trends: Markup | None = None
    stress: Markup | None = None
    score: Markup | None = None
    comparison: Markup | None = None


def page(
    report: Report,
    look: Look,
    *,
    mode: Mode = "file",
    title: str = "Drift report",
    token: str = "",
    extras: Extras = Extras(),
    budget: Budget | None = None,
) -> str:
    """A report as one HTML page.

    ``file``: for a file that needs no network and no other file, of bounded size; ``look`` is asked
    for as many captures as have room, those first that tell most. ``review``: for the server, which
    gives every other article by :func:`article`; ``token`` stands in ``<meta name=harness-token>``.
    Where ``look`` raises HarnessError, the article says so in the capture's place.
    """
    budget = budget or (FILE if mode == "file" else REVIEW)
    if not report.cases:
        return _Page(report, mode, title, token, extras).text(None, None)
    index = Index(report, budget.index)
    shell = _Page(report, mode, title, token, extras)
    room = budget.file - len(shell.text(None, index).encode("utf-8")) - index.size
    found = packed(report, look, budget, max(room, 0), index.cases)
    return shell.text(found, index)


def article(report: Report, anchor: str, look: Look) -> str | None:
    """One case, whole and beside its capture, as it stands in the page; None for no such case."""
    case = report.case(anchor)
    if case is None:
        return None
    return html(report, article_of(report, case, look), page="inline")


def policy(mode: Mode = "file", scripts: bool = True) -> str:
    """The content security policy of a page: the server's header, and the ``meta`` of a file."""
    rules = ["default-src 'none'", "style-src 'unsafe-inline'", "img-src data:"]
    if scripts:
        rules.append(f"script-src {source()}")
    if mode == "review":
        rules += ["connect-src 'self'", "base-uri 'none'", "form-action 'none'"]
        rules += ["frame-ancestors 'none'"]
    return "; ".join(rules)


@dataclass(frozen=True, slots=True)
class _Page:
    report: Report
    mode: Mode
    title: str
    token: str
    extras: Extras

    def text(self, found: Packed | None, index: Index | None) -> str:
        """The page with its articles; without ``found``, what all but these take at most."""
        report, run = self.report, self.report.run
        static = [shown for shown, _ in found.static] if found else []
        whole = {case.result.id: case.anchor for case in report.cases}
        anchors = whole if found is None else {a.result.id: a.case.anchor for a in static}
        map_ = heat.heat(report.changes, heat.captures_of(run), anchors)
        said = sentence(run)
        made = (
            environment()
            .get_template("report.html.jinja")
            .render(
                mode=self.mode,
                title=self.title,
                token=self.token,
                run=run,
                report=report,
                verdict=_verdict(run),
                sentence=said[0].upper() + said[1:],
                cards=cards(report, anchors),
                map=heat.section(map_) if map_ else None,
                extras=self.extras,
                lists=lists(run, anchors),
                passing=_by_site(run),
                static=static,
                left=found and _Left(report, found, index),
                policy=policy(self.mode, bool(report.cases)),
                script=Markup(script()) if report.cases else None,
            )
        )
        if found is None or index is None:
            return made
        head, _, rest = made.partition(_ARTICLES)
        middle, _, tail = rest.partition(_CHUNKS)
        articles = "\n".join(_static(report, found))
        return "".join((head, articles, middle, *_chunks(found, index), tail))


@dataclass(frozen=True, slots=True)
class _Left:
    """What a reader of the page should know is not in it."""

    report: Report
    found: Packed
    index: Index | None

    @property
    def packed(self) -> int:
        """Articles that only a script can show."""
        return len(self.found.chunk) - len(self.found.static) - self.found.articles_left

    @property
    def articles(self) -> int:
        return len(self.report.cases) - len(self.found.static) - self.packed

    @property
    def captures(self) -> int:
        return self.found.pages_left


def _static(report: Report, found: Packed) -> list[Markup]:
    """The articles that stand in the document, each with links to its neighbours."""
    anchors = ["", *(shown.case.anchor for shown, _ in found.static), ""]
    return [
        html(report, shown, steps=(anchors[i], anchors[i + 2]), page=rendered)
        for i, (shown, rendered) in enumerate(found.static)
    ]


def _chunks(found: Packed, index: Index) -> list[str]:
    rest = index.finished(found.chunk, found.articles_left, found.pages_left)
    packs = [("chunk", found.chunks), ("pages", found.pages)]
    return [
        f'<script type="application/json" id="--index">{rest}</script>\n',
        *(
            f'<script type="text/plain" class="{kind}" data-chunk="{name}">{text}</script>\n'
            for kind, texts in packs
            for name, text in enumerate(texts)
        ),
    ]


def _verdict(run: Run) -> Verdict:
    if run.clean:
        return Verdict.PASS
    return max(run.verdict, Verdict.NEW, key=lambda verdict: verdict.severity)


def _by_site(run: Run) -> list[tuple[str, list[str]]]:
    """The captures that pass."""
    passing = (result.id for result in run.results if result.verdict is Verdict.PASS)
    parts = sorted(case.rpartition("/")[::2] for case in passing)
    return [(s, [name for _, name in found]) for s, found in groupby(parts, key=lambda p: p[0])]
