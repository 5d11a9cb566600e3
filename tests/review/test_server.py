"""The server as it is started: a real process, and requests as a browser sends them."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.command_line import NewProject, one_line
from tests.conftest import Finished
from tests.review.conftest import Bench, make_bench
from tests.review.live import Live, serving

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")


@pytest.fixture
def drifted(bench: Bench) -> Bench:
    """Three captures that changed; of one two fields."""
    bench.give("a", byline="Ada Lovelace", title="Another headline of it")
    bench.give("b", byline="Ada Lovelace")
    bench.give("c", byline=None)
    return bench


@pytest.fixture
def live(drifted: Bench) -> Iterator[Live]:
    with serving(drifted.project, "--by", "Ada") as started:
        assert started.url, started.err
        yield started


def anchor(bench: Bench, title: str) -> str:
    return bench.names[title].replace("/", "-")


def test_a_decision_is_written_told_to_other_tabs_and_undone(live: Live, drifted: Bench) -> None:
    [title] = drifted.changes("a", "title")
    start = live.ask("api/state?since=0").json
    assert (start["decisions"], start["by"]) == ([], "Ada")
    answer = live.decide(drifted.decide([title]))
    assert [each["state"] for each in answer["applied"]] == ["written"]
    assert drifted.accepted("a")["record"]["title"] == "Another headline of it"
    told = live.ask(f"api/state?since={start['version']}").json
    mine = [each for each in told["decisions"] if each["decision"]]
    assert [(e["case"], e["field"], e["state"], e["by"]) for e in mine] == [
        (drifted.names["a"], "title", "written", "Ada")
    ]
    assert live.ask(f"api/state?since={told['version']}").json["decisions"] == []
    undone = live.ask("api/undo", {"steps": 1}).json
    assert [each["field"] for each in undone["undone"]] == ["title"]
    back = live.ask(f"api/state?since={told['version']}").json["decisions"]
    assert {(each["field"], each["decision"]) for each in back} == {("title", ""), ("byline", "")}
    assert drifted.accepted("a")["record"]["title"] != "Another headline of it"


def test_what_another_process_accepts_is_told_too(live: Live, drifted: Bench) -> None:
    version = live.ask("api/state?since=0").json["version"]
    done = drifted.project.run("harness", "accept", "b-", "--by", "Bob")
    assert done.code == 0, done
    told = live.ask(f"api/state?since={version}").json["decisions"]
    assert [(e["case"], e["state"], e["by"]) for e in told] == [
        (drifted.names["b"], "written", "Bob")
    ]


def test_a_stale_decision_is_refused_with_the_reason(live: Live, drifted: Bench) -> None:
    found = drifted.decide(drifted.changes("b"))
    drifted.give("b", byline="Grace Hopper")
    drifted.check()
    answer = live.decide(found)
    assert answer["applied"] == []
    assert "its output changed since it was reviewed" in answer["refused"][0]["why"]


def test_a_change_that_is_none_of_this_run_is_refused(live: Live, drifted: Bench) -> None:
    drifted.give("b", byline="Grace Hopper")
    answer = live.decide(drifted.decide(drifted.changes("b")))
    assert "this run has no such change" in answer["refused"][0]["why"]


def test_what_is_never_decided_in_bulk_is_not(live: Live, drifted: Bench) -> None:
    found = drifted.decide([each for each in drifted.changes() if each.field == "byline"])
    answer = live.decide(found)
    assert [each["case"] for each in answer["applied"]] == [drifted.names["a"], drifted.names["b"]]
    [refused] = answer["refused"]
    assert refused["why"] == (f"{drifted.names['c']}: the field is empty now; decide it on its own")
    alone = [each for each in found if each.case == drifted.names["c"]]
    assert [each["state"] for each in live.decide(alone)["applied"]] == ["written"]


def test_a_golden_is_approved_with_a_name_and_a_trust(live: Live, drifted: Bench) -> None:
    found = drifted.decide(drifted.changes("b"), "approve")
    rows = [{**_bare(each)} for each in found]
    answer = live.ask("api/decide", {"decisions": rows, "by": "Eve", "trust": "auto"}).json
    assert [each["state"] for each in answer["applied"]] == ["written"], answer
    golden = drifted.golden("b")
    assert (golden["by"], golden["trust"], golden["fields"]) == (
        "Eve",
        "auto",
        {"byline": "Ada Lovelace"},
    )


def _bare(decision: Any) -> dict[str, Any]:
    keys = ("case", "extractor", "capture", "field", "of", "decision", "old", "new")
    return {key: getattr(decision, key) for key in keys}


def test_the_page_its_articles_and_captures_are_served(live: Live, drifted: Bench) -> None:
    page = live.ask("")
    assert page.status == 200 and 'data-mode="review"' in page.text
    assert f'content="{live.token}"' in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "connect-src 'self'" in policy
    assert "unsafe-inline'" not in policy.replace("style-src 'unsafe-inline'", "")
    article = live.ask(f"api/article/{anchor(drifted, 'a')}")
    assert article.status == 200 and '<article id="' in article.text
    capture = live.ask(f"capture/{anchor(drifted, 'a')}")
    assert capture.status == 200
    assert capture.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "<script" not in capture.text
    for each in (page, article, capture):
        assert each.headers["x-content-type-options"] == "nosniff"
        assert each.headers["cache-control"] == "no-store"
        assert each.headers["cross-origin-resource-policy"] == "same-origin"


PATHS = [
    "../../harness.toml",
    "..%2f..%2fharness.toml",
    "%2e%2e/%2e%2e/harness.toml",
    "%00",
    "a%00b",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "....//harness.toml",
    "%5c..%5charness.toml",
    "nothing",
]


def test_no_path_of_a_request_is_that_of_a_file(live: Live) -> None:
    for name in PATHS:
        for where in ("", "api/article/", "capture/"):
            answer = live.ask(where + name)
            assert answer.status == 404, (where, name, answer)
            assert "extractors" not in answer.text and "root:" not in answer.text


ELSEWHERE: list[tuple[int, dict[str, str | None]]] = [
    (421, {"Host": "evil.example"}),
    (403, {"Origin": "http://evil.example"}),
    (403, {"Sec_Fetch_Site": "cross-site"}),
    (403, {"X_Harness_Token": None}),
    (415, {"Content_Type": "text/plain"}),
]


def test_a_write_from_elsewhere_changes_nothing(live: Live, drifted: Bench) -> None:
    rows = [_bare(each) for each in drifted.decide(drifted.changes("b"))]
    before = drifted.tree()
    for status, headers in ELSEWHERE:
        answer = live.ask("api/decide", {"decisions": rows}, **headers)
        assert answer.status == status
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert drifted.tree() == before


BROKEN = [
    (b"", 400, "the request is not valid JSON"),
    (b"{", 400, "the request is not valid JSON"),
    (b"\xff\xfe", 400, "the request is not valid JSON"),
    (b"[" * 100_000, 400, "the request is not valid JSON"),
    (b"[]", 400, "the request is no JSON object"),
    (b"{}", 400, "'decisions' is a list"),
    (b'{"decisions": [7]}', 400, "decisions[0] is no object; export the file again"),
    (b'{"decisions": [{}]}', 400, "decisions[0]: 'case' is missing"),
]


def test_a_broken_request_is_told_in_one_line(live: Live) -> None:
    for raw, status, why in BROKEN:
        answer = live.ask("api/decide", raw=raw)
        assert (answer.status, answer.json) == (status, {"why": why})
    assert live.ask("api/undo", {"steps": 0}).status == 400
    assert live.ask("api/state?since=x").status == 400
    assert live.ask("api/decide").status == 405


def test_a_request_that_is_too_large_is_refused_unread(live: Live) -> None:
    answer = live.ask("api/decide", raw=b"", Content_Length=str(1 << 40))
    assert answer.status in (400, 413)


def test_two_reviewers_at_once_lose_nothing(new_project: NewProject) -> None:
    titles = tuple(f"t{n}" for n in range(12))
    bench = make_bench(new_project, titles)
    for title in titles:
        bench.give(title, byline="Ada Lovelace", title="Another headline of it")
    found = bench.changes()
    titled = bench.decide([each for each in found if each.field == "title"])
    bylined = bench.decide([each for each in found if each.field == "byline"])
    problems: list[Any] = []

    def work(live: Live, mine: list[Any]) -> None:
        for each in mine:
            answer = live.decide([each])
            if [a["state"] for a in answer["applied"]] != ["written"]:
                problems.append(answer)

    with serving(bench.project, "--by", "Ada") as one, serving(bench.project, "--by", "Bob") as two:
        threads = [
            threading.Thread(target=work, args=args)
            for args in ((one, titled), (two, bylined), (two, titled[::-1]))
        ]
        for thread in threads:
            thread.start()
        beside = bench.project.run("harness", "accept", "t1-", "--by", "Eve")
        for thread in threads:
            thread.join()
        assert not problems and beside.code in (0, 2)
        assert one.ask("api/state?since=0").json["decisions"].__len__() == 24
        codes = one.end(), two.end()
    assert codes == (0, 0)
    assert bench.check().clean


def test_ctrl_c_ends_it_at_once_with_a_summary(live: Live, drifted: Bench) -> None:
    live.decide(drifted.decide(drifted.changes("b")))
    live.decide(drifted.decide(drifted.changes("c"), "reject"))
    assert live.end() == 1
    assert live.out.splitlines()[-1] == "1 accepted, 1 rejected, 2 open"
    assert "Traceback" not in live.err


def test_sigterm_ends_it_too(live: Live) -> None:
    live.end(signal.SIGTERM)
    assert "Traceback" not in live.err


def test_a_killed_server_has_lost_no_decision(drifted: Bench) -> None:
    with serving(drifted.project) as live:
        live.decide(drifted.decide(drifted.changes("b")))
        live.end(signal.SIGKILL)
    with serving(drifted.project) as again:
        told = again.ask("api/state?since=0").json["decisions"]
    assert [(each["case"], each["decision"]) for each in told] == [(drifted.names["b"], "accept")]


def test_a_port_that_is_taken_is_said_or_passed_over(drifted: Bench) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = drifted.project.run("harness", "review", "--no-open", "--port", port)
        assert f"cannot listen on 127.0.0.1, port {port}" in one_line(_without_notes(done))


def _without_notes(done: Finished) -> Finished:
    lines = [line for line in done.err.splitlines() if not line.startswith("note: ")]
    return Finished(done.code, done.out, "\n".join(lines))


def test_a_host_that_is_none_is_said(drifted: Bench) -> None:
    done = drifted.project.run("harness", "review", "--no-open", "--host", "no.such.invalid")
    assert one_line(done).startswith("--host no.such.invalid: ")


def test_listening_wider_than_this_machine_is_warned_of(drifted: Bench) -> None:
    with serving(drifted.project, "--host", "0.0.0.0") as live:
        at = live.url.replace("0.0.0.0", "127.0.0.1")
        live.url = at
        assert live.ask("api/state?since=0").status == 200
        live.end()
    assert "warning: everybody who reaches 0.0.0.0" in live.err


def test_nothing_to_review_is_said_and_is_no_server(bench: Bench) -> None:
    done = bench.project.run("harness", "review")
    assert (done.code, done.out) == (0, "nothing to review: all 3 captures pass\n")


def test_the_saved_run_is_reviewed_as_long_as_its_output_waits(drifted: Bench) -> None:
    assert drifted.project.run("harness", "check").code == 1
    saved = drifted.config.run_file.read_bytes()
    with serving(drifted.project) as live:
        live.decide(drifted.decide(drifted.changes("b")))
        live.end()
    with serving(drifted.project) as live:  # what was accepted is of this run still
        live.end()
    assert drifted.config.run_file.read_bytes() == saved
    drifted.give("b", byline="Grace Hopper")
    drifted.check()
    with serving(drifted.project) as live:
        live.end()
    assert drifted.config.run_file.read_bytes() != saved
    assert "note: checking first" in live.err


def test_only_the_chosen_captures_are_reviewed(drifted: Bench) -> None:
    with serving(drifted.project, "a-") as live:
        assert live.ask(f"api/article/{anchor(drifted, 'a')}").status == 200
        assert live.ask(f"api/article/{anchor(drifted, 'b')}").status == 404
        live.end()
    assert live.out.splitlines()[-1] == "0 accepted, 0 rejected, 2 open"


def test_without_the_extra_one_line_names_it(drifted: Bench) -> None:
    drifted.project.write("blocked/uvicorn.py", "raise ImportError(name='uvicorn')")
    done = drifted.project.run("harness", "review", PYTHONPATH="blocked")
    assert one_line(done) == (
        "`harness review` needs uvicorn: pip install 'extraction-harness[review]';"
        " or use `harness review --terminal`"
    )
