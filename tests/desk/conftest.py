"""What tests of windows stand on: the light theme, a true True, and a worker that ends with its test."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog

from advocate_desk.casework.work import Work
from advocate_desk.desk import theme
from advocate_desk.desk.immortal import keep_true_alive
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.window import MainWindow
from tests.builders import a_work

keep_true_alive()

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Popups warn off screen, where there is no other window to be above of and no keyboard to grab."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture(autouse=True, scope="module")
def alone(qapp: QApplication) -> None:
    """No window or dialog is left of other modules' tests: it would take keys that are meant for ours."""
    for each in QApplication.topLevelWidgets():
        if isinstance(each, MainWindow | QDialog):
            each.hide()
            each.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(autouse=True, scope="module")
def collected_whole() -> Iterator[None]:
    """What `collected_here` left out of its collections is looked through once a module, on this thread as well."""
    yield
    gc.unfreeze()
    gc.collect()


@pytest.fixture(autouse=True)
def collected_here(qapp: QApplication, collected_whole: None) -> Iterator[None]:
    """Widgets in reference cycles end on this thread and not in a worker, as desk/garbage.py sees to in the program.

    Looked through is what the test made: all that was there before it, a million objects, takes a quarter second more.
    """
    gc.disable()
    gc.freeze()
    yield
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    """The light theme at 100% text, whatever the test before chose."""
    if theme.look() != theme.Look("light", theme.load_colours("light"), 100) or not qapp.styleSheet():
        theme.apply(qapp, "light", 100)


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    """The store's worker thread."""
    worker = Jobs()
    yield worker
    worker.close()


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    """An empty encrypted store, at noon on 21 November 2026."""
    made = a_work(tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def office(work: Work, jobs: Jobs) -> Iterator[Office]:
    """What a screen stands on, with that store and that worker."""
    made = Office(work, jobs)
    yield made
    made.deleteLater()
