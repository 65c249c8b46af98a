"""Overview: what matters in this file now, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout

from advocate_desk.casework.drafts import Draft
from advocate_desk.clock import today_in_london
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.overview.first_days import FirstDaysStrip
from advocate_desk.desk.screens.client_file.overview.next_card import next_card
from advocate_desk.desk.screens.client_file.overview.paper_cards import (
    alerts_card,
    consents_card,
    needs_card,
    referrals_card,
)
from advocate_desk.desk.screens.client_file.overview.presenter import OverviewPresenter
from advocate_desk.desk.screens.client_file.overview.work_cards import contacts_card, risk_card, tasks_card
from advocate_desk.desk.screens.client_file.parts import Columns, FileSection
from advocate_desk.desk.screens.list_words import full_day
from advocate_desk.desk.widgets.boxes import Banner
from advocate_desk.desk.widgets.redrawn import Redrawn
from advocate_desk.domain.files import first_days
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.overview import OverviewView


class OverviewSection(FileSection):
    """Cards in two columns. Its presenter reads; it draws and says what is asked."""

    kinds = frozenset(
        {"client_file", "person", "relationship", "referral", "consent", "access_need", "alert", "contact_note",
         "contact_attempt", "task", "risk_assessment", "safety_plan", "criminal_case", "hearing", "bail"}
    )  # fmt: skip

    task_done = Signal(object)  # RecordId
    task_reopened = Signal(object)
    remove_asked = Signal(str, object)  # kind of record, RecordId
    section_asked = Signal(str)

    def __init__(self, office: Office, file_id: FileId) -> None:
        super().__init__(office, file_id)
        self._drafts: tuple[Draft, ...] = ()
        self.waiting = Banner(can_dismiss=False)
        self.waiting.acted.connect(self._continue_draft)
        self.closed = Banner(can_dismiss=False)
        self.closed.acted.connect(lambda: self.open_form("file_status"))
        self.strip = FirstDaysStrip()
        self.cards = Redrawn()
        self.cards.drawn.connect(self.settle)
        for widget in (self.closed, self.waiting, self.strip, self.cards):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self._presenter = OverviewPresenter(self, office, file_id)

    def reload(self) -> None:
        """Read and draw again."""
        self._presenter.reload()

    @Slot(object)
    def show_view(self, view: OverviewView) -> None:
        """Draw the cards anew."""
        self.trouble.hide()
        self._show_closed(view)
        self._show_first_days(view)
        self.cards.draw_anew(partial(self._draw, view), at_once=False)  # read twice at once, it is drawn once

    def _draw(self, view: OverviewView, place: QVBoxLayout) -> Iterator[None]:
        """The cards one by one."""
        columns = Columns()
        columns.fold_at(self.cards.width())
        place.addWidget(columns)
        for side, makers in (
            (columns.left, (next_card, tasks_card, contacts_card)),
            (columns.right, (risk_card, alerts_card, referrals_card, consents_card, needs_card)),
        ):
            for make in makers:
                side.addWidget(make(self, view))
                yield
        columns.end()

    def show_drafts(self, drafts: Sequence[Draft]) -> None:
        """Say that something for this file was left half done."""
        self._drafts = tuple(drafts)
        if not drafts:
            self.waiting.hide()
            return
        title = str(drafts[0].payload.get("title") or self.tr("a form"))
        words = self.tr("Left half done: {0}.").format(title)
        if len(drafts) > 1:
            words = self.tr("Left half done: {0}, and {1} more.").format(title, len(drafts) - 1)
        self.waiting.say(words, "info", self.tr("Continue"))

    def _continue_draft(self) -> None:
        if self._drafts:
            one = self._drafts[0]
            self.office.reopen_form(one.form, dict(one.params), dict(one.payload))

    def _show_closed(self, view: OverviewView) -> None:
        if view.file.banner.status != "closed":
            self.closed.hide()
            return
        reason = self.office.packs.label("closure_reason", view.file.closure_reason)
        day = full_day(view.file.closed_on) if view.file.closed_on else ""
        self.closed.say(
            self.tr("This file was closed on {0}: {1}.").format(day, reason), "info", self.tr("Open it again")
        )

    def _show_first_days(self, view: OverviewView) -> None:
        standards, today = self.office.packs.contact_standards(), today_in_london(self.office.clock)
        reported = view.reported_on
        window = first_days(reported, standards.first_days, standards.first_days_contact) if reported else None
        if window is None or not window.holds(today):
            self.strip.hide()
            return
        tasks = [each for each in view.tasks if each.origin == "first_five_days"]
        self.strip.show_days(window, today, tasks)
