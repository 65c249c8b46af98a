"""What was typed here in a file that was taken from this desk, where a colleague has changed the same record since.

This desk may not have the colleague's version any more, so it cannot merge. It lays its own values before those who
have the file, as an open conflict of that record, which is new and therefore never behind.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from advocate_desk.sync import linking, state
from advocate_desk.sync.inbox import Arrived, Scribe
from advocate_desk.sync.merge import CHANGED, EXTRA, Clash
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.records import CONFLICT, Shape, shapes


def lay_before_others(driver: Driver, collections: Iterable[bytes], now: datetime) -> bool:
    """Make conflicts of what still waits in these files after all was sent that could be. True where there was any.

    In the caller's transaction, with the tracking switched off.
    """
    stand = state.standing(driver)
    if stand is None:
        return False
    person, scribe, is_any = stand.person.hex(), Scribe(driver, now), False
    members = state.members(driver, stand)
    for collection in collections:
        is_any = linking.lay_wish(driver, members, stand, collection, now) or is_any
        for shape in shapes().values():
            for row in _changed(driver, shape, collection.hex()):
                item = bytes.fromhex(row["id"])
                place = Arrived(shape.name, item, collection, row["synced_rev"], person, person, {})
                if shape.name != CONFLICT:  # a decision of hers that came second is no value that she typed
                    for clash in _clashes(shape, json.loads(row["base"]), row):
                        scribe.keep(shape, place, clash, row[CHANGED], row[CHANGED])
                driver.execute(f'UPDATE "{shape.name}" SET base = NULL WHERE id = ?', (row["id"],))  # noqa: S608
                is_any = True
    return is_any


def _changed(driver: Driver, shape: Shape, file_id: str) -> list[dict[str, Any]]:
    names = ("id", "synced_rev", "base", EXTRA, *shape.columns)
    columns = ", ".join(f'"{name}"' for name in names)
    sql = f'SELECT {columns} FROM "{shape.name}" WHERE file_id = ? AND synced_rev IS NOT NULL AND base IS NOT NULL'  # noqa: S608
    return [dict(zip(names, row, strict=True)) for row in driver.execute(sql, (file_id,)).fetchall()]


def _clashes(shape: Shape, base: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Clash]:
    left = [name for name in shape.columns if name != CHANGED and row[name] != base.get(name, shape.empty[name])]
    while left:
        together = next((each for each in shape.rules.together if left[0] in each), frozenset({left[0]}))
        left = [name for name in left if name not in together]
        fields = tuple(sorted(together))
        typed = {name: row[name] for name in fields}
        before = {name: base.get(name) for name in fields}  # after a restore of the hub nothing of that is known
        yield Clash(fields, before, typed, typed, is_critical=True)
