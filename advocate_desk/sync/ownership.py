"""Whose a file is: a chain of signed links a file, which every desk and the hub judge in the same way.

Each link is signed by somebody who could read the file under the link before it, as the members' chain stood by the
statement that the link names. The first is anybody's: she opens the file. Who may read follows from the last link and
the members' chain alone, so that nobody has to be told of it and nobody can be told it falsely.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from advocate_desk.sync import signing, wire
from advocate_desk.sync.aside import on_two
from advocate_desk.sync.manifest import NONE, Distrust
from advocate_desk.sync.statements import DATA_LEAD, SUPERVISOR, Member, MemberDevice, Members
from advocate_desk.sync.wire import Ownership, SignedOwnership


@dataclass(frozen=True, slots=True)
class Whose:
    """What a link says: the file's advocate, her team, and for a restricted file the people named."""

    person: bytes | None
    team: bytes | None
    is_restricted: bool
    readers: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Owned:
    """A link as it is known: what it says, the hash by which the next names it, and the device that signed it."""

    link: Ownership
    hash: bytes
    signer: bytes

    @property
    def whose(self) -> Whose:
        """Whose the file is."""
        return Whose(self.link.person, self.link.team, self.link.is_restricted, frozenset(self.link.readers))


def sign(link: Ownership, signer: bytes, seed: bytes | bytearray, public: bytes = b"") -> SignedOwnership:
    """A link signed by the device `signer`, whose 32-byte Ed25519 seed it is; `public` is that seed's, if at hand."""
    body = wire.pack(link)
    return SignedOwnership(body, signer, signing.sign(signing.OWNERSHIP, body, seed, public))


def following(
    members: Members, collection: bytes, before: Owned | None, whose: Whose, opener: bytes, at: int = 0
) -> Ownership:
    """The link that makes the file `whose`, after `before`. `opener` signs the first; later ones carry her on."""
    return Ownership(
        members.organisation,
        collection,
        before.link.number + 1 if before else 1,
        before.hash if before else NONE,
        whose.person,
        whose.team,
        whose.is_restricted,
        sorted(whose.readers),
        before.link.opener if before else opener,
        members.number,
        at,
    )


def known(signed: SignedOwnership) -> Owned:
    """A link as bytes, as it is known, nothing checked but its form. Raises Distrust."""
    try:
        link = wire.unpack(Ownership, signed.link)
    except wire.Malformed as error:
        raise Distrust("malformed") from error
    if link.readers != sorted(set(link.readers)) or not link.number:
        raise Distrust("malformed")
    return Owned(link, wire.digest(signed.link), signed.signer)


def take(
    members: Members,
    before: Owned | None,
    signed: SignedOwnership,
    taken_from: int = 0,
    are_signed: Collection[SignedOwnership] = (),
) -> Owned:
    """The file after one more link. Raises Distrust.

    `are_signed`: links of which `signed_of` has found that their signers signed them.

    `taken_from`: an honest hub took this link when it knew at least so many statements, and looked whether the signer
    might make it by then. So nobody who may no more can sign it late, under a statement of her better days.
    """
    found = known(signed)
    link = found.link
    if link.organisation != members.organisation or (before and link.collection != before.link.collection):
        raise Distrust("another file")
    if (link.number, link.previous_hash) != ((before.link.number + 1, before.hash) if before else (1, NONE)):
        raise Distrust("another history")
    if not (before.link.members if before else 0) <= link.members <= members.number:
        raise Distrust("another history")
    signer = members.actor_at(signed.signer, link.members)
    opener = before.link.opener if before else signer.person if signer else b""
    if link.opener != opener or not _may_follow(signer, before):
        raise Distrust("no right")
    if link.members < taken_from and not any(
        _may_follow(members.actor_at(signed.signer, number), before) for number in (taken_from, members.number)
    ):
        raise Distrust("late")
    if signed not in are_signed and not is_signed(members, signed):
        raise Distrust("signature")
    return found


def signed_of(members: Members, links: Sequence[SignedOwnership]) -> set[SignedOwnership]:
    """Those of the links that the devices which they name as their signers signed."""
    return set(on_two(lambda some: [each for each in some if is_signed(members, each)], links))


def is_signed(members: Members, signed: SignedOwnership) -> bool:
    """Whether the device that a link names as its signer, which may be out by now, signed it."""
    public = members.sign_public(signed.signer)
    return public is not None and signing.is_signed(signing.OWNERSHIP, signed.link, signed.signature, public)


def _may_follow(signer: Member | None, before: Owned | None) -> bool:
    return signer is not None and (before is None or may_read(signer, before.link))


def may_read(person: Member, link: Ownership) -> bool:
    """Whether a person may read a file.

    A restricted one: those named, and its advocate. Any other: its advocate, the people of its team, and the data
    leads; a supervisor reads the files of her teams. A file without a team is its advocate's, the supervisors' and the
    data leads', and with neither, it is also hers who opened it.
    """
    if not person.is_active:
        return False
    if person.person == link.person:
        return True
    if link.is_restricted:
        return person.person in link.readers
    if DATA_LEAD in person.roles:
        return True
    if link.team is not None:
        return link.team in person.teams
    return SUPERVISOR in person.roles or (link.person is None and person.person == link.opener)


def entitled(members: Members, link: Ownership) -> set[bytes]:
    """The people who may read a file."""
    return {each.person for each in members.people.values() if may_read(each, link)}


def everybody(members: Members) -> set[bytes]:
    """The people who may read the organisation's own collection, which has no links: all who are here."""
    return {each.person for each in members.people.values() if each.is_active}


class Readers:
    """Who may read files, by one state of the members' chain: many files are the same people's."""

    def __init__(self, members: Members) -> None:
        self._members = members
        self._found: dict[tuple[object, ...], tuple[MemberDevice, ...]] = {}

    def devices(self, link: Ownership) -> tuple[MemberDevice, ...]:
        """The devices that may act and whose people may read the file, in the order of their ids."""
        is_openers = link.person is None and link.team is None
        key = (link.person, link.team, link.is_restricted, *link.readers, link.opener if is_openers else None)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = tuple(self._members.devices_of(entitled(self._members, link)))
        return found

    def of_everybody(self) -> tuple[MemberDevice, ...]:
        """The devices that may act: they read the organisation's own collection."""
        return tuple(self._members.devices_of(everybody(self._members)))
