"""Settings: how the desk looks, when it locks, what letters say of the service, and how the vault is opened."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.settings.logo import LogoBox
from advocate_desk.desk.screens.settings.presenter import SettingsPresenter, Shown
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, Card, KeyValue, SectionHeader, scrolled
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.forms import Option
from advocate_desk.settings import IDLE_LOCK_CHOICES_S, THEMES, ComputerSettings, LockSettings

_TEXT_CHOICES = (100, 110, 125, 150, 175, 200)
_WIDEST = 900


class SettingsScreen(QWidget):
    """Everything that can be set. A change takes effect at once; there is nothing to save."""

    computer_chosen = Signal(object)  # ComputerSettings
    lock_chosen = Signal(object)  # LockSettings
    passphrase_asked = Signal()
    sheet_asked = Signal()
    key_asked = Signal()

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._computer = office.computer
        self._lock = LockSettings()
        page = QWidget()
        self._area = scrolled(page, _WIDEST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        column = QVBoxLayout(page)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(16))
        column.addWidget(SectionHeader(self.tr("Settings"), self.tr("A change takes effect at once."), role="display"))
        self.banner = Banner()
        column.addWidget(self.banner)
        for card in (self._appearance(), self._locking(), self._letters(), self._team(), self._vault()):
            column.addWidget(card)
        column.addStretch(1)
        self._show_computer()
        self.presenter = SettingsPresenter(self, office)

    def place(self) -> dict[str, Any]:
        """How far it is scrolled."""
        return {"scroll": self._area.verticalScrollBar().value()}

    def restore(self, place: dict[str, Any]) -> None:
        """Scroll back."""
        self._area.verticalScrollBar().setValue(int(place.get("scroll", 0)))

    def focus_first(self) -> None:
        """Go to the first choice."""
        self.theme_choice.setFocus()

    def reload(self) -> None:
        """Read the settings again."""
        self.presenter.refresh()

    def show_settings(self, shown: Shown) -> None:
        """Show what is kept in the caseload."""
        self._lock = shown.lock
        self.idle_choice.set_value(str(shown.lock.idle_lock_s))
        self.lock_with_screen.blockSignals(True)
        self.lock_with_screen.setChecked(shown.lock.lock_with_screen)
        self.lock_with_screen.blockSignals(False)
        for facts, found in ((self._service_facts, shown.service), (self._worker_facts, shown.worker)):
            facts.clear()
            for name, value in found:
                facts.add(name, value)
        self.logo.show_logo(shown.logo)

    def show_top(self) -> None:
        """Scroll to what was just said, at the top."""
        self._area.verticalScrollBar().setValue(0)

    # --- cards ---

    def _appearance(self) -> Card:
        card = Card(self.tr("Appearance"), "sun")
        themes = (
            Option("light", self.tr("Light")),
            Option("dark", self.tr("Dark")),
            Option("high_contrast", self.tr("High contrast")),
        )
        self.theme_choice = SegmentedControl(themes, self.tr("Theme"), can_clear=False)
        self.theme_choice.chosen.connect(self._on_theme)
        sizes = tuple(Option(str(size), f"{size}%") for size in _TEXT_CHOICES)
        self.size_choice = SegmentedControl(sizes, self.tr("Text size"), can_clear=False)
        self.size_choice.chosen.connect(self._on_size)
        self.hide_away = QCheckBox(self.tr("Hide the screen when another window is used"))
        self.hide_away.toggled.connect(self._on_hide_away)
        _labelled(card, self.tr("Theme"), self.theme_choice)
        _labelled(card, self.tr("Text size"), self.size_choice, self.tr("Ctrl++ and Ctrl+- change it anywhere."))
        card.body.addWidget(self.hide_away)
        card.body.addWidget(
            text_label(
                self.tr("For desks that are shared. F9 hides and shows the screen at any time."), "small", wrap=True
            )
        )
        return card

    def _locking(self) -> Card:
        card = Card(self.tr("Locking"), "lock")
        minutes = tuple(Option(str(each), self.tr("{0} min").format(each // 60)) for each in IDLE_LOCK_CHOICES_S)
        self.idle_choice = SegmentedControl(minutes, self.tr("Lock after"), can_clear=False)
        self.idle_choice.chosen.connect(self._on_idle)
        self.lock_with_screen = QCheckBox(self.tr("Lock when the computer sleeps or its own screen locks"))
        self.lock_with_screen.toggled.connect(self._on_lock_with_screen)
        hint = self.tr("Without a key or a click. What is half typed is kept, and open again after the passphrase.")
        _labelled(card, self.tr("Lock after"), self.idle_choice, hint)
        card.body.addWidget(self.lock_with_screen)
        return card

    def _letters(self) -> Card:
        card = Card(self.tr("What letters say"), "mail")
        holder = QWidget()
        beside = FlowLayout(holder, px(32), px(340))
        self._service_facts, self._worker_facts = KeyValue(), KeyValue()
        self.logo = LogoBox()
        both = (
            (self.tr("Your service"), self._service_facts, "letterhead", self.tr("Change the letterhead")),
            (self.tr("You"), self._worker_facts, "worker", self.tr("Change your details")),
        )
        for title, facts, form, words in both:
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(px(8))
            column.addWidget(text_label(title, "subheading"))
            column.addWidget(facts)
            column.addWidget(button(words, icon="pencil", clicked=partial(self._office.open_form, form)))
            if form == "letterhead":
                column.addWidget(self.logo)
            column.addStretch(1)
            beside.addWidget(part)
        card.body.addWidget(holder)
        return card

    def _team(self) -> Card:
        card = Card(self.tr("Team"), "users")
        words = self.tr("Desks of one organisation share client files through a hub that can read none of them.")
        card.body.addWidget(text_label(words, "muted", wrap=True))
        card.body.addWidget(
            button(self.tr("Team and devices…"), icon="users", clicked=partial(self._office.go, "team"))
        )
        return card

    def _vault(self) -> Card:
        card = Card(self.tr("Opening the desk"), "key-round")
        words = self.tr(
            "The caseload is encrypted with a key that only your passphrase on this computer, or the recovery sheet, "
            "can open. Nobody can reset it for you."
        )
        card.body.addWidget(text_label(words, "muted", wrap=True))
        holder = QWidget()
        row = FlowLayout(holder, px(8))
        row.addWidget(button(self.tr("Change the passphrase"), icon="key-round", clicked=self.passphrase_asked.emit))
        row.addWidget(button(self.tr("Make a new recovery sheet"), icon="printer", clicked=self.sheet_asked.emit))
        row.addWidget(button(self.tr("Change the database key…"), icon="shield", clicked=self.key_asked.emit))
        row.addWidget(button(self.tr("Backups…"), icon="history", clicked=partial(self._office.go, "backups")))
        card.body.addWidget(holder)
        hint = self.tr("A new database key is for when a copy of the desk, the passphrase or the sheet got away.")
        card.body.addWidget(text_label(hint, "small", wrap=True))
        if self._office.vault is None:
            card.hide()
        return card

    # --- what was chosen ---

    def _show_computer(self) -> None:
        self.theme_choice.set_value(self._computer.theme)
        nearest = min(_TEXT_CHOICES, key=lambda size: abs(size - self._computer.text_percent))
        self.size_choice.set_value(str(nearest))
        self.hide_away.blockSignals(True)
        self.hide_away.setChecked(self._computer.hide_on_deactivate)
        self.hide_away.blockSignals(False)

    def _choose_computer(self, computer: ComputerSettings) -> None:
        self._computer = computer
        self.computer_chosen.emit(computer)

    def _on_theme(self, key: str) -> None:
        self._choose_computer(replace(self._computer, theme=key if key in THEMES else "light"))

    def _on_size(self, key: str) -> None:
        self._choose_computer(replace(self._computer, text_percent=int(key)))

    def _on_hide_away(self, is_on: bool) -> None:
        self._choose_computer(replace(self._computer, hide_on_deactivate=is_on))

    def _choose_lock(self, lock: LockSettings) -> None:
        self._lock = lock
        self.lock_chosen.emit(lock)

    def _on_idle(self, key: str) -> None:
        self._choose_lock(replace(self._lock, idle_lock_s=int(key)))

    def _on_lock_with_screen(self, is_on: bool) -> None:
        self._choose_lock(replace(self._lock, lock_with_screen=is_on))


def _labelled(card: Card, label: str, control: QWidget, hint: str = "") -> None:
    card.body.addWidget(text_label(label, "label"))
    card.body.addWidget(control)
    if hint:
        card.body.addWidget(text_label(hint, "small", wrap=True))
    card.body.addSpacing(px(8))
