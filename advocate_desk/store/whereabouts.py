"""Where the store's file is: noticed when it has gone, and found again when it is back.

SQLite goes on writing into a file that has lost its name, and says that all was saved.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError


class LostFile(OSError):
    """The store's file has been moved, removed or swapped under us. `disk_trouble_in_words` tells it."""


class Whereabouts:
    """Sees to it that every save goes into the file that the program opened, also over a drive that comes and goes.

    A drive that returns may be another device to the system, so a file with another identity is taken up again if it
    ends with what this program saved last; an older copy or another store is not.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._there = identity(path)
        self._saved: list[Any] = []  # the store's last act; more than one after a save of which nobody knows the end

    def watch(self, engine: Engine) -> None:
        """Look at each connection that is taken up, and before each end of a transaction."""
        event.listen(engine, "connect", self._on_connect)
        event.listen(engine, "checkout", self._on_checkout)
        event.listen(engine, "commit", self._on_commit)
        event.listen(engine, "rollback", self._on_rollback)
        event.listen(engine, "checkin", self._on_checkin)

    def refuse_missing(self) -> None:
        """Raise LostFile where no file stands."""
        if identity(self._path) is None:
            raise LostFile

    def _on_connect(self, raw: Any, record: Any) -> None:  # noqa: ANN401
        record.info["there"] = found = identity(self._path)
        record.info["is_new"] = True
        if not self._saved:
            self._saved = [_last_act(raw)]
        elif found != self._there:
            self._there = None
            if found is None or _last_act(raw) not in self._saved:
                raise LostFile
            self._there = found

    def _on_checkout(self, _raw: Any, record: Any, _proxy: Any) -> None:  # noqa: ANN401
        self._look()
        is_new = record.info.pop("is_new", False)
        if self._there is None or record.info["there"] != self._there:
            if is_new:  # it went while it was opened; the pool, after so many tries, would say something of its own
                raise LostFile
            raise DisconnectionError  # the pool opens the file that is there now

    def _on_commit(self, connection: Any) -> None:  # noqa: ANN401
        if not self._look():
            raise LostFile
        if connection.get_execution_options().get("takes_writer", False):
            connection.info["act"] = act = _last_act(connection.connection.driver_connection)
            self._saved = [*self._saved, act]

    def _look(self) -> bool:
        """Whether our file is where it was. Once it is not, none is ours by its number: the next may be given it."""
        if identity(self._path) != self._there:
            self._there = None
        return self._there is not None

    def _on_rollback(self, connection: Any) -> None:  # noqa: ANN401
        if not connection.invalidated:  # as it is once the program is told to end in the middle of an act
            connection.info.pop("act", None)

    def _on_checkin(self, raw: Any, record: Any) -> None:  # noqa: ANN401
        """After an act: the store itself says whether it was saved or refused, for a COMMIT may fail as well."""
        if record.info.pop("act", None) is None or raw is None:
            return
        act = _last_act(raw)
        if act in self._saved:  # else the file cannot be read now, and nobody knows
            self._saved = [act]


def _last_act(raw: Any) -> Any:  # noqa: ANN401
    """The head of the audit chain, which every act on a record moves; None before there is one."""
    try:
        return raw.execute("SELECT position, hash FROM audit_head").fetchone()
    except sqlcipher.DatabaseError:
        return None


def identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at `path`, None where none does."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
