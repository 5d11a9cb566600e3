"""How many planted faults the invariants see: ``python tests/bench/eval_invariants.py FOLDER``.

FOLDER holds ``readability/``, ``fundus/``, ``article-extraction-benchmark/`` and ``wcxb/`` as their
projects publish them. Each right record is examined as it is, which counts false alarms, and with
each operator of ``harness.faults``; a fault is seen when the harmed record has a finding that the
right one has not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.faults import OPERATORS
from harness.invariants import BUILT_IN, Subject, examine
from harness.model import Capture, Finding
from harness.page import Page, fragment
from harness.records import Record, encode_record

Golden = tuple[str, Record, Capture]


def readability(folder: Path) -> Iterator[Golden]:
    """Mozilla Readability's test pages: the expected article, line by line, and its metadata."""
    for case in sorted((folder / "readability/test-pages").iterdir()):
        meta = json.loads((case / "expected-metadata.json").read_text("utf-8"))
        known = {key: meta.get(key) for key in ("title", "byline", "excerpt", "publishedTime")}
        record = {key: value for key, value in known.items() if value is not None}
        record["body"] = fragment((case / "expected.html").read_text("utf-8")).lines()
        yield _golden("readability", case.name, record, (case / "source.html").read_bytes())


def fundus(folder: Path) -> Iterator[Golden]:
    """Fundus' pages with the records that its parsers were accepted with, oldest layout first."""
    for info in sorted((folder / "fundus").glob("*/meta.info")):
        pages: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
        for name, known in json.loads(info.read_text("utf-8")).items():
            if (info.parent / name).exists():
                publisher = re.sub(r"_\d{4}_\d\d_\d\d\.html\.gz$", "", name)
                pages[publisher].append((known.get("crawl_date", ""), name, known.get("url")))
        for publisher, found in sorted(pages.items()):
            stored = info.parent / f"{publisher}.json"
            if not stored.exists():
                continue
            versions = json.loads(stored.read_text("utf-8"))
            order = sorted(versions, key=lambda key: [*map(int, re.findall(r"\d+", key))])
            for (crawled, name, url), version in zip(sorted(found), order, strict=False):
                fields = ("title", "authors", "publishing_date", "body", "topics")
                record = {key: versions[version][key] for key in fields if key in versions[version]}
                at = datetime.fromisoformat(crawled).replace(tzinfo=UTC) if crawled else None
                page = gzip.decompress((info.parent / name).read_bytes())
                yield _golden("fundus", f"{info.parent.name}/{name}", record, page, url, at)


def benchmark(folder: Path) -> Iterator[Golden]:
    """The article extraction benchmark: bodies only."""
    root = folder / "article-extraction-benchmark"
    truth = json.loads((root / "ground-truth.json").read_text("utf-8"))
    for key, known in sorted(truth.items()):
        page = root / f"html/{key}.html.gz"
        if page.exists():
            record = {"body": known["articleBody"]}
            yield _golden("aeb", key[:12], record, gzip.decompress(page.read_bytes()), known["url"])


def wcxb(folder: Path) -> Iterator[Golden]:
    """The web content extraction benchmark: pages of all kinds, bodies as Markdown."""
    for truth in sorted((folder / "wcxb/ground-truth").glob("*.json")):
        known = json.loads(truth.read_text("utf-8"))
        stated = known["ground_truth"]
        names = {
            "title": "title",
            "author": "author",
            "publish_date": "publish_date",
            "body": "main_content",
        }
        record = {key: stated[name] for key, name in names.items() if stated.get(name)}
        for page in (folder / "wcxb/html").glob(f"{truth.stem}*"):
            data = page.read_bytes()
            data = gzip.decompress(data) if page.suffix == ".gz" else data
            yield _golden("wcxb", truth.stem, record, data, known.get("url"), charset=None)


def _golden(
    site: str,
    name: str,
    record: dict[str, Any],
    page: bytes,
    url: str | None = None,
    at: datetime | None = None,
    charset: str | None = "utf-8",
) -> Golden:
    capture = Capture(
        site, name, page, "text/html", url=url, captured_at=at, charset=charset, sha256=name
    )
    return f"{site}/{name}", encode_record(record), capture


SETS: dict[str, Callable[[Path], Iterator[Golden]]] = {
    "readability": readability,
    "fundus": fundus,
    "aeb": benchmark,
    "wcxb": wcxb,
}


@dataclass
class Tally:
    """What was planted, what was seen, and what was not."""

    planted: int = 0
    errors: int = 0
    seen: int = 0
    missed: list[str] = field(default_factory=list)


def key_of(finding: Finding) -> tuple[str, str, str, str]:
    """What makes two findings of two records the same finding."""
    path = re.sub(r"\d+", "", finding.field)
    return finding.invariant, path, finding.severity, finding.quote


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", default="readability,fundus,aeb", help="which collections")
    parser.add_argument("--half", choices=["0", "1"], help="only one half of the pages")
    parser.add_argument("--every", type=int, default=1, help="plant in every n-th page only")
    parser.add_argument("--only", default="", help="only operators or classes named like this")
    parser.add_argument("--missed", type=int, default=0, help="how many missed faults to show")
    parser.add_argument("--alarms", action="store_true", help="show every false alarm")
    options = parser.parse_args()
    say = sys.stdout.write
    by_fault: dict[str, Tally] = defaultdict(Tally)
    by_operator: dict[str, Tally] = defaultdict(Tally)
    alarms: dict[str, Counter[str]] = defaultdict(Counter)
    records = suspects = 0
    for name in options.sets.split(","):
        for number, (case, record, capture) in enumerate(SETS[name](options.folder)):
            if options.half and str(zlib.crc32(case.encode()) % 2) != options.half:
                continue
            page = Page(capture)
            before = examine(Subject(record, capture, page=page), BUILT_IN)
            records += 1
            suspects += any(each.severity == "error" for each in before)
            for key in {(f.severity, f.invariant) for f in before}:
                alarms[key[0]][key[1]] += 1
            if options.alarms:
                for f in before:
                    if f.severity == "error":
                        say(f"ALARM {case} {f.invariant} {f.field}: {f.message}\n")
            if number % options.every:
                continue
            known = set(map(key_of, before))
            for operator in OPERATORS.values():
                if options.only not in operator.name and options.only not in operator.fault:
                    continue
                for strength in operator.strengths:
                    harmed = operator(record, capture, number, strength)
                    if harmed is None:
                        continue
                    after = examine(Subject(harmed, capture, page=page), BUILT_IN)
                    fresh = [f for f in after if key_of(f) not in known]
                    for tally in (by_fault[operator.fault], by_operator[operator.name]):
                        tally.planted += 1
                        tally.seen += bool(fresh)
                        tally.errors += any(f.severity == "error" for f in fresh)
                        if not fresh:
                            tally.missed.append(f"{case} × {strength}")
    for title, table in (("fault class", by_fault), ("operator", by_operator)):
        say(f"\n{title:24} planted  error   any\n")
        for name, tally in sorted(table.items(), key=lambda item: item[1].seen / item[1].planted):
            shares = (tally.errors / tally.planted, tally.seen / tally.planted)
            say(f"{name:24} {tally.planted:7} {shares[0]:6.1%} {shares[1]:6.1%}\n")
            if title == "operator":
                for missed in tally.missed[: options.missed]:
                    say(f"      missed: {missed}\n")
    planted = sum(tally.planted for tally in by_fault.values()) or 1
    errors = sum(tally.errors for tally in by_fault.values())
    seen = sum(tally.seen for tally in by_fault.values())
    say(f"\nall: {planted} planted, {errors / planted:.1%} error, {seen / planted:.1%} any\n")
    say(f"\nunharmed: {records} records, {suspects} with an error ({suspects / records:.2%})\n")
    for severity, counts in sorted(alarms.items()):
        for name, count in counts.most_common():
            say(f"  {severity:8} {name:28} {count:5} {count / records:6.1%}\n")


if __name__ == "__main__":
    main()
