"""``harness extract``: a record, and what it leaves unclaimed."""

from __future__ import annotations

import json

import pytest

from tests.command_line import Call, one_line
from tests.conftest import PAGE, Project


def test_a_file_as_json(empty: Project, harness: Call) -> None:
    empty.write("saved page.html", PAGE.format(title="alpha"))
    done = harness("extract", "saved page.html", "-x", "site", "--output-format", "json")
    assert (done.code, done.err) == (0, "")
    tree = json.loads(done.out)
    assert set(tree) == {"capture", "extractor", "record", "unclaimed", "findings"}
    assert (tree["capture"], tree["extractor"]) == ("saved page.html", "site")
    assert tree["record"]["title"] == "alpha"
    assert "All rights reserved" in tree["unclaimed"]
    assert "alpha" not in tree["unclaimed"]
    assert tree["findings"] == []


def test_where_each_text_stands(empty: Project, harness: Call) -> None:
    empty.write("page.html", PAGE.format(title="alpha"))
    done = harness("extract", "page.html", "-x", "site", "--where", "--output-format", "json")
    places = json.loads(done.out)["provenance"]
    assert set(places["title"][0]) >= {"kind", "path", "start", "end", "fragility"}
    assert places["title"][0]["path"] == "h1"
    shown = harness("extract", "page.html", "-x", "site", "--where").out
    assert "where it stands:" in shown
    assert "  title: h1  semantic" in shown


def test_standard_input_and_several_captures_are_a_line_each(ids: list[str], harness: Call) -> None:
    page = PAGE.format(title="piped").encode()
    done = harness("extract", "-", "site", "-x", "site", "--output-format", "json", stdin=page)
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert [line["capture"] for line in lines] == ["-", *ids]
    assert lines[0]["record"]["title"] == "piped"


def test_for_people(ids: list[str], harness: Call) -> None:
    done = harness("extract", "alpha")
    assert done.code == 0
    assert f"{ids[0]} by site" in done.out
    assert "  title: alpha" in done.out
    assert "  body: (3)" in done.out
    assert "unclaimed text, 2 lines:" in done.out


def test_a_failure_has_its_traceback_and_exits_with_1(empty: Project, harness: Call) -> None:
    empty.write("page.html", "<p>no heading")
    path = empty.root / "extractors" / "site.py"
    path.write_text(path.read_text().replace("return", "raise ValueError('\\ud800'); return"))
    done = harness("extract", "page.html", "-x", "site", "--output-format", "json")
    tree = json.loads(done.out)
    assert done.code == 1
    assert tree["error"]["type"] == "ValueError" and "record" not in tree
    done = harness("extract", "page.html", "-x", "site")
    assert done.code == 1 and "ValueError: ⟨U+D800⟩" in done.out


def test_a_record_of_odd_characters_can_be_shown(empty: Project, harness: Call) -> None:
    data = b'{"h1": "\\ud800 \\u202e \\u0000"}'
    empty.write("page.json", data)
    empty.write(
        "extractors/blob.py",
        "from harness import extractor\n@extractor('blob')\ndef blob(page):\n"
        "    return {'title': page.data['h1'], 'items': [{'a': '\\ud801'}], 't': ('x', 1)}\n",
    )
    assert "⟨U+D800⟩" in harness("extract", "page.json", "-x", "blob").out
    done = harness("extract", "page.json", "-x", "blob", "--output-format", "json")
    assert json.loads(done.out)["record"]["title"] == "\ud800 \u202e \0"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("page.html",), "page.html is a file: name its extractor with -x; there are: site"),
        (("page.html", "-x", "sit"), "no extractor 'sit'; did you mean 'site'?"),
        (("pgae.html", "-x", "site"), "no file 'pgae.html', and no capture matches it"),
        (("-",), "- is a file"),
        ((".", "-x", "site"), "no file '.', and no capture matches it"),
        (("x" * 5000, "-x", "site"), "no file 'xxx"),
        (("a\0b", "-x", "site"), "no file 'a⟨U+0000⟩b'"),
    ],
)
def test_mistakes_are_one_line(
    empty: Project, harness: Call, words: tuple[str, ...], said: str
) -> None:
    empty.write("page.html", "<h1>x")
    empty.add("a", "<h1>x")
    assert one_line(harness("extract", *words)).startswith(said)


def test_a_time_needs_its_offset(empty: Project, harness: Call) -> None:
    empty.write("page.html", "<h1>x")
    words = ("extract", "page.html", "-x", "site", "--captured-at")
    assert harness(*words, "2026-03-01T08:00:00Z").code == 0
    assert harness(*words, "2026-03-01T08:00:00").code == 2
