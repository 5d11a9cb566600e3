"""Filling a report's file: articles that stand in the document, and those packed into chunks.

``<script type="text/plain" class="chunk" data-chunk="K">`` holds, in base64, a zlib stream of JSON:
an array of articles in the order of their cases. ``<script type="text/plain" class="pages"
data-chunk="K">`` holds rendered captures in the same way, an object of them by the anchors of their
cases; ``<details class="rendered" data-pages="K" data-anchor="…">`` is where one belongs.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass

from harness.model import CaseResult
from harness.report.articles import LARGE, SMALL, Article, Look, article, html
from harness.report.budget import FEW, Budget, order
from harness.report.cases import Report
from harness.report.evidence import Evidence
from harness.report.index import LEFT_OUT, STATIC

# Unpacked in 3 ms, which nobody notices at a keystroke; larger ones are hardly smaller packed, as
# deflate looks back 32 KB.
CHUNK_CHARS = 200_000
LEVEL = 6
# How much smaller an article gets by that, in base64.
PACKED = 4
# Of few cases, so many have room for much of their captures.
LARGE_ONES = 10
# So many articles that do not fit show that the document is full.
MISSES = 3
# What joins an article to those beside it, and a chunk to the document.
STEPS = 700
TAG = 80


def packed(report: Report, look: Look, budget: Budget, room: int, cases: int) -> Packed:
    """What fits into ``room`` bytes of the articles of the first ``cases`` cases.

    ``look`` is asked for as many captures as the budget has, in the order of the articles.
    """
    return _Filling(report, look, budget, room, cases).packed()


@dataclass(frozen=True, slots=True)
class Packed:
    """The articles of a file.

    ``static`` stand in the document, each with how its rendered capture comes
    (:func:`harness.report.articles.html`); ``chunks`` and ``pages`` are texts of chunks, in their
    order; ``chunk`` says of each case of the index where its article is; ``pages_left`` cases are
    without their capture.
    """

    static: tuple[tuple[Article, str], ...]
    chunks: tuple[str, ...]
    pages: tuple[str, ...]
    chunk: tuple[int, ...]
    articles_left: int
    pages_left: int


def pack(tree: object) -> str:
    """A value as the text of a chunk."""
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
    data = zlib.compress(text.encode("utf-8", "surrogatepass"), LEVEL)
    return base64.b64encode(data).decode("ascii")


class _Looking:
    """Evidence, as long as there is an allowance of captures and bytes for it."""

    def __init__(self, look: Look, budget: Budget) -> None:
        self._look = look
        self._captures = budget.captures
        self._source = budget.source
        self.seen = 0

    def __call__(self, result: CaseResult, /) -> Evidence:
        self._captures -= 1
        found = self._look(result)
        self._source -= len(found.capture.body)
        self.seen += 1
        return found

    @property
    def may(self) -> bool:
        return self._captures > 0 and self._source > 0


class _Pages:
    """Rendered captures on their way into chunks."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self._waiting: dict[str, str] = {}
        self._chars = 0
        self.size = 0

    def add(self, anchor: str, page: str) -> str:
        """Takes a page; the name of the chunk that will have it."""
        name = str(len(self.done))
        self._waiting[anchor] = page
        self._chars += len(page)
        if self._chars > CHUNK_CHARS:
            self.close()
        return name

    def close(self) -> None:
        if self._waiting:
            text = pack(self._waiting)
            self.done.append(text)
            self.size += len(text) + TAG
            self._waiting, self._chars = {}, 0


class _Filling:
    def __init__(self, report: Report, look: Look, budget: Budget, room: int, cases: int) -> None:
        self._report, self._budget = report, budget
        self._room = room
        self._looking = _Looking(look, budget)
        self._few = len(report.cases) <= FEW
        self._beside = int(room * budget.beside)
        self._pages = _Pages()
        self._numbers = [n for n in order(report, budget.alike) if n < cases]
        self._chunk = [LEFT_OUT] * cases
        self._static: dict[int, tuple[Article, str]] = {}
        self._unfit: dict[int, tuple[Article, str]] = {}
        self._chunks: list[str] = []

    def packed(self) -> Packed:
        self._fill_document()
        if self._budget.packed:
            self._fill_chunks()
        self._pages.close()
        return Packed(
            static=tuple(self._static[number] for number in sorted(self._static)),
            chunks=tuple(self._chunks),
            pages=tuple(self._pages.done),
            chunk=tuple(self._chunk),
            articles_left=self._chunk.count(LEFT_OUT),
            pages_left=len(self._chunk) - self._looking.seen,
        )

    def _fill_document(self) -> None:
        static = self._budget.static_few if self._few else self._budget.static
        room = min(static, self._room)
        for number in self._numbers:
            if len(self._static) >= self._budget.articles or len(self._unfit) >= MISSES:
                return
            shown, page = self._article(number, len(self._static) < self._budget.drawn)
            size = _size(html(self._report, shown, page=page)) + STEPS
            if size > room:
                self._unfit[number] = shown, page
                continue
            self._chunk[number] = STATIC
            self._static[number] = shown, page
            room -= size
            self._room -= size

    def _fill_chunks(self) -> None:
        waiting: dict[int, str] = {}
        chars = 0
        for number in self._numbers:
            if number in self._static:
                continue
            known = self._unfit.get(number)
            shown, page = known or self._article(number)
            waiting[number] = made = html(self._report, shown, page=page)
            if shown.sheet is not None:
                self._beside -= len(made) // PACKED
            chars += len(made)
            if chars > CHUNK_CHARS:
                if not self._close(waiting):
                    return
                waiting, chars = {}, 0
        self._close(waiting)

    def _close(self, waiting: dict[int, str]) -> bool:
        """Packs articles; whether there was room."""
        if not waiting:
            return True
        name = len(self._chunks)
        text = pack([waiting[number] for number in sorted(waiting)])
        if len(text) + self._pages.size > self._room:
            return False
        self._chunks.append(text)
        self._room -= len(text) + TAG
        for number in waiting:
            self._chunk[number] = name
        return True

    def _article(self, number: int, inline: bool = False) -> tuple[Article, str]:
        """An article, beside its capture as long as there is an allowance, and how that comes."""
        may = self._looking.may and self._pages.size < self._beside
        case = self._report.cases[number]
        size = LARGE if self._few and len(self._static) < LARGE_ONES else SMALL
        shown = article(self._report, case, self._looking if may else None, size)
        if shown.page is None:
            return shown, ""
        if inline:
            return shown, "inline"
        return shown, self._pages.add(case.anchor, shown.page)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
