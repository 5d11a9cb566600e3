"""Pages for results that have none: what is shown beside a made-up change."""

from __future__ import annotations

import hashlib
from html import escape

from harness.model import Capture, CaseResult
from harness.records import leaves


def likely_capture(result: CaseResult) -> Capture:
    """A page that both records of a result could be of."""
    texts: dict[str, str] = {}
    for record in (result.accepted, result.record):
        for path, text in leaves(dict(record or {})):
            texts.setdefault(text, path)
    lines = "\n".join(
        f"<{tag}>{escape(text)}</{tag}>"
        for text, path in texts.items()
        for tag in ["h1" if path == "title" else "p"]
    )
    site, _, name = result.capture.partition("/")
    page = f"<!doctype html><title>{site}</title><nav>{site} News Sport</nav><main>{lines}</main>"
    body = page.encode()
    digest = hashlib.sha256(body).hexdigest()
    return Capture(site, name, body, "text/html", charset="utf-8", sha256=digest)
