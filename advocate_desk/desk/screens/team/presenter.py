"""Decides what the team's page shows, and opens its dialogs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QDialog

from advocate_desk.casework import settings as kept
from advocate_desk.casework.caseload_summary import LEADERS
from advocate_desk.casework.key_file import note_key_file
from advocate_desk.casework.membership import adopt_files
from advocate_desk.casework.work import Work
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.team.founding import FoundDialog
from advocate_desk.desk.screens.team.inviting import InviteDialog
from advocate_desk.desk.screens.team.joining import JoinDialog
from advocate_desk.desk.screens.team.letting_in import LetInDialog
from advocate_desk.desk.screens.team.member import MemberDialog
from advocate_desk.desk.screens.team.taking_over import TakeOverDialog
from advocate_desk.desk.screens.team.team import TeamEditDialog
from advocate_desk.desk.team import enrolment
from advocate_desk.desk.team.enrolment import Answer
from advocate_desk.desk.team.exchange_state import Ended
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.team.places import FilePlace, Place, is_file, parse_place
from advocate_desk.desk.team.roster import PersonLine, Roster, TeamLine, roster
from advocate_desk.desk.team.state_words import file_result_words
from advocate_desk.desk.team.way_in import open_to_sheets
from advocate_desk.settings import LETTERHEAD_KEY, Letterhead, from_json
from advocate_desk.sync.link import Link

if TYPE_CHECKING:
    from advocate_desk.desk.screens.team.view import TeamScreen

WAITING_MS = 5_000
"""How often a desk that waits to be let in asks, while its page is shown."""


class TeamPresenter(QObject):
    """A child of its view: the two end together."""

    def __init__(self, view: TeamScreen, office: Office) -> None:
        super().__init__(view)
        self._view, self._office = view, office
        self._roster: Roster | None = None
        self._answers: tuple[Answer, ...] = ()
        self._is_known = False
        self._is_open_to_sheets = False
        self._wants_to_join = False
        self._is_due = False
        self._service_name = ""
        self._waiting = QTimer(self, interval=WAITING_MS)
        self._waiting.timeout.connect(self._ask_again)
        view.found_asked.connect(self.found)
        view.join_asked.connect(self.join)
        view.give_up_asked.connect(partial(self._act, enrolment.give_up_joining))
        view.invite_asked.connect(partial(self._invite, None))
        view.device_asked.connect(self._invite)
        view.person_asked.connect(self._open_person)
        view.team_asked.connect(self._open_team)
        view.take_over_asked.connect(self._take_over)
        view.let_in_asked.connect(self._let_in)
        view.part_asked.connect(self._part)
        view.admit_asked.connect(lambda name: self._act(partial(enrolment.admit, name=name)))
        view.take_back_asked.connect(lambda name: self._act(partial(enrolment.take_back, name=name)))
        if office.exchanges is not None:
            office.exchanges.state_changed.connect(self._on_state)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the organisation, then ask what has come of the invitations."""
        job = self._office.do(self, _read)
        job.done.connect(self._show)
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    @Slot(object)
    def _show(self, found: tuple[Roster | None, str]) -> None:
        self._roster, self._service_name = found
        self._view.show_roster(self._roster)
        roster = self._roster
        is_waiting = roster is not None and not roster.is_admitted and not roster.is_out
        if is_waiting and not self._waiting.isActive():
            self._waiting.start()
        elif not is_waiting:
            if self._waiting.isActive() and roster is not None and roster.is_admitted:
                self._greet(roster)
            self._waiting.stop()
        if self._roster is not None and self._roster.is_admitted:
            self._open_to_sheets()
        kept_ones = self._roster.invitations if self._roster is not None else ()
        known = {each.kept.ticket.name: each for each in self._answers}
        self._show_answers(tuple(known.get(each.ticket.name, Answer(each)) for each in kept_ones))
        if kept_ones and self._office.exchanges is not None:
            job = self._office.exchanges.ask(self, enrolment.answers)
            job.done.connect(self._show_answers)  # a hub that is silent leaves what is shown
        self._is_known = True
        if self._is_due:
            self._is_due = False
            self._exchange()
        if self._wants_to_join:
            self._wants_to_join = False
            self.join()

    def _greet(self, roster: Roster) -> None:
        """She was let in just now: where that which is new to her stands."""
        me, messages = roster.person(roster.me), self._office.messages
        if me is not None and set(me.roles) & LEADERS:
            words = self.tr("You are in. The caseload of your team stands at the side now, under Summary.")
            messages.notice(words, "ok", self.tr("Open the summary"), lambda: self._office.go("summary"))
        else:
            messages.notice(self.tr("You are in. The files that you may read come by themselves."), "ok")

    def _open_to_sheets(self) -> None:
        """Once: the holders of the organisation's sheets can open this desk from now on."""
        office = self._office
        if office.vault is not None and not self._is_open_to_sheets and not office.jobs.is_closed:
            self._is_open_to_sheets = True
            job = office.vault_jobs.run(self, partial(open_to_sheets, office.work, office.vault))
            job.done.connect(self._on_way_in)

    @Slot(object)
    def _on_way_in(self, has_changed: bool) -> None:
        office = self._office
        if not has_changed or office.vault is None or office.jobs.is_closed:
            return
        office.do(office, note_key_file, office.vault)
        if office.backups is not None and not office.backups.jobs.is_closed:
            office.backups.keep_in_step()

    @Slot(object)
    def _show_answers(self, answers: tuple[Answer, ...]) -> None:
        self._answers = answers
        self._view.show_answers(answers if self._roster is not None and self._roster.is_administrator else ())

    @Slot()
    def _on_state(self) -> None:
        exchanges = self._office.exchanges
        if exchanges is not None and not exchanges.state().is_running:
            self.refresh()

    @Slot()
    def _ask_again(self) -> None:
        if self._office.exchanges is not None and self._view.isVisible():
            self._office.exchanges.exchange_now()

    # --- dialogs ---

    def join_when_known(self) -> None:
        """Open the dialog that asks for a code, where the desk belongs to no organisation."""
        if self._is_known:
            self.join()
        else:
            self._wants_to_join = True

    @Slot()
    def found(self) -> None:
        """Found an organisation."""
        dialog = FoundDialog(self._office, self._office.work.actor.name, self._service_name, self._view)
        dialog.founded.connect(self._on_belongs)
        dialog.open()

    @Slot()
    def join(self) -> None:
        """Join one."""
        if self._roster is None:
            dialog = JoinDialog(self._office, self._view)
            dialog.joined.connect(self._on_belongs)
            dialog.open()

    @Slot(object)
    def _invite(self, person: PersonLine | None) -> None:
        if self._roster is not None:
            self._open(InviteDialog(self._office, self._roster, self._view, person))

    @Slot()
    def _let_in(self) -> None:
        if self._roster is not None:
            self._open(LetInDialog(self._office, self._roster, self._view))

    @Slot(object)
    def _open_person(self, person: PersonLine) -> None:
        if self._roster is not None:
            dialog = MemberDialog(self._office, self._roster, person, self._view)
            dialog.device_asked.connect(self._invite)
            self._open(dialog)

    @Slot(object)
    def _open_team(self, team: TeamLine | None) -> None:
        self._open(TeamEditDialog(self._office, team, self._view))

    @Slot()
    def _take_over(self) -> None:
        if self._roster is not None:
            self._open(TakeOverDialog(self._office, self._roster.shares[0], self._view))

    def _open(self, dialog: QDialog) -> None:
        dialog.finished.connect(self._on_closed)
        dialog.open()

    @Slot()
    def _on_closed(self) -> None:
        self._is_due = True
        self.refresh()

    def _exchange(self) -> None:
        """Send what was done, once it is known where to."""
        exchanges, roster = self._office.exchanges, self._roster
        if exchanges is None:
            return
        if roster is not None and roster.is_admitted and is_file(roster.hub_address):
            self._exchange_by_file(exchanges, parse_place(roster.hub_address))
        else:
            exchanges.exchange_now()

    def _exchange_by_file(self, exchanges: Exchanges, place: Place) -> None:
        """What was done here goes into the file at once: it may be taken to the others next."""
        if isinstance(place, FilePlace):
            job = exchanges.exchange_by_file(self, place.path, is_new=False)
            job.done.connect(self._on_exchanged_by_file)

    @Slot(object)
    def _on_exchanged_by_file(self, ended: Ended) -> None:
        if ended.is_trouble:
            told = file_result_words(ended)
            self._view.banner.say(told.text, told.tone)
        self.refresh()

    # --- what was done ---

    def _act(self, act: Callable[[Link], Any]) -> None:
        if self._office.exchanges is None:
            return
        self._view.banner.hide()
        job = self._office.exchanges.ask(self, act)
        job.done.connect(self._on_closed)
        job.refused.connect(self._view.banner.say_refused)
        job.refused.connect(self.refresh)
        job.broken.connect(self._view.banner.say_broken)

    @Slot()
    def _part(self) -> None:
        """The desk forgets the organisation, then locks: it is opened again as a new device."""
        if self._office.exchanges is not None:
            job = self._office.exchanges.ask(self, enrolment.part)
            job.done.connect(self._office.parted)
            job.refused.connect(self._view.banner.say_refused)
            job.broken.connect(self._view.banner.say_broken)

    @Slot(object)
    def _on_belongs(self, person: UUID) -> None:
        """Founded or joined: this desk's own files are hers there, then the first exchange begins."""
        job = self._office.do(self, adopt_files, person)
        job.done.connect(self._on_closed)
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)


def _read(work: Work) -> tuple[Roster | None, str]:
    """On the store's thread."""
    return roster(work), from_json(Letterhead, kept.get(work, LETTERHEAD_KEY)).service_name
