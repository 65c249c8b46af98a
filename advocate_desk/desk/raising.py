"""What starts of the program say to each other: "raise", and that it was heard. Nothing else is listened to."""

from __future__ import annotations

import os
import socket
import struct
import sys

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ASK, ANSWER = b"raise\n", b"raised\n"
_STEP_MS = 50
_IDLE_CALLER_MS = 2_000
_MOST_CALLERS = 4


def ask_to_raise(address: str, end: QDeadlineTimer) -> bool:
    """Ask whoever listens at `address` to bring its window forward; whether it said so before `end`."""
    caller = QLocalSocket()
    caller.connectToServer(address)
    if not caller.waitForConnected(_STEP_MS) or not _is_same_user(int(caller.socketDescriptor())):
        return False
    caller.write(ASK)
    heard = b""
    while not end.hasExpired() and caller.state() == QLocalSocket.LocalSocketState.ConnectedState:
        if caller.waitForReadyRead(_STEP_MS):
            heard = bytes(caller.read(len(ANSWER)).data())
            break
    caller.abort()
    return heard == ANSWER


class Listener(QObject):
    """Hears "raise" at `address`, from this user alone. A caller that says nothing is put down after two seconds."""

    raise_asked = Signal()

    def __init__(self, address: str, parent: QObject) -> None:
        super().__init__(parent)
        QLocalServer.removeServer(address)  # of a first start that was killed
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(_MOST_CALLERS)
        self._server.newConnection.connect(self._on_called)
        self._server.listen(address)

    def close(self) -> None:
        """Hear nobody any more."""
        self._server.close()

    def _on_called(self) -> None:
        while self._server.hasPendingConnections():
            caller = self._server.nextPendingConnection()
            caller.disconnected.connect(caller.deleteLater)
            if not _is_same_user(int(caller.socketDescriptor())):
                caller.abort()
                continue
            caller.setReadBufferSize(len(ASK))  # whatever else is sent stays outside
            caller.readyRead.connect(lambda who=caller: self._on_said(who))
            QTimer.singleShot(_IDLE_CALLER_MS, caller, caller.abort)
            self._on_said(caller)

    def _on_said(self, caller: QLocalSocket) -> None:
        if caller.bytesAvailable() < len(ASK):
            return
        if bytes(caller.read(len(ASK)).data()) != ASK:
            caller.abort()
            return
        caller.write(ANSWER)
        caller.flush()
        self.raise_asked.emit()


def _is_same_user(descriptor: int) -> bool:
    """Whether who is at the other end of a socket is this user. Where the system does not say, the folder decides."""
    if not sys.platform.startswith("linux"):
        return True
    with socket.socket(fileno=os.dup(descriptor)) as peer:
        raw = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _process, user, _group = struct.unpack("3i", raw)
    return bool(user == os.getuid())
