"""Founding an organisation, inviting, joining and admitting: how devices come to trust one another through a hub.

A founding makes one secret of 32 random bytes. The root key, which signs what no device can any more, and the recovery
key, to which vaults are sealed, come of it; it is split into shares for paper and wiped. An invitation's code
authenticates both ways: who knows it is the person invited, and whose offer opens under it is who invites.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from advocate_desk.errors import Refused
from advocate_desk.sync import seal, shares, statements, wire
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.messages import Invite
from advocate_desk.sync.names import Name, seal_name
from advocate_desk.sync.seal import Forged, Place
from advocate_desk.sync.statements import ADMINISTRATOR, ROOT, AddDevice, Found, Members, SetPerson, Statement
from advocate_desk.sync.wire import Hash, Id
from advocate_desk.vault import sodium
from advocate_desk.vault.device import Device
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import Blake2b

_ROOT_USE = b"advdesk-orgroot1"
_RECOVERY_USE = b"advdesk-orgrecov"
_NAME_SALT = Blake2b(b"advdesk-inv-name")
_KEY_SALT = Blake2b(b"advdesk-inv-keys")
_OFFER, _REPLY = 0, 1

NOT_OURS = (
    "The invitation does not open with this code. Nothing was changed. Compare the code with the one that you were "
    "given; if it is the same, ask for a new invitation."
)


@dataclass
class Founding:
    """A new organisation, not yet at any hub: what the desk keeps, and the shares that go on paper."""

    organisation: bytes
    root_public: bytes
    recovery_public: bytes
    person: bytes
    key: SecretKey
    statement: bytes
    shares: dict[int, bytes]


def found(
    device: Device, name: Name, roles: Sequence[str], needed: int, made: int, *, device_name: str = "", at: int = 0
) -> Founding:
    """Make an organisation with this device's person as its first administrator.

    Any `needed` of `made` shares rebuild its secret. `at`: now, in seconds since 1970. Raises ValueError for numbers
    that make no sense.
    """
    organisation, person = os.urandom(16), os.urandom(16)
    key = SecretKey.random()
    keys = {1: bytes(key.buffer)}
    with SecretKey.random() as secret, root_key(secret) as root, recovery_key(secret) as recovery:
        root_public, recovery_public = sodium.sign_public(root.buffer), sodium.exchange_public(recovery.buffer)
        act = Found(
            root_public,
            recovery_public,
            needed,
            made,
            SetPerson(person, sorted({*roles, ADMINISTRATOR}), [], True, seal_name(name, organisation, person, keys)),
            enrolled(device, person, seal_name(Name(device_name), organisation, device.id.bytes, keys)),
        )
        body = statements.sign(Statement(organisation, 1, NONE, act, at), ROOT, root.buffer)
        split = shares.split(secret.buffer, needed, made, sodium.random)
    return Founding(organisation, root_public, recovery_public, person, key, body, split)


def root_key(secret: SecretKey) -> SecretKey:
    """The seed of the root key (Ed25519), of an organisation's secret."""
    return SecretKey(sodium.blake2b(secret.buffer, personal=_ROOT_USE))


def recovery_key(secret: SecretKey) -> SecretKey:
    """The recovery key (X25519), of an organisation's secret."""
    return SecretKey(sodium.blake2b(secret.buffer, personal=_RECOVERY_USE))


def rebuild(held: Mapping[int, bytes], members: Members) -> SecretKey | None:
    """An organisation's secret from shares; None where they are too few or not its own. Raises ValueError."""
    secret = SecretKey(shares.join(held))
    with root_key(secret) as root:
        is_ours = sodium.sign_public(root.buffer) == members.root_public
    if not is_ours:
        secret.wipe()
        return None
    return secret


def enrolled(device: Device, person: bytes, sealed: bytes) -> AddDevice:
    """The statement that `device` belongs to `person`."""
    return AddDevice(device.id.bytes, person, device.sign_public, device.exchange_public, sealed)


# --- invitations ---


class Offer(msgspec.Struct, array_like=True, frozen=True):
    """What an invitation tells the newcomer: whom to trust from then on, and as whom she comes."""

    organisation: Id
    root_public: Hash
    hub_address: str
    organisation_name: str
    person: Id
    person_name: str
    roles: list[str]
    teams: list[Id]
    inviter_name: str = ""


class Reply(msgspec.Struct, array_like=True, frozen=True):
    """What the newcomer tells the inviter: her new device's keys and what she calls it.

    `person`: as whom she was invited, for an administrator who has the code and did not make the invitation.
    """

    device: Id
    sign_public: Hash
    exchange_public: Hash
    device_name: str
    person: bytes = b""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What comes of an invitation's code: the name under which the hub keeps it, and the key that the hub never has.

    The inviter's desk keeps it until the newcomer has answered; the code itself cannot be had from it.
    """

    name: bytes
    key: bytes


def ticket(code: RecoveryCode) -> Ticket:
    """The name and the key of an invitation. The name tells nothing of the key."""
    with code.key_encryption_key(_NAME_SALT) as name, code.key_encryption_key(_KEY_SALT) as key:
        return Ticket(bytes(name.buffer), bytes(key.buffer))


def invitation(ticket: Ticket, offer: Offer) -> Invite:
    """An invitation for the hub to keep."""
    return Invite(ticket.name, _sealed(ticket, offer, _OFFER))


def open_offer(ticket: Ticket, body: bytes) -> Offer:
    """What an invitation offers. Raises Refused where it was not made with the code of `ticket`."""
    return _opened(ticket, body, _OFFER, Offer)


def reply(ticket: Ticket, device: Device, device_name: str, person: bytes = b"") -> bytes:
    """The newcomer's answer, for the hub to keep."""
    said = Reply(device.id.bytes, device.sign_public, device.exchange_public, device_name, person)
    return _sealed(ticket, said, _REPLY)


def open_reply(ticket: Ticket, body: bytes) -> Reply:
    """What the newcomer answered. Raises Refused where it was not made with the code of `ticket`."""
    return _opened(ticket, body, _REPLY, Reply)


def admission(offer: Offer, answer: Reply, members: Members, keys: Mapping[int, bytes]) -> list[statements.Act]:
    """The statements that let the newcomer in: herself, where she is new or had left, and her device."""
    acts: list[statements.Act] = []
    known = members.people.get(offer.person)
    if known is None or not known.is_active:
        name = seal_name(Name(offer.person_name), members.organisation, offer.person, keys)
        acts.append(SetPerson(offer.person, list(offer.roles), list(offer.teams), True, name))
    name = seal_name(Name(answer.device_name), members.organisation, answer.device, keys)
    acts.append(AddDevice(answer.device, offer.person, answer.sign_public, answer.exchange_public, name))
    return acts


def is_admitted(members: Members, device: Device) -> bool:
    """Whether the chain that starts at the pinned root names this device with its own keys, and nothing else for it."""
    found_device = members.devices.get(device.id.bytes)
    return (
        found_device is not None
        and found_device.sign_public == device.sign_public
        and found_device.exchange_public == device.exchange_public
        and members.may_act(device.id.bytes)
    )


def _place(ticket: Ticket, direction: int) -> Place:
    return Place(ticket.name[:16], ticket.name[16:], bytes(16), 0, direction)


def _sealed(ticket: Ticket, message: msgspec.Struct, direction: int) -> bytes:
    return seal.seal_bytes(wire.pack(message), _place(ticket, direction), ticket.key)


def _opened(ticket: Ticket, body: bytes, direction: int, kind: type[wire.M]) -> wire.M:
    try:
        return wire.unpack(kind, seal.open_bytes(body, _place(ticket, direction), ticket.key))
    except (Forged, wire.Malformed) as error:
        raise Refused(NOT_OURS) from error
