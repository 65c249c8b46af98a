"""One final assessment, read only: every question with its answer, its details and who said so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from advocate_desk.desk.forms.values import day_words, is_answered, is_shown, iso_day
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.risk.parts import answer_words, at_left, criteria_row, grade_badge, notice
from advocate_desk.desk.screens.client_file.risk.presenter import instrument_of
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.boxes import Card, KeyValue, SectionHeader, clear_layout
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import Badge, readable_label, text_label
from advocate_desk.domain.forms import Field, FieldKind
from advocate_desk.domain.risk import Instrument, Item, answer_to
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.risk import AssessmentLine

_TONES: dict[str, Tone] = {"yes": "danger", "dont_know": "warning", "no": "plain", "": "plain"}
_ICONS = {"yes": "check", "dont_know": "circle-question-mark", "no": "minus", "": "circle-dashed"}


def value_words(packs: Packs, asked: Field, value: object) -> str:
    """A form value as people read it; "" for nothing."""
    if isinstance(value, bool):
        return answer_words("yes" if value else "no")
    if isinstance(value, (list, tuple)):
        if asked.kind is FieldKind.REPEAT:
            return "\n".join(_row_words(packs, asked, row) for row in value if isinstance(row, Mapping))
        return ", ".join(packs.label(asked.options, str(each)) or str(each) for each in value)
    said = str(value or "")
    if asked.kind is FieldKind.YES_NO:
        return answer_words(said) if said else ""
    if asked.kind is FieldKind.DATE:
        day = iso_day(said)
        return day_words(day) if day else said
    return packs.label(asked.options, said) or said if asked.options and said else said


def _row_words(packs: Packs, asked: Field, row: Mapping[str, Any]) -> str:
    parts = [value_words(packs, each, row.get(each.key)) for each in asked.fields]
    return " · ".join(part for part in parts if part)


def detail_words(packs: Packs, item: Item, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """What follows on a yes: each follow-up that was answered, with its label."""
    value = answers.get(item.key)
    details = value.get("detail") if isinstance(value, Mapping) and answer_to(answers, item.key) == "yes" else None
    if not isinstance(details, Mapping):
        return ()
    said = ((asked.label, value_words(packs, asked, details.get(asked.key))) for asked in item.follow_up)
    return tuple(f"{label}: {words}" for label, words in said if words)


class AssessmentReading(QWidget):
    """A page of cards, one a group of questions."""

    back_asked = Signal()
    amend_asked = Signal(str)

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._key = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(16), px(24), px(24))
        column.setSpacing(px(16))
        self._back = button(self.tr("Back to risk"), "link", "arrow-left", self.back_asked.emit)
        column.addWidget(self._back)
        self._header = SectionHeader(self.tr("Assessment"))
        self._amend = button(self.tr("Amend"), "", "pencil", lambda: self.amend_asked.emit(self._key))
        self._header.buttons.addWidget(self._amend)
        column.addWidget(self._header)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(px(16))
        column.addLayout(self._cards)
        column.addStretch(1)

    def focus_first(self) -> None:
        """Go to the way back."""
        self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_line(self, line: AssessmentLine, successor: AssessmentLine | None, *, can_amend: bool) -> None:
        """Show an assessment; `successor` is the amendment that took its place."""
        instrument = instrument_of(self._office.packs, line)
        self._key = str(line.assessment_id)
        self._amend.setVisible(can_amend)
        day = day_words(line.completed_on) if line.completed_on else ""
        self._header.title.setText(f"{instrument.title}, {day}")
        self._header.set_text(self.tr("Final. Made by {who}.").format(who=line.completed_by))
        clear_layout(self._cards)
        if successor is not None and successor.finalised_at is not None:
            words = self.tr("An amendment of {day} has taken its place.")
            on = day_words(successor.finalised_at.date())
            self._cards.addWidget(notice(words.format(day=on), "info", icon="history"))
        self._cards.addWidget(self._result(line, instrument))
        for group in instrument.group:
            card = Card(group.title)
            items = [item for item in instrument.item if item.group == group.key]
            card.body.addWidget(self._answers(items, line.answers or {}))
            self._cards.addWidget(card)
        self._cards.addWidget(self._closing(instrument, line))

    def _result(self, line: AssessmentLine, instrument: Instrument) -> Card:
        card = Card()
        facts = KeyValue()
        facts.add(self.tr("Grade"), at_left(grade_badge(self._office.packs, line.grade)))
        score = self.tr("{score} of {total} yes, {unknown} don’t know")
        words = score.format(score=line.score, total=len(instrument.item), unknown=line.dont_know_count)
        facts.add(self.tr("Score"), f"{words}. {instrument.not_prediction}")
        facts.add(self.tr("Marac criteria met"), criteria_row(line.criteria or ()))
        alerts = {each.key: each.label for each in instrument.alert}
        raised = ", ".join(alerts.get(key, key) for key in line.alerts or ())
        facts.add(self.tr("Alerts"), raised or self.tr("None"))
        if line.amendment_reason:
            facts.add(self.tr("Why it was amended"), line.amendment_reason)
        card.body.addWidget(facts)
        return card

    def _answers(self, items: list[Item], answers: Mapping[str, Any]) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(12))
        grid.setColumnStretch(1, 1)
        for row, item in enumerate(items):
            said = answer_to(answers, item.key)
            badge = at_left(Badge(answer_words(said), _TONES[said], _ICONS[said]), least=112)
            grid.addWidget(badge, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._item(item, answers), row, 1, Qt.AlignmentFlag.AlignTop)
        return holder

    def _item(self, item: Item, answers: Mapping[str, Any]) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, px(2), 0, 0)
        column.setSpacing(px(3))
        said = answer_to(answers, item.key)
        label = text_label(item.label, "strong" if said == "yes" else "", wrap=True)
        label.setAccessibleName(f"{item.label}: {answer_words(said)}")
        column.addWidget(label)
        for words in detail_words(self._office.packs, item, answers):
            column.addWidget(readable_label(words))
        value = answers.get(item.key)
        given: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        if given.get("source"):
            column.addWidget(text_label(self.tr("Source: {0}").format(given["source"]), "small", wrap=True))
        return holder

    def _closing(self, instrument: Instrument, line: AssessmentLine) -> Card:
        card = Card(instrument.closing.title)
        said = line.professional or {}
        facts = KeyValue()
        count = 0
        for asked in instrument.closing.fields:
            value = said.get(asked.key)
            if asked.kind is FieldKind.NOTE or not is_shown(asked, said) or not is_answered(asked, value):
                continue
            facts.add(asked.label, value_words(self._office.packs, asked, value))
            count += 1
        card.body.addWidget(facts if count else text_label(self.tr("Nothing was noted."), "muted"))
        return card
