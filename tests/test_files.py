"""Files are whole or not there."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import Any

import pytest

from harness.errors import HarnessError
from harness.files import is_slug, slugify, write_atomic


def test_a_write_makes_its_folders_and_leaves_nothing_else(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a" / "b" / "c.json", b"new")
    assert [p.name for p in tmp_path.rglob("*")] == ["a", "b", "c.json"]
    assert (tmp_path / "a" / "b" / "c.json").read_bytes() == b"new"


def test_a_failed_write_leaves_the_old_content_and_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "c.json"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HarnessError) as refused:
        write_atomic(path, b"new")
    assert str(refused.value) == (
        f"cannot write {path}: No space left on device;"
        " free space or check permissions, then run again"
    )
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_ctrl_c_in_a_write_leaves_no_temporary_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_atomic(tmp_path / "c.json", b"new")
    assert not list(tmp_path.iterdir())


def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(HarnessError, match=r"cannot write .*a/b\.json: (Not a dir|File exists)"):
        write_atomic(tmp_path / "a" / "b.json", b"")


def test_written_files_are_as_readable_as_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "a", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_a_name_of_the_longest_kind_leaves_room_for_the_temporary_name(tmp_path: Path) -> None:
    write_atomic(tmp_path / ("ü" * 125), b"x")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_others_tidy_away_meanwhile_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pending" / "site"
    mkstemp, tidied = tempfile.mkstemp, []

    def after_tidying(**options: Any) -> tuple[int, str]:
        if not tidied:
            tidied.append(folder)
            folder.rmdir()
            folder.parent.rmdir()
        return mkstemp(**options)

    monkeypatch.setattr(tempfile, "mkstemp", after_tidying)
    write_atomic(folder / "a.json", b"x")
    assert tidied and (folder / "a.json").read_bytes() == b"x"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Russia warns U.S.!", "russia-warns-u-s"),
        ("Ünïcode — dash", "unicode-dash"),
        ("日本語", "page"),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 200, "x" * 80),
        ("\0\ud800", "page"),
    ],
)
def test_slugs_are_ascii_and_never_a_path(text: str, slug: str) -> None:
    assert slugify(text) == slug
    assert is_slug(slug)


@pytest.mark.parametrize(
    "name", ["", "-a", "A", "a/b", "..", ".a", "a\n", "ä", "a b", "x" * 81, "con.txt"]
)
def test_names_that_are_no_slugs(name: str) -> None:
    assert not is_slug(name)
