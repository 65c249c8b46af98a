"""A file that is handed on and back: whoever clears it does so only where somebody else can open it, whoever fails."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

import msgspec
import pytest

from advocate_desk.casework.tasks import TaskDetails, add_task
from advocate_desk.domain.identity import FileId
from advocate_desk.hub.near import NearHub
from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.statements import ADVOCATE, DATA_LEAD, SetPerson
from advocate_desk.sync.wire import Page, Pull, Right
from tests.builders import a_file
from tests.sync.desks import Desk, Team


def files(desk: Desk) -> int:
    """How many client files are on a desk."""
    return int(desk.rows("SELECT count(*) FROM client_file")[0][0])


def hand(desk: Desk, file: FileId, owner: Desk) -> None:
    """Make a file one person's alone."""
    with desk.work.engine.begin() as conn:
        conn.exec_driver_sql(
            "UPDATE client_file SET allocated_person = ?, is_restricted = 1, readers = ? WHERE id = ?",
            (owner.person.hex(), json.dumps([owner.person.hex()]), file.hex),
        )


def breaking(monkeypatch: pytest.MonkeyPatch, route: str, desk: Desk, *, is_heard: bool) -> None:
    """Exchange once, with a line that breaks where `route` is asked for: before the hub hears it, or after."""
    said = getattr(NearHub, route)

    def breaks(hub: NearHub, collection: bytes) -> None:
        if is_heard:
            said(hub, collection)
        raise Unreachable("Not now.")

    with monkeypatch.context() as patch, suppress(Unreachable):
        patch.setattr(NearHub, route, breaks)
        desk.exchange()


def name_nobody_who_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the hub leave out who wants a key, from here on."""
    pull = NearHub.pull
    monkeypatch.setattr(NearHub, "pull", lambda self, said: msgspec.structs.replace(pull(self, said), wanting=[]))


@pytest.fixture
def two(team: Team) -> tuple[Desk, Desk, FileId]:
    """Two people who both read a file, until one of them has made it hers alone; the other has not heard."""
    ann, ben = team.join("Ann"), team.join("Ben")
    file = a_file(ann.work)
    ann.keep_to(file, ann, ben)
    team.exchange_all(3)
    hand(ben, file, ben)
    ben.exchange()
    return ann, ben, file


@pytest.mark.parametrize("route", ["clear", "cleared"])
@pytest.mark.parametrize("is_heard", [False, True], ids=["lost on the way", "answer lost"])
def test_a_line_that_breaks_while_a_file_is_cleared_costs_nobody_the_file(
    team: Team, two: tuple[Desk, Desk, FileId], monkeypatch: pytest.MonkeyPatch, route: str, is_heard: bool
) -> None:
    ann, ben, file = two
    breaking(monkeypatch, route, ann, is_heard=is_heard)
    hand(ben, file, ann)
    ben.exchange()
    ben.exchange()
    team.exchange_all(3)
    assert (files(ann), files(ben)) == (1, 0)


@pytest.mark.parametrize("is_heard", [False, True], ids=["lost on the way", "answer lost"])
def test_what_is_written_in_a_file_that_was_about_to_be_cleared_arrives(
    team: Team, two: tuple[Desk, Desk, FileId], monkeypatch: pytest.MonkeyPatch, is_heard: bool
) -> None:
    ann, ben, file = two
    breaking(monkeypatch, "clear", ann, is_heard=is_heard)
    assert files(ann) == 1
    add_task(ann.work, file, TaskDetails("Ring the court", date(2026, 12, 1)))
    team.exchange_all(4)
    assert (files(ann), files(ben)) == (0, 1)
    assert ("Ring the court",) in ben.rows("SELECT title FROM task")


def test_a_file_that_was_handed_back_meanwhile_is_not_cleared(
    team: Team, two: tuple[Desk, Desk, FileId], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, file = two
    asked = NearHub.clear

    def meanwhile(hub: NearHub, collection: bytes) -> None:
        monkeypatch.undo()
        hand(ben, file, ann)
        ben.exchange()
        ben.exchange()
        asked(hub, collection)

    monkeypatch.setattr(NearHub, "clear", meanwhile)
    ann.exchange()
    assert files(ann) == 1
    team.exchange_all(3)
    assert (files(ann), files(ben)) == (1, 0)


def test_a_hub_that_names_nobody_who_wants_a_key_costs_nobody_the_file(
    team: Team, two: tuple[Desk, Desk, FileId], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, file = two
    team.exchange_all(2)
    assert files(ann) == 0
    name_nobody_who_wants(monkeypatch)
    hand(ben, file, ann)
    team.exchange_all(3)
    assert (files(ann), files(ben)) == (1, 0)


def test_a_key_that_is_taken_in_again_does_not_say_that_who_lost_the_file_has_it(
    team: Team, two: tuple[Desk, Desk, FileId], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, file = two
    team.exchange_all(2)
    assert files(ann) == 0
    with ben.work.engine.begin() as conn:  # as after a key of any file that another desk was quicker to make
        conn.exec_driver_sql("DELETE FROM taken_right")
        conn.exec_driver_sql("UPDATE organisation SET rights_number = 0, rights_mark = NULL")
    ben.exchange()
    name_nobody_who_wants(monkeypatch)
    hand(ben, file, ann)
    team.exchange_all(4)
    assert (files(ann), files(ben)) == (1, 0)


def test_who_lost_a_file_and_got_it_back_between_two_pulls_of_a_desk_is_given_its_key(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, cat = team.join("Ann"), team.join("Ben"), team.join("Cat")
    file = a_file(ann.work)
    ann.keep_to(file, ann, ben, cat)
    team.exchange_all(3)
    hand(cat, file, cat)
    for readers in ((ben, cat), (ann, ben, cat)):
        cat.keep_to(file, *readers)
        cat.exchange()
        if ann not in readers:
            ann.exchange()
            assert files(ann) == 0
    pull, say, given = NearHub.pull, NearHub.rights, list[bytes]()

    def listening(hub: NearHub, rights: Sequence[Right]) -> None:
        given.extend(each.device for each in rights if each.collection == file.bytes)
        say(hub, rights)

    monkeypatch.setattr(NearHub, "pull", lambda self, said: msgspec.structs.replace(pull(self, said), wanting=[]))
    monkeypatch.setattr(NearHub, "rights", listening)
    ben.exchange()
    assert ann.device.id.bytes in given


def test_what_was_laid_before_others_as_a_file_went_comes_back_with_it(
    team: Team, two: tuple[Desk, Desk, FileId]
) -> None:
    ann, ben, file = two
    other = a_file(ann.work)  # a desk that holds nothing asks for everything anew
    for desk, site in ((ben, "Ben says so"), (ann, "Ann says so")):
        with desk.work.engine.begin() as conn:
            conn.exec_driver_sql("UPDATE client_file SET site = ? WHERE id = ?", (site, file.hex))
        desk.exchange()
    assert [row[0] for row in ann.rows("SELECT id FROM client_file")] == [other.hex]
    ben.exchange()
    hand(ben, file, ann)
    ben.exchange()
    ben.exchange()
    team.exchange_all(3)
    assert (files(ann), files(ben)) == (2, 0)
    assert [json.loads(row[0]) for row in ann.rows("SELECT ours FROM conflict")] == [{"site": "Ann says so"}]


@pytest.mark.parametrize("is_heard", [False, True], ids=["lost on the way", "answer lost"])
def test_who_was_about_to_clear_what_she_may_read_again_accuses_no_hub(
    team: Team, monkeypatch: pytest.MonkeyPatch, is_heard: bool
) -> None:
    """The hub lists her as one without the file, and gives her nothing of it until a colleague has given the key."""
    ann, ben = team.join("Ann", DATA_LEAD), team.join("Ben", DATA_LEAD)
    cal = team.join("Cal", DATA_LEAD)
    file, _ = a_file(ben.work), a_file(ben.work)
    team.exchange_all(3)
    team.say(SetPerson(cal.person, [ADVOCATE], [], True, b""))
    breaking(monkeypatch, "clear", cal, is_heard=is_heard)
    assert files(cal) == 2
    add_task(ben.work, file, TaskDetails("Ring the court", date(2026, 12, 1)))
    ben.exchange()
    team.say(SetPerson(cal.person, [DATA_LEAD], [], True, b""))
    add_task(ann.work, file, TaskDetails("Write to her", date(2026, 12, 2)))
    cal.exchange()
    for _ in range(2):
        ann.exchange()
        cal.exchange()
    assert {("Ring the court",), ("Write to her",)} <= set(cal.rows("SELECT title FROM task"))
    assert cal.rows("SELECT count(*) FROM collection_state WHERE is_cleared") == [(0,)]
    assert cal.exchange().troubles == []


def test_a_hub_that_gives_nothing_of_a_file_that_was_handed_back_is_told_of(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ann, ben, cat = (team.join(name, DATA_LEAD) for name in ("Ann", "Ben", "Cat"))
    a_file(ben.work)
    team.exchange_all(3)
    team.say(SetPerson(cat.person, [ADVOCATE], [], True, b""))
    breaking(monkeypatch, "clear", cat, is_heard=False)
    (file,) = cat.rows("SELECT collection FROM collection_state WHERE is_cleared")[0]
    team.say(SetPerson(cat.person, [DATA_LEAD], [], True, b""))
    pull = NearHub.pull

    def without(hub: NearHub, said: Pull) -> Page:
        page = pull(hub, said)
        pushes = [
            msgspec.structs.replace(push, parts=[part for part in push.parts if part.collection != file])
            for push in page.pushes
        ]
        kept = {
            name: [each for each in getattr(page, name) if each.collection != file]
            for name in ("rights", "fills", "filled")
        }
        return msgspec.structs.replace(page, pushes=pushes, **kept)

    with monkeypatch.context() as patch:
        patch.setattr(NearHub, "pull", without)
        assert [cat.exchange().troubles for _ in range(3)] == [["handed_back"]] * 3
    team.exchange_all(3)
    assert cat.exchange().troubles == []
    assert files(cat) == 1
