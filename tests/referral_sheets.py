"""Writes the spreadsheets of tests/data/sheets: `python -m tests.referral_sheets`.

They look as agencies send them: title rows, code pages, merged headings, half-filled cells. Everybody in them is
invented: names come from plants and birds, numbers from the ranges that are kept for fiction, postcodes from AB99.
"""

# ruff: noqa: E501 - the tables read best one row a line
from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from advocate_desk.documents.sheets.header import column_letters

FOLDER = Path(__file__).parent / "data" / "sheets"
Cell = str | int | float | date | datetime | bool | None

POLICE_HEADER = (
    "Crime No", "Date of Offence", "Vic Surname", "Vic Forename", "Vic DOB", "Vic Address", "Vic Postcode", "Vic Tel",
    "Safe to call?", "Suspect Surname", "Suspect Forename", "Suspect DOB", "Rel to Susp", "DASH Risk", "Ref'd by",
    "Brief circumstances",
)  # fmt: skip
POLICE_ROWS: tuple[tuple[str, ...], ...] = (
    ("99XX/10001/26", "03/10/2026", "Larchwood", "Zoë", "14/02/1991", "1 Wren Row, Testham", "AB99 1AA", "07700 900101", "Y", "Heronsgate", "Otto", "02/07/1988", "Ex partner", "High", "PC 4101 Bramble", "Pushed against a wall. Two earlier reports."),
    ("99XX/10002/26", "25/10/2026", "Alderbeck", "Maëlys", "31/12/1979", "22 Finch Street, Testham", "AB99 1AB", "07700 900102", "Yes - weekdays 10 to 2 only", "Kitebrook", "Ivo", "19/11/1975", "Husband", "Medium", "PC 4102 Teasel", "Threats by phone; children upstairs."),
    ("99XX/10003/26", "11/11/2026", "O’Rowan", "Siân", "05/06/1985", "Flat 3, 9 Plover Court, Testham", "AB99 1AD", "01632 960103", "N", "Ploverdale", "Rhys", "", "Boyfriend", "Standard", "DC 4103 Sorrel", "Damage to door."),
    ("99XX/10004/26", "31/11/2026", "Hazelmere", "Ines", "09/09/1998", "4 Siskin Way, Testham", "AB991AE", "7700900104", "N/K", "Merlinton", "Paul", "01/01/1990", "Ex husband", "High risk", "PC 4101 Bramble", "Date as typed by the officer does not exist."),
    ("99XX/10005/26", "12/11/2026", "Willowby", "Renée", "17/03/2031", "5 Dunnock Lane, Testham", "AB99 1AF", "07700 900105", "Y", "Gannetson", "Lee", "23/04/1987", "Son", "14 ticks", "PC 4104 Yarrow", "Line one\nLine two of the same cell; with a semicolon"),
    ("99XX/10006/26", "13/11/2026", "", "", "", "", "", "", "", "Jackdawe", "Sam", "", "", "Medium", "PC 4104 Yarrow", "Victim declined to give details."),
)  # fmt: skip

HOSPITAL_HEADER = (
    "Hospital No", "Patient Name", "DOB", "Attendance Date", "Ward", "Referred by", "Bleep", "Contact number",
    "OK to leave message?", "Interpreter required", "Language", "Perpetrator's name", "Relationship to patient",
    "Reason for referral", "Children (names, ages)",
)  # fmt: skip
HOSPITAL_ROWS: tuple[tuple[Cell, ...], ...] = (
    ("T900001", "Mrs Petra Larksong", date(1990, 4, 3), datetime(2026, 11, 2, 23, 40), "A&E", "Nurse Clover", 2301, 7700900201, "No", "N", "English", "Dean Larksong", "Husband", "Fractured wrist, account does not fit.", "Ada 4, Finn 7"),
    ("T900002", "FERNLEIGH, Amina", date(1984, 12, 30), datetime(2026, 11, 9, 9, 5), "Maternity", "Midwife Tansy", 2302, "07700 900202", "Yes", "Yes", "Urdu", "Bilal Fernleigh", "Husband", "Routine enquiry at booking: disclosed.", None),
    ("T900003", "Wójcik-Brackenridge Łucja", date(2001, 1, 12), datetime(2026, 11, 12, 14, 0), "Ward 6", "Dr Sedge", 2303, "01632 960203", "not sure", "Yes - Polish", "polish", "unknown", "Ex-partner", "=SUM(A1:A9) was typed here by somebody", 2),
    ("T900004", "Xiu Moorhenly", 31048, datetime(2026, 11, 15, 8, 30), "A&E", "Nurse Clover", 2301, "07700 900204 / 01632 960204", "Y", "No", "Mandarin", "J Swift", "boy friend", "Head injury.", None),
)  # fmt: skip

MARAC_HEADER = (
    "MARAC Case Number", "Agency", "Date of Referal", "Victim", "Victim Date of Birth", "Victim Phone", "Safe to contact",
    "Perpetrator", "Perp DoB", "Relationship", "No. of children", "Risk Level", "Notes", "Lead agency comment",
)  # fmt: skip
MARAC_ROWS: tuple[tuple[Cell, ...], ...] = (
    ("M-901", "Police", date(2026, 11, 3), "Ottilie Reedmace", date(1993, 5, 21), "07700 900301", "Yes", "Karl Nightjar", date(1989, 8, 8), "Ex-partner", 2, "High", "Strangulation reported.", "Discuss markers"),
    ("M-902", "Housing Association", date(2026, 11, 4), "Bethan Cloudberry", date(1972, 10, 2), "01632 960302", "No", "Ewan Cloudberry", date(1970, 2, 28), "Brother", 0, "High", "Shares a house.", None),
    ("M-903", "Ombudsman", date(2026, 11, 5), "Ottilie Reedmace", date(1993, 5, 21), "07700 900301", "Yes", "Karl Nightjar", None, "Ex-partner", 2, "High", "Second referral for the same client.", None),
)  # fmt: skip

COUNCIL_HEADER = (
    "Ref", "Date received", "Surname", "First name", "D.O.B.", "Telephone", "Email", "Address 1", "Town", "Postcode",
    "Alleged perpetrator name", "Summary",
)  # fmt: skip
COUNCIL_ROWS: tuple[tuple[str, ...], ...] = (
    ("C1", "11/02/2026", "Sandpiper", "Noor", "04/23/1988", "07700 900401", "noor.sandpiper@example.org", "8 Linnet Mews", "Testham", "AB99 2AA", "Imran Sandpiper", "Approached housing options."),
    ("C2", "11/05/2026", "Whinchat", "ʻAlamea", "12/11/1995", "07700 900402", "whinchat at example", "1 Ouzel Close", "Testham", "AB99 2AB", "Gil Whinchat", "نص عربي للاختبار"),
    ("C3", "11/13/2026", "Dotterel", "Grace", "07/30/2001", "+44 7700 900403", "", "2 Ouzel Close", "Testham", "ZZ", "N/K", "Emoji 🦉 and “quotes”."),
)  # fmt: skip


def police_csv() -> bytes:
    """Semicolons, code page 1252, a report title and a blank line above the header."""
    target = io.StringIO(newline="")
    target.write("Testshire Constabulary - Domestic Abuse Daily List;;\r\nPrinted 13/11/2026 06:00;;\r\n;;\r\n")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerows([POLICE_HEADER, *POLICE_ROWS])
    return target.getvalue().encode("cp1252")


def council_tsv() -> bytes:
    """UTF-16 with tabs and American dates, as a database client of that locale saves "Unicode text"."""
    lines = ["\t".join(row) for row in (COUNCIL_HEADER, *COUNCIL_ROWS)]
    return ("\r\n".join(lines) + "\r\n").encode("utf-16")


def hospital_xlsx() -> bytes:
    """Title rows above the header, real dates, a number that lost its zero, a date as a serial number."""
    title: list[Sequence[Cell]] = [("Testham Infirmary: IDVA referrals",), ("November 2026", None, "CONFIDENTIAL"), ()]
    notes: list[Sequence[Cell]] = [("How to fill in this sheet",), ("One row a patient. Ring 2300 with questions.",)]
    return xlsx({"Referrals": [*title, HOSPITAL_HEADER, *HOSPITAL_ROWS], "Guidance": notes})


def marac_ods() -> bytes:
    """The list of a meeting, with one client in it twice."""
    return ods({"Marac list": [MARAC_HEADER, *MARAC_ROWS]})


def banded_csv() -> bytes:
    """The same headers for victim and offender under a band that tells them apart."""
    rows = [
        ("", "VICTIM DETAILS", "", "", "OFFENDER DETAILS", "", "", ""),
        ("Ref", "Surname", "Forename", "DOB", "Surname", "Forename", "DOB", "Incident date"),
        ("B1", "Stonechat", "Una", "3 Apr 1990", "Ouzelby", "Max", "14-May-88", "2026-11-01"),
        ("B2", "Turnstone", "Eve", "12.11.77", "Ouzelby", "Ned", "", "1st Nov 2026"),
    ]
    target = io.StringIO(newline="")
    csv.writer(target, quoting=csv.QUOTE_ALL).writerows(rows)
    return target.getvalue().encode("utf-8")


def many_rows(count: int) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """A header and `count` invented police rows, every one another person; one in fifty has a problem."""
    birds = ("Avocet", "Bittern", "Curlew", "Dunlin", "Egret", "Fulmar", "Godwit", "Hobby", "Jay", "Knot", "Lapwing")
    trees = ("Ash", "Beech", "Cedar", "Elder", "Fir", "Gorse", "Holly", "Ivy", "Juniper", "Kapok", "Linden", "Maple")
    rows: list[tuple[str, ...]] = []
    for n in range(count):
        born = date(1950, 1, 1) + timedelta(days=n * 37 % 20000)
        seen = date(2026, 1, 1) + timedelta(days=n % 300)
        family = f"{birds[n % 11]}{trees[n // 11 % 12].lower()}{birds[n // 132 % 11].lower()}"
        rows.append((
            f"99XX/{n:06}/26", f"{seen:%d/%m/%Y}", family, f"{trees[n % 12]}{n // 1452 or ''}",
            "31/02/1990" if n % 50 == 49 else f"{born:%d/%m/%Y}", f"{n} Test Row, Testham",
            f"AB{n % 90 + 10} {n % 9 + 1}AA", f"07700 {900000 + n % 1000}", "YN"[n % 2], f"{birds[n % 11]}son", "Ash",
            f"{born:%d/%m/%Y}", "Ex partner", ("High", "Medium", "Standard")[n % 3], f"PC {4000 + n % 40} Bramble",
            "Shouting heard by a neighbour; officers attended.",
        ))  # fmt: skip
    return POLICE_HEADER, rows


def as_csv(header: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = ",") -> bytes:
    """A UTF-8 CSV."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows([header, *rows])
    return target.getvalue().encode("utf-8")


# ------------------------------------------------------------------------------- the formats, by hand and minimal

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def xlsx(sheets: dict[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook of inline strings, numbers and styled dates."""
    bodies = {
        name: "".join(_xlsx_row(number, row) for number, row in enumerate(rows, 1)) for name, rows in sheets.items()
    }
    return xlsx_of(bodies)


def xlsx_of(bodies: dict[str, str], extra: Mapping[str, str | bytes] | None = None, prolog: str = "") -> bytes:
    """A workbook whose sheets hold the given row elements as they stand, and other parts besides."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    numbers = range(1, len(bodies) + 1)
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_DOC}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{_MAIN}" xmlns:r="{_DOC}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, bodies, strict=True)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{_RELS}">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="{_DOC}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        + f'<Relationship Id="rId90" Type="{_DOC}/styles" Target="styles.xml"/>'
        + f'<Relationship Id="rId91" Type="{_DOC}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'{head}<styleSheet xmlns="{_MAIN}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/>'
        '<xf numFmtId="22"/></cellXfs></styleSheet>',
    }
    for n, body in zip(numbers, bodies.values(), strict=True):
        parts[f"xl/worksheets/sheet{n}.xml"] = (
            f'{head}{prolog}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
        )
    return archive({**parts, **(extra or {})})


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of parts, always the same bytes for the same parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, content)
    return target.getvalue()


def _xlsx_row(number: int, row: Sequence[Cell]) -> str:
    cells = "".join(_xlsx_cell(f"{column_letters(place)}{number}", cell) for place, cell in enumerate(row))
    return f'<row r="{number}">{cells}</row>'


def _xlsx_cell(place: str, cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return f'<c r="{place}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, datetime):
        since = cell - datetime(1899, 12, 30)
        return f'<c r="{place}" s="2"><v>{since.days + since.seconds / 86400:.8f}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{place}" s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'


def ods(sheets: dict[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A spreadsheet of OpenDocument, with the endless empty rows at the end that LibreOffice writes."""
    end = (
        '<table:table-row table:number-rows-repeated="1048500"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    tables = "".join(
        f'<table:table table:name="{escape(name)}">' + "".join(_ods_row(row) for row in rows) + end + "</table:table>"
        for name, rows in sheets.items()
    )
    return ods_of(tables)


def ods_of(tables: str, prolog: str = "") -> bytes:
    """The same around table elements as they stand."""
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    spaces = " ".join(f'xmlns:{name}="{_OFFICE}:{name}:1.0"' for name in ("office", "table", "text"))
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'{head}<manifest:manifest xmlns:manifest="{_OFFICE}:manifest:1.0"/>',
            "content.xml": f"{head}{prolog}<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        }
    )


def _ods_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def xls(rows: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook of Excel 97: BIFF8 records in a compound file, with one sheet of texts and numbers."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def cell(row: int, column: int, value: str | float) -> bytes:
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
            return record(0x0204, place + text)
        return record(0x0203, place + struct.pack("<d", value))

    begin = struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0x06)
    sheet = record(0x0809, begin) + b"".join(
        cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row)
    )
    sheet += record(0x000A, b"")
    name = b"Sheet1"
    globals_before = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0x06))
    bound_length = 4 + 4 + 2 + 2 + len(name)
    start = len(globals_before) + bound_length + 4
    bound = record(0x0085, struct.pack("<IHBB", start, 0, len(name), 0) + name)
    return compound_file("Workbook", globals_before + bound + record(0x000A, b"") + sheet)


def compound_file(name: str, stream: bytes) -> bytes:
    """An OLE compound file of one stream, big enough to stand in whole sectors."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    fat = [fat_mark, end, *range(3, 2 + count), end]
    table = b"".join(struct.pack("<I", each) for each in [*fat, *[free] * (128 - len(fat))])

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = title.encode("utf-16-le")
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text) + 2, kind, 1, free, free, child)
            + b"\0" * 36
            + struct.pack("<IQ", first, size)
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry(name, 2, free, 2, len(stream))
    directory += entry("", 0, free, 0, 0) * 2
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", free) * 108
    return header + table + directory + stream


FILES = {
    "police_daily_list.csv": police_csv,
    "council_housing.txt": council_tsv,
    "hospital_referrals.xlsx": hospital_xlsx,
    "marac_list.ods": marac_ods,
    "two_bands.csv": banded_csv,
}


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        (FOLDER / name).write_bytes(make())


if __name__ == "__main__":
    main()
