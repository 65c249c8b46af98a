"""What matters in a file now, in one view: people and paper, tasks, last contacts, risk, plan, justice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from advocate_desk.store.queries.client_file import FileView, file_view
from advocate_desk.store.queries.justice import BailDetail, HearingDetail, JusticeView, justice_view
from advocate_desk.store.queries.notes import AttemptLine, NoteLine, attempts, notes_page
from advocate_desk.store.queries.risk import AssessmentLine, PlanLine, assessments, plans
from advocate_desk.store.queries.tasks import TaskDetail, file_tasks

LAST_CONTACTS = 4


@dataclass(frozen=True, slots=True)
class OverviewView:
    """All that Overview shows. `assessment` is the last finalised one, `unfinished` one in progress."""

    file: FileView
    tasks: tuple[TaskDetail, ...]
    notes: tuple[NoteLine, ...]
    attempts: tuple[AttemptLine, ...]
    assessment: AssessmentLine | None
    unfinished: AssessmentLine | None
    plan: PlanLine | None
    justice: JusticeView

    @property
    def open_tasks(self) -> tuple[TaskDetail, ...]:
        """Tasks that nobody has done yet, first due first."""
        return tuple(each for each in self.tasks if each.completed_at is None)

    @property
    def reported_on(self) -> date | None:
        """The day of the latest report to the police."""
        days = [each.reported_on for each in self.justice.cases if each.reported_on is not None]
        return max(days, default=None)

    def next_hearing(self, today: date) -> HearingDetail | None:
        """The next hearing that has no outcome yet."""
        ahead = (each for each in self.justice.hearings if not each.outcome and each.hearing_on >= today)
        return next(ahead, None)

    def without_outcome(self, today: date) -> HearingDetail | None:
        """A hearing that has passed and whose outcome nobody has recorded."""
        past = (each for each in self.justice.hearings if not each.outcome and each.hearing_on < today)
        return next(past, None)

    def running_bail(self) -> BailDetail | None:
        """The bail that runs and ends first."""
        running = [each for each in self.justice.bail if each.ended_on is None]
        return min(running, key=lambda each: (each.expires_on is None, each.expires_on or date.max), default=None)


def overview(conn: Connection, file_id: UUID) -> OverviewView:
    """The overview of a file. Raises Refused when there is no such file."""
    found = assessments(conn, file_id)
    return OverviewView(
        file=file_view(conn, file_id),
        tasks=file_tasks(conn, file_id),
        notes=notes_page(conn, file_id, 0, LAST_CONTACTS).notes,
        attempts=attempts(conn, file_id)[:LAST_CONTACTS],
        assessment=next((each for each in found if each.finalised_at is not None), None),
        unfinished=next((each for each in found if each.finalised_at is None), None),
        plan=next((each for each in plans(conn, file_id) if each.status == "current"), None),
        justice=justice_view(conn, file_id),
    )
