"""What an exchange owes to the next one: an agreement that was given while it ran, and the hub's wish for patience."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from advocate_desk.desk.office import Office
from advocate_desk.desk.team.exchange_state import Ended
from advocate_desk.sync import clearing
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.statements import ADVOCATE, SetPerson
from tests.builders import a_file
from tests.desk.test_exchanging import file_count, offices, open_office, raising, team
from tests.sync.desks import Team

__all__ = ["offices", "team"]  # fixtures


def test_an_agreement_that_is_given_while_an_exchange_runs_is_kept_for_the_next(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "MANY_FILES", 1)
    ann, ben = team.desks
    for _ in range(3):
        a_file(ann.work)
    team.exchange_all()
    team.say(SetPerson(ben.person, [ADVOCATE], [], True, b""))
    ann.exchange()
    exchanges = open_office(ben, offices)
    qtbot.waitUntil(lambda: "many_withdrawn" in exchanges.state().notes)
    exchanges.exchange_now()
    assert exchanges.state().is_running
    exchanges.clear_withdrawn()
    qtbot.waitUntil(lambda: file_count(ben) == 0 and not exchanges.state().is_running)


def test_an_agreement_whose_exchange_made_way_is_kept_for_the_next(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    exchanges = open_office(team.desks[0], offices)
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and not exchanges.state().is_running)
    agreed: list[bool] = []
    run = exchanges._talk.exchange

    def stopped_once(may_clear_many: bool = False) -> Ended:
        agreed.append(may_clear_many)
        return Ended("stopped") if len(agreed) == 1 else run(may_clear_many)

    monkeypatch.setattr(exchanges._talk, "exchange", stopped_once)
    exchanges.clear_withdrawn()
    qtbot.waitUntil(lambda: len(agreed) == 2 and not exchanges.state().is_running)
    exchanges.exchange_now()
    qtbot.waitUntil(lambda: len(agreed) == 3 and not exchanges.state().is_running)
    assert agreed == [True, True, False], "it holds for what was asked about, and no longer"


def test_a_hub_that_asked_for_patience_is_not_called_because_the_network_is_back(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = team.desks[0]
    monkeypatch.setattr(ann.hub, "pull", raising(HubRefused("too_many", detail=3600)))
    exchanges = open_office(ann, offices)
    qtbot.waitUntil(lambda: exchanges.state().trouble is not None and not exchanges.state().is_running)
    exchanges.connected_again()
    assert exchanges._timer.remainingTime() > 600_000
    assert exchanges._failures, "by which a change does not shorten it either"
