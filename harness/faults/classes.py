"""The classes of faults that extractors really have, one word each, as findings name them."""

from __future__ import annotations

from collections.abc import Mapping

# From the issue trackers of trafilatura, newspaper4k, readability, fundus, goose3, jusText,
# dateparser and htmldate, and from what their releases did to real pages.
CLASSES: Mapping[str, str] = {
    # text that is not there
    "empty": "a field is empty that the page shows",
    "stub": "a teaser, paywall or consent notice stands for the article",
    "truncated": "the end of a text is missing",
    "lede-missing": "the first paragraph is missing",
    "paragraph-lost": "paragraphs in the midst are missing",
    "inline-lost": "words inside paragraphs are missing, as of links or emphasis",
    # text that should not be there
    "duplicated": "text stands there more often than on the page",
    "wrong-block": "another part of the page stands for the article",
    "whole-page": "the whole page stands for the article",
    "list-page": "a list of articles stands for one article",
    "chrome-leak": "page furniture stands in the text",
    "caption-leak": "picture captions stand in the text",
    "related-leak": "links to other articles stand in the text",
    "hidden-text": "text that no reader sees stands in the text",
    "title-in-body": "the title is repeated in the body",
    "invented": "text that the page does not hold",
    # text that is not as it was
    "reordered": "parts stand in another order than on the page",
    "glued": "words run together across elements",
    "split": "words or lists are torn into pieces",
    "literal": "None, null, a placeholder or a sentinel stands for a value",
    "charset": "characters were read in the wrong encoding",
    "markup": "tags or entities are left in the text",
    "unseen-characters": "zero-width or control characters were added or lost",
    "bidi": "marks that direct right-to-left text were added or lost",
    "quotes": "quotes or dashes are not those of the page",
    "case": "capitals are not those of the page",
    # title and byline
    "title-suffix": "the site's name or section hangs on the title",
    "title-cut": "a part of the title is missing",
    "title-wrong": "another text of the page stands for the title",
    "byline-time": "a time is glued to the byline",
    "byline-noise": "labels, handles or reading times stand in the byline",
    "byline-cut": "a part of the byline is missing",
    "byline-wrong": "the byline is somebody else's, or something else",
    "author-split": "a name is torn into pieces, or names run together",
    # lists of records
    "card-lost": "a record of a list is missing",
    "mixed-up": "a field of one record stands in another",
    # times
    "day-month": "day and month are exchanged",
    "wrong-zone": "the instant is off by a time zone",
    "twelve-hour": "the instant is off by twelve hours",
    "future-date": "the instant lies after the capture",
    "updated-for-published": "the time of an update stands for that of publication",
    "day-only": "an instant was cut down to its day",
    "wrong-date": "another date than the page's",
    "stale-date": "an age that the page does not state",
    # the extractor as a program
    "type": "a value of another type than the field has",
    "raised": "the extractor raised",
    "nondeterminism": "the same capture gives other records",
}
