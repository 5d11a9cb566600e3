"""What a worker says, as an outcome; what it must not say, by the name of the field."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.extraction.answers import BadAnswerError, answer_of, outcome_of, ready_of, request_of
from harness.extraction.launch import Launch, python_launch
from harness.model import Capture, Failure
from harness.records import encode_record
from tests.extraction.test_worker import values
from tests.extraction.workers import CAPTURED

CAPTURE = Capture("site", "a", "é\u2028".encode(), "text/html", "https://e.com/", CAPTURED)
HERE = Path.cwd()


def told(record: object, **more: Any) -> Any:
    return outcome_of(answer_of(json.dumps({"id": 1, "record": record, **more}).encode(), 1), {})


@given(values)
def test_an_encoded_record_arrives_as_it_is(value: object) -> None:
    try:
        tree = encode_record({"title": value, "a": [value]})
    except TypeError:
        return
    outcome = told(tree)
    assert outcome.failure is None
    assert repr(outcome.record) == repr(tree)


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"related": [{"n": float("inf")}]}, "'related[0].n'"),
        ({"a": {"$html": 1}}, "'a'"),
        ({"a": {"$html": "<p>", "b": 1}}, "'a'"),
        ({"a": {"$timestamp": {"text": "x"}}}, "'a'"),
        ({"a": {"$set": 1}}, "'a'"),
        ({"a": {"$decimal": "one"}}, "'a'"),
        ({"": 1}, "''"),
        ({"$date": "2020-01-01"}, "'$date'"),
        ("text", "'\"text\"'"),
    ],
)
def test_a_value_that_no_record_has_is_refused_by_the_field(record: object, field: str) -> None:
    failure = told(record).failure
    assert failure.type == "BadAnswer" and field in failure.message


def test_nesting_is_limited_as_in_process() -> None:
    tree: Any = "x"
    for _ in range(150):
        tree = [tree]
    assert "nested more than 100 deep" in told({"a": tree}).failure.message


def test_fields_come_in_the_order_of_records_at_every_depth() -> None:
    record = told({"z": 1, "body": [{"z": 1, "title": 2}], "title": 1}).record
    assert json.dumps(record) == '{"title": 1, "body": [{"title": 2, "z": 1}], "z": 1}'


def test_what_was_refused_is_told_with_the_error() -> None:
    line = {"id": 1, "error": {"type": "E", "message": "no list"}, "refused": ["h:80", "h:80"]}
    failure = outcome_of(answer_of(json.dumps(line).encode(), 1), {}).failure
    assert failure == Failure("E", "no list (the network was refused to it: h:80)")


def test_kinds_of_an_answer_go_before_those_of_the_worker() -> None:
    assert told({}, kinds={"n": "number"}).kinds == {"n": "number"}
    assert told({}, kinds={"n": "wood"}).failure.type == "BadAnswer"


def test_a_worker_that_cannot_load_says_so_before_anything_else() -> None:
    said = ready_of(b'{"error": {"type": "ImportError", "message": "no x"}}')
    assert said == Failure("ImportError", "no x")


@pytest.mark.parametrize(
    ("launch", "parts"),
    [
        (Launch(("node",), None, HERE), {"capture", "html", "body"}),
        (python_launch({"project": "/p", "extractor": "x"}, HERE), {"capture", "body"}),
        (python_launch({"library": "trafilatura"}, HERE), {"capture", "html"}),
        (python_launch({"call": "a:b"}, HERE), {"capture", "html"}),
        (python_launch({"call": "a:b", "gets": "capture"}, HERE), {"capture", "html", "body"}),
    ],
)
def test_a_request_holds_what_its_load_needs(launch: Launch, parts: set[str]) -> None:
    line = b'{"id": 1, ' + request_of(launch, CAPTURE)
    assert len(line.decode().splitlines()) == 1
    request = json.loads(line)
    assert set(request) == {"id", *parts}
    assert request["capture"]["captured_at"] == CAPTURED.isoformat()
    if "body" in parts:
        assert base64.b64decode(request["body"]) == CAPTURE.body
    if "html" in parts:
        assert request["html"] == "é\u2028"


@given(st.text())
def test_any_url_and_text_can_be_sent(text: str) -> None:
    capture = Capture("site", "a", text.encode("utf-8", "surrogatepass"), "text/plain", text)
    line = b'{"id": 1, ' + request_of(Launch(("node",), None, HERE), capture)
    assert json.loads(line)["capture"]["url"] == text


def test_sites_that_are_no_list_are_a_bad_answer() -> None:
    for sites in (b"null", b"5", b'"abc"'):
        with pytest.raises(BadAnswerError, match="sites"):
            ready_of(b'{"ready": true, "sites": ' + sites + b"}")
