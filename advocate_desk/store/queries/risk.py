"""Risk assessments and safety plans of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from advocate_desk.store.queries.lines import fields, of_file
from advocate_desk.store.tables.files import referral
from advocate_desk.store.tables.risk import risk_assessment, safety_action, safety_plan
from advocate_desk.store.tables.work import task


@dataclass(frozen=True, slots=True)
class AssessmentLine:
    """A risk assessment, whole. `finalised_at` is None while it is in progress."""

    assessment_id: UUID
    relationship_id: UUID | None
    instrument_key: str
    instrument_version: str
    started_on: date | None
    completed_on: date | None
    completed_by: str
    answers: dict[str, Any]
    professional: dict[str, Any]
    score: int | None
    dont_know_count: int | None
    criteria: list[str] | None
    alerts: list[str] | None
    professional_grading: str
    grade: str
    grading_reason: str
    finalised_at: datetime | None
    supersedes_id: UUID | None
    amendment_reason: str


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A safety plan of one version; `status` is current or superseded."""

    plan_id: UUID
    version: int
    status: str
    made_on: date | None
    review_on: date | None
    kept_where: str
    note: str
    supersedes_id: UUID | None


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One action of a plan."""

    action_id: UUID
    plan_id: UUID
    section: str
    text: str
    reason: str
    suggestion_key: str
    owner: str
    due_on: date | None
    status: str
    shared_with: str
    position: int | None


_REFERRED = (
    select(referral.c.risk_at_referral)
    .where(referral.c.file_id == bindparam("file"), referral.c.deleted_at.is_(None))
    .order_by(referral.c.received_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class RiskView:
    """What the risk section shows. `again_on` is when the open task to assess again falls due."""

    assessments: tuple[AssessmentLine, ...]
    again_on: date | None
    has_plan: bool


_ASSESSMENTS = of_file(
    risk_assessment,
    AssessmentLine,
    "assessment_id",
    risk_assessment.c.finalised_at.is_not(None),
    risk_assessment.c.completed_on.desc(),
    risk_assessment.c.finalised_at.desc(),
)
_PLANS = of_file(safety_plan, PlanLine, "plan_id", safety_plan.c.version.desc())
_ACTIONS = (
    select(*fields(safety_action, ActionLine, "action_id"))
    .where(safety_action.c.plan_id == bindparam("plan"), safety_action.c.deleted_at.is_(None))
    .order_by(safety_action.c.section, safety_action.c.position, safety_action.c.created_at)
)


def assessments(conn: Connection, file_id: UUID) -> tuple[AssessmentLine, ...]:
    """Assessments of a file: those in progress, then finalised ones, newest first."""
    return tuple(AssessmentLine(*row) for row in conn.execute(_ASSESSMENTS, {"file": file_id}))


def risk_view(conn: Connection, file_id: UUID, standards: tuple[str, ...]) -> RiskView:
    """The assessments of a file; `standards` are the keys of those that an assessment fulfils."""
    again = select(func.min(task.c.due_on)).where(
        task.c.file_id == file_id,
        task.c.standard.in_(standards),
        task.c.completed_at.is_(None),
        task.c.deleted_at.is_(None),
    )
    has_plan = any(each.status == "current" for each in plans(conn, file_id))
    return RiskView(assessments(conn, file_id), conn.execute(again).scalar_one_or_none(), has_plan)


def referred_grade(conn: Connection, file_id: UUID) -> str:
    """How the latest referral graded the risk; "" when it did not."""
    return str(conn.execute(_REFERRED, {"file": file_id}).scalar() or "")


def plans(conn: Connection, file_id: UUID) -> tuple[PlanLine, ...]:
    """Safety plans of a file, the newest version first."""
    return tuple(PlanLine(*row) for row in conn.execute(_PLANS, {"file": file_id}))


def actions(conn: Connection, plan_id: UUID) -> tuple[ActionLine, ...]:
    """The actions of one plan, by section and position."""
    return tuple(ActionLine(*row) for row in conn.execute(_ACTIONS, {"plan": plan_id}))
