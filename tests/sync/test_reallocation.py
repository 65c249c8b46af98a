"""A file that changes hands: the new advocate's devices get everything, the old one's lose it, nothing is lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.files import set_status
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.conflicts import open_conflicts
from advocate_desk.sync.exchange import Exchange
from advocate_desk.sync.statements import ADVOCATE, SUPERVISOR, SetPerson, SetTeam
from tests.builders import NOON, a_file
from tests.sync.desks import Desk, Team

NORTH, SOUTH = bytes([1]) * 16, bytes([2]) * 16


def advocate(desk: Desk, *teams: bytes) -> Advocate:
    return Advocate(desk.name, UUID(bytes=desk.person), tuple(UUID(bytes=each) for each in teams))


def count(desk: Desk, what: str, *parameters: object) -> int:
    return int(desk.rows(f"SELECT count(*) FROM {what}", *parameters)[0][0])


def keys(desk: Desk, file_id: FileId) -> int:
    return count(desk, "collection_key WHERE collection = ?", file_id.bytes)


def note(desk: Desk, file_id: FileId, text: str) -> None:
    write_note(desk.work, file_id, NoteDetails(NOON, "phone", text))


def test_a_file_that_is_handed_on_moves_with_its_keys(team: Team) -> None:
    sue, old, new = team.join("Sue", SUPERVISOR), team.join("Old", ADVOCATE), team.join("New", ADVOCATE)
    file_id = a_file(sue.work)
    allocate(sue.work, file_id, advocate(old))
    note(sue, file_id, "Before")
    team.exchange_all()
    assert [count(each, "contact_note WHERE text = 'Before'") for each in (old, new)] == [1, 0]
    allocate(sue.work, file_id, advocate(new), "She asked for somebody nearer to her.")
    team.exchange_all()
    assert (count(old, "client_file"), count(new, "client_file")) == (0, 1)
    assert count(new, "contact_note") == count(sue, "contact_note") == 3
    for table in ("contact_note", "person", "file_summary", "search_entry", "task"):
        assert count(old, table) == 0, table
    assert keys(old, file_id) == 0
    newest = "SELECT max(epoch) FROM collection_key WHERE collection = ?"
    assert sue.rows(newest, file_id.bytes) == new.rows(newest, file_id.bytes) == [(2,)]
    note(new, file_id, "After")
    team.exchange_all()
    assert (count(sue, "contact_note"), count(old, "contact_note")) == (4, 0)


def test_what_the_old_advocate_typed_offline_arrives_after_all(team: Team) -> None:
    sue, old, new = team.join("Sue", SUPERVISOR), team.join("Old", ADVOCATE), team.join("New", ADVOCATE)
    file_id = a_file(sue.work)
    allocate(sue.work, file_id, advocate(old))
    team.exchange_all()
    note(old, file_id, "Typed on the train")
    allocate(sue.work, file_id, advocate(new))
    for desk in (sue, new, sue):
        desk.exchange()
    assert old.exchange().waiting == 0
    team.exchange_all()
    for desk in (sue, new):
        assert count(desk, "contact_note WHERE text = 'Typed on the train'") == 1
    assert count(old, "client_file") == 0


def test_a_change_that_the_old_advocate_made_meanwhile_is_laid_before_the_new_one(team: Team) -> None:
    sue, old, new = team.join("Sue", SUPERVISOR), team.join("Old", ADVOCATE), team.join("New", ADVOCATE)
    file_id = a_file(sue.work)
    allocate(sue.work, file_id, advocate(old))
    team.exchange_all()
    set_status(old.work, file_id, "monitoring")
    allocate(sue.work, file_id, advocate(new))
    for desk in (sue, new, sue):
        desk.exchange()
    assert old.exchange().waiting == 0
    team.exchange_all()
    assert count(old, "client_file") == 0
    for desk in (sue, new):
        assert count(desk, "client_file WHERE status = 'open_high' AND allocated_to = 'New'") == 1
        told = desk.rows("SELECT about_id, theirs, decided_at FROM conflict")
        assert [row[0] for row in told] == [file_id.hex]
        assert "monitoring" in told[0][1]
        assert told[0][2] is None
        (asked,) = desk.work.read(open_conflicts)
        assert asked.differing() == ("status",)


def test_an_advocate_may_hand_her_own_file_on(team: Team) -> None:
    sue, old, new = team.join("Sue", SUPERVISOR), team.join("Old", ADVOCATE), team.join("New", ADVOCATE)
    file_id = a_file(old.work)
    allocate(old.work, file_id, advocate(old))
    team.exchange_all()
    assert count(sue, "client_file") == 1
    allocate(old.work, file_id, advocate(new))
    team.exchange_all()
    assert [count(each, "client_file") for each in (sue, old, new)] == [1, 0, 1]
    assert count(new, "client_file WHERE allocated_to = 'New'") == 1


def test_a_file_may_come_back(team: Team) -> None:
    sue, old, new = team.join("Sue", SUPERVISOR), team.join("Old", ADVOCATE), team.join("New", ADVOCATE)
    file_id = a_file(sue.work)
    for whose in (old, new, old):
        allocate(sue.work, file_id, advocate(whose))
        team.exchange_all()
    assert [count(each, "client_file") for each in (sue, old, new)] == [1, 1, 0]
    assert count(old, "contact_note") == count(sue, "contact_note")
    note(old, file_id, "Mine again")
    team.exchange_all()
    assert count(sue, "contact_note WHERE text = 'Mine again'") == 1


def test_who_changes_team_loses_the_files_of_the_team_before(team: Team) -> None:
    sue, ann, ben = team.join("Sue", SUPERVISOR), team.join("Ann", ADVOCATE), team.join("Ben", ADVOCATE)
    for each in (NORTH, SOUTH):
        team.say(SetTeam(each, True, b""))
    for desk, role in ((sue, SUPERVISOR), (ann, ADVOCATE), (ben, ADVOCATE)):
        extra = ["administrator"] if desk is sue else []
        team.say(SetPerson(desk.person, [role, *extra], [NORTH], True, b""))
    file_id = a_file(sue.work)
    allocate(sue.work, file_id, advocate(ann, NORTH))
    team.exchange_all()
    assert count(ben, "client_file") == 1
    team.say(SetPerson(ben.person, [ADVOCATE], [SOUTH], True, b""))
    team.exchange_all()
    assert [count(each, "client_file") for each in (sue, ann, ben)] == [1, 1, 0]


def apart(team: Team) -> tuple[Desk, Desk, Desk, FileId]:
    """Two who both have a file, and a third to whom it may be given."""
    ann, ben, zoe = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR), team.join("Zoe")
    team.exchange_all(2)
    file_id = a_file(ann.work)
    team.exchange_all(3)
    return ann, ben, zoe, file_id


def whose(desk: Desk) -> tuple[object, ...]:
    return tuple(desk.rows("SELECT allocated_to, allocated_person, is_restricted FROM client_file")[0])


def test_what_two_chose_of_different_things_at_once_both_counts(team: Team) -> None:
    ann, ben, zoe, file_id = apart(team)
    allocate(ann.work, file_id, advocate(zoe), "")
    ben.keep_to(file_id, ann, ben)
    ann.exchange()
    team.exchange_all(4)
    assert whose(ann) == whose(ben) == whose(zoe) == ("Zoe", zoe.person.hex(), 1)
    assert count(ann, "conflict") == 0


def test_nobody_is_let_into_a_file_that_was_restricted_at_the_same_time_before_somebody_decides(team: Team) -> None:
    ann, ben, zoe, file_id = apart(team)
    ann.keep_to(file_id, ann, ben)
    allocate(ben.work, file_id, advocate(zoe), "")
    ann.exchange()
    team.exchange_all(4)
    assert whose(ann) == whose(ben) == ("Ann", ann.person.hex(), 1)
    assert count(zoe, "client_file") == 0
    told = ann.rows("SELECT ours FROM conflict WHERE decided_at IS NULL")
    assert ["Zoe" in row[0] for row in told] == [True]


def test_of_two_advocates_chosen_at_once_the_first_counts_by_name_too_until_somebody_decides(team: Team) -> None:
    ann, ben, zoe, file_id = apart(team)
    allocate(ann.work, file_id, advocate(ben), "")
    allocate(ben.work, file_id, advocate(zoe), "")
    ann.exchange()
    team.exchange_all(4)
    assert whose(ann) == whose(ben) == ("Ben", ben.person.hex(), 0)
    assert count(zoe, "client_file") == 0
    assert count(ann, "conflict WHERE decided_at IS NULL") == count(ben, "conflict WHERE decided_at IS NULL") == 1


class Silent:
    """A hub that leaves the links of ownership out of one page."""

    def __init__(self, hub: Any) -> None:
        self._hub = hub

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def pull(self, pull: Any) -> Any:
        return msgspec.structs.replace(self._hub.pull(pull), owners=[])


def test_a_link_that_did_not_come_is_asked_for_when_another_follows_it(team: Team) -> None:
    ann, ben, _, file_id = apart(team)
    ann.keep_to(file_id, ann, ben)
    ann.exchange()
    Exchange(ben.work.engine, ben.device, Silent(ben.hub), ben.work.clock).run()
    assert whose(ben)[2] == 0
    ann.keep_to(file_id, ann)
    team.exchange_all(4)
    assert count(ben, "client_file") == 0


def test_a_link_that_did_not_come_is_asked_for_when_ours_is_too_late(team: Team) -> None:
    ann, ben, zoe, file_id = apart(team)
    ann.keep_to(file_id, ann, ben)
    ann.exchange()
    Exchange(ben.work.engine, ben.device, Silent(ben.hub), ben.work.clock).run()
    allocate(ben.work, file_id, advocate(zoe), "")
    team.exchange_all(4)
    assert whose(ann) == whose(ben) == ("Ann", ann.person.hex(), 1)
    assert count(ben, "conflict WHERE decided_at IS NULL") == 1
