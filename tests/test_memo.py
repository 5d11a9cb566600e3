"""The memory of what invariants found: fast when whole, harmless when not."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from harness.memo import Memo, key_of
from harness.model import Finding

ODD = Finding("rule", "body[2]", "error", "glued", "lone \ud800 and ❤", "q", (1, 2, 3))
KEY, OTHER = key_of(b"one"), key_of(b"other")


def test_what_was_put_is_got_by_the_next_process(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "not" / "there" / "findings")
    assert memo.get(KEY) is None
    memo.put(KEY, [ODD])
    memo.put(OTHER, [])
    again = Memo(memo.path)
    assert (again.get(KEY), again.get(OTHER)) == ((ODD,), ())


def test_the_last_word_on_a_key_counts(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "findings")
    memo.put(KEY, [ODD])
    memo.put(KEY, [])
    assert Memo(memo.path).get(KEY) == ()


@given(st.integers(min_value=0, max_value=400))
def test_a_file_cut_anywhere_gives_right_answers_or_none(cut: int) -> None:
    whole = (
        f"{KEY} []\n".encode()
        + f'{OTHER} [{{"invariant":"r","field":"f","severity":"error","fault":"","message":"m",'
        f'"quote":"","place":null,"waived":null}}]\n'.encode()
    )
    memo = Memo(Path("unused"))
    memo.__dict__["_known"] = dict(
        line.split(b" ", 1) for line in whole[:cut].split(b"\n")[:-1] if b" " in line
    )
    assert memo.get(KEY) in (None, ())
    assert memo.get(OTHER) in (None, (Finding("r", "f", "error", "", "m"),))


def test_a_line_after_half_a_line_is_not_taken_for_another(tmp_path: Path) -> None:
    path = tmp_path / "findings"
    path.write_bytes(f'{KEY} [{{"invariant": '.encode())
    Memo(path).put(OTHER, [])
    memo = Memo(path)
    assert (memo.get(KEY), memo.get(OTHER)) == (None, None)


def test_a_folder_that_cannot_be_written_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    memo = Memo(tmp_path / "file" / "findings")
    memo.put(KEY, [])
    assert memo.get(KEY) is None


def test_parts_are_told_apart() -> None:
    assert len({key_of(b"ab", b"c"), key_of(b"a", b"bc"), key_of(b"abc"), key_of()}) == 4


def test_a_line_that_is_nested_too_deeply_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "findings"
    path.write_text(f"{KEY} {'[' * 100_000}\n")
    assert Memo(path).get(KEY) is None
