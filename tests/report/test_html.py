"""The drift report, read back as a browser would read it."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from harness.diff import compare_records
from harness.errors import CorpusError
from harness.model import (
    Capture,
    CaseResult,
    Failure,
    FieldDiff,
    FieldResult,
    Finding,
    Hunk,
    Piece,
    Run,
    Tree,
    Verdict,
)
from harness.report.articles import DIFF_CHARS
from harness.report.budget import FILE
from harness.report.evidence import Evidence, gather
from harness.report.html import Report, article, page, policy, prepare
from harness.report.script import script
from harness.report.sheet import WHOLE
from harness.text import UNSEEN, show_unseen

PAGE = """<title>Site</title><nav>Home</nav><h1>Storm warning</h1><p>Reuters</p>
<p>First paragraph of it.</p><p>Second paragraph of it.</p><footer>All rights reserved</footer>"""
RECORD: dict[str, Tree] = {
    "title": "Storm warning",
    "byline": "Reuters",
    "body": ["First paragraph of it.", "Second paragraph of it."],
}


def capture(markup: str = PAGE, **known: object) -> Capture:
    body = markup.encode("utf-8", "surrogatepass")
    return Capture("site", "page-00000000", body, "text/html", **known)  # type: ignore[arg-type]


def drifted(
    accepted: dict[str, Tree],
    record: dict[str, Tree],
    name: str = "site/page-00000000",
    verdict: Verdict = Verdict.CHANGED,
) -> CaseResult:
    diffs = compare_records(accepted, record)
    fields = tuple(FieldResult(verdict, "snapshot", diff) for diff in diffs)
    return CaseResult(name, "site", verdict, fields, record=record, accepted=accepted)


def beside(markup: str = PAGE, **known: object) -> Callable[[CaseResult], Evidence]:
    return lambda result: gather(result, lambda _: capture(markup, **known))


def render(
    run: Run,
    look: Callable[[CaseResult], Evidence],
    title: str = "Drift report",
    limit: int = FILE.captures,
) -> str:
    return page(prepare(run), look, title=title, budget=replace(FILE, captures=limit))


def never(result: CaseResult) -> Evidence:
    raise AssertionError(f"evidence was asked for {result.id}")


def parse(page: str) -> LexborHTMLParser:
    page.encode("utf-8")
    return LexborHTMLParser(page)


def texts(page: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text(deep=True).split()) for node in page.css(selector)]


HOSTILE = [
    "</script><script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "</title><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "--><!--<iframe src=//evil.example></iframe>",
    "{{ 7 * 7 }}{% raw %}",
    "lone \ud800 surrogate",
    "nul \x00 and \x1b[31m",
    "bidi \u202egnp.exe\u2066",
    "zero\u200bwidth\ufeff",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_place_stays_text(text: str) -> None:
    diff = FieldDiff(
        text,
        "text",
        "value",
        text,
        (
            Hunk(text, (Piece("=", text), Piece("-", text), Piece("+", text))),
            Hunk(text, (Piece("-", text), Piece("+", text))),
        ),
    )
    accepted: dict[str, Tree] = {text: f"{text} before", "body": [text]}
    record: dict[str, Tree] = {text: text, "absent": f"nowhere {text}"}
    # Every place that a capture, an extractor or a user fills.
    results = (
        CaseResult(
            f"site/{text}",
            text,
            Verdict.WRONG,
            (FieldResult(Verdict.WRONG, "golden", diff),),
            record=record,
            accepted=accepted,
            findings=(
                Finding(text, text, "error", text, text, text, (0, 0, 1)),
                Finding(text, text, "warning", text, text, text, waived=text),
            ),
        ),
        CaseResult(
            "site/passes",
            "site",
            Verdict.PASS,
            findings=(Finding(text, text, "warning", text, text, text, waived=text),),
        ),
        CaseResult(text, "a", Verdict.ERROR, failure=Failure(text, text, text), accepted=accepted),
        CaseResult(text, "b", Verdict.ERROR, problem=text),
        CaseResult(text, "c", Verdict.NEW, record=record),
        CaseResult(text, "d", Verdict.CHANGED),
        CaseResult(f"{text}/{text}", text, Verdict.PASS),
    )

    def evidence(result: CaseResult) -> Evidence:
        if result.extractor == "d":
            raise CorpusError(text)
        found = beside(f"<p>{text}</p><p>{text} before</p>", url=text, note=text)(result)
        plain = Capture(
            "s", "n", text.encode("utf-8", "surrogatepass"), "text/plain", url=text, note=text
        )
        return found if result.extractor == "b" else gather(result, lambda _: plain)

    run = Run(results, (text,), text, {text: text}, text)
    page = parse(render(run, evidence, title=text))

    banned = "img, link, form, object, embed, base, frame, math, video, template, audio"
    assert page.css(banned) == []
    (only,) = [each for each in page.css("script") if not each.attributes.get("type")]
    assert only.text() == script()
    for frame in page.css("iframe"):
        assert frame.attributes["sandbox"] is None
        inside = parse(frame.attributes["srcdoc"] or "")
        assert inside.css("script, img, iframe, link, form, input, base, [href], [src]") == []
    assert {node.tag for node in page.css("svg *")} <= {"rect"}
    assert all(node.attributes["type"] == "radio" for node in page.css("input"))
    assert len(page.css("style")) == len(page.css("title")) == 1
    for node in page.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on"), node.html
            assert name not in ("src", "action", "style"), node.html
            assert name != "srcdoc" or node.tag == "iframe", node.html
            assert name != "href" or (value or "").startswith("#"), node.html
    title = page.css_first("title").text()
    assert title.startswith(show_unseen(text))
    only.decompose()
    assert not UNSEEN.search(page.html or "")
    assert any(show_unseen(text) in said for said in texts(page, ".capture .notice"))


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    page = render(Run((drifted(RECORD, RECORD | {"byline": "Reu\u202eters\ud800"}),)), beside())
    assert "Reu⟨U+202E⟩ters⟨U+D800⟩" in page


def test_policy_forbids_scripts_and_network() -> None:
    clean = parse(render(Run(()), never))
    said = clean.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    assert said == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert clean.css("script") == []
    for drawn in (clean, parse(render(Run((drifted(RECORD, {}),)), beside()))):
        style = drawn.css_first("style").text()
        assert "url(" not in style
        assert "@import" not in style


def test_policy_names_the_one_script_that_the_page_has() -> None:
    page = parse(render(Run((drifted(RECORD, {"title": "x"}),)), beside()))
    said = page.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    (only,) = [each for each in page.css("script") if not each.attributes.get("type")]
    digest = base64.b64encode(hashlib.sha256(only.text().encode("utf-8")).digest()).decode("ascii")
    assert said == policy() == f"{said.rpartition('; ')[0]}; script-src 'sha256-{digest}'"
    assert "</script" not in only.text()
    assert "<!--" not in only.text()


def test_a_clean_run_says_so() -> None:
    results = tuple(CaseResult(f"site/p{i}", "site", Verdict.PASS) for i in range(61))
    page = parse(render(Run(results), never))
    assert texts(page, "h1") == ["All 61 captures pass"]
    assert page.css("article") == []


def test_verdict_is_the_first_thing_said() -> None:
    run = Run((CaseResult("s/a", "s", Verdict.PASS), CaseResult("s/b", "s", Verdict.CHANGED)))
    page = parse(render(run, never, limit=0))
    assert texts(page, "h1") == ["1 of 2 captures drifted: 1 changed"]
    assert texts(parse(render(Run(run.results[:1]), never)), "h1") == ["1 capture passes"]


def test_worst_change_comes_first() -> None:
    verdicts = [Verdict.NEW, Verdict.ERROR, Verdict.CHANGED, Verdict.WRONG, Verdict.MISSING]
    results = tuple(CaseResult(f"site/{v}", "site", v) for v in verdicts)
    page = parse(render(Run(results), beside()))
    ids = [node.attributes["id"] for node in page.css("article")]
    assert ids == ["site-error", "site-wrong", "site-missing", "site-changed", "site-new"]


def test_marks_stand_where_the_text_of_the_field_stands() -> None:
    page = parse(render(Run((drifted(RECORD, RECORD | {"byline": "AFP"}),)), beside()))
    marks = {
        node.css_first(".tag").text(): node.parent.text(deep=True)  # type: ignore[union-attr]
        for node in page.css(".page mark:not(.lost)")
    }
    assert marks["title"] == "titleStorm warning"
    assert marks["body[1]"] == "body[1]Second paragraph of it."
    assert texts(page, ".absent .path") == ["byline"]


def test_text_no_longer_claimed_is_labelled_and_linked() -> None:
    result = drifted(RECORD, RECORD | {"body": ["First paragraph of it."]})
    page = parse(render(Run((result,)), beside()))
    assert texts(page, "mark.lost") == ["no longer claimed: body[1]Second paragraph of it."]
    target = page.css_first(".against a").attributes["href"]
    assert target == "#site-page-00000000--5"
    assert "Second paragraph" in page.css_first(f"li[id='{target[1:]}']").text(deep=True)


def test_only_text_that_is_new_to_the_field_is_underlined() -> None:
    result = drifted(RECORD, RECORD | {"byline": "All rights reserved"})
    page = parse(render(Run((result,)), beside()))
    assert texts(page, "mark.differs") == ["bylineAll rights reserved"]


def test_field_that_contradicts_its_golden_is_underlined_though_it_is_as_accepted() -> None:
    (diff,) = compare_records(RECORD | {"title": "Storm is over"}, RECORD)
    field = FieldResult(Verdict.WRONG, "golden", diff, "contradicts")
    name = "site/page-00000000"
    result = CaseResult(name, "site", Verdict.WRONG, (field,), record=RECORD, accepted=RECORD)
    page = parse(render(Run((result,)), beside()))
    assert texts(page, "mark.differs") == ["titleStorm warning"]


DOUBT = Finding(
    "no-glue", "body[1]", "error", "glued", "two words run together", "ofit", place=(4, 0, 6)
)


def suspect(*findings: Finding) -> CaseResult:
    name = "site/page-00000000"
    return CaseResult(
        name, "site", Verdict.SUSPECT, record=RECORD, accepted=RECORD, findings=findings
    )


def test_a_finding_is_shown_with_its_text_and_leads_to_its_line() -> None:
    page = parse(render(Run((suspect(DOUBT),)), beside()))
    (shown,) = texts(page, ".finding")
    assert shown == "? error body[1] glued two words run together"
    assert "ofit" in texts(page, ".findings .diff")
    target = page.css_first(".findings a").attributes["href"]
    assert target == "#site-page-00000000--5"
    assert "Second paragraph" in page.css_first(f"li[id='{target[1:]}']").text(deep=True)
    assert texts(page, ".findings code") == [
        "harness waive site/page-00000000 no-glue --field body --reason '…'"
    ]
    assert texts(page, ".page .objection") == ["error no-glue: two words run together “ofit”"]
    assert "1 finding" in texts(page, ".cluster .about")[0]


def test_a_finding_whose_place_is_not_on_the_page_any_more_leads_nowhere() -> None:
    page = parse(render(Run((suspect(replace(DOUBT, place=(400, 0, 6))),)), beside()))
    assert page.css(".findings a") == []


def test_what_is_waived_is_shown_last_with_its_reason() -> None:
    waived = replace(DOUBT, invariant="other", waived="it is a poem")
    page = parse(render(Run((suspect(waived, DOUBT),)), beside()))
    assert [text.split()[1] for text in texts(page, ".case .finding")] == ["error", "waived"]
    assert "waived: it is a poem" in texts(page, ".case .findings .against")


def test_findings_on_captures_that_pass_are_listed_by_invariant() -> None:
    warned = [
        CaseResult(
            f"site/page-{i}",
            "site",
            Verdict.PASS,
            findings=(replace(DOUBT, severity="warning", place=None),),
        )
        for i in range(70)
    ]
    page = parse(render(Run(tuple(warned)), never))
    (rule,) = texts(page, ".rules summary")
    assert rule.startswith("no-glue 70 findings glued words run together")
    assert len(page.css(".rules .found")) == 60
    assert texts(page, ".rules > details > .muted") == ["and 10 more"]
    assert "all 70 captures pass; 70 warnings" in texts(page, "h1")[0].lower()


def test_unclaimed_text_is_there_without_a_mark() -> None:
    page = parse(render(Run((drifted(RECORD, RECORD | {"byline": None}),)), beside()))
    lines = texts(page, ".page li")
    assert lines[0].endswith("Home")
    assert lines[-1].endswith("All rights reserved")


def test_word_diff_shows_old_and_new() -> None:
    page = parse(render(Run((drifted(RECORD, RECORD | {"title": "Storm alert"}),)), beside()))
    assert texts(page, ".case del") == texts(page, ".cluster del") == ["warning"]
    assert texts(page, ".case ins") == texts(page, ".cluster ins") == ["alert"]
    assert "it says something else" in page.css_first(".field h4").text(deep=True)


def test_white_space_that_changed_is_visible() -> None:
    result = drifted(RECORD, RECORD | {"title": "Storm  warning"})
    page = parse(render(Run((result,)), beside()))
    assert texts(page, "ins") == ["␣␣", "␣␣"]


@pytest.mark.parametrize(
    ("golden", "said"),
    [
        ("agrees", "likely a repair"),
        ("contradicts", "the golden contradicts the new value"),
        ("silent", "neither golden nor invariant says which value is right"),
    ],
)
def test_what_the_golden_thinks(golden: str, said: str) -> None:
    (diff,) = compare_records(RECORD, RECORD | {"byline": "AFP"})
    field = FieldResult(Verdict.CHANGED, "snapshot", diff, golden)  # type: ignore[arg-type]
    result = CaseResult("site/a", "site", Verdict.CHANGED, (field,))
    assert said in texts(parse(render(Run((result,)), beside())), ".judged")[0]


def test_capture_that_is_gone_says_why_in_its_place() -> None:
    def gone(result: CaseResult) -> Evidence:
        raise CorpusError(f"{result.id}: digest <does not> match")

    page = parse(render(Run((drifted(RECORD, RECORD | {"byline": "AFP"}),)), gone))
    assert "site/page-00000000: digest <does not> match" in texts(page, ".capture .notice")[0]
    assert texts(page, ".case del") == ["Reuters"]


def test_extractor_that_raised_shows_its_traceback() -> None:
    failure = Failure("KeyError", "'x'", "Traceback (most recent call last): …")
    result = CaseResult("site/a", "site", Verdict.ERROR, failure=failure, accepted=RECORD)
    page = parse(render(Run((result,)), beside()))
    assert texts(page, ".failure h4") == ["The extractor raised KeyError"]
    assert texts(page, ".failure details pre") == ["Traceback (most recent call last): …"]
    assert "no longer claimed: titleStorm warning" in texts(page, "mark.lost")


def test_new_capture_shows_its_record() -> None:
    result = CaseResult("site/a", "site", Verdict.NEW, record=RECORD)
    page = parse(render(Run((result,)), beside()))
    assert '"byline": "Reuters"' in texts(page, ".fields pre")[0]


def test_commands_can_be_pasted_into_a_shell() -> None:
    old: dict[str, Tree] = {"related": [{"title": "A long title", "byline": "A"}]}
    new: dict[str, Tree] = {"related": [{"title": "A long title", "byline": "B"}]}
    codes = texts(parse(render(Run((drifted(old, new),)), beside())), "article code")
    assert codes == [
        "harness accept site/page-00000000 --field related",
        "harness accept site/page-00000000",
        "harness check site/page-00000000",
        "pytest -k page-00000000",
    ]


def test_clusters_group_by_field_without_indexes() -> None:
    old: dict[str, Tree] = {"related": [{"title": t * 9, "byline": "A"} for t in "xy"]}
    new: dict[str, Tree] = {"related": [{"title": t * 9, "byline": "B"} for t in "xy"]}
    results = (drifted(old, new, "site/a"), drifted(old, new, "site/b"))
    page = parse(render(Run(results), beside()))
    assert texts(page, ".cluster .tally") == ["2 captures"]
    assert texts(page, ".cluster .values li") == ["4 × A → B"]
    links = [node.attributes["href"] for node in page.css(".cluster .firsts a")]
    assert links == ["#site-a", "#site-b"]


def test_anchors_are_unique_and_every_link_leads_somewhere() -> None:
    names = ["site/a", "site/a", "site-a", "SITE/A", "site/a-2", "नमस्ते", "مرحبا"]
    results = tuple(drifted(RECORD, RECORD | {"byline": None}, name) for name in names)
    page = parse(render(Run(results), beside()))
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert {(node.attributes["href"] or "")[1:] for node in page.css("[href]")} <= set(ids)


def test_changes_beyond_the_limit_have_their_diffs_only() -> None:
    asked: list[str] = []

    def evidence(result: CaseResult) -> Evidence:
        asked.append(result.id)
        return beside()(result)

    changed = [drifted(RECORD, RECORD | {"byline": "AFP"}, f"site/{i}") for i in range(5)]
    worst = drifted(RECORD, RECORD | {"byline": None}, "site/worst", Verdict.WRONG)
    page = parse(render(Run((*changed, worst)), evidence, limit=2))
    assert sorted(asked) == ["site/0", "site/worst"]
    assert len(page.css(".capture")) == 2
    assert len(page.css("article .field")) == 6
    said = texts(page, ".changes > .muted")
    assert said[0].startswith("4 cases are shown without their captures")


def test_line_of_5_mb_is_cut_around_its_marks() -> None:
    markup = f"<p>{'left ' * 500_000}Storm warning{' right' * 500_000}</p>"
    result = drifted(RECORD, {"title": "Storm warning", "byline": "left " * 400_000})
    page = render(Run((result,)), beside(markup))
    assert len(page) < 2 * (DIFF_CHARS + WHOLE.source) + 100_000
    parsed = parse(page)
    assert "titleStorm warning" in texts(parsed, "mark")
    assert any("characters left out" in text for text in texts(parsed, ".page .cut"))


def test_page_of_20_000_lines_shows_those_around_its_marks() -> None:
    rows = [f"<p>row {i}</p>" for i in range(20_000)]
    rows[15_000] = "<p>Storm warning</p>"
    result = drifted({"title": "x"}, {"title": "Storm warning"})
    page = parse(render(Run((result,)), beside("".join(rows))))
    assert len(page.css(".page li")) <= 400
    assert texts(page, "mark") == ["titleStorm warning"]
    shown = texts(page, ".page > ol li")
    assert [line.split("row ")[-1] for line in shown if "row" in line] == [
        *("14998", "14999"),
        *("15001", "15002"),
    ]
    left = sum(int(gap.split()[0].replace(",", "")) for gap in texts(page, ".gap"))
    assert left + len(page.css(".page li")) == 20_000


def test_record_that_claims_20_000_lines_is_bounded() -> None:
    rows = [f"paragraph number {i} of many" for i in range(20_000)]
    body: list[Tree] = [*rows]
    accepted: dict[str, Tree] = {"body": body}
    failure = Failure("ValueError", "x" * 5_000_000, "y" * 5_000_000)
    result = CaseResult("site/a", "site", Verdict.ERROR, failure=failure, accepted=accepted)
    page = render(Run((result,)), beside("".join(f"<p>{row}</p>" for row in rows)))
    assert len(page) < WHOLE.chars + WHOLE.source + 200_000


def test_a_thousand_fields_and_six_thousand_edits_are_bounded() -> None:
    pieces = (Piece("-", "old " * 1000), Piece("=", "same " * 1000), Piece("+", "new " * 1000))
    many = tuple(Hunk(f"paragraph {i}", pieces * 20) for i in range(100))
    few = (Hunk("", (Piece("-", "old"), Piece("+", "new"))),)
    fields = tuple(
        FieldResult(
            Verdict.CHANGED,
            "snapshot",
            FieldDiff(f"f{i}", "text", "value", "s" * 9999, many if i < 3 else few),
        )
        for i in range(1000)
    )
    result = CaseResult("site/a", "site", Verdict.CHANGED, fields)
    page = render(Run((result,)), beside())
    assert len(page) < 1_000_000
    assert "and 940 more fields, left out" in texts(parse(page), ".notice")


def test_5_000_passing_captures_stay_small() -> None:
    results = tuple(
        CaseResult(f"daily8/a-headline-as-long-as-headlines-are-{i:08x}", "daily8", Verdict.PASS)
        for i in range(5_000)
    )
    page = render(Run(results), never)
    assert len(page.encode()) < 1_000_000
    assert page.count("<li><bdi>a-headline") == 5_000


def test_orphans_come_with_the_command_that_prunes_them() -> None:
    page = parse(render(Run((), ("site/site/gone-00000000",)), never))
    assert texts(page, ".orphans li") == ["site/site/gone-00000000"]
    assert texts(page, ".orphans code") == ["harness lint --prune-orphans"]


def test_unknown_url_and_moment_are_said_to_be_unknown() -> None:
    page = parse(render(Run((drifted(RECORD, RECORD | {"byline": None}),)), beside()))
    assert texts(page, ".capture .facts div") == [
        "urlunknown",
        "capturedunknown",
        "originreal",
    ]


# --- what the script reads, and what has no room --------------------------------------------------


def unpacked(text: str | None) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(text or "")))


def many(number: int) -> Run:
    """Captures that each lost a byline of their own, and one with an exclamation mark too many."""
    results = [
        drifted(
            RECORD | {"byline": f"By Ann Number{i}"}, RECORD | {"byline": f"{i}"}, f"site/p-{i}"
        )
        for i in range(number)
    ]
    odd = drifted(RECORD, RECORD | {"title": "Storm warning!"}, "site/odd")
    return Run((*results, odd))


def test_every_case_has_its_article_where_the_index_says() -> None:
    report = prepare(many(150))
    page_ = parse(page(report, beside(), budget=replace(FILE, articles=5)))
    index = unpacked(page_.css_first("script[id='--index']").text())
    packs = {
        int(node.attributes["data-chunk"] or ""): unpacked(node.text())
        for node in page_.css("script.chunk")
    }
    static = {node.attributes["id"] for node in page_.css("article")}
    assert len(static) == 5
    seen: Counter[int] = Counter()
    for case, chunk in zip(report.cases, index["cases"]["chunk"], strict=True):
        if chunk == -1:
            assert case.anchor in static
            continue
        made = parse(packs[chunk][seen[chunk]]).css_first("article")
        seen[chunk] += 1
        assert made.attributes["data-case"] == str(case.number)
        numbers = [node.attributes["data-change"] for node in made.css("[data-change]")]
        assert numbers == [str(case.first + i) for i in range(len(case.changes))]
    assert all(seen[chunk] == len(pack) for chunk, pack in packs.items())
    assert sum(index["cases"]["changes"]) == len(index["changes"]["path"]) == len(report.changes)
    old = index["changes"]["old"]
    assert [old[i : i + 16].strip() for i in range(0, len(old), 16)] == [
        change.old for change in report.changes
    ]


def test_first_of_each_cluster_stands_in_the_document() -> None:
    report = prepare(many(150))
    page_ = parse(page(report, beside(), budget=replace(FILE, articles=len(report.clusters))))
    shown = {node.attributes["id"] for node in page_.css("article")}
    firsts = {report.cases[_case(report, n)].anchor for n in range(len(report.clusters))}
    assert shown == firsts


def _case(report: Report, cluster: int) -> int:
    first = report.cluster_of.index(cluster)
    return next(c.number for c in reversed(report.cases) if c.first <= first)


@pytest.mark.parametrize("room", [200_000, 260_000])
def test_a_file_never_has_more_bytes_than_its_budget_and_says_what_it_left_out(room: int) -> None:
    text = page(prepare(many(700)), beside(), budget=replace(FILE, file=room, articles=8))
    assert len(text.encode()) <= room
    page_ = parse(text)
    index = unpacked(page_.css_first("script[id='--index']").text())
    left = index["cases"]["chunk"].count(-2)
    assert left == index["left"]["articles"] > 0
    assert any(f"no room for {left:,} article" in said for said in texts(page_, ".notice"))


def test_the_reviews_page_misses_nothing_since_its_server_has_every_article() -> None:
    page_ = parse(page(prepare(many(40)), beside(), mode="review"))
    index = unpacked(page_.css_first("script[id='--index']").text())
    assert index["left"]["articles"] > 0
    assert not [said for said in texts(page_, ".notice, .muted") if "harness review" in said]


def test_a_run_too_large_for_its_index_says_how_many_cases_are_missing() -> None:
    page_ = parse(page(prepare(many(300)), beside(), budget=replace(FILE, index=20_000)))
    index = unpacked(page_.css_first("script[id='--index']").text())
    assert len(index["cases"]["name"]) + index["left"]["cases"] == 301
    assert index["left"]["cases"] > 0
    assert index["clusters"][0]["changes"] > 0


def test_the_servers_article_is_the_one_of_the_page() -> None:
    report = prepare(Run((drifted(RECORD, RECORD | {"byline": "AFP"}),)))
    made = parse(article(report, "site-page-00000000", beside()) or "")
    there = parse(page(report, beside()))
    assert texts(made, ".field") == texts(there, "article .field")
    assert texts(made, ".page li") == texts(there, "article .page li")
    assert article(report, "site-other", beside()) is None


def test_unchanged_paragraphs_are_folded_around_the_change() -> None:
    old: dict[str, Tree] = {"body": [f"Paragraph {i} of it all." for i in range(9)]}
    new: dict[str, Tree] = {"body": [*old["body"][:4], "Paragraph 4 is new.", *old["body"][5:]]}
    page_ = parse(render(Run((drifted(old, new),)), beside()))
    assert texts(page_, ".same summary") == ["4 unchanged paragraphs", "4 unchanged paragraphs"]
    assert texts(page_, ".same p")[0] == "Paragraph 0 of it all."
