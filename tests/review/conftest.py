"""A project whose extractor gives what a test says, and the review of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from harness import snapshots
from harness.changes import Change, changes
from harness.config import Config, find_config
from harness.model import Run, Tree
from harness.review.apply import Review
from harness.review.decisions import Decision, decide
from harness.wiring import assemble
from tests.command_line import NewProject
from tests.conftest import Project

EXTRACTOR = """
import json, pathlib
from harness import extractor

@extractor("site")
def site(page):
    given = json.loads(pathlib.Path({root!r}, "out.json").read_text())[page.text("h1")]
    if "raise" in given:
        raise ValueError(given["raise"])
    return given
"""
CARDS = [{"title": "One", "byline": "A"}, {"title": "Two", "byline": "B"}]
RECORD: dict[str, Any] = {
    "title": "A long enough headline of it",
    "byline": "By Ada Lovelace",
    "body": ["The first paragraph of it.", "The second one, which ends it."],
    "related": CARDS,
}


@dataclass
class Bench:
    """A project on disk, what its extractor gives, and the review of it."""

    project: Project
    out: dict[str, dict[str, Any]]
    names: dict[str, str]

    @property
    def config(self) -> Config:
        return find_config(self.project.root)

    @property
    def review(self) -> Review:
        """A review as another process would have it."""
        return Review.of(self.config)

    @property
    def journal(self) -> Path:
        return self.config.state / "review.jsonl"

    def give(self, name: str, /, **fields: Any) -> None:
        """Makes the extractor give other values; ... takes a field away."""
        record = {**self.out[name], **fields}
        self.out[name] = {k: v for k, v in record.items() if v is not ...}
        self.save()

    def fail(self, title: str, message: str) -> None:
        self.out[title] = {"raise": message}
        self.save()

    def save(self) -> None:
        self.project.write("out.json", json.dumps(self.out))

    def check(self, mode: Any = "pending") -> Run:
        engine = assemble(self.config, mode=mode)
        return engine.run(engine.plan())

    def changes(self, title: str = "", field: str = "") -> list[Change]:
        """The changes of a check that is made now."""
        return [
            each
            for each in changes(self.check())
            if (not title or each.result.capture == self.names[title])
            and (not field or each.field == field)
        ]

    def decide(self, found: list[Change], kind: Any = "accept", **said: Any) -> list[Decision]:
        return [decide(each, kind, **said) for each in found]

    def accepted(self, title: str) -> Any:
        """The snapshot: a record, an error, or None for no file."""
        return _stored(self.config.snapshots, self.names[title])

    def pending(self, title: str) -> Any:
        return _stored(self.config.pending, self.names[title])

    def golden(self, title: str) -> Any:
        path = self.config.corpus / self.names[title] / "golden.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else None

    def put_golden(self, title: str, **golden: Any) -> None:
        self.project.write(f"corpus/{self.names[title]}/golden.json", json.dumps(golden))

    def tree(self) -> dict[str, bytes]:
        """Every file that a decision may change, by its path."""
        root = self.project.root
        found = [*root.glob("snapshots/**/*.json"), *root.glob(".harness/pending/**/*.json")]
        found += root.glob("corpus/*/*/golden.json")
        return {str(path.relative_to(root)): path.read_bytes() for path in found}


def _stored(root: Path, capture: str) -> Tree:
    found = snapshots.read(str(root / "site" / f"{capture}.json"))
    return None if found is None else json.loads(found)


@pytest.fixture
def bench(new_project: NewProject) -> Bench:
    """Three captures of five fields whose output is accepted."""
    return make_bench(new_project)


def make_bench(
    new_project: Callable[[], Project], titles: tuple[str, ...] = ("a", "b", "c")
) -> Bench:
    """A bench with a capture for each title."""
    project = new_project()
    project.write("extractors/site.py", EXTRACTOR.format(root=str(project.root)))
    names = {title: project.add(title, f"<h1>{title}</h1>") for title in titles}
    made = Bench(project, {title: dict(RECORD) for title in titles}, names)
    made.save()
    assert made.check("all").clean
    return made
