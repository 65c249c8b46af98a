"""Run as a process of its own: the real program, from its first start to a crash, with planted words in everything.

Started by tests/privacy/test_whole_session.py: `python -m tests.privacy.whole_session PLACE`, with every folder of a
user inside PLACE. It says what was done and what it saw on its standard output, and ends by aborting.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer, qWarning
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QWidget

from advocate_desk import app
from advocate_desk.casework.conflicts import Decided
from advocate_desk.desk.composition import SCREENS, form_registry
from advocate_desk.desk.dialogs.paper import PaperDialog, show_paper
from advocate_desk.desk.dialogs.passphrase import ChangePassphraseDialog
from advocate_desk.desk.file_menu import FileMenu
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.screens.client_file.plan.section import PlanSection
from advocate_desk.desk.screens.client_file.sections import SECTIONS
from advocate_desk.desk.screens.first_run.view import FirstRunView
from advocate_desk.desk.screens.import_wizard.presenter import Step
from advocate_desk.desk.screens.unlock.view import UnlockView
from advocate_desk.desk.shell import DeskPage
from advocate_desk.desk.slices import is_making
from advocate_desk.documents.layout import finish_pdf
from advocate_desk.documents.letter_pages import letter_pdf
from advocate_desk.documents.render import page_texts
from advocate_desk.vault import memory
from advocate_desk.vault.keyring import NO_KEYRING, KeyringCheck
from tests import planted, referral_sheets
from tests.casework_calls import CALLS, Standing, a_standing_file
from tests.desk.keyboard import press, tab_to, type_text
from tests.desk.typist import Typist, compose
from tests.faults.failing_store import broken_rule, failing_write
from tests.privacy import reach
from tests.unit.documents.papers import court_facts, letter, own_fonts
from tests.unit.vault.vaults import CHEAP

PATIENCE_S = 30
OF_RECORDS = {
    "amend_note": {"note_id": "note"},
    "bail_end": {"bail_id": "bail"},
    "breach": {"bail_id": "bail"},
    "immigration_note": {"person_id": "client"},
    "outcome": {"hearing_id": "held"},
    "stage": {"case_id": "case"},
}
"""The forms that are opened for a record, as their pages do it."""
log = logging.getLogger("session")
NO_RING = KeyringCheck(None, NO_KEYRING)


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for a state. Raises AssertionError with `what` when it does not come."""
    ends = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < ends, what
        QTest.qWait(10)


def say(**facts: object) -> None:
    """One line for the test that started this."""
    print(json.dumps(facts), flush=True)


class PlantingTypist(Typist):
    """Types the planted words instead of numbered ones."""

    def word(self) -> str:
        """The next planted word."""
        self.number += 1
        return planted.ALL[self.number % len(planted.ALL)]


class Session:
    """One sitting. Each step is a method; `run` does them in order."""

    def __init__(self, place: Path) -> None:
        self.place, self.chosen = place, place / "chosen"
        self.printed: list[bytes] = []
        self.groups: list[str] = []
        self.key = b""
        self.typist = PlantingTypist()
        self.titles: set[str] = set()

    @property
    def window(self) -> Any:
        """The program's window."""
        return next(each for each in QApplication.topLevelWidgets() if type(each).__name__ == "MainWindow")

    @property
    def desk(self) -> DeskPage:
        """The open desk."""
        found = self.window.desk()
        assert isinstance(found, DeskPage), "the desk is locked"
        return found

    @property
    def program(self) -> Any:
        """The program that owns what is open."""
        return self.window.findChild(app.Program)

    def on_print(self, pdf: bytes, _parent: QWidget) -> bool:
        """Instead of a printer."""
        self.printed.append(pdf)
        return True

    # --- the first start ---

    def first_run(self) -> None:
        """Through the guide, to an empty desk."""
        until(lambda: isinstance(QApplication.focusWidget(), QWidget), "the guide")
        press(Qt.Key.Key_Space)
        for typed in ("Ash Advocate", "Court IDVA", "Harbour Lights"):
            type_text(typed)
            press(Qt.Key.Key_Return)
        for _ in range(2):
            type_text(planted.PASSPHRASE)
            press(Qt.Key.Key_Return)
        view = self.window.findChild(FirstRunView)
        until(lambda: view.number() == 3, "the sheet's step")
        tab_to("Print the sheet…")
        press(Qt.Key.Key_Space)
        until(lambda: self.printed, "the sheet")
        lines = page_texts(self.printed.pop())[0].replace("\r", "").split("\n")
        self.groups = [lines[at + 1].strip() for at, line in enumerate(lines) if line.startswith("Group ")]
        for number, group in enumerate(view.sheet_step.form.fields):
            if number:
                press(Qt.Key.Key_Tab)
            type_text(self.groups[group.place].lower())
        press(Qt.Key.Key_Return)
        until(lambda: view.number() == 4, "the last step")
        press(Qt.Key.Key_Space)
        until(lambda: self.window.desk() is not None, "the desk")
        self.settle()

    def settle(self) -> None:
        """Wait until the store's thread has nothing in hand."""
        for _ in range(3):
            done: list[object] = []
            self.desk.office.jobs.run(self.desk, lambda: True).done.connect(done.append)
            until(lambda done=done: done and not is_making(self.window), "the store")  # type: ignore[misc]
            self.notice_titles()

    # --- a day ---

    def everything_on_file(self) -> Standing:
        """A file that has everything, made as the forms make it."""
        self.key = bytes(self.program._open.vault.db_key.buffer)
        made: list[Standing] = []
        self.desk.office.jobs.run(self.desk, self._file_it).done.connect(made.append)
        until(lambda: made, "the file")
        return made[0]

    def _file_it(self) -> Standing:
        """On the store's thread, which is the only writer."""
        work = self.desk.office.work
        made = a_standing_file(work)
        for call in CALLS:
            with failing_write(work.engine, 2, broken_rule):
                try:
                    call.run(work, made)
                except Exception:
                    log.exception("background work failed")
        made.decided = Decided()  # it held words that are looked for from here on
        return made

    def every_form(self, standing: Standing) -> None:
        """Fill every form, and save it if it lets itself be saved; some stay open."""
        for key in form_registry().keys():  # noqa: SIM118 - not a dict
            page = self._form(key, standing)
            if page is None:
                continue
            assert page.view is not None
            self.typist.fill(page.view)
            page.save()
            until(lambda page=page: page not in self.desk.forms.pages() or not page.is_saving, key)  # type: ignore[misc]
            self.settle()
            if key not in ("note", "intake") and page in self.desk.forms.pages():
                page.discard_asked.emit()
                self.settle()

    def _form(self, key: str, standing: Standing) -> FormPage | None:
        of = {name: str(standing.ids[known]) for name, known in OF_RECORDS.get(key, {}).items()}
        self.desk.office.open_form(key, {"file_id": str(standing.file_id), "files": standing.file_id.hex} | of)
        self.settle()
        page = self.desk.forms.pages()[-1]
        if page.view is None:
            page.discard_asked.emit()
            return None
        return page

    def every_screen(self, standing: Standing) -> None:
        """Look at every page of the rail, and every section of the file; find; copy; draw anew in another look."""
        for screen in SCREENS:
            self.desk.show_screen(screen.key)
            self.settle()
        self.desk.office.open_file(standing.file_id)
        self.settle()
        for section in SECTIONS:
            page: Any = self.desk.current_page()
            page.show_section(section.key)
            self.settle()
        for word in planted.ALL[:6]:
            self.desk.find_popup.open()
            compose(self.desk.find_popup.line, word)
            self.settle()
        self.desk.find_popup.line.selectAll()
        self.desk.find_popup.line.copy()
        seen: list[bool] = []
        self.window.restyled.connect(partial(seen.append, True))
        self.window.step_text(1)
        until(lambda: seen, "the larger text")
        self.settle()

    def a_list(self, given: Path) -> None:
        """Take in a list of referrals, to the end."""
        header = ("Client name", "DOB", "Phone", "Address", "What happened")
        rows = [(planted.SHEET_NAME, "04/03/1990", planted.MOBILE, planted.ADDRESS, planted.STORY)] * 4
        sheet = given / f"referrals of {planted.CLIENT_FAMILY}.csv"
        sheet.write_bytes(referral_sheets.as_csv(header, rows))
        self.desk.show_screen("import")
        self.settle()
        wizard: Any = self.desk.current_page()
        wizard.presenter.take_file(sheet)
        until(lambda: wizard.presenter.step is Step.PREVIEW and wizard.presenter.may_go_on(), "the list")
        while wizard.presenter.step < Step.IMPORT:
            step = Step(wizard.presenter.step + 1)
            until(wizard.presenter.may_go_on, f"the step before {step.name}")
            wizard.next.click()
            until(lambda step=step: wizard.presenter.step is step and not wizard.presenter.is_busy, step.name)  # type: ignore[misc]
            self.notice_titles()
        QTest.keyClick(wizard.finish.go, Qt.Key.Key_Space)
        until(lambda: not wizard.presenter.has_list and not wizard.presenter.is_busy, "the import")
        self.settle()

    def a_backup(self) -> None:
        """From the menu File."""
        made: list[object] = []
        self.desk.office.backups.ended.connect(made.append)  # type: ignore[union-attr]
        menu = self.desk.findChild(FileMenu)
        assert menu is not None
        menu.open_menu()
        wanted = "Back up now"
        next(each for each in menu._menu.actions() if each.text().startswith(wanted)).trigger()
        menu._menu.close()
        until(lambda: made, "the backup")
        say(backups=len(list((self.place / "home" / "profile").rglob("caseload-0*.db"))))
        self.settle()

    def half_a_minute(self) -> None:
        """What was copied here is on the clipboard, and half a minute later it is not."""
        clipboard = QApplication.clipboard()
        line = QLineEdit(planted.MOBILE, self.window)
        line.selectAll()
        line.copy()
        before = clipboard.text()
        self.window.clipboard._timer.timeout.emit()
        say(copied=before == planted.MOBILE, left=clipboard.text())
        line.setParent(None)
        line.deleteLater()

    def notice_titles(self) -> None:
        """Keep the titles of every window that there is now."""
        self.titles |= {each.windowTitle() for each in QApplication.topLevelWidgets()}
        self.titles |= {each.title() for each in QApplication.allWindows()}

    def papers(self) -> None:
        """A letter is looked at, saved under a name that somebody typed, locked with a password, and printed."""
        facts = court_facts(client_name=planted.CLIENT_GIVEN, effect_words=f"{planted.STORY}\n{planted.NOTE}")
        pdf = finish_pdf(letter_pdf(own_fonts(), letter(facts)))
        office = self.desk.office
        record = lambda _how: office.jobs.run(self.desk, lambda: None)  # noqa: E731 - a Job, as the dialog wants it
        dialog = show_paper(self.desk, office, pdf, "Letter", "letter", record)
        self._save_as(dialog, self.chosen / f"{planted.CLIENT_GIVEN} {planted.CLIENT_FAMILY}.pdf")
        dialog.password.setText(planted.PAPER_PASSWORD)
        self._save_as(dialog, self.chosen / "locked.pdf")
        printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(self.chosen / "printed.pdf"))
        dialog.print_on(printer)
        until((self.chosen / "printed.pdf").exists, "the print")
        self.settle()
        dialog.reject()

    def a_card(self, standing: Standing) -> None:
        """The discreet card of the plan, saved under the name that the program proposes."""
        self.desk.office.open_file(standing.file_id, "plan")
        self.settle()
        page: Any = self.desk.current_page()
        section = page.findChild(PlanSection)
        section.show_page("paper")
        self.settle()
        paper = section.paper
        paper.choose("card")
        paper.is_safe.setChecked(True)
        if not paper.reason.isHidden():
            paper.reason.setText("At her asking")
        until(paper._preview_card.isEnabled, "the card's button")
        paper._preview_card.click()
        until(lambda: paper.dialog is not None, "the card")
        self._save_as(paper.dialog, self.chosen / "card.pdf")
        self.notice_titles()
        paper.dialog.reject()
        self.settle()

    def _save_as(self, dialog: PaperDialog, path: Path) -> None:
        dialog.choose_place()
        until(lambda: QApplication.activeModalWidget() is not None, "the file dialog")
        chooser = next(each for each in QApplication.topLevelWidgets() if isinstance(each, QFileDialog))
        line = chooser.findChild(QLineEdit)
        assert line is not None
        line.setText(str(path))
        chooser.accept()
        until(path.exists, "the saved file")
        self.settle()

    def another_passphrase(self) -> None:
        """Change it, as Settings does."""
        office = self.desk.office
        assert office.vault is not None
        dialog = ChangePassphraseDialog(
            office.vault, office.clock, office.vault_jobs, cost=CHEAP, find_keyring=lambda: NO_RING, parent=self.window
        )
        dialog.open()
        QTest.qWait(50)
        dialog.secrets.present.edit.setText(planted.PASSPHRASE)
        for field in (dialog.secrets.form.first, dialog.secrets.form.second):
            field.edit.setText(planted.NEW_PASSPHRASE)
        ended: list[int] = []
        dialog.finished.connect(ended.append)
        until(lambda: self._went_on(dialog) or ended, "the new passphrase")
        assert ended == [int(QDialog.DialogCode.Accepted)]

    def _went_on(self, dialog: ChangePassphraseDialog) -> bool:
        dialog.go_on()
        QTest.qWait(100)
        return False

    def faults(self) -> None:
        """Errors with planted words in them, wherever Python and Qt give them out."""

        def fail_late() -> None:
            error = ValueError(planted.NOTE)
            raise RuntimeError(planted.STORY) from error

        class Unlucky:
            def __del__(self) -> None:
                raise RuntimeError(planted.STORY)

        for target in (fail, fail_late):
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
        Unlucky()
        self.desk.office.jobs.run(self.desk, fail_late)
        log.error("it failed: %s", RuntimeError(planted.STORY))
        qWarning(f'cannot open "{planted.STORY}"')
        self.settle()

    # --- after the lock ---

    def lock(self) -> None:
        """Ctrl+L, and what Qt and the collector do after it."""
        handle = self.window.windowHandle()
        QTest.keyClick(handle, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
        assert self.window.desk() is None
        until(lambda: self.window.findChild(UnlockView) is not None, "the unlock page")
        for _ in range(5):
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QTest.qWait(20)

    def look_around(self, with_way: bool) -> None:
        """Say which planted words and which keys can be reached, and by which way."""
        skip = reach.own_objects() | {id(self), id(self.__dict__), id(self.groups), id(self.key)}
        skip |= {id(each) for each in self.groups} | {id(self.typist), id(self.typist.__dict__)}
        secrets = {self.key, self.key.hex().encode(), *(each.encode() for each in self.groups)}
        skip |= {id(secrets)} | {id(each) for each in secrets}

        def traces(raw: bytes) -> list[str]:
            return quick_traces(raw) + ["a secret" for each in secrets if each in raw]

        found: dict[str, str] = {}
        looked_at = 0
        for texts, some in reach.reachable(skip):
            looked_at += len(texts)
            for text in holding(texts, traces):
                new = [word for word in traces(raw_of(text)) if word not in found]
                ours = skip | {id(texts), id(some)}
                where = " < ".join(reach.holders(reach.holder(text, some), ours)) if new and with_way else ""
                found |= dict.fromkeys(new, where)
        on_screen: dict[str, str] = {}
        for text, where in reach.shown():
            on_screen.setdefault(text, where)
        seen = {f"{quick_traces(raw_of(text))} in {on_screen[text]}" for text in holding([*on_screen], quick_traces)}
        say(reached=sorted(found), where=found if with_way else {}, shown=sorted(seen), looked_at=looked_at)

    def unlock(self) -> None:
        """With the new passphrase; the forms that were open are open."""
        page = self.window.findChild(UnlockView)
        page.passphrase_page.field.edit.setText(planted.NEW_PASSPHRASE)
        QTest.keyClick(page.passphrase_page.field.edit, Qt.Key.Key_Return)
        until(lambda: self.window.desk() is not None, "the desk to open")
        self.settle()
        say(open_forms=[each.kind.key for each in self.desk.forms.pages()])

    def run(self) -> None:
        """The whole of it."""
        self.first_run()
        standing = self.everything_on_file()
        self.every_form(standing)
        self.every_screen(standing)
        self.a_list(self.place.parent / "given")
        self.a_backup()
        self.half_a_minute()
        self.papers()
        self.a_card(standing)
        self.another_passphrase()
        self.faults()
        self.look_around(with_way=False)
        say(titles=sorted(self.titles))
        say(ask="while open", key=self.key.hex(), groups=self.groups)
        sys.stdin.readline()
        self.lock()
        self.look_around(with_way=True)
        say(ask="locked")
        sys.stdin.readline()
        self.unlock()
        import resource

        say(core_limit=resource.getrlimit(resource.RLIMIT_CORE))
        os.abort()


_FOLDED = {word: (word.encode(), word.encode("utf-16-le"), word.lower().encode()) for word in planted.ALL}


def quick_traces(raw: bytes) -> list[str]:
    """The planted words in `raw`, as text is held in memory."""
    return [word for word, forms in _FOLDED.items() if any(form in raw for form in forms)]


_PR_GET_DUMPABLE = 3  # Source: linux/prctl.h


def raw_of(text: str | bytes | bytearray) -> bytes:
    """As bytes."""
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)


T = TypeVar("T", bound=str | bytes | bytearray)


def holding(texts: Sequence[T], traces: Callable[[bytes], object]) -> Iterator[T]:
    """Those of the texts in which traces are found: by halves, for most hold none."""
    if not texts or not traces(b"\0".join(map(raw_of, texts))):
        return
    if len(texts) == 1:
        yield texts[0]
        return
    middle = len(texts) // 2
    yield from holding(texts[:middle], traces)
    yield from holding(texts[middle:], traces)


def fail() -> None:
    """An error of ours that quotes what somebody typed."""
    raise RuntimeError(planted.STORY)


@contextmanager
def told() -> Iterator[None]:
    """Say what went wrong, and end."""
    try:
        yield
    except BaseException:
        import traceback

        try:
            say(failed=traceback.format_exc()[-3000:])
        finally:  # also when nobody listens any more
            os._exit(3)


def main(place: Path) -> None:
    """Start the program as its own command does, with a cheap vault and no keyring, and sit down at it."""
    session = Session(place)
    if os.geteuid() != 0:  # only root may watch the files of a process that refuses to be looked into
        memory._PR_SET_DUMPABLE = _PR_GET_DUMPABLE
    app.UnlockView = partial(  # type: ignore[assignment,attr-defined]
        UnlockView, cost=CHEAP, find_keyring=lambda: NO_RING
    )
    import advocate_desk.desk.screens.first_run.view as guide

    guide.FirstRunView = partial(  # type: ignore[assignment,misc]
        FirstRunView, cost=CHEAP, find_keyring=lambda: NO_RING, print_pdf=session.on_print
    )
    start = app.Program.start

    def start_and_sit(program: app.Program) -> None:
        start(program)

        QTimer.singleShot(0, fail)  # in a slot, straight from the event loop

        def sit() -> None:
            with told():
                session.run()

        QTimer.singleShot(0, sit)

    app.Program.start = start_and_sit  # type: ignore[assignment,method-assign]
    app.main(["advocate-desk"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
