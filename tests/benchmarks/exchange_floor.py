"""The least that an exchange needs: the same records read, packed, encrypted and posted, and the same way back.

One key, no revisions, no merge, no rights, no signatures: pages of a thousand records, a server that copies them into
PostgreSQL (`programs/floor_hub.py`), and plain inserts into the same tables of an encrypted store.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from advocate_desk.sync.records import shapes
from advocate_desk.vault import sodium
from tests.hub.processes import free_port

PROGRAM = Path(__file__).resolve().parent / "programs" / "floor_hub.py"
BATCH = 1_000
READY_S = 30.0
NO_PLACE = b""
Rows = list[tuple[str, tuple[Any, ...]]]
"""Records: the table of each, and what it says, in the order of `columns`."""


def columns(table: str) -> tuple[str, ...]:
    """What a record of a table is made of."""
    return ("id", "file_id", *shapes()[table].columns)


@dataclass(frozen=True)
class Floor:
    """A line to the floor's server."""

    line: http.client.HTTPConnection
    key: bytes
    pid: int

    def push(self, driver: Any, changed: Sequence[tuple[str, str]] = ()) -> None:
        """Send every record of a store, or those of `changed`: (table, condition)."""
        for table, where in changed or [(name, "") for name in shapes()]:
            names = ", ".join(f'"{name}"' for name in columns(table))
            found = driver.execute(f'SELECT {names} FROM "{table}" {where}')
            while rows := found.fetchmany(BATCH):
                self._post("/push", [(bytes.fromhex(row[0]), self._seal(table, row)) for row in rows])

    def pull(self, driver: Any, after: int = 0) -> int:
        """Take every record after a place into a store, a transaction a page; the last place."""
        while page := self._post("/pull", after):
            by_table: dict[str, list[Sequence[Any]]] = defaultdict(list)
            for _place, _item, envelope in page:
                table, row = self._unseal(envelope)
                by_table[table].append(row)
            driver.execute("BEGIN IMMEDIATE")
            for table, rows in by_table.items():
                names = ", ".join(f'"{name}"' for name in columns(table))
                marks = ", ".join("?" * len(columns(table)))
                driver.executemany(f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({marks})', rows)
            driver.execute("COMMIT")
            after = page[-1][0]
        return after

    def _seal(self, table: str, row: Sequence[Any]) -> bytes:
        nonce = sodium.random(sodium.NONCE_BYTES)
        return bytes(nonce + sodium.seal(msgspec.msgpack.encode((table, row)), NO_PLACE, nonce, self.key))

    def _unseal(self, envelope: bytes) -> tuple[str, Sequence[Any]]:
        nonce, sealed = envelope[: sodium.NONCE_BYTES], envelope[sodium.NONCE_BYTES :]
        plain = sodium.unseal(sealed, NO_PLACE, nonce, self.key)
        assert plain is not None
        table, row = msgspec.msgpack.decode(plain)
        return table, row

    def _post(self, path: str, said: object) -> Any:
        self.line.request("POST", path, msgspec.msgpack.encode(said))
        answer = self.line.getresponse().read()
        return msgspec.msgpack.decode(answer) if answer else None


@contextmanager
def serving(url: str) -> Iterator[Floor]:
    """A floor's server on a database, until the block ends."""
    port = free_port()
    process = subprocess.Popen([sys.executable, str(PROGRAM), url, str(port)])
    try:
        line = http.client.HTTPConnection("127.0.0.1", port)
        _wait(process, line)
        yield Floor(line, bytes(sodium.random(32)), process.pid)
    finally:
        process.kill()
        process.wait()


def _wait(process: subprocess.Popen[bytes], line: http.client.HTTPConnection) -> None:
    until = time.monotonic() + READY_S
    while True:
        assert process.poll() is None, "the floor's server ended"
        assert time.monotonic() < until, "the floor's server does not answer"
        try:
            line.request("GET", "/")
            line.getresponse().read()
        except OSError:
            line.close()
            time.sleep(0.05)
        else:
            return
