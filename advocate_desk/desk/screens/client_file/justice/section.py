"""What the three sections of the criminal side share: a heading, a place for trouble, cards, and the empty state."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget

from advocate_desk.clock import in_london, today_in_london
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.justice.presenter import JusticePresenter
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, SectionHeader, clear_layout, scrolled
from advocate_desk.domain.facts import FactNote, fact_words
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.justice import JusticeView


class JusticeSection(QWidget):
    """A scrolled column of cards drawn from one `JusticeView`."""

    kinds = frozenset({"criminal_case", "charge", "stage_event", "hearing", "bail", "condition", "breach"})

    def __init__(self, office: Office, file_id: FileId, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.office, self.file_id = office, file_id
        self.header = SectionHeader(title, text)
        self.trouble = Banner()
        self.trouble.acted.connect(self.reload)
        inner = QWidget()
        self._area = scrolled(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        column = QVBoxLayout(inner)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(16))
        column.addWidget(self.header)
        column.addWidget(self.trouble)
        self.cards = QVBoxLayout()
        self.cards.setSpacing(px(16))
        column.addLayout(self.cards)
        column.addStretch(1)
        self._presenter = JusticePresenter(self, office, file_id)

    @Slot()
    def reload(self) -> None:
        """Read and draw again."""
        self._presenter.reload()

    def place(self) -> dict[str, Any]:
        """Where the section is scrolled to."""
        return {"scroll": self._area.verticalScrollBar().value()}

    def restore(self, place: dict[str, Any]) -> None:
        """Scroll to where it was."""
        self._area.verticalScrollBar().setValue(int(place.get("scroll", 0)))

    @Slot(object)
    def show_view(self, view: JusticeView) -> None:
        """Draw the cards anew."""
        at = self._area.verticalScrollBar().value()
        focused, before = QApplication.focusWidget(), self.findChildren(QAbstractButton)
        name = focused.accessibleName() if focused in before else ""
        clear_layout(self.cards)
        self.trouble.hide()
        self.draw(view)
        self._area.verticalScrollBar().setValue(at)
        if name:
            self._focus_again(name, [each for each in self.findChildren(QAbstractButton) if each not in before])

    def _focus_again(self, name: str, made: list[QAbstractButton]) -> None:
        """Focus the successor of the button that had it, or the section's own where there is none."""
        stays = self.header.findChildren(QAbstractButton)
        found = next((each for each in (*made, *stays) if each.accessibleName() == name), next(iter(stays), None))
        if found is not None:
            found.show()  # a new one is shown with the next round of events, and the hidden take no focus
            found.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def show_refused(self, error: Any) -> None:  # noqa: ANN401 - a DeskError through a Qt signal
        """Say why it cannot be shown."""
        self.trouble.say_refused(error)

    @Slot()
    def show_broken(self) -> None:
        """Say that something of ours failed."""
        self.trouble.say_broken()

    def draw(self, view: JusticeView) -> None:
        """Fill `cards`; each section its own way."""
        raise AssertionError("each section draws its own cards")

    def open_form(self, key: str, **params: object) -> None:
        """Open a form for this file."""
        given = {name: str(value) for name, value in params.items() if value is not None}
        self.office.open_form(key, {"file_id": str(self.file_id), **given})

    def fact(self, source: str, state: str, told_at: Any) -> str:  # noqa: ANN401 - an aware moment or None
        """Who said so and how sure it is, in words; "" when nobody said."""
        told_on = in_london(told_at).date() if told_at is not None else None
        return fact_words(FactNote(source, told_on, state), today_in_london(self.office.clock))
