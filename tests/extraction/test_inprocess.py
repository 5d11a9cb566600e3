"""Whatever an extractor does, the caller gets a record or a failure."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from harness.extraction import Extractor, extract, extractor
from harness.model import Capture, Outcome

CAPTURE = Capture("site", "a-1", b"<h1>A</h1><p>One</p>", "text/html")


def run(function: Callable[[Any], object]) -> Outcome:
    return extract(Extractor("site", function, ("site",), {"title": "exact"}), CAPTURE)


@dataclass
class Article:
    title: str
    body: list[str]


class Struct(msgspec.Struct):
    title: str
    body: list[str]


async def later(_: Capture) -> dict[str, object]:
    await asyncio.sleep(0)
    return {"title": "A", "body": ["One"]}


@pytest.mark.parametrize(
    "function",
    [
        lambda _: {"body": ["One"], "title": "A"},
        lambda _: Article("A", ["One"]),
        lambda _: Struct("A", ["One"]),
        later,
    ],
    ids=["dict", "dataclass", "msgspec", "async"],
)
def test_every_type_of_record_gives_the_same_tree(function: Callable[[Any], object]) -> None:
    outcome = run(function)
    assert outcome == Outcome({"title": "A", "body": ["One"]}, None, {"title": "exact"})
    assert list(outcome.record or {}) == ["title", "body"]


def test_attrs_classes_are_records() -> None:
    attrs = pytest.importorskip("attrs", reason="attrs is not installed")
    made = attrs.make_class("Article", ["title", "body"])
    assert run(lambda _: made("A", ["One"])).record == {"title": "A", "body": ["One"]}


def test_a_decorated_function_gets_a_page() -> None:
    @extractor("site")
    def site(page: Any) -> dict[str, object]:
        return {"title": page.text("h1")}

    assert extract(site, CAPTURE).record == {"title": "A"}
    assert site.handles("site") and not site.handles("sites")


def test_an_extractor_that_raises_is_told_without_our_frames() -> None:
    def broken(_: Capture) -> object:
        raise KeyError("article")

    failure = run(broken).failure
    assert failure is not None
    assert (failure.type, failure.message) == ("KeyError", "'article'")
    assert 'raise KeyError("article")' in failure.traceback
    assert "extraction/inprocess.py" not in failure.traceback


def deep(_: object) -> object:
    return deep(_)


def around(_: object) -> object:
    record: dict[str, object] = {}
    record["self"] = record
    return record


@pytest.mark.parametrize(
    ("function", "kind", "message"),
    [
        (lambda _: sys.exit("bye"), "SystemExit", "bye"),
        (lambda _: sys.exit(0), "SystemExit", "0"),
        (deep, "RecursionError", "maximum recursion depth exceeded"),
        (around, "RecordError", "is nested more than 100 deep, or holds itself"),
        (lambda _: None, "RecordError", "a record of named fields, not None"),
        (lambda _: [{"title": "A"}], "RecordError", "a record of named fields, not list"),
        (lambda _: "A", "RecordError", "a record of named fields, not str"),
        (lambda _: {1: "A"}, "RecordError", "field names are text, not 1"),
        (lambda _: {"a": object()}, "RecordError", "field 'a' holds object"),
        (lambda _: {"a": [{"b": lambda: 1}]}, "RecordError", "field 'a[0].b' holds function"),
        (lambda _: {"a": (x for x in "ab")}, "RecordError", "field 'a' holds generator"),
    ],
)
def test_what_is_no_record_is_a_failure_that_names_it(
    function: Callable[[Any], object], kind: str, message: str
) -> None:
    outcome = run(function)
    assert outcome.record is None and outcome.failure is not None
    assert outcome.failure.type == kind
    assert message in outcome.failure.message


def test_an_async_extractor_that_raises_or_exits_is_a_failure() -> None:
    async def broken(_: Capture) -> object:
        raise SystemExit(3)

    failure = run(broken).failure
    assert failure is not None and failure.type == "SystemExit"


class MuteError(Exception):
    """An exception that cannot say what it is about."""

    def __str__(self) -> str:
        raise self.args[0]


@pytest.mark.parametrize("inner", [ValueError("no"), SystemExit(1)])
def test_an_exception_whose_message_raises_is_still_a_failure(inner: BaseException) -> None:
    def broken(_: Capture) -> object:
        raise MuteError(inner)

    failure = run(broken).failure
    assert failure is not None
    assert failure.type == "MuteError"
    assert failure.message == f"(its message cannot be shown: {type(inner).__name__})"


def test_a_set_has_an_order_of_its_own() -> None:
    first = run(lambda _: {"tags": {"b", "a", "c"}})
    assert first.record == {"tags": {"$set": ["a", "b", "c"]}}


def test_ctrl_c_is_the_users() -> None:
    def interrupted(_: Capture) -> object:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(interrupted)


def test_what_an_extractor_prints_never_mixes_with_the_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def chatty(_: Capture) -> object:
        print("looking for the title")  # noqa: T201 - what a debugging author does
        return {"title": "A"}

    assert run(chatty).record == {"title": "A"}
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "looking for the title\n")
