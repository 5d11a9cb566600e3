"""The worker as what it is: one file for any Python from 3.8, that gives what the harness gives."""

from __future__ import annotations

import ast
import enum
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace

import attrs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.config import find_config
from harness.corpus import Corpus
from harness.extraction import extract, launch, worker
from harness.extraction.launch import python_launch
from harness.extraction.remote import Remote
from harness.model import Capture, Outcome, Timestamp
from harness.records import RecordError, encode_record
from harness.wiring import assemble
from tests.conftest import REPOSITORY
from tests.extraction.workers import CAPTURED, OBEDIENT, page, record, remote

SOURCES = [launch.WORKER, launch.WORKER.with_name("libraries.py")]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_what_runs_in_old_interpreters_is_python_3_8_and_its_library(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 8))
    compile(tree, str(path), "exec")
    names = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert names <= sys.stdlib_module_names


def interpreters() -> Iterator[tuple[str, str]]:
    """Versions that are supported, with where one is, or ""."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for minor in range(8, 15):
        found = sorted(root.glob(f"versions/3.{minor}.*/bin/python"))
        path = str(found[-1]) if found else shutil.which(f"python3.{minor}")
        yield f"3.{minor}", path or ""


@pytest.mark.parametrize(("version", "path"), list(interpreters()))
def test_it_runs_in_this_interpreter(tmp_path: Path, version: str, path: str) -> None:
    if not path:
        pytest.skip(f"there is no Python {version} in pyenv or on the PATH")
    (tmp_path / "obedient.py").write_text(OBEDIENT)
    load = {"call": "obedient:later", "path": [str(tmp_path)]}
    code = """
        import datetime, pickle
        now = datetime.datetime.now(datetime.timezone.utc)
        assert pickle.loads(pickle.dumps(now)) == now and type(now) is datetime.datetime
        record = {"version": "%d.%d" % sys.version_info[:2], "now": now, "pair": (1, b"x")}
    """
    with remote(python_launch(load, tmp_path, path)) as run:
        assert record(run(page(code))) == {
            "now": {"$datetime": CAPTURED.isoformat()},
            "pair": {"$tuple": [1, {"$bytes": "eA=="}]},
            "version": version,
        }
        failure = run(page("socket.gethostbyname('example.com')")).failure
        assert failure and failure.type == "NetworkRefused"


class Colour(enum.IntEnum):
    RED = 1


@dataclass
class Data:
    title: str
    when: object = None


@attrs.define
class Attrs:
    title: str
    when: object = None


class Struct(msgspec.Struct):
    title: str
    when: object = None


class Text(str):
    __slots__ = ()


STAMP = Timestamp("2 h", "relative", "hour", 2, (7200, 10799), (CAPTURED, CAPTURED))
leaf = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010))
    | st.binary()
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.datetimes(timezones=st.none() | st.just(UTC) | st.just(timezone(timedelta(hours=-3))))
    | st.decimals()
    | st.uuids()
    | st.sampled_from([Colour.RED, Text("a"), STAMP, object(), Data, SimpleNamespace(a=1)])
)
keys = st.sampled_from(["title", "body", "a", "z", "$html2", "x.y", ""]) | st.integers(0, 3)
values = st.recursive(
    leaf,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(keys, inner, max_size=4)
        | st.frozensets(st.integers() | st.text(), max_size=4)
        | st.builds(Data, st.text(), inner)
        | st.builds(Attrs, st.text(), inner)
        | st.builds(Struct, st.text(), inner)
    ),
    max_leaves=12,
)


def encoded(encode: object, value: object) -> object:
    try:
        return encode(value)  # type: ignore[operator]
    except TypeError as error:
        return type(error).__name__, str(error)


@given(values)
def test_a_record_is_encoded_as_in_the_process_of_the_harness(value: object) -> None:
    for whole in (value, {"title": value, "z": [value]}):
        # As text: NaN is not equal to itself, and True is equal to 1.
        assert repr(encoded(worker.encode_record, whole)) == repr(encoded(encode_record, whole))


def test_a_record_that_holds_itself_is_refused_alike() -> None:
    loop: list[object] = []
    loop.append(loop)
    for encode in (worker.encode_record, encode_record):
        with pytest.raises(TypeError, match="nested more than 100 deep"):
            encode({"title": loop})
    assert issubclass(worker.RecordError, TypeError) and issubclass(RecordError, TypeError)


def test_markup_keeps_its_tag_for_the_harness_to_render() -> None:
    assert worker.encode_record({"body": {"$html": "<p>x"}}) == {"body": {"$html": "<p>x"}}


def test_importing_it_changes_neither_clock_nor_network_nor_path() -> None:
    assert datetime.now(UTC).year > 2024
    assert worker.CLOCK.now is None and not worker.NETWORK.tried


def captures() -> list[Capture]:
    corpus = Corpus(find_config(REPOSITORY).corpus)
    return [corpus.load(ref).capture for ref in corpus.refs()]


def _anywhere(outcome: Outcome) -> Outcome:
    """The same, wherever the harness lies: a worker loads the tree's, a test may have another."""
    failure = outcome.failure
    if failure is None:
        return outcome
    trace = re.sub(r'"[^"]*/harness/extractors/', '"harness/extractors/', failure.traceback)
    assert "harness/extractors/" in trace, "a traceback shows where the extractor failed"
    return replace(outcome, failure=replace(failure, traceback=trace))


def test_the_reference_extractors_give_what_they_give_in_process() -> None:
    config = find_config(REPOSITORY)
    broken = [
        Capture("daily8", "empty", b"", "text/html"),
        Capture("daily8", "no-json", b"[1,", "application/json"),
        Capture("daily8", "surrogate", b'{"title": "\\ud800"}', "application/json"),
        Capture("daily8", "bytes", bytes(range(256)), "text/html", "https://e.com", CAPTURED),
    ]
    seen = failed = 0
    for extractor in assemble(config).extractors:
        load = {"project": str(REPOSITORY), "extractor": extractor.name}
        with Remote(python_launch(load, REPOSITORY)) as run:
            assert run.start() is None
            assert (run.kinds, run.sites) == (extractor.kinds, extractor.sites)
            mine = [each for each in captures() if extractor.handles(each.site)]
            for capture in [*mine, *broken]:
                outcome = run(capture)
                expected = extract(extractor, capture)
                assert _anywhere(outcome) == _anywhere(expected), capture.id
                seen += 1
                failed += outcome.failure is not None
    assert seen > 60 and failed > 5


PROJECT = """
import time
from datetime import datetime
import requests_like
from harness import extractor

@extractor("here", kinds={"n": "number"})
def here(page):
    print("hello")
    if "raise" in page.source:
        raise ValueError(page.source)
    if "net" in page.source:
        requests_like.get()
    return {"n": 1, "year": datetime.now().year, "note": page.capture.note}
"""
LIKE = """
import socket
class ConnectionError(Exception): pass
def get():
    try:
        socket.create_connection(("example.com", 80))
    except OSError as error:
        raise ConnectionError("could not connect") from error
"""


@pytest.mark.parametrize("body", [b"fine", b"raise", b"net"])
def test_a_project_gives_the_same_outcome_with_errors_clock_and_network(
    tmp_path: Path, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "harness.toml").write_text('extractors = ["extractors"]\n')
    (tmp_path / "extractors").mkdir()
    (tmp_path / "extractors" / "here.py").write_text(PROJECT)
    (tmp_path / "requests_like.py").write_text(LIKE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "requests_like", raising=False)
    capture = Capture("here", "a", body, "text/html", captured_at=CAPTURED, note="n")
    (extractor,) = assemble(find_config(tmp_path)).extractors
    load = {"project": str(tmp_path), "extractor": "here"}
    with remote(python_launch(load, tmp_path)) as run:
        outcome = run(capture)
        assert outcome == extract(extractor, capture)
        assert outcome.kinds == run.kinds == {"n": "number"}
    if body == b"fine":
        assert outcome.record == {"n": 1, "note": "n", "year": 2020}
    else:
        kind = {b"raise": "ValueError", b"net": "NetworkRefused"}[body]
        assert outcome.failure and outcome.failure.type == kind
