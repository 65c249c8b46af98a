"""Readers of spreadsheets that a hostile file has turned: what a process in their place could try."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from advocate_desk.documents.sheets.confined import confine

# --- what it could say -----------------------------------------------------------------------------------------------


def says_nothing_and_takes_nothing(_pipe: Connection) -> None:
    """Never reads what it is sent."""
    signal.pause()


def stops_in_the_middle(pipe: Connection) -> None:
    """Promises a message and sends half of it."""
    pipe.recv_bytes()
    os.write(pipe.fileno(), struct.pack("!i", 1000) + b"half")
    signal.pause()


def promises_gigabytes(pipe: Connection) -> None:
    """States a length that nobody has memory for."""
    pipe.recv_bytes()
    os.write(pipe.fileno(), struct.pack("!i", -1) + struct.pack("!Q", 1 << 40))


def says_rubbish(pipe: Connection) -> None:
    """Sends what is no message."""
    pipe.recv_bytes()
    pipe.send_bytes(b"\xc1\xff" * 50)


def sends_rows_without_end(pipe: Connection) -> None:
    """Sends rows until somebody stops it."""
    pipe.recv_bytes()
    rows = msgspec.msgpack.encode(["rows", [["x" * 100] * 50] * 100])
    pipe.send_bytes(msgspec.msgpack.encode(["sheet", "One"]))
    while True:
        pipe.send_bytes(rows)


def sends_empty_rows_without_end(pipe: Connection) -> None:
    """The cheapest way to fill another process's memory: one byte a row."""
    pipe.recv_bytes()
    while True:
        pipe.send_bytes(b"\x92\xa4rows\xdd" + struct.pack(">I", 7_000_000) + b"\x90" * 7_000_000)


def sends_sheets_without_end(pipe: Connection) -> None:
    """Sends beginnings of sheets only."""
    pipe.recv_bytes()
    while True:
        pipe.send_bytes(msgspec.msgpack.encode(["sheet", "One"]))


def dies_at_once(_pipe: Connection) -> None:
    """Is killed by the system."""
    os.kill(os.getpid(), signal.SIGKILL)


def takes_all_memory(pipe: Connection) -> None:
    """Asks for more and more."""
    pipe.recv_bytes()
    confine(400_000_000, 5, pipe.fileno())
    held = []
    while True:
        held.append(bytearray(10_000_000))


def calculates_without_end(pipe: Connection) -> None:
    """Never comes back."""
    pipe.recv_bytes()
    while True:
        pass


# --- what it could do to the computer --------------------------------------------------------------------------------


def _read(folder: Path) -> None:
    (folder / "kept").read_bytes()


def _write(folder: Path) -> None:
    (folder / "new").write_bytes(b"x")


def _remove(folder: Path) -> None:
    (folder / "kept").unlink()


def _rename(folder: Path) -> None:
    (folder / "kept").rename(folder / "moved")


def _empty(folder: Path) -> None:
    os.truncate(folder / "kept", 0)


def _make_folder(folder: Path) -> None:
    (folder / "made").mkdir()


def _list(folder: Path) -> None:
    list(folder.iterdir())


def _change_mode(folder: Path) -> None:
    (folder / "kept").chmod(0o777)


def _connect(_folder: Path) -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))


def _pair(_folder: Path) -> None:
    socket.socketpair()


def _fork(_folder: Path) -> None:
    os.fork()


def _run(_folder: Path) -> None:
    os.execv("/bin/true", ["true"])


def _kill(_folder: Path) -> None:
    os.kill(os.getppid(), signal.SIGUSR1)


def _trace(_folder: Path) -> None:
    if ctypes.CDLL(None, use_errno=True).ptrace(16, os.getppid(), 0, 0) != 0:
        raise PermissionError


ATTEMPTS: dict[str, Callable[[Path], None]] = {
    act.__name__.removeprefix("_"): act
    for act in (
        *(_read, _write, _remove, _rename, _empty, _make_folder, _list, _change_mode),
        *(_connect, _pair, _fork, _run, _kill, _trace),
    )
}  # fmt: skip


def attempt(pipe: Connection, name: str, folder: Path) -> None:
    """Confined as the reader is, try one thing; say whether it was refused."""
    confine(1_500_000_000, 30, pipe.fileno())
    try:
        ATTEMPTS[name](folder)
    except (OSError, MemoryError):
        pipe.send_bytes(b"refused")
    else:
        pipe.send_bytes(b"done")
    if sys.platform != "linux":  # a fork that was let happen must not go on here
        os._exit(0)
