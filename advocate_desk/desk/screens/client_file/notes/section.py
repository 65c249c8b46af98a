"""Notes: what was said and tried, newest first, by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from advocate_desk.clock import in_london, today_in_london
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.notes.items import AttemptItem, NoteItem
from advocate_desk.desk.screens.client_file.notes.presenter import NotesPresenter
from advocate_desk.desk.screens.client_file.parts import FileSection
from advocate_desk.desk.screens.list_words import full_day
from advocate_desk.desk.widgets.boxes import EmptyState
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.widgets.redrawn import Redrawn
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.notes import AttemptLine, ContactHistory, NoteLine


class NotesSection(FileSection):
    """A timeline. Its presenter reads; it draws and says what is asked."""

    kinds = frozenset({"contact_note", "contact_attempt"})

    older_asked = Signal()

    def __init__(self, office: Office, file_id: FileId) -> None:
        super().__init__(office, file_id)
        self.header.title.setText(self.tr("Notes and attempts"))
        self.header.set_text(self.tr("Notes are never changed in place: an amendment stands before the old one."))
        self.header.show()
        attempt = button(self.tr("Record attempt"), "", "phone-call", partial(self.open_form, "attempt"))
        note = button(self.tr("Add note"), "", "notebook-pen", partial(self.open_form, "note"))
        self.header.buttons.addWidget(attempt, 0, Qt.AlignmentFlag.AlignTop)
        self.header.buttons.addWidget(note, 0, Qt.AlignmentFlag.AlignTop)
        self._list = Redrawn(spacing=10)
        self._list.drawn.connect(self.settle)
        self.body.addWidget(self._list)
        self._older = button(self.tr("Show older notes"), "", "history", self.older_asked.emit)
        self._older.hide()
        self.body.addWidget(self._older)
        self.body.addStretch(1)
        self.items: list[NoteItem] = []
        self._presenter = NotesPresenter(self, office, file_id)

    def reload(self) -> None:
        """Read and draw again."""
        self._presenter.reload()

    @Slot(object)
    def show_history(self, history: ContactHistory) -> None:
        """Draw the timeline anew."""
        self.trouble.hide()
        self._list.draw_anew(partial(self._draw, history))

    def _draw(self, history: ContactHistory, place: QVBoxLayout) -> Iterator[None]:
        """What happened, one after the other, under its days."""
        items: list[NoteItem] = []
        last: date | None = None
        rows: list[tuple[datetime, NoteLine | AttemptLine]] = [(each.happened_at, each) for each in history.notes]
        rows += [(each.attempted_at, each) for each in history.attempts]
        for moment, happened in sorted(rows, key=lambda each: each[0], reverse=True):
            day = in_london(moment).date()
            if day != last:
                place.addWidget(text_label(self._day_words(day), "overline"))
                last = day
            place.addWidget(self._item(happened, history, items))
            yield
        if not rows:
            place.addWidget(self._empty())
        self.items = items
        self._older.setVisible(history.more > 0)

    def _item(self, happened: NoteLine | AttemptLine, history: ContactHistory, items: list[NoteItem]) -> QWidget:
        if isinstance(happened, AttemptLine):
            return AttemptItem(self.office.packs, happened)
        item = NoteItem(self.office.packs, happened, history.amended)
        item.amend_asked.connect(self._on_amend)
        items.append(item)
        return item

    def _empty(self) -> QWidget:
        empty = EmptyState(
            "notebook-pen",
            self.tr("No notes yet"),
            self.tr("Write down each contact as it happens: what was said, what was agreed, what comes next."),
            self.tr("Add the first note"),
        )
        empty.acted.connect(partial(self.open_form, "note"))
        return empty

    def _day_words(self, day: date) -> str:
        days = (today_in_london(self.office.clock) - day).days
        if days == 0:
            return self.tr("Today, {0}").format(full_day(day))
        return self.tr("Yesterday, {0}").format(full_day(day)) if days == 1 else full_day(day)

    def _on_amend(self, note_id: object) -> None:
        self.open_form("amend_note", note_id=note_id)
