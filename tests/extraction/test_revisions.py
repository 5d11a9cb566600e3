"""An extractor at a git revision, through a checkout beside the project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.extraction import Extractor, extract
from harness.extraction.external import Means
from harness.extraction.registry import resolve
from harness.extraction.revisions import extractor_at
from harness.model import Capture

if shutil.which("git") is None:
    pytest.skip("git is not on the PATH", allow_module_level=True)

PAGE = Capture("shop", "page", b"<h1>T</h1>", "text/html")
CODE = """
from harness import extractor

@extractor("shop", sites={sites!r}, kinds={{"title": {kind!r}}})
def shop(page):
    return {{"title": {title!r}}}
"""

At = Callable[..., Extractor]


def git(folder: Path, *words: str) -> str:
    who = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        who |= {f"GIT_{role}_NAME": "A", f"GIT_{role}_EMAIL": "a@example.com"}
    done = subprocess.run(
        ["git", "-C", str(folder), *words],
        env={**os.environ, **who},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def write(project: Path, title: str, kind: str = "text", sites: str = "shop") -> None:
    (project / "extractors").mkdir(parents=True, exist_ok=True)
    code = CODE.format(title=title, kind=kind, sites=sites)
    (project / "extractors" / "shop.py").write_text(code)
    (project / "harness.toml").write_text('extractors = ["extractors"]\n')


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "-A", ":!*.harness")
    git(folder, "commit", "-qm", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project in a folder of a repository, whose extractor says which commit it is of."""
    top = tmp_path / "repository"
    project = top / "sub" / "project"
    write(project, "first", "exact", "*")
    git(tmp_path, "init", "-q", "-b", "main", str(top))
    commit(top, "first")
    git(top, "tag", "v1")
    write(project, "second")
    commit(top, "second")
    return project


@pytest.fixture
def said() -> list[str]:
    """What was told while something took time."""
    return []


@pytest.fixture
def at(project: Path, said: list[str]) -> Iterator[At]:
    """The project's extractor at a revision."""
    made: list[Extractor] = []

    def extractor(revision: str, name: str = "shop", root: Path = project) -> Extractor:
        means = Means(root, root / ".harness", say=said.append)
        made.append(extractor_at(name, revision, means))
        return made[-1]

    yield extractor
    for each in made:
        each.close()


def title(extractor: Extractor) -> object:
    outcome = extract(extractor, PAGE)
    assert outcome.record is not None, outcome
    return outcome.record["title"]


def refused(at: At, revision: str, name: str = "shop") -> str:
    with pytest.raises(ConfigError) as raised:
        at(revision, name)
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_each_revision_gives_what_it_gave_then(at: At, project: Path) -> None:
    write(project, "not committed")
    first, second = at("v1"), at("HEAD")
    assert (title(first), title(second)) == ("first", "second")
    assert (first.sites, second.sites) == (("*",), ("shop",))
    assert extract(first, PAGE).kinds == {"title": "exact"}
    assert (first.name, first.label) == ("shop-v1", "shop@v1")
    assert first.identity != second.identity
    assert first.identity == at("HEAD~1").identity


def test_code_that_is_installed_in_place_is_a_part_of_the_identity(
    at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "shared.py").write_text("VALUE = 1\n")
    installed = tmp_path / "site" / "shared-1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: shared\nVersion: 1.0\n")
    origin = {"url": library.as_uri(), "dir_info": {"editable": True}}
    (installed / "direct_url.json").write_text(json.dumps(origin))
    found = list(distributions(path=[str(installed.parent)]))
    monkeypatch.setattr("harness.extraction.revisions.distributions", lambda: found)
    first = at("HEAD").identity
    assert at("HEAD").identity == first
    (library / "shared.py").write_text("VALUE = 22\n")
    assert at("HEAD").identity != first


def test_what_is_not_committed_is_said_to_be_left_out(
    at: At, project: Path, said: list[str]
) -> None:
    at("main")
    assert not [line for line in said if "left out" in line]
    write(project, "third")
    at("v1")
    assert not [line for line in said if "left out" in line]
    at("main")
    assert said[-1].startswith("shop@main is the last commit: what is not committed is left out (")
    assert "extractors/shop.py" in said[-1]


def test_a_checkout_is_kept_and_one_that_was_changed_is_made_anew(
    at: At, project: Path, said: list[str]
) -> None:
    at("v1")
    at("v1")
    assert len(said) == 1 and said[0].startswith("checking out ")
    tree = next((project / ".harness" / "worktrees").iterdir())
    write(tree / "sub" / "project", "tampered with")
    assert title(at("v1")) == "first" and len(said) == 2
    shutil.rmtree(tree)
    assert title(at("v1")) == "first" and len(said) == 3
    assert [each.name for each in tree.parent.iterdir()] == [tree.name]


def test_old_checkouts_are_taken_away(at: At, project: Path) -> None:
    at("v1")
    folder = project / ".harness" / "worktrees"
    old = next(folder.iterdir())
    os.utime(old, (0, 0))
    at("main")
    assert [each.name for each in folder.iterdir()] == [git(project, "rev-parse", "main")]
    assert str(old) not in git(project, "worktree", "list")


def test_code_below_src_is_that_of_the_revision(
    at: At, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = project / "src" / "shop_of_src"
    package.mkdir(parents=True)
    (project / "harness.toml").write_text('extractors = ["shop_of_src"]\n')
    for name in ("third", "fourth"):
        (package / "__init__.py").write_text(CODE.format(title=name, kind="text", sites="*"))
        commit(project, name)
    # As `pip install -e .` leaves it: the project's own folder is on everybody's path.
    monkeypatch.syspath_prepend(str(project / "src"))
    monkeypatch.setenv("PYTHONPATH", str(project / "src"))
    assert (title(at("HEAD~1")), title(at("HEAD"))) == ("third", "fourth")


@pytest.mark.parametrize(
    ("revision", "line"),
    [
        ("v2", "shop@v2: git knows no revision 'v2'; did you mean 'v1'?"),
        ("mian", "did you mean 'main'?"),
        ("HEAD~9", "shop@HEAD~9: git knows no revision 'HEAD~9'"),
        ("--all", "git knows no revision '--all'"),
        ("0123456789", "`git log --oneline` shows what there is"),
    ],
)
def test_an_unknown_revision_is_told_with_the_nearest(at: At, revision: str, line: str) -> None:
    assert line in refused(at, revision)


def test_an_extractor_that_the_revision_lacks_is_told(at: At) -> None:
    assert refused(at, "v1", "shpo").startswith(
        "shpo@v1: cannot load the extractor: no extractor 'shpo'; did you mean 'shop'?"
    )


def test_code_that_cannot_be_imported_there_is_told(at: At, project: Path) -> None:
    (project / "extractors" / "shop.py").write_text("import no_such_module")
    commit(project, "broken")
    assert "No module named 'no_such_module'" in refused(at, "HEAD")


def test_a_project_that_was_not_there_yet_is_told(at: At, project: Path) -> None:
    write(project.parent / "newer", "third")
    commit(project.parent, "third")
    with pytest.raises(ConfigError, match="there is no folder sub/newer at "):
        at("v1", root=project.parent / "newer")


def test_a_shallow_clone_says_how_to_get_the_rest(at: At, project: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", project.parents[1].as_uri(), str(clone))
    with pytest.raises(ConfigError, match="this clone is shallow and does not hold 'HEAD~1'"):
        at("HEAD~1", root=clone / "sub" / "project")
    assert title(at("HEAD", root=clone / "sub" / "project")) == "second"


def test_a_folder_that_is_in_no_repository_is_told(
    at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "plain", "x")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(ConfigError, match="is in no git repository"):
        at("main", root=tmp_path / "plain")


def test_a_missing_git_is_told(at: At, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused(at, "main") == "shop@main: a revision needs git, which is not on the PATH"


def test_a_hooks_variables_do_not_mislead_git(
    at: At, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    assert title(at("v1")) == "first"


def test_a_revision_is_typed_like_any_extractor(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = resolve("shop@v1", (), project)
    assert title(found) == "first"
    assert capsys.readouterr().err.startswith("checking out ")
    found.close()
