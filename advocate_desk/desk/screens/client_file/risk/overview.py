"""The overview of risk: the assessment that stands, what is in hand, what changed, and what was before."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.risk import answers_of
from advocate_desk.desk.forms.values import day_words
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.risk.focus import (
    focus_first_control,
    focus_name,
    give_focus,
    keep_focus_as,
)
from advocate_desk.desk.screens.client_file.risk.parts import (
    ScoreBar,
    alert_lines,
    answer_words,
    at_left,
    counts,
    counts_words,
    criteria_row,
    grade_badge,
    is_large,
    notice,
)
from advocate_desk.desk.screens.client_file.risk.presenter import Compared, RiskPicture, instrument_of
from advocate_desk.desk.screens.list_words import overdue_words
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.boxes import Card, EmptyState, KeyValue, SectionHeader, clear_layout
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.conflict_flag import ConflictFlag
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, icon_label, rule, text_label
from advocate_desk.domain.risk import Change, Finding
from advocate_desk.store.queries.risk import AssessmentLine


class RiskOverview(QWidget):
    """A column of cards drawn from one `RiskPicture`."""

    start_asked = Signal()
    resume_asked = Signal(str)
    amend_asked = Signal(str)
    read_asked = Signal(str)
    plan_asked = Signal()

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._rows: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(16), px(24), px(24))
        column.setSpacing(px(16))
        header = SectionHeader(self.tr("Risk"), self.tr("The tool counts; you and the client judge."))
        self._new = button(self.tr("New assessment"), "primary", "plus", self.start_asked.emit)
        keep_focus_as(self._new, "start")
        header.buttons.addWidget(self._new)
        column.addWidget(header)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(px(16))
        column.addLayout(self._cards)
        column.addStretch(1)

    def show_picture(self, found: RiskPicture) -> None:
        """Draw the cards anew; the control that had the focus has it again."""
        name = focus_name(self)
        clear_layout(self._cards)
        self._rows.clear()
        self._new.setVisible(found.current is not None and not found.in_hand)
        for line in found.in_hand:
            self._cards.addWidget(self._in_hand_card(line))
        if found.current is None and not found.in_hand:
            self._cards.addWidget(self._empty())
        if found.current is not None and found.finding is not None:
            self._cards.addWidget(self._current_card(found, found.current, found.finding))
        if found.compared is not None and found.current is not None:
            self._cards.addWidget(self._changes_card(found.compared, found.current))
        if found.history:
            self._cards.addWidget(self._history_card(found))
        self._cards.addWidget(self._triggers_card())
        if name and not give_focus(self, name):
            focus_first_control(self)

    def focus_row(self, assessment_id: str) -> None:
        """Give the focus to an assessment's row."""
        if assessment_id in self._rows:
            self._rows[assessment_id].setFocus()

    def _empty(self) -> EmptyState:
        empty = EmptyState(
            "gauge",
            self.tr("No risk assessment yet"),
            self.tr(
                "Go through the questions with the client. Any may be skipped, and all of it can wait for another day."
            ),
            self.tr("Start the assessment"),
        )
        empty.acted.connect(self.start_asked)
        return empty

    def _in_hand_card(self, line: AssessmentLine) -> Card:
        instrument = instrument_of(self._office.packs, line)
        title = self.tr("Amendment in progress") if line.supersedes_id else self.tr("Assessment in progress")
        card = Card(title, "pen-line")
        resume = button(self.tr("Resume"), "primary", "", partial(self.resume_asked.emit, str(line.assessment_id)))
        keep_focus_as(resume, f"resume {line.assessment_id}")
        card.head.addWidget(resume)
        card.body.addWidget(ConflictFlag(card, self._office, line.assessment_id))
        found = counts(instrument, answers_of(line))
        total = len(instrument.item)
        started = day_words(line.started_on) if line.started_on else ""
        words = self.tr("Started {day}. {asked} of {total} questions have an answer.")
        card.body.addWidget(text_label(words.format(day=started, asked=total - found[""], total=total), wrap=True))
        bar = ScoreBar(instrument.high_from)
        bar.show_counts(found)
        card.body.addWidget(bar)
        card.body.addWidget(text_label(counts_words(found), "small", wrap=True))
        return card

    # --- the assessment that stands ---

    def _current_card(self, found: RiskPicture, line: AssessmentLine, finding: Finding) -> Card:
        card = Card(self.tr("The assessment that stands"), "gauge")
        card.head.addWidget(grade_badge(self._office.packs, line.grade))
        key = str(line.assessment_id)
        card.body.addWidget(ConflictFlag(card, self._office, line.assessment_id))
        card.body.addWidget(self._score(line, finding))
        card.body.addWidget(rule())
        card.body.addWidget(self._facts(found, line))
        if finding.alerts:
            card.body.addWidget(rule())
            card.body.addWidget(text_label(self.tr("Mind, whatever the score"), "overline"))
            card.body.addWidget(alert_lines(finding.alerts))
        ways = QWidget()
        flow = FlowLayout(ways, px(8))
        plan_words = self.tr("Open the safety plan") if found.has_plan else self.tr("Make the safety plan")
        for name, way in (
            ("read", button(self.tr("Read all answers"), "", "eye", partial(self.read_asked.emit, key))),
            ("plan", button(plan_words, "", "list-checks", self.plan_asked.emit)),
            ("amend", button(self.tr("Amend"), "quiet", "pencil", partial(self.amend_asked.emit, key))),
        ):
            keep_focus_as(way, name)
            flow.addWidget(way)
        card.body.addSpacing(px(4))
        card.body.addWidget(ways)
        return card

    def _score(self, line: AssessmentLine, finding: Finding) -> QWidget:
        instrument = instrument_of(self._office.packs, line)
        answered = counts(instrument, answers_of(line))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(text_label(str(finding.score), "figure"))
        of_words = self.tr("of {total} answered yes").format(total=len(instrument.item))
        head.addWidget(text_label(of_words, "muted"), 1)
        column.addLayout(head)
        bar = ScoreBar(instrument.high_from)
        bar.show_counts(answered)
        column.addWidget(bar)
        column.addWidget(text_label(f"{counts_words(answered)}. {instrument.not_prediction}", "small", wrap=True))
        if finding.could_reach:
            words = self.tr("Could reach {threshold} if the unknowns were confirmed.")
            column.addWidget(notice(words.format(threshold=instrument.high_from), "warning"))
        return holder

    def _facts(self, found: RiskPicture, line: AssessmentLine) -> KeyValue:
        today = today_in_london(self._office.clock)
        facts = KeyValue()
        facts.add(self.tr("Made"), self._made(line, today))
        if found.again_on is not None:
            facts.add(self.tr("Assess again"), self._again(found.again_on, today))
        facts.add(self.tr("Marac criteria met"), criteria_row(line.criteria or ()))
        if line.grading_reason:
            facts.add(self.tr("Reason for the grade"), line.grading_reason)
        priorities = str((line.professional or {}).get("priorities") or "")
        if priorities:
            facts.add(self.tr("What matters most to the client"), priorities)
        return facts

    def _made(self, line: AssessmentLine, today: date) -> str:
        if line.completed_on is None:
            return line.completed_by
        days = (today - line.completed_on).days
        ago = (
            self.tr("today")
            if days == 0
            else self.tr("yesterday")
            if days == 1
            else self.tr("{0} days ago").format(days)
        )
        made = self.tr("{day}, {ago}, by {who}")
        return made.format(day=day_words(line.completed_on), ago=ago, who=line.completed_by)

    def _again(self, due_on: date, today: date) -> QWidget:
        if due_on < today:
            return at_left(Badge(f"{overdue_words(due_on, today)} ({day_words(due_on)})", "danger", "clock-alert"))
        return text_label(self.tr("by {day}").format(day=day_words(due_on)), wrap=True)

    # --- what changed ---

    def _changes_card(self, compared: Compared, current: AssessmentLine) -> Card:
        day = day_words(compared.before.completed_on) if compared.before.completed_on else ""
        title = self.tr("What changed since {day}").format(day=day)
        card = Card(self.tr("What the amendment changed") if compared.is_amendment else title, "history")
        card.body.addWidget(text_label(self._change_summary(compared, current), "muted", wrap=True))
        shown = [each for each in compared.changes if not each.is_detail_only]
        for each in sorted(shown, key=lambda change: (not change.is_worse, change.before == "yes")):
            card.body.addWidget(self._change_row(each))
        details = [each.label for each in compared.changes if each.is_detail_only]
        if details:
            words = self.tr("Only the details differ: {items}").format(items="; ".join(details))
            card.body.addWidget(text_label(words, "small", wrap=True))
        return card

    def _change_summary(self, compared: Compared, current: AssessmentLine) -> str:
        packs = self._office.packs
        before = compared.before
        parts = [self.tr("Score {before} → {after}").format(before=before.score, after=current.score)]
        was, now = packs.label("risk_grade", before.grade), packs.label("risk_grade", current.grade)
        parts.append(self.tr("grade stays {grade}").format(grade=now.lower()) if was == now else f"{was} → {now}")
        if not compared.changes:
            parts.append(self.tr("no answer differs"))
        return ", ".join(parts) + "."

    def _change_row(self, change: Change) -> QWidget:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, px(2), 0, px(2))
        line.setSpacing(px(12))
        words, tone, icon = self._direction(change)
        line.addWidget(at_left(Badge(words, tone, icon), least=96))
        said = QBoxLayout(QBoxLayout.Direction.TopToBottom if is_large() else QBoxLayout.Direction.LeftToRight)
        said.setSpacing(px(4))
        said.addWidget(text_label(change.label, wrap=True), 1)
        said.addWidget(text_label(f"{answer_words(change.before)} → {answer_words(change.after)}", "muted"))
        line.addLayout(said, 1)
        return holder

    def _direction(self, change: Change) -> tuple[str, Tone, str]:
        if change.is_worse:
            return self.tr("Worse"), "danger", "arrow-up"
        if change.before == "yes" and change.after == "no":
            return self.tr("Better"), "ok", "arrow-down"
        return self.tr("Changed"), "plain", "arrow-right"

    # --- history and triggers ---

    def _history_card(self, found: RiskPicture) -> Card:
        card = Card(self.tr("All assessments"), "clipboard-list")
        for line in found.history:
            card.body.addWidget(self._history_row(line, found))
        return card

    def _history_row(self, line: AssessmentLine, found: RiskPicture) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, px(2), 0, px(2))
        row.setSpacing(px(12))
        day = day_words(line.completed_on) if line.completed_on else self.tr("Day not known")
        link = button(day, "link", "", partial(self.read_asked.emit, str(line.assessment_id)))
        link.setAccessibleName(self.tr("Read the assessment of {day}").format(day=day))
        keep_focus_as(link, f"row {line.assessment_id}")
        self._rows[str(line.assessment_id)] = link
        row.addWidget(link)
        total = len(instrument_of(self._office.packs, line).item)
        words = self.tr("{score} of {total}, {who}").format(score=line.score, total=total, who=line.completed_by)
        row.addWidget(text_label(words, "muted", wrap=True), 1)
        marks = QBoxLayout(QBoxLayout.Direction.TopToBottom if is_large() else QBoxLayout.Direction.LeftToRight)
        if line.assessment_id in found.superseded:
            marks.addWidget(Badge(self.tr("Superseded"), "plain", "history"))
        elif line.supersedes_id:
            marks.addWidget(Badge(self.tr("Amendment"), "info", "pencil"))
        marks.addWidget(at_left(grade_badge(self._office.packs, line.grade), least=116))
        row.addLayout(marks)
        return holder

    def _triggers_card(self) -> Card:
        card = Card(self.tr("When to assess again"), "calendar-clock")
        for icon, words in (
            ("siren", self.tr("After every new incident, and after a breach or a change of bail or an order.")),
            ("gavel", self.tr("Before and after a hearing, and on news of a release.")),
            (
                "users",
                self.tr("On pregnancy, separation, a new relationship, a dispute over contact, or a move of house."),
            ),
            ("calendar-days", self.tr("Every four to six weeks, and before the file is closed.")),
        ):
            line = QHBoxLayout()
            line.setSpacing(px(10))
            line.addWidget(icon_label(icon, 16))
            line.addWidget(text_label(words, wrap=True), 1)
            card.body.addLayout(line)
        return card
