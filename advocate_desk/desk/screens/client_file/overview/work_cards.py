"""The cards of what is being done: tasks, the last contacts, risk."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.casework.follow_up import SUPERSEDED
from advocate_desk.clock import in_london, today_in_london
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.client_file.notes.words import attempt_title, note_title
from advocate_desk.desk.screens.client_file.parts import fact_row, nothing
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.boxes import Card
from advocate_desk.desk.widgets.buttons import button, icon_button
from advocate_desk.desk.widgets.conflict_flag import ConflictFlag
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.domain.identity import RecordId
from advocate_desk.store.queries.overview import OverviewView
from advocate_desk.store.queries.tasks import TaskDetail

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.overview.section import OverviewSection

MOST_DONE = 3
SHORT_NOTE = 160


def tasks_card(section: OverviewSection, view: OverviewView) -> Card:
    """Open tasks with a box to tick, and those done last."""
    card = Card(section.tr("Tasks"), "list-todo")
    card.head.addWidget(button(section.tr("Add a task"), "link", "plus", partial(section.open_form, "task")))
    for task in view.open_tasks:
        card.body.addWidget(_task_row(section, task))
        card.body.addWidget(ConflictFlag(card, section.office, task.task_id))
    if not view.open_tasks:
        card.body.addWidget(nothing(section.tr("Nothing is waiting.")))
    done = [
        (each.completed_at, number, each) for number, each in enumerate(view.tasks) if each.completed_at is not None
    ]
    for _, _, task in sorted(done, reverse=True)[:MOST_DONE]:
        card.body.addWidget(_done_row(section, task))
    return card


def _task_row(section: OverviewSection, task: TaskDetail) -> QWidget:
    today = today_in_london(section.office.clock)
    due_time = f"{in_london(task.due_at):%H:%M}" if task.due_at else ""
    when = words.due_words(task.due_on, today, due_time)
    is_late = task.due_on is not None and task.due_on < today
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(px(8))
    box = QCheckBox()
    box.setAccessibleName(section.tr("Done: {0}").format(task.title))
    box.setToolTip(section.tr("Mark as done"))
    box.toggled.connect(lambda on: section.task_done.emit(RecordId(task.task_id)) if on else None)
    layout.addWidget(box, 0, Qt.AlignmentFlag.AlignTop)
    both = QVBoxLayout()
    both.setSpacing(px(1))
    both.addWidget(text_label(task.title, "label", wrap=True))
    owner = task.owner if task.owner != section.office.work.actor.name else ""
    small = text_label(" · ".join(part for part in (when, owner, task.reason) if part), "small", wrap=True)
    if is_late:
        small = text_label(small.text(), "small", "danger", wrap=True)
    both.addWidget(small)
    layout.addLayout(both, 1)
    edit = icon_button("pencil", section.tr("Change: {0}").format(task.title), side=15)
    edit.clicked.connect(lambda _checked=False: section.open_form("task", task_id=task.task_id))
    layout.addWidget(edit, 0, Qt.AlignmentFlag.AlignTop)
    return row


def _done_row(section: OverviewSection, task: TaskDetail) -> QWidget:
    assert task.completed_at is not None
    today = today_in_london(section.office.clock)
    day = in_london(task.completed_at).date()
    detail = section.tr("Done {0} by {1}").format(words.short_day(day, today), task.completed_by)
    if task.outcome == SUPERSEDED:
        detail = section.tr("No longer needed since {0}").format(words.short_day(day, today))
    reopen = partial(section.task_reopened.emit, RecordId(task.task_id))
    return fact_row("check", task.title, detail, "ok", link=(section.tr("Reopen"), reopen))


def contacts_card(section: OverviewSection, view: OverviewView) -> Card:
    """The last notes and attempts together, newest first."""
    card = Card(section.tr("Last contacts"), "message-square-text")
    card.head.addWidget(button(section.tr("All notes"), "link", "", partial(section.section_asked.emit, "notes")))
    packs, today = section.office.packs, today_in_london(section.office.clock)
    rows: list[tuple[datetime, QWidget]] = []
    for note in view.notes:
        short = note.text if len(note.text) <= SHORT_NOTE else f"{note.text[:SHORT_NOTE].rstrip()}…"
        when = _when(note.happened_at, today)
        rows.append((note.happened_at, fact_row("notebook-pen", note_title(packs, note), f"{when}\n{short}", "accent")))
    for attempt in view.attempts:
        tone: Tone = "warning" if attempt.is_override else "plain"
        title = attempt_title(packs, attempt)
        rows.append((attempt.attempted_at, fact_row("phone", title, _when(attempt.attempted_at, today), tone)))
    rows.sort(key=lambda each: each[0], reverse=True)
    for _, row in rows[:4]:
        card.body.addWidget(row)
    if not rows:
        card.body.addWidget(nothing(section.tr("Nobody has been in touch yet.")))
    return card


def _when(moment: datetime, today: date) -> str:
    wall = in_london(moment)
    return f"{words.short_day(wall.date(), today)} {wall:%H:%M}"


def risk_card(section: OverviewSection, view: OverviewView) -> Card:
    """The last assessment, what is in progress, and the safety plan."""
    card = Card(section.tr("Risk and safety plan"), "gauge")
    card.head.addWidget(button(section.tr("Risk"), "link", "", partial(section.section_asked.emit, "risk")))
    packs, today = section.office.packs, today_in_london(section.office.clock)
    grade, last = view.file.banner.risk_grade, view.assessment
    line = QHBoxLayout()
    line.setSpacing(px(8))
    line.addWidget(Badge(words.grade_words(packs, grade), words.grade_tone(grade), "gauge"))
    if last is not None and last.completed_on is not None:
        count = section.tr("Dash {0} of 24").format(last.score) if last.score is not None else ""
        when = words.ago_words(last.completed_on, today)
        line.addWidget(text_label(" · ".join(part for part in (count, when) if part), "muted"))
    elif grade:
        line.addWidget(text_label(section.tr("as the referrer saw it"), "muted"))
    line.addStretch(1)
    card.body.addLayout(line)
    assessed = [each.assessment_id for each in (last, view.unfinished) if each is not None]
    plans = [view.plan.plan_id] if view.plan is not None else []
    card.body.addWidget(ConflictFlag(card, section.office, *assessed, *plans))
    if last is None:
        card.body.addWidget(nothing(section.tr("No assessment has been finished yet.")))
    elif last.dont_know_count:
        many = words.count_words(last.dont_know_count, section.tr("answer"), section.tr("answers"))
        unknown = section.tr("{0} not known: what is not known may be high.").format(many)
        card.body.addWidget(text_label(unknown, "", "warning", wrap=True))
    if view.unfinished is not None:
        started = view.unfinished.started_on
        detail = words.ago_words(started, today) if started else ""
        opener = partial(section.section_asked.emit, "risk")
        title = section.tr("An assessment is in progress")
        card.body.addWidget(fact_row("pen-line", title, detail, "info", link=(section.tr("Continue"), opener)))
    if view.plan is None:
        opener = partial(section.section_asked.emit, "plan")
        card.body.addWidget(
            fact_row("clipboard-list", section.tr("No safety plan yet"), link=(section.tr("Safety plan"), opener))
        )
    elif view.plan.made_on is not None:
        made = section.tr("Safety plan, version {0}").format(view.plan.version)
        opener = partial(section.section_asked.emit, "plan")
        card.body.addWidget(
            fact_row(
                "clipboard-check", made, words.ago_words(view.plan.made_on, today), link=(section.tr("Open"), opener)
            )
        )
    return card
