"""The pages of a PDF as pixels, for the preview and for printing: the same bytes that are saved and sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2

from advocate_desk.errors import Unavailable

MAX_SIDE_PX = 10_000
_PDFIUM = threading.RLock()  # the library may be used by one thread at a time; letters are made off the GUI thread


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """One page: `bgra` has 4 bytes a pixel (blue, green, red, unused), rows of `stride` bytes from the top."""

    width_px: int
    height_px: int
    stride: int
    bgra: bytes


def page_count(pdf: bytes, password: str | None = None) -> int:
    """How many pages `pdf` has. Raises Unavailable if it cannot be opened."""
    with _opened(pdf, password) as document:
        return len(document)


def page_sizes(pdf: bytes, password: str | None = None) -> tuple[tuple[float, float], ...]:
    """Width and height of each page in points. Raises Unavailable if it cannot be opened."""
    with _opened(pdf, password) as document:
        return tuple(document.get_page_size(number) for number in range(len(document)))


def pages(pdf: bytes, scale: float, password: str | None = None) -> Iterator[RenderedPage]:
    """Every page at `scale` pixels a point (1 is 72 dots an inch). Raises Unavailable if `pdf` cannot be opened."""
    for number in range(page_count(pdf, password)):
        yield page(pdf, number, scale, password)


def page(pdf: bytes, number: int, scale: float, password: str | None = None) -> RenderedPage:
    """Page `number` (from 0) at `scale` pixels a point. Raises Unavailable if `pdf` cannot be opened."""
    with _opened(pdf, password) as document:
        return _rendered(document, number, scale)


def page_texts(pdf: bytes, password: str | None = None) -> tuple[str, ...]:
    """The text of each page, as copying it from a viewer gives it."""
    with _opened(pdf, password) as document:
        return tuple(document[number].get_textpage().get_text_range() for number in range(len(document)))


@contextmanager
def _opened(pdf: bytes, password: str | None) -> Iterator[pypdfium2.PdfDocument]:
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf, password=password)
        except pypdfium2.PdfiumError as error:
            raise Unavailable("This document cannot be shown: it is damaged or locked. Nothing was changed.") from error
        with document:
            yield document


def _rendered(document: pypdfium2.PdfDocument, number: int, scale: float) -> RenderedPage:
    sheet = document[number]
    fitting = min(scale, MAX_SIDE_PX / max(sheet.get_size()))
    bitmap = sheet.render(scale=fitting, force_bitmap_format=pypdfium2.raw.FPDFBitmap_BGRx)
    return RenderedPage(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
