"""Every item that a device may read, with its revision and no envelope: for a desk whose hub has lost its tail."""

from __future__ import annotations

from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database
from advocate_desk.sync.messages import AskRevisions, Held, Revisions

MOST_ITEMS = 20_000


def revisions(database: Database, caller: Caller, asked: AskRevisions) -> Revisions:
    """The next items after the named one, in the order of collection and item. Fewer than MOST_ITEMS are the last."""
    with database.reading() as session:
        found = session.rows(
            "SELECT i.collection, i.item, i.revision, i.sequence FROM item i "
            "JOIN reader r ON r.organisation = i.organisation AND r.collection = i.collection AND r.device = ? "
            "WHERE i.organisation = ? AND NOT r.is_withdrawn AND (i.collection, i.item) > (?, ?) "
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
