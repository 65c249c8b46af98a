from __future__ import annotations

from dataclasses import replace

from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.in_force import ConditionLine, in_force_pdf
from advocate_desk.documents.layout import A5, finish_pdf
from advocate_desk.documents.render import page_count, page_sizes
from tests.unit.documents.papers import check_golden, pdfium_text, sheet, sheet_rules


def test_the_sheet_says_what_the_kept_copy_says(fonts: FontSet) -> None:
    check_golden("in_force", finish_pdf(in_force_pdf(fonts, sheet(), sheet_rules())))


def test_it_is_one_half_sheet(fonts: FontSet) -> None:
    pdf = in_force_pdf(fonts, sheet(), sheet_rules())
    [(width, height)] = page_sizes(pdf)
    assert (round(width), round(height)) == (round(A5[0]), round(A5[1]))


def test_it_says_how_each_thing_is_known_and_what_to_do(fonts: FontSet) -> None:
    said = pdfium_text(in_force_pdf(fonts, sheet(), sheet_rules()))
    for expected in ("21 November 2026, 4.10 pm", "13/456789/26", "DC Sara Khan", "not yet seen on paper", "call 999"):
        assert expected in said


def test_nothing_recorded_is_not_shown_as_safe(fonts: FontSet) -> None:
    said = pdfium_text(in_force_pdf(fonts, sheet(items=()), sheet_rules()))
    assert "does not mean that there is nothing" in said


def test_many_conditions_go_on_on_a_second_sheet(fonts: FontSet) -> None:
    many = tuple(ConditionLine(f"Not to go to place number {number}") for number in range(60))
    pdf = in_force_pdf(fonts, sheet(items=(replace(sheet().items[0], conditions=many),)), sheet_rules())
    assert page_count(pdf) > 1
    assert "place number 59" in pdfium_text(pdf)
