"""Pieces of attachments: written once, listed so that a desk can resume, read by whoever reads the collection."""

from __future__ import annotations

from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database, Session
from advocate_desk.hub.limits import PIECE_BYTES, check_space
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import wire
from advocate_desk.sync.messages import PieceName, Pieces


def keep_piece(database: Database, caller: Caller, name: PieceName, body: bytes, quota_bytes: int) -> None:
    """Keep a piece; one that is there already stays as it is. Raises RefusedByHub."""
    if len(body) > wire.MOST_PIECE_BYTES:
        raise RefusedByHub("too_large", wire.MOST_PIECE_BYTES)
    with database.writing() as session:
        used, rights = session.rows(
            "SELECT used_bytes, rights FROM organisation WHERE organisation = ? /*lock*/", caller.organisation
        )[0]
        _check_reads(session, caller, name.collection, or_withdrawn=True)
        key = (caller.organisation, name.collection, name.document, name.number)
        if session.rows(
            "SELECT 1 FROM piece WHERE organisation = ? AND collection = ? AND document = ? AND number = ?", *key
        ):
            return
        check_space(used, rights, len(body), PIECE_BYTES, quota_bytes)
        session.run(
            "INSERT INTO piece (organisation, collection, document, number, body) VALUES (?, ?, ?, ?, ?)", *key, body
        )
        session.run(
            "UPDATE organisation SET used_bytes = used_bytes + ? WHERE organisation = ?",
            len(body) + PIECE_BYTES,
            caller.organisation,
        )


def pieces_of(database: Database, caller: Caller, collection: bytes, document: bytes) -> Pieces:
    """Which pieces of a document are here. Raises RefusedByHub."""
    with database.reading() as session:
        _check_reads(session, caller, collection, or_withdrawn=True)  # who delivers the rest asks what is here
        found = session.rows(
            "SELECT number FROM piece WHERE organisation = ? AND collection = ? AND document = ? ORDER BY number",
            caller.organisation,
            collection,
            document,
        )
    return Pieces([row[0] for row in found])


def read_piece(database: Database, caller: Caller, name: PieceName) -> bytes:
    """One piece. Raises RefusedByHub."""
    with database.reading() as session:
        _check_reads(session, caller, name.collection)
        found = session.rows(
            "SELECT body FROM piece WHERE organisation = ? AND collection = ? AND document = ? AND number = ?",
            caller.organisation,
            name.collection,
            name.document,
            name.number,
        )
    if not found:
        raise RefusedByHub("unknown")
    return bytes(found[0][0])


def _check_reads(session: Session, caller: Caller, collection: bytes, *, or_withdrawn: bool = False) -> None:
    found = session.rows(
        "SELECT is_withdrawn FROM reader WHERE organisation = ? AND collection = ? AND device = ?",
        caller.organisation,
        collection,
        caller.device,
    )
    if not found or (found[0][0] and not or_withdrawn):
        raise RefusedByHub("no_right")
