"""A hub that was restored: what desks give back to it, and what they ask of it, lets nothing be lost or made up."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from advocate_desk.casework.people import PersonDetails, save_person
from advocate_desk.domain.identity import RecordId
from advocate_desk.hub.database import open_database
from advocate_desk.store.engine import DATABASE_NAME, open_store
from advocate_desk.sync import giving_back, handing_over, records, state
from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.messages import Held
from advocate_desk.sync.records import shapes
from advocate_desk.sync.statements import SUPERVISOR, SetTeam
from advocate_desk.sync.transaction import writing
from tests.builders import KEY, NOON, a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents
from tests.sync.test_hostile_hub import Liar, Scene, by, exchange, made_up_revisions, note, pushes


@pytest.fixture
def scene(team: Team) -> Scene:
    ann, ben, cat = (team.join(name, SUPERVISOR) for name in ("Ann", "Ben", "Cat"))
    file_id = a_file(ann.work)
    team.exchange_all(2)
    return Scene(team, file_id, ann, ben, cat)


def back_up(team: Team, folder: Path) -> None:
    """Copy the hub's database beside itself."""
    team.database.close()
    for each in folder.glob("hub.db*"):
        shutil.copy(each, folder / f"kept-{each.name}")
    reopen(team, folder)


def restore(team: Team, folder: Path) -> None:
    """Put that copy in the place of the hub's database."""
    team.database.close()
    for each in folder.glob("hub.db*"):
        each.unlink()
    for each in folder.glob("kept-hub.db*"):
        shutil.copy(each, folder / each.name.removeprefix("kept-"))
    reopen(team, folder)


def move(scene: Scene, desk: Desk, where: str) -> None:
    """Somebody writes down where the client stays."""
    client = RecordId(UUID(desk.rows("SELECT id FROM person WHERE role = 'client'")[0][0]))
    details = PersonDetails("client", "Testina", "Sampleby", whereabouts=where)
    save_person(desk.work, scene.file_id, client, details)


def test_after_a_restore_no_desk_writes_over_what_it_has_not_seen(scene: Scene, tmp_path: Path) -> None:
    """The revisions have the same numbers on both sides, and are not the same."""
    team, ann, ben = scene.team, scene.ann, scene.ben
    team.exchange_all(2)
    back_up(team, tmp_path)

    move(scene, scene.cat, "with her sister")
    team.exchange_all(2)
    restore(team, tmp_path)
    move(scene, ben, "in a refuge")
    assert "gave_back" in ben.exchange().troubles
    move(scene, ann, "with her mother")
    assert "gave_back" in ann.exchange().troubles
    team.exchange_all(3)
    assert contents(ann) == contents(ben) == contents(scene.cat)
    told = repr(contents(ann)["person"]) + repr(contents(ann)["conflict"])
    assert "in a refuge" in told
    assert "with her mother" in told


def test_what_was_answered_and_never_pulled_before_a_restore_is_given_back(scene: Scene, tmp_path: Path) -> None:
    """The desk's tip is from before the push, and so the restored hub has it; and nothing more waits to be sent."""
    team, ann = scene.team, scene.ann
    team.exchange_all(2)
    back_up(team, tmp_path)
    added = a_file(ann.work)
    note(ann, added, "Sent, and lost by the hub")
    with pytest.raises(Unreachable):
        exchange(ann, Liar(scene, ann.hub, pull=cut_off))
    assert ann.rows("SELECT count(*) FROM contact_note WHERE synced_rev IS NULL") == [(0,)]
    restore(team, tmp_path)
    assert ann.exchange().troubles == ["gave_back"]
    team.exchange_all(2)
    assert contents(ann) == contents(scene.ben) == contents(scene.cat)
    assert scene.ben.rows("SELECT text FROM contact_note WHERE file_id = ?", added.hex) == [
        ("Sent, and lost by the hub",)
    ]
    assert [desk.exchange().troubles for desk in team.desks] == [[], [], []]


def cut_off(_scene: Scene, _page: object) -> None:
    raise Unreachable("The hub did not answer.")


def test_a_desk_gives_nothing_back_to_a_hub_that_has_its_pushes_and_hides_them(scene: Scene) -> None:
    ben = scene.ben
    ben.exchange()
    note(ben, scene.file_id, "Hidden from its writer")
    hides = Liar(scene, ben.hub, pull=pushes(lambda s, p: [each for each in p if not by(s.ben, [each])]))
    assert exchange(ben, hides).troubles == ["withheld"]
    assert exchange(ben, hides).troubles == ["withheld"]
    assert ben.rows("SELECT count(*) FROM exchange_event WHERE kind = 'gave_back'") == [(0,)]


def test_what_a_hub_makes_up_is_not_kept_while_it_is_asked_for(scene: Scene) -> None:
    liar = Liar(scene, scene.ben.hub, revisions=made_up_revisions())
    with scene.ben.work.engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        pages = iter([False, False, True])
        held, _ = giving_back.ask_revisions(driver, liar, lambda: next(pages))
    assert held == {}
    assert liar.asked == 3


def test_a_hub_that_lost_statements_alone_is_given_them_back(scene: Scene, tmp_path: Path) -> None:
    team = scene.team
    team.exchange_all(2)
    with team.database.writing() as session:
        session.run("DELETE FROM statement WHERE number = ?", team.members.number)
        session.run("UPDATE organisation SET statements = statements - 1")
    assert "gave_back" in scene.ann.exchange().troubles
    with team.database.reading() as session:
        assert session.rows("SELECT max(number) FROM statement") == [(team.members.number,)]
    assert [desk.exchange().troubles for desk in team.desks] == [[], [], []]


def test_two_desks_give_back_at_once_what_a_restored_hub_lost(scene: Scene, tmp_path: Path) -> None:
    """And neither writes over what the other wrote after the restore."""
    team, ann, ben = scene.team, scene.ann, scene.ben
    team.exchange_all(2)
    back_up(team, tmp_path)

    for where in ("with her sister", "with her mother"):
        move(scene, ann, where)
        team.exchange_all(1)
    team.say(SetTeam(os.urandom(16), True, b""))
    team.exchange_all(2)
    restore(team, tmp_path)
    assert "gave_back" in ann.exchange().troubles
    move(scene, ann, "in a refuge")  # after the restore, before Ben has heard of it
    ann.exchange()
    assert "gave_back" in ben.exchange().troubles
    team.exchange_all(3)
    assert contents(ann) == contents(ben) == contents(scene.cat)
    assert ann.rows("SELECT whereabouts FROM person WHERE role = 'client'") == [
        ("in a refuge",)
    ] or "in a refuge" in repr(contents(ann)["conflict"])
    for desk in team.desks:
        assert desk.rows("SELECT count(*) FROM exchange_event WHERE kind = 'gave_back'") != [(0,)]
        assert desk.rows("SELECT max(number) FROM member_statement") == [(team.members.number,)]
    with team.database.reading() as session:
        assert session.rows("SELECT max(number) FROM statement") == [(team.members.number,)]


def test_a_restriction_that_only_its_author_had_heard_of_is_said_again(scene: Scene, tmp_path: Path) -> None:
    """Answered and never pulled, and with no record: in a hub that was restored nothing else shows that it is gone."""
    team, ann, ben = scene.team, scene.ann, scene.ben
    team.exchange_all(2)
    back_up(team, tmp_path)
    ann.keep_to(scene.file_id, ann, ben)
    with pytest.raises(Unreachable):
        exchange(ann, Liar(scene, ann.hub, pull=cut_off))
    assert ann.rows("SELECT max(taken), min(taken) FROM file_ownership") == [(2, 1)]
    restore(team, tmp_path)
    assert ann.exchange().troubles == []
    assert ann.rows("SELECT min(taken) FROM file_ownership") == [(2,)]
    team.exchange_all(2)
    assert contents(ann) == contents(ben)
    assert scene.cat.rows("SELECT count(*) FROM client_file") == [(0,)]


def test_of_two_restrictions_on_both_sides_of_a_restore_the_one_that_the_hub_has_counts(
    scene: Scene, tmp_path: Path
) -> None:
    """And the other is laid before those who have the file."""
    team, ann, ben = scene.team, scene.ann, scene.ben
    team.exchange_all(2)
    back_up(team, tmp_path)
    ann.keep_to(scene.file_id, ann, ben)
    with pytest.raises(Unreachable):
        exchange(ann, Liar(scene, ann.hub, pull=cut_off))
    restore(team, tmp_path)
    ben.keep_to(scene.file_id, ben, ann, scene.cat)
    ben.exchange()
    for _ in range(3):
        team.exchange_all(1)
    assert contents(ann) == contents(ben) == contents(scene.cat)
    told = [json.loads(row[0]) for row in ann.rows("SELECT ours FROM conflict WHERE decided_at IS NULL")]
    assert [len(json.loads(each["readers"])) for each in told if each.get("readers")] == [2]
    assert [desk.exchange().troubles for desk in team.desks] == [[], [], []]


def test_what_was_under_way_under_a_key_that_a_restored_hub_lost_is_sealed_anew(scene: Scene, tmp_path: Path) -> None:
    """Another desk has made that epoch since: nobody else could open what was sealed with the first."""
    team, ann, ben = scene.team, scene.ann, scene.ben
    ann.keep_to(scene.file_id, ann, ben)
    team.exchange_all(2)
    back_up(team, tmp_path)
    note(ann, scene.file_id, "Under way")
    with pytest.raises(Unreachable):
        exchange(ann, Liar(scene, ann.hub, push=cut_off))
    newest = "SELECT max(epoch) FROM collection_key WHERE collection = ?"
    assert ann.rows(newest, scene.file_id.bytes) == [(2,)]
    assert ann.rows("SELECT count(*) FROM outgoing_push") == [(1,)]
    restore(team, tmp_path)
    note(ben, scene.file_id, "Of Ben")
    ben.exchange()
    assert ben.rows(newest, scene.file_id.bytes) == [(2,)]
    for _ in range(2):
        for desk in (ann, ben):
            desk.exchange()
    assert contents(ann) == contents(ben)
    for desk in (ann, ben):
        assert {("Under way",), ("Of Ben",)} <= set(desk.rows("SELECT text FROM contact_note"))
        assert desk.rows("SELECT count(*) FROM unreadable_item") == [(0,)]
        assert desk.exchange().troubles == []


def test_a_hub_that_was_restored_and_has_counted_on_since_is_found_out(scene: Scene, tmp_path: Path) -> None:
    """Everybody had seen the restriction: by numbers alone the hub has as many rights and links as before."""
    team, ann, ben, cat = scene.team, scene.ann, scene.ben, scene.cat
    team.exchange_all(2)
    back_up(team, tmp_path)
    ann.keep_to(scene.file_id, ann, ben)
    ann.exchange()
    ben.exchange()
    restore(team, tmp_path)
    for _ in range(3):
        a_file(cat.work)
    cat.exchange()
    assert "gave_back" in ben.exchange().troubles
    team.exchange_all(3)
    assert contents(ann) == contents(ben)
    assert cat.rows("SELECT count(*) FROM client_file WHERE id = ?", scene.file_id.hex) == [(0,)]
    assert [desk.exchange().troubles for desk in team.desks] == [[], [], []]


def test_what_one_restore_marked_and_nothing_was_merged_with_since_is_merged_after_the_next(scene: Scene) -> None:
    """The revision that it names was never seen here: by the next restore that number may be somebody else's work."""
    team, ben = scene.team, scene.ben
    ben.exchange()
    ((key, file),) = ben.rows("SELECT id, file_id FROM person WHERE role = 'client'")
    held = {bytes.fromhex(key): Held(bytes.fromhex(file), bytes.fromhex(key), 1, 1)}
    with ben.work.engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        stand = state.standing(driver)
        assert stand is not None
        with writing(driver, lambda: False):
            mark = "UPDATE person SET synced_rev = 1, base = ? WHERE id = ?"
            driver.execute(mark, (giving_back.NOTHING_AGREED, key))
            giving_back.rewind(driver, ben.device.id.bytes, stand.tip, held, stand.push_number, NOON)
    assert ben.rows("SELECT synced_rev, base FROM person WHERE id = ?", key) == [(0, giving_back.NOTHING_AGREED)]
    team.exchange_all(3)
    assert contents(ben) == contents(scene.ann) == contents(scene.cat)


def test_what_is_laid_before_others_after_a_restore_can_be_read(scene: Scene) -> None:
    """What both sides had is not known then: nothing is said of it that no record could say."""
    ben = scene.ben
    with ben.work.engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        with writing(driver, lambda: False):
            for name in ("client_file", "person"):
                driver.execute(f'UPDATE "{name}" SET base = ?', (giving_back.NOTHING_AGREED,))
            assert handing_over.lay_before_others(driver, [scene.file_id.bytes], NOON)
    shape = shapes()["conflict"]
    columns = ("extra", *shape.columns)
    names = ", ".join(f'"{each}"' for each in columns)
    rows = [dict(zip(columns, row, strict=True)) for row in ben.rows(f"SELECT {names} FROM conflict")]
    assert {row["kind"] for row in rows} == {"client_file", "person"}
    for row in rows:
        records.incoming("conflict", records.outgoing(shape, row))


def reopen(team: Team, folder: Path) -> None:
    team.database = open_database(str(folder / "hub.db"))
    for desk in team.desks:
        desk.hub.database = team.database


def test_a_desk_restored_from_its_own_backup_takes_its_own_work_back(scene: Scene, tmp_path: Path) -> None:
    team, ben = scene.team, scene.ben
    team.exchange_all(2)
    ben.work.engine.dispose()
    shutil.copytree(tmp_path / "Ben", tmp_path / "kept")
    note(ben, scene.file_id, "Written after the backup")
    ben.exchange()
    team.exchange_all(1)
    ben.work.engine.dispose()
    ben.work = replace(ben.work, engine=open_store(tmp_path / "kept" / DATABASE_NAME, KEY))
    note(ben, scene.file_id, "Written after the restore")
    team.exchange_all(3)
    assert contents(scene.ann) == contents(ben) == contents(scene.cat)
    texts = {row[0] for row in ben.rows("SELECT text FROM contact_note")}
    assert {"Written after the backup", "Written after the restore"} <= texts
    assert ben.exchange().waiting == 0
