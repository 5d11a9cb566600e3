"""Strategies for the ages that pages print, with the age that is true."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from harness.factory import FRONT_ENDS, LANGUAGES, age_label

_OLDEST = 20 * 365 * 86_400
_SIZES = (1, 60, 3_600, 86_400, 7 * 86_400, 2_630_016, 365 * 86_400)
# Names that end in digits, or hold them, make a glued age ambiguous; own inventions.
_NUMBERED = ("Channel 4", "Radio 24", "News18", "Kestrel 24X7", "1Report", "KDLV 33/40", "Studio 2")
_SEPARATORS = ("", " • ", "\u00a0· ", " - ", " | ")

_ages = st.builds(
    lambda size, count, rest: min(size * count + rest % size, _OLDEST),
    st.sampled_from(_SIZES),
    st.integers(0, 59),
    st.integers(0, 400 * 86_400),
)


@st.composite
def labels(
    draw: DrawFn, *, languages: Sequence[str] | None = None, front_end: str | None = None
) -> tuple[str, int]:
    """(label, age): what a front-end prints for something so many seconds old, up to 20 years.

    ``languages`` are codes of LANGUAGES, all when not given. ``front_end`` is one of FRONT_ENDS,
    any when not given; those but ``intl`` print English only and are drawn for English alone.
    Raises ValueError for a front-end that none of the languages has.
    """
    codes = list(LANGUAGES) if languages is None else list(languages)
    if front_end not in (None, "intl"):
        codes = [code for code in codes if code == "en"]
        if not codes:
            raise ValueError(f"front-end {front_end!r} prints English, which is not drawn")
    language = draw(st.sampled_from(codes))
    choices = FRONT_ENDS if language == "en" else ("intl",)
    printed_by = draw(st.sampled_from(choices)) if front_end is None else front_end
    age = draw(_ages)
    return age_label(age, language, printed_by), age


@st.composite
def glued_bylines(draw: DrawFn, *, front_end: str = "moment") -> tuple[str, str, str]:
    """(raw, source, label) with raw = source + separator + label, the separator mostly empty.

    Some sources end in digits. Then more than one reading may be possible ("Channel 42 minutes
    ago"): ask whether the true one is among the candidates, and first where it is the only one.
    """
    names = (*LANGUAGES["en"].sources, *LANGUAGES["es"].sources, *_NUMBERED)
    source = draw(st.sampled_from(names))
    label, _age = draw(labels(languages=["en"], front_end=front_end))
    separator = draw(st.sampled_from(_SEPARATORS))
    return source + separator + label, source, label
