"""What may stand on either side of a comparison beside extractors: stored records."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

from harness.comparison.measure import NOT_STORED, STORED
from harness.corpus import CaptureRef, Corpus
from harness.errors import HarnessError
from harness.extraction import Extractor
from harness.model import Capture, Failure, Outcome
from harness.peers import MODULES
from harness.stored import read_stored

_ENDINGS = (".json", ".jsonl", ".json.gz", ".jsonl.gz")


def is_stored(spelled: str) -> bool:
    """Whether a side is a file of stored records and no extractor's name.

    Raises HarnessError when it can be nothing else, and is not there.
    """
    if not spelled.endswith(_ENDINGS):
        return False
    if not os.path.isfile(spelled):
        raise HarnessError(f"no file {spelled}; a side is an extractor, or a file of its records")
    return True


def stored_side(path: Path, corpus: Corpus, refs: Sequence[CaptureRef]) -> Extractor:
    """The records of a file as an extractor that gives them; what it lacks is not compared.

    Raises HarnessError as :func:`harness.stored.read_stored`.
    """

    def urls() -> dict[str, str | None]:
        return {ref.id: corpus.load(ref).capture.url for ref in refs}

    found = read_stored(path, [ref.id for ref in refs], urls).outcomes
    missing = Outcome(None, Failure(NOT_STORED, f"{path.name} holds nothing of it"))

    def stored(capture: Capture) -> Outcome:
        return found.get(capture.id, missing)

    name = path.name.partition(".")[0]
    return Extractor(name, stored, ("*",), {}, f"{STORED}{path}", label=path.name)


def release(extractor: Extractor) -> str:
    """The release of the library that a peer calls in this Python; "" for any other extractor."""
    top = MODULES.get(extractor.name, "").partition(".")[0]
    if not top or not extractor.origin.startswith("harness.peers:") or "==" in extractor.label:
        return ""
    try:
        return " ".join(version(name) for name in packages_distributions().get(top, [])[:1])
    except PackageNotFoundError:
        return ""
