"""The source files that a module is made of: its own, and those of all that it imports."""

from __future__ import annotations

import ast
import contextlib
import hashlib
import importlib.util
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path


def digests(names: Iterable[str]) -> dict[str, str]:
    """The digest of each source file of some modules and of what they import, by its path.

    Imports inside functions count; installed packages do not, whose code changes with their
    releases, nor does the harness. Nothing is imported to find out. What is imported by a name
    that is put together while the code runs is not found.
    """
    roots = sorted(set(names))
    paths = sysconfig.get_paths()
    installed = tuple(f"{paths[key]}/" for key in ("stdlib", "platstdlib", "purelib", "platlib"))
    found: dict[str, str] = {}
    waiting = list(roots)
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        file = _file_of(name)
        if file is None or file in found or (file.startswith(installed) and name not in roots):
            continue
        with contextlib.suppress(OSError):
            source = Path(file).read_bytes()
            found[file] = hashlib.sha256(source).hexdigest()
            fresh = {each for each in _imported(source, name) if not _is_ours(each)} - seen
            seen |= fresh
            waiting += fresh
    return dict(sorted(found.items()))


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] == __package__


def _file_of(name: str) -> str | None:
    """The source file of a module, loaded or not; None when it has none."""
    if module := sys.modules.get(name):
        return getattr(module, "__file__", None)
    spec = _spec(name)
    return spec.origin if spec and spec.has_location else None


def _spec(name: str) -> ModuleSpec | None:
    # importlib.util.find_spec would run the packages around it.
    parent = name.rpartition(".")[0]
    if not parent:
        return PathFinder.find_spec(name)
    if loaded := sys.modules.get(parent):
        folders = getattr(loaded, "__path__", None)
    else:
        around = _spec(parent)
        folders = around.submodule_search_locations if around else None
    return PathFinder.find_spec(name, list(folders)) if folders else None


def _imported(source: bytes, name: str) -> Iterator[str]:
    """The modules that a source file imports, those whose names it takes members of included."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return
    module = sys.modules.get(name)
    package = getattr(module, "__package__", None) or name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _with_parents(alias.name)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                try:
                    base = importlib.util.resolve_name("." * node.level + base, package)
                except ImportError:
                    continue
            yield from _with_parents(base)
            # What is taken may be a module itself.
            yield from (f"{base}.{alias.name}" for alias in node.names if base)


def _with_parents(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]
