"""Bad pages, bad files, bad disks, bad moments: one clear line each, and nothing half-written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from harness import snapshots
from harness.report import saved
from tests.command_line import one_line
from tests.conftest import PAGE, Finished, Project, outside_ci

BLOB = """
from harness import extractor

@extractor("blob", sites=["blob", "odd"])
def blob(page):
    if page.is_json:
        return {"title": page.data["title"]}
    return {"title": page.text("h1"), "body": page.lines("p"), "all": page.lines()}
"""
HEAD = b"<!doctype html><h1>Title</h1><p>"


def edit(project: Project, old: str, new: str, name: str = "site") -> None:
    path = project.root / "extractors" / f"{name}.py"
    source = path.read_text("utf-8")
    assert old in source
    path.write_text(source.replace(old, new), "utf-8")


def whole(project: Project) -> bool:
    """Whether every file of the project can be read as what it is and no other is left."""
    for path in (project.root / "snapshots").rglob("*.json"):
        snapshots.parse(path.read_bytes(), path)
    return not list(project.root.rglob("*.tmp")) and not list(project.root.rglob(".*.tmp"))


def clean(done: Finished) -> Finished:
    """The command's end, which showed no traceback of ours."""
    assert "harness/engine.py" not in done.out + done.err
    assert "harness/cli.py" not in done.out + done.err
    return done


# Pages


def test_odd_pages_are_captures_like_any_other(project: Project) -> None:
    project.write("extractors/blob.py", BLOB)
    odd = {
        "empty": project.add("empty", b"", "odd"),
        "binary": project.add("binary", bytes(range(256)) * 400, "odd"),
        "lying": project.add("lying", HEAD + "Größe 日本".encode(), "odd", charset="utf-16"),
        "mixed": project.add("mixed", HEAD + b"caf\xe9 caf\xc3\xa9 \xff", "odd", charset="utf-8"),
        "hex": project.add("hex", b'<meta charset="hex">' + HEAD + b"\xff", "odd"),
        "nul": project.add("nul", HEAD + b"one\0two\0", "odd"),
        "cr": project.add("cr", HEAD + b"one\rtwo\r<pre>three\rfour</pre>", "odd"),
        "half": project.add("half", HEAD + b"<div " * 3000, "odd"),
        "deep": project.add("deep", HEAD + b"<div>" * 5000 + b"x", "odd"),
    }
    text = b'{"title": "\\ud800 lone \\udfff"}'
    odd["lone"] = project.add("lone", text, "blob", "json")
    first = clean(project.run("harness", "check", "--update", "new"))
    assert first.code == 0, first
    again = clean(project.run("harness", "check", "--output-format", "json"))
    assert again.code == 0, again
    assert json.loads(again.out)["counts"] == {"pass": 4 + len(odd)}
    data = project.snapshots()[f"blob/{odd['lone']}.json"]
    assert b'"\\ud800 lone \\udfff"' in data
    assert snapshots.parse(data, "").record == {"title": "\ud800 lone \udfff"}
    # Every page is shown beside its change; none may break the report or the terminal.
    edit(project, '"title": page', '"heading": page', "blob")
    drifted = clean(project.run("harness", "check", PYTHONIOENCODING="latin-1"))
    assert (drifted.code, drifted.err) == (1, ""), drifted
    assert project.run("harness", "accept", "--all").code == 0
    assert project.run("harness", "check").code == 0
    lint = clean(project.run("harness", "lint"))
    assert lint.code == 1 and "4 problems in" in lint.out
    for check in ("empty", "binary", "encoding"):
        assert f"{check} {project.root / 'corpus'}" in lint.out, check


def test_a_json_capture_that_is_no_json_is_its_own_failure(project: Project) -> None:
    project.write("extractors/blob.py", BLOB)
    capture = project.add("broken", b'{"title": ', "blob", "json")
    done = clean(project.run("harness", "check"))
    assert done.code == 1
    assert f"error {capture}" in done.out
    assert "extractor raised JSONDecodeError" in done.out
    assert "1 of 5 captures drifted: 1 error" in done.out


def test_a_page_of_50_megabytes(project: Project) -> None:
    line = "<p>" + "words of a very long page " * 380
    body = f"<h1>Big</h1><script>{'x' * 30_000_000}</script><article>{line * 2000}</article>"
    assert len(body) > 49_000_000
    capture = project.add("big", body)
    start = time.monotonic()
    done = clean(project.run("harness", "check", "big", "--update", "new"))
    assert done.code == 0, done
    record = snapshots.parse(project.snapshots()[f"site/{capture}.json"], "").record
    assert record is not None and len(record["body"]) == 2000  # type: ignore[arg-type]
    assert time.monotonic() - start < 30


# Files


def test_broken_files_are_named_one_by_one_and_the_other_captures_go_on(project: Project) -> None:
    site = project.root / "corpus" / "site"
    alpha, beta, delta, gamma = sorted(path.name for path in site.iterdir())
    (site / alpha / "capture.json").write_bytes(b'{"url": null,')
    (site / beta / "golden.json").write_bytes(b'{"fields": {"title": "re:("}}')
    snapshot = project.root / f"snapshots/site/site/{gamma}.json"
    snapshot.write_bytes(b"<<<<<<< HEAD\n" + snapshot.read_bytes() + b">>>>>>> theirs\n")
    done = clean(project.run("harness", "check"))
    assert done.code == 1 and done.err == ""
    assert "3 of 4 captures drifted: 3 error" in done.out
    for line in (
        f"  {site / alpha / 'capture.json'} is not valid JSON",
        f"  {site / beta / 'golden.json'}: field 'title': 're:(' cannot be used",
        f"  {snapshot} holds conflict markers; restore it from git",
    ):
        assert done.out.count(line) == 1, done.out
    assert f"site/{delta}" not in done.out
    repaired = clean(project.run("harness", "check", gamma, "--update", "all"))
    assert repaired.code == 0, repaired
    assert snapshots.parse(snapshot.read_bytes(), snapshot).record


def test_mistakes_in_configuration_and_extractors(project: Project) -> None:
    def said(*words: str) -> str:
        return one_line(project.run("harness", *(words or ("check",))))

    assert said("check", "alhpa").startswith("no capture matches 'alhpa'")
    assert said("check", "-x", "stie") == "no extractor 'stie'; did you mean 'site'?"
    good = (project.root / "extractors" / "site.py").read_text("utf-8")
    file = project.root / "extractors" / "site.py"
    project.write("extractors/site.py", good.replace("return {", "return {{"))
    assert said().startswith("cannot import extractors from 'extractors/site.py': SyntaxError: ")
    assert f"({file}:6)" in said()
    project.write("extractors/site.py", "import sys\nsys.exit(0)\n")
    assert said().endswith(f"SystemExit: 0 ({file}:2)")
    project.write("extractors/site.py", good)
    project.write("harness.toml", 'extractor = ["extractors"]\n')
    source = project.root / "harness.toml"
    assert said() == f"{source}: unknown key 'extractor'; did you mean 'extractors'?"
    project.write("harness.toml", 'extractors = ["extractors"]\ncorpus = "korpus"\n')
    assert said().startswith(f"no corpus at {project.root / 'korpus'}; run `harness init`")
    source.unlink()
    assert said().endswith("run `harness init` there")


def test_a_missing_extra_is_named(project: Project) -> None:
    project.write("stubs/httpx.py", "raise ImportError('no', name='httpx')\n")
    paths = os.pathsep.join([str(project.root / "stubs"), os.environ.get("PYTHONPATH", "")])
    url = "http://127.0.0.1:1/"
    done = project.run("harness", "capture", url, "--site", "news", PYTHONPATH=paths)
    assert one_line(done) == "fetching needs httpx: pip install 'extraction-harness[fetch]'"
    assert project.run("harness", "check", PYTHONPATH=paths).code == 0


# Disks


def mount(*words: str | Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("needs the right to mount")
    done = subprocess.run(["mount", *words], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot mount here: {done.stderr.decode().strip()}")


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """The folder, with what is in it, on a disk without a free byte."""
    held = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*")}
    mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", folder)
    try:
        for name, data in held.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        with (folder / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(b"x" * 512)
        yield
        assert not [path for path in folder.rglob("*") if path.suffix == ".tmp"]
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder, in which nobody may write: by its mode, or for root by a mount."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        mount("--bind", folder, folder)
        try:
            mount("-o", "remount,ro,bind", folder)
            yield
        finally:
            subprocess.run(["umount", folder], check=True)
        return
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for each in folders:
        each.chmod(0o555)
    try:
        yield
    finally:
        for each in folders:
            each.chmod(0o755)


def test_a_full_disk_for_pending_output_hides_no_verdict(project: Project) -> None:
    edit(project, '".by"', '".author"')
    with full_disk(project.root / ".harness"):
        done = clean(project.run("harness", "check"))
        run = project.root / ".harness" / "run.json"
        assert one_line(done) == (
            f"cannot write {run}: No space left on device;"
            " free space or check permissions, then run again"
        )
        assert done.out.count("No space left on device") == 4
        assert done.out.count("  - A. Writer") == 4, "what drifted is still told"
        assert "4 of 4 captures drifted" in done.out
        assert saved.load(run).clean, "the last run that was saved is whole"


def test_a_full_disk_for_snapshots_leaves_the_old_ones(project: Project) -> None:
    before = project.snapshots()
    edit(project, '"h1"', '"h1, h2"')
    edit(project, '".by"', '".author"')
    with full_disk(project.root / "snapshots"):
        done = clean(project.run("harness", "check", "--update", "all"))
        assert done.code == 1 and done.err == ""
        assert done.out.count("No space left on device") == 4
        assert done.out.count("  - A. Writer") == 4
        after = project.snapshots()
        after.pop("filler")
        assert after == before


def test_a_read_only_folder_of_snapshots(project: Project) -> None:
    before = project.snapshots()
    with read_only(project.root / "snapshots"):
        assert project.run("harness", "check").code == 0
        edit(project, '".by"', '".author"')
        done = clean(project.run("harness", "check", "--update", "all"))
        assert done.code == 1 and done.err == ""
        assert done.out.count("  cannot write ") == 4
        assert done.out.count("; free space or check permissions, then run again") == 4
        assert project.run("harness", "check", "--update", "pending").code == 1
        accepted = clean(project.run("harness", "accept", "--all"))
        assert accepted.code == 2 and accepted.out == "accepted 0 of 4\n"
        assert accepted.err.count("cannot write ") == len(accepted.err.splitlines()) == 4
    assert project.snapshots() == before and whole(project)
    assert project.run("harness", "accept", "--all").code == 0


# Moments


def start(project: Project, *words: str) -> subprocess.Popen[bytes]:
    env = outside_ci()
    return subprocess.Popen(
        [sys.executable, "-m", "harness", *words],
        cwd=project.root,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_ctrl_c_says_how_far_it_got_and_saves_that(project: Project) -> None:
    before = project.snapshots()
    edit(
        project,
        "return {",
        "import pathlib, time\n"
        "    if page.text('h1') == 'delta':\n"
        "        pathlib.Path('started').touch()\n"
        "        time.sleep(60)\n"
        "    return {'extra': 1, ",
    )
    running = start(project, "check", "--update", "all")
    for _ in range(400):
        if (project.root / "started").exists():
            break
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, err.decode()) == (
        2,
        "harness: interrupted after 2 of 4 captures\n",
    )
    assert "interrupted, until then: all 2 captures pass; 2 snapshots updated" in out.decode()
    run = saved.load(project.root / ".harness" / "run.json")
    assert run.interrupted and [r.capture[:8] for r in run.results] == ["site/alp", "site/bet"]
    assert whole(project)
    after = project.snapshots()
    assert sorted(name[:14] for name in after if after[name] != before[name]) == [
        "site/site/alph",
        "site/site/beta",
    ]


def test_two_updates_at_once_leave_whole_files(project: Project) -> None:
    for number in range(40):
        project.add(f"n{number}", PAGE.format(title=f"n{number}"))
    edit(project, '"h1"', '"h1, h2"')
    edit(project, "return {", "return {'extra': 1, ")
    running = [start(project, "check", "--update", "all") for _ in range(2)]
    for one in running:
        out, err = one.communicate(timeout=60)
        assert one.returncode == 0, (out, err)
    assert whole(project)
    assert len(project.snapshots()) == 44
    assert project.run("harness", "check", "--update", "none").code == 0


def test_a_reader_that_goes_away_is_no_crash(project: Project) -> None:
    running = start(project, "check", "--list")
    assert running.stdout and running.stderr
    running.stdout.close()
    err = running.stderr.read()
    running.stderr.close()
    assert (running.wait(timeout=30), err) == (1, b"")
