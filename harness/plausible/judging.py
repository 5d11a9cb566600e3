"""The fields of two records of one page, judged one by one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from harness.content import Model, Reference
from harness.invariants import role_of
from harness.model import Capture, Finding, Kind, Tree, root_of
from harness.page import Page
from harness.plausible.bodies import judge_body
from harness.plausible.fields import judge_byline, judge_date, judge_other, judge_title
from harness.plausible.judgement import Judgement, of_odds
from harness.plausible.values import texts, words_of
from harness.text import words

# A field whose name tells nothing is read as content when it is as long as a short article.
_CONTENT = 60
# Learnt from HTML pages: of others less is known.
_NO_HTML = 0.5
# What an error that an invariant finds in one value only says for the other, as log odds.
_ERROR = 1.2


class Ground:
    """What judging the fields of one page needs of it, found once and only when asked."""

    def __init__(self, page: Page, model: Model | None = None) -> None:
        self.page = page
        self._model = model

    @cached_property
    def reference(self) -> Reference:
        """The page with the chances of its lines to be content."""
        return Reference(self.page, self._model)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the page's source, in lower case."""
        return frozenset(word.casefold() for word in words(self.page.source))


def judge_page(
    old: Mapping[str, Tree],
    new: Mapping[str, Tree],
    capture: Capture,
    old_findings: Sequence[Finding] = (),
    new_findings: Sequence[Finding] = (),
    kinds: Mapping[str, Kind] | None = None,
    *,
    page: Page | None = None,
    roles: Mapping[str, str] | None = None,
    model: Model | None = None,
) -> dict[str, Judgement]:
    """Every field whose value differs, by name, with what the page says of the change.

    A record that an extractor failed to give is an empty mapping. Equal records give nothing, and
    cost a comparison. ``page`` saves parsing one twice; ``roles`` names the roles of fields whose
    names do not tell; ``model`` is another one than the harness comes with.
    """
    changed = [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    if not changed:
        return {}
    ground = Ground(page or Page(capture), model)
    return {
        name: judge_field(
            name,
            old.get(name),
            new.get(name),
            ground,
            [f for f in old_findings if root_of(f.field) == name],
            [f for f in new_findings if root_of(f.field) == name],
            kind=(kinds or {}).get(name),
            roles=roles,
        )
        for name in changed
    }


def judge_field(
    name: str,
    old: Tree,
    new: Tree,
    ground: Ground,
    old_findings: Sequence[Finding] = (),
    new_findings: Sequence[Finding] = (),
    *,
    kind: Kind | None = None,
    roles: Mapping[str, str] | None = None,
) -> Judgement:
    """What the page says of one field's change. ``ground`` may be shared by a page's fields."""
    if old == new or texts(old) == texts(new):
        return Judgement("neutral", 1.0, 0.0, "equal", ("nothing that a reader sees differs",))
    role = role_of(name, roles)
    source, page = ground.reference.source, ground.page
    if role in ("body", "html") or (role == "" and _is_content(old, new)):
        judged = judge_body(ground.reference, old, new, old_findings, new_findings)
        sure = 1.0 if page.is_html or judged.basis == "equal" else _NO_HTML
        return replace(judged, confidence=judged.confidence * sure)
    if role == "title":
        judged = judge_title(source.metadata, old, new)
    elif role == "byline":
        judged = judge_byline(source.metadata, page.source.casefold(), old, new)
    elif role in ("published", "modified") or kind == "timestamp":
        judged = judge_date(page, source.metadata, role, old, new)
    else:
        judged = judge_other(ground.words, old, new)
    return _weighed(judged, old_findings, new_findings)


def _is_content(old: Tree, new: Tree) -> bool:
    return max(len(words_of(old)), len(words_of(new))) >= _CONTENT


def _weighed(
    judged: Judgement, old_findings: Sequence[Finding], new_findings: Sequence[Finding]
) -> Judgement:
    """A judgement with regard to what invariants find in one value and not in the other."""
    if judged.basis == "equal":
        return judged
    gone = {(f.invariant, f.message) for f in old_findings if f.severity == "error"}
    come = {(f.invariant, f.message) for f in new_findings if f.severity == "error"}
    step = len({n for n, _ in gone}) - len({n for n, _ in come})
    if not step:
        return judged
    sign = 1 if judged.delta > 0 else -1 if judged.delta < 0 else 0
    odds = sign * _odds(judged.confidence) + _ERROR * max(-2, min(2, step))
    said = [f"{name}: {message}" for name, message in sorted(come - gone)][:2]
    said += [f"no longer {name}" for name in sorted({n for n, _ in gone} - {n for n, _ in come})][
        :1
    ]
    size = max(abs(judged.delta), 0.1)
    return of_odds(odds, size, "invariants", (*said, *judged.reasons))


def _odds(confidence: float) -> float:
    return 2 * math.atanh(min(confidence, 0.999))
