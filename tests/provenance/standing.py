"""What really stands at a place, read without any help from the code under test."""

from __future__ import annotations

import json
import re
from typing import Any

from harness.model import Capture
from harness.page import Page
from harness.provenance import Place

_STEP = re.compile(r'\.([^.\[]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


def page_of(markup: str, media_type: str = "text/html", **known: Any) -> Page:
    body = markup.encode("utf-8", "surrogatepass")
    return Page(Capture("site", "page-00000000", body, media_type, **known))


def standing(page: Page, place: Place) -> str | None:
    """The text at a place; None where there is nothing to read it from."""
    if place.kind == "parts":
        parts = [standing(page, part) for part in place.parts]
        return None if None in parts else "".join(part or "" for part in parts)
    whole = _whole(page, place)
    return None if whole is None else whole[place.start : place.end]


def _whole(page: Page, place: Place) -> str | None:
    if place.line is not None:
        return page.visible[place.line].text
    match place.kind:
        case "json-ld" | "json":
            wanted = place.kind == "json-ld"
            scripts = [
                node.raw_text
                for node in page.css("script[type*=json]")
                if ("ld+json" in (node.attr(None, "type") or "")) == wanted
            ]
            return str(_at(json.loads(scripts[place.script or 0]), place.path))
        case "data":
            return _at(page.data, place.path)
        case "meta":
            return page.attr(place.path, "content")
        case "title":
            return page.css("title")[0].raw_text
        case "time" | "attribute":
            selector, _, name = place.path.rpartition(" @")
            return page.attr(selector, name)
        case "url":
            return page.url
        case "header":
            return str(dict(page.capture.headers)[place.path])
        case "hidden":
            return page.css(place.path)[0].raw_text
        case "comment":
            number = int(re.findall(r"\d+", place.path)[0])
            return str(re.findall(r"<!--(.*?)-->", page.source, re.S)[number - 1])
        case "script":
            number = int(re.findall(r"\d+", place.path)[0])
            return page.css("script")[number - 1].raw_text
    return None


def _at(value: Any, path: str) -> str:
    for key, index, quoted in _STEP.findall(path):
        value = value[int(index)] if index else value[json.loads(quoted) if quoted else key]
    assert isinstance(value, str), path
    return value
