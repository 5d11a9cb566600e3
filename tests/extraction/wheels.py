"""Wheels made by hand, so that requirement sets are resolved and installed without a network."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

EXTRACTORS = """
class Doc:
    def __init__(self, html):
        self.title = {title!r}
        self.content = "\\n".join(html.split("<p>")[1:])

class ArticleExtractor:
    def get_doc(self, html):
        return Doc(html)
"""


def wheel(folder: Path, name: str, version: str, files: dict[str, str], needs: str = "") -> Path:
    """Writes a wheel of pure Python files and returns its path."""
    info = f"{name}-{version}.dist-info"
    requires = f"Requires-Dist: {needs}\n" if needs else ""
    whole = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{requires}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\n"
        "Tag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={_digest(text)},{len(text.encode())}\n" for path, text in whole.items()
    )
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in whole.items():
            archive.writestr(path, text)
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return made


def boilerpy3(folder: Path, version: str, title: str = "", **more: str) -> Path:
    """A library of that name which gives a fixed title, and as body what follows each ``<p>``."""
    files = {
        "boilerpy3/__init__.py": "",
        "boilerpy3/extractors.py": EXTRACTORS.format(title=title or version),
        **{f"boilerpy3/{name}.py": text for name, text in more.items()},
    }
    return wheel(folder, "boilerpy3", version, files)


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
