"""The line of a field in a stored file, however that file is laid out."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import records
from harness.model import Hunk, Tree
from harness.report.lines import line_of, lines_of, within
from tests.trees import AWKWARD

leaves = st.sampled_from([*AWKWARD, "\\", '"', "{", "]", '\\"', "a: b, [c]"])
keys = st.sampled_from(["title", "body", "a b", 'q"u', "back\\slash", "é", "x"])
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(keys, inner, max_size=4),
        inner.map(lambda item: {"$tuple": [item]}),
    ),
    max_leaves=12,
)


def marked(tree: Tree, path: str, found: dict[str, str]) -> Tree:
    """The tree with every text told apart; which text stands at which path goes to ``found``."""
    if isinstance(tree, list):
        return [marked(item, f"{path}[{i}]", found) for i, item in enumerate(tree)]
    if isinstance(tree, dict):
        return {
            key: marked(value, path if key.startswith("$") else f"{path}.{key}", found)
            for key, value in tree.items()
        }
    found[path] = f"<{len(found)}>"
    return f"{tree}{found[path]}"


def layouts(tree: Tree) -> Iterator[str]:
    text = records.dumps(tree)
    yield text
    yield text.replace("\n", "\r\n")
    yield json.dumps(tree)
    yield json.dumps(tree, indent=8, separators=(" ,", " :\n "))


@given(trees)
def test_every_text_stands_on_the_line_that_is_named(tree: Tree) -> None:
    found: dict[str, str] = {}
    made = {"record": marked(tree, "record", found), "against": "x"}
    for text in layouts(made):
        lines = lines_of(text)
        for path, text_there in found.items():
            rest = "\n".join(text.split("\n")[lines[path] - 1 :])
            # Named values may stand one line below their name.
            assert text_there in "\n".join(rest.split("\n")[:2]), (path, text)
            before = "\n".join(text.split("\n")[: lines[path] - 1])
            assert text_there not in before


@given(st.text(st.sampled_from('{}[]",:\\\n a1'), max_size=60))
def test_any_file_at_all_is_read_to_its_end(text: str) -> None:
    last = text.count("\n") + 1
    assert all(1 <= line <= last for line in lines_of(text).values())


def test_what_is_not_there_has_the_line_of_what_it_would_stand_in() -> None:
    lines = lines_of('{\n"record": {\n"title": "t",\n"related": [\n{\n"body": []}]}}')
    assert line_of(lines, "record.title") == 3
    assert line_of(lines, "record.related[0].body[7]") == 6
    assert line_of(lines, "record.related[9].byline") == 4
    assert line_of(lines, "record.byline") == 2
    assert line_of(lines, "fields.byline") == 1
    assert line_of({}, "") == line_of({}, "a.b[1]") == 1


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
def test_a_file_of_brackets_costs_no_memory(opening: str) -> None:
    assert len(lines_of(opening * 100_000)) < 1000


def test_a_paragraph_has_its_own_line() -> None:
    assert within("body", Hunk("paragraph 3 of 9", ())) == "body[2]"
    assert within("body", Hunk("new paragraph 3", ())) == "body"
    assert within("title", None) == "title"
