"""Desks that exchange through a hub: the same files in the end, nothing lost, two requests when little is new."""

from __future__ import annotations

from uuid import UUID

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.people import PersonDetails, save_person
from advocate_desk.domain.identity import RecordId
from advocate_desk.sync import outbox
from advocate_desk.sync.records import shapes
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import NOON, a_file
from tests.sync.desks import Desk, Team


def contents(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Every record of a desk: what travels of it."""
    found = {}
    for shape in shapes().values():
        columns = ", ".join(f'"{name}"' for name in ("id", "file_id", "extra", *shape.columns) if name != "changed_at")
        found[shape.name] = sorted((tuple(row) for row in desk.rows(f'SELECT {columns} FROM "{shape.name}"')), key=repr)
    return found


def test_a_file_opened_on_one_desk_is_on_the_other(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    file_id = a_file(ann.work)
    write_note(ann.work, file_id, NoteDetails(NOON, "phone", "Spoke of the locks"))
    team.exchange_all(2)
    assert contents(ann) == contents(ben)
    assert ben.rows("SELECT client_name FROM file_summary") == [("Testina Sampleby",)]
    assert ben.rows("SELECT count(*) FROM search_text WHERE search_text MATCH 'locks'") == [(1,)]


def test_nothing_is_sent_twice_and_an_idle_exchange_is_one_pull(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    a_file(ann.work)
    team.exchange_all(2)
    for desk in (ann, ben):
        desk.hub.calls = 0
        report = desk.exchange()
        assert (report.sent, report.received, report.waiting, report.troubles) == (0, 0, 0, [])
        assert desk.hub.calls == 1


def test_five_hundred_changes_take_two_requests(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    file_id = a_file(ann.work)
    team.exchange_all(2)
    for number in range(500):
        write_note(ann.work, file_id, NoteDetails(NOON, "phone", f"Note {number}"))
    ann.hub.calls = ben.hub.calls = 0
    with ann.work.engine.connect() as conn:
        assert outbox.count_unsent(conn.connection.driver_connection) >= 500
    report = ann.exchange()
    assert report.sent >= 500
    assert ann.hub.calls == 2
    assert ben.exchange().received == report.sent
    assert contents(ann) == contents(ben)


def test_two_who_change_one_field_both_keep_their_value(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR, hours_off=-24 * 365)
    file_id = a_file(ann.work)
    team.exchange_all(2)
    client = RecordId(UUID(ann.rows("SELECT id FROM person WHERE role = 'client'")[0][0]))
    save_person(
        ann.work, file_id, client, PersonDetails("client", "Testina", "Sampleby", whereabouts="with her sister")
    )
    save_person(ben.work, file_id, client, PersonDetails("client", "Testina", "Sampleby", whereabouts="in a refuge"))
    team.exchange_all(3)
    assert contents(ann) == contents(ben)
    kept = ann.rows("SELECT whereabouts FROM person WHERE role = 'client'")[0][0]
    ours, theirs, is_critical = ann.rows("SELECT ours, theirs, is_critical FROM conflict")[0]
    assert kept == "with her sister"
    assert "in a refuge" in ours
    assert "with her sister" in theirs
    assert is_critical


def test_every_kind_of_record_has_a_shape_that_travels() -> None:
    assert {"conflict", "hearing", "bail", "stored_document", "letter"} <= shapes().keys()
    assert "import_batch_id" not in shapes()["referral"].columns
    assert "content" not in shapes()["stored_document"].columns
