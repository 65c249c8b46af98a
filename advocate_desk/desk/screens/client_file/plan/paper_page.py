"""Taking the plan onto paper: the full plan, or a card that does not say what it is; first, whether that is safe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from advocate_desk.desk.dialogs.paper import PaperDialog, show_paper
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.plan.papers import (
    CardLine,
    PlanWishes,
    card,
    card_lines,
    card_rules,
    contact_rule,
    full_plan,
    telling,
)
from advocate_desk.desk.screens.client_file.plan.presenter import PlanPicture, PlanPresenter
from advocate_desk.desk.theme import px, set_role
from advocate_desk.desk.widgets.boxes import Banner, Card, KeyValue, SectionHeader, clear_layout
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.contact import Verdict, may_give_paper
from advocate_desk.domain.forms import Option

FULL, CARD = "full", "card"
_FITS_AFTER_MS = 350


class CardRow(QWidget):
    """One line of the card: whether it is on, and in which words."""

    changed = Signal()

    def __init__(self, office: Office, line: CardLine) -> None:
        super().__init__()
        self._office, self._line = office, line
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(2))
        row = QHBoxLayout()
        row.setSpacing(px(10))
        self.box = QCheckBox()
        self.box.setChecked(line.is_on)
        self.box.setAccessibleName(self.tr("On the card: {line}").format(line=line.text))
        self.edit = QLineEdit(line.text)
        self.edit.setCursorPosition(0)
        self.edit.setAccessibleName(self.tr("Words on the card, under {heading}").format(heading=line.heading))
        self._problem = text_label("", "problem", wrap=True)
        row.addWidget(self.box)
        row.addWidget(self.edit, 1)
        column.addLayout(row)
        column.addWidget(self._problem)
        self.box.toggled.connect(self._on_changed)
        self.edit.textChanged.connect(self._on_changed)
        self._check()

    def line(self) -> CardLine:
        """The line as it stands."""
        return replace(self._line, text=self.edit.text(), is_on=self.box.isChecked())

    def _on_changed(self) -> None:
        self._check()
        self.changed.emit()

    def _check(self) -> None:
        word = telling(self.edit.text(), self._office.packs) if self.box.isChecked() else ""
        words = self.tr("“{word}” tells what the card is about. Say it in other words.").format(word=word)
        self._problem.setText(words if word else "")
        self._problem.setVisible(bool(word))
        set_role(self.edit, problem="true" if word else "false")


class PaperPage(QWidget):
    """Chooses the paper, asks whether it is safe, and shows it before it leaves."""

    back_asked = Signal()

    def __init__(self, office: Office, presenter: PlanPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office, self._presenter = office, presenter
        self._found: PlanPicture | None = None
        self._rows: list[CardRow] = []
        self._kept: dict[str, Any] = {}
        self.dialog: PaperDialog | None = None
        self.trouble = Banner()
        self._fitting = QTimer(self, singleShot=True, interval=_FITS_AFTER_MS)
        self._fitting.timeout.connect(self._try_fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(16), px(24), px(24))
        column.setSpacing(px(16))
        self._back = button(self.tr("Back to the plan"), "link", "arrow-left", self.back_asked.emit)
        column.addWidget(self._back)
        column.addWidget(
            SectionHeader(self.tr("On paper"), self.tr("You see the exact page before it is saved or printed."))
        )
        options = (Option(FULL, self.tr("Full plan")), Option(CARD, self.tr("Discreet card")))
        self.which = SegmentedControl(options, self.tr("Which paper"), can_clear=False)
        self.which.set_value(FULL)
        self.which.chosen.connect(self._on_which)
        column.addWidget(self.which)
        column.addWidget(self.trouble)
        column.addWidget(self._draw_guard())
        self._papers = {FULL: self._draw_full(), CARD: self._draw_card()}
        for name, paper in self._papers.items():
            column.addWidget(paper)
            paper.setVisible(name == FULL)
        column.addStretch(1)

    def show_picture(self, found: PlanPicture) -> None:
        """Show what the papers would be made of; words already typed stay."""
        self._kept = self.place()
        self._found = found
        plan = found.current
        self._rule.clear()
        nobody = self.tr("Nobody has recorded where the client keeps it: ask first")
        self._rule.add(self.tr("Kept"), (plan.kept_where if plan else "") or nobody)
        self._rule.add(self.tr("Contact rule"), contact_rule(found))
        self._show_verdict(self._verdict())
        self._draw_rows(found)
        self._update()

    def place(self) -> dict[str, Any]:
        """What was chosen and typed."""
        return {
            "which": self.which.value(),
            "title": self._title.text(),
            "contact": self._contact.text(),
            "reason": self.reason.text(),
            "service": self._service.isChecked(),
            "card_title": self._card_title.text(),
            "lines": {line.key: [line.is_on, line.text] for line in self.lines()} or self._kept.get("lines", {}),
        }

    def restore(self, place: dict[str, Any]) -> None:
        """Show what was chosen and typed. Whether it is safe is asked again."""
        self._kept = dict(place)
        self.choose(str(place.get("which") or FULL))
        self._title.setText(str(place.get("title") or PlanWishes().title))
        self._contact.setText(str(place.get("contact") or ""))
        self.reason.setText(str(place.get("reason") or ""))
        self._service.setChecked(bool(place.get("service")))
        self._card_title.setText(str(place.get("card_title") or card_rules(self._office.packs).title))
        if self._found is not None:
            self._draw_rows(self._found)

    def choose(self, which: str) -> None:
        """Show the full plan's or the card's choices."""
        self.which.set_value(which)
        self._on_which(which)

    def focus_first(self) -> None:
        """Go to the choice of paper."""
        self.is_safe.setChecked(False)
        self.which.setFocus(Qt.FocusReason.OtherFocusReason)

    def lines(self) -> tuple[CardLine, ...]:
        """The card's lines as they stand."""
        return tuple(row.line() for row in self._rows)

    # --- drawing ---

    def _draw_guard(self) -> Card:
        card_box = Card(self.tr("Is it safe to have this on paper?"), "shield-question-mark")
        words = self.tr(
            "Hand it over, send it or leave it only where the client’s own rule says that the way and the place are "
            "safe. The perpetrator must never find it."
        )
        card_box.body.addWidget(text_label(words, wrap=True))
        self._rule = KeyValue()
        card_box.body.addWidget(self._rule)
        self._against: QLabel = text_label("", "problem", wrap=True)
        self.reason = QLineEdit()
        self.reason.setAccessibleName(self.tr("Reason for going against the safe-contact rule"))
        self.reason.setPlaceholderText(self.tr("Such as: her sister keeps it for her"))
        self.reason.setMaxLength(300)
        self.reason.textChanged.connect(self._on_typed)
        card_box.body.addWidget(self._against)
        card_box.body.addWidget(self.reason)
        self.is_safe = QCheckBox(self.tr("I have asked: this paper is safe in this place and by this way"))
        self.is_safe.setAccessibleName(self.is_safe.text())
        self.is_safe.toggled.connect(self._update)
        card_box.body.addWidget(self.is_safe)
        return card_box

    def _draw_full(self) -> QWidget:
        card_box = Card(self.tr("Full plan"), "file-text")
        self._title, self._contact = QLineEdit(PlanWishes().title), QLineEdit()
        self._contact.setPlaceholderText(self.tr("A first name and a number, or nothing"))
        self._service = QCheckBox(self.tr("Name our service on the paper"))
        for name, edit in ((self.tr("Title"), self._title), (self.tr("Who to ask"), self._contact)):
            self._add_line(card_box, name, edit)
        card_box.body.addWidget(self._service)
        self._service.setAccessibleName(self._service.text())
        self._service.toggled.connect(self._on_typed)
        self._preview_plan = button(self.tr("Full plan (PDF)"), "primary", "", self.preview_plan)
        card_box.body.addSpacing(px(8))
        card_box.body.addWidget(self._preview_plan)
        return card_box

    def _draw_card(self) -> QWidget:
        card_box = Card(self.tr("Discreet card"), "id-card")
        words = self.tr("Wallet size, folded once. It looks like ordinary notes; words that would tell are refused.")
        card_box.body.addWidget(text_label(words, "muted", wrap=True))
        self._card_title = QLineEdit(card_rules(self._office.packs).title)
        self._add_line(card_box, self.tr("Title of the card"), self._card_title)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(px(8))
        card_box.body.addLayout(self._lines)
        self._fit: QLabel = text_label("", "muted", wrap=True)
        card_box.body.addWidget(self._fit)
        self._preview_card = button(self.tr("Discreet card (PDF)"), "primary", "", self.preview_card)
        card_box.body.addWidget(self._preview_card)
        return card_box

    def _add_line(self, card_box: Card, name: str, edit: QLineEdit) -> None:
        label = text_label(name, "label")
        label.setBuddy(edit)
        edit.setAccessibleName(name)
        edit.setMaxLength(80)
        edit.setMaximumWidth(px(420))
        edit.textChanged.connect(self._on_typed)
        card_box.body.addWidget(label)
        card_box.body.addWidget(edit)

    def _draw_rows(self, found: PlanPicture) -> None:
        clear_layout(self._lines)
        self._rows = []
        typed: dict[str, Any] = self._kept.get("lines") or {}
        heading = ""
        for line in card_lines(found, self._office.packs):
            if line.key in typed:
                is_on, text = typed[line.key]
                line = replace(line, is_on=bool(is_on), text=str(text))  # noqa: PLW2901 - what was typed goes first
            if line.heading != heading:
                heading = line.heading
                self._lines.addWidget(text_label(heading, "overline"))
            row = CardRow(self._office, line)
            row.changed.connect(self._on_typed)
            self._rows.append(row)
            self._lines.addWidget(row)
        if not self._rows:
            self._lines.addWidget(text_label(self.tr("The plan has no action still to do."), "muted"))
        self._fitting.start()

    # --- what happens ---

    def _verdict(self) -> Verdict:
        alerts = [each.kind for each in self._found.view.file.banner.alerts] if self._found else []
        plan = self._found.current if self._found else None
        return may_give_paper(alerts, plan.kept_where if plan else "")

    def _show_verdict(self, said: Verdict) -> None:
        """Say what stands against a paper, and ask why it is made all the same."""
        ask = self.tr("To go on all the same, say why. It is kept in the file’s history.")
        self._against.setText(" ".join((*said.reasons, ask)))
        for each in (self._against, self.reason):
            each.setVisible(not said.allowed)

    def _make(self, what: str, title: str, word: str, compose: Callable[[], bytes]) -> None:
        """Keep the reason where her rule stands against a paper, then make it and show it."""
        show = partial(self._show, word, title, what)
        if self._verdict().allowed:
            self._presenter.make(compose, show, self.trouble)
        else:
            self._presenter.make_against(what, self.reason.text(), compose, show, self.trouble)

    def preview_plan(self) -> None:
        """Make the full plan and show it."""
        if self._found is not None and self._found.current is not None:
            wishes = PlanWishes(self._title.text(), self._contact.text(), self._service.isChecked())
            compose = partial(full_plan, self._office, self._found, wishes)
            self._make("safety_plan", self.tr("Full plan"), "plan", compose)

    def preview_card(self) -> None:
        """Make the card and show it."""
        compose = partial(card, self._office, self.lines(), self._card_title.text())
        self._make("plan_card", self.tr("Discreet card"), "notes", compose)

    def _show(self, word: str, title: str, what: str, pdf: bytes) -> None:
        self.trouble.hide()
        kept = self._found.current.kept_where if self._found and self._found.current else ""
        caution = self.tr("Only where the client’s rule says that it is safe.")
        if kept:
            caution += " " + self.tr("Kept: {where}.").format(where=kept)
        record = partial(self._presenter.record_leaving, what)
        self.dialog = show_paper(self, self._office, pdf, title, word, record, caution)

    def _try_fit(self) -> None:
        if self._found is None or self.which.value() != CARD:
            return
        job = self._office.jobs.run(self, partial(card, self._office, self.lines(), self._card_title.text()))
        job.done.connect(lambda _pdf: self._say_fit(self.tr("It fits on one card.")))
        job.refused.connect(lambda error: self._say_fit(error.advice))

    def _say_fit(self, words: str) -> None:
        self._fit.setText(words)

    def _on_which(self, which: str) -> None:
        for name, paper in self._papers.items():
            paper.setVisible(name == which)
        self._fitting.start()
        self._on_typed()

    def _on_typed(self) -> None:
        self._office.drafts.touch()
        self._fitting.start()
        self._update()

    def _update(self) -> None:
        is_answered = self._verdict().allowed or bool(self.reason.text().strip())
        is_there = self._found is not None and self._found.current is not None
        is_ready = self.is_safe.isChecked() and is_there and is_answered
        wanting = self.tr("First say that the paper is safe") if is_answered else self.tr("First say why")
        for each in (self._preview_plan, self._preview_card):
            each.setEnabled(is_ready)
            each.setToolTip("" if is_ready else wanting)
