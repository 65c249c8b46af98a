"""Parsers of spreadsheets: text in any encoding, XLSX, ODS, XLS, the reading process, and what the rows become."""

from __future__ import annotations

import csv
import io
import os
import resource
import signal
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from advocate_desk import paths
from advocate_desk.desk.screens.import_wizard.state import ListInHand, check_all, failed_file, importable, lay_out
from advocate_desk.documents.sheets.archive import BROKEN
from advocate_desk.documents.sheets.columns import load_vocabulary
from advocate_desk.documents.sheets.dates import Order, column_dates, parse_date
from advocate_desk.documents.sheets.failed_rows import failed_rows_file, is_failed_rows, without_problems
from advocate_desk.documents.sheets.header import table_of
from advocate_desk.documents.sheets.isolated import read_workbook_here
from advocate_desk.documents.sheets.limits import LIMITS, SheetLimits
from advocate_desk.documents.sheets.read import read_sheet
from advocate_desk.documents.sheets.text_encoding import ENCODINGS
from advocate_desk.documents.sheets.wire import Listener, messages, refusal
from advocate_desk.documents.sheets.workbook import Cell, SheetKind, SheetRows, Workbook, cell_text, is_blank
from advocate_desk.errors import Invalid
from advocate_desk.packs.packs import Packs
from tests.fuzz.mutation import bytewise
from tests.fuzz.shapes import archived
from tests.fuzz.target import Feed, Target, text_of
from tests.referral_sheets import FOLDER, ods, ods_of, xls, xlsx, xlsx_of

TODAY = date(2026, 11, 21)
_SHEETS = ("documents/sheets/",)
_ARCHIVES = (*_SHEETS, "/zipfile.py")
_ODD_CELLS = ("Surname", "=1+1", 7, 7.5, True, date(1990, 4, 3), None, "x" * 300, -1e300)


def samples(pattern: str) -> list[bytes]:
    """The invented lists of tests/data/sheets whose names match."""
    return [path.read_bytes() for path in sorted(FOLDER.glob(pattern))]


def text_lists() -> list[bytes]:
    """Lists of text in several encodings and dialects, and beginnings of other things."""
    plain = 'Surname;Forename;DOB\r\nBrontë;Zoé;03/04/1990\r\nO\'Rowan;"Si;ân";\r\n'
    encoded = [plain.encode(codec, "replace") for codec, _label in ENCODINGS]
    others = [
        b"sep=;\na;b\n",
        b"'a','b'\n'x, y','z'\n",
        b'a,b\n"say \\"no\\"",2\n',
        b"%PDF-1.7",
        b"<html><table>",
        b"a\0b,c\n",
    ]
    return [*samples("*.csv"), *samples("*.txt"), *encoded, *others]


def _start_text(_scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        if data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):  # those are other parsers' own
            return
        book = read_sheet(data)
        check_book(book)
        for encoding, _label in ENCODINGS[:: 1 + len(data) % 5]:
            try:
                check_book(read_sheet(data, encoding=encoding, delimiter=book.delimiter))
            except Invalid as error:
                assert error.advice.endswith(".")

    return feed


def check_book(book: Workbook) -> None:
    """What every reader promises of what it gives."""
    for sheet in book.sheets:
        assert len(sheet.rows) <= LIMITS.rows
        assert sheet.width <= LIMITS.columns
        for row in sheet.rows:
            for cell in row:
                assert cell is None or isinstance(cell, str | int | float | date) or hasattr(cell, "minute")
                assert not isinstance(cell, str) or len(cell) <= LIMITS.cell_chars
                assert not is_blank(cell) or cell_text(cell).strip() == ""


def _start_workbook(_scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        if len(data) > LIMITS.file_bytes or not data.startswith((b"PK", b"\xd0\xcf")):
            return
        kind, sheets = read_workbook_here(data, LIMITS)
        check_book(Workbook(kind, sheets))
        listener = Listener(LIMITS)
        assert [whole for part in messages((kind, sheets)) if (whole := listener.take(part))]

    return feed


def _start_old_workbook(_scratch: Path) -> Feed:
    """Native code from end to end, which may end its process: so it does here, and then the real reader is asked.

    What the child finds wrong comes back as a finding of this process.
    """

    def feed(data: bytes) -> None:
        if len(data) > LIMITS.file_bytes or not data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            return
        child = os.fork()
        if child == 0:
            os._exit(_outcome(data))
        _pid, status = os.waitpid(child, 0)
        outcome = os.waitstatus_to_exitcode(status)
        if outcome == _REFUSED:
            raise Invalid(BROKEN)
        if outcome < 0:
            check_book(read_sheet(data, limits=_LITTLE_MEMORY))
        assert outcome <= _REFUSED, "another exception"

    return feed


_REFUSED, _RAISED = 1, 2
_LITTLE_MEMORY = SheetLimits(memory_bytes=200_000_000)


def _outcome(data: bytes) -> int:
    """How reading `data` ends, as the status of a process."""
    sys.settrace(None)
    signal.setitimer(signal.ITIMER_PROF, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what native code says before it dies
    try:
        kind, sheets = read_workbook_here(data, LIMITS)
        check_book(Workbook(kind, sheets))
    except Invalid:
        return _REFUSED
    except BaseException:
        return _RAISED
    return 0


def _start_apart(_scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        check_book(read_sheet(data))

    return feed


def xlsx_seeds() -> list[bytes]:
    """Workbooks of Excel: typed cells, shared and rich strings, dates, several sheets."""
    rich = "<sst><si><t>One</t></si><si><r><t>Tw</t></r><r><t>o</t></r><rPh><t>x</t></rPh></si></sst>"
    shared = '<row r="1"><c r="A1" t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row r="3"><c t="b"><v>1</v></c></row>'
    formula = '<row><c r="A1"><f>1+1</f><v>7</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2026-01-01</v></c></row>'
    return [
        *samples("*.xlsx"),
        xlsx({"One": [_ODD_CELLS, ()], "Two": [("a",), ("=1+1",)]}),
        xlsx_of({"S": shared}, {"xl/sharedStrings.xml": rich}),
        xlsx_of({"S": formula}, {"xl/styles.xml": "<styleSheet/>", "xl/theme/theme1.xml": "<x/>"}),
    ]


def ods_seeds() -> list[bytes]:
    """Workbooks of OpenDocument: repeated rows and cells, typed values, notes."""
    cell = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
    row = "<table:table-row{}>{}</table:table-row>"
    many = row.format(' table:number-rows-repeated="3"', cell.format(' table:number-columns-repeated="4"', "x"))
    typed = row.format(
        "",
        cell.format(' office:value-type="float" office:value="1.5"', "1.5")
        + cell.format(' office:value-type="date" office:date-value="2026-11-21T09:00:00"', "21 Nov")
        + cell.format(' office:value-type="time" office:time-value="PT09H30M00S"', "9:30")
        + cell.format(' office:value-type="boolean" office:boolean-value="true"', "TRUE")
        + cell.format(' table:formula="of:=1+1" office:value-type="string"', 'a<text:s text:c="3"/>b'),
    )
    table = f'<table:table table:name="S">{many}{typed}</table:table>'
    return [*samples("*.ods"), ods({"One": [_ODD_CELLS]}), ods_of(table), ods_of('<table:table table:name="S"/>')]


def xls_seeds() -> list[bytes]:
    """Workbooks of old Excel."""
    return [xls([("Surname", "Phone"), ("Łarchwood", 7700900123.0)]), xls([("x" * 200,)]), xls([(1.0, 2.0)] * 5)]


def _start_rows(_scratch: Path) -> Feed:
    words = load_vocabulary(Packs(paths.resources()))

    def feed(data: bytes) -> None:
        book = read_sheet(data) if not data.startswith((b"PK", b"\xd0")) else None
        if book is None or not book.sheets or book.sheets[0].width * len(book.sheets[0].rows) > 5000:
            return
        hand = ListInHand(data)
        laid = lay_out(book, hand, words, TODAY)
        hand.mapping = tuple(guess.field for guess in laid.guesses)
        checked = check_all(laid.table, hand, words, TODAY)
        for row in checked.rows:
            assert all(value != "" for value in row.values.values())
        importable(checked.rows, hand)
        hand.left_out = {row.number for row in checked.rows}
        again = read_sheet(failed_file(laid.table, checked.rows, checked.plan, hand, "Left out."))
        assert not checked.rows or is_failed_rows(table_of(again.sheets[0].rows, 0).names)

    return feed


def row_seeds() -> list[bytes]:
    """Lists as they come, and one with a column for each field and cells of every sort."""
    rows = [
        (
            "Surname",
            "First name",
            "DOB",
            "Date of referral",
            "Tel",
            "Email",
            "Postcode",
            "Safe to call",
            "Risk",
            "Gender",
            "Language",
            "Perpetrator name",
            "Relationship",
            "Notes",
            "Address 1",
            "Interpreter",
        ),
        (
            "Smith, Jane",
            "Mrs Jane van der BERG",
            "3/4/85",
            "31 12 2026",
            "7700900123 or 01632 960001",
            "mailto:a@b.example",
            "ab99 1aa",
            "yes but only text",
            "High risk",
            "F",
            "polish",
            "N/K",
            "ex",
            "=1+1",
            "1 Row",
            "Yes - BSL",
        ),
        (
            "Íñigo-Ø",
            "Ann 22",
            "1990-02-30",
            "45000",
            "+44 (0)7700 900123 ext 4",
            "a@b",
            "ZZ",
            "no",
            "14 ticks",
            "?",
            "",
            "",
            "boy friend",
            "'@x",
            "",
            "n",
        ),
    ]
    target = io.StringIO(newline="")
    csv.writer(target).writerows(rows)
    return [target.getvalue().encode(), *samples("*.csv"), *samples("*.txt")]


def _start_dates(_scratch: Path) -> Feed:
    def feed(data: bytes) -> None:
        text = text_of(data)
        cells: list[Cell] = [text, *text.split("|")[:4]]
        try:
            number = float(text)
            cells += [number, int(number)]
        except (ValueError, OverflowError):
            pass
        for cell in cells:
            for order in Order:
                for birth in (True, False):
                    parsed = parse_date(cell, TODAY, birth=birth, order=order)
                    assert (
                        not birth or parsed.value is None or isinstance(cell, int | float) or parsed.value.year <= 9999
                    )
        column_dates(cells, TODAY)

    return feed


def date_seeds() -> list[bytes]:
    """Dates in every form that is read, and near misses."""
    said = (
        "03/04/2026",
        "3.4.26",
        "31 12 1999",
        "2026-11-21T09:30:00.123Z",
        "20261121",
        "3rd April 2026",
        "Sat, 3 Apr '26",
        "April 3, 2026",
        "2026 Ebr 3",
        "14-May-88 10:30 pm",
        "45000",
        "45000.75",
        "-1",
        "1e5",
        "nan",
        "00/00/0000",
        "٠٣/٠٤/٢٠٢٦",
        "3/4",
        "31/11/2026",
        "9999999999",
        "Mon 30 Chwefror 2026",
    )
    return [each.encode() for each in said]


def _start_failed(_scratch: Path) -> Feed:
    """Cells of any text are written as a list to correct, and read back as they were."""

    def feed(data: bytes) -> None:
        text = text_of(data).encode("utf-8", "replace").decode().replace("\0", "")
        cells = tuple("\n".join(part.split()) for part in text.split(";")[:6])
        written = failed_rows_file([f"Column {n}" for n in range(len(cells))], [(cells, ["Wrong."])] * 3)
        if any(len(cell) > 1000 or cell.count("\n") > 50 for cell in cells):
            return
        table = table_of(read_sheet(written, delimiter=",", encoding="utf-8").sheets[0].rows, 0)
        assert is_failed_rows(table.names)
        back = without_problems(table).rows[0][1]
        assert tuple(str(cell or "") for cell in back) == tuple(cell.strip() for cell in cells), (
            "a cell came back changed"
        )

    return feed


def _start_answers(_scratch: Path) -> Feed:
    """The reading process is not trusted: whatever it says is sheets, advice or refused."""

    def feed(data: bytes) -> None:
        listener = Listener(LIMITS)
        for message in data.split(_PART):
            whole = listener.take(message)
            if whole is not None:
                check_book(Workbook(*whole))

    return feed


def answer_seeds() -> Sequence[bytes]:
    """What the reading process says, and what it would say to fill the desk's memory."""
    sheets = (SheetRows("One", (_ODD_CELLS, ())), SheetRows("Two", ()))
    whole = _PART.join(messages((SheetKind.XLSX, sheets)))
    endless = b"\x92\xa4rows\xdd\xff\xff\xff\xff"
    return [whole, refusal("This is refused."), b"", b"\xc1", endless, endless + b"\x90" * 1000]


_PART = b"\n-----\n"
_XLSX_WORDS = tuple(
    b"row c v t f is si s r inlineStr sheetData worksheet dimension mergeCell cols col sheet numFmt xf".split()
)
_ODS_WORDS = (
    b"table:number-rows-repeated",
    b"table:number-columns-repeated",
    b"table:table-cell",
    b"table:covered-table-cell",
    b"office:value-type",
    b"office:value",
    b"office:date-value",
    b"office:time-value",
    b"text:c",
    b"text:s",
    b"office:string-value",
)
_CSV_WORDS = (
    b",",
    b";",
    b"|",
    b'""',
    b'\\"',
    b"sep=;\n",
    b"a,b\n",
    b"','",
    b"\xff\xfe",
    b"\x81",
    b"\xb3\xb9",
    b"\xd8\x00",
)
_CELL_WORDS = (
    b",",
    b'","',
    b"yes",
    b"no",
    b"but",
    b"N/K",
    b"3/4/26",
    b"31/02/2026",
    b"07700 900123",
    b" or ",
    b"AB99 1AA",
    b"@",
    b"Mrs",
    b"van",
    b"High",
    b"Import problem",
    b"DOB",
    b"Surname",
)
_DATE_WORDS = (
    b"/",
    b"-",
    b" ",
    b":",
    b"T",
    b"Z",
    b"st",
    b"of",
    b"Jan",
    b"Mehefin",
    b"'",
    b"20",
    b"0",
    b"am",
    b"|",
    b"+01:00",
    b"e5",
)

TARGETS = (
    Target("csv", 1.2, _start_text, text_lists, _SHEETS, bytewise(_CSV_WORDS, 200_000)),
    Target("xlsx", 7, _start_workbook, xlsx_seeds, _ARCHIVES, archived(_XLSX_WORDS)),
    Target("ods", 7, _start_workbook, ods_seeds, _ARCHIVES, archived(_ODS_WORDS)),
    Target("xls", 0.15, _start_old_workbook, xls_seeds, _SHEETS, bytewise(), memory_mb=150),
    Target(
        "reader",
        0.04,
        _start_apart,
        lambda: [*xlsx_seeds(), *ods_seeds(), *xls_seeds()],
        _SHEETS,
        archived((*_XLSX_WORDS, *_ODS_WORDS)),
        deadline_s=40.0,
        memory_mb=3000,
    ),
    Target(
        "reader_answer",
        10,
        _start_answers,
        answer_seeds,
        _SHEETS,
        bytewise((b"\xc7\x0a\x01", b"\xd9", b"\xdd", b"\xc0")),
    ),
    Target(
        "import_rows", 0.2, _start_rows, row_seeds, (*_SHEETS, "import_wizard/state"), bytewise(_CELL_WORDS, 20_000)
    ),
    Target("sheet_dates", 10, _start_dates, date_seeds, ("sheets/dates",), bytewise(_DATE_WORDS, 200)),
    Target(
        "failed_rows",
        4,
        _start_failed,
        row_seeds,
        _SHEETS,
        bytewise((b";", b"'", b"=", b"\xef\xbc\x9d", b"\n", b'"'), 4000),
    ),
)
