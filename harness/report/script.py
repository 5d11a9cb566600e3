"""The script of the drift report: files in ``templates/review``, joined into one function.

Each file is a plain script, so that names of one are known in all; wrapped in a function, none of
them is the page's. Nothing is compiled, and nothing comes from anywhere else.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

FILES = (
    "dom",
    "index",
    "route",
    "filters",
    "decisions",
    "server",
    "list",
    "articles",
    "detail",
    "dialogs",
    "keys",
    "bulk",
    "desk",
    "decider",
    "main",
    "overview",
)
"""In the order of what needs what when it is read."""


@cache
def script() -> str:
    """What stands between ``<script>`` and ``</script>``: not to be changed by a single character,
    or :func:`source` names another text."""
    folder = files("harness.report") / "templates" / "review"
    parts = [(folder / f"{name}.js").read_text("utf-8") for name in FILES]
    return '\n(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


@cache
def source() -> str:
    """The script as a content policy names it: ``'sha256-…'``, quotes included."""
    digest = hashlib.sha256(script().encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
