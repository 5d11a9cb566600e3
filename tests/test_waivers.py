"""Waivers as files."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import SnapshotError
from harness.model import Waiver
from harness.waivers import parse_waivers, write_waivers

PATH = Path("corpus/site/page/waivers.json")


@given(
    st.lists(
        st.builds(
            Waiver,
            st.text(min_size=1),
            st.text(min_size=1),
            st.text().filter(str.strip),
            st.none() | st.text(min_size=1),
            st.text(),
            st.text(),
        ),
        min_size=1,
    )
)
def test_what_is_written_is_read(waivers: list[Waiver]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "waivers.json")
        write_waivers(path, waivers)
        assert parse_waivers(path.read_bytes(), path) == tuple(waivers)


def test_field_and_person_may_be_left_out() -> None:
    (waiver,) = parse_waivers(b'[{"invariant": "x", "reason": "y"}]', PATH)
    assert waiver == Waiver("x", "*", "y", None, "", "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "is no list of waivers"),
        (b'{"invariant": "x"}', "is no list of waivers"),
        (b'[{"invariant": "x"}]', "missing required field `reason`"),
        (b'[{"invariant": "x", "reason": "y", "why": "z"}]', "unknown field `why`"),
        (b'[{"invariant": "x", "reason": "  "}]', "the waiver of 'x' gives no reason"),
        (b'[{"invariant": "x", "reason": "\xff"}]', "is no list of waivers"),
        (b"[" * 100_000, "is no list of waivers"),
    ],
)
def test_a_file_edited_into_something_else_is_named(data: bytes, said: str) -> None:
    with pytest.raises(SnapshotError) as error:
        parse_waivers(data, PATH)
    assert str(error.value).startswith(str(PATH)) and said in str(error.value)
    assert "\n" not in str(error.value)


def test_no_waivers_no_file(tmp_path: Path) -> None:
    path = tmp_path / "waivers.json"
    write_waivers(path, [Waiver("x", "*", "y")])
    write_waivers(path, [])
    assert not path.exists()
