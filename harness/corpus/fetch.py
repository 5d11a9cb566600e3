"""Fetching a page for the corpus. Needs the ``fetch`` extra."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from harness import __version__
from harness.corpus.lint import SECRET_HEADERS
from harness.errors import HarnessError
from harness.model import Headers

USER_AGENT = f"extraction-harness/{__version__}"
# What is stored is the decoded body; these headers speak of the bytes on the wire.
_WIRE_HEADERS = frozenset("content-encoding content-length transfer-encoding connection".split())


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response: decoded body, final URL, and headers without secrets."""

    body: bytes
    url: str
    status: int
    headers: Headers
    media_type: str
    fetched_at: datetime


def fetch(url: str, *, obey_robots: bool = True, timeout: float = 30.0) -> Fetched:
    """GETs a page, as robots.txt allows.

    Raises HarnessError when the extra is missing, the site cannot be reached, or robots.txt says
    no. An error status is a response like any other: block pages are worth keeping, too.
    """
    try:
        import httpx
        from protego import Protego
    except ImportError as error:
        raise HarnessError(
            f"fetching needs {error.name}: pip install 'extraction-harness[fetch]'"
        ) from None
    try:
        with httpx.Client(
            follow_redirects=True, timeout=timeout, headers={"User-Agent": USER_AGENT}
        ) as client:
            if obey_robots:
                robots = client.get(urljoin(url, "/robots.txt"))
                if robots.status_code >= 500:
                    # https://www.rfc-editor.org/rfc/rfc9309#section-2.3.1.4
                    raise HarnessError(
                        f"robots.txt of {robots.url.host} answers {robots.status_code}, which forbids"
                        " all until it is mended; try later, or use --ignore-robots"
                    )
                rules = Protego.parse(robots.text if robots.status_code == 200 else "")
                if not rules.can_fetch(url, USER_AGENT):
                    raise HarnessError(
                        f"robots.txt of {robots.url.host} disallows {url}; save the page in a browser"
                        " and capture the file, or use --ignore-robots"
                    )
            response = client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise HarnessError(f"cannot fetch {url}: {error or type(error).__name__}") from None
    headers = tuple(
        (name, value)
        for name, value in response.headers.multi_items()
        if name.lower() not in SECRET_HEADERS | _WIRE_HEADERS
    )
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return Fetched(
        response.content,
        str(response.url.copy_with(userinfo=b"")),
        response.status_code,
        headers,
        media_type,
        datetime.now(UTC).replace(microsecond=0),
    )
