"""ROUGE-LSum: how much of a text stands in another in the same order, line by line.

Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004), 3.2, as the Python package
``rouge-score`` computes it (``rougeLsum``, no stemming, lines are sentences): for each line of the
expected text the union of its longest common subsequences with every extracted line, no token
counted twice. Which of several equally long subsequences is taken moves the union; the choice here
is that package's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from harness.scoring.shingles import Prf, prf_of

# That package's tokens: whatever is no ASCII letter or digit separates. A text in another script
# has none (see `applies`).
_TOKEN = re.compile(r"[a-z0-9]+")
_LETTER = re.compile(r"[^\W\d_]")

LONGEST = 20_000
"""Tokens of each text that are compared; of a longer one the rest is left out. Its time grows with
the product of both lengths, and a page of 20,000 words takes a second."""


def applies(text: str) -> bool:
    """Whether the measure says anything of a text: at least half of its letters are ASCII.

    The tokens of the measure are runs of a–z and 0–9; of a text in another script nothing is left.
    """
    if text.isascii():
        return True
    ascii_letters = len(re.findall("[A-Za-z]", text))
    return 2 * ascii_letters >= len(_LETTER.findall(text))


def rouge_lsum(expected: str, actual: str) -> Prf:
    """ROUGE-LSum of two texts whose sentences are their lines; 0 where either has no token.

    Only the first :data:`LONGEST` tokens of each are looked at.
    """
    wanted, found = list(_lines(expected)), list(_lines(actual))
    of = sum(map(len, wanted)), sum(map(len, found))
    if not all(of):
        return Prf(0.0, 0.0, 0.0, 0.0, float(of[1] > 0), float(of[0] > 0))
    if wanted == found:
        return prf_of(of[0], of[0], of[0])
    left = Counter(t for line in wanted for t in line)
    there = Counter(t for line in found for t in line)
    hits = 0
    for token in _union(wanted, found):
        if left[token] > 0 and there[token] > 0:
            hits += 1
            left[token] -= 1
            there[token] -= 1
    return prf_of(hits, of[1], of[0])


def _lines(text: str) -> Iterator[list[str]]:
    room = LONGEST
    for line in text.split("\n"):
        if words := _TOKEN.findall(line.lower())[:room]:
            yield words
            room -= len(words)
        if not room:
            return


def _union(wanted: list[list[str]], found: list[list[str]]) -> Iterator[str]:
    """The tokens of each expected line that a common subsequence with any extracted line has.

    All expected lines are held at once against an extracted one: each has its bits in one number,
    with a bit between lines that stops the carry (Hyyrö, "Bit-parallel LCS-length computation
    revisited", 2004).
    """
    whole = {tuple(line) for line in found}
    starts, places, masks = [], 0, dict[str, int]()
    body = 0
    for line in wanted:
        starts.append(places)
        for i, token in enumerate(line, places):
            masks[token] = masks.get(token, 0) | 1 << i
        body |= ((1 << len(line)) - 1) << places
        places += len(line) + 1
    open_lines = [n for n, line in enumerate(wanted) if tuple(line) not in whole]
    taken = [0] * len(wanted)
    for line in found if open_lines else ():
        shown = [masks.get(token, 0) for token in line]
        rows = list(_rows(shown, body))
        for n in open_lines:
            full = (1 << len(wanted[n])) - 1
            if taken[n] != full and rows[-1] >> starts[n] & full:
                taken[n] |= _traced(rows, shown, starts[n], len(wanted[n]))
    for n, line in enumerate(wanted):
        if tuple(line) in whole:
            yield from line
        else:
            yield from (token for i, token in enumerate(line) if taken[n] >> i & 1)


def _rows(shown: list[int], body: int) -> Iterator[int]:
    """For each prefix of an extracted line, the places where the subsequence's length steps up."""
    still = body
    for mask in shown:
        meets = still & mask
        # Where the carry leaves a line it falls into the bit between, which is cleared.
        still = ((still + meets) | (still & ~mask)) & body
        yield ~still & body


def _traced(rows: list[int], shown: list[int], start: int, length: int) -> int:
    """The places of a line that the longest common subsequence takes, as bits.

    From the end: a token that both have is taken; else the extracted side goes back where that
    loses nothing and the expected side would, else the expected side does.
    """
    taken, end, j = 0, length, len(rows)
    while end > 0 and j > 0:
        below = (1 << end) - 1
        row = rows[j - 1] >> start & below
        if not row:
            break
        mask = shown[j - 1] >> start & below
        end = (row | mask).bit_length()
        place = 1 << (end - 1)
        if mask & place:
            taken |= place
            end -= 1
        j -= 1
    return taken
