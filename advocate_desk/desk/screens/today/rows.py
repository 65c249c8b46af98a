"""The rows of Today: a hearing with its acts, a task with its box, and short lines that open a file."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from advocate_desk.desk.office import Office
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.today.model import is_over, starts_at
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.boxes import Pressable
from advocate_desk.desk.widgets.buttons import icon_button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, icon_label, text_label
from advocate_desk.domain.facts import FactNote, fact_words, is_firm
from advocate_desk.store.queries.today import HearingLine, TaskLine

TIME_WIDTH = 92  # at 100% text


class HearingRow(Pressable):
    """One hearing. Enter opens its file, O records its outcome, L writes a letter.

    `whose`: the advocate, on a page that shows everyone's.
    """

    outcome_asked = Signal(object)
    letter_asked = Signal(object)

    def __init__(
        self, office: Office, line: HearingLine, now: datetime, with_day: bool = False, whose: str = ""
    ) -> None:
        super().__init__(self._spoken(office, line, now.date(), with_day, whose), box="row")
        self.line = line
        self._whose = whose
        self.setProperty("row_key", str(line.hearing_id))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(8), px(12), px(4), px(12))
        layout.setSpacing(px(12))
        layout.addWidget(self._when(line, now, with_day), 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self._what(office, line, now, with_day), 1)

    def keyPressEvent(self, event: object) -> None:
        """O and L are the acts of the row; Enter is the press itself."""
        if not isinstance(event, QKeyEvent):
            return
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() == Qt.Key.Key_O and not self.line.outcome:
            self.outcome_asked.emit(self.line)
        elif plain and event.key() == Qt.Key.Key_L:
            self.letter_asked.emit(self.line)
        else:
            super().keyPressEvent(event)

    @staticmethod
    def _spoken(office: Office, line: HearingLine, today: date, with_day: bool, whose: str) -> str:
        day = words.short_day(line.hearing_on, today) if with_day else ""
        parts = (
            day,
            line.listed_time,
            words.name_words(line.client_name),
            words.grade_words(office.packs, line.risk_grade),
            line.courtroom,
            office.packs.label("hearing_kind", line.kind),
            line.court_name,
            whose,
        )
        return ", ".join(part for part in parts if part)

    def _when(self, line: HearingLine, now: datetime, with_day: bool) -> QWidget:
        box = QWidget()
        box.setFixedWidth(px(TIME_WIDTH))
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        at = starts_at(line)
        if with_day:
            column.addWidget(text_label(words.short_day(line.hearing_on, now.date()), "strong"))
            column.addWidget(text_label(line.listed_time or self.tr("No time"), "muted"))
            return box
        column.addWidget(text_label(line.listed_time or self.tr("No time"), "heading"))
        until = words.until_words(at, now) if at is not None and not line.outcome else ""
        if until:
            column.addWidget(text_label(until, "small"))
        return box

    def _what(self, office: Office, line: HearingLine, now: datetime, with_day: bool) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(4))
        head = QWidget()
        flow = FlowLayout(head, px(8))
        flow.addWidget(text_label(words.name_words(line.client_name), "subheading"))
        flow.addWidget(Badge(words.grade_words(office.packs, line.risk_grade), words.grade_tone(line.risk_grade)))
        if self._whose:
            flow.addWidget(text_label(self._whose, "muted"))
        if line.outcome:
            flow.addWidget(Badge(office.packs.label("hearing_outcome", line.outcome), "ok"))
        elif not with_day and is_over(line, now):
            flow.addWidget(Badge(self.tr("Outcome not recorded"), "warning", "clock-alert"))
        place = (line.court_name if with_day else "", line.courtroom, office.packs.label("hearing_kind", line.kind))
        names = QVBoxLayout()
        names.setSpacing(px(2))
        names.addWidget(head)
        names.addWidget(text_label(joined(*place) or self.tr("Room and kind not known"), wrap=True))
        top = QHBoxLayout()
        top.setSpacing(px(8))
        top.addLayout(names, 1)
        acts = self._acts(line, now)
        top.addLayout(acts)
        top.setAlignment(acts, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        for icon, said in _small_facts(office, line, now.date(), is_brief=line.hearing_on > now.date()):
            column.addWidget(_small(icon, said))
        return column

    def _acts(self, line: HearingLine, now: datetime) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(2))
        name = words.name_words(line.client_name)
        if not line.outcome and line.hearing_on <= now.date():
            outcome = self.tr("Record the outcome for {0} (O)").format(name)
            row.addWidget(icon_button("gavel", outcome, lambda: self.outcome_asked.emit(line)))
        letter = self.tr("Write a letter for {0} (L)").format(name)
        row.addWidget(icon_button("mail", letter, lambda: self.letter_asked.emit(line)))
        opens = self.tr("Open the file of {0} (Enter)").format(name)
        row.addWidget(icon_button("folder-open", opens, self.pressed.emit))
        return row


def joined(*parts: str) -> str:
    """What there is of these, on one line."""
    return " · ".join(part for part in parts if part)


def _small_facts(office: Office, line: HearingLine, today: date, is_brief: bool) -> list[tuple[str, str]]:
    """(icon, words) of the lines under a hearing: who attends, special measures, what the listing rests on.

    A brief one, for a day ahead, has only what is not firm.
    """
    packs = office.packs
    found = []
    note = FactNote(line.fact_source, line.told_on, line.fact_state)
    if not is_brief:
        if line.attends:
            found.append(("users", ", ".join(packs.label("hearing_attends", who) for who in line.attends)))
        measures = [
            f"{packs.label('special_measure', key)}: {packs.label('measure_status', status).lower()}"
            for key, status in line.measures.items()
        ]
        said = " · ".join(measures) if measures else office.tr("No special measures recorded")
        found.append(("shield" if measures else "shield-question-mark", said))
    fact = fact_words(note, today)
    if fact and not (is_brief and is_firm(note)):
        icon = "circle-check" if is_firm(note) else "circle-question-mark"
        found.append((icon, f"{fact[:1].upper()}{fact[1:]}"))
    return found


def _small(icon: str, said: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(6))
    row.addWidget(icon_label(icon, 14), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text_label(said, "small", wrap=True), 1)
    return box


class TaskRow(QWidget):
    """A task: its box marks it done, its title opens the file."""

    completed = Signal(object)
    pressed = Signal()

    def __init__(self, line: TaskLine, today: date, whose: str = "") -> None:
        super().__init__()
        self.line = line
        self.setProperty("row_key", str(line.task_id))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, px(2), 0, px(2))
        layout.setSpacing(px(4))
        self.box = QCheckBox()
        client = words.name_words(line.client_name)
        self.box.setAccessibleName(self.tr("Done: {0}, {1}").format(line.title, client))
        self.box.setToolTip(self.tr("Mark as done"))
        self.box.clicked.connect(self._on_clicked)
        layout.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        if line.due_on is not None and line.due_on < today:
            due = words.late_words(line.due_on, today)
        else:
            due = words.due_words(line.due_on, today, line.due_time)
        row = _FileLine(
            line.title, joined(client, due, whose), self.tr("Open the file of {0}").format(client), line.reason
        )
        row.pressed.connect(self.pressed)
        layout.addWidget(row, 1)

    def _on_clicked(self) -> None:
        self.box.setEnabled(False)
        self.completed.emit(self.line)


class _FileLine(Pressable):
    """A title over a smaller line; the whole opens a file."""

    def __init__(self, title: str, text: str, name: str, tip: str = "") -> None:
        super().__init__(f"{title}, {text}. {name}", box="row")
        self.setToolTip(tip)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(6), px(3), px(6), px(6))
        layout.setSpacing(px(1))
        layout.addWidget(text_label(title, "label", wrap=True))
        layout.addWidget(text_label(text, "small", wrap=True))


class DayLine(Pressable):
    """A client, what it is about, and a badge that says when. Opens the file, or whatever the line stands for."""

    def __init__(self, key: str, title: str, text: str, badge: str = "", tone: Tone = "plain", icon: str = "") -> None:
        super().__init__(", ".join(part for part in (title, text, badge) if part), box="row")
        self.setProperty("row_key", key)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(6), px(8), px(6), px(8))
        layout.setSpacing(px(10))
        column = QVBoxLayout()
        column.setSpacing(px(1))
        column.addWidget(text_label(title, "label", wrap=True))
        if text:
            column.addWidget(text_label(text, "small", wrap=True))
        layout.addLayout(column, 1)
        if badge:
            layout.addWidget(Badge(badge, tone, icon), 0, Qt.AlignmentFlag.AlignTop)


def empty_line(icon: str, said: str) -> QWidget:
    """What a card says while there is nothing in it."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, px(4), 0, px(4))
    row.setSpacing(px(10))
    row.addWidget(icon_label(icon, 18), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(text_label(said, "muted", wrap=True), 1)
    return box


def overline(said: str, tone: Tone = "plain") -> QLabel:
    """A small heading inside a card."""
    return text_label(said, "overline", tone)
