"""Steps of CI files, run as their runners run them, with what runners provide faked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import Finished, outside_ci

Values = Mapping[str, Any]
_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_TERM = re.compile(r"\s*(?:(==|!=|&&|\|\|)|'([^']*)'|([\w.-]+(?:\(\))?))")


def load(path: Path) -> dict[str, Any]:
    """A YAML file."""
    return yaml.safe_load(path.read_text("utf-8"))


def resolved(text: object, values: Values) -> str:
    """A text with its ``${{ … }}`` expressions replaced by what they name."""
    return _EXPRESSION.sub(lambda match: str(value_of(match[1], values)), str(text))


def value_of(expression: str, values: Values) -> Any:
    """The value of an expression: names, texts, ``==``, ``!=``, ``&&`` from left to right."""
    said: list[Any] = []
    for operator, text, name in _TERM.findall(expression.strip()):
        said.append(operator or (_named(name, values) if name else text))
    parts: list[list[Any]] = [[]]
    for each in said:
        if each == "&&":
            parts.append([])
        else:
            parts[-1].append(each)
    for part in parts:
        if len(part) == 3:
            equal = part[0] == part[2]
            result: Any = equal if part[1] == "==" else not equal
        else:
            (result,) = part
        if not result:
            return result
    return result


def _named(name: str, values: Values) -> Any:
    if name == "always()":
        return True
    found: Any = values
    for step in name.split("."):
        found = found.get(step, "") if isinstance(found, Mapping) else ""
    return found


@dataclass
class Runner:
    """A machine that runs steps: ``bin`` comes first in PATH and has ``harness`` and fakes."""

    root: Path
    temp: Path
    values: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    used: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    out: str = ""

    def __post_init__(self) -> None:
        self.bin = self.temp / "bin"
        self.bin.mkdir(parents=True)
        self.command("harness", f'exec {sys.executable} -m harness "$@"')
        self.command("python", f'exec {sys.executable} "$@"')
        self.command("pip", f'echo "pip $*" >> {self.temp}/pip')
        self.values.setdefault("steps", {})

    def command(self, name: str, script: str) -> None:
        """Puts a command into PATH."""
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def bash(self, script: str, folder: Path, environ: Mapping[str, str], *shell: str) -> Finished:
        """Runs a script as a step's shell does."""
        file = self.temp / "script.sh"
        file.write_text(script)
        known = outside_ci()
        for name in ("GITHUB_STEP_SUMMARY", "GITHUB_RUN_ID"):
            known.pop(name, None)
        known |= {"PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}", "CI": "true"}
        done = subprocess.run(
            [*(shell or ("bash", "--noprofile", "--norc", "-eo", "pipefail")), str(file)],
            cwd=folder,
            env={**known, **self.environ, **environ},
            capture_output=True,
            timeout=120,
            check=False,
        )
        found = Finished(
            done.returncode,
            done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"),
        )
        self.out += found.out + found.err
        return found

    def steps(
        self, steps: list[dict[str, Any]], fake: Callable[[str, dict[str, str]], Values]
    ) -> int:
        """Runs GitHub's steps until one fails; the exit code of the last.

        ``fake`` stands for actions: it gets name and inputs, and returns outputs.
        """
        code = 0
        for step in steps:
            condition = str(step.get("if", "true" if not code else ""))
            if code and "always()" not in condition:
                continue
            if condition not in ("", "true") and not value_of(condition, self.values):
                continue
            outputs: Values = {}
            if "uses" in step:
                inputs = {k: resolved(v, self.values) for k, v in step.get("with", {}).items()}
                self.used.append((step["uses"], inputs))
                outputs = fake(step["uses"], inputs)
            else:
                assert "${{" not in step["run"], "an expression in a script is text that is run"
                code, outputs = self._run(step, code)
            if name := step.get("id"):
                self.values["steps"][name] = {"outputs": outputs}
        return code

    def _run(self, step: dict[str, Any], before: int) -> tuple[int, Values]:
        output = self.temp / "output"
        output.write_text("")
        environ = {k: resolved(v, self.values) for k, v in step.get("env", {}).items()}
        folder = self.root / resolved(step.get("working-directory", "."), self.values)
        done = self.bash(step["run"], folder, {**environ, "GITHUB_OUTPUT": str(output)})
        pairs = (line.partition("=") for line in output.read_text().splitlines())
        return done.code or before, {name: value for name, _, value in pairs}
