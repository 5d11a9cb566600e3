"""Operators for lists of nested records: lost, doubled, reordered, or with mixed-up fields."""

from __future__ import annotations

from harness.faults.operator import Harm, fault
from harness.invariants.roles import Role, role_of
from harness.model import Tree

Cards = list[dict[str, Tree]]


def _list(harm: Harm, least: int) -> Cards | None:
    return next((cards for cards in harm.cards() if len(cards) >= least), None)


@fault("card-lost", of="card-lost", roles=("related",), strengths=(1, 0.5))
def card_lost(harm: Harm) -> None:
    """Records of a list are gone."""
    if cards := _list(harm, 2):
        lost = set(harm.some(len(cards) - 1))
        cards[:] = [card for number, card in enumerate(cards) if number not in lost]


@fault("last-card-lost", of="card-lost", roles=("related",))
def last_card_lost(harm: Harm) -> None:
    """The last record of a list is gone."""
    if cards := _list(harm, 2):
        cards.pop()


@fault("card-doubled", of="duplicated", roles=("related",))
def card_doubled(harm: Harm) -> None:
    """A record of a list stands there twice."""
    if cards := _list(harm, 1):
        number = harm.random.randrange(len(cards))
        cards.insert(number, dict(cards[number]))


@fault("cards-swapped", of="reordered", roles=("related",))
def cards_swapped(harm: Harm) -> None:
    """Two records that follow each other stand the other way round."""
    if cards := _list(harm, 2):
        number = harm.random.randrange(len(cards) - 1)
        cards[number : number + 2] = [cards[number + 1], cards[number]]


@fault("cards-reversed", of="reordered", roles=("related",))
def cards_reversed(harm: Harm) -> None:
    """A list of records stands the other way round."""
    if cards := _list(harm, 3):
        cards.reverse()


@fault("bylines-shifted", of="mixed-up", roles=("byline", "related"))
def bylines_shifted(harm: Harm) -> None:
    """Every record of a list has the byline of the next, as where one lacks it."""
    _shift(harm, "byline")


@fault("dates-shifted", of="mixed-up", roles=("published", "related"))
def dates_shifted(harm: Harm) -> None:
    """Every record of a list has the time of the next."""
    _shift(harm, "published")


@fault("bodies-shifted", of="mixed-up", roles=("body", "related"))
def bodies_shifted(harm: Harm) -> None:
    """Every record of a list has the text of the next."""
    _shift(harm, "body")


@fault("titles-exchanged", of="mixed-up", roles=("title", "related"))
def titles_exchanged(harm: Harm) -> None:
    """The first two records of a list have exchanged their titles."""
    _exchange(harm, "title")


def _shift(harm: Harm, role: Role) -> None:
    if cards := _list(harm, 2):
        names = [name for name in cards[0] if role_of(name) == role]
        for name in names:
            values = [card.get(name) for card in cards]
            for card, value in zip(cards, values[1:] + values[:1], strict=True):
                if name in card:
                    card[name] = value


def _exchange(harm: Harm, role: Role) -> None:
    if cards := _list(harm, 2):
        for name in cards[0]:
            if role_of(name) == role and name in cards[1]:
                cards[0][name], cards[1][name] = cards[1][name], cards[0][name]
