"""Records on their way between a table and the wire: which columns travel, and what of a stranger's values is believed.

A value travels as SQLite keeps it: text, a whole number, or None. The id of a record and of its file are its place on
the wire and do not travel inside. Fields that this version does not know are kept in `extra` and sent back untouched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Integer, LargeBinary, Table, Text, Uuid

from advocate_desk.store.tables import everything
from advocate_desk.store.tables.base import BOOKKEEPING, JsonText, Moment, content_columns, record_tables
from advocate_desk.store.tracking import FROZEN_ONCE
from advocate_desk.sync.merge import CHANGED, DELETED, EXTRA, Rules

LOCAL_COLUMNS = frozenset({("referral", "import_batch_id")})
"""Columns that mean something on this desk alone."""
OWN_COLUMNS = frozenset({"id", "file_id", EXTRA, *BOOKKEEPING})
"""Columns that a desk writes by itself: nobody sends them."""
MOST_TEXT = 1_000_000
MOST_DEPTH = 60
"""Lists and mappings inside one another: more than this a screen might not come out of again."""
EARLIEST, LATEST = 1000, 8999
"""Years within which days are counted forward and back without coming to the end of the calendar."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_BRACKET = re.compile(r"[\[\]{}]")
_SINCE = re.compile(r"OLD\.(\w+) IS NOT NULL")
_HEX = re.compile(r"[0-9a-f]{32}")


class Unreadable(Exception):
    """A record that is no record of this version. `reason` names the field and never its value."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as the exchange sees it. `columns` travel; `empty` is what stands in a column that a sender left out."""

    name: str
    columns: tuple[str, ...]
    empty: Mapping[str, Any]
    checks: Mapping[str, Callable[[object], bool]]
    parents: tuple[tuple[str, str], ...]
    blobs: tuple[str, ...]
    rules: Rules
    frozen: frozenset[str] = frozenset()
    final_from: str = ""

    def is_final(self, values: Mapping[str, Any]) -> bool:
        """Whether a record that says this is final: nobody changes it, but for its mark of deletion."""
        return bool(self.frozen) and (not self.final_from or values.get(self.final_from) is not None)


def key_text(identifier: bytes) -> str:
    """A record's id as its table keeps it."""
    return identifier.hex()


@cache
def shapes() -> Mapping[str, Shape]:
    """Every kind of record by its table's name, parents first."""
    assert everything.ALL
    return {str(table.name): _shape(table) for table in record_tables()}


def _shape(table: Table) -> Shape:
    blobs = tuple(each.name for each in table.columns if isinstance(each.type, LargeBinary))
    left_out = {"id", "file_id", EXTRA, *blobs, *(name for kind, name in LOCAL_COLUMNS if kind == table.name)}
    columns = tuple(str(name) for name in content_columns(table) if name not in left_out)
    parents = tuple(
        (each.name, next(iter(each.foreign_keys)).column.table.name)
        for each in table.columns
        if each.foreign_keys and each.name in columns
    )
    return Shape(
        str(table.name),
        columns,
        {name: _empty(table.c[name]) for name in columns},
        {name: _check(table.c[name]) for name in columns},
        parents,
        blobs,
        Rules(
            together=tuple(frozenset(each) for each in table.info["together"]),
            critical=frozenset(name for name in columns if table.c[name].info.get("critical")),
            decided=table.info["decided"],
            undecided={name: _empty(table.c[name]) for name in columns} if table.info["decided"] else {},
        ),
        *_frozen(table, columns),
    )


def _frozen(table: Table, columns: Iterable[str]) -> tuple[frozenset[str], str]:
    """The columns that nobody changes once a record is final, and the column that says since when; "": always."""
    since = FROZEN_ONCE.get(str(table.name))
    if since is None:
        return frozenset(), ""
    named = _SINCE.search(since)
    return frozenset(columns) - {DELETED, CHANGED}, named[1] if named else ""


def _empty(column: Column[Any]) -> Any:  # noqa: ANN401 - a column's value
    if column.nullable:
        return None
    return 0 if isinstance(column.type, Boolean) else ""


def _check(column: Column[Any]) -> Callable[[object], bool]:
    plain = _check_value(column)
    return (lambda value: value is None or plain(value)) if column.nullable else plain


def _check_value(column: Column[Any]) -> Callable[[object], bool]:
    kind = column.type
    if isinstance(kind, Moment):
        return _is_moment
    if isinstance(kind, JsonText):
        return partial(_is_json, column.info["holds"])
    if isinstance(kind, Date):
        return _is_day
    if isinstance(kind, Boolean):
        return lambda value: value in (0, 1) and not isinstance(value, float)
    if isinstance(kind, Integer):
        return lambda value: type(value) is int and abs(value) < 2**63
    if isinstance(kind, Uuid):
        return lambda value: isinstance(value, str) and _HEX.fullmatch(value) is not None
    if isinstance(kind, Text):
        return lambda value: isinstance(value, str) and len(value) <= MOST_TEXT
    raise TypeError(f"{column} has a type that the exchange does not know")


def _is_moment(value: object) -> bool:
    try:
        return (
            isinstance(value, str)
            and _MOMENT.fullmatch(value) is not None
            and EARLIEST <= datetime.fromisoformat(value[:-1]).year <= LATEST
        )
    except ValueError:
        return False


def _is_day(value: object) -> bool:
    try:
        if not isinstance(value, str):
            return False
        found = date.fromisoformat(value)
    except ValueError:
        return False
    return found.isoformat() == value and EARLIEST <= found.year <= LATEST


def _is_json(holds: type, value: object) -> bool:
    if not isinstance(value, str) or len(value) > MOST_TEXT or _is_deep(value):
        return False
    try:
        said = json.loads(value)
    except (ValueError, RecursionError):
        return False
    if isinstance(said, list):
        return holds is list and all(isinstance(each, str) for each in said)
    return said is None or isinstance(said, holds)


def _is_deep(text: str) -> bool:
    """Whether lists and mappings may stand too deep in one another. Brackets in words count too."""
    if text.count("[") + text.count("{") <= MOST_DEPTH:
        return False
    depth = deepest = 0
    for each in _BRACKET.findall(text):
        depth += 1 if each in "[{" else -1
        deepest = max(deepest, depth)
    return deepest > MOST_DEPTH


def outgoing(shape: Shape, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it travels: its columns, and beside them the fields that only a newer version knows."""
    values = {name: row[name] for name in shape.columns}
    if row[EXTRA]:
        values.update(json.loads(row[EXTRA]))
    return values


def incoming(kind: str, values: Mapping[str, object]) -> dict[str, Any]:
    """What was sent as a row's columns, `extra` with it. Raises Unreadable."""
    shape = shapes().get(kind)
    if shape is None:
        raise Unreadable("kind")
    row: dict[str, Any] = {}
    for name, empty in shape.empty.items():
        value = values.get(name, empty)
        if name in values and not shape.checks[name](value):
            raise Unreadable(name)
        row[name] = int(value) if isinstance(value, bool) else value
    unknown = {name: value for name, value in values.items() if name not in shape.empty}
    if not unknown.keys().isdisjoint(OWN_COLUMNS):
        raise Unreadable(EXTRA)
    row[EXTRA] = _extra_text(unknown) if unknown else None
    if row["created_at"] == "" or row["changed_at"] == "":
        raise Unreadable("created_at")
    return row


def _extra_text(unknown: Mapping[str, object]) -> str:
    try:
        said = json.dumps(unknown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise Unreadable(EXTRA) from error
    if len(said) > MOST_TEXT or _is_deep(said):
        raise Unreadable(EXTRA)
    return said


def identifier(text: str) -> bytes:
    """A table's id as it travels."""
    return UUID(text).bytes
