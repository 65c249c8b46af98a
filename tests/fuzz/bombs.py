"""Files that ask for far more than they weigh: time, memory, columns, rows, parts, depth. Made when they are wanted."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.fuzz.shapes import png_of
from tests.referral_sheets import archive, compound_file, ods_of, xlsx_of

_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)
_BLOWUP = f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def _bomb(name: str, size: int, byte: bytes = b"\0") -> bytes:
    """A workbook whose part `name` unpacks to `size` bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("xl/workbook.xml", "<w/>")
        with file.open(name, "w", force_zip64=True) as part:
            for _ in range(size // 1_000_000):
                part.write((byte * 1_000_000)[:1_000_000])
    return target.getvalue()


def _row(body: str) -> bytes:
    return xlsx_of({"S": f'<row r="1">{body}</row>'})


def _ods(rows: str) -> bytes:
    return ods_of(f'<table:table table:name="S">{rows}</table:table>')


def _many_sheets() -> bytes:
    sheets = "".join(f'<sheet name="S{n}" sheetId="{n + 1}" r:id="rId1"/>' for n in range(40_000))
    return xlsx_of({"S": ""}, {"xl/workbook.xml": f"<workbook {_MAIN}><sheets>{sheets}</sheets></workbook>"})


def _many_styles() -> bytes:
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode="yyyy"/>' for n in range(100_000))
    return xlsx_of({"S": ""}, {"xl/styles.xml": f"<styleSheet {_MAIN}><numFmts>{formats}</numFmts></styleSheet>"})


_TEXT = "<table:table-cell{}><text:p>{}</text:p></table:table-cell>"
_WIDE = _TEXT.format(' table:number-columns-repeated="999999999"', "x")
_SPACES = _TEXT.format("", '<text:s text:c="999999999"/>')

SHEETS: dict[str, Callable[[], bytes]] = {
    "a zip bomb": lambda: _bomb("xl/worksheets/sheet1.xml", 160_000_000),
    "a zip bomb of tags": lambda: _bomb("xl/worksheets/sheet1.xml", 160_000_000, b"<row>"),
    "a zip bomb in a part that is not read": lambda: _bomb("xl/media/picture1.png", 160_000_000),
    "a billion laughs": lambda: xlsx_of({"S": '<row><c t="inlineStr"><is><t>&d;</t></is></c></row>'}, prolog=_LAUGHS),
    "a quadratic blow-up": lambda: xlsx_of({"S": "<row><c><v>" + "&a;" * 30_000 + "</v></c></row>"}, prolog=_BLOWUP),
    "laughs in OpenDocument": lambda: ods_of("<table:table/>", prolog=_LAUGHS),
    "a million columns": lambda: _row('<c t="n"><v>1</v></c>' * 1_000_000),
    "a far corner": lambda: _row('<c r="XFD1048576"><v>1</v></c>'),
    "a hundred thousand attributes": lambda: _row("<c " + " ".join(f'a{n}="1"' for n in range(100_000)) + "/>"),
    "a name of megabytes": lambda: _row(f"<{'c' * 5_000_000}/>"),
    "a depth of a million": lambda: _row("<c>" * 1_000_000),
    "a cell of megabytes": lambda: _row(f'<c t="str"><v>{"9" * 20_000_000}</v></c>'),
    "a number of megabytes": lambda: _row(f"<c><v>{'9' * 20_000_000}</v></c>"),
    "five million shared strings": lambda: xlsx_of(
        {"S": '<row><c t="s"><v>4999999</v></c></row>'}, {"xl/sharedStrings.xml": f"<sst>{'<si/>' * 5_000_000}</sst>"}
    ),
    "one long string, shared": lambda: xlsx_of(
        {"S": "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 40_000))},
        {"xl/sharedStrings.xml": f"<sst><si><t>{'x' * 30_000}</t></si></sst>"},
    ),
    "forty thousand sheets": _many_sheets,
    "a hundred thousand styles": _many_styles,
    "many parts": lambda: archive({"xl/workbook.xml": "<w/>"} | {f"xl/{n}.xml": "<w/>" for n in range(3_000)}),
    "a billion rows in OpenDocument": lambda: _ods(
        f'<table:table-row table:number-rows-repeated="999999999">{_TEXT.format("", "x")}</table:table-row>'
    ),
    "a billion columns in OpenDocument": lambda: _ods(f"<table:table-row>{_WIDE}</table:table-row>"),
    "a billion spaces in OpenDocument": lambda: _ods(f"<table:table-row>{_SPACES}</table:table-row>"),
    "an old workbook of nothing but continuations": lambda: compound_file("Workbook", b"\x3c\0\xff\xff" * 500_000),
    "a line of commas": lambda: b"," * 10_000_000,
    "a line of quotes": lambda: b'a,b\n"' + b'""' * 10_000_000,
    "a line without end": lambda: b"x" * 20_000_000,
    "a file too large": lambda: b"x,y\n" * 7_000_000,
    "nothing but line ends": lambda: b"\n" * 5_000_000,
    "nothing but quotes and line ends": lambda: b'"\n' * 10_000_000,
    "nothing but half characters": lambda: b"\xff\xfe" + b"\0\xd8" * 2_000_000,
    "nothing but zero bytes and commas": lambda: b"\0," * 10_000_000,
    "nothing but high bytes": lambda: b"\x81\x8d," * 2_000_000,
    "lines of one quote": lambda: b",'" * 10_000_000,
}


def _png(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG that states a size, and has `chunks` between its head and its end."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return png_of([(b"IHDR", head), *chunks, (b"IEND", b"")])


def _animation() -> bytes:
    frame = struct.pack(">IIIIIHHBB", 0, 4_000, 4_000, 0, 0, 1, 1, 0, 0)
    return _png(4_000, 4_000, (b"acTL", struct.pack(">II", 1 << 30, 0)), *[(b"fcTL", frame)] * 5_000)


PICTURES: dict[str, Callable[[], bytes]] = {
    "fifty thousand pixels a side": lambda: _png(50_000, 50_000, (b"IDAT", zlib.compress(b"\0" * 10_000_000))),
    "two thousand million pixels a side": lambda: _png(0x7FFFFFFF, 0x7FFFFFFF),
    "more pixels than it holds": lambda: _png(4_000, 4_000, (b"IDAT", zlib.compress(b"\0" * 100))),
    "no pixels": lambda: _png(0, 0),
    "a text of gigabytes": lambda: _png(8, 8, *[(b"zTXt", b"k\0\0" + zlib.compress(b"A" * 20_000_000))] * 9),
    "a colour profile of gigabytes": lambda: _png(8, 8, *[(b"iCCP", b"k\0\0" + zlib.compress(b"A" * 20_000_000))] * 9),
    "a million frames": _animation,
    "a file too large": lambda: _png(8, 8, (b"tEXt", b"k\0" + b"x" * 3_000_000)),
    "a JPEG of nothing but segments": lambda: b"\xff\xd8" + b"\xff\xe1\x00\x02" * 400_000,
    "a JPEG of sixty thousand pixels a side": lambda: (
        b"\xff\xd8\xff\xc0\x00\x11\x08\xea\x60\xea\x60\x03\x01\x22\0\x02\x11\1\x03\x11\1"
    ),
}
