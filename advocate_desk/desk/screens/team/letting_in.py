"""Letting in another device of a member by the code that she made for it herself: whose it is, then one signature."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.team.dialog import TeamDialog, column
from advocate_desk.desk.screens.team.fields import code_line
from advocate_desk.desk.team import enrolment
from advocate_desk.desk.team.enrolment import Asking
from advocate_desk.desk.team.roster import Roster
from advocate_desk.desk.widgets.boxes import KeyValue
from advocate_desk.desk.widgets.labels import text_label


class LetInDialog(TeamDialog):
    """An administrator types the code, sees who asks for which device, and lets it in."""

    def __init__(self, office: Office, roster: Roster, parent: QWidget) -> None:
        title = self.tr("Let in a device by its code")
        lead = self.tr(
            "A member who sets up another computer makes a code for it on the one that she has, types it on the new "
            "one, and then tells it to you."
        )
        super().__init__(office, title, lead, self.tr("Look"), self.tr("Looking…"), parent)
        self._roster = roster
        self._asking: Asking | None = None
        page, layout = column()
        self.lines = {"code": code_line()}
        layout.addWidget(self.lines["code"])
        seen, inner = column()
        self.facts = KeyValue()
        inner.addWidget(self.facts)
        words = self.tr(
            "Let it in only if this very person told you the code and calls the computer so. It then receives all "
            "that she may see."
        )
        inner.addWidget(text_label(words, wrap=True))
        self.set_pages((page, seen))
        self.lines["code"].setFocus()

    @Slot()
    def go_on(self) -> None:
        """Look who asks, or let her device in."""
        if self.is_busy:
            return
        if self._asking is None:
            self.ask_hub(partial(enrolment.look_who_asks, code_text=self.lines["code"].text()))
        else:
            self.ask_hub(partial(enrolment.let_in, asking=self._asking))

    @Slot(object)
    def job_done(self, result: object) -> None:
        """It is known who asks, or she is in."""
        if not isinstance(result, Asking):
            super().job_done(result)
            return
        self._asking = result
        person = self._roster.person(result.person.hex())
        self.set_busy(is_busy=False)
        self.facts.clear()
        self.facts.add(self.tr("Person"), person.name if person else self.tr("(name not received yet)"))
        self.facts.add(self.tr("Device"), result.reply.device_name or self.tr("Unnamed device"))
        self.show_page(1)
        self.set_verbs(self.tr("Let it in"), self.tr("Letting in…"))
        self.go.setFocus()

    def let_go(self) -> None:
        """Leave no code."""
        self._asking = None
        self.lines["code"].forget()
