"""Forms as people use them: typed, tabbed through, left half done and opened again."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.desk import theme
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.editors import cursor_of
from advocate_desk.desk.forms.nested import AnswerEditor, RepeatEditor
from advocate_desk.desk.forms.values import blank_values, top_fields
from advocate_desk.domain.forms import FormSpec
from tests.desk.forms import EVERY_KIND, FILLED, SHORT, a_context
from tests.desk.walk import assert_accessible, assert_fits


def a_view(qtbot: QtBot, values: dict[str, Any] | None = None, spec: FormSpec = EVERY_KIND) -> FormView:
    view = FormView(spec, values or {}, a_context())
    qtbot.addWidget(view)
    view.resize(1100, 700)
    with qtbot.waitExposed(view):
        view.show()
    view.activateWindow()
    return view


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def target(view: FormView, key: str) -> QWidget:
    box = view.field_box(key)
    assert box is not None
    assert box.editor is not None
    return box.editor.target()


def line(view: FormView, key: str) -> QLineEdit:
    found = target(view, key)
    assert isinstance(found, QLineEdit)
    return found


def answer(view: FormView, key: str) -> AnswerEditor:
    box = view.field_box(key)
    assert box is not None
    assert isinstance(box.editor, AnswerEditor)
    return box.editor


def test_what_was_put_in_comes_out(qtbot: QtBot) -> None:
    assert a_view(qtbot, FILLED).values() == FILLED


def test_an_empty_form_has_the_blank_of_every_kind(qtbot: QtBot) -> None:
    assert a_view(qtbot).values() == blank_values(top_fields(EVERY_KIND))


def test_values_that_no_field_shows_are_kept(qtbot: QtBot) -> None:
    view = a_view(qtbot, {**FILLED, "hearing_id": "7"})
    assert view.values()["hearing_id"] == "7"


def test_every_control_has_a_name_and_a_place(qtbot: QtBot) -> None:
    assert_accessible(a_view(qtbot, FILLED))


def test_it_fits_at_twice_the_text_size(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "light", 200)
    view = a_view(qtbot, FILLED)
    view.resize(1238, 600)
    assert_fits(view, 1238)


def test_dates_are_read_as_people_write_them_and_kept_when_they_are_not_dates(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    for typed, value in (("3/4/26", "2026-04-03"), ("tomorrow", "2026-11-22"), ("+7", "2026-11-28"), ("31/2", "31/2")):
        line(view, "received").clear()
        QTest.keyClicks(line(view, "received"), typed)
        assert view.values()["received"] == value


def test_a_date_is_written_out_when_it_is_left_and_undo_brings_the_typing_back(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    edit = line(view, "received")
    edit.setFocus()
    QTest.keyClicks(edit, "tomorrow")
    line(view, "referrer").setFocus()
    assert edit.text() == "22/11/2026"
    edit.undo()
    assert edit.text() == "tomorrow"


def test_tab_leaves_long_text_and_undo_works_in_it(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    text = target(view, "incident")
    assert isinstance(text, QPlainTextEdit)
    text.setFocus()
    QTest.keyClicks(text, "One two")
    text.undo()
    assert text.toPlainText() == ""
    QTest.keyClick(text, Qt.Key.Key_Tab)
    assert not text.hasFocus()
    assert text.toPlainText() == ""


def test_long_text_grows_with_what_is_typed(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    text = target(view, "incident")
    assert isinstance(text, QPlainTextEdit)
    before = text.height()
    text.setPlainText("\n".join("line" for _ in range(9)))
    qtbot.waitUntil(lambda: text.height() > before)


def test_a_field_shows_only_while_its_condition_holds_and_keeps_its_value(qtbot: QtBot) -> None:
    view = a_view(qtbot, FILLED)
    box = view.field_box("room")
    assert box is not None
    assert box.isVisibleTo(view)
    view.set_values({**FILLED, "setting": "court"})
    assert not box.isVisibleTo(view)
    assert view.values()["room"] == "Bay 4"


def test_letters_answer_questions_and_no_goes_on_to_the_next(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    first, second = answer(view, "injury"), answer(view, "frightened")
    first.focus_chain()[0].setFocus()
    QTest.keyClicks(focused(), "y")
    assert view.values()["injury"]["answer"] == "yes"
    QTest.keyClicks(focused(), "n")
    assert view.values()["injury"]["answer"] == "no"
    assert second.isAncestorOf(focused())
    QTest.keyClicks(focused(), "d")
    assert view.values()["frightened"]["answer"] == "dont_know"
    assert answer(view, "afraid_of").isAncestorOf(focused())


def test_details_of_a_yes_survive_a_change_of_mind(qtbot: QtBot) -> None:
    view = a_view(qtbot, FILLED)
    editor = answer(view, "injury")
    editor.focus_chain()[0].setFocus()
    QTest.keyClicks(focused(), "x")
    assert view.values()["injury"]["detail"]["what"] == "Bruising."
    QTest.keyClicks(focused(), "y")
    assert view.values()["injury"] == FILLED["injury"]


def test_a_removed_row_can_be_brought_back(qtbot: QtBot) -> None:
    view = a_view(qtbot, FILLED)
    box = view.field_box("child")
    assert box is not None
    assert isinstance(box.editor, RepeatEditor)
    remove = box.editor.focus_chain()[0]
    QTest.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert [row["name"] for row in view.values()["child"]] == ["Child Two"]
    QTest.mouseClick(box.editor.focus_chain()[0], Qt.MouseButton.LeftButton)
    assert view.values()["child"] == FILLED["child"]


def test_a_new_row_takes_the_focus(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    box = view.field_box("child")
    assert box is not None
    assert box.editor is not None
    box.editor.target().setFocus()
    QTest.keyClick(box.editor.target(), Qt.Key.Key_Space)
    QTest.keyClicks(focused(), "Wren")
    assert view.values()["child"] == [{"name": "Wren", "age": ""}]


def test_a_choice_is_found_by_typing_and_a_search_keeps_other_words(qtbot: QtBot) -> None:
    view = a_view(qtbot)
    source = line(view, "source")
    source.setFocus()
    QTest.keyClicks(source, "hous")
    QTest.keyClick(source, Qt.Key.Key_Return)
    popup = QApplication.activePopupWidget()
    if popup is not None:
        QTest.keyClick(popup, Qt.Key.Key_Return)
    line(view, "referrer").setFocus()
    assert view.values()["source"] == "housing"
    court = line(view, "court")
    court.setFocus()
    QTest.keyClicks(court, "Atlantis Assizes")
    line(view, "referrer").setFocus()
    assert view.values()["court"] == "Atlantis Assizes"


def test_the_place_and_the_cursor_come_back(qtbot: QtBot) -> None:
    view = a_view(qtbot, FILLED)
    for path in ("incident", "injury.detail.what", "child.1.name", "happened.time", "injury.source"):
        view.restore_focus({"field": path, "cursor": 3})
        assert view.focus_place() == {"field": path, "cursor": 3}
        assert cursor_of(focused()) == 3


def test_problems_stand_under_their_fields_and_the_first_has_the_focus(qtbot: QtBot) -> None:
    view = a_view(qtbot, {"child": [{"name": "", "age": 3}], "received": "32/1"})
    found = view.problems()
    assert set(found) == {"source", "received", "given", "child.0.name"}
    view.show_problems(found)
    assert line(view, "source").hasFocus()
    assert "needed" in line(view, "source").accessibleDescription()
    view.show_problems({})
    assert "needed" not in line(view, "source").accessibleDescription()


def test_tab_follows_the_eye_through_what_appeared_later(qtbot: QtBot) -> None:
    view = a_view(qtbot, FILLED)
    chain = [each for box in view.sections for each in box.group.focus_chain()]
    view.order_tabs()
    for before, after in pairwise(chain):
        step = before.nextInFocusChain()
        while step is not None and step not in chain:
            step = step.nextInFocusChain()
        assert step is after


def test_progress_counts_what_shows(qtbot: QtBot) -> None:
    view = a_view(qtbot, {}, SHORT)
    assert view.progress() == (0, 3)
    view.set_values({"text": "Spoke", "happened": "2026-11-21T10:00"})
    assert view.progress() == (2, 3)


def test_a_problem_takes_no_room_from_its_field(qtbot: QtBot) -> None:
    view = a_view(qtbot, FILLED)
    view.set_values({})
    view.show_problems(view.problems())
    for key in ("source", "received"):
        field = target(view, key)
        qtbot.waitUntil(lambda field=field: field.height() >= field.minimumSizeHint().height())  # type: ignore[misc]
    box = view.field_box("received")
    assert box is not None
    qtbot.waitUntil(lambda: box.height() >= box.heightForWidth(box.width()))


class Restyled(QObject):
    """Counts how often widgets are styled anew."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look on."""
        self.times += event.type() == QEvent.Type.StyleChange
        return False


def test_a_large_form_is_made_where_it_stands_and_not_styled_again_and_again(qtbot: QtBot, qapp: QApplication) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    counted = Restyled()
    qapp.installEventFilter(counted)
    view = FormView(EVERY_KIND, {}, a_context(), place)
    qapp.removeEventFilter(counted)
    assert counted.times < 2 * len(view.findChildren(QWidget))
