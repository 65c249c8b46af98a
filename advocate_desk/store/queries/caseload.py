"""The caseload: one page of one list, filtered and sorted, from the summary rows alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from anyascii import anyascii
from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy.sql import ColumnElement

from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.people import person

PAGE_ROWS = 100
MOST_TYPED = 100  # letters
SORTS = (
    "sort_name", "reference", "risk_rank", "status", "next_on", "last_contact_at", "allocated_to", "open_tasks",
    "opened_on", "dash_score",
)  # fmt: skip
TEXT_SORTS = ("sort_name", "allocated_to")


@dataclass(frozen=True, slots=True)
class CaseloadFilter:
    """What to keep. Empty tuples and None keep everything; days are counted from `today`."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    allocated_to: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    with_closed: bool = False
    overdue_only: bool = False
    hearing_within_days: int | None = None
    no_contact_for_days: int | None = None


@dataclass(frozen=True, slots=True)
class CaseloadLine:
    """A file in the list."""

    file_id: UUID
    reference: str
    client_name: str
    status: str
    risk_grade: str
    dash_score: int | None
    dash_on: date | None
    allocated_to: str
    last_contact_at: datetime | None
    next_on: date | None
    next_kind: str
    next_hearing_on: date | None
    open_tasks: int
    alerts: int
    is_restricted: bool
    setting: str
    opened_on: date | None


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    """`lines` from `offset`, of `total` that match."""

    lines: tuple[CaseloadLine, ...]
    offset: int
    total: int


@dataclass(frozen=True, slots=True)
class CaseloadChoices:
    """What the filters may offer, as it occurs: who files are allocated to, settings and sources in use."""

    allocated_to: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(default_factory=tuple)


_COLUMNS = tuple(file_summary.c[name] for name in CaseloadLine.__slots__)
_LINES = select(*_COLUMNS)
_COUNT = select(func.count()).select_from(file_summary)


def _readable(typed: str) -> str:
    """What was typed, without what a database cannot take: half characters and control characters."""
    return "".join(c for c in typed[:MOST_TYPED].encode("utf-8", "ignore").decode() if c.isprintable())


def _says(word: str) -> ColumnElement[bool]:
    """The reference, or any way of writing the client's name, holds `word`; accents and scripts aside."""
    ways = [(person.c.given_name, word), (person.c.family_name, word), (person.c.known_as, word)]
    if folded := anyascii(word).lower():
        ways.append((person.c.name_key, folded))
    written = or_(*(name.contains(said, autoescape=True) for name, said in ways))
    clients = select(person.c.file_id).where(person.c.role == "client", person.c.deleted_at.is_(None), written)
    return or_(file_summary.c.file_id.in_(clients), file_summary.c.reference.contains(word, autoescape=True))


def _conditions(keep: CaseloadFilter, today: date, now: datetime) -> list[ColumnElement[bool]]:
    c = file_summary.c
    found: list[ColumnElement[bool]] = []
    found.extend(_says(word) for word in _readable(keep.text).split())
    if keep.statuses:
        found.append(c.status.in_(keep.statuses))
    elif not keep.with_closed:
        found.append(c.status != "closed")
    for column, values in (
        (c.risk_grade, keep.grades),
        (c.allocated_to, keep.allocated_to),
        (c.setting, keep.settings),
        (c.referral_source, keep.sources),
    ):
        if values:
            found.append(column.in_(values))
    if keep.overdue_only:
        found.append(c.next_on < today)
    if keep.hearing_within_days is not None:
        last = date.fromordinal(today.toordinal() + keep.hearing_within_days)
        found.append(c.next_hearing_on.between(today, last))
    if keep.no_contact_for_days is not None:
        since = datetime.fromtimestamp(now.timestamp() - keep.no_contact_for_days * 86_400, tz=now.tzinfo)
        found.append(or_(c.last_contact_at.is_(None), c.last_contact_at < since))
    return found


def caseload_page(
    conn: Connection,
    keep: CaseloadFilter,
    today: date,
    now: datetime,
    sort: str = "next_on",
    *,
    descending: bool = False,
    offset: int = 0,
    rows: int = PAGE_ROWS,
) -> CaseloadPage:
    """One page of the caseload. Empty values sort last either way; ties by name, then file: pages never overlap."""
    if sort not in SORTS:
        raise ValueError(f"the caseload is not sorted by {sort}")
    column: Any = file_summary.c[sort]
    if sort in TEXT_SORTS:
        column = func.nullif(column, "")
    order = column.desc().nulls_last() if descending else column.asc().nulls_last()
    conditions = and_(True, *_conditions(keep, today, now))
    total = conn.execute(_COUNT.where(conditions)).scalar_one()
    ties = (file_summary.c.sort_name, file_summary.c.file_id)
    statement = _LINES.where(conditions).order_by(order, *ties).limit(rows).offset(offset)
    return CaseloadPage(tuple(CaseloadLine(*row) for row in conn.execute(statement)), offset, total)


def caseload_choices(conn: Connection) -> CaseloadChoices:
    """Every advocate, setting and source that occurs in the caseload."""

    def occurring(name: str) -> tuple[str, ...]:
        column = file_summary.c[name]
        return tuple(conn.execute(select(column).distinct().where(column != "").order_by(column)).scalars())

    return CaseloadChoices(occurring("allocated_to"), occurring("setting"), occurring("referral_source"))
