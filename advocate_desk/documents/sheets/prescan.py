"""One strict pass over the XML of a workbook before anything builds values from it.

It refuses what no spreadsheet program writes (document types, entities, other encodings than UTF-8) and measures what
the values will take: calamine holds a sheet as one full rectangle, so two cells in far corners would ask for billions.
"""

from __future__ import annotations

from xml.parsers import expat

from advocate_desk.documents.sheets.archive import BROKEN, TOO_LARGE
from advocate_desk.documents.sheets.limits import SheetLimits
from advocate_desk.documents.sheets.workbook import SheetKind
from advocate_desk.errors import Invalid

_LONGEST_REFERENCE = 10  # XFD1048576
_LONGEST_NUMBER = 9


TOO_WIDE_AND_LONG = "A sheet of this file is too large to import. Split it into smaller files."


def too_many_rows(limits: SheetLimits) -> str:
    """The advice for a sheet with more rows than are read."""
    return f"A sheet of this file reaches beyond row {limits.rows:,}. Split it into smaller files."


def too_many_columns(limits: SheetLimits) -> str:
    """The advice for a sheet with more columns than are read."""
    return f"A sheet of this file reaches beyond column {limits.columns:,}. Remove far-off cells."


def check_parts(kind: SheetKind, parts: dict[str, bytes], limits: SheetLimits) -> None:
    """Raise Invalid unless every part is plain XML whose values stay within `limits`."""
    if kind is SheetKind.ODS:
        _parse(parts.get("META-INF/manifest.xml", b"<none/>"), _Scan(limits))
        _parse(parts["content.xml"], _OdsScan(limits))
        return
    strings = _StringsScan(limits)
    shared = {name for name in parts if name.casefold() == "xl/sharedstrings.xml"}
    for name in shared:
        _parse(parts[name], strings)
    for name in parts.keys() - shared:
        sheet = "worksheets/" in name.casefold()
        _parse(parts[name], _XlsxScan(limits, strings.lengths) if sheet else _Scan(limits))


def _parse(data: bytes, scan: _Scan) -> None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid(BROKEN)
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = scan.refuse_doctype
    parser.EntityDeclHandler = scan.refuse_doctype
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    if type(scan) is not _Scan:
        parser.CharacterDataHandler = scan.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Invalid(BROKEN) from error


class _Scan:
    """Depth and document type: for every part."""

    def __init__(self, limits: SheetLimits) -> None:
        self.limits = limits
        self.depth = 0

    def refuse_doctype(self, *_details: object) -> None:
        raise Invalid(BROKEN)

    def start(self, _name: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > self.limits.xml_depth:
            raise Invalid(BROKEN)

    def end(self, _name: str) -> None:
        self.depth -= 1

    def text(self, _piece: str) -> None:
        return


class _StringsScan(_Scan):
    """The strings that cells share: how long each is."""

    def __init__(self, limits: SheetLimits) -> None:
        super().__init__(limits)
        self.lengths: list[int] = []
        self._open = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        if _local(name) == "si":
            self.lengths.append(0)
            self._open = True

    def end(self, name: str) -> None:
        super().end(name)
        if _local(name) == "si":
            self._open = False

    def text(self, piece: str) -> None:
        if self._open:
            self.lengths[-1] += len(piece)
            if self.lengths[-1] > self.limits.cell_chars:
                raise Invalid(TOO_LARGE)


class _Extent(_Scan):
    """The rectangle of values of one sheet, and the text in it."""

    def __init__(self, limits: SheetLimits) -> None:
        super().__init__(limits)
        self.row = self.column = 0
        self.rows = self.columns = 0
        self.chars = 0

    def value_at(self, row: int, column: int) -> None:
        """Widen the rectangle to a cell (counted from 1) that has a value."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)
        if self.rows > self.limits.rows:
            raise Invalid(too_many_rows(self.limits))
        if self.columns > self.limits.columns:
            raise Invalid(too_many_columns(self.limits))
        if self.rows * self.columns > self.limits.cells:
            raise Invalid(TOO_WIDE_AND_LONG)

    def add_chars(self, count: int) -> None:
        """Count text as often as it will be held."""
        self.chars += count
        if self.chars > self.limits.text_chars:
            raise Invalid(TOO_LARGE)


class _XlsxScan(_Extent):
    """A worksheet part. Cells say their place (`r="C4"`) or follow the one before."""

    def __init__(self, limits: SheetLimits, shared_lengths: list[int]) -> None:
        super().__init__(limits)
        self._shared = shared_lengths
        self._is_shared = False
        self._index: list[str] | None = None
        self._cell_chars = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        local = _local(name)
        if local == "c":
            self._start_cell(attributes)
        elif local in ("v", "t", "f", "is"):
            self.value_at(self.row, max(1, self.column))
            self._index = [] if local == "v" and self._is_shared else None
        elif local == "row":
            self.row = _number(attributes.get("r"), self.row + 1)
            self.column = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._is_shared = attributes.get("t") == "s"
        self._cell_chars = 0
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
            return
        letters = reference.rstrip("0123456789")
        if not letters.isascii() or not letters.isalpha() or len(reference) > _LONGEST_REFERENCE:
            raise Invalid(BROKEN)
        self.row = _number(reference[len(letters) :], None)
        self.column = 0
        for letter in letters.upper():
            self.column = self.column * 26 + ord(letter) - 64

    def text(self, piece: str) -> None:
        if self._index is not None:
            self._index.append(piece)
            return
        self._cell_chars += len(piece)
        if self._cell_chars > self.limits.cell_chars:
            raise Invalid(TOO_LARGE)
        self.add_chars(len(piece))

    def end(self, name: str) -> None:
        super().end(name)
        if self._index is not None and _local(name) == "v":
            digits = "".join(self._index).strip()
            self._index = None
            if digits:
                index = _number(digits, None)
                if index >= len(self._shared):
                    raise Invalid(BROKEN)
                self.add_chars(self._shared[index])


class _OdsScan(_Extent):
    """The content part. Rows and cells may say that they stand for many; empty ones at the end are usual."""

    def __init__(self, limits: SheetLimits) -> None:
        super().__init__(limits)
        self._row_repeat = self._cell_repeat = 1
        self._row_cells = self._row_chars = self._cell_chars = 0
        self._row_value = 0
        self._empty_rows = 0
        self._widest = 0
        self._open = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        if name in ("table:table-cell", "table:covered-table-cell"):
            self._start_cell(attributes)
        elif name == "table:table-row":
            self._row_repeat = _number(attributes.get("table:number-rows-repeated"), 1)
            self._row_cells = self._row_chars = self._row_value = 0
        elif name == "text:s":
            self._spend(_number(attributes.get("text:c"), 1))
        elif name == "text:p":
            self._row_value = self._row_cells
            self._spend(1)
        elif name == "table:table":
            self.rows = self.columns = self._empty_rows = self._widest = 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell_repeat = _number(attributes.get("table:number-columns-repeated"), 1)
        self._row_cells += self._cell_repeat
        self._cell_chars = 0
        if any(key.startswith(("office:", "calcext:", "table:formula")) for key in attributes):
            self._row_value = self._row_cells
        self._open = True

    def _spend(self, chars: int) -> None:
        if not self._open:
            return
        self._cell_chars += chars
        if self._cell_chars > self.limits.cell_chars:
            raise Invalid(TOO_LARGE)
        self._row_chars += chars * self._cell_repeat
        if self._row_chars > self.limits.text_chars:
            raise Invalid(TOO_LARGE)

    def text(self, piece: str) -> None:
        self._spend(len(piece))

    def end(self, name: str) -> None:
        super().end(name)
        if name in ("table:table-cell", "table:covered-table-cell"):
            self._open = False
        elif name == "table:table-row":
            self._end_row()

    def _end_row(self) -> None:
        """Empty rows count once a row with values follows: the reader fills them in as it goes."""
        self._widest = max(self._widest, self._row_cells)
        if not self._row_value:
            self._empty_rows += self._row_repeat
            return
        self.value_at(self.rows + self._empty_rows + self._row_repeat, self._row_value)
        self._empty_rows = 0
        self.add_chars(self._row_chars * self._row_repeat)


def _local(name: str) -> str:
    """An element's name without its prefix."""
    return name.rpartition(":")[2]


def _number(text: str | None, default: int | None) -> int:
    if text is None and default is not None:
        return default
    if text is None or not text.isascii() or not text.isdigit() or len(text) > _LONGEST_NUMBER:
        raise Invalid(BROKEN)
    return int(text)
