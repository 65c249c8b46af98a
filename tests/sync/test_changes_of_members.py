"""Joining late, leaving early, losing a laptop, and a hub that was restored from a backup."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.domain.identity import FileId
from advocate_desk.hub.database import open_database
from advocate_desk.sync import wire
from advocate_desk.sync.exchange import Exchange
from advocate_desk.sync.hub import HubRefused, Removed, Unreachable
from advocate_desk.sync.statements import ADVOCATE, SUPERVISOR, RevokeDevice, SetPerson
from tests.builders import NOON, a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents


def files(desk: Desk) -> int:
    return int(desk.rows("SELECT count(*) FROM client_file")[0][0])


def note(desk: Desk, file_id: FileId, text: str) -> None:
    write_note(desk.work, file_id, NoteDetails(NOON, "phone", text))


def test_who_joins_late_receives_everything_that_she_may_see(team: Team) -> None:
    ann = team.join("Ann", SUPERVISOR)
    for number in range(5):
        note(ann, a_file(ann.work), f"Note {number}")
        ann.exchange()
    late, outsider = team.join("Late", SUPERVISOR), team.join("Out", ADVOCATE)
    for _ in range(2):
        for desk in (ann, late, outsider):
            desk.exchange()
    assert contents(late) == contents(ann)
    assert late.exchange().troubles == []
    assert files(outsider) == 0


def test_a_restricted_file_is_for_those_named_and_nobody_else(team: Team) -> None:
    ann, ben, cat = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR), team.join("Cat", SUPERVISOR)
    file_id = a_file(ann.work)
    with ann.work.engine.begin() as conn:
        named = json.dumps([ann.person.hex(), ben.person.hex()])
        conn.exec_driver_sql("UPDATE client_file SET is_restricted = 1, readers = ?", (named,))
    team.exchange_all(2)
    assert (files(ben), files(cat)) == (1, 0)
    note(ann, file_id, "For two")
    team.exchange_all(2)
    assert contents(ben) == contents(ann)
    assert files(cat) == 0


def test_a_lost_laptop_is_told_by_the_chain_itself(team: Team) -> None:
    ann, lost = team.join("Ann", SUPERVISOR), team.join("Lost", SUPERVISOR)
    file_id = a_file(ann.work)
    team.exchange_all(2)
    team.say(RevokeDevice(lost.device.id.bytes, is_lost=True))
    note(lost, file_id, "Written by a thief")
    with pytest.raises(Removed) as removal:
        lost.exchange()
    assert removal.value.is_lost
    ann.exchange()
    note(ann, file_id, "Written after")
    assert ann.exchange().waiting == 0
    assert ann.rows("SELECT max(epoch) FROM collection_key WHERE collection = ?", file_id.bytes) == [(2,)]


def test_who_leaves_a_file_delivers_what_she_has_and_loses_it(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    file_id = a_file(ann.work)
    team.exchange_all(2)
    note(ben, file_id, "Written on the train")
    ann.keep_to(file_id, ann)
    ann.exchange()
    report = ben.exchange()
    assert report.waiting == 0
    assert files(ben) == 0
    assert ben.rows("SELECT count(*) FROM contact_note") == [(0,)]
    assert ben.rows("SELECT count(*) FROM collection_key WHERE collection = ?", file_id.bytes) == [(0,)]
    assert ben.rows("SELECT count(*) FROM search_text WHERE search_text MATCH 'train'") == [(0,)]
    ann.exchange()
    assert ann.rows("SELECT count(*) FROM contact_note WHERE text = 'Written on the train'") == [(1,)]


def test_many_files_are_not_cleared_without_asking(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    opened = [a_file(ann.work) for _ in range(25)]
    team.exchange_all(2)
    for each in opened:
        ann.keep_to(each, ann)
    ann.exchange()
    assert "many_withdrawn" in ben.exchange().troubles
    assert files(ben) == 25


def test_files_that_are_taken_one_by_one_are_counted_until_somebody_agrees(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    opened = [a_file(ann.work) for _ in range(24)]
    team.exchange_all(2)
    for each in opened[:21]:
        ann.keep_to(each, ann)
        ann.exchange()
        report = ben.exchange()
    assert report.troubles == ["many_withdrawn"]
    assert files(ben) == 4
    for each in opened[21:]:
        ben.keep_to(each, ann)  # what she hands on herself needs no asking
    assert ben.exchange().troubles == ["many_withdrawn"]
    assert files(ben) == 1
    agreed = Exchange(ben.work.engine, ben.device, ben.hub, ben.work.clock, may_clear_many=True)
    assert agreed.run().troubles == []
    assert files(ben) == 0


def test_a_person_who_leaves_the_organisation_is_out(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    file_id = a_file(ann.work)
    team.exchange_all(2)
    note(ben, file_id, "Written on her last day")
    team.say(SetPerson(ben.person, [SUPERVISOR], [], False, b""))
    with pytest.raises(Removed) as removal:
        ben.exchange()
    assert not removal.value.is_lost
    assert files(ben) == 0
    ann.exchange()
    assert ann.rows("SELECT count(*) FROM contact_note") == [(1,)]


def test_a_hub_restored_from_last_weeks_backup_gets_the_rest_back(team: Team, tmp_path: Path) -> None:
    ann, ben, cat = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR), team.join("Cat", SUPERVISOR)
    first = a_file(ann.work)
    team.exchange_all(2)
    team.database.close()
    for each in tmp_path.glob("hub.db*"):
        shutil.copy(each, tmp_path / f"kept-{each.name}")
    _reopen(team, tmp_path / "hub.db")
    second = a_file(ben.work)
    note(ann, first, "Of this week")
    note(ben, second, "Of this week too")
    team.exchange_all(2)
    note(cat, first, "Not yet sent")
    before = contents(ann)
    team.database.close()
    for each in tmp_path.glob("hub.db*"):
        each.unlink()
    for each in tmp_path.glob("kept-hub.db*"):
        shutil.copy(each, tmp_path / each.name.removeprefix("kept-"))
    _reopen(team, tmp_path / "hub.db")
    told = [desk.exchange().troubles for desk in team.desks]
    assert "gave_back" in told[0]
    for desk in team.desks:
        assert desk.rows("SELECT count(*) FROM exchange_event WHERE kind = 'gave_back'") != [(0,)]
    late = team.join("Late", SUPERVISOR)
    team.exchange_all(3)
    assert {len(contents(desk)["contact_note"]) for desk in team.desks} == {len(before["contact_note"]) + 1}
    assert contents(late) == contents(ann) == contents(ben) == contents(cat)
    assert [desk.exchange().troubles for desk in team.desks] == [[], [], [], []]


class CutOff:
    """A hub that is gone after it has taken links."""

    def __init__(self, hub: Any) -> None:
        self._hub = hub

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def rights(self, _rights: object) -> None:
        raise Unreachable("gone")


def test_links_that_a_hub_took_and_lost_before_anybody_could_notice_are_said_again(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    team.exchange_all(2)
    file = a_file(ann.work)
    with pytest.raises(Unreachable):
        Exchange(ann.work.engine, ann.device, CutOff(ann.hub), ann.work.clock).run()
    with team.database.writing() as session:
        assert session.rows("SELECT count(*) FROM ownership WHERE collection = ?", file.bytes) == [(1,)]
        for table in ("ownership", "owned", "wanting"):
            session.run(f"DELETE FROM {table} WHERE collection = ?", file.bytes)
    team.exchange_all(2)
    assert contents(ben) == contents(ann)
    assert ben.rows("SELECT count(*) FROM client_file") == [(1,)]


def _reopen(team: Team, path: Path) -> None:
    team.database = open_database(str(path))
    for desk in team.desks:
        desk.hub.database = team.database


class WithOneMore:
    """A hub during whose first push somebody writes on at the desk."""

    def __init__(self, hub: Any, write: Callable[[], object]) -> None:
        self._hub, self._write = hub, write

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def push(self, push: Any) -> Any:
        write, self._write = self._write, lambda: None
        write()
        return self._hub.push(push)


@pytest.mark.parametrize("is_late", [False, True])
def test_nothing_is_written_with_a_key_that_a_lost_laptop_has_however_much_waits(
    team: Team, monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    ann, lost = team.join("Ann", SUPERVISOR), team.join("Lost", SUPERVISOR)
    file_id = a_file(ann.work)
    team.exchange_all(2)
    team.say(RevokeDevice(lost.device.id.bytes, is_lost=True, last_number=9))
    ann.exchange()
    monkeypatch.setattr(wire, "MOST_CHANGES", 2)
    for _ in range(3):
        a_file(ann.work)

    def write() -> None:
        note(ann, file_id, "Where she lives now")

    if not is_late:
        write()
    hub: Any = WithOneMore(ann.hub, write if is_late else lambda: None)
    Exchange(ann.work.engine, ann.device, hub, ann.work.clock).run()
    item = ann.rows("SELECT id FROM contact_note")[0][0]
    with team.database.reading() as session:
        (epoch,) = session.rows("SELECT epoch FROM item WHERE item = ?", bytes.fromhex(item))
    assert epoch[0] == 2


class TakesNothing:
    """A hub that refuses every push."""

    def __init__(self, hub: Any) -> None:
        self._hub = hub

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def push(self, _push: Any) -> Any:
        raise HubRefused("no_right")


def test_a_file_with_unsent_work_stays_however_much_else_waits(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    file_id = a_file(ann.work)
    team.exchange_all(2)
    note(ben, file_id, "Nobody else has this")
    for _ in range(3):
        a_file(ben.work)
    ann.keep_to(file_id, ann)
    ann.exchange()
    monkeypatch.setattr(wire, "MOST_CHANGES", 2)
    hub: Any = TakesNothing(ben.hub)
    Exchange(ben.work.engine, ben.device, hub, ben.work.clock).run()
    assert ben.rows("SELECT text FROM contact_note") == [("Nobody else has this",)]


class GivesNobody:
    """A hub that takes no key for anybody but the device that gives it."""

    def __init__(self, hub: Any) -> None:
        self._hub = hub

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def rights(self, said: Any) -> None:
        if any(each.device != each.by for each in said):
            raise HubRefused("no_right")
        self._hub.rights(said)


def test_a_file_stays_until_another_device_has_its_keys(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    file_id = a_file(ann.work)
    ann.keep_to(file_id, ann)
    team.exchange_all(2)
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE client_file SET allocated_person = NULL")
    ann.keep_to(file_id, ben)
    hub: Any = GivesNobody(ann.hub)
    Exchange(ann.work.engine, ann.device, hub, ann.work.clock).run()
    assert files(ann) == 1
    assert ann.rows("SELECT 1 FROM collection_key WHERE collection = ?", file_id.bytes)
    team.exchange_all(2)
    assert (files(ann), files(ben)) == (0, 1)


class Choosing:
    """A hub during whose first pull somebody chooses on at the desk."""

    def __init__(self, hub: Any, choose: Callable[[], object]) -> None:
        self._hub, self._choose = hub, choose

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def pull(self, pull: Any) -> Any:
        choose, self._choose = self._choose, lambda: None
        page = self._hub.pull(pull)
        choose()
        return page


def test_what_was_chosen_while_a_file_was_taken_is_laid_before_those_who_have_it(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    file_id = a_file(ann.work)
    team.exchange_all(2)
    ann.keep_to(file_id, ann)
    ann.exchange()
    hub: Any = Choosing(ben.hub, lambda: ben.keep_to(file_id, ben))
    Exchange(ben.work.engine, ben.device, hub, ben.work.clock).run()
    team.exchange_all(2)
    assert (files(ann), files(ben)) == (1, 0)
    told = [json.loads(row[0]) for row in ann.rows("SELECT ours FROM conflict WHERE decided_at IS NULL")]
    assert [json.loads(each["readers"]) for each in told if "readers" in each] == [[ben.person.hex()]]
