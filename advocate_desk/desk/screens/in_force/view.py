"""What is in force tonight, on one page: every condition that binds, whom it protects, until when, who said so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from advocate_desk.casework.work import Done
from advocate_desk.clock import today_in_london
from advocate_desk.desk.dialogs.paper import show_paper
from advocate_desk.desk.forms.bail import condition_words
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.in_force.presenter import (
    InForcePresenter,
    breach_words,
    by_bail,
    by_client,
    fact_line,
    until_words,
)
from advocate_desk.desk.screens.list_words import grade_tone, grade_words
from advocate_desk.desk.slices import Slices
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, Card, EmptyState, SectionHeader, clear_layout, scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.conflict_flag import ConflictFlag
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.desk.widgets.safe_contact import ReasonAsked
from advocate_desk.desk.widgets.whose_choice import WhoseChoice
from advocate_desk.domain.days import long_day
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.justice import InForce

KINDS = frozenset({"bail", "breach", "condition", "criminal_case", "relationship", "person", "client_file"})
SOON_DAYS = 2


class InForceScreen(QWidget):
    """Conditions by client, the highest risk first."""

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.office = office
        self.file_id: UUID | None = None
        self.header = SectionHeader(self.tr("In force tonight"), role="display")
        self._asked: ReasonAsked | None = None
        self._shown_cards: dict[UUID, Card] = {}
        self._drawing = Slices(self)
        self._whose = WhoseChoice(office, "in_force", self.tr("Whose clients"))
        self.header.buttons.addWidget(self._whose)
        self._everybody = button(self.tr("Show the whole list"), "quiet", "users", clicked=self._show_all)
        self.header.buttons.addWidget(self._everybody)
        self.trouble = Banner()
        self._header_and_cards = inner = QWidget()
        self._area = scrolled(inner, 980)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        column = QVBoxLayout(inner)
        column.setContentsMargins(px(32), px(24), px(32), px(32))
        column.setSpacing(px(16))
        column.addWidget(self.header)
        column.addWidget(self.trouble)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(px(16))
        column.addLayout(self._cards)
        column.addStretch(1)
        self._presenter = InForcePresenter(self, office)
        office.changed.connect(self._on_changed)
        self._presenter.reload()

    def place(self) -> dict[str, Any]:
        """Whether one client's conditions are shown, and where the page is scrolled to."""
        return {
            "file_id": str(self.file_id) if self.file_id else "",
            "scroll": self._area.verticalScrollBar().value(),
        }

    def restore(self, place: dict[str, Any]) -> None:
        """Show one client's conditions, or the list for a place without one."""
        try:
            self.file_id = UUID(str(place.get("file_id", "")))
        except ValueError:
            self.file_id = None
        self._presenter.reload()
        self._area.verticalScrollBar().setValue(int(place.get("scroll", 0)))

    @Slot(object)
    def show_lines(self, lines: Sequence[InForce]) -> None:
        """Draw a card a client."""
        self.trouble.hide()
        clear_layout(self._cards)
        self._asked, self._shown_cards = None, {}
        self._everybody.setVisible(self.file_id is not None)
        self._whose.setVisible(self.file_id is None)
        clients = by_client(lines)
        day = long_day(today_in_london(self.office.clock))
        words = self.tr("Bail conditions that bind at the end of {day}: {count} clients.")
        if len(clients) == 1:
            words = self.tr("Bail conditions that bind at the end of {day}: one client.")
        self.header.set_text(words.format(day=day, count=len(clients)))
        if not clients:
            self._cards.addWidget(
                EmptyState(
                    "shield-off",
                    self.tr("No conditions are recorded for tonight in your files")
                    if self._presenter.mine and self.file_id is None
                    else self.tr("No conditions are recorded for tonight"),
                    self.tr(
                        "Nothing here does not mean that nothing binds: ask the officer, then record bail in the file."
                    ),
                )
            )
        self._drawing.run(self._draw_cards(clients))

    def _draw_cards(self, clients: Sequence[tuple[UUID, list[InForce]]]) -> Iterator[None]:
        inner = self._header_and_cards
        inner.setMinimumHeight(inner.height())  # else it would scroll to its top while it is short
        for file_id, many in clients:
            self._shown_cards[file_id] = self._card(file_id, many)
            self._cards.addWidget(self._shown_cards[file_id])
            yield
        inner.setMinimumHeight(0)

    def ask_reason(self, file_id: UUID, lines: Sequence[InForce], reasons: Sequence[str]) -> None:
        """Say in the client's card what stands against the half-sheet, and ask why it is made all the same."""
        self._close_asked()
        card = self._shown_cards.get(file_id)
        if card is None:  # no longer in the list
            return
        self._asked = ReasonAsked(self.office, f"half-sheet {file_id}", reasons, self.tr("Make it all the same"))
        self._asked.given.connect(partial(self._on_reason, file_id, lines))
        self._asked.refused.connect(self._close_asked)
        card.body.insertWidget(0, self._asked)
        self._asked.show()
        self._asked.reason.setFocus()

    def _on_reason(self, file_id: UUID, lines: Sequence[InForce], reason: str) -> None:
        self._close_asked()
        self._presenter.make_all_the_same(file_id, lines, reason)

    def _close_asked(self) -> None:
        if self._asked is not None:
            self._asked.hide()
            self._asked.deleteLater()
            self._asked = None

    def show_sheet(self, file_id: UUID, pdf: bytes) -> None:
        """Show the half-sheet before it is printed or saved."""
        show_paper(
            self,
            self.office,
            pdf,
            self.tr("In force tonight: half-sheet"),
            "sheet",
            partial(self._presenter.record_leaving, file_id),
            self.tr("It names the client and the officer. Hand it to nobody else."),
        )

    def _card(self, file_id: UUID, lines: list[InForce]) -> Card:
        first = lines[0]
        card = Card(first.client_name, parent=self._header_and_cards)
        card.head.addWidget(text_label(first.reference, "muted"))
        card.head.addWidget(Badge(grade_words(self.office.packs, first.risk_grade), grade_tone(first.risk_grade)))
        card.head.addWidget(
            button(
                self.tr("Open file"),
                "",
                "folder-open",
                clicked=partial(self.office.open_file, FileId(file_id), "bail"),
                tip=self.tr("Open the bail section of this file"),
            )
        )
        sheet = button(
            self.tr("Half-sheet"), "", "printer", clicked=partial(self._presenter.ask_sheet, file_id, tuple(lines))
        )
        sheet.setAccessibleName(self.tr("Half-sheet of {reference}").format(reference=first.reference))
        card.head.addWidget(sheet)
        kinds = {each.key: each.label for each in self.office.packs.bail_kinds().kind}
        for many in by_bail(lines):
            self._add_bail(card, many, kinds.get(many[0].bail_kind, many[0].bail_kind))
        return card

    def _add_bail(self, card: Card, lines: list[InForce], kind: str) -> None:
        first = lines[0]
        words = " · ".join(each for each in (kind, until_words(first)) if each)
        card.body.addWidget(text_label(words, "label", wrap=True))
        card.body.addWidget(ConflictFlag(card, self.office, first.bail_id))
        who = self.tr("Binds {name}").format(name=first.perpetrator_name)
        nobody = self.tr("Whom it binds is not recorded: choose the person in the form of the case")
        card.body.addWidget(text_label(who if first.perpetrator_name else nobody, "strong", wrap=True))
        self._add_breaches(card, breach_words(first.other_breaches, names_none=True))
        if first.expires_on is not None and not first.is_clock_paused:
            left = (first.expires_on - today_in_london(self.office.clock)).days
            if left <= SOON_DAYS:
                card.body.addWidget(Badge(self.tr("Ends within {days} days").format(days=SOON_DAYS), "warning"))
        for line in lines:
            card.body.addWidget(
                text_label(condition_words(self.office.packs, line.code, line.text), "strong", wrap=True)
            )
            fact = fact_line(self.office, line)
            if fact:
                card.body.addWidget(text_label(fact, "small", wrap=True))
            self._add_breaches(card, breach_words(line.breaches))
            differing = [each for each in (line.condition_id,) if each is not None]
            card.body.addWidget(ConflictFlag(card, self.office, *differing))
        force = self.office.packs.force(first.force)
        contact = " · ".join(
            each
            for each in (
                force.name if force else first.force,
                first.crime_ref,
                first.officer_name,
                first.officer_contact,
            )
            if each
        )
        if contact:
            card.body.addWidget(text_label(contact, "muted", wrap=True))

    def _add_breaches(self, card: Card, words: str) -> None:
        if words:
            card.body.addWidget(Badge(words, "danger"), 0, Qt.AlignmentFlag.AlignLeft)

    def _show_all(self) -> None:
        self.restore({})

    @Slot(object)
    def _on_changed(self, done: Done) -> None:
        if done.kinds & KINDS:
            self._presenter.reload()
