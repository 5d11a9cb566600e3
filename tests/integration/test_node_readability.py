"""The example in another language, for real: Mozilla's Readability on Node, over JSON lines."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.extraction import Extractor, extract
from harness.extraction.external import Means, externals, ready
from harness.extraction.limits import Limits
from harness.extraction.remote import Remote
from harness.model import Capture
from tests.conftest import REPOSITORY

EXAMPLE = REPOSITORY / "docs" / "examples" / "readability_js"
SENTENCE = "The river has been rising for days, and the old market stands in water, people say. "
ARTICLE = f"""<!doctype html><html><head><title>The river is rising</title>
<meta name="author" content="Ada Lane"></head><body><nav><a href=/>Home</a></nav><article>
<h1>The river is rising</h1>{"".join(f"<p>{n}. {SENTENCE * 4}</p>" for n in "123")}</article>
</body></html>"""
LIMITS = Limits(seconds=30)

# Asks a server of this machine, and answers with what came of it.
CALLER = """
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let said;
  try { said = await (await fetch(request.capture.url)).text(); }
  catch (error) { said = `refused: ${error.cause?.code ?? error.message}`; }
  console.log(JSON.stringify({ id: request.id, record: { said } }));
}
"""

if shutil.which("node") is None or shutil.which("npm") is None:
    pytest.skip("node and npm are not on the PATH", allow_module_level=True)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example with its packages, as its first step installs them."""
    folder = tmp_path_factory.mktemp("readability") / "js"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules"))
    done = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["npm gave no reason"]
        pytest.skip(f"npm cannot install the example's packages: {lines[-1]}")
    return folder


@pytest.fixture
def mozilla(example: Path) -> Iterator[Extractor]:
    """The example as a table of the configuration makes it an extractor."""
    table = {"mozilla": {"command": ["node", "extract.mjs"], "sites": ["*"]}}
    made = externals(table, example / "harness.toml", Means(example, example, LIMITS))
    yield ready(made[0])
    made[0].close()


def page(body: str, media_type: str = "text/html") -> Capture:
    return Capture("site", "page", body.encode(), media_type, url="https://example.com/a")


def test_an_article_comes_out_as_a_reader_sees_it(mozilla: Extractor) -> None:
    record = extract(mozilla, page(ARTICLE)).record
    assert record is not None
    assert record["title"] == "The river is rising" and record["byline"] == "Ada Lane"
    assert record["body"] == [f"{n}. {SENTENCE * 4}".strip() for n in "123"]


def test_each_page_gets_its_own_answer(mozilla: Extractor) -> None:
    first = extract(mozilla, page(ARTICLE))
    for body, kind in (
        ("", "text/html"),
        ("plain\ntext", "text/plain"),
        ("{}", "application/json"),
    ):
        outcome = extract(mozilla, page(body, kind))
        assert outcome.failure is None and outcome.record and outcome.record["body"] == []
    other = extract(mozilla, page(ARTICLE.replace("river", "mountain"))).record
    assert other and other["title"] == "The mountain is rising"
    assert extract(mozilla, page(ARTICLE)) == first


def test_its_lock_file_names_no_place_to_download_from() -> None:
    lock = (EXAMPLE / "package-lock.json").read_text("utf-8")
    assert "http" not in lock
    packages = json.loads(lock)["packages"]
    assert all(each.get("integrity") for name, each in packages.items() if name)


def test_a_command_is_kept_from_the_network(tmp_path: Path) -> None:
    (tmp_path / "call.mjs").write_text(CALLER)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        table = {"caller": {"command": ["node", "call.mjs"], "sites": ["*"]}}
        made = externals(table, tmp_path / "x", Means(tmp_path, tmp_path, LIMITS))[0]
        mine = ready(made)
        try:
            assert isinstance(mine.function, Remote)
            if not mine.function.network_refused:
                pytest.skip("this kernel grants no network namespace to keep a command in")
            capture = Capture("site", "page", b"x", "text/html", url=url)
            record = extract(mine, capture).record
        finally:
            mine.close()
        assert record is not None and str(record["said"]).startswith("refused: ")
        with pytest.raises(TimeoutError):
            server.accept()
