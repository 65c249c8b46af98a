"""Becoming administrator with the organisation's sheets, when no administrator can act any more."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.team.dialog import TeamDialog, column
from advocate_desk.desk.screens.team.fields import MOST_CODE, Line
from advocate_desk.desk.team import changing
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.errors import DeskError, Invalid
from advocate_desk.sync import share_codes
from advocate_desk.sync.share_codes import ShareCode


class TakeOverDialog(TeamDialog):
    """Holders type their sheets one after another; nothing of them is kept."""

    def __init__(self, office: Office, needed: int, parent: QWidget) -> None:
        title = self.tr("Become administrator with the sheets")
        lead = self.tr(
            "For when every administrator has lost her devices. {0} holders type their sheets here, one after another. "
            "The members’ log tells everybody."
        )
        super().__init__(office, title, lead.format(needed), self.tr("Add this sheet"), self.tr("Looking…"), parent)
        self._needed = needed
        self._held: tuple[ShareCode, ...] = ()
        page, layout = column()
        hint = self.tr("Fourteen groups of five. Capitals and spaces do not matter.")
        self.lines = {"share": Line(self.tr("Sheet of one holder"), hint, most=MOST_CODE)}
        layout.addWidget(self.lines["share"])
        self.count = text_label("", wrap=True)
        layout.addWidget(self.count)
        self.set_pages((page,))
        self._show_count()
        self.fit_text()
        self.lines["share"].setFocus()

    @Slot()
    def go_on(self) -> None:
        """Add the sheet; with the last one, sign."""
        if self.is_busy:
            return
        try:
            self._held = share_codes.add(self._held, self.lines["share"].text())
        except Invalid as error:
            self.said.say(error.advice, "warning")
            self.lines["share"].mark()
            return
        self.lines["share"].forget()
        self._show_count()
        if len(self._held) >= self._needed:
            self.ask_hub(partial(changing.take_over, sheets=self._held))

    @Slot(object)
    def job_done(self, result: object) -> None:
        """Done, or the sheets are another organisation's."""
        if result is True:
            super().job_done(result)
            return
        self.set_busy(is_busy=False)
        self._begin_again()
        self.said.say(
            self.tr("These sheets are not those of this organisation. Nothing was changed. Begin with the right ones.")
        )

    @Slot(object)
    def _refused(self, error: DeskError) -> None:
        super()._refused(error)
        self._begin_again()

    def let_go(self) -> None:
        """Leave no sheet."""
        self._held = ()
        self.lines["share"].forget()

    def _begin_again(self) -> None:
        self.let_go()
        self._show_count()
        self.lines["share"].setFocus()

    def _show_count(self) -> None:
        self.count.setText(self.tr("{0} of {1} sheets typed").format(len(self._held), self._needed))
