"""Glued bylines: which source, which age, and that prose is none."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.timestamps import Glued, parse, split_glued

units = st.sampled_from("second minute hour day week month year".split())

# --- glued ----------------------------------------------------------------------------------------

SOURCES = ["NDTV 24X7", "9News", "News18", "Channel 4", "1News", "ABC 33/40", "France 24", "NDTV"]
separators = st.sampled_from(["", " ", " • ", "\u00a0", " | ", " — ", ", ", "-"])
ages = st.one_of(
    st.tuples(st.integers(2, 9), units).map(lambda age: f"{age[0]} {age[1]}s ago"),
    st.sampled_from(["a day ago", "an hour ago", "a few seconds ago", "1 hour ago"]),
)


@settings(deadline=None)
@given(st.one_of(st.sampled_from(SOURCES), st.text(max_size=12)), separators, ages)
def test_the_parts_of_a_glued_byline_join_to_it(source: str, separator: str, age: str) -> None:
    raw = source + separator + age
    found = split_glued(raw)
    for glued in found:
        assert glued.source + glued.separator + glued.label == raw
        assert parse(glued.label) is not None


@settings(deadline=None)
@given(st.sampled_from(SOURCES), separators, st.integers(1, 21), units)
def test_a_source_that_ends_in_digits_keeps_them_in_some_reading(
    source: str, separator: str, count: int, unit: str
) -> None:
    if count > {"month": 10}.get(unit, 99):
        return
    label = f"{count} {unit}{'s' * (count > 1)} ago"
    found = [(g.source, g.separator, g.label) for g in split_glued(source + separator + label)]
    assert (source, separator, label) in found


@pytest.mark.parametrize(
    ("raw", "source", "label"),
    [
        ("NDTV 24X72 hours ago", "NDTV 24X7", "2 hours ago"),
        ("News182 hours ago", "News18", "2 hours ago"),
        ("Channel 421 hours ago", "Channel 4", "21 hours ago"),
        ("France 2421 hours ago", "France 24", "21 hours ago"),
        ("ABC 33/405 hours ago", "ABC 33/40", "5 hours ago"),
        ("France 241 hour ago", "France 24", "1 hour ago"),
        ("NDTV a day ago", "NDTV", "a day ago"),
        ("Reutersan hour ago", "Reuters", "an hour ago"),
        ("9Newsa few seconds ago", "9News", "a few seconds ago"),
        ("The Hindu12-03-2025", "The Hindu", "12-03-2025"),
        ("2 hours ago", "", "2 hours ago"),
    ],
)
def test_the_best_reading_comes_first(raw: str, source: str, label: str) -> None:
    best = split_glued(raw)[0]
    assert (best.source, best.label) == (source, label)


def test_what_moment_never_prints_settles_a_source() -> None:
    raw = "France 249 minutes ago"
    assert [g.source for g in split_glued(raw)] == ["France 24", "France 2"]
    assert [g.source for g in split_glued(raw, front_end="moment")] == ["France 24"]


@pytest.mark.parametrize(
    "text",
    [
        "NDTV 24X7",
        "News18",
        "1News",
        "3 min read",
        "Channel 4 days",
        "NDTV 2 hour ago",
        "BBC 2 hours",
        "Ten ways to save",
        "NDTV 0 hours ago",
        "NDTV 99-99-2025",
        "",
    ],
)
def test_a_source_without_an_age_is_not_split(text: str) -> None:
    assert split_glued(text) == []


# --- seven thousand bylines -----------------------------------------------------------------------

NAMES = (
    "NDTV 24X7|9News|News18|Channel 4|1News|ABC 33/40|France 24|NDTV|New Indian Express|India.com"
    "|Hindustan Times|Time of India|Axios|Yahoo|The Hindu|ABP News 24|Sky 6|TV9|CNN-News18|BBC"
    "|i24NEWS|Al Jazeera|Le Monde|El País|Der Spiegel|Reuters|AP|USA Today|India Today|Rai 1|La7"
    "|St. Louis Post-Dispatch|U.S. News & World Report|朝日新聞|दैनिक भास्कर|الجزيرة|РИА Новости"
    "|연합뉴스|Καθημερινή|theguardian.com|Radio 5|Antena 3|ITV1|Film4|Canal 13|TV 2|7NEWS|WABC-7"
    "|Studio 10|The 74|20 Minuten|9to5Mac|Times Now|Folha de S.Paulo|iDNES.cz|Formula 1"
).split("|")
BETWEEN = ["", "", " ", "\u00a0", " · ", " | ", " • ", "-", "\n", ", ", " — ", "\t"]
WORDY = (
    "an hour ago|a day ago|a minute ago|a few seconds ago|half an hour ago|just now|yesterday"
    "|about 3 hours ago|Updated 5 mins ago|less than a minute ago"
).split("|")
MOST = {"second": 59, "minute": 59, "hour": 23, "day": 30, "week": 4, "month": 11, "year": 12}


def bylines(seed: int, count: int) -> Iterator[tuple[str, str, str]]:
    """Source, separator and label, drawn with a seed."""
    chance = random.Random(seed)
    for _ in range(count):
        unit = chance.choice(list(MOST))
        number = chance.randint(1, MOST[unit])
        counted = f"{number} {unit}{'s' * (number > 1)} ago"
        dated = f"{chance.randint(1, 28):02d}-{chance.randint(1, 12):02d}-2025"
        label = chance.choices([counted, chance.choice(WORDY), dated], [8, 1, 1])[0]
        yield chance.choice(NAMES), chance.choice(BETWEEN), label


def test_ninety_nine_of_a_hundred_bylines_come_apart_where_they_were_joined() -> None:
    wrong = []
    for source, separator, label in bylines(7, 7_000):
        found = split_glued(source + separator + label)
        if not found or (found[0].source, found[0].label) != (source, label):
            wrong.append((source, separator, label, found[:2]))
    assert len(wrong) <= 70, wrong[:20]


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_the_parts_of_a_drawn_byline_join_to_it(seed: int) -> None:
    source, separator, label = next(bylines(seed, 1))
    raw = source + separator + label
    for glued in split_glued(raw):
        assert glued.source + glued.separator + glued.label == raw


@pytest.mark.parametrize(
    ("raw", "source", "label"),
    [
        ("Channel 12 hours ago", "Channel 1", "2 hours ago"),
        ("Channel 45 minutes ago", "Channel 4", "5 minutes ago"),
        ("ABP News 244 minutes ago", "ABP News 24", "4 minutes ago"),
        ("ABC News 24 minutes ago", "ABC News", "24 minutes ago"),
        ("Reuters · 72 hours ago", "Reuters", "72 hours ago"),
        ("Reuters · 21h", "Reuters", "21h"),
        ("Reuters21h", "Reuters", "21h"),
        ("Le Mondeil y a 3 heures", "Le Monde", "il y a 3 heures"),
        ("朝日新聞3時間前", "朝日新聞", "3時間前"),
        ("दैनिक भास्कर3 घंटे पहले", "दैनिक भास्कर", "3 घंटे पहले"),
        ("Die Zeitvor 5 Stunden", "Die Zeit", "vor 5 Stunden"),
        ("Die Zeit vor 5 Stunden", "Die Zeit", "vor 5 Stunden"),
        ("الجزيرة قبل ساعتين", "الجزيرة", "قبل ساعتين"),
        ("ReutersMarch 12, 2025", "Reuters", "March 12, 2025"),
        ("REUTERS2 HOURS AGO", "REUTERS", "2 HOURS AGO"),
        ("Reuters (2 hours ago)", "Reuters", "(2 hours ago)"),
        ("Reuters 12 weeks ago", "Reuters", "12 weeks ago"),
        ("Canal 132 years ago", "Canal 13", "2 years ago"),
        ("Yahoo!3 hours ago", "Yahoo!", "3 hours ago"),
        ("Jane Doe, BBC News, 3 hours ago", "Jane Doe, BBC News", "3 hours ago"),
        ("time2 hours ago", "", "time2 hours ago"),
        ("TIME2 hours ago", "TIME", "2 hours ago"),
        ("Prime Time2 hours ago", "Prime Time", "2 hours ago"),
        ("Reuters • 5 minutes ago • 3 min read", "Reuters", "5 minutes ago • 3 min read"),
    ],
)
def test_bylines_of_many_kinds(raw: str, source: str, label: str) -> None:
    best = split_glued(raw)[0]
    assert (best.source, best.label) == (source, label)


def test_every_reading_is_there_when_the_number_can_belong_to_either() -> None:
    found = [(g.source, g.label) for g in split_glued("CBS 25 minutes ago")]
    assert found == [("CBS", "25 minutes ago"), ("CBS 2", "5 minutes ago")]


def test_names_known_from_the_page_settle_a_source() -> None:
    best = split_glued("CBS 25 minutes ago", sources=["CBS 2"])[0]
    assert (best.source, best.label) == ("CBS 2", "5 minutes ago")


# --- prose ----------------------------------------------------------------------------------------

SUBJECTS = "The minister|Police|A storm|Scientists|Markets|Parents|She|Delhi|Apple".split("|")
VERBS = "said|closed|won|reported|found|lost|opened|visited|warned of|announced".split("|")
OBJECTS = (
    "5 bridges|the 2024 election|a deal worth $10m|24 hours of rain|10 things to know|3 new cases"
    "|Windows 11|the G20|a 3 min read|its 72-hour deadline|two weeks' notice|News18|iPhone 15s"
    "|the road to 2030|channel 4|Covid-19"
).split("|")
ENDS = (
    "|.| two days ago.| 20 years ago| yesterday| last week.| in 3 hours| for 5 days"
    "| on 12 March 2025| 3 hours ago, he said| an hour ago.| today| this year|: 5 days to go"
    "| after 21 hours| just now.| 3 days ago, officials said.| a year ago"
).split("|")


def prose(seed: int, count: int) -> Iterator[str]:
    """Headlines in two cases, and paragraphs, many with numbers, units and ages in them."""
    chance = random.Random(seed)
    for _ in range(count):
        text = f"{chance.choice(SUBJECTS)} {chance.choice(VERBS)} {chance.choice(OBJECTS)}"
        text += chance.choice(ENDS)
        kind = chance.random()
        if kind < 0.3:
            text = " ".join(word[:1].upper() + word[1:] for word in text.split())
        elif kind < 0.5:
            text = f"{text.rstrip('.')}. {chance.choice(SUBJECTS)} {chance.choice(VERBS)} it."
        yield text


def test_no_headline_or_paragraph_is_a_timestamp_or_a_byline() -> None:
    texts = set(prose(11, 2_600))
    assert len(texts) >= 2_000
    taken = [(text, split_glued(text)) for text in texts if parse(text) or split_glued(text)]
    assert not taken, taken[:10]


@pytest.mark.parametrize(
    "text",
    [
        "USA Today",
        "Apocalypse Now",
        "Titanic Sank 100 Years Ago",
        "What happened 20 years ago",
        "He was seen yesterday",
        "They met just now",
        "It began a few seconds ago.",
        "Firm raises $10m",
        "https://example.org/a1m",
        "Horoscope Today, March 12, 2025",
        "Budget 2025",
        "x" * 300 + " 3 hours ago",
        "A sentence. Another one which ended 3 hours ago",
    ],
)
def test_prose_that_ends_like_a_byline_is_left_whole(text: str) -> None:
    assert split_glued(text) == []


@pytest.mark.parametrize("source", ["Yahoo! News", "E! Online", "Reuters: World", "Jeopardy!"])
def test_names_with_an_exclamation_mark_or_a_colon_are_names_where_they_are_glued(
    source: str,
) -> None:
    assert split_glued(f"{source}3 hours ago") == [Glued(source, "", "3 hours ago")]
    assert split_glued("They left! It was3 hours ago") == []
