"""Who belongs to the organisation, as this desk knows it: people, devices, teams, and who said what when.

No Qt. Read from the store alone, on the store's thread; names that this desk has no key for yet are "".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from advocate_desk.casework.work import Work
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.sync import membership, names, parting, state, statements
from advocate_desk.sync.membership import Kept
from advocate_desk.sync.names import Name
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.state import Standing
from advocate_desk.sync.statements import (
    ADMINISTRATOR,
    ROOT,
    AddDevice,
    Found,
    Later,
    Members,
    RevokeDevice,
    SetPerson,
    SetRules,
    SetTeam,
)
from advocate_desk.trouble import NOT_READ


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One device of a person. Ids are 32 hex digits. `heard_at`: when this desk last received something of it."""

    device: str
    name: str
    is_this: bool
    is_out: bool
    is_lost: bool
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the organisation."""

    person: str
    name: str
    initials: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    is_active: bool
    is_me: bool
    devices: tuple[DeviceLine, ...]


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One team, and the site that it works at."""

    team: str
    name: str
    site: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class LogLine:
    """One statement of the chain. `at` by the signer's clock; `signer` is "" for the root key; `values` are its words.

    `kind`: "founded", "team_made", "team_renamed" (`teams` has its former name), "team", "team_ended", "joined",
    "changed", "left", "device", "revoked", "lost", "rules" or "later": what a later version of the program
    says, which this one does not know.
    """

    number: int
    at: datetime | None
    kind: str
    signer: str
    about: str
    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """The organisation. `is_admitted`: this desk has been let in; until then there is nothing but its name.

    `is_out`: it was let go, with `files_here` files that were exchanged; `is_parting`: a lock cut off beginning anew.
    """

    name: str
    hub_address: str
    me: str
    is_admitted: bool
    is_administrator: bool
    shares: tuple[int, int]
    people: tuple[PersonLine, ...] = ()
    teams: tuple[TeamLine, ...] = ()
    log: tuple[LogLine, ...] = ()
    invitations: tuple[Kept, ...] = ()
    is_out: bool = False
    is_parting: bool = False
    files_here: int = 0

    def person(self, person: str) -> PersonLine | None:
        """The person with this id."""
        return next((each for each in self.people if each.person == person), None)

    def team_names(self, teams: tuple[str, ...]) -> tuple[str, ...]:
        """The names of these teams, in the order of the list."""
        return tuple(each.name for each in self.teams if each.team in teams)


def roster(work: Work) -> Roster | None:
    """The organisation of this desk; None while it belongs to none."""
    with disk_trouble_in_words(NOT_READ), work.engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        stand = state.standing(driver)
        return None if stand is None else _roster(driver, stand, bytes.fromhex(work.actor.device_id.replace("-", "")))


def _roster(driver: Driver, stand: Standing, own: bytes) -> Roster:
    members = state.members(driver, stand)
    keys = state.keys(driver).get(stand.organisation, {})
    reader = _Reader(members, keys, own)
    heard = {bytes(row[0]): row[1] for row in driver.execute("SELECT device, grew_at FROM chain_end WHERE number > 0")}
    (name,) = driver.execute("SELECT name FROM organisation").fetchone()
    me = members.people.get(stand.person)
    bodies = [bytes(row[0]) for row in driver.execute("SELECT body FROM member_statement ORDER BY number")]
    return Roster(
        name,
        stand.hub_address,
        stand.person.hex(),
        members.number > 0,
        me is not None and me.is_active and ADMINISTRATOR in me.roles,
        members.shares,
        reader.people(stand.person, heard),
        reader.teams(),
        tuple(reversed(reader.log(bodies))),
        tuple(membership.invitations(driver)),
        parting.is_out(driver, own),
        parting.is_begun(driver),
        parting.files_here(driver),
    )


@dataclass(frozen=True)
class _Reader:
    """Opens the names in a chain."""

    members: Members
    keys: Mapping[int, bytes]
    own: bytes

    def people(self, me: bytes, heard: Mapping[bytes, str | None]) -> tuple[PersonLine, ...]:
        lines = []
        for each in self.members.people.values():
            name = self._name(each.sealed, each.person)
            devices = tuple(
                self._device(device, heard.get(device))
                for device, found in self.members.devices.items()
                if found.person == each.person
            )
            teams = tuple(sorted(team.hex() for team in each.teams))
            lines.append(
                PersonLine(
                    each.person.hex(),
                    name.name,
                    name.detail,
                    in_order(each.roles),
                    teams,
                    each.is_active,
                    each.person == me,
                    devices,
                )
            )
        return tuple(sorted(lines, key=lambda line: (not line.is_active, line.name.casefold(), line.person)))

    def teams(self) -> tuple[TeamLine, ...]:
        lines = []
        for each in self.members.teams.values():
            name = self._name(each.sealed, each.team)
            lines.append(TeamLine(each.team.hex(), name.name, name.detail, each.is_active))
        return tuple(sorted(lines, key=lambda line: (not line.is_active, line.name.casefold(), line.team)))

    def log(self, bodies: list[bytes]) -> list[LogLine]:
        lines, active, called = [], set[bytes](), dict[bytes, str]()
        for body in bodies:
            signer, statement = statements.said(body)
            kind, about, roles, teams = self._told(statement.act, active, called)
            by = "" if signer == ROOT else self._person_of(signer)
            lines.append(LogLine(statement.number, _moment(statement.at), kind, by, about, roles, teams))
        return lines

    def _told(
        self, act: object, active: set[bytes], called: dict[bytes, str]
    ) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
        match act:
            case Found():
                active.add(act.person.person)
                return "founded", self._person(act.person.person), in_order(frozenset(act.person.roles)), ()
            case SetTeam():
                return self._told_of_team(act, called)
            case SetPerson():
                was_here = act.person in active
                (active.add if act.is_active else active.discard)(act.person)
                kind = ("changed" if was_here else "joined") if act.is_active else "left"
                teams = tuple(self._team(each) for each in act.teams)
                return kind, self._person(act.person), in_order(frozenset(act.roles)), teams
            case AddDevice():
                return "device", self._person(act.person), (), (self._name(act.sealed, act.device).name,)
            case RevokeDevice():
                found = self.members.devices[act.device]
                name = self._name(found.sealed, found.device).name
                return "lost" if act.is_lost else "revoked", self._person(found.person), (), (name,)
            case SetRules():
                return "rules", "", (), ()
            case Later():
                return "later", "", (), ()
        return "", "", (), ()

    def _told_of_team(
        self, act: SetTeam, called: dict[bytes, str]
    ) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
        name, former = self._name(act.sealed, act.team).name, called.get(act.team)
        called[act.team] = name
        if not act.is_active:
            return "team_ended", name, (), ()
        if former is None:
            return "team_made", name, (), ()
        return ("team_renamed", name, (), (former,)) if name and former and name != former else ("team", name, (), ())

    def _device(self, device: bytes, heard_at: str | None) -> DeviceLine:
        found = self.members.devices[device]
        return DeviceLine(
            device.hex(),
            self._name(found.sealed, device).name,
            device == self.own,
            bool(found.revoked_by),
            found.is_lost,
            datetime.fromisoformat(heard_at) if heard_at else None,
        )

    def _person_of(self, device: bytes) -> str:
        found = self.members.devices.get(device)
        return self._person(found.person) if found else ""

    def _person(self, person: bytes) -> str:
        found = self.members.people.get(person)
        return self._name(found.sealed, person).name if found else ""

    def _team(self, team: bytes) -> str:
        found = self.members.teams.get(team)
        return self._name(found.sealed, team).name if found else ""

    def _name(self, sealed: bytes, about: bytes) -> Name:
        return names.open_name(sealed, self.members.organisation, about, self.keys) or Name("")


def _moment(at: int) -> datetime | None:
    """When, by a signer's word; None where she says nothing, or no time that there is."""
    try:
        return datetime.fromtimestamp(at, UTC) if at else None
    except (ValueError, OverflowError, OSError):
        return None


def in_order(roles: frozenset[str]) -> tuple[str, ...]:
    """Roles in the order in which they are always told."""
    return tuple(role for role in statements.ROLES if role in roles)
