"""People with one device each, known by one letter: what the rules of members and of ownership are tested with."""

from __future__ import annotations

from dataclasses import dataclass

from nacl.signing import SigningKey

from advocate_desk.sync.ownership import Whose
from advocate_desk.sync.statements import AddDevice, SetPerson

ORGANISATION = b"o" * 16
ROOT_SEED = b"\x09" * 32


def public(seed: bytes) -> bytes:
    """The public half of a seed."""
    return bytes(SigningKey(seed).verify_key)


@dataclass(frozen=True)
class Lettered:
    """A person with one device, both known by one letter."""

    letter: bytes

    @property
    def id(self) -> bytes:
        return self.letter * 16

    @property
    def seed(self) -> bytes:
        return self.letter * 32

    def person(self, *roles: str, teams: tuple[bytes, ...] = (), is_active: bool = True) -> SetPerson:
        return SetPerson(self.id, list(roles), list(teams), is_active, b"sealed")

    def device(self) -> AddDevice:
        return AddDevice(self.id, self.id, public(self.seed), self.letter * 32, b"sealed")

    @property
    def own(self) -> Whose:
        return Whose(self.id, None, False, frozenset())


ANN, BEN, CAT, EVE = Lettered(b"a"), Lettered(b"b"), Lettered(b"c"), Lettered(b"e")
