"""The program itself, in this process: unlocked on a real vault, driven, and timed from a wish to the painted answer.

It is started as `app.main` starts it, its windows drawn off screen by the same code that draws them on one.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from PySide6.QtCore import QEvent, QEventLoop, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit, QWidget

from advocate_desk.app import Program
from advocate_desk.clock import SystemClock
from advocate_desk.desk import composition, theme
from advocate_desk.desk.composition import SCREENS
from advocate_desk.desk.first_paint import FirstPaint
from advocate_desk.desk.garbage import GuiCollector, collect_all
from advocate_desk.desk.screens.caseload.saved import Choice
from advocate_desk.desk.screens.caseload.view import CaseloadScreen
from advocate_desk.desk.screens.client_file.sections import SECTIONS
from advocate_desk.desk.shell import DeskPage
from advocate_desk.desk.slices import is_making
from advocate_desk.desk.window import MainWindow
from advocate_desk.store.queries.caseload import PAGE_ROWS, CaseloadFilter
from advocate_desk.vault.vault import open_vault
from tests.benchmarks.caseloads import PASSPHRASE, QUICK, Built
from tests.benchmarks.figures import COUNT, FRAME_MS, FRAME_TARGET, MS, STALL_MS, Figure, figure
from tests.benchmarks.reads import READS
from tests.benchmarks.stalls import Stall, Watch, watched
from tests.benchmarks.statements import bare_driver, caught, through_driver

PATIENCE_S = 60.0
RELOADS = 9
FILES_OPENED = 8
MOST_SCROLLS = 200  # steps of a page each; a longer caseload is stepped further at a time
FORMS = ("dash", "plan_action", "letter", "hearing")  # the longest, and those with most beside them
KEYSTROKES = (("one letter", "s"), ("two letters", "sa"), ("a word", "screen"), ("a name", "testina s"))
TYPED = "She was told of the new date and asked for a screen."
FRAMED = "painted"


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds on the clock, and of the processor's work on all threads: the rest was waited."""

    wall_ms: float
    work_ms: float


class NeverCame(RuntimeError):
    """Something that was waited for did not come."""


def application() -> QApplication:
    """The application of this process, dressed as the program dresses it."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    made = theme.new_application("bench")
    GuiCollector(made)
    made.setQuitOnLastWindowClosed(False)
    theme.apply(made)
    return made


def wait(is_so: Callable[[], object], what: str) -> None:
    """Turn the event loop until something is so, and until what follows from it is painted. Raises NeverCame."""
    loop, end = QEventLoop(), time.perf_counter() + PATIENCE_S
    guard = QTimer(interval=500)  # wakes a loop to which nothing comes any more
    guard.start()
    while not is_so():
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if time.perf_counter() > end:
            raise NeverCame(what)
    guard.stop()
    QApplication.sendPostedEvents()
    loop.processEvents()


@dataclass
class Session:
    """One unlocked program on one caseload."""

    built: Built
    watch: Watch
    figures: list[Figure] = field(default_factory=list)

    def __post_init__(self) -> None:
        application()
        self.clock = SystemClock()
        self.window = MainWindow(self.clock)
        self.program = Program(self.window, self.built.folder, self.clock, False)
        self.program.start()
        seen: list[bool] = []
        page = self.window.centralWidget()
        assert page is not None
        FirstPaint(page).painted.connect(lambda: seen.append(True))
        self.window.show()
        wait(lambda: seen, "the first paint")
        composition.warm()  # while a passphrase is typed, all of it is imported and read
        for thread in threading.enumerate():
            if thread.name == "warm":
                thread.join()

    @property
    def desk(self) -> DeskPage:
        """The unlocked desk."""
        found = self.window.desk()
        assert found is not None
        return found

    def add(self, name: str, value: float, floor: float | None, target: float | None = None, unit: str = MS) -> None:
        """Keep a figure."""
        self.figures.append(figure(name, self.built.size, value, unit, floor, target))

    def framed(self, name: str, times: list[Took]) -> None:
        """Keep how long something takes to be painted, and how much of that is work, against one frame."""
        self.add(f"{name}, {FRAMED}", statistics.median(each.wall_ms for each in times), FRAME_MS, FRAME_TARGET)
        self.add(f"{name}, {FRAMED}, work alone", statistics.median(each.work_ms for each in times), FRAME_MS)

    # --- what is done ---

    def unlock(self) -> float:
        """Milliseconds from the accepted passphrase to Today with its rows, painted."""
        vault = open_vault(self.built.folder, PASSPHRASE, keyring=None, clock=self.clock, cost=QUICK)
        self.watch.step = "unlock"
        self.watch.resume()  # the stretching of the passphrase, which the program does on a thread of its own
        start = time.perf_counter()
        self.program._on_unlocked(vault)
        wait(lambda: self.window.desk() is not None, "the desk")
        self.answered()
        return (time.perf_counter() - start) * 1000

    def answered(self) -> None:
        """Wait until what was asked of the store so far is answered and painted: its one worker answers in order."""
        answers: list[object] = []
        job = self.desk.office.jobs.run(self.desk, lambda: True)
        job.done.connect(answers.append)
        wait(lambda: answers and not is_making(self.window), "the store")

    def reread(self, key: str) -> list[Took]:
        """Milliseconds of reading a screen again, as a change has it read, and painting it."""
        self.watch.step = f"{key} again"
        self.desk.show_screen(key)
        self.answered()
        return [self._timed(self.desk.refresh) for _ in range(RELOADS)]

    def opened(self, key: str) -> list[Took]:
        """Milliseconds of making a screen anew, as the first visit does, to its painted answer."""
        self.watch.step = f"{key} opened"
        kind, stack = next(each for each in SCREENS if each.key == key), self.desk._stack
        taken = []
        for _ in range(RELOADS):
            before = stack.currentWidget()
            assert before is not None
            made: list[QWidget] = []

            def show(made: list[QWidget] = made) -> None:
                made.append(kind.factory(self.desk.office))
                stack.addWidget(made[0])
                stack.setCurrentWidget(made[0])

            taken.append(self._timed(show))
            (page,) = made
            stack.setCurrentWidget(before)
            stack.removeWidget(page)
            page.deleteLater()
            wait(lambda: True, "the screen before")
        return taken

    def _timed(self, act: Callable[[], object]) -> Took:
        start, worked = time.perf_counter(), time.process_time()
        act()
        self.answered()
        return Took((time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000)

    def scroll(self) -> list[Took]:
        """Milliseconds of each step of scrolling the whole caseload, closed files too, to its last row."""
        self.watch.step = "scroll"
        self.desk.show_screen("caseload")
        self.answered()
        screen = self.desk.current_page()
        assert isinstance(screen, CaseloadScreen)
        screen.presenter.use(Choice(CaseloadFilter(with_closed=True)))
        wait(lambda: screen.model.rowCount() == self.built.size, "the whole caseload")
        return self._scroll(screen)

    def _scroll(self, screen: CaseloadScreen) -> list[Took]:
        bar = screen.table.verticalScrollBar()
        step = max(bar.pageStep(), bar.maximum() // MOST_SCROLLS, 1)
        taken = []
        while bar.value() < bar.maximum():
            start, worked = time.perf_counter(), time.process_time()
            bar.setValue(bar.value() + step)
            wait(lambda: self._is_whole(screen), "rows in sight")
            taken.append(Took((time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000))
        wait(lambda: screen.model.line(self.built.size - 1) is not None, "the last row")
        return taken or [Took(0.0, 0.0)]

    def _is_whole(self, screen: CaseloadScreen) -> bool:
        first, last = screen.rows_in_sight()
        return all(screen.model.line(row) is not None for row in range(first, last + 1, PAGE_ROWS // 2 or 1))

    def open_files(self) -> list[Took]:
        """Milliseconds of opening each of some files, to its painted page."""
        self.watch.step = "open a file"
        stride = max(1, len(self.built.file_ids) // FILES_OPENED)
        return [self._timed(partial(self.desk.open_file, file_id)) for file_id in self.built.file_ids[::stride]]

    def find(self, typed: str) -> list[Took]:
        """Milliseconds from each key of `typed` to the painted answer."""
        self.watch.step = "find"
        popup = self.desk.find_popup
        popup.open()
        popup.line.clear()
        taken = [self._timed(partial(QTest.keyClicks, popup.line, letter)) for letter in typed]
        popup.line.clear()
        popup.close_up()
        return taken

    def write_a_note(self) -> None:
        """Open the form of a note, type into it, and leave it as a draft."""
        self.watch.step = "write a note"
        file_id = self.built.file_ids[0]
        self.desk.open_file(file_id)
        self.answered()
        self.desk.office.open_form("note", {"file_id": str(file_id)})
        wait(lambda: (form := self.desk.forms.top()) is not None and form.view is not None, "the form")
        edit = next(
            (each for each in self.desk.forms.findChildren(QWidget) if isinstance(each, QPlainTextEdit | QTextEdit)),
            None,
        )
        for letter in TYPED:
            if edit is not None:
                QTest.keyClicks(edit, letter)
            wait(lambda: True, "a letter")
        self.desk.show_screen("today")
        wait(lambda: True, "Today")

    def walk(self) -> None:
        """Show every screen, and every page of a file that has something on each, for the first time and again."""
        file_id = self.built.file_ids[-1]
        for again in ("", " again"):
            for screen in SCREENS:
                self.watch.step = f"screen {screen.key}{again}"
                self.desk.show_screen(screen.key)
                self.answered()
            for section in SECTIONS:
                self.watch.step = f"section {section.key}{again}"
                self.desk.open_file(file_id, section.key)
                self.answered()

    def fill_in(self) -> None:
        """Open long forms, and put them away untouched."""
        for key in FORMS:
            self.watch.step = f"form {key}"
            self.desk.office.open_form(key, {"file_id": str(self.built.file_ids[-1])})
            self.answered()
            form = self.desk.forms.top()
            assert form is not None
            assert form.view is not None
            self.desk.forms.close_page(form)
            self.answered()

    def change_look(self) -> None:
        """Read larger, in the dark, and as before, with everything open that was."""
        before = self.window.computer
        for name, percent in (("dark", 100), ("light", 120), (before.theme, before.text_percent)):
            self.watch.step = f"look {name} {percent}%"
            seen: list[object] = []
            self.window.restyled.connect(partial(seen.append, name))
            self.window.set_computer(replace(before, theme=name, text_percent=percent))
            wait(lambda seen=seen: seen, "the other look")  # type: ignore[misc]
            self.answered()

    def end(self) -> None:
        """Lock and take everything down."""
        self.watch.step = "lock"
        self.window.lock("closing")
        self.window.close()
        self.program._jobs.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        collect_all()


@contextmanager
def session(built: Built) -> Iterator[Session]:
    """A session whose event loop is watched."""
    application()
    with watched() as watch:
        one = Session(built, watch)
        try:
            yield one
        finally:
            one.end()


def drive(built: Built) -> tuple[list[Figure], list[Stall]]:
    """Everything of a session at one size: its figures, and its stalls."""
    floor = _bare_unlock(built)
    with session(built) as one:
        one.add("Unlock to Today", one.unlock(), floor)
        for key, name in (("today", "Today"), ("caseload", "Caseload")):
            one.framed(f"{name}, opened", one.opened(key))
            one.framed(f"{name}, read again", one.reread(key))
        steps = one.scroll()
        one.framed("Caseload, a step of scrolling", steps)
        one.add("Caseload, scrolling to its end, painted", sum(each.wall_ms for each in steps), None)
        one.framed("Open a file", one.open_files())
        for what, typed in KEYSTROKES:
            taken = one.find(typed)
            one.framed(f"Find, {what}", taken)
            one.add(f"Find, {what}, worst key, {FRAMED}", max(each.wall_ms for each in taken), FRAME_MS)
        one.write_a_note()
        one.walk()
        one.fill_in()
        one.change_look()
        stalls = list(one.watch.stalls)
    worst = max((each.late_ms for each in stalls), default=0.0)
    one.add("Worst stall of the session", worst, STALL_MS, 1.0)
    one.add("Worst stall of the session, work alone", max((each.busy_ms for each in stalls), default=0.0), STALL_MS)
    one.add("Stalls over 16 ms", len(stalls), None, None, COUNT)
    one.add("Stalls over 50 ms", sum(each.late_ms > STALL_MS for each in stalls), None, None, COUNT)
    one.add("Stalls over 50 ms, work alone", sum(each.busy_ms > STALL_MS for each in stalls), None, None, COUNT)
    return one.figures, stalls


def _bare_unlock(built: Built) -> float:
    """Milliseconds of the least of an unlock: the driver opens the store and fetches Today's rows."""
    with built.work() as work:
        what = caught(work.engine, lambda: READS[0].run(work, built))
    start = time.perf_counter()
    with built.work() as work, bare_driver(work.engine) as driver:
        through_driver(driver, what)
        return (time.perf_counter() - start) * 1000
