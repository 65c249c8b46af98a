"""What the system tells of sleep and of its screen lock, and the hold that keeps sleep away until the desk is locked.

On Linux these are logind and the desktop's screen saver, over D-Bus. Where there is neither, the idle time does the
work: a sleeping computer's clock jumps, and the first look after waking locks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import SLOT, QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusUnixFileDescriptor

_LOGIN = "org.freedesktop.login1"
_MANAGER = "/org/freedesktop/login1"
_PROPERTIES = "org.freedesktop.DBus.Properties"
_OWN_SESSION = f"{_MANAGER}/session/auto"
_SCREEN_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")


class SystemWatch(QObject):
    """Listens from `listen` on. After `hold` the system waits, at sleep, until `let_go`: five seconds at most."""

    slept = Signal(bool)  # True: the computer is about to sleep; False: it woke up
    locked = Signal()  # the session is asked to lock, or says that it is locked

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._system: QDBusConnection | None = None
        self._is_wanted = False
        self._hold: QDBusUnixFileDescriptor | None = None

    def listen(self) -> None:
        """Begin to listen, once. Nothing waits for an answer here: a login manager may be slow, or absent."""
        if self._system is not None:
            return
        try:
            from PySide6.QtDBus import QDBusConnection  # noqa: PLC0415 - not on every system, and not before it is needed
        except ImportError:
            return
        self._system = QDBusConnection.systemBus()
        if self._system.isConnected():
            self._listen_to_login()
        session = QDBusConnection.sessionBus()
        if session.isConnected():
            for name in _SCREEN_SAVERS:
                session.connect("", "", name, "ActiveChanged", self, _slot("on_screen_saver(bool)"))

    def hold(self) -> None:
        """Have the system wait when it wants to sleep. Nothing where it is asked for already, or there is no logind."""
        if self._is_wanted or self._system is None or not self._system.isConnected():
            return
        self._is_wanted = True
        asked = _call(_MANAGER, f"{_LOGIN}.Manager", "Inhibit", "sleep", "Advocate Desk", "Locking the desk", "delay")
        self._ask(asked, self._on_hold)

    def let_go(self) -> None:
        """The system may sleep: what was open is written."""
        self._is_wanted, self._hold = False, None  # the descriptor closes with its last holder

    # --- what the system says ---

    @Slot(bool)
    def on_sleep(self, is_beginning: bool) -> None:
        """The computer goes to sleep (True) or wakes up."""
        self.slept.emit(is_beginning)

    @Slot()
    def on_lock(self) -> None:
        """The session is asked to lock."""
        self.locked.emit()

    @Slot(bool)
    def on_screen_saver(self, is_on: bool) -> None:
        """The screen saver or the screen's lock came on, or went."""
        if is_on:
            self.locked.emit()

    @Slot(str, "QVariantMap", "QStringList")
    def on_properties(self, _interface: str, changed: dict[str, Any], _others: list[str]) -> None:
        """The session says that its screen is locked now, whoever locked it."""
        if changed.get("LockedHint") is True:
            self.locked.emit()

    # --- inside ---

    def _listen_to_login(self) -> None:
        if self._system is None:
            return
        self._system.connect(_LOGIN, _MANAGER, f"{_LOGIN}.Manager", "PrepareForSleep", self, _slot("on_sleep(bool)"))
        named = os.environ.get("XDG_SESSION_ID", "")
        if named:
            self._find_session(named, self._ask_for_session)
        else:  # started by the desktop's own service manager, say
            self._ask_for_session()

    def _ask_for_session(self) -> None:
        """Have logind say which session is the user's."""
        self._ask(_call(_OWN_SESSION, _PROPERTIES, "Get", f"{_LOGIN}.Session", "Id"), self._on_session_id)

    def _on_session_id(self, answer: list[Any]) -> None:
        self._find_session(str(answer[0].variant()))

    def _find_session(self, session_id: str, if_unknown: Callable[[], None] | None = None) -> None:
        self._ask(_call(_MANAGER, f"{_LOGIN}.Manager", "GetSession", session_id), self._on_session, if_unknown)

    def _on_session(self, answer: list[Any]) -> None:
        path = answer[0].path()
        if self._system is None:
            return
        self._system.connect(_LOGIN, path, f"{_LOGIN}.Session", "Lock", self, _slot("on_lock()"))
        slot = _slot("on_properties(QString,QVariantMap,QStringList)")
        self._system.connect(_LOGIN, path, _PROPERTIES, "PropertiesChanged", self, slot)

    def _on_hold(self, answer: list[Any]) -> None:
        if self._is_wanted:
            self._hold = answer[0]  # else the desk was locked meanwhile, and it closes here

    def _ask(
        self,
        call: QDBusMessage,
        on_answer: Callable[[list[Any]], None],
        if_refused: Callable[[], None] | None = None,
    ) -> None:
        from PySide6.QtDBus import QDBusMessage, QDBusPendingCallWatcher  # noqa: PLC0415 - there is a bus

        if self._system is None:
            return
        watcher = QDBusPendingCallWatcher(self._system.asyncCall(call), self)

        def on_finished() -> None:
            reply = watcher.reply()
            if reply.type() == QDBusMessage.MessageType.ReplyMessage and reply.arguments():
                on_answer(reply.arguments())
            elif if_refused is not None:
                if_refused()
            watcher.deleteLater()

        watcher.finished.connect(on_finished)


def _call(path: str, interface: str, method: str, *arguments: str) -> QDBusMessage:
    from PySide6.QtDBus import QDBusMessage  # noqa: PLC0415 - there is a bus

    made = QDBusMessage.createMethodCall(_LOGIN, path, interface, method)
    made.setArguments(list(arguments))
    return made


def _slot(signature: str) -> bytes:
    """A slot by its signature. PySide's types ask for bytes, and PySide itself refuses them (6.12)."""
    return cast(bytes, SLOT(signature))
