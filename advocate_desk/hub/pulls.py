"""Answering a pull: one page of what a device has not seen, out of one state of the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database, Row, Session
from advocate_desk.hub.given import Given, given_since, wanting
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import wire
from advocate_desk.sync.wire import Current, Fill, Page, Pull, PulledPart, PulledPush

MOST_PUSHES = 500
MOST_STATEMENTS = 500
PUSH_OVERHEAD_BYTES = 400


def answer_pull(database: Database, caller: Caller, pull: Pull) -> Page:
    """The next page after the pull's tip. Raises RefusedByHub for a tip that this history does not have."""
    with database.reading() as session:
        head, members, rights_head = session.rows(
            "SELECT sequence, statements, rights FROM organisation WHERE organisation = ?", caller.organisation
        )[0]
        _check_tip(session, caller, pull, head)
        statements = _statements(session, caller, pull.statements)
        # who signed a right or a link is known by the statements, and by both what may be left out of a push
        is_behind = pull.statements + len(statements) < members
        given = Given(upto=pull.rights) if is_behind else given_since(session, caller, pull.rights, rights_head)
        is_behind = is_behind or given.upto < rights_head
        most_bytes = min(pull.most_bytes, wire.MOST_PAGE_BYTES)
        chosen = [] if is_behind else _headers(session, caller, pull, most_bytes)
        readable = _readable(session, caller)
        pushes = _filled_in(session, caller, chosen, [] if pull.is_bare else readable, with_own=pull.with_own)
        spent = sum(row[4] for row in chosen)
        filled, fills = _fill(session, caller, pull.fills, set(readable), most_bytes - spent)
        reached = chosen[-1][0] if chosen else pull.tip.sequence
        has_more = reached < head or bool(fills) or is_behind
        wanted = [] if has_more else wanting(session, caller)
    return Page(
        pushes,
        filled,
        fills,
        statements,
        given.rights,
        has_more,
        head,
        members,
        rights_head,
        given.owners,
        wanted,
        given.upto,
    )


def _check_tip(session: Session, caller: Caller, pull: Pull, head: int) -> None:
    if pull.rights_mark:
        right = session.rows(
            "SELECT signature FROM collection_right WHERE organisation = ? AND number = ? AND device = ?",
            caller.organisation,
            pull.rights_marked,
            caller.device,
        )
        if not right or wire.digest(bytes(right[0][0])) != pull.rights_mark:
            raise RefusedByHub("other_history", head)
    if pull.tip.sequence == 0:
        return
    found = session.rows(
        "SELECT manifest_hash FROM push WHERE organisation = ? AND sequence = ?", caller.organisation, pull.tip.sequence
    )
    if not found or bytes(found[0][0]) != pull.tip.manifest_hash:
        raise RefusedByHub("other_history", head)


def _statements(session: Session, caller: Caller, after: int) -> list[bytes]:
    found = session.rows(
        "SELECT body FROM statement WHERE organisation = ? AND number > ? ORDER BY number LIMIT ?",
        caller.organisation,
        after,
        MOST_STATEMENTS,
    )
    return [bytes(row[0]) for row in found]


def _readable(session: Session, caller: Caller) -> list[bytes]:
    """The collections that the device reads."""
    found = session.rows(
        "SELECT collection FROM reader WHERE organisation = ? AND device = ? AND NOT is_withdrawn",
        caller.organisation,
        caller.device,
    )
    return [bytes(row[0]) for row in found]


def _headers(session: Session, caller: Caller, pull: Pull, most_bytes: int) -> list[Row]:
    """(sequence, manifest, signature, device, cost) of the next pushes that fit into a page: one at the least."""
    found = session.rows(
        "SELECT sequence, manifest, signature, device, envelope_bytes FROM push "
        "WHERE organisation = ? AND sequence > ? ORDER BY sequence LIMIT ?",
        caller.organisation,
        pull.tip.sequence,
        MOST_PUSHES,
    )
    chosen: list[Row] = []
    spent = 0
    for sequence, manifest, signature, device, envelope_bytes in found:
        is_bare = pull.is_bare or (bytes(device) == caller.device and not pull.with_own)
        cost = len(manifest) + PUSH_OVERHEAD_BYTES + (0 if is_bare else envelope_bytes)
        if chosen and spent + cost > most_bytes:
            break
        spent += cost
        chosen.append((sequence, bytes(manifest), bytes(signature), bytes(device), cost))
    return chosen


def _filled_in(
    session: Session, caller: Caller, headers: Sequence[Row], collections: list[bytes], *, with_own: bool
) -> list[PulledPush]:
    """The pushes with their parts in `collections`; the device's own without, unless it asks for them."""
    wanted = [row[0] for row in headers if with_own or row[3] != caller.device]
    parts = _parts(session, caller, wanted, collections) if wanted and collections else {}
    return [PulledPush(row[0], row[1], row[2], parts.get(row[0], [])) for row in headers]


def _parts(
    session: Session, caller: Caller, sequences: Sequence[int], collections: list[bytes]
) -> dict[int, list[PulledPart]]:
    """The parts of pushes between the least and the greatest of `sequences`, by sequence."""
    first, last, asked = min(sequences), max(sequences), set(sequences)
    items: dict[tuple[int, bytes], list[Current]] = defaultdict(list)
    for row in session.matching(
        "SELECT i.sequence, i.collection, i.item, i.revision, i.epoch, i.envelope FROM wanted w "
        "JOIN item i ON i.collection = w.c0 WHERE i.organisation = ? AND i.sequence BETWEEN ? AND ? "
        "ORDER BY i.sequence, i.collection, i.place",
        [collections],
        caller.organisation,
        first,
        last,
    ):
        items[row[0], bytes(row[1])].append(Current(bytes(row[2]), row[3], row[4], bytes(row[5])))
    found: dict[int, list[PulledPart]] = defaultdict(list)
    for sequence, collection, entries in session.matching(
        "SELECT p.sequence, p.collection, p.entries FROM wanted w JOIN part p ON p.collection = w.c0 "
        "WHERE p.organisation = ? AND p.sequence BETWEEN ? AND ? ORDER BY p.sequence, p.collection",
        [collections],
        caller.organisation,
        first,
        last,
    ):
        if sequence in asked:
            here = items.get((sequence, bytes(collection)), [])
            is_whole = len(here) * wire.ENTRY_BYTES == len(entries)
            found[sequence].append(PulledPart(bytes(collection), here, b"" if is_whole else bytes(entries)))
    return found


def _fill(
    session: Session, caller: Caller, fills: Sequence[Fill], readable: set[bytes], room: int
) -> tuple[list[PulledPush], list[Fill]]:
    """As much of the collections to be filled as there is room for, in the order asked, and what is still to do."""
    pushes: list[PulledPush] = []
    left: list[Fill] = []
    for fill in fills[: wire.MOST_FILLS]:
        if fill.collection not in readable:
            continue
        if room <= 0:
            left.append(fill)
            continue
        taken, reached, cost = _fill_one(session, caller, fill, room)
        pushes.extend(taken)
        room -= cost
        if reached < fill.until:
            left.append(Fill(fill.collection, reached, fill.until))
    return pushes, [*left, *(each for each in fills[wire.MOST_FILLS :] if each.collection in readable)]


def _fill_one(session: Session, caller: Caller, fill: Fill, room: int) -> tuple[list[PulledPush], int, int]:
    """Pushes of one collection up to `room` bytes, the sequence that they reach, and what they cost."""
    found = session.rows(
        "SELECT p.sequence, p.manifest, p.signature, p.device, p.envelope_bytes FROM part t "
        "JOIN push p ON p.organisation = t.organisation AND p.sequence = t.sequence "
        "WHERE t.organisation = ? AND t.collection = ? AND t.sequence > ? AND t.sequence <= ? "
        "ORDER BY t.sequence LIMIT ?",
        caller.organisation,
        fill.collection,
        fill.after,
        fill.until,
        MOST_PUSHES,
    )
    headers = [(row[0], bytes(row[1]), bytes(row[2]), bytes(row[3]), 0) for row in found]
    taken: list[PulledPush] = []
    cost = 0
    for push in _filled_in(session, caller, headers, [fill.collection], with_own=True):
        taken.append(push)
        cost += _cost(push.parts) + len(push.manifest) + PUSH_OVERHEAD_BYTES
        if cost >= room:
            return taken, push.sequence, cost
    return taken, fill.until if len(found) < MOST_PUSHES else headers[-1][0], cost


def _cost(parts: Iterable[PulledPart]) -> int:
    return sum(len(part.entries) + sum(len(each.envelope) for each in part.items) for part in parts)
