"""Two extractors over one corpus."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.comparison import NOT_STORED, compare, summarise
from harness.comparison.sides import is_stored, stored_side
from harness.corpus import Corpus
from harness.engine import Engine
from harness.errors import HarnessError
from harness.extraction import Extractor
from harness.model import Capture, Failure, Golden, Outcome
from harness.page import Page
from harness.records import dumps
from harness.snapshots import Snapshots
from tests.comparison.sides import BODY, HTML, RECORD
from tests.conftest import Project

Record = Callable[[Capture], object]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An engine over three captures of two sites; one has a golden."""
    project = Project(tmp_path)
    for site, name in (("one", "a"), ("one", "b"), ("two", "c")):
        project.add(name, HTML.replace("A ferry", f"Ferry {name}"), site=site)
    corpus = Corpus(tmp_path / "corpus")
    corpus.write_golden(corpus.refs()[0], Golden("reviewed", {"body": BODY}))
    return Engine(corpus, (), Snapshots(tmp_path / "s"), Snapshots(tmp_path / "p"))


def side(function: Record, name: str = "side") -> Extractor:
    return Extractor(name, function, ("*",))


def whole(capture: Capture) -> dict[str, object]:
    return {**RECORD, "title": Page(capture).text("h1")}


def test_equal_sides_give_nothing(engine: Engine) -> None:
    found = compare(engine, engine.corpus.refs(), side(whole), side(whole))
    assert found.pages == () and found.compared == {"one": 2, "two": 1}
    assert found.goldens == {"body": {"one": 1}} and found.bodies == ("body",)
    assert found.old.seconds is not None and found.old.measured == 3


def test_a_side_that_raises_costs_only_that_capture(engine: Engine) -> None:
    def fragile(capture: Capture) -> dict[str, object]:
        if capture.site == "two":
            raise KeyError("author")
        return whole(capture)

    found = compare(engine, engine.corpus.refs(), side(whole), side(fragile))
    assert [page.site for page in found.worse] == ["two"]
    assert found.counts["unchanged"] == 2
    back = compare(engine, engine.corpus.refs(), side(fragile), side(whole))
    assert [page.site for page in back.better] == ["two"]


def test_captures_of_which_neither_side_gives_a_record_are_counted(engine: Engine) -> None:
    def broken(capture: Capture) -> dict[str, object]:
        raise KeyError(capture.site)

    found = compare(engine, engine.corpus.refs(), side(broken), side(broken))
    assert (found.captures, found.neither, found.broken) == (3, 3, 0)
    assert found.raised == "KeyError: 'one'"


def test_a_worker_that_cannot_start_is_neither_worse_nor_better(engine: Engine) -> None:
    def unstarted(_: Capture) -> Outcome:
        return Outcome(None, Failure("CannotStart", "the worker did not start"))

    for sides in ((whole, unstarted), (unstarted, whole)):
        found = compare(engine, engine.corpus.refs(), *(side(each) for each in sides))
        assert found.pages == () and found.captures == 0
        assert found.broken == len(found.skipped) == 3


def test_ctrl_c_leaves_what_was_compared(engine: Engine) -> None:
    def impatient(capture: Capture) -> dict[str, object]:
        if capture.site == "two":
            raise KeyboardInterrupt
        return {**whole(capture), "body": BODY[:1]}

    found = compare(engine, engine.corpus.refs(), side(whole), side(impatient))
    assert found.interrupted and (found.captures, found.planned) == (2, 3)
    assert len(found.pages) == 2


def test_a_capture_that_cannot_be_read_is_left_out(engine: Engine) -> None:
    refs = engine.corpus.refs()
    next(engine.corpus.folder(refs[0]).glob("page.*")).write_text("other")
    found = compare(engine, refs, side(whole), side(whole))
    assert found.captures == 2
    assert [name for name, _ in found.skipped] == [refs[0].id]
    assert "sha256" in found.skipped[0][1] and found.broken == 1


def test_identical_edits_are_one_cluster(engine: Engine) -> None:
    def with_age(capture: Capture) -> dict[str, object]:
        return {**whole(capture), "byline": "Ada Writer 5 min read"}

    found = compare(engine, engine.corpus.refs(), side(whole), side(with_age))
    (cluster,) = found.clusters
    assert (cluster.field, len(cluster.captures), cluster.exact) == ("byline", 3, True)


def test_stored_records_stand_on_either_side(engine: Engine, tmp_path: Path) -> None:
    refs = engine.corpus.refs()
    lines = [
        {"capture": refs[0].id, "record": {**RECORD, "title": "Ferry a is found"}},
        {"capture": refs[1].id, "error": {"type": "TimeLimit", "message": "30 s"}},
    ]
    file = tmp_path / "out.jsonl"
    file.write_text("".join(" ".join(dumps(line).split()) + "\n" for line in lines))  # type: ignore[arg-type]
    assert is_stored(str(file)) and not is_stored("trafilatura")
    stored = stored_side(file, engine.corpus, refs)
    found = compare(engine, refs, stored, side(whole))
    assert [page.capture for page in found.better] == [refs[1].id]
    assert found.skipped == ((refs[2].id, "out.jsonl holds nothing of it"),)
    assert (found.old.seconds, found.old.label) == (None, "out.jsonl"), "nothing was measured"
    assert found.compared == {"one": 2}


def test_a_file_of_records_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match=r"no file .*gone\.jsonl"):
        is_stored(str(tmp_path / "gone.jsonl"))


def test_an_outcome_that_is_not_stored_is_no_failure(engine: Engine) -> None:
    nothing = Outcome(None, Failure(NOT_STORED, "no"))
    found = compare(engine, engine.corpus.refs(), side(lambda _: nothing), side(whole))
    assert (found.captures, len(found.skipped), found.pages) == (0, 3, ())


def test_a_body_is_judged_by_its_own_golden(engine: Engine) -> None:
    def short(capture: Capture) -> dict[str, object]:
        return {**whole(capture), "body": BODY[:1]}

    found = compare(engine, engine.corpus.refs(), side(whole), side(short))
    by_golden = {page.capture for page in found.pages if page.fields[0].judgement.basis == "golden"}
    assert by_golden == {engine.corpus.refs()[0].id}
    body = summarise(found).body
    assert body.goldens == 1 and body.mean is not None and body.mean < -0.3


def test_a_page_on_which_a_side_raised_is_counted_once_and_not_in_its_fields(
    engine: Engine,
) -> None:
    def fragile(capture: Capture) -> dict[str, object]:
        if capture.name.startswith("a"):
            raise KeyError("author")
        return whole(capture)

    ref = next(ref for ref in engine.corpus.refs() if ref.name.startswith("a"))
    engine.corpus.write_golden(ref, Golden("reviewed", {"title": "Ferry a is found", "body": BODY}))
    found = summarise(compare(engine, engine.corpus.refs(), side(fragile), side(whole)))
    numbers = {each.field: each for each in found.fields}
    assert numbers["*"].better == 1
    assert {name: each.changed for name, each in numbers.items() if name != "*"} == {
        name: 0 for name in numbers if name != "*"
    }
    # Its golden is met now all the same.
    assert numbers["title"].goldens == 1 and numbers["title"].mean == 1.0
