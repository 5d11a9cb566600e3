"""``harness timestamp``: labels as arguments, and lines on stdin."""

from __future__ import annotations

import json

import pytest

from tests.command_line import Call, one_line

CAPTURED = "2026-03-01T12:00:00Z"


def test_labels_are_told_in_a_line_each(harness: Call) -> None:
    done = harness("timestamp", "2 hours ago", "3 min read", "--captured-at", CAPTURED)
    assert (done.code, done.err) == (0, "")
    told, none = done.out.splitlines()
    assert told.startswith("2 hours ago: relative, 2 hour, 89.5 min to 3.008 h old, published ")
    assert told.endswith(" published 2026-03-01T08:59:30Z to 2026-03-01T10:30:30Z")
    assert none == "3 min read: no timestamp"


def test_an_ambiguous_label_shows_its_readings(harness: Call) -> None:
    lines = harness("timestamp", "12-03-2025").out.splitlines()
    assert lines[0] == "12-03-2025: ambiguous, 2 readings"
    assert "2025-03-11T10:00:00Z to 2025-03-13T12:00:00Z" in lines[1]
    assert "2025-12-02T10:00:00Z to 2025-12-04T12:00:00Z" in lines[2]


def test_as_json_with_language_and_front_end(harness: Call) -> None:
    words = ("--output-format", "json", "--language", "hi", "--front-end", "moment")
    tree = json.loads(harness("timestamp", "3 घंटे पहले", *words).out)
    assert set(tree) == {"label", "timestamp", "candidates"}
    assert tree["timestamp"] == {
        "text": "3 घंटे पहले",
        "kind": "relative",
        "unit": "hour",
        "count": 3,
        "age": {"min_seconds": 9000.0, "max_seconds": 12600.0},
        "published": None,
        "front_end": "moment",
    }
    assert tree["candidates"] == [tree["timestamp"]]


def test_each_line_is_answered_by_a_line(harness: Call) -> None:
    asked = [
        {"label": "21 hours ago", "captured_at": CAPTURED},
        {"label": "A headline"},
        {"label": "21:04 IST", "captured_at": CAPTURED, "languages": ["en-IN"]},
        {"label": "21:04 IST", "captured_at": CAPTURED, "languages": None},
        {"label": "\ud800"},
        {"label": ""},
    ]
    stdin = "".join(json.dumps(line) + "\n" for line in asked).encode()
    done = harness("timestamp", "--jsonl", stdin=stdin)
    assert (done.code, done.err) == (0, "")
    answers = [json.loads(line) for line in done.out.splitlines()]
    assert [answer["label"] for answer in answers] == [line["label"] for line in asked]
    assert [len(answer["candidates"]) for answer in answers] == [1, 0, 1, 3, 0, 0]
    assert answers[0]["timestamp"]["published"]["latest"] == "2026-02-28T15:30:30Z"
    assert answers[1]["timestamp"] is None
    assert answers[2]["timestamp"]["published"]["earliest"] == "2026-02-28T15:34:00Z"
    assert answers[3]["timestamp"]["published"] is None


def test_options_hold_for_lines_without_their_own(harness: Call) -> None:
    stdin = b'{"label": "2 hours ago"}\n{"label": "2 hours ago", "front_end": "timeago"}\n'
    done = harness("timestamp", "--jsonl", "--front-end", "moment", stdin=stdin)
    ages = [json.loads(line)["timestamp"]["age"] for line in done.out.splitlines()]
    assert [age["min_seconds"] for age in ages] == [5400.0, 7200.0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"nope", "line 2: not JSON: "),
        (b"\xff", "line 2: not JSON: "),
        (b"[" * 100_000, "line 2: it is nested too deeply"),
        (b"3", 'line 2: a line is an object with a "label"'),
        (b'{"label": 3}', 'line 2: a line is an object with a "label"'),
        (b'{"label": "x", "lang": "en"}', "line 2: unknown key 'lang'; there are label, "),
        (b'{"label": "x", "languages": "en"}', 'line 2: "languages" is a list'),
        (b'{"label": "x", "front_end": 1}', 'line 2: "front_end" is text'),
        (b'{"label": "x", "captured_at": "2026-03-01"}', 'line 2: "captured_at" is a date'),
        (b'{"label": "x", "captured_at": 5}', 'line 2: "captured_at" is a date'),
    ],
)
def test_a_bad_line_is_named_and_the_others_go_on(harness: Call, line: bytes, said: str) -> None:
    good = b'{"label": "2 hours ago"}\n'
    done = harness("timestamp", "--jsonl", stdin=good + line + b"\n\n" + good)
    assert one_line(done).removeprefix("stdin ").startswith(said)
    first, bad, last = (json.loads(text) for text in done.out.splitlines())
    assert first == last and first["timestamp"]["count"] == 2
    assert bad["error"].startswith(said)
    assert bad["label"] == ("x" if b'"x"' in line else None)


@pytest.mark.parametrize("words", [(), ("--jsonl", "2 hours ago")])
def test_labels_come_from_one_place(harness: Call, words: tuple[str, ...]) -> None:
    assert one_line(harness("timestamp", *words)).startswith("give LABELs, or --jsonl")


def test_a_capture_time_needs_its_offset(harness: Call) -> None:
    done = harness("timestamp", "now", "--captured-at", "2026-03-01T12:00:00")
    assert done.code == 2 and "Traceback" not in done.err
