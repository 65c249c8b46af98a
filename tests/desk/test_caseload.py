"""The caseload in a real window on a real store."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from advocate_desk.casework import settings
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.people import PersonDetails
from advocate_desk.casework.work import Done, Work
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.caseload import presenter as presenter_module
from advocate_desk.desk.screens.caseload.model import CaseloadModel, Column
from advocate_desk.desk.screens.caseload.saved import (
    SETTING,
    Choice,
    SavedFilters,
    from_json,
    saved_from_json,
    saved_to_json,
    to_json,
)
from advocate_desk.desk.screens.caseload.view import CaseloadScreen
from advocate_desk.desk.widgets.tables import ID_ROLE
from advocate_desk.store.queries.caseload import PAGE_ROWS, CaseloadFilter, caseload_page
from tests.builders import NOON, PACKS, a_file
from tests.builders_large import a_caseload
from tests.desk.walk import assert_accessible, assert_fits

TODAY = NOON.date()


def opened(qtbot: QtBot, office: Office) -> CaseloadScreen:
    screen = CaseloadScreen(office)
    qtbot.addWidget(screen)
    screen.resize(1150, 650)
    screen.show()
    qtbot.waitUntil(lambda: bool(screen.count.text()))
    return screen


def names(screen: CaseloadScreen, most: int = 20) -> list[str]:
    model = screen.model
    return [str(model.data(model.index(row, Column.NAME))) for row in range(min(model.rowCount(), most))]


def cell(screen: CaseloadScreen, row: int, column: Column) -> str:
    return str(screen.model.data(screen.model.index(row, column)))


def named(given_name: str) -> PersonDetails:
    return PersonDetails("client", given_name, "Testworth")


def test_no_files_and_no_match_are_different_pages(qtbot: QtBot, office: Office, work: Work) -> None:
    screen = opened(qtbot, office)
    assert screen._stack.currentWidget() is screen.nothing_yet
    file_id = a_file(work)
    office.changed.emit(Done(kinds=frozenset({"client_file"})))
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen.table)
    screen.filter_bar.search.setText("nobody of that name")
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen.nothing_matches)
    screen.nothing_matches.acted.emit()
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen.table)
    assert screen.model.row_of(file_id) == 0


def test_a_row_says_when_she_was_last_spoken_to_and_what_is_next(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = a_file(work, client=named("Mira"))
    write_note(work, file_id, NoteDetails(NOON - timedelta(days=3), "phone", "Spoke", spoke_with_client=True))
    screen = opened(qtbot, office)
    assert cell(screen, 0, Column.CONTACT) == "3 days ago"
    assert cell(screen, 0, Column.RISK) == "High"
    assert cell(screen, 0, Column.NEXT) == "Task Thu 26 Nov"  # the first assessment; the talk completed the rest
    assert cell(screen, 0, Column.ALLOCATED) == "Ash Advocate"


def test_enter_opens_the_file(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = a_file(work)
    screen = opened(qtbot, office)
    screen.table.setFocus()
    with qtbot.waitSignal(office.file_asked) as asked:
        QTest.keyClick(screen.table, Qt.Key.Key_Return)
    assert asked.args == [file_id, ""]


def test_typing_goes_down_to_the_list_and_a_heading_turns_the_order(qtbot: QtBot, office: Office, work: Work) -> None:
    for given in ("Mira", "Anna", "Zoë"):
        a_file(work, client=named(given))
    screen = opened(qtbot, office)
    screen.sort_asked.emit(Column.NAME)
    qtbot.waitUntil(lambda: names(screen) == ["Anna Testworth", "Mira Testworth", "Zoë Testworth"])
    screen.sort_asked.emit(Column.NAME)
    qtbot.waitUntil(lambda: names(screen) == ["Zoë Testworth", "Mira Testworth", "Anna Testworth"])
    QTest.keyClicks(screen.filter_bar.search, "zoe")
    qtbot.waitUntil(lambda: names(screen) == ["Zoë Testworth"])
    assert screen.count.text() == "1 file matches"


def test_the_chosen_file_stays_chosen_when_its_row_moves(qtbot: QtBot, office: Office, work: Work) -> None:
    for given in ("Mira", "Anna", "Zoë"):
        a_file(work, client=named(given))
    screen = opened(qtbot, office)
    screen.sort_asked.emit(Column.NAME)
    qtbot.waitUntil(lambda: names(screen)[0] == "Anna Testworth")
    screen.table.setCurrentIndex(screen.model.index(0, 0))
    anna = screen.table.currentIndex().data(ID_ROLE)
    screen.sort_asked.emit(Column.NAME)
    qtbot.waitUntil(lambda: names(screen)[0] == "Zoë Testworth")
    assert screen.table.currentIndex().data(ID_ROLE) == anna


def test_a_chip_keeps_and_clear_shows_all(qtbot: QtBot, office: Office, work: Work) -> None:
    a_caseload(work, 40)
    screen = opened(qtbot, office)
    qtbot.waitUntil(lambda: screen.model.rowCount() > 30)
    screen.filter_bar.grade._on_triggered("high", True)
    qtbot.waitUntil(lambda: {cell(screen, row, Column.RISK) for row in range(screen.model.rowCount())} == {"High"})
    assert screen.filter_bar.grade.text() == "Risk: High"
    screen.filter_bar.hearing._on_triggered(14, True)
    assert screen.presenter.choice.keep == CaseloadFilter(grades=("high",), hearing_within_days=14)
    screen.filter_bar._clear()
    qtbot.waitUntil(lambda: screen.model.rowCount() > 30)
    assert screen.filter_bar.grade.text() == "Risk"


def test_a_saved_filter_opens_the_caseload(qtbot: QtBot, office: Office, work: Work) -> None:
    a_caseload(work, 40)
    screen = opened(qtbot, office)
    screen.filter_bar.grade._on_triggered("high", True)
    screen.filter_bar.start_naming()
    screen.filter_bar.name.setText("High only")
    QTest.keyClick(screen.filter_bar.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: settings.get(work, SETTING) is not None)
    screen.presenter.make_default("High only")
    qtbot.waitUntil(lambda: (settings.get(work, SETTING) or {}).get("default") == "High only")
    again = opened(qtbot, office)
    qtbot.waitUntil(lambda: again.presenter.choice.keep.grades == ("high",))


def test_a_forgotten_filter_comes_back_with_undo(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    screen.presenter.save_as("Mine")
    with qtbot.waitSignal(office.messages.noticed, check_params_cb=lambda notice: notice.action is not None) as noticed:
        screen.presenter.forget_saved("Mine")
    assert screen.presenter.saved.of("Mine") is None
    assert noticed.args is not None
    noticed.args[0].action()
    assert screen.presenter.saved.of("Mine") is not None


def test_the_place_is_kept(qtbot: QtBot, office: Office, work: Work) -> None:
    a_caseload(work, 250)
    screen = opened(qtbot, office)
    screen.presenter.use(Choice(CaseloadFilter(with_closed=True), "sort_name", True))
    qtbot.waitUntil(lambda: screen.model.rowCount() == 250)
    screen.model.want(40)
    qtbot.waitUntil(lambda: here(screen.model, 40))
    screen.table.setCurrentIndex(screen.model.index(40, 0))
    place = screen.place()
    again = opened(qtbot, office)
    again.restore(place)
    qtbot.waitUntil(lambda: again.table.currentIndex().data(ID_ROLE) == screen.table.currentIndex().data(ID_ROLE))
    assert again.presenter.choice == screen.presenter.choice


def here(model: CaseloadModel, *rows: int) -> bool:
    return all(model.line(row) is not None for row in rows)


def test_ten_thousand_rows_are_scrolled_without_reading_on_the_windows_thread(
    qtbot: QtBot, office: Office, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_caseload(work, 10_000)
    threads: list[str] = []
    offsets: list[int] = []

    def watched(*args: Any, **kwargs: Any) -> Any:
        threads.append(threading.current_thread().name)
        offsets.append(kwargs["offset"])
        return caseload_page(*args, **kwargs)

    monkeypatch.setattr(presenter_module, "caseload_page", watched)
    screen = opened(qtbot, office)
    screen.presenter.use(Choice(CaseloadFilter(with_closed=True), "sort_name"))
    qtbot.waitUntil(lambda: screen.model.rowCount() == 10_000)
    bar = screen.table.verticalScrollBar()
    for part in range(21):
        bar.setValue(bar.maximum() * part // 20)
        screen.table.viewport().repaint()
        first, last = screen.rows_in_sight()
        qtbot.waitUntil(partial(here, screen.model, first, last))
    assert screen.model.line(9_999) is not None
    assert all(name.startswith("store") for name in threads)
    assert len(offsets) < 100  # pages in sight and the ones after them, not all of them
    assert all(offset % PAGE_ROWS == 0 for offset in offsets)


def test_rows_stay_until_their_successors_are_here(qtbot: QtBot, work: Work) -> None:
    a_caseload(work, 150)
    model = CaseloadModel(PACKS)
    wanted: list[int] = []
    model.page_wanted.connect(wanted.append)
    model.want(0)
    page = work.read(caseload_page, CaseloadFilter(with_closed=True), TODAY, NOON)
    model.put_page(page, TODAY)
    model.data(model.index(0, 0))
    assert wanted == [0, 1]
    shown = model.data(model.index(3, Column.NAME))
    model.forget_pages()
    assert model.data(model.index(3, Column.NAME)) == shown
    assert wanted == [0, 1, 0, 1]
    assert model.data(model.index(140, Column.NAME)) == "…"


def test_the_model_behaves(qtmodeltester: ModelTester, work: Work) -> None:
    a_caseload(work, 130)
    model = CaseloadModel(PACKS)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    for offset in (0, 100):
        page = work.read(caseload_page, CaseloadFilter(with_closed=True), TODAY, NOON, offset=offset)
        model.put_page(page, TODAY)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.put_page(work.read(caseload_page, CaseloadFilter(text="lucja"), TODAY, NOON), TODAY)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    assert model.rowCount(model.index(0, 0)) == 0
    assert not model.index(0, 0, QModelIndex()).parent().isValid()


def test_a_choice_survives_json_and_foreign_json_does_no_harm() -> None:
    keep = CaseloadFilter("mira", ("open_high",), ("high",), ("Ash",), ("court",), ("police",), True, True, 14, 28)
    choice = Choice(keep, "risk_rank", True)
    assert from_json(to_json(choice)) == choice
    saved = SavedFilters((("A", choice), ("b", Choice())), "A")
    assert saved_from_json(saved_to_json(saved)) == saved
    named = {"filters": [{"name": 4}, {"name": "x", "keep": {"grades": [1, "high"]}}]}
    foreign: tuple[object, ...] = (None, 3, [], {"filters": "x"}, {"filters": 4}, named)
    for odd in foreign:
        assert isinstance(saved_from_json(odd), SavedFilters)
    assert from_json({"keep": {"text": 4, "overdue_only": "yes", "hearing_within_days": True}, "sort": "x"}) == Choice()


def test_every_control_has_a_name_and_a_place(qtbot: QtBot, office: Office, work: Work) -> None:
    a_caseload(work, 12)
    screen = opened(qtbot, office)
    screen.filter_bar.start_naming()
    QApplication.processEvents()
    assert_accessible(screen)
    assert_fits(screen, 1000)
