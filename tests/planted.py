"""Runs and projects with planted changes, of which the cause is known.

>>> made = planted(200)
>>> len(made.run.drifted), len(set(made.causes.values()))
(200, 12)

Deterministic: the same arguments give the same texts on any machine. Changes are found by
``harness.diff`` from whole records, as in a real run; only the pages are made up.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from pathlib import Path
from random import Random
from typing import Any

from harness import parse
from harness.chrome import is_phrase
from harness.diff import compare_records
from harness.invariants import BUILT_IN
from harness.model import CaseResult, FieldDiff, FieldResult, Run, Verdict, worst
from harness.records import encode_record
from tests import planted_changes
from tests.planted_changes import EVERY, Raw

SITES = tuple(
    f"{one}_{two}"
    for one in ("harbour", "valley", "northern", "morning", "capital", "river", "island", "union")
    for two in ("gazette", "ledger", "herald", "post", "times")
)
# Some sites are in other scripts, so that what shows a change meets them.
_SCRIPTS: Mapping[str, str] = {"island_post": "ar", "island_times": "ja", "union_post": "hi"}

CAUSES: Mapping[str, float] = {
    "by-prefix-lost": 0.14,
    "author-lost": 0.02,
    "age-glued": 0.12,
    "byline-empty": 0.03,
    "last-paragraph-lost": 0.1,
    "newsletter-line-lost": 0.08,
    "read-more-leaked": 0.11,
    "title-suffix": 0.1,
    "timestamp-unit": 0.06,
    "body-cut": 0.05,
    "mojibake": 0.07,
    "quotes-straight": 0.12,
}
"""The twelve causes that are planted unless others are asked for, and their shares."""

ALL_CAUSES: Mapping[str, float] = {**CAUSES, **dict.fromkeys(sorted(EVERY.keys() - CAUSES), 0.05)}
"""Every cause there is, with shares that are relative to each other."""

BENIGN = frozenset(name for name, each in EVERY.items() if each.benign)
"""The causes whose changes lose nothing, and may be accepted."""

_CAPTURED = datetime(2026, 3, 5, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Planted:
    """A run, and the cause of each of its changes by case and field path."""

    run: Run
    causes: Mapping[tuple[str, str], str]


def planted(
    n: int, seed: int = 0, causes: Mapping[str, float] = CAUSES, passing: int = 0
) -> Planted:
    """A run of ``n`` changed captures of 40 sites, and ``passing`` that pass.

    ``causes`` are names of ``planted_changes.EVERY`` with their shares; each has at least two
    captures, where ``n`` allows.
    """
    known: dict[tuple[str, str], str] = {}
    results = []
    for i, cause in enumerate(_plan(n, seed, causes)):
        result = _result(i, seed, cause)
        results.append(result)
        known.update({(result.id, each.field): cause for each in result.fields})
    for i in range(n, n + passing):
        site, name = _named(i, seed)
        results.append(CaseResult(f"{site}/{name}", site, Verdict.PASS))
    results.sort(key=lambda result: result.capture)
    environment = {"python": "3.12.0", "harness": "0.1.0"}
    return Planted(Run(tuple(results), environment=environment, command="harness check"), known)


def _plan(n: int, seed: int, causes: Mapping[str, float]) -> list[str]:
    """The cause of each capture."""
    total = sum(causes.values())
    counts = {cause: max(2, round(n * share / total)) for cause, share in causes.items()}
    plan = [cause for cause, number in counts.items() for _ in range(number)]
    most = max(counts, key=lambda cause: counts[cause])
    plan += [most] * (n - len(plan))
    Random(f"plan {seed}").shuffle(plan)
    return plan[:n]


def _result(i: int, seed: int, cause: str) -> CaseResult:
    site, name = _named(i, seed)
    draw = Random(f"{seed} {i} {cause}")
    raw = article(i, seed)
    change = EVERY[cause]
    before = change.ready(raw, draw)
    old, new = _encoded(before), _encoded(change.apply(before, draw))
    found = compare_records(old, new, is_chrome=is_phrase)
    fields = tuple(sorted(map(_judged, found), key=lambda each: -each.verdict.severity))
    assert fields, f"{cause} changed nothing of {site}/{name}"
    verdict = worst([each.verdict for each in fields])
    return CaseResult(f"{site}/{name}", site, verdict, fields, record=new, accepted=old)


def _judged(diff: FieldDiff) -> FieldResult:
    missing = diff.new_empty and not diff.old_empty
    return FieldResult(Verdict.MISSING if missing else Verdict.CHANGED, "snapshot", diff)


def _encoded(raw: Raw) -> dict[str, Any]:
    return dict(encode_record(_read(raw)))


def _read(raw: Raw) -> dict[str, object]:
    """A raw record with its labels read, as an extractor returns it."""
    labels = {"timestamp": parse(raw["timestamp"], captured_at=_CAPTURED)}
    cards = [_read(card) for card in raw["related"]] if "related" in raw else None
    read = {**raw, **labels, **({} if cards is None else {"related": cards})}
    return {name: value for name, value in read.items() if name != "site"}


def _named(i: int, seed: int) -> tuple[str, str]:
    site = SITES[i % len(SITES)]
    words = Random(f"name {seed} {i}").sample(
        ("bridge", "council", "harvest", "ferry", "school"), 2
    )
    return site, f"{'-'.join(words)}-{hashlib.sha256(f'{seed} {i}'.encode()).hexdigest()[:8]}"


def article(i: int, seed: int = 0) -> Raw:
    """A right record of a made-up article: texts, and labels for times."""
    draw = Random(f"article {seed} {i}")
    site = SITES[i % len(SITES)]
    body = _foreign(draw, _SCRIPTS[site]) if site in _SCRIPTS else _prose(draw)
    return {
        "site": _title_of(site),
        "title": body.pop(0).rstrip("."),
        "byline": f"By {_people(draw)}",
        "timestamp": _age(draw),
        "body": body,
        "related": [
            {"title": _sentence(draw)[:-1], "byline": _person(draw), "timestamp": _age(draw)}
            for _ in range(draw.randint(2, 5))
        ],
    }


def _title_of(site: str) -> str:
    return site.replace("_", " ").title()


def _prose(draw: Random) -> list[str]:
    paragraphs = [_sentence(draw)]
    for _ in range(draw.randint(8, 20)):
        sentences = [_sentence(draw) for _ in range(draw.randint(1, 4))]
        if draw.random() < 0.3:
            said = _sentence(draw)[:-1]
            sentences.append(f"“{said},” said {_person(draw)}, who wasn’t surprised.")
        if draw.random() < 0.25:
            sentences.append(
                f"It cost {draw.randint(11, 99)} million in {draw.randint(1900, 2025)}."
            )
        paragraphs.append(" ".join(sentences))
    return paragraphs


def _sentence(draw: Random) -> str:
    parts = [draw.choice(each) for each in _GRAMMAR]
    return f"{parts[0]} {' '.join(part for part in parts[1:] if part)}."


def _foreign(draw: Random, language: str) -> list[str]:
    words = _FOREIGN[language]
    gap = "" if language == "ja" else " "
    end = {"ja": "。", "hi": "।", "ar": "."}[language]

    def sentence() -> str:
        return gap.join(draw.choice(words) for _ in range(draw.randint(6, 14))) + end

    paragraphs = [" ".join(sentence() for _ in range(3)) for _ in range(draw.randint(8, 14))]
    return [sentence(), *paragraphs, f"“{sentence()}” — {_person(draw)}’s."]


def _people(draw: Random) -> str:
    return _person(draw) + (f" and {_person(draw)}" if draw.random() < 0.4 else "")


def _person(draw: Random) -> str:
    return f"{draw.choice(_FIRST)} {draw.choice(_LAST)}"


def _age(draw: Random) -> str:
    unit, most = draw.choice((("minute", 59), ("hour", 23), ("day", 6)))
    return f"{draw.randint(2, most)} {unit}s ago"


_SLUGS = ("bridge", "council", "harvest", "ferry", "school")
_FIRST = tuple("Ada Grace Alan Edsger Barbara Donald Hedy Katherine Tim Radia Leslie Joan".split())
_LAST = tuple(
    "Lovelace Hopper Turing Dijkstra Liskov Knuth Lamarr Johnson Berners-Lee Perlman Clarke"
    " O’Neil Okafor Haddad Novák Sørensen Iyer Tanaka".split()
)
_GRAMMAR = (
    tuple(
        "The council|A group of teachers|The old harbour|Local farmers|The district hospital"
        "|Several residents|The night ferry|A new report|The mayor’s office|The oldest school"
        "|The water board|Two engineers|The court|A small museum".split("|")
    ),
    tuple("has|will have|had already|may have|is said to have".split("|")),
    tuple(
        "repaired|closed|opened|promised|counted|rejected|measured|paid for|sold|rebuilt".split("|")
    ),
    tuple(
        "the bridge over the river|a plan for the market|the road to the coast"
        "|most of the library|a new timetable|the last two reports|every well in the valley"
        "|the roof of the town hall|a contract for the lighthouse".split("|")
    ),
    tuple(
        "after a meeting of three hours|for the first time since the flood|before the end of March"
        "|without telling anyone|on Tuesday|in spite of the rain|with money from abroad|".split("|")
    ),
    tuple(
        "and nobody was surprised|as had been promised|but it isn’t clear who pays|"
        "|which the court confirmed|and work begins in spring|".split("|")
    ),
)
_FOREIGN = {
    "ar": "المجلس البلدية أعلن خطة جديدة لإصلاح الجسر القديم على النهر قبل نهاية الشهر".split(),
    "ja": "市議会は 古い橋を 修理する 計画を 発表した 来年の 春に 工事が 予定だ".split(),
    "hi": "नगर परिषद ने पुराने पुल की मरम्मत के लिए नई योजना घोषित की है".split(),
}


# A project on disk


def project(folder: Path, n: int, seed: int = 0, causes: Mapping[str, float] = CAUSES) -> Planted:
    """Writes a project of ``n`` captures whose accepted snapshots the extractor has moved from.

    ``harness check`` in ``folder`` finds the changes that :func:`planted` gives for the same
    arguments, up to what it says of page furniture. Its extractor reads the pages; what changed is
    a later version of it. Needs no process: snapshots are written as ``harness check`` would.
    """
    from harness.corpus import CaptureRef, Corpus
    from harness.extraction import extract
    from harness.extraction.registry import find_extractors
    from harness.snapshots import Snapshots, render

    ignored = json.dumps([each.name for each in BUILT_IN])
    _write(folder / "harness.toml", f'extractors = ["extractors"]\nignore = {ignored}\n')
    _write(folder / "extractors" / "before.py", _extractor(changed=False))
    found = {each.name: each for each in find_extractors(["extractors/before.py"], folder)}
    corpus, snapshots = Corpus(folder / "corpus"), Snapshots(folder / "snapshots")
    known: dict[tuple[str, str], str] = {}
    for i, cause in enumerate(_plan(n, seed, causes)):
        site, name = _capture(folder, i, seed, cause)
        capture = corpus.load(CaptureRef(site, name)).capture
        outcome = extract(found[site], capture)
        snapshots.write(site, capture.id, render(outcome))
        draw = Random(f"{seed} {i} {cause}")
        before = EVERY[cause].ready(article(i, seed), draw)
        after = EVERY[cause].apply(before, draw)
        for each in compare_records(_encoded(before), _encoded(after)):
            known[f"{site}/{name}", each.field] = cause
    (folder / "extractors" / "before.py").unlink()
    _write(folder / "extractors" / "planted.py", _extractor(changed=True))
    return Planted(Run(()), known)


def _capture(folder: Path, i: int, seed: int, cause: str) -> tuple[str, str]:
    site, name = _named(i, seed)
    draw = f"{seed} {i} {cause}"
    before = EVERY[cause].ready(article(i, seed), Random(draw))
    body = _page(site, before, cause, draw).encode()
    digest = hashlib.sha256(body).hexdigest()
    name = f"{name.rpartition('-')[0]}-{digest[:8]}"
    home = folder / "corpus" / site / name
    _write(home / "page.html", body)
    about = {
        "url": f"https://{site.replace('_', '-')}.example/{name}",
        "captured_at": _CAPTURED.isoformat(),
        "media_type": "text/html",
        "charset": "utf-8",
        "sha256": digest,
        "origin": "synthetic",
    }
    _write(home / "capture.json", json.dumps(about))
    return site, name


def _write(path: Path, text: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def _page(site: str, raw: Raw, cause: str, draw: str) -> str:
    language = _SCRIPTS.get(site, "en")
    direction = ' dir="rtl"' if language == "ar" else ""
    name = _title_of(site)
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in raw["body"])
    cards = "\n".join(
        f"<li><a href='#{n}'>{escape(card['title'])}</a> <i>{escape(card['byline'])}</i>"
        f" <time>{escape(card['timestamp'])}</time></li>"
        for n, card in enumerate(raw["related"])
    )
    byline = f"<span class='by'>{escape(raw['byline'])}</span>" if raw["byline"] else ""
    return f"""<!doctype html>
<html lang="{language}"{direction}>
<meta charset="utf-8"><title>{escape(raw["title"])} | {name}</title>
<body data-cause="{cause}" data-draw="{draw}" data-name="{name}">
<nav><a href="/">{name}</a> <a href="/news">News</a> <a href="/sport">Sport</a></nav>
<h1>{escape(raw["title"])}</h1>
<p class="about">{byline}<time>{escape(raw["timestamp"])}</time></p>
<article>
{paragraphs}
</article>
<aside><h2>Related</h2><ul>
{cards}
</ul><a href="/more">Read more</a></aside>
<footer>© {name}. All rights reserved</footer>
</html>
"""


@cache
def _extractor(*, changed: bool) -> str:
    """The source of an extractor for every site; ``changed`` is its later version."""
    source = inspect.getsource(planted_changes).partition('"""\n\n')[2]
    apply = "_changed(page, raw)" if changed else "raw"
    return f'''"""Articles of made-up newspapers."""

{source}

from harness import Page, extractor, parse

SITES = {SITES!r}


def record(page: Page) -> dict[str, object]:
    raw = {{
        "site": page.attr("body", "data-name"),
        "title": page.text("h1"),
        "byline": page.text(".by"),
        "timestamp": page.text(".about time"),
        "body": page.lines("article > p"),
        "related": [
            {{"title": card.text("a"), "byline": card.text("i"), "timestamp": card.text("time")}}
            for card in page.css("aside li")
        ],
    }}
    return _claims(page, {apply})


def _claims(page: Page, raw: dict) -> dict[str, object]:
    claim = {{"timestamp": parse(raw["timestamp"], captured_at=page.captured_at)}}
    if "related" in raw:
        claim["related"] = [_claims(page, card) for card in raw["related"]]
    return {{name: value for name, value in {{**raw, **claim}}.items() if name != "site"}}


def _changed(page: Page, raw: dict) -> dict:
    change = EVERY[page.attr("body", "data-cause")]
    draw = Random(page.attr("body", "data-draw"))
    change.ready(raw, draw)
    return change.apply(raw, draw)


for _site in SITES:
    globals()[f"of_{{_site}}"] = extractor(_site)(record)
'''
