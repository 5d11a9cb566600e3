"""Requirement sets: ``trafilatura==1.12.2``, ``readability-lxml==0.8.1,lxml==5.1,python==3.11``.

Pure: reads what was typed and says which library is meant. Environments are made elsewhere.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from harness.errors import ConfigError
from harness.files import slugify

DISTRIBUTIONS: Mapping[str, str] = {
    "trafilatura": "trafilatura",
    "newspaper4k": "newspaper4k",
    "newspaper3k": "newspaper3k",
    "readability-lxml": "readability",
    "goose3": "goose3",
    "justext": "justext",
    "resiliparse": "resiliparse",
    "boilerpy3": "boilerpy3",
}
"""Distributions that are extractors, and their names in ``libraries.LIBRARIES``."""

# lxml 5.2 (2024) moved lxml.html.clean to a distribution of its own, which releases before that
# use and do not require. Beside older or newer ones it does nothing.
_CLEANER = "lxml-html-clean"
_COMPANIONS: Mapping[str, tuple[str, ...]] = {
    "trafilatura": (_CLEANER,),
    "newspaper4k": (_CLEANER,),
    "newspaper3k": (_CLEANER,),
    "readability": (_CLEANER,),
    "goose3": (_CLEANER,),
    "justext": (_CLEANER,),
}

_OPERATOR = re.compile(r"\s*[<>=!~]")
# "name @ where" is a place to install from; "name@revision" is a revision of the project's own.
_REVISION = re.compile(r"(?P<name>[^@\s]+)@(?P<revision>[^@\s]\S*)")
_PLACE = re.compile(r"\.{0,2}/|[a-z+]+:", re.IGNORECASE)
_LOCAL = (".", "/", "~")


@dataclass(frozen=True, slots=True)
class RequirementSet:
    """Distributions to be installed together, in an environment of their own.

    ``requirements`` are as the package manager reads them, sorted; ``python`` is a version ("3.9",
    "3.9.18") or a path, None for the interpreter at hand. ``library`` is the extractor among them,
    None when there is none that is known. ``sources`` are the folders and files of this machine
    among them.
    """

    label: str
    requirements: tuple[str, ...]
    library: str | None
    python: str | None = None
    sources: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        """A slug, for folders and reports: ``trafilatura-1-12-2``."""
        return slugify(self.label)


def parse(spelled: str, root: Path) -> RequirementSet:
    """The requirement set that was typed, several requirements separated by commas.

    Relative folders and wheels (``./dist/x.whl``, ``trafilatura @ ../trafilatura``) start at
    ``root``. Raises ConfigError, one line, for what is no requirement, or for none or several known
    extractors.
    """
    made = collect(split(spelled), root, label=spelled)
    if made.library is None:
        raise ConfigError(unknown_library(spelled, made.requirements))
    return made


def collect(
    parts: Sequence[str], root: Path, *, label: str, python: str | None = None
) -> RequirementSet:
    """The set of these requirements; ``python==3.9`` among them picks the interpreter.

    Raises ConfigError as :func:`parse`, but for a set without a known extractor.
    """
    wanted: list[str] = []
    names: list[str] = []
    sources: list[Path] = []
    for part in parts:
        requirement, folder = _requirement(part, label, root)
        name = canonicalize_name(requirement.name) if requirement else ""
        if requirement and name == "python":
            python = _python(requirement, label)
            continue
        if folder and not requirement:
            name = canonicalize_name(_named_by(folder))
        if folder:
            sources.append(folder)
        wanted.append(_written(requirement, folder))
        names.append(name)
    if not wanted:
        raise ConfigError(f"{label!r} names no distribution; write one, e.g. trafilatura==1.12.2")
    if repeated := sorted({name for name in names if name and names.count(name) > 1}):
        raise ConfigError(f"{label!r} requires {repeated[0]} twice; write it once, in one part")
    library = _library(names, label)
    return RequirementSet(label, tuple(sorted(wanted)), library, python, tuple(sources))


def with_companions(requirements: Iterable[str], library: str | None) -> tuple[str, ...]:
    """The requirements, and what releases of the library need and do not say themselves."""
    wanted = list(requirements)
    # What a URL brings is not known by its name.
    there = {
        canonicalize_name(found[0])
        for each in wanted
        if (found := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", each))
    }
    wanted += [each for each in _COMPANIONS.get(library or "", ()) if each not in there]
    return tuple(sorted(wanted))


def split(spelled: str) -> list[str]:
    """The parts between commas; those of ``>=1,<2`` and ``[a,b]`` belong to one requirement."""
    parts: list[str] = []
    for piece in re.split(r",(?![^\[]*\])", spelled):
        if parts and _OPERATOR.match(piece):
            parts[-1] += f",{piece.strip()}"
        elif piece.strip():
            parts.append(piece.strip())
    return parts


def looks_like_requirements(spelled: str) -> bool:
    """Whether this is typed as a requirement set: with a version, a place, or a known name.

    A name alone, such as ``boilerpy3``, means its newest release.
    """
    parts = split(spelled)
    if not parts:
        return False
    if any(_is_place(part) or re.search(r"[\w\])]\s*[<>=!~]=?|\s@\s", part) for part in parts):
        return True
    return any(canonicalize_name(part.partition("[")[0]) in DISTRIBUTIONS for part in parts)


def revision(spelled: str) -> tuple[str, str] | None:
    """(extractor, git revision) of ``daily8@main``; None for anything else."""
    found = _REVISION.fullmatch(spelled)
    if found is None or _PLACE.match(found["revision"]) or "://" in spelled:
        return None
    return found["name"], found["revision"]


def unknown_library(spelled: str, requirements: Sequence[str]) -> str:
    """One line for a set without a known extractor: the nearest one, and the other way."""
    names = [re.split(r"[^A-Za-z0-9._-]", each)[0] for each in requirements]
    known = ", ".join(DISTRIBUTIONS)
    for name in names:
        near = difflib.get_close_matches(
            canonicalize_name(name), [*DISTRIBUTIONS, *_OTHERS], 1, 0.6
        )
        if near:
            return f"{spelled!r}: did you mean {_OTHERS.get(near[0], near[0])!r}? known are {known}"
    return (
        f"{spelled!r} names none of the extractors that can be called without more: {known};"
        " for another, write [tool.harness.external.NAME] with `requirements` and `call`"
    )


# Names people know these by, which on the package index are other projects or none.
_OTHERS: Mapping[str, str] = {
    "readability": "readability-lxml",
    "newspaper": "newspaper4k",
    "goose": "goose3",
    "boilerpy": "boilerpy3",
}


def _library(names: Iterable[str], label: str) -> str | None:
    found = [name for name in names if name in DISTRIBUTIONS]
    if len(found) > 1:
        raise ConfigError(
            f"{label!r} names two extractors, {found[0]} and {found[1]}; compare them as two sets"
        )
    return DISTRIBUTIONS[found[0]] if found else None


def _requirement(part: str, label: str, root: Path) -> tuple[Requirement | None, Path | None]:
    """What a part says: a requirement, with the folder or file it is installed from, if any."""
    if _is_place(part) and "://" not in part:
        return None, _folder(part, label, root)
    name, at, where = part.partition("@")
    if at and where.strip().startswith(_LOCAL):
        folder = _folder(where.strip(), label, root)
        part = f"{name.strip()} @ {folder.as_uri()}"
    try:
        requirement = Requirement(part)
    except InvalidRequirement as error:
        why = str(error).partition("\n")[0]
        raise ConfigError(
            f"{label!r}: {part!r} is no requirement ({why}); write e.g. trafilatura==1.12.2"
        ) from None
    url = urlsplit(requirement.url or "")
    if url.scheme != "file":
        return requirement, None
    return requirement, _folder(unquote(url.path), label, root)


def _folder(where: str, label: str, root: Path) -> Path:
    path = root / os.path.expanduser(where)
    try:
        path = path.resolve()
        there = path.exists()
    except (OSError, ValueError):  # a loop of links, or a zero byte
        there = False
    if not there:
        raise ConfigError(f"{label!r}: there is no {path} to install from; mend the path")
    return path


def _is_place(part: str) -> bool:
    return part.startswith(_LOCAL)


def _named_by(path: Path) -> str:
    """The distribution that a wheel, a source archive or a checkout holds, by its name."""
    if path.is_dir():
        found = re.search(
            r"^\s*name\s*=\s*[\"']([\w.-]+)[\"']", _read(path / "pyproject.toml"), re.MULTILINE
        ) or re.search(r"\bname\s*=\s*[\"']([\w.-]+)[\"']", _read(path / "setup.py"))
        return found[1] if found else path.name
    return re.sub(r"-\d.*$", "", path.name)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _written(requirement: Requirement | None, folder: Path | None) -> str:
    return str(requirement) if requirement else str(folder)


def _python(requirement: Requirement, label: str) -> str:
    exact = [each for each in requirement.specifier if each.operator in ("==", "===")]
    if len(exact) != 1 or len(requirement.specifier) != 1:
        raise ConfigError(f"{label!r}: name one interpreter, e.g. python==3.9")
    return python_version(exact[0].version, f"{label!r}")


def python_version(text: str, where: str) -> str:
    """A version of Python as ``3.9`` or ``3.9.18``; raises ConfigError for another."""
    version = text.removesuffix(".*")
    try:
        SpecifierSet(f"=={version}")
    except InvalidSpecifier:
        version = ""
    if not re.fullmatch(r"3\.\d+(\.\d+)?", version):
        raise ConfigError(f"{where}: {text!r} is no version of Python; write e.g. python==3.9")
    if int(version.split(".")[1]) < 8:
        raise ConfigError(f"{where}: workers need Python 3.8 or newer, not {text}")
    return version
