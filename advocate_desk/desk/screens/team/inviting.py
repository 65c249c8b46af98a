"""Inviting a person, or a second device of one: her code, large and as a QR code, until she has answered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.team.dialog import TeamDialog, column
from advocate_desk.desk.screens.team.fields import Choices, Line
from advocate_desk.desk.screens.team.joining import qr_text
from advocate_desk.desk.screens.team.qr import QrPicture
from advocate_desk.desk.screens.team.words import role_options, until_words
from advocate_desk.desk.team import enrolment
from advocate_desk.desk.team.enrolment import Answer, Guest
from advocate_desk.desk.team.places import is_file, shown
from advocate_desk.desk.team.roster import PersonLine, Roster
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import KeyValue
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.forms import Option
from advocate_desk.errors import DeskError
from advocate_desk.sync.membership import Kept
from advocate_desk.sync.statements import ADVOCATE
from advocate_desk.vault.recovery import GROUPS, RecoveryCode

LOOK_MS = 4_000
_ACROSS = 4  # groups in a row


class InviteDialog(TeamDialog):
    """Asks who is invited, shows the code once, and lets the newcomer in when she has answered.

    `person`: a member who is given another device; then nothing is asked.
    """

    def __init__(self, office: Office, roster: Roster, parent: QWidget, person: PersonLine | None = None) -> None:
        title = self.tr("Invite a person")
        if person is not None:
            title = self.tr("Another device of {0}") if person.is_active else self.tr("Invite {0} again")
        lead = (
            self.tr(
                "She joins with a code that works once. Tell it to her yourself, in person or by telephone: never by "
                "email."
            )
            if roster.is_administrator
            else self.tr("It joins with a code that works once. An administrator then lets it in, by the same code.")
        )
        super().__init__(office, title.format(person.name if person else ""), lead, "", "", parent)
        self._roster, self._person = roster, person
        self._kept: Kept | None = None
        self._is_by_file = is_file(roster.hub_address)
        self._may_let_in = roster.is_administrator
        self._is_answered = False
        self._is_looking = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.set_pages((self._asking(), self._showing()))
        self.set_verbs(self.tr("Make the code"), self.tr("Making it…"))
        (self.lines["name"] if person is None else self.go).setFocus()

    def _asking(self) -> QWidget:
        page, layout = column()
        if self._person is not None:
            words = (
                self.tr("The new computer receives all that you may see. This one stays as it is.")
                if self._person.is_me
                else self.tr(
                    "The new device receives all that she may see. Her files come to it by themselves; the old one "
                    "stays as it is until it is taken out."
                )
                if self._person.is_active
                else self.tr(
                    "She comes back as herself, with the roles and teams that she had: look at them once she is in. "
                    "Only the computer that answers comes in; those that she left with stay out."
                )
            )
            layout.addWidget(text_label(words, wrap=True))
            return page
        self.lines = {"name": Line(self.tr("Her name"))}
        self.lines["name"].keep_in(self.office, "invite name")
        self.roles = Choices(self.tr("Role"), role_options(), (ADVOCATE,))
        teams = team_options(self._roster)
        self.teams = Choices(self.tr("Teams"), teams)
        layout.addWidget(self.lines["name"])
        layout.addWidget(self.roles)
        layout.addWidget(self.teams)
        self.teams.setVisible(bool(teams))
        return page

    def _showing(self) -> QWidget:
        page, layout = column()
        self.qr = QrPicture(self.tr("The code and the hub’s address as a QR code"))
        self._words = QWidget()
        inner = QGridLayout(self._words)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setHorizontalSpacing(px(16))
        inner.setColumnStretch(_ACROSS, 1)
        self.groups: list[QLabel] = []
        for place in range(GROUPS):
            label = text_label("", "title")
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            label.setStyleSheet(f"font-family: '{font.family()}'; font-weight: 600;")
            self.groups.append(label)
            inner.addWidget(label, place // _ACROSS, place % _ACROSS)
        layout.addWidget(text_label(self.tr("The code"), "label"))
        layout.addWidget(self._words)
        layout.addWidget(self.qr)
        words = self.tr("The picture holds the address and the code: scan or paste it under Join an organisation.")
        self.qr_words = text_label(words, "small", wrap=True)
        layout.addWidget(self.qr_words)
        self.facts = KeyValue()
        layout.addWidget(self.facts)
        self.state = text_label("", wrap=True)
        layout.addWidget(self.state)
        return page

    def guest(self) -> Guest:
        """Who is invited."""
        if self._person is not None:
            person = self._person
            if person.is_active:
                return Guest(person.name or "–", person=person.person)
            return Guest(person.name or "–", person.roles or (ADVOCATE,), person.teams, person.person)
        return Guest(self.lines["name"].text(), self.roles.chosen(), self.teams.chosen())

    @Slot()
    def go_on(self) -> None:
        """Make the code, or let in whoever has answered."""
        if self.is_busy:
            return
        if self._kept is None:
            me = self._roster.person(self._roster.me)
            self.ask_hub(partial(enrolment.invite, guest=self.guest(), inviter=me.name if me else ""))
        elif self._is_answered and not self._may_let_in:
            self.reject()
        elif self._is_answered:
            self._timer.stop()
            self.ask_hub(partial(enrolment.admit, name=self._kept.ticket.name))
        else:
            self.look()

    @Slot(object)
    def job_done(self, result: object) -> None:
        """The code is made, or she is in."""
        if self._kept is None:
            made: tuple[RecoveryCode, Kept] = result  # type: ignore[assignment]
            self._show(made[0].groups, made[1])
            made[0].wipe()
            return
        super().job_done(result)

    def _show(self, groups: Sequence[str], kept: Kept) -> None:
        self.office.half_typed.forget("team invite name")
        self._kept = kept
        for label, group in zip(self.groups, groups, strict=True):
            label.setText(group)
        self._words.setAccessibleName(" ".join(groups))
        self.qr.show_text(qr_text(kept.offer.hub_address, groups))
        self.facts.clear()
        self.facts.add(self.tr("For"), kept.offer.person_name)
        if self._is_by_file:
            self.facts.add(self.tr("Exchange file"), shown(self._roster.hub_address))
        else:
            self.facts.add(self.tr("Hub"), kept.offer.hub_address)
        self.facts.add(self.tr("Works once"), until_words(kept.ends_at))
        for_herself = self.tr(
            "Type the code on the new computer, under Join an organisation. When it has answered, tell the code to an "
            "administrator, who lets the computer in. It is shown once."
        )
        by_file = self.tr(
            "The invitation lies in the exchange file. Take the file to her, and tell her the code yourself. When she "
            "has answered and the file is back, look for the answer here or under Team. The code is shown once."
        )
        self.lead.setText(
            for_herself
            if not self._may_let_in
            else by_file
            if self._is_by_file
            else self.tr(
                "Tell her the code and the address of the hub yourself. This is shown once; when this window closes, "
                "the code cannot be shown again, but the invitation stays open."
            )
        )
        self.state.setText(self.tr("Nobody has answered yet."))
        self.show_page(1)
        self.set_verbs(self.tr("Look for an answer"), self.tr("Letting in…"))
        self.cancel.setText(self.tr("Close"))
        self.cancel.setAccessibleName(self.tr("Close"))
        for each in (self.qr, self.qr_words):
            each.setVisible(not self._is_by_file)
        if not self._is_by_file:  # a file is on its way to her, and is asked when it is back
            self._timer.start()
        self.go.setFocus()

    @Slot()
    def look(self) -> None:
        """Ask whether she has answered; a hub that is silent is asked again later."""
        exchanges = self.office.exchanges
        if exchanges is None or self._is_looking or self.is_busy or self._kept is None:
            return
        self._is_looking = True
        job = exchanges.ask(self, enrolment.answers)
        job.done.connect(self._on_answers)
        job.refused.connect(self._on_refusal)
        job.broken.connect(self._on_silence)

    @Slot(object)
    def _on_answers(self, found: tuple[Answer, ...]) -> None:
        self._is_looking = False
        kept = self._kept
        mine = next((each for each in found if kept is not None and each.kept.ticket == kept.ticket), None)
        if mine is None or self._is_answered:
            return
        if mine.is_over:
            self.state.setText(self.tr("The invitation has ended. Make a new one."))
        elif mine.trouble:
            self.said.say(mine.trouble)
        elif mine.is_answered:
            self._is_answered = True
            name = mine.device_name or self.tr("a device without a name")
            words = (
                self.tr("Answered from “{0}”. Let it in only if that is what she calls it.")
                if self._may_let_in
                else self.tr(
                    "Answered from “{0}”. Now tell the code to an administrator, who uses it under Team, Let in by "
                    "code."
                )
            )
            self.state.setText(words.format(name))
            theme.set_role(self.state, tone="ok")
            if self._may_let_in:
                self.set_verbs(self.tr("Let it in"), self.tr("Letting in…"))
            else:
                self._timer.stop()

    @Slot(object)
    def _on_refusal(self, error: DeskError) -> None:
        self._on_silence()
        if self._is_by_file:  # nobody asks again by itself
            self.said.say(error.advice, "warning")

    @Slot()
    def _on_silence(self) -> None:
        self._is_looking = False

    def let_go(self) -> None:
        """Leave no code."""
        self._timer.stop()
        self.qr.forget()
        self._words.setAccessibleName("")
        for label in self.groups:
            label.clear()


def team_options(roster: Roster) -> tuple[Option, ...]:
    """The teams that can be chosen."""
    return tuple(Option(each.team, each.name, each.site) for each in roster.teams if each.is_active)
