"""What stands in one caseload and not in another: before one takes the other's place, the user sees both.

Which of two versions of a record is newer is told by the audit chains where one continues the other, because no clock
can be trusted with it; only where both went on from a common past does the time of the last change decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from advocate_desk.store.backup import Stop, never, reading_copy
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.store.tables.base import Moment, record_tables
from advocate_desk.trouble import NOT_READ

_DRAFTS = "draft"
_OF_FORMS = " WHERE form <> ''"
"""Where in the desk somebody was is kept beside the forms, and nobody left it half done."""


class Relation(Enum):
    """How one caseload stands to another."""

    SAME = "same"
    CONTINUES = "continues"  # everything that was done in the other was done in this one too
    IS_BEFORE = "is before"
    PARTED = "parted"  # both were worked on after they were the same


@dataclass(frozen=True, slots=True)
class Contents:
    """What a caseload holds, in short. `last_change` is the moment of the last audited act, None without any."""

    files: int
    notes: int
    last_change: datetime | None
    revision: str


@dataclass(frozen=True, slots=True)
class KindDifference:
    """Records of one kind that are newer, or only, in the first caseload (`here`) and in the second (`there`)."""

    kind: str
    here: int
    there: int


@dataclass(frozen=True, slots=True)
class FileDifference:
    """A client file with such records. `changed_here` and `changed_there`: the latest of them, None without any."""

    reference: str
    initials: str
    here: int
    there: int
    changed_here: datetime | None
    changed_there: datetime | None


@dataclass(frozen=True, slots=True)
class Differences:
    """All of it."""

    relation: Relation
    kinds: tuple[KindDifference, ...]
    files: tuple[FileDifference, ...]


@dataclass
class _Tally:
    here: int = 0
    there: int = 0
    changed_here: str = ""
    changed_there: str = ""


@dataclass
class _Tallies:
    kinds: dict[str, _Tally] = field(default_factory=dict)
    files: dict[str, _Tally] = field(default_factory=dict)

    def add(self, kind: str, file_id: str | None, changed: str, *, is_here: bool) -> None:
        touched = [self.kinds.setdefault(kind, _Tally())]
        if file_id:
            touched.append(self.files.setdefault(file_id, _Tally()))
        for tally in touched:
            if is_here:
                tally.here, tally.changed_here = tally.here + 1, max(tally.changed_here, changed)
            else:
                tally.there, tally.changed_there = tally.there + 1, max(tally.changed_there, changed)


def contents(path: Path, key: bytes | bytearray, stop: Stop = never) -> Contents:
    """What the copy at `path` holds. Raises Unavailable, WrongKey, Stopped."""
    with reading_copy(path, key, stop) as raw:
        tables = _tables(raw)
        return Contents(
            _count(raw, tables, "client_file"),
            _count(raw, tables, "contact_note"),
            _moment(raw.execute("SELECT max(happened_at) FROM audit_event").fetchone()[0])
            if "audit_event" in tables
            else None,
            _revision(raw, tables),
        )


def compare(here: Engine, there: Path, key: bytes | bytearray, stop: Stop = never) -> Differences:
    """How the open caseload differs from the copy at `there`. Raises Unavailable, WrongKey, Stopped."""
    with disk_trouble_in_words(NOT_READ), _snapshot(here) as ours, reading_copy(there, key, stop) as theirs:
        relation = _relation(ours, theirs)
        tallies = _Tallies()
        both = _tables(ours) & _tables(theirs)
        for table in record_tables():
            if table.name in both:
                _compare_table(ours, theirs, table.name, "id, file_id, changed_at", relation, tallies)
        if _DRAFTS in both:
            _compare_table(ours, theirs, _DRAFTS, "key, file_id, saved_at", relation, tallies, _OF_FORMS)
        names = _names(theirs) | _names(ours)
    kinds = tuple(KindDifference(kind, each.here, each.there) for kind, each in tallies.kinds.items())
    files = [_file_line(*names.get(file_id, ("", "")), each) for file_id, each in tallies.files.items()]
    return Differences(relation, kinds, tuple(sorted(files, key=_latest, reverse=True)))


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Any]:
    """An open store, in a transaction that sees it as it is at one moment."""
    with engine.connect() as conn:
        conn.exec_driver_sql("SELECT 1 FROM sqlite_master").all()
        yield _Live(conn.connection.driver_connection)


class _Live:
    """Reads the open store. What its disk refuses is told as its own trouble, not as the other copy's."""

    def __init__(self, raw: Any) -> None:  # noqa: ANN401 - the driver has no types
        self._raw = raw

    def execute(self, sql: str, given: Any = ()) -> Iterator[Any]:  # noqa: ANN401
        with disk_trouble_in_words(NOT_READ):
            yield from self._raw.execute(sql, given)


def _compare_table(
    ours: Any,  # noqa: ANN401
    theirs: Any,  # noqa: ANN401
    table: str,
    columns: str,
    relation: Relation,
    tallies: _Tallies,
    where: str = "",
) -> None:
    """Walk both tables in the order of their keys, holding one row of each."""
    sql = f"SELECT {columns} FROM {table}{where} ORDER BY 1"  # noqa: S608 - our tables
    left, right = iter(ours.execute(sql)), iter(theirs.execute(sql))
    one: Any = next(left, None)
    other: Any = next(right, None)
    while one or other:
        if not other or (one and one[0] < other[0]):
            tallies.add(table, one[1], one[2], is_here=True)
            one = next(left, None)
        elif not one or other[0] < one[0]:
            tallies.add(table, other[1], other[2], is_here=False)
            other = next(right, None)
        else:
            if one[2] != other[2]:
                is_here = _is_newer_here(relation, one[2], other[2])
                tallies.add(table, one[1], one[2] if is_here else other[2], is_here=is_here)
            one, other = next(left, None), next(right, None)


def _is_newer_here(relation: Relation, changed_here: str, changed_there: str) -> bool:
    if relation is Relation.CONTINUES:
        return True
    if relation is Relation.IS_BEFORE:
        return False
    return changed_here > changed_there


def _relation(ours: Any, theirs: Any) -> Relation:  # noqa: ANN401
    mine, other = _head(ours), _head(theirs)
    if mine == other:
        return Relation.SAME
    if _has_act(ours, other):
        return Relation.CONTINUES
    return Relation.IS_BEFORE if _has_act(theirs, mine) else Relation.PARTED


def _head(raw: Any) -> Any:  # noqa: ANN401
    return next(iter(raw.execute("SELECT position, hash FROM audit_head")), None)


def _has_act(raw: Any, act: Any) -> bool:  # noqa: ANN401
    if act is None:
        return True
    return any(raw.execute("SELECT 1 FROM audit_event WHERE position = ? AND hash = ?", act))


def _tables(raw: Any) -> set[str]:  # noqa: ANN401
    return {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _revision(raw: Any, tables: set[str]) -> str:  # noqa: ANN401
    found = raw.execute("SELECT version_num FROM alembic_version").fetchone() if "alembic_version" in tables else None
    return str(found[0]) if found else ""


def _count(raw: Any, tables: set[str], table: str) -> int:  # noqa: ANN401
    if table not in tables:
        return 0
    return int(raw.execute(f"SELECT count(*) FROM {table} WHERE deleted_at IS NULL").fetchone()[0])  # noqa: S608


def _names(raw: Any) -> dict[str, tuple[str, str]]:  # noqa: ANN401
    rows = raw.execute("SELECT file_id, reference, client_name FROM file_summary")
    return {file_id: (reference, _initials(name)) for file_id, reference, name in rows}


def _initials(name: str) -> str:
    return "".join(f"{part[0].upper()}." for part in name.split() if part[0].isalpha())


def _file_line(reference: str, initials: str, tally: _Tally) -> FileDifference:
    return FileDifference(
        reference, initials, tally.here, tally.there, _moment(tally.changed_here), _moment(tally.changed_there)
    )


def _latest(line: FileDifference) -> tuple[str, str]:
    moments = [moment.isoformat() for moment in (line.changed_here, line.changed_there) if moment is not None]
    return max(moments, default=""), line.reference


def _moment(text: str | None) -> datetime | None:
    return Moment().process_result_value(text, None) if text else None  # type: ignore[arg-type]
