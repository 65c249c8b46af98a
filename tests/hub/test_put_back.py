"""A hub's SQLite file is put back as its operator's page says, after a crash too."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from advocate_desk import paths
from tests.hub.far_desks import FarTeam
from tests.hub.processes import HubProcess

PAGE = (paths.resources().parent / "packaging" / "HUB.md").read_text()


def copied(source: Path, target: Path) -> None:
    """What `.backup` and `.restore` of SQLite's own program do: they call this."""
    with closing(sqlite3.connect(source)) as before, closing(sqlite3.connect(target)) as after:
        before.backup(after)


def statements(database: Path) -> int:
    with closing(sqlite3.connect(database)) as opened:
        return int(opened.execute("SELECT count(*) FROM statement").fetchone()[0])


def test_a_copy_takes_the_place_of_what_a_killed_hub_left(tmp_path: Path) -> None:
    database, copy = tmp_path / "hub.db", tmp_path / "copy.db"
    hub = HubProcess(tmp_path / "hub", str(database))
    hub.start()
    try:
        team = FarTeam(tmp_path, url=str(database), address=f"http://127.0.0.1:{hub.port}")
        team.join("Ann")
        copied(database, copy)
        kept = statements(copy)
        team.join("Ben")
        team.close()
        hub.kill()
        assert (tmp_path / "hub.db-wal").stat().st_size  # which a file laid over hub.db would be mixed with
        copied(copy, database)
        assert 0 < kept == statements(database)
        hub.start()
        assert statements(database) == kept
    finally:
        hub.end()


def test_the_operators_page_lays_no_file_over_another() -> None:
    steps = PAGE.partition("## Back-up and restore")[2].partition("\n## ")[0]
    assert '".backup ' in steps and '".restore ' in steps and "pg_restore" in steps
    assert "put the copy in place" not in steps
