"""Today: the court day first, for somebody in a corridor with ten minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.casework.drafts import Draft
from advocate_desk.clock import in_london
from advocate_desk.desk.forms.intake import start_intake
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.today.model import CourtGroup, NextThing, TodayPage
from advocate_desk.desk.screens.today.next_strip import NextStrip
from advocate_desk.desk.screens.today.presenter import TodayPresenter
from advocate_desk.desk.screens.today.rows import DayLine, HearingRow, TaskRow, empty_line, overline
from advocate_desk.desk.screens.today.side_rows import bail_row, draft_row, first_days_row
from advocate_desk.desk.slices import Slices, prepared
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, Card, EmptyState, scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.conflict_flag import AllConflicts, ConflictFlag
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.widgets.whose_choice import WhoseChoice
from advocate_desk.store.queries.today import HearingLine, TaskLine

TWO_COLUMNS = 860  # pixels at 100% text: below, one column
MOST_TASKS_SHOWN = 8
MOST_LINES_SHOWN = 6


class _Paper(QWidget):
    """What scrolls. Wrapped labels ask for the height of their narrowest form, which would leave the foot empty."""

    def minimumSizeHint(self) -> QSize:
        """As narrow as it goes; the height follows from the width."""
        return QSize(super().minimumSizeHint().width(), 0)


class TodayScreen(QWidget):
    """The screen. Its presenter reads; it draws and says what is asked."""

    refresh_asked = Signal()
    file_asked = Signal(object, str)
    outcome_asked = Signal(object)
    letter_asked = Signal(object)
    task_completed = Signal(object)

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._page: TodayPage | None = None
        self._half: TodayPage | None = None  # it is being drawn
        self._drawing = Slices(self)
        self._drafts: tuple[Draft, ...] = ()
        self._wanted: tuple[int, str] | None = None  # scroll and row to go to once drawn
        self.setProperty("surface", "canvas")
        self.banner = Banner()
        self._lay_out()
        self.presenter = TodayPresenter(self, office)
        self.reload()

    # --- the desk asks ---

    def reload(self) -> None:
        """Read it again."""
        self.refresh_asked.emit()

    def place(self) -> dict[str, Any]:
        """How far down."""
        return {"down": self._area.verticalScrollBar().value(), "row": self._focus_key()}

    def restore(self, place: dict[str, Any]) -> None:
        """Go back there."""
        self._wanted = (int(place.get("down") or 0), str(place.get("row") or ""))
        self._go_to_wanted()

    # --- layout ---

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inner = _Paper()
        self._area = scrolled(inner)
        outer.addWidget(self._area)
        column = QVBoxLayout(inner)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(16))
        column.addLayout(self._header())
        column.addWidget(AllConflicts(inner, self._office))
        column.addWidget(self.banner)
        self.next_strip = NextStrip(self._office)
        self.next_strip.open_asked.connect(self._on_next)
        self.next_strip.outcome_asked.connect(self.outcome_asked)
        column.addWidget(self.next_strip)
        self._empty = EmptyState(
            "sunrise",
            self.tr("Your desk is ready"),
            self.tr("Take a first referral, or import a list of them. Hearings, tasks and bail dates will show here."),
            self.tr("New client file"),
        )
        self._empty.acted.connect(lambda: start_intake(self._office))
        self._others = EmptyState(
            "users",
            self.tr("No file is yours"),
            self.tr("Those on this desk are your colleagues’. Their hearings, tasks and bail dates are one step away."),
            self.tr("Show everyone’s day"),
        )
        self._others.acted.connect(self.show_all)
        for each in (self._empty, self._others):
            each.hide()
            column.addWidget(each)
        self._board = QWidget(inner)
        self._board.hide()  # until its cards are filled for the first time
        self._board.setProperty("reads", "columns")  # Tab goes down one side, then down the other
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._board)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(px(16))
        self._left, self._right = QVBoxLayout(), QVBoxLayout()
        for side in (self._left, self._right):
            side.setSpacing(px(16))
        self._columns.addLayout(self._left, 62)
        self._columns.addLayout(self._right, 38)
        column.addWidget(self._board)
        column.addStretch(1)
        self._cards()

    def _header(self) -> QBoxLayout:
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(px(12))
        titles = QVBoxLayout()
        titles.setSpacing(px(2))
        self._day = text_label("", "display", wrap=True)
        self._sums = text_label("", "muted", wrap=True)
        titles.addWidget(self._day)
        titles.addWidget(self._sums)
        self._head.addLayout(titles, 1)
        tools = QHBoxLayout()
        tools.setSpacing(px(12))
        self._whose = WhoseChoice(self._office, "today", self.tr("Whose day"))
        tools.addWidget(self._whose, 0, Qt.AlignmentFlag.AlignVCenter)
        in_force = button(
            self.tr("In force tonight"), "", "shield-check", self._on_in_force,
            self.tr("Every bail condition and order that holds tonight, on one page"),
        )  # fmt: skip
        tools.addWidget(in_force)
        self._head.addLayout(tools)
        return self._head

    def _cards(self) -> None:
        self.court = Card(self.tr("At court today"), "landmark")
        self.missing = Card(self.tr("Outcome not recorded"), "clock-alert")
        self.later = Card(self.tr("Next hearings"), "calendar-days")
        self.tasks = Card(self.tr("To do"), "list-todo")
        self.first = Card(self.tr("First days after a report"), "hand-heart")
        self.bail = Card(self.tr("Bail that ends soon"), "timer")
        self.left_over = Card(self.tr("Unfinished drafts"), "file-pen-line")
        for side, cards in (
            (self._left, (self.court, self.missing, self.later)),
            (self._right, (self.tasks, self.first, self.bail, self.left_over)),
        ):
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column where two would be too narrow to read."""
        super().resizeEvent(event)
        wide = self.width() >= px(TWO_COLUMNS)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(across if wide else down)
        self._head.setDirection(across if self.width() >= px(640) else down)

    # --- the presenter shows ---

    def show_page(self, page: TodayPage) -> None:
        """Draw the page in slices, its hearings first; focus and place stay where they are."""
        if page == (self._half or self._page):
            return
        if self._wanted is None:
            self._wanted = (self._area.verticalScrollBar().value(), self._focus_key())
        self._half = page
        self._day.setText(words.full_day(page.today))
        self._sums.setText(self._sum_words(page))
        self._empty.setVisible(page.is_quiet and not page.view.are_others)
        self._others.setVisible(page.is_quiet and page.view.are_others)
        self.next_strip.show_next(page, self._whose_of(page.next_thing))
        self._drawing.run(self._draw(page))

    def _draw(self, page: TodayPage) -> Iterator[None]:
        yield from self._draw_hearings(page)
        yield from self._draw_tasks(page)
        yield from self._draw_lines(page)
        if self._board.isHidden():
            yield from prepared(self._board, self._area.viewport().width() - 2 * px(24))
            self._board.show()
            yield
        self._page, self._half = page, None
        self._go_to_wanted()
        if page.is_quiet and self.hasFocus():
            (self._others if page.view.are_others else self._empty).focus_action()

    def _on_in_force(self) -> None:
        """Of those whose day is shown."""
        if self._office.whose.is_mine("in_force") != self.presenter.mine:
            self._office.whose.choose("in_force", self.presenter.mine)
        self._office.go("in_force")

    def show_all(self) -> None:
        """Show everyone's day."""
        self._office.whose.choose("today", False)

    def show_drafts(self, drafts: Sequence[Draft]) -> None:
        """Draw the forms that were left unfinished."""
        if tuple(drafts) == self._drafts and self._page is not None:
            return
        self._drafts = tuple(drafts)
        self.left_over.clear()
        for one in self._drafts[:MOST_LINES_SHOWN]:
            row = draft_row(one, in_london(self._office.clock.now()).date())
            row.pressed.connect(lambda one=one: self._resume(one))
            self.left_over.body.addWidget(row)
        self.left_over.setVisible(bool(self._drafts))

    def _resume(self, one: Draft) -> None:
        self._office.reopen_form(one.form, dict(one.params), dict(one.payload))

    def _sum_words(self, page: TodayPage) -> str:
        view = page.view
        if page.is_quiet:
            return self.tr("No files of yours") if view.are_others else self.tr("No files yet")
        hearings = words.count_words(len(view.hearings), self.tr("hearing"), self.tr("hearings"))
        due = words.count_words(len(page.due_today), self.tr("task due"), self.tr("tasks due"))
        parts = [hearings, due]
        if page.overdue:
            parts.append(self.tr("{0} overdue").format(len(page.overdue)))
        return " · ".join(parts)

    def _draw_hearings(self, page: TodayPage) -> Iterator[None]:
        self.court.setVisible(not page.is_quiet)
        self.court.clear()
        for group in page.courts:
            self._draw_court(group, page)
            yield
        if not page.courts:
            self.court.body.addWidget(empty_line("circle-check", self.tr("No hearing is listed for today.")))
        for card, lines in ((self.missing, page.view.without_outcome), (self.later, page.view.next_hearings)):
            card.clear()
            for line in lines[:MOST_LINES_SHOWN]:
                card.body.addWidget(self._hearing_row(line, page, with_day=True))
                card.body.addWidget(ConflictFlag(card, self._office, line.hearing_id))
            self._more(card, len(lines) - MOST_LINES_SHOWN, "calendar")
            card.setVisible(bool(lines))
            yield
        if not page.view.next_hearings and not page.is_quiet:
            self.later.body.addWidget(empty_line("calendar", self.tr("Nothing is listed in the next 60 days.")))
            self.later.show()

    def _draw_court(self, group: CourtGroup, page: TodayPage) -> None:
        name = group.court_name or self.tr("Court not known yet")
        count = len(group.hearings)
        self.court.body.addWidget(overline(self.tr("{0} · {1} hearings").format(name, count) if count > 1 else name))
        for line in group.hearings:
            self.court.body.addWidget(self._hearing_row(line, page))
            self.court.body.addWidget(ConflictFlag(self.court, self._office, line.hearing_id))

    def _hearing_row(self, line: HearingLine, page: TodayPage, with_day: bool = False) -> HearingRow:
        row = HearingRow(self._office, line, page.now, with_day, self._holder_words(line.allocated_to))
        row.pressed.connect(lambda line=line: self.file_asked.emit(line.file_id, "hearings"))
        row.outcome_asked.connect(self.outcome_asked)
        row.letter_asked.connect(self.letter_asked)
        return row

    def _draw_tasks(self, page: TodayPage) -> Iterator[None]:
        self.tasks.clear()
        left, count = MOST_TASKS_SHOWN, 0
        for title, tone, lines in (
            (self.tr("Overdue"), "danger", page.overdue),
            (self.tr("Today"), "plain", page.due_today),
        ):
            shown = lines[: max(left, 2)]
            left -= len(shown)
            count += len(shown)
            if lines:
                self.tasks.body.addWidget(overline(f"{title} · {len(lines)}", tone))  # type: ignore[arg-type]
            for line in shown:
                self.tasks.body.addWidget(self._task_row(line, page.today))
        if not page.view.tasks:
            self.tasks.body.addWidget(empty_line("circle-check", self.tr("Nothing is due today.")))
        else:
            self._more(self.tasks, len(page.view.tasks) - count, "tasks")
        self.tasks.setVisible(not page.is_quiet)
        yield

    def _whose_words(self, name: str) -> str:
        """The advocate's name where everyone's day is shown, but on what is the user's own."""
        return "" if self.presenter.mine or name == self._office.work.actor.name else name

    def _holder_words(self, allocated_to: str) -> str:
        return self._whose_words(allocated_to or self.tr("Nobody yet"))

    def _whose_of(self, thing: NextThing) -> str:
        if thing.hearing is not None:
            return self._holder_words(thing.hearing.allocated_to)
        return self._whose_words(thing.task.owner) if thing.task is not None else ""

    def _task_row(self, line: TaskLine, today: date) -> TaskRow:
        row = TaskRow(line, today, self._whose_words(line.owner))
        row.pressed.connect(lambda line=line: self.file_asked.emit(line.file_id, ""))
        row.completed.connect(self.task_completed)
        return row

    def _more(self, card: Card, count: int, screen: str) -> None:
        if count > 0:
            made = button(self.tr("{0} more").format(count), "link", "arrow-right", lambda: self._office.go(screen))
            card.body.addWidget(made)

    def _draw_lines(self, page: TodayPage) -> Iterator[None]:
        self.first.clear()
        for line in page.view.first_days[:MOST_LINES_SHOWN]:
            self._add(
                self.first, first_days_row(line, page.today, self._holder_words(line.allocated_to)), line.file_id, ""
            )
        self.first.setVisible(bool(page.view.first_days))
        yield
        self.bail.clear()
        for each in page.view.bail[:MOST_LINES_SHOWN]:
            row = bail_row(each, page.today, self._office.packs, self._holder_words(each.allocated_to))
            self._add(self.bail, row, each.file_id, "bail")
            self.bail.body.addWidget(ConflictFlag(self.bail, self._office, each.bail_id))
        self._more(self.bail, len(page.view.bail) - MOST_LINES_SHOWN, "calendar")
        self.bail.setVisible(bool(page.view.bail))

    def _add(self, card: Card, row: DayLine, file_id: UUID, section: str) -> None:
        row.pressed.connect(lambda: self.file_asked.emit(file_id, section))
        card.body.addWidget(row)

    # --- where the user is ---

    def _on_next(self, file_id: UUID, section: str) -> None:
        self.file_asked.emit(file_id, section)

    def _focus_key(self) -> str:
        """The row that has the focus, so that it has it again after the page is drawn anew."""
        widget = QApplication.focusWidget()
        while widget is not None and widget is not self:
            if key := widget.property("row_key"):
                return str(key)
            widget = widget.parentWidget()
        return ""

    def _go_to_wanted(self) -> None:
        if self._wanted is None or self._page is None:
            return
        down, key = self._wanted
        self._wanted = None
        inner = self._area.widget()
        if inner is not None and (layout := inner.layout()) is not None:
            layout.activate()
        self._area.verticalScrollBar().setValue(down)
        if key:
            # The rows that were there before are deleted later, and stand before the new ones.
            found = [one for one in self.findChildren(QWidget) if one.property("row_key") == key]
            row = found[-1] if found else None
            if row is not None:
                row.show()  # a new row is shown with the next round of events, and the hidden take no focus
                target = row.box if isinstance(row, TaskRow) else row
                target.setFocus(Qt.FocusReason.OtherFocusReason)
