"""Writing markup: escaping, and the parts that many templates share."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from html import escape

from harness.factory.article import Article


def html_text(text: str) -> str:
    """A text as HTML or XML content."""
    return escape(text, quote=False)


def attribute(text: str) -> str:
    """A text as the value of a double-quoted attribute."""
    return escape(text, quote=True)


def cdata(text: str) -> str:
    """A text as a CDATA section; the one thing that cannot stand in it is its end."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def script_json(value: object) -> str:
    """JSON that can stand in a ``<script>``: no tag in it can end or open one."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def paragraphs(texts: Iterable[str], tag: str = "p", attributes: str = "") -> str:
    """An element each, a line each."""
    return "\n".join(f"<{tag}{attributes}>{inline(text)}</{tag}>" for text in texts)


def inline(text: str) -> str:
    """A text with markup inside: one word linked, one stressed, as editors do."""
    words = [html_text(word) for word in text.split(" ")]
    if len(words) > 6:
        words[2] = f'<a href="/topic/x?a=1&amp;b=2">{words[2]}</a>'
        words[5] = f"<em>{words[5]}</em>"
    return " ".join(words)


def wrapped(text: str, indent: str) -> str:
    """A text on indented lines, as a pretty-printer leaves it; it shows as one line."""
    rows = textwrap.wrap(html_text(text), 96, break_long_words=False, break_on_hyphens=False)
    # Not textwrap.indent: it takes U+2028, which shows as text, for a line end.
    return "\n".join(indent + row for row in rows)


def document(article: Article, body: str, head: str = "", title: str | None = None) -> str:
    """An HTML document around a body. ``head`` goes before the title's site name is added."""
    tongue = article.tongue
    direction = ' dir="rtl"' if tongue.rtl else ""
    shown = f"{article.title} | Made Example" if title is None else title
    return (
        f'<!DOCTYPE html>\n<html lang="{tongue.code}"{direction}>\n<head>\n'
        f'<meta charset="utf-8">\n<title>{html_text(shown)}</title>\n{head}\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def text_of(article: Article, key: str) -> str:
    """A chrome text in the article's language, escaped."""
    return html_text(article.tongue.chrome[key])
