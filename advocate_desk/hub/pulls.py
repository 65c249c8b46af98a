"""Answering a pull: one page of what a device has not seen, out of one state of the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, groupby

from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database, Row, Session
from advocate_desk.hub.given import Given, given_since, mark_of, wanting
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import wire
from advocate_desk.sync.statements import Signed
from advocate_desk.sync.wire import Current, Fill, FilledPart, Page, Pull, PulledPart, PulledPush, Tip

MOST_PUSHES = 500
MOST_STATEMENTS = 500
MOST_STATEMENT_BYTES = 2 * 1024 * 1024
"""Of the statements in one page."""
FILLED_AT_ONCE = 32
"""Collections to be filled that are looked up together."""
PUSH_OVERHEAD_BYTES = 400
PART_OVERHEAD_BYTES = 40


def answer_pull(database: Database, caller: Caller, pull: Pull) -> Page:
    """The next page after the pull's tip. Raises RefusedByHub for a tip that this history does not have."""
    with database.reading() as session:
        head, members, rights_head = session.rows(
            "SELECT sequence, statements, rights FROM organisation WHERE organisation = ?", caller.organisation
        )[0]
        _check_place(session, caller, pull, head)
        has_other_members = is_other_statement(session, caller, pull.statements, pull.statements_hash)
        statements = _statements(session, caller, pull.statements)
        # who signed a right or a link is known by the statements, and by both what may be left out of a push
        is_behind = pull.statements + len(statements) < members
        given = Given(upto=pull.rights) if is_behind else given_since(session, caller, pull.rights, rights_head)
        is_behind = is_behind or given.upto < rights_head
        is_marked = pull.rights_mark and given.upto == pull.rights
        mark = pull.rights_mark if is_marked else mark_of(session, caller.organisation, given.upto)
        most_bytes = min(pull.most_bytes, wire.MOST_PAGE_BYTES)
        chosen = [] if is_behind else _headers(session, caller, pull, most_bytes)
        pushes = _filled_in(session, caller, chosen, pull)
        may_read = _readable(session, caller, {*(each.collection for each in pull.fills), *pull.heads})
        spent = sum(row[4] for row in chosen)
        # which files are to be filled follows from what comes first
        asked = () if is_behind else pull.fills
        filled, left = _fill(session, caller, asked, may_read, most_bytes - spent)
        fills = list(pull.fills) if is_behind else left
        asked_heads = () if is_behind else pull.heads[: wire.MOST_HEADS]
        heads = _heads(session, caller, [each for each in asked_heads if each in may_read])
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
        heads,
        given.owners,
        wanted,
        given.upto,
        mark,
        has_other_members,
    )


def _check_place(session: Session, caller: Caller, pull: Pull, head: int) -> None:
    if pull.rights_mark and pull.rights_mark != mark_of(session, caller.organisation, pull.rights):
        raise RefusedByHub("other_history", head)
    check_tip(session, caller, pull.tip, head)


def check_tip(session: Session, caller: Caller, tip: Tip, head: int) -> None:
    """Refuse a tip that is not of this history: one of the two has been restored. Raises RefusedByHub."""
    if tip.sequence == 0:
        return
    found = session.rows(
        "SELECT manifest_hash FROM push WHERE organisation = ? AND sequence = ?", caller.organisation, tip.sequence
    )
    if not found or bytes(found[0][0]) != tip.manifest_hash:
        raise RefusedByHub("other_history", head)


def is_other_statement(session: Session, caller: Caller, number: int, digest: bytes) -> bool:
    """Whether the members' statement of that number here is another than the one of this hash, if any is named."""
    if not number or not digest:
        return False
    found = session.rows(
        "SELECT body FROM statement WHERE organisation = ? AND number = ?", caller.organisation, number
    )
    return bool(found) and wire.digest(wire.unpack(Signed, bytes(found[0][0])).statement) != digest


def _statements(session: Session, caller: Caller, after: int) -> list[bytes]:
    """The members' next statements, as many as fit into a page, one at the least."""
    place = (caller.organisation, after)
    sizes = session.rows(
        "SELECT number, length(body) FROM statement WHERE organisation = ? AND number > ? ORDER BY number LIMIT ?",
        *place,
        MOST_STATEMENTS,
    )
    spent = accumulate(size for _, size in sizes)
    fitting = [number for (number, _), so_far in zip(sizes, spent, strict=True) if so_far <= MOST_STATEMENT_BYTES]
    if not sizes:
        return []
    found = session.rows(
        "SELECT body FROM statement WHERE organisation = ? AND number > ? AND number <= ? ORDER BY number",
        *place,
        max(fitting, default=sizes[0][0]),
    )
    return [bytes(row[0]) for row in found]


def _readable(session: Session, caller: Caller, collections: set[bytes]) -> set[bytes]:
    """Those of the collections that the device reads."""
    if not collections:
        return set()
    found = session.matching(
        "SELECT r.collection FROM wanted w CROSS JOIN reader r "
        "WHERE r.collection = w.c0 AND r.organisation = ? AND r.device = ? AND NOT r.is_withdrawn",
        [list(collections)],
        caller.organisation,
        caller.device,
    )
    return {bytes(row[0]) for row in found}


def _headers(session: Session, caller: Caller, pull: Pull, most_bytes: int) -> list[Row]:
    """(sequence, manifest, signature, device, cost) of the next pushes that fit into a page: one at the least.

    Their sizes are looked at first: what does not fit is not read.
    """
    place = (caller.organisation, pull.tip.sequence)
    sizes = session.rows(
        "SELECT sequence, device, length(manifest), envelope_bytes FROM push "
        "WHERE organisation = ? AND sequence > ? ORDER BY sequence LIMIT ?",
        *place,
        MOST_PUSHES,
    )
    costs: dict[int, int] = {}
    spent = 0
    for sequence, device, manifest_bytes, envelope_bytes in sizes:
        is_bare = pull.is_bare or (bytes(device) == caller.device and not pull.with_own)
        cost = manifest_bytes + PUSH_OVERHEAD_BYTES + (0 if is_bare else envelope_bytes)
        if costs and spent + cost > most_bytes:
            break
        spent += cost
        costs[sequence] = cost
    if not costs:
        return []
    found = session.rows(
        "SELECT sequence, manifest, signature, device FROM push "
        "WHERE organisation = ? AND sequence > ? AND sequence <= ? ORDER BY sequence",
        *place,
        max(costs),
    )
    return [(row[0], *map(bytes, row[1:]), costs[row[0]]) for row in found]


def _filled_in(session: Session, caller: Caller, headers: Sequence[Row], pull: Pull) -> list[PulledPush]:
    """The pushes with their parts that the device reads: none for a bare pull, its own where it asks for them."""
    wanted = [row[0] for row in headers if not pull.is_bare and (pull.with_own or row[3] != caller.device)]
    parts: dict[int, list[PulledPart]] = {}
    for first, last in _runs([row[0] for row in headers], set(wanted)):
        parts |= _parts(session, caller, first, last)
    return [PulledPush(row[0], row[1], row[2], parts.get(row[0], [])) for row in headers]


def _runs(sequences: Sequence[int], wanted: set[int]) -> list[tuple[int, int]]:
    """The first and the last of each stretch of `sequences` that is wanted whole: what lies between is not read."""
    stretches = groupby(sequences, wanted.__contains__)
    found = [list(stretch) for is_wanted, stretch in stretches if is_wanted]
    return [(each[0], each[-1]) for each in found]


def _parts(session: Session, caller: Caller, first: int, last: int) -> dict[int, list[PulledPart]]:
    """What the device reads of the pushes from `first` to `last`, by sequence.

    What it reads is looked up by itself: joined to all of it, a planner that has no statistics of a new organisation
    goes through every file that the device reads for each file that is named. The pushes of a page are few.
    """
    place = (caller.organisation, first, last)
    parts = session.rows(
        "SELECT sequence, collection, entries FROM part WHERE organisation = ? AND sequence BETWEEN ? AND ? "
        "ORDER BY sequence, collection",
        *place,
    )
    readable = _readable(session, caller, {bytes(row[1]) for row in parts})
    items: dict[tuple[int, bytes], list[Current]] = defaultdict(list)
    for row in _items(session, place) if readable else ():
        if bytes(row[1]) in readable:
            items[row[0], bytes(row[1])].append(Current(bytes(row[2]), row[3], row[4], bytes(row[5])))
    found: dict[int, list[PulledPart]] = defaultdict(list)
    for sequence, collection, entries in parts:
        if bytes(collection) in readable:
            here = items.get((sequence, bytes(collection)), [])
            is_whole = len(here) * wire.ENTRY_BYTES == len(entries)
            found[sequence].append(PulledPart(bytes(collection), here, b"" if is_whole else bytes(entries)))
    return found


def _items(session: Session, place: tuple[bytes, int, int]) -> list[Row]:
    """What is current of some pushes, in order."""
    return session.rows(
        "SELECT i.sequence, i.collection, i.item, i.revision, i.epoch, i.envelope FROM item i "
        "WHERE i.organisation = ? AND i.sequence BETWEEN ? AND ? ORDER BY i.sequence, i.collection, i.place",
        *place,
    )


def _heads(session: Session, caller: Caller, collections: list[bytes]) -> list[PulledPart]:
    """The collections' own records: those whose id is the collection's."""
    if not collections:
        return []
    found = session.matching(
        "SELECT i.collection, i.revision, i.epoch, i.envelope FROM wanted w "
        "CROSS JOIN item i WHERE i.collection = w.c0 AND i.item = w.c0 AND i.organisation = ?",
        [collections],
        caller.organisation,
    )
    return [PulledPart(bytes(row[0]), [Current(bytes(row[0]), row[1], row[2], bytes(row[3]))]) for row in found]


def _fill(
    session: Session, caller: Caller, fills: Sequence[Fill], readable: set[bytes], room: int
) -> tuple[list[FilledPart], list[Fill]]:
    """As much of the collections to be filled as there is room for, in the order asked, and what is still to do."""
    wanted = [each for each in fills if each.collection in readable]
    filled: list[FilledPart] = []
    left: list[Fill] = []
    at = 0
    while at < min(len(wanted), wire.MOST_FILLS) and room > 0:
        chunk = wanted[at : at + FILLED_AT_ONCE]
        at += len(chunk)
        taken, room = _fitting(_named(session, caller, chunk), chunk, room)
        reached = {fill.collection: upto for fill, upto, _ in taken}
        left += [
            Fill(each.collection, reached.get(each.collection, each.after), each.until)
            for each in chunk
            if reached.get(each.collection, each.after) < each.until
        ]
        filled += _filled(session, caller, taken)
    return filled, [*left, *wanted[at:]]


Named = dict[bytes, list[tuple[int, bytes, int]]]
"""The parts of collections: the sequence, the entries and the bytes of the envelopes of each."""


def _named(session: Session, caller: Caller, fills: Sequence[Fill]) -> Named:
    found: Named = defaultdict(list)
    for collection, sequence, entries, size in session.matching(
        "SELECT p.collection, p.sequence, p.entries, p.envelope_bytes FROM wanted w "
        "CROSS JOIN part p WHERE p.collection = w.c0 AND p.organisation = ? AND p.sequence > ? AND p.sequence <= ? "
        "ORDER BY p.collection, p.sequence",
        [[each.collection for each in fills]],
        caller.organisation,
        min(each.after for each in fills),
        max(each.until for each in fills),
    ):
        found[bytes(collection)].append((sequence, bytes(entries), size))
    return found


Taken = list[tuple[Fill, int, list[tuple[int, bytes]]]]
"""Of each fill: how far it goes, and the sequence and the entries of each of its parts."""


def _fitting(named: Named, fills: Sequence[Fill], room: int) -> tuple[Taken, int]:
    """What of the fills there is room for, and the room that is left then."""
    taken: Taken = []
    for fill in fills:
        parts: list[tuple[int, bytes]] = []
        waiting = [each for each in named[fill.collection] if fill.after < each[0] <= fill.until]
        for sequence, entries, size in waiting:
            if room <= 0:
                break
            parts.append((sequence, entries))
            room -= size + len(entries) + PART_OVERHEAD_BYTES
        is_whole = len(parts) == len(waiting)
        if parts or is_whole:
            taken.append((fill, fill.until if is_whole else parts[-1][0], parts))
    return taken, room


def _filled(session: Session, caller: Caller, taken: Taken) -> list[FilledPart]:
    """The parts with what is current of them: one look for all fills that go equally far."""
    alike: dict[tuple[int, int], list[bytes]] = defaultdict(list)
    for fill, upto, parts in taken:
        if parts:
            alike[fill.after, upto].append(fill.collection)
    items: dict[tuple[bytes, int], list[Current]] = defaultdict(list)
    for (after, upto), collections in alike.items():
        for row in session.matching(
            "SELECT i.collection, i.sequence, i.item, i.revision, i.epoch, i.envelope FROM wanted w "
            "CROSS JOIN item i WHERE i.collection = w.c0 AND i.organisation = ? AND i.sequence > ? AND i.sequence <= ? "
            "ORDER BY i.collection, i.sequence, i.place",
            [collections],
            caller.organisation,
            after,
            upto,
        ):
            items[bytes(row[0]), row[1]].append(Current(bytes(row[2]), row[3], row[4], bytes(row[5])))
    found: list[FilledPart] = []
    for fill, _, parts in taken:
        for sequence, entries in parts:
            here = items.get((fill.collection, sequence), [])
            is_whole = len(here) * wire.ENTRY_BYTES == len(entries)
            found.append(FilledPart(sequence, fill.collection, here, b"" if is_whole else entries))
    return found
