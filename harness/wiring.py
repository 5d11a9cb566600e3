"""Puts the parts together: the one place that knows configuration, environment and engine."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from harness.config import Config
from harness.corpus import Corpus
from harness.engine import Case, Engine, Mode, whole_fields
from harness.errors import ConfigError, HarnessError
from harness.extraction import Extractor
from harness.extraction.limits import Limits
from harness.extraction.registry import find, resolve
from harness.memo import Memo
from harness.outcomes import Outcomes
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


@dataclass(frozen=True, slots=True)
class Isolation:
    """How extractors run, where the command line says otherwise than the configuration.

    None means: as configured. Units are those of :class:`harness.config.Config`.
    """

    isolate: bool | None = None
    workers: int | None = None
    timeout: float | None = None
    memory: int | None = None
    network: bool | None = None

    def over(self, config: Config) -> Config:
        """A configuration with what was asked for on the command line."""
        asked: dict[str, Any] = {
            "isolate": self.isolate,
            "workers": self.workers,
            "timeout": self.timeout,
            "memory": self.memory,
            "network": self.network,
        }
        return replace(config, **{k: v for k, v in asked.items() if v is not None})


def limits_of(config: Config) -> Limits:
    """What an extractor may use for one capture."""
    return Limits(seconds=config.timeout, memory=config.memory, network=config.network)


def workers_of(config: Config) -> int:
    """How many captures are extracted at once, where that is done in worker processes."""
    return config.workers or os.cpu_count() or 1


def prepared(extractors: Iterable[Extractor], config: Config) -> tuple[Extractor, ...]:
    """The extractors as the configuration has them run: held to its limits, or in workers."""
    return tuple(_prepared(each, config) for each in extractors)


def _prepared(extractor: Extractor, config: Config) -> Extractor:
    if extractor.remote:
        return extractor
    if config.isolate:
        return isolated(extractor, config)
    return replace(extractor, limits=limits_of(config))


def with_external(extractors: Iterable[Extractor], config: Config) -> tuple[Extractor, ...]:
    """The extractors, and those of the table ``external``, sorted by name.

    Raises ConfigError for a wrong table, and for a name that is taken.
    """
    found = tuple(extractors)
    if not config.external:
        return found
    # What starts processes takes long to import, and most projects start none.
    from harness.extraction.external import Means, externals

    means = Means(config.root, config.state, limits_of(config), workers_of(config))
    others = externals(config.external, config.source, means)
    taken = {each.name: each.origin for each in found}
    for each in others:
        if each.name in taken:
            raise ConfigError(
                f"{config.source}: two extractors are called {each.name!r}: {taken[each.name]} and"
                f" [external.{each.name}]; rename one"
            )
    return tuple(sorted((*found, *others), key=lambda each: each.name))


def named(
    spelled: Iterable[str],
    registered: Iterable[Extractor],
    config: Config,
    *,
    refresh: bool = False,
) -> tuple[Extractor, ...]:
    """The extractors that people mean by these words, as the configuration has them run.

    ``refresh`` makes environments anew. Raises ConfigError as
    :func:`harness.extraction.registry.resolve`.
    """
    known = tuple(registered)
    limits, workers, state = limits_of(config), workers_of(config), config.state
    found = [
        (
            each,
            resolve(
                each,
                known,
                config.root,
                limits=limits,
                workers=workers,
                refresh=refresh,
                state=state,
            ),
        )
        for each in spelled
    ]
    # One that is registered runs as configured already.
    return tuple(
        each if each in known else _prepared(replace(each, label=each.label or word), config)
        for word, each in found
    )


def isolated(
    extractor: Extractor, config: Config, environ: Mapping[str, str] | None = None
) -> Extractor:
    """An extractor of this interpreter, run in worker processes that load the project anew.

    ``environ`` is added to their environment.
    """
    # Most commands start no process, and what starts them takes long to import.
    from harness.extraction.launch import python_launch
    from harness.extraction.remote import Remote

    load = {"project": str(config.root), "extractor": extractor.label or extractor.name}
    launch = python_launch(load, config.root, environ=environ)
    remote = Remote(launch, limits_of(config), workers_of(config))
    return replace(extractor, function=remote)


def elsewhere(extractor: Extractor, seed: int, *, config: Config) -> Extractor:
    """An extractor in a fresh process of its own, whose Python hashes text with this seed."""
    from harness.extraction.remote import Remote

    environ = {"PYTHONHASHSEED": str(seed)}
    if not extractor.remote:
        return isolated(extractor, config, environ)
    running: Any = extractor.function  # a Remote, or what makes one when it is first needed
    launch = replace(running.launch, environ={**running.launch.environ, **environ})
    return replace(extractor, function=Remote(launch, running.limits, 1))


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
        extractors=prepared(with_external(extractors, config), config),
        outcomes=Outcomes(config.state / "outcomes"),
        workers=workers_of(config),
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


def ready(cases: Iterable[Case]) -> list[Case]:
    """The cases with the environments and workers of their extractors started.

    Raises ConfigError, one line, where one cannot: said once, and not for each capture.
    """
    from harness.extraction import external  # most projects have no extractor that needs it

    started: dict[str, Extractor] = {}
    found = []
    for case in cases:
        if not case.extractor.remote:
            found.append(case)
            continue
        name = case.extractor.name
        if name not in started:
            started[name] = external.ready(case.extractor)
        found.append(replace(case, extractor=started[name]))
    return found
