"""Puts the parts together: the one place that knows configuration, environment and engine."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Collection, Mapping
from importlib.metadata import PackageNotFoundError, version

from harness.config import Config
from harness.corpus import Corpus
from harness.engine import Engine, Mode, whole_fields
from harness.errors import ConfigError, HarnessError
from harness.extraction.registry import find
from harness.memo import Memo
from harness.snapshots import Snapshots

ALLOW_UPDATE = "HARNESS_UPDATE_IN_CI"


def in_ci(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether this runs in CI, by the variable that every CI service sets."""
    return _is_set(environ, "CI")


def _is_set(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() not in ("", "0", "false", "no")


def update_mode(asked: Mode | None, environ: Mapping[str, str] = os.environ) -> Mode:
    """The update mode: as asked, else ``none`` in CI and ``pending`` elsewhere.

    Raises HarnessError for ``all`` in CI: a job that accepts whatever it sees checks nothing.
    """
    if asked is None:
        return "none" if in_ci(environ) else "pending"
    if asked == "all" and in_ci(environ) and not _is_set(environ, ALLOW_UPDATE):
        raise HarnessError(
            "updating snapshots is refused in CI, where nobody reviews it;"
            f" update locally and commit, or set {ALLOW_UPDATE}=1"
        )
    return asked


def assemble(config: Config, *, mode: Mode = "none", only: Collection[str] = ()) -> Engine:
    """The engine of a project.

    Raises ConfigError when its extractors cannot be imported, and HarnessError for an update of
    less than whole fields.
    """
    if mode in ("new", "all"):
        whole_fields(only)
    extractors, invariants = find(config.extractors, config.invariants, config.root)
    if unknown := sorted(set(config.ignore) - {each.name for each in invariants}):
        raise ConfigError(f"{config.source}: `ignore` names {unknown[0]!r}, which is no invariant")
    return Engine(
        corpus=Corpus(config.corpus),
        extractors=extractors,
        invariants=tuple(each for each in invariants if each.name not in config.ignore),
        roles=config.roles,
        memo=Memo(config.state / "findings"),
        accepted=Snapshots(config.snapshots),
        pending=Snapshots(config.pending),
        mode=mode,
        only=frozenset(only),
        kinds=config.fields,
        environment=environment(),
    )


def environment() -> dict[str, str]:
    """What can change an extractor's output without a change of its code."""
    versions = {"python": platform.python_version(), "platform": sys.platform}
    for name in ("extraction-harness", "selectolax", "rapidfuzz"):
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions
