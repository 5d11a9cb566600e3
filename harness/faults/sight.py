"""What a page offers to an extractor that goes wrong: furniture, captions, hidden text, links."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from harness.chrome import is_phrase
from harness.model import Capture
from harness.page import Node, Page
from harness.text import collapse, squash
from harness.visible import UNSEEN

# Of what can be leaked, so much is enough to draw from.
_MOST = 200
# Lines of another part of the page that could pass for an article.
_BLOCK_WORDS = 30
_FURNITURE = re.compile(
    r"^(?:nav|footer|aside|button|menu|dialog|form)$"
    r"|(?:^|[-_])(?:nav|navbar|navigation|menu|footer|share|sharing|social|newsletter|subscribe|"
    r"breadcrumbs?|sidebar|toolbar|promo|advert|ad|banner|cookie|widget)(?:$|[-_])",
    re.I,
)
_CAPTION = re.compile(r"^figcaption$|(?:^|[-_])captions?(?:$|[-_])", re.I)
_RELATED = re.compile(
    r"(?:^|[-_])(?:related|recommend\w*|most-?read|popular|trending|more-?stories|read-?more)"
    r"(?:$|[-_])|^aside$",
    re.I,
)
_COMMENT = re.compile(r"(?:^|[-_])(?:comments?|disqus|responses)(?:$|[-_])", re.I)
# The page's own frame: classes there speak of the page ("no-sidebar"), not of what stands in it.
_FRAME = frozenset({"html", "body", "main", "article"})
_QUIET = re.compile(r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text)(?:$|\s)")
_UPDATED = (
    'meta[property="article:modified_time"]',
    'meta[name="last-modified"]',
    'meta[itemprop="dateModified"]',
    'time[itemprop="dateModified"]',
)
_SEPARATORS = re.compile(r"\s(?:[|\-–—·•»:])\s")
_TIME_OF_DAY = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Found:
    """A text of the page and its line, None where it is no line that a reader sees."""

    text: str
    line: int | None = None


class Sight:
    """A page seen once for many operators. Everything is found on demand, and nothing raises."""

    def __init__(self, capture: Capture, page: Page | None = None) -> None:
        self.capture = capture
        self.page = page or Page(capture)

    @cached_property
    def lines(self) -> tuple[Found, ...]:
        """What a reader sees, in order."""
        return tuple(Found(line.text, i) for i, line in enumerate(self.page.visible))

    @cached_property
    def places(self) -> dict[str, int]:
        """The first line of each text, by the text without white space."""
        found: dict[str, int] = {}
        for line in self.lines:
            found.setdefault(squash(line.text), line.line or 0)
        return found

    @cached_property
    def furniture(self) -> tuple[Found, ...]:
        """Lines of menus, buttons and footers, and stock phrases."""
        inside = self._inside(_FURNITURE)
        return tuple(f for f in self.lines if f.line in inside or is_phrase(f.text))[:_MOST]

    @cached_property
    def captions(self) -> tuple[Found, ...]:
        """The lines of picture captions."""
        inside = self._inside(_CAPTION)
        return tuple(found for found in self.lines if found.line in inside)[:_MOST]

    @cached_property
    def alternatives(self) -> tuple[Found, ...]:
        """Pictures' alternative texts of three words or more."""
        texts = [collapse(text) for text in self._attributes("img[alt]", "alt")]
        return tuple(Found(text) for text in texts if len(text.split()) >= 3)[:_MOST]

    @cached_property
    def comments(self) -> tuple[Found, ...]:
        """Lines of readers' comments."""
        inside = self._inside(_COMMENT)
        return tuple(found for found in self.lines if found.line in inside)[:_MOST]

    @cached_property
    def related(self) -> tuple[Found, ...]:
        """Lines that lead to other articles: four words or more, all of them a link."""
        inside = self._inside(_RELATED)
        links = {squash(text) for text in self._links}
        found = (
            f
            for f in self.lines
            if len(f.text.split()) >= 4 and (squash(f.text) in links or f.line in inside)
        )
        return tuple(found)[:_MOST]

    @cached_property
    def hidden(self) -> tuple[Found, ...]:
        """Texts that no reader sees: hidden elements, `noscript`, what only screen readers say."""
        found = []
        for node in self._nodes("[hidden],[style],[class],noscript,template,dialog"):
            if node.tag in ("script", "style", "svg", "head") or not _out_of_sight(node):
                continue
            text = collapse(_TAGS.sub(" ", node.raw_text))
            if 2 <= len(text.split()) <= 120:
                found.append(Found(text))
        return tuple(dict.fromkeys(found))[:_MOST]

    @cached_property
    def scripts(self) -> tuple[Found, ...]:
        """Beginnings of scripts and style sheets, as text."""
        texts = [collapse(node.raw_text[:300])[:160] for node in self._nodes("script,style")]
        return tuple(Found(text) for text in texts if len(text.split()) >= 3)[:_MOST]

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """The texts of headings, in order."""
        return self._texts("h1,h2,h3")

    @cached_property
    def _inline(self) -> dict[str, list[str]]:
        """The texts of links and emphasis, by the line that they stand in, without white space."""
        found: dict[str, list[str]] = {}
        for node in self._nodes("p,li,dd,td,blockquote"):
            if marked := [text for text in node.texts(_INLINE) if len(text) > 1]:
                for line in node.lines():
                    found.setdefault(squash(line), marked)
        return found

    def inline(self, paragraph: str) -> list[tuple[int, int]]:
        """Where links and emphasis stand in a paragraph, as (start, end), in order."""
        spans = []
        for word in dict.fromkeys(self._inline.get(squash(paragraph), ())):
            match = re.search(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", paragraph)
            if match and len(word) < 0.8 * len(paragraph):
                spans.append(match.span())
        return sorted(spans)

    def texts(self, selector: str) -> tuple[str, ...]:
        """The visible texts of what a selector matches."""
        return self._texts(selector)

    @cached_property
    def blocks(self) -> tuple[tuple[str, ...], ...]:
        """Runs of lines that one element holds and that could pass for an article."""
        groups: dict[tuple[str, ...], list[str]] = {}
        for line in self.page.visible:
            depth = next(
                (n for n, t in enumerate(line.tags) if t.partition(".")[0] in _PARTS),
                len(line.tags),
            )
            groups.setdefault(line.tags[: depth + 1], []).append(line.text)
        found = (tuple(g) for tags, g in groups.items() if tags)
        return tuple(g for g in found if sum(len(t.split()) for t in g) >= _BLOCK_WORDS)

    @cached_property
    def site_name(self) -> str:
        """The site's name: as the page states it, else its host, else the name of its captures."""
        for name in self._attributes('meta[property="og:site_name"]', "content"):
            if name.strip():
                return collapse(name)
        try:
            host = urlsplit(self.capture.url or "").hostname or ""
        except ValueError:  # "http://[x": the URL is as it was found
            host = ""
        host = host.removeprefix("www.").partition(":")[0]
        return host if "." in host else self.capture.site.replace("_", " ").title()

    @cached_property
    def separator(self) -> str:
        """What stands between title and site in the page's `<title>`, " | " where nothing does."""
        found = _SEPARATORS.findall(self.tab_title)
        return str(found[-1]) if found else " | "

    @cached_property
    def tab_title(self) -> str:
        """The text of `<title>`."""
        return next(iter(self._texts("head title")), "")

    @cached_property
    def description(self) -> str:
        """What the page says of itself in its metadata."""
        selector = 'meta[property="og:description"],meta[name="description"]'
        return next((collapse(t) for t in self._attributes(selector, "content") if t.strip()), "")

    @cached_property
    def updated(self) -> datetime | None:
        """When the page says it was changed last; aware, or None."""
        stated = [value for selector in _UPDATED for value in self._attributes(selector, "content")]
        stated += self._attributes("time[itemprop=dateModified]", "datetime")
        stated += [str(item.get("dateModified")) for item in self._objects]
        return next((moment for text in stated if (moment := instant_of(text))), None)

    @cached_property
    def dates(self) -> tuple[datetime, ...]:
        """All instants that the page states in `<time>` elements, aware."""
        found = (instant_of(text) for text in self._attributes("time[datetime]", "datetime"))
        return tuple(dict.fromkeys(moment for moment in found if moment))

    def position(self, found: Found, paragraphs: Sequence[str]) -> int | None:
        """Before which paragraph a line stands on the page; None where that cannot be told."""
        if found.line is None:
            return None
        lines = [self.places.get(squash(text)) for text in paragraphs]
        known = [(number, line) for number, line in enumerate(lines) if line is not None]
        if not known:
            return None
        after = [number for number, line in known if line < found.line]
        return max(after) + 1 if after else 0

    def fresh(self, found: Iterable[Found], shown: str) -> list[Found]:
        """Those texts that a record does not show yet; ``shown`` is its text without spaces."""
        return [item for item in found if (key := squash(item.text)) and key not in shown]

    def _inside(self, pattern: re.Pattern[str]) -> Collection[int]:
        known: dict[str, bool] = {}

        def says(tag: str) -> bool:
            if tag not in known:
                name, *classes = tag.split(".")
                known[tag] = bool(pattern.search(name)) or (
                    name not in _FRAME and any(map(pattern.search, classes))
                )
            return known[tag]

        return {i for i, line in enumerate(self.page.visible) if any(map(says, line.tags))}

    @cached_property
    def _links(self) -> tuple[str, ...]:
        return self._texts("a")

    @cached_property
    def _objects(self) -> list[dict[str, Any]]:
        return self.page.json_ld() if self.page.is_html else []

    def _nodes(self, selector: str) -> list[Node]:
        return self.page.css(selector) if self.page.is_html else []

    def _texts(self, selector: str) -> tuple[str, ...]:
        return tuple(self.page.texts(selector)) if self.page.is_html else ()

    def _attributes(self, selector: str, name: str) -> list[str]:
        return self.page.attrs(selector, name) if self.page.is_html else []


# A line belongs to the innermost part of the page of these; the outermost of them on its way.
_PARTS = frozenset({"nav", "footer", "aside", "section", "ul", "ol", "table", "form", "header"})
_INLINE = "a,em,strong,b,i,span,code,abbr,cite"
_TAGS = re.compile(r"<[^>]*>")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def _out_of_sight(node: Node) -> bool:
    return (
        node.tag in UNSEEN
        or node.attr(None, "hidden") is not None
        or (node.tag == "dialog" and node.attr(None, "open") is None)
        or bool(_HIDING.search(node.attr(None, "style") or ""))
        or bool(_QUIET.search(node.attr(None, "class") or ""))
    )


def instant_of(text: str) -> datetime | None:
    """An aware instant from an ISO text that states a time and an offset; else None."""
    if not _TIME_OF_DAY.match(text.strip()):
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else None
