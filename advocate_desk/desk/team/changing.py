"""Changing an organisation: roles and teams, who leaves, which device is out, what a caseload weighs.

As `enrolment`: no window, on the thread of the exchange, and a DeskError in words that can be shown as they are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from advocate_desk.desk.team.enrolment import NAME_MISSING, in_words
from advocate_desk.errors import Blocked, Invalid, Refused
from advocate_desk.sync import enrol, membership, state
from advocate_desk.sync.link import Link
from advocate_desk.sync.names import Name, seal_name
from advocate_desk.sync.share_codes import ShareCode
from advocate_desk.sync.shared_rules import open_rules, seal_rules
from advocate_desk.sync.statements import ADMINISTRATOR, Act, Members, SetPerson, SetRules, SetTeam

NO_KEY = "This desk has not received the organisation's key yet. Nothing was changed. Exchange first."
ONLY_LEADERS = (
    "What a caseload weighs is set for the whole organisation, by a supervisor, a data lead or an administrator. "
    "Nothing was changed. Ask one of them."
)


def set_person(link: Link, person: str, roles: Sequence[str], teams: Sequence[str], *, is_active: bool = True) -> None:
    """Change a member's roles and teams, or let her leave: then she loses everything after delivering it.

    Raises DeskError.
    """
    if is_active and not roles:
        raise Invalid("Choose a role.", {"roles": "Choose a role."})
    wanted = (frozenset(roles), frozenset(bytes.fromhex(each) for each in teams), is_active)

    def make(members: Members) -> Act | None:
        now = members.people.get(bytes.fromhex(person))
        if now is None:
            raise Refused("This person is not among the members. Nothing was changed.")
        if (now.roles, now.teams, now.is_active) == wanted:
            return None
        return SetPerson(now.person, sorted(wanted[0]), sorted(wanted[1]), is_active, now.sealed)

    _say(link, make)


def set_team(link: Link, team: str, name: str, site: str, *, is_active: bool = True) -> None:
    """Make a team (`team` is ""), rename it, or end it. Raises DeskError."""
    if is_active and not name.strip():
        raise Invalid(NAME_MISSING, {"name": NAME_MISSING})
    identity = bytes.fromhex(team) if team else os.urandom(16)

    def make(members: Members) -> Act:
        sealed = seal_name(Name(name.strip(), site.strip()), members.organisation, identity, _keys(link, members))
        return SetTeam(identity, is_active, sealed)

    _say(link, make)


def set_rules(link: Link, rules: Mapping[str, Any]) -> Members:
    """Say what a caseload weighs in the whole organisation. Raises DeskError."""

    def make(members: Members) -> Act | None:
        keys = _keys(link, members)
        if members.rules_by and open_rules(members.rules, members.organisation, keys) == rules:
            return None
        if not members.may_set_rules(link.device.id.bytes):
            raise Blocked(ONLY_LEADERS)
        return SetRules(seal_rules(rules, members.organisation, keys))

    with in_words():
        return membership.say(link, make)


def _keys(link: Link, members: Members) -> dict[int, bytes]:
    with membership.driver_of(link) as driver:
        keys = state.keys(driver).get(members.organisation, {})
    if not keys:
        raise Refused(NO_KEY)
    return dict(keys)


def take_over(link: Link, sheets: tuple[ShareCode, ...]) -> bool:
    """Make this desk's person an administrator, in the name of the root key that the sheets rebuild.

    For an organisation whose administrators have lost their devices. False where the sheets are too few or another's.
    Raises DeskError.
    """
    with in_words(), membership.driver_of(link) as driver:
        stand = membership.standing(driver)
        members = state.members(driver, stand)

    def make(now: Members) -> Act | None:
        me = now.people[stand.person]
        roles = sorted(me.roles | {ADMINISTRATOR})
        return None if ADMINISTRATOR in me.roles else SetPerson(me.person, roles, sorted(me.teams), True, me.sealed)

    try:
        secret = enrol.rebuild({each.number: each.share for each in sheets}, members)
    except ValueError:
        return False
    if secret is None:
        return False
    with secret, enrol.root_key(secret) as root, in_words():
        membership.say(link, make, root)
    return True


def revoke(link: Link, device: str, *, is_lost: bool) -> None:
    """Take a device out of the organisation; a lost one destroys its vault when it next calls. Raises DeskError."""
    if bytes.fromhex(device) == link.device.id.bytes:
        raise Blocked("This is the device you are at. Nothing was changed. Do it from another device.")
    with in_words():
        membership.revoke(link, bytes.fromhex(device), is_lost=is_lost)


def _say(link: Link, make: Callable[[Members], Act | None]) -> None:
    with in_words():
        membership.say(link, make)
