"""The messages about members, sessions, invitations and attachments: small ones, beside the exchange's own in `wire`.

Shared with the hub: no key, no store.
"""

from __future__ import annotations

import msgspec

from advocate_desk.sync.wire import Count, Hash, Id, Outcome, Right, Signature, SignedOwnership


class Body(msgspec.Struct, array_like=True, frozen=True):
    """One value of raw bytes: a statement, a challenge, a token, a piece, a sealed answer. Empty for "done"."""

    body: bytes


class Named(msgspec.Struct, array_like=True, frozen=True):
    """A name of raw bytes, and what is said with it."""

    name: bytes
    body: bytes = b""


class AskChallenge(msgspec.Struct, array_like=True, frozen=True):
    """A device that wants a session."""

    organisation: Id
    device: Id


class OpenSession(msgspec.Struct, array_like=True, frozen=True):
    """The hub's challenge, signed by the device with what it is for (`SessionFor`)."""

    organisation: Id
    device: Id
    challenge: bytes
    signature: Signature
    address: str = ""


class SessionFor(msgspec.Struct, array_like=True, frozen=True):
    """What a device signs: a session of its own, at the hub that it has at this address, and nowhere else.

    A hub that passes another's challenge on gets a signature that is worth nothing there.
    """

    organisation: Id
    device: Id
    address: str
    challenge: bytes


class Rights(msgspec.Struct, array_like=True, frozen=True):
    """Rights to be given."""

    rights: list[Right]


class RightsTaken(msgspec.Struct, array_like=True, frozen=True):
    """How far the organisation's rights and links are numbered now."""

    number: Count


class Owners(msgspec.Struct, array_like=True, frozen=True):
    """Links of ownership, each file's in the order of its chain."""

    links: list[SignedOwnership]


class OwnersTaken(msgspec.Struct, array_like=True, frozen=True):
    """An outcome a link, in the order in which they were said."""

    outcomes: list[Outcome]


class Invite(msgspec.Struct, array_like=True, frozen=True):
    """An invitation: its name, what is sealed in it, and for how long it may lie (0: as long as the hub lets it)."""

    name: Hash
    body: bytes
    lasts_s: Count = 0


class Answered(msgspec.Struct, array_like=True, frozen=True):
    """What the newcomer left, or nothing yet; and the moment at which the invitation ends, in seconds since 1970."""

    answer: bytes
    ends_at: Count


class PieceName(msgspec.Struct, array_like=True, frozen=True):
    """A piece of an attachment: of which collection, of which document, and its number from 0."""

    collection: Id
    document: Id
    number: Count


class PieceBody(msgspec.Struct, array_like=True, frozen=True):
    """A piece on its way in."""

    name: PieceName
    body: bytes


class Pieces(msgspec.Struct, array_like=True, frozen=True):
    """The numbers of the pieces of a document that the hub has."""

    numbers: list[Count]


class AskRevisions(msgspec.Struct, array_like=True, frozen=True):
    """Everything after this item, in the order of collection and item. Zeros: from the beginning."""

    collection: Id = bytes(16)
    item: Id = bytes(16)


class Held(msgspec.Struct, array_like=True, frozen=True):
    """An item that the hub has, its revision there, and the sequence number of the push that brought it."""

    collection: Id
    item: Id
    revision: Count
    sequence: Count = 0


class Revisions(msgspec.Struct, array_like=True, frozen=True):
    """A page of what the hub has, and the number of the asking device's last manifest there."""

    held: list[Held]
    has_more: bool
    last_number: Count
