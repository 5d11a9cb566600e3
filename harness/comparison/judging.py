"""One capture, two outcomes: what changed, and whether that is better or worse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from harness.comparison.model import (
    LARGE_LOSS,
    RECORD,
    BodyChange,
    FieldChange,
    PageChange,
    PageVerdict,
)
from harness.comparison.neutral import neutral
from harness.diff import Chrome, compare_records, plain, same, word_diff
from harness.invariants import role_of
from harness.judge import raised, selects
from harness.model import (
    Capture,
    Failure,
    FieldDiff,
    Finding,
    Golden,
    Hunk,
    Outcome,
    Piece,
    Tree,
    root_of,
)
from harness.page import Page
from harness.plausible import Judgement, judge_page
from harness.provenance import Tracer, weaker_place
from harness.records import leaves
from harness.scoring import counterpart, field_score, snippets
from harness.text import shorten, words

# Scores are shares of counted things; two that are nearer than this differ by rounding.
_ROUNDING = 1e-9
# No page was looked at by a person, so such a golden is the better guess, and no more.
_AUTO_GOLDEN = 0.9


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a capture on which two outcomes differ.

    ``findings`` gives what invariants have against an outcome; it is asked only where no golden
    says more.
    """

    capture: Capture
    golden: Golden | None
    page: Page
    findings: Callable[[Outcome], Sequence[Finding]]
    is_chrome: Chrome
    roles: Mapping[str, str]
    only: Collection[str] = ()
    sure: float = 0.5


def alike(old: Outcome, new: Outcome) -> bool:
    """Whether two outcomes are the same record, or the same failure."""
    if old.record is None or new.record is None:
        return old.record is new.record and _raised(old.failure) == _raised(new.failure)
    return old.record == new.record and same(old.record, new.record)


def change_of(context: Context, old: Outcome, new: Outcome) -> PageChange | None:
    """What differs between two outcomes and what to think of it; None where nothing does."""
    if old.record is None and new.record is None:
        changed = [_another_failure(old.failure, new.failure)]
    else:
        changed = _changed_fields(context, old, new)
        if (old.record is None) != (new.record is None) and not context.only:
            changed.append(_one_failure(old.failure, new.failure))
    if not changed:
        return None
    ranked = tuple(sorted(changed, key=lambda f: _rank(f, context.sure)))
    verdict, mixed = page_verdict(ranked, context.sure)
    return PageChange(context.capture.id, verdict, mixed, ranked, _body_change(ranked, old, new))


def page_verdict(fields: Sequence[FieldChange], sure: float) -> tuple[PageVerdict, bool]:
    """The verdict on a page and whether it is mixed: the worst field that is sure decides.

    A record where none was given is better, whatever is in it.
    """
    # Where nothing was given before, no field of what is given now is a loss.
    if any(each.field == RECORD and verdict_of(each, sure) == "better" for each in fields):
        return "better", False
    said = {verdict_of(each, sure) for each in fields}
    mixed = {"better", "worse"} <= said
    if "worse" in said:
        return "worse", mixed
    # A better title must not hide a body that may be gone.
    doubts = [-f.judgement.delta for f in fields if verdict_of(f, sure) == "unsure" and f.is_body]
    if "better" in said and max(doubts, default=0) <= LARGE_LOSS:
        return "better", False
    return ("unsure" if "unsure" in said else "neutral"), False


def verdict_of(change: FieldChange, sure: float) -> PageVerdict:
    """A field's verdict; ``unsure`` where the confidence is too low, also for "neutral"."""
    judged = change.judgement
    return judged.verdict if judged.confidence >= sure else "unsure"


def _rank(change: FieldChange, sure: float) -> tuple[int, float, str]:
    order = ("worse", "unsure", "neutral", "better")
    return order.index(verdict_of(change, sure)), -change.loss, change.field


def _changed_fields(context: Context, old: Outcome, new: Outcome) -> list[FieldChange]:
    before, after = old.record or {}, new.record or {}
    kinds = {**old.kinds, **new.kinds}
    diffs: dict[str, list[FieldDiff]] = {}
    moved = weaker_place(lambda: Tracer(context.page))
    for diff in compare_records(before, after, kinds, context.is_chrome, moved):
        if not context.only or selects(context.only, diff.field):
            diffs.setdefault(root_of(diff.field), []).append(diff)
    found: dict[str, FieldChange] = {}
    open_fields = []
    for name, parts in diffs.items():
        role, was, now = role_of(name, context.roles), before.get(name), after.get(name)
        made = FieldChange(name, role, _NOT_JUDGED, tuple(parts))
        by_golden = _by_golden(context, made, (was, now), old, new)
        if judged := neutral(role, was, now, parts):
            same_words = role == "body" and _words(was) == _words(now)
            told = tuple(_borders(part, was, now) for part in parts) if same_words else parts
            found[name] = replace(by_golden or made, judgement=judged, diffs=tuple(told))
        elif by_golden:
            found[name] = by_golden
        else:
            open_fields.append(made)
    if open_fields:
        judged_by_page = judge_page(
            before,
            after,
            context.capture,
            context.findings(old) if old.record is not None else (),
            context.findings(new) if new.record is not None else (),
            kinds,
            page=context.page,
            roles=context.roles,
        )
        for each in open_fields:
            judgement = judged_by_page.get(each.field, _NOT_JUDGED)
            found[each.field] = replace(each, judgement=judgement)
    return [found[name] for name in diffs]


def _borders(diff: FieldDiff, old: Tree, new: Tree) -> FieldDiff:
    """The difference of two bodies of the same words, called by what it is.

    A list's bullet that becomes part of its paragraph is, paragraph by paragraph, a loss.
    """
    if diff.category not in ("lost", "gained", "value", "truncated", "chrome", "duplicated"):
        return diff
    was, now = (len(value) if isinstance(value, list) else 1 for value in (old, new))
    if was == now:
        return replace(diff, category="punctuation", summary="the words are the same")
    summary = f"{was:,} paragraphs became {now:,}, the words are the same"
    return replace(diff, category="glued" if now < was else "split", summary=summary)


_NOT_JUDGED = Judgement("neutral", 0.0, 0.0, "page", ("nothing is known of such a field",))


def asserted(
    golden: Golden | None, record: Mapping[str, Tree], roles: Mapping[str, str]
) -> dict[str, Tree]:
    """What a golden expects of the fields of a record, by their names there."""
    if golden is None or golden.trust == "known-wrong":
        return {}
    found: dict[str, Tree] = {}
    for name, value in golden.fields.items():
        home = counterpart(name, record, roles)
        # A field of the very name comes before one that is for the same.
        if home is not None and (home == name or home not in found):
            found[home] = value
    return found


def _by_golden(
    context: Context, change: FieldChange, values: tuple[Tree, Tree], old: Outcome, new: Outcome
) -> FieldChange | None:
    """The change as the golden judges it; None where it says nothing of the field."""
    golden = context.golden
    if golden is None or golden.trust == "known-wrong":
        return None
    sure = 1.0 if golden.trust == "reviewed" else _AUTO_GOLDEN
    both = old.record or {}, new.record or {}
    expected = asserted(golden, {**both[0], **both[1]}, context.roles)
    if change.field in expected:
        wanted, kind = expected[change.field], change.diffs[0].kind
        scores = field_score(wanted, values[0], kind), field_score(wanted, values[1], kind)
        said = f"score against the golden {scores[0]:.3f} → {scores[1]:.3f}"
        shown = "nothing" if wanted is None else plain(wanted)
        judged = _scored(scores, sure, said)
        return replace(change, judgement=judged, expected=shown, scores=scores)
    if change.role == "body" and (golden.contains or golden.excludes):
        held = _snippets_held(golden, both[0]), _snippets_held(golden, both[1])
        if held[0] != held[1]:
            said = f"what the golden requires and excludes: {held[0]:.0%} → {held[1]:.0%} right"
            return replace(change, judgement=_scored(held, sure, said))
    return None


def _scored(scores: tuple[float, float], confidence: float, reason: str) -> Judgement:
    delta = scores[1] - scores[0]
    if abs(delta) < _ROUNDING:
        return Judgement("neutral", confidence, 0.0, "golden", (reason,))
    return Judgement("better" if delta > 0 else "worse", confidence, delta, "golden", (reason,))


def is_right(score: float) -> bool:
    """Whether a score says that the golden agrees."""
    return score >= 1 - _ROUNDING


def _snippets_held(golden: Golden, record: Mapping[str, Tree]) -> float:
    """The share of what a golden requires and excludes that a record gets right."""
    found = snippets(golden, record)
    return (found.held + found.kept_out) / (found.of_contains + found.of_excludes)


def _body_change(fields: Sequence[FieldChange], old: Outcome, new: Outcome) -> BodyChange | None:
    change = next((f for f in fields if f.role == "body"), None)
    if change is None:
        return None
    was, now = (_words((each.record or {}).get(change.field)) for each in (old, new))
    before, after = Counter(was), Counter(now)
    removed, added = (before - after).total(), (after - before).total()
    scores = change.scores or (None, None)
    return BodyChange(len(was), len(now), removed, added, *scores)


def _words(value: Tree) -> list[str]:
    return words("\n".join(text for _, text in leaves(value)))


def _one_failure(old: Failure | None, new: Failure | None) -> FieldChange:
    failure = new or old
    assert failure is not None, "an outcome holds a record or a failure"
    if new:
        said = f"raises {shorten(_raised(new), 120)}, gave a record before"
        judged = Judgement("worse", 1.0, -1.0, "equal", ("no record is given any more",))
        pieces = (Piece("+", _raised(new)),)
    else:
        said = f"gives a record now, raised {shorten(_raised(failure), 120)}"
        judged = Judgement("better", 1.0, 1.0, "equal", ("a record is given now",))
        pieces = (Piece("-", _raised(failure)),)
    diff = FieldDiff(RECORD, "exact", "lost" if new else "gained", said, (Hunk("", pieces),))
    return FieldChange(RECORD, "", judged, (diff,))


def _another_failure(old: Failure | None, new: Failure | None) -> FieldChange:
    pieces, similarity = word_diff(_raised(old), _raised(new))
    said = shorten(f"raises {_raised(new)}, was {_raised(old)}", 160)
    diff = FieldDiff(RECORD, "exact", "value", said, (Hunk("", pieces),), similarity)
    judged = Judgement("neutral", 1.0, 0.0, "equal", ("neither side gives a record",))
    return FieldChange(RECORD, "", judged, (diff,))


def _raised(failure: Failure | None) -> str:
    return raised(failure) if failure else ""
