"""A spreadsheet file in, plain values out: CSV and its kin, XLSX, XLS, ODS.

The kind is told by the content. Nothing in a file is ever run or fetched, and a file that cannot be read whole is
refused with advice: never read in part.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from advocate_desk.documents.sheets.archive import NOT_SHEET
from advocate_desk.documents.sheets.delimited import read_delimited
from advocate_desk.documents.sheets.isolated import read_workbook_apart
from advocate_desk.documents.sheets.limits import LIMITS, SheetLimits
from advocate_desk.documents.sheets.text_encoding import decode
from advocate_desk.documents.sheets.workbook import SheetKind, SheetRows, Workbook, is_blank
from advocate_desk.errors import Invalid, Unavailable

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(r"(?is)\A\s*(<!doctype\s+html|<html|<table|<\?xml|<!--)")
_ADVICE_BY_START: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "This is a PDF, not a spreadsheet. Ask for the list as CSV or XLSX."),
    (b"{\\rtf", "This is a text document, not a spreadsheet. Ask for the list as CSV or XLSX."),
    (b"\x89PNG", NOT_SHEET),
    (b"\xff\xd8\xff", NOT_SHEET),
    (b"GIF8", NOT_SHEET),
    (b"MZ", NOT_SHEET),
    (b"\x7fELF", NOT_SHEET),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufffd]")
_LOOKED_AT, _LEAST_LOOKED_AT = 4_000, 200
_MOST_CONTROLS = 0.05
"""Of random bytes one in ten is a control character; of a list, in any encoding that was guessed right, none."""
_WEB_PAGE = "This is a web page under a spreadsheet's name. Open it in a spreadsheet program and save it as XLSX."
UNREAD_NOTE = "Some characters could not be read. If names look wrong, choose other characters."
EMPTY = "There is nothing in this file."


def read_sheet(
    source: bytes | Path,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    limits: SheetLimits = LIMITS,
) -> Workbook:
    """Everything in the file. `encoding` and `delimiter` overrule the guess for text files.

    Raises Invalid (with advice) for a file that is broken, hostile, too large or something else; Refused when
    `cancelled` says so; Unavailable when the file cannot be opened.
    """
    data = source if isinstance(source, bytes) else file_bytes(source, limits)
    if len(data) > limits.file_bytes:
        raise Invalid(_too_big(limits))
    if not data.strip(b"\0 \t\r\n"):
        raise Invalid(EMPTY)
    for start, advice in _ADVICE_BY_START:
        if data.startswith(start):
            raise Invalid(advice)
    if data.startswith((_ZIP, b"PK\x05\x06", _OLE)):
        kind, sheets = read_workbook_apart(data, limits, cancelled)
        book = Workbook(kind, tuple(sheet for sheet in sheets if _has_values(sheet)))
    else:
        book = _read_text(data, limits, encoding, delimiter, cancelled)
    if not book.sheets:
        raise Invalid(EMPTY)
    return book


def file_bytes(path: Path, limits: SheetLimits = LIMITS) -> bytes:
    """The file's content, at most one byte beyond the limit. Raises Invalid or Unavailable; neither names the file."""
    try:
        with path.open("rb") as source:
            data = source.read(limits.file_bytes + 1)
    except OSError as error:
        raise Unavailable("The file could not be opened. See that it is still there and not locked.") from error
    if len(data) > limits.file_bytes:
        raise Invalid(_too_big(limits))
    return data


def _read_text(
    data: bytes, limits: SheetLimits, encoding: str | None, delimiter: str | None, cancelled: Callable[[], bool]
) -> Workbook:
    text, codec = decode(data, encoding)
    if _MARKUP.match(text[:2000]):
        raise Invalid(_WEB_PAGE)
    if _is_noise(text[:_LOOKED_AT]):
        raise Invalid(NOT_SHEET)
    unread = (UNREAD_NOTE,) if "\ufffd" in text else ()
    rows, dialect, notes = read_delimited(text, limits, delimiter, cancelled)
    sheet = SheetRows("", rows)
    sheets = (sheet,) if _has_values(sheet) else ()
    return Workbook(SheetKind.TEXT, sheets, codec, dialect.delimiter, dialect.quote, (*notes, *unread))


def _is_noise(text: str) -> bool:
    """Whether this is no writing: a damaged workbook, or another program's file, read as characters."""
    marks = len(_CONTROLS.findall(text))
    return len(text) >= _LEAST_LOOKED_AT and marks > len(text) * _MOST_CONTROLS


def _has_values(sheet: SheetRows) -> bool:
    return any(not is_blank(cell) for row in sheet.rows for cell in row)


def _too_big(limits: SheetLimits) -> str:
    return f"This file is larger than {limits.file_bytes // 1_000_000} MB. Split it into smaller files."
