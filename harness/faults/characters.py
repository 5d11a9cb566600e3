"""Operators for characters that are not those of the page: encodings, markup, quotes, capitals."""

from __future__ import annotations

import html.entities
import json
import re
from collections.abc import Callable
from typing import cast

from harness import records
from harness.faults.operator import Harm, fault
from harness.invariants.roles import Role, role_of
from harness.model import Tree

# Inside of a word of the scripts that part words by spaces.
INSIDE = re.compile(
    r"(?<=[a-z\u00df-\u024f\u0430-\u044f]{2})[a-z\u00df-\u024f\u0430-\u044f](?=[a-z\u00df-\u024f\u0430-\u044f]{2})"
)
_STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_DASHES = str.maketrans({"–": "-", "—": "-", "…": "..."})
_BIDI = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
# What windows-1252 has where latin-1 has control characters.
_WINDOWS = {
    code: char for code in range(0x80, 0xA0) if (char := bytes([code]).decode("cp1252", "ignore"))
}
_CONTROLS = ("\x00", "\x07", "\x1a", "\x7f", "\x1b[0m")
_JOINERS = "\u200c\u200d"
_ENTITY = re.compile('[&<>"‘’“”–—…\u00a0\u00a1-\u00ff]')
_NAMES = {char: name for name, code in html.entities.name2codepoint.items() for char in chr(code)}
_ROLES: tuple[Role, ...] = ("title", "byline", "body", "description")
# What no reader reads: addresses, codes, and dates that machines wrote.
_MACHINE = ("url", "image", "language", "html", "published", "modified")


@fault("read-as-latin-1", of="charset", roles=_ROLES, strengths=(1.0, 1))
def read_as_latin_1(harm: Harm) -> None:
    """UTF-8 bytes were read as latin-1 or windows-1252: "é" is "Ã©"."""
    # Browsers read windows-1252 where a page says latin-1; Python's libraries do not.
    table = harm.random.choice([{}, _WINDOWS])
    _each_text(
        harm, lambda t: t.encode("utf-8", "surrogatepass").decode("latin-1").translate(table)
    )


@fault("characters-replaced", of="charset", roles=_ROLES, strengths=(1.0, 1))
def characters_replaced(harm: Harm) -> None:
    """Bytes of another encoding were read as UTF-8: "é" is U+FFFD."""
    _each_text(harm, lambda text: re.sub(r"[^\x00-\x7f]", "\ufffd", text))


@fault("question-marks", of="charset", roles=_ROLES, strengths=(1.0, 1))
def question_marks(harm: Harm) -> None:
    """Characters were written in an encoding that lacks them: "é" is "?"."""
    _each_text(harm, lambda text: re.sub(r"[^\x00-\x7f]", "?", text))


@fault("accents-lost", of="charset", roles=_ROLES, strengths=(1.0,))
def accents_lost(harm: Harm) -> None:
    """Characters outside of ASCII were dropped."""
    _each_text(harm, lambda text: re.sub(r"[^\x00-\x7f\s]", "", text))


@fault("wrong-code-page", of="charset", roles=_ROLES, strengths=(1.0,))
def wrong_code_page(harm: Harm) -> None:
    """Bytes of one 8-bit encoding were read as another: "é" is "й", "Привет" is "Ïðèâåò"."""

    def reread(text: str) -> str:
        for true, taken in (("cp1252", "cp1251"), ("cp1251", "cp1252")):
            try:
                return text.encode(true).decode(taken, "replace")
            except UnicodeEncodeError:
                continue
        return text

    _each_text(harm, reread)


@fault("entities-left", of="markup", roles=_ROLES, strengths=(1.0, 1))
def entities_left(harm: Harm) -> None:
    """Characters stand as entities: "&" is "&amp;", "’" is "&rsquo;"."""
    _each_text(harm, lambda text: _ENTITY.sub(lambda m: _entity(m[0]), text))


@fault("tags-left", of="markup", roles=("body",), strengths=(1, 1.0))
def tags_left(harm: Harm) -> None:
    """Tags stand in the text: round a link or emphasis, else round the paragraph."""
    if found := harm.body():
        site, body = found
        texts = list(body.texts)
        for number in harm.some(len(texts)):
            text = texts[number]
            start, end = next(iter(harm.sight.inline(text)), (0, len(text)))
            whole = end - start == len(text)
            tag = "p" if whole else harm.random.choice(["a", "em", "strong", "b"])
            attribute = ' href="/"' if tag == "a" else ""
            texts[number] = f"{text[:start]}<{tag}{attribute}>{text[start:end]}</{tag}>{text[end:]}"
        site.value = body.with_texts(texts)


@fault("line-break-left", of="markup", roles=("body",))
def line_break_left(harm: Harm) -> None:
    """ "<br>" stands between two paragraphs that were one element."""
    if found := harm.body(2):
        site, body = found
        i = harm.random.randrange(len(body.texts) - 1)
        joined = (
            f"{body.texts[i]}{harm.random.choice(['<br>', '<br/>', '<br />'])}{body.texts[i + 1]}"
        )
        site.value = body.with_texts([*body.texts[:i], joined, "", *body.texts[i + 2 :]])


@fault("escapes-left", of="markup", roles=_ROLES, strengths=(1.0,))
def escapes_left(harm: Harm) -> None:
    r"""Characters stand as in JSON: "é" is "\u00e9", a quote has a backslash."""
    _each_text(harm, lambda text: json.dumps(text)[1:-1])


@fault("zero-width-added", of="unseen-characters", roles=("body",), strengths=(1, 0.1))
def zero_width_added(harm: Harm) -> None:
    """Zero-width spaces or soft hyphens stand inside of words."""
    if found := harm.body():
        site, body = found
        texts, sign = list(body.texts), harm.random.choice("\u200b\u00ad\u2060\ufeff")
        inside = [(n, m.start() + 1) for n, t in enumerate(texts) for m in INSIDE.finditer(t)]
        for number, at in reversed([inside[i] for i in harm.some(len(inside))]):
            texts[number] = f"{texts[number][:at]}{sign}{texts[number][at:]}"
        site.value = body.with_texts(texts)


@fault("control-characters", of="unseen-characters", roles=("title", "byline"))
def control_characters(harm: Harm) -> None:
    """Control characters stand in the text."""
    site = harm.pick("title", "byline", where=lambda site: bool(site.text.strip()))
    if site:
        # At the end of a text some of them are white space to Python, and are stripped.
        at = harm.random.randrange(len(site.text))
        site.value = f"{site.text[:at]}{harm.random.choice(_CONTROLS)}{site.text[at:]}"


@fault("joiners-lost", of="unseen-characters", roles=_ROLES, strengths=(1.0,))
def joiners_lost(harm: Harm) -> None:
    """Joiners that Persian and Indic scripts need are gone."""
    _each_text(harm, lambda text: re.sub(f"[{_JOINERS}]", "", text))


@fault("direction-marks-lost", of="bidi", roles=_ROLES, strengths=(1.0,))
def direction_marks_lost(harm: Harm) -> None:
    """The marks that direct right-to-left text are gone."""
    _each_text(harm, lambda text: re.sub(f"[{_BIDI}]", "", text))


@fault("direction-marks-added", of="bidi", roles=("title", "byline"))
def direction_marks_added(harm: Harm) -> None:
    """Marks that direct text stand round or after a text that has none on the page."""
    site = harm.pick("title", "byline", where=lambda site: bool(site.text.strip()))
    if site:
        right = bool(_RIGHT_TO_LEFT.search(site.text))
        ends = [("\u202b", "\u202c"), ("", "\u200f")] if right else [("\u202a", ""), ("", "\u200e")]
        before, after = harm.random.choice([*ends, ("\u202e", "")])
        site.value = f"{before}{site.text}{after}"


@fault("quotes-straightened", of="quotes", roles=_ROLES, strengths=(1.0, 1))
def quotes_straightened(harm: Harm) -> None:
    """Curly quotes are straight."""
    _each_text(harm, lambda text: text.translate(_STRAIGHT))


@fault("dashes-flattened", of="quotes", roles=_ROLES, strengths=(1.0, 1))
def dashes_flattened(harm: Harm) -> None:
    """Dashes are hyphens, and ellipses three full stops."""
    _each_text(harm, lambda text: text.translate(_DASHES))


@fault("quotes-curled", of="quotes", roles=_ROLES, strengths=(1.0, 1))
def quotes_curled(harm: Harm) -> None:
    """Straight quotes are curly."""

    def curl(text: str) -> str:
        text = re.sub(r'(^|[\s(\[])"', "\\1“", text).replace('"', "”")
        return re.sub(r"(^|[\s(\[])'", "\\1‘", text).replace("'", "’")

    _each_text(harm, curl)


@fault("title-in-capitals", of="case", roles=("title",))
def title_in_capitals(harm: Harm) -> None:
    """The title is in capitals."""
    _recase(harm, "title", str.upper)


@fault("title-in-lower-case", of="case", roles=("title",))
def title_in_lower_case(harm: Harm) -> None:
    """The title has no capitals."""
    _recase(harm, "title", str.lower)


@fault("title-capitalised", of="case", roles=("title",))
def title_capitalised(harm: Harm) -> None:
    """Every word of the title begins with a capital."""
    _recase(harm, "title", lambda text: re.sub(r"\w\S*", lambda m: m[0].capitalize(), text))


@fault("byline-in-capitals", of="case", roles=("byline",))
def byline_in_capitals(harm: Harm) -> None:
    """The byline is in capitals."""
    _recase(harm, "byline", str.upper)


@fault("paragraph-in-capitals", of="case", roles=("body",))
def paragraph_in_capitals(harm: Harm) -> None:
    """The first paragraph is in capitals, as a style sheet shows it."""
    if found := harm.body():
        found[0].value = found[1].with_texts([found[1].texts[0].upper(), *found[1].texts[1:]])


def _each_text(harm: Harm, function: Callable[[str], str]) -> None:
    """Changes every text of the record, or one: with strength 1, one of those that change.

    Addresses and machine-readable values are no texts.
    """
    changing = [
        leaf for leaf in _leaves(cast(Tree, harm.record)) if function(leaf.text) != leaf.text
    ]
    if harm.strength == 1 and isinstance(harm.strength, int) and changing:
        changing = [harm.random.choice(changing)]
    for leaf in changing:
        leaf.holder[leaf.key] = function(leaf.text)  # type: ignore[index]


class _Leaf:
    def __init__(self, holder: dict[str, Tree] | list[Tree], key: str | int) -> None:
        self.holder, self.key = holder, key

    @property
    def text(self) -> str:
        return cast(str, self.holder[self.key])  # type: ignore[index]


def _leaves(tree: Tree, role: Role = "") -> list[_Leaf]:
    found: list[_Leaf] = []
    if records.tag_of(tree):
        return found
    items: list[tuple[str | int, Tree]] = []
    if isinstance(tree, dict):
        items = list(tree.items())
    elif isinstance(tree, list):
        items = list(enumerate(tree))
    for key, value in items:
        kind = (role_of(key) or role) if isinstance(key, str) else role
        if isinstance(value, (dict, list)):
            found += _leaves(value, kind)
        elif isinstance(value, str) and kind not in _MACHINE and value.strip():
            found.append(_Leaf(cast("dict[str, Tree] | list[Tree]", tree), key))
    return found


def _entity(char: str) -> str:
    name = _NAMES.get(char)
    return f"&{name};" if name else f"&#{ord(char)};"


def _recase(harm: Harm, role: Role, function: Callable[[str], str]) -> None:
    site = harm.pick(role, where=lambda s: bool(s.text.strip()) or isinstance(s.value, list))
    if site is None:
        return
    if isinstance(site.value, list):
        site.value = [function(item) if isinstance(item, str) else item for item in site.value]
    else:
        site.value = function(site.text)
