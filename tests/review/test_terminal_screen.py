"""How a review looks in a terminal."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from harness.changes import changes_of
from harness.errors import HarnessError
from harness.model import Capture, CaseResult, Failure, Finding, Verdict
from harness.report.evidence import Evidence, gather
from harness.review.terminal.look import Look, wrapped
from harness.review.terminal.model import Room
from harness.review.terminal.page import lines_of
from harness.review.terminal.screen import Frame, screen
from tests.review.terminal_reviews import Reviewer, a_run, contradicted, doubted, edit, reviewing

ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\r\n\t\x00\u202etxt\ud800\u200b\U000e0041"
PAGE = """<!doctype html><title>T</title><nav>Home</nav><h1>A bridge opens</h1>
<p class=by>By Ada Lovelace</p><article><p>First.</p><p>Second.</p><p>Third.</p></article>
<footer>All rights reserved</footer>"""


def page_of(result: CaseResult, source: str = PAGE) -> Evidence:
    site, _, name = result.capture.partition("/")
    return gather(result, lambda _: Capture(site, name, source.encode(), "text/html"))


def shown(one: Reviewer, source: str = PAGE) -> Frame:
    return screen(one.review, one.state, one.look, lambda c: page_of(c.result, source))


def text(frame: Frame) -> str:
    return "\n".join(line.plain.rstrip() for line in frame.lines)


def assert_fits(frame: Frame, look: Look) -> None:
    assert len(frame.lines) == look.height
    for line in frame.lines:
        assert cell_len(line.plain) <= look.width, line.plain
        bad = [char for char in line.plain if unicodedata.category(char) in ("Cc", "Cs")]
        assert not bad, line.plain


def test_a_change_is_shown_with_its_words_its_place_and_what_to_do() -> None:
    one = reviewing(a_run([edit("site/a")]))
    said = text(shown(one))
    assert "1 of 1 capture drifted" in said
    assert "0/1 decided" in said
    assert "open changed byline site/a" in said
    assert "[-By -]Ada Lovelace" in said
    assert "3 [was byline: By ][byline: Ada Lovelace]" in said
    assert "2 A bridge opens" in said
    assert "harness check site/a" in said
    assert "a accept  r reject" in said


def test_the_text_of_a_page_that_a_field_lost_is_marked_where_it_stands() -> None:
    made = edit("site/a", "body", old="First.", new="Third.")
    told = [line.plain for line in lines_of(changes_of(made)[0], page_of(made))]
    assert "4 [was body: First.]" in told
    assert "6 [body: Third.]" not in told or len(told) > 1


def test_a_text_that_is_not_on_the_page_says_so() -> None:
    made = edit("site/a", old="Nobody", new="Somebody")
    told = [line.plain for line in lines_of(changes_of(made)[0], page_of(made))]
    assert told == ["this text is not among what a reader sees of the page"]


def test_a_finding_shows_the_line_that_it_points_to() -> None:
    finding = Finding("inv", "byline", "error", "glued", "said", "First.", place=(3, 0, 6))
    change = changes_of(replace(doubted("site/a"), findings=(finding,)))[0]
    told = [line.plain for line in lines_of(change, page_of(change.result))]
    assert any(line.startswith("4 ") and "First." in line for line in told)
    beyond = replace(finding, place=(99, 0, 1))
    change = changes_of(replace(doubted("site/a"), findings=(beyond,)))[0]
    assert list(lines_of(change, page_of(change.result)))


def test_a_page_of_one_line_of_megabytes_is_shown_around_the_mark() -> None:
    one = reviewing(a_run([edit("site/a")]))
    source = f"<p>{'x ' * 500_000} By Ada Lovelace {'y ' * 500_000}</p>"
    frame = shown(one, source)
    assert "[byline: Ada Lovelace]" in " ".join(text(frame).split())
    assert frame.room.last < 30


def test_a_capture_that_is_gone_is_said_in_its_place() -> None:
    one = reviewing(a_run([edit("site/a")]))

    def gone(_: object) -> Evidence:
        raise HarnessError("corpus/site/a: its digest is wrong")

    frame = screen(one.review, one.state, one.look, gone)
    assert "the capture cannot be shown: corpus/site/a: its digest is wrong" in text(frame)
    assert "[-By -]Ada Lovelace" in text(frame)


def test_two_columns_become_one_where_they_are_too_narrow() -> None:
    one = reviewing(a_run([edit("site/a")]))
    one.press("d")
    assert "- By Ada Lovelace" in one.text
    assert " | + Ada Lovelace" in one.text
    one.look = Look(40, 24)
    assert " | " not in one.text
    one.press("d")
    assert "- By Ada Lovelace" in one.text and "+ Ada Lovelace" not in one.text
    one.press("d")
    assert "+ Ada Lovelace" in one.text and "- By" not in one.text


def test_white_space_that_changed_is_visible() -> None:
    one = reviewing(a_run([edit("site/a", old="\u00a0\t\nAda", new="Ada")]))
    assert "⟨U+00A0⟩⇥⏎" in one.text


def test_what_is_new_shows_its_record() -> None:
    record = {"title": "A bridge", "body": ["One.", "Two."], "byline": None}
    one = reviewing(a_run([CaseResult("site/n", "site", Verdict.NEW, record=record)]))
    assert "title: A bridge" in one.text
    assert "byline: nothing" in one.text


def test_what_others_of_the_field_wait_for_is_said() -> None:
    both = edit("site/a", "related[0].byline")
    other = edit("site/a", "related[1].byline")
    one = reviewing(a_run([replace(both, fields=(*both.fields, *other.fields))]))
    assert "related is written when all 2 changes in it are accepted" in one.text


def test_a_golden_is_approved_and_not_accepted() -> None:
    one = reviewing(a_run([contradicted("site/g")]))
    assert "a approve  r reject" in one.text
    assert "differs from the golden" in one.text


@given(st.integers(1, 140), st.integers(1, 50), st.sampled_from([*"jn?/d", "enter"]))
def test_every_screen_is_filled_and_nothing_stands_out(width: int, height: int, key: str) -> None:
    wide = edit("site/b", old="漢字" * 60, new="漢字かな" * 40 + "e\u0301" * 30)
    one = reviewing(a_run([edit("site/a"), wide, doubted("site/c")]), look=Look(width, height))
    one.press(key, " ", key)
    assert_fits(shown(one), one.look)


def test_where_nothing_can_be_read_nothing_is_decided_about() -> None:
    assert not screen_of(19, 24).readable
    assert not screen_of(80, 7).readable
    assert screen_of(20, 8).readable


def screen_of(width: int, height: int) -> Frame:
    one = reviewing(a_run([edit("site/a")]), look=Look(width, height))
    return one.frame


def test_no_escape_sequence_of_a_page_or_a_record_reaches_the_terminal() -> None:
    bad = edit(
        f"site/{ESCAPES}",
        f"by{ESCAPES}",
        old=f"By {ESCAPES}Ada",
        new=f"{ESCAPES}Ada",
        category=ESCAPES,
    )
    failure = Failure(f"V{ESCAPES}", ESCAPES, ESCAPES)
    failed = CaseResult(f"site/f{ESCAPES}", "site", Verdict.ERROR, failure=failure)
    broken = CaseResult("site/p", "site", Verdict.ERROR, problem=ESCAPES)
    finding = Finding(ESCAPES, ESCAPES, "error", ESCAPES, ESCAPES, ESCAPES)
    doubt = replace(doubted("site/d"), findings=(finding,))
    new = CaseResult("site/n", "site", Verdict.NEW, record={ESCAPES: ESCAPES})
    one = reviewing(a_run([bad, failed, broken, doubt, new]), by=ESCAPES)
    source = f"<p>{ESCAPES}By Ada {ESCAPES}</p>".encode("utf-8", "replace").decode()
    for _ in one.review.changes:
        for key in ("d", "d", "d", "d", "enter", "escape", "A", "escape", "/", "escape", "j"):
            one.press(key)
            assert_fits(shown(one, source), one.look)
    one.press("/", f"paste:{ESCAPES}", "enter")
    assert_fits(shown(one, source), one.look)


@given(st.text(st.characters(categories=None), max_size=60), st.integers(2, 40))
def test_wrapping_loses_no_character(said: str, width: int) -> None:
    from rich.text import Text

    from harness.review.terminal.look import shown as made

    look = Look(width)
    lines = wrapped(made(Text(said), look), width)
    assert all(cell_len(line.plain) <= max(width, 2) for line in lines)
    joined = "".join(line.plain for line in lines)
    assert "".join(joined.split()) == "".join(made(Text(said), look).plain.split())


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_what_the_terminal_cannot_write_is_written_as_something_else(encoding: str) -> None:
    one = reviewing(
        a_run([edit("site/a", old="漢字 é…", new="é… \u202e")]), look=Look(60, 20, encoding)
    )
    for key in ("d", "enter", "escape", "?"):
        one.press(key)
        frame = shown(one)
        assert_fits(frame, one.look)
        text(frame).encode(encoding)
    one.press("escape")
    assert "\\u6f22\\u5b57" in text(shown(one))


def test_more_than_fits_is_announced_and_can_be_scrolled_to() -> None:
    long = edit("site/a", "body", old="word " * 900 + "old", new="text " * 900 + "new")
    one = reviewing(a_run([long]), look=Look(60, 16))
    assert "more lines: space" in one.text
    for _ in range(100):
        one.press(" ")
    assert "more line" not in one.text
    assert "harness accept site/a" in one.text
    assert one.frame.room == Room(one.frame.room.page, one.state.scroll)
    one.press("home")
    assert one.state.scroll == 0


def test_a_hunk_of_ten_thousand_pieces_is_not_laid_out_whole() -> None:
    made = edit("site/a")
    diff = made.fields[0].diff
    pieces = diff.hunks[0].pieces * 10_000
    diff = replace(diff, hunks=(replace(diff.hunks[0], pieces=pieces),) * 100)
    one = reviewing(a_run([edit("site/a")]))
    change = replace(one.at, found=replace(made.fields[0], diff=diff))
    clusters = (replace(one.review.clusters[0], changes=(change,)),)
    frame = screen(replace(one.review, clusters=clusters), one.state, one.look, lambda _: None)
    assert frame.room.last < 2_000
