"""The safety plan as an advocate makes it: from suggestions, by keyboard, renewed, and taken onto paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.access import history
from advocate_desk.casework.contacts import PAPER_MADE
from advocate_desk.casework.files import save_alert
from advocate_desk.casework.intake import AlertDetails
from advocate_desk.casework.plans import ActionDetails, add_actions, change_plan, set_action_status, start_plan
from advocate_desk.casework.risk import finalise
from advocate_desk.casework.settings import put
from advocate_desk.casework.work import Work
from advocate_desk.desk import slices, theme
from advocate_desk.desk.forms import plan as plan_forms
from advocate_desk.desk.forms import risk as risk_forms
from advocate_desk.desk.forms.host import FormHost
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.forms.registry import FormRegistry
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.messages import Notice
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.plan.papers import (
    CardLine,
    PlanWishes,
    card,
    card_lines,
    full_plan,
    short_line,
)
from advocate_desk.desk.screens.client_file.plan.parts import StatusPicker
from advocate_desk.desk.screens.client_file.plan.presenter import PlanPicture, picture
from advocate_desk.desk.screens.client_file.plan.section import PlanSection
from advocate_desk.desk.slices import is_making
from advocate_desk.documents.render import page_count, page_texts
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Refused
from advocate_desk.store.queries.notes import attempts
from advocate_desk.store.queries.plan import plan_view
from advocate_desk.store.queries.risk import actions, plans
from tests.builders import PACKS, a_file
from tests.desk.front import to_front
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.desk.walk import assert_accessible, assert_fits

TODAY = date(2026, 11, 21)
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
ITEMS = PACKS.instrument("dash").item


class Desk:
    """The plan section with the forms over it, in one window."""

    def __init__(self, qtbot: QtBot, work: Work, jobs: Jobs) -> None:
        self.qtbot, self.work = qtbot, work
        self.file_id: FileId = a_file(work)
        self.office = Office(work, jobs, FormRegistry((*risk_forms.FORM_KINDS, *plan_forms.FORM_KINDS)))
        self.notices: list[Notice] = []
        self.office.messages.noticed.connect(self.notices.append)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(1166, 720)
        self.section = PlanSection(self.office, self.file_id)
        QHBoxLayout(self.window).addWidget(self.section)
        self.host = FormHost(self.office, self.window)
        self.office.changed.connect(lambda _done: self.section.reload())
        to_front(self.window, qtbot)

    def show(self) -> PlanPicture:
        """The section, read and drawn."""
        drawn = self.section.picture()
        self.section.reload()
        self.qtbot.waitUntil(lambda: self.section.picture() is not None and self.section.picture() is not drawn)
        self.drawn()
        found = self.section.picture()
        assert found is not None
        return found

    def form(self, key: str) -> FormPage:
        """The form on top, drawn and with the focus in it."""
        self.qtbot.waitUntil(lambda: (top := self.host.top()) is not None and top.view is not None)
        QApplication.sendPostedEvents()
        page = self.host.top()
        assert page is not None and page.kind.key == key
        return page

    def until(self, holds: Any) -> None:
        """Wait until what the section shows answers `holds`, and give it out."""

        def answers() -> bool:
            found = self.section.picture()
            return found is not None and bool(holds(found))

        self.qtbot.waitUntil(answers)
        self.drawn()

    def drawn(self) -> None:
        """Wait until the page in sight is whole, and laid out, so that Tab reaches it."""
        self.qtbot.waitUntil(lambda: not is_making(self.section))
        QApplication.sendPostedEvents()

    def lines(self) -> list[tuple[str, str]]:
        """Text and status of the current plan's actions."""
        current = next(each for each in self.work.read(plans, self.file_id) if each.status == "current")
        return [(each.text, each.status) for each in self.work.read(actions, current.plan_id)]


@pytest.fixture
def desk(qtbot: QtBot, work: Work, jobs: Jobs) -> Iterator[Desk]:
    made = Desk(qtbot, work, jobs)
    yield made
    made.window.hide()


def yes_to(*keys: str, **more: Any) -> dict[str, Any]:
    said = {item.key: "yes" if item.key in keys else "no" for item in ITEMS}
    given = {key: {"answer": one, "detail": {}, "source": ""} for key, one in said.items()}
    return given | {"professional_grading": "standard"} | more


def words(root: QWidget) -> str:
    QApplication.sendPostedEvents()
    return "\n".join(each.text() for each in root.findChildren(QLabel) if each.isVisibleTo(root))


def press_button(name: str) -> None:
    tab_to(name, 300)
    press(Qt.Key.Key_Space)


def shown(work: Work, file_id: FileId) -> PlanPicture:
    return picture(PACKS, work.read(plan_view, file_id), TODAY)


def started(work: Work, file_id: FileId, *texts: str, **more: Any) -> RecordId:
    plan_id = start_plan(work, file_id).record_id
    assert plan_id is not None
    add_actions(work, plan_id, tuple(ActionDetails("sp_immediate", text, "client", **more) for text in texts))
    return plan_id


def test_keys_lead_from_the_assessment_to_a_plan_that_is_renewed_and_on_paper(desk: Desk, tmp_path: Path) -> None:
    finalise(desk.work, desk.file_id, None, "dash", yes_to("strangulation", "very_frightened"))
    desk.show()
    desk.section.setFocus()
    press_button("Start the plan")
    desk.until(lambda found: found.current is not None)
    press_button("Look at them")
    check, code = (one(desk, key).suggested.suggestion.text for key in ("strangulation_check", "code_word"))
    tab_to(check, 300)
    press(Qt.Key.Key_Space)
    tab_to(code, 300)
    press(Qt.Key.Key_Space)
    press_button("Add the 2 chosen")
    desk.until(lambda found: len(found.actions()) == 2)
    assert sorted(desk.lines()) == sorted([(check, "agreed"), (code, "agreed")])
    kept = {each.suggestion_key: each for each in shown(desk.work, desk.file_id).actions()}
    assert "strangled" in kept["strangulation_check"].reason
    assert kept["code_word"].due_on == date(2026, 11, 23)

    press_button("Review now")
    page = desk.form("plan_review")
    tab_to("Where the client keeps it")
    type_text("With her sister")
    press(Qt.Key.Key_S, 1, CTRL)
    desk.qtbot.waitUntil(lambda: desk.host.top() is None)
    assert page.saved_words.startswith("The plan is renewed")
    desk.until(lambda found: found.current is not None and found.current.version == 2)
    assert [(each.version, each.kept_where) for each in desk.work.read(plans, desk.file_id)] == [
        (2, "With her sister"),
        (1, ""),
    ]

    press_button("Print or save")
    assert not desk.section.paper._preview_plan.isEnabled()
    assert "With her sister" in words(desk.section.paper)
    press_button("I have asked: this paper is safe in this place and by this way")
    press_button("Full plan (PDF)")
    desk.qtbot.waitUntil(lambda: desk.section.paper.dialog is not None)
    dialog = desk.section.paper.dialog
    assert dialog is not None
    assert code.split(".")[0] in dialog.preview.text().replace("\r\n", " ")
    target = tmp_path / "plan-2026-11-21-1.pdf"
    dialog.save_to(target)
    desk.qtbot.waitUntil(target.exists)
    with pikepdf.open(target) as opened:
        assert dict(opened.docinfo) == {"/Title": "Plan"}
    desk.qtbot.waitUntil(lambda: history(desk.work, desk.file_id)[0].kind == "file_exported")
    assert "what: safety_plan" in history(desk.work, desk.file_id)[0].detail
    dialog.reject()


def one(desk: Desk, key: str) -> Any:
    found = desk.section.picture()
    assert found is not None
    return next(each for each in found.offers if each.key == key)


def test_a_suggestion_says_which_answers_and_facts_brought_it(work: Work) -> None:
    file_id = a_file(work)
    finalise(work, file_id, None, "dash", yes_to("strangulation", "weapon_object"))
    start_plan(work, file_id)
    offers = {each.key: each for each in shown(work, file_id).offers}
    labels = {item.key: item.label for item in ITEMS}
    assert offers["strangulation_check"].because == (labels["strangulation"],)
    assert offers["safe_room"].because == (labels["weapon_object"], labels["strangulation"])
    assert offers["safe_room"].reason.endswith(f"({labels['weapon_object']}; {labels['strangulation']})")
    assert offers["silent_999"].because == ()
    assert "bail_copy" not in offers


def test_what_she_does_not_want_is_remembered_through_a_renewal_and_can_be_taken_up(work: Work) -> None:
    file_id = a_file(work)
    finalise(work, file_id, None, "dash", yes_to("isolated"))
    plan_id = start_plan(work, file_id).record_id
    assert plan_id is not None
    add_actions(work, plan_id, (ActionDetails("sp_emotional", "x", status="declined", suggestion_key="one_person"),))
    add_actions(work, plan_id, (ActionDetails("sp_emotional", "y", status="done", suggestion_key="silent_999"),))
    for _ in range(2):
        found = shown(work, file_id)
        assert not {"one_person", "silent_999"} & {each.key for each in found.offers}
        assert [each.key for each in found.set_aside] == ["one_person"]
        start_plan(work, file_id)


def test_not_for_this_client_sets_aside_and_after_all_adds(desk: Desk) -> None:
    start_plan(desk.work, desk.file_id)
    desk.show()
    desk.section.show_page("suggested")
    desk.section.which.setFocus()
    text = one(desk, "silent_999").suggested.suggestion.text
    press_button(f"Not for this client: {text}")
    desk.until(lambda found: bool(found.set_aside))
    assert desk.lines() == [(text, "declined")]
    assert focused().accessibleName().startswith("Not for this client")  # on to the next one
    press_button(f"Add after all: {text}")
    desk.until(lambda found: not found.set_aside)
    assert desk.lines() == [(text, "agreed")]


def test_own_actions_are_added_and_changed_in_a_form(desk: Desk) -> None:
    started(desk.work, desk.file_id, "Pack a bag")
    desk.show()
    desk.section.setFocus()
    press_button("Add an action to Safe right now")
    page = desk.form("plan_action")
    assert page.view is not None and page.view.values()["section"] == "sp_immediate"
    tab_to("What is to be done")
    type_text("Keep the blue door locked")
    press(Qt.Key.Key_S, 1, CTRL)
    desk.until(lambda found: len(found.actions()) == 2)
    press_button("Change: Keep the blue door locked")
    page = desk.form("plan_action")
    tab_to("By when")
    type_text("tomorrow")
    press(Qt.Key.Key_S, 1, CTRL)
    desk.until(lambda found: any(each.due_on == date(2026, 11, 22) for each in found.actions()))
    assert "By tomorrow" in words(desk.section) or "By Sun 22 Nov" in words(desk.section)


def test_an_action_is_taken_out_with_an_undo(desk: Desk) -> None:
    started(desk.work, desk.file_id, "Pack a bag", "Tell the school")
    desk.show()
    desk.section.setFocus()
    press_button("Take out: Pack a bag")
    desk.until(lambda found: len(found.actions()) == 1)
    desk.qtbot.waitUntil(lambda: bool(desk.notices) and desk.notices[-1].action is not None)
    undo = desk.notices[-1].action
    assert undo is not None
    undo()
    desk.until(lambda found: len(found.actions()) == 2)


def test_the_status_is_picked_by_keys_and_keeps_the_focus(desk: Desk) -> None:
    started(desk.work, desk.file_id, "Pack a bag", due_on=date(2026, 11, 18))
    desk.show()
    assert "Overdue by 3 days" in words(desk.section)
    desk.section.setFocus()
    tab_to("Status of: Pack a bag", 100)
    press(Qt.Key.Key_Down)
    desk.until(lambda found: found.actions()[0].status == "in_progress")
    assert focused().accessibleName() == "Status of: Pack a bag"
    press(Qt.Key.Key_Down)
    desk.until(lambda found: found.actions()[0].status == "done")
    assert "Overdue" not in words(desk.section)


def test_the_wheel_over_a_status_changes_nothing(desk: Desk) -> None:
    started(desk.work, desk.file_id, "Pack a bag")
    desk.show()
    picker = desk.section.findChild(StatusPicker)
    assert picker is not None
    none = Qt.KeyboardModifier.NoModifier
    turned = QPoint(0, -120)
    event = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), turned, turned, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(picker, event)
    assert picker.currentData() == "agreed"


def test_a_review_can_keep_the_version_and_set_the_next_day(desk: Desk) -> None:
    started(desk.work, desk.file_id, "Pack a bag")
    desk.show()
    desk.section.setFocus()
    press_button("Review now")
    desk.form("plan_review")
    press(Qt.Key.Key_A, 1, CTRL)
    type_text("+14")
    press(Qt.Key.Key_F, 1, ALT)
    desk.qtbot.waitUntil(lambda: desk.host.top() is None)
    (line,) = desk.work.read(plans, desk.file_id)
    assert (line.version, line.review_on) == (1, date(2026, 12, 5))


def test_a_plan_is_scrolled_again_to_where_it_was_once_it_is_drawn(desk: Desk) -> None:
    started(desk.work, desk.file_id, *(f"Action {number}" for number in range(20)))
    desk.section.restore({"page": "plan", "scroll": 300})
    desk.section.reload()
    desk.qtbot.waitUntil(lambda: desk.section.picture() is not None)
    assert desk.section.place()["scroll"] == 300
    desk.drawn()
    assert desk.section._areas[0].verticalScrollBar().value() == 300
    assert desk.section.place()["scroll"] == 300


def test_the_plan_before_stays_in_sight_and_keeps_the_focus_until_the_next_is_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "SLICE_S", 0.0)  # each step has a turn of its own
    started(desk.work, desk.file_id, "Pack a bag", "Ask a neighbour")
    desk.show()
    desk.section.setFocus()
    tab_to("Change: Ask a neighbour", 100)
    before = focused()
    desk.section.reload()
    seen = desk.section.picture()
    desk.qtbot.waitUntil(lambda: desk.section.picture() is not seen)
    assert is_making(desk.section)
    assert focused() is before
    assert before.isVisible()
    desk.drawn()
    assert focused() is not before
    assert focused().accessibleName() == "Change: Ask a neighbour"


def test_what_was_typed_for_a_paper_outlives_a_section_on_which_no_paper_was_made(desk: Desk) -> None:
    started(desk.work, desk.file_id, "Pack a bag")
    desk.section.restore({"page": "plan", "paper": {"which": "card", "title": "Lists", "contact": "Jo"}})
    desk.show()
    assert desk.section.place()["paper"] == {"which": "card", "title": "Lists", "contact": "Jo"}
    desk.section.show_page("paper")
    kept = desk.section.place()["paper"]
    assert (kept["which"], kept["title"], kept["contact"]) == ("card", "Lists", "Jo")


def test_an_older_version_is_read_and_not_changed(desk: Desk) -> None:
    old = started(desk.work, desk.file_id, "Pack a bag")
    set_action_status(desk.work, RecordId(desk.work.read(actions, old)[0].action_id), "done")
    start_plan(desk.work, desk.file_id)
    desk.show()
    desk.section.show_page("versions")
    desk.section.which.setFocus()
    press_button("Read version 1")
    desk.drawn()
    assert "Pack a bag" in words(desk.section.versions)
    assert focused().accessibleName() == "Close version 1"
    assert not desk.section.versions.findChildren(StatusPicker)
    place = desk.section.place()
    assert (place["page"], place["version"]) == ("versions", str(old))


def test_a_place_comes_back_with_what_was_ticked_and_typed(desk: Desk, qtbot: QtBot) -> None:
    started(desk.work, desk.file_id, "Pack a bag")
    found = desk.show()
    key = str(found.actions()[0].action_id)
    desk.section.restore(
        {
            "page": "paper",
            "chosen": ["silent_999"],
            "paper": {"which": "card", "card_title": "Shopping", "lines": {key: [True, "Blue bag"]}},
        }
    )
    place = desk.section.place()
    assert (place["page"], place["chosen"]) == ("paper", ["silent_999"])
    assert place["paper"]["card_title"] == "Shopping"
    assert place["paper"]["lines"] == {key: [True, "Blue bag"]}
    desk.show()
    assert desk.section.place()["paper"]["lines"] == {key: [True, "Blue bag"]}


# --- papers ---


def test_the_full_plan_names_the_service_only_when_it_is_wanted(work: Work, jobs: Jobs) -> None:
    office, file_id = Office(work, jobs), a_file(work)
    put(work, "letterhead", {"service_name": "Exampleford Advocacy"})
    started(work, file_id, "Pack a bag")
    found = shown(work, file_id)
    quiet = full_plan(office, found, PlanWishes())
    named = full_plan(office, found, PlanWishes(names_service=True))
    assert page_count(quiet) == 1
    assert "Pack a bag" in page_texts(quiet)[0]
    assert "Exampleford" not in page_texts(quiet)[0]
    assert "Exampleford" in page_texts(named)[0]


def test_the_card_carries_her_own_actions_that_tell_nothing(work: Work, jobs: Jobs) -> None:
    office, file_id = Office(work, jobs), a_file(work)
    plan_id = started(work, file_id, "Pack a bag. Leave it with Bo.", "Know when bail ends")
    add_actions(work, plan_id, (ActionDetails("sp_health", "Ask the GP to hide the entry", "advocate"),))
    lines = card_lines(shown(work, file_id), PACKS)
    assert [(each.heading, each.text, each.is_on) for each in lines] == [
        ("Now", "Pack a bag", True),
        ("Now", "Know when bail ends", False),
        ("Health", "Ask the GP to hide the entry", False),
    ]
    said = page_texts(card(office, lines, "Things to remember"))[0]
    assert "Pack a bag" in said
    assert "bail" not in said


def test_a_card_that_would_tell_is_refused_at_its_line_and_as_a_whole(desk: Desk) -> None:
    with pytest.raises(Refused, match="tells what it is about"):
        card(desk.office, (CardLine("1", "Now", "Ring the refuge", True),), "")
    started(desk.work, desk.file_id, "Ring Bo")
    desk.show()
    desk.section.show_page("paper")
    paper = desk.section.paper
    paper.choose("card")
    row = paper._rows[0]
    row.edit.setText("Ring the refuge")
    assert "“refuge” tells" in words(row)
    desk.qtbot.waitUntil(lambda: "tells what it is about" in paper._fit.text())
    row.edit.setText("Ring Bo")
    desk.qtbot.waitUntil(lambda: paper._fit.text() == "It fits on one card.")


def test_the_card_is_shown_before_it_leaves_and_its_leaving_is_on_record(desk: Desk, tmp_path: Path) -> None:
    started(desk.work, desk.file_id, "Ring Bo")
    desk.show()
    desk.section.show_page("paper")
    paper = desk.section.paper
    paper.choose("card")
    paper.is_safe.setChecked(True)
    assert "No safe place for paper is recorded." in words(paper)
    assert not paper._preview_card.isEnabled(), "it was not said why"
    paper.reason.setText("Her sister keeps it")
    paper._preview_card.setFocus()
    press(Qt.Key.Key_Space)
    desk.qtbot.waitUntil(lambda: paper.dialog is not None)
    (kept,) = desk.work.read(attempts, desk.file_id)
    assert (kept.outcome, kept.override_reason) == (PAPER_MADE, "Her sister keeps it")
    dialog = paper.dialog
    assert dialog is not None and "Ring Bo" in dialog.preview.text()
    dialog.save_to(tmp_path / "notes-2026-11-21-1.pdf")
    desk.qtbot.waitUntil(lambda: "what: plan_card" in history(desk.work, desk.file_id)[0].detail)
    dialog.reject()


def test_an_alert_not_to_contact_stands_before_paper_that_has_a_safe_place(desk: Desk) -> None:
    change_plan(desk.work, started(desk.work, desk.file_id, "Ring Bo"), None, "With her sister", "")
    desk.show()
    desk.section.show_page("paper")
    paper = desk.section.paper
    assert not paper.reason.isVisibleTo(paper)
    save_alert(desk.work, desk.file_id, None, AlertDetails("do_not_contact"))
    desk.section.reload()
    desk.qtbot.waitUntil(lambda: paper.reason.isVisibleTo(paper))
    paper.is_safe.setChecked(True)
    assert "do not contact" in words(paper) and not paper._preview_plan.isEnabled()


def test_a_line_of_the_card_is_the_first_sentence() -> None:
    assert short_line("Pack a bag.  Leave it with Bo.") == "Pack a bag"
    assert short_line("Call at 9.30") == "Call at 9.30"


@pytest.mark.parametrize("percent", [100, 200])
def test_every_control_has_a_name_and_nothing_runs_out_of_sight(desk: Desk, qapp: QApplication, percent: int) -> None:
    theme.apply(qapp, "light", percent)
    finalise(desk.work, desk.file_id, None, "dash", yes_to("strangulation", "stalking_harassment"))
    started(desk.work, desk.file_id, "Pack a bag", "Tell the school", due_on=date(2026, 11, 1))
    start_plan(desk.work, desk.file_id)
    layout = desk.window.layout()
    assert layout is not None
    layout.removeWidget(desk.section)
    desk.section.hide()
    desk.section = PlanSection(desk.office, desk.file_id)
    layout.addWidget(desk.section)
    desk.show()
    for page in ("plan", "suggested", "versions", "paper"):
        desk.section.show_page(page)
        QApplication.sendPostedEvents()
        assert_accessible(desk.section)
        assert_fits(desk.section, 980)
    desk.section.paper.choose("card")
    assert_accessible(desk.section)
    assert_fits(desk.section, 980)
