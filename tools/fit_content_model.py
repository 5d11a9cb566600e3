"""Makes harness/content/weights.json: which lines of a page are content, which text is better.

    python tools/fit_content_model.py DATA OUTPUTS --out harness/content/weights.json
    python tools/fit_content_model.py DATA OUTPUTS --cross FOLDER

DATA holds readability/, fundus/, article-extraction-benchmark/ and wcxb/ as their projects publish
them; OUTPUTS one JSON lines file a release of an extractor, LIBRARY-VERSION.jsonl, with {"id",
"record": {"body": …}}; ids as tests/bench/eval_invariants.py gives them. Needs numpy and
scikit-learn (1.4 or later).

Lines are learnt against the share of their words that the golden body holds, four words in a row.
Pairs are all two different texts that any two releases gave of a page; what is learnt is which has
the higher F1 (mean of that of tokens and of runs of four), and by how much. Chances that a pair
sees come from line models that have not seen its page's site, so that pairs are learnt from chances
as wrong as those of new pages are.

``--cross`` writes tables for the examination in tests/bench/eval_compare.py, each learnt without a
part of the pages or outputs: a fifth of the sites (fold0 … fold4), a data set, a library.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import combinations
from operator import attrgetter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "bench"))

from eval_invariants import SETS

from harness.content.contrast import NAMES, Held, contrast, pair, soft, summary
from harness.content.coverage import Ground, Text, text_of
from harness.content.features import FEATURES, features
from harness.content.units import Source, shingles
from harness.page import Page, fragment
from harness.records import leaves

FOLDS = 5
# Long lists have thousands of lines that are all alike.
_LINES = 300
_TREES, _LEAVES = 80, 24
# Pages of a kind that no data set here holds are told less surely: held against whole data sets,
# the scale comes out at half of what it is against sites.
_FOREIGN = 0.8
_LIBRARIES = {"newspaper3k": "newspaper"}
# What a pair is judged by with trees; single lines of a summary tell too much of single pages.
_SIDES = "words share chance low high best chrome prose".split()
CORE = [
    n
    for n, name in enumerate(NAMES)
    if name.startswith(("gain_", "page_"))
    or (name.startswith(("lost_", "got_")) and name.split("_", 1)[1] in _SIDES)
]
LEAN = [
    n
    for n, name in enumerate(NAMES)
    if name.startswith(("gain_", "lost_", "got_")) and not name.endswith(("linked", "title"))
]


@dataclass
class Case:
    """A page with its golden and what each release gave."""

    id: str
    data_set: str
    site: str
    texts: list[str]
    sizes: list[int]
    rows: np.ndarray
    truth: np.ndarray
    held: list[tuple[Held, float, frozenset[str]]] = field(default_factory=list)

    @property
    def fold(self) -> int:
        return fold_of(self.site)


def fold_of(site: str) -> int:
    """The part of the pages that a site belongs to."""
    return zlib.crc32(site.encode()) % FOLDS


def site_of(case: str, url: str | None) -> str:
    """The registered name of a page's host, more or less; without a URL its name less numbers."""
    host = urlsplit(url).hostname if url else None
    return ".".join(host.split(".")[-2:]) if host else re.sub(r"[-_\d]+$", "", case)


def library_of(release: str) -> str:
    """``trafilatura`` of ``trafilatura-1.12.2``."""
    name = release.rsplit("-", 1)[0]
    return _LIBRARIES.get(name, re.sub(r"\dk$", "", name))


def body_text(value: Any) -> str:
    """A body of a golden or a record as lines of text."""
    if isinstance(value, dict) and "$html" in value:
        return "\n".join(fragment(value["$html"] or "").lines())
    return value if isinstance(value, str) else "\n".join(text for _, text in leaves(value))


def f1(a: list[Any], b: list[Any]) -> float:
    """The F1 of two multisets."""
    hits = (Counter(a) & Counter(b)).total()
    return 2 * hits / (len(a) + len(b)) if a or b else 1.0


def runs(text: Text) -> list[Any]:
    """The runs of four words of a text; a shorter one is its own."""
    return shingles(text.words) or [tuple(text.words)] * bool(text.words)


def read_outputs(folder: Path) -> dict[str, dict[str, str | None]]:
    """Release → page → body text; None where the extractor raised."""
    found: dict[str, dict[str, str | None]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        own = found[path.stem] = {}
        for line in path.read_text("utf-8").splitlines():
            answer = json.loads(line)
            record = answer.get("record")
            own[answer["id"]] = None if record is None else body_text(record.get("body"))
    return found


def cases(data: Path, outputs: dict[str, dict[str, str | None]]) -> Iterable[Case]:
    """All pages that have a golden body."""
    for name, load in SETS.items():
        for id_, golden, capture in load(data):
            if golden.get("body") is None:
                continue
            source = Source(Page(capture))
            units = source.units
            ground, truth = Ground(units), text_of(body_text(golden["body"]))
            if not units or not truth.words:
                continue
            sizes = [len(unit.words) for unit in units]
            case = Case(
                id_,
                name,
                site_of(id_, capture.url),
                [unit.text for unit in units],
                sizes,
                np.array(features(source), dtype=np.float32),
                np.array(ground.covered(truth)) / np.array(sizes),
            )
            by_text: dict[str, set[str]] = {}
            for release, bodies in outputs.items():
                by_text.setdefault(bodies.get(id_) or "", set()).add(release)
            for body, releases in by_text.items():
                text = text_of(body)
                held = Held(
                    ground.covered(text), len(text.words), ground.unknown(text), len(text.lines)
                )
                score = (f1(text.words, truth.words) + f1(runs(text), runs(truth))) / 2
                case.held.append((held, score, frozenset(releases)))
            yield case


def fit_lines(chosen: list[Case]) -> Any:
    """The model of lines, learnt from these pages."""
    rng = np.random.default_rng(0)
    xs, ys, ws = [], [], []
    for case in chosen:
        weight = np.sqrt(case.sizes)
        weight = weight / weight.sum()
        take = np.arange(len(weight))
        if len(take) > _LINES:
            take = np.sort(rng.choice(len(weight), _LINES, replace=False))
        xs.append(case.rows[take])
        ys.append(case.truth[take])
        ws.append(weight[take] / weight[take].sum() * 100)
    x, y, w = np.vstack(xs), np.concatenate(ys), np.concatenate(ws)
    x, w = np.vstack([x, x]), np.concatenate([w * y, w * (1 - y)])
    y = np.repeat([1, 0], len(y))
    keep = w > 0
    made = HistGradientBoostingClassifier(
        max_iter=_TREES,
        max_leaf_nodes=_LEAVES,
        learning_rate=0.1,
        min_samples_leaf=60,
        l2_regularization=5,
        early_stopping=False,
        max_features=0.4,
        random_state=0,
    )
    return made.fit(x[keep], y[keep], sample_weight=w[keep])


@dataclass
class Pairs:
    """Numbers of pairs, both ways, the gain in score, the page's number, the weight."""

    forward: np.ndarray
    backward: np.ndarray
    gain: np.ndarray
    page: np.ndarray
    weight: np.ndarray


def pairs_of(chosen: list[Case], chances: dict[str, np.ndarray], without: str = "") -> Pairs:
    """All pairs of different texts; those of one library's releases count four times."""
    forward, backward, gains, pages, weights = [], [], [], [], []
    for number, case in enumerate(chosen):
        page = soft(case.rows.tolist(), case.texts, case.sizes, chances[case.id].tolist())
        items = []
        for held, score, releases in case.held:
            left = {r for r in releases if library_of(r) != without}
            if left:
                items.append((held, summary(page, held), score, {library_of(r) for r in left}))
        count = max(len(items) * (len(items) - 1) // 2, 1)
        for a, b in combinations(items, 2):
            lost, got, around = contrast(page, a[0], b[0])
            forward.append(pair(a[1], b[1], (lost, got, around)))
            backward.append(pair(b[1], a[1], (got, lost, around)))
            gains.append(b[2] - a[2])
            pages.append(number)
            weights.append((4.0 if a[3] & b[3] else 1.0) / count**0.5)
    return Pairs(
        np.array(forward, dtype=np.float32),
        np.array(backward, dtype=np.float32),
        np.array(gains),
        np.array(pages),
        np.array(weights),
    )


def fit_pairs(pairs: Pairs) -> dict[str, Any]:
    """Which text of a pair is better, by trees and by a straight line, and by how much."""
    gain, weight = pairs.gain, pairs.weight
    telling = weight * np.minimum(np.abs(gain), 0.15) / 0.15 * (np.abs(gain) > 0.003)
    both = np.vstack([pairs.forward, pairs.backward])[:, CORE]
    keep = np.concatenate([telling, telling]) > 0
    signs = np.concatenate([gain > 0, gain < 0])
    twice = np.concatenate([telling, telling])
    better = HistGradientBoostingClassifier(
        max_iter=80,
        max_leaf_nodes=6,
        learning_rate=0.08,
        min_samples_leaf=200,
        l2_regularization=10,
        early_stopping=False,
        max_features=0.3,
        random_state=0,
    ).fit(both[keep], signs[keep], sample_weight=twice[keep] / twice[keep].mean())
    apart = (pairs.forward - pairs.backward)[:, LEAN].astype(float)
    spread = apart.std(0) + 1e-6
    some = telling > 0
    lean = LogisticRegression(C=0.05, fit_intercept=False, max_iter=300).fit(
        apart[some] / spread, gain[some] > 0, sample_weight=telling[some] / telling[some].mean()
    )
    size = HistGradientBoostingRegressor(
        max_iter=80,
        max_leaf_nodes=8,
        learning_rate=0.08,
        min_samples_leaf=100,
        l2_regularization=10,
        early_stopping=False,
        max_features=0.3,
        random_state=0,
    ).fit(
        both,
        np.sqrt(np.abs(np.concatenate([gain, gain]))),
        sample_weight=np.concatenate([weight, weight]),
    )
    return {"better": better, "lean": lean.coef_[0] / spread, "size": size}


def lead(made: dict[str, Any], pairs: Pairs, rows: np.ndarray) -> np.ndarray:
    """What speaks for the second text, not yet scaled."""
    there, back = pairs.forward[rows], pairs.backward[rows]
    trees = made["better"].decision_function(there[:, CORE])
    trees = trees - made["better"].decision_function(back[:, CORE])
    return trees / 2 + (there - back)[:, LEAN].astype(float) @ made["lean"]


def scale(pairs: Pairs, said: np.ndarray) -> float:
    """What to multiply a lead by, so that its logistic is how often the sign is right."""
    real = np.abs(pairs.gain) > 0.02
    right = (np.sign(said) == np.sign(pairs.gain))[real]
    size, weight = np.abs(said)[real], pairs.weight[real]
    best, least = 1.0, np.inf
    for factor in np.arange(0.1, 1.55, 0.05):
        chance = np.clip(1 / (1 + np.exp(-factor * size)), 1e-9, 1 - 1e-9)
        loss = -np.average(np.where(right, np.log(chance), np.log(1 - chance)), weights=weight)
        if loss < least:
            best, least = float(factor), float(loss)
    return best


class Fitter:
    """Learns from any part of the pages; models of lines are made once for each part."""

    def __init__(self, known: list[Case]) -> None:
        self.known = known
        self._lines: dict[frozenset[str], Any] = {}

    def lines(self, chosen: list[Case]) -> Any:
        key = frozenset(case.id for case in chosen)
        if key not in self._lines:
            self._lines[key] = fit_lines(chosen)
        return self._lines[key]

    def table(
        self, chosen: list[Case], part: Callable[[Case], object], without: str = ""
    ) -> dict[str, Any]:
        """The table learnt from these pages, whose parts are held against each other."""
        parts = sorted({part(case) for case in chosen}, key=str)
        chances: dict[str, np.ndarray] = {}
        for each in parts:
            unseen = self.lines([case for case in chosen if part(case) != each])
            for case in chosen:
                if part(case) == each:
                    chances[case.id] = unseen.predict_proba(case.rows)[:, 1]
        pairs = pairs_of(chosen, chances, without)
        where = np.array([str(part(case)) for case in chosen])[pairs.page]
        said = np.zeros(len(pairs.gain))
        for each in parts:
            inside = where == str(each)
            learnt = Pairs(*(column[~inside] for column in vars(pairs).values()))
            said[inside] = lead(fit_pairs(learnt), pairs, inside)
        made = fit_pairs(pairs)
        return {
            "made": {
                "by": "tools/fit_content_model.py",
                "pages": dict(Counter(case.data_set for case in chosen)),
                "pairs": len(pairs.gain),
            },
            "sure": round(_FOREIGN * scale(pairs, said), 3),
            "lines": _trees(self.lines(chosen), FEATURES, range(len(FEATURES))),
            "better": _trees(made["better"], NAMES, CORE),
            "lean": {NAMES[n]: _short(w) for n, w in zip(LEAN, made["lean"], strict=True)},
            "size": _trees(made["size"], NAMES, CORE),
        }


def _trees(made: Any, names: Iterable[str], columns: Iterable[int]) -> dict[str, Any]:
    columns = list(columns)
    forests = [each for round_ in made._predictors for each in round_]

    def tree(nodes: Any, at: int) -> Any:
        node = nodes[at]
        if node["is_leaf"]:
            return _short(node["value"])
        low, high = tree(nodes, node["left"]), tree(nodes, node["right"])
        return [columns[node["feature_idx"]], _short(node["num_threshold"]), low, high]

    base = float(np.ravel(made._baseline_prediction)[0])
    return {
        "columns": list(names),
        "base": _short(base),
        "trees": [tree(forest.nodes, 0) for forest in forests],
    }


def _short(value: float) -> float:
    return float(f"{float(value):.6g}")


def write(path: Path, table: dict[str, Any], outputs: Iterable[str]) -> None:
    """A table as JSON, a tree a line."""
    table["made"] |= {"data": list(SETS), "outputs": sorted(outputs)}
    parts = []
    for name, value in table.items():
        if name in ("lines", "better", "size"):
            rows = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in value["trees"])
            head = json.dumps(value["columns"])
            text = f'{{"base": {value["base"]}, "columns": {head}, "trees": [\n{rows}]}}'
        else:
            text = json.dumps(value)
        parts.append(f"{json.dumps(name)}: {text}")
    path.write_text("{" + ",\n".join(parts) + "}\n", "utf-8")
    sys.stdout.write(f"{path}: {path.stat().st_size} bytes\n")


def main() -> None:
    """Reads, learns, writes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("outputs", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--cross", type=Path)
    parser.add_argument("--parts", default="folds,sets,libraries", help="of --cross, which")
    options = parser.parse_args()
    outputs = read_outputs(options.outputs)
    known = list(cases(options.data, outputs))
    sys.stdout.write(f"{len(known)} pages\n")
    fitter = Fitter(known)
    fold, data_set = attrgetter("fold"), attrgetter("data_set")
    if options.out:
        write(options.out, fitter.table(known, fold), outputs)
    if options.cross:
        options.cross.mkdir(parents=True, exist_ok=True)
        if "folds" in options.parts:
            for each in range(FOLDS):
                table = fitter.table([case for case in known if case.fold != each], fold)
                write(options.cross / f"fold{each}.json", table, outputs)
        if "sets" in options.parts:
            for name in SETS:
                chosen = [case for case in known if case.data_set != name]
                table = fitter.table(chosen, data_set)
                write(options.cross / f"set-{name}.json", table, outputs)
        if "libraries" in options.parts:
            for name in sorted({library_of(release) for release in outputs}):
                table = fitter.table(known, fold, without=name)
                write(options.cross / f"library-{name}.json", table, outputs)


if __name__ == "__main__":
    main()
