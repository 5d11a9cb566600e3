"""Every CLDR locale's words for ages and months, from the table in ``cldr.json``.

``tools/make_cldr_table.py`` writes the table. Loaded at the first label that needs it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files

from harness.timestamps.english import Age, spoken
from harness.timestamps.labels import lazily, pattern_of, tidy

Meaning = tuple[str, int | None]
"""Unit and count; the count is None where the label's own number is it."""


@cache
def _table() -> dict[str, dict[str, dict[str, str]]]:
    text = (files("harness.timestamps") / "cldr.json").read_text("utf-8")
    table: dict[str, dict[str, dict[str, str]]] = json.loads(text)["tables"]
    return table


@cache
def _patterns() -> Mapping[str, Mapping[Meaning, frozenset[str]]]:
    """Pattern ("vor # stunden") → what it means → the locales in which it does."""
    known: dict[str, dict[Meaning, frozenset[str]]] = {}
    for pattern, meanings in _table()["ages"].items():
        known[pattern] = {
            _meaning(code): frozenset(locales.split()) for code, locales in meanings.items()
        }
    for language, words in _NOW.items():
        for word in words.split("|"):
            known.setdefault(tidy(word), {}).setdefault(("second", 0), frozenset({language}))
    return known


def _meaning(code: str) -> Meaning:
    unit, _, count = code.partition(" ")
    return unit, int(count) if count else None


@cache
def _squashed() -> Mapping[str, Sequence[str]]:
    """Patterns without their spaces and last full stop → patterns: "3일전" is "3일 전"."""
    found: dict[str, list[str]] = {}
    for pattern in _patterns():
        found.setdefault(_squash(pattern), []).append(pattern)
    return found


def _squash(pattern: str) -> str:
    return pattern.replace(" ", "").rstrip(".")


# "Just now" as pages write it; CLDR has only each language's plain "now".
_NOW = {
    "ar": "للتو|قبل لحظات|منذ لحظات|الآن",
    "bn": "এইমাত্র|এই মাত্র|এখনই",
    "bg": "току-що|преди малко",
    "ca": "ara mateix|fa un moment",
    "cs": "právě teď|před chvílí|právě",
    "da": "lige nu|for et øjeblik siden|netop nu",
    "de": "gerade eben|soeben|eben|gerade|jetzt|vor wenigen augenblicken|vor ein paar sekunden",
    "el": "μόλις τώρα|πριν λίγο",
    "es": "ahora mismo|justo ahora|hace un momento|hace unos segundos|hace instantes",
    "fa": "هم‌اکنون|همین حالا|لحظاتی پیش|چند لحظه پیش",
    "fi": "juuri nyt|äsken|hetki sitten",
    "fr": "à l'instant|a l'instant|il y a un instant|il y a quelques instants|tout juste"
    "|il y a quelques secondes|maintenant",
    "gu": "હમણાં જ",
    "he": "ממש עכשיו|לפני רגע|הרגע|כרגע",
    "hi": "अभी|अभी अभी|अभी-अभी|कुछ ही क्षण पहले|कुछ सेकंड पहले",
    "hr": "upravo sada|upravo",
    "hu": "épp most|az imént|éppen most",
    "id": "baru saja|sekarang",
    "it": "proprio ora|adesso|un attimo fa|pochi istanti fa|pochi secondi fa",
    "ja": "たった今|今さっき|ただいま|さっき|数秒前",
    "kn": "ಇದೀಗ",
    "ko": "방금|방금 전|지금 막|몇 초 전",
    "ml": "ഇപ്പോൾ തന്നെ",
    "mr": "आत्ताच|नुकतेच",
    "ms": "baru sahaja",
    "nb": "akkurat nå|nettopp|for et øyeblikk siden",
    "ne": "भर्खरै",
    "nl": "zojuist|net|zonet|daarnet|een paar seconden geleden",
    "pa": "ਹੁਣੇ",
    "pl": "przed chwilą|właśnie teraz|teraz|kilka sekund temu",
    "pt": "agora mesmo|agora há pouco|há instantes|há alguns segundos|neste momento",
    "ro": "chiar acum|acum câteva secunde|adineauri",
    "ru": "только что|сейчас|несколько секунд назад|минуту назад только что",
    "sk": "práve teraz|pred chvíľou",
    "sr": "управо сада|управо|upravo sada",
    "sv": "just nu|alldeles nyss|nyss",
    "ta": "இப்போது|சற்றுமுன்|சற்று முன்",
    "te": "ఇప్పుడే",
    "th": "เมื่อสักครู่|เมื่อกี้|เมื่อครู่|ขณะนี้",
    "tr": "az önce|şimdi|şu anda|biraz önce",
    "uk": "щойно|тільки що|зараз|кілька секунд тому",
    "ur": "ابھی|ابھی ابھی",
    "vi": "vừa xong|vừa mới|mới đây|bây giờ",
    "zh": "刚刚|刚才|剛剛|剛才|方才",
}
# What pages put before an age, tidied; English has its own list.
_leads = lazily(
    r"(?:actualizado|actualizada|publicado|publicada|atualizado|atualizada|publicado em|publié"
    r"|publiée|mis à jour|mise à jour|aktualisiert|veröffentlicht|aggiornato|pubblicato"
    r"|bijgewerkt|geplaatst|gepubliceerd|uppdaterad|publicerad|opdateret|publiceret|oppdatert"
    r"|publisert|päivitetty|julkaistu|opublikowano|zaktualizowano|aktualizováno|publikováno"
    r"|обновлено|опубликовано|оновлено|опубліковано|güncellendi|diperbarui|cập nhật|अपडेटेड"
    r"|अपडेट|प्रकाशित|تحديث|نشر|更新|发布|發布|発表|公開)\b ?[:：]? ?"
)
# "Hace una hora" is how moment's locales say "hace 1 hora".
_one = lazily(
    r"\b(?:un'|une?|un[oa]?|uma?|ein(?:er|em|en|e)?|een|én|ett?|en|yksi|bir|一|एक|এক|ایک|jedn[aeąęuy]|"
    r"один|одну|одна|един|една|egy|satu|một|o|μία|ένα)(?:\b|(?<='))"
)


def read(text: str, languages: Sequence[str] | None = None) -> list[Age]:
    """Every meaning of a tidied label, likeliest first, in ``languages`` or in all.

    More than one where locales (or the plural forms of one) disagree.
    """
    found = _read(text, languages)
    if not found and (match := _leads().match(text)) and match.end() < len(text):
        found = _read(text[match.end() :], languages)
    return found


def _read(text: str, languages: Sequence[str] | None) -> list[Age]:
    pattern, number = pattern_of(text)
    if not pattern or len(pattern) > 60:
        return []
    if languages is None and len(pattern) < 4 and _is_lone_word(pattern):
        return []
    meanings = _looked_up(pattern, languages)
    if not meanings and number == 1:
        # Japanese "this hour" is "within 1 hour".
        meanings = _looked_up(text, languages)
    if not meanings and number is None:
        number = 1
        if languages is None and _is_lone_word(pattern):
            return []
        meanings = _looked_up(_one().sub("#", pattern, count=1), languages) or _looked_up(
            f"# {pattern}", languages
        )
        # A bare unit in the place of a number's: "час назад".
        meanings = [meaning for meaning in meanings if meaning[1] is None]
    ages = [Age(unit, number if count is None else count) for unit, count in meanings]
    return [age for age in dict.fromkeys(ages) if age.count is not None]


def _looked_up(pattern: str, languages: Sequence[str] | None) -> list[Meaning]:
    patterns = _patterns()
    known = patterns.get(pattern)
    if known is not None:
        meanings = _chosen([known], languages, _is_lone_word(pattern))
        if meanings:
            return meanings
    # A word is not made of two others without their space.
    near = () if _is_lone_word(pattern) else _squashed().get(_squash(pattern), ())
    return _chosen([patterns[other] for other in near], languages)


def _is_lone_word(pattern: str) -> bool:
    """A word of Latin letters: somewhere it means "now", and elsewhere anything ("ora", "no")."""
    return " " not in pattern and "#" not in pattern and pattern[0] < "\u0250"


def _is_major(locales: Iterable[str]) -> bool:
    return any(locale.split("-")[0] in _MAJOR for locale in locales)


# Languages of most of the news that is read; words of others count when the page names them.
_MAJOR = frozenset(
    "af ca cs da de en es et eu fi fil fr gl hr hu id is it lt lv ms nb nl no pl pt ro sk sl sq sr "
    "sv sw tr vi".split()
)


def _chosen(
    tables: Sequence[Mapping[Meaning, frozenset[str]]],
    languages: Sequence[str] | None,
    lone: bool = False,
) -> list[Meaning]:
    """What the nearest of the locales say; what most say first, where no language is named."""
    votes: dict[Meaning, set[str]] = {}
    for table in tables:
        for meaning, locales in table.items():
            votes.setdefault(meaning, set()).update(locales)
    if languages is None:
        if lone:
            votes = {m: locales for m, locales in votes.items() if _is_major(locales)}
        return sorted(votes, key=lambda meaning: -len(votes[meaning]))
    for language in languages:
        for near in _nearest(language):
            found = [meaning for meaning, locales in votes.items() if near(locales)]
            if found:
                return found
    return []


# Codes that pages use for what CLDR calls otherwise.
_OLD = {"iw": "he", "in": "id", "tl": "fil", "no": "nb", "ji": "yi", "mo": "ro", "sh": "sr-latn"}
_SCRIPTS = {
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
    "zh-cn": "zh",
    "zh-sg": "zh",
    "zh-hans": "zh",
    "sr-cyrl": "sr",
}


class _Near:
    """Whether a set of locales has this one, or one of its language."""

    def __init__(self, locale: str, whole_language: bool = False) -> None:
        self._locale, self._whole = locale, whole_language

    def __call__(self, locales: Iterable[str]) -> bool:
        if self._whole:
            return any(other.split("-")[0] == self._locale for other in locales)
        return self._locale in locales


@cache
def _nearest(language: str) -> list[_Near]:
    """The locale, its parents by truncation, then all of its language."""
    code = language.replace("_", "-").lower()
    code = _SCRIPTS.get(code, code)
    head, _, tail = code.partition("-")
    head = _OLD.get(head, head)
    code = f"{head}-{tail}" if tail else head
    chain = [code]
    while "-" in code:
        code = code.rpartition("-")[0]
        chain.append(code)
    related = {"nb": ["no", "nn"], "nn": ["no", "nb"]}.get(head, [])
    return [*map(_Near, chain), *map(_Near, related), _Near(head.split("-")[0], True)]


_ENGLISH_MONTHS = dict(
    enumerate(
        "january february march april may june july august september october november "
        "december".split(),
        start=1,
    )
)
_MONTHS = {
    **{name: number for number, name in _ENGLISH_MONTHS.items()},
    **{name[:3]: number for number, name in _ENGLISH_MONTHS.items()},
    "sept": 9,
}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_ENGLISH_WEEKDAYS = {*_WEEKDAYS, *(day[:3] for day in _WEEKDAYS), "tues", "thur", "thurs", "weds"}


def month_numbers(name: str, languages: Sequence[str] | None) -> list[int]:
    """The months that a tidied name means, in ``languages`` or in all, likeliest first.

    Two where languages disagree: "listopad" is October in Croatian and November in Polish.
    """
    if name in _MONTHS and (not languages or spoken(languages)):
        return [_MONTHS[name]]
    known = _table()["months"].get(name.removesuffix("."), {})
    votes: dict[Meaning, frozenset[str]] = {
        (month, None): frozenset(locales.split()) for month, locales in known.items()
    }
    chosen = [int(month) for month, _ in _chosen([votes], languages)]
    return chosen or ([_MONTHS[name]] if name in _MONTHS else [])


def weekday_names() -> frozenset[str]:
    """The names of the days of the week, tidied, in all languages."""
    return _weekdays()


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(_table()["weekdays"]) | _ENGLISH_WEEKDAYS


def exactly(text: str, languages: Sequence[str] | None = None) -> list[Age]:
    """The meanings of a tidied label as its locale writes it, with every space in its place.

    Without the short forms of durations ("5 min" is an age in some locales' narrow style).
    """
    pattern, number = pattern_of(text)
    known = _patterns().get(pattern) if len(pattern) > 5 or not pattern.isascii() else None
    if not known or pattern[0] == "-":
        return []
    ages = [Age(unit, number if n is None else n) for unit, n in _chosen([known], languages)]
    return [age for age in ages if age.count is not None]


@cache
def endings() -> frozenset[str]:
    """How labels of the table end: their last word in Latin letters, else two characters."""
    patterns = _patterns()
    words = (pattern.split()[-1].lstrip("#") for pattern in patterns if pattern[-1].isascii())
    others = (pattern[-2:] for pattern in patterns if not pattern[-1].isascii())
    return frozenset([*words, *others])
