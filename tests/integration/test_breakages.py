"""Twelve ways in which people break the reference extractor, and what they are told.

Each is an edit of its source, run by ``harness check`` and by ``pytest`` as processes of their own
over the user's capture, its HTML twin and some of its family.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.conftest import REPOSITORY, Project

SOURCE = (REPOSITORY / "harness" / "extractors" / "daily8.py").read_text("utf-8")
FAMILY = ("russia-warns", "who-moved", "onion-growers")
TWIN = "daily8/russia-warns-us-south-korea-and-japan-html-98ca608c"
BODY = 'page.lines(".article-body")'


@dataclass(frozen=True)
class Breakage:
    """An edit (old source, new source), and the field, category and words it must be told in."""

    name: str
    edit: tuple[str, str]
    field: str
    category: str
    says: str
    capture: str = TWIN


BREAKAGES = [
    Breakage(
        "a lost paragraph",
        (BODY, 'page.lines(".article-body p:not(:nth-of-type(3))")'),
        "body",
        "lost",
        "paragraph 3 of 9 lost 'Kim during the meeting",
    ),
    Breakage(
        "byline glued to its age",
        ('page.text(".article-meta .source")', 'page.text(".article-meta")'),
        "byline",
        "glued",
        "'21 hours ago' of timestamp is glued to it",
    ),
    Breakage(
        "Read More kept",
        ('line.removesuffix("Read More")', "line"),
        "related[2].body",
        "chrome",
        "page chrome leaked in: 'Read More'",
    ),
    Breakage(
        "a card's body taken as the article's",
        (BODY, 'page.lines(".card-body")[:1]'),
        "body",
        "misplaced",
        "now holds the text of related[0].body",
    ),
    Breakage(
        "an off-by-one hour",
        (
            "return parse(label,",
            (
                "n = label and next((w for w in label.split() if w.isdigit()), None)\n"
                "    label = label.replace(n, str(int(n) - 1)) if n else label\n"
                "    return parse(label,"
            ),
        ),
        "timestamp",
        "value",
        "'21 hours ago' → '20 hours ago'",
    ),
    Breakage(
        "curly quotes straightened",
        (
            "return [text for text in texts if",
            (
                """return [text.translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})"""
                " for text in texts if"
            ),
        ),
        "body",
        "punctuation",
        "only punctuation or quotes differ",
        "daily8/who-moved-the-mango-caracas-street-festival-puts-its-saints-html-8f176c56",
    ),
    Breakage(
        "a lost space",
        (
            "return [text for text in texts if",
            'return [text.replace("foreign minister", "foreignminister") for text in texts if',
        ),
        "body",
        "glued",
        "lost space: 'foreignminister'",
    ),
    Breakage(
        "title doubled",
        ('"title": page.text("main h1")', '"title": (page.text("main h1") or "") * 2'),
        "title",
        "duplicated",
        "stands twice: 'Russia warns US",
    ),
    Breakage(
        "a card dropped",
        ('page.css("main article.card")', 'page.css("main article.card")[1:]'),
        "related",
        "lost",
        "lost record 1 of 3: 'Ukraine's front-line farms",
    ),
    Breakage(
        "cards reordered",
        ('page.css("main article.card")', 'page.css("main article.card")[::-1]'),
        "related",
        "reordered",
        "3 records in another order",
    ),
    Breakage(
        "chrome leaked",
        (BODY, 'page.lines(".article-body, .ai-box")'),
        "body",
        "chrome",
        "text of the page around the article leaked in",
    ),
    Breakage(
        "body cut at 1,000 characters",
        (BODY, f"chr(10).join({BODY})[:1000].split(chr(10))"),
        "body",
        "truncated",
        "cut after 1,0",
    ),
]


@pytest.fixture
def family(new_project: Callable[[], Project]) -> Project:
    """The user's capture and some of its family, with what was accepted of them."""
    project = new_project()
    shutil.rmtree(project.root / "extractors")
    project.write("extractors/daily8.py", SOURCE)
    for folder in (REPOSITORY / "corpus" / "daily8").iterdir():
        if folder.name.startswith(FAMILY):
            shutil.copytree(folder, project.root / "corpus" / "daily8" / folder.name)
            accepted = REPOSITORY / "snapshots" / "daily8" / "daily8" / f"{folder.name}.json"
            project.write(f"snapshots/daily8/daily8/{accepted.name}", accepted.read_bytes())
    return project


def test_nothing_is_told_of_an_extractor_that_was_not_broken(family: Project) -> None:
    done = family.run("harness", "check", "--update", "none")
    assert (done.code, done.out.splitlines()[0]) == (0, "all 6 captures pass")


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.name)
def test_a_broken_extractor_is_told_by_check_and_by_pytest(
    family: Project, breakage: Breakage
) -> None:
    old, new = breakage.edit
    assert SOURCE.count(old) >= 1, "the edit no longer fits the extractor"
    family.write("extractors/daily8.py", SOURCE.replace(old, new, 1))

    checked = family.run("harness", "check")
    run = json.loads((family.root / ".harness" / "run.json").read_text())
    tested = family.run("pytest", "-q", "-p", "no:randomly")

    assert checked.code == 1
    results = {result["capture"]: result for result in run["results"]}
    told = {r["diff"]["field"]: r["diff"] for r in results[breakage.capture]["fields"]}
    assert told[breakage.field]["category"] == breakage.category
    assert breakage.says in told[breakage.field]["summary"]
    first_line = f"{breakage.field}: {told[breakage.field]['summary']} [{breakage.category}]"
    assert f"  {first_line}" in checked.out.splitlines()

    assert tested.code == 1
    assert f"[{breakage.field}] _" in tested.out, "the subtest has the field's name"
    assert first_line in tested.out.splitlines()
    report = (family.root / ".harness" / "report.html").read_text("utf-8")
    assert breakage.capture in report
