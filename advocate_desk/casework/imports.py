"""A whole referral list taken in at once: all of it or nothing, and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from advocate_desk.casework.bulk import BulkActivity
from advocate_desk.casework.import_matches import Choice
from advocate_desk.casework.import_rows import RowToImport, added_referral, intake_of
from advocate_desk.casework.intake import add_referral, check_intake, write_file
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Blocked, Invalid, Refused
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.store.tables.base import record_tables
from advocate_desk.store.tables.files import client_file, referral
from advocate_desk.store.tables.local import import_batch, import_mapping, setting
from advocate_desk.store.tables.work import task

_FLUSH_EVERY = 250  # files between two writes: enough for speed, and the progress still moves
_IN_HAND = "import.in_hand"
_EDITS = "import.edits"
STOPPED = "The import was stopped. Nothing was changed."

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a row that may be somebody known. MERGE needs the file or the earlier row to merge with."""

    choice: Choice
    file_id: FileId | None = None
    row: int | None = None
    conflict_note: str = ""


@dataclass(frozen=True, slots=True)
class ImportDone:
    """What an import did, as counts."""

    batch_id: UUID
    files: int
    merged: int
    skipped: int
    done: Done


def import_rows(
    work: Work,
    rows: Sequence[RowToImport],
    decisions: Mapping[int, Decision],
    signature: str = "",
    mapping: Mapping[str, Any] | None = None,
    progress: Progress = lambda _done, _all: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ImportDone:
    """Open a file for each row, or add its referral to the file it is merged with. One transaction.

    `decisions` are by row number; rows without one become new files. `signature` and `mapping` remember how the columns
    were matched. Raises Invalid for a row that should not have come this far, Refused when `cancelled`; both leave
    nothing behind.
    """
    with work.activity("referrals_imported") as act:
        bulk = BulkActivity.within(act)
        batch = UUID(str(act.new_id()))
        act.conn.execute(
            insert(import_batch).values(
                id=batch, imported_at=act.now, imported_by=act.actor.name, row_count=len(rows), file_count=0
            )
        )
        made, merged = _write_rows(bulk, rows, decisions, batch, progress, cancelled)
        act.conn.execute(update(import_batch).where(import_batch.c.id == batch).values(file_count=len(made)))
        if signature and mapping is not None:
            _remember(act, signature, mapping)
        skipped = len(rows) - len(made) - merged
        act.audit("referrals_imported", None, "import_batch", batch, files=len(made), merged=merged, skipped=skipped)
        _forget_in_hand(act.conn)
        act.kinds.add("import_batch")
        return ImportDone(batch, len(made), merged, skipped, act.done())


def _write_rows(
    bulk: BulkActivity,
    rows: Sequence[RowToImport],
    decisions: Mapping[int, Decision],
    batch: UUID,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> tuple[dict[int, FileId], int]:
    """Files made, by row number, and how many rows were merged."""
    made: dict[int, FileId] = {}
    merged = 0
    waiting: list[tuple[FileId, RowToImport]] = []
    for count, row in enumerate(rows):
        if count % _FLUSH_EVERY == 0:
            _check_stop(cancelled)
            progress(count, len(rows))
            bulk.flush()
        decision = decisions.get(row.number, Decision(Choice.NEW))
        if decision.choice is Choice.SKIP:
            continue
        target = _target(decision, made) if decision.choice is Choice.MERGE else None
        if target is None:
            made[row.number] = _open(bulk, row, batch, decision.conflict_note)
        else:
            waiting.append((target, row))
            made.setdefault(-row.number, target)
    bulk.flush()
    for file_id, row in waiting:  # after every file is written: follow-up looks at what is open there
        _check_stop(cancelled)
        add_referral(bulk, file_id, added_referral(row, bulk.now, batch))
        bulk.audit("referral_imported", file_id, "client_file", RecordId(file_id))
        bulk.flush()
        merged += 1
    progress(len(rows), len(rows))
    return {number: file_id for number, file_id in made.items() if number > 0}, merged


def _target(decision: Decision, made: Mapping[int, FileId]) -> FileId | None:
    """The file to merge with: named, or made by an earlier row, however that one came by it."""
    if decision.file_id is not None:
        return decision.file_id
    if decision.row is None:
        return None
    return made.get(decision.row) or made.get(-decision.row)


def _open(bulk: BulkActivity, row: RowToImport, batch: UUID, conflict_note: str) -> FileId:
    intake = intake_of(row, bulk.now, batch)
    problems = check_intake(intake, bulk.now, bulk.today)
    if problems:
        raise Invalid(f"Row {row.number} cannot be imported as it is. Nothing was changed.", problems)
    file_id = write_file(bulk, intake)
    if conflict_note:
        bulk.rows[client_file][-1]["conflict_note"] = conflict_note
    _keep_references_apart(bulk, file_id)
    bulk.audit("file_imported", file_id, "client_file", RecordId(file_id), source=intake.referral.source)
    return file_id


def _keep_references_apart(bulk: BulkActivity, file_id: FileId) -> None:
    """References of files that wait to be written are not in the store yet, where a free one is looked for."""
    rows = bulk.rows[client_file]
    if any(row["reference"] == rows[-1]["reference"] for row in rows[:-1]):
        rows[-1]["reference"] = f"{rows[-1]['reference']}-{file_id.hex[-4:].upper()}"


def _check_stop(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Refused(STOPPED)


# ------------------------------------------------------------------------------------------------------------ undo


@dataclass(frozen=True, slots=True)
class BatchState:
    """An import as it stands. `worked_on` counts its files that somebody has changed since; 0 lets it be undone."""

    batch_id: UUID
    files: int
    referrals: int
    worked_on: int
    is_undone: bool


def batch_state(conn: Connection, batch_id: UUID) -> BatchState:
    """What undoing an import would find. Raises Refused for one that never was."""
    batch = conn.execute(select(import_batch).where(import_batch.c.id == batch_id)).one_or_none()
    if batch is None:
        raise Refused("This import is not on this computer. Nothing was changed.")
    files, referrals = _made_by(conn, batch_id, batch.imported_at)
    changed = _changed_since(conn, files, referrals, batch.imported_at)
    return BatchState(batch_id, len(files), len(referrals), len(changed), batch.undone_at is not None)


def undo_import(work: Work, batch_id: UUID) -> Done:
    """Mark everything deleted that an import made. Raises Blocked once its files have been worked on."""
    with work.activity("import_undone") as act:
        batch = act.conn.execute(select(import_batch).where(import_batch.c.id == batch_id)).one_or_none()
        if batch is None or batch.undone_at is not None:
            raise Refused("This import has been undone already. Nothing was changed.")
        files, referrals = _made_by(act.conn, batch_id, batch.imported_at)
        changed = _changed_since(act.conn, files, referrals, batch.imported_at)
        if changed:
            some = "one of its files" if len(changed) == 1 else f"{len(changed)} of its files"
            raise Blocked(
                f"The import was not undone, because {some} has been worked on since. Close files that should not be "
                "there one by one, as duplicates or not eligible."
            )
        bulk = BulkActivity.within(act)
        _mark_deleted(bulk, files, referrals)
        for file_id in files:
            bulk.audit("file_import_undone", file_id, "client_file", RecordId(file_id))
        bulk.flush()
        act.conn.execute(update(import_batch).where(import_batch.c.id == batch_id).values(undone_at=act.now))
        act.audit("import_undone", None, "import_batch", batch_id, files=len(files), referrals=len(referrals))
        act.kinds.add("import_batch")
        return act.done()


def _made_by(conn: Connection, batch_id: UUID, imported_at: object) -> tuple[list[FileId], dict[UUID, FileId]]:
    """The files that the import opened, and the referrals that it put into files of before."""
    found = conn.execute(
        select(referral.c.id, referral.c.file_id, client_file.c.created_at)
        .join(client_file, client_file.c.id == referral.c.file_id)
        .where(referral.c.import_batch_id == batch_id, client_file.c.deleted_at.is_(None))
    ).all()
    files = {FileId(row.file_id) for row in found if row.created_at == imported_at}
    return sorted(files), {row.id: FileId(row.file_id) for row in found if row.file_id not in files}


def _changed_since(
    conn: Connection, files: Sequence[FileId], referrals: Mapping[UUID, FileId], imported_at: object
) -> set[UUID]:
    """Which of the files hold a record that was made or changed after the import; of older files only its own count."""
    changed: set[UUID] = set()
    for some in _portions(files):
        for table in record_tables():
            changed.update(
                conn.execute(
                    select(table.c.file_id).where(table.c.file_id.in_(some), table.c.changed_at != imported_at)
                ).scalars()
            )
    for some in _portions(list(referrals)):
        changed.update(
            conn.execute(
                select(referral.c.file_id).where(referral.c.id.in_(some), referral.c.changed_at != imported_at)
            ).scalars()
        )
        changed.update(
            conn.execute(
                select(task.c.file_id).where(task.c.origin_id.in_(some), task.c.changed_at != imported_at)
            ).scalars()
        )
    return changed


def _mark_deleted(act: Activity, files: Sequence[FileId], referrals: Mapping[UUID, FileId]) -> None:
    gone = {"deleted_at": act.now, "changed_at": act.now}
    for some in _portions(files):
        for table in record_tables():
            found = act.conn.execute(
                update(table).where(table.c.file_id.in_(some), table.c.deleted_at.is_(None)).values(**gone)
            )
            if found.rowcount:
                act.kinds.add(table.name)
        for file_id in some:
            act.touch("client_file", file_id)
    for some_ids in _portions(list(referrals)):
        act.conn.execute(update(referral).where(referral.c.id.in_(some_ids)).values(**gone))
        act.conn.execute(update(task).where(task.c.origin_id.in_(some_ids), task.c.deleted_at.is_(None)).values(**gone))
    for file_id in referrals.values():
        act.touch("referral", file_id)
        act.touch("task", file_id)


def _portions(ids: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Portions that stay under SQLite's limit of bound values."""
    return (ids[start : start + 500] for start in range(0, len(ids), 500))


# ------------------------------------------------------------------- how columns were matched, and the list in hand


def remembered_mapping(conn: Connection, signature: str) -> Mapping[str, Any] | None:
    """How the columns of this header were matched the last time."""
    found = conn.execute(select(import_mapping.c.mapping).where(import_mapping.c.signature == signature))
    mapping: Mapping[str, Any] | None = found.scalar_one_or_none()
    return mapping


def _remember(act: Activity, signature: str, mapping: Mapping[str, Any]) -> None:
    act.conn.execute(
        insert(import_mapping).prefix_with("OR REPLACE"),
        {"signature": signature, "mapping": dict(mapping), "used_at": act.now},
    )


def keep_in_hand(work: Work, sheet: Mapping[str, Any] | None, edits: Mapping[str, Any] | None) -> None:
    """Keep a list that is being prepared, encrypted like everything: None leaves a part as it was kept before.

    A list is large and is written once; `edits` are small and written often. Not audited: nothing is a record yet.
    """
    parts = [
        {"key": key, "value": dict(value)} for key, value in ((_IN_HAND, sheet), (_EDITS, edits)) if value is not None
    ]
    if parts:
        with disk_trouble_in_words(), work.engine.begin() as conn:
            conn.execute(insert(setting).prefix_with("OR REPLACE"), parts)


def in_hand(conn: Connection) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """The list that was being prepared and its edits, if there is one."""
    found = {row.key: row.value for row in conn.execute(select(setting).where(setting.c.key.in_((_IN_HAND, _EDITS))))}
    return (found[_IN_HAND], found.get(_EDITS, {})) if _IN_HAND in found else None


def drop_in_hand(work: Work) -> None:
    """Forget the list that was being prepared."""
    with disk_trouble_in_words(), work.engine.begin() as conn:
        _forget_in_hand(conn)


def _forget_in_hand(conn: Connection) -> None:
    conn.execute(delete(setting).where(setting.c.key.in_((_IN_HAND, _EDITS))))


def note_failed_rows_saved(work: Work, batch_id: UUID | None, count: int) -> None:
    """Say in the audit chain that rows of a list were written to a file outside the vault."""
    with work.activity("failed_rows_saved") as act:
        act.audit("failed_rows_saved", None, "import_batch", batch_id, rows=count)


def recent_batches(conn: Connection, limit: int = 20) -> tuple[tuple[UUID, object, int, bool], ...]:
    """The latest imports: id, moment, files opened, whether undone."""
    statement = select(import_batch).order_by(import_batch.c.imported_at.desc()).limit(limit)
    return tuple(
        (row.id, row.imported_at, row.file_count, row.undone_at is not None) for row in conn.execute(statement)
    )
