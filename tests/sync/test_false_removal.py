"""No desk takes its files away, or destroys itself, because somebody without the right to it says so."""

from __future__ import annotations

import os
from typing import Any

import msgspec
import pytest

from advocate_desk.sync import statements
from advocate_desk.sync.exchange import Exchange
from advocate_desk.sync.hub import HubRefused, Removed
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.statements import ADMINISTRATOR, SUPERVISOR, RevokeDevice, SetPerson, SetTeam, Statement
from advocate_desk.sync.wire import ACCEPTED, Outcome, PushAnswer
from tests.builders import a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents


class Saying:
    """A hub that refuses every call with a word, and a chain."""

    def __init__(self, code: str, chain: list[bytes]) -> None:
        self._refusal = HubRefused(code, len(chain), chain)

    def __getattr__(self, name: str) -> Any:
        def ask(*_arguments: Any) -> Any:
            raise self._refusal

        return ask


class Greedy:
    """A hub that takes every push, and shows a newcomer the chain as it was before she came."""

    def __init__(self, hub: Any, chain: list[bytes]) -> None:
        self._hub, self._chain = hub, chain

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def push(self, push: Any) -> PushAnswer:
        changes = [change for part in push.parts for change in part.changes]
        return PushAnswer(1, [Outcome(ACCEPTED, each.expected + 1) for each in changes])

    def pull(self, pull: Any) -> Any:
        return msgspec.structs.replace(
            self._hub.pull(pull),
            pushes=[],
            rights=[],
            owners=[],
            wanting=[],
            rights_upto=0,
            rights_mark=b"",
            statements=self._chain[pull.statements :],
            members=len(self._chain),
            rights_head=0,
            has_more=False,
        )


def chain_of(team: Team) -> list[bytes]:
    with team.database.reading() as session:
        return [bytes(row[0]) for row in session.rows("SELECT body FROM statement ORDER BY number")]


def exchange(desk: Desk, hub: Any) -> None:
    Exchange(desk.work.engine, desk.device, hub, desk.work.clock).run()


def test_who_was_an_administrator_once_and_a_hub_destroy_no_desk_together(team: Team) -> None:
    ann, ben, cat = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR), team.join("Cat", SUPERVISOR)
    a_file(ann.work)
    team.say(SetPerson(cat.person, [ADMINISTRATOR], [], True, b""))
    former, chain = team.members, chain_of(team)
    team.say(SetPerson(cat.person, [SUPERVISOR], [], True, b""))
    team.exchange_all(2)
    before = contents(ben)
    for act in (SetTeam(os.urandom(16), True, b""), RevokeDevice(ben.device.id.bytes, is_lost=True, last_number=9)):
        statement = Statement(former.organisation, former.number + 1, former.hash, act)
        body = statements.sign(statement, cat.device.id.bytes, cat.device.sign_seed.buffer)
        former, chain = statements.take(former, body), [*chain, body]
    with pytest.raises(Distrust) as refusal:
        exchange(ben, Saying("revoked", chain))
    assert refusal.value.what == "removal"
    assert contents(ben) == before


def test_a_desk_that_knows_more_than_its_removal_believes_it(team: Team) -> None:
    ann, lost = team.join("Ann", SUPERVISOR), team.join("Lost", SUPERVISOR)
    team.exchange_all(2)
    team.say(RevokeDevice(lost.device.id.bytes, is_lost=True, last_number=9))
    chain = chain_of(team)
    team.say(SetTeam(os.urandom(16), True, b""))
    ann.exchange()
    with lost.work.engine.begin() as conn:  # as a bundle brings them, cut off before they are obeyed
        for number, body in enumerate(chain_of(team), 1):
            row = "INSERT OR IGNORE INTO member_statement (number, body) VALUES (?, ?)"
            conn.exec_driver_sql(row, (number, body))
    with pytest.raises(Removed) as removal:
        exchange(lost, Saying("revoked", chain))
    assert removal.value.is_lost


def test_who_is_not_let_in_yet_keeps_her_files_whatever_the_hub_says(team: Team) -> None:
    ann = team.join("Ann", SUPERVISOR)
    a_file(ann.work)
    ann.exchange()
    before_her = chain_of(team)
    new = team.join("New", SUPERVISOR)
    for _ in range(3):
        a_file(new.work)
    before = contents(new)
    exchange(new, Greedy(new.hub, before_her))
    assert contents(new).keys() == before.keys()
    assert new.rows("SELECT count(*) FROM client_file") == [(3,)]
    assert new.rows("SELECT count(*) FROM collection_state WHERE is_withdrawn") == [(0,)]
    with pytest.raises(Distrust) as refusal:
        exchange(new, Saying("revoked", before_her))
    assert refusal.value.what == "removal"
    assert new.rows("SELECT count(*) FROM client_file") == [(3,)]
