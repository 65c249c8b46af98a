"""Whose a file is, and who may therefore read it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.statements import DATA_LEAD, SUPERVISOR, Members

_OWNING = ("allocated_person", "team", "is_restricted", "readers")


@dataclass(frozen=True, slots=True)
class FileOwners:
    """Whose a file is: its advocate, her team, and for a restricted file the people named."""

    collection: bytes
    person: bytes | None
    team: bytes | None
    is_restricted: bool
    readers: frozenset[bytes]

    @property
    def whose(self) -> tuple[object, ...]:
        """What two files have alike that the same people may read."""
        return (self.person, self.team, self.is_restricted, self.readers)


def entitled(members: Members, file: FileOwners) -> set[bytes]:
    """The people who may read a file.

    A restricted one: those named, and her advocate. Any other: her advocate, the people of her team, and the data
    leads; a supervisor reads the files of her teams. A file without a team is its advocate's, the supervisors' and the
    data leads'. The organisation's own collection is everybody's.
    """
    active = {each.person: each for each in members.people.values() if each.is_active}
    if file.collection == members.organisation:
        return set(active)
    owners = ({file.person} if file.person else set()) & active.keys()
    if file.is_restricted:
        return owners | (file.readers & active.keys())
    if file.team is not None:
        team = {each.person for each in active.values() if file.team in each.teams}
    else:
        team = {each.person for each in active.values() if SUPERVISOR in each.roles}
    return owners | team | {each.person for each in active.values() if DATA_LEAD in each.roles}


def owners(driver: Driver) -> list[FileOwners]:
    """Whose each file of this desk is."""
    return [_owners_of(*row) for row in driver.execute(f"SELECT file_id, {', '.join(_OWNING)} FROM client_file")]  # noqa: S608


def owners_of(driver: Driver, collections: Iterable[bytes]) -> dict[bytes, FileOwners]:
    """Whose these files are, as far as they are here."""
    sql = f"SELECT file_id, {', '.join(_OWNING)} FROM client_file WHERE id = ?"  # noqa: S608 - names of ours
    rows = (driver.execute(sql, (each.hex(),)).fetchone() for each in collections)
    return {found.collection: found for found in (_owners_of(*row) for row in rows if row is not None)}


def former_owners(driver: Driver) -> list[FileOwners]:
    """Whose those files were, as the hub knows it, that this desk has changed and not sent yet."""
    rows = driver.execute("SELECT file_id, base FROM client_file WHERE base IS NOT NULL AND base <> '{}'")
    return [_owners_of(file, *map(json.loads(base).get, _OWNING)) for file, base in rows]


def _owners_of(
    file: str, person: str | None, team: str | None, is_restricted: object, readers: str | None
) -> FileOwners:
    return FileOwners(
        bytes.fromhex(file),
        bytes.fromhex(person) if person else None,
        bytes.fromhex(team) if team else None,
        bool(is_restricted),
        _people(readers),
    )


def _people(text: str | None) -> frozenset[bytes]:
    named = json.loads(text) if text else []
    found: set[bytes] = set()
    for each in named if isinstance(named, list) else []:
        try:
            found.add(bytes.fromhex(str(each)))
        except ValueError:  # a name that is no id entitles nobody
            continue
    return frozenset(found)
