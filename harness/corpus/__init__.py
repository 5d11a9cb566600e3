"""The golden corpus: captured pages on disk. The only reader and writer of ``corpus/``."""

from harness.corpus.store import CaptureRef, Corpus, Loaded

__all__ = ["CaptureRef", "Corpus", "Loaded"]
