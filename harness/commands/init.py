"""``harness init``: the harness in a project that has none."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from harness.commands import CLEAN
from harness.config import find_config
from harness.errors import HarnessError, NoConfigError
from harness.files import write_atomic

_SETTINGS = """\
[tool.harness]
corpus = "corpus"
snapshots = "snapshots"
extractors = ["extractors"]
"""
_TEST = """\
def test_record(record, snapshot):
    assert record == snapshot
"""
_ATTRIBUTES = """\
# A capture is bytes: no end-of-line conversion, no textual diff of foreign pages.
corpus/**/page.* -text -diff
"""
_WORKFLOW = """\
name: extraction
on: [push, pull_request]
permissions:
  contents: read
jobs:
  harness:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.x"
      # Install your own project here as well, if the extractors import it.
      - run: python -m pip install extraction-harness
      # What former runs found, for the trends in the report.
      - uses: actions/cache/restore@v4
        with:
          path: .harness/history.jsonl
          key: harness-${{ github.ref_name }}-${{ github.run_id }}-${{ github.run_attempt }}
          restore-keys: |
            harness-${{ github.ref_name }}-
            harness-${{ github.event.repository.default_branch }}-
      - run: harness check --output-format github
      - uses: actions/cache/save@v4
        if: always()
        with:
          path: .harness/history.jsonl
          key: harness-${{ github.ref_name }}-${{ github.run_id }}-${{ github.run_attempt }}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: drift-report
          path: .harness/report.html
          include-hidden-files: true
          if-no-files-found: ignore
"""


@click.command(epilog="Example: harness init")
@click.argument("folder", default=".", type=click.Path(file_okay=False, path_type=Path))
@click.option("--ci/--no-ci", default=True, help="Also a GitHub Actions workflow (default).")
def command(folder: Path, ci: bool) -> int:
    """Add the harness to a project.

    Makes configuration, folders for captures and extractors, a test file of three lines and a CI
    workflow. Files that exist are left alone; [tool.harness] is appended to pyproject.toml.
    """
    root = folder.resolve()
    with contextlib.suppress(NoConfigError):
        there = find_config(root).source
        raise HarnessError(f"{there} configures the harness already; nothing was changed")
    project = root / "pyproject.toml"
    if project.exists():
        write_atomic(project, _appended(project.read_bytes(), f"\n{_SETTINGS}"))
        click.echo(f"added [tool.harness] to {project}")
    else:
        _make(root / "harness.toml", _SETTINGS.partition("\n")[2])
    for name in ("corpus", "extractors", "snapshots"):
        _make(root / name / ".gitkeep", "")
    _make(root / "tests" / "test_extractors.py", _TEST)
    _append(root / ".gitattributes", _ATTRIBUTES)
    _append(root / ".gitignore", ".harness/\n")
    if ci:
        _make(root / ".github" / "workflows" / "harness.yml", _WORKFLOW)
    click.echo("next: harness capture URL_OR_FILE --site example_com")
    return CLEAN


def _make(path: Path, text: str) -> None:
    if path.exists():
        click.echo(f"left alone {path}")
        return
    write_atomic(path, text.encode())
    click.echo(f"made {path}")


def _append(path: Path, text: str) -> None:
    there = path.read_bytes() if path.exists() else b""
    rule = text.splitlines()[-1].encode()
    if rule in there.splitlines():
        click.echo(f"left alone {path}")
        return
    write_atomic(path, _appended(there, text))
    click.echo(f"{'added to' if there else 'made'} {path}")


def _appended(there: bytes, text: str) -> bytes:
    # As bytes: the file is the user's, in whatever encoding and with whatever line ends.
    gap = "" if not there or there.endswith(b"\n") else "\n"
    end = b"\r\n" if b"\r\n" in there else b"\n"
    return there + f"{gap}{text}".encode().replace(b"\n", end)
