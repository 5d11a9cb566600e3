"""What a stress run counts, and that its small pages show the same fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import Page, extractor
from harness.extraction import Extractor, extract
from harness.model import Capture, Failure
from harness.mutations import MUTATIONS
from harness.stress import (
    Cell,
    RelationOracle,
    Stress,
    alone,
    measure,
    reproduce,
    same_failure,
    wilson,
)

STORY = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{t} - Paper</title>
<meta name="author" content="Ada Lane"></head><body><nav><a href="/">Home</a> <a href="/x">More</a>
</nav><article><h1>{t}</h1><p class="by">Ada Lane</p>
<p>The ferry left the harbour of {t} before dawn and nobody on the pier had seen it go out.</p>
<p>Its captain, who has <b>sailed</b> the strait for thirty years, said the engine was sound.</p>
<p>By noon the coast guard had found two of its boats near the lighthouse on the eastern shore.</p>
<p>The company will publish its own report in spring, and the families have asked to read it.</p>
</article><footer>All rights reserved</footer></body></html>"""


def story(title: str, site: str = "paper") -> Capture:
    return Capture(
        site, title.lower().replace(" ", "-"), STORY.format(t=title).encode(), "text/html"
    )


STORIES = [story("A ferry is lost"), story("A ferry is found"), story("Fog")]


def made(read: Callable[[Page], object]) -> Extractor:
    return extractor("read", sites="*")(read)


def sound(page: Page) -> dict[str, object]:
    title, byline = page.text("h1"), page.text(".by")
    body = [line for line in page.lines("article") if line not in (title, byline)]
    return {"title": title, "byline": byline, "body": body}


def glued(page: Page) -> dict[str, object]:
    """Inline elements eat the space after them, as in jusText."""
    return sound(page) | {"body": glue(page)}


def glue(page: Page) -> list[str]:
    texts = []
    for node in page.css("article p"):
        html = node.html.replace("</span> ", "</span>")
        texts.append(" ".join(Page(Capture("a", "b", html.encode(), "text/html")).lines("p")))
    return texts


def mutations(*names: str) -> dict[str, object]:
    return {name: MUTATIONS[name] for name in names}


def stressed(read: Callable[[Page], object], *names: str, **options: object) -> Stress:
    return measure(made(read), STORIES, mutations(*names), **options)  # type: ignore[arg-type]


def test_a_sound_extractor_survives_everything_that_must_hold() -> None:
    found = measure(made(sound), STORIES, MUTATIONS, must_only=True)
    assert found.faults == () and found.clean
    assert found.trials > 100 and found.captures == 3
    assert {cell.field for cell in found.cells} == {"title", "byline", "body"}
    assert all(cell.broken == 0 and cell.rate == 1 for cell in found.cells)


def test_a_fault_is_one_cluster_with_the_smallest_page_as_its_example() -> None:
    found = stressed(glued, "span-word", "comments")
    [fault] = found.faults
    assert (fault.mutation, fault.field, fault.fault) == ("span-word", "body", "glued")
    assert fault.must_hold and not found.clean
    assert fault.captures == fault.trials == 3
    assert fault.example.capture == "paper/fog"
    assert fault.example.steps == (("span-word", 0),)
    assert fault.example.hunks and fault.id == "span-word-body-glued"
    rates = {(cell.mutation, cell.field): cell.rate for cell in found.cells}
    assert rates["span-word", "body"] == 0 and rates["span-word", "title"] == 1
    assert rates["comments", "body"] == 1


def test_seeds_of_one_page_count_as_one_page() -> None:
    def sometimes(page: Page) -> dict[str, object]:
        return glued(page) if "<span>captain" in page.source else sound(page)

    found = stressed(sometimes, "span-word", seeds=8)
    cell = next(cell for cell in found.cells if cell.field == "body")
    assert (cell.captures, cell.trials) == (3, 24)
    assert 0 < cell.broken < 24
    assert cell.kept == pytest.approx((cell.trials - cell.broken) / 8)
    assert cell.interval == wilson(cell.kept, 3)


def test_an_extractor_that_raises_on_a_mutated_page_loses_every_field() -> None:
    def fragile(page: Page) -> dict[str, object]:
        if "<!--" in page.source:
            raise ValueError("comment at 12 in 'Fog'")
        return sound(page)

    found = stressed(fragile, "comments")
    [fault] = found.faults
    assert (fault.field, fault.fault) == ("*", "raised")
    assert "ValueError" in fault.example.message
    assert fault.id == "comments-record-raised"
    assert {cell.rate for cell in found.cells} == {0}
    assert {cell.field for cell in found.cells} == {"title", "byline", "body"}


def test_what_is_only_measured_never_fails() -> None:
    found = stressed(sound, "h1-to-h2")
    assert found.faults and found.clean
    assert not any(fault.must_hold for fault in found.faults)
    assert stressed(sound, "h1-to-h2", must_only=True).trials == 0


def test_pages_that_cannot_be_stressed_are_told() -> None:
    def picky(page: Page) -> dict[str, object]:
        if "is found" in page.source:
            raise LookupError("no")
        return sound(page) if "is lost" in page.source else {"title": None, "body": []}

    found = stressed(picky, "comments")
    assert found.failed == (("paper/a-ferry-is-found", "LookupError"),)
    assert found.bare == 1 and found.captures == 3
    assert {cell.captures for cell in found.cells} == {1}


def test_ctrl_c_gives_what_was_counted() -> None:
    seen = 0

    def advance() -> None:
        nonlocal seen
        seen += 1
        if seen == 2:
            raise KeyboardInterrupt

    found = stressed(sound, "comments", advance=advance)
    assert found.interrupted and not found.clean
    assert found.captures == 2 and found.trials == 2


def test_a_reproduction_is_small_and_breaks_in_the_same_way() -> None:
    read = made(glued)
    [fault] = stressed(glued, "span-word").faults
    done = reproduce(fault, STORIES[2], read, spelled="a:b", path="x.html")
    assert done is not None
    shrunk, small = done
    assert small.size_to <= 120 < small.size_from
    assert small.parses and small.ended == "minimal"
    assert small.source == shrunk.capture.body.decode()
    assert small.command == (
        "harness shrink x.html -x a:b --mutation span-word --field body --fault glued"
    )
    again = Capture("file", "x", shrunk.capture.body, "text/html")
    oracle = RelationOracle(read, fault.example.steps, fault.relation, "body", "glued")
    assert oracle(again) and "glued" not in oracle.says(again)
    assert "became" in oracle.says(again)


def test_shrinking_does_not_slip_to_another_fault() -> None:
    read = made(glued)
    page = STORIES[0]
    steps = (("span-word", 0),)
    assert RelationOracle(read, steps, "same-tokens", "body", "glued")(page)
    for other in (
        RelationOracle(read, steps, "same-record", "body", "glued"),
        RelationOracle(read, steps, "same-tokens", "title", "glued"),
        RelationOracle(read, steps, "same-tokens", "body", "split"),
    ):
        assert not other(page) and other.says(page) == ""


def test_a_field_that_is_empty_before_is_no_case() -> None:
    def hidden_only(page: Page) -> dict[str, object]:
        return {"title": page.text("h1"), "body": page.lines("p[style]")}

    oracle = RelationOracle(made(hidden_only), (("hidden-style", 0),), field="body")
    assert not oracle(STORIES[0])
    always = made(lambda page: {"body": ["More", *page.lines("p[style]")]})
    oracle = RelationOracle(always, (("hidden-style", 0),), field="body", fault="hidden-text")
    assert oracle(STORIES[0])


def test_an_example_that_does_not_fail_again_is_not_made_up() -> None:
    [fault] = stressed(glued, "span-word").faults
    assert reproduce(fault, STORIES[2], made(sound), spelled="a:b", path="x.html") is None


def test_a_page_is_kept_with_no_more_than_it_needs_to_fail() -> None:
    page = replace(STORIES[0], url="https://example.com/a", charset="utf-8", status=200)
    assert alone(page, lambda _: True).url is None
    kept = alone(page, lambda candidate: candidate.url is not None)
    assert kept.url == page.url and kept.charset is None and kept.site == "file"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("at line 3: 'foo'", "at line 41: 'bar'", True),
        ("first\nsecond", "first\nother", True),
        ("no title", "no body", False),
    ],
)
def test_failures_are_one_when_only_particulars_differ(one: str, other: str, same: bool) -> None:
    assert same_failure(Failure("E", one), Failure("E", other)) is same
    assert not same_failure(Failure("E", one), Failure("F", one))


@pytest.mark.parametrize(
    ("kept", "of", "low", "high"),
    # R, binom::binom.confint(x, n, methods = "wilson")
    [(0, 10, 0.0, 0.27753), (5, 10, 0.23659, 0.76341), (10, 10, 0.72247, 1.0), (1, 1, 0.20655, 1)],
)
def test_intervals_are_wilsons(kept: int, of: int, low: float, high: float) -> None:
    assert wilson(kept, of) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 400), st.integers(0, 400))
def test_an_interval_holds_its_share(kept: int, more: int) -> None:
    low, high = wilson(kept, kept + more)
    assert 0 <= low <= high <= 1
    if kept + more:
        assert low <= kept / (kept + more) <= high


def test_the_interval_of_a_cell_counts_pages_not_mutated_pages() -> None:
    cell = Cell("m", "f", True, "body", captures=4, trials=400, broken=200, kept=2.0)
    assert cell.rate == 0.5
    assert cell.interval == wilson(2, 4)


def test_the_outcome_before_is_taken_twice_a_page_whatever_is_mutated() -> None:
    calls = 0

    def counting(page: Page) -> dict[str, object]:
        nonlocal calls
        calls += 1
        return sound(page)

    measure(made(counting), STORIES[:1], mutations("comments", "span-word"))  # type: ignore[arg-type]
    assert calls == 4
    assert extract(made(counting), STORIES[0]).failure is None


def test_an_extractor_that_is_not_deterministic_says_nothing_of_mutations() -> None:
    calls = 0

    def counting(page: Page) -> dict[str, object]:
        nonlocal calls
        calls += 1
        return {**sound(page), "title": f"Call {calls}"}

    found = stressed(counting, "comments")
    assert found.unsteady == tuple(story.id for story in STORIES)
    assert not found.faults and not found.trials


def test_a_field_that_a_relation_does_not_judge_has_not_survived() -> None:
    def read(page: Page) -> dict[str, object]:
        return {**sound(page), "published": page.text("h1")}

    script = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'
    prose = "A ferry crossed the river " * 20
    body = STORIES[0].body.replace(b"</h1>", f"</h1>{script}<p>{prose}</p>".encode())
    page = replace(STORIES[0], body=body)
    found = measure(made(read), [page], mutations("json-ld-stripped"))  # type: ignore[arg-type]
    assert {cell.field for cell in found.cells} == {"body"}
