"""Many desks, random work on every kind of record, exchanges in any order: the same files in the end, nothing lost.

SYNC_OPERATIONS sets how many acts a run has; `dev.py soak` runs longer ones.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Date, Integer, Uuid

from advocate_desk.domain.identity import uuid7
from advocate_desk.store.tables.base import JsonText, Moment, record_tables
from advocate_desk.store.tracking import FROZEN_ONCE
from advocate_desk.sync.hub import HubRefused, Unreachable
from advocate_desk.sync.records import Shape, shapes
from advocate_desk.sync.statements import SUPERVISOR
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents

OPERATIONS = int(os.environ.get("SYNC_OPERATIONS", "4000"))
TABLES = {table.name: table for table in record_tables()}
MADE = [shape for shape in shapes().values() if shape.name not in {"conflict"}]


@dataclass
class Typist:
    """Works at random on one desk's store, through the tables and their triggers, and knows what was typed."""

    desk: Desk
    chance: random.Random
    typed: set[str] = field(default_factory=set)
    typed_over: set[str] = field(default_factory=set)
    count: int = 0

    def work(self, acts: int) -> None:
        with self.desk.work.engine.begin() as conn:
            for _ in range(acts):
                shape = self.chance.choice(MADE)
                if self.chance.random() < 0.35:
                    self._add(conn, shape)
                else:
                    self._edit(conn, shape)

    def word(self) -> str:
        self.count += 1
        return f"{self.desk.name}{self.count}"

    def _value(self, conn: Any, shape: Shape, name: str, file_id: str) -> object:
        column = TABLES[shape.name].c[name]
        parent = dict(shape.parents).get(name)
        if parent is not None:
            return conn.exec_driver_sql(
                f'SELECT id FROM "{parent}" WHERE file_id = ? ORDER BY random() LIMIT 1', (file_id,)
            ).scalar()
        kind = column.type
        if isinstance(kind, Moment):
            return f"2026-{self.chance.randint(1, 12):02}-21T09:30:00.000000Z"
        if isinstance(kind, Date):
            return f"2026-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"
        if isinstance(kind, Boolean):
            return self.chance.randint(0, 1)
        if isinstance(kind, Integer):
            return self.chance.randint(0, 99)
        if isinstance(kind, JsonText):
            return json.dumps([self.word()])
        if isinstance(kind, Uuid):
            return None if column.nullable else uuid7(1, self.chance.randbytes(10)).hex
        return self.word()

    def _file(self, conn: Any) -> str | None:
        found = conn.exec_driver_sql("SELECT id FROM client_file ORDER BY random() LIMIT 1").scalar()
        return found if isinstance(found, str) else None

    def _add(self, conn: Any, shape: Shape) -> None:
        identity = uuid7(self.chance.getrandbits(40), self.chance.randbytes(10)).hex
        file_id = identity if shape.name == "client_file" else self._file(conn)
        if file_id is None:
            return
        row = {"id": identity, "file_id": file_id}
        row |= {name: self._value(conn, shape, name, file_id) for name in shape.columns}  # type: ignore[misc]
        row["deleted_at"] = None  # type: ignore[assignment]
        if shape.name == "risk_assessment":
            row["finalised_at"] = None  # type: ignore[assignment]
        for name in shape.blobs:
            row[name] = b"bytes"  # type: ignore[assignment]
        needed = [name for name, _ in shape.parents if not TABLES[shape.name].c[name].nullable]
        if any(row[name] is None for name in needed):
            return
        if shape.name == "client_file":
            row["is_restricted"], row["team"], row["readers"] = 0, None, None  # type: ignore[assignment]
            row["allocated_person"] = None  # type: ignore[assignment]
        columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
        conn.exec_driver_sql(f'INSERT INTO "{shape.name}" ({columns}) VALUES ({marks})', tuple(row.values()))
        self.typed.update(*(_words(row[name]) for name in shape.columns))

    def _edit(self, conn: Any, shape: Shape) -> None:
        found = conn.exec_driver_sql(f'SELECT * FROM "{shape.name}" ORDER BY random() LIMIT 1').mappings().one_or_none()
        if found is None:
            return
        open_names = [
            name
            for name in shape.columns
            if name not in dict(shape.parents)
            and name not in {"created_at", "finalised_at", "is_restricted"}
            and name not in {"team", "readers", "allocated_person"}
        ]
        if shape.name in FROZEN_ONCE and shape.name != "risk_assessment":
            open_names = ["deleted_at"]
        for name in self.chance.sample(open_names, min(len(open_names), self.chance.randint(1, 3))):
            value = self._value(conn, shape, name, found["file_id"])
            if name == "deleted_at":
                value = None if found["deleted_at"] and self.chance.random() < 0.5 else value
            self.typed_over.update(_words(found[name]))
            conn.exec_driver_sql(f'UPDATE "{shape.name}" SET "{name}" = ? WHERE id = ?', (value, found["id"]))
            self.typed |= _words(value)


def _words(value: object) -> set[str]:
    if isinstance(value, str) and value.startswith("["):
        return {str(each) for each in json.loads(value)}
    return {value} if isinstance(value, str) else set()


@dataclass
class Weather:
    """A network between a desk and the hub: loses what is asked, loses what is answered, says it twice."""

    hub: Any
    chance: random.Random
    badness: float = 0.15

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.hub, name)

        def ask(*arguments: object) -> object:
            if self.chance.random() < self.badness:
                raise Unreachable("The hub did not answer.")
            answer = call(*arguments)
            if self.chance.random() < self.badness:
                answer = call(*arguments)
            if self.chance.random() < self.badness:
                raise Unreachable("The hub did not answer.")
            return answer

        return ask


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    yield made
    made.close()


def remembered(desk: Desk) -> set[str]:
    """Every word that a desk holds, in a record or in a conflict."""
    found: set[str] = set()
    for shape in shapes().values():
        for row in desk.rows(f'SELECT * FROM "{shape.name}"'):
            for value in row:
                found |= _words(value)
    for base, ours, theirs in desk.rows("SELECT before, ours, theirs FROM conflict"):
        for text in (base, ours, theirs):
            for value in json.loads(text).values():
                found |= _words(value)
    return found


@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, 2])
def test_desks_converge_and_no_typed_word_is_lost(team: Team, seed: int) -> None:
    chance = random.Random(seed)
    years = [0, -24 * 365, 24 * 800, 1]
    for number in range(4):
        team.join(f"d{number}x", SUPERVISOR, hours_off=years[number])
    for desk in team.desks:
        desk.hub = Weather(desk.hub, chance)  # type: ignore[assignment]
    typists = [Typist(desk, chance) for desk in team.desks]
    done = 0
    while done < OPERATIONS // 2:
        typist = chance.choice(typists)
        acts = chance.choice([1, 5, 40, 120])
        typist.work(acts)
        done += acts
        for desk in chance.sample(team.desks, chance.randint(0, 2)):
            try:
                desk.exchange()
            except Unreachable:
                continue
    for desk in team.desks:
        desk.hub = desk.hub.hub  # type: ignore[attr-defined]
    for _ in range(4):
        for desk in chance.sample(team.desks, len(team.desks)):
            try:
                assert desk.exchange().troubles == []
            except HubRefused as refusal:
                raise AssertionError(refusal.code) from refusal
    first = contents(team.desks[0])
    for desk in team.desks[1:]:
        assert contents(desk) == first
        assert desk.rows("SELECT count(*) FROM unreadable_item") == [(0,)]
    typed = set().union(*(each.typed for each in typists))
    typed_over = set().union(*(each.typed_over for each in typists))
    lost = typed - typed_over - remembered(team.desks[0])
    assert lost == set()
