"""The caseload summary on one page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from advocate_desk.documents.caseload_page import (
    MOST_COMING,
    CaseloadFile,
    CaseloadRow,
    CaseloadSheet,
    ComingRow,
    caseload_pdf,
)
from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.layout import A4, finish_pdf
from advocate_desk.documents.render import page_count, page_sizes
from tests.builders import PACKS
from tests.unit.documents.papers import check_golden, pdfium_text

WORDS = PACKS.read("letters/caseload_summary.toml", CaseloadFile).sheet
HEADINGS = (
    "High", "Medium", "Standard", "Other", "Reviews late", "Contact late", "First days", "No contact", "Hearings",
    "Bail ends", "Releases", "Values differ",
)  # fmt: skip
NUMBERS = (22, 5, 2, 3, 0, 1, 0, 4, 2, 1, 0, 0)


def sheet(advocates: int = 8, coming: int = 12) -> CaseloadSheet:
    rows = tuple(
        CaseloadRow(f"Advocate {number}", "21.8 of 25", ("ok", "amber", "red")[number % 3], NUMBERS)
        for number in range(1, advocates + 1)
    )
    return CaseloadSheet(
        "Exampleford Advocacy Service",
        "Harbour",
        date(2026, 11, 21),
        HEADINGS,
        (CaseloadRow(WORDS.nobody, "3.2", "ok", NUMBERS), *rows),
        CaseloadRow(WORDS.all, "174.4 of 200", "ok", tuple(each * advocates for each in NUMBERS)),
        tuple(ComingRow(date(2026, 12, 1 + day), "Hearing", f"26-K7M4{day}") for day in range(coming)),
        (28, 14, 56),
    )


def test_the_page_says_what_the_kept_copy_says(fonts: FontSet) -> None:
    check_golden("caseload_summary", finish_pdf(caseload_pdf(fonts, sheet(), WORDS)))


def test_eight_advocates_and_what_lies_ahead_stand_on_one_sheet_across(fonts: FontSet) -> None:
    pdf = caseload_pdf(fonts, sheet(), WORDS)
    [(width, height)] = page_sizes(pdf)
    assert (round(width), round(height)) == (round(A4[1]), round(A4[0]))
    said = pdfium_text(pdf)
    assert "Advocate 8" in said
    assert f"and {12 - MOST_COMING} more" in said


def test_what_the_numbers_count_is_said_in_days(fonts: FontSet) -> None:
    said = " ".join(pdfium_text(caseload_pdf(fonts, sheet(), WORDS)).split())
    assert "none for 28 days; at high risk, or not graded yet, for 14" in said
    assert "the next 56 days" in said


def test_a_load_that_is_too_high_is_said_in_words(fonts: FontSet) -> None:
    said = pdfium_text(caseload_pdf(fonts, sheet(), WORDS))
    assert "nearly full" in said
    assert "over capacity" in said


def test_thirty_advocates_go_on_on_a_second_sheet(fonts: FontSet) -> None:
    pdf = caseload_pdf(fonts, sheet(30), WORDS)
    assert page_count(pdf) > 1
    assert "Advocate 30" in pdfium_text(pdf)


def test_nothing_ahead_is_said(fonts: FontSet) -> None:
    assert WORDS.coming_nothing in pdfium_text(caseload_pdf(fonts, replace(sheet(), coming=()), WORDS))
