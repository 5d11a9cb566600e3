"""``harness review`` as a server: the drift report as a page that writes. Needs the extra `review`.

Under ``/TOKEN/``: ``GET`` the page; ``GET api/state?since=N``; ``POST api/decide``, ``api/undo``;
``GET api/article/ANCHOR`` a case's article, made when asked for; ``GET capture/ANCHOR`` its capture
as a document in a sandbox. Cases are looked up by their anchor in the run: no path of a request
ever becomes the path of a file. :mod:`harness.review.guard` says who may ask.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from harness.changes import Change
from harness.errors import HarnessError
from harness.model import CaseResult, Run
from harness.report import html
from harness.report.cases import Report
from harness.report.evidence import Evidence, differing
from harness.report.rendered import rendered
from harness.review.answers import Applied, Refused
from harness.review.apply import Review
from harness.review.decisions import Decision, of_row
from harness.review.guard import App, Guard, Hosts, TooLargeError
from harness.review.standing import Standing, Standings

SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
    " frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
# Aligning a page takes up to a second; reviewers go back and forth between a few.
ARTICLES_KEPT = 200
# Pages are aligned in Python: more threads than this only take turns.
AT_ONCE = 2
NAME_CHARS = 200


class MistakeError(Exception):
    """A request that cannot be answered: its status, and why, in one line."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass
class Service:
    """What the server answers, without a word of HTTP. Safe to use from several threads."""

    run: Run
    review: Review
    look: Callable[[CaseResult], Evidence]
    by: str
    token: str
    extras: html.Extras = field(default_factory=html.Extras)
    _kept: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))
    _paging: threading.Lock = field(default_factory=threading.Lock)
    _standing: threading.Lock = field(default_factory=threading.Lock)
    _page: bytes = b""

    @cached_property
    def report(self) -> Report:
        return html.prepare(self.run)

    @cached_property
    def standings(self) -> Standings:
        return Standings(self.review, self.report.changes)

    @cached_property
    def _changes(self) -> Mapping[tuple[str, str, str, str], list[Change]]:
        found: dict[tuple[str, str, str, str], list[Change]] = {}
        for each in self.report.changes:
            found.setdefault((each.case, each.field, each.old, each.new), []).append(each)
        return found

    def page(self) -> bytes:
        """The page, made once."""
        with self._paging:
            if not self._page:
                text = html.page(
                    self.report,
                    self.look,
                    mode="review",
                    title="Review",
                    token=self.token,
                    extras=self.extras,
                )
                self._page = text.encode("utf-8")
            return self._page

    def article(self, anchor: str) -> str | None:
        """A case's article, None for no such case; the last few are kept."""
        return self._made(f"article {anchor}", lambda: html.article(self.report, anchor, self.look))

    def capture(self, anchor: str) -> str | None:
        """A case's capture as a harmless document, None where there is no such case.

        Raises HarnessError for a capture that cannot be read, and for one that is no HTML.
        """
        case = self.report.case(anchor)
        if case is None:
            return None

        def make() -> str:
            found = rendered(self.look(case.result), differing(case.result))
            if found is None:
                raise HarnessError(f"{case.result.id}: this capture is no HTML; see its lines")
            return found

        return self._made(f"capture {anchor}", make)

    def _made(self, key: str, make: Callable[[], str | None]) -> str | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with self._slots:
            made = make()
        if made is not None:
            with self._lock:
                self._kept[key] = made
                while len(self._kept) > ARTICLES_KEPT:
                    self._kept.popitem(last=False)
        return made

    def state(self, since: int) -> dict[str, Any]:
        """What is decided, where that changed after a version."""
        with self._standing:
            version, found = self.standings.since(since)
        return {"version": version, "by": self.by, "decisions": [_standing(e) for e in found]}

    def decide(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Applies the decisions of a request. Raises MistakeError, HarnessError."""
        rows = body.get("decisions")
        if not isinstance(rows, list):
            raise MistakeError(400, "'decisions' is a list")
        by = _name(body.get("by")) or self.by
        trust = body.get("trust")
        said = {"by": by, "trust": trust if isinstance(trust, str) else ""}
        try:
            decisions = [of_row(row, f"decisions[{i}]", **said) for i, row in enumerate(rows)]
        except HarnessError as error:
            raise MistakeError(400, str(error)) from None
        refused = [Refused(d, why) for d in decisions if (why := self._objection(d, decisions))]
        out = {each.decision for each in refused}
        answer = self.review.decide([each for each in decisions if each not in out], by)
        return {
            "version": answer.version,
            "applied": [_applied(each) for each in answer.applied],
            "refused": [_refused(each) for each in (*refused, *answer.refused)],
        }

    def _objection(self, decision: Decision, together: list[Decision]) -> str:
        """Why a decision is none of this review's; "" where it is."""
        seen = decision.case, decision.field, decision.old, decision.new
        found = [c for c in self._changes.get(seen, ()) if decision.category in ("", c.category)]
        if not found:
            return f"{decision.case}: this run has no such change; load the page again"
        alone = next((each.alone for each in found if each.alone), "")
        if alone and decision.decision != "reject" and len(together) > 1:
            return f"{decision.case}: {alone}; decide it on its own"
        return ""

    def undo(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Takes back the last steps of whoever asks. Raises MistakeError, HarnessError."""
        steps = body.get("steps", 1)
        if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= 1000:
            raise MistakeError(400, "'steps' is a number from 1 to 1000")
        answer = self.review.undo(_name(body.get("by")) or self.by, steps)
        return {
            "version": answer.version,
            "undone": [_applied(each) for each in answer.applied],
            "refused": [_refused(each) for each in answer.refused],
        }


def application(service: Service, hosts: Hosts) -> App:
    """The service over HTTP, behind its guard."""

    async def page(_: Request) -> Response:
        made = await run_in_threadpool(service.page)
        policy = html.policy("review")
        return HTMLResponse(made, headers={"Content-Security-Policy": policy})

    async def state(request: Request) -> Response:
        since = request.query_params.get("since", "0")
        if not (since.isascii() and since.isdigit() and len(since) < 16):
            raise MistakeError(400, "'since' is a number")
        return JSONResponse(await run_in_threadpool(service.state, int(since)))

    async def decide(request: Request) -> Response:
        body = await _body(request)
        return JSONResponse(await run_in_threadpool(service.decide, body))

    async def undo(request: Request) -> Response:
        body = await _body(request)
        return JSONResponse(await run_in_threadpool(service.undo, body))

    async def article(request: Request) -> Response:
        made = await run_in_threadpool(service.article, request.path_params["anchor"])
        return _found(made)

    async def capture(request: Request) -> Response:
        made = await run_in_threadpool(service.capture, request.path_params["anchor"])
        response = _found(made)
        response.headers["Content-Security-Policy"] = SANDBOX
        return response

    app = Starlette(
        routes=[
            Route("/", page),
            Route("/api/state", state),
            Route("/api/decide", decide, methods=["POST"]),
            Route("/api/undo", undo, methods=["POST"]),
            Route("/api/article/{anchor}", article),
            Route("/capture/{anchor}", capture),
        ],
        exception_handlers={
            MistakeError: _mistake,
            HarnessError: _refusal,
            TooLargeError: _too_large,
            404: _not_found,
        },
    )
    app.router.redirect_slashes = False
    return Guard(app, service.token, hosts)


async def _body(request: Request) -> Mapping[str, Any]:
    try:
        tree = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise MistakeError(400, "the request is not valid JSON") from None
    if not isinstance(tree, dict):
        raise MistakeError(400, "the request is no JSON object")
    return tree


def _found(made: str | None) -> Response:
    if made is None:
        raise MistakeError(404, "this run has no such case; load the page again")
    return HTMLResponse(made)


def _mistake(_: Request, error: Exception) -> Response:
    status = error.status if isinstance(error, MistakeError) else 400
    return JSONResponse({"why": str(error)}, status)


def _refusal(_: Request, error: Exception) -> Response:
    return JSONResponse({"why": str(error)}, 409)


def _too_large(_: Request, __: Exception) -> Response:
    return JSONResponse({"why": "the request is too large; send fewer decisions at once"}, 413)


def _not_found(_: Request, __: Exception) -> Response:
    return JSONResponse({"why": "not found"}, 404)


def _name(value: object) -> str:
    """A reviewer's name as one short line; "" for none."""
    return " ".join(value.split())[:NAME_CHARS] if isinstance(value, str) else ""


def _row(decision: Decision) -> dict[str, Any]:
    return {
        "case": decision.case,
        "field": decision.field,
        "category": decision.category,
        "decision": decision.decision,
        "old": decision.old,
        "new": decision.new,
        "by": decision.by,
    }


def _applied(each: Applied) -> dict[str, Any]:
    return {**_row(each.decision), "state": each.state, "note": each.note}


def _refused(each: Refused) -> dict[str, Any]:
    return {**_row(each.decision), "why": each.why}


def _standing(each: Standing) -> dict[str, Any]:
    change = each.change
    return {
        "case": change.case,
        "field": change.field,
        "category": change.category,
        "what": change.what,
        "old": change.old,
        "new": change.new,
        "decision": each.decision,
        "state": each.state,
        "by": each.by,
        "at": each.at,
        "note": "",
    }
