"""One member: her roles and teams, her devices, and what to do when one is lost or when she leaves."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from advocate_desk.desk.dialogs.ask import ask
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.team.dialog import TeamDialog, column
from advocate_desk.desk.screens.team.fields import Choices
from advocate_desk.desk.screens.team.inviting import team_options
from advocate_desk.desk.screens.team.words import device_words, name_words, role_options, roles_words
from advocate_desk.desk.team import changing
from advocate_desk.desk.team.places import is_file
from advocate_desk.desk.team.roster import DeviceLine, PersonLine, Roster
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import KeyValue
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import readable_label, text_label


class MemberDialog(TeamDialog):
    """Shows a member; an administrator changes her. Each change is one statement of the members' log."""

    device_asked = Signal(object)  # PersonLine: invite another device of hers

    def __init__(self, office: Office, roster: Roster, person: PersonLine, parent: QWidget) -> None:
        lead = (
            self.tr("What is changed here is signed by this desk and told in the members’ log.")
            if roster.is_administrator
            else self.tr("Only an administrator can change members, take devices out and let them in.")
        )
        super().__init__(office, name_words(person.name), lead, self.tr("Save"), self.tr("Saving…"), parent)
        self._roster, self._person = roster, person
        self.set_pages((self._page(),))
        self.go.setVisible(roster.is_administrator and person.is_active)
        self.cancel.setText(self.tr("Close"))
        self.cancel.setAccessibleName(self.tr("Close"))
        self.cancel.setFocus()

    def _page(self) -> QWidget:
        page, layout = column()
        roster, person = self._roster, self._person
        may = roster.is_administrator and person.is_active
        self.roles = Choices(self.tr("Role"), role_options(), person.roles)
        teams = team_options(roster)
        self.teams = Choices(
            self.tr("Teams"), teams, person.teams, self.tr("Leaving a team takes its files from her devices.")
        )
        for each in (self.roles, self.teams):
            each.setVisible(may)
            layout.addWidget(each)
        self.teams.setVisible(may and bool(teams))
        if not may:
            layout.addWidget(self._facts())
        if person.devices:
            layout.addWidget(text_label(self.tr("Devices"), "label"))
        for device in person.devices:
            layout.addWidget(self._device(device, may))
        holder = QWidget()
        row = FlowLayout(holder, px(8))
        again = self.tr("Invite another device…") if person.is_active else self.tr("Invite her again…")
        if person.is_me:
            again = self.tr("Another device of mine…")
        self.invite = button(again, icon="laptop", clicked=self._ask_device)
        words = self.tr("Leave the organisation…") if person.is_me else self.tr("She leaves the organisation…")
        self.leave = button(words, "danger", "user-round", clicked=self._ask_leave)
        row.addWidget(self.invite)
        row.addWidget(self.leave)
        holder.setVisible(roster.is_administrator or (person.is_me and person.is_active))
        self.leave.setVisible(may)
        layout.addSpacing(px(8))
        layout.addWidget(holder)
        return page

    def _facts(self) -> KeyValue:
        """What she is, where nothing of it can be changed here."""
        roster, person = self._roster, self._person
        facts = KeyValue()
        if not person.is_active:
            facts.add(self.tr("Role"), self.tr("Has left"))
            return facts
        facts.add(self.tr("Role"), roles_words(person.roles))
        if roster.teams:
            facts.add(self.tr("Teams"), ", ".join(roster.team_names(person.teams)) or self.tr("No team"))
        return facts

    def _device(self, device: DeviceLine, may: bool) -> QWidget:
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(6))
        box.addWidget(readable_label(device_words(device)))
        if may and not device.is_out and not device.is_this:
            inner = QWidget()
            row = FlowLayout(inner, px(8))
            lost = button(self.tr("Lost or stolen…"), "danger", clicked=partial(self._ask_out, device, True))
            out = button(self.tr("No longer used…"), clicked=partial(self._ask_out, device, False))
            for each in (lost, out):
                each.setAccessibleDescription(device_words(device))
                row.addWidget(each)
            box.addWidget(inner)
        return holder

    @Slot()
    def go_on(self) -> None:
        """Change roles and teams."""
        if self.is_busy:
            return
        roles, teams = self.roles.chosen(), self.teams.chosen()
        if not roles:
            self.said.say(self.tr("Choose a role."))
            self.roles.setFocus()
            return
        self.ask_hub(partial(changing.set_person, person=self._person.person, roles=roles, teams=teams))

    def _ask_device(self) -> None:
        self.reject()
        self.device_asked.emit(self._person)

    def _ask_leave(self) -> None:
        words = self.tr(
            "Each device first sends what it has not sent, then loses every client file of the organisation. What "
            "was written stays with the files. The keys of the files are made anew. To come back needs a new "
            "invitation."
        )
        alone = (
            self.tr("A file that is restricted to you alone can be opened by nobody afterwards: hand it on first.")
            if self._person.is_me
            else self.tr(
                "A file that is restricted to her alone can be opened by nobody afterwards: she hands it on first."
            )
        )
        ask(
            self,
            self.tr("Leave the organisation?") if self._person.is_me else self.tr("Shall she leave the organisation?"),
            f"{words} {alone}",
            self.tr("Leave") if self._person.is_me else self.tr("She leaves"),
            self._leave,
            is_grave=True,
        )

    def _leave(self) -> None:
        person = self._person
        self.ask_hub(
            partial(changing.set_person, person=person.person, roles=person.roles, teams=person.teams, is_active=False)
        )

    def _ask_out(self, device: DeviceLine, is_lost: bool) -> None:
        title = self.tr("Is this device lost or stolen?") if is_lost else self.tr("Is this device no longer used?")
        verb = self.tr("Take it out and destroy it") if is_lost else self.tr("Take it out")
        words = _out_by_file(is_lost) if is_file(self._roster.hub_address) else _out_by_hub(is_lost)
        which = self.tr("It is “{0}” of {1}.").format(*map(name_words, (device.name, self._person.name)))
        ask(self, title, f"{which} {words}", verb, partial(self._take_out, device, is_lost), is_grave=True)

    def _take_out(self, device: DeviceLine, is_lost: bool) -> None:
        self.ask_hub(partial(changing.revoke, device=device.device, is_lost=is_lost))


def _tr(text: str) -> str:
    return QCoreApplication.translate("MemberDialog", text)


def _out_by_hub(is_lost: bool) -> str:
    """What comes of it where the organisation has a hub."""
    if is_lost:
        return _tr(
            "From this moment the hub refuses it. When it next calls the hub it destroys its caseload, with all "
            "that was not sent; while it does not call, only its passphrase protects it. The keys of the files "
            "that it held are made anew. Found again, it is set up as a new desk."
        )
    return _tr(
        "From this moment the hub refuses it. When it next calls, the organisation’s files are taken from it, "
        "but for those with something that it has not sent: let it exchange once more first. It comes back "
        "only by a new invitation."
    )


def _out_by_file(is_lost: bool) -> str:
    """What comes of it where desks meet in a file."""
    if is_lost:
        return _tr(
            "The other desks hear of it from the exchange file, and take nothing from it any more. When the file next "
            "comes to it, it destroys its caseload, with all that was not sent; until then only its passphrase "
            "protects it. The keys of the files that it held are made anew. Found again, it is set up as a new desk."
        )
    return _tr(
        "The other desks hear of it from the exchange file, and take nothing from it any more. When the file next "
        "comes to it, the organisation’s files are taken from it, but for those with something that it has not sent: "
        "let it exchange once more first. It comes back only by a new invitation."
    )
