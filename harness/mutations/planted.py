"""Text that no field may take: out of sight, or of the page and not of the article."""

from __future__ import annotations

from random import Random

from harness.mutations.content import canary, insert, new_word
from harness.mutations.differences import Planted
from harness.mutations.draft import Change, Draft, Mutation, html_mutation
from harness.mutations.relations import MayDrift, Relation, SameTokens

HIDDEN, LAYOUT = "hidden text", "layout"

_HIDDEN = {
    "style": ("display:none", '<p style="display:none">{}</p>'),
    "attribute": ("the hidden attribute", "<p hidden>{}</p>"),
    "visibility": ("visibility:hidden", '<div style="visibility: hidden"><p>{}</p></div>'),
    "template": ("a template", "<template><p>{}</p></template>"),
    "ad": ("an ad that is not shown", '<div class="ad-slot" style="display:none"><p>{}</p></div>'),
    "script": ("a script's text", '<script type="text/template"><p>{}</p></script>'),
}


def plant(
    draft: Draft, rng: Random, markup: str, fault: str, *, first: bool = False
) -> tuple[str, SameTokens, str] | None:
    """The source with a canary in ``markup`` between paragraphs of the article (or before)."""
    run = draft.outline.article
    if len(run) < 2:
        return None
    anchor = run[0] if first else run[rng.randrange(len(run) - 1)]
    mark = new_word(draft, rng)
    model = max(run, key=lambda p: len(p.text))
    text = canary(model.text[:400], mark, rng)
    place = anchor.start if first else anchor.end + 1
    source = insert(draft, place, markup.replace("{}", draft.escape(text)))
    return source, SameTokens((Planted(mark, fault),)), mark


def _hidden(name: str, summary: str, markup: str) -> Mutation:
    def rewrite(draft: Draft, rng: Random) -> Change | None:
        made = plant(draft, rng, markup, "hidden-text")
        if made is None:
            return None
        source, relation, mark = made
        return Change(source, relation, f"hidden text with {mark!r}: {summary}", "same-lines")

    return html_mutation(f"hidden-{name}", HIDDEN, f"a paragraph out of sight: {summary}")(rewrite)


_BLOCKS = {
    "caption": (
        "caption-leak",
        "a figure with its caption",
        '<figure><img src="photo.jpg" alt=""><figcaption>{}</figcaption></figure>',
    ),
    "ad": (
        "chrome-leak",
        "an ad that is shown",
        '<div class="advertisement"><span>Advertisement</span><div>{}</div></div>',
    ),
    "related": (
        "related-leak",
        "a list of related stories",
        '<aside class="related"><h3>More</h3><ul><li><a href="/s/1">{}</a></li></ul></aside>',
    ),
    "read-more": (
        "related-leak",
        "a line that points to another story",
        '<p class="read-more"><strong>Read more: <a href="/story/3">{}</a></strong></p>',
    ),
    "newsletter": (
        "chrome-leak",
        "a box that offers a newsletter",
        '<form class="newsletter"><label>{}</label><input name="e"><button>OK</button></form>',
    ),
}


def _block(name: str, fault: str, summary: str, markup: str) -> Mutation:
    relation: Relation = MayDrift(SameTokens())

    def rewrite(draft: Draft, rng: Random) -> Change | None:
        made = plant(draft, rng, markup, fault)
        if made is None:
            return None
        source, same, mark = made
        return Change(source, MayDrift(same), f"{summary}, with {mark!r}")

    return html_mutation(
        f"{name}-block", LAYOUT, f"{summary} between paragraphs", relation=relation
    )(rewrite)


MUTATIONS: tuple[Mutation, ...] = (
    *(_hidden(name, *rest) for name, rest in _HIDDEN.items()),
    *(_block(name, *rest) for name, rest in _BLOCKS.items()),
)
