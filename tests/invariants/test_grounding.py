"""Texts that the page does not hold are told; those of cards may stand in its data."""

from __future__ import annotations

import pytest

from tests.invariants.story import BODY, LEDE, RELATED, SECOND, errors, faults, found, page

INVENTED = "Officials said that further details would be released at a later date."


@pytest.mark.parametrize("position", [0, 2, 4])
def test_a_sentence_that_nobody_wrote_is_an_error(position: int) -> None:
    assert "invented" in errors([*BODY[:position], INVENTED, *BODY[position:]])


def test_a_paragraph_made_of_the_pages_words_is_told() -> None:
    words = "The hospital said it would vote for money in the dry dock on Tuesday in October"
    assert "invented" in faults([*BODY, words])


def test_cards_stand_on_the_page_or_in_its_data() -> None:
    assert found(BODY, related=[{"title": RELATED}]) == []
    assert "invented" in errors(BODY, related=[{"title": "Bishop Blesses the New Lighthouse Lamp"}])
    markup = page().replace("var quay", r'var t = "Bishop \u0042lesses the \"New\" Lamp"; var quay')
    assert found(BODY, markup, related=[{"title": 'Bishop Blesses the "New" Lamp'}]) == []


def test_many_invented_lines_are_told_five_times() -> None:
    body = [*BODY, *(f"Line number {n} that was never written by anybody" for n in range(50))]
    assert sum(f.invariant == "text-grounded" for f in found(body)) == 5


def test_a_paragraph_with_words_of_its_own_is_held_against_the_one_it_was() -> None:
    told = found([LEDE, SECOND.replace("hospital", "lighthouse"), *BODY[2:]])
    assert [(f.fault, f.quote) for f in told] == [("invented", "lighthouse")]
    assert "invented" in faults([LEDE, SECOND + " " + INVENTED, *BODY[2:]])
