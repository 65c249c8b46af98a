"""The frame of every activity: one transaction that validates, writes, audits and raises what follows.

`casework` is the only code that changes records, and `Activity` is the only way in which it does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, RowMapping, Table, delete, select, update
from sqlalchemy.exc import IntegrityError, NoResultFound

from advocate_desk.clock import Clock, today_in_london
from advocate_desk.domain.identity import FileId, RecordId, uuid7
from advocate_desk.errors import Refused
from advocate_desk.packs.packs import Packs
from advocate_desk.store import audit, summaries
from advocate_desk.store.engine import disk_trouble_in_words, writing
from advocate_desk.store.rows import insert_row
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.local import draft
from advocate_desk.trouble import NOT_READ

FILE_GONE = (
    "This client file is on this desk no more: it was handed over, or others read it now. Nothing was saved. If you "
    "typed something, it is still here: tell it to whoever has the file, then discard it."
)
P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class _DraftInHand:
    """The draft that what is being saved was typed in, until an activity has taken it out."""

    key: str
    is_out: bool = False


_draft_in_hand: ContextVar[_DraftInHand | None] = ContextVar("draft_in_hand", default=None)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What else the next act does: `first` before it writes, while nobody else can, and `last` after it has."""

    first: Callable[[], None]
    last: Callable[[Activity], None]


_beside: ContextVar[_Beside | None] = ContextVar("beside", default=None)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is at the desk. `role` is "advocate", "supervisor", "data_lead" or "administrator"."""

    name: str
    role: str
    device_id: str


@dataclass(frozen=True, slots=True)
class Done:
    """What an activity changed: the record that it was about, its file, and the kinds of record touched."""

    record_id: RecordId | None = None
    file_id: FileId | None = None
    kinds: frozenset[str] = frozenset()


def columns_of(details: object) -> dict[str, object]:
    """The fields of a flat dataclass as the columns of a row.

    `dataclasses.asdict` copies in depth, at five times the cost; an import writes fifty thousand rows.
    """
    return {each.name: getattr(details, each.name) for each in fields(details)}  # type: ignore[arg-type]


@dataclass
class Activity:
    """One open transaction. Ids, moments and audit entries come from here, so that all of it is one act."""

    conn: Connection
    now: datetime
    today: date
    actor: Actor
    packs: Packs
    kind: str
    file_id: FileId | None = None  # the file that it is in, where whoever opened it said so
    kinds: set[str] = field(default_factory=set)
    files: set[UUID] = field(default_factory=set)
    audited: bool = False

    def new_id(self) -> RecordId:
        """A new identifier, ordered by time."""
        return RecordId(uuid7(int(self.now.timestamp() * 1000), os.urandom(10)))

    def insert(self, table: Table, file_id: FileId, values: Mapping[str, object]) -> RecordId:
        """Write a new record. `values` may carry its "id"."""
        record_id = RecordId(values["id"]) if isinstance(values.get("id"), UUID) else self.new_id()  # type: ignore[arg-type]
        row = {**_whole(values), "id": record_id, "file_id": file_id, "created_at": self.now, "changed_at": self.now}
        insert_row(self.conn, table, row)
        self.touch(table.name, file_id)
        return record_id

    def update(self, table: Table, record_id: RecordId, values: Mapping[str, object]) -> FileId:
        """Change a record's fields. Raises Refused if it is not there any more.

        `told_at` changes only beside something that was told: saving a fact again as it was is no news.
        """
        before, values = self.row(table, record_id), _whole(values)
        changed = {name: value for name, value in values.items() if before[name] != value}
        file_id = FileId(before["file_id"])
        self.touch(table.name, file_id)
        if changed.keys() - {"told_at"}:
            self.conn.execute(update(table).where(table.c.id == record_id).values(**changed, changed_at=self.now))
        return file_id

    def remove(self, table: Table, record_id: RecordId) -> FileId:
        """Mark a record deleted; it stays until retention runs out."""
        return self.update(table, record_id, {"deleted_at": self.now})

    def restore(self, table: Table, record_id: RecordId) -> FileId:
        """Take back a removal. Raises Refused if the record was never there."""
        found = self.conn.execute(select(table.c.file_id).where(table.c.id == record_id)).scalar_one_or_none()
        if found is None:
            raise self.missing(table, record_id, "This record was never in the file. Nothing was changed.")
        self.conn.execute(update(table).where(table.c.id == record_id).values(deleted_at=None, changed_at=self.now))
        self.touch(table.name, found)
        return FileId(found)

    def row(self, table: Table, record_id: RecordId) -> RowMapping:
        """A record as it is. Raises Refused if it is gone."""
        found = (
            self.conn.execute(select(table).where(table.c.id == record_id, table.c.deleted_at.is_(None)))
            .mappings()
            .one_or_none()
        )
        if found is None:
            words = "This record is no longer in the file. Nothing was changed. Go back and open the file again."
            raise self.missing(table, record_id, words)
        return found

    def missing(self, table: Table, record_id: UUID, words: str) -> Refused:
        """What to raise for a record that is not to be had: `words` where its file is here, else FILE_GONE.

        What is removed from a file stays in the store, marked; a row that is nowhere has left with its whole file.
        """
        is_marked = self.conn.execute(select(table.c.id).where(table.c.id == record_id)).first() is not None
        is_file_here = self.file_id is not None and _is_here(self.conn, self.file_id)
        return Refused(words if is_marked or is_file_here else FILE_GONE)

    def is_blank_file(self, file_id: UUID) -> bool:
        """Whether nothing can be in the file yet, so that nobody need look. A bulk activity knows; others look."""
        return False

    def touch(self, kind: str, file_id: UUID) -> None:
        """Say that a record of this kind changed in this file."""
        self.kinds.add(kind)
        self.files.add(file_id)

    def audit(
        self,
        kind: str,
        file_id: UUID | None = None,
        subject: str = "",
        subject_id: UUID | None = None,
        **detail: object,
    ) -> None:
        """Add to the audit chain. `detail` names fields and counts, never what a person typed."""
        self.audited = True
        audit.append(
            self.conn,
            audit.Event(
                self.actor.device_id, self.actor.name, self.now, kind, file_id, subject, subject_id, detail or None
            ),
        )

    def done(self, record_id: RecordId | None = None, file_id: FileId | None = None) -> Done:
        """The answer of a casework function."""
        return Done(record_id, file_id, frozenset(self.kinds))


def _whole(values: Mapping[str, object]) -> dict[str, object]:
    """The values without half characters, which a paste can bring and no database can keep."""
    return {
        name: value.encode("utf-8", "ignore").decode() if isinstance(value, str) and not value.isascii() else value
        for name, value in values.items()
    }


@dataclass(frozen=True)
class Work:
    """What casework stands on: the open store, the clock, the rule packs and who is at the desk."""

    engine: Engine
    clock: Clock
    packs: Packs
    actor: Actor

    @cached_property
    def _writer(self) -> Engine:
        return writing(self.engine)

    def read(self, query: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one prebuilt query in a transaction of its own."""
        with disk_trouble_in_words(NOT_READ), self.engine.begin() as conn:
            return query(conn, *args, **kwargs)

    @contextmanager
    def activity(self, kind: str, file_id: FileId | None = None) -> Iterator[Activity]:
        """One transaction: all of it happens, audit and summary included, or nothing does.

        Whoever opens it may write audit entries of her own; if she does not, one of `kind` is written. Raises Refused
        where the file has left this desk: an exchange may take it while a form on it is open.
        """
        with disk_trouble_in_words(), self._writer.begin() as conn:
            beside = _beside.get()
            if beside is not None:
                beside.first()
            now, today = self.clock.now(), today_in_london(self.clock)
            activity = Activity(conn, now, today, self.actor, self.packs, kind, file_id)
            try:
                yield activity
            except (IntegrityError, NoResultFound, Refused) as error:
                if file_id is None or _is_here(conn, file_id):
                    raise
                raise Refused(FILE_GONE) from error
            if not activity.audited:
                activity.audit(kind, file_id or next(iter(activity.files), None))
            if beside is not None:
                beside.last(activity)
            in_hand = _draft_in_hand.get()
            if in_hand is not None:
                _take_out(conn, in_hand)
            summaries.refresh(conn, activity.files, activity.kinds)
        _beside.set(None)


def _is_here(conn: Connection, file_id: UUID) -> bool:
    return conn.execute(select(client_file.c.id).where(client_file.c.id == file_id)).first() is not None


@contextmanager
def beside_act(first: Callable[[], None], last: Callable[[Activity], None]) -> Iterator[None]:
    """The first act inside is kept only with what `first` and `last` do: an error of either takes all of it back.

    `first` may read, and sees what the act will write over: a transaction that the act waited for has ended, and no
    other can begin. What was read before the act may be older than that.
    """
    before = _beside.set(_Beside(first, last))
    try:
        yield
    finally:
        _beside.reset(before)


@contextmanager
def out_of_draft(work: Work, key: str) -> Iterator[None]:
    """What is saved inside was typed in the draft `key`: the act's own transaction takes the draft out of the store.

    In two transactions a power cut between them would leave the form open over a record that is already there, and
    whoever saves it again doubles the record. There may be only one activity inside: after it the draft is gone.
    """
    in_hand = _DraftInHand(key)
    before = _draft_in_hand.set(in_hand)
    try:
        yield
    finally:
        _draft_in_hand.reset(before)
    if not in_hand.is_out:
        with disk_trouble_in_words(), work.engine.begin() as conn:
            _take_out(conn, in_hand)


def _take_out(conn: Connection, in_hand: _DraftInHand) -> None:
    conn.execute(delete(draft).where(draft.c.key == in_hand.key))
    in_hand.is_out = True
