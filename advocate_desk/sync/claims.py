"""What devices say of how far one another's chains have come, and what of that this desk has told and has not met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from advocate_desk.sync.manifest import MEMBERS, Seen
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.statements import Members


@dataclass(frozen=True, slots=True)
class Missed:
    """A chain that did not come as far as somebody says. `tries`: in how many exchanges it was missed before."""

    chain: bytes
    by: bytes
    tries: int

    @property
    def is_due(self) -> bool:
        """Whether to ask for it again: soon, and then ever more seldom. The hub may be honest again."""
        return self.tries & (self.tries + 1) == 0


def missed(driver: Driver, organisation: Members, own: bytes) -> list[Missed]:
    """The claims that nothing has met yet, but for those of devices that may act no more, and those about them.

    Who is out gives nothing back, and an administrator's revocation ends what a device claims in bad faith.
    """
    return [
        Missed(bytes(chain), bytes(by), tries)
        for chain, by, tries in driver.execute("SELECT device, by, tries FROM chain_claim ORDER BY device, by")
        if (chain == MEMBERS or organisation.may_act(chain)) and (by == own or organisation.may_act(by))
    ]


def count_tries(driver: Driver) -> None:
    """One more exchange in which what was claimed did not come. In the caller's transaction."""
    driver.execute("UPDATE chain_claim SET tries = tries + 1")


def has_to_deny(driver: Driver, own: bytes, push_number: int) -> bool:
    """Whether somebody claims pushes of this device that never were, and no manifest of ours answered that yet."""
    sql = (
        "SELECT 1 FROM chain_claim c JOIN chain_end e ON e.device = c.by "
        "WHERE c.device = ? AND c.by <> c.device AND c.number > ? AND c.made_at > e.told AND c.made_at <= e.number"
    )
    return driver.execute(sql, (own, push_number)).fetchone() is not None


def untold(driver: Driver, own: bytes) -> list[Seen]:
    """The chains that have grown since our own last manifest told of them."""
    rows = driver.execute(
        "SELECT device, number FROM chain_end WHERE number > told AND device <> ? ORDER BY device", (own,)
    )
    return [Seen(bytes(device), number) for device, number in rows]


def told(driver: Driver, seen: Iterable[Seen]) -> None:
    """Our manifest, now accepted, told of these. In the caller's transaction."""
    driver.executemany("UPDATE chain_end SET told = ? WHERE device = ?", [(each.number, each.device) for each in seen])
