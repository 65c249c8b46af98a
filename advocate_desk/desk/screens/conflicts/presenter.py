"""Decides what the page of differing values shows, and does what is decided on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework.access import record_read
from advocate_desk.casework.conflicts import Decided, decide, record_shown
from advocate_desk.casework.contacts import verdict
from advocate_desk.casework.work import Done, Work
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.conflict_words import SECTIONS
from advocate_desk.desk.forms.conflict import FORM, offer_undo, params_of
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.conflicts.panel import is_covered_at_first
from advocate_desk.domain.caseload import Roster
from advocate_desk.domain.contact import Channel, channels_of, may_see_place
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.client_file import banner
from advocate_desk.store.queries.conflicts import Conflict, Fields, settled_conflicts
from advocate_desk.store.queries.safe_contact import contact_lines

if TYPE_CHECKING:
    from advocate_desk.desk.screens.conflicts.view import ConflictsScreen

OPEN, SETTLED = "open", "settled"


def reasons_against(work: Work, one: Conflict) -> tuple[str, ...]:
    """What stands against showing covered values now, by the rule of the contact method as it stands, and by alerts.

    On the store's thread.
    """
    alerts = [each.kind for each in work.read(banner, one.file_id).alerts]
    line = next((each for each in work.read(contact_lines, one.file_id) if each.contact_id == one.about_id), None)
    if line is None:
        return may_see_place(alerts).reasons
    channel = (channels_of(line.method) or (Channel.VIA_PERSON,))[0]
    return verdict(line.method, channel, work.clock.now(), alerts if line.person_role == "client" else ()).reasons


class ConflictsPresenter(QObject):
    """A child of its screen: the two end together."""

    def __init__(self, view: ConflictsScreen, office: Office) -> None:
        super().__init__(view)
        self._view, self._office = view, office
        self.which = OPEN
        self._wanted = ""  # the first id of the conflict to go to, once it is read
        self._settled: tuple[Conflict, ...] = ()
        self._roster = Roster()
        self._uncovered: set[UUID] = set()
        self._read_files: set[UUID] = set()
        office.conflicts.changed.connect(self._show)
        office.changed.connect(self._on_changed)

    @property
    def wanted(self) -> str:
        """The conflict to go to, or the one that is shown, by its first id; "" for none."""
        shown = self._view.panel.shown()
        return self._wanted or (shown.ids[0].hex if shown is not None else "")

    def go_to(self, wanted: str) -> None:
        """Show this conflict, now or once it is read."""
        self._wanted = wanted
        self._show()

    @Slot()
    def reload(self) -> None:
        """Read who is who, and the list."""
        job = self._office.jobs.run(self, partial(colleagues, self._office.work))
        job.done.connect(self._on_roster)
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)
        self._office.conflicts.reload()
        if self.which == SETTLED:
            self._read_settled()
        self._show()

    def show_which(self, which: str) -> None:
        """What waits, or what was settled."""
        self.which = which
        if which == SETTLED:
            self._read_settled()
        self._show()

    @Slot(object)
    def choose(self, conflict_id: object) -> None:
        """Show one of the list; that its file was read is put on record."""
        one = next((each for each in self._lines() if each.ids[0] == conflict_id), None)
        self._view.show_one(one, self._roster, is_covered=one is not None and self._is_covered(one))
        if one is not None and one.file_id not in self._read_files:
            self._read_files.add(one.file_id)
            self._office.messages.follow(self._office.do(self, record_read, FileId(one.file_id)))

    @Slot(object)
    def decide(self, values: Fields | None) -> None:
        """Let a side stand, or what is in the file now."""
        one = self._view.panel.shown()
        if one is None:
            return
        job = self._office.do(self, decide, one.ids, values, again=one.decided_at is not None)
        job.done.connect(self._on_decided)
        job.refused.connect(self._view.panel.trouble.say_refused)
        job.broken.connect(self._view.panel.trouble.say_broken)

    @Slot()
    def combine(self) -> None:
        """Open the form in which another value is typed."""
        one = self._view.panel.shown()
        if one is not None:
            self._office.open_form(FORM, params_of(one, again=one.decided_at is not None))

    @Slot()
    def open_file(self) -> None:
        """Open the client file at the section that shows the record."""
        one = self._view.panel.shown()
        if one is not None:
            self._office.open_file(FileId(one.file_id), SECTIONS.get(one.kind, ""))

    @Slot()
    def uncover(self) -> None:
        """Show covered values, or ask for a reason first where an alert of the file says no."""
        one = self._view.panel.shown()
        if one is None:
            return
        job = self._office.jobs.run(self, partial(reasons_against, self._office.work, one))
        job.done.connect(partial(self._on_reasons, one))
        job.refused.connect(self._view.panel.trouble.say_refused)
        job.broken.connect(self._view.panel.trouble.say_broken)

    @Slot(str)
    def uncover_for(self, reason: str) -> None:
        """Show them for this reason, which is put on record."""
        one = self._view.panel.shown()
        if one is not None:
            self._record_shown(one, reason)

    # --- inside ---

    def _lines(self) -> tuple[Conflict, ...]:
        return self._office.conflicts.all() if self.which == OPEN else self._settled

    def _is_covered(self, one: Conflict) -> bool:
        return is_covered_at_first(one) and one.about_id not in self._uncovered

    def _show(self) -> None:
        lines = self._lines()
        self._view.show_lines(lines, self.which)
        if self._wanted:
            one = next((each for each in lines if any(own.hex == self._wanted for own in each.ids)), None)
            if one is not None:
                self._wanted = ""
                self._view.choose(one)
        self.choose(self._view.chosen_id())

    def _read_settled(self) -> None:
        job = self._office.read(self, settled_conflicts)
        job.done.connect(self._on_settled)
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    def _on_reasons(self, one: Conflict, reasons: tuple[str, ...]) -> None:
        if self._view.panel.shown() != one:
            return
        if reasons:
            self._view.panel.ask_reason(reasons)
        else:
            self._record_shown(one, "")

    def _record_shown(self, one: Conflict, reason: str) -> None:
        job = self._office.do(self, record_shown, FileId(one.file_id), one.kind, RecordId(one.about_id), reason)
        job.done.connect(lambda _done: self._on_uncovered(one))
        job.refused.connect(self._view.panel.trouble.say_refused)
        job.broken.connect(self._view.panel.trouble.say_broken)

    def _on_uncovered(self, one: Conflict) -> None:
        self._uncovered.add(one.about_id)
        if self._view.panel.shown() == one:
            self._view.show_one(one, self._roster, is_covered=False)
            self._view.panel.focus_first()

    @Slot(object)
    def _on_roster(self, roster: Roster) -> None:
        self._roster = roster
        self._show()

    @Slot(object)
    def _on_settled(self, found: tuple[Conflict, ...]) -> None:
        self._settled = found
        self._show()

    @Slot(object)
    def _on_decided(self, decided: Decided) -> None:
        self._view.panel.trouble.hide()
        self._view.focus_list()
        offer_undo(self._office, {}, decided)

    @Slot(object)
    def _on_changed(self, done: Done) -> None:
        if "conflict" in done.kinds and self.which == SETTLED:
            self._read_settled()
