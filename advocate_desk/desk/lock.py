"""When the desk locks or hides: left alone for a while, Ctrl+L and F9, the computer asleep or its screen locked.

This module only says when; `desk/window.py` does it. No dialog may delay it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent, QKeySequence, QWindow

from advocate_desk.clock import Clock
from advocate_desk.desk.login import SystemWatch
from advocate_desk.desk.shortcuts import sequences
from advocate_desk.settings import LockSettings

log = logging.getLogger(__name__)

_LOOK_EVERY_MS = 5_000
_CLIPBOARD_MS = 30_000
_ACTS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
    }
)


_MARK_OF_KDE = "x-kde-passwordManagerHint"


def _windows_format(name: str) -> str:
    """A clipboard format of Windows by its own name, as Qt passes it on."""
    return f'application/x-qt-windows-mime;value="{name}"'


_NO = bytes(4)  # a DWORD of 0
_MARKS = {
    _MARK_OF_KDE: b"secret",
    _windows_format("ExcludeClipboardContentFromMonitorProcessing"): _NO,
    _windows_format("CanIncludeInClipboardHistory"): _NO,
    _windows_format("CanUploadToCloudClipboard"): _NO,
}


class LockWatch(QObject):
    """Emits `lock_asked` with the reason: "asked", "idle", "sleep" or "screen". Runs between `start` and `stop`.

    It hears the keys of lock and hide as they reach a window, before dialogs and menus do: a shortcut of the desk is
    deaf while one of them stands over it.
    """

    lock_asked = Signal(str)
    hide_asked = Signal()
    passed_by = Signal()  # the computer slept, or locked its screen, while no desk was open: one may be opening
    woke = Signal()  # the computer slept, and is awake again
    clock_set_back = Signal(object)  # the moment at which somebody last acted, by the clock as it was

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._settings = LockSettings()
        self._acted_at: datetime = clock.now()
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._runs = False
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._watch_window)
            application.applicationStateChanged.connect(self._on_state)
        self._system = SystemWatch(self)
        self._system.slept.connect(self.on_sleep)
        self._system.locked.connect(self.on_session_lock)

    def start(self, settings: LockSettings) -> None:
        """Begin to watch."""
        self.listen()
        self._settings, self._runs = settings, True
        self.acted()
        self._timer.start()
        if settings.lock_with_screen:
            self._system.hold()
        else:
            self._system.let_go()
        for window in QGuiApplication.topLevelWindows():
            self._watch_window(window)

    @Slot()
    def listen(self) -> None:
        """Have the system tell of sleep and of its screen lock, once: after the first paint, or when the desk opens."""
        self._system.listen()

    def stop(self) -> None:
        """Watch no more: the desk is being locked."""
        self._runs = False
        self._timer.stop()

    def let_sleep(self) -> None:
        """The desk is locked and everything is written: the computer need not wait for it."""
        self._system.let_go()

    def acted(self) -> None:
        """Somebody is at the desk."""
        self._acted_at = self._clock.now()

    @Slot()
    def look(self) -> None:
        """Lock if nobody has been at the desk for long enough. A clock that jumped (sleep) counts as time away."""
        away = self._clock.now() - self._acted_at
        if away < -timedelta(minutes=1):  # the clock was set back: count from here
            before = self._acted_at
            self.acted()
            if self._runs:
                self.clock_set_back.emit(before)
        elif self._runs and away >= timedelta(seconds=self._settings.idle_lock_s):
            self.lock_asked.emit("idle")

    @Slot(bool)
    def on_sleep(self, is_beginning: bool) -> None:
        """The computer goes to sleep (True), and waits until the desk is locked; or wakes up."""
        if not is_beginning:
            self.woke.emit()
        if not self._runs and is_beginning:
            self.passed_by.emit()
        if not self._runs or not self._settings.lock_with_screen:
            return
        if is_beginning:
            self.lock_asked.emit("sleep")
            self.let_sleep()
        else:
            self._system.hold()

    @Slot()
    def on_session_lock(self) -> None:
        """The session is asked to lock."""
        if not self._runs:
            self.passed_by.emit()
        elif self._settings.lock_with_screen:
            self.lock_asked.emit("screen")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note keys and clicks as they reach a window; take the keys of lock and hide for ourselves."""
        if event.type() in _ACTS:
            self._acted_at = self._clock.now()
            if self._runs and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._take_key(event)
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        pressed = QKeySequence(event.keyCombination())
        if pressed in sequences("lock"):
            self.lock_asked.emit("asked")
            return True
        if pressed in sequences("hide") and not event.isAutoRepeat():
            self.hide_asked.emit()
            return True
        return False

    def _watch_window(self, window: QWindow | None) -> None:
        """Watching windows, not every event of the application, costs nothing while lists are drawn."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationSuspended:
            self.on_sleep(True)


def secret_text(text: str) -> QMimeData:
    """`text` for the clipboard, marked so that no clipboard history, cloud clipboard or monitor keeps it."""
    marked = QMimeData()
    marked.setText(text)
    for kind, value in _MARKS.items():
        marked.setData(kind, value)
    return marked


def is_secret(data: QMimeData | None) -> bool:
    """Whether what is on the clipboard carries those marks already."""
    return data is not None and data.hasFormat(_MARK_OF_KDE)


class ClipboardGuard(QObject):
    """Takes what was copied here off the clipboard: half a minute later, and at every lock.

    Meanwhile it keeps it out of the histories that the system or a clipboard manager writes.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clipboard: QClipboard = QGuiApplication.clipboard()
        self._is_ours = False
        self._timer = QTimer(self, singleShot=True, interval=_CLIPBOARD_MS)
        self._timer.timeout.connect(self.clear)
        self._clipboard.dataChanged.connect(self._on_changed)

    def clear(self) -> None:
        """Empty the clipboard if what is on it came from here."""
        self._timer.stop()
        if self._is_ours and self._clipboard.text():
            self._clipboard.clear()
        if self._clipboard.supportsSelection() and self._clipboard.ownsSelection():
            self._clipboard.clear(QClipboard.Mode.Selection)
        self._is_ours = False

    def _on_changed(self) -> None:
        """Ours if the system says so; where it cannot say, if a window of ours has the keys that copied it."""
        self._is_ours = self._clipboard.ownsClipboard() or QGuiApplication.focusWindow() is not None
        if not self._is_ours:
            self._timer.stop()
            return
        self._timer.start()
        if self._clipboard.text() and not is_secret(self._clipboard.mimeData()):
            self._clipboard.setMimeData(secret_text(self._clipboard.text()))  # comes back here, marked
