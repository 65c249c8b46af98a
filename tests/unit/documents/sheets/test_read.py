from __future__ import annotations

import random
import struct
import time
import zipfile
import zlib
from contextlib import suppress
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advocate_desk.documents.sheets.isolated import read_workbook_here
from advocate_desk.documents.sheets.limits import LIMITS, SheetLimits
from advocate_desk.documents.sheets.read import read_sheet
from advocate_desk.documents.sheets.wire import Listener, messages
from advocate_desk.documents.sheets.workbook import SheetKind, SheetRows
from advocate_desk.errors import DeskError, Invalid, Refused, Unavailable
from tests.referral_sheets import FOLDER, archive, as_csv, many_rows, ods, ods_of, xls, xlsx, xlsx_of


def rows_of(data: bytes | Path) -> tuple[tuple[object, ...], ...]:
    return read_sheet(data).sheets[0].rows


def test_the_police_list_is_read_with_its_code_page_and_semicolons() -> None:
    book = read_sheet(FOLDER / "police_daily_list.csv")
    assert (book.kind, book.encoding, book.delimiter) == (SheetKind.TEXT, "cp1252", ";")
    assert book.sheets[0].rows[4][2:4] == ("Larchwood", "Zoë")
    assert book.sheets[0].rows[6][2] == "O’Rowan"
    assert "\n" in str(book.sheets[0].rows[8][15])


def test_the_councils_utf16_text_is_read() -> None:
    book = read_sheet(FOLDER / "council_housing.txt")
    assert (book.encoding, book.delimiter) == ("utf-16", "\t")
    assert book.sheets[0].rows[2][11] == "نص عربي للاختبار"


def test_the_hospitals_workbook_keeps_types_and_sheets() -> None:
    book = read_sheet(FOLDER / "hospital_referrals.xlsx")
    assert [sheet.name for sheet in book.sheets] == ["Referrals", "Guidance"]
    row = book.sheets[0].rows[4]
    assert row[2:4] == (date(1990, 4, 3), datetime(2026, 11, 2, 23, 40))
    assert row[7] == 7700900201


def test_the_marac_list_in_opendocument_is_read_without_its_endless_empty_rows() -> None:
    book = read_sheet(FOLDER / "marac_list.ods")
    assert book.kind is SheetKind.ODS
    assert len(book.sheets[0].rows) == 4


def test_an_old_excel_workbook_is_read() -> None:
    book = read_sheet(xls([("Surname", "Phone"), ("Łarchwood", 7700900123.0)]))
    assert book.kind is SheetKind.XLS
    assert book.sheets[0].rows == (("Surname", "Phone"), ("Łarchwood", 7700900123))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_flipped_bytes_of_an_old_workbook_bring_the_desk_down(flips: list[tuple[int, int]]) -> None:
    data = bytearray(xls([("Surname", "Phone"), ("Larchwood", 7700900123.0)]))
    for place, byte in flips:
        data[8 + place % (len(data) - 8)] = byte
    with suppress(DeskError):
        read_sheet(bytes(data))  # in a process of its own: native code may go wrong there, and only there


def test_a_cell_that_begins_like_a_formula_stays_text() -> None:
    assert rows_of(b"a,b\n=1+1,@x\n")[1] == ("=1+1", "@x")
    assert rows_of(xlsx({"S": [("a",), ("=1+1",)]}))[1] == ("=1+1",)


def test_a_formula_gives_its_stored_value_and_is_not_run() -> None:
    body = '<row r="1"><c r="A1"><f>1+1</f><v>7</v></c><c r="B1" t="str"><f>CMD()</f><v>seen</v></c></row>'
    assert rows_of(xlsx_of({"S": body})) == ((7, "seen"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_usual_encoding_is_told(encoding: str) -> None:
    text = "Surname,Forename,Town\r\n" + "Brontë,Zoé,Ynys Môn £5\r\n" * 20
    assert rows_of(text.encode(encoding))[1] == ("Brontë", "Zoé", "Ynys Môn £5")


def test_what_no_encoding_explains_is_read_as_far_as_it_goes() -> None:
    book = read_sheet("Surname,Forename\nWren,Ann\n".encode("utf-16") + b"\x00\xd8")
    assert book.sheets[0].rows[1] == ("Wren", "Ann")
    assert book.notes


def test_polish_names_in_1250_are_told_from_western_ones() -> None:
    text = "Nazwisko;Imię;Uwagi\n" + "Święcicka;Łucja;Zażółć gęślą jaźń, mieszka w Łodzi\n" * 20
    book = read_sheet(text.encode("cp1250"))
    assert book.encoding == "cp1250"
    assert book.sheets[0].rows[1][1] == "Łucja"


def test_the_encoding_can_be_overruled_and_a_wrong_one_is_refused() -> None:
    assert rows_of_encoded("Łucja".encode("cp1250"), "cp1250") == "Łucja"
    with pytest.raises(Invalid, match="encoding"):
        read_sheet("é,b\n".encode("cp1252"), encoding="utf-8")


def rows_of_encoded(data: bytes, encoding: str) -> object:
    return read_sheet(b"a,b\n" + data + b",x\n", encoding=encoding).sheets[0].rows[1][0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_is_told(delimiter: str) -> None:
    header, rows = many_rows(30)
    book = read_sheet(as_csv(header, rows, delimiter))
    assert book.delimiter == delimiter
    assert book.sheets[0].rows == (header, *rows)


def test_an_excel_declaration_of_the_delimiter_is_honoured_and_dropped() -> None:
    assert rows_of(b"sep=;\r\na;b,c\r\n1;2\r\n") == (("a", "b,c"), ("1", "2"))


def test_single_quotes_and_backslashes_are_understood() -> None:
    assert rows_of(b"'a','b'\n'x, y','z'\n'p','q'\n")[1] == ("x, y", "z")
    assert rows_of(b'a,b\n"say \\"no\\", she said",2\n"x",3\n')[1] == ('say "no", she said', "2")


def test_one_column_alone_is_read() -> None:
    assert rows_of(b"Name\nJane Wren\nAda Finch\n") == (("Name",), ("Jane Wren",), ("Ada Finch",))


def test_a_quote_mark_that_is_never_closed_does_not_swallow_the_file() -> None:
    lines = "Ref,Note\n" + "".join(f"{n},fine\n" for n in range(200))
    book = read_sheet((lines + '201,"open\n' + "".join(f"{n},fine\n" for n in range(202, 600))).encode())
    assert len(book.sheets[0].rows) == 600
    assert book.notes


def test_apostrophes_in_names_are_no_quotes() -> None:
    data = b"Surname,Forename\n" + b"O'Rowan,Ann\nD'Arcy,Bea\nO'Finch,Cy\n" * 5
    assert rows_of(data)[1] == ("O'Rowan", "Ann")


# ---------------------------------------------------------------------------------------------- hostile and broken


def refused(data: bytes, limits: SheetLimits = LIMITS) -> str:
    started = time.monotonic()
    with pytest.raises(Invalid) as error:
        read_sheet(data, limits=limits)
    assert time.monotonic() - started < 15
    assert error.value.advice.endswith(".")
    return error.value.advice


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \r\n \0\0",
        b",,,\n,,\n",
        b"%PDF-1.7 ...",
        b"{\\rtf1 hello}",
        b"<html><table><tr><td>Surname</td></tr></table></html>",
        b'<?xml version="1.0"?><Workbook/>',
        b"\x89PNG\r\n\x1a\n123",
        b"MZ\x90\0\x03",
        bytes(range(256)) * 50 + b"\0" * 5000,
        b"PK\x05\x06" + b"\0" * 18,
        b"PK\x03\x04" + b"x" * 500,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5000,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 900,
        archive({"word/document.xml": "<w/>"}),
        archive({"xl/workbook.bin": b"\0"}),
        archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
    ],
)
def test_what_is_no_spreadsheet_is_refused_with_advice(data: bytes) -> None:
    refused(data)


def test_a_truncated_workbook_is_refused_at_every_length() -> None:
    whole = (FOLDER / "hospital_referrals.xlsx").read_bytes()
    for length in range(4, len(whole), 97):
        with pytest.raises(Invalid):
            read_workbook_here(whole[:length], LIMITS)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", "<w/>")
        with file.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(b"\0" * 1_000_000)
    assert len(bomb.getvalue()) < 1_000_000
    assert "unpacks" in refused(bomb.getvalue())


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    """The directory states ten bytes and the checksum of the first ten; the stream goes on for megabytes."""
    content = b"<worksheet>" + b" " * 5_000_000
    data = bytearray(xlsx_of({"S": ""}, {"xl/worksheets/sheet2.xml": content}))
    crc = zlib.crc32(content[:10])
    local = data.index(b"xl/worksheets/sheet2.xml") - 30  # the local header stands right before the name
    central = data.rindex(b"PK\x01\x02")
    for place in (local + 14, central + 16):
        struct.pack_into("<I", data, place, crc)
        struct.pack_into("<I", data, place + 8, 10)
    with pytest.raises(Invalid):
        read_workbook_here(bytes(data), LIMITS)


def test_too_many_parts_are_refused() -> None:
    refused(archive({f"xl/{n}.xml": "" for n in range(LIMITS.archive_entries)} | {"xl/workbook.xml": "<w/>"}))


LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)


def test_entities_are_refused() -> None:
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&d;</t></is></c></row>'
    refused(xlsx_of({"S": cell}, prolog=LAUGHS))
    refused(ods_of("<table:table/>", prolog=LAUGHS))
    refused(xlsx_of({"S": ""}, prolog='<!DOCTYPE x SYSTEM "file:///etc/passwd">'))


@pytest.mark.parametrize(
    "body",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="40000"><c r="ALL40000"><v>1</v></c></row>',
        '<row r="4294967295"><c r="A4294967295"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="A-1"><v>1</v></c></row>',
        '<row r="1">' + '<c t="n"><v>1</v></c>' * 1001 + "</row>",
        '<row r="1"><c r="A1" t="s"><v>99</v></c></row>',
        "<row>" * 200 + "</row>" * 200,
        '<row r="1"><c r="A1"><v>1</c></row>',
    ],
)
def test_a_sheet_of_impossible_shape_is_refused(body: str) -> None:
    refused(xlsx_of({"S": body}))


TEXT_CELL = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
ROW = "<table:table-row{}>{}</table:table-row>"


@pytest.mark.parametrize(
    "rows",
    [
        ROW.format(' table:number-rows-repeated="9999999"', TEXT_CELL.format("", "x")),
        ROW.format("", TEXT_CELL.format(' table:number-columns-repeated="999999"', "x")),
        ROW.format("", TEXT_CELL.format("", 'a<text:s text:c="300000000"/>')),
        ROW.format(' table:number-rows-repeated="-4"', "<table:table-cell/>"),
        ROW.format(
            ' table:number-rows-repeated="40000"', TEXT_CELL.format(' table:number-columns-repeated="900"', "x")
        ),
    ],
)
def test_an_opendocument_that_repeats_itself_without_end_is_refused(rows: str) -> None:
    refused(ods_of(f'<table:table table:name="S">{rows}</table:table>'))


def test_one_long_string_used_many_times_is_counted_as_often() -> None:
    strings = f"<sst><si><t>{'x' * 30_000}</t></si></sst>"
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 4000))
    refused(xlsx_of({"S": cells}, {"xl/sharedStrings.xml": strings}))


def test_a_cell_of_a_hundred_megabytes_is_refused() -> None:
    assert "larger than" in refused(b"a,b\n" + b"x" * 100_000_000)
    assert "characters" in refused(b'a,b\n1,"' + b"x" * 20_000_000 + b'"\n')


def test_too_many_columns_and_rows_of_text_are_refused() -> None:
    refused(b"a," * 5000 + b"\n")
    refused(b"a,b\n" * (LIMITS.rows + 1))


def test_zero_bytes_are_left_out_and_said() -> None:
    book = read_sheet(b"Surname,Forename\nWr\0en,Jane\n" + b"Finch,Ada\n" * 50)
    assert book.sheets[0].rows[1] == ("Wren", "Jane")
    assert book.notes


def test_a_file_that_is_not_there_is_unavailable_and_not_named() -> None:
    with pytest.raises(Unavailable) as error:
        read_sheet(Path("/nowhere/Jane Wren.csv"))
    assert "Wren" not in error.value.advice


def test_a_directory_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        read_sheet(tmp_path)


def test_a_reader_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(Invalid, match="too long"):
        read_sheet(FOLDER / "hospital_referrals.xlsx", limits=SheetLimits(read_s=0.0))


def test_a_reader_that_runs_out_of_memory_takes_nothing_else_with_it() -> None:
    header, rows = many_rows(5000)
    refused(xlsx({"S": [header, *rows]}), SheetLimits(memory_bytes=1_000_000))


def test_reading_can_be_cancelled() -> None:
    with pytest.raises(Refused, match="stopped"):
        read_sheet(FOLDER / "hospital_referrals.xlsx", cancelled=lambda: True)
    with pytest.raises(Refused, match="stopped"):
        read_sheet(b"a,b\n" * 2000, cancelled=lambda: True)


def test_a_wrong_extension_does_not_matter(tmp_path: Path) -> None:
    named = tmp_path / "list.csv"
    named.write_bytes((FOLDER / "hospital_referrals.xlsx").read_bytes())
    assert read_sheet(named).kind is SheetKind.XLSX


def test_far_off_formatting_without_values_does_no_harm() -> None:
    body = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert rows_of(xlsx_of({"S": body})) == ((1,),)


def test_five_thousand_rows_are_read_in_time() -> None:
    header, rows = many_rows(5000)
    for data in (as_csv(header, rows), xlsx({"S": [header, *rows]}), ods({"S": [header, *rows]})):
        started = time.monotonic()
        assert len(rows_of(data)) == 5001
        assert time.monotonic() - started < 8


# ----------------------------------------------------------------------------------------------------- properties

cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.dates(),
    st.datetimes(),
    st.times(),
)


@given(st.lists(st.lists(cells, max_size=6).map(tuple), max_size=6).map(tuple))
def test_what_the_reader_process_says_arrives_as_it_was(rows: tuple[tuple[object, ...], ...]) -> None:
    sheets = (SheetRows("One", rows),)  # type: ignore[arg-type]
    listener = Listener(LIMITS)
    kind, back = next(whole for part in messages((SheetKind.XLSX, sheets)) if (whole := listener.take(part)))
    assert (kind, back) == (SheetKind.XLSX, sheets)
    assert [[type(c) for c in row] for row in back[0].rows] == [[type(c) for c in row] for row in rows]


tidy = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters="\ufeff'"),
    min_size=1,
    max_size=12,
)


@settings(max_examples=150)
@given(
    st.integers(2, 5).flatmap(lambda n: st.lists(st.tuples(*[tidy] * n), min_size=3, max_size=12)),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8-sig", "utf-16"]),
)
def test_quoted_text_is_read_back_whatever_is_in_it(rows: list[tuple[str, ...]], delimiter: str, encoding: str) -> None:
    text = "\r\n".join(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    assert read_sheet(text.encode(encoding), delimiter=delimiter).sheets[0].rows == tuple(rows)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=600))
def test_no_bytes_crash_the_text_reader(data: bytes) -> None:
    if data.startswith((b"PK", b"\xd0\xcf")):
        return
    try:
        book = read_sheet(data)
    except DeskError:
        return
    assert all(cell is None or isinstance(cell, str) for row in book.sheets[0].rows for cell in row)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["hospital_referrals.xlsx", "marac_list.ods"]),
    st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=8),
)
def test_no_flipped_bytes_crash_the_workbook_reader(name: str, flips: list[tuple[int, int]]) -> None:
    data = bytearray((FOLDER / name).read_bytes())
    for place, byte in flips:
        data[place % len(data)] = byte
    with suppress(DeskError):
        read_workbook_here(bytes(data), LIMITS)


@settings(max_examples=200, deadline=None)
@given(st.text("<>/=\"' rcvtsn1A9&;!?[]-:x", max_size=200))
def test_no_sheet_markup_crashes_the_workbook_reader(body: str) -> None:
    with suppress(DeskError):
        read_workbook_here(xlsx_of({"S": body}), LIMITS)


@pytest.mark.parametrize("seed", range(5))
def test_a_damaged_workbook_is_refused_and_not_read_as_text(seed: int) -> None:
    noise = random.Random(seed).randbytes(3_000)
    with pytest.raises(Invalid):
        read_sheet(noise)


def test_a_list_with_a_few_strange_characters_is_still_read() -> None:
    rows = "".join(f"Client {number}\x0b;0770090{number:04}\x7f\n" for number in range(40))
    assert len(read_sheet(("Name;Phone\n" + rows).encode("cp1252")).sheets) == 1
