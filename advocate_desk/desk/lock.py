"""When the desk locks or hides: left alone for a while, Ctrl+L and F9, the computer asleep or its screen locked.

This module only says when; `desk/window.py` does it. No dialog may delay it.
"""

from __future__ import annotations

import logging
import os
from datetime import datetime, timedelta
from typing import cast

from PySide6.QtCore import SLOT, QEvent, QMimeData, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard, QGuiApplication, QKeyEvent, QKeySequence, QWindow

from advocate_desk.clock import Clock
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
        self._listens = False

    def start(self, settings: LockSettings) -> None:
        """Begin to watch."""
        self.listen()
        self._settings, self._runs = settings, True
        self.acted()
        self._timer.start()
        for window in QGuiApplication.topLevelWindows():
            self._watch_window(window)

    @Slot()
    def listen(self) -> None:
        """Have the system tell of sleep and of its screen lock, once: after the first paint, or when the desk opens."""
        if not self._listens:
            self._listens = True
            listen_to_system(self)

    def stop(self) -> None:
        """Watch no more: the desk is locked."""
        self._runs = False
        self._timer.stop()

    def acted(self) -> None:
        """Somebody is at the desk."""
        self._acted_at = self._clock.now()

    @Slot()
    def look(self) -> None:
        """Lock if nobody has been at the desk for long enough. A clock that jumped (sleep) counts as time away."""
        away = self._clock.now() - self._acted_at
        if away < -timedelta(minutes=1):  # the clock was set back: count from here
            self.acted()
        elif self._runs and away >= timedelta(seconds=self._settings.idle_lock_s):
            self.lock_asked.emit("idle")

    @Slot(bool)
    def on_sleep(self, is_beginning: bool) -> None:
        """The computer goes to sleep (True) or wakes up."""
        if self._runs and self._settings.lock_with_screen and is_beginning:
            self.lock_asked.emit("sleep")

    @Slot()
    def on_session_lock(self) -> None:
        """The session is asked to lock."""
        if self._runs and self._settings.lock_with_screen:
            self.lock_asked.emit("screen")

    @Slot(bool)
    def on_screen_saver(self, is_on: bool) -> None:
        """The screen saver or the screen's lock came on, or went."""
        if is_on:
            self.on_session_lock()

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


def listen_to_system(watch: LockWatch) -> tuple[str, ...]:
    """Have the system tell `watch` of sleep and of its screen lock, where it can; the services that were found.

    On Linux these are logind and the desktop's screen saver, over D-Bus. Elsewhere the idle time does the work: a
    sleeping computer's clock jumps, and the first look after waking locks.
    """
    try:
        from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415 - not on every system
    except ImportError:
        return ()
    found: list[str] = []
    system, session = QDBusConnection.systemBus(), QDBusConnection.sessionBus()
    if system.isConnected():
        login = "org.freedesktop.login1"
        path = f"/org/freedesktop/login1/session/{_escaped(os.environ.get('XDG_SESSION_ID', ''))}"
        wanted = (
            ("/org/freedesktop/login1", f"{login}.Manager", "PrepareForSleep", _slot("on_sleep(bool)")),
            (path, f"{login}.Session", "Lock", _slot("on_session_lock()")),
        )
        found += [name for p, i, name, slot in wanted if system.connect(login, p, i, name, watch, slot)]
    if session.isConnected():
        for name in ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"):
            if session.connect("", "", name, "ActiveChanged", watch, _slot("on_screen_saver(bool)")):
                found.append(name)
    return tuple(found)


def _slot(signature: str) -> bytes:
    """A slot by its signature. PySide's types ask for bytes, and PySide itself refuses them (6.12)."""
    return cast(bytes, SLOT(signature))


def _escaped(session: str) -> str:
    """A session's name as a part of its D-Bus path: a leading digit is written as its code."""
    return "".join(
        each if each.isalpha() or (each.isdigit() and at) else f"_{ord(each):02x}" for at, each in enumerate(session)
    )


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
