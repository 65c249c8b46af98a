"""The caseload: one page of one list, filtered and sorted, from the summary rows alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from anyascii import anyascii
from sqlalchemy import BindParameter, Connection, Select, bindparam, func, literal_column, or_, select
from sqlalchemy.sql import ColumnElement

from advocate_desk.store.tables.local import file_summary

PAGE_ROWS = 40
"""Rows that are read at once: what the largest screen shows. The next page is asked for ahead."""
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


class CaseloadLine(NamedTuple):
    """A file in the list. A tuple: made by the hundred, a frozen dataclass costs half as much again as its row."""

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


_COLUMNS = tuple(file_summary.c[name] for name in CaseloadLine._fields)
_COUNT = select(func.count()).select_from(file_summary)
_CHOICES = select(file_summary.c.allocated_to, file_summary.c.setting, file_summary.c.referral_source).distinct()
_LETTERS = re.compile(r"[a-z0-9]+")
_WILD = re.compile(r"(?=[/%_])")


def _readable(typed: str) -> str:
    """What was typed, without what a database cannot take: half characters and control characters."""
    return "".join(c for c in typed[:MOST_TYPED].encode("utf-8", "ignore").decode() if c.isprintable())


def _folded(word: str) -> str:
    """A word as name keys hold names: plain lower-case Latin letters and figures."""
    return " ".join(_LETTERS.findall(anyascii(word).lower()))


def _held(word: str) -> str:
    """What LIKE ... ESCAPE '/' takes for "holds this word", its own wildcards taken as letters."""
    return f"%{_WILD.sub(r'/', word)}%"


def _given(keep: CaseloadFilter, words: Sequence[str], today: date, now: datetime) -> dict[str, object]:
    """The values that the statements of `keep`'s shape ask for."""
    given: dict[str, object] = {f"word_{at}": _held(word) for at, word in enumerate(words)}
    given |= {f"folded_{at}": _held(folded) for at, word in enumerate(words) if (folded := _folded(word))}
    given |= {name: values for name, values in _lists(keep) if values}
    if keep.overdue_only or keep.hearing_within_days is not None:
        given["today"] = today
    if keep.hearing_within_days is not None:
        given["last"] = date.fromordinal(today.toordinal() + keep.hearing_within_days)
    if keep.no_contact_for_days is not None:
        given["since"] = datetime.fromtimestamp(now.timestamp() - keep.no_contact_for_days * 86_400, tz=now.tzinfo)
    return given


def _lists(keep: CaseloadFilter) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Columns, and which of their values to keep."""
    return (
        ("status", keep.statuses),
        ("risk_grade", keep.grades),
        ("allocated_to", keep.allocated_to),
        ("setting", keep.settings),
        ("referral_source", keep.sources),
    )


def _conditions(keep: CaseloadFilter, given: Collection[str]) -> list[ColumnElement[bool]]:
    """What a filter that gives these values asks of a row."""
    c = file_summary.c
    found = [_says(at, f"folded_{at}" in given) for at in range(sum(name.startswith("word_") for name in given))]
    if not keep.statuses and not keep.with_closed:
        found.append(c.status != literal_column("'closed'"))  # written out, as the index of open files says it
    found += [c[name].in_(bindparam(name, expanding=True)) for name, values in _lists(keep) if values]
    if keep.overdue_only:
        found.append(c.next_on < bindparam("today"))
    if keep.hearing_within_days is not None:
        found.append(c.next_hearing_on.between(bindparam("today"), bindparam("last")))
    if keep.no_contact_for_days is not None:
        found.append(or_(c.last_contact_at.is_(None), c.last_contact_at < bindparam("since")))
    return found


def _says(at: int, has_letters: bool) -> ColumnElement[bool]:
    """The reference, or any way of writing the client's name, holds a word; accents and scripts aside."""
    word: BindParameter[str] = bindparam(f"word_{at}")
    folded: BindParameter[str] = bindparam(f"folded_{at}")
    by_reference = file_summary.c.reference.like(word, escape="/")
    if has_letters:
        return or_(by_reference, file_summary.c.search_key.like(folded, escape="/"))
    return or_(by_reference, file_summary.c.client_name.like(word, escape="/"))  # marks and pictures: no key holds them


@dataclass(frozen=True, slots=True)
class _Statements:
    """Count and page of filters of one shape."""

    count: Select[Any]
    page: Select[Any]


_PREBUILT: dict[object, _Statements] = {}
"""By shape: order, direction, and which parts of the filter are on. A few hundred are possible, a few are used."""


def _statements(conditions: Sequence[ColumnElement[bool]], sort: str, *, descending: bool) -> _Statements:
    """The page's rows are found by their keys first: what is sorted, and skipped by an offset, stays small."""
    column: Any = file_summary.c[sort]
    if sort in TEXT_SORTS:
        column = func.nullif(column, "")
    order = (
        column.desc().nulls_last() if descending else column.asc().nulls_last(),
        file_summary.c.sort_name,
        file_summary.c.file_id,
    )
    rows = (
        select(file_summary.c.file_id)
        .where(*conditions)
        .order_by(*order)
        .limit(bindparam("rows"))
        .offset(bindparam("offset"))
        .subquery("wanted")
    )
    page = select(*_COLUMNS).join(rows, rows.c.file_id == file_summary.c.file_id).order_by(*order)
    return _Statements(_COUNT.where(*conditions), page)


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
    given = _given(keep, _readable(keep.text).split(), today, now)
    shape = (sort, descending, keep.with_closed, keep.overdue_only, *given)
    built = _PREBUILT.get(shape)
    if built is None:
        built = _PREBUILT[shape] = _statements(_conditions(keep, given), sort, descending=descending)
    total = conn.execute(built.count, given).scalar_one()
    found = conn.execute(built.page, {**given, "rows": rows, "offset": offset})
    return CaseloadPage(tuple(map(CaseloadLine._make, found)), offset, total)


def caseload_choices(conn: Connection) -> CaseloadChoices:
    """Every advocate, setting and source that occurs in the caseload."""
    columns = zip(*conn.execute(_CHOICES).all(), strict=True)
    return CaseloadChoices(*(tuple(sorted({each for each in column if each})) for column in columns))
