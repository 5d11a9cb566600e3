"""The order in which people should look at changed pages."""

from __future__ import annotations

from harness.comparison.model import FieldChange, PageChange

# As many pages are listed whatever happened; beside them, all that lost much of their body.
AT_LEAST = 10


def order(page: PageChange) -> tuple[int, float, int, str]:
    """The sort key of a page, worst first.

    Bodies come before all else: a lost byline on thirty pages must not push one lost article out of
    sight. They are ranked by what is at risk (``Judgement.risk``), whatever the verdict: what
    seems a large gain may be a large loss. All else goes by verdict, then loss × confidence; by
    the words that are gone where that is equal.
    """
    gone = -page.body.tokens_removed if page.body else 0
    if page.is_at_risk:
        return 0, -page.at_risk, gone, page.capture
    loss = max(f.loss for f in page.fields)
    if page.verdict == "better":
        return 4, _gain(page.fields), gone, page.capture
    return {"worse": 1, "unsure": 2}.get(page.verdict, 3), -loss, gone, page.capture


def _gain(fields: tuple[FieldChange, ...]) -> float:
    return max(-f.loss for f in fields)


def worst(pages: tuple[PageChange, ...], at_least: int = AT_LEAST) -> tuple[PageChange, ...]:
    """Of pages in order the ones to look at: all large losses, and ten more.

    Among them may be a page that seems better, where a large change is hard to tell.
    """
    looked_at = [p for p in pages if p.verdict in ("worse", "unsure") or p.is_at_risk]
    large = [rank for rank, page in enumerate(looked_at, 1) if page.lost_body]
    return tuple(looked_at[: max(at_least + len(large), *large, 0)])
