"""Edits, decisions and take-backs at random, apart: the desks end the same and no word is only in a log."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from advocate_desk.casework import conflicts, files
from advocate_desk.casework.conflicts import Decided
from advocate_desk.casework.intake import AlertDetails
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Refused
from advocate_desk.store.queries.conflicts import open_conflicts, settled_conflicts
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents

ACTS = 90


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    for number, hours_off in enumerate((0, 24 * 400, -24 * 90)):
        made.join(f"d{number}x", SUPERVISOR, hours_off=hours_off)
    yield made
    made.close()


@dataclass
class Person:
    """Somebody at her desk, and what she typed; `typed_over` is what she saw and replaced."""

    desk: Desk
    file_id: FileId
    alerts: list[RecordId]
    chance: random.Random
    typed: set[str] = field(default_factory=set)
    typed_over: set[str] = field(default_factory=set)
    done: list[Decided] = field(default_factory=list)

    def word(self) -> str:
        """A word that nobody else has typed."""
        made = f"{self.desk.name}{len(self.typed)}"
        self.typed.add(made)
        return made

    def stands(self, alert_id: RecordId) -> set[str]:
        """What the alert says on this desk."""
        return set(
            " ".join(text for (text,) in self.desk.rows("SELECT text FROM alert WHERE id = ?", alert_id.hex)).split()
        )

    def edit(self) -> None:
        alert_id = self.chance.choice(self.alerts)
        self.typed_over |= self.stands(alert_id)
        files.save_alert(self.desk.work, self.file_id, alert_id, AlertDetails("weapons", self.word()))

    def decide(self) -> None:
        is_settled = self.chance.random() < 0.2
        found = self.desk.work.read(settled_conflicts if is_settled else open_conflicts)
        if not found:
            return
        one = self.chance.choice(found)
        self.typed_over |= self.stands(RecordId(one.about_id))
        side = self.chance.choice(one.said).values
        how = self.chance.choice(["side", "standing", "typed"])
        values = None if how == "standing" else dict(side)
        if values is not None and how == "typed":
            texts = [each.values["text"] for each in one.said]
            values["text"] = f"{conflicts.joined(texts)} {self.word()}"
        self.done.append(conflicts.decide(self.desk.work, one.ids, values, again=is_settled))

    def take_back(self) -> None:
        if self.done:
            decided = self.done.pop()
            about = decided.record_id
            assert about is not None
            self.typed_over |= self.stands(about)
            try:
                conflicts.take_back(self.desk.work, decided)
            except Refused:
                return  # it was changed again since


def remembered(desk: Desk) -> set[str]:
    """Every word that stands, or that a conflict holds."""
    found = {word for (text,) in desk.rows("SELECT text FROM alert") for word in text.split()}
    for kept in desk.rows("SELECT before, ours, theirs FROM conflict"):
        for text in kept:
            found |= set(str(json.loads(text).get("text") or "").split())
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_edits_and_decisions_apart_converge_and_lose_no_word(team: Team, seed: int) -> None:
    chance = random.Random(seed)
    work = team.desks[0].work
    file_id = a_file(work)
    made = [
        files.save_alert(work, file_id, None, AlertDetails("weapons", f"first{each}")).record_id for each in range(3)
    ]
    team.exchange_all(2)
    people = [Person(desk, file_id, [each for each in made if each is not None], chance) for desk in team.desks]
    for _ in range(ACTS):
        person = chance.choice(people)
        chance.choice([person.edit, person.edit, person.decide, person.take_back, person.desk.exchange])()
    team.exchange_all(4)
    first = contents(team.desks[0])
    assert all(contents(each) == first for each in team.desks[1:])
    assert first["conflict"]
    typed = set().union(*(each.typed for each in people))
    typed_over = set().union(*(each.typed_over for each in people))
    assert typed - typed_over - remembered(team.desks[0]) == set()
    for person in people:  # and whatever is left open can be decided by anybody, once for all
        for one in person.desk.work.read(open_conflicts):
            conflicts.decide(person.desk.work, one.ids, None)
        team.exchange_all(3)
    assert conflicts.count_open(work) == {}
