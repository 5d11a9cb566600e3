"""``harness capture``: a page into the corpus."""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import click

from harness.commands import CLEAN, common
from harness.corpus import Corpus, Loaded
from harness.corpus.fetch import fetch
from harness.corpus.lint import wall_of
from harness.corpus.store import EXTENSIONS, capture_name, media_type_of
from harness.decoding import is_charset
from harness.errors import HarnessError
from harness.files import is_slug, slugify
from harness.model import Capture
from harness.page import Page

# A slug shorter than this names nothing: "9" is what is left of an Arabic headline.
READABLE = 6


@click.command(epilog="Example: harness capture saved.html --site example_com --url https://…")
@click.argument("source")
@click.option("--site", required=True, help="The site's name: its folder, and its extractor's.")
@click.option("--name", help="What the page is; without it, its title. The digest is added.")
@click.option("--url", help="Where the page came from.")
@click.option("--captured-at", help="When, RFC 3339 with offset. A file's age does not say that.")
@click.option("--media-type", help="When ending and content do not tell.")
@click.option("--charset", help="When the page does not say, or lies.")
@click.option("--status", type=int, help="The response's status.")
@click.option("--origin", type=click.Choice(["real", "synthetic", "mutated"]), default="real")
@click.option("--rights", default="", help="Who owns the page, under what licence it is kept.")
@click.option("--note", default="", help="Why this page is worth keeping.")
@click.option("--ignore-robots", is_flag=True, help="Fetch what robots.txt disallows.")
def command(
    source: str,
    site: str,
    name: str | None,
    url: str | None,
    captured_at: str | None,
    media_type: str | None,
    charset: str | None,
    status: int | None,
    origin: str,
    rights: str,
    note: str,
    ignore_robots: bool,
) -> int:
    """Add a page to the corpus.

    SOURCE is a file, '-' for stdin, or a URL (with the `fetch` extra). The bytes are kept as they
    are; what is not known (URL, time) stays unknown.
    """
    if not is_slug(site):
        raise HarnessError(
            f"--site {site!r}: lower-case ASCII letters, digits, '-' and '_', at most 80"
        )
    if charset is not None and not is_charset(charset):
        raise HarnessError(f"--charset {charset!r} is unknown; without it, the charset is sniffed")
    config = common.project()
    corpus = Corpus(config.corpus)
    capture = _read(source, url, ignore_robots, media_type)
    if not capture.body:
        raise HarnessError(f"{'stdin' if source == '-' else source} is empty; nothing was captured")
    capture = replace(
        capture,
        site=site,
        charset=charset,
        status=capture.status if status is None else status,
        captured_at=_moment(captured_at) if captured_at else capture.captured_at,
        origin=origin,  # type: ignore[arg-type]  # click.Choice has checked it
        rights=rights,
        note=note,
    )
    if capture.media_type not in EXTENSIONS:
        known = ", ".join(EXTENSIONS)
        raise HarnessError(
            f"{source}: captures of type {capture.media_type!r} are not supported; if it is text,"
            f" say --media-type with one of {known}"
        )
    capture = replace(capture, name=capture_name(name or _label(capture), capture.sha256))
    config.corpus.mkdir(parents=True, exist_ok=True)
    for twin in corpus.refs():
        if twin.name[-9:] == capture.name[-9:] and corpus.digest(twin) == capture.sha256:
            click.echo(f"{twin.id} holds these bytes already")
            return CLEAN
    ref = corpus.add(capture)
    click.echo(f"captured {ref.id} ({len(capture.body):,} bytes, {capture.media_type})")
    if wall := wall_of(Loaded(capture, None)):
        common.say(f"note: {wall[1]}", fg="yellow")
    click.echo(f"next: harness extract {ref.id}", err=True)
    return CLEAN


def _read(source: str, url: str | None, ignore_robots: bool, media_type: str | None) -> Capture:
    if re.match(r"https?://", source):
        got = fetch(source, obey_robots=not ignore_robots)
        return Capture(
            site="",
            name="",
            body=got.body,
            media_type=media_type or got.media_type or media_type_of(got.url, got.body),
            url=url or got.url,
            captured_at=got.fetched_at,
            status=got.status,
            headers=got.headers,
            sha256=hashlib.sha256(got.body).hexdigest(),
        )
    try:
        body = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise HarnessError(f"cannot read {source}: {error.strerror}") from None
    return Capture(
        site="",
        name="",
        body=body,
        media_type=media_type or media_type_of(source, body),
        url=url,
        sha256=hashlib.sha256(body).hexdigest(),
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise HarnessError(f"--captured-at {text!r} is no RFC 3339 time") from None
    if moment.tzinfo is None:
        raise HarnessError(f"--captured-at {text!r} has no offset; add one, Z for UTC")
    return moment


def _label(capture: Capture) -> str:
    """What a page is about, for its name: its heading or title, first line, or URL."""
    page = Page(capture)
    if page.is_html:
        label = page.text("h1") or page.text("head title")
    elif page.is_json or page.is_xml:
        label = None
    else:
        label = next((line.text for line in page.visible if len(line.text) > 10), None)
    path = urlsplit(capture.url or "").path.strip("/").rpartition("/")[2]
    # A title in another script leaves no slug to know the page by; its URL may.
    known = [text[:60] for text in (label, path) if text and len(slugify(text[:60])) >= READABLE]
    return known[0] if known else (label or path or "page")[:60]
