"""0002 moves the words of all but the notes into an index of their own, on a store that is full, and back again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from advocate_desk import paths
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.people import PersonDetails, remove_person
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import RecordId
from advocate_desk.store import migrate
from advocate_desk.store.engine import create_store
from advocate_desk.store.queries.find import find
from advocate_desk.store.tables.base import record_tables
from tests.builders import KEY, NOON, a_file, a_work
from tests.migrations.test_migrations import schema
from tests.store_state import check_sound, records


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """Two files with people, numbers, notes, somebody taken out, and no family name."""
    made = a_work(tmp_path)
    first = a_file(made, client=PersonDetails("client", "Siân", "Ficton"))
    a_file(made, client=PersonDetails("client", "Łucja", ""), perpetrator=None)
    write_note(made, first, NoteDetails(NOON, "phone", "Spoke of Aberystŵyth and the locks"))
    gone = next(hit for hit in made.read(find, "fabricant") if hit.kind == "person")
    remove_person(made, RecordId(gone.record_id))
    return made


def go(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(paths.migrations()))
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.downgrade(config, revision)


def summaries(engine: Engine) -> list[Any]:
    with engine.connect() as conn:
        return list(conn.exec_driver_sql("SELECT * FROM file_summary ORDER BY file_id").all())


def test_a_full_store_goes_down_to_0001_and_up_again_and_nothing_is_lost(work: Work, tmp_path: Path) -> None:
    at_head = records(work.engine)
    go(work.engine, "0002")
    kept, listed = kept_records(work.engine), summaries(work.engine)
    with work.engine.connect() as conn:
        at_0002 = schema(conn)
    go(work.engine, "0001")
    assert kept_records(work.engine) == kept
    assert count(work.engine, "SELECT count(*) FROM search_text WHERE search_text MATCH 'ficton'") == 1
    with work.engine.connect() as conn:
        assert schema(conn) == of_0001(tmp_path / "new")
    migrate.upgrade(work.engine, "0002")
    assert kept_records(work.engine) == kept
    assert summaries(work.engine) == listed
    with work.engine.connect() as conn:
        found = schema(conn)
    assert found == at_0002
    assert found.keys() != of_0001(tmp_path / "other").keys()
    migrate.upgrade(work.engine, migrate.HEAD)
    assert records(work.engine) == at_head
    check_sound(work.engine)


def kept_records(engine: Engine) -> dict[str, list[Any]]:
    """Every row of the record tables that this revision has."""
    wanted = {table.name for table in record_tables()}
    with engine.connect() as conn:
        return {name: rows for name, rows in whole(conn).items() if name in wanted}


def of_0001(folder: Path) -> dict[str, str]:
    folder.mkdir()
    engine = create_store(folder / "caseload.db", KEY)
    migrate.upgrade(engine, "0001")
    with engine.connect() as conn:
        found = schema(conn)
    engine.dispose()
    return found


def count(engine: Engine, statement: str) -> int:
    with engine.connect() as conn:
        return int(conn.exec_driver_sql(statement).scalar_one())


def test_every_word_is_found_after_the_move_and_only_where_it_belongs(work: Work) -> None:
    go(work.engine, "0001")
    migrate.upgrade(work.engine, "0002")
    assert [hit.kind for hit in work.read(find, "sian")] == ["person"]
    assert [hit.kind for hit in work.read(find, "aberyst")] == ["note"]
    assert [hit.kind for hit in work.read(find, "900123")] == ["contact", "contact"]
    assert work.read(find, "fabricant") == ()
    assert count(work.engine, "SELECT count(*) FROM search_text WHERE search_text MATCH 'sian'") == 0
    assert count(work.engine, "SELECT count(*) FROM search_record WHERE search_record MATCH 'sian'") == 1
    with work.engine.connect() as conn:
        keys = conn.exec_driver_sql("SELECT search_key FROM file_summary ORDER BY search_key").scalars().all()
    assert keys == ["lucja", "sian ficton"]


def test_a_failure_in_the_middle_leaves_0001_as_it_was(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(work.engine, "0001")
    with work.engine.connect() as conn:
        before, dump = schema(conn), whole(conn)
    scripts = tmp_path / "migrations"
    shutil.copytree(paths.migrations(), scripts)
    steps = scripts / "versions" / "0002_quicker_lists.sql"
    steps.write_text(steps.read_text("utf-8").rstrip() + "\n--;\nthis is no SQL\n", "utf-8")
    monkeypatch.setattr(paths, "migrations", lambda: scripts)
    with pytest.raises(Exception, match="syntax error"):
        migrate.prepare(work.engine, KEY, tmp_path / "backups", NOON)
    with work.engine.connect() as conn:
        assert schema(conn) == before
        assert whole(conn) == dump
    monkeypatch.undo()
    migrate.upgrade(work.engine, "0002")
    check_sound(work.engine)


def whole(conn: Connection) -> dict[str, list[Any]]:
    names = conn.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")).scalars().all()
    return {name: list(conn.exec_driver_sql(f'SELECT * FROM "{name}"').all()) for name in names}


def test_what_changes_after_the_move_is_found_by_its_new_words(work: Work) -> None:
    go(work.engine, "0001")
    migrate.upgrade(work.engine, "0002")
    with work.engine.begin() as conn:
        conn.execute(text("UPDATE contact_method SET value = '07700 900777'"))
        conn.execute(text("UPDATE person SET family_name = 'Mockridge' WHERE family_name = 'Ficton'"))
    assert work.read(find, "900123") == ()
    assert len(work.read(find, "900777")) == 2
    assert [hit.kind for hit in work.read(find, "mockridge")] == ["person"]
