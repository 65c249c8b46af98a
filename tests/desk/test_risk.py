"""Risk as an advocate assesses it: by keyboard, left and resumed, finalised once, amended, read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.plans import start_plan
from advocate_desk.casework.risk import finalise, keep_progress
from advocate_desk.casework.work import Work
from advocate_desk.desk import theme
from advocate_desk.desk.forms import risk
from advocate_desk.desk.forms.host import FormHost
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.forms.registry import FormRegistry
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.risk.parts import ScoreBar
from advocate_desk.desk.screens.client_file.risk.presenter import RiskPicture, picture
from advocate_desk.desk.screens.client_file.risk.section import RiskSection
from advocate_desk.desk.slices import is_making
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.risk import AssessmentLine, assessments, risk_view
from tests.builders import PACKS, a_file
from tests.desk.front import to_front
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.desk.walk import assert_accessible, assert_fits

ITEMS = PACKS.instrument("dash").item
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def answers(yes: int, dont_know: int = 0, **more: Any) -> dict[str, Any]:
    said = ["yes"] * yes + ["dont_know"] * dont_know + ["no"] * (len(ITEMS) - yes - dont_know)
    given = {item.key: {"answer": one, "detail": {}, "source": ""} for item, one in zip(ITEMS, said, strict=True)}
    return given | more


class Desk:
    """A section with the forms over it, in one window."""

    def __init__(self, qtbot: QtBot, work: Work, jobs: Jobs) -> None:
        self.qtbot, self.work = qtbot, work
        self.file_id: FileId = a_file(work)
        self.office = Office(work, jobs, FormRegistry(risk.FORM_KINDS))
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(1166, 720)
        self.section = RiskSection(self.office, self.file_id)
        QHBoxLayout(self.window).addWidget(self.section)
        self.host = FormHost(self.office, self.window)
        self.office.changed.connect(self.section.reload)
        to_front(self.window, qtbot)

    def show(self) -> RiskSection:
        """The section, read and drawn."""
        drawn = self.section._picture
        self.section.reload()
        self.qtbot.waitUntil(lambda: self.section._picture is not None and self.section._picture is not drawn)
        QApplication.sendPostedEvents()  # what was drawn is laid out, so that Tab reaches it
        return self.section

    def form(self) -> FormPage:
        """The form on top, drawn and with the focus in it."""
        self.qtbot.waitUntil(
            lambda: (top := self.host.top()) is not None and top.view is not None and not is_making(self.window)
        )
        QApplication.sendPostedEvents()
        page = self.host.top()
        assert page is not None
        return page

    def open(self, **params: object) -> FormPage:
        given = {name: str(value) for name, value in params.items()}
        self.office.open_form("dash", {"file_id": str(self.file_id), **given})
        return self.form()

    def wait_gone(self) -> None:
        """Until no form is open and the section has drawn what came of it."""
        self.qtbot.waitUntil(lambda: self.host.top() is None)
        self.show()

    def lines(self) -> tuple[AssessmentLine, ...]:
        return self.work.read(assessments, self.file_id)


@pytest.fixture
def desk(qtbot: QtBot, work: Work, jobs: Jobs) -> Iterator[Desk]:
    made = Desk(qtbot, work, jobs)
    yield made
    made.window.hide()


def words(root: QWidget) -> str:
    QApplication.sendPostedEvents()  # what was just added is laid out
    return "\n".join(each.text() for each in root.findChildren(QLabel) if each.isVisibleTo(root))


def press_button(name: str) -> None:
    tab_to(name, 200)
    press(Qt.Key.Key_Space)


def fill(page: FormPage, **values: Any) -> None:
    assert page.view is not None
    page.view.set_values(page.view.values() | values)
    page.view.changed.emit()


def aside(page: FormPage) -> str:
    assert page._aside is not None
    return words(page._aside)


def says(desk: Desk, page: FormPage, text: str) -> None:
    """Wait until what stands beside the questions says it: its boxes are drawn anew, and shown a turn later."""
    desk.qtbot.waitUntil(lambda: text in aside(page))


def test_keys_answer_keep_resume_and_finalise_an_assessment(desk: Desk) -> None:
    section = desk.show()
    section.overview.setFocus()
    press_button("Start the assessment")
    desk.form()
    for item in ITEMS[:3]:
        tab_to(f"{item.label}: Yes", 60)
        press(Qt.Key.Key_Y)
    tab_to(f"{ITEMS[3].label}: Yes", 60)
    press(Qt.Key.Key_N)
    assert focused().accessibleName() == f"{ITEMS[4].label}: Yes"  # a no asks nothing more and goes on
    press(Qt.Key.Key_D)
    press(Qt.Key.Key_K, 1, ALT)
    desk.wait_gone()
    (line,) = desk.lines()
    assert line.finalised_at is None
    assert [line.answers[item.key]["answer"] for item in ITEMS[:6]] == ["yes", "yes", "yes", "no", "dont_know", ""]
    assert "5 of 24 questions have an answer" in words(section)

    press_button("Resume")
    page = desk.form()
    assert page.view is not None
    assert page.view.values()[ITEMS[0].key]["answer"] == "yes"
    tab_to("Risk, in your judgement: Standard", 300)
    press(Qt.Key.Key_Right, 3)
    press(Qt.Key.Key_Tab)
    type_text("The fear, and how it grows.")
    press(Qt.Key.Key_S, 1, CTRL)
    assert "It will stand as: High" in page._banner.text()
    press(Qt.Key.Key_S, 1, CTRL)  # a second Ctrl+S is no yes
    assert desk.lines()[0].finalised_at is None
    assert focused().accessibleName() == "Yes: Finalise"
    press(Qt.Key.Key_Space)
    desk.wait_gone()
    (line,) = desk.lines()
    assert (line.score, line.grade, line.grading_reason) == (3, "high", "The fear, and how it grows.")
    assert line.finalised_at is not None
    assert "High risk" in words(section)


def test_the_panel_counts_while_she_answers_and_never_predicts(desk: Desk) -> None:
    page = desk.open()
    fill(page, **answers(9, 5))
    for each in (
        "of 24 answered yes",
        "9 yes · 5 don’t know · 10 no",
        "does not predict",
        "Could reach 14",
        "None met",
    ):
        says(desk, page, each)
    fill(page, **answers(15))
    says(desk, page, "has reached the threshold of 14")
    says(desk, page, "Visible high risk")
    assert page._aside is not None
    bar = page._aside.findChild(ScoreBar)
    assert bar is not None and bar.accessibleName() == "15 of 24; the threshold is 14"


def test_alerts_are_raised_with_their_advice_as_they_are_answered(desk: Desk) -> None:
    page = desk.open()
    assert "Strangulation" not in aside(page)
    fill(page, strangulation={"answer": "yes", "detail": {}, "source": ""})
    says(desk, page, "Strangulation")
    says(desk, page, "Offer a health check today")


def test_the_panel_recalls_what_was_said_last_time_so_that_nobody_repeats_it(desk: Desk) -> None:
    values = answers(2, professional_grading="standard")
    values[ITEMS[0].key] = {"answer": "yes", "detail": {"what": "Bruises"}, "source": ""}
    done = finalise(desk.work, desk.file_id, None, "dash", values)
    page = desk.open()
    desk.qtbot.waitUntil(lambda: "Sat 21 Nov 2026: Yes\nWhat injury: Bruises" in aside(page))
    tab_to(f"{ITEMS[2].label}: Yes", 30)
    says(desk, page, "Sat 21 Nov 2026: No")
    page.close_asked.emit()
    page = desk.open(amends=done.record_id)
    desk.qtbot.wait(0)
    assert "Last time" not in aside(page)


def test_a_grade_below_the_score_is_refused_in_words_and_nothing_is_final(desk: Desk) -> None:
    page = desk.open()
    fill(page, **answers(14, professional_grading="medium"))
    says(desk, page, "Judgement can raise a grade but not lower one")
    page.save()
    desk.qtbot.waitUntil(lambda: not page.is_saving and page._banner.isVisible())
    assert "14 has reached high" in page._banner.text()
    assert desk.lines() == ()


def test_changing_an_answer_takes_the_question_back(desk: Desk) -> None:
    page = desk.open()
    fill(page, **answers(3, professional_grading="standard"))
    page.save()
    assert page._banner.isVisible()
    fill(page, **answers(4, professional_grading="standard"))
    assert not page._banner.isVisible()
    page._on_agreed()
    assert not page.is_saving


def test_a_missing_reason_is_shown_at_its_question(desk: Desk) -> None:
    page = desk.open()
    fill(page, **answers(3, professional_grading="high"))
    page.save()
    desk.qtbot.waitUntil(lambda: not page.is_saving and page._banner.isVisible())
    assert page.view is not None
    box = page.view.field_box("grading_reason")
    assert box is not None and "Say why" in words(box)
    assert desk.lines() == ()


def test_an_amendment_is_prefilled_asks_why_and_takes_the_place_of_the_old(desk: Desk) -> None:
    day = date(2026, 11, 1)
    values = answers(5, professional_grading="medium")
    first = finalise(desk.work, desk.file_id, None, "dash", values, completed_on=day).record_id
    section = desk.show()
    section.overview.setFocus()
    press_button("Amend")
    page = desk.form()
    assert page.view is not None
    assert page.view.values()[ITEMS[0].key]["answer"] == "yes"
    page.save()
    assert set(page.view.problems()) == {"amendment_reason"}
    fill(page, **answers(6), amendment_reason="One answer was ticked by mistake.")
    page.save()
    page._on_agreed()
    desk.wait_gone()
    standing = section._picture
    assert standing is not None and standing.current is not None
    assert (standing.current.supersedes_id, standing.current.score, standing.current.completed_on) == (first, 6, day)
    assert "amendment_reason" not in standing.current.professional
    assert "Superseded" in words(section)
    assert "What the amendment changed" in words(section)


def test_an_amendment_left_half_done_is_still_one_when_resumed(desk: Desk) -> None:
    first = finalise(desk.work, desk.file_id, None, "dash", answers(5, professional_grading="medium")).record_id
    kept = keep_progress(
        desk.work, desk.file_id, None, "dash", answers(6), supersedes=first, amendment_reason="A slip"
    ).record_id
    page = desk.open(assessment_id=kept)
    assert page.title == "Amend: Dash risk checklist"
    assert page.view is not None and page.view.values()["amendment_reason"] == "A slip"


def test_the_draft_of_a_half_answered_form_survives_closing_it(desk: Desk) -> None:
    page = desk.open()
    fill(page, **{ITEMS[1].key: {"answer": "yes", "detail": {"words": "Terrified."}, "source": "Client"}})
    press(Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: desk.host.top() is None)
    page = desk.open()
    assert page.view is not None
    assert page.view.values()[ITEMS[1].key]["detail"]["words"] == "Terrified."


# --- the section ---


def shown(work: Work, file_id: FileId) -> RiskPicture:
    return picture(PACKS, work.read(risk_view, file_id, ("review_high", "review_other")))


def test_what_changed_compares_with_the_last_that_stands(work: Work) -> None:
    file_id = a_file(work)
    finalise(work, file_id, None, "dash", answers(3, professional_grading="standard"), completed_on=date(2026, 9, 1))
    second = finalise(
        work, file_id, None, "dash", answers(4, professional_grading="standard"), completed_on=date(2026, 10, 1)
    ).record_id
    finalise(
        work,
        file_id,
        None,
        "dash",
        answers(5, professional_grading="standard"),
        completed_on=date(2026, 10, 1),
        supersedes=second,
        amendment_reason="A slip",
    )
    found = shown(work, file_id)
    assert found.compared is not None and not found.compared.is_amendment
    assert found.compared.before.score == 3
    assert [(each.key, each.is_worse) for each in found.compared.changes] == [
        (ITEMS[3].key, True),
        (ITEMS[4].key, True),
    ]
    assert found.again_on is not None


def test_the_section_shows_the_state_the_next_day_and_every_assessment(desk: Desk) -> None:
    finalise(desk.work, desk.file_id, None, "dash", answers(3, professional_grading="standard"))
    finalise(
        desk.work, desk.file_id, None, "dash", answers(15, 2, priorities="To sleep."), completed_on=date(2026, 11, 20)
    )
    start_plan(desk.work, desk.file_id)
    section = desk.show()
    said = words(section)
    assert "Sat 21 Nov 2026, today, by Ash Advocate" in said
    for each in ("All assessments", "When to assess again", "Assess again", "Every four to six weeks"):
        assert each in said, each


def test_a_final_assessment_is_read_with_details_and_sources_and_back_by_keys(desk: Desk) -> None:
    values = answers(2, professional_grading="standard", barriers=["language"])
    values[ITEMS[0].key] = {"answer": "yes", "detail": {"what": "Bruises", "first": "no"}, "source": "A&E letter"}
    key = finalise(desk.work, desk.file_id, None, "dash", values).record_id
    section = desk.show()
    section.overview.setFocus()
    press_button("Read the assessment of Sat 21 Nov 2026")
    said = words(section.reading)
    for each in ("What injury: Bruises", "The first injury ever: No", "Source: A&E letter", "Language"):
        assert each in said, each
    assert section.place()["assessment_id"] == str(key)
    assert focused().accessibleName() == "Back to risk"
    press(Qt.Key.Key_Space)
    assert section.place()["assessment_id"] == ""
    assert focused().accessibleName() == "Read the assessment of Sat 21 Nov 2026"


def test_a_place_comes_back_before_or_after_the_section_is_read(desk: Desk) -> None:
    key = finalise(desk.work, desk.file_id, None, "dash", answers(2, professional_grading="standard")).record_id
    desk.section.restore({"assessment_id": str(key), "scroll": 0})
    assert desk.show().place()["assessment_id"] == str(key)
    desk.section.restore({"assessment_id": "gone", "scroll": 0})
    assert desk.section.place()["assessment_id"] == ""


@pytest.mark.parametrize("percent", [100, 200])
def test_every_control_has_a_name_and_nothing_runs_out_of_sight(desk: Desk, qapp: QApplication, percent: int) -> None:
    theme.apply(qapp, "light", percent)
    first = finalise(
        desk.work, desk.file_id, None, "dash", answers(5, professional_grading="medium"), completed_on=date(2026, 9, 1)
    ).record_id
    finalise(desk.work, desk.file_id, None, "dash", answers(15, 3, priorities="To sleep."))
    keep_progress(desk.work, desk.file_id, None, "dash", answers(5))
    layout = desk.window.layout()
    assert layout is not None
    layout.removeWidget(desk.section)
    desk.section.hide()
    desk.section = RiskSection(desk.office, desk.file_id)
    layout.addWidget(desk.section)
    section = desk.show()
    assert_accessible(section.overview)
    assert_fits(section, 980)
    section.read(str(first))
    assert_accessible(section.reading)
    assert_fits(section, 980)


def test_an_assessment_that_is_gone_is_told_and_changes_nothing(desk: Desk) -> None:
    desk.office.open_form("dash", {"file_id": str(desk.file_id), "assessment_id": str(RecordId(desk.file_id))})
    page = desk.host.top()
    assert page is not None
    desk.qtbot.waitUntil(page._banner.isVisible)
    assert "no longer in the file" in page._banner.text()
