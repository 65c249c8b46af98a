"""Letters: what was written for her, exactly as it left, and the register of everything told to others."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from advocate_desk.clock import in_london
from advocate_desk.desk.forms.values import day_words
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.letters.model import RegisterModel, ground_words
from advocate_desk.desk.screens.client_file.letters.papers import KeptLetter
from advocate_desk.desk.screens.client_file.letters.presenter import LettersPresenter
from advocate_desk.desk.screens.client_file.parts import FileSection
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Card, EmptyState, KeyValue, clear_layout
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.desk.widgets.tables import DataTable
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.letter_facts import PapersView
from advocate_desk.store.queries.papers import DisclosureLine, LetterLine

MOST_ROWS = 8  # of the register at once; it scrolls
TITLES = {"L_COURT": "Court support letter"}


class LettersSection(FileSection):
    """Every letter of the file as a card, the newest first, and below them the disclosure register."""

    kinds = frozenset({"letter", "disclosure", "stored_document", "consent"})

    def __init__(self, office: Office, file_id: FileId, parent: QWidget | None = None) -> None:
        super().__init__(office, file_id, parent=parent)
        self.header.title.setText(self.tr("Letters"))
        self.header.set_text(self.tr("Each letter is kept exactly as it left, with what it told, to whom and why."))
        self.header.show()
        self.header.buttons.addWidget(
            button(self.tr("New letter"), "primary", "plus", clicked=lambda: self.open_form("letter")),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        self._cards = QVBoxLayout()
        self._cards.setSpacing(px(16))
        self.body.addLayout(self._cards)
        self._register_title = text_label(self.tr("Disclosure register of this file"), "heading", wrap=True)
        self.model = RegisterModel(office.packs, self)
        self.register = DataTable(self.tr("Disclosure register of this file"), two_lines=True)
        self.register.setModel(self.model)
        self.register.set_widths(190, 230, 0, 220)
        self.register.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self._register_title)
        self.body.addWidget(self.register)
        self.body.addStretch(1)
        for each in (self._register_title, self.register):
            each.hide()
        self._presenter = LettersPresenter(self, office, file_id)

    def reload(self) -> None:
        """Read and draw again."""
        self._presenter.reload()

    @Slot(object)
    def show_view(self, view: PapersView) -> None:
        """Draw the letters and the register."""
        self.trouble.hide()
        clear_layout(self._cards)
        told = {each.letter_id: each for each in reversed(view.disclosures) if each.letter_id is not None}
        for line in view.letters:
            self._cards.addWidget(self._card(line, told.get(line.letter_id)))
        if not view.letters:
            self._cards.addWidget(self._empty())
        self.model.set_lines(view.disclosures)
        rows = min(len(view.disclosures), MOST_ROWS)
        self.register.setFixedHeight(px(40) + rows * px(54) + px(6))
        for each in (self._register_title, self.register):
            each.setVisible(bool(rows))
        self.settle()

    def _empty(self) -> EmptyState:
        empty = EmptyState(
            "mail",
            self.tr("No letter yet"),
            self.tr(
                "A court support letter tells the court who you are, what would help her there, and nothing more. "
                "It is filled in from this file and shown to you before it is kept."
            ),
            self.tr("Write a court support letter"),
        )
        empty.acted.connect(lambda: self.open_form("letter"))
        return empty

    def _card(self, line: LetterLine, told: DisclosureLine | None) -> Card:
        packs = self.office.packs
        card = Card(self.tr(TITLES.get(line.template.upper(), line.template)), "file-check")
        kind = packs.label("addressee_kind", line.addressee_kind)
        card.head.addWidget(Badge(kind, "info", "landmark"), 0, Qt.AlignmentFlag.AlignTop)
        at = in_london(line.made_at)
        facts = KeyValue([(self.tr("To"), line.addressee)])
        facts.add(
            self.tr("Made"), self.tr("{0} at {1} by {2}").format(day_words(at.date()), f"{at:%H:%M}", line.made_by)
        )
        if told is not None:
            facts.add(self.tr("It told"), ", ".join(told.what or ()))
            facts.add(self.tr("Ground"), " · ".join(part for part in ground_words(packs, told) if part))
            if told.necessity:
                facts.add(self.tr("Why needed"), told.necessity)
        card.body.addWidget(facts)
        card.body.addSpacing(px(4))
        card.body.addWidget(self._buttons(line, f"{day_words(at.date())}, {at:%H:%M}"))
        return card

    def _buttons(self, line: LetterLine, when: str) -> QWidget:
        holder = QWidget()
        row = FlowLayout(holder, px(8))
        letter_id = line.letter_id
        for label, role, icon, run in (
            (self.tr("Open"), "", "eye", partial(self.open_letter, letter_id)),
            (self.tr("Save to disk…"), "quiet", "download", partial(self.open_letter, letter_id, "save")),
            (self.tr("Print…"), "quiet", "printer", partial(self.open_letter, letter_id, "print")),
            (
                self.tr("Make a new one from this"),
                "quiet",
                "copy",
                partial(self.open_form, "letter", from_letter=letter_id),
            ),
        ):
            made = button(label, role, icon, clicked=run)
            made.setAccessibleName(self.tr("{0}: letter of {1}").format(label, when))
            row.addWidget(made)
        return holder

    def open_letter(self, letter_id: UUID, then: str = "") -> None:
        """Open a kept letter, proved against its hash; `then` "save" or "print" goes on to that."""
        KeptLetter(self, self, self.office, self.file_id, RecordId(letter_id)).open(then)
