"""The caseload summary: who carries how much, what is late and what is coming; every number opens its files."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QVBoxLayout, QWidget

from advocate_desk.casework.caseload_summary import COMING, NOBODY, CaseloadSummary
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens import list_words
from advocate_desk.desk.screens.summary import words
from advocate_desk.desk.screens.summary.behind import BehindPage
from advocate_desk.desk.screens.summary.model import FIRST_NUMBER, LOAD, NAME, SummaryModel
from advocate_desk.desk.screens.summary.paper import PaperChoice
from advocate_desk.desk.screens.summary.presenter import SummaryPresenter
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, SectionHeader
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.menu_chip import MenuChip
from advocate_desk.desk.widgets.tables import DataTable
from advocate_desk.store.queries.caseload_summary import FileOfOwner

LEAST_NAME, LOAD_WIDTH = 160, 116  # pixels at 100% text
NUMBER_WIDTHS = (48, 66, 72, 54, 68, 64, 48, 64, 72, 48, 72, 58)  # as SHOWN: each as its heading needs
ROOMY = 6  # more for each where there is room
AROUND_TABLE = 66
LOW = 440
HEAD_HEIGHT, ROW_HEIGHT = 46, 46  # eight advocates, what nobody has and the sum stand in a low window


class SummaryScreen(QWidget):
    """The screen. Its presenter reads; it draws and says what is asked."""

    teams_chosen = Signal(tuple)
    sites_chosen = Signal(tuple)
    number_opened = Signal(str, object)  # the number, and the key of its line or None for all

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self.setProperty("surface", "canvas")
        self.summary: CaseloadSummary | None = None
        self.model = SummaryModel(self)
        self._wanted: tuple[str, str | None] | None = None
        self._lay_out()
        self.presenter = SummaryPresenter(self, office)
        self.presenter.reload()

    # --- the desk asks ---

    def reload(self) -> None:
        """Read it again."""
        self.presenter.reload()

    def place(self) -> dict[str, Any]:
        """Which teams and sites, and whose files are open."""
        number, key = self.presenter.shown or ("", None)
        return {
            "teams": [each.hex for each in self.presenter.teams],
            "sites": list(self.presenter.sites),
            "number": number,
            "key": key,
        }

    def restore(self, place: dict[str, Any]) -> None:
        """Go back there."""
        teams = (str(each) for each in place.get("teams") or ())
        self.presenter.teams = tuple(UUID(each) for each in teams if len(each) == 32)
        self.presenter.sites = tuple(str(each) for each in place.get("sites") or ())
        number, key = str(place.get("number") or ""), place.get("key")
        self.presenter.reload()
        if number in words.TITLES:
            self.number_opened.emit(number, None if key is None else str(key))

    def go_to_start(self) -> None:
        """Back to the numbers."""
        if self._stack.currentWidget() is self.behind:
            self.presenter.close_number()

    def focus_first(self) -> None:
        """The table, or the files that are open."""
        (self.behind if self._stack.currentWidget() is self.behind else self.table).setFocus()

    # --- layout ---

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(20), px(24), px(16))
        column.setSpacing(px(12))
        self.banner = Banner()
        column.addWidget(self.banner)
        self._stack = QStackedWidget(self)  # each part stands in its place before it is filled: see `made_in`
        self._stack.setMinimumSize(px(240), px(200))
        column.addWidget(self._stack, 1)
        self._stack.addWidget(self._table_page())
        self.behind = BehindPage(self._office, self._stack)
        self._stack.addWidget(self.behind)

    def _table_page(self) -> QWidget:
        page = QWidget(self._stack)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self.header = SectionHeader(self.tr("Caseload summary"), role="display")
        self.team, self.site = MenuChip(self.tr("Team")), MenuChip(self.tr("Site"))
        self.team.chosen.connect(self.teams_chosen)
        self.site.chosen.connect(self.sites_chosen)
        rules = button(self.tr("Weights…"), "quiet", "scale", lambda: self._office.open_form("caseload_rules"))
        self.paper = button(self.tr("As one page…"), "", "file-text", self._on_paper)
        for each in (self.team, self.site, rules, self.paper):
            self.header.buttons.addWidget(each)
        self.team.hide()
        self.site.hide()
        column.addWidget(self.header)
        self.nobody = Banner(can_dismiss=False)
        self.nobody.acted.connect(partial(self.number_opened.emit, "files", NOBODY))
        column.addWidget(self.nobody)
        column.addWidget(self._table(), 1)
        return page

    def _table(self) -> DataTable:
        self.table = DataTable(self.tr("Caseload by advocate"), two_lines=True)
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        header = self.table.horizontalHeader()
        header.setStretchLastSection(False)
        self.table.verticalHeader().setDefaultSectionSize(px(ROW_HEIGHT))
        header.setMinimumHeight(px(HEAD_HEIGHT))
        header.setMinimumSectionSize(px(40))
        header.resizeSection(LOAD, px(LOAD_WIDTH))
        self.table.row_activated.connect(self._on_activated)
        return self.table

    def resizeEvent(self, event: object) -> None:
        """The name takes what is left over; where that is too little, the table scrolls sideways."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        header = self.table.horizontalHeader()
        room = self.width() - px(AROUND_TABLE) - px(LOAD_WIDTH) - sum(px(each) for each in NUMBER_WIDTHS)
        more = min(px(ROOMY), max(0, room - px(LEAST_NAME)) // len(NUMBER_WIDTHS))
        for at, width in enumerate(NUMBER_WIDTHS):
            header.resizeSection(FIRST_NUMBER + at, px(width) + more)
        mode = QHeaderView.ResizeMode.Stretch if room >= px(LEAST_NAME) else QHeaderView.ResizeMode.Interactive
        header.setSectionResizeMode(NAME, mode)
        if mode == QHeaderView.ResizeMode.Interactive:
            header.resizeSection(NAME, px(LEAST_NAME))
        if self.summary is not None:
            self._show_nobody(self.summary)

    # --- the presenter shows ---

    def show_summary(self, found: CaseloadSummary) -> None:
        """Show every line, what nobody has, and which teams and sites there are."""
        self.summary = found
        self.banner.hide()
        self.model.show_summary(found)
        if not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, FIRST_NUMBER))
        self.header.set_text(self._said(found))
        self._show_nobody(found)
        self._offer(found)

    def show_files(self, number: str, key: str | None, files: Sequence[FileOfOwner]) -> None:
        """Show the files behind a number."""
        line = self.summary.total if self.summary and key is None else None
        if self.summary and key is not None:
            line = self.summary.line(key)
        is_new = self._stack.currentWidget() is not self.behind
        whose = words.whose(line) if line else ""
        self.behind.show_files(number, whose, files, self._office.today(), is_new=is_new)
        self._stack.setCurrentWidget(self.behind)
        if is_new:
            self.behind.setFocus()

    def show_table(self) -> None:
        """Back to the numbers, at the one that was opened."""
        self._stack.setCurrentIndex(0)
        self.table.setFocus()

    def _said(self, found: CaseloadSummary) -> str:
        files = list_words.count_words(found.total.numbers["files"], self.tr("open file"), self.tr("open files"))
        day = list_words.full_day(found.made_on)
        weeks = self.tr("Hearings, bail, custody: next {0} days.").format(found.rules.ahead_days)
        if found.is_own:
            return self.tr("Your own caseload, and what nobody has yet: {0}, {1}. {2}").format(files, day, weeks)
        people = sum(each.kind in ("member", "named") for each in found.lines)
        advocates = list_words.count_words(people, self.tr("advocate"), self.tr("advocates"))
        return self.tr("{0}, {1}, {2}. {3}").format(advocates, files, day, weeks)

    def _show_nobody(self, found: CaseloadSummary) -> None:
        numbers = found.nobody.numbers
        if not numbers["files"] or self.height() < px(LOW):  # the first row says it too, and there is room for little
            self.nobody.hide()
            return
        coming = {
            "hearings": (self.tr("hearing"), self.tr("hearings")),
            "bail_ends": (self.tr("end of bail"), self.tr("ends of bail")),
            "releases": (self.tr("end of custody"), self.tr("ends of custody")),
        }
        files = list_words.count_words(numbers["files"], self.tr("open file"), self.tr("open files"))
        ahead = [list_words.count_words(numbers[each], *coming[each]) for each in COMING if numbers[each]]
        said = self.tr("Allocated to nobody yet: {0}.").format(files)
        if ahead:
            said = self.tr("Allocated to nobody yet: {0}. Ahead in them: {1}.").format(files, ", ".join(ahead))
        self.nobody.say(said, "warning" if ahead else "info", self.tr("Show them"))

    def _offer(self, found: CaseloadSummary) -> None:
        teams = found.roster.teams
        sites = sorted({each.site for each in teams if each.site})
        self.team.offer([(each.team, each.name) for each in teams])
        self.team.set_values(self.presenter.teams)
        self.site.offer([(each, each) for each in sites])
        self.site.set_values(self.presenter.sites)
        self.team.setVisible(len(teams) > 1 and not found.is_own)
        self.site.setVisible(len(sites) > 1 and not found.is_own)

    # --- inside ---

    def _on_activated(self, index: QModelIndex) -> None:
        line, number = self.model.line(index.row()), self.model.number(index.column())
        if line is not None and line.numbers[number]:  # behind a dash there is nothing to look at, or to put on record
            self.number_opened.emit(number, None if line.kind == "total" else line.key)

    def _on_paper(self) -> None:
        if self.summary is not None:
            teams = self.presenter.kept_teams()
            PaperChoice(self, self._office, self.summary, teams, self.presenter.record_leaving).open()
