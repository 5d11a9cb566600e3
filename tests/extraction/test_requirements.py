"""What is typed for a requirement set, and what is said of what is none."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ConfigError
from harness.extraction.libraries import LIBRARIES
from harness.extraction.requirements import (
    DISTRIBUTIONS,
    looks_like_requirements,
    parse,
    revision,
    split,
    with_companions,
)
from harness.files import is_slug

VERSIONS = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,3}", fullmatch=True)


def test_every_known_distribution_can_be_called() -> None:
    assert set(DISTRIBUTIONS.values()) == set(LIBRARIES)


@pytest.mark.parametrize(
    ("spelled", "library", "requirements", "python"),
    [
        ("trafilatura==1.12.2", "trafilatura", ("trafilatura==1.12.2",), None),
        ("Readability_LXML == 0.8.1", "readability", ("Readability_LXML==0.8.1",), None),
        (
            "readability-lxml==0.8.1,lxml==5.1",
            "readability",
            ("lxml==5.1", "readability-lxml==0.8.1"),
            None,
        ),
        ("goose3==3.1.6, python==3.9", "goose3", ("goose3==3.1.6",), "3.9"),
        ("justext==2.2.0,Python==3.9.*", "justext", ("justext==2.2.0",), "3.9"),
        ("trafilatura>=1.2,<2", "trafilatura", ("trafilatura<2,>=1.2",), None),
        ("trafilatura[all,gui]>=1,!=1.5", "trafilatura", ("trafilatura[all,gui]!=1.5,>=1",), None),
        ("boilerpy3", "boilerpy3", ("boilerpy3",), None),
        ("resiliparse~=0.14", "resiliparse", ("resiliparse~=0.14",), None),
        (
            "trafilatura @ git+https://example.com/t.git@main",
            "trafilatura",
            ("trafilatura@ git+https://example.com/t.git@main",),
            None,
        ),
    ],
)
def test_a_set_is_read(
    spelled: str, library: str, requirements: tuple[str, ...], python: str | None
) -> None:
    assert looks_like_requirements(spelled)
    found = parse(spelled, Path("/nowhere"))
    assert tuple(each.replace(" @", "@") for each in found.requirements) == requirements
    assert (found.library, found.python, found.label) == (library, python, spelled)
    assert is_slug(found.name)


@pytest.mark.parametrize(
    ("spelled", "said"),
    [
        ("trafilature==1.0", "did you mean 'trafilatura'?"),
        ("readability==0.8.1", "did you mean 'readability-lxml'?"),
        ("newspaper==0.9", "did you mean 'newspaper4k'?"),
        ("requests==2.0", "names none of the extractors that can be called without more: trafil"),
        ("trafilatura==1.0,goose3==3.1", "names two extractors, trafilatura and goose3"),
        ("trafilatura==1.0,trafilatura==1.1", "requires trafilatura twice"),
        ("trafilatura==one,two", "is no requirement"),
        ("trafilatura==1.0,python==2.7", "is no version of Python"),
        ("trafilatura==1.0,python==3.7", "workers need Python 3.8 or newer"),
        ("trafilatura==1.0,python>=3.9", "name one interpreter, e.g. python==3.9"),
        ("python==3.9", "names no distribution"),
        ("./nowhere/x.whl", "there is no /root-of-it/nowhere/x.whl to install from"),
        ("trafilatura @ ../gone", "there is no /gone to install from"),
    ],
)
def test_what_is_no_set_is_told_in_one_line(spelled: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        parse(spelled, Path("/root-of-it"))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_checkout_is_known_by_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "clone").mkdir()
    (tmp_path / "clone" / "pyproject.toml").write_text('[project]\nname = "trafilatura"\n')
    found = parse("./clone", tmp_path)
    assert found.library == "trafilatura" and found.sources == (tmp_path / "clone",)
    named = parse("trafilatura @ ./clone", tmp_path)
    assert named.sources == found.sources and named.library == "trafilatura"
    (tmp_path / "justext-3.0.1-py3-none-any.whl").write_bytes(b"")
    assert parse("./justext-3.0.1-py3-none-any.whl", tmp_path).library == "justext"


@pytest.mark.parametrize(
    ("spelled", "found"),
    [
        ("daily8@main", ("daily8", "main")),
        ("daily8@HEAD~3", ("daily8", "HEAD~3")),
        ("site.a:f@feature/x", ("site.a:f", "feature/x")),
        ("trafilatura @ ./x", None),
        ("trafilatura@./x", None),
        ("trafilatura@git+https://example.com/t@main", None),
        ("daily8", None),
        ("daily8@", None),
    ],
)
def test_a_revision_is_told_from_a_place_to_install_from(
    spelled: str, found: tuple[str, str] | None
) -> None:
    assert revision(spelled) == found


@pytest.mark.parametrize("spelled", ["daily8", "a.b:c", "onw", "", "json:no", "site_b", ","])
def test_other_words_are_no_requirements(spelled: str) -> None:
    assert not looks_like_requirements(spelled)


def test_what_old_releases_need_and_do_not_say_is_added_once() -> None:
    assert with_companions(["goose3==3.1.6"], "goose3") == ("goose3==3.1.6", "lxml-html-clean")
    own = ["goose3==3.1.6", "lxml_html_clean==0.1"]
    assert with_companions(own, "goose3") == tuple(own)
    assert with_companions(["boilerpy3"], "boilerpy3") == ("boilerpy3",)
    assert with_companions(["x==1"], None) == ("x==1",)


@given(st.sampled_from(sorted(DISTRIBUTIONS)), VERSIONS, VERSIONS)
def test_any_release_of_a_known_library_is_a_set(name: str, first: str, second: str) -> None:
    for spelled in (f"{name}=={first}", f"{name}>={first},<={second}", f"{name},lxml=={first}"):
        assert looks_like_requirements(spelled)
        found = parse(spelled, Path("/"))
        assert found.library == DISTRIBUTIONS[name]
        assert is_slug(found.name)


@given(st.text(max_size=40))
def test_nothing_that_is_typed_raises_more_than_a_refusal(spelled: str) -> None:
    assert all(split(spelled))
    with contextlib.suppress(ConfigError):
        assert parse(spelled, Path("/nowhere")).library
