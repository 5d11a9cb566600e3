"""Captures as folders: ``corpus/<site>/<capture>/`` with ``page.<ext>`` and ``capture.json``."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, cast

import msgspec

from harness import records
from harness.decoding import is_charset
from harness.errors import CorpusError
from harness.files import is_slug, read_whole, slugify, write_atomic
from harness.goldens import parse_golden, write_golden
from harness.model import Capture, Golden, Headers, Tree, Waiver
from harness.waivers import NAME as WAIVERS
from harness.waivers import parse_waivers, write_waivers

EXTENSIONS = {
    "text/plain": "txt",
    "text/html": "html",
    "application/xhtml+xml": "xhtml",
    "application/json": "json",
    "application/ld+json": "json",
    "application/feed+json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
    "application/rss+xml": "xml",
    "application/atom+xml": "xml",
}
MEDIA_TYPES = {
    "txt": "text/plain",
    "text": "text/plain",
    "md": "text/plain",
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "application/xhtml+xml",
    "json": "application/json",
    "xml": "application/xml",
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
}


class _Meta(msgspec.Struct, forbid_unknown_fields=True):
    """The keys of ``capture.json``, in the order they are written."""

    url: str | None
    captured_at: str | None
    media_type: str
    sha256: str
    charset: str | None = None
    status: int | None = None
    headers: list[tuple[str, str]] = []
    origin: Literal["real", "synthetic", "mutated"] = "real"
    rights: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, order=True)
class CaptureRef:
    """Where a capture is, without having read it."""

    site: str
    name: str

    @property
    def id(self) -> str:
        """``site/name``."""
        return f"{self.site}/{self.name}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A capture that was read and whose digest holds, with what people said of it."""

    capture: Capture
    golden: Golden | None
    waivers: tuple[Waiver, ...] = ()


class Corpus:
    """The captures under one folder.

    Nothing is cached: a file changed on disk is seen at the next load, and 50,000 captures cost no
    memory.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def refs(self) -> list[CaptureRef]:
        """Every capture, sorted. Names that are no slugs are left to ``harness lint``.

        Raises CorpusError when the folder does not exist or cannot be listed.
        """
        try:
            return [
                CaptureRef(site, name)
                for site in sorted(_folders(self.root))
                if is_slug(site)
                for name in sorted(_folders(self.root / site))
                if is_slug(name)
            ]
        except (FileNotFoundError, NotADirectoryError):
            raise CorpusError(
                f"no corpus at {self.root}; run `harness init`, or set `corpus` in the configuration"
            ) from None
        except OSError as error:
            raise CorpusError(f"cannot list {error.filename}: {error.strerror}") from None

    def folder(self, ref: CaptureRef) -> Path:
        """The folder of a capture, whether it exists or not."""
        return self.root / ref.site / ref.name

    def load(self, ref: CaptureRef) -> Loaded:
        """Reads a capture, its golden and its waivers, and checks its digest.

        Raises CorpusError, naming file and remedy, for anything that is not a whole capture, and
        SnapshotError for a golden or waivers that cannot be read.
        """
        if not (is_slug(ref.site) and is_slug(ref.name)):
            raise CorpusError(f"{ref.id!r} is no capture's name")
        folder = os.path.join(self.root, ref.site, ref.name)
        try:
            names = os.listdir(folder)
        except OSError as error:
            raise CorpusError(f"{folder}: {error.strerror}; is the capture's name right?") from None
        pages = [name for name in names if name.startswith("page.")]
        if len(pages) != 1:
            found = ", ".join(sorted(pages)) or "none"
            raise CorpusError(f"{folder}: exactly one page.<ext> is expected, found {found}")
        meta = self._meta(os.path.join(folder, "capture.json"))
        body = _read(os.path.join(folder, pages[0]))
        digest = hashlib.sha256(body).hexdigest()
        if digest != meta.sha256:
            raise CorpusError(
                f"{folder}: {pages[0]} has sha256 {digest}, capture.json says {meta.sha256}; restore"
                " the page from git (was its line ending converted?) or capture it again"
            )
        golden = None
        if "golden.json" in names:
            path = Path(folder, "golden.json")
            golden = parse_golden(_read(path), path)
        waivers: tuple[Waiver, ...] = ()
        if WAIVERS in names:
            path = Path(folder, WAIVERS)
            waivers = parse_waivers(_read(path), path)
        moment = _moment(meta.captured_at, folder)
        return Loaded(
            Capture(
                site=ref.site,
                name=ref.name,
                body=body,
                media_type=meta.media_type,
                url=meta.url,
                captured_at=moment,
                charset=_known_charset(meta.charset, folder),
                status=meta.status,
                headers=cast(Headers, tuple(map(tuple, meta.headers))),
                sha256=digest,
                origin=meta.origin,
                rights=meta.rights,
                note=meta.note,
            ),
            golden,
            waivers,
        )

    def digest(self, ref: CaptureRef) -> str:
        """The digest that ``capture.json`` states, unchecked."""
        return self._meta(str(self.folder(ref) / "capture.json")).sha256

    def _meta(self, path: str) -> _Meta:
        data = _read(path)
        try:
            # The standard library's reader: lone surrogates in a note are no reason to refuse a
            # page, and its errors name line and column.
            return msgspec.convert(json.loads(data), _Meta)
        except msgspec.ValidationError as error:
            problem = f"is not a capture's description: {error}"
        except UnicodeDecodeError:
            problem = "is not UTF-8"
        except (ValueError, RecursionError) as error:
            problem = f"is not valid JSON ({error})"
        raise CorpusError(f"{path} {problem}; mend it or restore it from git")

    def add(self, capture: Capture) -> CaptureRef:
        """Stores a new capture; its name and digest are taken as they are.

        The page is written before its description and goes again when that fails, so nothing half
        of a capture stays. Raises CorpusError when a capture of that name is there already with
        other bytes; the same bytes again change nothing.
        """
        ref = CaptureRef(capture.site, capture.name)
        folder = self.folder(ref)
        page = folder / f"page.{EXTENSIONS.get(capture.media_type, 'bin')}"
        if folder.exists() and any(folder.iterdir()):
            there = self.load(ref)
            if there.capture.sha256 == capture.sha256:
                return ref
            raise CorpusError(f"{folder} holds another capture; choose another --name")
        description: dict[str, Tree] = {
            "url": capture.url,
            "captured_at": capture.captured_at.isoformat() if capture.captured_at else None,
            "media_type": capture.media_type,
            "charset": capture.charset,
            "status": capture.status,
            "headers": [list(header) for header in capture.headers],
            "sha256": capture.sha256,
            "origin": capture.origin,
            "rights": capture.rights,
            "note": capture.note,
        }
        try:
            write_atomic(page, capture.body)
            write_atomic(folder / "capture.json", records.dumps(description).encode("utf-8"))
        except BaseException:  # Ctrl-C too: a page without its description blocks every retry
            with contextlib.suppress(OSError):
                page.unlink(missing_ok=True)
                folder.rmdir()
            raise
        return ref

    def write_golden(self, ref: CaptureRef, golden: Golden) -> Path:
        """Stores a capture's golden and returns its path."""
        path = self.folder(ref) / "golden.json"
        write_golden(path, golden)
        return path

    def write_waivers(self, ref: CaptureRef, waivers: Iterable[Waiver]) -> Path:
        """Stores a capture's waivers and returns their path."""
        path = self.folder(ref) / WAIVERS
        write_waivers(path, waivers)
        return path


def capture_name(label: str, digest: str) -> str:
    """A capture's folder name: a slug of ``label`` and the first 8 hex digits of its digest."""
    return f"{slugify(label, 71)}-{digest[:8]}"


def media_type_of(path: str, body: bytes) -> str:
    """The media type of a file: by its ending, else by its first bytes."""
    known = MEDIA_TYPES.get(Path(path).suffix.lstrip(".").lower())
    if known and known != "application/xml":
        return known
    # A UTF-16 mark and NULs hide the first letters of a feed; what is left is enough to see.
    head = body[:1000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"<rss" in head or b"<rdf:rdf" in head:
        return "application/rss+xml"
    if b"<feed" in head:
        return "application/atom+xml"
    if head.startswith(b"<?xml") and b"<html" not in head:
        return "application/xml"
    if head.startswith((b"{", b"[")):
        return "application/json"
    markup = (b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<meta", b"<title")
    if head.startswith(markup) or (head.startswith(b"<") and b"<html" in head):
        return "text/html"
    # No text holds NULs but UTF-16, which says so: an image or archive, which no extractor reads.
    is_binary = b"\0" in body[:1000] and not body.startswith((b"\xff\xfe", b"\xfe\xff"))
    return known or ("application/octet-stream" if is_binary else "text/plain")


def _folders(path: Path) -> Iterator[str]:
    with os.scandir(path) as entries:
        yield from (
            entry.name for entry in entries if not entry.name.startswith(".") and entry.is_dir()
        )


def _read(path: str | Path) -> bytes:
    try:
        return read_whole(path)
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror}; restore it from git") from None


def _moment(text: str | None, folder: str) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CorpusError(
            f"{folder}/capture.json: captured_at {text!r} is no RFC 3339 time; null means unknown"
        ) from None
    if moment.tzinfo is None:
        raise CorpusError(
            f"{folder}/capture.json: captured_at {text!r} has no offset; add one (Z for UTC) or null"
        )
    return moment


def _known_charset(name: str | None, folder: str) -> str | None:
    if name is not None and not is_charset(name):
        raise CorpusError(f"{folder}/capture.json: unknown charset {name!r}; null means sniff")
    return name
