"""The caseload summary: who carries how much, what is late, and what is coming, by advocate.

Nothing in it names a client. The files behind a number do, and whoever has them shown is put on record in each file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from advocate_desk.casework import settings
from advocate_desk.casework.bulk import BulkActivity
from advocate_desk.casework.work import Done, Work
from advocate_desk.clock import today_in_london
from advocate_desk.domain.caseload import CaseloadRules, Member, Roster, initials, own_rules, with_own_rules
from advocate_desk.domain.standards import ContactStandards
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.caseload_summary import (
    COUNTED,
    FileOfOwner,
    OwnerGroup,
    SummaryDays,
    conflicts_by_file,
    files_behind,
    owner_groups,
)

SETTING = "caseload_rules"
_UNSAID, _SAID_BY = "unsaid", "said_by"  # beside what was set
NUMBERS = ("files", *COUNTED, "conflicts")
"""Every number of a line, in the order in which it is shown."""
COMING = ("hearings", "bail_ends", "releases")
"""What lies ahead and must not find a file with nobody."""
LEADERS = frozenset({"supervisor", "data_lead"})
"""Roles that see everybody's caseload; others see their own, and what nobody has."""
REVIEW_ACTS = ("assessed", "plan_reviewed")
NOBODY = ""


@dataclass(frozen=True, slots=True)
class AdvocateLine:
    """One advocate's caseload. `key` is her id in the organisation, else "name:" and her name; NOBODY for no one.

    `numbers` holds every one of NUMBERS. `kind` is "member", "former", "named" (known by name alone) or "nobody".
    """

    key: str
    name: str
    initials: str
    kind: str
    teams: tuple[UUID, ...]
    numbers: Mapping[str, int]
    weight: float = 0.0
    capacity: float = 0.0
    state: str = "ok"

    @property
    def percent(self) -> int | None:
        """The weight as a share of the capacity; None where there is none."""
        return round(self.weight / self.capacity * 100) if self.capacity else None


@dataclass(frozen=True, slots=True)
class CaseloadSummary:
    """Every line, nobody's first, and their sum. `is_own`: it shows one advocate's caseload, and what nobody has."""

    lines: tuple[AdvocateLine, ...]
    total: AdvocateLine
    rules: CaseloadRules
    roster: Roster
    made_on: date
    is_own: bool

    @property
    def nobody(self) -> AdvocateLine:
        """What nobody has."""
        return self.lines[0]

    def line(self, key: str) -> AdvocateLine | None:
        """The line of one advocate."""
        return next((each for each in self.lines if each.key == key), None)


@dataclass
class _Tally:
    """What has been counted of one advocate so far."""

    name: str = ""
    numbers: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    weight: float = 0.0


def rules(work: Work) -> CaseloadRules:
    """The rules of the caseload: the resource's, with what this service set instead."""
    return with_own_rules(work.packs.caseload_rules(), settings.get(work, SETTING))


def save_rules(work: Work, chosen: CaseloadRules, *, for_all: bool = False) -> Done:
    """Keep what this service set, in the store as other settings are. `for_all`: its organisation is to hear of it."""
    return settings.put(work, SETTING, own_rules(chosen) | ({_UNSAID: True} if for_all else {}))


def forget_rules(work: Work, *, for_all: bool = False) -> Done:
    """Go back to the rules as they come. `for_all`: its organisation is to hear of it."""
    return settings.put(work, SETTING, {_UNSAID: True} if for_all else {})


@dataclass(frozen=True, slots=True)
class OwnRules:
    """What was set instead of the rules as they come, as `own_rules` gives it.

    `is_unsaid`: here, and its organisation has not heard of it; else `said_by` names what the organisation said.
    """

    values: Mapping[str, object]
    is_unsaid: bool = False
    said_by: str = ""


def own_rules_kept(work: Work) -> OwnRules:
    """What is kept of them in the store."""
    kept = settings.get(work, SETTING)
    found = dict(kept) if isinstance(kept, Mapping) else {}
    is_unsaid, said_by = bool(found.pop(_UNSAID, False)), str(found.pop(_SAID_BY, ""))
    return OwnRules(found, is_unsaid, said_by)


def take_rules(work: Work, values: Mapping[str, object], said_by: str) -> Done:
    """Keep what the organisation said."""
    return settings.put(work, SETTING, {**values, _SAID_BY: said_by})


def summary_days(chosen: CaseloadRules, packs: Packs, now: datetime, today: date) -> SummaryDays:
    """From when to when everything is counted."""
    standards = packs.contact_standards()
    return SummaryDays(
        today,
        now,
        ahead_until=today + timedelta(days=chosen.ahead_days),
        trial_until=today + timedelta(days=chosen.days("trial_soon")),
        release_until=today + timedelta(days=chosen.days("release_soon")),
        reported_since=today - timedelta(days=standards.first_days),
        contact_since=now - timedelta(days=chosen.no_contact_days),
        contact_since_high=now - timedelta(days=chosen.no_contact_days_high),
        review_standards=_review_standards(standards),
    )


def _review_standards(standards: ContactStandards) -> tuple[str, ...]:
    """Keys of the standards whose task is a review of risk or plan; the first assessment is none."""
    keys = [key for each in standards.fulfilled if each.act in REVIEW_ACTS for key in each.standards]
    contact = {each.key for each in standards.standard if each.origin == "contact_standard"}
    return tuple(key for key in keys if key not in contact)


def summary(work: Work, roster: Roster, teams: Collection[UUID] = (), *, only_own: bool = False) -> CaseloadSummary:
    """The summary of every file that this desk holds, or of the files of `teams`, or of one's own."""
    chosen = rules(work)
    days = summary_days(chosen, work.packs, work.clock.now(), today_in_london(work.clock))
    tallies = _tallies(work.read(owner_groups, days), chosen, roster, teams)
    for one in work.read(conflicts_by_file):
        if _is_of(one, roster, teams):
            _tally(tallies, one, roster).numbers["conflicts"] += one.share
    own = owner_key(roster.own, work.actor.name, roster)
    for member in roster.members:
        if _carries(member) and (not teams or set(teams) & set(member.teams)):
            tallies.setdefault(member.person.hex, _Tally())
    if only_own:
        tallies.setdefault(own, _Tally(work.actor.name))
    tallies.setdefault(NOBODY, _Tally())
    kept = {key: each for key, each in tallies.items() if not only_own or key in (own, NOBODY)}
    lines = sorted((_line(key, each, chosen, roster) for key, each in kept.items()), key=_place)
    return CaseloadSummary(tuple(lines), _total(lines, chosen), chosen, roster, days.today, only_own)


def behind(
    work: Work, number: str, key: str | None, roster: Roster, teams: Collection[UUID] = (), *, only_own: bool = False
) -> tuple[FileOfOwner, ...]:
    """The files behind one number of one line, or of all with None: as many as it says, each with its share."""
    if number == "conflicts":
        found = work.read(conflicts_by_file)
    else:
        days = summary_days(rules(work), work.packs, work.clock.now(), today_in_london(work.clock))
        found = work.read(files_behind, number, days)
    own = owner_key(roster.own, work.actor.name, roster)
    wanted = {key} if key is not None else ({own, NOBODY} if only_own else None)
    return tuple(
        each
        for each in found
        if _is_of(each, roster, teams) and (wanted is None or owner_key(each.person, each.name, roster) in wanted)
    )


def look_behind(
    work: Work,
    number: str,
    key: str | None,
    roster: Roster,
    teams: Collection[UUID] = (),
    *,
    only_own: bool = False,
) -> tuple[FileOfOwner, ...]:
    """`behind`, and put on record in each of these files who had it shown, in which role, by which number."""
    found = behind(work, number, key, roster, teams, only_own=only_own)
    role = role_of(roster, work.actor.role)
    with work.activity("summary_opened") as act:
        bulk = BulkActivity.within(act)
        for each in found:
            bulk.audit("summary_opened", each.file_id, number=number, by_role=role)
        bulk.flush()
        act.audit("summary_opened", subject="caseload_summary", number=number, by_role=role, files=len(found))
    return found


def record_paper(work: Work, naming: str, how: str) -> Done:
    """Put on record that the summary leaves the desk on paper or as a file, and how people are named on it."""
    with work.activity("summary_exported") as act:
        act.audit("summary_exported", subject="caseload_summary", naming=naming, how=how)
        return act.done()


def role_of(roster: Roster, otherwise: str) -> str:
    """The furthest-reaching role of who is at this desk, as the organisation says; `otherwise` without one."""
    member = roster.member(roster.own)
    roles = member.roles if member else frozenset()
    return next((each for each in ("supervisor", "data_lead", "administrator", "advocate") if each in roles), otherwise)


def leads(roster: Roster) -> bool:
    """Whether who is at this desk sees everybody's caseload."""
    member = roster.member(roster.own)
    return member is not None and member.is_active and bool(member.roles & LEADERS)


def owner_key(person: UUID | None, name: str, roster: Roster) -> str:
    """Whose a file is: an id of a member, a name that the organisation does not know, or NOBODY.

    A file that names nobody by id, as those from before an organisation, is the one member's of that name.
    """
    if person is not None:
        return person.hex
    if not name:
        return NOBODY
    member = roster.named(name)
    return member.person.hex if member else f"name:{name}"


def _is_of(one: OwnerGroup | FileOfOwner, roster: Roster, teams: Collection[UUID]) -> bool:
    """Whether a file is of one of `teams`: its own team counts, and without one those of its advocate."""
    if not teams:
        return True
    if one.team is not None:
        return one.team in teams
    member = roster.member(one.person) or roster.named(one.name)
    return member is not None and bool(set(member.teams) & set(teams))


def _carries(member: Member) -> bool:
    """Whether somebody has a line even with no file: advocates have room, supervisors need none."""
    return member.is_active and "advocate" in member.roles


def _tally(tallies: dict[str, _Tally], one: OwnerGroup | FileOfOwner, roster: Roster) -> _Tally:
    found = tallies.setdefault(owner_key(one.person, one.name, roster), _Tally())
    found.name = found.name or one.name
    return found


def _tallies(
    groups: Iterable[OwnerGroup], chosen: CaseloadRules, roster: Roster, teams: Collection[UUID]
) -> dict[str, _Tally]:
    tallies: dict[str, _Tally] = {}
    for group in groups:
        if not _is_of(group, roster, teams):
            continue
        found = _tally(tallies, group, roster)
        found.numbers["files"] += group.files
        for name, value in zip(COUNTED, group.sums, strict=True):
            found.numbers[name] += value
        found.weight += group.files * chosen.weight(group.status, *_added(group))
    return tallies


def _added(group: OwnerGroup) -> tuple[str, ...]:
    flags = {
        "trial_soon": group.is_trial_soon,
        "release_soon": group.is_release_soon,
        "no_recourse": group.is_without_recourse,
    }
    return tuple(key for key, is_so in flags.items() if is_so)


def _line(key: str, tally: _Tally, chosen: CaseloadRules, roster: Roster) -> AdvocateLine:
    member = next((each for each in roster.members if each.person.hex == key), None)
    if key == NOBODY:
        kind = "nobody"
    elif key.startswith("name:"):
        kind = "named"
    else:
        kind = "member" if member and member.is_active else "former"
    carries = kind in ("member", "named")
    capacity = chosen.capacity_of(chosen.hours_of(key)) if carries else 0.0
    name = (member.name if member else "") or tally.name or key.removeprefix("name:") * (kind == "named")
    weight = round(tally.weight, 4)
    return AdvocateLine(
        key,
        name,
        (member.initials if member else "") or initials(name),
        kind,
        member.teams if member else (),
        {number: tally.numbers[number] for number in NUMBERS},
        weight,
        capacity,
        chosen.state(weight, capacity),
    )


def _total(lines: Sequence[AdvocateLine], chosen: CaseloadRules) -> AdvocateLine:
    numbers = {number: sum(each.numbers[number] for each in lines) for number in NUMBERS}
    weight, capacity = round(sum(each.weight for each in lines), 4), sum(each.capacity for each in lines)
    empty = _line(NOBODY, _Tally(), chosen, Roster())
    return replace(
        empty, kind="total", numbers=numbers, weight=weight, capacity=capacity, state=chosen.state(weight, capacity)
    )


def _place(line: AdvocateLine) -> tuple[int, str, str]:
    return {"nobody": 0, "member": 1, "named": 1, "former": 2}[line.kind], line.name.casefold(), line.key
