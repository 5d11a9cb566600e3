"""Words and characters of texts are held against the page's, one by one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.invariants.story import (
    BODY,
    LAST,
    LEDE,
    SECOND,
    TITLE,
    errors,
    faults,
    found,
    page,
    with_text,
)

PERSIAN = "او می\u200cخواهد کتاب\u200cها را در روزهای آینده به کتابخانهٔ شهر بازگرداند و برود."
HEBREW = "הספינה \u200fיצאה\u200f מן הנמל בשעה שמונה בערב, כפי שנקבע בלוח הזמנים של החורף."


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (SECOND.replace("said Marta", "saidMarta"), "glued"),
        (SECOND.replace("hospital", "hosp ital"), "split"),
        (SECOND.replace("Marta Lind, ", ""), "inline-lost"),
        (SECOND.replace("412", "413"), "invented"),
        (SECOND.replace("Marta Lind", "Martin Lund"), "invented"),
        (SECOND.replace("hospital", "None"), "literal"),
        (SECOND.replace("“", '"'), "quotes"),
        (SECOND.replace("“", '"').replace("”", '"').replace("—", "-"), "quotes"),
        (SECOND.upper(), "case"),
        (SECOND.replace("Marta", "marta"), "case"),
        (SECOND.replace("—", "&mdash;"), "markup"),
        (SECOND.replace("Marta Lind", "<b>Marta Lind</b>"), "markup"),
        (SECOND.replace("“", "\\u201c"), "markup"),
        (SECOND.encode().decode("cp1252", "replace"), "charset"),
        (SECOND.replace("“", "\ufffd"), "charset"),
        (SECOND.replace("hospital", "hos\u200bpital"), "unseen-characters"),
        (SECOND.replace("hospital", "hos\u00adpital"), "unseen-characters"),
        (SECOND + "\x00", "unseen-characters"),
        (SECOND.replace("hospital", "\u202ehospital"), "bidi"),
    ],
)
def test_each_harm_to_a_paragraph_is_named_and_an_error(text: str, fault: str) -> None:
    assert fault in faults(with_text(1, text))


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (PERSIAN, PERSIAN.replace("\u200c", ""), "unseen-characters"),
        (HEBREW, HEBREW.replace("\u200f", ""), "bidi"),
    ],
)
def test_signs_that_a_script_needs_are_kept(right: str, wrong: str, fault: str) -> None:
    markup = page([right, *BODY])
    assert found([right, *BODY], markup) == []
    assert fault in errors([wrong, *BODY], markup)


def test_soft_hyphens_of_the_page_may_be_left_out() -> None:
    markup = page(with_text(1, SECOND.replace("hospital", "hos\u00adpital")))
    assert found(BODY, markup) == []


def test_what_the_page_itself_has_is_right() -> None:
    odd = (
        "The sign said “Ã©tÃ©” and &amp;amp; and <b>, which nobody on the island understood at all."
    )
    markup = page(with_text(1, odd.replace("<b>", "&lt;b&gt;")))
    shown = odd.replace("&amp;amp;", "&amp;")
    assert errors(with_text(1, shown), markup) == set()


def test_all_quotes_straight_is_a_warning_and_some_an_error() -> None:
    straight = SECOND.replace("“", '"').replace("”", '"').replace("—", "-")
    assert "quotes" not in errors(with_text(1, straight))
    assert "quotes" in errors(with_text(1, SECOND.replace("“", '"')))


def test_white_space_at_inline_markup_is_not_glue() -> None:
    markup = page(with_text(1, SECOND.replace("Marta Lind", "<span>Marta</span>\n<b>Lind</b>")))
    assert found(BODY, markup) == []
    assert "glued" in errors(with_text(1, SECOND.replace("Marta Lind", "MartaLind")), markup)


def test_line_breaks_run_together_are_told() -> None:
    markup = page([f"{LEDE}<br>{LAST}"])
    assert found([LEDE, LAST], markup) == []
    assert "glued" in faults([LEDE + LAST], markup)


def test_list_markers_of_plain_text_are_no_invention() -> None:
    markup = page([*BODY, "<ul><li>Three ships and two harbours<li>Four crews of eleven</ul>"])
    lines = ["- Three ships and two harbours", "2. Four crews of eleven"]
    assert found([*BODY, *lines], markup) == []


@pytest.mark.parametrize(
    "value",
    ["None", "null", "undefined", "NaN", "[object Object]", "[no-author]", "{{ author }}", "%s"],
)
def test_words_for_nothing_are_no_values(value: str) -> None:
    assert "literal" in errors(BODY, byline=value)
    assert "literal" in errors(BODY, title=value)
    assert "literal" in errors([*BODY[:2], value, *BODY[2:]])


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b[0m", "\x85", "\ud800"])
def test_control_characters_have_no_place_in_any_text(sign: str) -> None:
    for told in (found([*BODY[:3], LAST + sign]), found(BODY, title=TITLE + sign)):
        assert "no-control-characters" in {finding.invariant for finding in told}


def test_titles_are_held_against_the_page_too() -> None:
    assert "unseen-characters" in errors(BODY, title=TITLE + "\x07")
    assert "glued" in errors(BODY, title=TITLE.replace("Crews Vote", "CrewsVote"))
    assert "charset" in errors(BODY, title=TITLE.replace("e", "\ufffd"))


def test_an_edit_has_its_place_on_the_page() -> None:
    (finding,) = found(with_text(1, SECOND.replace("412", "413")))
    assert finding.place is not None
    _, start, end = finding.place
    assert SECOND[start:end] == "412"
    assert finding.quote == "413"


@settings(max_examples=60)
@given(st.lists(st.sampled_from([*BODY, TITLE, "", " ", "\ud800", "x", "…"]), max_size=6))
def test_any_body_is_examined_without_raising(body: list[str]) -> None:
    assert "raised" not in faults(body) | faults("".join(body)) | faults({"a": body})
