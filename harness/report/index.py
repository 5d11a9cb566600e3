"""The index of a drift report: what its script knows of every case and change without their texts.

It stands in the page as ``<script type="application/json" id="--index">`` and holds, in base64, a
zlib stream (``DecompressionStream("deflate")``) of one JSON object in ASCII. A page of tens of
thousands of changes has no room for a row with names, so what is one value for each case or change
is a column, and what many share is a table that columns point into (all counted from 0)::

    {"version": 1,
     "run": "9f2c…",                 digest of the run: the key of what a browser remembers
     "sites": ["daily8", …], "extractors": […],
     "fields": ["related[].byline", …],              families, as filters name them
     "paths": [["related[2].byline", F, "related", "related[2].byline"], …]
                                     path, index in fields, top-level field, and as it is shown
     "categories": […], "verdicts": ["pass", …],     verdicts in the order of severity
     "whats": ["field", "new", "failure", "finding", "problem"],
     "settles": ["", "accept", "approve"],
     "alone": ["", "the field is empty now", …],     why a change is never accepted in bulk
     "clusters": [{"key", "title", "where", "field": F, "category": C, "verdict": V,
                   "exact": true, "alone": 3, "changes": 41, "captures": 40, "distinct": 2,
                   "values": [["old", "new", 40], …]}, …],
     "cases": {"site": […], "name": […], "extractor": […], "verdict": […],
               "anchor": […], "chunk": […], "changes": […]},
     "changes": {"path": […], "category": […], "verdict": […], "what": […], "settles": […],
                 "alone": […], "of": […], "cluster": […], "value": […], "headline": […],
                 "old": "…", "new": "…"},
     "left": {"cases": 0, "changes": 0, "articles": 0, "pages": 0}}

Cases stand as on the page: worst first. Changes stand by case, in the order of its article; so
``cases.changes[n]`` says how many of the following changes are of case ``n``; the running sum
is where they begin. The numbers ``data-case`` and ``data-change`` in the page count alike. Of a
case that is in the index every change is.

``cases``
    ``name``: what follows the site in the capture's id, slash included: the capture is
    ``sites[site] + name``, the case ``capture`` if that begins with the name in ``extractors`` and
    ``"/"``, else that name, ``":"`` and ``capture``.
    ``anchor``: the ``id`` of its article; "" where it is what :func:`plain_anchor` makes of the
    case: lower case, runs of other characters than a–z and 0–9 one ``-``, cut at 200 characters,
    ``-`` at both ends removed (and then only for cases in ASCII).
    ``chunk``: -1 for an article that stands in the document, -2 for one that is nowhere in the file
    (``harness review`` serves it), else the number of its ``<script type="text/plain"
    class="chunk" data-chunk="K">``: base64 of a zlib stream of a JSON array of articles. In a
    chunk articles stand in the order of the cases, so the first case with ``chunk`` K has
    position 0, and so on.

``changes``
    ``of``: how many changes of the case have to be accepted before its top-level field is.
    ``cluster``: index in ``clusters``. ``value``: index in that cluster's ``values``, -1 where the
    cluster has more values than are given: such a change is not to be decided with the cluster,
    since nobody saw it. ``headline``: a line of plain text.
    ``old`` and ``new``: 16 characters for each change, one after the other: the digest, or 16
    spaces for no value.

A cluster's ``distinct`` is how many values it has, which may be more than ``values`` holds;
``changes`` counts all it has in the run, those that were left out of the index too. Texts in
``values`` are cut in the middle (``…``) where they are very long. Texts that are only shown have
what cannot be seen made visible; what names something (paths, captures, extractors) is exact. It
is plain text: whoever shows it must still escape them (``textContent``).

``left``: ``cases`` and ``changes`` are not in the index at all, ``articles`` are cases of the
index with chunk -2, ``pages`` are articles that came without their capture.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from harness.changes import Settled, What
from harness.clusters import ChangeCluster, value_of
from harness.model import Verdict, family_of
from harness.text import shorten, show_unseen

if TYPE_CHECKING:
    from harness.report.cases import Report, ReportCase

VERSION = 1
STATIC = -1
LEFT_OUT = -2

# 9 takes 1.5 times as long as 6 and saves a hundredth.
LEVEL = 6
VALUES = 300
VALUE_CHARS = 400
# All values of all clusters together: the index is for what a file holds tens of thousands of.
VALUES_CHARS = 400_000
HEADLINE = 100
PATH = 300
# What a case and a change take, packed and in base64; measured on runs of realistic texts.
CASE_BYTES = 50
CHANGE_BYTES = 70

_NOT_IN_ANCHORS = re.compile(r"[^a-z0-9]+")
_WHATS: tuple[str, ...] = get_args(What)
_SETTLES: tuple[str, ...] = ("", *(each for each in get_args(Settled) if each))
_VERDICTS = tuple(Verdict)
_NO_DIGEST = " " * 16


def plain_anchor(case: str) -> str:
    """A readable fragment for a case; several cases may have the same."""
    return _NOT_IN_ANCHORS.sub("-", case.lower())[:200].strip("-") or "change"


@dataclass(frozen=True, slots=True)
class Left:
    """What a file has no room for."""

    cases: int = 0
    changes: int = 0
    articles: int = 0
    pages: int = 0


class Index:
    """The index of a report, written in two steps, since what has room depends on its size.

    ``size`` is what it will take in the page, but for a few bytes a case.
    """

    def __init__(self, report: Report, most: int) -> None:
        self._squeeze = zlib.compressobj(LEVEL)
        shown = _that_fit(report, most)
        self.cases = len(shown)
        self.changes = sum(len(case.changes) for case in shown)
        self._left = Left(len(report.cases) - self.cases, len(report.changes) - self.changes)
        text = _json(_head(report, shown))[:-2] + ', "chunk": '
        self._begun = self._squeeze.compress(text.encode("ascii"))
        self._begun += self._squeeze.flush(zlib.Z_SYNC_FLUSH)
        self.size = len(self._begun) * 4 // 3 + self.cases // 4 + 200

    def finished(self, chunks: Sequence[int], articles: int, pages: int) -> str:
        """The text of its element. ``chunks`` says of each case where its article is."""
        left = self._left
        rest = {
            "cases": left.cases,
            "changes": left.changes,
            "articles": articles,
            "pages": pages,
        }
        text = f'{_json(list(chunks[: self.cases]))}}}, "left": {_json(rest)}}}'
        data = self._begun + self._squeeze.compress(text.encode("ascii")) + self._squeeze.flush()
        return base64.b64encode(data).decode("ascii")


class _Table:
    """Values in the order in which they are first met, and their places."""

    def __init__(self, known: Iterable[Hashable] = ()) -> None:
        self._places = {value: place for place, value in enumerate(known)}

    def __call__(self, value: Hashable) -> int:
        return self._places.setdefault(value, len(self._places))

    @property
    def values(self) -> list[Any]:
        return list(self._places)


def _that_fit(report: Report, most: int) -> tuple[ReportCase, ...]:
    """The first cases, as many as an index of about ``most`` bytes can hold."""
    room = most
    for case in report.cases:
        room -= CASE_BYTES + CHANGE_BYTES * len(case.changes)
        if room < 0:
            return report.cases[: case.number]
    return report.cases


def _head(report: Report, shown: Sequence[ReportCase]) -> dict[str, Any]:
    """Everything but where articles are; the table of cases is last, to be continued."""
    sites, extractors, fields = _Table(), _Table(), _Table()
    paths, categories, alone = _Table(), _Table(), _Table([""])
    changes = [change for case in shown for change in case.changes]
    clusters, places = _clusters(report.clusters, fields, categories)
    columns = {
        "path": [paths((c.field[:PATH], c.root[:PATH])) for c in changes],
        "category": [categories(c.category) for c in changes],
        "verdict": [_VERDICTS.index(c.verdict) for c in changes],
        "what": [_WHATS.index(c.what) for c in changes],
        "settles": [_SETTLES.index(c.settles) for c in changes],
        "alone": [alone(c.alone) for c in changes],
        "of": [c.of for c in changes],
        "cluster": list(report.cluster_of[: len(changes)]),
        "value": [
            places[n].get(value_of(c), -1) for n, c in zip(report.cluster_of, changes, strict=False)
        ],
        "headline": [shorten(c.summary, HEADLINE) for c in changes],
        "old": "".join(c.old or _NO_DIGEST for c in changes),
        "new": "".join(c.new or _NO_DIGEST for c in changes),
    }
    captures = [case.result.capture.partition("/") for case in shown]
    cases = {
        "site": [sites(site) for site, _, _ in captures],
        "name": [slash + name for _, slash, name in captures],
        "extractor": [extractors(case.result.extractor) for case in shown],
        "verdict": [_VERDICTS.index(case.result.verdict) for case in shown],
        "anchor": [_unless_plain(case) for case in shown],
        "changes": [len(case.changes) for case in shown],
    }
    named = [
        [path, fields(show_unseen(family_of(path))), root, show_unseen(path)]
        for path, root in paths.values
    ]
    return {
        "version": VERSION,
        "run": report.digest,
        "sites": sites.values,
        "extractors": extractors.values,
        "fields": fields.values,
        "paths": named,
        "categories": categories.values,
        "verdicts": list(_VERDICTS),
        "whats": list(_WHATS),
        "settles": list(_SETTLES),
        "alone": alone.values,
        "clusters": clusters,
        "changes": columns,
        "cases": cases,
    }


def _unless_plain(case: ReportCase) -> str:
    name = case.result.id
    return "" if name.isascii() and plain_anchor(name) == case.anchor else case.anchor


def _clusters(
    clusters: Sequence[ChangeCluster], fields: _Table, categories: _Table
) -> tuple[list[dict[str, Any]], list[dict[tuple[str, str], int]]]:
    """The clusters, and of each the places of the values that are given."""
    rows, places = [], []
    room = VALUES_CHARS
    for each in clusters:
        values: list[tuple[str, str, int]] = []
        place: dict[tuple[str, str], int] = {}
        for old, new, number in each.values[:VALUES]:
            shown = _middle(old), _middle(new), number
            room -= len(shown[0]) + len(shown[1])
            # The first of a cluster is what it is about.
            if room < 0 and values:
                break
            place[old, new] = len(values)
            values.append(shown)
        places.append(place)
        rows.append(
            {
                "key": each.key,
                "title": show_unseen(each.title),
                "where": show_unseen(each.where),
                "field": fields(show_unseen(each.field[:PATH])),
                "category": categories(each.category),
                "verdict": _VERDICTS.index(each.verdict),
                "exact": each.exact,
                "alone": each.alone,
                "changes": len(each.changes),
                "captures": each.captures,
                "distinct": len(each.values),
                "values": values,
            }
        )
    return rows, places


def _middle(text: str) -> str:
    """A text with what cannot be seen shown, its middle left out where it is long."""
    if len(text) > VALUE_CHARS:
        text = f"{text[: VALUE_CHARS // 2]} … {text[-VALUE_CHARS // 2 :]}"
    return show_unseen(text)


def _json(tree: object) -> str:
    # In ASCII lone surrogates can be written, and Chinese is hardly longer when packed.
    return json.dumps(tree, ensure_ascii=True, separators=(",", ":"))
