"""Seeing, after everything was pulled, that all is here that a manifest named or a colleague has seen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from advocate_desk.sync import claims, giving_back, keeping, opening, owning, state, unseen
from advocate_desk.sync.claims import Missed
from advocate_desk.sync.manifest import CERTAIN, MEMBERS, Link
from advocate_desk.sync.outbox import Driver

_ANYTHING = b"\xff" * 16
"""Stands for the chain where the tries are counted of what this desk itself knows to be missing."""


def look(
    driver: Driver,
    own: bytes,
    own_number: int,
    writing: Callable[[Driver], AbstractContextManager[None]],
    now: datetime,
) -> bool:
    """Look for what the hub kept from the device `own`, and tell it. True where there is something to be told now.

    `own_number` is this device's own last manifest before that: the hub is to show it, too.
    """
    stand = state.standing(driver)
    if stand is None:
        return False
    members = state.members(driver, stand)
    missed = claims.missed(driver, members, own)
    sure = {each.chain for each in missed if each.by == own}
    if own_number > state.chains(driver, members).ends.get(own, Link()).number:
        sure.add(own)
    news = [each for each in missed if each.by != own and not each.tries]
    items, unseen_files = opening.still_missing(driver), unseen.files(driver)
    links, handed_back = owning.count_without(driver) + len(unseen_files), keeping.handed_back(driver)
    if not (missed or sure or items or links or handed_back or _is_counting(driver)):
        return False
    is_told = bool(sure or news or items or links)
    with writing(driver):
        if is_told:
            _tell(driver, sure, news, items, links, now)
        if _is_due(driver, own, len(sure) + len(items) + links + len(handed_back)):
            files = {collection for collection, _ in items} | handed_back
            _ask_again(driver, own, sure, files, with_rights=bool(unseen_files or handed_back))
        again = {each.chain for each in missed if each.by != own and each.is_due} - {MEMBERS, own}
        if again:
            giving_back.look_again(driver, own, sorted(again))
        claims.count_tries(driver)
    return is_told


def _tell(
    driver: Driver,
    sure: Collection[bytes],
    news: Sequence[Missed],
    items: Sequence[tuple[bytes, bytes]],
    links: int,
    now: datetime,
) -> None:
    """Tell what is missing: what this desk itself knows of as long as it is so, what a colleague claims once."""
    chains = {*sure, *(each.chain for each in news)}
    detail: dict[str, Any] = {"devices": len(chains - {MEMBERS}), "items": len(items)}
    detail["statements"] = int(MEMBERS in chains)
    if links:
        detail["links"] = links
    if not (sure or items or links):
        detail["by"] = sorted({each.by.hex() for each in news})
    state.tell(driver, now, "withheld", detail)


def _ask_again(
    driver: Driver, own: bytes, sure: Collection[bytes], files: Collection[bytes], *, with_rights: bool
) -> None:
    """Ask for it anew. The hub may be honest again."""
    giving_back.look_again(driver, own, sorted(sure))
    if with_rights:
        state.change(driver, rights_number=0, rights_mark=None)
    for collection in files:
        keeping.fill_again(driver, collection)


def _is_counting(driver: Driver) -> bool:
    """Whether anything but a colleague's claim was missed in the exchange before."""
    return driver.execute("SELECT 1 FROM chain_claim WHERE device = ?", (_ANYTHING,)).fetchone() is not None


def _is_due(driver: Driver, own: bytes, missing: int) -> bool:
    """Whether to ask again for so much that is `missing`: soon, and then ever more seldom. In the transaction.

    Whatever was told of it. Tries are counted anew where more is missing, and nothing is due where nothing is.
    """
    row = driver.execute("SELECT number, tries FROM chain_claim WHERE device = ?", (_ANYTHING,)).fetchone()
    tries = row[1] if row is not None and missing <= row[0] else 0
    driver.execute("DELETE FROM chain_claim WHERE device = ?", (_ANYTHING,))
    if missing:
        driver.execute(
            "INSERT INTO chain_claim (device, by, number, made_at, tries) VALUES (?, ?, ?, ?, ?)",
            (_ANYTHING, own, missing, CERTAIN, tries),
        )
    return missing > 0 and Missed(_ANYTHING, own, tries).is_due
