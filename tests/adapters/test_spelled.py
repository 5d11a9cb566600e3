"""Page objects and spiders by name, the documentation's examples, and a missing framework."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from harness import adapters
from harness.errors import ConfigError
from harness.extraction.registry import find_extractors, resolve
from tests.conftest import REPOSITORY

CLASSES = """
from scrapy import Spider
from web_poet import WebPage, field

class StoryPage(WebPage):
    @field
    def title(self):
        return self.css("h1::text").get()

class StorySpider(Spider):
    name = "story"
    def parse(self, response):
        return {"title": response.css("h1::text").get()}
"""
DOCUMENT = (REPOSITORY / "docs" / "adapters.md").read_text("utf-8")


@pytest.fixture
def classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a page object and a spider, in the module ``their_classes``."""
    for name, extra in (("scrapy", "scrapy"), ("web_poet", "webpoet")):
        pytest.importorskip(name, reason=f"the extra {extra} is not installed")
    (tmp_path / "their_classes.py").write_text(CLASSES)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "their_classes", raising=False)
    return tmp_path


def test_a_class_is_found_by_its_name(classes: Path) -> None:
    page = resolve("their_classes:StoryPage", (), classes)
    assert (page.name, page.sites, page.origin) == ("storypage", ("*",), "their_classes:StoryPage")
    spelled = ["their_classes:StoryPage", "their_classes:StorySpider"]
    assert [each.name for each in find_extractors(spelled, classes)] == ["storypage", "storyspider"]


@pytest.mark.parametrize(
    ("library", "extra"), [("web_poet", "webpoet"), ("andi", "webpoet"), ("scrapy", "scrapy")]
)
def test_a_missing_framework_names_its_extra(
    library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ConfigError, match=re.escape(f"pip install 'extraction-harness[{extra}]'")):
        adapters.library(library)


@pytest.mark.parametrize("framework", ["web_poet", "scrapy"])
def test_the_examples_of_the_documentation_run(framework: str) -> None:
    pytest.importorskip(framework, reason=f"the extra for {framework} is not installed")
    blocks = re.findall(r"```python\n(.*?)```", DOCUMENT, re.S)
    (block,) = [each for each in blocks if f"from {framework} import" in each]
    exec(compile(block, "docs/adapters.md", "exec"), {"__name__": "documented"})
