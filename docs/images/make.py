"""Makes the pictures: the drift report on shipped captures with a deliberately broken extractor.

    python docs/images/make.py [BROWSER]

Needs Chromium (or Chrome); its command is the argument, or `chromium`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
BREAKS = {
    'page.text(".article-meta .source")': 'page.text(".article-meta")',
    'page.lines(".article-body")': 'page.lines(".article-body p:not(:nth-of-type(2)), .ai-box")',
    'page.css("main article.card")': 'page.css("main article.card")[:2]',
}

CHANGE = "daily8-russia-warns-us-south-korea-and-japan-html-98ca608c/byline"
DARK = "--blink-settings=preferredColorScheme=0"


def main(browser: str = "chromium") -> None:
    """Breaks a copy of the daily8 extractor, checks its captures, takes the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        source = (REPOSITORY / "harness" / "extractors" / "daily8.py").read_text("utf-8")
        for honest, broken in BREAKS.items():
            if honest not in source:
                sys.exit(f"the extractor no longer holds {honest}; mend BREAKS")
            source = source.replace(honest, broken)
        (root / "extractors").mkdir()
        (root / "extractors" / "daily8.py").write_text(source, "utf-8")
        (root / "harness.toml").write_text("")
        for name in ("corpus/daily8", "snapshots/daily8/daily8"):
            shutil.copytree(REPOSITORY / name, root / name)
        check = [sys.executable, "-m", "harness", "check", "--update", "none"]
        subprocess.run(check, cwd=root, check=False, stdout=subprocess.DEVNULL)
        page = (root / ".harness" / "report.html").as_uri()
        _picture(browser, root, page, "report.png")
        _picture(browser, root, f"{page}#/change/{CHANGE}", "change.png", "--force-dark-mode", DARK)


def _picture(browser: str, root: Path, page: str, name: str, *more: str) -> None:
    subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-background-networking",
            f"--user-data-dir={root / 'profile'}",
            "--window-size=1280,900",
            # The page opens a change after it has read its index.
            "--virtual-time-budget=5000",
            *more,
            f"--screenshot={HERE / name}",
            page,
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
