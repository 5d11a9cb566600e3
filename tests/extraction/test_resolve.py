"""What ``-x`` means: a registered name, module:function, or a peer."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigError
from harness.extraction import Extractor, extract
from harness.extraction.registry import resolve
from harness.model import Capture

OWN = Extractor("own", lambda capture: {"size": len(capture.body)}, ("own",))


def test_a_registered_name_means_the_projects_extractor(tmp_path: Path) -> None:
    assert resolve("own", [OWN], tmp_path) is OWN


def test_a_plain_function_of_a_capture_reads_any_site(tmp_path: Path) -> None:
    (tmp_path / "resolve_plain.py").write_text("def size(c):\n    return {'n': len(c.body)}\n")
    found = resolve("resolve_plain:size", [OWN], tmp_path)
    assert found.name == "size" and found.handles("whatever")
    assert extract(found, Capture("a", "b", b"xyz", "text/plain")).record == {"n": 3}


def test_a_decorated_function_is_taken_as_it_is(tmp_path: Path) -> None:
    code = "from harness import extractor\n@extractor('site_b', sites='*')\ndef f(p): return {}\n"
    (tmp_path / "resolve_made.py").write_text(code)
    assert resolve("resolve_made:f", [], tmp_path).name == "site_b"


@pytest.mark.parametrize(
    ("spelled", "said"),
    [
        ("onw", "no extractor 'onw'; did you mean 'own'?"),
        ("trafilatrua", "no extractor 'trafilatrua'; did you mean 'trafilatura'?"),
        ("zzz", "no extractor 'zzz'; there are: own; beside these, module:function and trafil"),
        ("json:no", "extractor 'json:no': json has no function 'no'"),
        ("resolve_nowhere:f", "extractor source 'resolve_nowhere:f' is no folder"),
        ("", "no extractor ''; there are: own"),
    ],
)
def test_a_name_that_means_nothing_says_what_there_is(
    tmp_path: Path, spelled: str, said: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        resolve(spelled, [OWN], tmp_path)
    assert str(refused.value).startswith(said)
