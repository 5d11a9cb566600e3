"""``harness review``: the drift report as a page, or a terminal, that writes what is decided."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from harness.changes import changes
from harness.commands import CLEAN, DRIFT, MISTAKE, common
from harness.config import Config
from harness.engine import chosen_by
from harness.errors import HarnessError
from harness.model import Run
from harness.report import saved
from harness.report.words import count, sentence
from harness.review.apply import Review
from harness.review.disk import Disk
from harness.review.guard import Hosts, is_loopback
from harness.review.standing import Standings, outdated
from harness.wiring import assemble, in_ci, ready

if TYPE_CHECKING:
    from harness.review.guard import App

HOST, PORT = "127.0.0.1", 8321
# Other reviews on this machine have the first ones.
PORTS_TRIED = 20
# For answers that are being made when Ctrl-C comes; what they write is whole either way.
LAST_SECONDS = 3


@click.command(epilog="Example: harness review daily8")
@common.captures
@common.extractors
@click.option("--check", "again", is_flag=True, help="Run the check first, whatever was saved.")
@click.option("--terminal", is_flag=True, help="Review in this terminal, with the same keys.")
@click.option("--by", help="Who decides (default: git's user.name).")
@click.option("--host", default=HOST, show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"The port to listen on (default: {PORT} or the next one that is free).",
)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
def command(
    captures: tuple[str, ...],
    extractors: tuple[str, ...],
    again: bool,
    terminal: bool,
    by: str | None,
    host: str,
    port: int | None,
    no_open: bool,
) -> int:
    """Review what drifted: accept and reject, by change, capture or whole cluster.

    Serves the drift report as a page on this machine, whose decisions are written at once, or asks
    in this terminal. Reviews the last run, where its output still waits as it left it, else checks
    first. CAPTURES choose what to review, as for `harness check`.

    Exits with 0 when all that drifted was accepted, else with 1.
    """
    config = common.project()
    serve = None if terminal else _server_modules()
    run = _run(config, captures, extractors, again)
    if run.interrupted:
        common.say("harness: interrupted before the review")
        return MISTAKE
    if not changes(run):
        click.echo(f"nothing to review: {sentence(run)}")
        return CLEAN
    who = by or common.person()
    review = Review.of(config)
    _note_broken(review)
    if in_ci():
        common.say("note: reviewing in CI; commit the snapshots or they are lost")
    if serve is None:
        from harness.review.terminal import review as in_terminal

        in_terminal(run, config, who)
    else:
        # Ctrl-C is how it ends, also before the server listens to it and after it has shut down.
        with contextlib.suppress(KeyboardInterrupt):
            serve(config, run, review, who, host, port, not no_open)
    return _summary(Standings(review, changes(run)))


def _summary(standings: Standings) -> int:
    accepted, rejected, open_ = standings.counts()
    click.echo(f"{accepted:,} accepted, {rejected:,} rejected, {open_:,} open")
    return CLEAN if not (rejected or open_) else DRIFT


def _note_broken(review: Review) -> None:
    review.journal.entries()
    if broken := review.journal.broken:
        common.say(
            f"note: line {broken[0]} of {review.journal.path} cannot be read and is left out"
            + (f", and {len(broken) - 1} more" if len(broken) > 1 else "")
        )


# --- which run ------------------------------------------------------------------------------------


def _run(
    config: Config, captures: tuple[str, ...], extractors: tuple[str, ...], again: bool
) -> Run:
    """The last run, of the chosen captures, where it is what lies on disk; else one made now."""
    run = None if again else _saved(config, captures, extractors)
    if run is not None:
        why = outdated(run, Disk.of(config))
        if not why:
            return run
        common.say(f"note: checking first: {why}")
    engine = common.closed_at_end(assemble(config, mode="pending"))
    cases = ready(common.planned(engine, captures, extractors))
    with common.progress("checking", len(cases), "full", 200) as done:
        run = engine.run(cases, done)
    if captures or extractors:
        # What a partial run did not look at is not left over.
        run = replace(run, orphans=())
    run = replace(run, command="harness review")
    if not run.interrupted:
        saved.save(run, config.run_file)
    return run


def _saved(config: Config, captures: tuple[str, ...], extractors: tuple[str, ...]) -> Run | None:
    """The saved run of the chosen captures; None where there is none, or one that lacks some."""
    try:
        run = saved.load(config.run_file)
    except HarnessError:  # of no or of a broken file: a check makes a new one
        return None
    # What passed then says nothing of the code of now; what drifted still waits.
    if run.interrupted or not run.drifted:
        return None
    results = [each for each in run.results if not extractors or each.extractor in extractors]
    if captures:
        known = [(each.extractor, each.capture) for each in results]
        hits = [chosen_by(pattern, known) for pattern in captures]
        if not all(hits):
            return None
        wanted = {case for found in hits for case in found}
        results = [each for each in results if (each.extractor, each.capture) in wanted]
    if extractors and {each.extractor for each in results} != set(extractors):
        return None
    chosen = tuple(results)
    return run if len(chosen) == len(run.results) else replace(run, results=chosen, orphans=())


# --- the server -----------------------------------------------------------------------------------


def _server_modules() -> Any:
    """What serves a review. Raises HarnessError, naming the extra, where that is not installed."""
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise HarnessError(
            f"`harness review` needs {error.name}: pip install 'extraction-harness[review]';"
            " or use `harness review --terminal`"
        ) from None
    return _serve


def _serve(
    config: Config, run: Run, review: Review, by: str, host: str, port: int | None, browser: bool
) -> None:
    from harness.report.write import extras, looking
    from harness.review.server import Service, application

    token = secrets.token_urlsafe(24)
    service = Service(run, review, looking(config), by, token, extras(config))
    with _listening(host, port) as listening:
        if not is_loopback(host):
            common.say(
                f"warning: everybody who reaches {host} and has the address below can decide here,"
                " and it is sent in clear",
                fg="yellow",
            )
        shown = f"[{host}]" if ":" in host else host
        at = f"http://{shown}:{listening.getsockname()[1]}/{token}/"
        click.echo(f"review: {at}")
        common.say(f"{count(len(service.report.changes), 'change')} to decide; Ctrl-C ends it")
        # The page of a large run takes seconds, and is wanted as soon as a browser has started.
        threading.Thread(target=_prepare, args=(service,), daemon=True).start()
        if browser and _has_display(os.environ):
            webbrowser.open(at)
        _until_interrupted(application(service, Hosts.of(host)), listening)


def _prepare(service: Any) -> None:
    # Whoever asks for the page is told what is wrong with it.
    with contextlib.suppress(Exception):
        service.page()


def _until_interrupted(app: App, listening: socket.socket) -> None:
    import uvicorn

    server = uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="off",
            log_level="warning",
            access_log=False,  # it would print the token
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=LAST_SECONDS,
        )
    )
    server.run(sockets=[listening])


@contextlib.contextmanager
def _listening(host: str, port: int | None) -> Iterator[socket.socket]:
    """A bound socket. Raises HarnessError for a port that is taken and a host that is none."""
    tried = [port] if port is not None else [*range(PORT, PORT + PORTS_TRIED), 0]
    for number in tried:
        try:
            found = _bound(host, number)
        except socket.gaierror as error:
            raise HarnessError(f"--host {host}: {error.strerror}; use an address") from None
        except (OSError, OverflowError) as error:
            problem = getattr(error, "strerror", None) or str(error)
            if number != tried[-1]:
                continue
            raise HarnessError(
                f"cannot listen on {host}, port {number}: {problem}; choose another with --port,"
                " or leave it out"
            ) from None
        with found:
            yield found
        return


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there it lets two servers have one port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(128)
    except BaseException:  # no socket outlives a port that was taken
        made.close()
        raise
    return made


def _has_display(environ: Mapping[str, str]) -> bool:
    """Whether a browser would open before the person who typed the command."""
    if in_ci(environ) or not sys.stdout.isatty():
        return False
    if "SSH_CONNECTION" in environ:
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
