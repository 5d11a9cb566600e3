"""The one loop: what is planned, what a run survives, and what each update mode writes."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness.corpus import Corpus
from harness.engine import Engine, Mode, chosen_by, merge_fields, whole_fields
from harness.errors import HarnessError
from harness.extraction import Extractor
from harness.model import (
    Capture,
    CaseResult,
    Failure,
    Finding,
    Outcome,
    Run,
    Tree,
    Verdict,
    root_of,
)
from harness.outcomes import Outcomes
from harness.snapshots import Snapshots, parse

Function = Callable[[Capture], object]


def record(capture: Capture) -> dict[str, object]:
    title, _, byline = capture.body.decode().partition("|")
    return {"title": title, "byline": byline or None}


def broken(capture: Capture) -> dict[str, object]:
    raise ValueError(f"no title in {capture.name[:1]}")


class Bench:
    """An engine on a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.engine = Engine(
            Corpus(root / "corpus"),
            (Extractor("site", record, ("site",)),),
            Snapshots(root / "snapshots"),
            Snapshots(root / "pending"),
        )

    def add(self, label: str, text: str, site: str = "site") -> str:
        sha = hashlib.sha256(text.encode()).hexdigest()
        name = f"{label}-{sha[:8]}"
        capture = Capture(site, name, text.encode(), "text/plain", sha256=sha)
        return self.engine.corpus.add(capture).id

    def run(
        self,
        mode: Mode = "none",
        function: Function = record,
        only: tuple[str, ...] = (),
        **changes: Any,
    ) -> Run:
        engine = replace(
            self.engine,
            mode=mode,
            only=frozenset(only),
            extractors=(Extractor("site", function, ("site",)),),
            **changes,
        )
        return engine.run(engine.plan())

    def one(self, *args: Any, **changes: Any) -> CaseResult:
        (result,) = self.run(*args, **changes).results
        return result

    def accepted(self, capture: str) -> Mapping[str, Tree] | None:
        data = self.engine.accepted.read("site", capture)
        return None if data is None else parse(data, "p").record

    def waiting(self) -> list[str]:
        return [capture for _, capture in self.engine.pending.ids()]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def upper(capture: Capture) -> dict[str, object]:
    return {**record(capture), "title": str(record(capture)["title"]).upper()}


def lost(capture: Capture) -> dict[str, object]:
    return {**upper(capture), "byline": None}


# Planning


@pytest.mark.parametrize(
    ("pattern", "hit"),
    [
        ("site", True),
        ("site/", True),
        ("site/fire-in-town-1234abcd", True),
        ("site/fire", True),
        ("site/in-town", False),
        ("in-town", True),
        ("1234abcd", True),
        ("other", False),
        ("si", False),
        ("s*", True),
        ("*town*", True),
        ("site/fire-*", True),
        ("x:site", True),
        ("x:site/fire", True),
        ("*:in-town", True),
        ("y:site", False),
        ("x:", False),
        ("", False),
        ("site/fire-in-town-1234abcd/page.html", False),
    ],
)
def test_patterns_as_people_type_them(pattern: str, hit: bool) -> None:
    assert bool(chosen_by(pattern, [("x", "site/fire-in-town-1234abcd")])) is hit


def test_a_plan_is_in_order_and_leaves_out_what_has_no_extractor(bench: Bench) -> None:
    b, a = bench.add("b", "B"), bench.add("a", "A")
    bench.add("c", "C", "other")
    assert [case.id for case in bench.engine.plan()] == [a, b]
    everyone = Extractor("any", record, ("*",))
    engine = replace(bench.engine, extractors=(everyone, *bench.engine.extractors))
    assert len(engine.plan()) == 5
    assert [case.id for case in engine.plan(["any:site"])] == [f"any:{a}", f"any:{b}"]
    assert [case.id for case in engine.plan(["b-", "a-"], ["site"])] == [a, b]


def test_a_typo_in_a_pattern_or_a_name_is_refused(bench: Bench) -> None:
    bench.add("a", "A")
    with pytest.raises(HarnessError, match=r"no capture matches 'sit/a'; `harness check --list`"):
        bench.engine.plan(["site", "sit/a"])
    with pytest.raises(HarnessError, match=r"no extractor 'sit'; did you mean 'site'\?"):
        bench.engine.plan((), ["sit"])


# Update modes


@pytest.mark.parametrize(
    ("mode", "verdict", "writes", "waits"),
    [
        ("none", Verdict.NEW, False, False),
        ("pending", Verdict.NEW, False, True),
        ("new", Verdict.PASS, True, False),
        ("all", Verdict.PASS, True, False),
    ],
)
def test_what_each_mode_does_with_a_first_output(
    bench: Bench, mode: Mode, verdict: Verdict, writes: bool, waits: bool
) -> None:
    capture = bench.add("a", "A|B")
    result = bench.one(mode)
    assert (result.verdict, result.updated) == (verdict, writes)
    assert (bench.accepted(capture) is not None) is writes
    assert bench.waiting() == ([capture] if waits else [])


@pytest.mark.parametrize(
    ("mode", "verdict", "writes", "waits"),
    [
        ("none", Verdict.CHANGED, False, False),
        ("pending", Verdict.CHANGED, False, True),
        ("new", Verdict.CHANGED, False, True),
        ("all", Verdict.PASS, True, False),
    ],
)
def test_what_each_mode_does_with_an_output_that_differs(
    bench: Bench, mode: Mode, verdict: Verdict, writes: bool, waits: bool
) -> None:
    capture = bench.add("a", "a|B")
    bench.run("all")
    result = bench.one(mode, upper)
    assert (result.verdict, result.updated) == (verdict, writes)
    assert bench.accepted(capture) == {"title": "A" if writes else "a", "byline": "B"}
    assert bench.waiting() == ([capture] if waits else [])


@pytest.mark.parametrize("mode", ["none", "pending", "new", "all"])
def test_no_mode_writes_a_failure_as_a_snapshot(bench: Bench, mode: Mode) -> None:
    capture = bench.add("a", "A")
    assert bench.one(mode, broken).verdict is Verdict.ERROR
    assert bench.accepted(capture) is None
    bench.run("all")
    assert bench.one(mode, broken).verdict is Verdict.ERROR
    assert bench.accepted(capture) == {"title": "A", "byline": None}


def test_mode_none_touches_no_file(bench: Bench, tmp_path: Path) -> None:
    bench.add("a", "A|B")
    bench.add("b", "B")
    bench.run("all")
    bench.run("pending", upper)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    for function in (record, upper, broken):
        bench.run("none", function)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_pending_output_is_cleared_when_it_no_longer_differs(bench: Bench) -> None:
    capture = bench.add("a", "A|b")
    bench.run("all")
    bench.run("pending", lost)
    assert bench.waiting() == [capture]
    bench.run("pending", upper, only=("title",))
    assert bench.waiting() == [capture], "the byline was not looked at"
    bench.run("pending")
    assert bench.waiting() == []


def test_an_update_of_one_field_leaves_the_others_as_accepted(bench: Bench) -> None:
    capture = bench.add("a", "a|B")
    bench.run("all")
    assert bench.one("all", lost, ("title",)).updated
    assert bench.accepted(capture) == {"title": "A", "byline": "B"}
    assert [f.field for f in bench.one("none", lost).fields] == ["byline"]


def test_merging_takes_the_chosen_fields_their_absence_included() -> None:
    before: dict[str, Tree] = {"title": "a", "gone": 1, "kept": 2}
    after: dict[str, Tree] = {"title": "b", "more": 3}
    assert merge_fields(before, after, ["title"]) == {"title": "b", "gone": 1, "kept": 2}
    assert merge_fields(before, after, ["gone", "more"]) == {"title": "a", "more": 3, "kept": 2}
    assert root_of("related[2].body.x") == root_of("related.body") == "related"


def test_a_field_that_no_record_has_is_refused(bench: Bench) -> None:
    bench.add("a", "a|B")
    engine = replace(bench.engine, only=frozenset(["bylin"]))
    for _ in ("before anything was accepted", "after"):
        with pytest.raises(HarnessError, match="no record has a field 'bylin'; did you mean 'byl"):
            engine.refuse_unknown_fields(engine.plan())
        bench.run("all")
    replace(engine, only=frozenset(["byline"])).refuse_unknown_fields(engine.plan())


def test_less_than_a_whole_field_is_never_accepted() -> None:
    whole_fields(["title", "related"])
    with pytest.raises(HarnessError, match="only whole fields are accepted; name 'related'"):
        whole_fields(["related[0].byline"])


def test_a_pattern_means_the_exact_case_then_the_exact_site_then_what_it_is_part_of() -> None:
    own, other = ("news", "news/a-1"), ("generic", "news/a-1")
    named_alike = ("blog", "blog/news-of-the-day-2")
    cases = [own, other, named_alike]
    assert chosen_by("news/a-1", cases) == [own], "as it is printed after a check"
    assert chosen_by("generic:news/a-1", cases) == [other]
    assert chosen_by("*:news/a-1", cases) == [own, other]
    assert chosen_by("news", cases) == [own, other], "not every capture with news in its name"
    assert chosen_by("news-of", cases) == [named_alike]


# What a run survives


def test_snapshots_edited_by_hand(bench: Bench) -> None:
    capture = bench.add("a", "A|B")
    bench.run("all")
    path = bench.engine.accepted.path("site", capture)
    tree = json.loads(path.read_bytes())
    path.write_text(json.dumps(tree), "utf-8")
    assert bench.one().verdict is Verdict.PASS
    path.write_text(json.dumps(tree).replace('"A"', '"Z"'), "utf-8")
    assert bench.one().verdict is Verdict.CHANGED
    path.write_text("<<<<<<< HEAD\n" + json.dumps(tree), "utf-8")
    result = bench.one()
    assert result.verdict is Verdict.ERROR
    assert f"{path} holds conflict markers" in result.headline
    assert bench.one("all", broken).verdict is Verdict.ERROR, "there is nothing to repair it with"
    assert bench.one("all").updated
    assert bench.one().verdict is Verdict.PASS


def test_one_broken_capture_does_not_stop_the_others(bench: Bench) -> None:
    a, b = bench.add("a", "A"), bench.add("b", "B")
    bench.run("all")
    (bench.engine.corpus.root / a / "capture.json").write_bytes(b"{")
    first, second = bench.run().results
    assert first.verdict is Verdict.ERROR and "capture.json is not valid JSON" in first.headline
    assert (second.capture, second.verdict) == (b, Verdict.PASS)


@pytest.mark.parametrize("store", ["accepted", "pending"])
def test_what_cannot_be_written_is_an_error_of_its_case_with_its_fields_still_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, store: str
) -> None:
    a, b = bench.add("a", "a|B"), bench.add("b", "b|B")
    bench.run("all")

    def full(*_: object) -> None:
        raise HarnessError("cannot write x: No space left on device")

    monkeypatch.setattr(getattr(bench.engine, store), "write", full)
    run = bench.run("all" if store == "accepted" else "pending", upper)
    assert [result.capture for result in run.results] == [a, b]
    for result in run.results:
        assert result.verdict is Verdict.ERROR
        assert "No space left" in result.headline
        assert [field.field for field in result.fields] == ["title"]
    assert bench.accepted(a) == {"title": "a", "byline": "B"}


def test_a_record_that_python_cannot_write_is_a_failure_of_its_extractor(bench: Bench) -> None:
    bench.add("a", "A")
    result = bench.one("all", lambda _: {"title": 10**5000})
    assert result.verdict is Verdict.ERROR
    assert "the record cannot be stored" in result.headline


def test_ctrl_c_keeps_what_was_finished(bench: Bench) -> None:
    for label in "abc":
        bench.add(label, label.upper())

    def impatient(capture: Capture) -> object:
        if capture.name.startswith("b"):
            raise KeyboardInterrupt
        return record(capture)

    run = bench.run("all", impatient)
    assert run.interrupted and not run.clean
    assert [result.capture[:6] for result in run.results] == ["site/a"]
    assert len(list(bench.engine.accepted.ids())) == 1


def test_orphans_are_snapshots_without_a_capture_or_an_extractor(bench: Bench) -> None:
    a = bench.add("a", "A")
    bench.run("all")
    bench.engine.accepted.write("site", "site/gone-1", "{}")
    bench.engine.accepted.write("old", a, "{}")
    run = bench.run()
    assert run.orphans == (f"old:{a}", "site/gone-1")
    assert run.verdict is Verdict.PASS and not run.clean


# Failures that were accepted


def test_an_accepted_failure_passes_until_it_changes_or_ends(bench: Bench) -> None:
    capture = bench.add("a", "A")
    bench.run("pending", broken)
    data = bench.engine.pending.read("site", capture) or b""
    bench.engine.accepted.write("site", capture, data.decode())
    assert bench.one("none", broken).verdict is Verdict.PASS

    def otherwise(_: Capture) -> object:
        raise KeyError("other")

    assert bench.one("none", otherwise).verdict is Verdict.ERROR
    result = bench.one("none")
    assert result.verdict is Verdict.CHANGED
    assert "gives a record now" in result.headline


def test_kinds_from_the_configuration_reach_the_comparison(bench: Bench) -> None:
    bench.add("a", "A|http://x.example/a")
    bench.run("all")

    def moved(capture: Capture) -> object:
        return {**record(capture), "title": "B"}

    (field,) = bench.one("none", moved, kinds={"title": "exact"}).fields
    assert field.diff.kind == "exact"


class Elsewhere:
    """A function that runs in processes of its own, as far as the engine can see."""

    remote = True

    def __init__(self, function: Callable[[Capture], Outcome]) -> None:
        self._function = function
        self.closed = threading.Event()
        self.threads: set[str] = set()

    def __call__(self, capture: Capture) -> Outcome:
        self.threads.add(threading.current_thread().name)
        return self._function(capture)

    def close(self) -> None:
        self.closed.set()


def told(capture: Capture) -> Outcome:
    title, _, byline = capture.body.decode().partition("|")
    return Outcome({"title": title, "byline": byline or None})


def test_remote_extractors_get_the_verdicts_of_one_after_the_other(bench: Bench) -> None:
    for number in range(12):
        bench.add(f"a{number}", f"T{number}|B")
    bench.run("all", only=())
    far = Elsewhere(told)
    expected = bench.run(function=record)
    found = bench.run(function=far, workers=3)
    assert [replace(r, seconds=0) for r in found.results] == [
        replace(r, seconds=0) for r in expected.results
    ]
    assert found.clean and len(found.results) == 12
    assert len(far.threads) > 1 and not far.closed.is_set()


def test_ctrl_c_ends_remote_extractors_and_keeps_what_was_finished(bench: Bench) -> None:
    for number in range(9):
        bench.add(f"a{number}", f"T{number}")

    def function(capture: Capture) -> Outcome:
        if not capture.name.startswith("a0"):
            assert far.closed.wait(30), "nothing told it to end"
        return told(capture)

    def done(_: CaseResult) -> None:
        raise KeyboardInterrupt

    far = Elsewhere(function)
    engine = replace(
        bench.engine, extractors=(Extractor("site", far, ("site",)),), workers=2, mode="none"
    )
    run = engine.run(engine.plan(), done)
    assert run.interrupted
    assert [result.capture[:7] for result in run.results] == ["site/a0"]
    assert far.closed.is_set()


def test_a_fault_of_ours_in_a_thread_is_not_lost(bench: Bench) -> None:
    bench.add("a", "T")

    def function(_: Capture) -> Outcome:
        raise AssertionError("a fault of ours")

    with pytest.raises(AssertionError, match="a fault of ours"):
        bench.run(function=Elsewhere(function))


def test_what_is_remembered_is_not_extracted_again(bench: Bench, tmp_path: Path) -> None:
    bench.add("a", "T|B")
    bench.run("all")
    asked = []

    def function(capture: Capture) -> Outcome:
        asked.append(capture.name)
        return told(capture)

    for identity, calls in (("ab" * 8, 1), ("ab" * 8, 1), ("cd" * 8, 2), ("", 3), ("", 4)):
        far = Extractor("site", Elsewhere(function), ("site",), identity=identity)
        engine = replace(
            bench.engine, extractors=(far,), mode="none", outcomes=Outcomes(tmp_path / "outcomes")
        )
        assert engine.run(engine.plan()).clean
        assert len(asked) == calls


def test_further_findings_are_weighed_with_the_invariants(bench: Bench) -> None:
    bench.add("a", "T|B")
    bench.run("all")
    finding = Finding("deterministic", "title", "error", "nondeterminism", "another")
    run = bench.engine.run(bench.engine.plan(), also=lambda *_: (finding,))
    assert [(r.verdict, r.findings) for r in run.results] == [(Verdict.SUSPECT, (finding,))]


def test_a_failure_keeps_what_else_was_found(bench: Bench) -> None:
    bench.add("a", "T|B")
    finding = Finding("deterministic", "*", "error", "nondeterminism", "raised once")
    far = Elsewhere(lambda _: Outcome(None, Failure("Crashed", "SIGSEGV")))
    engine = replace(bench.engine, extractors=(Extractor("site", far, ("site",)),))
    run = engine.run(engine.plan(), also=lambda *_: (finding,))
    assert [(r.verdict, r.findings) for r in run.results] == [(Verdict.ERROR, (finding,))]
