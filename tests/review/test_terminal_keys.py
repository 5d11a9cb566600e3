"""Keys out of the bytes that terminals send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.review.terminal.keys import PASTE, Keys

SENT = {
    b"a": ["a"],
    b"AR?/": ["A", "R", "?", "/"],
    "é世".encode(): ["é", "世"],
    b"\r": ["enter"],
    b"\x7f\x08": ["backspace", "backspace"],
    b"\x03": ["ctrl-c"],
    b"\x1a": ["ctrl-z"],
    b"\x1b[A\x1b[B\x1b[C\x1b[D": ["up", "down", "right", "left"],
    b"\x1bOA\x1bOB": ["up", "down"],
    b"\x1b[1;5C": ["right"],
    b"\x1b[5~\x1b[6~\x1b[H\x1b[4~": ["pageup", "pagedown", "home", "end"],
    b"\x1b[99~\x1b[?1;2c\x00\x1d": [],
    b"\x1b\x1b[A": ["escape", "up"],
    b"\x1b[200~Aa\nR\x1b[201~j": [f"{PASTE}Aa\nR", "j"],
}


@pytest.mark.parametrize("data", SENT, ids=repr)
def test_a_terminals_bytes_are_keys(data: bytes) -> None:
    assert Keys().feed(data) == SENT[data]


@given(st.lists(st.sampled_from(sorted(SENT)), max_size=6), st.data())
def test_over_a_slow_line_the_same_keys_come(parts: list[bytes], data: st.DataObject) -> None:
    sent = b"".join(part for part in parts if not part.startswith(b"\x1b\x1b"))
    cuts = data.draw(st.lists(st.integers(0, len(sent)), max_size=5).map(sorted))
    keys = Keys()
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
        found += keys.feed(sent[start:end])
    assert found == Keys().feed(sent)
    assert not keys.waiting


def test_the_escape_key_is_one_when_nothing_follows() -> None:
    keys = Keys()
    assert keys.feed(b"\x1b") == []
    assert keys.waiting
    assert keys.flush() == ["escape"]
    assert keys.feed(b"a") == ["a"]


def test_alt_and_a_letter_is_no_command() -> None:
    assert Keys().feed(b"\x1ba\x1bA") == []


def test_no_letter_of_a_pasted_text_is_a_command_however_long_it_is() -> None:
    keys = Keys()
    found = keys.feed(b"\x1b[200~" + b"Aa" * 20_000)
    for _ in range(20):
        found += keys.feed(b"A" * 4_096) + keys.flush()
    found += keys.feed(b"R\x1b[201~k")
    assert [key for key in found if not key.startswith(PASTE)] == ["k"]
    assert keys.feed(b"\x1b[200~never ended\x03q")[1:] == ["q"]


@given(st.binary(max_size=100))
def test_noise_on_the_line_breaks_nothing(data: bytes) -> None:
    keys = Keys()
    for key in [*keys.feed(data), *keys.flush()]:
        assert len(key) == 1 or key.isascii() or key.startswith(PASTE)
