"""Joining an organisation: the code, then whose it is and as whom; the answer is given only after that was seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.team.dialog import TeamDialog, column
from advocate_desk.desk.screens.team.fields import code_line, device_line, place_line
from advocate_desk.desk.screens.team.words import roles_words
from advocate_desk.desk.team import enrolment
from advocate_desk.desk.team.choosing_file import choose_exchange_file
from advocate_desk.desk.team.enrolment import Seen
from advocate_desk.desk.team.places import is_file, shown
from advocate_desk.desk.widgets.boxes import KeyValue
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.vault.recovery import GROUP_CHARACTERS, GROUPS, group_advice

_INVITATION = re.compile(
    rf"(?P<address>https?://\S+)\s+(?P<code>(?:\w{{{GROUP_CHARACTERS}}}\s+){{{GROUPS - 1}}}\w{{{GROUP_CHARACTERS}}})"
)
"""An address and a code in one line, as `qr_text` has them."""


def qr_text(address: str, groups: Sequence[str]) -> str:
    """What the QR code of an invitation says: a scanner types it into one line, as keys."""
    return " ".join((address, *groups))


class JoinDialog(TeamDialog):
    """Asks for the code and the hub's address, shows what the invitation says, and answers it."""

    joined = Signal(object)  # UUID: our person's id

    def __init__(self, office: Office, parent: QWidget) -> None:
        title = self.tr("Join an organisation")
        lead = self.tr(
            "You need the code that was made for you, and the address of the hub or the exchange file. Each code works "
            "once."
        )
        super().__init__(office, title, lead, self.tr("Look"), self.tr("Looking…"), parent)
        self._seen: Seen | None = None
        self._was_shared_out = False
        self.set_pages((self._typing(), self._showing()))
        self.lines["code"].changed.connect(self._advise)
        for key in ("address", "code"):
            self.lines[key].changed.connect(partial(self._share_out, key))
        self.lines["address"].setFocus()

    def _typing(self) -> QWidget:
        page, layout = column()
        self.lines = {
            "address": place_line(self.tr("Such as https://hub.example.org")),
            "code": code_line(),
            "device": device_line(),
        }
        self.by_file = button(self.tr("There is no hub: choose the file…"), icon="files", clicked=self._choose_place)
        self.lines["address"].add_way(self.by_file)
        for key, each in self.lines.items():
            layout.addWidget(each)
            if key != "code":
                each.keep_in(self.office, f"join {key}")
        return page

    def _choose_place(self) -> None:
        choose_exchange_file(self, self.use_file)

    def use_file(self, path: Path) -> None:
        """Look for the invitation in the file at `path`."""
        self.lines["address"].edit.setText(str(path))
        self.lines["code"].setFocus()

    def _showing(self) -> QWidget:
        page, layout = column()
        self.facts = KeyValue()
        layout.addWidget(self.facts)
        layout.addWidget(
            text_label(
                self.tr(
                    "Go on only if this is the organisation and the person that you expect. Whoever invited you, "
                    "or an administrator, then sees the name of this computer and lets it in. The client files on it "
                    "go with you: those who may read them in the organisation will. If you ever lose every other way "
                    "in, the holders of the organisation’s sheets can open this desk together."
                ),
                wrap=True,
            )
        )
        return page

    @Slot()
    def on_entered(self) -> None:
        """Go on; but what a scanner types ends with Enter, which is no word about this computer's name."""
        was_scanned, self._was_shared_out = self._was_shared_out, False
        if was_scanned and not self.lines["device"].text():
            self.said.say(self.tr("The invitation is read. Give this computer a name, then look."), "info")
            return
        self.go_on()

    @Slot()
    def go_on(self) -> None:
        """Open the invitation, or answer it."""
        if self.is_busy:
            return
        if self._seen is None:
            address, code = self.lines["address"].text(), self.lines["code"].text()
            self.ask_hub(partial(enrolment.look_at_invitation, hub_address=address, code_text=code))
        else:
            self.ask_to_bring(self._seen.brought, self.tr("Join and take them along"), self._answer)

    def _answer(self) -> None:
        seen = self._seen
        if seen is not None:
            name = self.lines["device"].text()
            self.ask_hub(partial(enrolment.join, seen=seen, device_name=name, may_bring=seen.brought))

    @Slot(object)
    def job_done(self, result: object) -> None:
        """The invitation is open, or answered."""
        if isinstance(result, Seen):
            self._show(result)
            return
        assert isinstance(result, UUID)
        for key in self.lines:
            self.office.half_typed.forget(f"team join {key}")
        super().job_done(result)
        self.joined.emit(result)

    def let_go(self) -> None:
        """Leave no code."""
        self._seen = None
        self.lines["code"].forget()

    def _show(self, seen: Seen) -> None:
        self._seen = seen
        offer = seen.offer
        self.facts.clear()
        self.facts.add(self.tr("Organisation"), offer.organisation_name)
        self.facts.add(self.tr("Invited by"), offer.inviter_name)
        self.facts.add(self.tr("You join as"), offer.person_name)
        self.facts.add(self.tr("Role"), roles_words(tuple(offer.roles)) or self.tr("As on your other device"))
        is_by_file = is_file(seen.address.text)
        self.facts.add(self.tr("Exchange file") if is_by_file else self.tr("Hub"), shown(seen.address.text))
        self.show_page(1)
        self.set_verbs(self.tr("Join"), self.tr("Joining…"))
        self.go.setFocus()

    def _share_out(self, key: str) -> None:
        """What a QR code says, pasted or scanned into either line, goes into both."""
        found = _INVITATION.fullmatch(self.lines[key].text())
        if found is not None:
            self.lines["address"].edit.setText(found["address"])
            self.lines["code"].edit.setText(found["code"])
            self.lines["device"].setFocus()
            self._was_shared_out = True

    @Slot()
    def _advise(self) -> None:
        plain = "".join(each for each in self.lines["code"].edit.text() if each.isalnum())
        groups = [plain[at : at + GROUP_CHARACTERS] for at in range(0, len(plain), GROUP_CHARACTERS)][:GROUPS]
        advice = next((found for place, group in enumerate(groups) if (found := group_advice(place, group))), "")
        self.said.say(advice, "warning")
