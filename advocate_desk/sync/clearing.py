"""Before files that are read no more here are cleared: whether a person is to be asked, and what the hub says to it."""

from __future__ import annotations

from collections.abc import Sequence

from advocate_desk.sync import keeping, state
from advocate_desk.sync.hub import Hub, HubRefused
from advocate_desk.sync.keeping import Writing
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.state import Standing

MANY_FILES = 20
"""Where others take more files than this from a desk, and more than a quarter of all, it is asked about first."""


def lets_clear(driver: Driver, hub: Hub, writing: Writing, collection: bytes) -> bool:
    """Whether the hub knows of nothing against it, and gives this device the keys anew from here on.

    Asked before: were it said after, a line that breaks would leave others to count on a copy that is gone. That it was
    asked is kept first: from then on the hub may give nothing of the file until a colleague has given its key.
    """
    with writing(driver):
        keeping.mark_let_go(driver, [collection], is_let_go=True)
    try:
        hub.clear(collection)
    except HubRefused as refusal:
        if refusal.code != "may_read":
            raise
        with writing(driver):
            keeping.mark_let_go(driver, [collection], is_let_go=False)
        return False
    return True


def agreed(driver: Driver, wanted: Sequence[bytes], writing: Writing, *, is_agreed: bool) -> list[bytes]:
    """Those of the files to be cleared that need no asking, or that were asked about and agreed to."""
    stand = state.standing(driver)
    if stand is None:
        return list(wanted)
    if is_agreed:
        with writing(driver):
            state.change(driver, cleared_files=0)
        return list(wanted)
    by_others = [each for each in wanted if is_taken_by_other(driver, stand, each)]
    held = driver.execute("SELECT count(*) FROM client_file").fetchone()[0]
    many = stand.cleared_files + len(by_others)
    if not by_others or many <= MANY_FILES or many * 4 <= held + stand.cleared_files:
        return list(wanted)
    return [each for each in wanted if each not in by_others]


def is_taken_by_other(driver: Driver, stand: Standing, collection: bytes) -> bool:
    """Whether somebody else saw to it that a file is read no more here."""
    device = state.members(driver, stand).devices.get(keeping.taken_by(driver, collection))
    return device is None or device.person != stand.person
