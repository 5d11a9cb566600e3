"""The order in which people should look at changed pages."""

from __future__ import annotations

from harness.comparison.model import FieldChange, PageChange

# As many pages are listed whatever happened; more, where more lost much of their body.
AT_LEAST = 10


def order(page: PageChange) -> tuple[int, float, int, str]:
    """The sort key of a page, worst first.

    Bodies that lost much come before all else: a lost byline on thirty pages must not push one lost
    article out of sight. Then by loss × confidence; by the words that are gone where that is equal.
    """
    gone = -page.body.tokens_removed if page.body else 0
    if page.verdict == "worse" and page.lost_body:
        return 0, -max(f.loss for f in page.fields if f.is_body), gone, page.capture
    loss = max(f.loss for f in page.fields)
    if page.verdict == "better":
        return 4, _gain(page.fields), gone, page.capture
    return {"worse": 1, "unsure": 2}.get(page.verdict, 3), -loss, gone, page.capture


def _gain(fields: tuple[FieldChange, ...]) -> float:
    return max(-f.loss for f in fields)


def worst(pages: tuple[PageChange, ...], at_least: int = AT_LEAST) -> tuple[PageChange, ...]:
    """Of pages in order the ones to look at: ten of the worse and unsure, or all large losses."""
    looked_at = [page for page in pages if page.verdict in ("worse", "unsure")]
    large = sum(page.verdict == "worse" and page.lost_body for page in looked_at)
    return tuple(looked_at[: max(at_least, large)])
