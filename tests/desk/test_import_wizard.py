from __future__ import annotations

import csv
import gc
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from advocate_desk.casework.import_matches import Choice
from advocate_desk.casework.imports import in_hand
from advocate_desk.casework.people import PersonDetails
from advocate_desk.casework.work import Work
from advocate_desk.desk import theme
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.import_wizard.check_model import Show
from advocate_desk.desk.screens.import_wizard.columns_model import ColumnsColumn
from advocate_desk.desk.screens.import_wizard.presenter import Step
from advocate_desk.desk.screens.import_wizard.view import ImportWizard
from advocate_desk.desk.slices import is_making
from advocate_desk.documents.sheets.fields import FIELD
from advocate_desk.errors import Unavailable
from advocate_desk.store.tables.files import client_file, referral
from advocate_desk.trouble import DISK_FULL, NOT_SAVED
from tests.builders import a_file
from tests.desk.walk import assert_accessible, assert_fits
from tests.referral_sheets import FOLDER, as_csv, many_rows

FULL = DISK_FULL.told(NOT_SAVED)
POLICE = FOLDER / "police_daily_list.csv"


@pytest.fixture
def office(work: Work, jobs: Jobs) -> Office:
    return Office(work, jobs)


@pytest.fixture
def open_wizard(office: Office, qtbot: QtBot) -> Callable[[], ImportWizard]:
    def opened() -> ImportWizard:
        wizard = ImportWizard(office)
        qtbot.addWidget(wizard)
        wizard.resize(1146, 700)
        wizard.show()
        wizard.activateWindow()
        qtbot.waitUntil(lambda: not is_making(wizard))
        return wizard

    return opened


@pytest.fixture
def wizard(open_wizard: Callable[[], ImportWizard]) -> Iterator[ImportWizard]:
    return open_wizard()  # type: ignore[return-value]


def reach(qtbot: QtBot, wizard: ImportWizard, step: Step, source: Path | bytes = POLICE) -> None:
    """Take a file in and go on with Ctrl+Enter until `step`."""
    it = wizard.presenter
    if not it.has_list:
        it.take_file(source) if isinstance(source, Path) else it.take_bytes(source)
        qtbot.waitUntil(lambda: it.step is Step.PREVIEW and it.may_go_on())
    while it.step < step:
        qtbot.waitUntil(it.may_go_on)
        then = Step(it.step + 1)
        QTest.keyClick(wizard, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_for_step(qtbot, wizard, then)


def wait_for_step(qtbot: QtBot, wizard: ImportWizard, step: Step) -> None:
    qtbot.waitUntil(lambda: wizard.presenter.step is step and not wizard.presenter.is_busy)


def count(work: Work, table: Any = client_file) -> int:
    return work.read(
        lambda conn: int(
            conn.execute(select(func.count()).select_from(table).where(table.c.deleted_at.is_(None))).scalar_one()
        )
    )


def type_into(qtbot: QtBot, wizard: ImportWizard, text: str) -> None:
    """Type over the cell one is on, by keyboard."""
    grid = wizard.check.grid
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_F2)
    editor = grid.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: grid.findChild(QLineEdit) is None)


def import_all(qtbot: QtBot, wizard: ImportWizard) -> None:
    reach(qtbot, wizard, Step.IMPORT)
    QTest.keyClick(wizard.finish.go, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not wizard.presenter.has_list and not wizard.presenter.is_busy)


# ------------------------------------------------------------------------------------------------------- the whole way


def test_a_police_list_is_imported_by_keyboard_and_undone(wizard: ImportWizard, work: Work, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.CHECK)
    assert wizard.next.text() == "Next, without 3 rows"
    cells = wizard.check.grid.currentIndex()
    assert wizard.check.model.field_at(cells.column()) is FIELD["incident_on"]
    type_into(qtbot, wizard, "30/10/2026")
    assert wizard.next.text() == "Next, without 2 rows"
    QTest.keyClick(wizard.check.grid, Qt.Key.Key_F8)
    assert wizard.check.model.number_at(wizard.check.grid.currentIndex().row()) == 9
    import_all(qtbot, wizard)
    assert wizard.finish.result.text() == "4 client files opened"
    assert count(work) == count(work, referral) == 4
    day = work.read(lambda conn: conn.execute(select(func.min(referral.c.incident_on))).scalar_one())
    assert day == date(2026, 10, 3)
    QTest.keyClick(wizard.finish.undo, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: wizard.presenter.has_list)
    assert count(work) == 0
    assert wizard.finish.result.text() == "The import was undone"


def test_rows_that_were_not_imported_can_be_put_right_at_once(wizard: ImportWizard, work: Work, qtbot: QtBot) -> None:
    import_all(qtbot, wizard)
    QTest.keyClick(wizard.finish.put_right, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: wizard.presenter.has_list and wizard.presenter.may_go_on())
    reach(qtbot, wizard, Step.CHECK)
    model = wizard.check.model
    assert {model.checked(model.number_at(row)).texts["client_family"] for row in range(model.rowCount())} == {
        "Hazelmere",
        "Willowby",
        "",
    }
    assert model.counts()[Show.PROBLEMS] == 3


def test_rows_that_were_not_imported_can_be_saved(
    wizard: ImportWizard, qtbot: QtBot, tmp_path: Path, work: Work
) -> None:
    reach(qtbot, wizard, Step.CHECK)
    QTest.keyClick(wizard.check.grid, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert wizard.check.model.counts()[Show.LEFT_OUT] == 1
    import_all(qtbot, wizard)
    path = tmp_path / "rows.csv"
    wizard.presenter.ending.save_failed(path)
    qtbot.waitUntil(path.exists)
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    assert len(rows) == 4
    assert rows[0][-1] == "Import problem"
    assert all(row[-1] for row in rows[1:])
    assert path.stat().st_mode & 0o077 == 0


def test_a_header_that_was_matched_before_is_matched_again(wizard: ImportWizard, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.COLUMNS)
    model = wizard.columns.model
    row = next(n for n in range(model.rowCount()) if model.field_of(n) == "incident_summary")
    model.set_field(row, "notes")
    import_all(qtbot, wizard)
    wizard.presenter.again()
    reach(qtbot, wizard, Step.COLUMNS)
    assert model.field_of(row) == "notes"
    assert model.index(row, ColumnsColumn.STATE).data() == "As last time"


def test_an_import_says_what_it_changed(wizard: ImportWizard, office: Office, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.IMPORT)
    with qtbot.waitSignal(office.changed) as told:
        wizard.presenter.import_now()
    assert {"client_file", "import_batch"} <= told.args[0].kinds


# ----------------------------------------------------------------------------------------------------------- pages


def test_the_preview_can_be_told_better(wizard: ImportWizard, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.PREVIEW)
    page = wizard.preview
    assert (page.encoding.currentData(), page.delimiter.currentData(), page.header.text()) == ("cp1252", ";", "4")
    page.delimiter_chosen.emit(",")
    qtbot.waitUntil(lambda: page.model.columnCount() < 5 and not wizard.presenter.is_busy)
    page.delimiter_chosen.emit(";")
    qtbot.waitUntil(lambda: page.model.columnCount() == 16 and not wizard.presenter.is_busy)
    page.grid.setCurrentIndex(page.model.index(4, 0))
    QTest.keyClick(page.grid, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.model.header_row == 4)
    page.header.setText("4")
    page.header.editingFinished.emit()
    qtbot.waitUntil(lambda: page.model.header_row == 3)


def test_a_wrong_encoding_is_refused_and_the_right_one_stays(wizard: ImportWizard, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.PREVIEW)
    wizard.preview.encoding.setCurrentIndex(0)
    wizard.preview.encoding_chosen.emit("utf-8")
    qtbot.waitUntil(wizard.banner.isVisible)
    assert "encoding" in wizard.banner.text()
    assert wizard.preview.encoding.currentData() == "cp1252"
    assert wizard.presenter.may_go_on()


def test_another_sheet_of_a_workbook_can_be_chosen(wizard: ImportWizard, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.PREVIEW, FOLDER / "hospital_referrals.xlsx")
    assert wizard.preview.sheet.count() == 2
    assert not wizard.preview.encoding.isVisible()
    wizard.preview.sheet_chosen.emit(1)
    qtbot.waitUntil(lambda: wizard.preview.model.index(0, 0).data() == "How to fill in this sheet")
    qtbot.waitUntil(lambda: not wizard.presenter.is_busy)


def test_a_column_is_matched_by_keyboard(wizard: ImportWizard, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.COLUMNS)
    page = wizard.columns
    page.grid.setFocus()
    page.grid.setCurrentIndex(page.model.index(15, ColumnsColumn.FIELD))
    QTest.keyClick(page.grid, Qt.Key.Key_Return)
    box = page.grid.findChild(QComboBox)
    assert box is not None
    box.setCurrentIndex(box.findData("notes"))
    box.activated.emit(box.currentIndex())
    assert page.model.field_of(15) == "notes"
    assert page.model.index(15, ColumnsColumn.STATE).data() == "Chosen by you"
    qtbot.waitUntil(wizard.presenter.may_go_on)


def test_a_field_that_is_given_to_another_column_leaves_the_first(wizard: ImportWizard, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.COLUMNS)
    model = wizard.columns.model
    model.set_field(9, "client_family")
    assert model.field_of(2) == ""
    qtbot.waitUntil(wizard.presenter.may_go_on)


def test_without_a_clients_name_there_is_no_way_on(wizard: ImportWizard, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.COLUMNS)
    model = wizard.columns.model
    model.set_field(2, "")
    model.set_field(3, "")
    qtbot.waitUntil(wizard.columns.banner.isVisible)
    assert not wizard.next.isEnabled()


def test_the_order_of_a_date_column_can_be_chosen(wizard: ImportWizard, qtbot: QtBot) -> None:
    data = as_csv(("Surname", "Date of offence"), [("Wren", "03/04/2026"), ("Finch", "05/06/2026")])
    reach(qtbot, wizard, Step.COLUMNS, data)
    wizard.columns.order_chosen.emit("incident_on", "month_first")
    qtbot.waitUntil(wizard.presenter.may_go_on)
    reach(qtbot, wizard, Step.CHECK)
    model = wizard.check.model
    assert model.checked(2).values["incident_on"] == date(2026, 3, 4)
    assert not model.checked(2).warnings


def test_an_answer_for_all_fills_what_rows_do_not_say(wizard: ImportWizard, qtbot: QtBot, work: Work) -> None:
    reach(qtbot, wizard, Step.COLUMNS)
    wizard.columns.answered_for_all.emit("source", "police")
    wizard.columns.answered_for_all.emit("site", "Testham")
    import_all(qtbot, wizard)
    found = work.read(lambda conn: conn.execute(select(referral.c.source, referral.c.site).distinct()).all())
    assert [tuple(row) for row in found] == [("police", "Testham")]


def test_problem_rows_come_first_and_can_be_shown_alone(wizard: ImportWizard, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.CHECK)
    model = wizard.check.model
    assert [model.number_at(row) for row in range(model.rowCount())] == [8, 9, 10, 6, 5, 7]
    model.filter(Show.PROBLEMS)
    assert model.rowCount() == 3


def test_the_same_text_in_other_rows_can_be_changed_alike(wizard: ImportWizard, qtbot: QtBot) -> None:
    rows = [("Wren", "14 ticks"), ("Finch", "14 ticks"), ("Jay", "14 ticks"), ("Rook", "High")]
    reach(qtbot, wizard, Step.CHECK, as_csv(("Surname", "Risk"), rows))
    assert wizard.check.model.counts()[Show.PROBLEMS] == 3
    type_into(qtbot, wizard, "High")
    assert wizard.check.change_all.text() == "Change 2 other rows alike"
    QTest.keyClick(wizard.check.change_all, Qt.Key.Key_Space)
    assert wizard.check.model.counts()[Show.PROBLEMS] == 0


def test_what_was_typed_outlives_a_change_of_columns(wizard: ImportWizard, qtbot: QtBot) -> None:
    reach(qtbot, wizard, Step.CHECK)
    type_into(qtbot, wizard, "30/10/2026")
    wizard.presenter.back()
    wizard.columns.model.set_field(15, "notes")
    reach(qtbot, wizard, Step.CHECK)
    assert wizard.check.model.checked(8).texts["incident_on"] == "30/10/2026"
    assert not wizard.check.model.checked(8).problems


def test_a_row_told_of_twice_has_one_choice(wizard: ImportWizard, work: Work, qtbot: QtBot) -> None:
    a_file(
        work,
        client=PersonDetails("client", "Zoe", "Larchwood", born_on=date(1991, 2, 14)),
        perpetrator=PersonDetails("perpetrator", "Zoë", "Larchwood"),
    )
    reach(qtbot, wizard, Step.KNOWN)
    model = wizard.known.model
    assert [line.choice for line in model.lines()] == [Choice.MERGE, Choice.NEW]
    model.choose(0, Choice.SKIP)
    assert [line.choice for line in model.lines()] == [Choice.SKIP, Choice.SKIP]


def test_typed_text_is_never_taken_for_markup(wizard: ImportWizard, qtbot: QtBot) -> None:
    rows = [("<b>Wren</b> & <img src=x>" * 3, "31/02/1990")]
    reach(qtbot, wizard, Step.CHECK, as_csv(("Surname", "DOB"), rows))
    model = wizard.check.model
    tip = model.index(0, model.column_of("client_family")).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert wizard.check.said.textFormat() is Qt.TextFormat.PlainText


def test_somebody_known_is_shown_side_by_side_and_chosen(wizard: ImportWizard, work: Work, qtbot: QtBot) -> None:
    a_file(work, client=PersonDetails("client", "Zoe", "Larchwood", born_on=date(1991, 2, 14)))
    reach(qtbot, wizard, Step.KNOWN)
    (line,) = wizard.known.model.lines()
    assert (line.match.row, line.choice) == (5, Choice.MERGE)
    wizard.known.model.choose(0, Choice.SKIP)
    wizard.known.chosen.emit(5, Choice.SKIP.value)
    import_all(qtbot, wizard)
    assert count(work) == 3


def test_merging_puts_the_referral_into_the_known_file(wizard: ImportWizard, work: Work, qtbot: QtBot) -> None:
    file_id = a_file(work, client=PersonDetails("client", "Zoe", "Larchwood", born_on=date(1991, 2, 14)))
    import_all(qtbot, wizard)
    own = work.read(lambda conn: conn.execute(select(referral.c.file_id)).scalars().all())
    assert list(own).count(file_id) == 2


# ------------------------------------------------------------------------------------------------- trouble on the way


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"", b"PK\x03\x04broken", b"<html><table>"])
def test_a_file_that_cannot_be_read_leaves_the_page_with_advice(
    wizard: ImportWizard, work: Work, qtbot: QtBot, data: bytes
) -> None:
    wizard.presenter.take_bytes(data)
    qtbot.waitUntil(wizard.banner.isVisible)
    assert wizard.presenter.step is Step.FILE
    assert not wizard.presenter.is_busy
    assert work.read(in_hand) is None


def test_a_file_that_is_gone_is_said_to_be(wizard: ImportWizard, qtbot: QtBot, tmp_path: Path) -> None:
    wizard.presenter.take_file(tmp_path / "Jane Wren.xlsx")
    qtbot.waitUntil(wizard.banner.isVisible)
    assert "Wren" not in wizard.banner.text()


def test_stopping_an_import_changes_nothing(wizard: ImportWizard, work: Work, qtbot: QtBot) -> None:
    header, rows = many_rows(2000)
    reach(qtbot, wizard, Step.IMPORT, as_csv(header, rows))
    wizard.presenter.import_now()
    wizard.presenter.stop()
    qtbot.waitUntil(wizard.banner.isVisible, timeout=20_000)
    assert "Nothing was changed" in wizard.banner.text()
    assert count(work) == 0
    assert wizard.finish.go.isVisible()


def test_a_file_can_be_dropped_on_the_page(wizard: ImportWizard, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(POLICE))])
    event = QDropEvent(
        QPointF(QPoint(50, 50)),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    wizard.dropEvent(event)
    qtbot.waitUntil(lambda: wizard.presenter.step is Step.PREVIEW)
    qtbot.waitUntil(wizard.presenter.may_go_on)


def test_a_list_that_was_put_away_can_be_taken_back(wizard: ImportWizard, office: Office, qtbot: QtBot) -> None:
    notices: list[Any] = []
    office.messages.noticed.connect(notices.append)
    reach(qtbot, wizard, Step.CHECK)
    wizard.presenter.start_over()
    assert wizard.presenter.step is Step.FILE
    notices[-1].action()
    qtbot.waitUntil(lambda: wizard.presenter.step is Step.CHECK)


# --------------------------------------------------------------------------------------------------- lock and crash


def test_a_lock_in_the_middle_of_a_cell_costs_nothing(
    open_wizard: Callable[[], ImportWizard], office: Office, qtbot: QtBot
) -> None:
    first = open_wizard()
    reach(qtbot, first, Step.CHECK)
    type_into(qtbot, first, "30/10/2026")
    QTest.keyClick(first.check.grid, Qt.Key.Key_F8)
    grid = first.check.grid
    QTest.keyClick(grid, Qt.Key.Key_F2)
    editor = grid.findChild(QLineEdit)
    assert editor is not None
    editor.setText("half a thou")
    editor.setCursorPosition(4)
    place = first.place()
    first.hide()

    second = open_wizard()
    second.restore(place)
    qtbot.waitUntil(lambda: second.presenter.step is Step.CHECK and not second.presenter.is_busy)
    model = second.check.model
    assert model.checked(8).texts["incident_on"] == "30/10/2026"
    assert not model.checked(8).problems
    typing = second.check.delegate.typing()
    assert typing is not None
    assert (typing[1], typing[2]) == ("half a thou", 4)
    assert model.number_at(typing[0].row()) == 9


def test_a_list_that_a_full_disk_refuses_is_held_over_a_lock_and_kept_when_there_is_room(
    open_wizard: Callable[[], ImportWizard], office: Office, work: Work, qtbot: QtBot
) -> None:
    def full(*_arguments: object) -> None:
        raise Unavailable(FULL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("advocate_desk.desk.screens.import_wizard.keeper.keep_in_hand", full)
        first = open_wizard()
        reach(qtbot, first, Step.CHECK)
        type_into(qtbot, first, "30/10/2026")
        place = first.place()
        qtbot.waitUntil(lambda: first.banner.text() == FULL)
        office.jobs.run_and_wait(lambda: None)
        held = office.not_written()
        assert list(held) == ["import"]
        first.presenter._keeper._timer.stop()
        first.hide()
    assert work.read(in_hand) is None
    office.holders.clear()
    office.held = held
    second = open_wizard()
    second.restore(place)
    qtbot.waitUntil(lambda: second.presenter.step is Step.CHECK and not second.presenter.is_busy)
    assert second.check.model.checked(8).texts["incident_on"] == "30/10/2026"
    qtbot.waitUntil(lambda: work.read(in_hand) is not None)
    assert office.not_written() == {}


def test_a_list_is_kept_while_it_is_being_worked_on_without_a_pause(
    open_wizard: Callable[[], ImportWizard], work: Work, qtbot: QtBot
) -> None:
    first = open_wizard()
    reach(qtbot, first, Step.COLUMNS)
    timer = first.presenter._keeper._timer
    timer.stop()
    first.presenter._keeper.touch()
    before = timer.remainingTime()
    qtbot.waitUntil(lambda: timer.remainingTime() < before)
    left = timer.remainingTime()
    first.presenter._keeper.touch()
    assert timer.remainingTime() <= left, "each change put the writing off"


def test_a_crash_brings_the_list_back(open_wizard: Callable[[], ImportWizard], work: Work, qtbot: QtBot) -> None:
    first = open_wizard()
    reach(qtbot, first, Step.COLUMNS)
    qtbot.waitUntil(lambda: work.read(in_hand) is not None)
    first.presenter.keep_now()
    qtbot.waitUntil(lambda: (work.read(in_hand) or ({}, {}))[1].get("step") == Step.COLUMNS)
    second = open_wizard()
    qtbot.waitUntil(lambda: second.presenter.step is Step.COLUMNS)
    assert second.columns.model.field_of(2) == "client_family"
    qtbot.waitUntil(second.presenter.may_go_on)


def test_neither_name_nor_place_of_the_file_is_kept(
    wizard: ImportWizard, qtbot: QtBot, tmp_path: Path, work: Work
) -> None:
    named = tmp_path / "Jane Wren referral.csv"
    named.write_bytes(POLICE.read_bytes())
    reach(qtbot, wizard, Step.CHECK, named)
    wizard.presenter.keep_now()
    qtbot.waitUntil(lambda: work.read(in_hand) is not None)
    assert "Jane Wren" not in repr(work.read(in_hand)) + repr(wizard.place()) + repr(vars(wizard.presenter))
    gc.collect()
    paths = [each for each in gc.get_objects() if isinstance(each, Path) and each is not named]
    assert not [each for each in paths if each == named]


def test_a_draft_of_another_version_is_dropped(
    open_wizard: Callable[[], ImportWizard], work: Work, qtbot: QtBot
) -> None:
    from advocate_desk.casework.imports import keep_in_hand

    keep_in_hand(work, {"other": 1}, {})
    wizard = open_wizard()
    qtbot.waitUntil(lambda: work.read(in_hand) is None)
    assert wizard.presenter.step is Step.FILE


# ------------------------------------------------------------------------------------------------ access and speed


@pytest.mark.parametrize("step", list(Step))
def test_every_page_can_be_used_without_eyes_or_mouse(
    wizard: ImportWizard, work: Work, qtbot: QtBot, step: Step
) -> None:
    a_file(work, client=PersonDetails("client", "Zoe", "Larchwood", born_on=date(1991, 2, 14)))
    if step is not Step.FILE:
        reach(qtbot, wizard, step)
    assert_accessible(wizard)


@pytest.mark.parametrize("percent", [100, 200])
def test_every_page_fits_a_small_screen(
    open_wizard: Callable[[], ImportWizard], qapp: QApplication, qtbot: QtBot, percent: int
) -> None:
    theme.apply(qapp, "light", percent)
    wizard = open_wizard()
    wizard.resize(1290 if percent == 200 else 1146, 640)
    for step in list(Step)[1:]:
        reach(qtbot, wizard, step)
        assert_fits(wizard, 1290 if percent == 200 else 1146)
        assert wizard.height() == 640


def test_models_keep_qts_contract(wizard: ImportWizard, work: Work, qtbot: QtBot) -> None:
    testers = [
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, wizard)
        for model in (wizard.preview.model, wizard.columns.model, wizard.check.model, wizard.known.model)
    ]
    a_file(work, client=PersonDetails("client", "Zoe", "Larchwood", born_on=date(1991, 2, 14)))
    reach(qtbot, wizard, Step.KNOWN)
    assert len(testers) == 4


def test_five_thousand_rows_stay_smooth(wizard: ImportWizard, qtbot: QtBot) -> None:
    header, rows = many_rows(5000)
    it = wizard.presenter
    it.take_bytes(as_csv(header, rows))
    qtbot.waitUntil(lambda: it.step is Step.PREVIEW and it.may_go_on(), timeout=30_000)
    it.go(Step.CHECK)
    model = wizard.check.model
    assert model.rowCount() == 5000
    with stopwatch(0.15):
        wizard.check.go_to_next()
    with stopwatch(0.15):
        it.on_edited(51, "client_born_on", "28/02/1990")
    with stopwatch(0.15):
        model.filter(Show.PROBLEMS)
    assert model.rowCount() == 99


@contextmanager
def stopwatch(most_s: float) -> Iterator[None]:
    """Fails when what is inside takes longer: three times what a slow laptop needs."""
    start = time.perf_counter()
    yield
    assert time.perf_counter() - start < most_s


def test_nothing_is_left_running_when_the_page_closes(wizard: ImportWizard, jobs: Jobs, qtbot: QtBot) -> None:
    wizard.presenter.take_file(FOLDER / "hospital_referrals.xlsx")
    jobs.close()
    assert isinstance(wizard, QWidget)


def test_the_page_begins_at_what_begins_an_import(wizard: ImportWizard) -> None:
    wizard.focus_first()
    assert wizard.focusWidget() is wizard.choose.choose
