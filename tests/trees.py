"""Strategies that several test files draw from: texts, JSON trees, records."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st

from harness.model import Tree
from harness.records import Record

# What breaks naive code: halves of a character, bidi marks, line ends of all kinds, zero widths.
AWKWARD = (
    "\ud83d \ude00x \u202e\u2066 a\rb \r\n \u2028 \u2029 \x85 \x00 \x1b \x7f \u00ad \u200b \ufeff"
    " \u00a0 \u3000 … ﬁ ß İ “q” $5 €5 क्षि ไทย 漢字 👩\u200d👩 </p> &amp; \\u0041 \t"
).split(" ")
WORDS = "the fox jumps over a lazy dog and runs home again late today".split()

any_text = st.one_of(
    st.text(st.characters(codec=None), max_size=12),
    st.lists(st.sampled_from([*AWKWARD, *WORDS, " ", " "]), max_size=12).map("".join),
)
# As extractors return them: without the two halves of one character side by side, which JSON
# cannot tell from that character.
text = any_text.filter(
    lambda t: (
        not any(
            "\ud800" <= a <= "\udbff" and "\udc00" <= b <= "\udfff"
            for a, b in itertools.pairwise(t)
        )
    )
)
prose = st.lists(st.sampled_from(WORDS), min_size=1, max_size=15).map(" ".join)
names = st.sampled_from(["title", "byline", "timestamp", "body", "related", "url", "tags", "x"])
scalars: st.SearchStrategy[Tree] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    text,
    prose,
    st.sampled_from(
        ["http://[x", "https://a.b/?b=1&a=2", "https://a.b/?a=2&b=1", "1", "2026-03-01"]
    ),
)
# A key that starts with $ is a type tag, and only records.py makes those.
untagged = text.filter(lambda key: not key.startswith("$"))
claims = st.fixed_dictionaries(
    {},
    optional={
        "text": st.one_of(text, st.none()),
        "count": st.one_of(st.integers(0, 3), st.booleans(), st.floats(0, 3), st.none()),
        "age": st.one_of(
            st.none(), st.dictionaries(st.sampled_from(["min_seconds", "max_seconds"]), scalars)
        ),
    },
)
tagged = st.one_of(
    st.one_of(claims, scalars).map(lambda claim: {"$timestamp": claim}),
    st.tuples(
        st.sampled_from(["$date", "$decimal", "$tuple", "$set", "$float", "$map"]), scalars
    ).map(lambda pair: {pair[0]: pair[1]}),
    st.sampled_from([{"$decimal": "1E+999999"}, {"$decimal": "-9E+999999"}, {"$decimal": "sNaN"}]),
)


def _nested(leaves: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    return st.recursive(
        st.one_of(leaves, st.lists(prose, max_size=5)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.dictionaries(st.one_of(names, untagged), inner, max_size=3),
        ),
        max_leaves=8,
    )


# Any JSON, and what an extractor may have returned.
trees = _nested(st.one_of(scalars, tagged))
records: st.SearchStrategy[Record] = st.dictionaries(names, trees, max_size=4)
plain_records: st.SearchStrategy[Record] = st.dictionaries(names, _nested(scalars), max_size=4)
