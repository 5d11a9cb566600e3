"""Labels of ages: what each front-end is known to print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.factory import FRONT_ENDS, LANGUAGES, age_label

H, D = 3_600, 86_400
MEASURED = Path(__file__).parents[2] / "../shared/data"
MEASURED_AS = {
    "timeago.js": "timeago",
    "dayjs.fromNow": "moment",
    "moment.fromNow": "moment",
    "date-fns.formatDistance": "date-fns",
}


@pytest.mark.parametrize(
    ("front_end", "seconds", "label"),
    [
        ("moment", 0, "a few seconds ago"),
        ("moment", 44, "a few seconds ago"),
        ("moment", 45, "a minute ago"),
        ("moment", 90, "2 minutes ago"),
        ("moment", 44 * 60, "44 minutes ago"),
        ("moment", 45 * 60, "an hour ago"),
        ("moment", 21 * H, "21 hours ago"),
        ("moment", 22 * H, "a day ago"),
        ("moment", 25 * D, "25 days ago"),
        ("moment", 26 * D, "a month ago"),
        ("moment", 320 * D, "a year ago"),
        ("moment", 1000 * D, "3 years ago"),
        ("timeago", 9, "just now"),
        ("timeago", 59, "59 seconds ago"),
        ("timeago", 60, "1 minute ago"),
        ("timeago", 2 * H - 1, "1 hour ago"),
        ("timeago", 8 * D, "1 week ago"),
        ("timeago", 400 * D, "1 year ago"),
        ("date-fns", 20, "less than a minute ago"),
        ("date-fns", 30, "1 minute ago"),
        ("date-fns", 50 * 60, "about 1 hour ago"),
        ("date-fns", 21 * H, "about 21 hours ago"),
        ("date-fns", 30 * H, "1 day ago"),
        ("date-fns", 31 * D, "about 1 month ago"),
        ("date-fns", 700 * D, "almost 2 years ago"),
        ("short", 21 * H, "21h"),
        ("short", 65 * D, "2mo"),
        ("intl", 21 * H, "21 hours ago"),
        ("intl", H, "1 hour ago"),
    ],
)
def test_labels_are_those_of_the_front_end(front_end: str, seconds: int, label: str) -> None:
    assert age_label(seconds, "en", front_end) == label


@pytest.mark.parametrize(
    ("language", "seconds", "label"),
    [
        ("es", 3 * H, "hace 3 horas"),
        ("fr", D, "il y a 1 jour"),
        ("de", 2 * D, "vor 2 Tagen"),
        ("ru", 21 * H, "21 час назад"),
        ("ru", 11 * H, "11 часов назад"),
        ("ru", 12 * H, "12 часов назад"),
        ("uk", 2 * D, "2 дні тому"),
        ("ar", 2 * H, "قبل ساعتين"),
        ("ar", 3 * H, "قبل 3 ساعات"),
        ("ar", 11 * H, "قبل 11 ساعة"),
        ("ja", 21 * H, "21 時間前"),
        ("ko", 3 * D, "3일 전"),
        ("th", 800 * D, "2 ปีที่แล้ว"),
    ],
)
def test_counts_take_the_plural_of_the_language(language: str, seconds: int, label: str) -> None:
    assert age_label(seconds, language) == label


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_unit(language: str) -> None:
    units = [age_label(n, language) for n in (5, 300, 5 * H, 5 * D, 15 * D, 90 * D, 900 * D)]
    assert len({label.replace("5", "").replace("2", "").replace("3", "") for label in units}) == 7


def test_an_unknown_front_end_is_named_with_those_that_are_known() -> None:
    with pytest.raises(ValueError, match=r"unknown front-end 'luxon'; known are intl, moment"):
        age_label(5, "en", "luxon")
    assert set(FRONT_ENDS) == {"intl", "moment", "timeago", "date-fns", "short"}


@pytest.mark.skipif(not MEASURED.exists(), reason="no ../shared/data: measured labels are absent")
def test_long_labels_are_those_of_cldr() -> None:
    sizes = {"second": 1, "minute": 60, "hour": H, "day": D, "week": 7 * D}
    rows = [
        json.loads(line) for line in (MEASURED / "cldr_relative.jsonl").read_text().splitlines()
    ]
    rows = [
        row
        for row in rows
        if row["locale"] in LANGUAGES and row["style"] == "long" and row["digits"] == "latn"
    ]
    # A larger unit takes over where the count reaches it, as on no front-end that counts 45 days.
    most = {"second": 59, "minute": 59, "hour": 23, "day": 6, "week": 4}
    wrong = [
        (row["text"], label)
        for row in rows
        if row["unit"] in sizes and 0 < row["n"] <= most[row["unit"]]
        if (label := age_label(row["n"] * sizes[row["unit"]], row["locale"]))
        != row["text"].replace("\u00a0", " ")
    ]
    assert len(rows) > 300 and not wrong


@pytest.mark.skipif(not MEASURED.exists(), reason="no ../shared/data: measured labels are absent")
def test_labels_are_those_that_the_real_front_ends_printed() -> None:
    rows = [json.loads(line) for line in (MEASURED / "js_labels.jsonl").read_text().splitlines()]
    wrong = [
        (age, label, ours)
        for name, _now, age, label in rows
        if name in MEASURED_AS and (ours := age_label(age, "en", MEASURED_AS[name])) != label
    ]
    # Months and years of `fromNow` are of the calendar, of `humanize` the mean ones.
    assert len(wrong) < 50 and not [row for row in wrong if row[0] < 25 * D]
