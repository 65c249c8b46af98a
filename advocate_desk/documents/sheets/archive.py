"""The ZIP archive that an XLSX or ODS file is, opened with suspicion.

The reader that follows never sees the file itself: it gets an archive written here, of parts that were inflated within
bounds and parsed once. Whatever a file hides in its ZIP structure (parts that lie about their size, names used twice,
overlapping entries) ends here.
"""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib

from advocate_desk.documents.sheets.limits import SheetLimits
from advocate_desk.documents.sheets.workbook import SheetKind
from advocate_desk.errors import Invalid

BROKEN = "This spreadsheet file is damaged or incomplete. Ask for it again, or save it anew as XLSX or CSV."
TOO_LARGE = "This spreadsheet unpacks to more than the desk will read. Remove what is not referrals, or save it as CSV."
LOCKED = "This spreadsheet is protected by a password. Open it, save a copy without the password, and import that."
XLSB = "This is a binary Excel workbook (XLSB). Open it and save it as XLSX or CSV."
NOT_SHEET = "This file is not a spreadsheet. Choose a CSV, XLSX, XLS or ODS file."

_CHUNK = 1 << 20
_ZIP_TROUBLE = (  # what zipfile raises for an archive that is not as it should be
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    KeyError,
    OverflowError,
    struct.error,
)
_LONGEST_TYPE = 200
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
# What a table of values needs. Drawings, pictures, charts, macros, links and custom data are never unpacked.
_XLSX_PARTS = re.compile(
    r"(?i)(\[content_types\]\.xml|_rels/\.rels|xl/[^/]+\.xml|xl/_rels/[^/]+\.rels|xl/worksheets/[^/]+\.xml)"
)
_XLSX_UNUSED = re.compile(r"(?i)xl/(calcchain|connections|metadata|comments\d*|externallinks?)\.xml")
_ODS_PARTS = re.compile(r"content\.xml|mimetype|META-INF/manifest\.xml")


def sheet_parts(data: bytes, limits: SheetLimits) -> tuple[SheetKind, dict[str, bytes]]:
    """The kind of the archive and its needed parts by name, each within `limits`. Raises Invalid."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_directory(entries, limits)
            kind = _kind(archive, [entry.filename for entry in entries])
            wanted = _ODS_PARTS if kind is SheetKind.ODS else _XLSX_PARTS
            parts: dict[str, bytes] = {}
            left = limits.archive_bytes
            for entry in entries:
                if not wanted.fullmatch(entry.filename) or _XLSX_UNUSED.fullmatch(entry.filename):
                    continue
                if entry.filename in parts:
                    raise Invalid(BROKEN)
                parts[entry.filename] = _inflate(archive, entry, left)
                left -= len(parts[entry.filename])
    except _ZIP_TROUBLE as error:
        raise Invalid(BROKEN) from error
    if kind is SheetKind.ODS and b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Invalid(LOCKED)
    return kind, parts


def written_anew(parts: dict[str, bytes]) -> bytes:
    """A plain, uncompressed archive of `parts`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(parts, key=lambda part: part != "mimetype"):
            archive.writestr(zipfile.ZipInfo(name), parts[name])
    return target.getvalue()


def _check_directory(entries: list[zipfile.ZipInfo], limits: SheetLimits) -> None:
    if len(entries) > limits.archive_entries:
        raise Invalid(TOO_LARGE)
    if sum(entry.file_size for entry in entries) > limits.archive_bytes:
        raise Invalid(TOO_LARGE)
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Invalid(LOCKED)
        if entry.file_size > limits.archive_ratio_from_bytes and entry.file_size > limits.archive_ratio * max(
            1, entry.compress_size
        ):
            raise Invalid(TOO_LARGE)


def _kind(archive: zipfile.ZipFile, names: list[str]) -> SheetKind:
    folded = {name.casefold() for name in names}
    if "xl/workbook.xml" in folded:
        return SheetKind.XLSX
    if {"content.xml", "mimetype"} <= set(names) and archive.getinfo("mimetype").file_size < _LONGEST_TYPE:
        kind = archive.read("mimetype").strip()
        if kind.startswith(_ODS_TYPE):
            return SheetKind.ODS
    if "xl/workbook.bin" in folded:
        raise Invalid(XLSB)
    raise Invalid(NOT_SHEET)


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """One part. `zipfile` stops at the size that the directory states, and checks the sum over what it gave."""
    pieces: list[bytes] = []
    got = 0
    with archive.open(entry) as source:
        while piece := source.read(_CHUNK):
            got += len(piece)
            if got > most:
                raise Invalid(TOO_LARGE)
            pieces.append(piece)
    return b"".join(pieces)
