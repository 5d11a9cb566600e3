"""What the harness needs of syrupy, method by method: a release that changes one fails here."""

from __future__ import annotations

import inspect
import json
from typing import Any, cast

import pytest
from syrupy.assertion import AssertionResult, SnapshotAssertion
from syrupy.extensions.base import AbstractSyrupyExtension
from syrupy.location import PyTestLocation

from harness.syrupy_extension import LOCATION_KEY, RecordExtension
from tests.conftest import PAGE, Project


def test_every_overridden_method_exists_in_syrupy_with_these_arguments() -> None:
    own = {
        name
        for name in vars(RecordExtension)
        if not name.startswith("_") and callable(getattr(RecordExtension, name))
    } - {"judge"}
    assert own >= {"discover_snapshots", "serialize", "matches", "get_location"}
    for name in own:
        theirs = inspect.signature(getattr(AbstractSyrupyExtension, name)).parameters
        mine = inspect.signature(getattr(RecordExtension, name)).parameters
        takes_any = any(p.kind is p.VAR_KEYWORD for p in mine.values())
        missing = set(theirs) - set(mine) - {"self"}
        assert takes_any or not missing, (name, missing)
    assert "write_immediately" in vars(AbstractSyrupyExtension.__mro__[3]) or hasattr(
        AbstractSyrupyExtension, "write_immediately"
    )


def test_what_the_assertion_uses_of_syrupys_is_there() -> None:
    fields = SnapshotAssertion.__dataclass_fields__
    assert {"session", "extension_class", "test_location", "update_snapshots"} <= set(fields)
    assert {"update_new_snapshots_only", "_extension", "_include", "_matcher"} <= set(fields)
    assert list(AssertionResult.__dataclass_fields__) == [
        "snapshot_location",
        "snapshot_name",
        "asserted_data",
        "recalled_data",
        "created",
        "updated",
        "success",
        "exception",
        "test_location",
    ]


def test_syrupy_is_told_of_no_snapshot_it_could_delete(request: pytest.FixtureRequest) -> None:
    extension = RecordExtension()
    location = PyTestLocation(request.node)
    assert not list(extension.discover_snapshots(test_location=location, ignore_extensions=None))
    assert extension.matches_test_location(test_location=location, snapshot_location="anywhere")
    with pytest.raises(AssertionError, match="prune-orphans"):
        extension.delete_snapshots(snapshot_location="x.json", snapshot_names={"x"})
    request.node.stash[LOCATION_KEY] = "there.json"
    assert extension.get_location(test_location=location, index=0) == "there.json"


def test_snapshots_written_by_pytest_are_whole_and_unwarned(project: Project) -> None:
    capture = project.add("snow-☃"[:4], PAGE.format(title="snow ☃ \u200b"), captured_at=None)
    done = project.run("pytest", "--snapshot-update", "-W", "error")
    assert done.code == 0 and "warning" not in done.out.lower(), done.out
    path = project.root / f"snapshots/site/{capture}.json"
    data = path.read_bytes()
    assert data.endswith(b"}\n") and b"\r" not in data
    record = cast("dict[str, Any]", json.loads(data))["record"]
    assert list(record) == ["title", "byline", "body"]
    assert not [p for p in path.parent.iterdir() if p.suffix != ".json"]
    assert path.stat().st_mode & 0o044 == 0o044, "as readable as any file of the checkout"


def test_snapshot_in_conflict_is_an_error_and_repaired_by_an_update(project: Project) -> None:
    name = next(name for name in project.snapshots() if "alpha" in name)
    file = project.root / "snapshots" / name
    whole = file.read_bytes()
    file.write_bytes(b"<<<<<<< HEAD\n" + whole)
    done = project.run("pytest", "-k", "alpha")
    assert done.code == 1 and "conflict" in done.out and str(file.name) in done.out, done.out
    assert "Traceback" not in done.out
    assert file.read_bytes() != whole
    assert project.run("pytest", "-k", "alpha", "--snapshot-update").code == 0
    assert file.read_bytes() == whole


def test_snapshot_that_cannot_be_read_or_written_is_said_in_one_line(project: Project) -> None:
    name = next(name for name in project.snapshots() if "alpha" in name)
    file = project.root / "snapshots" / name
    file.unlink()
    file.mkdir()
    for more in ((), ("--snapshot-update",)):
        done = project.run("pytest", *more)
        assert done.code == 1 and "3 passed" in done.out, done.out
        assert f"cannot read {file}" in done.out
        assert "1 of 4 captures drifted: 1 error" in done.out
    file.rmdir()
    project.write("extractors/site.py", (project.root / "extractors/site.py").read_text())
    folder = project.root / "snapshots/any"
    project.write(
        "extractors/any.py",
        'from harness import extractor\n@extractor("any", sites="*")\n'
        'def any_site(page):\n    return {"title": page.text("title")}\n',
    )
    folder.write_text("a file where a folder belongs")
    done = project.run("pytest", "--snapshot-update", "--harness-extractor", "any")
    assert done.code == 1 and f"{folder}" in done.out and "4 error" in done.out, done.out
