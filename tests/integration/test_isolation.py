"""A crash, a hang or an exit of an extractor costs one capture its verdict, in every command."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.commands import common
from harness.extraction import Extractor, extract
from harness.extraction.launch import python_launch
from harness.extraction.remote import Remote
from harness.model import Capture
from tests.command_line import Call, NewProject, caller, one_line
from tests.conftest import PAGE, Project, outside_ci

HARMFUL = """
import ctypes, os, socket, time
from harness import extractor

@extractor("site")
def site(page):
    title = page.text("h1")
    if title == "crash" or not title:
        ctypes.string_at(0)
    if title == "hang":
        time.sleep(600)
    if title == "exit":
        os._exit(7)
    if title == "network":
        socket.create_connection(("page.invalid", 80))
    return {"title": title, "byline": page.text(".by"), "body": page.lines("article p")}
"""
# As in the configuration: of many workers, one core would start them one after the other.
LIMITS = ("--isolate", "--workers", "1", "--timeout", "1")


@pytest.fixture
def project(new_project: NewProject) -> Project:
    """A project with an extractor that does on a page what its title says."""
    made = new_project()
    made.write("extractors/site.py", HARMFUL)
    return made


@pytest.fixture
def harness(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Call:
    """Calls ``harness …`` in the project."""
    return caller(project, monkeypatch, capsys)


def failures(text: str) -> dict[str, str | None]:
    """Failure by the capture's name, of a run in JSON."""
    return {
        result["capture"].split("/")[1].rpartition("-")[0]: (result["failure"] or {}).get("type")
        for result in json.loads(text)["results"]
    }


def test_check_goes_on_over_whatever_an_extractor_does(project: Project, harness: Call) -> None:
    for title in ("alpha", "crash", "exit", "hang", "network", "omega"):
        project.add(title, PAGE.format(title=title))
    done = harness("check", *LIMITS, "--update", "new", "--output-format", "json")
    assert done.code == 1
    assert failures(done.out) == {
        "alpha": None,
        "crash": "Crashed",
        "exit": "Exited",
        "hang": "TimeLimit",
        "network": "NetworkRefused",
        "omega": None,
    }
    # Audit harms the records there are, and says of the others why it cannot.
    audit = harness("audit", *LIMITS, "--output-format", "json", "--operator", "lede-lost")
    measured = json.loads(audit.out)
    assert measured["records"] == 2
    assert "the extractor raised TimeLimit" in {each["reason"] for each in measured["skipped"]}


def test_extract_stress_and_shrink_go_on_over_a_crash(project: Project, harness: Call) -> None:
    whole = project.add("alpha", PAGE.format(title="alpha"))
    (project.root / "crash.html").write_text(PAGE.format(title="crash"))
    done = harness("extract", "crash.html", whole, "-x", "site", *LIMITS, "--output-format", "json")
    first, second = map(json.loads, done.out.splitlines())
    assert (done.code, first["error"]["type"], second["record"]["title"]) == (1, "Crashed", "alpha")
    stressed = harness(
        "stress", "-x", "site", *LIMITS, "--mutation", "h1-to-h2", "--mutation", "nav-shuffle",
        "--no-shrink", "--output-format", "json",
    )  # fmt: skip
    faults = {(each["mutation"], each["fault"]) for each in json.loads(stressed.out)["faults"]}
    assert ("h1-to-h2", "raised") in faults
    shrunk = harness(
        "shrink",
        "crash.html",
        "-x",
        "site",
        "--raises",
        *LIMITS,
        "--budget",
        "2",
        "-o",
        "small.html",
    )
    assert shrunk.code == 1
    assert (project.root / "small.html").stat().st_size < len(PAGE) / 2


def test_an_extractor_of_another_program_is_checked_like_any(
    project: Project, harness: Call
) -> None:
    program = (
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    asked = json.loads(line)\n"
        "    size = len(asked['html'])\n"
        "    print(json.dumps({'id': asked['id'], 'record': {'size': size}}), flush=True)\n"
    )
    project.write("program.py", program)
    project.add("alpha", PAGE.format(title="alpha"))
    command = json.dumps([sys.executable, "program.py"])
    settings = (project.root / "harness.toml").read_text()
    table = f"[external.sizes]\ncommand = {command}\nsites = ['*']\n"
    project.write("harness.toml", f"{settings}\n{table}")
    assert harness("check", "--update", "all").code == 0
    stored = next((project.root / "snapshots" / "sizes").rglob("*.json"))
    assert json.loads(stored.read_text())["record"] == {"size": len(PAGE.format(title="alpha"))}
    tested = project.run("pytest", "-n", "2")
    assert tested.code == 0, tested.out
    assert "2 passed" in tested.out


def test_a_program_that_cannot_start_is_told_once_and_not_for_each_capture(
    project: Project, harness: Call
) -> None:
    for name in ("alpha", "beta"):
        project.add(name, PAGE.format(title=name))
    settings = (project.root / "harness.toml").read_text()
    table = "[external.sizes]\ncommand = ['no-such-program']\nsites = ['*']\n"
    project.write("harness.toml", f"{settings}\n{table}")
    done = harness("check", "-x", "sizes")
    assert done.code == 2
    assert done.err.startswith("harness: sizes: ") and "no-such-program" in done.err
    assert len(done.err.splitlines()) == 1
    tested = project.run("pytest", "-q")
    assert tested.code != 0
    assert tested.out.count("sizes: ") == 1 and "no-such-program" in tested.out, tested.out
    assert harness("check", "-x", "sizes", "--list").code == 0


def test_what_was_refused_the_network_is_told_even_if_it_went_on_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = (
        "import socket\n"
        "def run(html, url):\n"
        "    try:\n"
        "        socket.create_connection(('192.0.2.1', 443), timeout=1)\n"
        "    except OSError:\n"
        "        return {'size': len(html)}\n"
    )
    (tmp_path / "sizes.py").write_text(program)
    load = {"call": "sizes:run", "path": [str(tmp_path)], "gets": "html"}
    with Remote(python_launch(load, tmp_path)) as remote:
        sizes = Extractor("sizes", remote, ("*",))
        capture = Capture("site", "alpha", b"<p>1", "text/html", sha256="1")
        assert extract(sizes, capture).record == {"size": 4}
        common.note_network([sizes])
    told = capsys.readouterr().err
    assert told == (
        "note: sizes: network access was refused: 192.0.2.1:443 (1); --allow-network allows it\n"
    )


def test_a_name_that_is_taken_is_one_line(project: Project, harness: Call) -> None:
    settings = (project.root / "harness.toml").read_text()
    project.write("harness.toml", f"{settings}\n[external.site]\ncommand = ['true']\n")
    project.add("alpha", PAGE.format(title="alpha"))
    assert "two extractors are called 'site'" in one_line(harness("check"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--timeout", "0"), "'--timeout': 0 is not in the range x>0"),
        (("--timeout", "-1"), "-1 is not in the range x>0"),
        (("--timeout", "nan"), "nan is not in the range x>0"),
        (("--timeout", "soon"), "'soon' is not a number of seconds"),
        (("--memory", "0"), "0 is not in the range x>=1"),
        (("--workers", "-1"), "-1 is not in the range x>=0"),
        (("--workers", "two"), "'two' is not a valid integer"),
    ],
)
def test_a_limit_that_is_none_is_refused(harness: Call, words: tuple[str, ...], said: str) -> None:
    done = harness("check", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err.splitlines()[-1]


def test_network_is_allowed_by_the_configuration_and_by_the_command_line(
    project: Project, harness: Call
) -> None:
    # Nothing answers there, which is another failure than being refused.
    source = HARMFUL.replace('("page.invalid", 80)', '("127.0.0.1", 9)')
    project.write("extractors/site.py", source)
    project.add("network", PAGE.format(title="network"))
    asked = ("check", "--update", "none", "--output-format", "json")
    assert failures(harness(*asked).out) == {"network": "NetworkRefused"}
    assert failures(harness(*asked, "--allow-network").out) == {"network": "ConnectionRefusedError"}
    settings = (project.root / "harness.toml").read_text()
    project.write("harness.toml", f"network = true\n{settings}")
    assert failures(harness(*asked).out) == {"network": "ConnectionRefusedError"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_keeps_what_was_finished_and_ends_the_workers(project: Project) -> None:
    project.add("alpha", PAGE.format(title="alpha"))
    for number in range(3):
        project.add(f"b{number}", PAGE.format(title="hang") + f"<!-- {number} -->")
    started = project.root / "started"
    source = HARMFUL.replace("time.sleep(600)", f"open({str(started)!r}, 'w'); time.sleep(600)")
    project.write("extractors/site.py", source)
    command = [sys.executable, "-m", "harness", "check", "--isolate", "--workers", "1"]
    with subprocess.Popen(
        command, cwd=project.root, env=outside_ci(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        _appears(started)
        time.sleep(1)  # the answer before it is there, and may still be on its way to the verdict
        running.send_signal(signal.SIGINT)
        begun = time.monotonic()
        out, err = running.communicate(timeout=60)
    assert time.monotonic() - begun < 30, "it waited for the limit of 30 s"
    assert running.returncode == 2
    assert b"interrupted after 1 of 4 captures" in err
    assert b"Traceback" not in out + err


def _appears(path: Path) -> None:
    for _ in range(600):
        if path.exists():
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} never appeared")
