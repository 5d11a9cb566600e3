"""What can be wrong with a corpus that still loads, and with one that does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from harness import snapshots
from harness.corpus.store import CaptureRef, Corpus, Loaded
from harness.errors import HarnessError
from harness.files import is_slug
from harness.page import Page
from harness.records import leaves
from harness.snapshots import Snapshots
from harness.text import shorten


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend. ``check`` is its short name, ``where`` a file or folder."""

    check: str
    where: str
    message: str


# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
_LFS = b"version https://git-lfs.github.com/spec/"
_GZIP = b"\x1f\x8b"
# What is sent to log in must not be committed; set-cookie holds a session too.
SECRET_HEADERS = frozenset(
    "authorization cookie set-cookie proxy-authorization x-api-key x-auth-token x-csrf-token".split()
)
_SECRET_IN_URL = re.compile(
    r"^[a-z]+://[^/?#]*:[^/?#]*@|[?&](?:access_token|api_?key|auth|password|secret|session(?:id)?|sig(?:nature)?|token)=",
    re.I,
)
# Titles and sentences of pages that stand in for the one that was asked for, seen at the large
# providers (Cloudflare, Akamai, DataDome, PerimeterX, Google's and Yahoo's consent pages).
_BLOCKED = re.compile(
    r"just a moment\.\.\.|attention required! \| cloudflare|access denied|you have been blocked|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|enable javascript and cookies|"
    r"unusual traffic from your|pardon our interruption|request unsuccessful\. incapsula|"
    r"please complete the security check|captcha|too many requests|error 10(?:06|15|20)\b",
    re.I,
)
_CONSENT = re.compile(
    r"before you continue to|we value your privacy|accept all cookies|manage (?:your )?cookie|"
    r"your privacy (?:choices|matters)|consent to the use of cookies|"
    r"avant de (?:continuer|poursuivre)|bevor sie fortfahren|antes de continuar",
    re.I,
)
# A wall says little else. Real articles mention captchas and cookies too, at greater length.
_WALL_CHARS = 1_500


def lint(corpus: Corpus, accepted: Snapshots, now: datetime) -> Iterator[Problem]:
    """Every problem of the stored captures, their goldens and snapshots."""
    by_digest: dict[str, list[str]] = {}
    refs = corpus.refs()
    yield from _names(corpus)
    for ref in refs:
        folder = str(corpus.folder(ref))
        try:
            loaded = corpus.load(ref)
        except HarnessError as error:
            yield Problem("unreadable", folder, str(error))
            continue
        by_digest.setdefault(loaded.capture.sha256, []).append(ref.id)
        for check, message in _capture_problems(ref, loaded, now):
            yield Problem(check, folder, message)
    for ids in by_digest.values():
        if len(ids) > 1:
            first, *others = ids
            for other in others:
                yield Problem("duplicate", other, f"holds the same bytes as {first}; keep one")
    for name, capture in accepted.ids():
        try:
            if data := accepted.read(name, capture):
                snapshots.parse(data, accepted.path(name, capture))
        except HarnessError as error:
            yield Problem("unreadable", str(accepted.path(name, capture)), str(error))


def _names(corpus: Corpus) -> Iterator[Problem]:
    for site in _visible(corpus.root):
        if not site.is_dir():
            yield Problem("stray", str(site), "is no folder of a site; captures are site/capture")
            continue
        for capture in _visible(site):
            if not capture.is_dir():
                yield Problem("stray", str(capture), "is no capture; captures are folders")
            elif not is_slug(capture.name) or not is_slug(site.name):
                yield Problem(
                    "name",
                    str(capture),
                    "is not loaded: site and capture are lower-case ASCII letters, digits, - and _",
                )


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _capture_problems(ref: CaptureRef, loaded: Loaded, now: datetime) -> Iterator[tuple[str, str]]:
    capture = loaded.capture
    if not ref.name.endswith(f"-{capture.sha256[:8]}"):
        yield "name", f"should end in -{capture.sha256[:8]}, the start of its digest"
    if capture.body.startswith(_LFS):
        yield "lfs", "is a git-LFS pointer, not the page; run `git lfs pull`"
        return
    if capture.body.startswith(_GZIP):
        yield "compressed", "is stored compressed; store what a browser would parse"
        return
    if not capture.body.strip():
        yield "empty", "the page is empty"
        return
    source = Page(capture).source
    if "\0" in source:
        yield "binary", "holds NUL characters: is it an image, an archive, or in UTF-16 unsaid?"
    elif lost := source.count("\ufffd"):
        said = capture.charset or Page(capture).encoding
        yield "encoding", f"does not decode as {said}: {lost:,} characters are lost; set charset"
    for name, _ in capture.headers:
        if name.lower() in SECRET_HEADERS:
            yield "secret", f"header {name!r} may hold a secret; remove it from capture.json"
    if capture.url and _SECRET_IN_URL.search(capture.url):
        yield "secret", "the URL holds what looks like a credential; remove it from capture.json"
    if capture.captured_at and capture.captured_at > now + timedelta(days=1):
        yield "date", f"captured_at {capture.captured_at.isoformat()} is in the future"
    if capture.status is not None and capture.status >= 400:
        yield "blocked", f"was answered with status {capture.status}"
    if wall := wall_of(loaded):
        yield wall
    yield from _golden_problems(loaded)


def wall_of(loaded: Loaded) -> tuple[str, str] | None:
    """("blocked" or "consent", why) for a page that stands in for the wanted one, else None."""
    page = Page(loaded.capture)
    if not page.is_html:
        return None
    text = " ".join(line.text for line in page.visible)
    title = page.text("head title") or ""
    if len(text) > _WALL_CHARS:
        return None
    for check, pattern in (("blocked", _BLOCKED), ("consent", _CONSENT)):
        if match := pattern.search(f"{title}\n{text}"):
            return check, f"looks like a {check} page, not content: '{shorten(match[0])}'"
    return None


def _golden_problems(loaded: Loaded) -> Iterator[tuple[str, str]]:
    golden = loaded.golden
    if golden is None:
        return
    texts = list(leaves(dict(golden.fields)))
    for banned in golden.excludes:
        for path, text in texts:
            if banned in text:
                yield "golden", f"golden.json excludes '{shorten(banned)}', which its {path} holds"
