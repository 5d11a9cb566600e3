"""One capture, two outcomes: what is told of it."""

from __future__ import annotations

import pytest

from harness.comparison import RECORD, FieldChange, PageChange
from harness.comparison.judging import alike, change_of, page_verdict
from harness.model import Failure, Outcome
from harness.plausible import Judgement
from tests.comparison.sides import BODY, context, failed, outcome

GOLDEN = {"title": "A ferry is found", "byline": "Ada Writer", "body": BODY}
SHORT = outcome(body=BODY[:1])


def told(page: PageChange | None) -> dict[str, FieldChange]:
    assert page is not None
    return {change.field: change for change in page.fields}


def test_equal_outcomes_are_alike_and_no_change() -> None:
    assert alike(outcome(), outcome()) and alike(failed(), failed())
    assert change_of(context(GOLDEN), outcome(), outcome()) is None
    assert not alike(outcome(count=1), outcome(count=True)), "types count"
    assert not alike(outcome(), failed()) and not alike(failed(), failed("other"))


def test_an_error_that_holds_an_address_is_the_same_error() -> None:
    one, two = (Outcome(None, Failure("TypeError", f"<object at 0x7f{i}bcd12345>")) for i in (1, 2))
    assert alike(one, two)


def test_a_lost_body_is_worse_by_the_goldens_f1() -> None:
    page = change_of(context(GOLDEN), outcome(), SHORT)
    body = told(page)["body"]
    assert page and page.verdict == "worse" and page.lost_body and not page.mixed
    assert (body.judgement.basis, body.judgement.confidence) == ("golden", 1.0)
    assert page.body and page.body.f1_a == 1.0 and page.body.f1_b is not None
    assert body.judgement.delta == pytest.approx(page.body.f1_b - 1.0)
    assert (page.body.tokens_old, page.body.tokens_new) == (44, 15)
    assert (page.body.tokens_removed, page.body.tokens_added) == (29, 0)
    assert body.expected == "\n\n".join(BODY)


def test_the_way_back_is_better_by_as_much() -> None:
    there, back = (
        change_of(context(GOLDEN), *pair) for pair in ((outcome(), SHORT), (SHORT, outcome()))
    )
    assert there and back and back.verdict == "better"
    assert there.decisive.judgement.delta == -back.decisive.judgement.delta


def test_a_golden_judges_a_field_of_another_name_for_the_same() -> None:
    old, new = outcome(body=..., text="\n".join(BODY)), outcome(body=..., text=BODY[0])
    page = change_of(context({"body": BODY}), old, new)
    assert told(page)["text"].judgement.basis == "golden"
    assert page and page.body and page.body.f1_a is not None


def test_a_golden_that_nobody_reviewed_is_less_sure() -> None:
    page = change_of(context(GOLDEN, trust="auto"), outcome(), SHORT)
    assert 0.5 < told(page)["body"].judgement.confidence < 1


def test_a_golden_known_to_be_wrong_judges_nothing() -> None:
    page = change_of(context({"body": BODY[:1]}, trust="known-wrong"), outcome(), SHORT)
    assert told(page)["body"].judgement.basis != "golden"


def test_a_golden_of_snippets_alone_judges_the_body() -> None:
    required = context(contains=(BODY[2][:30],), excludes=("All rights",))
    lost = told(change_of(required, outcome(), SHORT))["body"].judgement
    assert (lost.verdict, lost.basis, lost.delta) == ("worse", "golden", -0.5)
    leaked = outcome(body=[*BODY, "All rights reserved"])
    assert told(change_of(required, outcome(), leaked))["body"].judgement.verdict == "worse"


def test_better_in_one_field_and_worse_in_another_is_worse_and_mixed() -> None:
    page = change_of(context(GOLDEN), outcome(title="Ferry"), outcome(body=BODY[:2]))
    assert page and (page.verdict, page.mixed) == ("worse", True)
    assert page.decisive.field == "body"
    assert told(page)["title"].judgement.verdict == "better"


@pytest.mark.parametrize(
    ("old", "new", "role"),
    [
        ({"title": "A ferry is found"}, {"title": "A  ferry is\u00a0found"}, "white space"),
        ({"title": "A ferry is found"}, {"title": "A ferry is\u200b found"}, "unseen"),
        ({"byline": None}, {"byline": "[no-author]"}, "sentinel"),
        ({"byline": ["Ada", "Bo"]}, {"byline": ["Bo", "Ada"]}, "order"),
        ({"byline": "Ada, Bo"}, {"byline": "Bo, Ada"}, "order"),
        ({"byline": ""}, {"byline": "None"}, "sentinel"),
        ({"byline": []}, {"byline": ["N/A"]}, "sentinel"),
        ({"body": BODY}, {"body": [" ".join(BODY)]}, "borders"),
        ({"body": "\n".join(BODY)}, {"body": "\n\n".join(BODY)}, "white space"),
    ],
)
def test_a_change_that_says_nothing_is_neutral_even_against_a_golden(
    old: dict[str, object], new: dict[str, object], role: str
) -> None:
    for known in (context(GOLDEN), context()):
        page = change_of(known, outcome(**old), outcome(**new))
        assert page and page.verdict == "neutral", role
        (change,) = page.fields
        assert (change.judgement.basis, change.judgement.delta) == ("equal", 0.0)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"byline": "Ada Writer"}, {"byline": "[no-author]"}),
        ({"byline": "Ada Writer"}, {"byline": list("Ada Writer")}),
        ({"body": BODY}, {"body": [*BODY[:2], BODY[2].replace(" ", "")]}),
        ({"body": BODY}, {"body": [*BODY, BODY[2]]}),
    ],
)
def test_a_change_that_says_something_is_not(
    old: dict[str, object], new: dict[str, object]
) -> None:
    page = change_of(context(GOLDEN), outcome(**old), outcome(**new))
    assert page and page.verdict == "worse"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (0, None),
        (5, 6),
        (True, False),
        (0.5, 0.25),
        ([1, 2], [1, 3]),
        ({"votes": 5}, {"votes": 6}),
        ({"$date": "2024-01-01"}, {"$date": "2024-01-02"}),
        (["New", "York"], ["New York"]),
    ],
)
def test_values_without_words_are_not_the_same_for_that(old: object, new: object) -> None:
    # Of a body's paragraphs and a byline's names, the borders do not count.
    texts = old == ["New", "York"]
    for name in ("comments",) if texts else ("comments", "byline", "body"):
        page = change_of(context({name: old}), outcome(**{name: old}), outcome(**{name: new}))
        assert page and page.fields[0].judgement.basis != "equal", name


def test_bullets_that_join_their_paragraphs_are_not_called_a_loss() -> None:
    page = change_of(context(), outcome(body=["-", BODY[0], "-", BODY[1]]), outcome(body=BODY[:2]))
    (change,) = told(page).values()
    assert (change.judgement.verdict, change.category) == ("neutral", "glued")
    assert change.diffs[0].summary == "4 paragraphs became 2, the words are the same"


def test_a_record_that_is_no_longer_given_is_worse() -> None:
    for known in (context(), context(GOLDEN)):
        page = change_of(known, outcome(), failed())
        assert page and (page.verdict, page.decisive.field) == ("worse", RECORD)
        assert page.lost_body and "raises ValueError: no element" in page.fields[0].diffs[0].summary
        back = change_of(known, failed(), outcome())
        assert back and (back.verdict, back.decisive.field) == ("better", RECORD)


def test_a_record_where_there_was_none_is_better_whatever_is_in_it() -> None:
    # Of a byline that is none, nothing was right.
    page = change_of(context({"byline": None}), failed(), outcome(byline="Ada Writer"))
    assert page and (page.verdict, page.mixed) == ("better", False)
    assert page.decisive.field == "*"


def test_another_error_is_told_and_neutral() -> None:
    page = change_of(context(GOLDEN), failed("one"), failed("two"))
    assert page and page.verdict == "neutral" and page.fields[0].field == RECORD


def test_only_the_fields_that_were_asked_for_are_told() -> None:
    known = context(GOLDEN, only=("byline",))
    assert change_of(known, outcome(), SHORT) is None
    assert set(told(change_of(known, outcome(), outcome(byline="Bo", body=[])))) == {"byline"}


def field(verdict: str, delta: float, confidence: float, role: str = "") -> FieldChange:
    return FieldChange(role or "x", role, Judgement(verdict, confidence, delta, "page"), ())  # type: ignore[arg-type]


def test_a_field_that_is_not_sure_decides_nothing() -> None:
    unsure = field("worse", -0.9, 0.2, "body")
    assert page_verdict([unsure], 0.5) == ("unsure", False)
    assert page_verdict([unsure], 0.1) == ("worse", False)
    assert page_verdict([field("better", 0.3, 0.9, "title"), unsure], 0.5)[0] == "unsure"
    small = field("worse", -0.05, 0.2, "body")
    assert page_verdict([field("better", 0.3, 0.9, "title"), small], 0.5)[0] == "better"
