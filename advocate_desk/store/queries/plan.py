"""What the safety plan section shows: every version with its actions, and what of the file suggests others."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from advocate_desk.store.queries.client_file import FileView, file_view
from advocate_desk.store.queries.justice import JusticeView, justice_view
from advocate_desk.store.queries.risk import ActionLine, AssessmentLine, PlanLine, actions, assessments, plans


@dataclass(frozen=True, slots=True)
class PlanView:
    """Plans, the newest version first; their actions by plan id; the newest final assessment, or None."""

    plans: tuple[PlanLine, ...]
    actions: dict[UUID, tuple[ActionLine, ...]]
    assessment: AssessmentLine | None
    file: FileView
    justice: JusticeView

    @property
    def current(self) -> PlanLine | None:
        """The plan that counts."""
        return next((each for each in self.plans if each.status == "current"), None)


def plan_view(conn: Connection, file_id: UUID) -> PlanView:
    """The safety plans of a file, and what suggests actions. Raises Refused when there is no such file."""
    found = plans(conn, file_id)
    final = (each for each in assessments(conn, file_id) if each.finalised_at is not None)
    return PlanView(
        plans=found,
        actions={each.plan_id: actions(conn, each.plan_id) for each in found},
        assessment=next(final, None),
        file=file_view(conn, file_id),
        justice=justice_view(conn, file_id),
    )
