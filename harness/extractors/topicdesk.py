"""Topic Desk: a news aggregator's topic page, in many languages.

Stories come in clusters: a lead with a snippet, and the other sources on the same event, which
become the lead's ``related``. The visible ages are in the page's language, so the instants are
taken from ``time[datetime]`` and the age is kept as their label.
"""

from harness import Node, Page, extractor, instant


@extractor("topicdesk")
def topicdesk(page: Page) -> dict[str, object]:
    return {
        "title": page.text("h1.topic-title"),
        "byline": None,
        "timestamp": None,
        "body": [],
        "related": [
            story(lead, [story(other, []) for other in cluster.css("ul.also > li.story")])
            for cluster in page.css("section.cluster")
            for lead in cluster.css("article.lead")
        ],
    }


def story(node: Node, related: list[dict[str, object]]) -> dict[str, object]:
    return {
        "title": node.text(".headline > a"),
        "byline": node.text(".source"),
        "timestamp": instant(node.attr("time", "datetime"), text=node.text("time")),
        "body": node.texts("p.snippet"),
        "related": related,
        "url": node.link(".headline > a"),
    }
