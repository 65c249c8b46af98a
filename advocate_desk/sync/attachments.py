"""The bytes of documents: beside their records, in sealed pieces, resumable, newest first, never in the way of records.

A piece is bound to its document and number. A document is put together once every piece is here, and kept only if its
hash is the one that its record names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from advocate_desk.clock import Clock
from advocate_desk.errors import Stopped
from advocate_desk.sync import keeping, seal, state
from advocate_desk.sync.exchange import writing
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.messages import PieceName
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.seal import Forged, Place
from advocate_desk.sync.wire import CHUNK_BYTES

_PIECES_FROM = 2**63
"""Added to a piece's number where a record has its revision, so that neither can stand for the other."""
_EPOCH_BYTES = 4


class PieceHub(Protocol):
    """What attachments ask of a hub. Each call raises Unreachable or HubRefused."""

    def keep_piece(self, name: PieceName, body: bytes) -> None:
        """Leave a piece."""

    def pieces(self, collection: bytes, document: bytes) -> list[int]:
        """The numbers of the pieces that are there."""

    def piece(self, name: PieceName) -> bytes:
        """One piece."""


@dataclass
class Moved:
    """What was done: documents sent and received whole, and those whose bytes are not what their record names."""

    sent: int = 0
    received: int = 0
    spoiled: int = 0


@dataclass(frozen=True)
class Attachments:
    """This desk's side of the documents' bytes."""

    engine: Engine
    device_organisation: bytes
    hub: PieceHub
    clock: Clock
    is_stopped: Callable[[], bool] = lambda: False

    def run(self) -> Moved:
        """Send and fetch until nothing is left. Raises Unreachable, HubRefused, Stopped; pieces that came are kept."""
        moved = Moved()
        with self.engine.connect() as conn:
            driver: Driver = conn.connection.driver_connection
            held = state.keys(driver)
            for document, collection in _to_send(driver):
                if collection in held:
                    self._send(driver, document, collection, held[collection])
                    moved.sent += 1
            taken_away = set(
                keeping.withdrawn(driver)
            )  # of such a file the hub takes what was unsent, and gives nothing
            for document, collection in _to_fetch(driver):
                if collection in held and collection not in taken_away:
                    self._fetch(driver, document, collection, held[collection], moved)
        return moved

    # --- sending ---

    def _send(self, driver: Driver, document: bytes, collection: bytes, keys: dict[int, bytes]) -> None:
        content, _, size = _row(driver, document)
        epoch, key = max(keys.items())
        there = set(self.hub.pieces(collection, document))
        for number, start in enumerate(range(0, size, CHUNK_BYTES)):
            if number in there:
                continue
            if self.is_stopped():
                raise Stopped
            envelope = seal.seal_bytes(
                content[start : start + CHUNK_BYTES], self._place(collection, document, epoch, number), key
            )
            self.hub.keep_piece(PieceName(collection, document, number), epoch.to_bytes(_EPOCH_BYTES, "big") + envelope)
        with writing(driver, self.is_stopped):
            driver.execute("INSERT OR REPLACE INTO attachment (document, is_sent) VALUES (?, 1)", (document,))

    # --- fetching ---

    def _fetch(self, driver: Driver, document: bytes, collection: bytes, keys: dict[int, bytes], moved: Moved) -> None:
        _, digest, size = _row(driver, document)
        wanted = range(-(-size // CHUNK_BYTES))
        here = {row[0] for row in driver.execute("SELECT number FROM attachment_piece WHERE document = ?", (document,))}
        there = set(self.hub.pieces(collection, document))
        for number in wanted:
            if number in here:
                continue
            if number not in there:
                return  # its sender has not finished: the rest comes another time
            body = self._piece(driver, collection, document, number, keys)
            if body is None:
                moved.spoiled += 1
                return
            with writing(driver, self.is_stopped):
                driver.execute(
                    "INSERT OR REPLACE INTO attachment_piece (document, number, body) VALUES (?, ?, ?)",
                    (document, number, body),
                )
        self._put_together(driver, document, digest, moved)

    def _piece(
        self, driver: Driver, collection: bytes, document: bytes, number: int, keys: dict[int, bytes]
    ) -> bytes | None:
        try:
            body = self.hub.piece(PieceName(collection, document, number))
        except HubRefused as refusal:
            if refusal.code == "unknown":
                return None
            raise
        epoch = int.from_bytes(body[:_EPOCH_BYTES], "big")
        place = self._place(collection, document, epoch, number)
        for key in [keys[epoch], *state.other_keys(driver, collection, epoch)] if epoch in keys else []:
            with suppress(Forged):
                return seal.open_bytes(body[_EPOCH_BYTES:], place, key)
        return None

    def _put_together(self, driver: Driver, document: bytes, digest: str, moved: Moved) -> None:
        rows = driver.execute("SELECT body FROM attachment_piece WHERE document = ? ORDER BY number", (document,))
        content = b"".join(bytes(row[0]) for row in rows)
        is_right = hashlib.sha256(content).hexdigest() == digest
        with writing(driver, self.is_stopped):
            driver.execute("DELETE FROM attachment_piece WHERE document = ?", (document,))
            if is_right:
                driver.execute("UPDATE stored_document SET content = ? WHERE id = ?", (content, document.hex()))
                driver.execute("INSERT OR REPLACE INTO attachment (document, is_sent) VALUES (?, 1)", (document,))
            else:
                state.tell(driver, self.clock.now(), "spoiled_document", {"document": document.hex()})
        moved.received += is_right
        moved.spoiled += not is_right

    def _place(self, collection: bytes, document: bytes, epoch: int, number: int) -> Place:
        return Place(self.device_organisation, collection, document, epoch, _PIECES_FROM + number)


def _to_send(driver: Driver) -> Iterator[tuple[bytes, bytes]]:
    """Documents whose bytes are here and not yet at the hub, and whose record is, newest first."""
    yield from _documents(driver, "length(d.content) > 0 AND d.synced_rev IS NOT NULL AND coalesce(a.is_sent, 0) = 0")


def _to_fetch(driver: Driver) -> Iterator[tuple[bytes, bytes]]:
    """Documents whose bytes are not here, newest first."""
    yield from _documents(driver, "length(d.content) = 0 AND coalesce(d.size_bytes, 0) > 0 AND d.deleted_at IS NULL")


def _documents(driver: Driver, condition: str) -> list[tuple[bytes, bytes]]:
    rows = driver.execute(
        "SELECT d.id, d.file_id FROM stored_document d LEFT JOIN attachment a ON lower(hex(a.document)) = d.id "  # noqa: S608
        f"WHERE {condition} ORDER BY d.created_at DESC, d.id"
    ).fetchall()
    return [(bytes.fromhex(document), bytes.fromhex(file)) for document, file in rows]


def _row(driver: Driver, document: bytes) -> tuple[bytes, str, int]:
    content, digest, size = driver.execute(
        "SELECT content, sha256, size_bytes FROM stored_document WHERE id = ?", (document.hex(),)
    ).fetchone()
    return bytes(content), digest, size or len(content)


def waiting(driver: Driver) -> int:
    """How many documents' bytes are not here yet."""
    return len(list(_to_fetch(driver)))
