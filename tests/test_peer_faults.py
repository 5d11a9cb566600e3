"""Every fault of docs/peer-faults.md, reproduced on its page, and its command.

Most need the libraries, in the releases that are named there: a later one may have mended them.
"""

from __future__ import annotations

import shlex
from collections import Counter
from importlib.metadata import PackageNotFoundError, version

import pytest

from harness import peers
from harness.model import Capture
from harness.mutations import MUTATIONS, mutate
from harness.shrink import parses
from harness.stress import RelationOracle
from tests.conftest import REPOSITORY, Project
from tests.peer_faults import DISTRIBUTIONS, FAULTS, VERSIONS, PeerFault

DOCUMENT = (REPOSITORY / "docs" / "peer-faults.md").read_text("utf-8")
IDS = [f"{each.peer}-{each.mutation}-{each.fault}" for each in FAULTS]


def capture(fault: PeerFault) -> Capture:
    return Capture("file", "page", fault.page.encode(), "text/html")


def missing(peer: str) -> str:
    """Why a peer's faults cannot be shown here; "" when they can."""
    name = DISTRIBUTIONS.get(peer, peer)
    try:
        here = version(name)
    except PackageNotFoundError:
        return f"{name} is not installed; `tox run -e peers` runs this"
    wanted = VERSIONS[peer]
    return "" if here == wanted else f"found in {name} {wanted}; this is {here}"


@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_a_page_is_small_whole_and_can_be_edited(fault: PeerFault) -> None:
    # Three paragraphs in a wrapper and one after it are 272 bytes; jusText needs 200 characters.
    assert len(fault.page.encode()) <= 300
    page = capture(fault)
    assert parses(page)
    mutated = mutate(page, fault.steps)
    assert mutated is not None and mutated.capture.body != page.body


def test_there_are_faults_of_every_peer_and_most_pages_are_tiny() -> None:
    assert set(Counter(each.peer for each in FAULTS)) == set(peers.MODULES)
    assert sum(len(each.page.encode()) <= 205 for each in FAULTS) >= len(FAULTS) * 0.7
    assert len({(f.peer, f.mutation, f.field, f.fault) for f in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_the_peer_breaks_the_relation_as_it_is_said(fault: PeerFault) -> None:
    if why := missing(fault.peer):
        pytest.skip(why)
    oracle = RelationOracle(getattr(peers, fault.peer), fault.steps, None, fault.field, fault.fault)
    assert oracle(capture(fault)), fault


@pytest.mark.parametrize("fault", FAULTS, ids=IDS)
def test_the_document_shows_the_fault_and_its_command(fault: PeerFault) -> None:
    assert fault.command in DOCUMENT
    assert fault.gives in DOCUMENT
    assert VERSIONS[fault.peer] in DOCUMENT
    must = "must hold" if MUTATIONS[fault.mutation].must_hold else "measured"
    assert f"`{fault.mutation}` ({must})" in DOCUMENT


def test_a_documented_command_shows_its_fault(project: Project) -> None:
    fault = next(each for each in FAULTS if each.peer == "justext")
    if why := missing(fault.peer):
        pytest.skip(why)
    command = shlex.split(fault.command.partition(" | ")[2])
    done = project.run(*command, stdin=fault.page.encode())
    assert done.code == 1, done
    assert "same-tokens: body: " in done.out and "became" in done.out
