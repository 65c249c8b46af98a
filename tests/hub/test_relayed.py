"""A hub in the wrong hands that passes another hub's challenge on: what a desk signs for the one opens no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from advocate_desk.desk.team.exchange_state import Ended
from advocate_desk.desk.team.state_words import trouble_words
from advocate_desk.hub import options
from advocate_desk.hub.options import BadOption
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.statements import SUPERVISOR
from advocate_desk.sync.transport import HttpHub
from tests.builders import a_file
from tests.hub.far_desks import FarTeam
from tests.hub.processes import HubProcess
from tests.hub.proxy import Proxy


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    """A hub that knows by which address desks reach it."""
    made = HubProcess(tmp_path / "hub", str(tmp_path / "hub.db"))
    made.options = {"address": f"https://hub.example.org, HTTP://127.0.0.1:{made.port}/"}
    made.start()
    yield made
    made.end()


def test_a_session_is_opened_at_the_hub_that_it_was_signed_for(hub: HubProcess, tmp_path: Path) -> None:
    with ExitStack() as stack:
        hostile = Proxy(hub.port, seed=1)  # to a desk it is the hub at its own address; all that it does is pass on
        stack.callback(hostile.end)
        team = FarTeam(tmp_path, url=hub.database, address=f"http://127.0.0.1:{hub.port}")
        stack.callback(team.close)
        ann = team.join("Ann", SUPERVISOR)
        a_file(ann.work)
        assert ann.exchange().waiting == 0
        seed = ann.device.sign_seed
        elsewhere = HttpHub(parse_address(hostile.address), team.organisation, ann.device.id.bytes, seed)
        stack.callback(elsewhere.close)
        with pytest.raises(HubRefused) as refusal:
            elsewhere.cleared(team.organisation)
        assert refusal.value.code == "other_address"
    assert "another address" in trouble_words(Ended("refused", "other_address")).text


@pytest.mark.parametrize(
    "address",
    [
        "hub.example.org",
        "http://hub.example.org",
        "https://hub.example.org:port",
        "https://",
        "https://[::1",
        "https://h?a",
        ",",
    ],
)
def test_an_address_that_no_desk_is_told_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(BadOption, match="address"):
        options.read([], {"ADVOCATE_HUB_ADDRESS": address})
    assert options.read([], {}).addresses == frozenset()


@pytest.mark.parametrize(
    "address",
    ["https://hub.example.org:443", "HTTPS://Hub.Example.org/", "https://hub.example.org/Desk/", "http://[::1]:80/"],
)
def test_an_address_is_compared_as_a_desk_signs_it(address: str) -> None:
    assert options.read([], {"ADVOCATE_HUB_ADDRESS": address}).addresses == {parse_address(address).text}
