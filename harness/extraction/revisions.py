"""One extractor at a git revision: ``daily8@main``, ``daily8@HEAD~3``.

The revision's files are checked out beside the project (``git worktree``), once for each commit,
and a worker of this interpreter runs the extractor there. Captures, goldens and configuration of
the run are those of the project itself.
"""

from __future__ import annotations

import contextlib
import difflib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from importlib.metadata import Distribution, distributions
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from harness.errors import ConfigError
from harness.extraction.contract import Extractor
from harness.extraction.environments import tree_state
from harness.extraction.external import Means, identity_of, our_source, start
from harness.extraction.launch import python_launch
from harness.extraction.remote import Remote
from harness.files import slugify
from harness.text import shorten

# A checkout that nobody has asked for in so many days is taken away.
_UNUSED_DAYS = 30
# git sets these for a hook; with them every command would be about the hook's own repository.
_NOT_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")


def extractor_at(name: str, revision: str, means: Means) -> Extractor:
    """An extractor as it is at a revision, with the sites and kinds it has there.

    Raises ConfigError, one line, when there is no git, no repository, no such revision or no such
    extractor in it.
    """
    label = f"{name}@{revision}"
    repository = _Repository(means.root, label)
    commit = repository.commit(revision)
    project = repository.checkout(commit, means) / repository.prefix
    if not project.is_dir():
        raise ConfigError(f"{label}: there is no folder {repository.prefix} at {commit[:12]}")
    _tell_uncommitted(repository, commit, label, means)
    environ = _import_path(repository, project)
    launch = python_launch({"project": str(project), "extractor": name}, project, environ=environ)
    running = Remote(launch, means.limits, means.workers)
    start(running, label)
    identity = identity_of(
        means.limits, commit, repository.prefix, name, _interpreter(repository.top), our_source()
    )
    return Extractor(
        name=slugify(label),
        function=running,
        sites=running.sites,
        kinds=running.kinds,
        origin=f"{name} at {commit[:12]}",
        label=label,
        identity=identity,
    )


class _Repository:
    """The repository that a project stands in. Errors name ``label``."""

    def __init__(self, root: Path, label: str) -> None:
        self.root = root
        self.label = label
        if shutil.which("git") is None:
            raise ConfigError(f"{label}: a revision needs git, which is not on the PATH")
        top = self._git("rev-parse", "--show-toplevel", "--show-prefix")
        if top is None:
            raise ConfigError(
                f"{label}: {root} is in no git repository that git reads; a revision needs one"
            )
        lines = [*top.splitlines(), "", ""]
        self.top, self.prefix = Path(lines[0]), lines[1].strip("/")

    def commit(self, revision: str) -> str:
        """The commit that a revision names."""
        found = self._git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        if found and not revision.startswith("-"):
            return found.strip()
        if (self._git("rev-parse", "--is-shallow-repository") or "").strip() == "true":
            raise ConfigError(
                f"{self.label}: this clone is shallow and does not hold {shorten(revision)!r};"
                " `git fetch --unshallow` gets the rest (actions/checkout: fetch-depth: 0)"
            )
        names = (self._git("for-each-ref", "--format=%(refname:short)") or "").split()
        near = difflib.get_close_matches(revision, [*names, "HEAD"], 1, 0.5)
        hint = f"did you mean {near[0]!r}?" if near else "`git log --oneline` shows what there is"
        raise ConfigError(f"{self.label}: git knows no revision {shorten(revision)!r}; {hint}")

    def checkout(self, commit: str, means: Means) -> Path:
        """The folder with a commit's files, checked out if it is not there yet."""
        folder = means.state / "worktrees" / commit
        if not self._whole(folder, commit):
            folder.parent.mkdir(parents=True, exist_ok=True)
            means.say(f"checking out {commit[:12]} for {self.label} …")
            self._check_out(folder, commit)
        os.utime(folder)
        self._tidy(folder)
        return folder

    def changed(self, state: Path) -> list[str]:
        """Files of the project with changes that are in no commit, but for its state folder."""
        said = self._git("status", "--porcelain", "--", ".", f":(exclude){state}") or ""
        return [line[3:] for line in said.splitlines()]

    def head(self) -> str:
        return (self._git("rev-parse", "HEAD") or "").strip()

    def _check_out(self, folder: Path, commit: str) -> None:
        # Beside its place first: what was killed half-way never stands in it.
        own = Path(tempfile.mkdtemp(prefix="unfinished-", dir=folder.parent))
        try:
            said = self._asked("worktree", "add", "--detach", "--force", str(own / "tree"), commit)
            if said.returncode:
                why = (said.stderr.strip() or "git gave no reason").splitlines()[-1]
                raise ConfigError(f"{self.label}: git cannot check out {commit[:12]}: {why}")
            if folder.exists() and not self._whole(folder, commit):
                self._remove(folder)
            # By force: git still knows of a checkout there that somebody has deleted.
            moved = self._asked("worktree", "move", "--force", str(own / "tree"), str(folder))
            # Another run may have been sooner.
            if moved.returncode and not self._whole(folder, commit):
                why = (moved.stderr.strip() or "git gave no reason").splitlines()[-1]
                raise ConfigError(f"{self.label}: cannot check out into {folder}: {why}")
        finally:
            self._remove(own / "tree")
            shutil.rmtree(own, ignore_errors=True)

    def _whole(self, folder: Path, commit: str) -> bool:
        if not (folder / ".git").is_file():
            return False
        head = self._git("rev-parse", "HEAD", folder=folder)
        changes = self._git("status", "--porcelain", "--untracked-files=no", folder=folder)
        return head is not None and head.strip() == commit and changes == ""

    def _remove(self, folder: Path) -> None:
        if folder.exists():
            self._asked("worktree", "remove", "--force", "--force", str(folder))
            shutil.rmtree(folder, ignore_errors=True)

    def _tidy(self, kept: Path) -> None:
        """Takes away checkouts that nobody has used for long, and forgets those that are gone."""
        removed = False
        for each in kept.parent.iterdir():
            with contextlib.suppress(OSError):
                days = (time.time() - each.stat().st_mtime) / 86400
                if each != kept and days > _UNUSED_DAYS:
                    self._remove(each)
                    removed = True
        if removed:
            self._asked("worktree", "prune")

    def _git(self, *words: str, folder: Path | None = None) -> str | None:
        done = self._asked(*words, folder=folder)
        return done.stdout if done.returncode == 0 else None

    def _asked(self, *words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        environ = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
        try:
            return subprocess.run(
                ["git", "-C", str(folder or self.root), *words],
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                env={**environ, "LC_ALL": "C"},
                check=False,
                timeout=300,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ConfigError(f"{self.label}: cannot run git: {error}") from None


def _tell_uncommitted(repository: _Repository, commit: str, label: str, means: Means) -> None:
    if commit != repository.head():
        return
    if changed := repository.changed(means.state):
        files = f"{changed[0]} and {len(changed) - 1} more" if len(changed) > 1 else changed[0]
        means.say(f"{label} is the last commit: what is not committed is left out ({files})")


def _import_path(repository: _Repository, project: Path) -> dict[str, str]:
    """PYTHONPATH for the checkout: what is imported from the repository comes from it instead.

    A project installed in place (``pip install -e``) has its folder, often ``src``, on the path.
    """
    tree = project.parents[len(Path(repository.prefix).parts) - 1] if repository.prefix else project
    places = [Path(entry) for entry in sys.path if entry]
    inside = [each.relative_to(repository.top) for each in places if _in(each, repository.top)]
    folders = [project, *(tree / each for each in inside), project / "src", tree / "src"]
    there = [str(each) for each in folders if each.is_dir()]
    before = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": os.pathsep.join([*dict.fromkeys(there), *([before] if before else [])])}


def _in(path: Path, top: Path) -> bool:
    return path.is_relative_to(top) and "site-packages" not in path.parts


def _interpreter(top: Path) -> str:
    """What a worker of this interpreter has beside the code of the repository at ``top``."""
    names = set()
    for each in distributions():
        names.add(f"{each.metadata['Name']}=={each.version}")
        # The code of what is installed in place moves, and its version does not.
        folder = _in_place(each)
        if folder and not folder.is_relative_to(top):
            names.add(f"{folder} {tree_state(folder)}")
    return "\n".join([sys.executable, platform.python_version(), sys.platform, *sorted(names)])


def _in_place(distribution: Distribution) -> Path | None:
    """The folder of a distribution that is installed in place (``pip install -e``)."""
    try:
        origin = json.loads(distribution.read_text("direct_url.json") or "{}")
        if origin["dir_info"]["editable"] is True:
            return Path(url2pathname(urlsplit(origin["url"]).path))
    except (ValueError, KeyError, TypeError, OSError):
        pass
    return None
