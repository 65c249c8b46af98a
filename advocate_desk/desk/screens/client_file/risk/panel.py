"""What stands beside the questions while they are answered: the count, what it could come to, alerts, and the grade."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.casework.risk import Judged, judge
from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.risk.parts import (
    ScoreBar,
    alert_boxes,
    counts,
    counts_words,
    criteria_row,
    grade_badge,
    notice,
)
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import clear_layout
from advocate_desk.desk.widgets.labels import rule, text_label
from advocate_desk.domain.risk import Instrument


class RiskPanel(QWidget):
    """Counts anew at every change. It never hides an answer, and never says what will happen."""

    def __init__(self, office: Office, instrument: Instrument, view: FormView) -> None:
        super().__init__()
        self._office, self._instrument, self._view = office, instrument, view
        self._shown: tuple[object, ...] = ()
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
        self._found = QVBoxLayout()
        self._found.setSpacing(px(10))
        column.addLayout(self._found)
        column.addStretch(1)
        view.changed.connect(self.refresh)
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
        state = (judged.finding.alerts, judged.finding.could_reach, judged.finding.floor, *self._judgement(judged))
        if state != self._shown:
            self._shown = state
            self._draw(judged)

    def _judgement(self, judged: Judged) -> tuple[object, ...]:
        return (judged.criteria, judged.grade, judged.refusal, judged.needs_reason)

    def _draw(self, judged: Judged) -> None:
        clear_layout(self._found)
        add = self._found.addWidget
        threshold = self._instrument.high_from
        if judged.finding.floor:
            add(notice(self.tr("The score has reached the threshold of {0}.").format(threshold), "danger"))
        elif judged.finding.could_reach:
            add(notice(self.tr("Could reach {0} if the unknowns were confirmed.").format(threshold), "warning"))
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
