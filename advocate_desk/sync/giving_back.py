"""When the hub has lost its tail, restored from a backup: find where we still agree, and give back what it lost.

Every desk is a full copy of the files that it holds. What the hub has at a lower revision than this desk, or not at
all, is marked unsent from the hub's revision on; where another desk has written meanwhile, the merge keeps both.
"""

from __future__ import annotations

from datetime import datetime

from advocate_desk.sync import state
from advocate_desk.sync.hub import Hub, HubRefused
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.messages import AskRevisions
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.records import shapes
from advocate_desk.sync.wire import Pull, Tip

NOTHING_AGREED = "{}"
"""The base of a record that is given back: what both sides had is not known, so that a merge keeps every value."""


def find_agreement(driver: Driver, hub: Hub, head: int) -> Tip:
    """The newest point of this desk's history that the hub, whose newest is `head`, has too. Asks some dozen times."""
    seen = [
        Tip(sequence, bytes(digest))
        for sequence, digest in driver.execute(
            "SELECT sequence, manifest_hash FROM seen_push WHERE sequence <= ? ORDER BY sequence", (head,)
        )
    ]
    agreed, first_not = Tip(0, NONE), len(seen)
    low = 0
    while low < first_not:
        middle = (low + first_not) // 2
        if _has(hub, seen[middle]):
            agreed, low = seen[middle], middle + 1
        else:
            first_not = middle
    return agreed


def _has(hub: Hub, tip: Tip) -> bool:
    try:
        hub.pull(Pull(tip, 2**52, 2**52, is_bare=True, most_bytes=1))
    except HubRefused as refusal:
        if refusal.code == "other_history":
            return False
        raise
    return True


def ask_revisions(hub: Hub) -> tuple[dict[bytes, int], int]:
    """What the hub has: revisions by item; and the number of this device's last manifest there."""
    found: dict[bytes, int] = {}
    asked = AskRevisions()
    while True:
        page = hub.revisions(asked)
        found.update((each.item, each.revision) for each in page.held)
        if not page.has_more or not page.held:
            return found, page.last_number
        asked = AskRevisions(page.held[-1].collection, page.held[-1].item)


def rewind(driver: Driver, agreed: Tip, held: dict[bytes, int], last_number: int, at: datetime) -> int:
    """Go back to the agreed point and mark unsent what the hub lost; how many records. In the caller's transaction."""
    lost = 0
    for name in shapes():
        rows = driver.execute(f'SELECT id, synced_rev FROM "{name}" WHERE synced_rev IS NOT NULL').fetchall()  # noqa: S608
        behind = [
            (held.get(bytes.fromhex(key)), NOTHING_AGREED if held.get(bytes.fromhex(key)) else None, key)
            for key, revision in rows
            if held.get(bytes.fromhex(key), 0) < revision
        ]
        driver.executemany(
            f'UPDATE "{name}" SET synced_rev = ?, base = coalesce(base, ?) WHERE id = ?',  # noqa: S608
            behind,
        )
        lost += len(behind)
    driver.execute("DELETE FROM seen_push WHERE sequence > ?", (agreed.sequence,))
    driver.execute(
        "UPDATE collection_state SET fill_until = min(fill_until, ?), filled_to = min(filled_to, ?)",
        (agreed.sequence, agreed.sequence),
    )
    driver.execute("DELETE FROM outgoing_push")
    driver.execute("DELETE FROM given_right")
    driver.execute("DELETE FROM attachment")
    state.change(
        driver,
        tip_sequence=agreed.sequence,
        tip_hash=agreed.manifest_hash,
        rights_number=0,
        push_after=last_number,
    )
    state.tell(driver, at, "gave_back", {"records": lost})
    return lost
