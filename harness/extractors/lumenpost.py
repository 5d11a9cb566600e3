"""Lumenpost: a magazine whose visible HTML is a skeleton, or ends at a paywall.

The whole content stands in the page's data: articles in JSON-LD or in the Next.js hydration blob,
listings in that blob or in a JSON capture of the site's API. Promos stand among the cards.
"""

from typing import Any

from harness import Page, extractor, instant


@extractor("lumenpost")
def lumenpost(page: Page) -> dict[str, object]:
    if page.is_json:
        return listing(page.data["data"]["section"])
    for item in page.json_ld("NewsArticle"):
        body = [text for text in item.get("articleBody", "").split("\n\n") if text]
        article = record(item["headline"], item["author"], item["datePublished"], body)
        return article | {"related": links(page)}
    [blob] = page.script_json("script#__NEXT_DATA__")
    props = blob["props"]["pageProps"]
    if "section" in props:
        return listing(props["section"])
    item = props["article"]
    body = [block["text"] for block in item["blocks"] if block["kind"] == "paragraph"]
    article = record(item["headline"], item["authors"], item["publishedAt"], body)
    return article | {"related": cards(props["related"])}


def listing(section: dict[str, Any]) -> dict[str, object]:
    return record(section["name"], [], None, []) | {"related": cards(section)}


def cards(section: dict[str, Any]) -> list[dict[str, object]]:
    return [
        record(card["headline"], card["authors"], card["publishedAt"], [card["dek"]])
        | {"url": card["url"]}
        for card in section["cards"]
        if card["type"] == "story"
    ]


def links(page: Page) -> list[dict[str, object]]:
    return [
        record(item.text("a"), [], None, []) | {"url": item.link("a")}
        for item in page.css("aside.related li")
    ]


def record(
    title: str | None, authors: list[dict[str, str]], date: str | None, body: list[str]
) -> dict[str, object]:
    return {
        "title": title,
        "byline": ", ".join(author["name"] for author in authors) or None,
        "timestamp": instant(date) if date else None,
        "body": body,
        "related": [],
    }
