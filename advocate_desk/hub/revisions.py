"""Every item of what a device holds, with its revision and no envelope: for a desk whose hub has lost its tail.

Also of files that it may read no more and has not cleared: it has to know what of them it need not deliver.
"""

from __future__ import annotations

from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database
from advocate_desk.sync.messages import AskRevisions, Held, Revisions

MOST_ITEMS = 20_000


def revisions(database: Database, caller: Caller, asked: AskRevisions) -> Revisions:
    """The next items after the named one, in the order of collection and item. Fewer than MOST_ITEMS are the last.

    Those of files that the device holds and may read no more are named too: it has to know what of its work came.
    """
    with database.reading() as session:
        found = session.rows(
            "SELECT i.collection, i.item, i.revision, i.sequence FROM item i "
            "JOIN reader r ON r.organisation = i.organisation AND r.collection = i.collection AND r.device = ? "
            "WHERE i.organisation = ? AND (i.collection, i.item) > (?, ?) "
            "ORDER BY i.collection, i.item LIMIT ?",
            caller.device,
            caller.organisation,
            asked.collection,
            asked.item,
            MOST_ITEMS,
        )
        last = session.rows(
            "SELECT last_number FROM device WHERE organisation = ? AND device = ?", caller.organisation, caller.device
        )
    held = [Held(bytes(row[0]), bytes(row[1]), row[2], row[3]) for row in found]
    return Revisions(held, len(held) == MOST_ITEMS, last[0][0])
