"""Decides what the caseload shows: which filter, which order, and which pages are read."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Slot

from advocate_desk.casework import settings
from advocate_desk.casework.work import Done, Work
from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.allocation import start_handover
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.caseload.model import SORT_OF, CaseloadModel, Column
from advocate_desk.desk.screens.caseload.saved import SETTING, Choice, SavedFilters, saved_from_json, saved_to_json
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.caseload import (
    PAGE_ROWS,
    CaseloadFilter,
    CaseloadPage,
    caseload_choices,
    caseload_page,
)

if TYPE_CHECKING:
    from advocate_desk.desk.screens.caseload.view import CaseloadScreen

KINDS = frozenset(
    {"client_file", "person", "referral", "criminal_case", "hearing", "bail", "task", "risk_assessment", "contact_note",
     "contact_attempt", "safety_plan", "alert", "import_batch"}
)  # fmt: skip
TYPING_MS = 120
MOST_AT_ONCE = 500
"""Files that are handed over by one form."""


class CaseloadPresenter(QObject):
    """Reads pages as they come into sight. A child of its view."""

    def __init__(self, view: CaseloadScreen, office: Office, model: CaseloadModel) -> None:
        super().__init__(view)
        self._view, self._office, self._model = view, office, model
        self.choice = Choice()
        self.saved = SavedFilters()
        self.total = 0
        self._turn = 0
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self.reload)
        model.page_wanted.connect(self._read_page)
        view.filter_chosen.connect(self.keep)
        view.text_typed.connect(self._on_text)
        view.sort_asked.connect(self.sort_by)
        view.save_asked.connect(self.save_as)
        view.saved_chosen.connect(self.use_saved)
        view.default_asked.connect(self.make_default)
        view.forget_asked.connect(self.forget_saved)
        view.opened.connect(lambda file_id: office.open_file(FileId(file_id)))
        view.handover_asked.connect(self.hand_over)
        office.changed.connect(self._on_changed)
        office.conflicts.changed.connect(self._on_differing)
        self._on_differing()

    @Slot()
    def _on_differing(self) -> None:
        self._model.follow_differing(self._office.conflicts.kinds_of)

    def start(self) -> None:
        """Read the saved filters, and begin with the one that was chosen to begin with."""
        job = self._office.jobs.run(self, lambda: settings.get(self._office.work, SETTING))
        job.done.connect(self._on_saved_read)
        job.refused.connect(self._on_saved_unread)
        job.broken.connect(self._on_saved_unread)
        choices = self._office.read(self, caseload_choices)
        choices.done.connect(self._view.filter_bar.offer)

    # --- filter and order ---

    def keep(self, keep: CaseloadFilter) -> None:
        """Show what this filter keeps."""
        if keep != self.choice.keep:
            self.use(replace(self.choice, keep=keep))

    def sort_by(self, column: Column) -> None:
        """Order by a column; the same column again turns the order round."""
        sort = SORT_OF[column]
        turned = not self.choice.descending if sort == self.choice.sort else False
        self.use(replace(self.choice, sort=sort, descending=turned))

    def use(self, choice: Choice) -> None:
        """Show what a choice keeps, in its order."""
        self.choice = choice
        self._view.show_choice(choice, self.saved)
        self.reload()

    def _on_text(self, text: str) -> None:
        self.choice = replace(self.choice, keep=replace(self.choice.keep, text=text))
        self._typing.start()

    # --- reading ---

    def reload(self) -> None:
        """Read what is in sight again. Rows stay until their successors are here."""
        self._typing.stop()
        self._turn += 1
        self._view.choose_one()
        self._model.forget_pages()
        first, last = self._view.rows_in_sight()
        # The first page to come says how many rows there are; it is the one in sight.
        self._model.want(first)
        if last >= first + PAGE_ROWS:
            self._model.want(last)

    def hand_over(self, rows: list[int]) -> None:
        """Open the form that gives the files of these rows to somebody; rows out of sight are read for it."""
        if len(rows) > MOST_AT_ONCE:
            words = self.tr("{0} files at most are handed over at once. Choose fewer, and the rest after them.")
            self._view.banner.say(words.format(MOST_AT_ONCE), "warning")
            return
        job = self._office.jobs.run(self, partial(self._files_of, self._office.work, self.choice, rows))
        job.done.connect(lambda files: start_handover(self._office, files))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    @staticmethod
    def _files_of(work: Work, choice: Choice, rows: list[int]) -> list[UUID]:
        today, now, wanted = today_in_london(work.clock), work.clock.now(), set(rows)
        found: list[UUID] = []
        for number in sorted({row // PAGE_ROWS for row in rows}):
            page = work.read(
                caseload_page,
                choice.keep,
                today,
                now,
                choice.sort,
                descending=choice.descending,
                offset=number * PAGE_ROWS,
            )
            found += [line.file_id for at, line in enumerate(page.lines, start=page.offset) if at in wanted]
        return found

    def _read_page(self, number: int) -> None:
        now, turn = self._office.clock.now(), self._turn
        job = self._office.read(
            self,
            caseload_page,
            self.choice.keep,
            today_in_london(self._office.clock),
            now,
            self.choice.sort,
            descending=self.choice.descending,
            offset=number * PAGE_ROWS,
        )
        job.done.connect(lambda page: self._on_page(page, turn))
        job.refused.connect(lambda error: self._on_refused(number, error))
        job.broken.connect(lambda: self._on_broken(number))

    def _on_page(self, page: CaseloadPage, turn: int) -> None:
        if turn != self._turn:
            return  # another filter or order was asked for since
        self.total = page.total
        self._view.banner.hide()
        self._model.put_page(page, today_in_london(self._office.clock))
        self._view.show_total(page.total, self.choice.keep)
        if not page.lines and page.total:
            self._model.want(page.total - 1)  # the rows in sight are gone: show the last that there are

    def _on_refused(self, number: int, error: Any) -> None:  # noqa: ANN401 - a DeskError through a Qt signal
        self._model.page_failed(number)
        self._view.banner.say_refused(error)

    def _on_broken(self, number: int) -> None:
        self._model.page_failed(number)
        self._view.banner.say_broken()

    def _on_changed(self, done: Done) -> None:
        if done.kinds & KINDS:
            self.reload()
            self._office.read(self, caseload_choices).done.connect(self._view.filter_bar.offer)

    # --- saved filters ---

    def save_as(self, name: str) -> None:
        """Keep the present choice under a name."""
        name = name.strip()
        if name:
            self._put(self.saved.with_choice(name, self.choice), self.tr("The filter is saved."))

    def use_saved(self, name: str) -> None:
        """Show what a saved filter keeps."""
        choice = self.saved.of(name)
        if choice is not None:
            self.use(choice)

    def make_default(self, name: str) -> None:
        """Open the caseload with this saved filter; "" opens it with none."""
        self._put(replace(self.saved, default=name), self.tr("The caseload will open this way."))

    def forget_saved(self, name: str) -> None:
        """Forget a saved filter; a notice offers it back."""
        before = self.saved
        self._put(before.without(name), "")
        self._office.messages.undoable(self.tr("The saved filter is gone."), lambda: self._put(before, ""))

    def _put(self, saved: SavedFilters, said: str) -> None:
        self.saved = saved
        self._view.show_choice(self.choice, saved)
        job = self._office.do(self, _put_filters, saved_to_json(saved))
        self._office.messages.follow(job)
        if said:
            job.done.connect(lambda _done: self._office.messages.notice(said))

    def _on_saved_read(self, value: object) -> None:
        self.saved = saved_from_json(value)
        opening = self.saved.of(self.saved.default)
        if opening is not None and self.choice == Choice():
            self.use(opening)
        else:
            self.use(self.choice)

    def _on_saved_unread(self, *_error: object) -> None:
        self.use(self.choice)


def _put_filters(work: Work, value: dict[str, Any]) -> Done:
    return settings.put(work, SETTING, value)
