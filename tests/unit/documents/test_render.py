from __future__ import annotations

import pytest

from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.layout import finish_pdf
from advocate_desk.documents.letter_pages import letter_pdf
from advocate_desk.documents.render import page, page_count, page_sizes, pages
from advocate_desk.errors import Unavailable
from tests.unit.documents.papers import letter


def test_every_page_is_drawn_in_its_size_with_ink_on_it(fonts: FontSet) -> None:
    pdf = letter_pdf(fonts, letter())
    drawn = list(pages(pdf, 1.5))
    assert len(drawn) == page_count(pdf) == len(page_sizes(pdf))
    for one in drawn:
        assert (one.width_px, one.height_px) == (893, 1263)
        assert one.stride >= one.width_px * 4
        assert len(one.bgra) == one.stride * one.height_px
        assert min(one.bgra[0::4]) < 100 < max(one.bgra[0::4])


def test_a_page_is_never_drawn_larger_than_memory_allows(fonts: FontSet) -> None:
    drawn = page(letter_pdf(fonts, letter()), 0, 1000)
    assert max(drawn.width_px, drawn.height_px) <= 10_001


def test_a_locked_document_opens_with_its_password_only(fonts: FontSet) -> None:
    locked = finish_pdf(letter_pdf(fonts, letter()), "planted")
    with pytest.raises(Unavailable):
        page_count(locked)
    assert page_count(locked, "planted") == 2


def test_bytes_that_are_no_pdf_are_said_plainly() -> None:
    with pytest.raises(Unavailable, match="cannot be shown"):
        page_count(b"not a pdf")
