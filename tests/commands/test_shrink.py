"""``harness shrink``: what is kept, written and said."""

from __future__ import annotations

import json
import shlex

import pytest

from tests.command_line import Call, one_line
from tests.commands.test_stress import GLUING, LONG
from tests.conftest import PAGE, Project

RAISING = """
from harness import extractor

@extractor("site")
def site(page):
    if page.first("table td"):
        raise ValueError(f"no cells, please, in {len(page.source)} characters")
    return {"title": page.text("h1"), "byline": None}
"""
RULE = """
from harness import extractor
from harness.invariants import Hit, invariant

@extractor("site")
def site(page):
    return {"title": page.text("h1"), "body": page.lines("article")}

@invariant("no-ferry", fault="wrong-block")
def no_ferry(it):
    for body in it.fields("body"):
        if "ferry" in body.text:
            yield Hit(body.path, "a ferry")

@invariant("no-harbour", fault="wrong-block", severity="warning")
def no_harbour(it):
    for body in it.fields("body"):
        if "harbour" in body.text:
            yield Hit(body.path, "a harbour")
"""


@pytest.fixture
def story(empty: Project) -> Project:
    """A capture whose body speaks of a ferry."""
    empty.add("alpha", LONG.format(title="alpha"))
    empty.write("page.html", LONG.format(title="file"))
    return empty


def answer(harness: Call, *words: str) -> dict[str, object]:
    done = harness("shrink", *words, "--output-format", "json")
    assert done.code == 1, done
    tree = json.loads(done.out)
    assert isinstance(tree, dict)
    return tree


def test_a_broken_relation_is_kept_and_its_command_works(story: Project, harness: Call) -> None:
    story.write("extractors/site.py", GLUING)
    done = answer(harness, "page.html", "-x", "site", "--mutation", "span-word:2")
    assert isinstance(done["to"], int) and done["to"] <= 200
    assert done["parses"] is True and done["reproduces"] is True and done["ended"] == "minimal"
    assert "--mutation span-word:2 --field body --fault glued" in str(done["command"])
    assert "body" in dict(done["before"]) and "body" in dict(done["after"])  # type: ignore[call-overload]
    assert (story.root / str(done["file"])).read_text() == done["source"]
    again = harness(*shlex.split(str(done["command"]))[1:])
    assert again.code == 1 and "became" in again.out


def test_what_is_raised_is_kept_without_being_asked_for(story: Project, harness: Call) -> None:
    story.write("extractors/site.py", RAISING)
    story.write("page.html", LONG.format(title="t") + "<table><tr><td>a<td>b</table>")
    done = answer(harness, "page.html", "-x", "site")
    assert done["source"] == "<table><tbody><tr><td></td></tr></tbody></table>"
    assert str(done["said"]).startswith("raises ValueError: no cells")
    assert str(done["command"]).endswith("-x site --raises")


def test_the_first_error_is_kept_where_nothing_is_raised(story: Project, harness: Call) -> None:
    story.write("extractors/site.py", RULE)
    story.write("harness.toml", 'extractors = ["extractors"]\n')
    done = answer(harness, "alpha", "-x", "site")
    assert done["source"] == "<article>ferry</article>"
    assert str(done["said"]).startswith("no-ferry: body")
    assert "--invariant no-ferry --field body --fault wrong-block" in str(done["command"])


def test_an_invariant_is_kept_by_name_warnings_too(story: Project, harness: Call) -> None:
    story.write("extractors/site.py", RULE)
    done = answer(harness, "page.html", "-x", "site", "--invariant", "no-harbour", "-o", "out.html")
    assert (story.root / "out.html").read_text() == "<article>harbour</article>" == done["source"]
    assert done["file"] == "out.html"


def test_for_people_page_sizes_records_and_command_are_shown(story: Project, harness: Call) -> None:
    story.write("extractors/site.py", GLUING)
    done = harness("shrink", "page.html", "-x", "site", "--mutation", "span-word")
    assert done.code == 1
    assert "→" in done.out and " tests" in done.out
    assert "before:" in done.out and "after:" in done.out
    assert "again: harness shrink .harness/shrunk/" in done.out
    assert "mutation: a span round words" in done.out


def test_unseen_characters_of_the_page_are_shown(story: Project, harness: Call) -> None:
    story.write("extractors/site.py", RAISING.replace("table td", "b"))
    story.write("page.html", "<p>\u202e<b>x</b></p>")
    done = harness("shrink", "page.html", "-x", "site", "--budget", "0")
    assert "⟨U+202E⟩" in done.out and "out of time" in done.out


def test_stdin_is_a_page(story: Project, harness: Call) -> None:
    story.write("extractors/site.py", RAISING)
    done = harness("shrink", "-", "-x", "site", stdin=PAGE.encode() + b"<table><td>")
    assert done.code == 1 and "<td></td>" in done.out


@pytest.mark.parametrize(
    "words",
    [
        ("page.html", "-x", "site"),
        ("page.html", "-x", "site", "--raises"),
        ("page.html", "-x", "site", "--mutation", "comments"),
        ("alpha", "-x", "site", "--mutation", "comments", "--fault", "glued"),
    ],
)
def test_a_page_that_does_not_fail_is_said_to_be_fine(
    story: Project, harness: Call, words: tuple[str, ...]
) -> None:
    story.write("extractors/site.py", GLUING)
    done = harness("shrink", *words)
    assert done.code == 0, done
    assert "there is nothing to shrink" in done.out
    assert not (story.root / ".harness/shrunk").exists()


def test_a_mutation_that_edits_nothing_of_the_page_is_told(story: Project, harness: Call) -> None:
    story.write("extractors/site.py", GLUING)
    story.write("page.html", "<b>x</b>")
    done = harness("shrink", "page.html", "-x", "site", "--mutation", "p-to-br")
    assert done.code == 0
    assert done.out == "p-to-br: nothing of page.html is edited by that; nothing to shrink\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("page.html", "-x", "sit"), "no extractor 'sit'; did you mean 'site'?"),
        (("page.html", "-x", "site", "--mutation", "zzz"), "no mutation 'zzz'; there are: "),
        (("page.html", "-x", "site", "--mutation", "comments:x"), "--mutation comments:x: a seed"),
        (("page.html", "-x", "site", "--invariant", "zzz"), "no invariant 'zzz'; there are"),
        (
            ("page.html", "-x", "site", "--raises", "--invariant", "a"),
            "choose one of --invariant, --mutation and --raises",
        ),
        (
            ("page.html", "-x", "site", "--fault", "wrong-blok"),
            "no class of faults 'wrong-blok'; did you mean 'wrong-block'?",
        ),
        (("page.html", "-x", "site", "--mutation", f"comments:{'1' * 5000}"), "--mutation comm"),
        (("nothing", "-x", "site"), "no capture matches 'nothing'"),
    ],
)
@pytest.mark.usefixtures("story")
def test_a_mistake_is_one_line(harness: Call, words: tuple[str, ...], said: str) -> None:
    assert one_line(harness("shrink", *words)).startswith(said)


def test_a_field_whose_role_is_configured_is_looked_at_as_in_a_check(
    story: Project, harness: Call
) -> None:
    story.write(
        "extractors/site.py",
        "from harness import extractor\nfrom harness.invariants import Hit, invariant\n"
        '@extractor("site")\ndef site(page):\n    return {"kop": page.text("h1")}\n'
        '@invariant("no-title", fault="wrong-block")\ndef no_title(it):\n'
        '    for field in it.fields("title"):\n        yield Hit(field.path, "a title")\n',
    )
    config = (story.root / "harness.toml").read_text()
    story.write("harness.toml", config + '\n[roles]\nkop = "title"\n')
    words = ("-x", "site", "--invariant", "no-title")
    assert answer(harness, "page.html", *words)["said"] == "no-title: kop: a title"
    assert answer(harness, "page.html", *words, "--field", "kop[0]")["fails"] is True
