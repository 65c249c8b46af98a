"""Shaped glyphs inside a reportlab document: fonts embedded by glyph number, with the text they stand for.

reportlab subsets TrueType fonts by character. Here each pair of a glyph and the text it stands for has a code, so that
any glyph a shaper picks can be embedded, and the font's text map says what was really written.
"""

from __future__ import annotations

import threading
from copy import copy
from functools import cache
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import SUBSETN, TTEncoding, TTFont, TTFontFace

from advocate_desk.documents.fonts import Face

FIRST_CODE = 0x20000  # above every code that reportlab gives a meaning of its own
RENDERING = threading.Lock()  # reportlab's parsed faces keep a reading position, so one document is made at a time


@cache
def _parsed(face: Face) -> TTFontFace:
    return TTFontFace(str(face.path), subfontIndex=face.index)


class GlyphFont(TTFont):  # type: ignore[misc]
    """One face in one document. Make it and use it under `RENDERING`."""

    def __init__(self, name: str, face: Face) -> None:
        self.fontName = name
        self.face = copy(_parsed(face))
        self.face.charToGlyph = {}
        self.face.charWidths = {}
        self.encoding = TTEncoding()
        self.state: WeakKeyDictionary[pdfdoc.PDFDocument, TTFont.State] = WeakKeyDictionary()
        self._asciiReadable = False
        self._shapable = False
        self._scale = 1000 / face.units_per_em
        self._codes: dict[tuple[int, str], int] = {}
        self._text: dict[int, str] = {}

    def width(self, glyph: int) -> float:
        """The advance of `glyph` in thousandths of an em, as the document's font declares it."""
        return float(self.face.hmetrics[glyph][0]) * self._scale

    def code(self, glyph: int, text: str, document: pdfdoc.PDFDocument) -> tuple[str, int]:
        """The embedded subset that holds `glyph` standing for `text`, and its one-byte code there."""
        wide = self._codes.setdefault((glyph, text), FIRST_CODE + len(self._codes))
        self.face.charToGlyph[wide] = glyph
        self.face.charWidths[wide] = self.width(glyph)
        self._text[wide] = text
        [(subset, codes)] = self.splitString(chr(wide), document)
        return self.getSubsetInternalName(subset, document), codes[0]

    def addObjects(self, doc: pdfdoc.PDFDocument) -> None:  # noqa: N802 - reportlab calls it so
        """Embed every subset: called by reportlab when the document is saved."""
        state = self.state[doc]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            internal = self.getSubsetInternalName(number, doc)[1:]
            name = (b"".join((SUBSETN(number), b"+", self.face.name))).decode("pdfdoc")
            font = pdfdoc.PDFTrueTypeFont()
            font.Name = internal
            font.BaseFont = name
            font.FirstChar = 0
            font.LastChar = len(subset) - 1
            font.Widths = pdfdoc.PDFArray([self.face.getCharWidth(code) for code in subset])
            font.ToUnicode = doc.Reference(self._text_map(name, subset, doc), f"toUnicode:{name}")
            font.FontDescriptor = self.face.addSubsetObjects(doc, name, subset)
            doc.Reference(font, internal)
            doc.idToObject["BasicFonts"].dict[internal] = font
        del self.state[doc]

    def _text_map(self, name: str, subset: list[int], doc: pdfdoc.PDFDocument) -> pdfdoc.PDFStream:
        pairs = [(place, self._text.get(code, "")) for place, code in enumerate(subset)]
        rows = [f"<{place:02X}> <{text.encode('utf-16-be').hex().upper()}>" for place, text in pairs if text]
        chunks = [rows[start : start + 100] for start in range(0, len(rows), 100)]  # the format's limit a section
        body = [line for chunk in chunks for line in (f"{len(chunk)} beginbfchar", *chunk, "endbfchar")]
        stream = pdfdoc.PDFStream()
        stream.content = "\n".join(
            [
                "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
                "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
                f"/CMapName /{name} def /CMapType 2 def",
                "1 begincodespacerange <00> <FF> endcodespacerange",
                *body,
                "endcmap CMapName currentdict /CMap defineresource pop end end",
            ]
        )
        if doc.compression:
            stream.filters = [pdfdoc.PDFZCompress]
        return stream
