"""What is page chrome."""

from __future__ import annotations

import pytest

from harness.chrome import LONGEST, chrome_test, is_phrase
from harness.model import Capture
from harness.page import Page

PAGE = """<body class="single no-sidebar nav-open"><form id=aspnetForm><nav>Home</nav>
<main class="widget-area"><article class="share-me"><p>Content stands here.</p>
<div class="post-related">Goats seen again</div><p class="comment">He said so.</p></article></main>
<aside><p>Aside we go</p></aside><footer><b>Example Media Ltd</b></footer></form>"""


@pytest.mark.parametrize(
    "text",
    [
        "Read more",
        " READ  MORE » ",
        "Advertisement",
        "Lire la suite…",
        "विज्ञापन",
        "続きを読む",
        "Share:",
    ],
)
def test_stock_phrases_are_chrome_on_any_site(text: str) -> None:
    assert is_phrase(text)


@pytest.mark.parametrize("text", ["", "Read more about goats", "The share price fell", "…"])
def test_a_sentence_is_no_stock_phrase(text: str) -> None:
    assert not is_phrase(text)


def judge(text: str, *recurring: str) -> bool:
    visible = Page(Capture("s", "n", PAGE.encode(), "text/html")).visible
    return chrome_test(lambda: visible, lambda: recurring)(text)


@pytest.mark.parametrize(
    "text",
    ["Home", "Goats seen again", "He said so.", "Aside we go", "Example Media Ltd", "Share\nHome"],
)
def test_lines_of_navigation_and_teasers_are_chrome(text: str) -> None:
    assert judge(text)


@pytest.mark.parametrize(
    "text", ["Content stands here.", "stands nowhere", "", " \n", "Home\nContent stands here."]
)
def test_content_is_not_chrome_though_its_page_has_a_sidebar(text: str) -> None:
    assert not judge(text)


def test_a_line_that_many_pages_share_is_chrome_unless_it_is_long() -> None:
    assert judge("stands nowhere", "stands nowhere")
    prose = "x" * (LONGEST + 1)
    assert not judge(prose, prose)


def test_the_page_is_not_read_for_a_stock_phrase() -> None:
    def unread() -> list[object]:
        raise AssertionError("asked for")

    assert chrome_test(unread, unread)("Read more")  # type: ignore[arg-type]
