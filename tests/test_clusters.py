"""Changes that are alike are one item; none is lost in it, and none hides there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.changes import Change, changes, changes_of
from harness.clusters import (
    ChangeCluster,
    Edit,
    clusters,
    clusters_of,
    edit_of,
    value_of,
)
from harness.clusters.kinds import kind
from harness.diff import compare_records, word_diff
from harness.model import (
    CaseResult,
    Failure,
    FieldResult,
    Finding,
    Hunk,
    Run,
    Verdict,
)
from tests.planted import ALL_CAUSES, BENIGN, CAUSES, Planted, planted

Record = Mapping[str, Any]


def result(
    name: str, old: Record, new: Record, *, golden: str = "silent", site: str = ""
) -> CaseResult:
    """A case that moved from one record to another."""
    fields = tuple(
        FieldResult(
            Verdict.MISSING if diff.new_empty and not diff.old_empty else Verdict.CHANGED,
            "snapshot",
            diff,
            golden,  # type: ignore[arg-type]
        )
        for diff in compare_records(old, new)
    )
    capture = f"{site or 'site'}/{name}"
    verdict = max((each.verdict for each in fields), key=lambda v: v.severity)
    return CaseResult(
        capture, capture.split("/")[0], verdict, fields, record=dict(new), accepted=dict(old)
    )


def moved(
    *edits: tuple[str, Iterable[tuple[Any, Any]]], field: str = "byline", sites: int = 5
) -> tuple[list[Change], dict[str, str]]:
    """The changes of one field from old to new values, each with the cause it is listed under."""
    found: list[Change] = []
    causes: dict[str, str] = {}
    for cause, pairs in edits:
        for i, (old, new) in enumerate(pairs):
            case = result(f"{cause}-{i}", {field: old}, {field: new}, site=f"site{i % sites}")
            found += changes_of(case)
            causes[case.capture] = cause
    return found, causes


def apart(found: Sequence[Change], causes: Mapping[str, str], *harmful: str) -> list[ChangeCluster]:
    """The clusters, of which none has a harmful cause among others."""
    every = clusters_of(found)
    for cluster in every:
        inside = {causes[change.result.capture] for change in cluster.changes}
        assert len(inside) == 1 or not inside & set(harmful), (cluster.title, inside)
    return list(every)


NAMES = [f"{first} {last}" for first in ("Ada", "Grace", "Alan") for last in ("Hopper", "Turing")]


LONG = [f"By the staff reporter {name}" for name in NAMES]


def hidden(made: Planted, found: Iterable[ChangeCluster]) -> list[str]:
    """The clusters in which changes that may be accepted and others stand together."""
    return [
        cluster.title
        for cluster in found
        if len({made.causes[c.case, c.field] in BENIGN for c in cluster.changes}) > 1
    ]


@pytest.mark.parametrize(("n", "seed"), [(120, 1), (300, 2), (2500, 3)])
def test_twelve_causes_are_at_most_twenty_clusters_and_hide_nothing(n: int, seed: int) -> None:
    made = planted(n, seed)
    assert set(made.causes.values()) == set(CAUSES)
    found = clusters_of(changes(made.run))
    assert len(found) <= 20
    assert not hidden(made, found)


@pytest.mark.parametrize("seed", range(3))
def test_twenty_causes_of_which_some_share_field_and_category_hide_nothing(seed: int) -> None:
    made = planted(900, seed, ALL_CAUSES)
    found = clusters_of(changes(made.run))
    assert len(found) <= 32
    assert not hidden(made, found)


def test_a_cluster_is_of_one_cause_or_of_causes_that_do_equal_harm() -> None:
    made = planted(1500, 4, ALL_CAUSES)
    shared = [
        {made.causes[c.case, c.field] for c in cluster.changes}
        for cluster in clusters_of(changes(made.run))
    ]
    assert all(len(causes) == 1 or causes.isdisjoint(BENIGN) for causes in shared)
    assert sum(len(causes) > 1 for causes in shared) <= 2


@pytest.mark.parametrize("regular", [1, 5])
def test_a_name_that_is_lost_does_not_hide_among_prefixes_that_are(regular: int) -> None:
    prefixes = [(f"By {name} {i}", f"{name} {i}") for i, name in enumerate(NAMES * 7)]
    # The same author on several pages is no template.
    names = [("Mary Ann Shelley", "Ann Shelley")] * regular + [("Emmy Lou Noether", "Lou Noether")]
    found, causes = moved(("prefix", prefixes), ("name", names))
    every = apart(found, causes, "name")
    assert [each.title for each in every if each.captures > 30] == ["“By” prefix lost"]


def test_a_name_lost_with_its_label_does_not_hide_among_labels_that_change() -> None:
    labels = [(f"By: {name}", f"Author: {name}") for name in NAMES * 7]
    lost = [(f"By: {name} and Mary Shelley", f"Author: {name}") for name in NAMES[:2]]
    found, causes = moved(("label", labels), ("lost", lost))
    apart(found, causes, "lost")


SENTENCES = [f"The {n}th “bridge” isn’t open, and nobody said why it isn’t." for n in range(60)]


def straight(text: str) -> str:
    return text.translate(str.maketrans("“”’", '""\''))


def test_a_word_lost_does_not_hide_among_quotes_that_are_straight_now() -> None:
    plain = [([s, "A second one."], [straight(s), "A second one."]) for s in SENTENCES * 4]
    lost = [([s, "A second one."], [straight(s), "A second."]) for s in SENTENCES[:3]]
    digit = [([s, "It has 21 wells."], [straight(s), "It has 2 wells."]) for s in SENTENCES[:3]]
    comma = [
        ([s, "It costs 1.5 million."], [straight(s), "It costs 1,5 million."])
        for s in SENTENCES[:3]
    ]
    found, causes = moved(
        ("plain", plain), ("lost", lost), ("digit", digit), ("comma", comma), field="body"
    )
    apart(found, causes, "lost", "digit", "comma")


@pytest.mark.parametrize(
    ("benign", "harmful"),
    [
        (("21 hours ago", "21 hrs ago"), ("21 hours ago", "2 hrs ago")),
        (("about 21 members", "circa 21 members"), ("about 21 members", "about 2 members")),
        (("1.500 members", "1,500 members"), ("1.500 members", "1500.0 members")),
        (("Wells | The Post", "Wells"), ("Wells | Dry for years", "Wells")),
        (("A  wide gap", "A wide gap"), ("A wide gap. It is", "A wide gap.It is")),
        (("It is here [edit] now", "It is here now"), ("It is not here now", "It is here now")),
        (("Photo: AP The end", "The end"), ("Never: AP The end", "AP The end")),
    ],
)
def test_a_few_changes_of_the_same_place_are_kept_apart(
    benign: tuple[str, str], harmful: tuple[str, str]
) -> None:
    many = [
        (f"{old} {n}" if old[-1] not in "nt" else old, new)
        for n in range(1)
        for old, new in [benign] * 40
    ]
    found, causes = moved(("benign", many), ("harmful", [harmful] * 2), field="text")
    apart(found, causes, "harmful")


def test_furniture_that_goes_is_apart_from_paragraphs_that_go() -> None:
    body = [f"Paragraph {n} says something of its own about {n * n} wells." for n in range(60)]
    line = "Follow our reporters and get the news of the whole valley every single morning."
    furniture = [([*body[n : n + 4], line], body[n : n + 4]) for n in range(40)]
    content = [(body[n : n + 4], body[n : n + 3]) for n in range(5)]
    found, causes = moved(("furniture", furniture), ("content", content), field="body")
    every = apart(found, causes, "content")
    assert every[0].title.startswith("last paragraph gone: “Follow our reporters")


def test_what_each_site_says_at_the_end_of_its_titles_is_one_cluster() -> None:
    papers = ["Valley Echo", "Northern Light", "The Daily Bell", "City Mirror", "Sunday Lamp"]
    added = [(f"Story number {n}", f"Story number {n} – {papers[n % 5]}") for n in range(60)]
    found, _ = moved(("suffix", added), field="title")
    assert len(clusters_of(found)) <= 5


def test_field_category_verdict_emptiness_and_a_goldens_opinion_separate() -> None:
    cases = [
        result("a", {"byline": "By Ada"}, {"byline": "Ada"}),
        result("b", {"title": "By Ada"}, {"title": "Ada"}),
        result("c", {"byline": "By Ada"}, {"byline": None}),
        result("d", {"byline": "By Ada"}, {"byline": "Ada"}, golden="agrees"),
        result("e", {"byline": "By Ada"}, {"byline": "By ada"}),
    ]
    assert len(clusters_of([c for each in cases for c in changes_of(each)])) == 5


def test_what_an_invariant_objects_to_is_a_cluster_apart_of_which_none_is_decided_in_bulk() -> None:
    fine = [result(f"a{n}", {"byline": f"By Ada {n}"}, {"byline": f"Ada {n}"}) for n in range(4)]
    finding = Finding("byline-cut", "byline", "error", "byline-cut", "a part is missing")
    doubted = CaseResult(
        "site/z",
        "site",
        Verdict.SUSPECT,
        fine[0].fields,
        record=fine[0].record,
        accepted=fine[0].accepted,
        findings=(finding,),
    )
    found = clusters_of([c for each in (*fine, doubted) for c in changes_of(each)])
    assert sorted((each.captures, each.alone) for each in found) == [(1, 1), (1, 1), (4, 0)]
    assert "a part is missing" in {each.title for each in found}


def test_a_short_name_with_an_age_glued_to_it_stays_with_its_cause() -> None:
    glued = [(name, f"{name}{n} hours ago") for n, name in enumerate(["Al Qi", *LONG * 3], 2)]
    found, _ = moved(("glued", glued))
    (cluster,) = clusters_of(found)
    assert cluster.title.startswith("an age glued to the byline, like “")
    assert cluster.alone == 1 and len(cluster.bulk) == len(glued) - 1


TITLES: list[tuple[str, Any, Any, str]] = [
    ("byline", "By Ada Hopper", "Ada Hopper", "“By” prefix lost"),
    ("byline", "Ada Hopper", "Ada Hopper21 hours ago", "“21 hours ago” glued to the byline"),
    ("byline", "Ada Hopper", None, "byline is empty now"),
    ("byline", None, "Ada Hopper", "byline was empty, now “Ada Hopper”"),
    ("body", ["One.", "Two.", "Three."], ["One.", "Two."], "last paragraph gone: “Three.”"),
    ("body", ["One.", "Two.", "Three."], ["Two.", "Three."], "first paragraph gone: “One.”"),
    ("body", ["One.", "Two."], ["One.", "Two.", "New."], "1 paragraph gained at the end: “New.”"),
    ("title", "News of the day", "News of the day | Echo", "“| Echo” gained at the end"),
    ("title", "It isn’t", "It isn't", "quotes, dashes or spaces written in another way"),
    ("body", ["A b.", "C d."], ["A b.C d."], "two paragraphs run together"),
    ("n", 21, 2, "a number lost digits, like “21” → “2”"),
    ("url", "https://a.b/c?x=1", "https://a.b/c", "the address differs in its query"),
    ("title", "The plan of\u202e us", "The plan of me", "“⟨U+202E⟩ us” → “me”"),
]


@pytest.mark.parametrize(("field", "old", "new", "title"), TITLES)
def test_a_title_says_what_happened(field: str, old: Any, new: Any, title: str) -> None:
    (cluster,) = clusters_of(changes_of(result("a", {field: old}, {field: new})))
    assert cluster.title.startswith(title)
    assert cluster.exact and cluster.captures == 1


def test_where_counts_in_the_plural_that_is_right() -> None:
    found, _ = moved(("prefix", [(f"By {name}", name) for name in NAMES]))
    assert clusters_of(found)[0].where == "6 bylines, 5 sites"
    assert clusters_of(found[:1])[0].where == "1 byline, site0"


def test_a_failure_a_new_record_and_a_broken_file_are_told() -> None:
    failed = CaseResult(
        "a/1", "a", Verdict.ERROR, failure=Failure("ValueError", "no number in '<x at 0x7f11aa>'")
    )
    other = CaseResult(
        "a/2", "a", Verdict.ERROR, failure=Failure("ValueError", "no number in '<x at 0x7f22bb>'")
    )
    new = CaseResult("a/3", "a", Verdict.NEW, record={"title": "T"})
    broken = CaseResult("a/4", "a", Verdict.ERROR, problem="capture.json: not JSON")
    found = clusters_of([c for each in (failed, other, new, broken) for c in changes_of(each)])
    assert {each.title: each.where for each in found} == {
        "raises ValueError: “no number in '<x at 0x…>'”": "2 failures, a",
        "no accepted snapshot yet": "1 new record, a",
        "capture.json: not JSON": "1 file, a",
    }


def test_values_are_distinct_edits_most_frequent_first() -> None:
    made = planted(200, 5)
    for cluster in clusters_of(changes(made.run)):
        expected = Counter(map(value_of, cluster.changes))
        assert {(old, new): n for old, new, n in cluster.values} == expected
        numbers = [n for _, _, n in cluster.values]
        assert numbers == sorted(numbers, reverse=True)
        assert cluster.exact == (len(cluster.values) == 1)


def test_a_cause_has_the_same_key_in_another_run() -> None:
    one, other = (clusters_of(changes(planted(400, seed).run)) for seed in (6, 7))
    known = {(each.title, each.field, each.category): each.key for each in one if each.exact}
    same = [each for each in other if (each.title, each.field, each.category) in known]
    assert same and all(known[e.title, e.field, e.category] == e.key for e in same)
    assert all(len(each.key) == 8 for each in one)
    assert len({each.key for each in one}) == len(one)


WORDS = st.sampled_from(["By", "Ada", "Hopper", "21", "2", "hours", "ago", "|", "“x”", "你好", "é"])
TEXT = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
VALUE = st.one_of(st.none(), TEXT, st.lists(TEXT, max_size=4))


@st.composite
def some_changes(draw: Callable[..., Any]) -> list[Change]:
    found: list[Change] = []
    for i in range(draw(st.integers(0, 12))):
        field = draw(st.sampled_from(["byline", "body"]))
        old, new = draw(VALUE), draw(VALUE)
        if compare_records({field: old}, {field: new}):
            case = result(f"c{i}", {field: old}, {field: new}, site=f"s{i % 3}")
            found += changes_of(case)
    return found


@settings(max_examples=60)
@given(some_changes())
def test_every_change_is_in_exactly_one_cluster(found: list[Change]) -> None:
    every = clusters_of(found)
    inside = Counter(id(change) for cluster in every for change in cluster.changes)
    assert inside == Counter(map(id, found))
    assert all(sum(n for *_, n in each.values) == len(each.changes) for each in every)
    assert [each.weight for each in every] == sorted((e.weight for e in every), reverse=True)


@settings(max_examples=60)
@given(some_changes(), st.randoms(use_true_random=False))
def test_the_order_of_the_changes_does_not_matter(found: list[Change], draw: Random) -> None:
    def told(every: Iterable[ChangeCluster]) -> list[Any]:
        return [
            (e.key, e.title, e.where, e.values, {c.case for c in e.changes}, e.weight)
            for e in every
        ]

    assert told(clusters_of(draw.sample(found, len(found)))) == told(clusters_of(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("21 hours ago", "age"),
        ("vor 3 Stunden", "age"),
        ("12 March 2025", "date"),
        ("By", "credit"),
        ("Ada Lovelace", "name"),
        ("Grace Hopper and", "name"),
        ("| Daily Echo", "|site"),
        ("| Night Owl", "|name"),
        ("Read more", "furniture"),
        ("of the", "words"),
        ("[3]", "[number"),
        ("…", "marks"),
        ("https://a.example/b", "link"),
        ("@ada", "handle"),
        ("One sentence of more than eight words ends it here.", "prose"),
        ("", "marks"),
    ],
)
def test_a_text_is_told_by_what_it_is_like(text: str, expected: str) -> None:
    assert kind(text, "daily_echo") == expected


# The edits of a comparison

TEXTS = st.lists(
    st.sampled_from(["5 min read", "7 min read", "By Ada", "Ada", "x", "1", "é", "你好"]),
    max_size=2,
).map(tuple)
EDITS = st.lists(
    st.builds(
        Edit,
        st.sampled_from(["a/1", "a/2", "b/1"]),
        st.sampled_from(["body", "byline"]),
        st.sampled_from(["lost", "gained"]),
        TEXTS,
        TEXTS,
        st.floats(0, 1),
    ),
    max_size=12,
)


def test_labels_of_one_shape_are_one_cluster_that_keeps_their_values() -> None:
    edits = [Edit(f"a/{i}", "byline", "lost", (f"{i % 2 + 5} min read",)) for i in range(5)]
    (found,) = clusters(edits)
    assert found.captures == ("a/0", "a/1", "a/2", "a/3", "a/4")
    assert found.values == (((("5 min read",), ()), 3), ((("6 min read",), ()), 2))
    assert not found.exact and found.edits == 5


def test_a_field_or_a_category_apart_is_a_cluster_apart() -> None:
    edits = [
        Edit("a/1", field, category, ("x",)) for field in ("f", "g") for category in ("lost", "c")
    ]
    assert len(clusters(edits)) == 4


def test_single_words_of_bodies_are_apart_where_one_of_them_recurs() -> None:
    def edit(i: int, was: str, now: str) -> Edit:
        old = f"The council {was} in the long meeting of Tuesday number {i} that it would pay."
        new = f"The council {now} in the long meeting of Tuesday number {i} that it would pay."
        return edit_of(f"s{i % 3}/{i}", "body", "value", Hunk("", word_diff(old, new)[0]))

    others = [("said", "asked"), ("told", "wrote"), ("knew", "hid")]
    edits = [edit(i, "organised", "organized") for i in range(8)]
    edits += [edit(10 + i, *pair) for i, pair in enumerate(others)]
    found = clusters(edits)
    assert sorted(len(each.captures) for each in found) == [3, 8]
    assert next(each for each in found if each.exact).values[0][0] == (
        ("organised",),
        ("organized",),
    )


def test_the_heaviest_comes_first() -> None:
    rare = Edit("a/1", "body", "lost", ("one whole article",), severity=0.9)
    common = [Edit(f"a/{i}", "byline", "gained", (), ("x",), 0.2) for i in range(6)]
    assert [each.field for each in clusters([rare, *common])] == ["byline", "body"]
    assert [each.field for each in clusters([rare, *common[:3]])] == ["body", "byline"]


@given(EDITS)
def test_every_edit_is_in_exactly_one_cluster(edits: list[Edit]) -> None:
    found = clusters(edits)
    assert sum(each.edits for each in found) == len(edits)
    inside = Counter(
        (each.field, each.category, texts, number)
        for each in found
        for texts, number in each.values
    )
    expected = Counter((e.field, e.category, e.texts) for e in edits)
    assert sum(inside.values()) >= len(expected) and {k[:3] for k in inside} == set(expected)


@given(EDITS, st.randoms(use_true_random=False))
def test_the_order_of_the_edits_does_not_matter(edits: list[Edit], draw: Random) -> None:
    shuffled = draw.sample(edits, len(edits))
    assert clusters(shuffled) == clusters(edits)


@given(EDITS)
def test_clusters_are_ranked_by_weight(edits: list[Edit]) -> None:
    weights = [each.weight for each in clusters(edits)]
    assert weights == sorted(weights, reverse=True)


def test_nothing_is_clustered_of_nothing() -> None:
    assert clusters_of(changes(Run(()))) == () == clusters([])
