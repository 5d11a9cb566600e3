"""``harness compare``: what it says, writes and refuses."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.command_line import Call, fill, one_line
from tests.conftest import Project

SIDES = """
from harness import Page

def read(page):
    return {"title": page.text("h1"), "byline": page.text(".by"), "body": page.lines("article p")}

def now(capture):
    return read(Page(capture))

def shorter(capture):
    record = now(capture)
    return {**record, "body": record["body"][:1]} if b"alpha" in capture.body else record

def spaced(capture):
    record = now(capture)
    return {**record, "title": record["title"] + "  ", "byline": "Writer A."}

def fragile(capture):
    if b"beta" in capture.body:
        raise KeyError("author")
    return now(capture)

def broken_off(capture):
    if b"beta" in capture.body:
        raise KeyboardInterrupt
    return now(capture)
"""
pytestmark = pytest.mark.usefixtures("pages")

GOLDEN = {"trust": "reviewed", "by": "", "at": "", "contains": [], "excludes": []}


@pytest.fixture
def pages(empty: Project) -> list[str]:
    """Three captures, one of them with a golden, and a module of functions to compare."""
    empty.write("sides.py", SIDES)
    ids = fill(empty, "alpha", "beta", "gamma")
    body = [
        "First paragraph of alpha.",
        "The second paragraph says a little more.",
        "The third one ends it.",
    ]
    golden = {**GOLDEN, "fields": {"body": body}}
    empty.write(f"corpus/{ids[0]}/golden.json", json.dumps(golden))
    return ids


def sentence(out: str) -> str:
    return out.rstrip("\n").splitlines()[-1]


def test_two_functions_are_compared_and_the_loss_is_told(
    pages: list[str], empty: Project, harness: Call
) -> None:
    done = harness("compare", "sides:now", "sides:shorter")
    assert done.code == 1, done
    assert f"worse {pages[0]}" in done.out
    assert "the last 2 of 3 paragraphs are lost [truncated] worse −" in done.out
    assert sentence(done.out).startswith(
        "sides:now → sides:shorter on 3 captures: body better on 0, worse on 1 (worst "
    )
    assert str(empty.root / ".harness/compare.html") in done.out
    page = (empty.root / ".harness/compare.html").read_text("utf-8")
    assert page.startswith("<!doctype html>") and "<script" not in page
    assert (empty.root / ".harness/.gitignore").exists()


def test_the_json_is_the_documented_one(pages: list[str], empty: Project, harness: Call) -> None:
    done = harness("compare", "sides:now", "sides:shorter", "--output-format", "json")
    told = json.loads(done.out)
    assert told == json.loads((empty.root / ".harness/compare.json").read_text())
    assert told["format"] == "harness-compare/1"
    assert told["sides"]["a"]["label"] == "sides:now" and told["sides"]["a"]["measured"] == 3
    assert told["counts"] == {
        "worse": 1, "unsure": 0, "neutral": 0, "better": 0, "unchanged": 2,
    }  # fmt: skip
    (page,) = told["pages"]
    assert (page["capture"], page["verdict"], page["basis"]) == (pages[0], "worse", "golden")
    assert page["body"]["f1_a"] == 1.0 and page["body"]["tokens_removed"] == 12
    (field,) = page["fields"]
    assert {
        "field",
        "category",
        "verdict",
        "confidence",
        "delta",
        "basis",
        "reasons",
        "summary",
    } <= {*field}
    assert page["delta"] == field["delta"] == pytest.approx(page["body"]["f1_b"] - 1, abs=1e-5)
    assert told["statistics"]["body"]["goldens"] == 1
    assert told["sentence"].endswith(".") and told["clusters"] == []


def test_neutral_changes_are_named_and_do_not_fail(harness: Call) -> None:
    done = harness("compare", "sides:now", "sides:spaced")
    assert done.code == 0, done
    assert sentence(done.out).endswith("no body token changed on any of 3 pages.")
    assert "byline changed on 3 pages, and means the same" in done.out
    assert "3 pages prove little: up to 63 % of pages may still be worse" in done.out
    assert harness("compare", "sides:now", "sides:spaced", "--fail-on", "changed").code == 1
    assert harness("compare", "sides:now", "sides:shorter", "--fail-on", "never").code == 0


def test_a_repair_is_better_and_does_not_fail(harness: Call) -> None:
    done = harness("compare", "sides:shorter", "sides:now")
    assert done.code == 0, done
    assert "1 page better" in done.out


def test_an_error_is_worse_than_a_record(harness: Call) -> None:
    done = harness("compare", "sides:now", "sides:fragile")
    assert done.code == 1
    assert "the new side gives no record on 1 page: it raises" in done.out
    assert "raises KeyError: 'author'" in done.out


def test_fields_and_captures_are_chosen(harness: Call) -> None:
    assert harness("compare", "sides:now", "sides:shorter", "--field", "title").code == 0
    some = harness("compare", "sides:now", "sides:shorter", "gamma")
    assert some.code == 0 and "on 1 capture: every record is the same." in some.out


def test_stored_records_of_both_sides_need_no_extractor(
    pages: list[str], empty: Project, harness: Call
) -> None:
    for name, body in (("old", ["One.", "Two."]), ("new", ["One."])):
        lines = [json.dumps({"capture": each, "record": {"body": body}}) for each in pages]
        empty.write(f"{name}.jsonl", "\n".join(lines))
    (empty.root / "harness.toml").unlink()
    done = harness("compare", "old.jsonl", "new.jsonl", "--corpus", "corpus")
    assert "old.jsonl → new.jsonl on 3 captures" in sentence(done.out)
    assert "median time" not in done.out, "nothing was run"
    assert "body [lost] on 3 pages: lost 'Two.'" in done.out


def test_a_plain_folder_of_pages_is_a_corpus(empty: Project, harness: Call) -> None:
    empty.write("saved/a.html", "<h1>x</h1><article><p>alpha one</p><p>two</p></article>")
    empty.write("saved/deep/b.html", "<h1>y</h1><article><p>one</p></article>")
    done = harness(
        "compare", "sides:now", "sides:shorter", "--corpus", "saved", "--output-format", "json"
    )
    told = json.loads(done.out)
    assert told["captures"] == 2 and set(told["sites"]) == {"saved", "deep"}
    assert [page["site"] for page in told["pages"]] == ["saved"]


def test_github_gets_annotations_and_a_summary(
    pages: list[str], empty: Project, harness: Call
) -> None:
    target = empty.write("summary.md", "")
    done = harness(
        "compare", "sides:now", "sides:shorter", "--output-format", "github",
        GITHUB_STEP_SUMMARY=str(target),
    )  # fmt: skip
    assert done.out.startswith(f"::warning title=worse%3A {pages[0]}::body: the last 2 of 3")
    assert sentence(done.out).startswith("sides:now → sides:shorter")
    text = target.read_text("utf-8")
    assert text.startswith("### sides:now → sides:shorter") and f"**worse** `{pages[0]}`" in text


def test_ctrl_c_keeps_what_was_compared_and_says_so(empty: Project, harness: Call) -> None:
    done = harness("compare", "sides:now", "sides:broken_off")
    assert done.code == 2
    assert "interrupted after 1 of 3 captures" in done.err
    assert sentence(done.out).startswith("interrupted, 1 of 3 captures:")
    assert json.loads((empty.root / ".harness/compare.json").read_text())["interrupted"]


def test_the_report_goes_where_it_is_asked_to(empty: Project, harness: Call) -> None:
    harness("compare", "sides:now", "sides:shorter", "--report", "out/c.html")
    assert (empty.root / "out/c.html").exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("nobody", "sides:now"), "no extractor 'nobody'"),
        (("sides:now", "gone.jsonl"), "no file gone.jsonl"),
        (("sides:now", "sides:shorter", "zzz"), "no capture that both sides are for matches 'zzz'"),
        (("sides:now", "sides:shorter", "--corpus", "nowhere"), "no folder nowhere"),
        (("sides:now", "sides:shorter", "--field", "titel"), "did you mean 'title'?"),
        (("sides:now", "empty.jsonl"), "empty.jsonl holds no stored outputs"),
    ],
)
def test_a_mistake_is_one_line(
    empty: Project, harness: Call, words: tuple[str, ...], expected: str
) -> None:
    empty.write("empty.jsonl", "")
    assert expected in one_line(harness("compare", *words))


def test_two_sides_that_give_no_record_at_all_are_no_comparison(
    empty: Project, harness: Call
) -> None:
    empty.write("broken.py", "def extract(capture):\n    raise KeyError('author')\n")
    done = harness("compare", "broken:extract", "broken:extract")
    assert done.code == 2
    assert "neither side gives a record of any capture: KeyError: 'author'" in one_line(done)


def test_a_capture_that_cannot_be_read_is_a_mistake(
    pages: list[str], empty: Project, harness: Call
) -> None:
    next((empty.root / "corpus" / pages[0]).glob("page.*")).write_text("other")
    done = harness("compare", "sides:now", "sides:now")
    assert done.code == 2
    assert "1 of 3 captures could not be compared; " + pages[0] in done.err


def test_a_fields_name_begins_no_line_of_its_own(empty: Project, harness: Call) -> None:
    source = 'def {0}(capture):\n    return {{"title\\n::error::x": "{0}"}}\n'
    empty.write("named.py", source.format("one") + source.format("two"))
    done = harness("compare", "named:one", "named:two", "--fail-on", "never")
    assert done.code == 0, done
    assert "::error::x" in done.out and "\n::error" not in done.out


def test_extractors_of_other_sites_have_no_capture_in_common(empty: Project, harness: Call) -> None:
    source = (empty.root / "extractors/site.py").read_text().replace('"site"', '"other"')
    empty.write("extractors/other.py", source)
    assert "no capture" in one_line(harness("compare", "site", "other"))


def test_one_extractor_at_two_revisions(pages: list[str], empty: Project, harness: Call) -> None:
    def git(*words: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", *words],
            cwd=empty.root,
            check=True,
            capture_output=True,
        )

    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", "before")
    path = empty.root / "extractors/site.py"
    path.write_text(path.read_text().replace('"article p"', '"article p:first-child"'))
    git("commit", "-qam", "after")
    done = harness("compare", "site@HEAD~1", "site@HEAD")
    assert done.code == 1, done
    assert sentence(done.out).startswith("site@HEAD~1 → site@HEAD on 3 captures: body better on 0")
    assert f"worse {pages[0]}" in done.out
