"""The team's page of a desk that its organisation has let go: what became of the files, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from advocate_desk.desk.dialogs.ask import ask
from advocate_desk.desk.team.roster import Roster
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, Card, KeyValue
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label


class LeftPage(QWidget):
    """Says that the desk is out, and asks before it forgets the organisation."""

    part_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        card = Card(self.tr("This desk belongs to its organisation no more"), "laptop")
        words = self.tr(
            "Its files were taken from this computer once your work in them was delivered; what could not be delivered "
            "is kept here. To come back, or to join another organisation, let this desk begin anew, ask an "
            "administrator for an invitation, and join with its code. What the others may show you then returns by "
            "itself."
        )
        card.body.addWidget(text_label(words, wrap=True))
        self._cut_off = Banner(can_dismiss=False)
        card.body.addWidget(self._cut_off)
        self._facts = KeyValue()
        card.body.addWidget(self._facts)
        card.body.addSpacing(px(4))
        self.part = button(self.tr("Begin anew…"), "primary", "undo-2", clicked=self._ask)
        card.body.addWidget(self.part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        column.addWidget(card)

    def show_roster(self, roster: Roster) -> None:
        """Name the organisation, and say what of it is here and how far beginning anew has come."""
        self._facts.clear()
        self._facts.add(self.tr("Organisation"), roster.name)
        self._facts.add(self.tr("Its files still on this computer"), f"{roster.files_here:,}")
        verb = self.tr("Go on beginning anew…") if roster.is_parting else self.tr("Begin anew…")
        self.part.setText(verb)
        self.part.setAccessibleName(verb)
        self._cut_off.setVisible(roster.is_parting)
        if roster.is_parting:
            self._cut_off.say(
                self.tr(
                    "The desk was locked before it had begun anew. It still knows the organisation; files that others "
                    "there have may be gone from this computer already. Nothing that you wrote was lost. Go on, and "
                    "it ends what it began."
                ),
                "info",
            )

    def _ask(self) -> None:
        ask(
            self,
            self.tr("Begin anew?"),
            self.tr(
                "This desk forgets the organisation, with its members and keys. Files that its others have too are "
                "taken away first, if any are still here. Those that could not be delivered stay as they are, and the "
                "passphrase stays the same. The desk then locks: unlock it, and it is ready to join."
            ),
            self.tr("Begin anew and lock"),
            self.part_asked.emit,
        )
