"""Capture → record or failure, never a crash of the caller."""

from harness.extraction.contract import Extractor, extractor
from harness.extraction.inprocess import extract

__all__ = ["Extractor", "extract", "extractor"]
