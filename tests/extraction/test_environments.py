"""Environments: made whole or not at all, found again without a network, refused in one line."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.extraction import environments, installer
from harness.extraction.environments import Environment, environment
from harness.extraction.installer import decisive, interpreter
from harness.extraction.requirements import RequirementSet, parse
from tests.extraction.wheels import boilerpy3, wheel

try:
    installer.uv()
except ConfigError:
    pytest.skip("uv is not installed: pip install uv", allow_module_level=True)

Make = Callable[..., Environment]
OTHERS = [each for each in installer.installed() if not installer.fits(environments._own(), each)]


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that is all the package index there is."""
    folder = tmp_path / "wheels"
    boilerpy3(folder, "1.0.2")
    boilerpy3(folder, "1.0.7")
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    return folder


@pytest.fixture
def make(tmp_path: Path, wheels: Path) -> Make:  # noqa: ARG001 - there is nothing to install without
    """Makes or finds the environment of what is typed, in a cache of this test."""

    def environment_of(spelled: str, **options: bool) -> Environment:
        return environment(parse(spelled, tmp_path), cache=tmp_path / "cache", **options)  # type: ignore[arg-type]

    return environment_of


def no_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "run", refuse)


def refused(make: Make, spelled: str) -> str:
    with pytest.raises(ConfigError) as raised:
        make(spelled)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def left(tmp_path: Path) -> list[str]:
    """What stands in the cache beside the index."""
    return sorted(p.name for p in (tmp_path / "cache").glob("*") if p.name != "index")


def says(found: Environment) -> str:
    code = "import boilerpy3.extractors as e; print(e.ArticleExtractor().get_doc('').title)"
    done = subprocess.run([found.python, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_release_is_installed_and_found_again_without_a_process(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make("boilerpy3==1.0.2")
    assert says(first) == "1.0.2"
    assert first.pins == ("boilerpy3==1.0.2",) and first.version == platform.python_version()
    assert left(tmp_path) == [first.digest]
    no_uv(monkeypatch)
    assert make("boilerpy3==1.0.2") == first


def test_two_releases_stand_side_by_side(make: Make) -> None:
    first, second = make("boilerpy3==1.0.2"), make("boilerpy3==1.0.7")
    assert first.digest != second.digest
    assert (says(first), says(second)) == ("1.0.2", "1.0.7")


def test_two_spellings_of_one_release_share_an_environment(make: Make) -> None:
    assert make("boilerpy3==1.0.7").folder == make("boilerpy3>=1.0,!=1.0.2").folder


def test_the_newest_stays_what_it_was_until_it_is_asked_anew(make: Make, wheels: Path) -> None:
    assert make("boilerpy3").pins == ("boilerpy3==1.0.7",)
    boilerpy3(wheels, "1.0.9")
    assert make("boilerpy3").pins == ("boilerpy3==1.0.7",)
    assert make("boilerpy3", refresh=True).pins == ("boilerpy3==1.0.9",)
    assert make("boilerpy3").pins == ("boilerpy3==1.0.9",)


@pytest.mark.parametrize("harm", ["deleted", "interpreter", "cut"])
def test_a_broken_environment_is_made_anew_as_it_was(make: Make, wheels: Path, harm: str) -> None:
    found = make("boilerpy3")
    # What is newest by now must not slip in with the repair.
    boilerpy3(wheels, "1.0.9")
    module = next(found.folder.rglob("extractors.py"))
    if harm == "deleted":
        shutil.rmtree(found.folder)
    elif harm == "interpreter":
        found.python.unlink()
        found.python.symlink_to("/nowhere/python")
    else:
        module.write_text("")
    again = make("boilerpy3")
    assert again == found and says(again) == "1.0.7"


def test_a_refreshed_environment_replaces_one_that_seems_whole(make: Make) -> None:
    found = make("boilerpy3==1.0.7")
    module = next(found.folder.rglob("extractors.py"))
    source = module.read_text()
    module.write_text(source.replace("1.0.7", "9.9.9"))  # as long as it was
    os.utime(module, (1, 1))  # or Python takes what it compiled in the same second
    assert says(make("boilerpy3==1.0.7")) == "9.9.9"
    assert says(make("boilerpy3==1.0.7", refresh=True)) == "1.0.7"


def test_what_python_compiles_on_its_way_breaks_nothing(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = make("boilerpy3==1.0.2")
    says(found)
    assert next(found.folder.rglob("extractors*.pyc"))
    no_uv(monkeypatch)
    make("boilerpy3==1.0.2")


def test_a_spoilt_index_costs_a_resolution(make: Make, tmp_path: Path) -> None:
    found = make("boilerpy3==1.0.2")
    index = next((tmp_path / "cache" / "index").iterdir())
    for data in (b"", b"{", b"[]", b'{"pins": 1}', b'{"digest": "../x"}', b"\xff"):
        index.write_bytes(data)
        assert make("boilerpy3==1.0.2") == found
        assert json.loads(index.read_bytes())["asked"] == "boilerpy3==1.0.2"


def test_a_library_that_cannot_be_imported_is_told_before_any_capture(
    make: Make, wheels: Path, tmp_path: Path
) -> None:
    files = {"boilerpy3/__init__.py": "", "boilerpy3/extractors.py": "import lxml.html.clean"}
    wheel(wheels, "boilerpy3", "0.1", files)
    said = refused(make, "boilerpy3==0.1")
    assert said == (
        "boilerpy3==0.1: installed, but cannot be imported: ModuleNotFoundError: No module named"
        " 'lxml'; add what provides it: 'boilerpy3==0.1,lxml'"
    )
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("ModuleNotFoundError: No module named 'six.moves'", "what provides it: 'a==1,six'"),
        ("ModuleNotFoundError: No module named 'pkg_resources'", "'a==1,setuptools<81'"),
        ("ModuleNotFoundError: No module named 'imp'", "an older one: 'a==1,python==3.11'"),
        ("ImportError: cannot import name x", "add the release of a dependency"),
        ("exit code 3", "add the release of a dependency"),
    ],
)
def test_each_failed_import_says_what_to_add(last: str, said: str) -> None:
    assert said in environments._remedy(RequirementSet("a==1", ("a==1",), None), last)


def test_a_release_that_there_is_not_is_told_with_the_decisive_line(
    make: Make, tmp_path: Path
) -> None:
    said = refused(make, "boilerpy3==9.9")
    assert said.startswith("boilerpy3==9.9: ") and "no version of boilerpy3==9.9" in said
    assert left(tmp_path) == []


def test_an_interpreter_that_there_is_not_is_told_with_those_that_are(make: Make) -> None:
    said = refused(make, "boilerpy3==1.0.2,python==3.99")
    assert said.startswith("no Python 3.99 here (there are: 3.")
    assert ".".join(platform.python_version_tuple()[:2]) in said


@pytest.mark.skipif(not OTHERS, reason="one version of Python is installed here")
def test_another_interpreter_is_found_and_used(make: Make) -> None:
    found = make(f"boilerpy3==1.0.2,python=={OTHERS[0]}")
    assert found.version.startswith(f"{OTHERS[0]}.") and says(found) == "1.0.2"
    assert found.digest != make("boilerpy3==1.0.2").digest


def test_without_a_network_the_first_time_says_so(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("UV_NO_INDEX")
    monkeypatch.delenv("UV_FIND_LINKS")
    # Nothing listens on the discard port of this machine.
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    said = refused(make, "boilerpy3==1.0.2")
    assert said.startswith("boilerpy3==1.0.2: ") and said.endswith("run again with a network")
    assert left(tmp_path) == []


def test_a_deleted_environment_comes_back_without_a_network(
    make: Make, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = make("boilerpy3==1.0.2")
    shutil.rmtree(found.folder)
    shutil.rmtree(wheels)
    wheels.mkdir()
    boilerpy3(wheels, "1.0.2")
    monkeypatch.setenv("UV_OFFLINE", "1")
    assert says(make("boilerpy3==1.0.2")) == "1.0.2"


def test_two_runs_at_once_use_one_environment(make: Make, tmp_path: Path) -> None:
    found: list[Environment] = []
    threads = [
        threading.Thread(target=lambda: found.append(make("boilerpy3==1.0.2"))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3 and len({each.folder for each in found}) == 1
    assert left(tmp_path) == [found[0].digest] and says(found[0]) == "1.0.2"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_what_ends_the_making_leaves_nothing_half_made(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    real = installer.install

    def half(*arguments: object) -> None:
        real(*arguments)  # type: ignore[arg-type]
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(installer, "install", half)
        if isinstance(error, OSError):
            assert "No space left on device; free space" in refused(make, "boilerpy3==1.0.2")
        else:
            with pytest.raises(KeyboardInterrupt):
                make("boilerpy3==1.0.2")
    assert left(tmp_path) == []
    assert says(make("boilerpy3==1.0.2")) == "1.0.2"


def test_what_a_killed_run_left_is_tidied_later(make: Make, tmp_path: Path) -> None:
    old, new = (tmp_path / "cache" / f".unfinished-{name}" for name in ("old", "new"))
    for each in (old, new):
        each.mkdir(parents=True)
    os.utime(old, (0, 0))
    make("boilerpy3==1.0.2")
    assert not old.exists() and new.exists()


def test_a_wheel_or_checkout_that_changed_is_installed_anew(make: Make, tmp_path: Path) -> None:
    path = boilerpy3(tmp_path, "2.0", title="before")
    assert says(make(f"./{path.name}")) == "before"
    boilerpy3(tmp_path, "2.0", title="after")
    assert says(make(f"./{path.name}")) == "after"


def test_the_digest_of_a_checkout_knows_its_code_only(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a.py").write_text("1")
    before = environments._source_digest(tmp_path)
    for name in (".git/x", "build/y", "lib/__pycache__/a.pyc", "x.egg-info/z"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("noise")
    assert environments._source_digest(tmp_path) == before
    (tmp_path / "lib" / "a.py").write_text("2")
    assert environments._source_digest(tmp_path) != before


def test_a_missing_uv_names_the_extra(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "uv", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused(make, "boilerpy3==1.0.2") == (
        "a requirement set needs uv, which makes its environment;"
        " pip install 'extraction-harness[compare]'"
    )


def test_a_set_in_the_cache_needs_no_uv(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = make("boilerpy3==1.0.2")
    monkeypatch.setitem(sys.modules, "uv", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert make("boilerpy3==1.0.2") == found


def test_something_is_said_only_when_it_takes_time(tmp_path: Path, wheels: Path) -> None:
    assert wheels.is_dir()
    wanted, said = parse("boilerpy3==1.0.2", tmp_path), list[str]()
    for _ in range(2):
        environment(wanted, say=said.append, cache=tmp_path / "cache")
    version = platform.python_version()
    assert said == [f"making an environment for boilerpy3==1.0.2 (Python {version}) …"]


def test_a_set_without_a_known_library_is_not_imported(tmp_path: Path, wheels: Path) -> None:
    wheel(wheels, "mine", "1", {"mine.py": "raise ImportError"})
    wanted = RequirementSet("mine==1", ("mine==1",), None)
    assert environment(wanted, cache=tmp_path / "cache").pins == ("mine==1",)


UNKNOWN = """error: No solution found when resolving dependencies
  cause: Because there is no version of a==9 and you require a==9, we can conclude that your
 requirements are unsatisfiable."""
TOO_OLD = """  × No solution found when resolving dependencies:
  ╰─▶ Because the current Python version (3.9.18) does not satisfy Python>=3.10 and b==1 depends on
      Python>=3.10, we can conclude that b==1 cannot be used.
      And because …"""
UNREACHED = """error: Request failed after 3 retries
  cause: Failed to fetch: https://example.com/simple/a/
  cause: Connection refused (os error 111)"""
UNBUILT = """error: Failed to build `c==0.14.5`
  cause: The build backend returned an error

         Traceback (most recent call last):
           File "x", line 34
         AttributeError: module has no attribute 'x'

hint: Build failures usually indicate a problem"""


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (UNKNOWN, "there is no version of a==9 and you require a==9"),
        (TOO_OLD, "the current Python version (3.9.18) does not satisfy Python>=3.10 and b==1 "),
        (UNREACHED, "Request failed after 3 retries: Connection refused (os error 111)"),
        (UNBUILT, "c==0.14.5 cannot be built from source: AttributeError: module has no attr"),
        ("", "it gave no reason"),
    ],
)
def test_the_package_managers_decisive_line_is_found(said: str, line: str) -> None:
    assert decisive(said).startswith(line)


def test_this_interpreter_is_the_one_at_hand() -> None:
    assert interpreter(None).path == Path(sys.executable)
    assert interpreter(platform.python_version()).path == Path(sys.executable)
