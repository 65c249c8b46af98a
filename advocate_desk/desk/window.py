"""The one window. It shows the unlock page, the first-run guide or the desk, and locks and hides.

Locking asks nothing: drafts are written, then the page is deleted, then whoever holds the engine and the key is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut, QWindow
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from advocate_desk import settings
from advocate_desk.clock import Clock
from advocate_desk.desk import theme
from advocate_desk.desk.composing import Composing
from advocate_desk.desk.lock import ClipboardGuard, LockWatch
from advocate_desk.desk.shortcuts import sequences
from advocate_desk.desk.theme import px
from advocate_desk.desk.unwritten import typed_in, unwritten_words
from advocate_desk.desk.widgets.labels import icon_label, text_label
from advocate_desk.settings import ComputerSettings, LockSettings

if TYPE_CHECKING:  # the desk and its store are imported while the passphrase is typed
    from advocate_desk.casework.drafts import Draft
    from advocate_desk.desk.shell import DeskPage

log = logging.getLogger(__name__)

TITLE = "Advocate Desk"
_TEXT_STEP = 10  # per cent
_AFTER_DIALOG_MS = 50  # between two looks whether what stands over the desk has gone


class Cover(QWidget):
    """What F9 shows: nothing of anybody. Only F9 takes it away, and Ctrl+L locks behind it."""

    uncovered = Signal()
    lock_asked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Screen paused. Press F9 to continue."))
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(icon_label("pause", 40, "muted"), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(px(12))
        title = text_label(self.tr("Screen paused"), "title")
        hint = text_label(self.tr("Press F9 to continue"), "muted")
        layout.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(hint, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F9 uncovers, Ctrl+L locks; every other key does nothing."""
        event.accept()
        pressed = QKeySequence(event.keyCombination())
        if pressed in sequences("hide"):
            self.uncovered.emit()
        elif pressed in sequences("lock"):
            self.lock_asked.emit("asked")


class MainWindow(QMainWindow):
    """The window. `locked` follows when nothing of the caseload is on it or in its models any more.

    The program that owns the engine and the key connects `locked`: it closes them and shows the unlock page. `idle`,
    sleep and Ctrl+L all end here.
    """

    locked = Signal(str)  # why: "asked", "idle", "sleep", "screen", "key" or "closing"
    closing = Signal()
    key_change_asked = Signal(object)  # NewKey
    restore_asked = Signal(object)  # CopyFile
    removed = Signal()  # the organisation reported this desk lost
    restyled = Signal()

    def __init__(
        self, clock: Clock, computer: ComputerSettings | None = None, computer_path: Path | None = None
    ) -> None:
        super().__init__()
        self.computer = computer or ComputerSettings()
        self._computer_path = computer_path
        self._clock = clock
        self._desk: DeskPage | None = None
        self._desk_factory: Callable[[], DeskPage] | None = None
        self._lock_settings = LockSettings()
        self._unwritten: tuple[Draft, ...] = ()
        self._unwritten_because = ""
        self._held: dict[str, Any] = {}
        self._focus_before: QWidget | None = None
        self._covered_windows: list[QWidget] = []
        self._restyling = QTimer(self, singleShot=True)
        self._restyling.timeout.connect(self._restyle)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.setWindowTitle(TITLE)
        self.setMinimumSize(QSize(800, 560))
        self.resize(QSize(1280, 760).boundedTo(self.screen().availableSize()))
        self.watch = LockWatch(clock, self)
        self.watch.lock_asked.connect(self.lock)
        self.watch.hide_asked.connect(self._on_hide_key)
        self.watch.clock_set_back.connect(self._on_clock_set_back)
        self.composing = Composing(self)
        self.composing.composed.connect(self.watch.acted)
        self.clipboard = ClipboardGuard(self)
        self._cover: Cover | None = None  # made when it is first wanted
        self._is_closing_anyway = False
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.applicationStateChanged.connect(self._on_application_state)
            application.focusWindowChanged.connect(self._on_focus_window)

    # --- pages ---

    def show_page(self, page: QWidget) -> None:
        """Show a page instead of the one that is there, which ends: unlock, first run, progress, a message."""
        before = self._stack.currentWidget()
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        if before is not None:
            self._stack.removeWidget(before)
            before.hide()
            before.deleteLater()
        page.setFocus()

    def show_desk(self, factory: Callable[[], DeskPage], lock: LockSettings | None = None) -> DeskPage:
        """Build the desk and show it; from here on it locks by itself. `factory` builds it anew for a new look."""
        self._desk_factory = factory
        desk = self._build_desk()
        self.watch.start(lock or self._lock_settings)
        return desk

    def set_lock_settings(self, lock: LockSettings) -> None:
        """Take other settings for locking by itself."""
        self._lock_settings = lock
        if self._desk is not None:
            self.watch.start(lock)

    def desk(self) -> DeskPage | None:
        """The desk while it is unlocked."""
        return self._desk

    # --- lock and hide ---

    def lock(self, reason: str = "asked") -> None:
        """Write every open form, take everything off the screen, say `locked`. Asks nothing; nothing if locked."""
        desk = self._desk
        if desk is None:
            return
        desk.office.make_haste()  # a long import must not hold up the drafts, which are written behind it
        self.clipboard.clear()
        self.watch.stop()
        self.composing.finish()
        taken = desk.office.drafts.take()  # before the cover takes the focus, which writes half-typed dates out
        self._show_cover()
        self._unwritten = desk.office.drafts.flush_and_wait(taken)
        self._held = desk.office.not_written()
        if self._unwritten:
            self._unwritten_because = desk.office.drafts.trouble
            log.error("drafts could not be written at a lock: %d kept in memory", len(self._unwritten))
        self._end_dialogs()
        desk.office.end()
        self._desk = None
        self._desk_factory = None
        desk.hide()
        self._stack.removeWidget(desk)
        desk.deleteLater()  # where it stands: a parent taken away would have each of its widgets styled anew
        self._hide_cover()
        self._covered_windows = []
        self.locked.emit(reason)
        self.watch.let_sleep()

    def cover(self) -> None:
        """Hide everything behind a page that says nothing (F9)."""
        if self.is_covered():
            return
        self.composing.finish()
        self._focus_before = QApplication.focusWidget()
        self._covered_windows = [each for each in self._other_windows() if each.isVisible()]
        for each in self._covered_windows:
            each.hide()
        if self._covered_windows:
            self.activateWindow()  # the keys go to the cover, not to nobody
        self._show_cover()

    def uncover(self) -> None:
        """Show what was hidden, as it was."""
        self._hide_cover()
        for each in self._covered_windows:
            each.show()
        self._covered_windows = []
        if self._focus_before is not None and self.isAncestorOf(self._focus_before):
            self._focus_before.setFocus()

    def is_covered(self) -> bool:
        """Whether the screen is hidden."""
        return self._cover is not None and self._cover.isVisible()

    def come_forward(self) -> None:
        """Bring the window to the front as it is: a locked desk locked, a hidden one hidden."""
        self.setWindowState((self.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()
        QApplication.alert(self)  # where the system lets no window push itself forward, it marks it

    def held_words(self) -> str:
        """What is to be said on the locked page of forms that the disk would not take at the lock; "" for none."""
        return unwritten_words(self._unwritten, self._unwritten_because, bool(self._held), names_forms=False)

    def forget_held(self) -> None:
        """Drop what a lock could not write: its desk is gone."""
        self._unwritten, self._held, self._unwritten_because = (), {}, ""

    # --- look ---

    def set_computer(self, computer: ComputerSettings) -> None:
        """Take new settings of this computer: keep them, and draw everything in the new look, in a turn of its own."""
        before, self.computer = self.computer, computer
        if self._computer_path is not None:
            try:
                settings.save_computer(self._computer_path, computer)
            except OSError:
                log.warning("the settings of this computer could not be written")
        if (before.theme, before.text_percent) != (computer.theme, computer.text_percent):
            self._restyling.start(0)  # the page that asks is about to go

    def step_text(self, step: int) -> None:
        """Larger (+1) or smaller (-1) text."""
        percent = self.computer.text_percent + step * _TEXT_STEP
        percent = min(max(percent, theme.SMALLEST_TEXT), theme.LARGEST_TEXT)
        self.set_computer(ComputerSettings(self.computer.theme, percent, self.computer.hide_on_deactivate))

    # --- inside ---

    def _build_desk(self) -> DeskPage:
        if self._desk_factory is None:
            raise RuntimeError("there is no desk to build")
        desk = self._desk_factory()
        desk.office.computer = self.computer
        desk.office.held, self._held = self._held, {}
        desk.office.computer_asked.connect(self.set_computer)
        desk.office.lock_settings_asked.connect(self.set_lock_settings)
        desk.office.key_change_asked.connect(self.key_change_asked)
        desk.office.restore_asked.connect(self.restore_asked)
        desk.office.removed.connect(self.removed)
        desk.office.parted.connect(self._on_parted)
        desk.lock_asked.connect(self.lock)
        desk.hide_asked.connect(self.cover)
        desk.quit_asked.connect(self.close)
        desk.text_step_asked.connect(self.step_text)
        self._desk = desk
        self.show_page(desk)
        desk.start(self._unwritten, self._unwritten_because)
        self._unwritten = ()
        return desk

    def _restyle(self) -> None:
        """Widgets take lengths and icons from the look when they are made, so the desk is made anew, at its place.

        The one before goes first: to dress its thousands of widgets in a look that none of them will be seen in took
        seconds. Not from under a menu or a dialog, which may be waited for by a page that goes with it.
        """
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            self._restyling.start(_AFTER_DIALOG_MS)
            return
        desk = self._desk
        if desk is not None:
            self._unwritten = desk.office.drafts.flush_and_wait()
            self._held = desk.office.not_written()
            self._unwritten_because = desk.office.drafts.trouble
            desk.office.end()
            desk.hide()
            self._stack.removeWidget(desk)
            desk.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, self.computer.theme, self.computer.text_percent)
        if desk is not None:
            self._build_desk()
        if self._cover is not None:
            self._cover.deleteLater()
            self._cover = None
        self.restyled.emit()

    def _make_cover(self) -> Cover:
        cover = Cover(self)
        cover.uncovered.connect(self.uncover)
        cover.lock_asked.connect(self.lock)
        return cover

    def _on_clock_set_back(self, before: datetime) -> None:
        from advocate_desk.desk.clock_back import clock_back_words  # noqa: PLC0415 - no part of the first page

        words = clock_back_words(self._clock.now(), before)
        if words and self._desk is not None:
            self._desk.office.messages.notice(words, "warning")

    def _on_parted(self) -> None:
        self.lock()

    def _on_hide_key(self) -> None:
        """F9 in any window of ours: hides, or shows again."""
        if self.is_covered():
            self.uncover()
        else:
            self.cover()

    def _on_focus_window(self, window: QWindow | None) -> None:
        """Give a dialog the keys of lock and hide: the desk's own are deaf while a dialog stands over it."""
        for each in self._other_windows():
            if window is None or each.windowHandle() is not window or each.property("hears_lock"):
                continue
            each.setProperty("hears_lock", True)
            for name, run in (("lock", self.lock), ("hide", self._on_hide_key)):
                for keys in sequences(name):
                    QShortcut(keys, each, run)

    def _show_cover(self) -> None:
        cover = self._cover = self._cover or self._make_cover()
        cover.setGeometry(self.rect())
        cover.show()
        cover.raise_()
        cover.setFocus(Qt.FocusReason.ActiveWindowFocusReason)  # she comes back: a field half typed stays so
        self._stack.setEnabled(False)  # keys and shortcuts reach nothing behind the cover
        cover.repaint()

    def _hide_cover(self) -> None:
        if self._cover is not None:
            self._cover.hide()
        self._stack.setEnabled(True)

    def _other_windows(self) -> list[QWidget]:
        return [each for each in QApplication.topLevelWidgets() if each is not self and each.parent() is not None]

    def _end_dialogs(self) -> None:
        """Close what stands over the window. Dialogs with something typed in them keep it (`keep`)."""
        popup = QApplication.activePopupWidget()
        while popup is not None:
            popup.close()
            popup = QApplication.activePopupWidget()
        for each in self._other_windows():
            keep = getattr(each, "keep", None)
            if callable(keep):
                keep()
            if isinstance(each, QDialog):
                each.reject()
            each.hide()

    def _on_application_state(self, state: Qt.ApplicationState) -> None:
        away = state == Qt.ApplicationState.ApplicationInactive
        if away and self.computer.hide_on_deactivate and self._desk is not None:
            self.cover()

    def resizeEvent(self, event: Any) -> None:  # noqa: ANN401 - Qt's event
        """The cover covers all of it."""
        super().resizeEvent(event)
        if self._cover is not None:
            self._cover.setGeometry(self.rect())

    def changeEvent(self, event: QEvent) -> None:
        """The title says what the program is, never what is open."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowTitleChange and self.windowTitle() != TITLE:
            self.setWindowTitle(TITLE)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is a lock first: nothing is asked, unless something typed could not be kept and would be lost."""
        desk = self._desk
        self.composing.finish()
        unwritten = desk.office.drafts.flush_and_wait() if desk is not None else self._unwritten
        because = desk.office.drafts.trouble if desk is not None else self._unwritten_because
        held = desk.office.not_written() if desk is not None else self._held
        if (typed_in(unwritten) or held) and not self._is_closing_anyway:
            event.ignore()
            log.error("not closed: %d drafts could not be written", len(unwritten))
            self._ask_to_close(unwritten_words(unwritten, because, bool(held), names_forms=desk is not None))
            return
        self.lock("closing")
        self.closing.emit()
        event.accept()

    def _ask_to_close(self, lost: str) -> None:
        from advocate_desk.desk.dialogs.ask import ask  # noqa: PLC0415 - no part of the first page

        if self.is_covered():
            self.uncover()
        ask(
            self,
            self.tr("What you typed could not be kept"),
            f"{lost} "
            + self.tr("Put that right and close again. If you close now, what was typed since the last draft is lost."),
            self.tr("Close and lose it"),
            self._close_anyway,
            is_grave=True,
        )

    def _close_anyway(self) -> None:
        self._is_closing_anyway = True
        self.close()
