"""Configuration: ``[tool.harness]`` in pyproject.toml, or harness.toml, found upwards."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from harness.errors import ConfigError, NoConfigError
from harness.invariants.roles import ROLES
from harness.model import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Config:
    """A project's settings. Folders are absolute; ``source`` is the file they came from.

    ``timeout`` is in seconds of wall clock and ``memory`` in MiB, for one capture in a worker
    process. ``network``: whether an extractor may use it. ``isolate``: whether extractors of this
    interpreter run in worker processes too; ``workers`` are so many of them, 0 one for each core.
    ``external`` describes extractors that always do, as their author wrote it.
    """

    root: Path
    source: Path
    corpus: Path
    snapshots: Path
    state: Path
    extractors: tuple[str, ...]
    fields: Mapping[str, Kind] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    invariants: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    timeout: float = 30.0
    memory: int = 2048
    network: bool = False
    isolate: bool = False
    workers: int = 0
    external: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def pending(self) -> Path:
        """Where output waits for review."""
        return self.state / "pending"

    @property
    def run_file(self) -> Path:
        """The last run, as ``harness report`` reads it."""
        return self.state / "run.json"

    @property
    def history_file(self) -> Path:
        """What every whole run found, for trends."""
        return self.state / "history.jsonl"

    @property
    def report_file(self) -> Path:
        """The last run's drift report."""
        return self.state / "report.html"


_TEXTS = {"corpus": "corpus", "snapshots": "snapshots", "state": ".harness"}
_LISTS = ("extractors", "fields", "roles", "invariants", "ignore")
_LIMITS = ("timeout", "memory", "network", "isolate", "workers")
_KEYS = (*_TEXTS, *_LISTS, *_LIMITS, "external")


def find_config(start: Path) -> Config:
    """The nearest configuration at or above a folder.

    Raises NoConfigError when there is none, ConfigError for unknown keys and wrong types.
    """
    for folder in (start, *start.parents):
        own = folder / "harness.toml"
        if own.is_file():
            return _config(_toml(own), own)
        project = folder / "pyproject.toml"
        if project.is_file():
            tools = _toml(project).get("tool")
            table = tools.get("harness") if isinstance(tools, dict) else None
            if table is not None:
                return _config(table, project)
    raise NoConfigError(
        f"no [tool.harness] in a pyproject.toml and no harness.toml at or above {start};"
        " run `harness init` there"
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from None
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from None


def _config(table: object, source: Path) -> Config:
    if not isinstance(table, dict):
        raise ConfigError(f"{source}: [tool.harness] is a table")
    for key in table:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1, 0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"keys are {', '.join(_KEYS)}"
            if source.name == "harness.toml" and key in ("tool", "harness"):
                hint = "in a harness.toml, the keys stand at the top, in no table"
            raise ConfigError(f"{source}: unknown key {key!r}; {hint}")
    root = source.parent.resolve()
    folders = {}
    for key, default in _TEXTS.items():
        value = table.get(key, default)
        if not isinstance(value, str) or not value:
            raise ConfigError(f"{source}: {key!r} is the path of a folder, not {value!r}")
        folders[key] = root / value
    where = "a list of modules, folders or module:function"
    extractors = _texts(table, "extractors", ["extractors"], where, source)
    invariants = _texts(table, "invariants", [], "a list of modules, folders or files", source)
    ignore = _texts(table, "ignore", [], "a list of invariants' names", source)
    fields = _table(table, "fields", "kind", KINDS, source)
    roles = _table(table, "roles", "role", [role for role in ROLES if role], source)
    return Config(
        root=root,
        source=source,
        corpus=folders["corpus"],
        snapshots=folders["snapshots"],
        state=folders["state"],
        extractors=extractors,
        fields=cast("dict[str, Kind]", fields),
        roles=roles,
        invariants=invariants,
        ignore=ignore,
        timeout=_seconds(table, source),
        memory=_whole(table, "memory", 2048, 1, "a number of MiB", source),
        network=_flag(table, "network", source),
        isolate=_flag(table, "isolate", source),
        workers=_whole(table, "workers", 0, 0, "a number of processes, 0 for one a core", source),
        external=_external(table, source),
    )


def _texts(
    table: dict[str, Any], key: str, default: list[str], meaning: str, source: Path
) -> tuple[str, ...]:
    found = table.get(key, default)
    if not isinstance(found, list) or not all(isinstance(text, str) and text for text in found):
        raise ConfigError(f"{source}: {key!r} is {meaning}")
    return tuple(found)


def _table(
    table: dict[str, Any], key: str, noun: str, allowed: Sequence[str], source: Path
) -> dict[str, str]:
    """A table of field names, each with one of the allowed words."""
    found = table.get(key, {})
    if not isinstance(found, dict):
        raise ConfigError(f"{source}: {key!r} is a table of field names and their {noun}s")
    for name, value in found.items():
        if value not in allowed:
            raise ConfigError(
                f"{source}: field {name!r} has {noun} {value!r}; {noun}s are {', '.join(allowed)}"
            )
    return found


def _seconds(table: dict[str, Any], source: Path) -> float:
    value = table.get("timeout", 30.0)
    # TOML has `inf`, `nan` and booleans; Python takes the last for numbers.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise ConfigError(f"{source}: 'timeout' is a number of seconds above 0, not {value!r}")
    return float(value)


def _whole(
    table: dict[str, Any], key: str, default: int, least: int, meaning: str, source: Path
) -> int:
    value = table.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ConfigError(f"{source}: {key!r} is {meaning}, at least {least}, not {value!r}")
    return value


def _flag(table: dict[str, Any], key: str, source: Path) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise ConfigError(f"{source}: {key!r} is true or false, not {value!r}")
    return value


def _external(table: dict[str, Any], source: Path) -> dict[str, dict[str, Any]]:
    """The tables of external extractors as written; what is in one is the registry's to read."""
    found = table.get("external", {})
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise ConfigError(
            f"{source}: 'external' is a table of tables, one an extractor:"
            " [tool.harness.external.NAME]"
        )
    return found
