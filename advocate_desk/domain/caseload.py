"""What a caseload weighs, and against what capacity: rules of practice that an organisation may set for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from advocate_desk.domain.sources import Source

FULL_TIME_PERCENT = 100
LEAST_PERCENT = 5
MOST_WEIGHT = 10.0
MOST_CAPACITY = 200.0
MOST_PERCENT = 500
MOST_DAYS = 366


@dataclass(frozen=True, slots=True)
class StatusWeight:
    """What a file of this status (`key` of file_status) weighs."""

    key: str
    weight: float


@dataclass(frozen=True, slots=True)
class AddedWeight:
    """What is added to a file while something (`key` of ADDED) is so; within `days` where days are counted."""

    key: str
    weight: float
    days: int = 0


ADDED = ("trial_soon", "release_soon", "no_recourse")
"""What may add to a file's weight."""


@dataclass(frozen=True, slots=True)
class CaseloadRules:
    """`resources/practice/caseload.toml`, or that with what an organisation set instead.

    `capacity` is the weight that somebody full-time carries; `amber_percent` and `red_percent` are shares of it.
    `no_contact_days` count for most files, `no_contact_days_high` for those at high risk or not graded yet.
    """

    source: Source
    status: tuple[StatusWeight, ...]
    added: tuple[AddedWeight, ...]
    capacity: float
    amber_percent: int
    red_percent: int
    no_contact_days: int
    no_contact_days_high: int
    ahead_days: int
    full_time_percent: Mapping[str, int] = field(default_factory=dict)

    def days(self, key: str) -> int:
        """Within how many days what adds to a weight counts."""
        return next((each.days for each in self.added if each.key == key), 0)

    def weight(self, status: str, *added: str) -> float:
        """What one file weighs. Nothing adds to a file of a status that weighs nothing by itself, such as a closed one.

        Source: `resources/practice/caseload.toml`; the sum is this program's rule.
        """
        own = next((each.weight for each in self.status if each.key == status), 0.0)
        return own + sum(each.weight for each in self.added if each.key in added) if own else 0.0

    def capacity_of(self, full_time_percent: int) -> float:
        """What somebody of these hours carries, pro rata."""
        return self.capacity * full_time_percent / FULL_TIME_PERCENT

    def hours_of(self, key: str) -> int:
        """Hours of the advocate `key`, as a percentage of full-time."""
        return self.full_time_percent.get(key, FULL_TIME_PERCENT)

    def state(self, weight: float, capacity: float) -> str:
        """How full a caseload is: "ok", "amber" or "red"; "ok" where there is no capacity to compare with."""
        if capacity <= 0:
            return "ok"
        percent = weight / capacity * 100
        if percent >= self.red_percent:
            return "red"
        return "amber" if percent >= self.amber_percent else "ok"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the organisation. `roles` are those of an actor; who has left is not active."""

    person: UUID
    name: str
    initials: str = ""
    teams: tuple[UUID, ...] = ()
    roles: frozenset[str] = frozenset()
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Team:
    """A team and the site where it works."""

    team: UUID
    name: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who belongs to the organisation; nobody where the desk has none. `own` is who is at this desk."""

    own: UUID | None = None
    members: tuple[Member, ...] = ()
    teams: tuple[Team, ...] = ()

    def member(self, person: UUID | None) -> Member | None:
        """The member with this id."""
        return next((each for each in self.members if each.person == person), None) if person else None

    def named(self, name: str) -> Member | None:
        """The one active member of this name; None where there is none, or more than one."""
        found = [each for each in self.members if each.is_active and each.name == name]
        return found[0] if len(found) == 1 else None


def initials(name: str) -> str:
    """The first letters of a name's words, three at most: "AL"."""
    return "".join(word[0].upper() for word in name.split()[:3])


def with_own_rules(rules: CaseloadRules, own: object) -> CaseloadRules:
    """The rules with what an organisation set for itself; what is missing, unknown or out of bounds stays as it was."""
    given: Mapping[str, Any] = own if isinstance(own, Mapping) else {}
    weights = _numbers(given.get("status"), MOST_WEIGHT)
    added = _numbers(given.get("added"), MOST_WEIGHT)
    changed: dict[str, Any] = {
        "status": tuple(replace(each, weight=weights.get(each.key, each.weight)) for each in rules.status),
        "added": tuple(replace(each, weight=added.get(each.key, each.weight)) for each in rules.added),
    }
    single = {key: value for key, value in given.items() if key in _BOUNDS}
    for key, value in _numbers(single, MOST_WEIGHT * 1000).items():
        least, most, kind = _BOUNDS[key]
        if least <= value <= most:
            changed[key] = kind(value)
    hours = _numbers(given.get("full_time_percent"), FULL_TIME_PERCENT)
    changed["full_time_percent"] = {key: int(value) for key, value in hours.items() if value >= LEAST_PERCENT}
    made = replace(rules, **changed)
    return made if made.amber_percent <= made.red_percent else replace(made, red_percent=made.amber_percent)


_BOUNDS: dict[str, tuple[float, float, type]] = {
    "capacity": (1, MOST_CAPACITY, float),
    "amber_percent": (1, MOST_PERCENT, int),
    "red_percent": (1, MOST_PERCENT, int),
    "no_contact_days": (1, MOST_DAYS, int),
    "no_contact_days_high": (1, MOST_DAYS, int),
    "ahead_days": (1, MOST_DAYS, int),
}


def own_rules(rules: CaseloadRules) -> dict[str, Any]:
    """What `with_own_rules` reads, as JSON."""
    return {
        "status": {each.key: each.weight for each in rules.status},
        "added": {each.key: each.weight for each in rules.added},
        "full_time_percent": {
            key: percent for key, percent in rules.full_time_percent.items() if percent != FULL_TIME_PERCENT
        },
        **{key: getattr(rules, key) for key in _BOUNDS},
    }


def _numbers(given: object, most: float) -> dict[str, float]:
    """The numbers from 0 to `most` of a JSON object."""
    pairs = given.items() if isinstance(given, Mapping) else ()
    return {
        str(key): float(value)
        for key, value in pairs
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= most
    }
