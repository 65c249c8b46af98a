"""Every revision: head is what the tables say, up and down and up, a failure leaves the old schema."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from advocate_desk import paths
from advocate_desk.errors import NewerVault
from advocate_desk.store import migrate
from advocate_desk.store.engine import create_store, open_store
from advocate_desk.store.tables.everything import metadata
from advocate_desk.store.tracking import store_objects
from tests.builders import KEY, NOON, a_file, a_work


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return create_store(tmp_path / "caseload.db", KEY)


def schema(conn: Connection) -> dict[str, str]:
    rows = conn.execute(
        text(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND "
            "name NOT LIKE 'search_text_%' AND name NOT LIKE 'search_record_%'"
        )
    )
    return {row.name: " ".join(row.sql.split()) for row in rows}


def test_head_is_the_last_revision_on_disk() -> None:
    config = Config()
    config.set_main_option("script_location", str(paths.migrations()))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_head_equals_the_mapped_tables(engine: Engine) -> None:
    migrate.upgrade(engine, migrate.HEAD)
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"include_object": _ours})
        assert compare_metadata(context, metadata) == []


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:
    return kind != "table" or not str(name).startswith(("search_text", "search_record", "alembic"))


def test_head_has_every_view_index_and_trigger_as_generated(engine: Engine) -> None:
    migrate.upgrade(engine, migrate.HEAD)
    with engine.connect() as conn:
        found = schema(conn)
    for name, sql in store_objects():
        assert found[name] == " ".join(sql.split())


def test_up_and_down_and_up_again(engine: Engine) -> None:
    with engine.connect() as conn:
        empty = schema(conn)
    migrate.upgrade(engine, migrate.HEAD)
    with engine.connect() as conn:
        full = schema(conn)
    assert len(full) > len(empty) + 50
    with engine.connect() as conn, conn.begin():
        config = Config()
        config.set_main_option("script_location", str(paths.migrations()))
        config.attributes["connection"] = conn
        command.downgrade(config, "base")
    with engine.connect() as conn:
        assert set(schema(conn)) - set(empty) <= {"alembic_version"}
    migrate.upgrade(engine, migrate.HEAD)
    with engine.connect() as conn:
        assert schema(conn) == full


def test_a_store_of_a_later_version_is_refused_and_untouched(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    a_file(work)
    with work.engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    work.engine.dispose()
    path = tmp_path / "caseload.db"
    before = path.read_bytes()
    engine = open_store(path, KEY)
    with pytest.raises(NewerVault, match="newer version"):
        migrate.prepare(engine, KEY, tmp_path / "backups", NOON)
    engine.dispose()
    assert path.read_bytes() == before
    assert not list((tmp_path / "backups").glob("*")) if (tmp_path / "backups").exists() else True


def test_a_failing_migration_leaves_the_old_schema_and_a_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = a_work(tmp_path)
    a_file(work)
    with work.engine.connect() as conn:
        before = schema(conn)
    scripts = tmp_path / "migrations"
    shutil.copytree(paths.migrations(), scripts)
    (scripts / "versions" / "0004_fails.py").write_text(
        "from alembic import op\nrevision='0004'\ndown_revision='0003'\nbranch_labels=None\ndepends_on=None\n"
        "def upgrade():\n    op.execute('CREATE TABLE half_done (x)')\n    op.execute('this is no SQL')\n"
    )
    monkeypatch.setattr(paths, "migrations", lambda: scripts)
    monkeypatch.setattr(migrate, "HEAD", "0004")
    with pytest.raises(Exception, match="syntax error"):
        migrate.prepare(work.engine, KEY, tmp_path / "backups", NOON)
    with work.engine.connect() as conn:
        assert schema(conn) == before
    kept = list((tmp_path / "backups").glob("*.db"))
    assert len(kept) == 1
    with open_store(kept[0], KEY).connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM client_file")).scalar_one() == 1
