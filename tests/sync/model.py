"""A team at random work: every kind of record, members coming and going, a bad network, wrong clocks, sudden ends.

All of it follows from one seed. `World.run` works, `World.check` sees that the desks of those entitled to a file hold
the same, that nobody else holds any of it, and that no word was lost that somebody typed and nobody typed over.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Date, Integer, Uuid

from advocate_desk.domain.identity import uuid7
from advocate_desk.errors import Stopped
from advocate_desk.hub.database import open_database
from advocate_desk.store.tables.base import JsonText, Moment, record_tables
from advocate_desk.store.tables.files import OWNING
from advocate_desk.store.to_check import EVERY
from advocate_desk.sync import giving, ownership, owning, state
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.hub import HubRefused, Removed, Unreachable
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.records import Shape, shapes
from advocate_desk.sync.statements import ADVOCATE, DATA_LEAD, SUPERVISOR, RevokeDevice, SetPerson, SetTeam
from tests.sync.desks import Desk, Team

TABLES = {str(table.name): table for table in record_tables()}
CONFLICT = "conflict"
HANDS_OFF = {"created_at", "changed_at", *OWNING}
DECIDING = ("decided_at", "decided_by", "decision")
WORD = re.compile(r"\bd\d+w\d+\b")
YEAR_H = 365 * 24
CLOCKS_H = (0, -20 * YEAR_H, 800 * 24, 1, 40 * YEAR_H, -3)
MOST_DESKS = 6


@dataclass
class Typist:
    """Works at random on one desk's store, through the tables and their triggers, and knows what was typed."""

    desk: Desk
    name: str
    chance: random.Random
    typed: dict[str, str] = field(default_factory=dict)
    typed_over: set[str] = field(default_factory=set)
    count: int = 0
    rows: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    by_file: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    is_gone: bool = False
    is_destroyed: bool = False

    def look(self, kinds: set[str] | None = None) -> None:
        """See which records are here."""
        with self.driver() as driver:
            for kind in shapes() if kinds is None else kinds:
                found = driver.execute(f'SELECT id, file_id FROM "{kind}" ORDER BY id').fetchall()
                self.rows[kind] = [(row[0], row[1]) for row in found]
                for key in [each for each in self.by_file if each[0] == kind]:
                    del self.by_file[key]
                for identity, file_id in self.rows[kind]:
                    self.by_file.setdefault((kind, file_id), []).append(identity)

    @contextmanager
    def driver(self) -> Iterator[Any]:
        with self.desk.work.engine.connect() as conn:
            yield conn.connection.driver_connection

    def send_documents(self) -> None:
        """The bytes of documents travel after the records, and are nothing here."""
        with self.driver() as driver:
            driver.execute(
                "INSERT OR REPLACE INTO attachment (document, is_sent) "
                "SELECT unhex(id), 1 FROM stored_document WHERE synced_rev IS NOT NULL"
            )

    def work(self, acts: int) -> int:
        """So many acts in one transaction; how many there were."""
        done = 0
        with self.driver() as driver:
            driver.execute("BEGIN IMMEDIATE")
            for _ in range(acts):
                shape = self.chance.choice(_SHAPES)
                is_added = shape.name != CONFLICT and self.chance.random() < 0.18
                done += self._add(driver, shape) if is_added else self._edit(driver, shape)
            driver.execute("COMMIT")
        return done

    def word(self, where: str) -> str:
        self.count += 1
        said = f"{self.name}w{self.count}"
        self.typed[said] = where
        return said

    def _value(self, shape: Shape, name: str, file_id: str) -> Any:
        parent = _PARENTS[shape.name].get(name)
        if parent is not None:
            among = self.by_file.get((parent, file_id), ())
            return self.chance.choice(among) if among else None
        column = TABLES[shape.name].c[name]
        kind = column.type
        if isinstance(kind, Moment):
            return f"2026-{self.chance.randint(1, 12):02}-21T09:30:00.000000Z"
        if isinstance(kind, JsonText):
            said = self.word(f"{shape.name}.{name}")
            return json.dumps([said] if column.info["holds"] is list else {"it": said})
        if isinstance(kind, Date):
            return f"2026-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"
        if isinstance(kind, Boolean):
            return self.chance.randint(0, 1)
        if isinstance(kind, Integer):
            return self.chance.randint(0, 99)
        if isinstance(kind, Uuid):
            return None if column.nullable else uuid7(1, self.chance.randbytes(10)).hex
        return self.word(f"{shape.name}.{name}")

    def _add(self, driver: Any, shape: Shape) -> int:
        identity = uuid7(self.chance.getrandbits(40), self.chance.randbytes(10)).hex
        files = self.rows["client_file"]
        is_file = shape.name == "client_file"
        if not is_file and not files:
            return 0
        file_id = identity if is_file else self.chance.choice(files)[1]
        needed = [name for name in _PARENTS[shape.name] if not TABLES[shape.name].c[name].nullable]
        if not all(self.by_file.get((_PARENTS[shape.name][name], file_id)) for name in needed):
            return 0
        row: dict[str, Any] = {"id": identity, "file_id": file_id}
        row |= {name: self._value(shape, name, file_id) for name in shape.columns if name not in OWNING}
        row |= dict.fromkeys((name for name in ("deleted_at", shape.final_from) if name), None)
        row |= dict.fromkeys(shape.blobs, b"bytes")
        if is_file:
            row |= {"is_restricted": 0, "team": None, "readers": None, "allocated_person": self.desk.person.hex()}
        columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
        driver.execute(f'INSERT INTO "{shape.name}" ({columns}) VALUES ({marks})', tuple(row.values()))
        self.rows[shape.name].append((identity, file_id))
        self.by_file.setdefault((shape.name, file_id), []).append(identity)
        return 1

    def _edit(self, driver: Any, shape: Shape) -> int:
        rows = self.rows[shape.name]
        if not rows:
            return 0
        identity, file_id = self.chance.choice(rows)
        columns = ", ".join(f'"{name}"' for name in shape.columns)
        found = driver.execute(f'SELECT {columns} FROM "{shape.name}" WHERE id = ?', (identity,)).fetchone()
        if found is None:
            return 0
        before = dict(zip(shape.columns, found, strict=True))
        names = self._chosen(shape, before)
        after: dict[str, Any] = {}
        for name in names:
            self.typed_over.update(WORD.findall(str(before[name])))
            after[name] = self._decided(name) if shape.name == CONFLICT else self._value(shape, name, file_id)
        if "deleted_at" in after and before["deleted_at"] is not None and self.chance.random() < 0.7:
            after["deleted_at"] = None
        if all(before[name] == value for name, value in after.items()):
            return 0
        after["changed_at"] = self._value(shape, "changed_at", file_id)
        settings = ", ".join(f'"{name}" = ?' for name in after)
        driver.execute(f'UPDATE "{shape.name}" SET {settings} WHERE id = ?', (*after.values(), identity))
        return 1

    def _decided(self, name: str) -> str:
        """Of a decision, which is no value that she typed: two who decide differently have decided nothing."""
        if name == "decided_at":
            return f"2026-{self.chance.randint(1, 12):02}-21T09:30:00.000000Z"
        return self.name if name == "decided_by" else self.chance.choice(("ours", "theirs", "both"))

    def _chosen(self, shape: Shape, before: dict[str, Any]) -> list[str]:
        if shape.name == CONFLICT:
            return list(DECIDING)
        if shape.is_final(before):
            return ["deleted_at"]
        free = _FREE[shape.name]
        return self.chance.sample(free, min(len(free), self.chance.randint(1, 3)))


_SHAPES = list(shapes().values())
_PARENTS = {shape.name: dict(shape.parents) for shape in _SHAPES}
_FREE = {
    shape.name: [name for name in shape.columns if name not in HANDS_OFF and name not in _PARENTS[shape.name]]
    for shape in _SHAPES
}


@dataclass
class Weather:
    """A network between a desk and the hub: loses what is asked, loses what is answered, says it twice."""

    hub: Any
    chance: random.Random
    badness: float = 0.06

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


class Killed(BaseException):
    """The power went at some statement."""


class Fragile:
    """A connection on which the power goes at the `left`-th statement, before it is carried out or just after.

    What follows is the tidying up of the program, which does what the store does by itself at the next start: what was
    not committed never was.
    """

    def __init__(self, driver: Any, left: int, *, is_after: bool) -> None:
        self._driver, self._left, self._is_after = driver, left, is_after

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    def execute(self, *arguments: Any) -> Any:
        return self._carry_out(self._driver.execute, arguments)

    def executemany(self, *arguments: Any) -> Any:
        return self._carry_out(self._driver.executemany, arguments)

    def _carry_out(self, act: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        self._left -= 1
        if self._left == 0:
            if self._is_after:
                act(*arguments)
            raise Killed
        return act(*arguments)


@dataclass(frozen=True)
class FragileExchange(Exchange):
    """An exchange that ends at a statement of its store."""

    left: int = 0
    is_after: bool = False

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        with super()._connection() as driver:
            yield Fragile(driver, self.left, is_after=self.is_after)


class Broken(AssertionError):
    """What must hold does not."""


@dataclass
class World:
    """A team in a folder, driven by one seed."""

    folder: Path
    seed: int
    are_members_changing: bool = True
    are_files_moving: bool = True
    is_hub_restored: bool = False
    is_power_failing: bool = False
    typists: list[Typist] = field(default_factory=list)
    teams: list[bytes] = field(default_factory=list)
    done: int = 0
    troubles: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unkept: set[str] = field(default_factory=set)
    """Words that stood on no desk any more when the hub lost them: delivered, taken away, and fetched by nobody yet."""

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self._urandom = os.urandom
        os.urandom = self.chance.randbytes  # ids; keys and nonces come from libsodium
        self.team = Team(self.folder)
        self._join(SUPERVISOR, DATA_LEAD)
        self._join(SUPERVISOR, DATA_LEAD)
        self._join(SUPERVISOR)
        self.kept: Path | None = None

    def close(self) -> None:
        os.urandom = self._urandom
        self.team.close()

    # --- work ---

    def run(self, operations: int) -> None:
        """Work until so many operations are done."""
        until = self.done + operations
        while self.done < until:
            self.step()

    def step(self) -> None:
        """One desk works; some exchange; now and then the members change."""
        present = [each for each in self.typists if not each.is_gone]
        typist = self.chance.choice(present)
        self.done += typist.work(self.chance.choice((5, 60, 200, 500, 1000)))
        if self.are_files_moving and self.chance.random() < 0.5:
            self._own(typist)
        for each in self.chance.sample(present, self.chance.randint(0, 2)):
            self._exchange(each, is_bad=True)
        if self.is_power_failing:
            for _ in range(5):
                self._exchange(self.chance.choice(present), is_bad=True)
        if self.are_members_changing and self.chance.random() < 0.25:
            self._change_members()
        if self.is_hub_restored and self.chance.random() < 0.12:
            self._back_up_or_restore()

    def _exchange(self, typist: Typist, *, is_bad: bool) -> Report | None:
        """One exchange, which weather, a lock or a kill may end anywhere. None where it did, or where she is out."""
        desk = typist.desk
        hub = Weather(desk.hub, self.chance) if is_bad else desk.hub
        left = self.chance.choice((3, 9, 10**9, 10**9)) if is_bad else 10**9

        def is_stopped() -> bool:
            nonlocal left
            left -= 1
            return left < 0

        is_fragile = is_bad and self.is_power_failing and self.chance.random() < 0.5
        exchange = FragileExchange(
            desk.work.engine,
            desk.device,
            hub,
            desk.work.clock,
            is_stopped=is_stopped,
            may_clear_many=True,
            left=round(10 ** self.chance.uniform(0, 3.5)) if is_fragile else 0,
            is_after=is_fragile and self.chance.random() < 0.5,
        )
        try:
            report = exchange.run()
        except (Unreachable, Stopped):
            report = None
        except Killed:
            self.troubles["killed"] += 1
            report = None
        except Removed as removed:
            typist.is_gone, typist.is_destroyed = True, removed.is_lost
            return None
        except HubRefused as refusal:
            if not (self.is_hub_restored and refusal.code == "unknown"):
                raise
            self.troubles["unknown"] += 1  # the hub has forgotten that she was let in, until it is told again
            report = None
        except Distrust as refusal:
            if not self.is_hub_restored or refusal.what != "left out":
                raise
            self.troubles["left out"] += 1  # the hub has forgotten that she has a file, until a colleague gives its key
            report = None
        with typist.driver() as driver:
            missed = overlooked(driver, desk.device.id.bytes)
        if missed:
            raise Broken(f"{typist.name} looks no more at {sorted(each.hex() for each in missed)}")
        if report is not None:
            typist.send_documents()
        typist.look(report.kinds if report else None)
        for trouble in report.troubles if report else ():
            self.troubles[trouble] += 1
        return report

    # --- whose files are whose ---

    def _own(self, typist: Typist) -> None:
        """Hand a file on, restrict it, or give it to a team: always so that one of the two who stay may read it."""
        files = typist.rows["client_file"]
        if not files:
            return
        identity, _ = self.chance.choice(files)
        people = [each.desk.person.hex() for each in self.typists]
        stays = people[self.chance.randint(0, 1)]
        is_restricted = int(self.chance.random() < 0.3)
        values = (
            self.chance.choice(people),
            self.chance.choice([None, *(each.hex() for each in self.teams)]),
            is_restricted,
            json.dumps(sorted({stays, self.chance.choice(people)})) if is_restricted else None,
        )
        with typist.driver() as driver:
            settings = ", ".join(f"{name} = ?" for name in OWNING)
            driver.execute(f"UPDATE client_file SET {settings} WHERE id = ?", (*values, identity))
        self.done += 1

    # --- who belongs ---

    def _join(self, *roles: str) -> None:
        number = len(self.typists)
        desk = self.team.join(f"d{number}", *roles, hours_off=CLOCKS_H[number % len(CLOCKS_H)])
        typist = Typist(desk, f"d{number}", self.chance)
        typist.look()
        self.typists.append(typist)

    def _change_members(self) -> None:
        self.team.say_again()  # who signs has pulled before, and gave back what the hub had lost
        acts: list[Callable[[], None]] = [self._new_team, self._change_roles, self._change_roles]
        if len(self.typists) < MOST_DESKS:
            acts.append(lambda: self._join(self.chance.choice((ADVOCATE, SUPERVISOR))))
        if len(self.typists) > 4:
            acts.append(self._leave)
        self.chance.choice(acts)()
        self.done += 1

    def _new_team(self) -> None:
        if len(self.teams) < 4:
            self.teams.append(self.chance.randbytes(16))
            self.team.say(SetTeam(self.teams[-1], True, b""))

    def _set(self, typist: Typist, *, is_active: bool = True) -> None:
        is_first = typist in self.typists[:2]
        roles = [SUPERVISOR, DATA_LEAD] if is_first else self.chance.choice(([ADVOCATE], [SUPERVISOR], [DATA_LEAD]))
        roles = [*roles, "administrator"] if typist is self.typists[0] else roles
        teams = self.chance.sample(self.teams, self.chance.randint(0, len(self.teams)))
        self.team.say(SetPerson(typist.desk.person, roles, teams, is_active, b""))

    def _change_roles(self) -> None:
        self._set(self.chance.choice([each for each in self.typists if not each.is_gone and self._is_active(each)]))

    def _is_active(self, typist: Typist) -> bool:
        return self.team.members.may_act(typist.desk.device.id.bytes)

    def _leave(self) -> None:
        """Somebody who is not one of the first two leaves, or her device is lost after it has delivered."""
        leaving = [each for each in self.typists[2:] if self._is_active(each)]
        if not leaving:
            return
        typist = self.chance.choice(leaving)
        if self.chance.random() < 0.5:
            self._set(typist, is_active=False)
            return
        reports = [self._exchange(typist, is_bad=False) for _ in range(4)]
        if typist.is_gone or reports[-1] is None or reports[-1].waiting:  # by a hub that was restored it may wait long
            return
        with typist.driver() as driver:
            number = driver.execute("SELECT push_number FROM organisation").fetchone()[0]
        self.team.say(RevokeDevice(typist.desk.device.id.bytes, True, number))
        self._exchange(typist, is_bad=False)

    # --- the hub's own troubles ---

    def _back_up_or_restore(self) -> None:
        self.team.database.close()
        path, kept = self.folder / "hub.db", self.folder / "kept"
        if self.kept is None or self.chance.random() < 0.5:
            shutil.rmtree(kept, ignore_errors=True)
            kept.mkdir()
            for each in self.folder.glob("hub.db*"):
                shutil.copy(each, kept / each.name)
            self.kept = kept
        else:
            for each in self.folder.glob("hub.db*"):
                each.unlink()
            for each in kept.glob("hub.db*"):
                shutil.copy(each, self.folder / each.name)
            stay = [each.desk for each in self.typists if self._is_active(each)]
            self.unkept |= self._typed().keys() - self._remembered(stay)
        self.team.database = open_database(str(path))
        for typist in self.typists:
            typist.desk.hub.database = self.team.database

    # --- what must hold ---

    def settle(self) -> None:
        """Good weather, until nobody has anything to say. Raises Broken where that does not come."""
        quiet = 0
        self.team.say_again()
        for turn in range(14):
            if turn < 4:
                self._say_anew()
            reports = [
                self._exchange(each, is_bad=False)
                for each in self.chance.sample(self.typists, len(self.typists))
                if not each.is_gone
            ]
            is_quiet = all(each and not (each.sent or each.received or each.waiting) for each in reports)
            quiet = quiet + 1 if is_quiet else 0
            if quiet == 2:  # what was taken from somebody in the first of them is gone in the second
                return
        said = [f"{each.sent} sent {each.received} received {each.waiting} waiting" for each in reports if each]
        raise Broken(f"the desks do not come to rest: {said}")

    def _say_anew(self) -> None:
        """Whoever has a file whose history was told twice says whose it is: until then not all who may read it do."""
        for typist in self.typists:
            if typist.is_gone:
                continue
            stays = self.chance.choice(self.typists[:2]).desk.person.hex()
            with typist.driver() as driver:
                asked = driver.execute("SELECT collection FROM collection_state WHERE gave_way IS NOT NULL").fetchall()
                driver.executemany(
                    "UPDATE client_file SET allocated_person = ?, team = NULL, is_restricted = 0, readers = NULL "
                    "WHERE id = ?",
                    [(stays, bytes(row[0]).hex()) for row in asked],
                )

    def check(self) -> None:
        """Raises Broken where replicas differ, a word is lost, or somebody holds what she may not."""
        self.settle()
        present = [each for each in self.typists if not each.is_gone]
        held = {each.name: files_of(each.desk) for each in present}
        self._check_readers(present, held)
        for typist in present:
            unread = typist.desk.rows("SELECT kind, reason FROM unreadable_item, (SELECT '' AS kind)")
            if unread:
                raise Broken(f"{typist.name} cannot read {len(unread)} records: {unread[0]}")
        # what nobody took from a desk that was let go stays on it
        kept = [each.desk for each in self.typists if not each.is_destroyed]
        typed, typed_over = self._typed(), set().union(*(each.typed_over for each in self.typists))
        lost = typed.keys() - typed_over - self.unkept - self._remembered(kept)
        if lost:
            raise Broken(f"{len(lost)} words lost: {sorted(f'{typed[word]} {word}' for word in lost)[:12]}")

    def _typed(self) -> dict[str, str]:
        return {word: where for each in self.typists for word, where in each.typed.items()}

    def _remembered(self, desks: Iterable[Desk]) -> set[str]:
        return set().union(*(set(WORD.findall(repr(files_of(each)))) for each in desks))

    def _check_readers(self, present: list[Typist], held: dict[str, dict[str, dict[str, list[Any]]]]) -> None:
        members = self.team.members
        for file_id in sorted(set().union(*held.values())):
            holders = [each for each in present if file_id in held[each.name]]
            first = holders[0]
            for other in holders[1:]:
                one, two = held[first.name][file_id], held[other.name][file_id]
                if one != two:
                    raise Broken(f"file {file_id}: {_difference(first.name, other.name, one, two)}")
            with first.driver() as driver:
                owned = owning.last(driver, bytes.fromhex(file_id))
                if owned is None or owned.whose != owning.shown_of(driver, bytes.fromhex(file_id)):
                    raise Broken(f"{first.name} shows other owners of {file_id} than its links")
            may = ownership.entitled(members, owned.link)
            entitled = {each.name for each in present if each.desk.person in may}
            if entitled and entitled != {each.name for each in holders}:
                raise Broken(f"file {file_id} held by {[each.name for each in holders]}, meant for {sorted(entitled)}")


def overlooked(driver: Any, own: bytes) -> set[bytes]:
    """The files that an exchange has something to do with, for their owners or their keys, and that are not marked."""
    stand = state.standing(driver)
    members = state.members(driver, stand) if stand is not None else None
    if members is None or own not in members.devices:
        return set()
    marked = {bytes(row[0]) for row in driver.execute("SELECT collection FROM keys_to_check")}
    keys = set() if EVERY in marked else state.keys(driver).keys() - marked
    looked = giving.look(driver, members, members.devices[own], keys)
    found = {each for each in keys if not looked.is_settled(each)}
    checked = {bytes.fromhex(row[0]) for row in driver.execute("SELECT file_id FROM owners_to_check")}
    lasts = owning.lasts(driver)
    for (key,) in driver.execute("SELECT id FROM client_file").fetchall():
        file = bytes.fromhex(key)
        is_said = file in lasts and lasts[file].whose == owning.shown_of(driver, file)
        found |= set() if is_said or file in checked else {file}
    return found


def files_of(desk: Desk) -> dict[str, dict[str, list[Any]]]:
    """Every record of a desk, by file and kind: what travels of it."""
    found: dict[str, dict[str, list[Any]]] = defaultdict(dict)
    with desk.work.engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        for shape in _SHAPES:
            owners = OWNING if shape.name == "client_file" else ()
            columns = ", ".join(f'"{name}"' for name in ("file_id", "id", "extra", *shape.columns, *owners))
            for row in driver.execute(f'SELECT {columns} FROM "{shape.name}" ORDER BY id'):
                found[row[0]].setdefault(shape.name, []).append(row[1:])
    return dict(found)


def _difference(one_name: str, two_name: str, one: dict[str, list[Any]], two: dict[str, list[Any]]) -> str:
    for kind in sorted(one.keys() | two.keys()):
        mine, hers = one.get(kind, []), two.get(kind, [])
        if mine == hers:
            continue
        names = ("id", "extra", *shapes()[kind].columns, *(OWNING if kind == "client_file" else ()))
        for left, right in zip(mine, hers, strict=False):
            if left != right:
                fields = [n for n, a, b in zip(names, left, right, strict=True) if a != b]
                return f"{one_name} and {two_name} differ in {kind} {left[0]}: {fields}"
        return f"{one_name} has {len(mine)} of {kind}, {two_name} {len(hers)}"
    return "no difference"
