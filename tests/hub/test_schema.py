"""The hub's schema: each database takes each step once, keeps its rows, and refuses what is newer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from advocate_desk.hub import schema
from advocate_desk.hub.database import Database, open_database
from advocate_desk.hub.schema import NewerSchema
from advocate_desk.sync.wire import Part
from tests.hub.members import Device, Organisation, changes, items_in

FIRST = "0001_first.sql"
LATER = """-- A later step.
CREATE TABLE later (organisation BYTES PRIMARY KEY, word BYTES);
ALTER TABLE organisation ADD COLUMN later BIGINT NOT NULL DEFAULT 7;
"""


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The steps as of the first version, in a folder to which a test adds."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / FIRST).write_text((schema.FOLDER / FIRST).read_text(encoding="utf-8"))
    monkeypatch.setattr(schema, "FOLDER", folder)
    return folder


@pytest.fixture
def first(steps: Path, database_url: str) -> Iterator[tuple[Database, Device, bytes]]:
    """A database of the first version, with a device and a file that has one item."""
    database = open_database(database_url)
    organisation = Organisation(database)
    device = organisation.founder
    file = organisation.open_file(device)
    device.send(database, Part(file, changes((b"1" * 16, 0))))
    yield database, device, file
    database.close()


def version_of(database: Database) -> list[int]:
    with database.reading() as session:
        return [row[0] for row in session.rows("SELECT version FROM hub_version ORDER BY version")]


def test_a_first_database_is_brought_to_this_version_with_its_rows(
    first: tuple[Database, Device, bytes], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, device, file = first
    assert version_of(database) == [1]
    monkeypatch.undo()
    now = open_database(database_url)
    newest = max(int(step.name[:4]) for step in schema.FOLDER.iterdir() if step.name.endswith(".sql"))
    assert version_of(now) == list(range(1, newest + 1))
    assert items_in(device.pull(now, with_own=True), file) == {b"1" * 16: 1}
    assert device.send(now, Part(file, changes((b"1" * 16, 1)))).sequence == 2
    now.close()


def test_a_step_is_taken_once_by_workers_that_start_together(
    first: tuple[Database, Device, bytes], steps: Path, database_url: str
) -> None:
    _, device, file = first
    (steps / "0002_later.sql").write_text(LATER)
    with ThreadPoolExecutor(4) as pool:
        workers = list(pool.map(open_database, [database_url] * 4))
    assert version_of(workers[0]) == [1, 2]
    with workers[1].reading() as session:
        assert session.rows("SELECT later FROM organisation") == [(7,)]
    assert items_in(device.pull(workers[2], with_own=True), file) == {b"1" * 16: 1}
    for each in workers:
        each.close()


def test_a_step_that_fails_half_way_leaves_the_old_schema_and_every_row(
    first: tuple[Database, Device, bytes], steps: Path, database_url: str
) -> None:
    database, device, file = first
    (steps / "0002_later.sql").write_text(LATER + "ALTER TABLE no_such_table ADD COLUMN later BIGINT;\n")
    with pytest.raises(Exception, match="no_such_table"):
        open_database(database_url)
    assert version_of(database) == [1]
    with pytest.raises(Exception, match="later"), database.reading() as session:
        session.rows("SELECT later FROM organisation")
    assert items_in(device.pull(database, with_own=True), file) == {b"1" * 16: 1}
    (steps / "0002_later.sql").write_text(LATER)
    open_database(database_url).close()
    assert version_of(database) == [1, 2]


def test_a_database_of_a_later_version_is_refused_and_left_alone(
    first: tuple[Database, Device, bytes], steps: Path, database_url: str
) -> None:
    (steps / "0002_later.sql").write_text(LATER)
    open_database(database_url).close()
    (steps / "0002_later.sql").unlink()
    with pytest.raises(NewerSchema):
        open_database(database_url)
    assert version_of(first[0]) == [1, 2]
