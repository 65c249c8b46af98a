"""Taking a push: change by change, in one transaction, under the organisation's lock that gives out the sequence.

The lock is what makes a pull safe: sequence numbers become visible in the order in which they were given out, so that
no reader passes over a commit that is still in flight. Everything that needs no answer of the database comes before it.
"""

from __future__ import annotations

from advocate_desk.hub.callers import Caller, refuse_revoked
from advocate_desk.hub.database import Database, Row, Session
from advocate_desk.hub.limits import PUSH_BYTES, check_space
from advocate_desk.hub.pulls import check_tip, is_other_statement
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import signing, wire
from advocate_desk.sync.manifest import NONE, Manifest
from advocate_desk.sync.wire import ACCEPTED, BEHIND, Outcome, Push, PushAnswer

ITEM = ("organisation", "collection", "item", "revision", "epoch", "sequence", "place", "envelope")
MOST_MANIFEST_BYTES = 256 * 1024
"""Of every file that a push may name, and of every device: every desk fetches each manifest, and keeps its chain."""

FEW_SEEN = 16
"""Devices that a manifest may tell of without a look at how many there are."""


def take_push(database: Database, caller: Caller, push: Push, quota_bytes: int) -> PushAnswer:
    """Take what may be taken of a push and answer for each change. Raises RefusedByHub, and then took nothing."""
    manifest = _checked(caller, push)
    entries = [wire.entries_of(part.changes) for part in push.parts]
    for named, part, own in zip(manifest.parts, push.parts, entries, strict=True):
        is_named = named.collection == part.collection and named.changes == len(part.changes) > 0
        if not is_named or named.entries_hash != wire.digest(own):  # no desk would believe it, and all would stop at it
            raise RefusedByHub("malformed")
    manifest_hash = wire.digest(push.manifest)
    with database.writing() as session:
        head = _locked(session, caller)
        repeated = _repeated(session, caller, manifest, manifest_hash)
        if repeated is not None:
            return repeated
        check_tip(session, caller, push.tip, head[0])
        if is_other_statement(session, caller, manifest.members, manifest.members_hash):
            raise RefusedByHub("other_members")  # every colleague's desk would stop at it
        _check_rights(session, caller, push)
        sequence = head[0] + 1
        _check_seen(session, caller, manifest)
        current = _current(session, caller, push)
        outcomes, items, added = _judge(caller, push, current, sequence)
        beside = len(push.manifest) + sum(map(len, entries)) + PUSH_BYTES
        check_space(head[1], head[2], added, beside, quota_bytes)
        answer = PushAnswer(sequence, outcomes)
        _keep(session, caller, push, items, entries, sequence)
        session.run(
            "UPDATE organisation SET sequence = ?, used_bytes = used_bytes + ? WHERE organisation = ?",
            sequence,
            added + beside,
            caller.organisation,
        )
        session.run(
            "UPDATE device SET last_number = ?, last_hash = ?, last_answer = ? WHERE organisation = ? AND device = ?",
            manifest.number,
            manifest_hash,
            wire.pack(answer),
            caller.organisation,
            caller.device,
        )
    return answer


def _checked(caller: Caller, push: Push) -> Manifest:
    """The manifest of a push that is this device's own, and no larger than it may be."""
    changes = sum(len(part.changes) for part in push.parts)
    if changes > wire.MOST_CHANGES:
        raise RefusedByHub("too_large", wire.MOST_CHANGES)
    if any(len(each.envelope) > wire.MOST_ENVELOPE_BYTES for part in push.parts for each in part.changes):
        raise RefusedByHub("too_large", wire.MOST_ENVELOPE_BYTES)
    if len(push.manifest) > MOST_MANIFEST_BYTES:
        raise RefusedByHub("too_large", MOST_MANIFEST_BYTES)
    try:
        manifest = wire.unpack(Manifest, push.manifest)
    except wire.Malformed as error:
        raise RefusedByHub("malformed") from error
    if manifest.organisation != caller.organisation or manifest.device != caller.device:
        raise RefusedByHub("malformed")
    if len(manifest.parts) != len(push.parts) or not manifest.after < manifest.number:
        raise RefusedByHub("malformed")
    keys = {(part.collection, each.item) for part in push.parts for each in part.changes}
    if len(keys) != changes or len({part.collection for part in push.parts}) != len(push.parts):
        raise RefusedByHub("malformed")
    if not signing.is_signed(signing.PUSH, push.manifest, push.signature, caller.sign_public):
        raise RefusedByHub("wrong_signature")
    return manifest


def _locked(session: Session, caller: Caller) -> Row:
    """The organisation's sequence, used bytes and rights, its row locked until the end of the transaction."""
    found = session.rows(
        "SELECT sequence, used_bytes, rights FROM organisation WHERE organisation = ? /*lock*/", caller.organisation
    )
    return found[0]


def _check_seen(session: Session, caller: Caller, manifest: Manifest) -> None:
    """Refuse a manifest that tells of more devices than there are: every desk fetches each, and keeps what it says."""
    if len(manifest.seen) > FEW_SEEN:
        held = session.rows("SELECT count(*) FROM device WHERE organisation = ?", caller.organisation)[0][0]
        if len(manifest.seen) > held:
            raise RefusedByHub("malformed")


def _repeated(session: Session, caller: Caller, manifest: Manifest, manifest_hash: bytes) -> PushAnswer | None:
    """The first answer to a push that was taken before; None for a new one that follows the last."""
    last_number, last_hash, last_answer, revoked_by = session.rows(
        "SELECT last_number, last_hash, last_answer, revoked_by FROM device WHERE organisation = ? AND device = ?",
        caller.organisation,
        caller.device,
    )[0]
    if revoked_by:  # since the session was looked up
        refuse_revoked(session, caller.organisation, revoked_by)
    if last_number == manifest.number and last_hash == manifest_hash:
        return wire.unpack(PushAnswer, last_answer)
    follows = manifest.number == last_number + 1 and manifest.previous_hash == (last_hash if last_number else NONE)
    says_what_was_lost = manifest.number > last_number + 1 and manifest.after == last_number
    if not follows and not says_what_was_lost:
        raise RefusedByHub("out_of_order", last_number)
    return None


def _check_rights(session: Session, caller: Caller, push: Push) -> None:
    """Refuse a push to a collection that the device does not hold. One that was withdrawn takes what was unsent."""
    wanted = [part.collection for part in push.parts]
    found = session.matching(
        "SELECT r.collection FROM wanted w CROSS JOIN reader r "
        "WHERE r.collection = w.c0 AND r.organisation = ? AND r.device = ?",
        [wanted],
        caller.organisation,
        caller.device,
    )
    if len(found) != len(wanted):
        raise RefusedByHub("no_right")


def _current(session: Session, caller: Caller, push: Push) -> dict[tuple[bytes, bytes], tuple[int, int]]:
    """Revision and envelope size of each item of a push that the hub has.

    A first push brings whole files: of a collection of which nothing is here, no item is looked up.
    """
    new = {part.collection for part in push.parts if not any(each.expected for each in part.changes)}
    empty = new - _begun(session, caller, sorted(new))
    pairs = [
        (part.collection, each.item) for part in push.parts if part.collection not in empty for each in part.changes
    ]
    if not pairs:
        return {}
    found = session.matching(
        "SELECT i.collection, i.item, i.revision, length(i.envelope) FROM wanted w "
        "CROSS JOIN item i WHERE i.collection = w.c0 AND i.item = w.c1 AND i.organisation = ?",
        [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
        caller.organisation,
    )
    return {(bytes(row[0]), bytes(row[1])): (row[2], row[3]) for row in found}


def _begun(session: Session, caller: Caller, collections: list[bytes]) -> set[bytes]:
    """Those of the collections of which the hub has any item."""
    if not collections:
        return set()
    found = session.matching(
        "SELECT w.c0 FROM wanted w WHERE (SELECT i.item FROM item i WHERE i.organisation = ? AND i.collection = w.c0 "
        "ORDER BY i.item LIMIT 1) IS NOT NULL",
        [collections],
        caller.organisation,
    )
    return {bytes(row[0]) for row in found}


def _judge(
    caller: Caller, push: Push, current: dict[tuple[bytes, bytes], tuple[int, int]], sequence: int
) -> tuple[list[Outcome], list[Row], int]:
    """An outcome a change, the rows of those that are taken, and the bytes that they add."""
    outcomes: list[Outcome] = []
    rows: list[Row] = []
    added = 0
    for part in push.parts:
        for place, change in enumerate(part.changes):
            revision, size = current.get((part.collection, change.item), (0, 0))
            if change.expected > revision:  # it was here once: the hub lost its tail, and the device must look first
                raise RefusedByHub("other_history", sequence - 1)
            if change.expected != revision:
                outcomes.append(Outcome(BEHIND, revision))
                continue
            outcomes.append(Outcome(ACCEPTED, revision + 1))
            added += len(change.envelope) - size
            rows.append(
                (
                    caller.organisation,
                    part.collection,
                    change.item,
                    revision + 1,
                    change.epoch,
                    sequence,
                    place,
                    change.envelope,
                )
            )
    return outcomes, rows, added


def _keep(session: Session, caller: Caller, push: Push, items: list[Row], entries: list[bytes], sequence: int) -> None:
    session.add("item", ITEM, [each for each in items if each[3] == 1])  # the organisation's lock keeps others away
    session.many(
        f"INSERT INTO item ({', '.join(ITEM)}) "  # noqa: S608 - our own words
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (organisation, collection, item) DO UPDATE SET "
        "revision = excluded.revision, epoch = excluded.epoch, sequence = excluded.sequence, place = excluded.place, "
        "envelope = excluded.envelope",
        [each for each in items if each[3] > 1],
    )
    session.run(
        "INSERT INTO push (organisation, sequence, device, manifest, manifest_hash, signature, envelope_bytes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        caller.organisation,
        sequence,
        caller.device,
        push.manifest,
        wire.digest(push.manifest),
        push.signature,
        sum(len(each.envelope) for part in push.parts for each in part.changes),
    )
    session.add(
        "part",
        ("organisation", "collection", "sequence", "entries", "envelope_bytes"),
        [
            (caller.organisation, part.collection, sequence, own, sum(len(each.envelope) for each in part.changes))
            for part, own in zip(push.parts, entries, strict=True)
        ],
    )
