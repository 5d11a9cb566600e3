"""Extractors are found by importing and looking; every way in which that fails is one line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.extraction import extractor
from harness.extraction.registry import find, find_extractors
from harness.invariants import BUILT_IN

ONE = """
from harness import extractor
@extractor({name!r})
def it(page):
    return {{"title": page.text("h1")}}
"""


@pytest.fixture(autouse=True)
def own_modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leaves neither modules nor paths behind."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def names(root: Path, *sources: str) -> list[str]:
    return [found.name for found in find_extractors(sources, root)]


def refused(root: Path, *sources: str) -> str:
    with pytest.raises(ConfigError) as error:
        find_extractors(sources, root)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_folder_a_file_and_a_function(tmp_path: Path) -> None:
    write(tmp_path, ex__b=ONE.format(name="b"), ex__sub__a=ONE.format(name="a"), ex__notes="")
    write(tmp_path, plain_functions="def Read_It(capture): return {}")
    write(tmp_path, alone=ONE.format(name="alone"))
    assert names(tmp_path, "ex") == ["a", "b"]
    assert names(tmp_path, "alone.py", "plain_functions:Read_It") == ["alone", "read_it"]


def test_a_package_is_looked_through_and_may_import_itself(tmp_path: Path) -> None:
    (tmp_path / "sites_package").mkdir()
    (tmp_path / "sites_package" / "__init__.py").write_text("")
    write(
        tmp_path,
        sites_package__shared="def title(page): return page.text('h1')",
        sites_package__a="from harness import extractor\nfrom .shared import title\n"
        "@extractor('a')\ndef a(page): return {'title': title(page)}",
    )
    assert names(tmp_path, "sites_package") == ["a"]
    assert names(tmp_path, "sites_package.a:a") == ["a"]


def test_the_same_extractor_in_two_modules_is_one(tmp_path: Path) -> None:
    write(tmp_path, first_module=ONE.format(name="a"), second_module="from first_module import it")
    assert names(tmp_path, "first_module", "second_module", "first_module:it") == ["a"]


def test_two_projects_may_have_files_of_the_same_name(tmp_path: Path) -> None:
    for project in ("one", "two"):
        write(tmp_path / project, ex__site=ONE.format(name=project))
    assert names(tmp_path / "one", "ex") == ["one"]
    assert names(tmp_path / "two", "ex") == ["two"]


def test_two_extractors_of_one_name_are_both_named(tmp_path: Path) -> None:
    write(tmp_path, ex__a=ONE.format(name="same"), ex__b=ONE.format(name="same"))
    said = refused(tmp_path, "ex")
    assert "two extractors are called 'same'" in said
    assert "ex.a:it" in said and "ex.b:it" in said and said.endswith("rename one")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nothing_here", "extractor source 'nothing_here' is no folder in {root} and no module;"),
        ("nothing/here.py", "extractor source 'nothing/here.py' is no Python file"),
        ("empty", "no extractor in 'empty'; decorate a function there"),
        ("json", "no extractor in 'json'; decorate"),
        ("json:", "extractor 'json:': json has no function ''"),
        ("json:no", "extractor 'json:no': json has no function 'no'"),
        ("nothing_here:f", "extractor source 'nothing_here:f' is no folder"),
    ],
)
def test_a_source_that_holds_no_extractor_is_named(tmp_path: Path, source: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path, source).startswith(said.format(root=tmp_path))


@pytest.mark.parametrize(
    ("code", "kind", "line"),
    [
        ("x = 1\ndef f(:\n", "SyntaxError: invalid syntax", 2),
        ("x = 1\n\0", "SyntaxError: source code string cannot contain null bytes", None),
        ("import sys\n\nsys.exit(0)", "SystemExit: 0", 3),
        ("import nonexistent_module", "ModuleNotFoundError: No module named 'nonexistent_", 1),
        ("raise ValueError('one\\ntwo')", "ValueError: one", 1),
        ("\nimport json\njson.loads('{')", "JSONDecodeError: Expecting property name", None),
        (
            "from harness import extractor\n@extractor('Bad Name')\ndef f(page): ...",
            "ConfigError: extractor name 'Bad Name': lower-case",
            2,
        ),
        (
            "from harness import extractor\n@extractor\ndef f(page): ...",
            'ConfigError: an extractor needs a name: write @extractor("site")',
            2,
        ),
        (
            "from harness import extractor\n@extractor('a', kinds={'t': 'txt'})\ndef f(p): ...",
            "ConfigError: extractor 'a': field 't' has kind 'txt'; kinds are text",
            2,
        ),
    ],
)
@pytest.mark.parametrize("package", [False, True])
def test_a_module_that_cannot_be_imported_is_named_with_its_line(
    tmp_path: Path, code: str, kind: str, line: int | None, package: bool
) -> None:
    write(tmp_path, broken_sites__site=code)
    if package:
        (tmp_path / "broken_sites" / "__init__.py").write_text("")
    said = refused(tmp_path, "broken_sites")
    source = "broken_sites" if package else "broken_sites/site.py"
    assert said.startswith(f"cannot import extractors from {source!r}: {kind}")
    if line:
        assert said.endswith(f"({tmp_path / 'broken_sites' / 'site.py'}:{line})")


def test_patterns_of_sites() -> None:
    @extractor("news", sites=["daily*", "other"])
    def news(_: object) -> object:
        return {}

    assert [s for s in ("daily8", "other", "others", "news") if news.handles(s)] == [
        "daily8",
        "other",
    ]


RULE = """
from harness.invariants import invariant
@invariant({name!r}, fault="glued")
def rule(it):
    return []
"""


def rules(root: Path, sources: list[str], beside: list[str]) -> list[str]:
    built_in = [each.name for each in BUILT_IN]
    _, found = find(beside, sources, root)
    assert [each.name for each in found][: len(built_in)] == built_in
    return [each.name for each in found][len(built_in) :]


def test_invariants_are_found_in_sources_of_their_own_and_beside_extractors(
    tmp_path: Path,
) -> None:
    write(tmp_path, ex__a=ONE.format(name="a") + RULE.format(name="near"))
    write(tmp_path, rules=RULE.format(name="far"))
    assert rules(tmp_path, [], ["ex"]) == ["near"]
    assert rules(tmp_path, ["rules.py"], ["ex"]) == ["near", "far"]
    assert names(tmp_path, "ex") == ["a"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nothing_here", "invariant source 'nothing_here' is no folder in {root} and no module;"),
        ("a.py", "no invariant in 'a.py'; decorate a function there with @invariant"),
        ("twice.py", "two invariants are called 'x', in _harness_files.ex.a and _harness_files.tw"),
        ("own.py", "two invariants are called"),
        ("wrong.py", "cannot import invariants from 'wrong.py': ConfigError: invariant 'x': no"),
    ],
)
def test_a_source_of_invariants_that_gives_none_is_refused(
    tmp_path: Path, source: str, said: str
) -> None:
    taken = BUILT_IN[0].name if BUILT_IN else "x"
    write(tmp_path, ex__a=ONE.format(name="a") + RULE.format(name="x"))
    write(tmp_path, a=ONE.format(name="b"), twice=RULE.format(name="x"))
    write(tmp_path, own=RULE.format(name=taken))
    write(tmp_path, wrong=RULE.format(name="x").replace("glued", "glue"))
    with pytest.raises(ConfigError) as error:
        find(["ex"], [source], tmp_path)
    assert str(error.value).startswith(said.format(root=tmp_path))
    assert "\n" not in str(error.value)
