"""The criminal side of a file: cases with charges and stages, hearings with their chain, bail with its conditions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, or_, select

from advocate_desk.store.queries.lines import of_file
from advocate_desk.store.tables.base import Moment
from advocate_desk.store.tables.cases import bail, breach, charge, condition, criminal_case, hearing, stage_event
from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.people import person, relationship


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """An offence of a case."""

    charge_id: UUID
    case_id: UUID
    offence_code: str
    offence_title: str
    is_charged: bool
    charged_on: date | None
    plea: str
    result: str
    plea_on: date | None


@dataclass(frozen=True, slots=True)
class StageLine:
    """A step of a case."""

    event_id: UUID
    case_id: UUID
    stage: str
    happened_on: date | None
    text: str
    client_told_on: date | None
    fact_source: str
    fact_state: str
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A criminal case, with what belongs to it."""

    case_id: UUID
    relationship_id: UUID | None
    force: str
    crime_ref: str
    urn: str
    officer_name: str
    officer_contact: str
    reported_on: date | None
    offence_on: date | None
    stage: str
    outcome_code: str
    outcome_on: date | None
    victim_supported: bool | None
    note: str


@dataclass(frozen=True, slots=True)
class HearingDetail:
    """A hearing of a file, whole."""

    hearing_id: UUID
    case_id: UUID
    court_code: str
    court_name: str
    hearing_on: date
    listed_time: str
    courtroom: str
    kind: str
    attends: list[str]
    client_wishes: str
    measures: dict[str, str]
    outcome: str
    outcome_text: str
    outcome_recorded_at: datetime | None
    client_told_on: date | None
    adjourned_from_id: UUID | None
    fact_source: str
    fact_state: str
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """A condition of bail; `ended_on` is None while it stands."""

    condition_id: UUID
    bail_id: UUID
    code: str
    text: str
    started_on: date | None
    ended_on: date | None
    fact_source: str
    fact_state: str
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class BreachLine:
    """A breach of bail."""

    breach_id: UUID
    bail_id: UUID
    condition_id: UUID | None
    occurred_at: datetime | None
    text: str
    evidence: str
    reported_at: datetime | None
    police_ref: str
    action_taken: str
    is_charged: bool


@dataclass(frozen=True, slots=True)
class BailDetail:
    """Bail of a file, whole. `is_expiry_counted`: nobody told us the last day, it was counted from the arrest."""

    bail_id: UUID
    case_id: UUID
    kind: str
    arrested_on: date | None
    started_on: date | None
    expires_on: date | None
    period: str
    is_clock_paused: bool
    ended_on: date | None
    end_reason: str
    note: str
    fact_source: str
    fact_state: str
    told_at: datetime | None
    is_expiry_counted: bool


@dataclass(frozen=True, slots=True)
class JusticeView:
    """All of it. Charges, stages, conditions and breaches are found by the id of what they belong to."""

    cases: tuple[CaseLine, ...]
    charges: dict[UUID, tuple[ChargeLine, ...]]
    stages: dict[UUID, tuple[StageLine, ...]]
    hearings: tuple[HearingDetail, ...]
    bail: tuple[BailDetail, ...]
    conditions: dict[UUID, tuple[ConditionLine, ...]]
    breaches: dict[UUID, tuple[BreachLine, ...]]


_CASES = of_file(criminal_case, CaseLine, "case_id")
_CHARGES = of_file(charge, ChargeLine, "charge_id")
_STAGES = of_file(stage_event, StageLine, "event_id", stage_event.c.happened_on)
_HEARINGS = of_file(hearing, HearingDetail, "hearing_id", hearing.c.hearing_on, hearing.c.listed_time)
_BAIL = of_file(bail, BailDetail, "bail_id", bail.c.ended_on.is_not(None), bail.c.started_on.desc())
_CONDITIONS = of_file(condition, ConditionLine, "condition_id")
_BREACHES = of_file(breach, BreachLine, "breach_id", breach.c.occurred_at.desc())


def justice_view(conn: Connection, file_id: UUID) -> JusticeView:
    """Cases, hearings and bail of one file."""

    def lines(statement: Select[Any], line: Any) -> list[Any]:  # noqa: ANN401
        return [line(*row) for row in conn.execute(statement, {"file": file_id})]

    return JusticeView(
        cases=tuple(lines(_CASES, CaseLine)),
        charges=_by(lines(_CHARGES, ChargeLine), "case_id"),
        stages=_by(lines(_STAGES, StageLine), "case_id"),
        hearings=tuple(lines(_HEARINGS, HearingDetail)),
        bail=tuple(lines(_BAIL, BailDetail)),
        conditions=_by(lines(_CONDITIONS, ConditionLine), "bail_id"),
        breaches=_by(lines(_BREACHES, BreachLine), "bail_id"),
    )


def _by(lines: list[Any], name: str) -> dict[UUID, tuple[Any, ...]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for line in lines:
        found[getattr(line, name)].append(line)
    return {key: tuple(many) for key, many in found.items()}


@dataclass(frozen=True, slots=True)
class Breaches:
    """How often a condition is known to have been broken, and when last; None where no moment is recorded."""

    count: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """One condition in force on a day, with the bail that carries it, whom it binds and whom it protects.

    `other_breaches` are those of the bail that name no condition.
    """

    file_id: UUID
    client_name: str
    reference: str
    risk_grade: str
    bail_id: UUID
    bail_kind: str
    expires_on: date | None
    is_clock_paused: bool
    code: str
    text: str
    fact_source: str
    fact_state: str
    told_at: datetime | None
    force: str
    crime_ref: str
    officer_name: str
    officer_contact: str
    is_expiry_counted: bool = False
    perpetrator_name: str = ""
    condition_id: UUID | None = None
    breaches: Breaches = Breaches()
    other_breaches: Breaches = Breaches()


_BINDING = (
    select(
        condition.c.file_id,
        file_summary.c.client_name,
        file_summary.c.reference,
        file_summary.c.risk_grade,
        bail.c.id,
        bail.c.kind,
        bail.c.expires_on,
        bail.c.is_clock_paused,
        condition.c.code,
        condition.c.text,
        condition.c.fact_source,
        condition.c.fact_state,
        condition.c.told_at,
        criminal_case.c.force,
        criminal_case.c.crime_ref,
        criminal_case.c.officer_name,
        criminal_case.c.officer_contact,
        bail.c.is_expiry_counted,
        func.trim(func.coalesce(person.c.given_name, "") + " " + func.coalesce(person.c.family_name, "")),
        condition.c.id,
    )
    .select_from(condition)
    .join(bail, bail.c.id == condition.c.bail_id)
    .join(criminal_case, criminal_case.c.id == bail.c.case_id)
    .outerjoin(relationship, relationship.c.id == criminal_case.c.relationship_id)
    .outerjoin(person, person.c.id == relationship.c.perpetrator_id)
    .join(file_summary, file_summary.c.file_id == condition.c.file_id)
    .where(
        condition.c.deleted_at.is_(None),
        bail.c.deleted_at.is_(None),
        bail.c.ended_on.is_(None),
        or_(bail.c.expires_on.is_(None), bail.c.expires_on >= bindparam("day"), bail.c.is_clock_paused),
        or_(bail.c.started_on.is_(None), bail.c.started_on <= bindparam("day")),
        or_(condition.c.started_on.is_(None), condition.c.started_on <= bindparam("day")),
        or_(condition.c.ended_on.is_(None), condition.c.ended_on > bindparam("day")),
    )
    .order_by(file_summary.c.risk_rank, file_summary.c.sort_name, bail.c.id, condition.c.created_at)
)
_OF_FILE = _BINDING.where(condition.c.file_id == bindparam("file"))
# The planner would read every condition there ever was: bail that runs comes first, and it is few.
_RUNNING = select(bail.c.id).where(bail.c.deleted_at.is_(None), bail.c.ended_on.is_(None))
_OF_ALL = _BINDING.where(condition.c.bail_id.in_(_RUNNING))
_BREACHED = (
    select(breach.c.bail_id, breach.c.condition_id, func.count(), func.max(breach.c.occurred_at, type_=Moment))
    .where(breach.c.deleted_at.is_(None), breach.c.bail_id.in_(bindparam("bails", expanding=True)))
    .group_by(breach.c.bail_id, breach.c.condition_id)
)
_OF_MINE = _OF_ALL.where(file_summary.c.allocated_to == bindparam("mine"))


def in_force(conn: Connection, day: date, file_id: UUID | None = None, mine: str = "") -> tuple[InForce, ...]:
    """Every condition in force at the end of `day`, of one file, of those allocated to `mine`, or of all.

    Bail whose clock stands still while a charging decision is awaited stays in force past its written date.
    """
    rows: Iterable[Any]
    if file_id is not None:
        rows = conn.execute(_OF_FILE, {"day": day, "file": file_id})
    elif mine:
        rows = conn.execute(_OF_MINE, {"day": day, "mine": mine})
    else:
        rows = conn.execute(_OF_ALL, {"day": day})
    return _with_breaches(conn, [InForce(*row) for row in rows])


def _with_breaches(conn: Connection, lines: list[InForce]) -> tuple[InForce, ...]:
    bails = {line.bail_id for line in lines}
    rows = conn.execute(_BREACHED, {"bails": list(bails)}) if bails else ()
    known = {(bail_id, condition_id): Breaches(count, last) for bail_id, condition_id, count, last in rows}
    if not known:
        return tuple(lines)
    none = Breaches()
    return tuple(
        replace(
            line,
            breaches=known.get((line.bail_id, line.condition_id), none),
            other_breaches=known.get((line.bail_id, None), none),
        )
        for line in lines
    )
