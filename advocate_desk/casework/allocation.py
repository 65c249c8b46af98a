"""Who has a file: giving one or many to an advocate, with a note on the handover in each.

The keys of the files follow at the next exchange: `sync.keeping` reads whose a file is from what is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select, update

from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Refused
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.work import contact_note, task

MOST_IN = 500
"""How many ids stand in one statement."""
HANDOVER = "handover"
"""The method of a note that tells who gave a file to whom."""


@dataclass(frozen=True, slots=True)
class Advocate:
    """Who is to have a file. `person` and `teams` are ids of members; at a desk of one's own there are none."""

    name: str
    person: UUID | None = None
    teams: tuple[UUID, ...] = ()


NOBODY = Advocate("")


@dataclass(frozen=True, slots=True)
class Allocated:
    """What became of many files: how many moved, how many were hers already, and how many could not be moved.

    `handed_on`: those that somebody else had handed on meanwhile; they stay with whoever has them now.
    """

    moved: int = 0
    unchanged: int = 0
    refused: int = 0
    was_stopped: bool = False
    handed_on: tuple[FileId, ...] = ()


class HandedOn(Refused):
    """Somebody else has handed the file on since it was looked at."""


Holder = tuple[str, UUID | None]
"""Whose a file is: her name, and her id as a member."""


def allocate(work: Work, file_id: FileId, to: Advocate, note: str = "", of: Holder | None = None) -> Done:
    """Give the file to `to`, or to NOBODY, with a handover note in it. Raises Refused for a file that is gone.

    Raises HandedOn where it is not `of`'s any more. The open tasks of the advocate before go with it: nobody keeps a
    task in a file that she may read no more.
    """
    with work.activity("file_allocated", file_id) as act:
        before = act.row(client_file, RecordId(file_id))
        if of is not None and (before["allocated_to"], before["allocated_person"]) != of:
            raise HandedOn("A colleague handed this file on meanwhile. Nothing was changed. Look at it first.")
        act.update(
            client_file,
            RecordId(file_id),
            {"allocated_to": to.name, "allocated_person": to.person, "team": _team(before, to)},
        )
        changes_hands = _changes_hands(before, to)
        if changes_hands:
            _hand_on_tasks(act, file_id, str(before["allocated_to"]), to.name)
        if note.strip() or (before["allocated_to"] and changes_hands):
            _write_note(act, file_id, str(before["allocated_to"]), to.name, note.strip())
        act.audit(
            "file_allocated",
            file_id,
            "client_file",
            RecordId(file_id),
            by_role=work.actor.role,
            from_person=_hex(before["allocated_person"]),
            to_person=_hex(to.person),
        )
        return act.done(RecordId(file_id), file_id)


def allocate_many(
    work: Work,
    file_ids: Iterable[FileId],
    to: Advocate,
    note: str = "",
    is_stopped: Callable[[], bool] = lambda: False,
) -> Allocated:
    """Give each file to `to`, one act a file: stopped or cut off, each is wholly with the one or with the other.

    What an exchange between two acts hands on to somebody else stays there, and is told.
    """
    files = list(file_ids)
    of = work.read(whose_are, files)
    moved = unchanged = refused = 0
    handed_on: list[FileId] = []
    for file_id in files:
        if is_stopped():
            return Allocated(moved, unchanged, refused, was_stopped=True, handed_on=tuple(handed_on))
        try:
            if work.read(_is_with, file_id, to):
                unchanged += 1
                continue
            allocate(work, file_id, to, note, of.get(file_id))
            moved += 1
        except HandedOn:
            handed_on.append(file_id)
        except Refused:  # taken from this desk, or destroyed, since it was chosen
            refused += 1
    return Allocated(moved, unchanged, refused, handed_on=tuple(handed_on))


def whose_are(conn: Connection, file_ids: Iterable[FileId]) -> dict[UUID, Holder]:
    """Whose these files are; those that are gone are left out."""
    columns = (client_file.c.id, client_file.c.allocated_to, client_file.c.allocated_person)
    wanted, found = list(file_ids), dict[UUID, Holder]()
    for start in range(0, len(wanted), MOST_IN):
        chunk = wanted[start : start + MOST_IN]
        statement = select(*columns).where(client_file.c.id.in_(chunk), client_file.c.deleted_at.is_(None))
        found |= {row.id: (row.allocated_to, row.allocated_person) for row in conn.execute(statement)}
    return found


def _is_with(conn: Connection, file_id: FileId, to: Advocate) -> bool:
    """Whether the file is hers already. Raises Refused for one that is gone."""
    columns = (client_file.c.allocated_to, client_file.c.allocated_person)
    statement = select(*columns).where(client_file.c.id == file_id, client_file.c.deleted_at.is_(None))
    found = conn.execute(statement).mappings().one_or_none()
    if found is None:
        raise Refused("This file is no longer here. Nothing was changed.")
    return _is_same(found, to)


def _is_same(before: RowMapping, to: Advocate) -> bool:
    return (before["allocated_to"], before["allocated_person"]) == (to.name, to.person)


def _changes_hands(before: RowMapping, to: Advocate) -> bool:
    """False where the advocate before is only said by her id from now on."""
    if before["allocated_person"] is not None and to.person is not None:
        return bool(before["allocated_person"] != to.person)
    return bool(before["allocated_to"] != to.name)


def _team(before: RowMapping, to: Advocate) -> UUID | None:
    """A file follows its advocate into her team, or stays in the one of hers that it is in; nobody's stays put."""
    current: UUID | None = before["team"]
    if not to.name or current in to.teams:
        return current
    return to.teams[0] if to.teams else None


def _hand_on_tasks(act: Activity, file_id: FileId, before: str, after: str) -> None:
    if not before or not after:
        return
    moved = act.conn.execute(
        update(task)
        .where(
            task.c.file_id == file_id,
            task.c.owner == before,
            task.c.completed_at.is_(None),
            task.c.deleted_at.is_(None),
        )
        .values(owner=after, changed_at=act.now)
    )
    if moved.rowcount:
        act.touch("task", file_id)


def _write_note(act: Activity, file_id: FileId, before: str, after: str, note: str) -> None:
    text = "\n\n".join(part for part in (_who_words(before, after), note) if part)
    values = {"happened_at": act.now, "method": HANDOVER, "text": text, "written_by": act.actor.name}
    act.insert(contact_note, file_id, values)


def _who_words(before: str, after: str) -> str:
    if before and after:
        return f"The file was handed over from {before} to {after}."
    if after:
        return f"The file was allocated to {after}."
    return f"The file was taken back from {before}. Nobody has it yet." if before else "Nobody has the file yet."


def _hex(person: UUID | None) -> str:
    return person.hex if person else ""
