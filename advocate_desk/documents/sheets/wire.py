"""What the reading process says to the desk, and how the desk listens to it: as to a stranger.

The sheets travel as many small messages. Each is decoded by its exact shape and counted against the limits before the
next is taken, so that a reader which a hostile file has turned can neither crash the desk nor fill its memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Annotated

import msgspec

from advocate_desk.documents.sheets.archive import BROKEN, LOCKED, NOT_SHEET, TOO_LARGE, XLSB
from advocate_desk.documents.sheets.limits import LIMITS, SheetLimits
from advocate_desk.documents.sheets.prescan import TOO_WIDE_AND_LONG, too_many_columns, too_many_rows
from advocate_desk.documents.sheets.workbook import Cell, Row, SheetKind, SheetRows
from advocate_desk.errors import Invalid

MESSAGE_BYTES = 8_000_000
"""The most that one message may take. A row that takes more is no row of a list."""
Read = tuple[SheetKind, tuple[SheetRows, ...]]

_ROWS_AT_ONCE = 200
_LONGEST_NAME = 255
_DAY_KINDS: dict[int, type[date] | type[datetime] | type[time]] = {1: date, 2: datetime, 3: time}
_OnWire = None | bool | int | float | str | msgspec.msgpack.Ext
# Lengths are checked before a list is made: one byte on the wire may stand for a list of its own.
_Row = Annotated[list[_OnWire], msgspec.Meta(max_length=LIMITS.columns)]


class _Advice(msgspec.Struct, array_like=True, tag="advice"):
    words: str


class _Sheet(msgspec.Struct, array_like=True, tag="sheet"):
    name: str


class _Rows(msgspec.Struct, array_like=True, tag="rows"):
    rows: Annotated[list[_Row], msgspec.Meta(max_length=_ROWS_AT_ONCE)]


class _End(msgspec.Struct, array_like=True, tag="end"):
    kind: str


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Advice | _Sheet | _Rows | _End).decode


def refusal(advice: str) -> bytes:
    """The message that says why there are no sheets."""
    return _encode(_Advice(advice))


def messages(answer: Read) -> Iterator[bytes]:
    """`answer` as messages. Raises Invalid for a row that no message holds."""
    kind, sheets = answer
    for sheet in sheets:
        yield _encode(_Sheet(sheet.name[:_LONGEST_NAME]))
        for start in range(0, len(sheet.rows), _ROWS_AT_ONCE):
            yield from _rows(sheet.rows[start : start + _ROWS_AT_ONCE])
    yield _encode(_End(kind.value))


def _rows(rows: tuple[Row, ...]) -> Iterator[bytes]:
    message = _encode(_Rows([[_marked(cell) for cell in row] for row in rows]))
    if len(message) <= MESSAGE_BYTES:
        yield message
    elif len(rows) == 1:
        raise Invalid(TOO_LARGE)
    else:
        for row in rows:
            yield from _rows((row,))


def _marked(cell: Cell) -> _OnWire:
    """The wire has no days and clock times: they travel as marked text."""
    for code, kind in _DAY_KINDS.items():
        if type(cell) is kind:
            return msgspec.msgpack.Ext(code, cell.isoformat().encode())
    return cell  # type: ignore[return-value]  # days and times are gone


class Listener:
    """Puts messages together. `take` each until it gives the whole."""

    def __init__(self, limits: SheetLimits) -> None:
        self._limits = limits
        self._sheets: list[tuple[str, list[Row]]] = []
        self._cells = self._chars = 0

    def take(self, message: bytes) -> Read | None:
        """The sheets once the last message has come, else None. Raises Invalid for a refusal and for anything else."""
        try:
            said = _decode(message)
            if isinstance(said, _End):
                return SheetKind(said.kind), tuple(SheetRows(name, tuple(rows)) for name, rows in self._sheets)
            if isinstance(said, _Advice):
                raise Invalid(said.words if said.words in _known_advice(self._limits) else BROKEN)
            if isinstance(said, _Sheet):
                self._begin(said.name)
            else:
                self._add(said.rows)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Invalid(BROKEN) from error
        return None

    def _begin(self, name: str) -> None:
        if len(self._sheets) >= self._limits.sheets or len(name) > _LONGEST_NAME:
            raise Invalid(TOO_LARGE)
        self._sheets.append((name, []))
        self._cells = 0

    def _add(self, rows: list[list[_OnWire]]) -> None:
        limits = self._limits
        self._cells += sum(map(len, rows))
        self._chars += sum(len(cell) for row in rows for cell in row if isinstance(cell, str))
        held = self._sheets[-1][1] if self._sheets else []
        if self._cells > limits.cells or self._chars > limits.text_chars or len(held) + len(rows) > limits.rows:
            raise Invalid(TOO_LARGE)
        held.extend(tuple(map(_unmarked, row)) for row in rows)


def _known_advice(limits: SheetLimits) -> frozenset[str]:
    """All that the reader has to say: what a file could make it say besides is not shown to anybody."""
    fixed = (BROKEN, TOO_LARGE, LOCKED, NOT_SHEET, XLSB, TOO_WIDE_AND_LONG)
    return frozenset((*fixed, too_many_rows(limits), too_many_columns(limits)))


def _unmarked(cell: _OnWire) -> Cell:
    if isinstance(cell, msgspec.msgpack.Ext):
        kind = _DAY_KINDS.get(cell.code)
        if kind is None:
            raise ValueError("no such mark")
        return kind.fromisoformat(bytes(cell.data).decode())
    return cell
