"""What the factory knows of a language: phrases to make prose of, and the words of page chrome."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
Pick = Callable[[Sequence[T]], T]
"""Chooses one of a sequence: ``random.Random(seed).choice``, or a draw of Hypothesis."""
AnyPick = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Language:
    """Phrases that agree with each other, so that any choice of them is a sentence.

    The prose is generated and means little, but it has the function words, the punctuation and
    the sentence lengths of its language: extractors that count stop words take it for prose.
    ``patterns`` and ``titles`` hold ``{s}`` (subject), ``{p}`` (predicate), ``{a}`` (when or
    where), ``{c}`` (a clause that goes on), ``{o}`` (an opener), ``{who}`` and ``{n}``.
    The first of ``people`` writes articles, the others are quoted. ``gap`` stands between
    sentences. ``chrome`` are the texts around an article, by what they are.
    """

    code: str
    subjects: tuple[str, ...]
    predicates: tuple[str, ...]
    adverbials: tuple[str, ...]
    clauses: tuple[str, ...]
    openers: tuple[str, ...]
    patterns: tuple[str, ...]
    titles: tuple[str, ...]
    sources: tuple[str, ...]
    people: tuple[str, ...]
    chrome: Mapping[str, str]
    gap: str = " "
    rtl: bool = False

    def sentence(self, pick: AnyPick, shift: int = 0) -> str:
        """A sentence with its full stop. ``shift`` moves the choices on, to make another one."""
        return self._fill(self.patterns, pick, shift)

    def title(self, pick: AnyPick, shift: int = 0) -> str:
        """A headline: no full stop."""
        return self._fill(self.titles, pick, shift)

    def paragraph(self, pick: AnyPick, sentences: int, shift: int = 0) -> str:
        """So many sentences, as one text."""
        return self.gap.join(self.sentence(pick, shift + i) for i in range(sentences))

    def _fill(self, patterns: Sequence[str], pick: AnyPick, shift: int) -> str:
        rounds = shift // (len(self.predicates) * len(self.subjects))
        text = _turned(patterns, pick, rounds).format_map(_Phrases(self, pick, shift))
        return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The phrases of one sentence: only those that its pattern holds are chosen.

    ``shift`` turns the predicates, after a round of them the subjects, after a round of those the
    rest.
    """

    language: Language
    pick: AnyPick
    shift: int

    def __getitem__(self, slot: str) -> object:
        language, pick = self.language, self.pick
        turns = self.shift // len(language.predicates)
        match slot:
            case "p":
                return _turned(language.predicates, pick, self.shift)
            case "s":
                return _turned(language.subjects, pick, turns)
            case "a":
                return _turned(language.adverbials, pick, turns // len(language.subjects))
            case "c":
                return _turned(language.clauses, pick, turns // len(language.subjects))
            case "o":
                return pick(language.openers)
            case "who":
                return pick(language.people[1:])
            case "n":
                return pick((12, 40, 118, 350, 2_600))
            case _:
                raise KeyError(slot)


def _turned(choices: Sequence[str], pick: AnyPick, turn: int) -> str:
    """The choice that stands so many places after the picked one, and round."""
    index: int = pick(range(len(choices)))
    return choices[(index + turn) % len(choices)]


def lines(text: str) -> tuple[str, ...]:
    """The non-empty lines of a text block, stripped."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


CHROME_KEYS = (
    "home",
    "share",
    "related",
    "more",
    "comments",
    "cookies",
    "newsletter",
    "rights",
    "ad",
    "caption",
)


def chrome_of(text: str) -> dict[str, str]:
    """One text a line, in the order of CHROME_KEYS."""
    return dict(zip(CHROME_KEYS, lines(text), strict=True))
