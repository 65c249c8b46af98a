"""A share of the organisation's secret as it stands on paper: fourteen groups that each notice a typing mistake."""

from __future__ import annotations

from dataclasses import dataclass

from advocate_desk.errors import Invalid
from advocate_desk.sync import shares, wire
from advocate_desk.vault.recovery import SHARE_GROUPS, from_groups, plain_group, to_groups
from advocate_desk.vault.secret import SecretKey

SHARE_BYTES = 32
MARK_BYTES = 2
TWICE = "This sheet has been typed already. Take another holder’s sheet."
STRANGERS = "This sheet belongs to another organisation than the sheet before it. Compare the marks at their heads."


@dataclass(frozen=True)
class ShareCode:
    """One holder's share. `mark` tells the sheets of one organisation from those of another; it is no secret."""

    number: int
    share: bytes
    mark: bytes

    @classmethod
    def parse(cls, text: str) -> ShareCode:
        """The share that was typed, in any case and spacing. Raises Invalid, naming the group."""
        typed = bytes(from_groups(text, SHARE_GROUPS))
        return cls(typed[0], typed[1 : 1 + SHARE_BYTES], typed[1 + SHARE_BYTES :])

    @property
    def groups(self) -> tuple[str, ...]:
        """The fourteen groups of five characters."""
        return to_groups(bytes([self.number]) + self.share + self.mark)

    @property
    def mark_text(self) -> str:
        """The mark as it stands at the head of a sheet."""
        return self.mark.hex().upper()

    def has_group(self, place: int, text: str) -> bool:
        """Whether `text` is the group at `place` (from 0)."""
        return plain_group(text) == self.groups[place]

    def __repr__(self) -> str:
        return "ShareCode(...)"


def mark_of(root_public: bytes) -> bytes:
    """The mark of an organisation's sheets."""
    return wire.digest(root_public)[:MARK_BYTES]


def codes(shares: dict[int, bytes], root_public: bytes) -> tuple[ShareCode, ...]:
    """Shares as they go on paper, the first holder's first."""
    return tuple(ShareCode(number, share, mark_of(root_public)) for number, share in sorted(shares.items()))


def joined(held: tuple[ShareCode, ...]) -> SecretKey:
    """The secret of these shares, if they are enough: nothing here can tell. Whoever asked wipes it."""
    return SecretKey(shares.join({each.number: each.share for each in held}))


def add(held: tuple[ShareCode, ...], text: str) -> tuple[ShareCode, ...]:
    """`held` and the share that was typed. Raises Invalid where it cannot belong to them."""
    typed = ShareCode.parse(text)
    if any(each.mark != typed.mark for each in held):
        raise Invalid(STRANGERS, {"share": STRANGERS})
    if any(each.number == typed.number for each in held):
        raise Invalid(TWICE, {"share": TWICE})
    return (*held, typed)
