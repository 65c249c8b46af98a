"""A hub that says that this device is out: believed only where the members' chain says so too."""

from __future__ import annotations

from typing import NoReturn

from advocate_desk.sync import state, statements
from advocate_desk.sync.hub import HubRefused, Removed
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.state import Standing
from advocate_desk.sync.statements import Members


def check(driver: Driver, stand: Standing, refusal: HubRefused, own: bytes) -> NoReturn:
    """Raises Removed where the chain itself says that the device `own` is out, Distrust where only the hub says so.

    The chain that came with the refusal must go on from the one that is known here, or be the beginning of it: an
    administrator of former days can sign another history from her own days on. A chain that never named this
    device has not removed it: it waits to be let in.
    """
    known, chain = state.members(driver, stand), Members(stand.organisation, stand.root_public)
    for body in refusal.statements:
        chain = statements.take(chain, body)
        if chain.number == known.number and chain.hash != known.hash:
            raise Distrust("removal")
    newest = chain if chain.number >= known.number else known
    if not newest.is_out(own):
        raise Distrust("removal")
    raise Removed(is_lost=newest.devices[own].is_lost)
