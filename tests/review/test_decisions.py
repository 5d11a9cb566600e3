"""Files of decisions: what a report exports is what is read; anything else is one clear line."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import HarnessError
from harness.model import case_id
from harness.review.decisions import FORMAT, KINDS, TRUSTS, Decision, dumps, loads

ROW: dict[str, Any] = {
    "case": "site/a-01234567",
    "extractor": "site",
    "capture": "site/a-01234567",
    "field": "related[2].byline",
    "of": 2,
    "decision": "accept",
    "old": "0123456789abcdef",
    "new": "",
}
TEXTS = st.text(st.characters(), max_size=8)
DIGESTS = st.sampled_from(["", "0123456789abcdef", "ffffffffffffffff"])


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    extractor, capture = draw(TEXTS), draw(TEXTS)
    return Decision(
        case_id(extractor, capture),
        extractor,
        capture,
        draw(TEXTS.filter(bool)),
        draw(st.integers(1, 9)),
        draw(st.sampled_from(KINDS)),  # type: ignore[arg-type]
        draw(DIGESTS),
        draw(DIGESTS),
        draw(TEXTS),
        draw(st.sampled_from(TRUSTS)),  # type: ignore[arg-type]
        draw(TEXTS),
        draw(TEXTS),
    )


@given(st.lists(decisions(), max_size=4), TEXTS)
def test_what_is_exported_is_what_is_read(found: list[Decision], by: str) -> None:
    mine = [dataclasses.replace(each, by=each.by or by) for each in found]
    assert list(loads(dumps(mine, by=by), "x")) == mine
    assert dumps(mine, by=by).isascii()


def test_the_name_and_time_of_the_file_are_those_of_its_decisions() -> None:
    [one] = loads(json.dumps({"format": FORMAT, "by": "Ada", "at": "now", "decisions": [ROW]}), "x")
    assert (one.by, one.at, one.trust, one.category) == ("Ada", "now", "reviewed", "")
    own = {**ROW, "by": "Bob", "trust": "auto", "something": "else"}
    [one] = loads(json.dumps({"format": FORMAT, "by": "Ada", "decisions": [own]}), "x")
    assert (one.by, one.trust) == ("Bob", "auto")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "x.json is no file of decisions: it is not valid JSON"),
        ("{", "x.json is no file of decisions: it is not valid JSON"),
        ("[" * 100_000, "x.json is no file of decisions: it is not valid JSON"),
        ("[]", "x.json is no file of decisions; a drift report exports one"),
        ("{}", "x.json: the format is null, not 'harness-decisions/1'"),
        ('{"format": "harness-decisions/2"}', 'x.json: the format is "harness-decisions/2", not'),
        ('{"format": "harness-run/1", "decisions": []}', 'x.json: the format is "harness-run/1"'),
        (f'{{"format": "{FORMAT}"}}', "x.json: 'decisions' is a list"),
        (f'{{"format": "{FORMAT}", "decisions": {{}}}}', "x.json: 'decisions' is a list"),
        (f'{{"format": "{FORMAT}", "by": 7, "decisions": []}}', "x.json: 'by' is a text"),
        (f'{{"format": "{FORMAT}", "decisions": [7]}}', "x.json: decisions[0] is no object"),
    ],
)
def test_what_is_no_file_of_decisions_is_one_line(text: str, told: str) -> None:
    with pytest.raises(HarnessError) as error:
        loads(text, "x.json")
    assert str(error.value).startswith(told) and "\n" not in str(error.value)


@pytest.mark.parametrize("key", sorted(ROW))
def test_a_missing_key_is_named_with_its_place(key: str) -> None:
    row = {k: v for k, v in ROW.items() if k != key}
    with pytest.raises(HarnessError) as error:
        loads(json.dumps({"format": FORMAT, "decisions": [ROW, row]}), "x.json")
    assert str(error.value).startswith(f"x.json: decisions[1]: '{key}' is")


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("case", "site/b", "'case' is 'site/b', but extractor and capture make it"),
        ("field", "", "'field' is empty"),
        ("field", 7, "'field' is a text"),
        ("of", 0, "'of' is a number of changes, at least 1, not 0"),
        ("of", True, "'of' is a number of changes, at least 1, not true"),
        ("of", "2", "'of' is a number of changes, at least 1, not \"2\""),
        ("decision", "maybe", "'decision' is accept, reject, approve, not \"maybe\""),
        ("decision", [], "'decision' is accept, reject, approve, not []"),
        ("old", "xyz", "'old' is a digest of 16 hexadecimal digits or '', not \"xyz\""),
        ("new", "0123456789ABCDEF", "'new' is a digest of 16 hexadecimal digits"),
        ("trust", "blind", "'trust' is reviewed, auto, known-wrong, not \"blind\""),
    ],
)
def test_a_wrong_value_is_named_with_its_place(key: str, value: object, told: str) -> None:
    with pytest.raises(HarnessError) as error:
        loads(json.dumps({"format": FORMAT, "decisions": [{**ROW, key: value}]}), "x.json")
    assert str(error.value).startswith(f"x.json: decisions[0]: {told}")
