"""A member who says that she has seen what never was: told once, with her name, and settled by whom it is about."""

from __future__ import annotations

import os
from uuid import UUID

import pytest

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.domain.identity import FileId
from advocate_desk.sync import overview
from advocate_desk.sync.manifest import Seen
from advocate_desk.sync.statements import SUPERVISOR, RevokeDevice, SetTeam
from tests.builders import NOON, a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents
from tests.sync.test_hostile_hub import Liar, Scene, by, exchange, pushes
from tests.sync.test_hostile_member import push_of, send

FAR = 10**9


@pytest.fixture
def desks(team: Team) -> tuple[Desk, Desk, Desk]:
    ann, ben, eve = (team.join(name, SUPERVISOR) for name in ("Ann", "Ben", "Eve"))
    a_file(ann.work)
    team.exchange_all(2)
    return ann, ben, eve


def claim(team: Team, eve: Desk, *about: Desk, **said: object) -> None:
    send(team, eve, push_of(eve, seen=[Seen(each.device.id.bytes, FAR) for each in about], **said))


def events(desk: Desk, kind: str) -> list[overview.Event]:
    return [each for each in overview.events(desk.work.engine) if each.kind == kind]


def test_what_never_was_is_told_once_and_by_whom_and_denied_by_the_desk_itself(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    ann, ben, eve = desks
    claim(team, eve, ann)
    assert "withheld" in ben.exchange().troubles
    assert [each.detail["by"] for each in events(ben, "withheld")] == [[eve.device.id.hex]]
    for _ in range(3):
        assert ben.exchange().troubles == []
    ann.exchange()  # hears of it
    assert ann.exchange().sent == 0  # denies it: a push of no record
    for desk in (ann, ben):
        assert desk.exchange().troubles == []
        assert [each.detail["by"] for each in events(desk, "contradicted")] == [[eve.device.id.hex]]
        assert desk.rows("SELECT count(*) FROM chain_claim") == [(0,)]
    before = ann.rows("SELECT push_number FROM organisation")
    claim(team, eve, ann, ben)
    team.exchange_all(2)
    assert [desk.exchange().troubles for desk in (ann, ben)] == [[], []]
    assert ann.rows("SELECT push_number FROM organisation") == before, "what nobody believes needs no denial"


def test_of_a_desk_that_does_not_exchange_it_is_told_once_and_ends_with_a_revocation(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    ann, ben, eve = desks
    claim(team, eve, ann, members=FAR, members_hash=os.urandom(32))
    told = [ben.exchange().troubles for _ in range(9)]
    assert told == [["withheld"], *[[]] * 8]
    assert len(events(ben, "withheld")) == 1
    assert ben.rows("SELECT count(*) FROM chain_claim") == [(2,)]
    (number,) = eve.rows("SELECT push_number FROM organisation")[0]
    team.say(RevokeDevice(eve.device.id.bytes, is_lost=False, last_number=number))
    assert ben.exchange().troubles == []
    team.desks.remove(eve)
    team.exchange_all(2)
    assert contents(ann) == contents(ben)


def test_a_hub_that_withholds_is_still_found_out_by_an_honest_colleague(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    """After a member in bad faith was: her word counts no more, the others' do."""
    ann, ben, eve = desks
    claim(team, eve, ann)
    team.exchange_all(3)
    cat = team.join("Cat", SUPERVISOR)
    team.exchange_all(2)
    file_id = FileId(UUID(ann.rows("SELECT id FROM client_file")[0][0]))
    write_note(ann.work, file_id, NoteDetails(NOON, "phone", "Kept from Ben"))
    ann.exchange()
    cat.exchange()
    write_note(cat.work, file_id, NoteDetails(NOON, "phone", "Given to Ben"))
    team.say(SetTeam(os.urandom(16), True, b""))
    cat.exchange()
    scene = Scene(team, file_id, ann, ben, cat)
    half = Liar(scene, ben.hub, pull=pushes(lambda s, p: [each for each in p if each not in by(s.ann, p)]))
    assert "withheld" in exchange(ben, half).troubles
    assert events(ben, "withheld")[0].detail["by"] == [cat.device.id.hex]
    team.exchange_all(3)
    assert contents(ann) == contents(ben) == contents(cat)
    assert ben.rows("SELECT count(*) FROM chain_claim") == [(0,)]
