"""Labels of all locales: units and numbers, digits and spaces, and what is ambiguous."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.timestamps import candidates, fallback, parse
from harness.timestamps.intervals import SECONDS
from harness.timestamps.labels import tidy
from tests.conftest import REPOSITORY

DATA = REPOSITORY.parent / "shared" / "data"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "label", "unit", "count"),
    [
        ("de", "vor 3 Stunden", "hour", 3),
        ("fr", "il y a 21 minutes", "minute", 21),
        ("fr-CA", "il y a 2 semaines", "week", 2),
        ("pt_PT", "há 11 meses", "month", 11),
        ("es-MX", "hace 3 horas", "hour", 3),
        ("hi", "३ घंटे पहले", "hour", 3),
        ("mr", "२१ दिवसांपूर्वी", "day", 21),
        ("ar", "قبل ساعتين", "hour", 2),
        ("ar-EG", "قبل ٣ ساعات", "hour", 3),
        ("he", "לפני שעתיים", "hour", 2),
        ("ja", "3 時間前", "hour", 3),
        ("zh-TW", "3 小時前", "hour", 3),
        ("ru", "21 минуту назад", "minute", 21),
        ("nb", "-21 t", "hour", 21),
        ("no", "for 3 timer siden", "hour", 3),
        ("fr", "-1 m.", "month", 1),
        ("ru", "-1 г.", "year", 1),
        ("th", "3 ชั่วโมงที่ผ่านมา", "hour", 3),
        ("ja", "1 時間以内", "hour", 0),
        ("de", "gestern", "day", 1),
        ("es", "anteayer", "day", 2),
        ("hi", "कल", "day", 1),
        ("iw", "לפני 3 ימים", "day", 3),
    ],
)
def test_a_label_in_its_language(locale: str, label: str, unit: str, count: int) -> None:
    claim = parse(label, languages=[locale], captured_at=NOW)
    assert claim is not None
    assert (claim.unit, claim.count, claim.kind) == (unit, count, "relative")
    assert claim.published is not None and claim.published[1] <= NOW


def test_one_language_may_be_named_without_a_list_and_none_is_all() -> None:
    assert parse("-5 m", languages="ro") == parse("-5 m", languages=["ro"]) is not None
    assert parse("vor 3 Stunden", languages=[]) == parse("vor 3 Stunden") is not None


@pytest.mark.parametrize(
    "label",
    [
        "방금",
        "たった今",
        "только что",
        "gerade eben",
        "à l’instant",
        "ahora mismo",
        "agora mesmo",
        "अभी",
        "刚刚",
        "az önce",
        "щойно",
        "przed chwilą",
    ],
)
def test_just_now_in_many_languages_is_read_without_naming_them(label: str) -> None:
    claim = parse(label)
    assert claim is not None
    assert (claim.unit, claim.count, claim.age) == ("second", 0, (0, 120))


@pytest.mark.parametrize(
    ("label", "unit", "count"),
    [
        ("3일전", "day", 3),
        ("5分钟前", "minute", 5),
        ("hace una hora", "hour", 1),
        ("il y a une heure", "hour", 1),
        ("vor einer Stunde", "hour", 1),
        ("un'ora fa", "hour", 1),
        ("há uma hora", "hour", 1),
        ("час назад", "hour", 1),
        ("godzinę temu", "hour", 1),
        ("Actualizado hace 3 horas", "hour", 3),
        ("Publié il y a 2 heures", "hour", 2),
        ("Aktualisiert: vor 5 Minuten", "minute", 5),
    ],
)
def test_labels_as_pages_write_them(label: str, unit: str, count: int) -> None:
    claim = parse(label)
    assert claim is not None and (claim.unit, claim.count) == (unit, count)


def test_the_table_has_its_labels_in_the_form_in_which_they_are_looked_up() -> None:
    path = REPOSITORY / "harness" / "timestamps" / "cldr.json"
    tables = json.loads(path.read_text("utf-8"))["tables"]
    assert len(tables["ages"]) > 5_000
    for pattern, meanings in tables["ages"].items():
        assert pattern == tidy(pattern)
        assert {meaning.split()[0] for meaning in meanings} <= set(SECONDS)
    for name, months in tables["months"].items():
        assert name == tidy(name) and set(map(int, months)) <= set(range(1, 13))


DIGITS = [
    "".join(chr(zero + i) for i in range(10))
    for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xFF10, 0x1040)
]
PATTERNS = [
    ("hi", "{} घंटे पहले", "hour"),
    ("ar", "قبل {} ساعة", "hour"),
    ("de", "vor {} Stunden", "hour"),
    ("fa", "{} ساعت پیش", "hour"),
    ("en", "{} hours ago", "hour"),
]


@settings(deadline=None)
@given(
    st.sampled_from(PATTERNS),
    st.integers(2, 23),
    st.sampled_from(DIGITS),
    st.sampled_from(["\u00a0", "\u202f", "\u2009", "  "]),
    st.sampled_from(["", "\u200f", "\u200e", "\u2068"]),
)
def test_digits_spaces_and_marks_change_nothing(
    pattern: tuple[str, str, str], count: int, digits: str, space: str, mark: str
) -> None:
    locale, form, unit = pattern
    native = "".join(digits[int(digit)] for digit in str(count))
    plain = parse(f"{count} hours ago")
    shown = parse(mark + form.format(native).replace(" ", space) + mark, languages=[locale])
    assert plain is not None and shown is not None
    assert (shown.unit, shown.count, shown.age) == (unit, count, plain.age)


def test_what_locales_use_for_different_units_is_ambiguous_without_a_language() -> None:
    assert parse("-5 m") is None
    assert len({(claim.unit, claim.count) for claim in candidates("-5 m")}) > 1
    claim = parse("-5 m", languages=["ro"])
    assert claim is not None and (claim.unit, claim.count) == ("minute", 5)


def test_a_month_that_is_another_in_the_next_country_needs_its_language() -> None:
    polish = parse("5 listopada 2025", languages=["pl"])
    croatian = parse("5 listopada 2025", languages=["hr"])
    assert polish is not None and polish.published is not None
    assert croatian is not None and croatian.published is not None
    assert (polish.published[1].month, croatian.published[1].month) == (11, 10)
    both = parse("5 listopada 2025")
    assert both is not None and both.published is None
    assert len(candidates("5 listopada 2025")) == 2


@pytest.mark.parametrize("label", ["Ora", "No", "seen", "nu", "mi", "sa"])
def test_a_short_word_of_some_language_is_no_label_without_it(label: str) -> None:
    assert parse(label) is None


@pytest.mark.parametrize(
    "label", ["in 3 Stunden", "dans 2 heures", "2 घंटे में", "через 5 минут", "завтра", "morgen"]
)
def test_the_future_is_no_publication(label: str) -> None:
    assert parse(label) is None
    assert parse(label, languages=["de", "fr", "hi", "ru"]) is None


@pytest.mark.skipif(not DATA.exists(), reason=f"{DATA} is missing: CLDR's own labels")
@pytest.mark.parametrize("name", ["cldr_relative", "cldr_auto"])
def test_cldr_labels_give_their_unit_and_number(name: str) -> None:
    lines = (DATA / f"{name}.jsonl").read_text("utf-8").splitlines()
    wrong = []
    for row in map(json.loads, lines):
        claim = parse(row["text"], languages=[row["locale"]])
        if claim is None or (claim.unit, claim.count) != (row["unit"], row["n"]):
            wrong.append((row, claim))
    assert len(lines) > 700
    assert len(wrong) <= 0.005 * len(lines), wrong[:10]


# --- dateparser -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "language", "unit", "count"),
    [
        ("3 heures plus tôt", "fr", None, None),
        ("hace 3 hr", "es", None, None),
        ("acum 3 ore", "ro", "hour", 3),
        ("5 min. atrás", "pt", "minute", 5),
    ],
)
def test_what_no_table_has_is_asked_of_dateparser_in_its_language(
    label: str, language: str, unit: str | None, count: int | None
) -> None:
    claim = parse(label, languages=[language])
    assert (claim and claim.unit, claim and claim.count) == (unit, count)


def test_a_date_that_only_dateparser_knows() -> None:
    claim = parse("Thứ hai, 12 tháng 3 2025", languages=["vi"])
    assert claim is not None and claim.kind == "calendar" and claim.published is not None
    assert claim.published[0] == datetime(2025, 3, 11, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("label", "language"),
    [
        ("5 ساعات", "ar"),
        ("10 человек погибли", "ru"),
        ("2 минуты читать", "ru"),
        ("2 Bürger tot", "de"),
        ("11. September", "de"),
        ("Top 10 2025", "de"),
        ("Les 5 leçons de 2024", "fr"),
        ("2024 el año de 12 récords", "es"),
        ("第3次世界大战", "zh"),
        ("10 दिन में 5 मौतें", "hi"),
    ],
)
def test_dateparsers_guesses_are_not_taken(label: str, language: str) -> None:
    assert parse(label, languages=[language]) is None
    assert parse(label) is None


@pytest.mark.parametrize(
    ("label", "answer"),
    [
        ("5 foo 7 2025", datetime(2025, 3, 5)),
        ("5 foo 2025", datetime(2025, 3, 5, 10)),
        ("5 foo 2025", datetime(2024, 3, 5)),
        ("5 foo 2568", datetime(2568, 3, 5)),
    ],
)
def test_a_date_of_dateparsers_has_every_number_of_the_label_and_no_other(
    label: str, answer: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fallback, "_asked", lambda *_: answer)
    assert parse(label, languages=["ru"]) is None
    monkeypatch.setattr(fallback, "_asked", lambda *_: datetime(2025, 3, 5))
    assert parse("5 foo 2025", languages=["ru"]) is not None


def test_thai_years_are_counted_from_the_buddha() -> None:
    claim = parse("12 มีนาคม 2568")
    assert claim is not None and claim == parse("12 มีนาคม 2568", languages=["th"])
    assert claim.published is not None and claim.published[0].year == 2025
    assert parse("12/03/2568", languages=["th"]) is not None


@pytest.mark.parametrize("text", ["a long headline without any number", "2 b", "x" * 60 + " 3"])
def test_what_is_no_label_never_reaches_dateparser(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError(text)

    monkeypatch.setattr(fallback, "_asked", asked)
    assert parse(text) is None


def test_strict_labels_import_neither_dateparser_nor_the_table() -> None:
    assert parse("21 hours ago") is not None
    code = (
        "import sys, harness; harness.parse('21 hours ago'); harness.parse('Updated 5 mins ago');"
        "from harness.timestamps import locales;"
        "print('dateparser' in sys.modules, locales._table.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "0"]
