"""The lines that invariants read are those of the page, index for index."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.invariants.reading import Reading
from harness.model import Capture
from harness.page import Page

PIECES = [
    *("<p>", "</p>", "<div class='a > b'>", "</div>", "<b>", "</b>", "<br>", "<table>", "<tr>"),
    *("<td>", "<div hidden>", "<script>var a = '<p>'</script>", "<!-- one -->", "</pre>", "<pre>"),
    *("<span style=display:none>", "</span>", "<svg><title>two</title></svg>", "<svg>", "</svg>"),
    *('<a href="x" title="x>y">', "</a>", "<noscript>", "</noscript>", "<iframe>", "</iframe>"),
    *("<textarea>", "</textarea>", "<dialog>", "<dialog open>", "</dialog>", "<template>", "<xmp>"),
    *("</template>", "<math>", "<link>", "<select><option>", "<style>", "</style>", "</script>"),
    *("<script><!-- <script>", "<img alt='<b>'>", "one", " two ", "&amp;lt;", "&nbsp;", "\n", "\t"),
    *("\u3000", "a\nb", "</body>", "<li>", "<figure>", '<a b"c=d>', "<plaintext>", "<html hidden>"),
]


def reading(markup: str, media_type: str = "text/html") -> Reading:
    return Reading(Page(Capture("s", "n", markup.encode("utf-8", "surrogatepass"), media_type)))


@settings(max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_lines_are_those_of_the_page(markup: str) -> None:
    page = Page(Capture("s", "n", markup.encode(), "text/html"))
    made = Reading(page)
    assert made.texts == [line.text for line in page.visible]
    assert [line.tags for line in made.lines] == [line.tags for line in page.visible]


@pytest.mark.parametrize("media_type", ["text/plain", "application/json", "text/xml"])
def test_captures_that_are_no_html_are_read_too(media_type: str) -> None:
    page = Page(Capture("s", "n", b'["one", "two"]', media_type))
    made = Reading(page)
    assert made.texts == [line.text for line in page.visible]
    assert not made.holder(0).chrome


def test_links_captions_furniture_and_hidden_texts_are_known() -> None:
    made = reading(
        "<nav><a href=/>Home</a></nav><p>One <a href=/x>two</a></p>"
        "<figure><figcaption>Three</figcaption></figure><p hidden>Four<p class=sr-only>Five"
        "<div class=comments><p>Six</div><noscript><p>Seven</noscript>"
    )
    assert made.texts == ["Home", "One two", "Three", "Five", "Six"]
    assert made.linked == [4, 3, 0, 0, 0]
    assert made.hidden == ["Four", "Seven"]
    assert [made.holder(n).chrome for n in range(5)] == [True, False, False, False, True]
    assert [made.holder(n).caption for n in range(5)] == [False, False, True, False, False]
    assert [made.holder(n).quiet for n in range(5)] == [False, False, False, True, False]


def test_items_of_one_list_have_one_home() -> None:
    made = reading("<div><p class=a>1<p class=a><b>2</b><p class=b>3</div><div><p class=a>4</div>")
    homes = [made.holder(n).block.home for n in range(4)]
    assert homes[0] == homes[1]
    assert len(set(homes)) == 3
    assert made.holder(0).block.path == made.holder(3).block.path
