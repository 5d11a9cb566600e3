"""A run as JSON: ``harness check --output-format json``, and what ``harness report`` reads."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from harness.errors import HarnessError
from harness.files import write_atomic
from harness.model import CaseResult, Run

FORMAT = "harness-run/1"


def dumps(run: Run) -> str:
    """A run as JSON, one result a line; lone surrogates are escaped."""
    head = msgspec.to_builtins(run)
    results = head.pop("results")
    head = {"format": FORMAT, **head, "counts": {str(v): n for v, n in run.counts.items()}}
    body = ",\n".join(_dump(result) for result in results)
    return _dump(head)[:-1] + ', "results": [\n' + body + "\n]}\n"


def _dump(value: object) -> str:
    # json escapes what UTF-8 cannot hold; msgspec would refuse the whole run.
    return json.dumps(value, ensure_ascii=True, separators=(", ", ": "))


def loads(text: str | bytes, name: str) -> Run:
    """The run in a JSON text. Raises HarnessError, naming ``name``, when it holds none."""
    try:
        tree = json.loads(text)
        if not isinstance(tree, dict) or tree.pop("format", None) != FORMAT:
            raise HarnessError(f"{name} is no saved run ({FORMAT}); `harness check` writes one")
        tree.pop("counts", None)
        return msgspec.convert(tree, Run)
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise HarnessError(f"{name} is no saved run: {error}; run `harness check` again") from None


def dump_results(results: list[CaseResult]) -> str:
    """Results alone, for a test worker to hand to its controller."""
    return _dump(msgspec.to_builtins(results))


def load_results(text: str) -> list[CaseResult]:
    """What :func:`dump_results` wrote."""
    return msgspec.convert(json.loads(text), list[CaseResult])


def save(run: Run, path: Path) -> None:
    """Writes a run for ``harness report``. Raises HarnessError when that is not possible."""
    write_atomic(path, dumps(run).encode("ascii"))


def load(path: Path) -> Run:
    """Reads a saved run. Raises HarnessError when there is none or it cannot be read."""
    try:
        return loads(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise HarnessError(f"no saved run at {path}; run `harness check` first") from None
    except OSError as error:
        raise HarnessError(f"cannot read {path}: {error.strerror}") from None
