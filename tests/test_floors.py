"""Floors: only an explicit word lowers them, and a broken file is one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import HarnessError
from harness.floors import Fallen, Floors, fallen, pinned, raised, read_floors, write_floors

shares = st.dictionaries(
    st.sampled_from(["empty", "glued", "quotes"]),
    st.dictionaries(st.sampled_from(["invariants", "golden"]), st.floats(0, 1), max_size=2),
    max_size=3,
)


def test_what_is_written_is_read_and_other_sections_stay(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    path.write_text('{"score": {"anything": [1]}}')
    floors = Floors({"corpus": "abc"}, {"empty": {"golden": 1.0, "invariants": 0.95}})
    write_floors(path, "audit", floors)
    assert read_floors(path, "audit") == floors
    assert json.loads(path.read_text())["score"] == {"anything": [1]}
    write_floors(path, "audit", Floors({"corpus": "def"}, {}))
    assert read_floors(path, "audit") == Floors({"corpus": "def"}, {})


def test_no_file_and_no_section_is_no_floor(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    assert read_floors(path, "audit") is None
    path.write_text("{}")
    assert read_floors(path, "audit") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is not valid JSON"),
        ("<<<<<<< HEAD", "it is not valid JSON"),
        ("[" * 9999, "it is not valid JSON"),
        ("[]", "it is no object with a section for each command"),
        ('{"audit": []}', "section 'audit': Expected `object`"),
        ('{"audit": {"floors": {}}}', "missing required field `measured`"),
        ('{"audit": {"measured": {}, "floors": {"x": 1}}}', "$.floors[...]"),
        ('{"audit": {"measured": {}, "floors": {}, "notes": 1}}', "unknown field `notes`"),
        ('{"audit": {"measured": {}, "floors": {"x": {"y": 95}}}}', "x, y: 95"),
        ('{"audit": {"measured": {}, "floors": {"x": {"y": NaN}}}}', "x, y: nan"),
    ],
)
def test_a_broken_file_is_one_line_that_names_it(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "floors.json"
    path.write_text(text)
    with pytest.raises(HarnessError) as error:
        read_floors(path, "audit")
    message = str(error.value)
    assert message.startswith(f"{path} holds no floors: ") and said in message
    assert "restore it from git, or pin anew" in message and "\n" not in message


def test_a_folder_in_its_place_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="cannot read"):
        read_floors(tmp_path, "audit")


def test_a_score_below_its_floor_has_fallen_and_rounding_is_no_fall() -> None:
    floors = {"empty": {"golden": 1.0, "invariants": 0.667}, "glued": {"invariants": 0.5}}
    assert fallen(floors, {"empty": {"golden": 1.0, "invariants": 2 / 3}, "glued": {}}) == [
        Fallen("glued", "invariants", 0.5, None)
    ]
    assert fallen(
        floors, {"empty": {"golden": 0.99, "invariants": 0.6668}, "glued": {"invariants": 1}}
    )
    assert fallen({"x": {"y": 0.667}}, {"x": {"y": 0.6666}}) == []
    assert fallen({"x": {"y": 0.667}}, {"x": {"y": 0.666}}) == [Fallen("x", "y", 0.667, 0.666)]


@given(shares)
def test_what_was_measured_is_never_below_what_is_pinned(
    scores: dict[str, dict[str, float]],
) -> None:
    assert fallen(pinned(scores), scores) == []
    for name, measures in scores.items():
        for measure, share in measures.items():
            assert 0 <= share - pinned(scores)[name][measure] < 0.001 + 1e-9


@given(shares, shares)
def test_raising_never_lowers_and_takes_all_that_is_higher(
    old: dict[str, dict[str, float]], new: dict[str, dict[str, float]]
) -> None:
    lifted = raised(old, new)
    for scores in (old, pinned(new)):
        for name, measures in scores.items():
            for measure, share in measures.items():
                assert lifted[name][measure] >= share
    assert raised(lifted, new) == lifted
