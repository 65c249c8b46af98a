"""What stands beside the questions while they are answered: the count, what it could come to, alerts, and the grade."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from advocate_desk.casework.risk import Judged, judge
from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.values import day_words
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.risk.parts import (
    ScoreBar,
    alert_boxes,
    answer_words,
    counts,
    counts_words,
    criteria_row,
    grade_badge,
    notice,
)
from advocate_desk.desk.screens.client_file.risk.reading import detail_words
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import clear_layout
from advocate_desk.desk.widgets.labels import rule, text_label
from advocate_desk.domain.identity import FileId
from advocate_desk.domain.risk import Instrument, Item, answer_to, asks_for_judgement
from advocate_desk.store.queries.risk import AssessmentLine, assessments, referred_grade


class RiskPanel(QWidget):
    """Counts anew at every change. It never hides an answer, and never says what will happen."""

    def __init__(
        self, office: Office, instrument: Instrument, view: FormView, file_id: FileId, own: Collection[str] = ()
    ) -> None:
        """`own` are the ids of assessments that are no last time: this one, and the one that it amends."""
        super().__init__()
        self._office, self._instrument, self._view, self._own = office, instrument, view, own
        self._shown: tuple[object, ...] = ()
        self._alerts: frozenset[str] | None = None
        self._last: AssessmentLine | None = None
        self.setAccessibleName(self.tr("What the answers come to so far"))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(16), px(14), px(20), px(20))
        column.setSpacing(px(10))
        line = QHBoxLayout()
        line.setSpacing(px(8))
        self._figure = text_label("0", "figure")
        self._of = text_label("", "muted")
        line.addWidget(self._figure)
        line.addWidget(self._of, 1)
        column.addLayout(line)
        self._bar = ScoreBar(instrument.high_from)
        column.addWidget(self._bar)
        self._counts = text_label("", "small", wrap=True)
        column.addWidget(self._counts)
        column.addWidget(text_label(instrument.not_prediction, "small", wrap=True))
        self._last_time = notice("", "info", self.tr("Last time"), "history")
        self._last_time.hide()
        column.addWidget(self._last_time)
        self._found = QVBoxLayout()
        self._found.setSpacing(px(10))
        column.addLayout(self._found)
        column.addStretch(1)
        view.changed.connect(self.refresh)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)
        self._referred = ""
        office.read(self, assessments, file_id).done.connect(self._on_read)
        office.read(self, referred_grade, file_id).done.connect(self._on_referred)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Count again. The boxes are drawn anew only when something in them changed."""
        values = self._view.values()
        judged = judge(self._instrument, values, today_in_london(self._office.clock), self._office.work)
        found = counts(self._instrument, values)
        self._figure.setText(str(judged.finding.score))
        self._of.setText(self.tr("of {total} answered yes so far").format(total=len(self._instrument.item)))
        self._bar.show_counts(found)
        self._counts.setText(counts_words(found))
        finding = judged.finding
        reach = (finding.could_reach, finding.score + finding.dont_know_count, len(finding.unanswered))
        state = (finding.alerts, finding.floor, reach, *self._judgement(judged))
        if state != self._shown:
            self._shown = state
            self._draw(judged)
            self._announce(judged)

    def _announce(self, judged: Judged) -> None:
        """Tell a screen reader of alerts that were just raised: the eye sees them appear."""
        raised = frozenset(each.key for each in judged.finding.alerts)
        before, self._alerts = self._alerts, raised
        if before is None:
            return
        for each in judged.finding.alerts:
            if each.key not in before:
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{each.label}. {each.advice}"))

    @Slot(object)
    def _on_read(self, lines: tuple[AssessmentLine, ...]) -> None:
        """Know what was said last time, so that nobody need ask for it again."""
        final = (each for each in lines if each.finalised_at is not None and str(each.assessment_id) not in self._own)
        self._last = next((each for each in final if each.instrument_key == self._instrument.key), None)
        self._say_last_time()

    @Slot(object)
    def _on_referred(self, grade: str) -> None:
        """Know how the referrer graded the risk: a higher grade than the score's is kept in sight."""
        self._referred = grade
        self.refresh()

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._view.isAncestorOf(new):
            self._say_last_time()

    def _say_last_time(self) -> None:
        """Show what the last final assessment says to the question that has the focus."""
        place = str(self._view.focus_place().get("field", "")).partition(".")[0]
        item = next((each for each in self._instrument.item if each.key == place), None)
        words = self._last_words(item) if item is not None and self._last is not None else ""
        self._last_time.setVisible(bool(words))
        self._last_time.setAccessibleName(words)
        labels = self._last_time.findChildren(QLabel)
        labels[-1].setText(words)

    def _last_words(self, item: Item) -> str:
        if self._last is None or not answer_to(self._last.answers or {}, item.key):
            return ""
        day = day_words(self._last.completed_on) if self._last.completed_on else ""
        said = answer_words(answer_to(self._last.answers, item.key))
        return "\n".join((f"{day}: {said}", *detail_words(self._office.packs, item, self._last.answers)))

    def _judgement(self, judged: Judged) -> tuple[object, ...]:
        return (judged.criteria, judged.grade, judged.refusal, judged.needs_reason, self._referred)

    def _draw(self, judged: Judged) -> None:
        clear_layout(self._found)
        add = self._found.addWidget
        threshold = self._instrument.high_from
        if judged.finding.floor:
            add(notice(self.tr("The score has reached the threshold of {0}.").format(threshold), "danger"))
        elif judged.finding.score + judged.finding.dont_know_count >= threshold:
            add(notice(self.tr("Could reach {0} if the unknowns were confirmed.").format(threshold), "warning"))
        elif judged.finding.could_reach and len(judged.finding.unanswered) <= len(self._instrument.item) // 2:
            add(notice(self.tr("Could still reach {0} with what is unknown or not asked.").format(threshold), "info"))
        if asks_for_judgement(judged.finding, self._referred):
            grade = self._office.packs.label("risk_grade", self._referred).lower()
            words = self.tr("The referrer graded this {0}. Keep both in mind, and say how you judge it.")
            add(notice(words.format(grade), "info"))
        add(rule())
        add(text_label(self.tr("Grade that stands"), "overline"))
        add(grade_badge(self._office.packs, judged.grade))
        if judged.refusal:
            add(notice(judged.refusal, "warning"))
        elif judged.needs_reason:
            add(text_label(self.tr("Raised by your judgement: give the reason."), "small", wrap=True))
        add(rule())
        add(text_label(self.tr("Marac criteria (any one is enough)"), "overline"))
        add(criteria_row(judged.criteria))
        if judged.finding.alerts:
            add(rule())
            add(text_label(self.tr("Mind this now"), "overline"))
            for box in alert_boxes(judged.finding.alerts):
                add(box)
