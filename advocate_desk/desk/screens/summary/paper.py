"""The summary as one page: how people are named on it is chosen each time, and that it leaves is put on record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from advocate_desk.casework.caseload_summary import (
    COMING,
    NOBODY,
    AdvocateLine,
    CaseloadSummary,
    look_behind,
)
from advocate_desk.casework.settings import get
from advocate_desk.desk.dialogs.ask import DeskDialog
from advocate_desk.desk.dialogs.paper import PaperDialog, show_paper
from advocate_desk.desk.jobs import Job
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.summary import words
from advocate_desk.desk.widgets.boxes import Banner
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.documents.caseload_page import CaseloadFile, CaseloadRow, CaseloadSheet, ComingRow, caseload_pdf
from advocate_desk.domain.caseload import initials
from advocate_desk.domain.forms import Option
from advocate_desk.settings import LETTERHEAD_KEY, Letterhead, from_json
from advocate_desk.store.queries.caseload_summary import FileOfOwner

if TYPE_CHECKING:
    from advocate_desk.desk.screens.summary.view import SummaryScreen

REFERENCE, INITIALS, NAME = "reference", "initials", "name"


def _tr(text: str) -> str:
    return QCoreApplication.translate("SummaryPaper", text)


class PaperChoice(DeskDialog):
    """Asks how people are named, makes the page and shows it."""

    def __init__(
        self,
        screen: SummaryScreen,
        office: Office,
        summary: CaseloadSummary,
        teams: Sequence[UUID],
        record: Callable[[str, str], Job],
    ) -> None:
        super().__init__(
            screen.window(),
            _tr("The caseload summary as one page"),
            _tr("Advocates and clients are named on it in the same way."),
        )
        self._screen, self._office, self._summary, self._record = screen, office, summary, record
        self._teams = tuple(teams)
        self.trouble = Banner()
        self.body.addWidget(self.trouble)
        self.body.addWidget(text_label(_tr("People are named by"), "label"))
        options = (
            Option(REFERENCE, _tr("Reference")),
            Option(INITIALS, _tr("Initials")),
            Option(NAME, _tr("Name")),
        )
        self.naming = SegmentedControl(options, _tr("People are named by"), can_clear=False)
        self.naming.set_value(REFERENCE)
        self.body.addWidget(self.naming)
        self.body.addWidget(
            text_label(
                _tr("By reference it names nobody. The name of its file says nothing either."),
                "muted",
                wrap=True,
            )
        )
        self._make = button(_tr("Make the page"), "primary", "file-text", self.make)
        self.buttons.addWidget(button(_tr("Cancel"), clicked=self.reject))
        self.buttons.addWidget(self._make)
        self.naming.setFocus()

    def make(self) -> None:
        """Make it off the GUI thread, then show it in place of this question."""
        self._make.setEnabled(False)
        naming = self.naming.value() or REFERENCE
        job = self._office.jobs.run(self, partial(summary_pdf, self._office, self._summary, self._teams, naming))
        job.done.connect(partial(self._on_made, naming))
        job.refused.connect(self._on_refused)
        job.broken.connect(self._on_broken)

    def _on_made(self, naming: str, pdf: bytes) -> None:
        self.accept()
        show_summary_paper(self._screen, self._office, pdf, naming, self._record)

    def _on_refused(self, error: object) -> None:
        self._make.setEnabled(True)
        self.trouble.say_refused(error)  # type: ignore[arg-type]

    def _on_broken(self) -> None:
        self._make.setEnabled(True)
        self.trouble.say_broken()


def show_summary_paper(
    screen: QWidget, office: Office, pdf: bytes, naming: str, record: Callable[[str, str], Job]
) -> PaperDialog:
    """The page before it leaves."""
    caution = {
        NAME: _tr("It names advocates and clients. Give it to nobody outside the service."),
        INITIALS: _tr("Initials can tell who somebody is. Give it to nobody outside the service."),
    }.get(naming, "")
    title = _tr("The caseload summary as one page")
    return show_paper(screen, office, pdf, title, "caseload", partial(record, naming), caution)


def summary_pdf(office: Office, summary: CaseloadSummary, teams: Sequence[UUID], naming: str) -> bytes:
    """The page, on the store's thread. What lies ahead in files that nobody has is on record as looked at."""
    work = office.work
    wording = office.packs.read("letters/caseload_summary.toml", CaseloadFile).sheet
    shown = [each for each in summary.lines if each.key != NOBODY]
    numbered = {line.key: at for at, line in enumerate(shown, start=1)}
    coming: list[ComingRow] = []
    for number in COMING:
        if summary.nobody.numbers[number]:
            found = look_behind(work, number, NOBODY, summary.roster, teams, only_own=summary.is_own)
            coming += [ComingRow(each.on, _what(number, each), _client(each, naming)) for each in found if each.on]

    def row(line: AdvocateLine, who: str) -> CaseloadRow:
        return CaseloadRow(who, words.load(line), line.state, tuple(line.numbers[each] for each in words.HEADINGS))

    rows = [row(line, _advocate(line, naming, numbered[line.key])) for line in shown]
    if summary.nobody.numbers["files"]:
        rows.insert(0, row(summary.nobody, wording.nobody))
    chosen, rules = [each.name for each in summary.roster.teams if each.team in teams], summary.rules
    sheet = CaseloadSheet(
        service=from_json(Letterhead, get(work, LETTERHEAD_KEY)).service_name,
        about=", ".join(chosen),
        made_on=summary.made_on,
        headings=tuple(words.paper_heading(each) for each in words.HEADINGS),
        rows=tuple(rows),
        total=row(summary.total, wording.all),
        coming=tuple(sorted(coming, key=lambda each: (each.on, each.what, each.who))),
        days=(rules.no_contact_days, rules.no_contact_days_high, rules.ahead_days),
    )
    return caseload_pdf(office.fonts, sheet, wording)


def _what(number: str, one: FileOfOwner) -> str:
    said = {
        "hearings": _tr("Hearing"),
        "bail_ends": _tr("Bail ends"),
        "releases": _tr("Custody ends"),
    }[number]
    return said if one.share == 1 else _tr("{0}, the first of {1}").format(said, one.share)


def _client(one: FileOfOwner, naming: str) -> str:
    if naming == REFERENCE or not one.client_name:
        return one.reference
    return one.client_name if naming == NAME else initials(one.client_name)


def _advocate(line: AdvocateLine, naming: str, number: int) -> str:
    if naming == REFERENCE:
        return _tr("Advocate {0}").format(number)
    return line.initials if naming == INITIALS and line.initials else words.whose(line)
