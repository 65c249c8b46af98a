"""Records on their way between a table and the wire: which columns travel, and what of a stranger's values is believed.

A value travels as SQLite keeps it: text, a whole number, or None; what says nothing is left out (`first_columns`). The
ids of a record and of its file are its place on the wire and do not travel inside. Fields that this version does not
know are kept in `extra` and sent back untouched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import LargeBinary, Table

from advocate_desk.store.tables import everything
from advocate_desk.store.tables.base import BOOKKEEPING, content_columns, record_tables
from advocate_desk.store.tables.checks import MOST_TEXT, check_of, empty_of, is_deep
from advocate_desk.store.tables.files import OWNING
from advocate_desk.store.tracking import FROZEN_ONCE
from advocate_desk.sync.first_columns import FIRST
from advocate_desk.sync.merge import CHANGED, DELETED, EXTRA, Rules

LOCAL_COLUMNS = frozenset({("referral", "import_batch_id"), *(("client_file", name) for name in OWNING)})
"""Columns that do not travel with their record: they mean something on this desk alone, or travel as signed links."""
CONFLICT = "conflict"
OWN_COLUMNS = frozenset({"id", "file_id", EXTRA, *BOOKKEEPING})
"""Columns that a desk writes by itself: nobody sends them."""
_ALWAYS_SAID = object()
_SINCE = re.compile(r"OLD\.(\w+) IS NOT NULL")


class Unreadable(Exception):
    """A record that is no record of this version. `reason` names the field and never its value."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as the exchange sees it. `columns` travel; `empty` is what stands in a column that a sender left out.

    `checks` are those of every column, also of those that do not travel.
    """

    name: str
    columns: tuple[str, ...]
    empty: Mapping[str, Any]
    checks: Mapping[str, Callable[[object], bool]]
    parents: tuple[tuple[str, str], ...]
    blobs: tuple[str, ...]
    rules: Rules
    frozen: frozenset[str] = frozenset()
    final_from: str = ""
    later: frozenset[str] = frozenset()
    """The columns that not every version knows: they are said where they are empty too."""
    required: frozenset[str] = frozenset()
    """The columns that are never empty."""
    silent: tuple[tuple[str, Any], ...] = ()
    """Of each column its name, and the value with which it is left out."""

    def is_final(self, values: Mapping[str, Any]) -> bool:
        """Whether a record that says this is final: nobody changes it, but for its mark of deletion."""
        return bool(self.frozen) and (not self.final_from or values.get(self.final_from) is not None)


@cache
def shapes() -> Mapping[str, Shape]:
    """Every kind of record by its table's name, parents first."""
    assert everything.ALL
    return {str(table.name): _shape(table) for table in record_tables()}


def _shape(table: Table) -> Shape:
    blobs = tuple(each.name for each in table.columns if isinstance(each.type, LargeBinary))
    known = [str(name) for name in content_columns(table) if name not in {"id", "file_id", EXTRA, *blobs}]
    columns = tuple(name for name in known if (table.name, name) not in LOCAL_COLUMNS)
    parents = tuple(
        (each.name, next(iter(each.foreign_keys)).column.table.name)
        for each in table.columns
        if each.foreign_keys and each.name in columns
    )
    empty = {name: empty_of(table.c[name]) for name in columns}
    checks = {name: check_of(table.c[name]) for name in known}
    later = frozenset(columns) - FIRST.get(str(table.name), frozenset())
    return Shape(
        str(table.name),
        columns,
        empty,
        checks,
        parents,
        blobs,
        Rules(
            together=tuple(frozenset(each) & frozenset(columns) for each in table.info["together"]),
            critical=frozenset(name for name in columns if table.c[name].info.get("critical")),
            decided=table.info["decided"],
            undecided=empty if table.info["decided"] else {},
        ),
        *_frozen(table, columns),
        later=later,
        required=frozenset(name for name in columns if not checks[name](empty[name])),
        silent=tuple((name, _ALWAYS_SAID if name in later else empty[name]) for name in columns),
    )


def _frozen(table: Table, columns: Iterable[str]) -> tuple[frozenset[str], str]:
    """The columns that nobody changes once a record is final, and the column that says since when; "": always."""
    since = FROZEN_ONCE.get(str(table.name))
    if since is None:
        return frozenset(), ""
    named = _SINCE.search(since)
    return frozenset(columns) - {DELETED, CHANGED}, named[1] if named else ""


def said(shape: Shape, row: Sequence[Any], extra: str | None) -> dict[str, Any]:
    """What of a row is sent, its columns given in the order of the shape: those that say something, and `extra`'s."""
    values = {name: value for (name, silent), value in zip(shape.silent, row, strict=True) if value != silent}
    if extra:
        values.update(json.loads(extra))
    return values


def outgoing(shape: Shape, row: Mapping[str, Any]) -> dict[str, Any]:
    """All that a row says: its columns, and beside them the fields that only a newer version knows."""
    values = {name: row[name] for name in shape.columns}
    if row[EXTRA]:
        values.update(json.loads(row[EXTRA]))
    return values


def incoming(kind: str, values: Mapping[str, object]) -> dict[str, Any]:
    """What was sent as a row's columns, `extra` with it. Raises Unreadable."""
    shape = shapes().get(kind)
    if shape is None:
        raise Unreadable("kind")
    if not shape.required <= values.keys():
        raise Unreadable(min(shape.required - values.keys()))
    row: dict[str, Any] = dict(shape.empty)
    unknown: dict[str, object] = {}
    for name, value in values.items():
        is_right = shape.checks.get(name)
        if is_right is None:
            unknown[name] = value
        elif name in row:
            if not is_right(value):
                raise Unreadable(name)
            row[name] = int(value) if value is True or value is False else value
    if not unknown.keys().isdisjoint(OWN_COLUMNS):
        raise Unreadable(EXTRA)
    row[EXTRA] = _extra_text(unknown) if unknown else None
    if kind == CONFLICT:
        _check_conflict(row)
    return row


def _check_conflict(row: Mapping[str, Any]) -> None:
    """See that the values that a conflict tells of could stand in its record: all conflicts are read at once."""
    about = shapes().get(row["kind"])
    checks = about.checks if about is not None else {}
    for side in ("before", "ours", "theirs"):
        for name, value in (json.loads(row[side]) if row[side] else {}).items():
            is_right = checks.get(name)
            if value is not None and is_right is not None and not is_right(value):
                raise Unreadable(side)


def _extra_text(unknown: Mapping[str, object]) -> str:
    try:
        said = json.dumps(unknown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise Unreadable(EXTRA) from error
    if len(said) > MOST_TEXT or is_deep(said):
        raise Unreadable(EXTRA)
    return said


def identifier(text: str) -> bytes:
    """A table's id as it travels."""
    return bytes.fromhex(text)
