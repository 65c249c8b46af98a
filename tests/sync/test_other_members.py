"""Two statements of one number: the hub lost one, and another was said before the desk that has it came back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from advocate_desk.desk.team.exchange_state import ExchangeState
from advocate_desk.desk.team.state_words import event_words, headline
from advocate_desk.hub import members as hub_members
from advocate_desk.hub import pulls
from advocate_desk.sync import membership, overview, state, statements
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.statements import ADMINISTRATOR, SUPERVISOR, RevokeDevice, SetRules, Statement
from advocate_desk.sync.wire import Page, Pull
from tests.builders import NOON, a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents
from tests.sync.test_hostile_hub import Liar, Scene, exchange
from tests.sync.test_lost_statements import link_of, note_at
from tests.sync.test_restored_hub import back_up, restore

REFUSED = "SELECT detail FROM exchange_event WHERE kind = 'statements_refused'"


@pytest.fixture
def desks(team: Team) -> tuple[Desk, Desk, Desk]:
    """Ann, who founded; Ben, who is an administrator too; and Eve."""
    ann, ben, eve = (team.join(name, SUPERVISOR, ADMINISTRATOR) for name in ("Ann", "Ben", "Eve"))
    a_file(ann.work)
    team.exchange_all(2)
    return ann, ben, eve


def say(team: Team, desk: Desk, act: statements.Act) -> None:
    """A desk says what follows on the list that it has; its next exchange takes it in."""
    members = members_of(desk)
    statement = Statement(team.organisation, members.number + 1, members.hash, act)
    body = statements.sign(statement, desk.device.id.bytes, desk.device.sign_seed.buffer)
    hub_members.add_statement(team.database, team.organisation, body)


def members_of(desk: Desk) -> statements.Members:
    with desk.work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        stand = state.standing(driver)
        assert stand is not None
        return state.members(driver, stand)


def part_ways(team: Team, desks: tuple[Desk, Desk, Desk], folder: Path) -> None:
    """Ann removes Eve's device; the hub is put back to before that; Ben says something else."""
    ann, ben, eve = desks
    back_up(team, folder)
    (number,) = eve.rows("SELECT push_number FROM organisation")[0]
    say(team, ann, RevokeDevice(eve.device.id.bytes, is_lost=False, last_number=number))
    ann.exchange()
    restore(team, folder)
    say(team, ben, SetRules(b"of Ben"))
    ben.exchange()


def test_a_desk_whose_statement_the_hub_lost_to_another_tells_so_at_its_first_exchange(
    team: Team, desks: tuple[Desk, Desk, Desk], tmp_path: Path
) -> None:
    ann, ben, _ = desks
    part_ways(team, desks, tmp_path)
    for _ in range(3):
        assert ann.exchange().troubles == ["statements_refused"]
        assert ben.exchange().troubles == []
    (told,) = [each for each in overview.events(ann.work.engine) if each.kind == "statements_refused"]
    assert (told.detail["last"], told.detail["by"]) == ("revoke", [ann.device.id.bytes.hex()])
    assert "a device was removed" in event_words(told).text
    seen = overview.read(ann.work.engine)
    assert seen is not None
    assert [each.kind for each in seen.alarms] == ["statements_refused"]
    read = ExchangeState(is_enrolled=True, has_hub=True, notes=("statements_refused",))
    assert headline(read, NOON).words == "Exchange: please read"


def test_it_is_told_too_where_the_other_list_has_gone_on(
    team: Team, desks: tuple[Desk, Desk, Desk], tmp_path: Path
) -> None:
    ann, ben, _ = desks
    part_ways(team, desks, tmp_path)
    say(team, ben, SetRules(b"of Ben again"))
    with pytest.raises(Distrust, match="another history"):
        ann.exchange()
    assert len(ann.rows(REFUSED)) == 1


def test_what_such_a_desk_writes_stays_there_and_stops_nobody_else(
    team: Team, desks: tuple[Desk, Desk, Desk], tmp_path: Path
) -> None:
    ann, ben, eve = desks
    part_ways(team, desks, tmp_path)
    note_at(ann, "Of Ann, unsent")
    report = ann.exchange()
    assert (report.troubles, report.waiting > 0) == (["statements_refused"], True)
    for desk in (ben, eve, ben, eve):
        assert desk.exchange().troubles == []
    assert contents(ben) == contents(eve)
    assert "Of Ann, unsent" in repr(contents(ann))
    assert "Of Ann, unsent" not in repr(contents(ben))


def test_who_says_something_more_there_hears_that_the_lists_differ(
    team: Team, desks: tuple[Desk, Desk, Desk], tmp_path: Path
) -> None:
    ann, _, _ = desks
    part_ways(team, desks, tmp_path)
    with pytest.raises(HubRefused, match="other_members"):
        membership.say(link_of(ann), lambda _: SetRules(b"of Ann"))


def test_a_hub_that_lies_about_it_brings_about_that_notice_and_nothing_else(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    ann, ben, eve = desks
    known = members_of(ann)
    liar = Liar(
        cast(Scene, None), ann.hub, pull=lambda _scene, page: msgspec.structs.replace(page, has_other_members=True)
    )
    note_at(ann, "Of Ann")
    for _ in range(2):
        report = exchange(ann, liar)
        assert (report.troubles, report.waiting) == (["statements_refused"], 0)
    assert len(ann.rows(REFUSED)) == 1
    assert members_of(ann) == known
    team.exchange_all(2)
    assert contents(ann) == contents(ben) == contents(eve)
    assert [desk.exchange().troubles for desk in desks] == [[], [], []]


def test_a_hub_that_says_so_to_a_desk_that_has_no_list_yet_brings_about_nothing(team: Team) -> None:
    team.join("Ann")
    cat = team.join("Cat")
    told: list[Page] = []

    def lie(_scene: Any, page: Page) -> Page:
        told.append(page)
        return msgspec.structs.replace(page, has_other_members=len(told) == 1)

    assert exchange(cat, Liar(cast(Scene, None), cat.hub, pull=lie)).troubles == []
    assert members_of(cat).number == 3


class _OldPull(msgspec.Struct, array_like=True, frozen=True):
    """A pull without what came later."""

    tip: Any
    statements: int
    rights: int
    fills: list[Any]
    with_own: bool
    is_bare: bool
    most_bytes: int
    rights_mark: bytes
    heads: list[bytes]


def as_old_pull(pull: Pull) -> Pull:
    """What is left of a pull where the hub, or the desk, is of before."""
    old = msgspec.msgpack.decode(msgspec.msgpack.encode(pull), type=_OldPull)
    return msgspec.msgpack.decode(msgspec.msgpack.encode(old), type=Pull)


def test_a_hub_and_a_desk_of_before_go_on_as_they_did(
    team: Team, desks: tuple[Desk, Desk, Desk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, _ = desks
    part_ways(team, desks, tmp_path)
    answer = pulls.answer_pull

    def asked(database: Any, caller: Any, pull: Pull) -> Page:
        page = answer(database, caller, as_old_pull(pull))
        old = msgspec.msgpack.decode(msgspec.msgpack.encode(page))[:14]
        return msgspec.msgpack.decode(msgspec.msgpack.encode(old), type=Page)

    with monkeypatch.context() as patch:
        patch.setattr(pulls, "answer_pull", asked)
        assert [ann.exchange().troubles, ben.exchange().troubles] == [[], []]
    assert ann.exchange().troubles == ["statements_refused"]
