"""Hands the key to SQLCipher without leaving a copy of it behind.

`PRAGMA key` needs the key as text: a Python string, the driver's kept statement and SQLite's copy of it stay in memory
long after the desk was locked. Here a new connection is given its key by SQLCipher's own function, from a buffer that
is zeroed at once. SQLCipher wipes its copies itself when the connection closes.
"""

from __future__ import annotations

import ctypes
import threading
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlcipher3.dbapi2 as sqlcipher
from sqlcipher3 import _sqlite3 as driver

from advocate_desk.vault import sodium

_DIGITS = b"0123456789abcdef"
_KEY_BYTES = 32
KEPT_STATEMENTS = 512
"""Prepared statements that a connection keeps: an exchange has some three hundred; an update of a record with all its
triggers costs fifteen times the rest to prepare, and the driver keeps none of those that come when it is full."""
_opening = threading.local()  # `text`: what the connection being opened by this thread is keyed with


def connect_keyed(path: Path, key: bytes | bytearray, timeout_s: float, *, is_still: bool = False) -> Any:  # noqa: ANN401
    """A driver connection to the file at `path`, keyed with the raw 32-byte `key`; transactions are the caller's.

    The file is never made: a drive that has gone must not get a new, empty store in its place. `is_still`: nobody
    writes to the file, and nothing is written beside it. Whether the key is right shows at the first read.
    """
    address = f"file:{quote(str(path.absolute()))}?{'mode=ro&immutable=1' if is_still else 'mode=rw'}"
    if len(key) != _KEY_BYTES:
        raise ValueError("the key must be 32 bytes")
    text = _raw_key_text(key)
    _opening.text, _opening.is_keyed = (text if _SETS_KEY else None), False
    try:
        raw = sqlcipher.connect(
            address,
            uri=True,
            check_same_thread=False,
            timeout=timeout_s,
            isolation_level=None,
            cached_statements=KEPT_STATEMENTS,
        )
        if _SETS_KEY and not _opening.is_keyed:
            raw.close()
            raise RuntimeError("the connection was not given its key")  # what it wrote would not be encrypted
        if not _SETS_KEY:
            raw.execute(f'PRAGMA key = "{text.decode("ascii")}"')
    finally:
        _opening.text = None
        sodium.wipe(text)
    raw.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is ours to report, not the library's on stderr
    return raw


def _raw_key_text(key: bytes | bytearray) -> bytearray:
    """`x'…'`, which SQLCipher takes for a raw key, in a buffer of its own."""
    text = bytearray(2 * _KEY_BYTES + 3)
    text[0], text[1], text[-1] = ord("x"), ord("'"), ord("'")
    for place, each in enumerate(key):
        text[2 + 2 * place], text[3 + 2 * place] = _DIGITS[each >> 4], _DIGITS[each & 15]
    return text


def _give_key(database: int, _message: int, _routines: int) -> int:
    """Called by SQLite for each connection that opens, in the thread that opens it. Gives an SQLite result code."""
    text = getattr(_opening, "text", None)
    if text is None:
        return 0
    buffer = (ctypes.c_char * len(text)).from_buffer(text)
    status = int(_library.sqlite3_key(ctypes.c_void_p(database), buffer, len(text)))
    _opening.is_keyed = status == 0
    return status


def _register() -> bool:
    """Whether the driver lets us set the key: on Windows its functions cannot be reached, and the pragma is used."""
    return (
        hasattr(_library, "sqlite3_key")
        and hasattr(_library, "sqlite3_auto_extension")
        and _library.sqlite3_auto_extension(ctypes.cast(_GIVE_KEY, ctypes.c_void_p)) == 0
    )


_library = ctypes.CDLL(driver.__file__)
_GIVE_KEY = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(_give_key)
_SETS_KEY = _register()
