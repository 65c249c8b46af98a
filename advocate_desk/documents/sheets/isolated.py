"""Reading a workbook in a process of its own, which has a memory limit and can be ended at any moment.

calamine is native code: a malformed file could make it take all memory, and nothing in this process could stop it.
A fresh process costs some 50 ms, and a file that breaks it breaks nothing else.
"""

from __future__ import annotations

import io
import multiprocessing
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from multiprocessing.connection import Connection

import msgspec
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from advocate_desk.documents.sheets.archive import BROKEN, LOCKED, NOT_SHEET, TOO_LARGE, sheet_parts, written_anew
from advocate_desk.documents.sheets.limits import SheetLimits
from advocate_desk.documents.sheets.prescan import check_parts
from advocate_desk.documents.sheets.workbook import Cell, Row, SheetKind, SheetRows
from advocate_desk.errors import Invalid, Refused, Unavailable

_POLL_S = 0.05
_DAY_KINDS: dict[int, type[date] | type[datetime] | type[clock_time]] = {1: date, 2: datetime, 3: clock_time}
Cancelled = Callable[[], bool]
Read = tuple[SheetKind, tuple[SheetRows, ...]]


def read_workbook_apart(data: bytes, limits: SheetLimits, cancelled: Cancelled) -> Read:
    """The sheets of an XLSX, XLS or ODS file, read in a child process.

    Raises Invalid for what the file is, Refused when cancelled, Unavailable when no process can be started.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_serve, args=(theirs,), name="sheet-reader", daemon=True)
    try:
        child.start()
        theirs.close()
        ours.send_bytes(_pack(limits, data))
        return _answer(ours, limits, cancelled)
    except (BrokenPipeError, ConnectionError, EOFError) as error:  # it died: out of memory, or the reader crashed
        raise Invalid(BROKEN) from error
    except OSError as error:
        raise Unavailable("The spreadsheet reader could not be started. Close other programs and try again.") from error
    finally:
        ours.close()
        if child.pid is not None:
            child.kill()
            child.join()
            child.close()


def _answer(ours: Connection, limits: SheetLimits, cancelled: Cancelled) -> Read:
    deadline = time.monotonic() + limits.read_s
    while not ours.poll(_POLL_S):
        if cancelled():
            raise Refused("Reading was stopped. Nothing was changed.")
        if time.monotonic() > deadline:
            raise Invalid("Reading this spreadsheet takes too long. Save it as CSV and import that.")
    return unpacked(ours.recv_bytes())


def _pack(limits: SheetLimits, data: bytes) -> bytes:
    return limits.memory_bytes.to_bytes(8, "big") + data


def packed(answer: Read | str) -> bytes:
    """What the child says, as bytes: sheets, or the advice of a refusal. Dates and times keep their type."""
    if isinstance(answer, str):
        return msgspec.msgpack.encode(answer)
    kind, sheets = answer
    return msgspec.msgpack.encode(
        [kind.value, [[sheet.name, [[_marked(cell) for cell in row] for row in sheet.rows]] for sheet in sheets]]
    )


def unpacked(message: bytes) -> Read:
    """The sheets that `packed` was given. Raises Invalid for a refusal."""
    answer = msgspec.msgpack.decode(message, ext_hook=_unmarked)
    if isinstance(answer, str):
        raise Invalid(answer)
    kind, sheets = answer
    return SheetKind(kind), tuple(SheetRows(name, tuple(map(tuple, rows))) for name, rows in sheets)


def _marked(cell: Cell) -> object:
    """The wire has no days and clock times: they travel as marked text."""
    for code, kind in _DAY_KINDS.items():
        if type(cell) is kind:
            return msgspec.msgpack.Ext(code, cell.isoformat().encode())
    return cell


def _unmarked(code: int, text: memoryview) -> Cell:
    return _DAY_KINDS[code].fromisoformat(bytes(text).decode())


def _serve(pipe: Connection) -> None:
    """The child: read one file, answer with its sheets or with the advice to show, and end."""
    message = pipe.recv_bytes()
    limits = SheetLimits(memory_bytes=int.from_bytes(message[:8], "big"))
    _limit_memory(limits.memory_bytes)
    try:
        answer = packed(read_workbook_here(message[8:], limits))
    except Refused as error:
        answer = packed(error.advice)
    except MemoryError:
        answer = packed(TOO_LARGE)
    pipe.send_bytes(answer)
    pipe.close()


def _limit_memory(most: int) -> None:
    if sys.platform == "win32":  # it has no such limit: the pass over the XML and the size bounds stand alone there
        return
    import resource  # noqa: PLC0415 - Windows has no such module

    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_workbook_here(data: bytes, limits: SheetLimits) -> Read:
    """The same in this process: for the child, and for tests that read a great many files. Raises Invalid."""
    if data.startswith(b"PK"):
        kind, parts = sheet_parts(data, limits)
        check_parts(kind, parts, limits)
        data = written_anew(parts)
        del parts
    elif b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0" in data:
        raise Invalid(LOCKED)
    else:
        kind = SheetKind.XLS
    return kind, _sheets(data, limits)


def _sheets(data: bytes, limits: SheetLimits) -> tuple[SheetRows, ...]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            if len(book.sheet_names) > limits.sheets:
                raise Invalid(TOO_LARGE)
            return tuple(
                SheetRows(meta.name, _rows(book.get_sheet_by_index(index), limits))
                for index, meta in enumerate(book.sheets_metadata)
                if "WorkSheet" in str(meta.typ) and "Visible" in str(meta.visible).rpartition(".")[2]
            )
    except PasswordError as error:
        raise Invalid(LOCKED) from error
    except (CalamineError, ValueError, OSError, OverflowError) as error:
        raise Invalid(BROKEN) from error
    except Refused:
        raise
    except BaseException as error:  # a Rust panic arrives as PanicException, which is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise Invalid(NOT_SHEET) from error


def _rows(sheet: CalamineSheet, limits: SheetLimits) -> tuple[Row, ...]:
    if sheet.total_height > limits.rows or sheet.total_height * max(1, sheet.total_width) > limits.cells:
        raise Invalid(TOO_LARGE)
    return tuple(tuple(_cell(value) for value in row) for row in sheet.to_python(skip_empty_area=False))


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, bool | int | float | datetime | date | clock_time):
        return value
    if isinstance(value, timedelta):
        return _clock(value) if timedelta(0) <= value < timedelta(days=1) else str(value)
    return None


def _clock(since_midnight: timedelta) -> clock_time:
    minutes, seconds = divmod(int(since_midnight.total_seconds()), 60)
    return clock_time(minutes // 60, minutes % 60, seconds)
