"""What the tests share: a small project on disk, and the shipped corpus."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from harness.invariants import BUILT_IN

# What a machine under load takes says nothing of the code.
settings.register_profile("harness", deadline=None)
settings.load_profile("harness")

REPOSITORY = Path(__file__).parents[1]

EXTRACTOR = """
from harness import extractor

@extractor("site")
def site(page):
    return {"title": page.text("h1"), "byline": page.text(".by"), "body": page.lines("article p")}
"""
PAGE = """<!doctype html><title>T</title><nav>Home Sport</nav><h1>{title}</h1>
<span class=by>A. Writer</span><article><p>First paragraph of {title}.</p>
<p>The second paragraph says a little more.</p><p>The third one ends it.</p></article>
<footer>All rights reserved</footer>"""


def outside_ci() -> dict[str, str]:
    """The environment of a command that a developer calls, wherever these tests run.

    A test worker's own variables would make the pytest that it starts a worker, too.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ("CI", "GITHUB_ACTIONS") and not name.startswith("PYTEST_")
    }


@dataclass(frozen=True)
class Finished:
    """A command that ran: exit code and what it printed."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Project:
    """A project that uses the harness, in a temporary folder."""

    root: Path

    def write(self, name: str, text: str | bytes) -> Path:
        """Writes a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def add(
        self, name: str, body: str | bytes, site: str = "site", ext: str = "html", **meta: Any
    ) -> str:
        """Stores a capture and returns its id."""
        data = body if isinstance(body, bytes) else body.encode()
        digest = hashlib.sha256(data).hexdigest()
        types = {"html": "text/html", "txt": "text/plain", "json": "application/json"}
        description = {
            "url": None,
            "captured_at": None,
            "media_type": types[ext],
            "sha256": digest,
        } | meta
        folder = f"corpus/{site}/{name}-{digest[:8]}"
        self.write(f"{folder}/page.{ext}", data)
        self.write(f"{folder}/capture.json", json.dumps(description))
        return f"{site}/{name}-{digest[:8]}"

    def run(self, *command: str, stdin: bytes | None = None, **environ: str) -> Finished:
        """Runs ``harness …`` or ``pytest …`` in the project, as a process of its own, not in CI."""
        env = outside_ci()
        env |= {"PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200", **environ}
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=self.root,
            env=env,
            input=stdin,
            capture_output=True,
            timeout=240,
            check=False,
        )
        return Finished(
            done.returncode,
            done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"),
        )

    def snapshots(self) -> dict[str, bytes]:
        """Every file under snapshots/, by its path."""
        root = self.root / "snapshots"
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def new_project(tmp_path: Path) -> Callable[[], Project]:
    """Makes an empty project: configuration, one extractor, a test file of three lines.

    Its records are made up, so no built-in invariant is asked of them.
    """
    ignored = json.dumps([each.name for each in BUILT_IN])

    def make() -> Project:
        project = Project(tmp_path / "project")
        project.write("harness.toml", f'extractors = ["extractors"]\nignore = {ignored}\n')
        project.write("extractors/site.py", EXTRACTOR)
        project.write(
            "tests/test_it.py",
            "def test_record(record, snapshot):\n    assert record == snapshot\n",
        )
        (project.root / "corpus").mkdir(exist_ok=True)
        return project

    return make


@pytest.fixture
def project(new_project: Callable[[], Project]) -> Project:
    """A project with four captures whose output is accepted."""
    made = new_project()
    for title in ("alpha", "beta", "gamma", "delta"):
        made.add(title, PAGE.format(title=title))
    done = made.run("harness", "check", "--update", "all")
    assert done.code == 0, done.out + done.err
    return made
