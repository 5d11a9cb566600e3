"""Stored outputs of others: every form is read, and what is wrong is one line that says where."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import HarnessError
from harness.stored import read_records, read_stored, read_truth

IDS = ("site/alpha-0a1b2c3d", "site/beta-11112222", "other/gamma-33334444")
RECORD = {"title": "T", "body": ["one", "two"]}


def file(tmp_path: Path, *lines: object, name: str = "out.jsonl") -> Path:
    path = tmp_path / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


@pytest.mark.parametrize("key", ["capture", "id", "url"])
def test_json_lines_as_extract_prints_them(tmp_path: Path, key: str) -> None:
    path = file(tmp_path, {key: IDS[0], "extractor": "x", "record": RECORD, "findings": []})
    assert read_records(path, IDS)[IDS[0]].record == RECORD


def test_one_object_of_records_by_id_on_one_line_and_on_many(tmp_path: Path) -> None:
    table = {IDS[0]: {"articleBody": "x"}, IDS[1]: {"articleBody": ""}}
    for indent in (None, 1):
        path = tmp_path / "table.json"
        path.write_text(json.dumps(table, indent=indent), "utf-8")
        found = read_records(path, IDS)
        assert {name: outcome.record for name, outcome in found.items()} == table


def test_a_list_of_outputs(tmp_path: Path) -> None:
    path = file(tmp_path, [{"id": IDS[0], "record": RECORD}])
    assert set(read_records(path, IDS)) == {IDS[0]}


def test_gzipped_and_with_a_byte_order_mark(tmp_path: Path) -> None:
    line = b"\xef\xbb\xbf" + json.dumps({"id": IDS[0], "record": RECORD}).encode() + b"\n\n"
    path = tmp_path / "out.jsonl.gz"
    path.write_bytes(gzip.compress(line))
    assert read_records(path, IDS)[IDS[0]].record == RECORD


def test_an_error_is_a_failure(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        {"id": IDS[0], "error": {"type": "ValueError", "message": "no"}},
        {"id": IDS[1], "error": "it broke", "record": None},
    )
    found = read_records(path, IDS)
    assert [(f.type, f.message) for f in (o.failure for o in found.values()) if f] == [
        ("ValueError", "no"),
        ("Error", "it broke"),
    ]


def test_html_in_a_record_is_read_as_paragraphs(tmp_path: Path) -> None:
    record = {"body": {"$html": "<p>one <b>two</b></p><p hidden>no</p><p>three</p>"}}
    path = file(tmp_path, {"id": IDS[0], "record": record})
    assert read_records(path, IDS)[IDS[0]].record == {"body": ["one two", "three"]}


def test_ids_are_whole_ids_names_names_without_digest_and_urls(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        {"id": "alpha-0a1b2c3d", "record": RECORD},
        {"id": "beta", "record": RECORD},
        {"url": "https://a.example/g", "record": RECORD},
    )
    asked = []

    def urls() -> dict[str, str | None]:
        asked.append(1)
        return {IDS[0]: None, IDS[2]: "https://a.example/g"}

    assert set(read_records(path, IDS, urls)) == set(IDS)
    assert len(asked) == 1


def test_a_name_of_two_captures_is_neither(tmp_path: Path) -> None:
    path = file(tmp_path, {"id": "a", "record": RECORD}, {"id": "x/a-00000000", "record": RECORD})
    found = read_stored(path, ["x/a-00000000", "y/a-11111111"])
    assert (set(found.outcomes), found.unknown) == ({"x/a-00000000"}, ("a",))


def test_what_is_missing_and_what_is_of_other_pages_is_told(tmp_path: Path) -> None:
    path = file(tmp_path, {"id": "nobody", "record": RECORD}, {"id": IDS[1], "record": RECORD})
    found = read_stored(path, IDS)
    assert (found.missing, found.unknown) == ((IDS[0], IDS[2]), ("nobody",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("nonsense", "no valid JSON"),
        ("3", "no JSON object"),
        ("[3]", "item 1 is no object"),
        ('{"site/beta-11112222": "text"}', "is no object"),
        ('{"id": "x", "record": {}}\n[]\n', "line 2 is no JSON object"),
        ('{"id": "x", "record": {}}\n\n{"record": {}}\n', "line 3 has no text under"),
        ('{"id": "x", "record": {}}\n{"id": "y"}\n', "line 2 (y) has not one of"),
        ('{"id": "site/beta-11112222", "record": []}', "line 1 (site/beta-11112222): a record is"),
        ('{"id": "beta", "record": {"d": {"$date": "soon"}}}', "no value of $date"),
        ('{"id": "beta", "record": {}}\n{"id": "beta", "record": {}}', "two outputs of site/beta"),
        ('{"nobody": {"articleBody": ""}}', "has no output of any capture here"),
        ('{"a": ' * 2000, "it"),
        ("\xff\xfe", "no valid JSON"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line_that_names_the_place(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, "utf-8")
    with pytest.raises(HarnessError) as raised:
        read_records(path, IDS)
    message = str(raised.value)
    assert said in message
    assert str(path) in message
    assert "\n" not in message


def test_a_file_that_is_not_there_or_broken_off(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="cannot read"):
        read_records(tmp_path / "none.json", IDS)
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps({"id": IDS[0], "record": RECORD}).encode())[:-12])
    with pytest.raises(HarnessError, match="is broken"):
        read_records(path, IDS)


@given(data=st.binary(max_size=60))
def test_no_bytes_make_it_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(data)
    with pytest.raises(HarnessError):
        read_records(path, IDS)


def test_a_truth_file(tmp_path: Path) -> None:
    truth = {"p": {"articleBody": "text", "url": "https://a.example/"}}
    path = file(tmp_path, truth, name="truth.json")
    assert read_truth(path) == truth
    with pytest.raises(HarnessError, match="stands in it twice"):
        read_truth(file(tmp_path, {"id": "p", "record": {}}, {"id": "p", "record": {}}))
    with pytest.raises(HarnessError, match="it is empty"):
        read_truth(file(tmp_path, {}))
