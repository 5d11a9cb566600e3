"""A regression-test harness for the code that turns web pages into records.

What an extractor needs is here; everything else is reached through the command ``harness``, the
pytest plugin, or the submodules.
"""

from harness.errors import HarnessError
from harness.extraction import Extractor, extractor
from harness.model import Capture, Timestamp
from harness.page import Node, Page, fragment
from harness.timestamps import (
    Glued,
    candidates,
    compatible,
    front_end_of,
    instant,
    parse,
    split_glued,
)
from harness.visible import Line

__version__ = "0.1.0"

__all__ = [
    "Capture",
    "Extractor",
    "Glued",
    "HarnessError",
    "Line",
    "Node",
    "Page",
    "Timestamp",
    "__version__",
    "candidates",
    "compatible",
    "extractor",
    "fragment",
    "front_end_of",
    "instant",
    "parse",
    "split_glued",
]
