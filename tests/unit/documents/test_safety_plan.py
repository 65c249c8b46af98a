from __future__ import annotations

from datetime import date

from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.layout import finish_pdf
from advocate_desk.documents.safety_plan import PlanAction, PlanPart, safety_plan_pdf
from tests.unit.documents.papers import check_golden, metadata, pdfium_text, plan


def test_the_plan_says_what_the_kept_copy_says(fonts: FontSet) -> None:
    check_golden("safety_plan", finish_pdf(safety_plan_pdf(fonts, plan())))


def test_the_plan_shows_its_review_date_and_no_service(fonts: FontSet) -> None:
    said = pdfium_text(safety_plan_pdf(fonts, plan()))
    assert "19 December 2026" in said
    assert "Northgate" not in said
    assert "safety" not in said.lower()
    assert metadata(safety_plan_pdf(fonts, plan())) == {"/Title": "Plan"}


def test_the_service_is_named_only_when_it_is_wanted(fonts: FontSet) -> None:
    assert "Northgate" in pdfium_text(safety_plan_pdf(fonts, plan(service_name="Northgate Independent Advocacy")))


def test_a_plan_without_a_review_date_says_so(fonts: FontSet) -> None:
    assert "no date set" in pdfium_text(safety_plan_pdf(fonts, plan(review_on=None)))


def test_a_section_without_actions_is_left_out(fonts: FontSet) -> None:
    assert "Money" not in pdfium_text(safety_plan_pdf(fonts, plan()))


def test_actions_of_any_length_and_script_are_printed_whole(fonts: FontSet) -> None:
    long = "keep the bag ready " * 600
    parts = (
        PlanPart("گھر", (PlanAction(long), PlanAction("بچوں کو اسکول سے کون لے گا۔", "والدہ", date(2026, 12, 1)))),
    )
    said = pdfium_text(safety_plan_pdf(fonts, plan(parts=parts)))
    assert said.count("bag") == 600
    assert "والدہ" in said
