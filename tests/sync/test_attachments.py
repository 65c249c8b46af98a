"""The bytes of documents between desks: whole or not at all, resumed where they stopped."""

from __future__ import annotations

import hashlib
import os
from uuid import UUID

import pytest

from advocate_desk.domain.identity import uuid7
from advocate_desk.sync.attachments import Attachments, Moved
from advocate_desk.sync.hub import HubRefused, Unreachable
from advocate_desk.sync.messages import PieceName
from advocate_desk.sync.statements import SUPERVISOR
from advocate_desk.sync.wire import CHUNK_BYTES
from tests.builders import a_file
from tests.sync.desks import Desk, Team


def store(desk: Desk, content: bytes, digest: str = "", file_id: str = "") -> str:
    """A document of a file, of a new one where none is named."""
    file_id = file_id or a_file(desk.work).hex
    key = uuid7(1, os.urandom(10)).hex
    at = "2026-11-21T12:00:00.000000Z"
    with desk.work.engine.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO stored_document (id, file_id, created_at, changed_at, title, media_type, size_bytes, sha256, "
            "content) VALUES (?, ?, ?, ?, 'Letter', 'application/pdf', ?, ?, ?)",
            (key, file_id, at, at, len(content), digest or hashlib.sha256(content).hexdigest(), content),
        )
    return key


def move(desk: Desk, hub: object = None) -> Moved:
    return Attachments(desk.work.engine, desk.hub.caller.organisation, hub or desk.hub, desk.work.clock).run()  # type: ignore[arg-type]


def content_at(desk: Desk, key: str) -> bytes:
    return bytes(desk.rows("SELECT content FROM stored_document WHERE id = ?", key)[0][0])


@pytest.mark.parametrize("size", [1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES + 17])
def test_a_document_arrives_whole(team: Team, size: int) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    content = os.urandom(size)
    key = store(ann, content)
    team.exchange_all(2)
    assert content_at(ben, key) == b""
    assert move(ann).sent == 1
    assert move(ben).received == 1
    assert content_at(ben, key) == content
    assert (move(ann), move(ben)) == (Moved(), Moved())


class Cut:
    """A hub that goes away after some calls."""

    def __init__(self, hub: object, calls: int) -> None:
        self._hub, self.left, self.moved = hub, calls, 0

    def __getattr__(self, name: str) -> object:
        if name in {"keep_piece", "piece"}:
            self.left -= 1
            self.moved += 1
            if self.left < 0:
                raise Unreachable("The hub did not answer.")
        return getattr(self._hub, name)


def test_both_sides_go_on_where_they_stopped(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    content = os.urandom(4 * CHUNK_BYTES)
    key = store(ann, content)
    team.exchange_all(2)
    for desk in (ann, ben):
        with pytest.raises(Unreachable):
            move(desk, Cut(desk.hub, 3))
        rest = Cut(desk.hub, 1)
        move(desk, rest)
        assert rest.moved == 1
    assert content_at(ben, key) == content


class Refusing:
    """A hub that refuses pieces of one document, or every piece that is sent."""

    def __init__(self, hub: object, code: str, document: bytes = b"") -> None:
        self._hub, self._code, self._document, self.asked = hub, code, document, 0

    def keep_piece(self, name: PieceName, body: bytes) -> None:
        self.asked += 1
        if name.document == (self._document or name.document):
            raise HubRefused(self._code)
        self._hub.keep_piece(name, body)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> object:
        return getattr(self._hub, name)


def test_a_document_that_the_hub_refuses_stops_no_other(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    old, new = store(ann, b"A letter"), store(ann, b"Another")
    team.exchange_all(2)
    newest = ann.rows("SELECT id FROM stored_document ORDER BY created_at DESC, id LIMIT 1")[0][0]
    with pytest.raises(HubRefused):
        move(ann, Refusing(ann.hub, "no_right", bytes.fromhex(newest)))
    assert move(ben).received == 1
    other = ({old, new} - {newest}).pop()
    assert content_at(ben, other) != b""
    assert move(ann).sent == 1


def test_where_the_hub_has_no_space_documents_still_come(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    key = store(ann, b"Of Ann")
    for _ in range(3):
        store(ben, b"Of Ben")
    team.exchange_all(2)
    move(ann)
    full = Refusing(ben.hub, "full")
    with pytest.raises(HubRefused):
        move(ben, full)
    assert full.asked == 1  # it is not asked for each
    assert content_at(ben, key) == b"Of Ann"


def test_bytes_that_are_not_what_the_record_names_are_not_kept(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    key = store(ann, b"not what it says", digest="0" * 64)
    team.exchange_all(2)
    move(ann)
    assert move(ben) == Moved(spoiled=1)
    assert content_at(ben, key) == b""
    assert ben.rows("SELECT kind FROM exchange_event") == [("spoiled_document",)]


def test_a_piece_in_anothers_place_is_refused(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    content = os.urandom(2 * CHUNK_BYTES)
    key = store(ann, content)
    team.exchange_all(2)
    move(ann)
    document = bytes.fromhex(key)
    file = bytes.fromhex(ben.rows("SELECT file_id FROM stored_document")[0][0])

    class Swapped(Cut):
        def piece(self, name: PieceName) -> bytes:
            return ben.hub.piece(PieceName(file, document, 1 - name.number))

    assert move(ben, Swapped(ben.hub, 99)).spoiled == 1
    assert content_at(ben, key) == b""


def test_who_loses_a_file_delivers_its_documents_before_it_goes(team: Team) -> None:
    ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
    letter, content = store(ann, b"Of Ann"), os.urandom(CHUNK_BYTES + 9)
    team.exchange_all(2)
    file_id = bytes.fromhex(ann.rows("SELECT file_id FROM stored_document")[0][0])
    photograph = store(ben, content, file_id=file_id.hex())
    ann.keep_to(UUID(bytes=file_id), ann)
    ann.exchange()
    ben.exchange()
    assert content_at(ben, photograph) == content
    assert move(ann).sent == 1
    assert move(ben) == Moved(sent=1)
    assert content_at(ben, letter) == b""
    ben.exchange()
    assert ben.rows("SELECT count(*) FROM stored_document") == [(0,)]
    ann.exchange()
    assert move(ann).received == 1
    assert content_at(ann, photograph) == content
