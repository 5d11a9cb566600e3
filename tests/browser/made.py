"""A drift report made by hand: the page's script against what ``report/index.py`` describes.

Each change is a line of a test, so that clusters, reasons and places are what a test needs and
nothing else; what Python puts into real reports has its tests elsewhere.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from harness.changes import digest
from harness.model import Verdict, family_of, root_of
from harness.report.index import LEFT_OUT, STATIC, plain_anchor
from harness.report.script import script, source

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEMPLATES = Path(__file__).parents[2] / "harness" / "report" / "templates"
EMPTY = "the field is empty now"
VERDICTS = [verdict.value for verdict in Verdict]
WHATS = ["field", "new", "failure", "finding", "problem"]
SETTLES = ["", "accept", "approve"]


@dataclass(frozen=True)
class Row:
    """One change. ``article`` is where the case's article is."""

    case: str
    field: str
    cluster: str
    old: str
    new: str
    verdict: str = "changed"
    category: str = "words"
    what: str = "field"
    settles: str = "accept"
    alone: str = ""
    of: int = 1
    article: Literal["static", "packed", "left"] = "static"


def usual() -> list[Row]:
    """Six clusters: 8 of one value, 6 of three, 4 alone, 3 + 2 alone, 2 golden, 1 finding."""
    rows = [
        Row(f"daily/p{i}", "byline", "prefix", "By Ada", "Ada", category="affix") for i in range(8)
    ]
    rows += [
        Row(f"{'daily' if i % 2 else 'herald'}/age{i}", "timestamp", "age", f"{i % 3}h", f"{i % 3}")
        for i in range(6)
    ]
    rows += [
        Row(f"herald/gone{i}", "byline", "gone", f"Eve {i}", "", "missing", "lost", alone=EMPTY)
        for i in range(4)
    ]
    rows += [
        Row("post/two", f"related[{i}].byline", "mixed", f"By Bo {i}", f"Bo {i}", of=2)
        for i in range(2)
    ]
    rows += [Row("post/one", "related[1].byline", "mixed", "By Bo 1", "Bo 1", article="packed")]
    rows += [
        Row(f"post/m{i}", "related[1].byline", "mixed", "Cy", "", alone=EMPTY, article="packed")
        for i in range(2)
    ]
    rows += [
        Row(f"post/g{i}", "title", "golden", "Right", f"Wrong {i}", "wrong", settles="approve")
        for i in range(2)
    ]
    rows += [
        Row(
            "post/g1", "title", "finding", "", "Wrong 1", "suspect", "glued", "finding", "",
            "an invariant objects",
        )
    ]  # fmt: skip
    rows += [Row("post/left", "title", "golden2", "Old", "New", article="left")]
    return rows


def many(captures: int, clusters: int) -> list[Row]:
    """Changes of as many clusters in turn; every other one has five values."""
    rows = []
    for i in range(captures):
        kind = i % clusters
        value = i % 5 if kind % 2 else 0
        where: Literal["static", "packed"] = "static" if i < 20 else "packed"
        change = Row(f"site{i % 7}/p{i}", f"field{kind}", f"kind {kind}", f"By {value}", f"{value}")
        rows.append(replace(change, article=where))
    return rows


def page(
    rows: Sequence[Row], *, mode: str = "file", token: str = "", run: str = "made", values: int = 99
) -> str:
    """The report on these changes; those of one case stand together.

    Of a cluster's distinct values it has so many as ``values``.
    """
    rows = tuple(rows)
    cases = [(case, list(found)) for case, found in groupby(rows, key=lambda row: row.case)]
    tables = _Tables()
    names = list(dict.fromkeys(row.cluster for row in rows))
    articles: dict[str, list[str]] = {"static": [], "packed": [], "left": []}
    number = 0
    for n, (case, found) in enumerate(cases):
        articles[found[0].article].append(_article(case, n, number, found))
        number += len(found)
    index = {
        "version": 1,
        "run": run,
        "cases": _cases(cases, tables),
        "changes": _changes(rows, names, tables, values),
        "clusters": [_cluster(each, rows, tables, values) for each in names],
        **tables.named(),
        "verdicts": VERDICTS,
        "whats": WHATS,
        "settles": SETTLES,
        "left": {"cases": 0, "changes": 0, "articles": len(articles["left"]), "pages": 0},
    }
    return _html(index, articles, mode, token)


class _Tables:
    """What many share."""

    def __init__(self) -> None:
        self._known: dict[str, list[Any]] = {"alone": [""]}

    def __call__(self, table: str, value: Any) -> int:
        known = self._known.setdefault(table, [])
        if value not in known:
            known.append(value)
        return known.index(value)

    def named(self) -> dict[str, list[Any]]:
        return self._known


def _cases(cases: Iterable[tuple[str, list[Row]]], tables: _Tables) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = {
        name: [] for name in ("site", "name", "extractor", "verdict", "anchor", "chunk", "changes")
    }
    for case, found in cases:
        site, _, name = case.partition("/")
        columns["site"].append(tables("sites", site))
        columns["name"].append(f"/{name}")
        columns["extractor"].append(tables("extractors", site))
        columns["verdict"].append(VERDICTS.index(found[0].verdict))
        columns["anchor"].append("")
        where = {"static": STATIC, "left": LEFT_OUT, "packed": 0}[found[0].article]
        columns["chunk"].append(where)
        columns["changes"].append(len(found))
    return columns


def _changes(rows: tuple[Row, ...], names: list[str], tables: _Tables, most: int) -> dict[str, Any]:
    def path(row: Row) -> int:
        family = tables("fields", family_of(row.field))
        return tables("paths", [row.field, family, root_of(row.field), row.field])

    return {
        "path": [path(row) for row in rows],
        "category": [tables("categories", row.category) for row in rows],
        "verdict": [VERDICTS.index(row.verdict) for row in rows],
        "what": [WHATS.index(row.what) for row in rows],
        "settles": [SETTLES.index(row.settles) for row in rows],
        "alone": [tables("alone", row.alone) for row in rows],
        "of": [row.of for row in rows],
        "cluster": [names.index(row.cluster) for row in rows],
        "value": _places(rows, most),
        "headline": [f"{row.old} to {row.new}" for row in rows],
        "old": "".join(_digest(row.old) for row in rows),
        "new": "".join(_digest(row.new) for row in rows),
    }


def _places(rows: tuple[Row, ...], most: int) -> list[int]:
    """Where each change's values stand among those of its cluster; -1 where not."""
    known: dict[str, dict[tuple[str, str], int]] = {}
    places = []
    for row in rows:
        values = known.setdefault(row.cluster, {})
        place = values.setdefault((row.old, row.new), len(values))
        places.append(place if place < most else -1)
    return places


def _digest(text: str) -> str:
    return digest(text) if text else " " * 16


def _cluster(name: str, rows: tuple[Row, ...], tables: _Tables, most: int) -> dict[str, Any]:
    mine = [row for row in rows if row.cluster == name]
    values = Counter((row.old, row.new) for row in mine)
    return {
        "key": f"{sum(name.encode()):08x}",
        "title": f"{name}: what changed",
        "where": f"{len(mine)} places",
        "field": tables("fields", family_of(mine[0].field)),
        "category": tables("categories", mine[0].category),
        "verdict": VERDICTS.index(mine[0].verdict),
        "exact": len(values) == 1,
        "alone": sum(bool(row.alone) for row in mine),
        "changes": len(mine),
        "captures": len({row.case for row in mine}),
        "distinct": len(values),
        "values": [[old, new, n] for (old, new), n in values.items()][:most],
    }


def _article(case: str, n: int, number: int, found: Sequence[Row]) -> str:
    anchor = plain_anchor(case)
    fields = "".join(
        f'<section class="field" data-change="{number + i}"><h4><bdi class="path">{row.field}</bdi>'
        f'</h4><div class="hunk"><p class="diff"><del>{escape(row.old)}</del> shared '
        f'<ins>{escape(row.new)}</ins></p></div><p><a href="#{anchor}--3">line 3</a></p>'
        '<div class="actions"></div></section>'
        for i, row in enumerate(found)
    )
    lines = "".join(f'<li id="{anchor}--{i}"><p>line {i}</p></li>' for i in range(1, 60))
    return (
        f'<article id="{anchor}" class="case" data-case="{n}"><header><h3><a href="#{anchor}">'
        f'{case}</a></h3></header><div class="columns"><div class="fields">{fields}</div>'
        f'<div class="capture"><h4>Capture</h4><div class="page" tabindex="0" role="region"'
        f' aria-label="Text"><ol>{lines}</ol></div><details class="rendered"><summary>The page'
        f'</summary><iframe sandbox title="The page" srcdoc="&lt;p&gt;drawn {case}"></iframe>'
        "</details></div></div></article>"
    )


def _html(index: dict[str, Any], articles: dict[str, list[str]], mode: str, token: str) -> str:
    cards = "".join(
        f'<li class="cluster" id="--cluster-{each["key"]}" data-cluster="{each["key"]}">'
        f'<h3>{each["title"]}</h3><span class="actions"></span></li>'
        for each in index["clusters"]
    )
    css = "".join((TEMPLATES / name).read_text("utf-8") for name in ("report.css", "review.css"))
    policy = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {source()}"
    if mode == "review":
        policy += "; connect-src 'self'"
    return (
        f'<!doctype html><html lang="en" data-mode="{mode}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="harness-token" content="{token}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Drift report</title><style>{css}</style></head>"
        '<body id="--top"><header class="bar"><div><a href="#--top">Drift</a>'
        '<nav><a href="#--clusters">Clusters</a></nav></div></header><main>'
        '<section id="--verdict"><h1>Drift</h1></section>'
        f'<section id="--clusters"><h2>Clusters</h2><ul>{cards}</ul></section>'
        f'<section id="--changes" class="changes"><h2>Changes</h2>{"".join(articles["static"])}'
        f'</section></main><script type="application/json" id="--index">{_packed(index)}</script>'
        f'<script type="text/plain" class="chunk" data-chunk="0">{_packed(articles["packed"])}'
        f"</script><script>{script()}</script></body></html>"
    )


def _packed(tree: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(tree).encode("ascii"))).decode("ascii")


def index_of(html: str) -> dict[str, Any]:
    """The index of any report."""
    [packed] = re.findall(r'id="--index">([^<]*)<', html)
    found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(packed)))
    return found


# --- what a test asks of a page -------------------------------------------------------------------


def ready(page: Page, address: str, scripted: bool = True) -> None:
    """Opens a report and waits for its script, where scripts may run."""
    page.goto(address)
    if scripted:
        page.wait_for_selector(".scripted")


def at(page: Page) -> str:
    """The chosen change: "case field", "" on the overview."""
    if not page.locator("#--review").is_visible():
        return ""
    row = page.locator(".row[aria-selected=true]")
    if not row.count():
        return ""
    return " ".join(row.locator(".name bdi").all_inner_texts())


def article(page: Page) -> str:
    """The id of the article that is shown, once there is one."""
    page.wait_for_selector("#--detail article")
    return page.locator("#--detail article").get_attribute("id") or ""


def statuses(page: Page) -> dict[str, int]:
    """How many changes have each status, by the numbers in the filter."""
    page.wait_for_timeout(120)
    options = page.locator(".facets select").first.locator("option").all_text_contents()
    pairs = (text.rstrip(")").split(" (") for text in options[1:])
    return {name: int(number.replace(",", "")) for name, number in pairs}


def message(page: Page) -> str:
    """What was said last."""
    return page.locator(".message").inner_text()


def exported(page: Page) -> dict[str, Any]:
    """The decisions, as the export dialog has them; closes it again."""
    page.get_by_role("button", name="Export decisions").click()
    text = page.locator("dialog textarea").input_value()
    page.keyboard.press("Escape")
    found: dict[str, Any] = json.loads(text)
    return found
