"""A parsed page drawn anew as harmless markup, from nothing but its visible lines and structure.

Nothing of the page's source is copied. Every tag in the result is one of :data:`KEPT`, every
attribute is written here, and texts and attributes are escaped. So scripts, styles, forms, frames,
drawings and addresses that a browser would fetch cannot be in it, whatever the page holds.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from harness.report.markup import CELLS, attribute, escaped, language, numbers
from harness.text import collapse
from harness.visible import BLOCKS, is_hidden

# What an element of the page becomes. Others are left out and their text stays: `div` and its like
# only end lines, which is done with <br>.
KEPT = {
    **{
        name: name
        for name in """h1 h2 h3 h4 h5 h6 p blockquote pre ul ol li dl dt dd figure figcaption nav
        aside footer table caption thead tbody tfoot tr td th b strong i em u s small sub sup code
        kbd samp var cite q dfn bdi ruby rt rp""".split()
    },
    "menu": "ul",
    "dir": "ul",
    "del": "s",
    "strike": "s",
    "ins": "u",
    "tt": "code",
}
_ROWS = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
_PARTS = frozenset({"caption", "thead", "tbody", "tfoot", "tr", "td", "th"})
_BOXES = {"img": "image", "video": "video", "audio": "audio", "iframe": "frame"}

# Browsers give up on 512; without elements that show nothing, real pages nest 20 deep.
DEEPEST = 40
BOXES = 300
_FILLERS = 100
_SPACES = " \t\n\r\f"
_PLAIN_SPACE = str.maketrans("\r\f", "  ")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a line to be wrapped: in ``first`` where the wrapping begins, else ``rest``."""

    start: int
    end: int
    first: str
    rest: str
    close: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be drawn of a page.

    ``shown[i]`` tells whether visible line ``i`` is. ``spans`` are the sorted, disjoint marks of a
    line; ``windows`` the sorted, disjoint stretches that are kept of a very long one. Where
    tags and boxes took ``tags`` characters, only texts, marks and ends of lines follow; where all
    took ``most``, nothing.
    """

    shown: Sequence[bool | int]
    spans: Mapping[int, Sequence[Span]]
    windows: Mapping[int, Sequence[tuple[int, int]]]
    tags: int
    most: int


def draw(root: LexborNode, plan: Plan) -> tuple[str, int]:
    """The page below ``root`` as markup, and how many of its visible lines are not in it."""
    drawing = _Drawing(plan)
    drawing.page(root)
    return "".join(drawing.out), drawing.lines_left


@dataclass(slots=True)
class _Frame:
    """An element that is being walked through. ``tag`` is what it became, "" for nothing.

    ``pending`` is where its opening tag stands among those not yet written; ``flushed`` how often
    those had been written when it came, which tells whether its own was.
    """

    node: LexborNode
    block: bool
    tag: str
    pending: int
    flushed: int
    around: str


class _Drawing:
    """One walk through a page, line by line as ``visible.visible_lines`` has them.

    An opening tag waits until there is a text to show in it, so that what is left out leaves no
    empty elements.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.out: list[str] = []
        self._size = 0
        self._tags = 0
        self._pending: list[tuple[str, bool]] = []
        self._flushed = 0
        self._inner = ""  # the tag of the innermost element that is drawn
        self._depth = 0
        self._boxes = 0
        # The line: its number, how many of its characters came, and what stands before its text.
        self._line = 0
        self._at = 0
        self._held = ""
        self._has_text = False
        self._spaced = True
        self._started = False
        # Whether what follows begins on a new line anyway, and how many ends of line came.
        self._fresh = True
        self._ends = 0
        self._pre = 0
        self._gap = 0
        self.lines_left = 0

    def page(self, root: LexborNode) -> None:
        """Walks without recursion: pages nest deeply."""
        frames: list[_Frame] = []
        node: LexborNode | None = root
        while node is not None:
            child = None
            if node.is_text_node:
                self._text(node.text_content or "")
            elif node.is_element_node:
                if is_hidden(node):
                    if node.tag in BLOCKS:
                        self._end_line()
                    self._hidden(node)
                else:
                    frame = self._enter(node, root=not frames)
                    child = node.first_child
                    if child is not None:
                        frames.append(frame)
                        node = child
                        continue
                    self._leave(frame)
            if not frames:
                break
            node = node.next
            while node is None and frames:
                frame = frames.pop()
                self._leave(frame)
                # Beside the root nothing is the page's.
                node = frame.node.next if frames else None
        self._end_line()
        self._tell_gap()

    # --- elements ---------------------------------------------------------------------------------

    def _enter(self, node: LexborNode, *, root: bool) -> _Frame:
        name = node.tag or ""
        block = name in BLOCKS
        if block:
            self._end_line()
            self._ends += name == "br"
            self._pre += name == "pre"
        frame = _Frame(node, block, "", len(self._pending), self._flushed, self._inner)
        if name in _BOXES:
            self._box(node, name)
        elif name == "hr":
            if self._is_near() and not self._is_full() and self.out:
                self._open(new_line=True)
                self._write_tag("<hr>")
                self._fresh = True
        elif not root:
            self._begin(frame, name)
        return frame

    def _begin(self, frame: _Frame, name: str) -> None:
        """Puts an element's opening tag among those that wait."""
        kept = KEPT.get(name, "")
        node = frame.node
        if name in _PARTS:
            # Outside of a table browsers drop these; inside, a row without them loses its texts.
            if self._inner not in _ROWS:
                return
        elif self._depth >= DEEPEST or self._is_full():
            return
        given = language(node)
        if name == "a" and node.attrs and "href" in node.attrs:
            address = attribute(node.attrs["href"] or "")
            kept, given = "span", f"{given} class=a title={address}"
        elif given and not kept and name != "body":
            kept = "div" if frame.block and name not in ("br", "caption") else "span"
        elif given and name == "body":
            kept = "div"
        elif name in CELLS or name in ("ol", "li"):
            given += numbers(node, name)
        if kept:
            frame.tag = self._inner = kept
            self._depth += 1
            self._pending.append((f"<{kept}{given}>", frame.block))

    def _leave(self, frame: _Frame) -> None:
        if frame.block:
            self._end_line()
            self._pre -= frame.node.tag == "pre"
        if not frame.tag:
            return
        self._inner = frame.around
        self._depth -= 1
        if frame.flushed == self._flushed:
            waiting = self._pending[frame.pending][0]
            del self._pending[frame.pending :]
            if frame.tag in CELLS and len(self._pending) < _FILLERS:
                # An empty cell keeps its neighbours in their columns.
                self._pending.append((f"{waiting}</{frame.tag}>", True))
            return
        self._pending.clear()
        self._write_tag(f"</{frame.tag}>")
        if frame.block:
            self._fresh = True

    def _hidden(self, node: LexborNode) -> None:
        """A film or a frame has no text, and yet a reader sees that it is there."""
        if node.tag in _BOXES and node.tag != "img":
            attributes = node.attrs
            style = attributes.get("style")
            if "hidden" not in attributes and not (style and "none" in style):
                self._box(node, node.tag)

    def _box(self, node: LexborNode, name: str) -> None:
        """A picture as a box with its text; one whose text is empty is decoration (HTML 4.8.4)."""
        if self._boxes >= BOXES or self._is_full() or not self._is_near():
            return
        attributes = node.attrs
        size = [attributes[key] for key in ("width", "height") if key in attributes]
        alt = (attributes.get("alt") or "").strip()
        if ("alt" in attributes and not alt) or any(value in ("0", "1") for value in size):
            return
        self._boxes += 1
        self._open(new_line=not self._started)
        self._started = True
        said = f"{_BOXES[name]}: {alt}" if alt else _BOXES[name]
        self._write_tag(f"<i class=b data-b={attribute(said)}></i>")
        self._fresh = False

    # --- lines ------------------------------------------------------------------------------------

    def _end_line(self) -> None:
        if self._has_text:
            self._line += 1
            self._has_text = False
        self._at = 0
        self._held = ""
        self._spaced = True
        self._started = False

    def _text(self, text: str) -> None:
        if self._pre and "\n" in text:
            first, *rest = text.split("\n")
            self._part(first)
            for part in rest:
                self._end_line()
                self._ends += 1
                self._part(part)
        else:
            self._part(text)

    def _part(self, text: str) -> None:
        """A part of a line, in the form that ``collapse`` gives the whole line."""
        plan = self._plan
        n = self._line
        if self._pre and n not in plan.spans and n not in plan.windows:
            text = text.translate(_PLAIN_SPACE)
        else:
            text = self._collapsed(text)
        if not self._has_text:
            # Whether white space is a line is known when its text comes.
            text = self._held + text
            if not text.strip():
                self._held = text
                return
            self._has_text = True
            if not self._is_shown(n):
                self._gap += 1
                self.lines_left += 1
        start = self._at
        self._at = start + len(text)
        if not text or not self._is_shown(n):
            return
        if not text.strip(_SPACES):
            self._write(text)
            return
        pieces = self._pieces(n, text, start)
        if pieces:
            self._open(new_line=not self._started)
            self._started = True
            self._fresh = False
            for piece in pieces:
                self._write(piece)

    def _collapsed(self, text: str) -> str:
        core = collapse(text)
        if not core:
            core = " " if text and not self._spaced else ""
        else:
            if text[0] in _SPACES and not self._spaced:
                core = " " + core
            if text[-1] in _SPACES:
                core += " "
        if core:
            self._spaced = core[-1] == " "
        return core

    def _pieces(self, n: int, text: str, start: int) -> list[str]:
        """A text that stands at ``start`` of line ``n`` as markup, with marks and gaps."""
        spans = self._plan.spans.get(n, ())
        windows = self._plan.windows.get(n)
        end = start + len(text)
        if not spans and windows is None:
            return [escaped(text)]
        pieces: list[str] = []
        for low, high in ((start, end),) if windows is None else _clipped(windows, start, end):
            if low >= high:
                pieces.append(f"<i class=gap>{low - high:,} characters left out</i>")
                continue
            position = low
            for i in range(bisect_right(spans, low, key=_end_of), len(spans)):
                span = spans[i]
                if span.start >= high:
                    break
                a, b = max(span.start, low), min(span.end, high)
                pieces.append(escaped(text[position - start : a - start]))
                said = span.first if a == span.start else span.rest
                pieces.append(f"{said}{escaped(text[a - start : b - start])}{span.close}")
                position = b
            pieces.append(escaped(text[position - start : high - start]))
        return pieces

    def _is_shown(self, n: int) -> bool:
        return n < len(self._plan.shown) and bool(self._plan.shown[n]) and not self._is_over()

    def _is_near(self) -> bool:
        """Whether a line beside this place is shown."""
        shown, n = self._plan.shown, self._line
        return any(shown[max(0, n - 1) : n + 1])

    def _is_full(self) -> bool:
        return self._tags > self._plan.tags

    def _is_over(self) -> bool:
        return self._size > self._plan.most

    # --- writing ----------------------------------------------------------------------------------

    def _write(self, text: str) -> None:
        if text:
            self.out.append(text)
            self._size += len(text)

    def _write_tag(self, text: str) -> None:
        self._tags += len(text)
        self._write(text)

    def _open(self, *, new_line: bool) -> None:
        """Writes the opening tags that wait, after the end of the line before."""
        if new_line and not self._fresh and not any(block for _, block in self._pending):
            self._write(("\n" if self._inner == "pre" else "<br>") * max(1, min(self._ends, 2)))
        self._ends = 0
        if self._pending:
            self._write_tag("".join(text for text, _ in self._pending))
            self._fresh |= any(block for _, block in self._pending)
            self._pending.clear()
            self._flushed += 1
        self._tell_gap()

    def _tell_gap(self) -> None:
        if self._gap:
            lines = "1 line" if self._gap == 1 else f"{self._gap:,} lines"
            self._write(f"<span class=gap>{lines} left out</span>")
            self._gap = 0
            self._fresh = True


def _clipped(windows: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """What of [start, end) is kept, as (from, to); (to, from) for each gap that begins there."""
    found: list[tuple[int, int]] = []
    i = max(0, bisect_right(windows, (start, start)) - 1)
    before = 0 if i == 0 else windows[i - 1][1]
    for low, high in windows[i:]:
        if before >= end:
            break
        if low > before >= start:
            found.append((low, before))
        if max(low, start) < min(high, end):
            found.append((max(low, start), min(high, end)))
        before = high
    return found


def _end_of(span: Span) -> int:
    return span.end
