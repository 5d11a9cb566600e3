"""``harness review`` as a real process, and what a browser or an attacker would send it."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from harness.review.apply import row_of
from harness.review.decisions import Decision
from tests.conftest import Project, outside_ci


@dataclass(frozen=True)
class Answered:
    """An HTTP answer."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass
class Live:
    """A server that runs; ``url`` is what it printed, ``ended`` its exit code once it has ended."""

    process: subprocess.Popen[str]
    url: str
    out: str = ""
    err: str = ""

    @property
    def token(self) -> str:
        return urlsplit(self.url).path.strip("/")

    def ask(
        self,
        path: str,
        body: Any = None,
        *,
        method: str = "",
        raw: bytes | None = None,
        **headers: str | None,
    ) -> Answered:
        """Sends a request as the page does; ``headers`` replace its own, None leaves one out."""
        at = urlsplit(self.url)
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        given: dict[str, str | None] = {"Host": at.netloc, "Sec-Fetch-Site": "same-origin"}
        if data is not None:
            given |= {
                "Content-Type": "application/json",
                "X-Harness-Token": self.token,
                "Origin": f"http://{at.netloc}",
            }
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        target = path if path.startswith("/") else at.path + path
        connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=60)
        try:
            connection.putrequest(
                method or ("GET" if data is None else "POST"), target, skip_host=True
            )
            for name, value in given.items():
                if value is not None:
                    connection.putheader(name, value)
            if data is not None:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answered(answer.status, found, answer.read().decode("utf-8"))
        finally:
            connection.close()

    def decide(self, decisions: list[Decision], **body: Any) -> Any:
        """Posts decisions, which must be let in."""
        rows = [row_of(each) for each in decisions]
        answer = self.ask("api/decide", {"decisions": rows, **body})
        assert answer.status == 200, answer
        return answer.json

    def end(self, by: signal.Signals = signal.SIGINT) -> int:
        """Ends the process as Ctrl-C does; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(by)
        out, err = self.process.communicate(timeout=60)
        self.out += out
        self.err += err
        return self.process.returncode


@contextmanager
def serving(project: Project, *words: str, **environ: str) -> Iterator[Live]:
    """``harness review WORDS`` in a project, ended at the end."""
    command = [sys.executable, "-m", "harness", "review", "--no-open", "--port", "0", *words]
    process = subprocess.Popen(
        command,
        cwd=project.root,
        env=outside_ci() | {"PYTHONDONTWRITEBYTECODE": "1", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    live = Live(process, "")
    try:
        for line in process.stdout:
            live.out += line
            if found := re.match(r"review: (http://\S+)", line):
                live.url = found[1]
                break
        if not live.url:
            live.end()
        yield live
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=60)
        process.stdout.close()
        process.stderr.close()
