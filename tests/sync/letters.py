"""People known by one letter, each with one device: for tests of the chains alone, without a store or a hub."""

from __future__ import annotations

from dataclasses import dataclass

from nacl.signing import SigningKey

from advocate_desk.sync.statements import AddDevice, SetPerson


@dataclass(frozen=True)
class Lettered:
    """A person with one device: the letter is in the ids of both, and in the seed of its key."""

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


def public(seed: bytes) -> bytes:
    """The Ed25519 key that a seed signs for."""
    return bytes(SigningKey(seed).verify_key)
