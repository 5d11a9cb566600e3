"""Captures as lines for a worker, and a worker's lines as outcomes."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from harness.extraction.launch import Launch
from harness.model import KINDS, Capture, Failure, Kind, Outcome, Tree
from harness.page import Page, fragment
from harness.records import DEEPEST, FIRST_FIELDS, decode, encode_record, timestamp_tree
from harness.text import shorten

# Other languages' line readers end a line at these too (Node's readline does), which JSON allows
# inside a string.
_LINE_ENDS = {"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_RANK = {name: rank for rank, name in enumerate(FIRST_FIELDS)}
_TAGS = frozenset(
    "$timestamp $datetime $date $time $timedelta $decimal $float $uuid $bytes $tuple $enum $set"
    " $map".split()
)


class BadAnswerError(Exception):
    """A worker's line that answers nothing: it is no JSON, or is about something else."""


class _BadRecordError(ValueError):
    """A record with a value that no record has."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What a worker said when it had loaded. ``network``: who refuses it, "none", "python" or
    "system"."""

    kinds: Mapping[str, Kind]
    network: str
    sites: tuple[str, ...] = ()


def request_of(launch: Launch, capture: Capture) -> bytes:
    """A capture as the rest of a request, what follows the id."""
    load = launch.load or {}
    text = "project" not in load
    exact = not ("library" in load or ("call" in load and load.get("gets", "html") == "html"))
    about = {
        "site": capture.site,
        "name": capture.name,
        "url": capture.url,
        "captured_at": capture.captured_at and capture.captured_at.isoformat(),
        "media_type": capture.media_type,
        "charset": capture.charset,
        "status": capture.status,
        "headers": capture.headers,
        "sha256": capture.sha256,
        "origin": capture.origin,
    }
    if "project" in load:
        about |= {"rights": capture.rights, "note": capture.note}
    parts = [b'"capture": ', _dumped(about)]
    if text:
        parts += [b', "html": ', _dumped(Page(capture).source)]
    if exact:
        parts += [b', "body": "', base64.b64encode(capture.body), b'"']
    return b"".join([*parts, b"}\n"])


def _dumped(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False)
    for character, escape in _LINE_ENDS.items():
        if character in text:
            text = text.replace(character, escape)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can spell
        return json.dumps(value).encode("ascii")


def ready_of(line: bytes) -> Ready | Failure:
    """The first line of a worker. Raises BadAnswerError."""
    answer = _object(line)
    if "error" in answer:
        return _failure(answer["error"])
    if answer.get("ready") is not True:
        raise BadAnswerError(f"a worker is not ready: {_quoted(line)}")
    sites = answer.get("sites", [])
    if not isinstance(sites, list):
        raise BadAnswerError(f'"sites" is a list of sites, not {_quoted_json(sites)}')
    network = str(answer.get("network", "none"))
    return Ready(_kinds(answer.get("kinds", {})), network, tuple(map(str, sites)))


def answer_of(line: bytes, number: int) -> Mapping[str, Any]:
    """The answer to a request. Raises BadAnswerError when it is not that."""
    answer = _object(line)
    if answer.get("id") != number or isinstance(answer.get("id"), bool):
        said = _quoted_json(answer.get("id"))
        raise BadAnswerError(f"it answered request {said} when asked {number}")
    if ("record" in answer) == ("error" in answer):
        raise BadAnswerError(f'an answer has a "record" or an "error": {_quoted(line)}')
    return answer


def outcome_of(answer: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Outcome:
    """An answer as an outcome. What is no record is a failure ``BadAnswer`` naming the field."""
    try:
        mine = _kinds(answer["kinds"]) if "kinds" in answer else kinds
        if "error" in answer:
            failure = _failure(answer["error"])
            return Outcome(None, _with_refusals(failure, refusals_of(answer)), mine)
        return Outcome(checked_record(answer["record"]), kinds=mine)
    except (_BadRecordError, BadAnswerError) as error:
        return Outcome(None, Failure("BadAnswer", str(error)), kinds)


def checked_record(value: object) -> dict[str, Tree]:
    """A record that came as JSON, in the order of records, HTML in it as what a reader sees.

    Raises _BadRecordError.
    """
    if not isinstance(value, dict):
        raise _BadRecordError(f"a record is an object of named fields, not {_quoted_json(value)}")
    try:
        names = encode_record(dict.fromkeys(value))
    except TypeError as error:  # RecordError: names that are taken, or break paths
        raise _BadRecordError(str(error)) from None
    return {name: _checked(value[name], name, 1) for name in names}


def _checked(value: Any, path: str, depth: int) -> Tree:
    kind = type(value)
    if kind is str:
        return value if value.isascii() else cast(str, encode_record({"text": value})["text"])
    if kind is float and not math.isfinite(value):
        raise _BadRecordError(f"field {path!r} holds {value}, which is no JSON number")
    if kind is not list and kind is not dict:
        return cast(Tree, value)
    if depth > DEEPEST:
        raise _BadRecordError(f"field {shorten(path)!r} is nested more than {DEEPEST} deep")
    if kind is list:
        return [_checked(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(value)]
    tagged = [key for key in value if key.startswith("$")]
    if not tagged:
        names = sorted(value, key=lambda name: (_RANK.get(name, len(_RANK)), name))
        return {name: _checked(value[name], f"{path}.{name}", depth + 1) for name in names}
    return _untagged(value, tagged[0], path, depth)


def _untagged(value: dict[str, Any], tag: str, path: str, depth: int) -> Tree:
    content = value[tag]
    if len(value) > 1:
        raise _BadRecordError(
            f"field {path!r}: {tag!r} marks a type, and stands alone in its object"
        )
    if tag == "$html":
        if not isinstance(content, str):
            raise _BadRecordError(
                f"field {path!r}: $html holds markup, not {_quoted_json(content)}"
            )
        return cast(Tree, fragment(content).lines())
    tree: Tree = {tag: _checked(content, path, depth + 1)}
    try:
        meant = decode(tree)
        if tag == "$timestamp":
            return {tag: timestamp_tree(meant)}
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError):
        known = f"no value of {tag}" if tag in _TAGS else "no type tag that there is"
        raise _BadRecordError(f"field {path!r}: {_quoted_json(value)} is {known}") from None
    return tree


def _object(line: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except (ValueError, RecursionError):
        raise BadAnswerError(f"its answer is no JSON line: {_quoted(line)}") from None
    if not isinstance(answer, dict):
        raise BadAnswerError(f"its answer is no JSON object: {_quoted(line)}")
    return answer


def _failure(error: object) -> Failure:
    if isinstance(error, str):
        return Failure("Error", error)
    if not isinstance(error, dict):
        raise BadAnswerError(f'an "error" is an object with "type" and "message": {error!r:.80}')
    texts = [error.get(key) for key in ("type", "message", "traceback")]
    kind, message, traceback = (text if isinstance(text, str) else "" for text in texts)
    return Failure(kind or "Error", message, traceback)


def _with_refusals(failure: Failure, refused: Sequence[str]) -> Failure:
    """What an extractor raised may follow from a refusal that it caught."""
    if not refused or failure.type == "NetworkRefused":
        return failure
    message = f"{failure.message} (the network was refused to it: {', '.join(refused)})"
    return Failure(failure.type, message, failure.traceback)


def refusals_of(answer: Mapping[str, Any]) -> list[str]:
    """``host:port`` of all that was refused to an extractor on the way to this answer."""
    refused = answer.get("refused")
    return list(dict.fromkeys(map(str, refused))) if isinstance(refused, list) else []


def _kinds(kinds: object) -> Mapping[str, Kind]:
    if not isinstance(kinds, dict) or not all(kind in KINDS for kind in kinds.values()):
        raise BadAnswerError(f'"kinds" is an object of field names and {", ".join(KINDS)}')
    return cast("Mapping[str, Kind]", kinds)


def _quoted(line: bytes) -> str:
    return repr(shorten(line[:400].decode("utf-8", "replace")))


def _quoted_json(value: object) -> str:
    try:
        return _quoted(json.dumps(value).encode())
    except RecursionError:  # what was just deep enough to be read may be too deep to be written
        return f"a {type(value).__name__} that is nested too deeply"
