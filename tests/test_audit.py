"""The audit: what is planted, what sees it, and that nothing is credited that saw nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.audit import Audit, Planted, Share, _beyond, _key, audit, difference, row
from harness.config import find_config
from harness.engine import Engine
from harness.faults import OPERATORS
from harness.goldens import write_golden
from harness.invariants import Hit, Subject, invariant
from harness.model import Finding, Golden
from harness.wiring import assemble
from tests.command_line import NewProject, fill
from tests.conftest import PAGE, Project

NAMES = ("title-lost", "lede-lost", "age-on-byline", "title-in-capitals")
CHOSEN = [OPERATORS[name] for name in NAMES]


@invariant("title-there", fault="empty")
def title_there(it: Subject) -> Iterator[Hit]:
    """A record has a title."""
    if not it.record.get("title"):
        yield Hit("title", "no title")


@invariant("no-digit", fault="byline-time", severity="warning")
def no_digit(it: Subject) -> Iterator[Hit]:
    """A byline has no digits."""
    for each in it.fields("byline"):
        if re.search(r"\d", each.text):
            yield Hit(each.path, "a digit", each.text)


@invariant("grumbles", fault="invented", severity="warning")
def grumbles(it: Subject) -> Iterator[Hit]:
    """Finds the same on every record, harmed or not."""
    yield Hit(f"body[{len(it.fields('body')[0].lines) - 1}]", "I never liked it")


@pytest.fixture
def project(new_project: NewProject) -> Project:
    """A project with four captures whose output is accepted."""
    made = new_project()
    fill(made, "alpha", "beta", "gamma", "delta")
    accepting = assemble(find_config(made.root), mode="all")
    assert accepting.run(accepting.plan()).clean
    return made


@pytest.fixture
def engine(project: Project) -> Engine:
    """The engine of that project, and three invariants of ours alone."""
    made = assemble(find_config(project.root))
    return replace(made, invariants=(title_there, no_digit, grumbles))


def found(engine: Engine, **how: Any) -> Audit:
    return audit(engine, engine.plan(), CHOSEN, **how)


def only(result: Audit, operator: str) -> Planted:
    return next(each for each in result.planted if each.operator == operator)


def test_every_operator_is_planted_into_every_record(engine: Engine) -> None:
    result = found(engine)
    assert result.records == 4 and not result.skipped
    strengths = sum(len(each.strengths) for each in CHOSEN)
    assert len(result.planted) == 4 * strengths
    assert {each.case for each in result.planted} == {case.id for case in engine.plan()}


def test_who_saw_a_fault_is_told_apart_by_severity(engine: Engine) -> None:
    result = found(engine)
    assert only(result, "title-lost").errors == ("title-there",)
    assert only(result, "age-on-byline").warnings == ("no-digit",)
    missed = only(result, "lede-lost")
    assert not missed.seen_by_invariants and missed.escaped and missed.snapshot is True
    assert missed.field == "body[0]" and missed.old.startswith("First paragraph of")


def test_a_finding_that_was_there_before_sees_nothing(engine: Engine) -> None:
    result = found(engine)
    assert all("grumbles" not in each.warnings for each in result.planted)
    assert [(each.invariant, each.severity) for _, each in result.alarms] == [
        ("grumbles", "warning")
    ] * 4


def test_a_finding_more_of_the_same_kind_does_see_it(engine: Engine) -> None:
    @invariant("each-line", fault="invented", severity="warning")
    def each_line(it: Subject) -> Iterator[Hit]:
        for number, _ in enumerate(it.fields("body")[0].lines):
            yield Hit(f"body[{number}]", "a line")

    operators = [OPERATORS["lede-repeated"], OPERATORS["lede-lost"]]
    made = replace(engine, invariants=(each_line,))
    result = audit(made, made.plan(), operators)
    assert only(result, "lede-repeated").warnings == ("each-line",)
    assert only(result, "lede-lost").warnings == (), "less of the same is no new finding"


def golden(engine: Engine, **fields: Any) -> None:
    ref = engine.corpus.refs()[0]
    write_golden(engine.corpus.folder(ref) / "golden.json", Golden("reviewed", fields))


def test_a_golden_sees_what_it_asserts_and_nothing_else(engine: Engine) -> None:
    case = engine.plan()[0]
    title = engine.extract(case).outcome.record["title"]  # type: ignore[index]
    golden(engine, title=title)
    result = audit(engine, [case], CHOSEN)
    assert only(result, "title-lost").golden is True
    assert only(result, "title-in-capitals").golden is True
    assert only(result, "title-in-capitals").escaped is False
    assert only(result, "lede-lost").golden is False
    other = audit(engine, engine.plan()[1:2], CHOSEN)
    assert only(other, "title-lost").golden is None, "there is no golden to see it"


def test_a_golden_that_objects_already_is_not_asked(engine: Engine) -> None:
    golden(engine, title="Something else")
    result = audit(engine, engine.plan()[:1], CHOSEN)
    assert all(each.golden is None for each in result.planted)
    for trust, fields in (("known-wrong", {"title": "x"}), ("reviewed", {})):
        folder = engine.corpus.folder(engine.corpus.refs()[0])
        write_golden(folder / "golden.json", Golden(trust, fields))  # type: ignore[arg-type]
        result = audit(engine, engine.plan()[:1], CHOSEN)
        assert all(each.golden is None for each in result.planted)


def test_a_snapshot_that_differs_already_is_not_asked(engine: Engine) -> None:
    case = engine.plan()[0]
    path = engine.accepted.path(case.extractor.name, case.ref.id)
    path.write_text(path.read_text("utf-8").replace("A. Writer", "B. Writer"), "utf-8")
    assert all(each.snapshot is None for each in audit(engine, [case], CHOSEN).planted)
    path.write_text("<<<<<<< ours", "utf-8")
    assert all(each.snapshot is None for each in audit(engine, [case], CHOSEN).planted)
    path.unlink()
    assert all(each.snapshot is None for each in audit(engine, [case], CHOSEN).planted)


def test_the_same_harm_is_counted_once(engine: Engine) -> None:
    many = audit(engine, engine.plan()[:1], [OPERATORS["title-lost"]], seeds=5)
    assert len(many.planted) == 1
    places = audit(engine, engine.plan()[:1], [OPERATORS["neighbours-swapped"]], seeds=9)
    assert 1 < len(places.planted) <= 9


def test_what_gives_no_record_is_said_and_not_counted(engine: Engine, project: Project) -> None:
    project.write(
        "extractors/site.py",
        "from harness import extractor\n@extractor('site')\ndef site(page):\n    raise OSError\n",
    )
    made = assemble(find_config(project.root))
    result = audit(made, made.plan(), CHOSEN)
    assert (result.records, result.planted) == (0, ())
    assert [reason for _, reason in result.skipped] == ["the extractor raised OSError"] * 4
    page = next((project.root / "corpus").rglob("page.html"))
    page.write_text(page.read_text() + "more")
    (_, reason), *_ = audit(engine, engine.plan(), CHOSEN).skipped
    assert "has sha256" in reason


def test_what_was_measured_is_named_by_captures_operators_and_seeds(
    engine: Engine, project: Project
) -> None:
    first = found(engine).measured
    assert found(engine).measured == first
    assert audit(engine, engine.plan(), CHOSEN[1:]).measured["operators"] != first["operators"]
    assert found(engine, seeds=2).measured["seeds"] == "2"
    stronger = [replace(CHOSEN[0], strengths=(5,)), *CHOSEN[1:]]
    assert audit(engine, engine.plan(), stronger).measured["operators"] != first["operators"]
    project.add("more", PAGE.format(title="more"))
    assert found(engine).measured["corpus"] != first["corpus"]


def test_nothing_is_written(engine: Engine, project: Project) -> None:
    before = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}
    found(engine)
    after = {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}
    assert {p: d for p, d in after.items() if "__pycache__" not in p.parts} == {
        p: d for p, d in before.items() if "__pycache__" not in p.parts
    }


def plant(**values: Any) -> Planted:
    base = Planted("site/a", "title-lost", "empty", 1, 0, True, None, (), ())
    return replace(base, **values)


def test_rows_count_each_witness_apart() -> None:
    counted = row(
        "x",
        [
            plant(errors=("a",), golden=True),
            plant(warnings=("b",), golden=False),
            plant(golden=True, snapshot=None),
            plant(golden=None),
        ],
    )
    assert (counted.planted, counted.snapshot, counted.golden) == (4, Share(3, 3), Share(2, 3))
    assert (counted.errors, counted.invariants) == (Share(1, 4), Share(2, 4))
    assert counted.together == Share(3, 4)
    assert [each.golden for each in counted.escaped] == [True, None]


def test_the_weakest_class_comes_first() -> None:
    result = Audit((plant(fault="glued", errors=("a",)), plant(), plant(fault="quotes")), (), 1)
    assert [each.name for each in result.by_class()] == ["empty", "quotes", "glued"]
    assert result.strengths()["glued"] == {"invariants": 1.0, "together": 1.0}
    assert result.total.planted == 3


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share(seen: int, missed: int) -> None:
    share = Share(seen, seen + missed)
    low, high = share.interval
    assert 0 <= low <= high <= 1
    if share.rate is not None:
        assert low <= share.rate <= high
        assert Share(seen * 4, (seen + missed) * 4).interval[0] >= low - 1e-12


def test_the_interval_is_wilsons() -> None:
    # Published values for 8 of 10 (Newcombe 1998, method 3).
    low, high = Share(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"title": "A b"}, {"title": "A c"}, ("title", "A b", "A c")),
        ({"title": "A"}, {"title": None}, ("title", "A", "null")),
        ({"body": ["a", "b"]}, {"body": ["a"]}, ("body[1]", "b", "")),
        ({"body": ["a"]}, {"body": ["a", "b"]}, ("body[1]", "", "b")),
        ({"d": {"$date": "2026-01-02"}}, {"d": {"$date": "2026-02-01"}}, None),
        ({"r": [{"t": "x"}]}, {"r": [{"t": "y"}]}, ("r[0].t", "x", "y")),
    ],
)
def test_a_difference_is_shown_where_it_begins(
    before: Any, after: Any, told: tuple[str, str, str] | None
) -> None:
    where, old, new = difference(before, after)
    if told:
        assert (where, old, new) == told
    else:
        assert "2026-01-02" in old and "2026-02-01" in new


def test_long_texts_are_shown_around_their_difference() -> None:
    text = "word " * 100
    _, old, new = difference({"body": text + "one end"}, {"body": text + "two end"})
    assert old.startswith("…") and old.endswith("one end") and len(old) < 90
    assert new.endswith("two end")


def test_findings_are_the_same_wherever_in_a_list_they_stand() -> None:
    known = Finding("x", "body[2]", "error", "empty", "m", "quote")
    moved = replace(known, field="body[3]", message="other words")
    counted = Counter([_key(known)])
    assert _beyond([moved], counted) == []
    assert _beyond([moved, known], counted) == [known]
    assert _beyond([replace(moved, quote="another")], counted)
