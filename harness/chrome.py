"""What is page chrome: the text around the content, which belongs to no field of a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from harness.text import collapse
from harness.visible import Line

# Whole lines only, and only wordings that are chrome on any site.
_PHRASES = frozenset(
    phrase.strip()
    for phrase in """
    read more|read the full story|continue reading|keep reading|show more|load more|see more|more
    advertisement|advertisements|ad|sponsored|sponsored content|promoted|story continues below
    article continues below advertisement|scroll to continue|skip to content|skip to main content
    share|share this|share this article|share this story|tweet|copy link|print|email|save|follow
    follow us|subscribe|subscribe now|sign up|sign in|log in|login|register|join now|newsletter
    comments|no comments yet|leave a comment|post a comment|view comments|add a comment|reply
    related|related articles|related stories|related topics|more stories|more on this story
    you may also like|recommended|recommended for you|trending|trending now|most read|popular
    home|menu|search|close|back to top|privacy policy|terms of use|terms of service|cookie policy
    accept|accept all|accept cookies|manage cookies|all rights reserved|contact us|about us
    download the app|download app|get the app|get started|hashtags|tags|loading
    leer más|seguir leyendo|publicidad|compartir|lire la suite|lire aussi|publicité|partager
    weiterlesen|mehr lesen|anzeige|teilen|leggi di più|continua a leggere|pubblicità|condividi
    leia mais|continue lendo|publicidade|compartilhar|lees meer|advertentie|delen
    читать далее|реклама|поделиться|читати далі|आगे पढ़ें|विज्ञापन|اقرأ المزيد|إعلان|مشاركة
    続きを読む|広告|关闭|阅读更多|广告|더 보기|광고
    """.replace("\n", "|").split("|")
    if phrase.strip()
)
# No "form": ASP.NET wraps the whole page in one.
_TAGS = frozenset({"nav", "footer", "aside", "button", "menu", "dialog"})
# Their classes speak of the page ("no-sidebar", "nav-open"), not of what stands in them.
_WHOLE = frozenset({"html", "body", "main", "article"})
_CLASS = re.compile(
    r"(?:^|[-_.])(?:ad|ads|advert\w*|promo\w*|sponsor\w*|banner|share|sharing|social|newsletter|"
    r"subscribe|subscription|comments?|related|recommend\w*|breadcrumbs?|sidebar|menu|nav\w*|footer|"
    r"cookie\w*|consent|toolbar|widget|app-download)(?:$|[-_.])",
    re.I,
)
# A line of prose this long is content wherever it stands.
LONGEST = 200


def is_phrase(text: str) -> bool:
    """Whether a line is a stock phrase of page chrome, in one of the languages known here."""
    return collapse(text).casefold().strip(" .…:!→»›>-") in _PHRASES


def chrome_test(
    lines: Callable[[], Sequence[Line]], recurring: Callable[[], Collection[str]]
) -> Callable[[str], bool]:
    """A test for texts of one page: is this chrome?

    ``lines`` are what a reader of that page sees; ``recurring`` the lines that many pages of its
    site share. Both are asked only when a text leaves doubt, and every line of it must be chrome.
    """

    def is_chrome(text: str) -> bool:
        parts = [collapse(part) for part in text.splitlines() if part.strip()]
        return bool(parts) and all(_is_chrome_line(part, lines, recurring) for part in parts)

    return is_chrome


def _is_chrome_line(
    text: str, lines: Callable[[], Sequence[Line]], recurring: Callable[[], Collection[str]]
) -> bool:
    if len(text) > LONGEST:
        return False
    return (
        is_phrase(text)
        or any(line.text == text and _in_chrome(line) for line in lines())
        or text in recurring()
    )


def _in_chrome(line: Line) -> bool:
    """Whether a line stands in an element that holds no content."""
    return any(
        holds_chrome(name, classes) for name, *classes in (tag.split(".") for tag in line.tags)
    )


def holds_chrome(name: str, classes: Collection[str]) -> bool:
    """Whether an element of that name and those classes holds page furniture, no content."""
    return name in _TAGS or (name not in _WHOLE and any(map(_CLASS.search, classes)))
