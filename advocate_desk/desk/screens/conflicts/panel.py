"""One difference, side by side: what each said, when, what stood before, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QPushButton, QVBoxLayout, QWidget

from advocate_desk.desk import conflict_words as words
from advocate_desk.desk.forms.conflict import can_combine
from advocate_desk.desk.forms.described import describe
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.people.section import NOT_HERS
from advocate_desk.desk.screens.list_words import name_words
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, Card, KeyValue, clear_layout
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.desk.widgets.safe_contact import ReasonAsked
from advocate_desk.domain.caseload import Roster
from advocate_desk.store.queries.conflicts import LATER, Conflict, Fields

SIDE_BY_SIDE = 520  # pixels at 100% text: below, one side stands under the other
COVERED = "•••••"
_PRIVATE = frozenset(
    {
        ("contact_method", "value"),
        ("contact_method", "code_word"),
        ("contact_method", "who_may_answer"),
        ("person", "immigration_note"),
    }
)


def is_private(one: Conflict, column: str) -> bool:
    """Whether a value stays covered until it is asked for, as it does in the file itself."""
    if (one.kind, column) == ("person", "whereabouts"):
        return (one.stands or {}).get("role") not in NOT_HERS
    return (one.kind, column) in _PRIVATE


def is_covered_at_first(one: Conflict) -> bool:
    """Whether anything of it is covered."""
    return any(is_private(one, name) for name in one.differing())


class ConflictPanel(QWidget):
    """Draws one Conflict and says what is asked."""

    chosen = Signal(object)  # Fields to stand from now on, or None for what stands
    combine_asked = Signal()
    show_asked = Signal()
    reason_given = Signal(str)
    file_asked = Signal()

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._one: Conflict | None = None
        self._is_covered = False
        self._keepers: list[QPushButton] = []
        self.trouble = Banner()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(4), 0, px(4), px(16))
        layout.setSpacing(px(12))
        layout.addWidget(self.trouble)
        self._head = QVBoxLayout()
        self._head.setSpacing(px(4))
        layout.addLayout(self._head)
        self._cover = QVBoxLayout()
        layout.addLayout(self._cover)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(px(12))
        layout.addLayout(self._sides)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(px(12))
        layout.addLayout(self._foot)
        layout.addStretch(1)

    def shown(self) -> Conflict | None:
        """What stands in it."""
        return self._one

    def show_conflict(self, one: Conflict | None, roster: Roster, *, is_covered: bool) -> None:
        """Draw it, or nothing."""
        had_focus = self.isAncestorOf(focused) if (focused := QApplication.focusWidget()) is not None else False
        self._one, self._is_covered = one, is_covered
        self._keepers = []
        for part in (self._head, self._cover, self._sides, self._foot):
            clear_layout(part)
        self.setVisible(one is not None)
        if one is None:
            return
        self._draw_head(one)
        if is_covered:
            self._draw_cover()
        self._draw_sides(one, roster)
        self._draw_foot(one)
        if had_focus:
            self.focus_first()

    def focus_first(self) -> None:
        """Go to the first thing that can be done."""
        for each in self.findChildren(QPushButton):
            if each in self._keepers and each.isEnabled():
                each.show()  # at once: a widget that is not shown yet cannot take the focus
                each.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def ask_reason(self, reasons: Sequence[str]) -> None:
        """Say what stands against showing the values, and ask why they are shown all the same."""
        if self._one is None:
            return
        clear_layout(self._cover)
        asked = ReasonAsked(self._office, f"conflict {self._one.about_id}", reasons, self.tr("Show all the same"))
        asked.given.connect(self.reason_given)
        asked.refused.connect(self._leave_covered)
        self._cover.addWidget(asked)
        asked.show()
        asked.reason.setFocus()

    def _leave_covered(self) -> None:
        clear_layout(self._cover)
        self._draw_cover()
        self.focus_first()

    def minimumSizeHint(self) -> QSize:
        """As narrow as it goes; the height follows from the width."""
        return QSize(super().minimumSizeHint().width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One side under the other where there is little room."""
        super().resizeEvent(event)
        count = max(2, self._sides.count())
        is_wide = self.width() >= px(SIDE_BY_SIDE * count // 2)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(across if is_wide else down)

    # --- drawing ---

    def _draw_head(self, one: Conflict) -> None:
        self._head.addWidget(text_label(words.record_words(self._office.packs, one), "title", wrap=True))
        name = "" if one.is_file_gone else name_words(one.client_name)
        whose = " · ".join(each for each in (name, one.reference) if each)
        self._head.addWidget(text_label(whose, "muted", wrap=True))
        badges = QWidget()
        flow = FlowLayout(badges, px(8))
        flow.addWidget(self._state_badge(one))
        self._head.addWidget(badges)
        said = self.tr("This record was taken out of the file since.") if one.is_gone else words.differ_words(one)
        if one.is_file_gone and one.is_removal:
            said = self.tr(
                "The whole file was taken out while another person worked in it. Keeping this brings it back."
            )
        self._head.addWidget(text_label(said, wrap=True))

    def _state_badge(self, one: Conflict) -> Badge:
        if one.decided_at is None and one.is_critical:
            return Badge(self.tr("Matters for safety: shown until somebody decides"), "danger", "octagon-alert")
        if one.decided_at is None:
            return Badge(self.tr("Not decided"), "warning")
        when = words.moment_words(one.decided_at)
        if one.decision == LATER:
            return Badge(self.tr("What was exchanged first was taken by itself, {0}").format(when), "plain", "history")
        by = one.decided_by or self.tr("somebody")
        return Badge(self.tr("Decided by {0}, {1}").format(by, when), "ok")

    def _draw_cover(self) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(6))
        column.addWidget(
            text_label(self.tr("Numbers, addresses and notes that could harm her are covered."), wrap=True)
        )
        made = button(self.tr("Show the values"), "", "eye", self.show_asked.emit)
        made.setToolTip(self.tr("That they were shown is in the file’s history."))
        self._keepers.append(made)
        column.addWidget(made)
        self._cover.addWidget(holder)

    def _draw_sides(self, one: Conflict, roster: Roster) -> None:
        stands = {name: one.stands[name] for name in one.fields} if one.stands is not None else None
        for number, side in enumerate(one.said):
            who = words.who_words(side, roster, self._office.work.actor.name)
            is_standing = stands is not None and all(stands[name] == side.values[name] for name in one.fields)
            keep = self._keep_words(one, side.values)
            card = self._side_card(who, words.when_words(side), one, side.values, is_standing=is_standing)
            is_done = one.decided_at is not None and is_standing  # nothing is left to choose
            self._add_keep(card, keep, who, side.values, can=not one.is_gone and not is_done)
            self._sides.addWidget(card, 1)
            card.setProperty("side", number)
        is_other = one.decided_at is None and not one.is_gone
        if stands is not None and is_other and all(stands != dict(side.values) for side in one.said):
            card = self._side_card(self.tr("In the file now"), "", one, stands, is_standing=True)
            self._add_keep(card, self.tr("Leave it so"), self.tr("what is in the file now"), None, can=True)
            self._sides.addWidget(card, 1)

    def _keep_words(self, one: Conflict, values: Fields) -> str:
        if not one.is_removal:
            return self.tr("Keep this") if one.decided_at is None else self.tr("Use this instead")
        return self.tr("Take it out") if values["deleted_at"] is not None else self.tr("Keep it in the file")

    def _side_card(self, who: str, when: str, one: Conflict, values: Fields, *, is_standing: bool) -> Card:
        card = Card(who, "user")
        if when:
            note = text_label(when, "muted", wrap=True)
            note.setToolTip(self.tr("By the clock of the computer on which it was typed"))
            card.body.addWidget(note)
        facts = KeyValue()
        for label, value in self._values(one, values):
            facts.add(label, value or self.tr("nothing"))
        card.body.addWidget(facts)
        if is_standing:
            card.body.addWidget(Badge(self.tr("Stands in the file now"), "info", "circle-check"))
        card.body.addStretch(1)
        return card

    def _values(self, one: Conflict, values: Fields) -> Sequence[tuple[str, str]]:
        found = words.shown_values(self._office.packs, one, values)
        if not self._is_covered:
            return found
        private = {describe(one.kind, name).label for name in one.differing() if is_private(one, name)}
        return [(label, COVERED if label in private and value else value) for label, value in found]

    def _add_keep(self, card: Card, text: str, who: str, values: Fields | None, *, can: bool) -> None:
        if not can:
            return
        made = button(text, "", "check", partial(self.chosen.emit, values))
        made.setAccessibleName(self.tr("{0}: {1}").format(text, who))
        self._keepers.append(made)
        card.body.addWidget(made)

    def _draw_foot(self, one: Conflict) -> None:
        before = self._values(one, one.before) if not one.is_removal else ()
        if any(value for _, value in before):
            card = Card(self.tr("Before both"), "history")
            card.setProperty("box", "inset")
            card.body.addWidget(KeyValue([(label, value or self.tr("nothing")) for label, value in before]))
            self._foot.addWidget(card)
        row = QWidget()
        flow = FlowLayout(row, px(8))
        if one.is_gone and one.decided_at is None:
            close = button(self.tr("Close this"), "primary", "check", partial(self.chosen.emit, None))
            self._keepers.append(close)
            flow.addWidget(close)
        if can_combine(one) and not self._is_covered:
            flow.addWidget(button(self.tr("Combine or type another…"), "", "merge", self.combine_asked.emit))
        if not one.is_file_gone:
            flow.addWidget(button(self.tr("Open the file"), "quiet", "folder-open", self.file_asked.emit))
        self._foot.addWidget(row)
