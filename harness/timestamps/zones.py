"""Zone names as pages print them: which offsets each can mean, and for whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta


def _hours(value: float) -> timedelta:
    return timedelta(hours=value)


# Who lives there: languages and regions that make this reading the one that is meant.
_INDIA = "IN hi bn ta te mr gu kn ml pa or as ur ne sa kok"
# Offsets (from https://www.iana.org/time-zones); several where different places use the name. A
# pair in one reading is a zone that keeps summer time under the same name ("ET").
_ZONES: Mapping[str, Sequence[tuple[float, float, str]]] = {
    **dict.fromkeys(("utc", "gmt", "z", "wet"), ((0, 0, ""),)),
    "ist": ((5.5, 5.5, _INDIA), (2, 2, "IL he"), (1, 1, "IE ga")),
    "bst": ((1, 1, "GB en"), (6, 6, "BD bn")),
    "cst": ((-6, -6, "US CA MX en es"), (8, 8, "CN TW zh"), (-5, -5, "CU")),
    "cdt": ((-5, -5, "US CA en"), (-4, -4, "CU")),
    "est": ((-5, -5, ""),),
    "edt": ((-4, -4, ""),),
    "mst": ((-7, -7, "US CA MX en"), (8, 8, "MY ms")),
    "mdt": ((-6, -6, ""),),
    "pst": ((-8, -8, "US CA MX en"), (8, 8, "PH fil tl")),
    "pdt": ((-7, -7, ""),),
    "et": ((-5, -4, ""),),
    "ct": ((-6, -5, ""),),
    "mt": ((-7, -6, ""),),
    "pt": ((-8, -7, ""),),
    "akst": ((-9, -9, ""),),
    "akdt": ((-8, -8, ""),),
    "hst": ((-10, -10, ""),),
    "cet": ((1, 1, ""),),
    "cest": ((2, 2, ""),),
    "mez": ((1, 1, ""),),
    "mesz": ((2, 2, ""),),
    "west": ((1, 1, ""),),
    "eet": ((2, 2, ""),),
    "eest": ((3, 3, ""),),
    "msk": ((3, 3, ""),),
    "trt": ((3, 3, ""),),
    "sast": ((2, 2, ""),),
    "cat": ((2, 2, ""),),
    "eat": ((3, 3, ""),),
    "wat": ((1, 1, ""),),
    "pkt": ((5, 5, ""),),
    "npt": ((5.75, 5.75, ""),),
    "wib": ((7, 7, ""),),
    "wita": ((8, 8, ""),),
    "ict": ((7, 7, ""),),
    "myt": ((8, 8, ""),),
    "sgt": ((8, 8, ""),),
    "hkt": ((8, 8, ""),),
    "pht": ((8, 8, ""),),
    "awst": ((8, 8, ""),),
    "jst": ((9, 9, ""),),
    "kst": ((9, 9, ""),),
    "acst": ((9.5, 9.5, ""),),
    "acdt": ((10.5, 10.5, ""),),
    "aest": ((10, 10, ""),),
    "aedt": ((11, 11, ""),),
    "nzst": ((12, 12, ""),),
    "nzdt": ((13, 13, ""),),
    "brt": ((-3, -3, ""),),
    "art": ((-3, -3, ""),),
}
_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-])([0-9]{1,2}):?([0-9]{2})?")
ZONE = rf"(?:(?:utc|gmt)? ?[+-][0-9]{{1,2}}(?::?[0-9]{{2}})?|{'|'.join(_ZONES)})"
# The zones of the world reach from +14:00 (Kiritimati) to -12:00.
EVERYWHERE = (_hours(-12), _hours(14))


def offsets(name: str | None, languages: Sequence[str] | None) -> list[tuple[timedelta, timedelta]]:
    """The (least, greatest) offsets from UTC that a zone name can mean, likeliest first.

    ``languages`` ("en-IN", "hi") settle names that several places use. No name is everywhere.
    """
    if not name:
        return [EVERYWHERE]
    if match := _OFFSET.fullmatch(name):
        size = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        offset = size if match[1] == "+" else -size
        return [(offset, offset)] if size < timedelta(hours=15) else []
    readings = _ZONES[name]
    if len(readings) > 1 and languages:
        readings = _at_home(readings, languages) or readings
    return [(_hours(low), _hours(high)) for low, high, _ in readings]


def _at_home(
    readings: Sequence[tuple[float, float, str]], languages: Sequence[str]
) -> list[tuple[float, float, str]]:
    """The readings of the languages' regions; those of the bare languages where none is named."""
    parts = [re.split("[-_]", language) for language in languages]
    regions = {part.upper() for words in parts for part in words[1:] if len(part) == 2}
    chosen = regions or {words[0].lower() for words in parts}
    return [reading for reading in readings if chosen & set(reading[2].split())]
