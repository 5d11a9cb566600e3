"""Every fault of an extractor, provoked in a real process: it costs its capture and no other."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from harness.extraction.launch import Launch, python_launch
from harness.extraction.remote import Remote
from tests.conftest import REPOSITORY
from tests.extraction.workers import (
    CAPTURED,
    COMMAND,
    GOOD,
    QUICK,
    command,
    is_alive,
    page,
    python,
    record,
    remote,
)

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets us see and limit this")

SHORT = replace(QUICK, seconds=0.4)

FAULTS = {
    "segfault in C": ("ctypes.string_at(0)", "Crashed", "SIGSEGV"),
    "abort in C": ("os.abort()", "Crashed", "SIGABRT"),
    "killed from outside": ("os.kill(os.getpid(), 9)", "Crashed", "SIGKILL"),
    "os._exit": ("os._exit(3)", "Exited", "exit code 3"),
    "os._exit with success": ("os._exit(0)", "Exited", "exit code 0"),
    "hang": ("time.sleep(60)", "TimeLimit", "0.4 s"),
    "busy hang": ("while True: pass", "TimeLimit", "--timeout"),
    "hang that holds the GIL": (
        "import re; re.match(r'(a+)+b', 'a' * 99)",
        "TimeLimit",
        "0.4 s",
    ),
    "hang that ignores signals": (
        "for s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: time.sleep(1)",
        "TimeLimit",
        "0.4 s",
    ),
    "stopped itself": ("os.kill(os.getpid(), signal.SIGSTOP)", "TimeLimit", "0.4 s"),
    "endless print": ("while True: print('x' * 9999)", "OutputLimit", "printed more than 1 MiB"),
    "endless write to fd 1": ("while True: os.write(1, b'x' * 9999)", "OutputLimit", "1 MiB"),
    "print bomb of children": (
        "for _ in range(4): os.fork()\nwhile True: os.write(2, b'x' * 9999)",
        "OutputLimit",
        "1 MiB",
    ),
    "answer beyond the limit": ("record['body'] = 'x' * 2_000_000", "OutputLimit", "its answer"),
    "closed all files": ("os.closerange(3, 99); time.sleep(60)", "BadAnswer", "closed its output"),
    "sys.exit": ("sys.exit('enough')", "SystemExit", "enough"),
    "Ctrl-C of its own": ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
    "exception": ("{}['title']", "KeyError", "title"),
    "no record": ("record = ['title']", "RecordError", "not list"),
    "value without a form": ("record['title'] = object()", "RecordError", "'title'"),
    "endless recursion": ("def f(): f()\nf()", "RecursionError", ""),
}


@pytest.mark.parametrize(("code", "kind", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_costs_its_capture_a_failure_and_the_next_one_nothing(
    tmp_path: Path, code: str, kind: str, message: str
) -> None:
    with remote(python(tmp_path), SHORT) as run:
        outcome = run(page(code))
        assert outcome.record is None and outcome.failure
        assert outcome.failure.type == kind
        assert message in outcome.failure.message
        assert "worker.py" not in outcome.failure.traceback
        assert record(run(GOOD))["title"] == "done"


def test_a_c_stack_that_overflows_ends_the_worker_or_the_recursion(tmp_path: Path) -> None:
    code = """
        sys.setrecursionlimit(10**9)
        def deeper(): return sorted([1], key=lambda one: deeper())
        deeper()
    """
    with remote(python(tmp_path)) as run:
        failure = run(page(code)).failure
        assert failure and failure.type in ("Crashed", "RecursionError", "MemoryLimit")
        assert record(run(GOOD))


def test_a_crash_shows_where_in_the_extractor_it_was(tmp_path: Path) -> None:
    with remote(python(tmp_path)) as run:
        failure = run(page("ctypes.string_at(0)")).failure
    assert failure and "obedient.py" in failure.traceback
    assert "worker.py" not in failure.traceback


ANSWERS = {
    "garbage": ("print('hello')", "BadAnswer", "no JSON line: 'hello'"),
    "not UTF-8": (r"sys.stdout.buffer.write(b'\xff\n')", "BadAnswer", "no JSON line"),
    "a list": ("answer = [1]", "BadAnswer", "no JSON object"),
    "a wrong id": ("answer['id'] = 99", "BadAnswer", "request '99' when asked 1"),
    "true for 1": ("answer['id'] = True", "BadAnswer", "request 'true'"),
    "no id": ("del answer['id']", "BadAnswer", "request 'null'"),
    "neither record nor error": ("del answer['record']", "BadAnswer", '"record" or an "error"'),
    "both": ("answer['error'] = {}", "BadAnswer", '"record" or an "error"'),
    "nested too deep": ("print('[' * 100000)", "BadAnswer", "no JSON line"),
    "NaN": ("answer['record']['n'] = float('nan')", "BadAnswer", "'n'"),
    "a number beyond floats": (
        'print(\'{"id": 1, "record": {"n": 1e999}}\', flush=True); time.sleep(9)',
        "BadAnswer",
        "'n'",
    ),
    "a list for a record": ("answer['record'] = []", "BadAnswer", "named fields"),
    "a name that breaks paths": ("answer['record'] = {'a.b': 1}", "BadAnswer", "'a.b'"),
    "a tag that is none": ("answer['record']['t'] = {'$when': 1}", "BadAnswer", "'t'"),
    "a date that is none": ("answer['record']['t'] = {'$date': 'soon'}", "BadAnswer", "'t'"),
    "its own error": ("answer = {'id': 1, 'error': {'type': 'E', 'message': 'm'}}", "E", "m"),
    "an error in a word": ("answer = {'id': 1, 'error': 'no title'}", "Error", "no title"),
    "no answer": ("sys.exit(5)", "Exited", "exit code 5"),
    "closed output": ("os.close(1); time.sleep(60)", "BadAnswer", "closed its output"),
    "a line without end": ("while True: os.write(1, b'x' * 9999)", "OutputLimit", "its answer"),
    "a hang": ("time.sleep(60)", "TimeLimit", "0.4 s"),
}


@pytest.mark.parametrize(("code", "kind", "message"), ANSWERS.values(), ids=ANSWERS)
def test_a_command_that_answers_wrongly_costs_that_capture(
    tmp_path: Path, code: str, kind: str, message: str
) -> None:
    with remote(command(tmp_path), SHORT) as run:
        outcome = run(page(code))
        assert outcome.record is None and outcome.failure
        assert (outcome.failure.type, message in outcome.failure.message) == (kind, True)
        assert record(run(GOOD))["title"] == "done"


def test_a_second_answer_is_never_taken_for_that_of_the_next_capture(tmp_path: Path) -> None:
    with remote(command(tmp_path)) as run:
        pids = set()
        for number in range(4):
            code = f"answer['record']['n'] = {number}; say(answer)"
            found = record(run(page(code)))
            assert found["n"] == number
            pids.add(found["pid"])
            time.sleep(0.05)
    assert len(pids) == 4


def test_two_answers_in_one_write_are_one_too_many(tmp_path: Path) -> None:
    twice = """
line = (json.dumps(answer) + chr(10)).encode()
os.write(1, line * 2)
say = lambda answer, say=say: globals().update(say=say)
"""
    with remote(command(tmp_path), SHORT) as run:
        first = record(run(page(twice)))
        assert record(run(GOOD))["pid"] != first["pid"]


def test_an_answer_given_in_advance_is_not_believed(tmp_path: Path) -> None:
    early = "say(answer); answer = {'id': 2, 'record': {'title': 'guessed'}}"
    with remote(command(tmp_path)) as run:
        assert record(run(page(early)))["title"] == "done"
        time.sleep(0.05)
        assert record(run(GOOD))["title"] == "done"


def test_a_command_that_ends_after_each_answer_is_started_for_each(tmp_path: Path) -> None:
    source = COMMAND.replace("    say(answer)\n", "    say(answer)\n    break\n")
    with remote(command(tmp_path, source)) as run:
        pids = {record(run(page("pass", str(n))))["pid"] for n in range(3)}
    assert len(pids) == 3


def test_a_death_is_tried_again_in_a_fresh_worker(tmp_path: Path) -> None:
    code = f"""
        if not os.path.exists({str(tmp_path / "mark")!r}):
            open({str(tmp_path / "mark")!r}, "w").close()
            os._exit(1)
    """
    with remote(python(tmp_path)) as run:
        assert record(run(page(code)))["title"] == "done"


def test_an_answer_clears_a_capture_of_the_deaths_before(tmp_path: Path) -> None:
    code = """
        import builtins
        if hasattr(builtins, "used"): os._exit(1)
        builtins.used = True
    """
    with remote(python(tmp_path)) as run:
        for _ in range(4):
            assert record(run(page(code)))["title"] == "done"


def times(path: Path) -> str:
    return f"open({str(path)!r}, 'a').write('x')\n"


def test_the_second_death_on_a_capture_quarantines_it(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    deadly = page(times(runs) + "os.abort()")
    with remote(python(tmp_path)) as run:
        first = run(deadly)
        assert first.failure and "quarantined" in first.failure.message
        assert runs.read_text() == "xx"
        assert run(deadly) == first and run(replace(deadly, name="copy")) == first
        assert runs.read_text() == "xx"
        assert record(run(GOOD))


def test_a_hang_in_a_fresh_worker_is_not_waited_for_twice_at_once(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    hanging = page(times(runs) + "time.sleep(60)")
    with remote(python(tmp_path), SHORT) as run:
        for seen in ("x", "xx", "xx"):
            outcome = run(hanging)
            assert outcome.failure and outcome.failure.type == "TimeLimit"
            assert runs.read_text() == seen
        assert outcome.failure and "quarantined" in outcome.failure.message


def test_a_hang_that_an_earlier_capture_caused_is_not_blamed_on_the_next(tmp_path: Path) -> None:
    trap = "import builtins; builtins.trap = True"
    trapped = "import builtins\nif hasattr(builtins, 'trap'): time.sleep(60)"
    with remote(python(tmp_path), SHORT) as run:
        assert record(run(page(trap)))
        assert record(run(page(trapped)))["title"] == "done"


def test_what_is_printed_is_no_answer(tmp_path: Path) -> None:
    code = r"""
        print("hello ☃", flush=True)
        os.write(1, b'{"id": 1, "record": {}}\n')
        libc = ctypes.CDLL(None); libc.puts(b"from C"); libc.fflush(None)
        subprocess.run(["echo", "from a child"])
        record["stdin"] = sys.stdin.read()
    """
    with remote(python(tmp_path)) as run:
        found = record(run(page(code)))
        assert (found["title"], found["stdin"]) == ("done", "")
        assert record(run(GOOD))["pid"] == found["pid"]


@linux
def test_memory_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    with remote(python(tmp_path), replace(QUICK, memory=150)) as run:
        failure = run(page("hoard = bytearray(400 << 20)")).failure
        assert failure and failure.type == "MemoryLimit"
        assert "more than 150 MiB" in failure.message
        assert record(run(GOOD))


@linux
@pytest.mark.parametrize("launch", [python, command], ids=["child of a worker", "command"])
def test_memory_of_other_programs_is_watched(tmp_path: Path, launch: object) -> None:
    hoard = "import time; x = b'x' * (150 << 20); time.sleep(60)"
    if launch is python:
        start = f"[subprocess.Popen([sys.executable, '-c', {hoard!r}]) for _ in '12']"
        started, code = python(tmp_path), f"for each in {start}: each.wait()"
    else:
        started, code = command(tmp_path), hoard.replace("150", "300")
    with remote(started, replace(QUICK, memory=200)) as run:
        failure = run(page(code)).failure
        assert failure and failure.type == "MemoryLimit"


LINGERING = """
    pid = os.fork()
    if pid == 0:
        time.sleep(300)
        os._exit(0)
    record["child"] = pid
"""
DAEMON = """
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.write(writer, b"%d" % os.getpid())
            time.sleep(300)
        os._exit(0)
    child = int(os.read(reader, 20))
    record["child"] = child
"""


@pytest.mark.parametrize("code", [LINGERING, DAEMON], ids=["child", "daemon"])
def test_what_an_extractor_started_ends_with_its_worker(tmp_path: Path, code: str) -> None:
    with remote(python(tmp_path)) as run:
        child = record(run(page(code)))["child"]
        assert is_alive(child)
        assert record(run(GOOD))
    assert not is_alive(child)


@pytest.mark.parametrize("code", [LINGERING, DAEMON], ids=["child", "daemon"])
def test_a_child_that_holds_the_pipes_open_hides_no_death(tmp_path: Path, code: str) -> None:
    note = tmp_path / "child"
    code = textwrap.dedent(code)
    code += f"open({str(note)!r}, 'w').write(str(record['child']))\nctypes.string_at(0)"
    started = time.monotonic()
    with remote(python(tmp_path)) as run:
        failure = run(page(code)).failure
        assert failure and failure.type == "Crashed"
    assert time.monotonic() - started < QUICK.seconds
    assert not is_alive(int(note.read_text()))


def test_a_fork_bomb_ends_with_its_worker(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    code = f"""
        for _ in range(5): os.fork()
        with open({str(note)!r}, "a") as file: file.write(f"{{os.getpid()}}\\n")
        time.sleep(60)
    """
    with remote(python(tmp_path), replace(QUICK, seconds=1)) as run:
        failure = run(page(code)).failure
        assert failure and failure.type == "TimeLimit"
        assert record(run(GOOD))
    pids = note.read_text().split()
    assert len(pids) == 32 and not any(is_alive(int(pid)) for pid in pids)


def test_a_fork_that_comes_back_answers_nothing(tmp_path: Path) -> None:
    pids = set()
    with remote(python(tmp_path)) as run:
        for _ in range(4):
            pids.add(record(run(page("os.fork()")))["pid"])
            time.sleep(0.05)
    assert len(pids) == 1


def test_a_capture_of_no_known_charset_is_a_failure(tmp_path: Path) -> None:
    with remote(python(tmp_path)) as run:
        failure = run(page("pass", charset="no-such")).failure
        assert failure and failure.type == "LookupError"


def test_the_network_is_refused_by_name_and_how_to_allow_it_is_said(tmp_path: Path) -> None:
    code = "import urllib.request; urllib.request.urlopen('http://example.com:81/')"
    with remote(python(tmp_path)) as run:
        failure = run(page(code)).failure
        assert failure and failure.type == "NetworkRefused"
        assert "example.com:81" in failure.message and "--allow-network" in failure.message
        assert run.network_refused is True
        assert run.refusals == {"example.com:81": 1}


@pytest.mark.parametrize(
    "code",
    [
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.create_connection(('::1', 9))",
        "socket.gethostbyname('example.com')",
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "socket.getaddrinfo('example.com', 80)",
        """
            import asyncio
            asyncio.run(asyncio.wait_for(asyncio.open_connection('127.0.0.1', 9), 2))
        """,
    ],
)
def test_every_way_to_the_network_is_refused(tmp_path: Path, code: str) -> None:
    with remote(python(tmp_path)) as run:
        failure = run(page(code)).failure
        assert failure and failure.type == "NetworkRefused", failure


def test_a_refusal_that_was_caught_is_counted_and_sockets_in_the_machine_work(
    tmp_path: Path,
) -> None:
    code = """
        try: socket.create_connection(("example.com", 80))
        except OSError: record["caught"] = True
        a, b = socket.socketpair(); a.send(b"x"); a.close(); b.close()
    """
    with remote(python(tmp_path)) as run:
        assert record(run(page(code)))["caught"] is True
        assert run.refusals == {"example.com:80": 1}


@linux
@pytest.mark.parametrize("allowed", [False, True], ids=["refused", "allowed"])
def test_programs_that_are_not_python_are_refused_too(tmp_path: Path, allowed: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2).close()"
        # For the worker that we wrap, Python stands for any language: nothing in it is ours.
        with remote(command(tmp_path), replace(QUICK, network=allowed)) as run:
            outcome = run(page(code))
            if not allowed and not run.network_refused:
                pytest.skip("this kernel grants no network namespace, and network_refused says so")
            assert (outcome.failure is None) is allowed
            assert run.network_refused is (not allowed)


def test_the_environment_holds_no_secrets_and_is_the_same_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_TOKEN", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    launch = replace(python(tmp_path), environ={"GIVEN": "yes"})
    code = "import site; record = dict(os.environ, cwd=os.getcwd(), user=site.ENABLE_USER_SITE)"
    with remote(launch) as run:
        found = record(run(page(code)))
    assert not {"MY_TOKEN", "HTTPS_PROXY"} & set(found)
    assert (found["PYTHONHASHSEED"], found["GIVEN"], found["user"]) == ("0", "yes", False)
    assert found["PATH"] == os.environ["PATH"]
    assert os.path.realpath(found["cwd"]) == os.path.realpath(tmp_path)


CLOCKS = """
    import datetime as d
    from datetime import datetime, date
    from time import time as now
    class Mine(datetime): pass
    utc = d.timezone.utc
    record = {
        "time": time.time(), "from": now(), "ns": time.time_ns(), "utc": datetime.now(utc),
        "naive": datetime.utcnow(), "today": date.today() == datetime.today().date(),
        "gm": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()), "local": time.localtime()[0],
        "year": time.strftime("%Y"), "ctime": time.ctime()[-4:], "asctime": time.asctime()[-4:],
        "mine": type(Mine.now()).__name__, "name": datetime.__name__,
        "real": isinstance(datetime.strptime("2001", "%Y"), datetime),
        "diff": (datetime.now(utc) - datetime(2020, 1, 1, tzinfo=utc)).days,
        "runs": time.monotonic() != time.monotonic() or time.perf_counter() > 0,
    }
"""


def test_the_clock_stands_at_the_capture(tmp_path: Path) -> None:
    stamp = CAPTURED.timestamp()
    with remote(python(tmp_path)) as run:
        assert record(run(page("import warnings; warnings.simplefilter('ignore')")))
        found = record(run(page(CLOCKS)))
        assert found == {
            "time": stamp,
            "from": stamp,
            "ns": round(stamp * 1e6) * 1000,
            "utc": {"$datetime": CAPTURED.isoformat()},
            "naive": {"$datetime": CAPTURED.replace(tzinfo=None).isoformat()},
            "today": True,
            "gm": "2020-01-02T03:04:05",
            "local": 2020,
            "year": "2020",
            "ctime": "2020",
            "asctime": "2020",
            "mine": "Mine",
            "name": "datetime",
            "real": True,
            "diff": 1,
            "runs": True,
        }
        later = record(run(page(CLOCKS, captured_at=CAPTURED.replace(year=2024))))
        assert later["year"] == "2024"
        unknown = record(run(page("record = {'t': time.time()}", captured_at=None)))
        assert abs(unknown["t"] - time.time()) < 60
    with remote(python(tmp_path), replace(QUICK, clock=False)) as run:
        assert abs(record(run(page("record = {'t': time.time()}")))["t"] - time.time()) < 60


def test_an_async_function_is_awaited_and_a_function_of_captures_gets_all(tmp_path: Path) -> None:
    with remote(python(tmp_path, "later")) as run:
        assert record(run(GOOD))["title"] == "done"
    with remote(python(tmp_path, "whole", gets="capture")) as run:
        found = record(run(GOOD))
    assert (found["body"], found["html"], found["url"]) == ("bytes", "str", "str")
    assert {"site", "name", "captured_at", "headers", "status", "sha256"} <= set(found)


def test_markup_is_given_as_the_lines_a_reader_sees(tmp_path: Path) -> None:
    code = "answer['record'] = {'body': {'$html': '<p>One <b>two</b></p><p hidden>x</p>three'}}"
    with remote(command(tmp_path)) as run:
        assert record(run(page(code))) == {"body": ["One two", "three"]}


def test_line_ends_that_other_languages_know_are_escaped(tmp_path: Path) -> None:
    text = "a\u2028b\u2029c\u0085d\re"
    source = COMMAND.replace(
        "for line in sys.stdin:", "for line in sys.stdin.buffer.read1().decode().splitlines():"
    )
    source = source.replace("exec(request['html'])", "").replace('exec(request["html"])', "")
    source = source.replace('"title": "done"', '"title": request["html"]')
    with remote(command(tmp_path, source)) as run:
        assert record(run(page(text)))["title"] == text


def test_a_page_of_many_megabytes_goes_through(tmp_path: Path) -> None:
    code = "record = {'size': len(html)}\n" + "#" * (20 << 20)
    launch = python(tmp_path)
    (tmp_path / "obedient.py").write_text("def obey(html, url): return {'size': len(html)}")
    with remote(launch, replace(QUICK, seconds=30)) as run:
        assert record(run(page(code)))["size"] == len(code)


def test_many_threads_share_the_workers(tmp_path: Path) -> None:
    with remote(python(tmp_path), workers=2) as run, ThreadPoolExecutor(6) as threads:
        codes = [page(f"record['n'] = {n}; time.sleep(0.01)") for n in range(30)]
        found = [record(outcome) for outcome in threads.map(run, codes)]
    assert [each["n"] for each in found] == list(range(30))
    assert len({each["pid"] for each in found}) == 2


def test_a_worker_outlives_the_thread_that_asked_first(tmp_path: Path) -> None:
    with remote(python(tmp_path)) as run:
        pids = []
        for _ in range(2):
            with ThreadPoolExecutor(1) as threads:
                pids.append(record(threads.submit(run, GOOD).result())["pid"])
            time.sleep(0.05)
    assert pids[0] == pids[1]


def test_closing_makes_a_call_in_another_thread_return(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    run = Remote(python(tmp_path), QUICK)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(run, page(times(mark) + "time.sleep(60)"))
        while not mark.exists():
            time.sleep(0.01)
        run.close()
        outcome = waiting.result(timeout=QUICK.seconds)
    assert outcome.failure and outcome.failure.type == "CannotStart"
    assert run(GOOD).failure


@linux
def test_nothing_is_left_open_or_unburied(tmp_path: Path) -> None:
    def held() -> int:
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    with remote(python(tmp_path), SHORT) as run:
        run(GOOD)
        before = held()
        for code in ("os.abort()", "os._exit(1)", "time.sleep(60)", "while 1: print('x' * 9999)"):
            run(page(code))
        run(GOOD)
        assert held() == before
        children = Path(f"/proc/self/task/{threading.get_native_id()}/children")
        assert len(children.read_text().split() if children.exists() else []) <= 1


@pytest.mark.parametrize(
    ("launch", "message"),
    [
        (Launch(("no-such-program",), None, Path.cwd()), "no program 'no-such-program'"),
        (Launch((sys.executable,), None, Path("/no/such/folder")), "/no/such/folder"),
        (python_launch({"call": "nothing_here:f"}, Path.cwd()), "nothing_here"),
        (python_launch({"call": "json:missing"}, Path.cwd()), "missing"),
        (python_launch({"call": "os:abort"}, Path.cwd(), python="/no/python"), "/no/python"),
        (python_launch({"library": "no-such-library"}, Path.cwd()), "no-such-library"),
    ],
)
def test_a_worker_that_cannot_start_says_why_each_time(launch: Launch, message: str) -> None:
    with remote(launch) as run:
        for _ in range(3):
            failure = run(GOOD).failure
            assert failure and failure.type == "CannotStart"
            assert message in failure.message
        assert run.start() == failure


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import os; os._exit(7)", "exit code 7"),
        ("import time; time.sleep(60)", "0.4 s"),
        ("raise ValueError('bad table')", "ValueError: bad table"),
    ],
)
def test_a_module_that_fails_to_load_is_tried_twice_and_no_more(
    tmp_path: Path, code: str, message: str
) -> None:
    launch = python(tmp_path)
    (tmp_path / "obedient.py").write_text(times(tmp_path / "runs") + code)
    with remote(launch, replace(QUICK, loading=0.4)) as run:
        for _ in range(4):
            failure = run(GOOD).failure
            assert failure and failure.type == "CannotStart"
            assert message in failure.message
    assert (tmp_path / "runs").read_text() == "xx"


PARENT = """
import sys, threading
from pathlib import Path
from tests.extraction.workers import *
note = Path(sys.argv[1])
run = Remote(python(note.parent), QUICK)
code = f"open({str(note)!r}, 'w').write(str(os.getpid()) + chr(10)); time.sleep(60)"
if sys.argv[2] == "idle":
    record(run(page(code.replace("time.sleep(60)", ""))))
    sys.exit(0)
if sys.argv[2] == "thread":
    # The thread that asks first ends; its worker must not.
    thread = threading.Thread(target=run, args=(GOOD,))
    thread.start()
    thread.join()
run(page(code))
"""


@pytest.mark.parametrize(
    ("how", "number"),
    [
        ("idle", None),
        ("busy", signal.SIGINT),
        ("thread", signal.SIGINT),
        pytest.param("busy", signal.SIGKILL, marks=linux),
        pytest.param("thread", signal.SIGKILL, marks=linux),
    ],
)
def test_workers_end_with_the_harness(
    tmp_path: Path, how: str, number: signal.Signals | None
) -> None:
    note = tmp_path / "pid"
    parent = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PARENT, str(note), how],
        cwd=REPOSITORY,
        stderr=subprocess.PIPE,
    )
    with parent:
        deadline = time.monotonic() + 20
        while not (note.exists() and note.read_text().endswith("\n")):
            assert time.monotonic() < deadline and (parent.poll() is None or how == "idle")
            time.sleep(0.01)
        if number is not None:
            parent.send_signal(number)
        _, said = parent.communicate(timeout=QUICK.seconds)
    assert parent.returncode == {None: 0, signal.SIGKILL: -signal.SIGKILL}.get(
        number, -signal.SIGINT
    )
    assert b"ResourceWarning" not in said
    worker = int(note.read_text())
    for _ in range(100):
        if not is_alive(worker):
            break
        time.sleep(0.02)
    assert not is_alive(worker)
