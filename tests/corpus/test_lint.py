"""What lint finds in a corpus that loads, and in one that does not."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.corpus import Corpus
from harness.corpus.lint import Problem, lint, wall_of
from harness.errors import CorpusError
from harness.model import Capture
from harness.snapshots import Snapshots

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PROSE = "<p>" + "A sentence of the article stands here. " * 60


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    (tmp_path / "corpus").mkdir()
    return Corpus(tmp_path / "corpus")


def add(corpus: Corpus, body: bytes = b"<p>Fine.</p>", label: str = "a", **known: Any) -> Path:
    """Stores a capture and returns its folder."""
    sha = hashlib.sha256(body).hexdigest()
    name = known.pop("name", f"{label}-{sha[:8]}")
    return corpus.folder(corpus.add(Capture("site", name, body, "text/html", sha256=sha, **known)))


def problems(corpus: Corpus) -> list[Problem]:
    return list(lint(corpus, Snapshots(corpus.root.parent / "snapshots"), NOW))


def checks(corpus: Corpus) -> list[str]:
    return [problem.check for problem in problems(corpus)]


def test_a_good_corpus_has_no_problems(corpus: Corpus) -> None:
    add(corpus, url="https://example.com/?page=2", captured_at=NOW, status=200)
    (corpus.root / ".gitkeep").write_bytes(b"")
    assert problems(corpus) == []


def test_a_missing_corpus_is_an_error_and_no_clean_bill(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no corpus at"):
        list(lint(Corpus(tmp_path / "none"), Snapshots(tmp_path / "snapshots"), NOW))


@pytest.mark.parametrize(
    ("body", "known", "check"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", {}, "lfs"),
        (b"\x1f\x8b\x08rest", {}, "compressed"),
        (b" \r\n\t", {}, "empty"),
        (b"<p>x", {"headers": (("Set-Cookie", "sid=1"),)}, "secret"),
        (b"<p>x", {"headers": (("AUTHORIZATION", "Basic 1"),)}, "secret"),
        (b"<p>x", {"url": "https://example.com/?a=1&api_key=2"}, "secret"),
        (b"<p>x", {"url": "https://me:pass@example.com/"}, "secret"),
        (b"<p>x", {"captured_at": NOW + timedelta(days=2)}, "date"),
        (b"<p>x", {"status": 404}, "blocked"),
        (b"<title>Just a moment...</title><p>Wait", {}, "blocked"),
        (b"<h1>Access Denied</h1>", {}, "blocked"),
        (b"<p>Before you continue to Search", {}, "consent"),
        (b"<p>x", {"name": "a-00000000"}, "name"),
    ],
)
def test_each_problem_is_found_once_and_names_its_folder(
    corpus: Corpus, body: bytes, known: dict[str, Any], check: str
) -> None:
    folder = add(corpus, body, **known)
    assert [(p.check, p.where) for p in problems(corpus)] == [(check, str(folder))]


def test_an_article_that_mentions_a_captcha_is_no_block_page(corpus: Corpus) -> None:
    add(corpus, f"<h1>Why captcha and access denied pages annoy</h1>{PROSE}".encode())
    add(corpus, b"<p>An address with mail@example.com", "b", url="https://example.com/a:b@c")
    assert problems(corpus) == []


def test_a_capture_that_is_no_html_is_no_wall() -> None:
    from harness.corpus import Loaded

    assert wall_of(Loaded(Capture("s", "n", b'{"t": "captcha"}', "application/json"), None)) is None


def test_the_same_bytes_twice(corpus: Corpus) -> None:
    add(corpus, label="a")
    add(corpus, label="b")
    (found,) = problems(corpus)
    assert (found.check, found.where[:7]) == ("duplicate", "site/b-")
    assert "site/a-" in found.message


def test_what_does_not_load_is_told_and_the_rest_is_still_looked_at(corpus: Corpus) -> None:
    broken = add(corpus, label="a")
    (broken / "capture.json").write_bytes(b"{")
    bad_golden = add(corpus, b"<p>Two", "b")
    (bad_golden / "golden.json").write_bytes(b"[]")
    add(corpus, b"\x1f\x8b", "c")
    assert checks(corpus) == ["unreadable", "unreadable", "compressed"]


def test_names_that_are_never_loaded_are_told(corpus: Corpus) -> None:
    (corpus.root / "site" / "Bad Name").mkdir(parents=True)
    (corpus.root / "Site" / "fine").mkdir(parents=True)
    (corpus.root / "loose.html").write_bytes(b"")
    (corpus.root / "site" / "loose.html").write_bytes(b"")
    found = {(p.check, Path(p.where).name) for p in problems(corpus)}
    assert found == {
        ("name", "Bad Name"),
        ("name", "fine"),
        ("stray", "loose.html"),
    }
    assert len(problems(corpus)) == 4


def test_a_golden_that_contradicts_itself(corpus: Corpus) -> None:
    folder = add(corpus)
    golden = {"fields": {"body": ["Fine. Subscribe now"]}, "excludes": ["Subscribe", "Never"]}
    (folder / "golden.json").write_text(json.dumps(golden))
    (found,) = problems(corpus)
    assert found.check == "golden"
    assert "excludes 'Subscribe', which its body[0] holds" in found.message


def test_a_broken_snapshot_is_found_without_running_anything(corpus: Corpus) -> None:
    store = Snapshots(corpus.root.parent / "snapshots")
    path = store.write("x", "site/a", '{"record": {}}\n>>>>>>> theirs\n')
    store.write("x", "site/b", '{"record": {}}')
    (found,) = problems(corpus)
    assert (found.check, found.where) == ("unreadable", str(path))
