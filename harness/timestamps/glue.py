"""Bylines in which a source stands glued to its age: "NDTV 24X72 hours ago"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from harness.timestamps import absolute, english, locales
from harness.timestamps.front_ends import front_end_named
from harness.timestamps.labels import LONGEST, lazily, tidy
from harness.timestamps.zones import ZONE


@dataclass(frozen=True, slots=True)
class Glued:
    """One reading of a source name that stands glued to its age.

    ``source + separator + label`` is the text that was given, always.
    """

    source: str
    separator: str
    label: str


# "Published: Wednesday, 12 September 2025 at 10:45 am", and the names of newspapers.
_LONGEST_LABEL, _LONGEST_SOURCE, _MOST_WORDS = 52, 70, 9
_SEPARATORS = " \t\r\n\u00a0\u202f\u2009\u3000•·|–—-,/:・｜"
# What no sentence has between its last words; a comma or a dash may be prose.
_STRONG = re.compile(r"[•·|・｜\n\r]|\s[–—-]\s|\s/\s|[–—]|-$")
_STOPS = re.compile(r"[•·|・｜\n\r]|\s[–—-]\s")

# Numbers above these are never printed (a front-end turns to the next unit), or hardly ever.
_CAPS = {"second": 59, "minute": 59, "hour": 23, "day": 30, "week": 51, "month": 11, "year": 99}
_LIKELY = {**_CAPS, "week": 5, "year": 30}
# moment turns to the next unit at 45 minutes, 22 hours, 26 days and 11 months.
_MOMENT_CAPS = {**_CAPS, "second": 0, "minute": 44, "hour": 21, "day": 25, "week": 0, "month": 10}

# Well known with these numbers: France 24, ABP News 24, News18, NDTV 24X7, ABC 33/40.
_numbered = lazily(
    r"(?:24 ?[x×/] ?7|(?:france|news|africa|ntv|tv|sport|info|canal|channel|hd|sky|el|noticias"
    r"|media|times|live|radio|tvn|i) ?24|(?:news|hits|network) ?18|33/40)$",
    re.I,
)
# Names that are none without their number: Channel 4, TV 2, Antena 3, Rai 1, Studio 10.
_unfinished = lazily(
    r"(?:^|[\s-])(?:channel|ch|kanal|canal|canale|kanaal|tv|tele|rai|antena|studio|radio|formula"
    r"|sky|area|route|vtv|rtl|itv|tvp|svt|sat|tvn|number|no|mtv|cinema|star|ten|kan)$",
    re.I,
)
# Words that names write small: "Times of India", "Le Monde diplomatique" has one, too.
_SMALL = frozenset(
    "of the and for a an de la le les el los las di da do du des der die das den del y e et und al "
    "van von dos na no o &".split()
)
_CLOCK = re.compile(r"(?:time|clock)(?=\d|an? |half |just )")
_NUMERIC = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{4}")
_COUNTED = re.compile(r"([0-9]+) ?([a-z]*)")
_SINGULAR = frozenset("second minute hour day week month quarter year".split())
_SOFT_WORDS = frozenset(("yesterday", "just now", "moments ago", "a moment ago", "seconds ago"))


def split_glued(
    text: str,
    *,
    front_end: str | None = None,
    sources: Iterable[str] = (),
    languages: Sequence[str] | None = None,
) -> list[Glued]:
    """The ways to read ``text`` as a source with its age at the end, best first; maybe none.

    A source may end in digits ("NDTV 24X72 hours ago"), so every split of the digits is tried and
    kept when its number is possible for the unit and agrees with its plural. First come readings
    whose source is one of ``sources`` (names known from elsewhere on the page), then names that
    are known for their number or are none without it, then those that leave the label the most
    digits. ``front_end`` rules out more: moment says "an hour" from 45 minutes on, so "France 249
    minutes ago" can only be France 24. Prose that happens to end in an age gives nothing: a source
    is short, is written like a name, and holds no sentence.
    """
    if not text or len(text) > LONGEST or not _may_end_a_label(text):
        return []
    known = frozenset(tidy(source) for source in sources)
    caps = _MOMENT_CAPS if front_end_named(front_end) == "moment" else _CAPS
    found: dict[int, float] = {}
    for start in range(max(0, len(text) - _LONGEST_LABEL), len(text)):
        if text[start].isspace() or text[start] in _SEPARATORS or _is_suffix(text, start, found):
            continue
        label = _label(text[start:], languages)
        score = _score(_glued(text, start), label, caps, known) if label else None
        if score is not None:
            found[start] = score
    return [_glued(text, start) for start in sorted(found, key=lambda s: (-found[s], s))]


def _glued(text: str, start: int) -> Glued:
    source = text[:start].rstrip(_SEPARATORS)
    return Glued(source, text[len(source) : start], text[start:])


def _is_suffix(text: str, start: int, found: Mapping[int, float]) -> bool:
    """Whether a label that was found reaches further back by more than digits."""
    # "time2 hours ago" is a clock icon's age, or the magazine's.
    clocks = (0, start) if _is_clock(text, start) else ()
    return any(not text[other:start].isdecimal() and other not in clocks for other in found)


def _is_clock(text: str, start: int) -> bool:
    match = _CLOCK.match(tidy(text[:16]))
    return match is not None and match.end() == start


# What English labels, dates with hours, and a reading time behind an age end with.
_ending = lazily(
    r"(?:ago[.)]?|now|yesterday|today|night|[0-9](?:[smhdwy]|mo|hr|wk|yr)|[0-9] ?[ap]\.?m\.?"
    rf"|[0-9]\)?|read|[0-9] {ZONE}|last (?:week|month|quarter|year)|[日일])$"
)


def _may_end_a_label(text: str) -> bool:
    """Whether a text ends as labels do: most lines are done with here."""
    end = tidy(text[-24:])
    if not end:
        return False
    if _ending().search(end):
        return True
    last = end.split()[-1].lstrip("0123456789") if end[-1].isascii() else end[-2:]
    return last in locales.endings()


@dataclass(frozen=True, slots=True)
class _Label:
    """What kind of label it is: a counted ``age``, a ``word``, a timeline's ``compact``, a date."""

    kind: str
    unit: str = ""
    count: int | None = None


def _label(raw: str, languages: Sequence[str] | None) -> _Label | None:
    text = tidy(raw)
    if not text or text.endswith("ago."):
        return None
    if age := english.read(text, raw):
        return _english(text, age)
    ages = locales.exactly(text, languages)
    if ages:
        # Arabic and Hebrew say "two hours ago" without a number, in two words or more.
        counted = _has_digit(text) or (" " in text and text[0] > "\u0590")
        kind = "age" if counted else "foreign word"
        return _Label(kind, ages[0].unit, ages[0].count)
    if text[0].isalnum() and re.search("[0-9]{4}", text):
        moments = absolute.read(text, captured_at=None, day_first=None, languages=languages)
        # A month's name begins with a capital where a source's small letters precede it.
        if moments and not raw[0].islower():
            return _Label("numeric date" if _NUMERIC.fullmatch(text) else "date")
    return None


def _english(text: str, age: english.Age) -> _Label | None:
    counted = _COUNTED.search(text)
    if counted is None:
        word = text in english.WORDS and text not in _SOFT_WORDS
        return _Label("word" if word else "age", age.unit)
    number, spelled = counted.groups()
    count = int(number)
    plural = spelled.endswith("s") and len(spelled) > 1
    if number[0] == "0" or (plural and count == 1) or (spelled in _SINGULAR and count != 1):
        return None
    return _Label("age" if "ago" in text else "compact", age.unit, count)


def _score(
    glued: Glued, label: _Label, caps: Mapping[str, int], known: frozenset[str]
) -> float | None:
    """How likely a reading is, more is better; None when it is none."""
    source, separator, raw = glued.source, glued.separator, glued.label
    if not source:
        # A clock icon's "time" is written small; TIME is a source.
        return 10.0 if not _CLOCK.match(tidy(raw)) or raw[0].islower() else 9.0
    if tidy(source) in known:
        return 20.0
    if not _is_name(glued, label) or (_CLOCK.match(tidy(raw)) and not _STOPS.search(separator)):
        return None
    score = 10.0
    split = raw[0].isdecimal() and not separator and source[-1].isdecimal()
    if label.count is not None:
        if label.count > caps.get(label.unit, 9):
            if split or not _STOPS.search(separator):
                return None
            score -= 3
        if label.count > _LIKELY.get(label.unit, 99):
            # Months follow after four weeks; no page is older than the web.
            score -= 3 if label.unit == "year" else 0.5
    if split:
        run = re.search(r"[0-9]+$", source)
        taken = len(run[0]) if run else 1
        before = source[: len(source) - taken]
        apart = before[len(before.rstrip(_SEPARATORS)) :]
        if _STOPS.search(apart) or (apart and label.kind == "date"):
            # "Channel 4 · 12 hours ago": the number stands alone.
            return None
        score -= taken
        if _numbered().search(source):
            score += 3
    if len(source) == 1:
        score -= 2
    if raw[0].isdecimal() and _unfinished().search(source):
        score -= 4
    return score


def _is_name(glued: Glued, label: _Label) -> bool:
    source, separator = glued.source, glued.separator
    words = source.split()
    if len(source) > _LONGEST_SOURCE or len(words) > _MOST_WORDS or not _has_letter(source):
        return False
    if re.search(r"[?;\"“”„]|[:!]\s|\w{4,}[.]\s|[.!]$", source) and not separator.strip():
        # "Yahoo! News", "Reuters: World" and "Inc." stand glued, sentences do not.
        if separator or re.search('[?;"“”„]', source):
            return False
        ends = len(words) <= 3 and source[-1] in ".!"
        return ends or (len(words) <= 4 and not any(word[0].islower() for word in words))
    stop = bool(_STOPS.search(separator))
    if label.kind == "date":
        return stop or (not separator and _starts_a_word(source, glued.label))
    if label.kind == "compact":
        return stop or (
            not separator
            and label.unit in ("minute", "hour", "day", "week")
            and bool(re.fullmatch(r"[^/_@]*[^\W\d_]{3}", source))
        )
    if label.kind in ("word", "foreign word"):
        return stop
    if stop or _STRONG.search(separator):
        return True
    if not separator:
        return source[-1].isalnum() or source[-1] in ")!+.'’%" or not source[-1].isascii()
    return _written_as_a_name(words, separator, glued.label, label)


def _starts_a_word(source: str, raw: str) -> bool:
    """Whether a date does not begin in the middle of a word: "UOL" is no "UO" on a Tuesday."""
    if not raw[0].isalpha() or not source[-1].isalpha():
        return source[-1].isalnum()
    return raw[0].isupper() and (source[-1].islower() or raw[1:3].islower())


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def _has_letter(text: str) -> bool:
    return any(char.isalpha() for char in text)


def _written_as_a_name(words: Sequence[str], separator: str, raw: str, label: _Label) -> bool:
    """Whether words before a space or comma are a name and not a sentence's.

    Headlines end in "20 Years Ago", and sentences have small words; labels are written small.
    """
    if label.unit == "year" and (label.count or 0) > _LIKELY["year"]:
        return False
    shouted = raw.isupper() and all(word.upper() == word for word in words)
    if not shouted and (raw.endswith("Ago") or (raw[0].isupper() and raw[-3:] != "ago")):
        return False
    if shouted and label.unit not in ("second", "minute", "hour"):
        return False
    if any(word.endswith(",") for word in words) and "," not in separator:
        return False
    small = [word for word in words if word[0].islower() and word.lower() not in _SMALL]
    if not any(word != word.swapcase() for word in words):
        # A script without capitals: only the length tells.
        return len(words) <= 5
    return not small or (len(words) == 1 and (len(words[0]) > 3)) or all("." in w for w in small)
