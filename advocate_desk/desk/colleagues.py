"""Who belongs to the organisation, with names: read from the members' chain of this desk, which no hub can change."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from advocate_desk.casework.work import Work
from advocate_desk.domain.caseload import Member, Roster, Team
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.sync import state
from advocate_desk.sync.names import Name, open_name
from advocate_desk.trouble import NOT_READ


def colleagues(work: Work) -> Roster:
    """Everybody of the organisation, those who have left too; an empty roster without one. On the store's thread."""
    with disk_trouble_in_words(NOT_READ), work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        stand = state.standing(driver)
        if stand is None:
            return Roster()
        chain = state.members(driver, stand)
        keys = state.keys(driver).get(stand.organisation, {})

    def name(about: bytes, sealed: bytes) -> Name:
        return _name(sealed, stand.organisation, about, keys)

    members = []
    for person in chain.people.values():
        said = name(person.person, person.sealed)
        hers = tuple(sorted(UUID(bytes=each) for each in person.teams))
        who = UUID(bytes=person.person)
        members.append(Member(who, said.name, said.detail, hers, person.roles, person.is_active))
    teams = []
    for team in chain.teams.values():
        if team.is_active:
            said = name(team.team, team.sealed)
            teams.append(Team(UUID(bytes=team.team), said.name, said.detail))
    return Roster(
        UUID(bytes=stand.person),
        tuple(sorted(members, key=lambda each: each.name.casefold())),
        tuple(sorted(teams, key=lambda each: each.name.casefold())),
    )


def _name(sealed: bytes, organisation: bytes, about: bytes, keys: Mapping[int, bytes]) -> Name:
    return (open_name(sealed, organisation, about, keys) if keys else None) or Name("")
