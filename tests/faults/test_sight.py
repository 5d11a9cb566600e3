"""What a page offers to an extractor that goes wrong."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from harness.faults import Sight
from harness.faults.sight import Found, instant_of
from tests.faults.samples import PARAGRAPHS, capture

SIGHT = Sight(capture())


def texts(found: tuple[Found, ...]) -> list[str]:
    return [each.text for each in found]


def test_furniture_captions_and_links_are_told_apart() -> None:
    assert texts(SIGHT.captions) == ["The wall at dawn, seen from the café. Photo: C. Brum"]
    assert texts(SIGHT.alternatives) == ["Waves over the old wall"]
    assert "Share this story" in texts(SIGHT.furniture)
    assert "Most read this week" in texts(SIGHT.related)
    assert not set(texts(SIGHT.furniture)) & set(PARAGRAPHS)
    assert texts(SIGHT.comments)[-1] == "The café was closed for hours and hours."


def test_hidden_text_is_what_no_reader_sees() -> None:
    assert texts(SIGHT.hidden) == ["You have two free articles left this month"]
    page = capture('<p class="sr-only">Read it aloud</p><noscript><b>Turn it on</b></noscript>')
    assert texts(Sight(page).hidden) == ["Read it aloud", "Turn it on"]
    assert texts(Sight(capture("<p style='display: none'>not seen")).hidden) == ["not seen"]


def test_scripts_are_cut_short() -> None:
    assert texts(SIGHT.scripts) == ['var tracker = { id: "UA-1", page: "story" };']
    long = capture(f"<script>{'word ' * 500}</script>")
    assert len(texts(Sight(long).scripts)[0]) <= 160


def test_links_and_emphasis_are_found_in_their_own_paragraph() -> None:
    assert SIGHT.inline(PARAGRAPHS[1]) == [(4, 15)]
    assert PARAGRAPHS[1][4:15] == "full report"
    assert SIGHT.inline("The full report of another page") == []


def test_a_line_stands_after_the_paragraph_before_it() -> None:
    caption = SIGHT.captions[0]
    assert SIGHT.position(caption, PARAGRAPHS) == 1
    assert SIGHT.position(SIGHT.lines[0], PARAGRAPHS) == 0
    assert SIGHT.position(SIGHT.lines[-1], PARAGRAPHS) == len(PARAGRAPHS)
    assert SIGHT.position(Found("nowhere"), PARAGRAPHS) is None
    assert SIGHT.position(caption, ["not on the page"]) is None


def test_the_site_is_named_by_the_page_its_host_or_its_captures() -> None:
    assert SIGHT.site_name == "Wexcombe Courier"
    bare = capture("<p>x")
    assert Sight(replace(bare, url="https://www.example.org/a")).site_name == "example.org"
    assert Sight(replace(bare, url="http://[x")).site_name == "Courier"
    assert Sight(replace(bare, site="two_words")).site_name == "Two Words"


def test_the_tab_title_shows_how_titles_are_parted() -> None:
    assert SIGHT.separator == " - "
    assert Sight(capture("<title>Plain</title>")).separator == " | "


def test_the_time_of_an_update_is_stated_in_many_places() -> None:
    stated = instant_of("2026-03-06T09:00:00+00:00")
    assert SIGHT.updated == stated
    json_ld = '<script type="application/ld+json">{"@type":"A","dateModified":"%s"}</script>'
    page = capture(json_ld % "2026-03-06T09:00:00Z")
    assert Sight(page).updated == stated
    assert Sight(capture(json_ld % "yesterday")).updated is None


def test_a_plain_text_has_lines_and_no_elements() -> None:
    sight = Sight(capture("Title\n\nRead more\nA line of text", "text/plain"))
    assert [line.text for line in sight.lines] == ["Title", "Read more", "A line of text"]
    assert texts(sight.furniture) == ["Read more"]
    assert (sight.captions, sight.hidden, sight.headings, sight.blocks) == ((), (), (), ())


@given(
    st.binary(max_size=200),
    st.sampled_from(["text/html", "text/plain", "application/json", "application/xml"]),
)
def test_no_page_breaks_it(body: bytes, kind: str) -> None:
    sight = Sight(capture(body, kind))
    for name in ("furniture", "captions", "alternatives", "comments", "related", "hidden"):
        assert all(found.text.strip() for found in getattr(sight, name))
    assert sight.site_name and sight.separator.strip()
    assert sight.updated is None or sight.updated.tzinfo
    assert isinstance(sight.description + sight.tab_title, str)
    assert sight.inline("x") == [] and sight.dates == () and sight.blocks is not None
