"""Every screen, section and form of the desk, on a full caseload, at twice the text size on a small laptop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from advocate_desk.casework.work import Work
from advocate_desk.demonstration.disagreement import disagree
from advocate_desk.desk import theme
from advocate_desk.desk.composition import SCREENS, build_page, form_registry
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.sections import SECTIONS
from advocate_desk.desk.shell import DeskPage
from advocate_desk.desk.window import MainWindow
from advocate_desk.domain.identity import FileId
from advocate_desk.settings import ComputerSettings
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.conflicts import open_conflicts
from advocate_desk.store.queries.notes import notes_page
from advocate_desk.store.tables.cases import bail, hearing
from advocate_desk.vault.vault import OpenVault
from tests.desk.settling import settle
from tests.desk.walk import clipped, mouse_only, nameless, rich_labels, still_too_wide, unreachable
from tests.full_desk import full_folder, full_template, open_desk

__all__ = ["full_folder", "full_template"]

WIDTH, HEIGHT = 1366, 768
LARGEST = 200


@pytest.fixture
def full(full_folder: Path) -> Iterator[Work]:
    """The demonstration's caseload of sixty files."""
    with open_desk(full_folder) as (work, _vault):
        yield work


class Tour:
    """Goes from page to page and notes what is wrong on each."""

    def __init__(self, work: Work, qtbot: QtBot) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        theme.load_script_fonts()
        theme.apply(application, "light", LARGEST)
        self.faults: list[str] = []
        self.qtbot = qtbot
        self.window = MainWindow(work.clock, ComputerSettings("light", LARGEST))
        self.window.resize(WIDTH, HEIGHT)
        qtbot.addWidget(self.window)
        self.window.show()
        self.office = Office(work, Jobs(), form_registry())
        self.office.vault = cast(OpenVault, object())  # what is about it is on the page, and not pressed here
        self.desk: DeskPage = self.window.show_desk(lambda: build_page(self.office))
        self.settle()

    def settle(self) -> None:
        """Wait until the store has answered and its answers are drawn."""
        settle(self.office, self.window, self.qtbot)

    def look(self, where: str, root: QWidget) -> None:
        """Note what is wrong under `root`."""
        self.settle()
        found = {
            "no name": nameless(root),
            "no way by Tab": unreachable(root),
            "mouse only": mouse_only(root),
            "not plain": rich_labels(root),
            "too wide": still_too_wide(root),
            "cut off": clipped(root),
        }
        self.faults += [f"{where}: {kind}: {each}" for kind, faults in found.items() for each in faults]
        if (self.window.width(), self.window.height()) != (WIDTH, HEIGHT):
            self.faults.append(f"{where}: the window grew to {self.window.width()}x{self.window.height()}")

    def form(self, key: str, params: dict[str, str]) -> None:
        """Open a form, look at all of its sections, and put it away untouched."""
        self.office.open_form(key, params)
        self.settle()
        page = self.desk.forms.top()
        if page is None or page.view is None:
            self.faults.append(f"form {key}: did not open")
            return
        self.look(f"form {key}", page)
        self._close(page)

    def _close(self, page: FormPage) -> None:
        self.desk.forms.close_page(page)
        self.settle()
        for one in self.office.drafts.aside():
            self.office.drafts.drop(one.key)


def sample_ids(work: Work) -> dict[str, str]:
    """A file that shows much: a client at court, put off before, with bail; and the records that forms want."""
    statement = (
        select(hearing.c.file_id, hearing.c.id, hearing.c.case_id, bail.c.id.label("bail_id"))
        .join(bail, bail.c.file_id == hearing.c.file_id)
        .where(hearing.c.outcome == "", hearing.c.adjourned_from_id.is_not(None))
        .order_by(hearing.c.hearing_on)
    )
    row = work.read(lambda conn: conn.execute(statement).first())
    assert row is not None
    view = work.read(file_view, FileId(row.file_id))
    assert view.client is not None
    ids = {
        "file_id": row.file_id,
        "hearing_id": row.id,
        "case_id": row.case_id,
        "bail_id": row.bail_id,
        "person_id": view.client.person_id,
        "note_id": work.read(notes_page, row.file_id).notes[0].note_id,
        "files": FileId(row.file_id).hex,
        "conflict_id": a_disagreement(work, row.id),
    }
    return {name: str(value) for name, value in ids.items()}


def a_disagreement(work: Work, hearing_id: UUID) -> UUID:
    """Two people have moved a hearing to different days."""
    ours, theirs = {"courtroom": "4", "listed_time": "14:00"}, {"courtroom": "7", "listed_time": "10:00"}
    disagree(work, "hearing", hearing_id, ours, theirs)
    return work.read(open_conflicts)[0].ids[0]


def test_every_page_can_be_read_and_used_at_200_per_cent(full: Work, qtbot: QtBot) -> None:
    tour = Tour(full, qtbot)
    ids = sample_ids(full)
    for screen in SCREENS:
        tour.desk.show_screen(screen.key)
        tour.look(f"screen {screen.key}", tour.desk)
    for section in SECTIONS:
        tour.desk.open_file(ids["file_id"], section.key)
        tour.look(f"section {section.key}", tour.desk)
    for key in form_registry().keys():  # noqa: SIM118 - a registry is no mapping
        tour.form(key, {} if key == "intake" else ids)
    assert tour.desk.findChildren(QScrollArea)
    tour.window.lock("closing")
    assert tour.faults == [], "\n".join(tour.faults)
