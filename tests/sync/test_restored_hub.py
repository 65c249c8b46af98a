"""A hub that was restored: what desks give back to it, and what they ask of it, lets nothing be lost or made up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from advocate_desk.casework.people import PersonDetails, save_person
from advocate_desk.domain.identity import RecordId
from advocate_desk.sync import giving_back
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents
from tests.sync.test_hostile_hub import Liar, Scene, made_up_revisions, reopen


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    yield made
    made.close()


@pytest.fixture
def scene(team: Team) -> Scene:
    ann, ben, cat = (team.join(name, SUPERVISOR) for name in ("Ann", "Ben", "Cat"))
    file_id = a_file(ann.work)
    team.exchange_all(2)
    return Scene(team, file_id, ann, ben, cat)


def test_after_a_restore_no_desk_writes_over_what_it_has_not_seen(scene: Scene, tmp_path: Path) -> None:
    """The revisions have the same numbers on both sides, and are not the same."""
    team, ann, ben = scene.team, scene.ann, scene.ben
    team.exchange_all(2)
    team.database.close()
    for each in tmp_path.glob("hub.db*"):
        shutil.copy(each, tmp_path / f"kept-{each.name}")
    reopen(team, tmp_path)
    client = RecordId(UUID(ann.rows("SELECT id FROM person WHERE role = 'client'")[0][0]))

    def move(desk: Desk, where: str) -> None:
        details = PersonDetails("client", "Testina", "Sampleby", whereabouts=where)
        save_person(desk.work, scene.file_id, client, details)

    move(scene.cat, "with her sister")
    team.exchange_all(2)
    team.database.close()
    for each in tmp_path.glob("hub.db*"):
        each.unlink()
    for each in tmp_path.glob("kept-hub.db*"):
        shutil.copy(each, tmp_path / each.name.removeprefix("kept-"))
    reopen(team, tmp_path)
    move(ben, "in a refuge")
    assert "gave_back" in ben.exchange().troubles
    move(ann, "with her mother")
    assert "gave_back" in ann.exchange().troubles
    team.exchange_all(3)
    assert contents(ann) == contents(ben) == contents(scene.cat)
    told = repr(contents(ann)["person"]) + repr(contents(ann)["conflict"])
    assert "in a refuge" in told
    assert "with her mother" in told


def test_what_a_hub_makes_up_is_not_kept_while_it_is_asked_for(scene: Scene) -> None:
    liar = Liar(scene, scene.ben.hub, revisions=made_up_revisions())
    with scene.ben.work.engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        pages = iter([False, False, True])
        held, _ = giving_back.ask_revisions(driver, liar, lambda: next(pages))
    assert held == {}
    assert liar.asked == 3
