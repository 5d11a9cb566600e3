"""The template engine of the HTML pages: everything escaped, what cannot be seen made visible."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.text import show_unseen


@cache
def environment() -> Environment:
    """The templates beside this module."""
    return Environment(
        loader=PackageLoader("harness.report"),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _visible(value: object) -> object:
    """Applied by Jinja to every expression before it escapes it; macros' Markup has been there."""
    return show_unseen(value) if isinstance(value, str) and not isinstance(value, Markup) else value
