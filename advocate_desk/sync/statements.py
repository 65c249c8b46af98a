"""Who belongs to an organisation: signed statements in one chain that starts at the organisation's root key.

The hub keeps the chain and can add nothing to it: every desk pins the root key when it is enrolled and checks each
statement itself. Names of people, teams and devices are sealed under the organisation's own key and open to no hub.

The root key signs the founding and, rebuilt from its shares, what nobody else can any more. Everything else is signed
by a device of an administrator, as the chain stood just before; what a caseload weighs also by one of a supervisor or a
data lead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

import msgspec

from advocate_desk.sync import signing, wire
from advocate_desk.sync.manifest import NONE, Distrust
from advocate_desk.sync.wire import Count, Hash, Id, Signature

ROOT = bytes(16)
"""Stands for the root key where a device's id would stand."""

ADVOCATE, SUPERVISOR, DATA_LEAD, ADMINISTRATOR = "advocate", "supervisor", "data_lead", "administrator"
ROLES = (ADVOCATE, SUPERVISOR, DATA_LEAD, ADMINISTRATOR)
RULE_SETTERS = frozenset({SUPERVISOR, DATA_LEAD, ADMINISTRATOR})
"""Roles that say what a caseload weighs in their organisation."""
WEAK_KEYS = frozenset(
    bytes.fromhex(each)
    for text in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
    for each in (text, f"{text[:62]}{int(text[62:], 16) ^ 0x80:02x}")
)
"""Points of small order on Curve25519. Source: libsodium, crypto_scalarmult/curve25519, has_small_order."""
Sealed = Annotated[bytes, msgspec.Meta(max_length=4096)]


class SetTeam(msgspec.Struct, array_like=True, frozen=True, tag="team"):
    """A team is made, renamed or ended. `sealed` holds its name and site."""

    team: Id
    is_active: bool
    sealed: Sealed


class SetPerson(msgspec.Struct, array_like=True, frozen=True, tag="person"):
    """A person joins, changes role or teams, or leaves. `sealed` holds her name and initials."""

    person: Id
    roles: list[str]
    teams: list[Id]
    is_active: bool
    sealed: Sealed


class AddDevice(msgspec.Struct, array_like=True, frozen=True, tag="device"):
    """A person's device is enrolled. `sealed` holds what she calls it."""

    device: Id
    person: Id
    sign_public: Hash
    exchange_public: Hash
    sealed: Sealed


class RevokeDevice(msgspec.Struct, array_like=True, frozen=True, tag="revoke"):
    """A device is lost or given up: it may do nothing from here on, and is to destroy its vault where `is_lost`.

    `last_number` is the last of its manifests that counts: what a thief sends later is believed by nobody, whatever the
    hub does.
    """

    device: Id
    is_lost: bool
    last_number: Count = 0


class Found(msgspec.Struct, array_like=True, frozen=True, tag="found"):
    """The first statement. `shares_needed` of `shares_made` sheets of paper rebuild the root and recovery keys."""

    root_public: Hash
    recovery_public: Hash
    shares_needed: Count
    shares_made: Count
    person: SetPerson
    device: AddDevice


class SetRules(msgspec.Struct, array_like=True, frozen=True, tag="rules"):
    """What a caseload weighs is set for the whole organisation. `sealed` holds it, as names are sealed."""

    sealed: Annotated[bytes, msgspec.Meta(max_length=16384)]


Act = Found | SetTeam | SetPerson | AddDevice | RevokeDevice | SetRules
KINDS = frozenset({"found", "team", "person", "device", "revoke", "rules"})
"""The tags of `Act`."""


@dataclass(frozen=True, slots=True)
class Later:
    """What only a later version knows how to say: an administrator's, it changes nothing here and locks nobody out."""

    kind: str


class Statement(msgspec.Struct, array_like=True, frozen=True):
    """One link of the chain, numbered from 1. `at`: seconds since 1970 by the signer's clock, only shown."""

    organisation: Id
    number: Count
    previous_hash: Hash
    act: Act
    at: Count = 0


class _AnyStatement(msgspec.Struct, array_like=True, frozen=True):
    """A statement of which only the frame is read."""

    organisation: Id
    number: Count
    previous_hash: Hash
    act: msgspec.Raw
    at: Count = 0


class _Tag(msgspec.Struct, array_like=True, frozen=True):
    """The head of an act of any kind."""

    kind: Annotated[str, msgspec.Meta(max_length=64)]


@dataclass(frozen=True, slots=True)
class LaterStatement:
    """A statement whose act this version does not know."""

    organisation: bytes
    number: int
    previous_hash: bytes
    act: Later
    at: int


class Signed(msgspec.Struct, array_like=True, frozen=True):
    """A statement as bytes, and the signature of `signer` (a device, or ROOT) over them."""

    statement: bytes
    signer: Id
    signature: Signature


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the chain says. `since` is the statement that said it last."""

    person: bytes
    roles: frozenset[str]
    teams: frozenset[bytes]
    is_active: bool
    sealed: bytes
    since: int


@dataclass(frozen=True, slots=True)
class MemberDevice:
    """A device as the chain says.

    `revoked_by` is the number of the statement that revoked it, 0 while it may act; `since` of that which enrolled it.
    """

    device: bytes
    person: bytes
    sign_public: bytes
    exchange_public: bytes
    sealed: bytes
    revoked_by: int = 0
    is_lost: bool = False
    last_number: int = 0
    since: int = 0


@dataclass(frozen=True, slots=True)
class Team:
    """A team as the chain says."""

    team: bytes
    is_active: bool
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Members:
    """An organisation as its chain says, up to statement `number`. Immutable: `take` gives the next.

    `past` is all that was ever said of a person, in order: what she did is judged by what she was when she did it.
    `rules` is what statement `rules_by` sealed of what a caseload weighs; 0 while nobody has said it.
    """

    organisation: bytes
    root_public: bytes
    recovery_public: bytes = b""
    shares: tuple[int, int] = (0, 0)
    number: int = 0
    hash: bytes = NONE
    people: Mapping[bytes, Member] = field(default_factory=dict)
    devices: Mapping[bytes, MemberDevice] = field(default_factory=dict)
    teams: Mapping[bytes, Team] = field(default_factory=dict)
    past: Mapping[bytes, tuple[Member, ...]] = field(default_factory=dict)
    rules: bytes = b""
    rules_by: int = 0

    def sign_public(self, device: bytes) -> bytes | None:
        """The key that a device signs with, revoked or not."""
        found = self.devices.get(device)
        return found.sign_public if found else None

    def key_of_manifest(self, device: bytes, number: int) -> bytes | None:
        """The key to check a manifest with: what a device signed in its day stays signed, what comes later not."""
        found = self.devices.get(device)
        if found is None or (found.revoked_by and number > found.last_number):
            return None
        return found.sign_public

    def may_act(self, device: bytes) -> bool:
        """Whether a device is enrolled, not revoked, and of a person who is still here."""
        found = self.devices.get(device)
        return found is not None and not found.revoked_by and self.people[found.person].is_active

    def actor_at(self, device: bytes, number: int) -> Member | None:
        """Who acted through a device, as she was at statement `number`; None where it might not act then."""
        found = self.devices.get(device)
        if found is None or found.since > number or 0 < found.revoked_by <= number:
            return None
        said = [each for each in self.past.get(found.person, ()) if each.since <= number]
        return said[-1] if said and said[-1].is_active else None

    def is_out(self, device: bytes) -> bool:
        """Whether a device belonged once and may act no more. One that nobody has let in yet is not out."""
        return device in self.devices and not self.may_act(device)

    def is_administrator(self, device: bytes) -> bool:
        """Whether a device may change the organisation."""
        return self.may_act(device) and ADMINISTRATOR in self.people[self.devices[device].person].roles

    def may_set_rules(self, device: bytes) -> bool:
        """Whether a device may say what a caseload weighs: one of somebody who leads, or administers."""
        return self.may_act(device) and bool(RULE_SETTERS & self.people[self.devices[device].person].roles)

    def devices_of(self, people: Iterable[bytes]) -> list[MemberDevice]:
        """The devices that may act and belong to one of `people`, in the order of their ids."""
        wanted = set(people)
        return [each for _, each in sorted(self.devices.items()) if each.person in wanted and self.may_act(each.device)]


def sign(statement: Statement, signer: bytes, seed: bytes | bytearray) -> bytes:
    """A statement signed by `signer`, whose 32-byte Ed25519 seed it is, as it travels."""
    body = wire.pack(statement)
    return wire.pack(Signed(body, signer, signing.sign(signing.STATEMENT, body, seed)))


def said(signed_bytes: bytes) -> tuple[bytes, Statement | LaterStatement]:
    """Who signed a statement that was checked (a device, or ROOT), and what it says. Raises wire.Malformed."""
    signed = wire.unpack(Signed, signed_bytes)
    return signed.signer, _read(signed.statement)


def kind_of(statement: Statement | LaterStatement) -> str:
    """What kind of statement it is: one of `KINDS`, or a later version's."""
    act = statement.act
    return act.kind if isinstance(act, Later) else str(act.__struct_config__.tag)


def _read(body: bytes) -> Statement | LaterStatement:
    try:
        return wire.unpack(Statement, body)
    except wire.Malformed:
        found = wire.unpack(_AnyStatement, body)
        kind = wire.unpack(_Tag, bytes(found.act)).kind
        if kind in KINDS:
            raise
        return LaterStatement(found.organisation, found.number, found.previous_hash, Later(kind), found.at)


def take(members: Members, signed_bytes: bytes) -> Members:
    """The organisation after one more statement. Raises Distrust; `members` itself never changes."""
    try:
        signed = wire.unpack(Signed, signed_bytes)
        statement = _read(signed.statement)
    except wire.Malformed as error:
        raise Distrust("malformed") from error
    if statement.organisation != members.organisation:
        raise Distrust("another organisation")
    if statement.number != members.number + 1 or statement.previous_hash != members.hash:
        raise Distrust("another history")
    _check_signer(members, signed, statement)
    after = _act(replace(members, number=statement.number), statement.act)
    if not any(ADMINISTRATOR in each.roles and each.is_active for each in after.people.values()):
        raise Distrust("no administrator")
    return replace(after, hash=wire.digest(signed.statement))


def _check_signer(members: Members, signed: Signed, statement: Statement | LaterStatement) -> None:
    if signed.signer == ROOT:
        public: bytes | None = members.root_public
    elif members.is_administrator(signed.signer) or (
        isinstance(statement.act, SetRules) and members.may_set_rules(signed.signer)
    ):
        public = members.sign_public(signed.signer)
    else:
        public = None
    if public is None or isinstance(statement.act, Found) != (statement.number == 1):
        raise Distrust("no right")
    if not signing.is_signed(signing.STATEMENT, signed.statement, signed.signature, public):
        raise Distrust("signature")


def _act(members: Members, act: Act | Later) -> Members:
    match act:
        case Found():
            return _found(members, act)
        case SetTeam(team, is_active, sealed):
            return replace(members, teams={**members.teams, team: Team(team, is_active, sealed)})
        case SetPerson():
            return _set_person(members, act)
        case AddDevice():
            return _add_device(members, act)
        case RevokeDevice():
            return _revoke(members, act)
        case SetRules(sealed):
            return replace(members, rules=sealed, rules_by=members.number)
        case Later():
            return members


def _found(members: Members, act: Found) -> Members:
    if act.root_public != members.root_public:
        raise Distrust("another root")
    shares = (act.shares_needed, act.shares_made)
    founded = replace(members, recovery_public=act.recovery_public, shares=shares)
    return _add_device(_set_person(founded, act.person), act.device)


def _set_person(members: Members, act: SetPerson) -> Members:
    if not set(act.roles) <= set(ROLES) or not set(act.teams) <= members.teams.keys():
        raise Distrust("malformed")
    person = Member(
        act.person, frozenset(act.roles), frozenset(act.teams), act.is_active, act.sealed, since=members.number
    )
    past = {**members.past, act.person: (*members.past.get(act.person, ()), person)}
    return replace(members, people={**members.people, act.person: person}, past=past)


def _add_device(members: Members, act: AddDevice) -> Members:
    if act.device in members.devices or act.device == ROOT or act.person not in members.people:
        raise Distrust("malformed")
    if any(each.sign_public == act.sign_public for each in members.devices.values()):
        raise Distrust("malformed")  # a key of two devices would let one speak for the other
    if act.exchange_public in WEAK_KEYS:
        raise Distrust("malformed")  # nothing can be sealed to it, and every desk would stop at trying
    device = MemberDevice(
        act.device, act.person, act.sign_public, act.exchange_public, act.sealed, since=members.number
    )
    return replace(members, devices={**members.devices, act.device: device})


def _revoke(members: Members, act: RevokeDevice) -> Members:
    found = members.devices.get(act.device)
    if found is None or found.revoked_by:
        raise Distrust("malformed")
    gone = replace(found, revoked_by=members.number, is_lost=act.is_lost, last_number=act.last_number)
    return replace(members, devices={**members.devices, act.device: gone})
