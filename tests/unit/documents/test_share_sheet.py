"""One holder's sheet says which of how many it is, and nothing of whose."""

from __future__ import annotations

import os
from datetime import date

from advocate_desk.documents.render import page_count
from advocate_desk.documents.share_sheet import Share, share_sheet_pdf
from advocate_desk.sync.share_codes import ShareCode
from tests.unit.documents.papers import metadata, own_fonts, pdfium_text


def test_a_sheet_is_one_page_with_its_groups_and_no_name() -> None:
    code = ShareCode(2, os.urandom(32), b"\x5a\x0f")
    pdf = share_sheet_pdf(own_fonts(), code.groups, Share(2, 3, 5), code.mark_text, date(2026, 11, 21))
    assert page_count(pdf) == 1
    said = " ".join(pdfium_text(pdf).split())
    assert "Organisation sheet 2 of 5" in said and "Mark 5A0F" in said and "21 November 2026" in said
    assert "Any 3 of the 5 sheets" in said and "Fewer than 3 tell nothing" in said
    assert all(group in said for group in code.groups)
    assert "Group 14" in said
    assert metadata(pdf)["/Title"] == "Sheet"
