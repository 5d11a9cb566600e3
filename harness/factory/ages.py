"""Relative ages as front-ends print them: from a number of seconds to a label.

``moment``, ``timeago`` and ``date-fns`` follow the published code of these libraries (English);
``short`` is the compact style of timelines ("21h"); ``intl`` is CLDR's long style, floored, in all
languages of the factory (https://cldr.unicode.org/, the words of CLDR 47).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

MINUTE, HOUR, DAY, WEEK = 60, 3_600, 86_400, 604_800
MONTH, YEAR = 30.4375 * DAY, 365.25 * DAY

_STEPS = (
    ("year", YEAR),
    ("month", MONTH),
    ("week", WEEK),
    ("day", DAY),
    ("hour", HOUR),
    ("minute", MINUTE),
    ("second", 1),
)


def age_label(seconds: float, language: str = "en", front_end: str = "intl") -> str:
    """What a front-end prints for something so many seconds old.

    ``front_end`` is a name of FRONT_ENDS; all but ``intl`` know English only, whatever the
    language. Raises ValueError for an unknown front-end, KeyError for an unknown language.
    """
    if front_end == "intl":
        return _intl(seconds, language)
    if front_end not in _ENGLISH_ONLY:
        raise ValueError(f"unknown front-end {front_end!r}; known are {', '.join(FRONT_ENDS)}")
    return _ENGLISH_ONLY[front_end](seconds)


def _half_up(value: float) -> int:
    # JavaScript's Math.round; Python's rounds halves to even.
    return math.floor(value + 0.5)


def _moment(seconds: float) -> str:
    """``moment.duration(-seconds, "seconds").humanize(true)``, moment 2.30."""
    days = seconds / DAY
    months = days * 4_800 / 146_097
    one_or_more = (
        ("minute", "a", _half_up(seconds / MINUTE), 45),
        ("hour", "an", _half_up(seconds / HOUR), 22),
        ("day", "a", _half_up(days), 26),
        ("month", "a", _half_up(months), 11),
        ("year", "a", _half_up(months / 12), None),
    )
    if _half_up(seconds) <= 44:
        return "a few seconds ago"
    for unit, article, count, cap in one_or_more:
        if count <= 1:
            return f"{article} {unit} ago"
        if cap is None or count < cap:
            return f"{count} {unit}s ago"
    raise AssertionError("years have no cap")


def _timeago(seconds: float) -> str:
    """``timeago.js`` 4: every unit floored, "just now" below ten seconds."""
    rest, unit = float(seconds), "second"
    for size, larger in (
        (60, "minute"),
        (60, "hour"),
        (24, "day"),
        (7, "week"),
        (365 / 7 / 12, "month"),
        (12, "year"),
    ):
        if rest < size:
            break
        rest, unit = rest / size, larger
    count = math.floor(rest)
    if unit == "second" and count <= 9:
        return "just now"
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def _date_fns(seconds: float) -> str:
    """``formatDistance(…, { addSuffix: true })`` of date-fns 3, on a calendar of mean months."""
    minutes = _half_up(seconds / MINUTE)
    if minutes < 1:
        return "less than a minute ago"
    if minutes < 45:
        return _plain(minutes, "minute")
    if minutes < 90:
        return "about 1 hour ago"
    if minutes < 1_440:
        return "about " + _plain(_half_up(minutes / 60), "hour")
    if minutes < 2_520:
        return "1 day ago"
    if minutes < 43_200:
        return _plain(_half_up(minutes / 1_440), "day")
    if minutes < 86_400:
        return "about " + _plain(_half_up(minutes / 43_200), "month")
    months = math.floor(seconds / MONTH)
    if months < 12:
        return _plain(_half_up(minutes / 43_200), "month")
    years, rest = divmod(months, 12)
    if rest < 3:
        return "about " + _plain(years, "year")
    return "over " + _plain(years, "year") if rest < 9 else "almost " + _plain(years + 1, "year")


def _plain(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def _short(seconds: float) -> str:
    count, unit = _floored(seconds)
    return f"{count}{'mo' if unit == 'month' else unit[0]}"


def _floored(seconds: float) -> tuple[int, str]:
    for unit, size in _STEPS:
        if seconds >= size:
            return math.floor(seconds / size), unit
    return 0, "second"


_ENGLISH_ONLY: Mapping[str, Callable[[float], str]] = {
    "moment": _moment,
    "timeago": _timeago,
    "date-fns": _date_fns,
    "short": _short,
}
FRONT_ENDS = ("intl", *_ENGLISH_ONLY)


def _intl(seconds: float, language: str) -> str:
    count, unit = _floored(seconds)
    pattern, plural, words = _AGO[language]
    forms = words[unit]
    return pattern.format(forms[min(plural(count), len(forms) - 1)].format(count))


def _one_other(count: int) -> int:
    return 0 if count == 1 else 1


def _zero_one_other(count: int) -> int:
    return 0 if count <= 1 else 1


def _slavic(count: int) -> int:
    tens, ones = count % 100, count % 10
    if ones == 1 and tens != 11:
        return 0
    return 1 if 2 <= ones <= 4 and not 12 <= tens <= 14 else 2


def _arabic(count: int) -> int:
    if count in (1, 2):
        return count - 1
    return 2 if 3 <= count % 100 <= 10 else (3 if count % 100 >= 11 else 4)


def _one_form(_count: int) -> int:
    return 0


def _table(text: str) -> dict[str, tuple[str, ...]]:
    """Forms by unit, from the second to the year, a line each, the plural forms by ``|``."""
    units = [unit for unit, _ in reversed(_STEPS)]
    rows = [line.strip() for line in text.splitlines() if line.strip()]
    return {u: tuple(row.split("|")) for u, row in zip(units, rows, strict=True)}


def _counted(text: str) -> dict[str, tuple[str, ...]]:
    """The same for languages in which the number always stands before the unit."""
    return {u: tuple(f"{{}} {f}" for f in forms) for u, forms in _table(text).items()}


_AGO: Mapping[str, tuple[str, Callable[[int], int], Mapping[str, tuple[str, ...]]]] = {
    "en": (
        "{} ago",
        _one_other,
        _counted(
            "second|seconds\nminute|minutes\nhour|hours\nday|days\nweek|weeks\nmonth|months\n"
            "year|years"
        ),
    ),
    "es": (
        "hace {}",
        _one_other,
        _counted(
            "segundo|segundos\nminuto|minutos\nhora|horas\ndía|días\nsemana|semanas\nmes|meses\n"
            "año|años"
        ),
    ),
    "fr": (
        "il y a {}",
        _zero_one_other,
        _counted(
            "seconde|secondes\nminute|minutes\nheure|heures\njour|jours\nsemaine|semaines\nmois\n"
            "an|ans"
        ),
    ),
    "de": (
        "vor {}",
        _one_other,
        _counted(
            "Sekunde|Sekunden\nMinute|Minuten\nStunde|Stunden\nTag|Tagen\nWoche|Wochen\n"
            "Monat|Monaten\nJahr|Jahren"
        ),
    ),
    "pt": (
        "há {}",
        _zero_one_other,
        _counted(
            "segundo|segundos\nminuto|minutos\nhora|horas\ndia|dias\nsemana|semanas\nmês|meses\n"
            "ano|anos"
        ),
    ),
    "it": (
        "{} fa",
        _one_other,
        _counted(
            "secondo|secondi\nminuto|minuti\nora|ore\ngiorno|giorni\nsettimana|settimane\n"
            "mese|mesi\nanno|anni"
        ),
    ),
    "ru": (
        "{} назад",
        _slavic,
        _counted(
            "секунду|секунды|секунд\nминуту|минуты|минут\nчас|часа|часов\nдень|дня|дней\n"
            "неделю|недели|недель\nмесяц|месяца|месяцев\nгод|года|лет"
        ),
    ),
    "uk": (
        "{} тому",
        _slavic,
        _counted(
            "секунду|секунди|секунд\nхвилину|хвилини|хвилин\nгодину|години|годин\nдень|дні|днів\n"
            "тиждень|тижні|тижнів\nмісяць|місяці|місяців\nрік|роки|років"
        ),
    ),
    "hi": ("{} पहले", _one_form, _counted("सेकंड\nमिनट\nघंटे\nदिन\nसप्ताह\nमाह\nवर्ष")),
    "ar": (
        "قبل {}",
        _arabic,
        _table(
            "ثانية واحدة|ثانيتين|{} ثوانِ|{} ثانية|{} ثانية\n"
            "دقيقة واحدة|دقيقتين|{} دقائق|{} دقيقة|{} دقيقة\n"
            "ساعة واحدة|ساعتين|{} ساعات|{} ساعة|{} ساعة\n"
            "يوم واحد|يومين|{} أيام|{} يومًا|{} يوم\n"
            "أسبوع واحد|أسبوعين|{} أسابيع|{} أسبوعًا|{} أسبوع\n"
            "شهر واحد|شهرين|{} أشهر|{} شهرًا|{} شهر\n"
            "سنة واحدة|سنتين|{} سنوات|{} سنة|{} سنة"
        ),
    ),
    "fa": ("{} پیش", _one_form, _counted("ثانیه\nدقیقه\nساعت\nروز\nهفته\nماه\nسال")),
    "ja": ("{}前", _one_form, _counted("秒\n分\n時間\n日\n週間\nか月\n年")),
    "ko": ("{} 전", _one_form, _table("{}초\n{}분\n{}시간\n{}일\n{}주\n{}개월\n{}년")),
    "zh": ("{}前", _one_form, _table("{}秒钟\n{}分钟\n{}小时\n{}天\n{}周\n{}个月\n{}年")),
    "th": (
        "{}",
        _one_form,
        _counted("วินาทีที่ผ่านมา\nนาทีที่ผ่านมา\nชั่วโมงที่ผ่านมา\nวันที่ผ่านมา\nสัปดาห์ที่ผ่านมา\nเดือนที่ผ่านมา\nปีที่แล้ว"),
    ),
}
