"""Decides how the wizard goes on: reads, checks and compares off the GUI thread, keeps the list, imports it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework.import_matches import Choice, Match, find_matches
from advocate_desk.clock import today_in_london
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.import_wizard.ending import Ending, Prepared
from advocate_desk.desk.screens.import_wizard.errands import Errands
from advocate_desk.desk.screens.import_wizard.keeper import Keeper
from advocate_desk.desk.screens.import_wizard.known_model import KnownLine
from advocate_desk.desk.screens.import_wizard.reading import ReadList, read_list
from advocate_desk.desk.screens.import_wizard.state import (
    Checked,
    Laid,
    ListInHand,
    check_all,
    importable,
)
from advocate_desk.documents.sheets.columns import Vocabulary
from advocate_desk.documents.sheets.dates import Order
from advocate_desk.documents.sheets.mapping import column_samples
from advocate_desk.documents.sheets.read import file_bytes
from advocate_desk.documents.sheets.rows import CheckedRow
from advocate_desk.documents.sheets.workbook import Row, Workbook, cell_text
from advocate_desk.errors import DeskError

if TYPE_CHECKING:
    from advocate_desk.desk.screens.import_wizard.view import ImportWizard

_EXAMPLES = 3


class Step(IntEnum):
    """The pages, in their order."""

    FILE = 0
    PREVIEW = 1
    COLUMNS = 2
    CHECK = 3
    KNOWN = 4
    IMPORT = 5


class ImportPresenter(QObject):
    """Holds the list in hand. A child of its view: the two end together."""

    def __init__(self, view: ImportWizard, office: Office, words: Vocabulary) -> None:
        super().__init__(view)
        self._view, self._office, self._words = view, office, words
        self._hand: ListInHand | None = None
        self._book: Workbook | None = None
        self._laid: Laid | None = None
        self._checked: Checked | None = None
        self._rows: dict[int, CheckedRow] = {}
        self._matches: tuple[Match, ...] = ()
        self._turn = 0
        self._place: dict[str, Any] = {}
        self._known_place: dict[str, Any] = {}
        self._cells: dict[int, Row] = {}
        self._alike: list[int] = []
        self.step = Step.FILE
        self.reached = Step.FILE
        self._errands = Errands(office.jobs, self)
        self._keeper = Keeper(office, self, lambda: (self._hand, int(self.step)))
        self.ending = Ending(view, office, self._errands)
        self._errands.changed.connect(self._on_busy)
        self._errands.refused.connect(self._on_refused)
        self._errands.broken.connect(self._on_broken)
        self._keeper.found.connect(self._on_found)
        self._keeper.refused.connect(view.banner.say_refused)
        self._keeper.broken.connect(view.banner.say_broken)
        self.ending.imported.connect(self._on_imported)
        self.ending.undone.connect(self._on_undone)

    # --- what was there before ---

    def start(self) -> None:
        """Look for a list that was being prepared, and for imports of before."""
        self._keeper.look()
        self.ending.show_batches()

    def restore(self, place: Mapping[str, Any]) -> None:
        """Go back to a page and cell once its rows are there."""
        self._place = dict(place)
        if self._hand is not None and not self.is_busy:
            self._go_back_there()

    def place(self) -> dict[str, Any]:
        """The page one is on; what was decided so far is kept at once."""
        self._keeper.flush()
        return {"step": int(self.step)} if self._hand is not None else {}

    def _on_found(self, hand: ListInHand, step: int) -> None:
        if not self.is_busy:
            self._place = self._place or {"step": step}
            self._read(hand, is_new=False)

    # --- the file ---

    @Slot(object)
    def take_file(self, path: Path) -> None:
        """Read a file. Its bytes are kept; its name and place are not."""
        self._take(partial(file_bytes, path))

    def take_bytes(self, data: bytes) -> None:
        """Read a file that is in memory."""
        self._take(lambda: data)

    def _take(self, load: Callable[[], bytes]) -> None:
        if self.is_busy:
            return
        self._place = {}
        self._run(lambda: self._read_all(ListInHand(load())), self._on_new_list)

    def _read(self, hand: ListInHand, *, is_new: bool) -> None:
        self._run(lambda: self._read_all(hand), self._on_new_list if is_new else self._on_list)

    def _read_all(self, hand: ListInHand, book: Workbook | None = None) -> ReadList:
        return read_list(self._office.work, self._words, hand, book, self._today(), self._errands.is_stopped)

    def _on_new_list(self, read: ReadList) -> None:
        self.ending.forget()
        self.reached = Step.PREVIEW
        self._keeper.take()
        self._on_list(read)
        self.go(Step.PREVIEW)

    def _on_list(self, read: ReadList) -> None:
        hand = read.hand
        self._hand, self._book, self._laid = hand, read.book, read.laid
        hand.header_row = read.laid.table.header_row
        if hand.mapping is None or len(hand.mapping) != len(read.laid.table.names):
            hand.mapping = tuple(guess.field for guess in read.laid.guesses)
            hand.orders.update(read.laid.orders)
            hand.for_all.update(read.laid.for_all)
        self._view.preview.show_book(read.book, hand.sheet, hand.header_row)
        self._show_columns()
        self._check()
        self._touch()

    def change_reading(self, **changed: object) -> None:
        """Read the file another way: encoding, delimiter, sheet or header row."""
        if self._hand is None or self._book is None or self.is_busy:
            return
        hand, book = self._hand.snapshot(), self._book
        if all(getattr(hand, name) == value for name, value in changed.items()):
            return
        for name, value in changed.items():
            setattr(hand, name, value)
        hand.start_again_from_columns()
        if "header_row" not in changed:
            hand.header_row = None
        again = changed.keys() & {"encoding", "delimiter"}
        self.reached = Step.PREVIEW
        self._run(lambda: self._read_all(hand, None if again else book), self._on_list)

    # --- columns ---

    def _show_columns(self) -> None:
        hand, laid = self._hand, self._laid
        if hand is None or laid is None:
            return
        table = laid.table
        examples = [
            " · ".join(" ".join(cell_text(cell).split()) for cell in column_samples(table.rows, column, _EXAMPLES))
            for column in range(len(table.names))
        ]
        page = self._view.columns
        page.model.show(table.names, examples, laid.guesses, hand.mapping or (), is_remembered=laid.is_remembered)
        page.show_answers(hand.for_all)
        page.show_missing(hand.mapping or ())

    @Slot()
    def on_columns_matched(self) -> None:
        """A column was matched to another field."""
        if self._hand is None:
            return
        self._hand.mapping = self._view.columns.model.mapping()
        self._hand.choices.clear()  # what was typed in the grid stays: it belongs to a field, not to a column
        self.reached = min(self.reached, Step.COLUMNS)
        self._view.columns.show_missing(self._hand.mapping)
        self._check()

    @Slot(str, str)
    def on_order_chosen(self, key: str, order: str) -> None:
        """How a date column is to be read."""
        if self._hand is not None:
            self._hand.orders[key] = Order(order)
            self._check()

    @Slot(str, str)
    def on_answered_for_all(self, key: str, value: str) -> None:
        """What holds for every row that does not say."""
        if self._hand is not None:
            self._hand.for_all[key] = value
            self._check()

    def _check(self) -> None:
        """Read every row anew. An answer that has been overtaken is dropped."""
        if self._hand is None or self._laid is None:
            return
        self._checked = None
        self._turn += 1
        turn, hand, table = self._turn, self._hand.snapshot(), self._laid.table
        job = self._office.jobs.run(self, lambda: check_all(table, hand, self._words, self._today()))
        job.done.connect(lambda checked: self._on_checked(checked, turn))
        job.broken.connect(self._view.banner.say_broken)
        self._show_way()
        self._touch()

    def _on_checked(self, checked: Checked, turn: int) -> None:
        if turn != self._turn or self._hand is None:
            return
        self._checked = checked
        self._rows = {row.number: row for row in checked.rows}
        self._cells = dict(self._laid.table.rows) if self._laid is not None else {}
        self._view.columns.show_dates(checked.dates, self._hand.orders)
        self._view.check.show_rows(checked.rows, checked.plan.fields(), self._hand.left_out, self._hand.edits)
        self._show_way()
        self._go_back_there()

    def _go_back_there(self) -> None:
        """The place that was left at a lock or a crash."""
        place, self._place = self._place, {}
        if not place or self._checked is None:
            self._place = place
            return
        step = Step(min(max(int(place.get("step", 0)), 0), Step.IMPORT))
        self.reached = max(self.reached, min(step, Step.CHECK))
        self._show(min(step, Step.CHECK))
        self._view.check.restore(place)
        if step >= Step.KNOWN:
            self._compare(step)
        self._known_place = place

    # --- rows ---

    @Slot(int, str, str)
    def on_edited(self, number: int, key: str, text: str) -> None:
        """A cell was typed over: read the row again, and offer the same for its like."""
        alike = self._view.check.model.same_text_elsewhere(number, key)
        row = self._change(number, key, text)
        if row is not None and key not in row.problems:
            self._view.check.offer_change_all(number, key, len(alike))
            self._alike = alike

    @Slot(int, str)
    def on_change_all(self, number: int, key: str) -> None:
        """Give the same text to the rows that had the same one before."""
        if self._hand is not None:
            text = self._hand.edits.get(number, {}).get(key, "")
            for other in self._alike:
                self._change(other, key, text)

    def _change(self, number: int, key: str, text: str) -> CheckedRow | None:
        hand, checked = self._hand, self._checked
        if hand is None or checked is None:
            return None
        hand.edits.setdefault(number, {})[key] = text
        row = checked.checker.check(number, self._cells[number], hand.edits[number])
        self._rows[number] = row
        self._view.check.model.set_row(row)
        self._after_rows_changed()
        return row

    @Slot(int, bool)
    def on_left_out(self, number: int, is_left_out: bool) -> None:
        """A row was left out, or taken in again."""
        self._view.check.model.set_left_out(number, is_left_out)
        self._after_rows_changed()

    def _after_rows_changed(self) -> None:
        self.reached = min(self.reached, Step.CHECK)
        self._show_way()
        self._touch()

    # --- known people ---

    def _compare(self, then: Step) -> None:
        if self._hand is None:
            return
        rows = importable(list(self._rows.values()), self._hand)
        work = self._office.work
        stopped = self._errands.is_stopped
        self._run(lambda: find_matches(work, rows, stopped), lambda found: self._on_matches(found, then))

    def _on_matches(self, found: tuple[Match, ...], then: Step) -> None:
        if self._hand is None:
            return
        self._matches = found
        rows = {row.number: row for row in importable(list(self._rows.values()), self._hand)}
        lines = [
            KnownLine(
                match,
                f"{rows[match.row].text('client_given')} {rows[match.row].text('client_family')}".strip(),
                self._choice_for(match),
            )
            for match in found
        ]
        self._view.known.show_matches(lines, rows)
        self._view.known.restore(self._known_place)
        self._known_place = {}
        self._show(then)
        if then is Step.IMPORT:
            self._show_summary()

    def _choice_for(self, match: Match) -> Choice:
        chosen = self._hand.choices.get(match.row) if self._hand is not None else None
        return chosen if chosen in match.choices else match.suggested

    @Slot(int, str)
    def on_choice(self, number: int, choice: str) -> None:
        """What becomes of a row that may be somebody known."""
        if self._hand is not None:
            self._hand.choices[number] = Choice(choice)
            self._touch()

    # --- the import ---

    def _prepared(self) -> Prepared | None:
        """The list as it would be imported now."""
        if self._hand is None or self._laid is None or self._checked is None:
            return None
        rows = tuple(self._rows.values())
        return Prepared(self._hand, self._laid, self._checked.plan, rows, self._matches)

    def _show_summary(self) -> None:
        prepared = self._prepared()
        if prepared is not None:
            self.ending.show_summary(prepared)

    @Slot()
    def import_now(self) -> None:
        """Write everything, in one transaction."""
        prepared = self._prepared()
        if prepared is not None and not self.is_busy:
            self.ending.import_list(prepared)

    def _on_imported(self) -> None:
        self._hand = None
        self._keeper.rest()
        if self.ending.failed:
            self._keeper.keep_instead(ListInHand(self.ending.failed))
        self._show_way()

    def _on_undone(self, hand: ListInHand | None) -> None:
        if hand is not None:
            self._hand = hand
            self._keeper.take()
            self._touch()
        self._show_way()

    @Slot()
    def put_right(self) -> None:
        """Go on with the rows that were not imported."""
        data = self.ending.take_failed()
        if data:
            self.take_bytes(data)

    @Slot()
    def again(self) -> None:
        """Begin with another list."""
        self.ending.forget()
        self.reached = Step.FILE
        self._show(Step.FILE)

    # --- the way ---

    def go(self, step: Step) -> None:
        """Go to a page; what it needs is made first."""
        if self._hand is None and step is not Step.FILE:
            return
        self._view.check.commit()
        self.reached = max(self.reached, step)
        if step >= Step.KNOWN and self.step <= Step.CHECK:
            self._compare(step)
            return
        if step is Step.IMPORT:
            self._show_summary()
        self._show(step)

    @Slot()
    def next(self) -> None:
        """One page on."""
        if self.may_go_on() and self.step < Step.IMPORT:
            self.go(Step(self.step + 1))

    @Slot()
    def back(self) -> None:
        """One page back."""
        if self.step > Step.FILE and not self.ending.is_importing:
            self.go(Step(self.step - 1))

    @Slot()
    def start_over(self) -> None:
        """Put the list away; a notice offers to take it back."""
        hand, step = self._hand, self.step
        self._turn += 1
        self._hand = self._checked = None
        self.reached = Step.FILE
        self._keeper.drop()
        self._show(Step.FILE)
        if hand is not None:
            self._office.messages.undoable(self.tr("The list was put away."), lambda: self._take_back(hand, step))

    def _take_back(self, hand: ListInHand, step: Step) -> None:
        if self._hand is None:
            self._place = {"step": int(step)}
            self._keeper.take()
            self._read(hand, is_new=False)

    @Slot()
    def stop(self) -> None:
        """Stop what is being done; nothing is changed by what was stopped."""
        self._errands.stop()

    def may_go_on(self) -> bool:
        """Whether the next page can be gone to."""
        if self._hand is None or self.is_busy or self._checked is None:
            return False
        if self.step is Step.COLUMNS:
            return any(key in (self._hand.mapping or ()) for key in ("client_given", "client_family", "client_name"))
        if self.step is Step.CHECK:
            return any(not row.problems and row.number not in self._hand.left_out for row in self._rows.values())
        return self.step is not Step.FILE

    def without_problems(self) -> int:
        """How many rows stay behind when one goes on now."""
        hand = self._hand
        if hand is None or self.step is not Step.CHECK:
            return 0
        return sum(bool(row.problems) and row.number not in hand.left_out for row in self._rows.values())

    @property
    def is_busy(self) -> bool:
        """Whether something is being read, compared or written."""
        return self._errands.is_busy

    @property
    def has_list(self) -> bool:
        """Whether there is a list in hand."""
        return self._hand is not None

    def _show(self, step: Step) -> None:
        self.step = step
        self._view.banner.hide()
        self._show_way()
        self._touch()

    def _show_way(self) -> None:
        self._view.show_way()

    def _run(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        self._view.banner.hide()
        self._errands.run(work, then)

    def _on_busy(self) -> None:
        self._view.choose.show_busy(self.is_busy)
        self._show_way()

    def _on_refused(self, error: DeskError) -> None:
        self._end_trouble()
        self._view.banner.say_refused(error)

    def _on_broken(self) -> None:
        self._end_trouble()
        self._view.banner.say_broken()

    def _end_trouble(self) -> None:
        if self._book is not None and self._hand is not None:  # the choosers show what is in force
            self._view.preview.show_book(self._book, self._hand.sheet, self._hand.header_row or 0)
        if self.ending.is_importing:
            self.ending.is_importing = False
            self._show_summary()
        self._show_way()

    def _touch(self) -> None:
        self._keeper.touch()

    @Slot()
    def keep_now(self) -> None:
        """Write what differs from what was last kept."""
        self._keeper.keep_now()

    def _today(self) -> Any:  # noqa: ANN401 - a date
        return today_in_london(self._office.clock)
