"""A desk of this version and one that is two migrations newer, at one hub: neither loses a field of the other."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from advocate_desk import paths
from advocate_desk.casework.people import PersonDetails, save_person
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.hub.database import open_database
from advocate_desk.store.engine import DATABASE_NAME
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import a_file
from tests.sync import newer
from tests.sync.desks import Desk, Team

CLIENT = "role = 'client'"


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    folder = tmp_path / "migrations"
    shutil.copytree(paths.migrations(), folder)
    newer.write_revisions(folder)
    return folder


def as_newer(
    team: Team, desk: Desk, migrations: Path, write: Sequence[str], read: Sequence[str], exchanges: int = 2
) -> list[Any]:
    """What the newer program does at a desk, while the older one is closed there."""
    desk.work.engine.dispose()
    team.database.close()
    asked = {
        "store": str(team.folder / desk.name / DATABASE_NAME),
        "migrations": str(migrations),
        "hub": str(team.folder / "hub.db"),
        "organisation": team.organisation.hex(),
        "device": str(desk.device.id),
        "seed": bytes(desk.device.sign_seed.buffer).hex(),
        "secret": bytes(desk.device.exchange_secret.buffer).hex(),
        "write": list(write),
        "read": list(read),
        "exchanges": exchanges,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.sync.newer"], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    team.database = open_database(str(team.folder / "hub.db"))
    for each in team.desks:
        each.hub.database = team.database
    said = json.loads(done.stdout)
    found: list[Any] = said["found"]
    return found


def edit(desk: Desk, file_id: FileId, where: str) -> None:
    client = RecordId(UUID(desk.rows(f"SELECT id FROM person WHERE {CLIENT}")[0][0]))
    save_person(desk.work, file_id, client, PersonDetails("client", "Testina", "Sampleby", whereabouts=where))


def test_fields_and_tables_of_a_newer_desk_go_through_an_older_one_and_back(team: Team, migrations: Path) -> None:
    old, new = team.join("Old", SUPERVISOR), team.join("New", SUPERVISOR)
    file_id = a_file(old.work)
    team.exchange_all(2)
    visit = (
        "INSERT INTO visit (id, file_id, created_at, changed_at, words) SELECT lower(hex(randomblob(16))), file_id, "
        "created_at, changed_at, 'Came by' FROM client_file"
    )
    mood = f"UPDATE person SET mood = 'hopeful', points = 7 WHERE {CLIENT}"
    as_newer(team, new, migrations, [mood, visit], [])
    old.exchange()
    assert json.loads(old.rows(f"SELECT extra FROM person WHERE {CLIENT}")[0][0]) == {"mood": "hopeful", "points": 7}
    assert old.rows("SELECT reason FROM unreadable_item") == [("kind",)]
    as_newer(team, new, migrations, [f"UPDATE person SET mood = '' WHERE {CLIENT}"], [])
    old.exchange()
    assert json.loads(old.rows(f"SELECT extra FROM person WHERE {CLIENT}")[0][0]) == {"mood": "", "points": 7}
    as_newer(team, new, migrations, [mood], [])
    old.exchange()

    edit(old, file_id, "with her sister")
    old.exchange()
    seen = f"SELECT mood, points, whereabouts FROM person WHERE {CLIENT}"
    assert as_newer(team, new, migrations, [], [seen]) == [[["hopeful", 7, "with her sister"]]]

    assert as_newer(team, old, migrations, [], [seen, "SELECT words FROM visit", "SELECT extra FROM person"]) == [
        [["hopeful", 7, "with her sister"]],
        [["Came by"]],
        [[None], [None]],
    ]
    change = f"UPDATE person SET mood = 'tired' WHERE {CLIENT}"
    as_newer(team, old, migrations, [change], [])
    assert as_newer(team, new, migrations, [], [seen]) == [[["tired", 7, "with her sister"]]]


def test_both_edit_one_record_at_once_and_both_fields_stay(team: Team, migrations: Path) -> None:
    old, new = team.join("Old", SUPERVISOR), team.join("New", SUPERVISOR)
    file_id = a_file(old.work)
    team.exchange_all(2)
    edit(old, file_id, "in a refuge")
    mood = f"UPDATE person SET mood = 'hopeful' WHERE {CLIENT}"
    as_newer(team, new, migrations, [mood], [], exchanges=1)
    old.exchange()
    old.exchange()
    seen = f"SELECT mood, whereabouts FROM person WHERE {CLIENT}"
    assert as_newer(team, new, migrations, [], [seen, "SELECT count(*) FROM conflict"]) == [
        [["hopeful", "in a refuge"]],
        [[0]],
    ]
