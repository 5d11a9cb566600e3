"""Markup that means the same: a reader sees the same lines, a right extractor the same words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import Capture, Page
from harness.mutations import MUTATIONS, Mutation, SameTokens
from harness.mutations.neutral import FAMILY
from tests.mutations.pages import ARTICLE, PROSE, extract, html, outcome, visible

NEUTRAL = [m for m in MUTATIONS.values() if m.family == FAMILY]
# The order of the menu is what it changes.
MOVES_LINES = {"nav-shuffle"}
# They leave nothing to chance.
UNSEEDED = frozenset(
    "void-slash bold-italic unwrap-inline pretty-print optional-end-tags reserialise "
    "named-entities upper-case-tags document-tags".split()
)

BODIES = st.lists(
    st.sampled_from(
        [
            *(f"<p>{PROSE[0]}</p>", f"<p class=x>{PROSE[1]}", f"<div>{PROSE[2]}<br>x</div>"),
            *("<pre>a  b\n c</pre>", "<ul><li>one<li>two</ul>", "<table><tr><td>a<td>b</table>"),
            *("<b>x<i>y</b>z</i>", "&eacute;&copy;&#8217; AT&T", "</div>", "<p><div>q</div></p>"),
            *("<svg><title>t</title><path d='M0'/></svg>", "<textarea> <p>t </textarea>"),
            *("<select><option>a<option>b</select>", "<button> ok </button>", "<!-- c -->"),
            *("<span> a </span><span>b</span>", "<script>1 < 2</script>", "<td>x</td>", "\n  "),
            *("<p></p>", "<nav><a href=1>n</a><a href=2>m</a></nav>", "<img src=a/><hr>"),
            *("<a href='x>y' title=\"q'\">l</a>", "<noscript><p>n</p></noscript>"),
            "<span style='white-space:pre'>a  b</span>",
        ]
    ),
    max_size=8,
).map("\n".join)


@pytest.mark.parametrize("mutation", NEUTRAL, ids=lambda m: m.name)
def test_it_applies_to_an_ordinary_article_and_changes_it(mutation: Mutation) -> None:
    made = [mutation(html(), seed) for seed in range(5)]
    bodies = {m.capture.body for m in made if m}
    assert bodies and html().body not in bodies
    assert (len(bodies) > 1) == (mutation.name not in UNSEEDED)


@pytest.mark.parametrize("mutation", NEUTRAL, ids=lambda m: m.name)
@settings(max_examples=25)
@given(BODIES, st.integers(0, 3))
def test_a_reader_sees_the_same_lines(mutation: Mutation, body: str, seed: int) -> None:
    capture = html(f"<!doctype html><html><head><title>t</title></head><body>{body}</body></html>")
    made = mutation(capture, seed)
    if made is not None:
        before, after = visible(capture), visible(made.capture)
        if mutation.name in MOVES_LINES:
            before, after = sorted("".join(before)), sorted("".join(after))
        assert after == before


@pytest.mark.parametrize("mutation", NEUTRAL, ids=lambda m: m.name)
@pytest.mark.parametrize("seed", range(3))
def test_a_right_extractor_gives_the_same_tokens(mutation: Mutation, seed: int) -> None:
    made = mutation(html(), seed)
    assert made is not None and made.relation.must_hold
    assert made.relation.check(extract(html()), extract(made.capture)) == []


@pytest.mark.parametrize(
    "name", ["attribute-quotes", "upper-case-tags", "optional-end-tags", "named-entities"]
)
def test_pages_served_as_xml_are_left_alone(name: str) -> None:
    capture = Capture("quay", "x", ARTICLE.encode(), "application/xhtml+xml")
    assert MUTATIONS[name](capture, 1) is None


def test_white_space_in_pre_is_left_alone() -> None:
    capture = html("<pre>a b c d e f g h</pre>")
    assert MUTATIONS["soft-wrap"](capture, 1) is None
    assert MUTATIONS["space-runs"](capture, 1) is None


@pytest.mark.parametrize("name", ["soft-wrap", "space-runs", "numeric-entities", "pretty-print"])
def test_a_page_with_pre_is_edited_beside_it(name: str) -> None:
    pre = "<pre>a b c\n  d e f g h</pre>"
    made = MUTATIONS[name](html(f"<div><p>{PROSE[0]}</p>{pre}<p>{PROSE[1]}</p></div>"), 1)
    assert made is not None and pre in Page(made.capture).source


def test_breadcrumbs_keep_their_order() -> None:
    crumbs = "<nav class=breadcrumbs><a href=1>Home</a><a href=2>News</a><a href=3>Sea</a></nav>"
    assert all(MUTATIONS["nav-shuffle"](html(crumbs), seed) is None for seed in range(9))


def test_character_references_survive_the_writing_of_others() -> None:
    source = "<p>Fish &amp; chips &lt;b&gt; AT&T &eacute;</p>" * 9
    made = [MUTATIONS["numeric-entities"](html(source), seed) for seed in range(9)]
    assert any(made)
    assert all(visible(m.capture) == visible(html(source)) for m in made if m)


def test_a_page_in_an_old_charset_keeps_it() -> None:
    source = ARTICLE.replace("utf-8", "iso-8859-1").replace("“", '"').replace("”", '"')
    body = source.replace("’", "'").replace("–", "-").encode("iso-8859-1")
    capture = Capture("quay", "old", body, "text/html")
    for mutation in NEUTRAL:
        made = mutation(capture, 2)
        if made is not None:
            assert Page(made.capture).encoding == Page(capture).encoding == "cp1252"
            assert b"Ma\xeblle" in made.capture.body or b"Ma&" in made.capture.body


def test_bytes_that_are_no_text_come_through_as_they_are() -> None:
    body = ARTICLE.encode().replace(b"goats permitting", b"goats \xff permitting")
    capture = Capture("quay", "broken", body, "text/html", charset="utf-8")
    made = MUTATIONS["attribute-order"](capture, 1)
    assert made is not None and b"goats \xff permitting" in made.capture.body


def test_soft_hyphens_and_zero_width_spaces_may_stay_or_go() -> None:
    made = MUTATIONS["zero-width"](html(), 3)
    assert made is not None
    after = extract(made.capture)
    assert after != extract(html())
    assert made.relation == SameTokens(ignore="\u00ad\u200b")
    assert made.relation.check(extract(html()), after) == []
    assert made.relation.check(outcome(body=["over there"]), outcome(body=["over"]))
