"""Reading what a measure saved: JSON that says its format, for the drift report to show."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from harness.errors import HarnessError

T = TypeVar("T")


def loads(
    text: str | bytes,
    name: str,
    into: type[T],
    form: str,
    what: str,
    command: str,
    check: Callable[[T], None] = lambda _: None,
) -> T:
    """The value of type ``into`` in a JSON text that says its format is ``form``.

    ``what`` it is called and the ``command`` that makes it are for people. ``check`` raises
    ValueError for what the types allow and the format does not. Raises HarnessError, naming
    ``name``, when the text holds no such value.
    """
    try:
        tree = json.loads(text)
        if not isinstance(tree, dict) or tree.pop("format", None) != form:
            raise HarnessError(f"{name} is no {what} ({form}); run `{command}` again")
        found = msgspec.convert(tree, into)
        check(found)
        return found
    except (ValueError, RecursionError, msgspec.MsgspecError) as error:
        raise HarnessError(f"{name} is no {what}: {error}; run `{command}` again") from None


def load(path: Path, loads: Callable[[bytes, str], T]) -> T | None:
    """What a file holds; None when there is none. Raises HarnessError when it is unreadable."""
    try:
        return loads(path.read_bytes(), str(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise HarnessError(f"cannot read {path}: {error.strerror}") from None
