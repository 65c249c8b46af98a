"""The list of tasks in a real window on a real store."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.tasks import TaskDetails, add_task, complete_task
from advocate_desk.casework.work import Work
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.tasks.model import counted, task_lines
from advocate_desk.desk.screens.tasks.view import TasksScreen
from advocate_desk.desk.widgets.grouped_list import GroupedModel, Heading, ListRow
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.today import open_task_page
from advocate_desk.store.tables.work import task
from tests.builders import NOON, PACKS, a_file
from tests.desk.walk import assert_accessible, assert_fits

TODAY = NOON.date()


@pytest.fixture
def file_id(work: Work) -> FileId:
    made = a_file(work)
    allocate(work, made, Advocate(work.actor.name))
    for title, days in (("Late", -3), ("Now", 0), ("Soon", 5), ("Far", 30)):
        add_task(work, made, TaskDetails(title, due_on=TODAY + timedelta(days=days)))
    return made


def opened(qtbot: QtBot, office: Office) -> TasksScreen:
    screen = TasksScreen(office)
    qtbot.addWidget(screen)
    screen.resize(1100, 650)
    screen.show()
    qtbot.waitUntil(lambda: bool(screen.count.text()))
    return screen


def titles(screen: TasksScreen) -> list[str]:
    return [line.text if isinstance(line, Heading) else line.title for line in screen.list.rows.lines()]


def own(screen: TasksScreen) -> list[str]:
    return [
        each
        for each in titles(screen)
        if each in ("Overdue", "Late", "Today", "Now", "This week", "Soon", "Later", "Far")
    ]


@pytest.mark.usefixtures("file_id")
def test_tasks_stand_under_their_urgency(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    assert own(screen) == ["Overdue", "Late", "Today", "Now", "This week", "Soon", "Later", "Far"]
    assert "1 overdue" in screen.count.text()


@pytest.mark.usefixtures("file_id")
def test_space_completes_a_task_and_undo_brings_it_back(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    screen.list.setFocus()
    assert screen.list.current_key() is not None
    with qtbot.waitSignal(office.messages.noticed) as noticed:
        QTest.keyClick(screen.list, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Late" not in titles(screen))
    assert screen.list.current_key() is not None  # the next one is chosen
    assert noticed.args is not None
    noticed.args[0].action()
    qtbot.waitUntil(lambda: "Late" in titles(screen))


def test_arrows_pass_over_headings_and_enter_opens_the_file(qtbot: QtBot, office: Office, file_id: FileId) -> None:
    screen = opened(qtbot, office)
    screen.list.setFocus()
    QTest.keyClick(screen.list, Qt.Key.Key_Down)
    line = screen.list.rows.lines()[screen.list.currentIndex().row()]
    assert isinstance(line, ListRow)
    with qtbot.waitSignal(office.file_asked) as asked:
        QTest.keyClick(screen.list, Qt.Key.Key_Return)
    assert asked.args == [file_id, ""]


@pytest.mark.usefixtures("file_id")
def test_an_origin_keeps_its_tasks_only(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    screen.origin.chosen.emit(("own",))
    assert [each for each in titles(screen) if each == "Late"] == ["Late"]
    assert all(isinstance(each, Heading) or "Added by hand" in each.detail for each in screen.list.rows.lines())
    screen.origin.chosen.emit(("breach",))
    assert titles(screen) == []
    assert "origin" in screen.empty.text.text()


def test_nobodys_tasks_are_an_empty_page_with_words(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    assert screen._stack.currentWidget() is screen.empty
    assert "no open task" in screen.empty.text.text()


@pytest.mark.usefixtures("file_id")
def test_the_place_is_kept(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    screen.list.setCurrentIndex(screen.list.rows.index(3))
    place = screen.place()
    again = opened(qtbot, office)
    again.restore(place)
    qtbot.waitUntil(lambda: again.list.current_key() == screen.list.current_key())


@pytest.mark.usefixtures("file_id")
def test_the_model_behaves(qtmodeltester: ModelTester, work: Work) -> None:
    page = work.read(open_task_page)
    model = GroupedModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.set_lines(task_lines(page.tasks, TODAY, PACKS, counted(page.counts, TODAY)))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


@pytest.mark.usefixtures("file_id")
def test_every_control_has_a_name_and_a_place(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    assert_accessible(screen)
    assert_fits(screen, 700)


def test_the_list_goes_on_as_somebody_scrolls_there_and_counts_what_is_not_read(
    qtbot: QtBot, office: Office, work: Work, file_id: FileId, monkeypatch: pytest.MonkeyPatch
) -> None:
    with work.activity("test", file_id) as act:
        for number in range(60):
            values = {"title": f"Call {number:02}", "due_on": TODAY + timedelta(days=1 + number // 20), "origin": "own"}
            act.insert(task, file_id, values)
    monkeypatch.setattr("advocate_desk.desk.screens.tasks.presenter.TASK_ROWS", 25)
    screen = opened(qtbot, office)
    everything = len(work.read(open_task_page, "", 500).tasks)
    assert str(everything) in screen.count.text()
    assert 25 <= len(titles(screen)) < everything
    while len([each for each in screen.list.rows.lines() if isinstance(each, ListRow)]) < everything:
        before = len(titles(screen))
        bar = screen.list.verticalScrollBar()
        bar.setValue(bar.maximum())
        qtbot.waitUntil(lambda seen=before: len(titles(screen)) > seen)  # type: ignore[misc]
    keys = [line.key for line in screen.list.rows.lines() if isinstance(line, ListRow)]
    assert len(keys) == len(set(keys)) == everything
    assert len(titles(screen)) == len(set(titles(screen)))  # no heading came twice
    done = screen.list.rows.lines()[-1]
    assert isinstance(done, ListRow)
    complete_task(work, done.key)  # type: ignore[arg-type]
    screen.reload()
    qtbot.waitUntil(lambda: done.title not in titles(screen))
    assert len([each for each in screen.list.rows.lines() if isinstance(each, ListRow)]) == everything - 1
