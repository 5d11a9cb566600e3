"""Titles, authors, dates and all other fields, held against what the page says of itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from harness.invariants.metadata import Dated, Metadata, Stated, fold
from harness.invariants.moments import Moment, agree, of_interval, read_label
from harness.model import Timestamp, Tree
from harness.page import Page
from harness.plausible.judgement import Judgement, of_scores
from harness.plausible.values import texts, words_of
from harness.records import decode, tag_of
from harness.text import shorten, words

# What each source of a title is worth: what is written for readers and for machines before what
# is written for a window's bar, where the site adds its name.
_TITLES = {"h1": 1.0, "og:title": 0.97, "json-ld headline": 1.0, "itemprop headline": 1.0}
_OTHER_TITLE, _TITLE_TAG = 0.93, 0.9
_BY = re.compile(
    r"^(?:written |posted |published |reported )?"
    r"(?:by|von|par|por|de|di|da|door|av|af|autor|author)\b[:\s]*",
    re.I,
)
# What no name holds: counts of minutes and days, addresses, handles, markup.
_NO_NAME = re.compile(r"\d|https?:|www\.|@|[<>{}]|\b(?:min read|ago|updated|published)\b", re.I)
_DAY = timedelta(days=1)


def judge_title(metadata: Metadata, old: Tree, new: Tree) -> Judgement:
    """A title against the headings and titles that the page states."""
    before, after = " ".join(texts(old)), " ".join(texts(new))
    stated = metadata.titles
    if fold(before) == fold(after):
        exact = {" ".join(words(each.text)) for each in stated}
        known = [" ".join(words(title)) in exact for title in (before, after)]
        if known[0] == known[1]:
            return _same()
        verb = "as" if known[1] else "no longer as"
        case = (f"written {verb} the page states it",)
        return of_scores(0.9 + 0.1 * known[0], 0.9 + 0.1 * known[1], 0.6, "page", case)
    was, now = _worth_of_title(before, stated), _worth_of_title(after, stated)
    said: list[str] = []
    for verb, long, short in (("lost", before, after), ("gained", after, before)):
        rest = long.replace(short, "", 1) if short and short in long else ""
        if rest.strip():
            said.append(f"{verb} '{shorten(rest)}'")
    source = _source_of_title(after, stated)
    lost = _source_of_title(before, stated)
    if source and not lost:
        said.append(f"is what the page states as {source} now")
    elif lost and not source:
        said.append(f"is no longer what the page states as {lost}")
    elif source != lost:
        said.append(f"was the page's {lost}, is its {source}")
    if not after:
        said.append("empty now")
    sure = min(0.9, 0.25 + 2 * abs(now - was)) if stated else 0.3
    return of_scores(was, now, sure, "page", tuple(said))


def _worth_of_title(title: str, stated: Sequence[Stated]) -> float:
    if not title:
        return 0.0
    if not stated:
        return 0.5
    own = Counter(words(fold(title)))
    best, mean = 0.0, 0.0
    for each in stated:
        like = _likeness(own, Counter(words(fold(each.text))))
        worth = _TITLES.get(each.source, _TITLE_TAG if each.source == "title" else _OTHER_TITLE)
        best = max(best, worth * like)
        mean += like / len(stated)
    return 0.7 * best + 0.3 * mean


def _source_of_title(title: str, stated: Sequence[Stated]) -> str:
    key = fold(title)
    found = [each.source for each in stated if fold(each.text) == key]
    return max(found, key=lambda source: _TITLES.get(source, 0), default="")


def judge_byline(metadata: Metadata, page_text: str, old: Tree, new: Tree) -> Judgement:
    """Authors against those that the page names."""
    before, after = _names(old), _names(new)
    if Counter(before) == Counter(after):
        return _same("the same names")
    stated = metadata.names or metadata.bylines
    known = [Counter(_words_of_names([each.text])) for each in stated]
    known.append(sum(known, Counter()) if metadata.names else Counter())
    was, now = (_worth_of_names(names, known, page_text) for names in (before, after))
    said = [f"no longer '{shorten(name)}'" for name in before if name not in after][:2]
    said += [f"now '{shorten(name)}'" for name in after if name not in before][:2]
    if metadata.names:
        first = metadata.names[0]
        said.append(f"the page's {first.source} is '{shorten(first.text)}'")
    if any(map(_NO_NAME.search, after)) and not any(map(_NO_NAME.search, before)):
        said.append("holds what is no part of a name")
    step = abs(now - was)
    sure = min(0.9, 0.3 + step) if metadata.names else min(0.6, 0.15 + step / 2)
    return of_scores(was, now, sure, "page", tuple(said))


def _names(value: Tree) -> list[str]:
    parts = [
        part for text in texts(value) for part in re.split(r"[,;|]|\s(?:and|&|und|et)\s", text)
    ]
    return sorted(name for part in parts if (name := fold(_BY.sub("", part.strip()))))


def _words_of_names(names: Iterable[str]) -> list[str]:
    return [word for name in names for word in words(fold(_BY.sub("", name)))]


def _worth_of_names(names: Sequence[str], known: Sequence[Counter[str]], page_text: str) -> float:
    """What a byline is worth: its likeness to what the page names, less what is no name."""
    own = _words_of_names(names)
    if not own:
        # No author is better than a wrong one, and worse than a right one.
        return 0.35
    likeness = max((_likeness(Counter(own), each) for each in known), default=0.0)
    there = sum(word in page_text for word in own) / len(own)
    junk = sum(_NO_NAME.search(name) is not None for name in names) / len(names)
    letters = sum(len(word) == 1 for word in own) / len(own)
    worth = 0.35 + 0.55 * likeness + 0.1 * there - 0.3 * junk - 0.3 * (letters > 0.5)
    long = max(len(own) / max(len(names), 1) - 5, 0)
    return max(0.0, worth - 0.04 * min(long, 5) - 0.25 * (there < 0.5))


def judge_date(page: Page, metadata: Metadata, role: str, old: Tree, new: Tree) -> Judgement:
    """A time against those that the page states, with regard to how exact it is."""
    if texts(old) == texts(new):
        return _same("the same time")
    at = page.captured_at
    before, after = _moment(old, page), _moment(new, page)
    if before and after and before.span == after.span and before.precision == after.precision:
        return _same("the same time")
    wanted, others = metadata.published, metadata.modified
    if role == "modified":
        wanted, others = others, wanted
    # Without a word on which is which, the earliest is when it was published.
    known = wanted or sorted(metadata.times, key=lambda d: d.moment.span)[:1]
    was, now = (_worth_of_date(m, v, known, others, at) for m, v in ((before, old), (after, new)))
    said = [f"was '{shorten(' '.join(texts(old)) or 'nothing', 40)}'"]
    said.append(f"is '{shorten(' '.join(texts(new)) or 'nothing', 40)}'")
    if before and after and (before.precision, after.precision) == ("time", "day"):
        said.append("lost its time of day")
    if known:
        said.append(f"the page's {known[0].source} is '{shorten(known[0].moment.text, 40)}'")
    sure = min(0.9, 0.4 + abs(now - was)) if known else 0.3
    return of_scores(was, now, sure, "page", tuple(said))


def _moment(value: Tree, page: Page) -> Moment | None:
    tag = tag_of(value)
    if tag == "$timestamp":
        stamp = decode(value)
        assert isinstance(stamp, Timestamp), "a tag of a timestamp holds one"
        return of_interval(stamp.text, stamp.published) if stamp.published else None
    found = texts(value)
    return read_label(found[0], page.captured_at) if found else None


def _worth_of_date(
    moment: Moment | None,
    value: Tree,
    known: Sequence[Dated],
    others: Sequence[Dated],
    at: datetime | None,
) -> float:
    if moment is None:
        # A text that tells no time is no better than none; neither is nothing at all.
        return 0.1 if texts(value) else (0.15 if known else 0.3)
    if at is not None and moment.span[0] > at + _DAY:
        return 0.05
    if not known:
        return 0.6
    best = 0.25
    for rank, each in enumerate(known):
        # Pages date their cards too; their own time stands first.
        best = max(best, _nearness(moment, each.moment) - min(0.03 * rank, 0.15))
    if best <= 0.25 and any(agree(moment, each.moment) for each in others):
        return 0.4
    return best


def _nearness(moment: Moment, there: Moment) -> float:
    """How near a time comes to one that the page states; a cut or shifted one is worth less."""
    same_day = moment.day is not None and moment.day == there.day
    if "time" in (moment.precision, there.precision) and agree(moment, there):
        if there.precision == "time" and moment.precision == "day":
            return 0.8 if same_day else 0.7
        if moment.midnight and there.precision == "time" and not there.midnight:
            return 0.75 if same_day else 0.6
        # A time of day without an offset may be any of a day's.
        return 1.0 if moment.instant or not there.instant else 0.93
    if agree(moment, there):
        return 1.0 if same_day else 0.8
    if same_day:
        return 0.7 if moment.midnight or moment.precision == "day" else 0.75
    if moment.when and there.when and abs(moment.span[0] - there.span[0]) <= _DAY:
        return 0.55
    return 0.0


def judge_other(ground: frozenset[str], old: Tree, new: Tree) -> Judgement:
    """Any other field: how much of it the page has, and whether it is there at all."""
    before, after = words_of(old), words_of(new)
    if before == after:
        return _same("the same words")
    if Counter(before) == Counter(after):
        return Judgement("neutral", 0.6, 0.0, "page", ("the same words in another order",))
    was, now = (_share_known(each, ground) for each in (before, after))
    said = [f"{len(before)} words, {was:.0%} of them on the page"]
    said.append(f"now {len(after)} words, {now:.0%} of them on the page")
    if not before or not after:
        # That a field comes or goes says something, where its text is the page's own.
        step = 0.3 * (now if after else was)
        return of_scores(0.0, step if after else -step, 0.3, "page", tuple(said))
    step = now - was
    if abs(step) < 0.05:
        return Judgement("neutral", 0.2, 0.0, "page", tuple(said))
    return of_scores(0.5 * was, 0.5 * now, min(0.5, 0.15 + abs(step) / 2), "page", tuple(said))


def _share_known(own: Sequence[str], ground: frozenset[str]) -> float:
    return sum(word.casefold() in ground for word in own) / len(own) if own else 0.0


def _likeness(a: Counter[str], b: Counter[str]) -> float:
    both = a.total() + b.total()
    return 2 * (a & b).total() / both if both else 0.0


def _same(reason: str = "only white space, case or quotes differ") -> Judgement:
    return Judgement("neutral", 1.0, 0.0, "equal", (reason,))
