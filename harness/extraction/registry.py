"""Finding extractors: modules are imported and looked through; nothing registers itself."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from harness.errors import ConfigError
from harness.extraction import contract
from harness.extraction.contract import Extractor
from harness.files import is_slug

# Frames of these say nothing about what to mend in an extractor's module.
_NOT_THEIRS = (str(Path(importlib.__file__).parent), __file__, contract.__file__)


def find_extractors(sources: Iterable[str], root: Path) -> tuple[Extractor, ...]:
    """All extractors in ``sources``, sorted by name.

    A source is a dotted module or package (all its modules are looked through), a folder or a
    ``.py`` file relative to ``root``, or ``module:function`` for a plain function of a capture.
    Raises ConfigError, naming the source, when one cannot be imported, holds no extractor, or two
    share a name.
    """
    # A console script, unlike `python -m`, does not have the project's folder on its path.
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    found: dict[str, Extractor] = {}
    for source in sources:
        mine = list(_from_source(source, root))
        if not mine:
            raise ConfigError(
                f'no extractor in {source!r}; decorate a function there with @extractor("site")'
            )
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
    return tuple(found[name] for name in sorted(found))


def _from_source(source: str, root: Path) -> Iterator[Extractor]:
    module_name, colon, attribute = source.partition(":")
    if colon:
        yield _plain_function(source, module_name, attribute, root)
        return
    path = root / source
    if path.is_dir() and not (path / "__init__.py").exists():
        # A plain folder of site files; without a package name of their own they get one here, so
        # that two projects' `extractors/site.py` never meet in sys.modules.
        for file in sorted(path.rglob("*.py")):
            yield from _extractors_of(_import_file(file, root))
    elif path.suffix == ".py":
        yield from _extractors_of(_import_file(path, root))
    else:
        dotted = source.replace("/", ".").strip(".")
        package = _import(dotted, source, root)
        yield from _extractors_of(package)
        for info in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{dotted}."):
            yield from _extractors_of(_import(info.name, source, root))


def _extractors_of(module: ModuleType) -> Iterator[Extractor]:
    for value in vars(module).values():
        if isinstance(value, Extractor):
            yield value


def _plain_function(source: str, module_name: str, attribute: str, root: Path) -> Extractor:
    module = _import(module_name, source, root)
    function = getattr(module, attribute, None)
    if isinstance(function, Extractor):
        return function
    if not callable(function):
        raise ConfigError(f"extractor {source!r}: {module_name} has no function {attribute!r}")
    name = attribute if is_slug(attribute) else attribute.lower().strip("_")
    return Extractor(name, function, ("*",), {}, source)


def _import(name: str, source: str, root: Path) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise ConfigError(_import_problem(source, error)) from error
        raise ConfigError(
            f"extractor source {source!r} is no folder in {root} and no module;"
            " make it, or mend `extractors` in the configuration"
        ) from None
    except (Exception, SystemExit) as error:
        raise ConfigError(_import_problem(source, error)) from error


def _import_file(path: Path, root: Path) -> ModuleType:
    shown = path.relative_to(root) if path.is_relative_to(root) else path
    name = "_harness_files." + ".".join(shown.with_suffix("").parts)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.exists():
        raise ConfigError(f"extractor source {str(shown)!r} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise ConfigError(_import_problem(str(shown), error)) from error
    return module


def _import_problem(source: str, error: BaseException) -> str:
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
    return f"cannot import extractors from {source!r}: {type(error).__name__}: {line}{where}"
