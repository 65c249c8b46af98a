"""Open tasks under the headings of their urgency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import cast

from PySide6.QtCore import QCoreApplication

from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.theme import Tone
from advocate_desk.desk.widgets.grouped_list import Heading, Line, ListRow
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.today import TaskLine

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class OpenCount:
    """How many open tasks there are of one origin and urgency."""

    origin: str
    group: str
    tasks: int


def counted(counts: Iterable[tuple[str, date | None, int]], today: date) -> tuple[OpenCount, ...]:
    """Counts by origin and due day, as counts by origin and urgency."""
    found: Counter[tuple[str, str]] = Counter()
    for origin, due_on, count in counts:
        found[origin, _group(due_on, today)] += count
    return tuple(OpenCount(origin, group, count) for (origin, group), count in found.items())


def _group(due_on: date | None, today: date) -> str:
    if due_on is None:
        return "undated"
    if due_on < today:
        return "overdue"
    if due_on == today:
        return "today"
    return "week" if due_on <= today + timedelta(days=WEEK_DAYS) else "later"


def origins(counts: Iterable[OpenCount]) -> tuple[str, ...]:
    """The origins that occur, each once, in order of how often."""
    found: Counter[str] = Counter()
    for each in counts:
        found[each.origin] += each.tasks
    return tuple(sorted(found, key=lambda origin: (-found[origin], origin)))


def total(counts: Iterable[OpenCount], of_origins: Collection[str] = (), group: str = "") -> int:
    """How many tasks are open: of some origins and one urgency, or of all."""
    return sum(
        each.tasks
        for each in counts
        if (not of_origins or each.origin in of_origins) and (not group or each.group == group)
    )


def task_lines(
    tasks: Sequence[TaskLine],
    today: date,
    packs: Packs,
    counts: Sequence[OpenCount],
    of_origins: Collection[str] = (),
    ticked: object = None,
) -> list[Line]:
    """Headings and rows; only tasks `of_origins` unless that is empty. The task `ticked` shows as done.

    A heading says how many there are, also of those that are not read yet.
    """
    lines: list[Line] = []
    kept = (line for line in tasks if not of_origins or line.origin in of_origins)
    for key, group in groupby(kept, key=lambda line: _group(line.due_on, today)):
        count = words.count_words(total(counts, of_origins, key), _tr("task"), _tr("tasks"))
        lines.append(Heading(_title(key), count, "danger" if key == "overdue" else "plain"))
        lines += [_row(line, today, packs, line.task_id == ticked) for line in group]
    return lines


def _row(line: TaskLine, today: date, packs: Packs, is_ticked: bool) -> ListRow:
    if line.due_on is not None and line.due_on < today:
        end, tone = words.late_words(line.due_on, today), "danger"
    else:
        end, tone = words.due_words(line.due_on, today, line.due_time), "plain"
    client = words.name_words(line.client_name)
    about = (client, line.reference, packs.label("task_origin", line.origin), line.reason)
    return ListRow(
        line.task_id,
        line.title,
        " · ".join(part for part in about if part),
        badge=words.grade_words(packs, line.risk_grade),
        badge_tone=words.grade_tone(line.risk_grade),
        end=end,
        end_tone=cast(Tone, tone),
        can_tick=True,
        is_ticked=is_ticked,
    )


def _title(key: str) -> str:
    return {
        "overdue": _tr("Overdue"),
        "today": _tr("Today"),
        "week": _tr("This week"),
        "later": _tr("Later"),
        "undated": _tr("Without a date"),
    }[key]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tasks", text)
