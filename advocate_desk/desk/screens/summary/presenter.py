"""Decides what the caseload summary shows, and whose files are opened behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework import caseload_summary
from advocate_desk.casework.caseload_summary import CaseloadSummary, leads, look_behind, record_paper, summary
from advocate_desk.casework.work import Done, Work
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.jobs import Job
from advocate_desk.desk.office import Office
from advocate_desk.domain.caseload import Roster
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.caseload_summary import FileOfOwner

if TYPE_CHECKING:
    from advocate_desk.desk.screens.summary.view import SummaryScreen

KINDS = frozenset(
    {"client_file", "person", "referral", "criminal_case", "hearing", "bail", "task", "risk_assessment", "safety_plan",
     "contact_note", "contact_attempt", "conflict", "import_batch", "setting"}
)  # fmt: skip


def read(work: Work, teams: Sequence[UUID]) -> CaseloadSummary:
    """The summary as whoever is at this desk may see it. On the store's thread."""
    known = colleagues(work)
    return summary(work, known, teams, only_own=not leads(known))


def look(work: Work, number: str, key: str | None, teams: Sequence[UUID]) -> tuple[FileOfOwner, ...]:
    """The files behind a number, on record. On the store's thread."""
    known = colleagues(work)
    return look_behind(work, number, key, known, teams, only_own=not leads(known))


class SummaryPresenter(QObject):
    """Reads the summary and the files behind it. A child of its view."""

    def __init__(self, view: SummaryScreen, office: Office) -> None:
        super().__init__(view)
        self._view, self._office = view, office
        self.roster = Roster()
        self.teams: tuple[UUID, ...] = ()
        self.sites: tuple[str, ...] = ()
        self.shown: tuple[str, str | None] | None = None  # the number and the line whose files are shown
        self._turn = 0
        view.teams_chosen.connect(self.keep_teams)
        view.sites_chosen.connect(self.keep_sites)
        view.number_opened.connect(self.open_number)
        view.behind.back_asked.connect(self.close_number)
        view.behind.opened.connect(lambda file_id: office.open_file(FileId(file_id)))
        office.changed.connect(self._on_changed)

    @Slot()
    def reload(self) -> None:
        """Read it again; what is shown stays until the answer is there."""
        self._turn += 1
        job = self._office.jobs.run(self, partial(read, self._office.work, self.kept_teams()))
        job.done.connect(partial(self._on_read, self._turn))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    def keep_teams(self, teams: tuple[UUID, ...]) -> None:
        """Keep to these teams."""
        self.teams = teams
        self.reload()

    def keep_sites(self, sites: tuple[str, ...]) -> None:
        """Keep to the teams of these sites."""
        self.sites = sites
        self.reload()

    def kept_teams(self) -> tuple[UUID, ...]:
        """The teams that the filters keep; none for all. Where they leave nothing over, the teams chosen decide."""
        at_sites = {each.team for each in self.roster.teams if each.site in self.sites}
        if not self.sites:
            return self.teams
        both = tuple(each for each in self.teams if each in at_sites)
        return both or self.teams or tuple(sorted(at_sites))

    def open_number(self, number: str, key: object) -> None:
        """Show the files behind a number of one line, or of all for None. It is put on record in each."""
        wanted = None if key is None else str(key)
        job = self._office.jobs.run(self, partial(look, self._office.work, number, wanted, self.kept_teams()))
        self._show_looked(job, number, wanted)

    @Slot()
    def close_number(self) -> None:
        """Back to the table."""
        self.shown = None
        self._view.show_table()
        self.reload()

    def record_leaving(self, naming: str, how: str) -> Job:
        """Put on record that the summary leaves the desk."""
        return self._office.do(self, record_paper, naming, how)

    def _on_read(self, turn: int, found: CaseloadSummary) -> None:
        if turn != self._turn:
            return
        is_first_of_sites = self.sites and not self.roster.teams
        self.roster = found.roster
        if is_first_of_sites:  # a place that was gone back to named sites before the teams were known
            self.reload()
            return
        self._view.show_summary(found)

    def _show_looked(self, job: Job, number: str, key: str | None) -> None:
        job.done.connect(partial(self._on_looked, number, key))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    def _on_looked(self, number: str, key: str | None, files: tuple[FileOfOwner, ...]) -> None:
        self.shown = (number, key)
        self._view.show_files(number, key, files)

    def _on_changed(self, done: Done) -> None:
        if not done.kinds & KINDS:
            return
        self.reload()
        if self.shown is not None and "client_file" in done.kinds:  # files have moved: those that are shown are old
            number, key = self.shown
            known = partial(self._read_again, number, key, self.kept_teams())
            self._show_looked(self._office.jobs.run(self, known), number, key)

    def _read_again(self, number: str, key: str | None, teams: tuple[UUID, ...]) -> tuple[FileOfOwner, ...]:
        """The same files once more: that they are looked at is on record already."""
        work = self._office.work
        known = colleagues(work)
        return caseload_summary.behind(work, number, key, known, teams, only_own=not leads(known))
