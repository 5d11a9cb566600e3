"""Old and new releases of real libraries, side by side: what a person types, from the index."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.extraction import extract, installer
from harness.extraction.registry import resolve
from harness.model import Capture

SENTENCE = "The river has been rising for days, and the old market stands in water, people say. "
BODY = [f"{n}. {SENTENCE * 4}".strip() for n in "123"]
PAGE = f"""<!doctype html><html lang=en><head><title>The river is rising</title></head><body>
<article><h1>The river is rising</h1>{"".join(f"<p>{text}</p>" for text in BODY)}</article>"""
CAPTURE = Capture("site", "page", PAGE.encode(), "text/html", url="https://example.com/a")


@pytest.fixture(scope="module", autouse=True)
def _index() -> None:
    try:
        installer.uv()
        with urllib.request.urlopen("https://pypi.org/simple/justext/", timeout=5):
            pass
    except (ConfigError, urllib.error.URLError, TimeoutError) as error:
        pytest.skip(f"needs uv and pypi.org: {error}")


@pytest.mark.parametrize(
    "spelled",
    # The old ones import lxml.html.clean and do not require what has it now.
    ["readability-lxml==0.8.1", "readability-lxml==0.9", "justext==2.2.0", "boilerpy3==1.0.2"],
)
def test_a_release_reads_an_article(
    spelled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = resolve(spelled, (), tmp_path)
    try:
        record = extract(found, CAPTURE).record
        assert record is not None
        assert [text for text in record["body"] if len(text) > 60] == BODY  # type: ignore
        again = resolve(spelled, (), tmp_path)
        assert again.identity == found.identity and len(again.identity) == 32
        again.close()
    finally:
        found.close()


def test_a_release_that_never_was_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        resolve("readability-lxml==99.0", (), tmp_path)
    assert "no version of readability-lxml==99.0" in str(refused.value)
    assert "\n" not in str(refused.value)
