"""``harness review --terminal``: the review of a run in a terminal, with the keys of the page.

Works over ssh, needs no mouse, and draws on the alternate screen of standard output. What a key
does to the review is in ``model`` and ``state``, how that looks in ``screen``, ``body`` and
``page``, all without I/O; ``console`` reads keys and draws. Decisions are made by a :class:`Desk`
as soon as a key asks for them: what was decided is kept however the terminal ends.

Keys are read with the standard library, and texts laid out by rich, which is installed anyway. What
frameworks for terminals would add, windows, mice and widgets, is not needed for one screen of text.
"""

from __future__ import annotations

from harness.review.terminal.console import run
from harness.review.terminal.model import Answer, Desk, Known
from harness.review.terminal.project import review

__all__ = ["Answer", "Desk", "Known", "review", "run"]
