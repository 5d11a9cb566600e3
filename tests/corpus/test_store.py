"""Captures on disk: what loads, what does not and why, and that adding leaves no halves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.corpus import CaptureRef, Corpus, store
from harness.corpus.store import capture_name, is_charset, media_type_of
from harness.errors import CorpusError, HarnessError, SnapshotError
from harness.model import Capture

BODY = b"<h1>A page</h1>\r\n\0\xff"
SHA = hashlib.sha256(BODY).hexdigest()
REF = CaptureRef("site", f"a-{SHA[:8]}")


def page(**changes: Any) -> Capture:
    return replace(Capture("site", REF.name, BODY, "text/html", sha256=SHA), **changes)


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    """A corpus of one capture."""
    made = Corpus(tmp_path / "corpus")
    made.add(page())
    return made


@pytest.fixture
def describe(corpus: Corpus) -> Callable[..., None]:
    """Rewrites keys of the capture's description; None removes one."""

    def change(**keys: Any) -> None:
        path = corpus.folder(REF) / "capture.json"
        tree = json.loads(path.read_text("utf-8")) | keys
        path.write_text(json.dumps({k: v for k, v in tree.items() if v is not ...}), "utf-8")

    return change


def test_a_capture_comes_back_byte_for_byte_with_all_that_was_known(tmp_path: Path) -> None:
    whole = page(
        url="https://example.com/ä?q=1",
        captured_at=datetime(2026, 3, 1, 8, tzinfo=UTC),
        charset="utf-8",
        status=404,
        headers=(("Content-Type", "text/html"), ("X", "\ud800")),
        origin="synthetic",
        rights="CC0",
        note="lone \udcff surrogate",
    )
    corpus = Corpus(tmp_path)
    assert corpus.add(whole) == REF
    assert corpus.load(REF).capture == whole
    assert (corpus.folder(REF) / "page.html").read_bytes() == BODY
    assert corpus.digest(REF) == SHA


def test_adding_the_same_bytes_again_changes_nothing(corpus: Corpus) -> None:
    before = (corpus.folder(REF) / "capture.json").stat().st_mtime_ns
    assert corpus.add(page(note="again")) == REF
    assert (corpus.folder(REF) / "capture.json").stat().st_mtime_ns == before


def test_a_name_that_is_taken_by_other_bytes_is_never_overwritten(corpus: Corpus) -> None:
    other = b"<h1>Another</h1>"
    with pytest.raises(CorpusError, match="holds another capture; choose another --name"):
        corpus.add(page(body=other, sha256=hashlib.sha256(other).hexdigest()))
    assert corpus.load(REF).capture.body == BODY


@pytest.mark.parametrize("fails", ["page.html", "capture.json"])
@pytest.mark.parametrize("error", [HarnessError("disk full"), KeyboardInterrupt()])
def test_an_adding_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str, error: BaseException
) -> None:
    def write(path: Path, data: bytes) -> None:
        if path.name == fails:
            raise error
        write_atomic(path, data)

    write_atomic = store.write_atomic
    monkeypatch.setattr(store, "write_atomic", write)
    corpus = Corpus(tmp_path)
    with pytest.raises(type(error)):
        corpus.add(page())
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    monkeypatch.undo()
    assert (tmp_path / "site").exists() is (fails == "capture.json")
    if (tmp_path / "site").exists():
        assert corpus.refs() == []
    corpus.add(page())
    assert corpus.load(REF).capture == page()


def test_refs_are_sorted_and_leave_out_what_is_no_capture(corpus: Corpus) -> None:
    for folder in ("site/a-00000000", "other/z-1", "site/Bad Name", ".git/x-1", "site/.hidden"):
        (corpus.root / folder).mkdir(parents=True)
    (corpus.root / "README.md").write_bytes(b"")
    (corpus.root / "site" / "notes.txt").write_bytes(b"")
    assert [ref.id for ref in corpus.refs()] == ["other/z-1", "site/a-00000000", REF.id]


def test_a_corpus_that_is_missing_or_a_file_says_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for name in ("none", "file"):
        with pytest.raises(CorpusError) as refused:
            Corpus(tmp_path / name).refs()
        assert str(refused.value) == (
            f"no corpus at {tmp_path / name}; run `harness init`,"
            " or set `corpus` in the configuration"
        )


def test_a_folder_of_the_corpus_that_cannot_be_listed_is_named(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", forbidden)
    with pytest.raises(CorpusError, match=f"cannot list {corpus.root}: Permission denied"):
        corpus.refs()


def test_a_page_whose_line_ends_were_converted_names_both_digests(corpus: Corpus) -> None:
    changed = BODY.replace(b"\r\n", b"\n")
    (corpus.folder(REF) / "page.html").write_bytes(changed)
    with pytest.raises(CorpusError) as refused:
        corpus.load(REF)
    said = str(refused.value)
    assert SHA in said and hashlib.sha256(changed).hexdigest() in said
    assert "was its line ending converted?" in said


def test_a_capture_needs_exactly_one_page(corpus: Corpus) -> None:
    (corpus.folder(REF) / "page.html~").write_bytes(b"")
    with pytest.raises(CorpusError, match=r"exactly one page\.<ext>.*page\.html, page\.html~"):
        corpus.load(REF)
    for path in corpus.folder(REF).glob("page.*"):
        path.unlink()
    with pytest.raises(CorpusError, match="expected, found none"):
        corpus.load(REF)


def test_a_capture_that_is_not_there_and_one_without_description(corpus: Corpus) -> None:
    with pytest.raises(CorpusError, match="is the capture's name right"):
        corpus.load(CaptureRef("site", "b-12345678"))
    (corpus.folder(REF) / "capture.json").unlink()
    with pytest.raises(CorpusError, match=r"cannot read .*capture\.json: No such file.*from git"):
        corpus.load(REF)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is not valid JSON (Expecting value: line 1 column 1 (char 0))"),
        (b'{"url": ', "is not valid JSON"),
        (b"[" * 100_000, "is not valid JSON"),
        (b'{"url": "\xff"}', "is not UTF-8"),
        (b"[]", "is not a capture's description: Expected `object`"),
        (b"{}", "is not a capture's description: Object missing required field `url`"),
    ],
)
def test_a_broken_description_is_named_with_its_problem(
    corpus: Corpus, data: bytes, problem: str
) -> None:
    path = corpus.folder(REF) / "capture.json"
    path.write_bytes(data)
    with pytest.raises(CorpusError) as refused:
        corpus.load(REF)
    assert str(refused.value).startswith(f"{path} {problem}")
    assert str(refused.value).endswith("; mend it or restore it from git")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ({"sha265": "x"}, "sha265"),
        ({"sha256": ...}, "missing required field `sha256`"),
        ({"status": "200"}, "Expected `int | null`, got `str`"),
        ({"headers": [["a"]]}, "headers"),
        ({"origin": "fake"}, "Invalid enum value 'fake'"),
        ({"captured_at": "yesterday"}, "captured_at 'yesterday' is no RFC 3339 time; null means"),
        ({"captured_at": "2026-03-01T08:00:00"}, "has no offset; add one (Z for UTC) or null"),
        ({"charset": "utf-9"}, "unknown charset 'utf-9'; null means sniff"),
        ({"charset": "hex"}, "unknown charset 'hex'"),
        ({"charset": "idna"}, "unknown charset 'idna'"),
        ({"charset": "undefined"}, "unknown charset 'undefined'"),
        ({"charset": "a\0b"}, "unknown charset 'a\\x00b'"),
        ({"charset": "\ud800"}, "unknown charset"),
    ],
)
def test_a_description_that_cannot_be_meant_is_refused(
    corpus: Corpus, describe: Callable[..., None], keys: dict[str, Any], problem: str
) -> None:
    describe(**keys)
    with pytest.raises(CorpusError) as refused:
        corpus.load(REF)
    assert problem in str(refused.value)
    assert "capture.json" in str(refused.value)


def test_a_broken_golden_is_a_problem_of_its_capture(corpus: Corpus) -> None:
    (corpus.folder(REF) / "golden.json").write_bytes(b"{")
    with pytest.raises(SnapshotError, match=r"site/a-.*/golden\.json is not valid JSON"):
        corpus.load(REF)


def test_a_charset_that_lies_gives_replacement_characters_and_no_error(
    corpus: Corpus, describe: Callable[..., None]
) -> None:
    from harness import Page

    describe(charset="utf-16")
    assert "�" in Page(corpus.load(REF).capture).source


@pytest.mark.parametrize("name", ["utf-8", "shift_jis", "utf-16", "windows-1252", "utf-7"])
def test_charsets_of_pages(name: str) -> None:
    assert is_charset(name)


@pytest.mark.parametrize(
    ("path", "body", "media_type"),
    [
        ("a.html", b"", "text/html"),
        ("a.HTM", b"{}", "text/html"),
        ("a.txt", b"<html>", "text/plain"),
        ("a.xml", b"<?xml version='1.0'?><rss version='2.0'>", "application/rss+xml"),
        ("a.xml", b"<?xml version='1.0'?><urlset>", "application/xml"),
        ("a", b"\xef\xbb\xbf<!DOCTYPE html>", "text/html"),
        (
            "a",
            "<feed xmlns='http://www.w3.org/2005/Atom'>".encode("utf-16"),
            "application/atom+xml",
        ),
        ("a", b"  [1]", "application/json"),
        ("a", b"Plain words.", "text/plain"),
        ("https://example.com/a.b/c", b"<p>x<html>", "text/html"),
    ],
)
def test_media_types_by_ending_else_by_first_bytes(path: str, body: bytes, media_type: str) -> None:
    assert media_type_of(path, body) == media_type


def test_names_end_in_the_digest_and_stay_slugs() -> None:
    assert capture_name("Russia warns: 5 dead?", SHA) == f"russia-warns-5-dead-{SHA[:8]}"
    assert len(capture_name("x" * 200, SHA)) == 80
