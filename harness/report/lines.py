"""On which line of a stored JSON file a field stands, for what points reviewers at files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from harness.model import Hunk
from harness.records import DEEPEST

# Every string is matched as one token, so that brackets inside texts are none of the file's. A
# text that never ends takes the rest of the file: what is broken there is told elsewhere.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|[{}\[\],:\n]', re.S)
_LAST_STEP = re.compile(r"(?:\.[^.\[\]]*|\[\d+\])\Z")
# Records go no deeper; paths of a file that does would take memory by the square of its size.
_DEEPEST = 2 * DEEPEST
_PARAGRAPH = re.compile(r"paragraph (\d+) of \d+\Z")


def lines_of(text: str) -> dict[str, int]:
    """Path → line, from 1, of every named or listed value in a JSON text.

    Paths are those of diffs: ``record``, ``record.byline``, ``record.related[2].body[0]``. What
    stands in a type tag (``{"$tuple": […]}``) has the path of the value that is tagged. Of a broken
    file, what could be read; never raises.
    """
    found: dict[str, int] = {}
    stack: list[str] = []  # paths of the containers that are open
    counts: list[int] = []  # of each, the index of its current item; -1 where it is an object
    line, name, value = 1, "", ""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token in "{[":
            path = value if name or not stack else _item(stack, counts)
            if len(stack) > _DEEPEST:
                break
            stack.append(path)
            counts.append(0 if token == "[" else -1)
            name = value = ""
            if token == "[":
                found.setdefault(f"{path}[0]", line + _breaks(text, match.end()))
        elif token in "}]":
            if stack:
                stack.pop()
                counts.pop()
            name = value = ""
        elif token == ",":
            name = value = ""
            if counts and counts[-1] >= 0:
                counts[-1] += 1
                found.setdefault(_item(stack, counts), line + _breaks(text, match.end()))
        elif token == ":":
            if counts and counts[-1] < 0 and name:
                value = _named(stack[-1], name)
                found.setdefault(value, line)
        else:
            line += token.count("\n")  # in a whole file, no text holds one
            if counts and counts[-1] < 0 and not value:
                name = token
    return found


def line_of(lines: Mapping[str, int], path: str) -> int:
    """The line of a path, else of the nearest value that it stands in, else 1."""
    while path not in lines:
        shorter = _LAST_STEP.sub("", path)
        if shorter == path:
            return 1
        path = shorter
    return lines[path]


def within(field: str, hunk: Hunk | None) -> str:
    """The path of what a hunk is about: ``body[2]`` of ``body`` and "paragraph 3 of 9"."""
    found = _PARAGRAPH.match(hunk.where) if hunk else None
    return f"{field}[{int(found[1]) - 1}]" if found else field


def _item(stack: list[str], counts: list[int]) -> str:
    return f"{stack[-1]}[{counts[-1]}]" if counts[-1] >= 0 else stack[-1]


def _named(path: str, token: str) -> str:
    try:
        name = str(json.loads(token, strict=False))
    except ValueError:
        name = token.strip('"')
    if name.startswith("$"):
        return path
    return f"{path}.{name}" if path else name


def _breaks(text: str, at: int) -> int:
    """How many line ends stand before the next value."""
    end = at
    while end < len(text) and text[end] in " \t\r\n":
        end += 1
    return text.count("\n", at, end)
