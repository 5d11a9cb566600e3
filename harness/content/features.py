"""What is known of each line of a page that tells content from furniture, as numbers.

Nothing here depends on a language or a site: the shape of the line, the elements around it and how
they are named, its neighbours, and what the page states for machines.
"""

from __future__ import annotations

import math
import re
from collections import Counter

from harness.chrome import is_phrase
from harness.content.boxes import AROUND, BITS, GROUPS, Boxes, prose_of
from harness.content.units import Source, Unit, shingles
from harness.invariants.article import is_prose
from harness.invariants.metadata import fold
from harness.invariants.reading import Element
from harness.text import words

_TAGS = ("p", "li", "h1", "h2", "h3", "h456", "td", "dt", "pre", "blockquote", "figcaption", "div")
_TAG_OF = {"h4": "h456", "h5": "h456", "h6": "h456", "th": "td", "tr": "td", "dd": "dt"}
_TAG_OF.update({tag: tag for tag in _TAGS})
_END = re.compile("[.!?…。！？؟।][\"'»”’)\\]]*$")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\bago\b|年")
_MARK = re.compile(r"[©®]|\S@\S|https?://|www\.|\.(?:com|org)\b")
_TYPE = re.compile(r'"@type"\s*:\s*"(\w{1,40})"')
_OG_TYPE = re.compile(r"<meta[^>]{0,80}og:type[^>]{0,200}>")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_COMMA = re.compile("[,;:،、，]")

FEATURES: tuple[str, ...] = tuple(
    "words letters linked ends commas digits capital lower short_words prose".split()
    + [f"tag_{name}" for name in _TAGS]
    + [f"in_{name}" for name in AROUND]
    + [f"any_{name}" for name in GROUPS]
    + [f"near_{name}" for name in GROUPS]
    + "chrome caption depth place after_title title_far is_title".split()
    + "prev_words next_words prev_linked next_linked window window_linked".split()
    + "box_prose box_share box_linked box_lines box2_prose box2_share box2_linked".split()
    + "in_best up_best best_share before_best after_best best_size".split()
    + "stated has_stated described times hidden data".split()
    + "page_prose page_lines page_linked page_article same_kind kind_prose".split()
    + "phrase name dated mark bullet shouted asks".split()
    + "section_prose section_linked section_lines".split()
    + "page_product page_forum page_list page_og page_comments page_h1 page_times".split()
)


def _is_heading(unit: Unit) -> bool:
    return unit.holder is not None and unit.holder.block.tag in _HEADINGS


def features(source: Source) -> list[list[float]]:
    """For each unit of a page the numbers that ``FEATURES`` names."""
    units = source.units
    boxes = Boxes(units)
    page = _OfPage(source, boxes)
    return [page.row(number) for number in range(len(units))]


class _OfPage:
    """What several lines' numbers depend on."""

    def __init__(self, source: Source, boxes: Boxes) -> None:
        self.units = units = source.units
        self.boxes = boxes
        shown = [unit for unit in units if unit.holder is not None]
        self.shown = len(shown)
        self.total = sum(len(unit.words) for unit in shown) or 1
        self.letters = sum(len(unit.text) for unit in shown) or 1
        self.linked = sum(unit.linked for unit in shown) / self.letters
        metadata = source.metadata
        titles = {fold(stated.text) for stated in metadata.titles}
        self.titles = titles | {fold(t.text.split(sep)[0]) for t in metadata.titles for sep in "|–"}
        self.title_at = self._title_at()
        stated = {run for text in source.stated for run in shingles(tuple(words(text)))}
        self.stated = stated
        described = (tuple(words(each.text)) for each in metadata.descriptions)
        self.described = {run for text in described for run in shingles(text)}
        self.times = Counter(unit.text for unit in units)
        self.article = float(
            bool(stated) or any(each.source.startswith("json-ld") for each in metadata.titles)
        )
        self._best()
        self._kinds()
        self.names = [each.text for each in source.metadata.names[:10] if len(each.text) > 3]
        self.sections = self._sections()
        self.kind_of_page = self._kind_of_page(source)
        self.place: list[int] = []
        before = 0
        for unit in units:
            self.place.append(before)
            before += len(unit.words)

    def _title_at(self) -> int:
        found = [
            number
            for number, unit in enumerate(self.units)
            if unit.holder is not None and len(unit.text) < 300 and fold(unit.text) in self.titles
        ]
        heads = [
            number
            for number in found
            if (holder := self.units[number].holder) and any(e.tag == "h1" for e in holder.around)
        ]
        return (heads or found or [-1])[0]

    def _best(self) -> None:
        """The element that holds the article, if any does: the densest in prose."""
        best, top = None, 0.0
        for unit in self.units:
            if unit.holder is None or not is_prose(unit.text):
                continue
            for element in unit.holder.around:
                box = self.boxes.of(element)
                if box.score:
                    score = box.score * (1 - box.linked / max(box.letters, 1))
                    if score > top:
                        best, top = element, score
        self.best = best
        self.best_box = self.boxes.of(best) if best is not None else None
        self.ups = {id(e): n for n, e in enumerate(best.around)} if best is not None else {}
        inside = [
            number
            for number, unit in enumerate(self.units)
            if unit.holder is not None
            and self.ups.get(self._meet(unit.holder), 99) == 0
            and is_prose(unit.text)
        ]
        self.best_first = inside[0] if inside else 0
        self.best_last = inside[-1] if inside else len(self.units)
        self.prose = sum(prose_of(unit) for unit in self.units if unit.holder is not None)

    def _meet(self, element: Element) -> int:
        for each in element.around:
            if id(each) in self.ups:
                return id(each)
        return 0

    def _kinds(self) -> None:
        """How much prose stands in blocks of the same path of names."""
        self.kind_lines: Counter[str] = Counter()
        self.kind_prose: Counter[str] = Counter()
        for unit in self.units:
            if unit.holder is not None:
                path = unit.holder.block.path
                self.kind_lines[path] += 1
                self.kind_prose[path] += prose_of(unit)

    def row(self, number: int) -> list[float]:
        """The numbers of one line."""
        unit = self.units[number]
        holder = unit.holder
        row = _shape(unit)
        if holder is None:
            row += [0.0] * (len(_TAGS) + len(AROUND) + 2 * len(GROUPS) + 2 + 1)
        else:
            block = holder.block
            tag = _TAG_OF.get(block.tag, "")
            row += [float(tag == each) for each in _TAGS]
            box = self.boxes.of(holder)
            row += [float(box.around & bit > 0) for bit in BITS.values()]
            near = self.boxes.near(block)
            row += [float(box.any >> n & 1) for n in range(len(GROUPS))]
            row += [float(near >> n & 1) for n in range(len(GROUPS))]
            row += [float(holder.chrome), float(holder.caption), box.depth / 20]
        row += self._position(number, unit)
        row += self._neighbours(number)
        row += self._boxes(holder)
        row += self._relation(number, holder)
        row += self._said(unit)
        row += [
            self.prose / self.letters,
            math.log1p(self.shown),
            self.linked,
            self.article,
        ]
        path = holder.block.path if holder is not None else ""
        row.append(math.log1p(self.kind_lines[path]) if path else 0.0)
        row.append(math.log1p(self.kind_prose[path]) if path else 0.0)
        row += self._wording(unit)
        row += self.sections[number]
        row += self.kind_of_page
        return row

    def _wording(self, unit: Unit) -> list[float]:
        text = unit.text
        short = len(text) < 120
        return [
            float(short and is_phrase(text)),
            float(short and any(name in text for name in self.names)),
            float(short and _DATE.search(text) is not None),
            float(_MARK.search(text) is not None),
            float(text[0] in "•·*–-→»›▶■●|/"),
            float(text.isupper()),
            float("?" in text),
        ]

    def _sections(self) -> list[list[float]]:
        """What stands between one heading and the next: its prose, its links, its lines."""
        found: list[list[float]] = [[0.0, 0.0, 0.0]] * len(self.units)
        start = 0
        for number in range(1, self.shown + 1):
            if number < self.shown and not _is_heading(self.units[number]):
                continue
            part = self.units[start:number]
            letters = sum(len(unit.text) for unit in part) or 1
            row = [
                math.log1p(sum(map(prose_of, part))),
                sum(unit.linked for unit in part) / letters,
                math.log1p(len(part)),
            ]
            found[start:number] = [row] * len(part)
            start = number
        return found

    def _kind_of_page(self, source: Source) -> list[float]:
        said = " ".join(_TYPE.findall(source.page.source))
        og = _OG_TYPE.search(source.page.source)
        comment = 1 << GROUPS.index("comment")
        remarks = sum(
            len(u.text) for u in self.units if u.holder and self.boxes.of(u.holder).any & comment
        )
        heads = sum(u.holder is not None and u.holder.block.tag == "h1" for u in self.units)
        return [
            float("Product" in said or "Offer" in said),
            float("Discussion" in said or "Question" in said or "Answer" in said),
            float("ItemList" in said or "Collection" in said),
            float(og is not None and "article" in og[0]),
            remarks / self.letters,
            min(heads, 5.0),
            math.log1p(len(source.metadata.times)),
        ]

    def _position(self, number: int, unit: Unit) -> list[float]:
        start = self.place[number]
        title = self.place[self.title_at] if self.title_at >= 0 else -1
        far = 0.0
        if title >= 0 and unit.holder is not None:
            far = math.copysign(math.log1p(abs(start - title)), start - title)
        return [
            start / self.total,
            float(unit.holder is not None and number > self.title_at >= 0),
            far,
            float(len(unit.text) < 300 and fold(unit.text) in self.titles),
        ]

    def _neighbours(self, number: int) -> list[float]:
        units = self.units
        before = units[number - 1] if number else None
        after = units[number + 1] if number + 1 < len(units) else None
        window = units[max(0, number - 3) : number + 4]
        letters = sum(len(each.text) for each in window)
        return [
            math.log1p(len(before.words)) if before else 0.0,
            math.log1p(len(after.words)) if after else 0.0,
            before.linked / len(before.text) if before else 0.0,
            after.linked / len(after.text) if after else 0.0,
            math.log1p(letters / len(window)),
            sum(each.linked for each in window) / letters,
        ]

    def _boxes(self, holder: Element | None) -> list[float]:
        if holder is None:
            return [0.0] * 7
        block = holder.block
        around = block.up or block
        found = []
        for element in (around, around.up or around):
            box = self.boxes.of(element)
            found += [
                math.log1p(box.prose),
                box.prose / max(self.prose, 1),
                box.linked / max(box.letters, 1),
            ]
        found.insert(3, math.log1p(self.boxes.of(around).lines))
        return found

    def _relation(self, number: int, holder: Element | None) -> list[float]:
        if holder is None or self.best_box is None:
            return [0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
        up = self.ups.get(self._meet(holder), 20)
        return [
            float(up == 0),
            min(up, 10) / 10,
            self.best_box.prose / max(self.prose, 1),
            math.log1p(max(0, self.best_first - number)),
            math.log1p(max(0, number - self.best_last)),
            math.log1p(self.best_box.prose),
        ]

    def _said(self, unit: Unit) -> list[float]:
        runs = shingles(unit.words)
        return [
            sum(run in self.stated for run in runs) / len(runs) if runs and self.stated else 0.0,
            float(bool(self.stated)),
            sum(run in self.described for run in runs) / len(runs)
            if runs and self.described
            else 0.0,
            float(self.times[unit.text] - 1),
            float(unit.origin == "hidden"),
            float(unit.origin == "data"),
        ]


def _shape(unit: Unit) -> list[float]:
    text, own = unit.text, unit.words
    count = len(text)
    words = len(own)
    return [
        math.log1p(words),
        math.log1p(count),
        unit.linked / count,
        float(_END.search(text) is not None),
        min(len(_COMMA.findall(text)) / words, 1.0),
        sum(word.isdigit() for word in own) / words,
        float(text[:1].isupper()),
        sum(word.islower() for word in own) / words,
        sum(len(word) < 4 for word in own) / words,
        float(is_prose(text)),
    ]
