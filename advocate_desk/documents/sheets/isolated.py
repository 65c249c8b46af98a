"""Reading a workbook in a process of its own, which has a memory limit and can be ended at any moment.

calamine is native code: a malformed file could make it take all memory, and nothing in this process could stop it.
A fresh process costs some 50 ms, and a file that breaks it breaks nothing else: it is confined (`confined.py`), what it
says is not trusted (`wire.py`), and it is ended at the deadline whatever it is doing.
"""

from __future__ import annotations

import codecs
import io
import multiprocessing
import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from advocate_desk.documents.sheets.archive import BROKEN, LOCKED, NOT_SHEET, TOO_LARGE, sheet_parts, written_anew
from advocate_desk.documents.sheets.confined import confine
from advocate_desk.documents.sheets.limits import SheetLimits
from advocate_desk.documents.sheets.prescan import check_parts
from advocate_desk.documents.sheets.wire import MESSAGE_BYTES, Listener, Read, messages, refusal
from advocate_desk.documents.sheets.workbook import Cell, Row, SheetKind, SheetRows
from advocate_desk.errors import Invalid, Refused, Unavailable

_POLL_S = 0.05
_TOO_LONG = "Reading this spreadsheet takes too long. Save it as CSV and import that."
_STOPPED = "Reading was stopped. Nothing was changed."
_NOT_STARTED = "The spreadsheet reader could not be started. Close other programs and try again."
Cancelled = Callable[[], bool]


def read_workbook_apart(data: bytes, limits: SheetLimits, cancelled: Cancelled) -> Read:
    """The sheets of an XLSX, XLS or ODS file, read in a child process.

    Raises Invalid for what the file is, Refused when cancelled, Unavailable when no process can be started.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_serve, args=(theirs,), name="sheet-reader", daemon=True)
    try:
        child.start()
    except OSError as error:
        ours.close()
        raise Unavailable(_NOT_STARTED) from error
    finally:
        theirs.close()
    watch = _Watch(child, limits.read_s, cancelled)
    try:
        ours.send_bytes(limits.memory_bytes.to_bytes(8, "big") + data)
        return _answer(ours, limits)
    except (OSError, EOFError) as error:  # it was ended, or died: out of memory, or the reader crashed
        raise watch.why() or Invalid(BROKEN) from error
    finally:
        watch.end()
        ours.close()
        child.kill()
        child.join()
        child.close()


def _answer(ours: Connection, limits: SheetLimits) -> Read:
    listener = Listener(limits)
    while True:
        whole = listener.take(ours.recv_bytes(MESSAGE_BYTES))
        if whole is not None:
            return whole


class _Watch:
    """Ends the child when it takes too long or is not wanted any more, also in the middle of a message."""

    def __init__(self, child: SpawnProcess, seconds: float, cancelled: Cancelled) -> None:
        self._child, self._cancelled = child, cancelled
        self._deadline = time.monotonic() + seconds
        self._why: Refused | None = None
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="sheet-reader-watch", daemon=True)
        self._thread.start()

    def why(self) -> Refused | None:
        """Why the child was ended; None if it was not."""
        return self._why

    def end(self) -> None:
        """Stop watching: before the child is closed."""
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(_POLL_S):
            if self._cancelled():
                self._why = Refused(_STOPPED)
            elif time.monotonic() > self._deadline:
                self._why = Invalid(_TOO_LONG)
            if self._why is not None:
                self._child.kill()
                return


def _serve(pipe: Connection) -> None:
    """The child: read one file, answer with its sheets or with the advice to show, and end."""
    message = pipe.recv_bytes()
    limits = SheetLimits(memory_bytes=int.from_bytes(message[:8], "big"))
    codecs.lookup("cp437")  # in which old archives name their parts: it could not be imported later
    confine(limits.memory_bytes, limits.read_s, pipe.fileno())
    try:
        for part in messages(read_workbook_here(message[8:], limits)):
            pipe.send_bytes(part)
    except Refused as error:
        pipe.send_bytes(refusal(error.advice))
    except MemoryError:
        pipe.send_bytes(refusal(TOO_LARGE))
    except Exception:  # the end of this process: what it would print could quote the file
        pipe.send_bytes(refusal(BROKEN))
    pipe.close()


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
