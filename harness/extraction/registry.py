"""Finding extractors and invariants: modules are imported and looked through.

Nothing registers itself.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import TypeVar, cast

from harness.errors import ConfigError
from harness.extraction import contract
from harness.extraction.contract import Extractor
from harness.extraction.limits import Limits
from harness.files import is_slug
from harness.invariants import BUILT_IN, Invariant, invariants_of
from harness.text import nearest

_T = TypeVar("_T")

# Frames of these say nothing about what to mend in an extractor's module.
_NOT_THEIRS = (str(Path(importlib.__file__).parent), __file__, contract.__file__)


def find_extractors(sources: Iterable[str], root: Path) -> tuple[Extractor, ...]:
    """All extractors in ``sources``, sorted by name.

    A source is a dotted module or package (all its modules are looked through), a folder or a
    ``.py`` file relative to ``root``, or ``module:function`` for a plain function of a capture.
    Raises ConfigError, naming the source, when one cannot be imported, holds no extractor, or two
    share a name.
    """
    return find(sources, (), root)[0]


def find(
    extractors: Iterable[str], invariants: Iterable[str], root: Path
) -> tuple[tuple[Extractor, ...], tuple[Invariant, ...]]:
    """All extractors, sorted by name, and all invariants, the built-in ones first.

    Sources of invariants are as those of extractors (:func:`find_extractors`); beside an extractor
    may stand the invariants of its site, which are found too.
    """
    _look_in(root)
    by_name: dict[str, Extractor] = {}
    rules = {each.name: each for each in BUILT_IN}
    for source in extractors:
        modules, function = _open(source, "extractor", root)
        mine = [*function, *(e for module in modules for e in _members(module, Extractor))]
        if not mine:
            raise ConfigError(
                f'no extractor in {source!r}; decorate a function there with @extractor("site")'
            )
        _add_extractors(mine, source, by_name)
        _add_invariants([i for module in modules for i in invariants_of(module)], rules)
    for source in invariants:
        modules, _ = _open(source, "invariant", root)
        found = [i for module in modules for i in invariants_of(module)]
        if not found:
            raise ConfigError(
                f"no invariant in {source!r}; decorate a function there with @invariant"
            )
        _add_invariants(found, rules)
    return tuple(by_name[name] for name in sorted(by_name)), tuple(rules.values())


def resolve(
    spelled: str,
    registered: Iterable[Extractor],
    root: Path,
    *,
    limits: Limits | None = None,
    workers: int = 1,
    refresh: bool = False,
    state: Path | None = None,
) -> Extractor:
    """The extractor that people mean by a word.

    That is the registered one of this name; else one of ``harness.peers``; a requirement set
    (``trafilatura==1.12.2``), run in an environment of its own; ``daily8@main``, an extractor at a
    git revision; ``module:function``, a plain function of a capture or a decorated one. ``limits``
    and ``workers`` are for those that run in processes of their own, ``refresh`` makes their
    environments anew, ``state`` is the project's state folder.

    Raises ConfigError when there is none, when its module cannot be imported, when the peer's
    library is not installed, or when its environment cannot be made.
    """
    known = {each.name: each for each in registered}
    if spelled in known:
        found = known[spelled]
        if found.remote:
            # What starts processes takes long to import, and most runs start none.
            found = importlib.import_module("harness.extraction.external").ready(found)
    else:
        state = state or root / ".harness"
        outside = _outside(spelled, root, state, limits or Limits(), workers, refresh)
        found = outside or _inside(spelled, known, root)
    peers = importlib.import_module("harness.peers")
    if found.origin.startswith(f"{peers.__name__}:"):
        # Else every capture would say it.
        peers.require(found.name)
    return found


def _inside(spelled: str, known: Mapping[str, Extractor], root: Path) -> Extractor:
    """``module:function``, or a peer."""
    peers = importlib.import_module("harness.peers")
    if ":" in spelled:
        _look_in(root)
        module, _, attribute = spelled.partition(":")
        return _plain_function(spelled, module, attribute, root)
    if spelled in peers.MODULES:
        found: Extractor = getattr(peers, spelled)
        return found
    everything = (
        f"there are: {', '.join(known) or 'none'}; beside these,"
        f" module:function and {', '.join(peers.MODULES)}, any release of these, such as"
        " trafilatura==1.12.2, and NAME@REVISION"
    )
    hint = nearest(spelled, [*known, *peers.MODULES], everything)
    raise ConfigError(f"no extractor {spelled!r}; {hint}")


def _outside(
    spelled: str, root: Path, state: Path, limits: Limits, workers: int, refresh: bool
) -> Extractor | None:
    """A requirement set, or an extractor at a revision; None for any other word."""
    peers = importlib.import_module("harness.peers")
    if spelled in peers.MODULES or not spelled.strip():
        return None
    from harness.extraction import requirements

    at = requirements.revision(spelled)
    if at is None and not requirements.looks_like_requirements(spelled):
        return None
    from harness.extraction.external import Means, requirement_extractor
    from harness.extraction.revisions import extractor_at

    means = Means(root, state, limits, workers, refresh)
    if at:
        return extractor_at(*at, means)
    return requirement_extractor(requirements.parse(spelled, root), means)


def _add_extractors(mine: Iterable[Extractor], source: str, found: dict[str, Extractor]) -> None:
    for item in mine:
        if not is_slug(item.name):
            raise ConfigError(
                f"extractor name {item.name!r} in {source!r}: it names a folder, so use"
                " lower-case ASCII letters, digits, '-' and '_', at most 80"
            )
        other = found.setdefault(item.name, item)
        if other is not item:
            raise ConfigError(
                f"two extractors are called {item.name!r}: {other.origin} and {item.origin};"
                " rename one"
            )


def _add_invariants(mine: Iterable[Invariant], found: dict[str, Invariant]) -> None:
    for each in mine:
        other = found.setdefault(each.name, each)
        if other is not each:
            places = " and ".join(i.function.__module__ for i in (other, each))
            raise ConfigError(f"two invariants are called {each.name!r}, in {places}; rename one")


def _look_in(root: Path) -> None:
    # A console script, unlike `python -m`, does not have the project's folder on its path.
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))


def _open(source: str, noun: str, root: Path) -> tuple[list[ModuleType], list[Extractor]]:
    """The modules of a source, or the one function that it names."""
    module_name, colon, attribute = source.partition(":")
    if colon and noun == "extractor":
        return [], [_plain_function(source, module_name, attribute, root)]
    return list(_modules(source, noun, root)), []


def _modules(source: str, noun: str, root: Path) -> Iterator[ModuleType]:
    path = root / source
    if path.is_dir() and not (path / "__init__.py").exists():
        # A plain folder of site files; without a package name of their own they get one here, so
        # that two projects' `extractors/site.py` never meet in sys.modules.
        for file in sorted(path.rglob("*.py")):
            yield _import_file(file, noun, root)
    elif path.suffix == ".py":
        yield _import_file(path, noun, root)
    else:
        dotted = source.replace("/", ".").strip(".")
        package = _import(dotted, source, noun, root)
        yield package
        for info in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{dotted}."):
            yield _import(info.name, source, noun, root)


def _members(module: ModuleType, kind: type[_T]) -> Iterator[_T]:
    return (value for value in vars(module).values() if isinstance(value, kind))


def _plain_function(source: str, module_name: str, attribute: str, root: Path) -> Extractor:
    module = _import(module_name, source, "extractor", root)
    function = getattr(module, attribute, None)
    if isinstance(function, Extractor):
        return function
    if (made := importlib.import_module("harness.adapters").adapted(function, source)) is not None:
        return cast(Extractor, made)
    if not callable(function):
        raise ConfigError(f"extractor {source!r}: {module_name} has no function {attribute!r}")
    name = attribute if is_slug(attribute) else attribute.lower().strip("_")
    return Extractor(name, function, ("*",), {}, source)


def _import(name: str, source: str, noun: str, root: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise ConfigError(_import_problem(source, noun, error)) from error
        raise ConfigError(
            f"{noun} source {source!r} is no folder in {root} and no module;"
            f" make it, or mend `{noun}s` in the configuration"
        ) from None
    except (Exception, SystemExit) as error:
        raise ConfigError(_import_problem(source, noun, error)) from error


def _import_file(path: Path, noun: str, root: Path) -> ModuleType:
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    name = "_harness_files." + ".".join(shown.with_suffix("").parts)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.exists():
        raise ConfigError(f"{noun} source {str(shown)!r} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ConfigError(_import_problem(str(shown), noun, error)) from error
    return module


def _import_problem(source: str, noun: str, error: BaseException) -> str:
    where = ""
    if isinstance(error, SyntaxError):
        where = f" ({error.filename}:{error.lineno})"
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith((*_NOT_THEIRS, "<")):
            where = f" ({file}:{trace.tb_lineno})"
        trace = trace.tb_next
    message = error.msg if isinstance(error, SyntaxError) else str(error)
    line = next(iter(message.splitlines()), "")
    return f"cannot import {noun}s from {source!r}: {type(error).__name__}: {line}{where}"
