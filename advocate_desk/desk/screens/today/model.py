"""Today's page as it is shown: hearings by court, the next thing, tasks by urgency. No widget and no clock in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from uuid import UUID

from advocate_desk.desk.forms.values import parse_time
from advocate_desk.store.queries.today import HearingLine, TaskLine, TodayView

COURTS_WAIT_MIN = 60
"""Minutes after the listed time during which a hearing still counts as now: courts run late, and list in blocks."""


@dataclass(frozen=True)
class CourtGroup:
    """The hearings of one court, by time and room."""

    court_name: str
    hearings: tuple[HearingLine, ...]


@dataclass(frozen=True)
class NextThing:
    """What comes first: a hearing of today or of later, or a task.

    `kind` is "hearing", "later_hearing", "overdue", "task" or "" for a day with nothing in it. `then` is the hearing
    after one that has begun.
    """

    kind: str = ""
    hearing: HearingLine | None = None
    task: TaskLine | None = None
    count: int = 0
    then: HearingLine | None = None

    @property
    def file_id(self) -> UUID | None:
        """The file that it belongs to."""
        line = self.hearing or self.task
        return line.file_id if line else None


@dataclass(frozen=True)
class TodayPage:
    """All of Today, arranged. `now` is London wall time, to the minute."""

    today: date
    now: datetime
    next_thing: NextThing
    courts: tuple[CourtGroup, ...]
    overdue: tuple[TaskLine, ...]
    due_today: tuple[TaskLine, ...]
    view: TodayView

    @property
    def is_quiet(self) -> bool:
        """True if there is no file at all yet."""
        return not self.view.has_files


def arrange(view: TodayView, now: datetime) -> TodayPage:
    """The page for a view, at `now` in London."""
    today = now.date()
    overdue = tuple(line for line in view.tasks if line.due_on is not None and line.due_on < today)
    due_today = tuple(line for line in view.tasks if line.due_on == today)
    return TodayPage(today, now, _next(view, now, overdue, due_today), _by_court(view), overdue, due_today, view)


def starts_at(line: HearingLine) -> time | None:
    """The time for which a hearing is listed; None where none is known."""
    return parse_time(line.listed_time) if line.listed_time else None


def has_begun(line: HearingLine, now: datetime) -> bool:
    """True from the moment for which a hearing of today is listed."""
    at = starts_at(line)
    return at is not None and at <= now.time()


def is_over(line: HearingLine, now: datetime) -> bool:
    """True if a hearing of today was listed for so long ago that somebody should have recorded how it ended."""
    at = starts_at(line)
    if line.outcome or at is None:
        return False
    return datetime.combine(now.date(), at, now.tzinfo) + timedelta(minutes=COURTS_WAIT_MIN) < now


def _by_court(view: TodayView) -> tuple[CourtGroup, ...]:
    """Courts in the order of their first hearing; within one, by time and then by room."""
    first: dict[str, int] = {}
    for index, line in enumerate(view.hearings):
        first.setdefault(line.court_name, index)
    lines = sorted(
        view.hearings,
        key=lambda line: (first[line.court_name], not line.listed_time, line.listed_time, line.courtroom),
    )
    return tuple(CourtGroup(name, tuple(group)) for name, group in groupby(lines, key=lambda line: line.court_name))


def _next(view: TodayView, now: datetime, overdue: tuple[TaskLine, ...], due_today: tuple[TaskLine, ...]) -> NextThing:
    waiting = [line for line in view.hearings if not line.outcome and not is_over(line, now)]
    if waiting:
        then = waiting[1] if len(waiting) > 1 and has_begun(waiting[0], now) else None
        return NextThing("hearing", waiting[0], count=len(waiting), then=then)
    if overdue:
        return NextThing("overdue", task=overdue[0], count=len(overdue))
    if due_today:
        return NextThing("task", task=due_today[0], count=len(due_today))
    if view.next_hearings:
        return NextThing("later_hearing", view.next_hearings[0])
    return NextThing()
