"""What changed in a field: word-level hunks, a category, and one sentence that says it.

Comparing knows no files, no pages and no colours: values in, :class:`FieldDiff` out. A value is a
tree as records store it. Every public function is total: any two trees can be compared.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Literal, cast
from unicodedata import category as kind_of_character

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel
from w3lib.url import canonicalize_url

from harness import records
from harness.model import FieldDiff, Hunk, Kind, Piece, Tree
from harness.text import plain_quotes, shorten, squash, tokens, words

# What a change is called, most telling first: where several parts of a field changed, the first
# of their categories in this order names the field's.
CATEGORIES: Mapping[str, str] = {
    "type": "the value is of another type",
    "lost": "text or a value is gone",
    "truncated": "the end is cut off",
    "misplaced": "it holds the text of another field",
    "encoding": "characters were decoded wrongly",
    "glued": "a space between words, or the border to another field, is lost",
    "split": "a word is broken in two",
    "duplicated": "the same text stands twice",
    "chrome": "text of the page around the article leaked in",
    "gained": "text or a value is new",
    "value": "it says something else",
    "reordered": "the same parts in another order",
    "case": "only upper and lower case differ",
    "punctuation": "only punctuation or quotes differ",
    "whitespace": "only white space differs",
    "equivalent": "written differently, means the same",
}
_RANK = {name: rank for rank, name in enumerate(CATEGORIES)}

# Below this share of common text a word diff is confetti; old and new are shown whole instead.
WHOLE_BELOW = 0.35
# Above this many characters on one side, tokens are not aligned (20 ms for 50,000; quadratic in
# the number of edits).
TOKENS_UP_TO = 200_000
# So many characters of two texts tell whether one is a version of the other.
ENOUGH = 20_000
# Paragraphs are aligned up to this many on one side; a text of more is no article.
PARAGRAPHS_UP_TO = 20_000
# UTF-8 read as windows-1252, the classic: "â€™", "Ã©", "Â ".
_MOJIBAKE = re.compile("\ufffd|Ã[\u0080-¿]|â€|Â[\u00a0-¿]|[ÐÑ][\u0080-¿]")

Chrome = Callable[[str], bool]
_EMPTY: tuple[Tree, ...] = (None, "", [])


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a change of one field can be explained with.

    ``texts`` are those of the accepted and of the new record, of which the ones at or below
    ``path`` are the field's own; ``is_chrome`` says whether a text is part of the page around the
    content.
    """

    texts: Texts = field(default_factory=lambda: Texts())
    path: str = ""
    is_chrome: Chrome = lambda _: False

    def home(self, text: str) -> str | None:
        """The path of another field that has this text, white space aside."""
        return self.texts.equal(squash(text), self.path)

    def wider_home(self, text: str) -> str | None:
        """The path of another field that has this text within a longer one."""
        return self.texts.containing(squash(text), self.path)


class Texts:
    """All texts of records, and their paragraphs as one, without white space, by their paths.

    A path of two records has the text that the first has there. Indexed when first asked, once a
    comparison: a page of 5,000 records asks 5,000 times.
    """

    def __init__(self, *roots: Mapping[str, Tree]) -> None:
        self._roots = roots

    @cached_property
    def _paths(self) -> dict[str, list[str]]:
        texts: dict[str, str] = {}
        for root in self._roots:
            for path, text in records.leaves(cast(Tree, root)):
                texts.setdefault(path, text)
        found: dict[str, list[str]] = {}
        whole: dict[str, list[str]] = {}
        for path, text in texts.items():
            if key := squash(text):
                found.setdefault(key, []).append(path)
                if path.endswith("]"):
                    whole.setdefault(path[: path.rindex("[")], []).append(key)
        for path, keys in whole.items():
            if len(keys) > 1:
                found.setdefault("".join(keys), []).append(path)
        return found

    @cached_property
    def _joined(self) -> tuple[str, list[int], list[str]]:
        # No text without white space holds a line end.
        keys = list(self._paths)
        starts = [0, *accumulate(len(key) + 1 for key in keys)]
        return "\n".join(keys), starts, keys

    def equal(self, key: str, own: str) -> str | None:
        """The first path, outside of ``own``, with a text that squashes to ``key``."""
        inside = (f"{own}[", f"{own}.")
        paths = self._paths.get(key, ())
        return next((p for p in paths if p != own and not p.startswith(inside)), None)

    def containing(self, key: str, own: str) -> str | None:
        """The first path, outside of ``own``, with a text that squashed has ``key`` in it."""
        joined, starts, keys = self._joined
        position = joined.find(key)
        while position >= 0:
            i = bisect_right(starts, position) - 1
            if home := self.equal(keys[i], own):
                return home
            position = joined.find(key, starts[i + 1])
        return None


NOTHING_KNOWN = Surroundings()


def compare_records(
    old: Mapping[str, Tree],
    new: Mapping[str, Tree],
    kinds: Mapping[str, Kind] | None = None,
    is_chrome: Chrome = NOTHING_KNOWN.is_chrome,
) -> list[FieldDiff]:
    """Every difference between two records, in the order of their fields; empty when equal."""
    return list(_compare_fields(old, new, "", kinds or {}, is_chrome, Texts(old, new)))


def _compare_fields(
    old: Mapping[str, Tree],
    new: Mapping[str, Tree],
    prefix: str,
    kinds: Mapping[str, Kind],
    is_chrome: Chrome,
    texts: Texts,
) -> Iterator[FieldDiff]:
    for name in [*old, *(name for name in new if name not in old)]:
        before, after = old.get(name), new.get(name)
        if (name in old) == (name in new) and same(before, after):
            continue
        path = f"{prefix}{name}"
        kind = kinds.get(name) or records.kind_of(before, after)
        if name not in new or name not in old:
            yield _presence(path, kind, before, after, is_chrome, name in old, name in new)
        elif kind == "records" and isinstance(before, list) and isinstance(after, list):
            yield from _compare_lists(before, after, path, kinds, is_chrome, texts)
        else:
            around = Surroundings(texts, path, is_chrome)
            yield compare_field(path, kind, before, after, around)


def _same_type(old: Tree, new: Tree) -> bool:
    """Python holds 1 == True == 1.0; a record does not."""
    if type(old) is not type(new):
        return False
    if isinstance(old, list):
        return all(map(_same_type, old, cast("list[Tree]", new)))
    if isinstance(old, dict):
        return all(_same_type(old[key], cast("dict[str, Tree]", new)[key]) for key in old)
    return True


def same(old: Tree, new: Tree) -> bool:
    """Whether two values are equal in value and in type, all the way down."""
    return old == new and _same_type(old, new)


def compare_field(
    path: str, kind: Kind, old: Tree, new: Tree, around: Surroundings = NOTHING_KNOWN
) -> FieldDiff:
    """The difference between two unequal values of one field, by the comparator of its kind."""
    if old in _EMPTY or new in _EMPTY:
        return _presence(path, kind, old, new, around.is_chrome)
    if kind == "timestamp":
        return _compare_timestamps(path, old, new, around)
    if kind == "url" and isinstance(old, str) and isinstance(new, str):
        return _compare_urls(path, old, new)
    if kind == "number":
        return _compare_numbers(path, old, new)
    if kind != "exact":
        before, after = _paragraphs(old), _paragraphs(new)
        if type(old) is type(new) and before is not None and after is not None:
            if isinstance(old, str):
                return _compare_texts(path, kind, before[0], after[0], around)
            return _compare_paragraphs(path, kind, before, after, around)
    return _compare_exact(path, kind, old, new)


def _paragraphs(tree: Tree) -> list[str] | None:
    if isinstance(tree, str):
        return [tree]
    if isinstance(tree, list) and all(isinstance(item, str) for item in tree):
        return cast("list[str]", tree)
    return None


# --- values that come, go, or are compared whole ------------------------------------------------


def _presence(
    path: str,
    kind: Kind,
    old: Tree,
    new: Tree,
    is_chrome: Chrome,
    was_there: bool = True,
    is_there: bool = True,
) -> FieldDiff:
    def made(category: str, summary: str, *pieces: Piece) -> FieldDiff:
        hunks = (Hunk("", pieces),) if pieces else ()
        return FieldDiff(
            path, kind, category, summary, hunks, old_empty=was_empty, new_empty=is_empty
        )

    was_empty, is_empty = old in _EMPTY, new in _EMPTY
    if was_empty and is_empty:
        return made("type", f"{_empty_name(old, was_there)} → {_empty_name(new, is_there)}")
    if is_empty:
        return made("lost", f"lost, was {_preview(old)}", Piece("-", plain(old)))
    category = "chrome" if isinstance(new, str) and is_chrome(new) else "gained"
    summary = f"was empty, now {_preview(new)}" if was_there else f"new field: {_preview(new)}"
    return made(category, summary, Piece("+", plain(new)))


def _empty_name(value: Tree, there: bool) -> str:
    if not there:
        return "absent"
    return "null" if value is None else "empty text" if value == "" else "empty list"


def _preview(tree: Tree) -> str:
    if isinstance(tree, list):
        noun = "paragraph" if all(isinstance(item, str) for item in tree) else "record"
        return _count(len(tree), noun)
    return f"'{shorten(plain(tree), 50)}'"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def plain(tree: Tree) -> str:
    """A value as text for people: paragraphs by blank lines, a timestamp's label, else JSON."""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, list) and tree and all(isinstance(item, str) for item in tree):
        return "\n\n".join(cast("list[str]", tree))
    tag = records.tag_of(tree)
    if tag and isinstance(tree, dict):
        content = tree[tag]
        if tag == "$timestamp" and isinstance(content, dict):
            return str(content.get("text"))
        if isinstance(content, str):
            return content
    return records.dumps(tree).rstrip("\n")


def _type_name(tree: Tree) -> str:
    tag = records.tag_of(tree)
    if tag:
        return tag[1:]
    return {
        "NoneType": "null",
        "str": "text",
        "bool": "true/false",
        "int": "whole number",
        "float": "decimal number",
        "dict": "record",
    }.get(type(tree).__name__, type(tree).__name__)


def _compare_exact(path: str, kind: Kind, old: Tree, new: Tree) -> FieldDiff:
    before, after = plain(old), plain(new)
    if _type_name(old) != _type_name(new):
        summary = f"{_type_name(old)} → {_type_name(new)}: '{shorten(before, 40)}'"
        return FieldDiff(path, kind, "type", summary, _whole(before, after))
    if before == after:  # ["a", "b"] and ["a\n\nb"] read alike
        before, after = records.dumps(old), records.dumps(new)
    summary = f"'{shorten(before, 40)}' → '{shorten(after, 40)}'"
    pieces, similarity = word_diff(before, after)
    return FieldDiff(path, kind, "value", summary, (Hunk("", pieces),), similarity)


def _whole(old: str, new: str) -> tuple[Hunk, ...]:
    return (Hunk("", (Piece("-", old), Piece("+", new))),)


def _compare_numbers(path: str, old: Tree, new: Tree) -> FieldDiff:
    diff = _compare_exact(path, "number", old, new)
    if diff.category != "value":
        return diff
    try:
        delta = Decimal(plain(new)) - Decimal(plain(old))
    except ArithmeticError:  # no numbers, or 1E+999999 beside its negative
        return diff
    return replace(diff, summary=f"{plain(old)} → {plain(new)} ({delta:+})")


def _compare_urls(path: str, old: str, new: str) -> FieldDiff:
    diff = _compare_exact(path, "url", old, new)
    try:
        same_page = canonicalize_url(old) == canonicalize_url(new)
    except ValueError:  # "http://[x", lone surrogates: broken links are content
        return diff
    if same_page:
        return replace(diff, category="equivalent", summary=f"same page, now {shorten(new, 80)}")
    return diff


def _compare_timestamps(path: str, old: Tree, new: Tree, around: Surroundings) -> FieldDiff:
    if records.tag_of(old) != "$timestamp" or records.tag_of(new) != "$timestamp":
        return _compare_exact(path, "timestamp", old, new)
    was = cast("dict[str, Tree]", old)["$timestamp"]
    now = cast("dict[str, Tree]", new)["$timestamp"]
    if not isinstance(was, dict) or not isinstance(now, dict):
        return _compare_exact(path, "timestamp", old, new)
    changed = [
        key
        for key in [*was, *(k for k in now if k not in was)]
        if not same(was.get(key), now.get(key))
    ]
    if not changed:  # a key that is null on one side, absent on the other
        return _compare_exact(path, "timestamp", old, new)
    said = f"{shorten(str(was.get('text')), 30)!r} → {shorten(str(now.get('text')), 30)!r}"
    if changed == ["text"] and was.get("text") and now.get("text"):
        diff = _compare_texts(path, "timestamp", str(was["text"]), str(now["text"]), around)
        return replace(diff, summary=f"label {diff.summary}")
    details = "; ".join(_claim_change(key, was.get(key), now.get(key)) for key in changed)
    pieces, similarity = word_diff(_claim_text(was), _claim_text(now))
    summary = f"{said} ({details})" if "text" in changed else details
    return FieldDiff(path, "timestamp", "value", summary, (Hunk("", pieces),), similarity)


def _claim_change(key: str, old: Tree, new: Tree) -> str:
    if isinstance(old, dict) and isinstance(new, dict):
        moved = [part for part in {**old, **new} if not same(old.get(part), new.get(part))]
        return f"{key} {', '.join(f'{p} {old.get(p)} → {new.get(p)}' for p in moved)}"
    if key == "count" and isinstance(old, int) and isinstance(new, int):
        return f"count {old} → {new}, {new - old:+}"
    return "label" if key == "text" else f"{key} {_short_json(old)} → {_short_json(new)}"


def _short_json(value: Tree) -> str:
    return "none" if value is None else shorten(plain(value), 60)


def _claim_text(claim: Mapping[str, Tree]) -> str:
    lines = [str(claim.get("text"))]
    for key, value in claim.items():
        if key != "text" and value is not None:
            shown = (
                ", ".join(f"{k} {v}" for k, v in value.items())
                if isinstance(value, dict)
                else str(value)
            )
            lines.append(f"{key}: {shown}")
    return "\n".join(lines)


# --- text -----------------------------------------------------------------------------------------


def _compare_texts(path: str, kind: Kind, old: str, new: str, around: Surroundings) -> FieldDiff:
    pieces, similarity = compared = word_diff(old, new)
    category, summary = classify(old, new, around, compared)
    return FieldDiff(path, kind, category, summary, (Hunk("", pieces),), similarity)


def classify(
    old: str,
    new: str,
    around: Surroundings = NOTHING_KNOWN,
    compared: tuple[tuple[Piece, ...], float] | None = None,
) -> tuple[str, str]:
    """Category and one-line summary of a change between two non-empty texts.

    ``compared`` is their :func:`word_diff`, where the caller has it.
    """
    if squash(old) == squash(new):
        return _classify_spaces(old, new)
    if old.casefold() == new.casefold():
        return "case", f"only case differs: '{shorten(new)}'"
    if squash(plain_quotes(old)) == squash(plain_quotes(new)) or (
        words(old) == words(new) and _symbols(old) == _symbols(new)
    ):
        return "punctuation", _punctuation_summary(old, new)
    if len(_MOJIBAKE.findall(new)) > len(_MOJIBAKE.findall(old)):
        return "encoding", f"wrongly decoded characters: '{shorten(_around_mojibake(new))}'"
    if times := _repeated(squash(old), squash(new)):
        return (
            "duplicated",
            f"stands {'twice' if times == 2 else f'{times} times'}: '{shorten(old, 50)}'",
        )
    if home := _home_of(new, old, around):
        return "misplaced", f"now holds the text of {home}: '{shorten(new, 50)}'"
    if old in new:
        before, _, after = new.partition(old)
        return _classify_gain(before, after, around)
    stripped = new.rstrip("… .")
    if stripped and old.startswith(stripped):
        lost = old[len(stripped) :]
        return "truncated", (
            f"cut after {len(new):,} of {len(old):,} characters, lost '{shorten(lost.strip(), 50)}'"
        )
    if new in old:
        before, _, after = old.partition(new)
        lost = " … ".join(shorten(part.strip(), 50) for part in (before, after) if part.strip())
        return "lost", f"lost '{lost}'"
    return _classify_edits(old, new, around, *(compared or word_diff(old, new)))


def _symbols(text: str) -> list[str]:
    """Characters between words that say something: "$5" is not "€5", nor a heart a star."""
    if text.isascii():
        return [char for char in text if char in "$+<=>^|~"]  # without the quote among them, "`"
    return [char for char in plain_quotes(text) if kind_of_character(char)[0] == "S"]


def _classify_spaces(old: str, new: str) -> tuple[str, str]:
    before, after = words(old), words(new)
    if len(after) < len(before):
        i = _first_difference(before, after)
        return "glued", f"lost space: '{shorten(_at(after, i, new), 40)}'"
    if len(after) > len(before):
        i = _first_difference(before, after)
        pair = " ".join(after[i : i + 2])
        return (
            "split",
            f"broken word: '{shorten(_at(before, i, old), 40)}' → '{shorten(pair, 40)}'",
        )
    return "whitespace", "only white space differs"


def _at(parts: Sequence[str], i: int, default: str) -> str:
    return parts[i] if i < len(parts) else default


def _first_difference(old: Sequence[str], new: Sequence[str]) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b),
        min(len(old), len(new)),
    )


def _punctuation_summary(old: str, new: str) -> str:
    gone = Counter(old) - Counter(new)
    come = Counter(new) - Counter(old)
    marks = f"{' '.join(sorted(gone)) or 'nothing'} → {' '.join(sorted(come)) or 'nothing'}"
    noun = "quotes" if any(c in "'\"‘’“”„«»`" for c in (*gone, *come)) else "punctuation"
    return f"only {noun} differ{'s' if noun == 'punctuation' else ''}: {marks}"


def _around_mojibake(text: str) -> str:
    match = _MOJIBAKE.search(text)
    assert match is not None, "called only for texts in which the pattern was counted"
    return text[max(0, match.start() - 20) : match.end() + 20]


def _repeated(old: str, new: str) -> int:
    times, rest = divmod(len(new), len(old)) if old else (0, 1)
    return times if times > 1 and not rest and new == old * times else 0


def _home_of(new: str, old: str, around: Surroundings) -> str | None:
    """The other field whose text ``new`` is; short texts prove nothing unless they are equal."""
    if home := around.home(new):
        return home
    home = around.wider_home(new) if len(squash(new)) >= 40 else None
    if home is None:
        return None
    before, after = words(old[:ENOUGH]), words(new[:ENOUGH])
    return None if Indel.normalized_similarity(before, after) > WHOLE_BELOW else home


def _classify_gain(before: str, after: str, around: Surroundings) -> tuple[str, str]:
    extra = " … ".join(part.strip() for part in (before, after) if part.strip())
    for part in (before, after):
        touches = part and not part[0].isspace() and not part[-1].isspace()
        if touches and (home := around.home(part.strip(" ·•|-"))):
            return "glued", f"'{shorten(extra, 40)}' of {home} is glued to it"
    if all(around.is_chrome(part.strip()) for part in (before, after) if part.strip()):
        return "chrome", f"page chrome leaked in: '{shorten(extra)}'"
    return "gained", f"gained '{shorten(extra)}'"


def _classify_edits(
    old: str, new: str, around: Surroundings, pieces: tuple[Piece, ...], similarity: float
) -> tuple[str, str]:
    gone = [p.text for p in pieces if p.op == "-" and p.text.strip()]
    come = [p.text for p in pieces if p.op == "+" and p.text.strip()]
    if Counter(words(old)) == Counter(words(new)) and sorted(_symbols(old)) == sorted(
        _symbols(new)
    ):
        return "reordered", f"same words in another order: '{shorten(new, 50)}'"
    if similarity < WHOLE_BELOW:
        return "value", f"'{shorten(old, 40)}' → '{shorten(new, 40)}'"
    if gone and not come:
        return "lost", f"lost '{shorten(' … '.join(gone))}'"
    if come and not gone:
        if all(around.is_chrome(text.strip()) for text in come):
            return "chrome", f"page chrome leaked in: '{shorten(' … '.join(come))}'"
        return "gained", f"gained '{shorten(' … '.join(come))}'"
    was, now = shorten(" … ".join(gone), 40), shorten(" … ".join(come), 40)
    return "value", f"'{was}' → '{now}'"


def word_diff(old: str, new: str) -> tuple[tuple[Piece, ...], float]:
    """Old and new as pieces, in words, and their similarity (0 to 1, by common tokens).

    The ``=`` and ``-`` pieces joined are ``old``, the ``=`` and ``+`` pieces are ``new``. Common
    ends are taken off first; the middle is aligned by tokens up to TOKENS_UP_TO characters.
    """
    if old == new:
        return ((Piece("=", old),) if old else ()), 1.0
    before, after = tokens(old), tokens(new)
    head = _first_difference(before, after)
    tail = _first_difference(before[head:][::-1], after[head:][::-1])
    middle_old = before[head : len(before) - tail]
    middle_new = after[head : len(after) - tail]
    shared = "".join(before[:head]), "".join(before[len(before) - tail :] if tail else [])
    if max(len(old), len(new)) > TOKENS_UP_TO:
        middle = [Piece("-", "".join(middle_old)), Piece("+", "".join(middle_new))]
    else:
        middle = _aligned(middle_old, middle_new)
    kept = sum(len(p.text) for p in middle if p.op == "=") + sum(map(len, shared))
    similarity = 2 * kept / (len(old) + len(new))
    if similarity < WHOLE_BELOW and old and new:
        return (Piece("-", old), Piece("+", new)), similarity
    pieces = [Piece("=", shared[0]), *_without_specks(middle), Piece("=", shared[1])]
    return tuple(_joined(pieces)), similarity


def _aligned(old: list[str], new: list[str]) -> list[Piece]:
    pieces: list[Piece] = []
    for op in Indel.opcodes(old, new):
        was, now = (
            "".join(old[op.src_start : op.src_end]),
            "".join(new[op.dest_start : op.dest_end]),
        )
        if op.tag == "equal":
            pieces.append(Piece("=", was))
        else:
            pieces += [Piece("-", was), Piece("+", now)]
    return pieces


def _without_specks(pieces: list[Piece]) -> list[Piece]:
    """Equal runs of white space or a lone token between edits join the edits: easier to read."""
    out: list[Piece] = []
    for i, piece in enumerate(pieces):
        before, after = pieces[max(0, i - 2) : i], pieces[i + 1 : i + 3]
        between = any(p.op != "=" for p in before) and any(p.op != "=" for p in after)
        speck = piece.op == "=" and (
            not piece.text.strip() or (len(tokens(piece.text)) <= 2 and len(piece.text) <= 2)
        )
        if speck and between:
            out += [Piece("-", piece.text), Piece("+", piece.text)]
        else:
            out.append(piece)
    return out


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbouring pieces of one kind as one; between two shared ones, first old, then new."""
    gone: list[str] = []
    come: list[str] = []
    kept: list[str] = []
    for piece in [*pieces, Piece("=", "")]:
        if piece.op == "=":
            if piece.text and (gone or come):
                yield from _flush(kept, gone, come)
            kept.append(piece.text)
        elif piece.text:
            (gone if piece.op == "-" else come).append(piece.text)
    yield from _flush(kept, gone, come)


def _flush(kept: list[str], gone: list[str], come: list[str]) -> Iterator[Piece]:
    ops: tuple[tuple[Literal["=", "-", "+"], list[str]], ...] = (
        ("=", kept),
        ("-", gone),
        ("+", come),
    )
    for op, parts in ops:
        if text := "".join(parts):
            yield Piece(op, text)
        parts.clear()


# --- paragraphs -----------------------------------------------------------------------------------


def _compare_paragraphs(
    path: str, kind: Kind, old: list[str], new: list[str], around: Surroundings
) -> FieldDiff:
    changes = list(_paragraph_changes(old, new, around))
    hunks = tuple(change.hunk for change in changes)
    shared = sum(len(p.text) for h in hunks for p in h.pieces if p.op == "=")
    untouched = sum(len(p) for p in (Counter(old) & Counter(new)).elements())
    size = sum(map(len, old)) + sum(map(len, new))
    similarity = min(1.0, 2 * (shared + untouched) / size) if size else 1.0
    category, summary = _classify_paragraphs(old, new, changes, around)
    return FieldDiff(path, kind, category, summary, hunks, similarity)


@dataclass(frozen=True, slots=True)
class _Change:
    category: str
    summary: str
    hunk: Hunk
    index: int


def _paragraph_changes(old: list[str], new: list[str], around: Surroundings) -> Iterator[_Change]:
    """Paragraphs are matched first, whole; only inside what is left are words compared."""
    known = frozenset(old)
    if max(len(old), len(new)) > PARAGRAPHS_UP_TO:
        head = _first_difference(old, new)
        pieces = (Piece("-", "\n\n".join(old[head:])), Piece("+", "\n\n".join(new[head:])))
        yield _Change("value", "too many paragraphs to align", Hunk("", pieces), head)
        return
    before: list[int] = []
    after: list[int] = []
    # Indel knows no replacement: what lies between two equal runs is one block, in any order.
    for op in Indel.opcodes(old, new):
        if op.tag == "equal":
            yield from _block(old, new, before, after, known, around)
            before, after = [], []
        else:
            before += range(op.src_start, op.src_end)
            after += range(op.dest_start, op.dest_end)
    yield from _block(old, new, before, after, known, around)


def _block(
    old: list[str],
    new: list[str],
    before: list[int],
    after: list[int],
    known: frozenset[str],
    around: Surroundings,
) -> Iterator[_Change]:
    pairs = dict(_pair(old, new, before, after))
    taken = set(pairs.values())
    spare = iter([j for j in after if j not in taken])
    for i in before:
        where = f"paragraph {i + 1} of {len(old)}"
        if i in pairs:
            was, now = old[i], new[pairs[i]]
            compared = word_diff(was, now)
            category, summary = classify(was, now, around, compared)
            yield _Change(category, summary, Hunk(where, compared[0]), i)
        else:
            yield _Change(
                "lost", f"lost '{shorten(old[i])}'", Hunk(where, (Piece("-", old[i]),)), i
            )
    for j in spare:
        category = "chrome" if around.is_chrome(new[j]) else "gained"
        if category == "gained" and new[j] in known:
            category = "duplicated"
        elif category == "gained" and (home := _home_of(new[j], "", around)):
            category = "misplaced"
            summary = f"holds the text of {home}: '{shorten(new[j], 50)}'"
            yield _Change(
                category, summary, Hunk(f"new paragraph {j + 1}", (Piece("+", new[j]),)), j
            )
            continue
        yield _Change(
            category,
            f"{'page chrome leaked in' if category == 'chrome' else category}: '{shorten(new[j])}'",
            Hunk(f"new paragraph {j + 1}", (Piece("+", new[j]),)),
            j,
        )


def _pair(
    old: list[str], new: list[str], before: list[int], after: list[int]
) -> Iterator[tuple[int, int]]:
    """Old and new paragraphs that are versions of each other, in order, most similar first."""
    spare = list(after)
    was = {i: _outline(old[i][:ENOUGH]) for i in before}
    now = {j: _outline(new[j][:ENOUGH]) for j in after}
    # A block of n × m comparisons, each of them quadratic in its texts: 0.2 s at the limit, beyond
    # it only neighbours are compared.
    effort = sum(map(len, was.values())) * sum(map(len, now.values()))
    window = len(spare) if len(before) * len(spare) <= 10_000 and effort <= 10**10 else 3
    for i in before:
        best, best_ratio = None, 100 * WHOLE_BELOW
        for j in spare[:window]:
            ratio = _likeness(was[i], now[j], best_ratio)
            if ratio > best_ratio:
                best, best_ratio = j, ratio
        if best is not None:
            yield i, best
            spare = [j for j in spare if j > best]


def _outline(text: str) -> str:
    """A text without what tells its versions apart: case, white space, a wrong decoding."""
    if _MOJIBAKE.search(text):
        text = text.encode("cp1252", "ignore").decode("utf-8", "ignore")
    return squash(text).casefold()


def _likeness(old: str, new: str, above: float) -> float:
    """0 to 100, or 0 when not ``above``. A text that holds all of the other is its version."""
    short, long = (old, new) if len(old) < len(new) else (new, old)
    if len(short) > 20 and short in long:
        return 99.0
    return float(fuzz.ratio(old, new, score_cutoff=above))


def _classify_paragraphs(
    old: list[str], new: list[str], changes: list[_Change], around: Surroundings
) -> tuple[str, str]:
    joined_old, joined_new = "\n\n".join(old), "\n\n".join(new)
    if Counter(old) == Counter(new):
        moved = [i + 1 for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        return "reordered", f"{_count(len(moved), 'paragraph')} in another order"
    if squash(joined_old) == squash(joined_new):
        if words(joined_old) == words(joined_new):
            if len(old) == len(new):
                return "whitespace", "only white space differs"
            category = "glued" if len(new) < len(old) else "split"
            return category, f"{len(old)} paragraphs became {len(new)}, the words are the same"
        return _classify_spaces(joined_old, joined_new)
    if _repeated(squash(joined_old), squash(joined_new)):
        return "duplicated", f"the whole text stands twice, {_count(len(new), 'paragraph')}"
    if similarity_of(joined_old, joined_new) < WHOLE_BELOW and (
        home := _home_of(joined_new, joined_old, around)
    ):
        return "misplaced", f"now holds the text of {home}: '{shorten(joined_new, 50)}'"
    kept = joined_new.rstrip("… .")
    if kept and joined_old.startswith(kept):
        whole = old[: len(new)] == new
        if not whole or len(old) - len(new) > 1:
            return "truncated", (
                f"cut after {len(joined_new):,} of {len(joined_old):,} characters,"
                f" {_count(len(old) - len(new), 'paragraph')} and more lost"
                if not whole
                else f"the last {len(old) - len(new)} of {len(old)} paragraphs are lost"
            )
    category = min((change.category for change in changes), key=_RANK.__getitem__, default="value")
    return category, _summarise(changes, old)


def similarity_of(old: str, new: str) -> float:
    """A quick share of common words, 0 to 1, order aside."""
    before, after = Counter(words(old)), Counter(words(new))
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1.0


def _summarise(changes: list[_Change], old: list[str]) -> str:
    by_category: dict[str, list[_Change]] = {}
    for change in sorted(changes, key=lambda c: _RANK[c.category]):
        by_category.setdefault(change.category, []).append(change)
    parts = []
    for category, group in by_category.items():
        if len(group) == 1:
            change = group[0]
            where = change.hunk.where
            parts.append(change.summary if where.startswith("new") else f"{where} {change.summary}")
        elif category == "lost":
            parts.append(f"{len(group)} of {len(old)} paragraphs lost")
        else:
            parts.append(f"{len(group)} paragraphs: {CATEGORIES[category]}")
    return "; ".join(parts)


# --- lists of records -----------------------------------------------------------------------------


def _compare_lists(
    old: list[Tree],
    new: list[Tree],
    path: str,
    kinds: Mapping[str, Kind],
    is_chrome: Chrome,
    texts: Texts,
) -> Iterator[FieldDiff]:
    pairs = match_records(old, new)
    lost = [i for i in range(len(old)) if i not in pairs]
    taken = set(pairs.values())
    gained = [j for j in range(len(new)) if j not in taken]
    if lost:
        yield _items_diff(path, "lost", [(i, old[i]) for i in lost], len(old), bool(new))
    if gained:
        yield _items_diff(path, "gained", [(j, new[j]) for j in gained], len(new), True)
    order = [pairs[i] for i in sorted(pairs)]
    if order != sorted(order):
        shown = [_identity(old[i]) for i in sorted(pairs)]
        after = [_identity(old[i]) for i in sorted(pairs, key=lambda i: pairs[i])]
        yield FieldDiff(
            path,
            "records",
            "reordered",
            f"{len(pairs)} records in another order, now first: '{shorten(after[0], 40)}'",
            (Hunk("order", word_diff("\n".join(shown), "\n".join(after))[0]),),
            1.0,
        )
    for i, j in sorted(pairs.items()):
        before, after_ = old[i], new[j]
        if same(before, after_):
            continue
        if isinstance(before, dict) and isinstance(after_, dict):
            prefix = f"{path}[{i}]."
            yield from _compare_fields(before, after_, prefix, kinds, is_chrome, texts)
        else:
            kind = records.kind_of(before, after_)
            yield compare_field(f"{path}[{i}]", kind, before, after_)


def _items_diff(
    path: str,
    category: Literal["lost", "gained"],
    items: list[tuple[int, Tree]],
    of: int,
    any_left: bool,
) -> FieldDiff:
    op: Literal["-", "+"] = "-" if category == "lost" else "+"
    names = ", ".join(f"'{shorten(_identity(item), 40)}'" for _, item in items[:3])
    more = f" and {len(items) - 3} more" if len(items) > 3 else ""
    which = (
        f"record {items[0][0] + 1} of {of}" if len(items) == 1 else f"{len(items)} of {of} records"
    )
    hunks = tuple(Hunk(f"[{i}]", (Piece(op, _record_text(item)),)) for i, item in items)
    return FieldDiff(
        path,
        "records",
        category,
        f"{category} {which}: {names}{more}",
        hunks,
        0.0,
        new_empty=category == "lost" and not any_left,
    )


def _record_text(tree: Tree) -> str:
    if not isinstance(tree, dict):
        return plain(tree)
    return "\n".join(f"{key}: {plain(value)}" for key, value in tree.items() if value not in _EMPTY)


def _identity(tree: Tree) -> str:
    """The text by which people know a record: its title, else its first text."""
    if isinstance(tree, dict) and isinstance(title := tree.get("title"), str):
        return title
    return next((text for _, text in records.leaves(tree)), plain(tree))


def match_records(old: list[Tree], new: list[Tree]) -> dict[int, int]:
    """Which new record is which old one: equal ones, then same identity, then alike."""
    pairs: dict[int, int] = {}
    free = dict.fromkeys(range(len(new)))
    for key in (records.dumps, _identity, lambda tree: squash(_identity(tree)).casefold()):
        places: dict[str, list[int]] = {}
        for j in free:
            places.setdefault(key(new[j]), []).append(j)
        for i, item in enumerate(old):
            if i not in pairs and (found := places.get(key(item))):
                pairs[i] = found.pop(0)
                del free[pairs[i]]
    rest = [i for i in range(len(old)) if i not in pairs]
    if rest and free:
        spare = list(free)
        # Past 40,000 comparisons (0.2 s) each is only held against those around its place.
        reach = max(10, 40_000 // (2 * len(rest)))
        near = (spare[max(0, n - reach) : n + reach] for n in range(len(rest)))
        scored = sorted(
            (
                (_record_likeness(old[i], new[j]), -abs(i - j), -i, -j)
                for i, candidates in zip(rest, near, strict=True)
                for j in candidates
            ),
            reverse=True,
        )
        for ratio, _, i, j in scored:
            if ratio > 60 and -i not in pairs and -j in free:
                pairs[-i] = -j
                del free[-j]
    return pairs


def _record_likeness(old: Tree, new: Tree) -> float:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return 0.0
    ratios = [
        float(fuzz.ratio(plain(old[key])[:400], plain(new[key])[:400]))
        for key in old
        if key in new and old[key] not in _EMPTY and new[key] not in _EMPTY
    ]
    return max(
        fuzz.ratio(_identity(old), _identity(new)), sum(ratios) / len(ratios) if ratios else 0
    )
