"""Nothing leaves the desk before its leaving is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.work import Work
from advocate_desk.desk.dialogs.paper import PaperDialog, show_paper
from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.desk.office import Office
from advocate_desk.documents.letter_pages import letter_pdf
from advocate_desk.documents.render import page_count
from advocate_desk.errors import Unavailable
from tests.unit.documents.papers import letter, own_fonts


class Desk:
    """A page over a window, with what was put on record about it."""

    def __init__(self, work: Work, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.on_record: list[str] = []
        self.watch: Callable[[str], object] = lambda _how: None
        self.office = Office(work, Jobs())
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(1366, 768)
        self.window.show()
        self.pdf = letter_pdf(own_fonts(), letter())
        self.dialog = self.open(self.record)

    def open(self, record: Callable[[str], Job]) -> PaperDialog:
        return show_paper(self.window, self.office, self.pdf, "A page", "page", record)

    def record(self, how: str) -> Job:
        def recorded() -> None:
            self.watch(how)
            self.on_record.append(how)

        return self.office.jobs.run(self.office, recorded)


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(work, qtbot)
    yield made
    made.office.jobs.close()


def no_disk(_how: str) -> None:
    raise Unavailable("The disk is full. Nothing was recorded.")


def our_fault(_how: str) -> None:
    raise RuntimeError


def a_printer(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_the_record_is_there_before_the_file_is(desk: Desk, tmp_path: Path) -> None:
    target, seen = tmp_path / "page.pdf", []
    desk.watch = lambda _how: seen.append(target.exists())
    desk.dialog.save_to(target)
    desk.qtbot.waitUntil(target.exists)
    assert (desk.on_record, seen) == (["exported"], [False])
    desk.qtbot.waitUntil(lambda: "Saved" in desk.dialog.trouble.text())


FAULTS = [
    (no_disk, "Nothing was recorded"),
    pytest.param(our_fault, "", marks=pytest.mark.expects_log("background work failed")),
]


@pytest.mark.parametrize(("trouble", "words"), FAULTS)
def test_what_cannot_be_put_on_record_does_not_leave(
    desk: Desk, tmp_path: Path, trouble: Callable[[str], object], words: str
) -> None:
    desk.watch = trouble
    desk.dialog.save_to(tmp_path / "page.pdf")
    desk.qtbot.waitUntil(desk.dialog.trouble.isVisible)
    assert words in desk.dialog.trouble.text()
    desk.dialog.trouble.hide()
    desk.dialog.print_on(a_printer(tmp_path / "printed.pdf"))
    desk.qtbot.waitUntil(desk.dialog.trouble.isVisible)
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_page_that_is_closed_while_it_is_put_on_record_stays_in(desk: Desk, tmp_path: Path) -> None:
    desk.dialog.save_to(tmp_path / "page.pdf")
    desk.dialog.reject()
    desk.qtbot.waitUntil(lambda: desk.on_record == ["exported"])
    desk.qtbot.wait(50)
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_disk_that_refuses_is_said_and_recorded(desk: Desk, tmp_path: Path) -> None:
    desk.dialog.save_to(tmp_path / "nowhere" / "page.pdf")
    desk.qtbot.waitUntil(lambda: desk.on_record == ["exported", "export_failed"])
    assert "that folder is not there" in desk.dialog.trouble.text()


@pytest.mark.qt_log_ignore("QPainter|QPdf|QFile|printer", extend=True)
def test_a_printer_that_takes_no_page_is_never_called_printed(desk: Desk, tmp_path: Path) -> None:
    desk.dialog.print_on(a_printer(tmp_path / "nowhere" / "printed.pdf"))
    desk.qtbot.waitUntil(lambda: desk.on_record == ["printed", "print_failed"])
    assert "did not take the page" in desk.dialog.trouble.text()


def test_every_page_is_printed_and_that_is_said(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "printed.pdf"
    desk.dialog.print_on(a_printer(target))
    desk.qtbot.waitUntil(lambda: "Sent to the printer" in desk.dialog.trouble.text())
    assert desk.on_record == ["printed"]
    assert page_count(target.read_bytes()) == page_count(desk.pdf)
