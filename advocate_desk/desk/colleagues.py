"""Who belongs to the organisation, with names: read from the members' chain of this desk, which no hub can change."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from advocate_desk.casework.work import Work
from advocate_desk.domain.caseload import Member, Roster, Team
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.sync import state
from advocate_desk.sync.link import Link
from advocate_desk.sync.names import Name, open_name
from advocate_desk.sync.statements import Members
from advocate_desk.trouble import NOT_READ


def colleagues(work: Work) -> Roster:
    """Everybody of the organisation, those who have left too; an empty roster without one. On the store's thread."""
    with disk_trouble_in_words(NOT_READ):
        found = _chain(work)
    if found is None:
        return Roster()
    own, chain, keys = found

    def name(about: bytes, sealed: bytes) -> Name:
        return _name(sealed, chain.organisation, about, keys)

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
        UUID(bytes=own),
        tuple(sorted(members, key=lambda each: each.name.casefold())),
        tuple(sorted(teams, key=lambda each: each.name.casefold())),
    )


def person_names(desk: Work | Link) -> dict[str, str]:
    """The names of everybody who ever belonged to the organisation, by their ids in hexadecimal."""
    found = _chain(desk)
    if found is None:
        return {}
    _, chain, keys = found
    return {
        each.person.hex(): _name(each.sealed, chain.organisation, each.person, keys).name
        for each in chain.people.values()
    }


def _chain(desk: Work | Link) -> tuple[bytes, Members, Mapping[int, bytes]] | None:
    """Whose desk this is, the members' chain, and the keys of their names; None without an organisation."""
    with desk.engine.connect() as conn:
        driver = conn.connection.driver_connection
        stand = state.standing(driver)
        if stand is None:
            return None
        return stand.person, state.members(driver, stand), state.keys(driver).get(stand.organisation, {})


def _name(sealed: bytes, organisation: bytes, about: bytes, keys: Mapping[int, bytes]) -> Name:
    return (open_name(sealed, organisation, about, keys) if keys else None) or Name("")
