"""``harness capture``: a page into the corpus, as it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.commands import capture as command
from harness.corpus.fetch import Fetched
from tests.command_line import Call, one_line
from tests.conftest import Project


def stored(project: Project) -> dict[str, bytes]:
    root = project.root / "corpus"
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def description(project: Project) -> dict[str, object]:
    (path,) = project.root.glob("corpus/*/*/capture.json")
    made: dict[str, object] = json.loads(path.read_bytes())
    return made


def test_a_file_is_kept_byte_for_byte_and_what_is_unknown_stays_unknown(
    empty: Project, harness: Call
) -> None:
    body = b"<title>T</title>\r\n<h1>Fire in \xe9 town</h1>\0"
    empty.write("saved.html", body)
    done = harness("capture", "saved.html", "--site", "news")
    assert done.code == 0
    name, told = done.out.split()[1], done.err
    assert name.startswith("news/fire-in-")
    assert told == f"next: harness extract {name}\n"
    assert stored(empty)[f"{name}/page.html"] == body
    made = description(empty)
    assert (made["url"], made["captured_at"], made["charset"], made["status"]) == (None,) * 4
    assert made["headers"] == [] and made["origin"] == "real"


def test_what_is_known_is_kept(empty: Project, harness: Call) -> None:
    words = "--name Gone --url https://e.com/a --captured-at 2026-03-01T08:00:00+01:00 --status 404"
    words += " --charset cp1252 --origin synthetic --rights CC0 --note why"
    done = harness("capture", "-", "--site", "news", *words.split(), stdin=b"<html><p>x")
    assert done.code == 0, done
    made = description(empty)
    assert made | {"sha256": ""} == {
        "url": "https://e.com/a",
        "captured_at": "2026-03-01T08:00:00+01:00",
        "media_type": "text/html",
        "charset": "cp1252",
        "status": 404,
        "headers": [],
        "sha256": "",
        "origin": "synthetic",
        "rights": "CC0",
        "note": "why",
    }
    assert harness("extract", "gone", "-x", "news").code == 2, "no extractor of that name"


def test_the_same_bytes_again_are_not_stored_twice(empty: Project, harness: Call) -> None:
    empty.write("a.html", "<h1>One</h1>")
    harness("capture", "a.html", "--site", "news")
    before = stored(empty)
    done = harness("capture", "a.html", "--site", "other", "--name", "again")
    assert (done.code, "holds these bytes already" in done.out) == (0, True)
    assert stored(empty) == before


def test_a_wall_is_captured_and_said(empty: Project, harness: Call) -> None:
    empty.write("a.html", "<title>Just a moment...</title><h1>Checking</h1>")
    done = harness("capture", "a.html", "--site", "news")
    assert done.code == 0 and "note: looks like a blocked page" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("none.html", "--site", "news"), "cannot read none.html: No such file or directory"),
        ((".", "--site", "news"), "cannot read .: Is a directory"),
        (("empty.html", "--site", "news"), "empty.html is empty; nothing was captured"),
        (("a.html", "--site", "My News"), "--site 'My News': lower-case ASCII letters"),
        (("a.html", "--site", "../up"), "--site '../up': lower-case"),
        (("a.html", "--site", "n", "--charset", "utf-9"), "--charset 'utf-9' is unknown"),
        (("a.html", "--site", "n", "--captured-at", "now"), "--captured-at 'now' is no RFC 3339"),
        (
            ("a.html", "--site", "n", "--captured-at", "2026-03-01"),
            "--captured-at '2026-03-01' has",
        ),
        (("a.html", "--site", "n", "--media-type", "image/png"), "a.html: captures of type 'image"),
    ],
)
def test_mistakes_are_one_line_and_store_nothing(
    empty: Project, harness: Call, words: tuple[str, ...], said: str
) -> None:
    empty.write("a.html", "<h1>One</h1>")
    empty.write("empty.html", "")
    assert one_line(harness("capture", *words)).startswith(said)
    assert stored(empty) == {}


def test_a_fetched_page(empty: Project, harness: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [b"<h1>Here</h1>", b""]

    def fetch(url: str, *, obey_robots: bool) -> Fetched:
        assert obey_robots
        now = datetime(2026, 3, 1, tzinfo=UTC)
        headers = (("Content-Type", "text/html"),)
        return Fetched(bodies.pop(0), f"{url}/", 200, headers, "text/html", now)

    monkeypatch.setattr(command, "fetch", fetch)
    assert harness("capture", "https://e.com/a", "--site", "news").code == 0
    made = description(empty)
    assert made["url"] == "https://e.com/a/"
    assert made["captured_at"] == "2026-03-01T00:00:00+00:00"
    assert made["headers"] == [["Content-Type", "text/html"]]
    said = one_line(harness("capture", "https://e.com/b", "--site", "news"))
    assert said == "https://e.com/b is empty; nothing was captured"


def test_a_full_disk_leaves_no_half_of_a_capture(
    empty: Project, harness: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness.corpus import store
    from harness.errors import HarnessError

    write_atomic = store.write_atomic

    def full(path: Path, data: bytes) -> None:
        if path.name == "capture.json":
            raise HarnessError(f"cannot write {path}: No space left on device")
        write_atomic(path, data)

    monkeypatch.setattr(store, "write_atomic", full)
    empty.write("a.html", "<h1>One</h1>")
    assert "No space left" in one_line(harness("capture", "a.html", "--site", "news"))
    assert stored(empty) == {}
