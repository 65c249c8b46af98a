"""The bytes of documents: beside their records, in sealed pieces, resumable, newest first, never in the way of records.

A piece is bound to its document and number. A document is put together once every piece is here, and kept only if its
hash is the one that its record names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from advocate_desk.clock import Clock
from advocate_desk.errors import Stopped
from advocate_desk.sync import keeping, seal, state
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.messages import PieceName
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.seal import Forged, Place
from advocate_desk.sync.transaction import writing
from advocate_desk.sync.wire import CHUNK_BYTES

_PIECES_FROM = 2**63
"""Added to a piece's number where a record has its revision, so that neither can stand for the other."""
_EPOCH_BYTES = 4
_FULL = "full"
_OF_ONE = frozenset({"no_right", "too_large", _FULL})
"""Refusals of one document, or of sending alone: what else is to be moved is moved before they are told."""


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
    organisation: bytes
    hub: PieceHub
    clock: Clock
    is_stopped: Callable[[], bool] = lambda: False

    def run(self) -> Moved:
        """Send and fetch until nothing is left. Raises Unreachable, HubRefused, Stopped; pieces that came are kept.

        What the hub refuses of one document stops no other, and where it has no space it still gives: told at the end.
        """
        moved, refused = Moved(), list[HubRefused]()
        with self.engine.connect() as conn:
            driver: Driver = conn.connection.driver_connection
            held = state.keys(driver)
            for document, collection in _to_send(driver):
                if any(each.code == _FULL for each in refused):
                    break
                if collection in held:
                    with _set_aside(refused):
                        self._send(driver, document, collection, held[collection])
                        moved.sent += 1
            # of a file that was taken from this desk the hub takes what was unsent, and gives nothing
            given = held.keys() - set(keeping.withdrawn(driver))
            for document, collection in _to_fetch(driver):
                if collection in given:
                    with _set_aside(refused):
                        self._fetch(driver, document, collection, held[collection], moved)
        if refused:
            raise refused[0]
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
        return Place(self.organisation, collection, document, epoch, _PIECES_FROM + number)


@contextmanager
def _set_aside(refused: list[HubRefused]) -> Iterator[None]:
    """Keep a refusal that is of one document alone for the end."""
    try:
        yield
    except HubRefused as refusal:
        if refusal.code not in _OF_ONE:
            raise
        refused.append(refusal)


def _to_send(driver: Driver) -> list[tuple[bytes, bytes]]:
    """Documents whose bytes are here and not yet at the hub, and whose record is, newest first."""
    sent = "SELECT lower(hex(document)) FROM attachment WHERE is_sent"
    return _documents(driver, f"length(content) > 0 AND synced_rev IS NOT NULL AND id NOT IN ({sent})")


def _to_fetch(driver: Driver) -> list[tuple[bytes, bytes]]:
    """Documents whose bytes are not here, newest first."""
    return _documents(driver, "length(content) = 0 AND coalesce(size_bytes, 0) > 0 AND deleted_at IS NULL")


def _documents(driver: Driver, condition: str) -> list[tuple[bytes, bytes]]:
    sql = f"SELECT id, file_id FROM stored_document WHERE {condition} ORDER BY created_at DESC, id"  # noqa: S608 - our own words
    return [(bytes.fromhex(document), bytes.fromhex(file)) for document, file in driver.execute(sql).fetchall()]


def _row(driver: Driver, document: bytes) -> tuple[bytes, str, int]:
    content, digest, size = driver.execute(
        "SELECT content, sha256, size_bytes FROM stored_document WHERE id = ?", (document.hex(),)
    ).fetchone()
    return bytes(content), digest, size or len(content)


def unsent(driver: Driver) -> int:
    """How many documents' bytes are not at the hub yet, as far as this desk knows."""
    found = _to_send(driver)
    held = {row[0] for row in driver.execute("SELECT DISTINCT collection FROM collection_key")} if found else set()
    return sum(1 for _, collection in found if collection in held)


def waiting(driver: Driver) -> int:
    """How many documents' bytes are not here yet."""
    return len(_to_fetch(driver))
