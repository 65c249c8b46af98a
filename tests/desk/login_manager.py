"""logind's interface, as far as a program hears of it, on a private bus: answers with logind's own types and errors.

It speaks through jeepney and not through Qt, so that what Qt sends is checked by another hand: a call whose types are
not logind's is refused, as logind refuses it.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

NAME, ROOT = "org.freedesktop.login1", "/org/freedesktop/login1"
OWN_ID, OWN_PATH, OTHER_PATH = "c2", f"{ROOT}/session/c2", f"{ROOT}/session/_37"

_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>
"""


@contextlib.contextmanager
def private_bus(folder: Path) -> Iterator[str]:
    """The address of a message bus of one's own, for as long as the block lasts."""
    config, socket = folder / "bus.conf", folder / "bus"
    config.write_text(_CONFIG.format(socket=socket), encoding="utf-8")
    daemon = subprocess.Popen(
        ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # it says that it may not raise its own limits
        text=True,
    )
    try:
        assert daemon.stdout is not None
        assert daemon.stdout.readline().strip(), "the private bus did not start"
        yield f"unix:path={socket}"
    finally:
        daemon.terminate()
        daemon.wait()
        if daemon.stdout is not None:
            daemon.stdout.close()


@dataclass
class Inhibitor:
    """One lock that a program took. `released` is set when the program has closed its end."""

    asked: tuple[str, ...]
    read_end: int
    released: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Wait for the other end to be closed."""
        os.read(self.read_end, 1)
        os.close(self.read_end)
        self.released.set()


class LoginManager:
    """Owns logind's name on the bus at `address`, and answers until `close`."""

    def __init__(self, address: str) -> None:
        self.inhibitors: list[Inhibitor] = []
        self.calls: list[str] = []
        self._connection = open_dbus_connection(bus=address, enable_fds=True)
        self._connection.send_and_get_reply(message_bus.RequestName(NAME))
        self._ends = False
        self._one_at_a_time = threading.Lock()
        self._thread = threading.Thread(target=self._serve, name="login manager", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer no more."""
        self._ends = True
        self._thread.join()
        self._connection.close()

    # --- what logind tells everybody ---

    def prepare_for_sleep(self, is_beginning: bool) -> None:
        """The computer is about to sleep, or woke up."""
        self._say(ROOT, f"{NAME}.Manager", "PrepareForSleep", "b", (is_beginning,))

    def lock_session(self, path: str = OWN_PATH) -> None:
        """Ask a session to lock."""
        self._say(path, f"{NAME}.Session", "Lock", "", ())

    def hint_locked(self, is_locked: bool, path: str = OWN_PATH) -> None:
        """The session says whether its screen is locked."""
        changed: tuple[Any, ...] = (f"{NAME}.Session", {"LockedHint": ("b", is_locked)}, [])
        self._say(path, "org.freedesktop.DBus.Properties", "PropertiesChanged", "sa{sv}as", changed)

    def screen_saver(self, name: str, is_on: bool) -> None:
        """A desktop's screen saver comes on or goes."""
        self._say(f"/{name.replace('.', '/')}", name, "ActiveChanged", "b", (is_on,))

    def _say(self, path: str, interface: str, signal: str, signature: str, body: tuple[Any, ...]) -> None:
        told = new_signal(DBusAddress(path, interface=interface), signal, signature or None, body)
        self._send(told)

    # --- what programs ask ---

    def _serve(self) -> None:
        while not self._ends:
            with contextlib.suppress(TimeoutError):
                asked = self._connection.receive(timeout=0.05)
                if asked.header.message_type is MessageType.method_call:
                    self._answer(asked)

    def _answer(self, asked: Message) -> None:
        of = asked.header.fields
        path, member, types = of.get(HeaderFields.path), of.get(HeaderFields.member), of.get(HeaderFields.signature, "")
        self.calls.append(str(member))
        match (path, member, types):
            case (_, "Inhibit", "ssss") if path == ROOT:
                self._inhibit(asked)
            case (_, "GetSession", "s") if path == ROOT and asked.body == (OWN_ID,):
                self._send(new_method_return(asked, "o", (OWN_PATH,)))
            case (_, "Get", "ss") if path == f"{ROOT}/session/auto" and asked.body == (f"{NAME}.Session", "Id"):
                self._send(new_method_return(asked, "v", (("s", OWN_ID),)))
            case (_, "GetSession", "s") if path == ROOT:
                self._send(new_error(asked, f"{NAME}.NoSuchSession", "s", (f"No session {asked.body[0]!r} known",)))
            case called:
                self._send(new_error(asked, "org.freedesktop.DBus.Error.InvalidArgs", "s", (str(called),)))

    def _inhibit(self, asked: Message) -> None:
        read_end, write_end = os.pipe()
        made = Inhibitor(asked.body, read_end)
        self.inhibitors.append(made)
        threading.Thread(target=made.watch, name="inhibitor", daemon=True).start()
        self._send(new_method_return(asked, "h", (write_end,)))
        os.close(write_end)

    def _send(self, message: Message) -> None:
        with self._one_at_a_time:
            self._connection.send(message)
