"""The caseload by who carries it: one statement that counts every open file, and the files behind each number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Subquery, and_, bindparam, case, func, literal_column, or_, select
from sqlalchemy.sql import ColumnElement, Select

from advocate_desk.store.queries import conflicts
from advocate_desk.store.tables.cases import bail, criminal_case, hearing
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.risk import risk_assessment
from advocate_desk.store.tables.work import task

_CUSTODY = "'remand_custody'"  # written out, as all that never changes is: fewer values to bind at each run
TRIAL = "trial"
LATE_ORIGINS = ("contact_standard", "first_five_days")
"""Origins of the tasks that the contact standards raise."""
MOST_IN = 500

COUNTED = (
    "high", "medium", "standard", "other", "reviews", "standards", "first_days", "no_contact", "hearings", "bail_ends",
    "releases",
)  # fmt: skip
"""What is counted of open files: four kinds of file by status, then files or things that need somebody."""
DATED = ("reviews", "standards", "first_days", "no_contact", "hearings", "bail_ends", "releases")
"""Those for which a day is known: the first day due, reported, listed or ending; the last contact."""


@dataclass(frozen=True, slots=True)
class SummaryDays:
    """The days and moments from which everything is counted. All ends are included.

    `review_standards` are keys of the contact standards whose open task is a review.
    """

    today: date
    now: datetime
    ahead_until: date
    trial_until: date
    release_until: date
    reported_since: date
    contact_since: datetime
    contact_since_high: datetime
    review_standards: tuple[str, ...]

    def given(self) -> dict[str, object]:
        """As the statements ask for them."""
        given: dict[str, object] = {name: getattr(self, name) for name in self.__slots__}
        return given | {"review_standards": f",{','.join(self.review_standards)},"}


class OwnerGroup(NamedTuple):
    """Files that are alike: whose, of which team, and what weighs in them; how many, and the sums of `COUNTED`."""

    person: UUID | None
    name: str
    team: UUID | None
    status: str
    is_trial_soon: bool
    is_release_soon: bool
    is_without_recourse: bool
    files: int
    sums: tuple[int, ...]


class FileOfOwner(NamedTuple):
    """One file behind a number: its share of it, and the day that matters, if one does."""

    file_id: UUID
    person: UUID | None
    name: str
    team: UUID | None
    reference: str
    client_name: str
    status: str
    risk_grade: str
    share: int
    on: date | None


def _things(table: Any, *where: Any, **columns: Any) -> Subquery:  # noqa: ANN401 - a table and its clauses
    named = [column.label(name) for name, column in columns.items()]
    return (
        select(table.c.file_id, *named).where(table.c.deleted_at.is_(None), *where).group_by(table.c.file_id).subquery()
    )


_ONE: ColumnElement[int] = literal_column("1")
_HEARINGS = _things(
    hearing,
    hearing.c.outcome == literal_column("''"),
    hearing.c.hearing_on.between(bindparam("today"), bindparam("ahead_until")),
    count=func.count(),
    first_on=func.min(hearing.c.hearing_on),
)
_TRIALS = _things(
    hearing,
    hearing.c.outcome == literal_column("''"),
    hearing.c.kind == literal_column(f"'{TRIAL}'"),
    hearing.c.hearing_on.between(bindparam("today"), bindparam("trial_until")),
    is_so=func.max(_ONE),
)
_RUNNING = (bail.c.ended_on.is_(None), bail.c.expires_on.between(bindparam("today"), bindparam("ahead_until")))
_BAIL = _things(
    bail, *_RUNNING, bail.c.kind != literal_column(_CUSTODY), count=func.count(), first_on=func.min(bail.c.expires_on)
)
_RELEASES = _things(
    bail, *_RUNNING, bail.c.kind == literal_column(_CUSTODY), count=func.count(), first_on=func.min(bail.c.expires_on)
)
_SOON_OUT = _things(
    bail,
    bail.c.ended_on.is_(None),
    bail.c.expires_on.between(bindparam("today"), bindparam("release_until")),
    bail.c.kind == literal_column(_CUSTODY),
    is_so=func.max(_ONE),
)
_IS_LATE = case(
    (task.c.due_at.is_not(None), task.c.due_at < bindparam("now")), else_=task.c.due_on < bindparam("today")
)
_LATE_TASK = (task.c.completed_at.is_(None), task.c.due_on <= bindparam("today"), _IS_LATE)
_REVIEWS = _things(
    task,
    *_LATE_TASK,
    func.instr(bindparam("review_standards"), "," + task.c.standard + ",") > literal_column("0"),
    count=func.count(),
    first_on=func.min(task.c.due_on),
)
_STANDARDS = _things(
    task,
    *_LATE_TASK,
    or_(*(task.c.origin == literal_column(f"'{each}'") for each in LATE_ORIGINS)),
    count=func.count(),
    first_on=func.min(task.c.due_on),
)
_REPORTED = _things(
    criminal_case,
    criminal_case.c.reported_on.between(bindparam("reported_since"), bindparam("today")),
    first_on=func.max(criminal_case.c.reported_on),
)
_newer = risk_assessment.alias("newer")
_NO_RECOURSE = (
    select(risk_assessment.c.file_id, _ONE.label("is_so"))
    .where(
        # Read as text first: of ten thousand assessments few name it, and only those are taken apart.
        or_(
            *(
                and_(
                    column.like(literal_column("'%\"immigration\"%'")),
                    literal_column(
                        f"EXISTS (SELECT 1 FROM json_each(risk_assessment.{column.name}, '$.barriers') "  # noqa: S608
                        "WHERE value = 'immigration')"
                    ),
                )
                for column in (risk_assessment.c.answers, risk_assessment.c.professional)
            )
        ),
        risk_assessment.c.id
        == select(_newer.c.id)
        .where(
            _newer.c.file_id == risk_assessment.c.file_id,
            _newer.c.deleted_at.is_(None),
            _newer.c.finalised_at.is_not(None),
        )
        .order_by(_newer.c.completed_on.desc(), _newer.c.finalised_at.desc())
        .limit(1)
        .scalar_subquery(),
    )
    .subquery()
)
_PLAN_IS_LATE = file_summary.c.plan_review_on < bindparam("today")
_IS_HIGH = or_(
    file_summary.c.risk_grade == literal_column("'high'"),
    file_summary.c.risk_grade == literal_column("''"),
    file_summary.c.status == literal_column("'open_high'"),
)
_SILENT_SINCE = case((_IS_HIGH, bindparam("contact_since_high")), else_=bindparam("contact_since"))
_IS_SILENT = or_(file_summary.c.last_contact_at.is_(None), file_summary.c.last_contact_at < _SILENT_SINCE)


def _yes(condition: Any) -> ColumnElement[int]:  # noqa: ANN401 - a condition
    return case((condition, _ONE), else_=literal_column("0"))


def _number(column: Any) -> ColumnElement[int]:  # noqa: ANN401
    return func.coalesce(column, literal_column("0"))


_KIND = {
    "open_high": "high",
    "open_medium": "medium",
    "open_standard": "standard",
}
_COUNTS: dict[str, ColumnElement[int]] = {
    **{name: _yes(file_summary.c.status == literal_column(f"'{status}'")) for status, name in _KIND.items()},
    "other": _yes(and_(*(file_summary.c.status != literal_column(f"'{status}'") for status in _KIND))),
    "reviews": _number(_REVIEWS.c.count) + _yes(_PLAN_IS_LATE),
    "standards": _number(_STANDARDS.c.count),
    "first_days": _yes(_REPORTED.c.first_on.is_not(None)),
    "no_contact": _yes(_IS_SILENT),
    "hearings": _number(_HEARINGS.c.count),
    "bail_ends": _number(_BAIL.c.count),
    "releases": _number(_RELEASES.c.count),
}
_NO_DAY: ColumnElement[Any] = literal_column("NULL")
_FIRST: dict[str, Any] = {
    "reviews": case(
        (
            _PLAN_IS_LATE,
            func.min(file_summary.c.plan_review_on, func.coalesce(_REVIEWS.c.first_on, file_summary.c.plan_review_on)),
        ),
        else_=_REVIEWS.c.first_on,
    ),
    "standards": _STANDARDS.c.first_on,
    "first_days": _REPORTED.c.first_on,
    "no_contact": func.substr(file_summary.c.last_contact_at, 1, 10),
    "hearings": _HEARINGS.c.first_on,
    "bail_ends": _BAIL.c.first_on,
    "releases": _RELEASES.c.first_on,
}
_OWNER = (client_file.c.allocated_person, client_file.c.allocated_to, client_file.c.team)
_FLAGS = tuple(_yes(each.c.is_so.is_not(None)) for each in (_TRIALS, _SOON_OUT, _NO_RECOURSE))


def _of_open_files(*columns: Any) -> Select[Any]:  # noqa: ANN401
    statement = select(*columns).select_from(
        file_summary.join(client_file, client_file.c.id == file_summary.c.file_id)
        .outerjoin(_HEARINGS, _HEARINGS.c.file_id == file_summary.c.file_id)
        .outerjoin(_TRIALS, _TRIALS.c.file_id == file_summary.c.file_id)
        .outerjoin(_BAIL, _BAIL.c.file_id == file_summary.c.file_id)
        .outerjoin(_RELEASES, _RELEASES.c.file_id == file_summary.c.file_id)
        .outerjoin(_SOON_OUT, _SOON_OUT.c.file_id == file_summary.c.file_id)
        .outerjoin(_REVIEWS, _REVIEWS.c.file_id == file_summary.c.file_id)
        .outerjoin(_STANDARDS, _STANDARDS.c.file_id == file_summary.c.file_id)
        .outerjoin(_REPORTED, _REPORTED.c.file_id == file_summary.c.file_id)
        .outerjoin(_NO_RECOURSE, _NO_RECOURSE.c.file_id == file_summary.c.file_id)
    )
    return statement.where(file_summary.c.status != literal_column("'closed'"))


_GROUPS = _of_open_files(
    *_OWNER, file_summary.c.status, *_FLAGS, func.count(), *(func.sum(_COUNTS[name]) for name in COUNTED)
).group_by(*_OWNER, file_summary.c.status, *_FLAGS)
_FILE = (
    file_summary.c.file_id,
    *_OWNER,
    file_summary.c.reference,
    file_summary.c.client_name,
    file_summary.c.status,
    file_summary.c.risk_grade,
)
_BEHIND = {
    "files": _of_open_files(*_FILE, _ONE, _NO_DAY).order_by(file_summary.c.risk_rank, file_summary.c.sort_name),
    **{
        name: _of_open_files(*_FILE, _COUNTS[name], _FIRST.get(name, _NO_DAY).label("first_on"))
        .where(_COUNTS[name] > 0)
        .order_by(literal_column("first_on"), file_summary.c.risk_rank, file_summary.c.sort_name)
        for name in COUNTED
    },
}
_NAMED = (
    select(*_FILE)
    .join(client_file, client_file.c.id == file_summary.c.file_id)
    .where(file_summary.c.file_id.in_(bindparam("files", expanding=True)))
)


def owner_groups(conn: Connection, days: SummaryDays) -> tuple[OwnerGroup, ...]:
    """Every file that is not closed, in groups of alike ones."""
    return tuple(
        OwnerGroup._make((*row[:4], *map(bool, row[4:7]), row[7], tuple(row[8:])))
        for row in conn.execute(_GROUPS, days.given())
    )


def files_behind(conn: Connection, number: str, days: SummaryDays) -> tuple[FileOfOwner, ...]:
    """The files that a number counts, everybody's: those of a day first. `number` is "files" or one of `COUNTED`."""
    found = conn.execute(_BEHIND[number], days.given())
    return tuple(FileOfOwner._make((*row[:9], _day(row[9]))) for row in found)


def conflicts_by_file(conn: Connection) -> tuple[FileOfOwner, ...]:
    """The files with values that two people gave differently, closed ones too, and how many wait for a decision."""
    waiting: Mapping[UUID, int] = conflicts.count_open(conn)
    ids: Sequence[UUID] = sorted(waiting)
    rows: list[FileOfOwner] = []
    for start in range(0, len(ids), MOST_IN):
        chunk: Collection[UUID] = ids[start : start + MOST_IN]
        rows += [FileOfOwner._make((*row, waiting[row[0]], None)) for row in conn.execute(_NAMED, {"files": chunk})]
    return tuple(rows)


def _day(said: Any) -> date | None:  # noqa: ANN401 - a date, its text, or None
    return date.fromisoformat(said) if isinstance(said, str) else said
