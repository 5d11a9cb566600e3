"""The map of sites and fields."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from harness.changes import changes
from harness.model import Run, Verdict
from harness.report import heat
from tests.planted import planted
from tests.report.runs import HOSTILE, field, result


def mapped(run: Run) -> heat.Map:
    anchors = {each.id: f"a-{i}" for i, each in enumerate(run.results)}
    found = heat.heat(changes(run), heat.captures_of(run), anchors)
    assert found is not None
    return found


def passing(number: int, site: str) -> list[object]:
    return [result(f"ok{i}", verdict=Verdict.PASS, site=site) for i in range(number)]


def test_a_run_without_changes_has_no_map() -> None:
    assert heat.heat((), {}, {}) is None


def test_a_cell_counts_captures_and_not_changes() -> None:
    cards = [field(f"related[{i}].body") for i in range(3)]
    run = Run((result("a", *cards), result("b", field("related[0].body")), *passing(2, "site")))
    (line,) = mapped(run).lines
    assert mapped(run).fields == ("related[].body",)
    assert line.cells[0] is not None
    assert (line.cells[0].cases, line.cells[0].total, line.cells[0].share) == (2, 4, 0.5)
    assert (line.cases, line.total) == (2, 4)


def test_the_worst_site_and_field_stand_first_and_a_cell_tells_its_worst() -> None:
    run = Run(
        (
            result("a", field("title"), site="one"),
            result("b", field("byline", Verdict.WRONG), verdict=Verdict.WRONG, site="two"),
            result("c", field("byline"), site="two"),
        )
    )
    found = mapped(run)
    assert found.fields == ("byline", "title")
    assert [line.site for line in found.lines] == ["two", "one"]
    cell = found.lines[0].cells[0]
    assert cell is not None
    assert (cell.verdict, cell.anchor) == (Verdict.WRONG, "a-1")
    assert found.lines[0].cells[1] is None
    assert cell.state == "#/changes?site=two&field=byline"


def test_colours_grow_with_the_share_and_reach_their_end_at_all() -> None:
    levels = [heat.Cell(n, 100, Verdict.CHANGED, "", "").level for n in (1, 5, 19, 20, 50, 99, 100)]
    assert levels == [1, 2, 2, 3, 4, 4, 5]


@given(st.integers(0, 30))
def test_every_capture_that_drifted_is_in_its_sites_row(seed: int) -> None:
    run = planted(120, seed).run
    found = mapped(run)
    assert sum(line.cases for line in found.lines) == len(run.drifted)
    for line in found.lines:
        counts = [cell.cases for cell in line.cells if cell]
        assert max(counts) <= line.cases <= sum(counts)


def test_of_many_sites_and_fields_the_worst_are_shown_and_the_rest_is_counted() -> None:
    run = Run(tuple(result(f"c{i}", field(f"f{i}"), site=f"site{i}") for i in range(100)))
    found = mapped(run)
    assert (len(found.lines), len(found.fields)) == (heat.SITES, heat.FIELDS)
    assert (found.sites_left, found.fields_left) == (60, 88)
    assert "60 sites that drifted less and 88 fields" in " ".join(heat.section(found).split())


def test_names_are_escaped_and_links_stay_links() -> None:
    run = Run((result("a", field(f"x{HOSTILE}"), site="s<b>\"'&"),))
    page = str(heat.section(mapped(run)))
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, _: tags.append(tag)  # type: ignore[method-assign,assignment]
    parser.feed(page)
    allowed = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "bdi", "a", "span"}
    assert set(tags) <= allowed | {"strong", "small", "p"}
    assert 'href="#a-0"' in page
    assert "\u202e" not in page and "\x00" not in page
    page.encode("utf-8")


def test_a_table_can_be_read_without_colours_and_by_ear() -> None:
    page = heat.section(mapped(Run((result("a", field("title")), result("b", field("byline"))))))
    assert '<th scope="row"><bdi>site</bdi></th>' in page
    assert '<th scope="col"><bdi class="path">title</bdi></th>' in page
    assert "changed in 1 case of 2" in page
    assert 'tabindex="0" role="region" aria-labelledby="--map-caption"' in page
    assert " style=" not in page
