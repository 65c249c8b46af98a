"""The team's words: roles, devices, what a statement of the members' log says."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from advocate_desk.clock import in_london
from advocate_desk.desk.screens.list_words import full_day
from advocate_desk.desk.team.roster import DeviceLine, LogLine, PersonLine, Roster
from advocate_desk.domain.forms import Option
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE, DATA_LEAD, SUPERVISOR


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("Team", text)


def role_options() -> tuple[Option, ...]:
    """The roles, and what each may do."""
    return (
        Option(ADVOCATE, tr("Advocate"), tr("Has her own client files, and reads those of her teams.")),
        Option(SUPERVISOR, tr("Supervisor"), tr("Reads the files of her teams, and those that no team has.")),
        Option(DATA_LEAD, tr("Data lead"), tr("Reads every file that is not restricted.")),
        Option(ADMINISTRATOR, tr("Administrator"), tr("Invites people, changes roles, takes devices out.")),
    )


def roles_words(roles: tuple[str, ...]) -> str:
    """The roles of a person."""
    return ", ".join(option.label for option in role_options() if option.key in roles)


def name_words(name: str) -> str:
    """A name, or that it is not known here yet."""
    return name or tr("(name not received yet)")


def moment_words(at: datetime | None) -> str:
    """A moment, for a list."""
    return f"{in_london(at):%d/%m/%Y %H:%M}" if at else ""


def until_words(at: datetime) -> str:
    """When an invitation ends."""
    wall = in_london(at)
    return tr("until {0}").format(f"{full_day(wall.date())}, {wall:%H:%M}")


def device_words(device: DeviceLine) -> str:
    """One device: its name and how it stands."""
    name = device.name or tr("Unnamed device")
    if device.is_lost:
        return tr("{0}: reported lost, taken out").format(name)
    if device.is_out:
        return tr("{0}: taken out").format(name)
    if device.is_this:
        return tr("{0}: this computer").format(name)
    if device.heard_at is None:
        return tr("{0}: nothing received of it yet").format(name)
    return tr("{0}: last heard of {1}").format(name, moment_words(device.heard_at))


def person_heads() -> tuple[str, ...]:
    """The heads of the list of people."""
    return tr("Name"), tr("Role"), tr("Teams and sites"), tr("Devices")


def person_words(person: PersonLine, roster: Roster) -> tuple[str, ...]:
    """One row of the list of people."""
    name = name_words(person.name) + (" " + tr("(you)") if person.is_me else "")
    if not person.is_active:
        return name, tr("Has left"), "", ""
    sites = sorted({team.site for team in roster.teams if team.team in person.teams and team.site})
    acting = [each for each in person.devices if not each.is_out]
    count = tr("1 device") if len(acting) == 1 else tr("{0} devices").format(len(acting))
    heard = max((each.heard_at for each in acting if each.heard_at), default=None)
    last = tr("last heard of {0}").format(moment_words(heard)) if heard and not person.is_me else ""
    if person.is_me:
        last = tr("this computer") if len(acting) == 1 else tr("this computer among them")
    teams = ", ".join(roster.team_names(person.teams)) or tr("No team")
    return name, roles_words(person.roles), f"{teams}\n{', '.join(sites)}", f"{count}\n{last}"


def log_heads() -> tuple[str, ...]:
    """The heads of the members' log."""
    return tr("When"), tr("Who"), tr("What")


def log_words(line: LogLine) -> tuple[str, ...]:
    """One row of the members' log."""
    who = name_words(line.signer) if line.signer else tr("The founding key")
    return moment_words(line.at), who, _said(line)


_PLAIN = {
    "founded": "Founded the organisation",
    "rules": "Changed what a caseload weighs",
    "later": "Changed something that only a newer version of Advocate Desk can show",
}

_OF_TEAMS = {
    "team_made": "Made the team {0}",
    "team_renamed": "Renamed the team {1}: it is called {0} now",
    "team": "Changed the team {0}",
    "team_ended": "Ended the team {0}",
}


def _said(line: LogLine) -> str:
    about, roles = name_words(line.about), roles_words(line.roles)
    teams = ", ".join(line.teams)
    if line.kind in _PLAIN:
        return tr(_PLAIN[line.kind])
    if line.kind in _OF_TEAMS:
        return tr(_OF_TEAMS[line.kind]).format(about, teams)
    match line.kind:
        case "joined":
            return tr("Took in {0}: {1}").format(about, roles)
        case "changed":
            words = tr("Changed {0}: {1}").format(about, roles)
            return f"{words}; {teams}" if teams else words
        case "left":
            return tr("Let {0} leave").format(about)
        case "device":
            return tr("Let in a device of {0}: {1}").format(about, teams or tr("unnamed"))
        case "lost":
            return tr("Took out a lost or stolen device of {0}: {1}").format(about, teams or tr("unnamed"))
        case "revoked":
            return tr("Took out a device of {0}: {1}").format(about, teams or tr("unnamed"))
    return line.kind
