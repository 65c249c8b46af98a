"""Open tasks under the headings of their urgency."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from PySide6.QtCore import QCoreApplication

from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.theme import Tone
from advocate_desk.desk.widgets.grouped_list import Heading, Line, ListRow
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.today import TaskLine

WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class TaskGroup:
    """Tasks of one urgency. `key` is "overdue", "today", "week", "later" or "undated"."""

    key: str
    tasks: tuple[TaskLine, ...]


def grouped(tasks: Sequence[TaskLine], today: date) -> tuple[TaskGroup, ...]:
    """The groups that have any, the most urgent first; within one, the order of `tasks`."""
    found: dict[str, list[TaskLine]] = {key: [] for key in ("overdue", "today", "week", "later", "undated")}
    for line in tasks:
        found[_group(line.due_on, today)].append(line)
    return tuple(TaskGroup(key, tuple(lines)) for key, lines in found.items() if lines)


def _group(due_on: date | None, today: date) -> str:
    if due_on is None:
        return "undated"
    if due_on < today:
        return "overdue"
    if due_on == today:
        return "today"
    return "week" if due_on <= today + timedelta(days=WEEK_DAYS) else "later"


def origins(tasks: Sequence[TaskLine]) -> tuple[str, ...]:
    """The origins that occur, each once, in order of how often."""
    counts: dict[str, int] = {}
    for line in tasks:
        counts[line.origin] = counts.get(line.origin, 0) + 1
    return tuple(sorted(counts, key=lambda origin: (-counts[origin], origin)))


def task_lines(
    tasks: Sequence[TaskLine], today: date, packs: Packs, of_origins: Collection[str] = (), ticked: object = None
) -> list[Line]:
    """Headings and rows; only tasks `of_origins` unless that is empty. The task `ticked` shows as done."""
    kept = [line for line in tasks if not of_origins or line.origin in of_origins]
    lines: list[Line] = []
    for group in grouped(kept, today):
        count = words.count_words(len(group.tasks), _tr("task"), _tr("tasks"))
        lines.append(Heading(_title(group.key), count, "danger" if group.key == "overdue" else "plain"))
        lines += [_row(line, today, packs, line.task_id == ticked) for line in group.tasks]
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
