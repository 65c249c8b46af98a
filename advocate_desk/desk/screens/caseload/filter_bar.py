"""The bar of filters: chips with menus, all reached by keyboard, each saying what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from advocate_desk.desk.screens.caseload.saved import LONGEST_NAME, Choice, SavedFilters, is_plain
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import Chip, button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.widgets.menu_chip import MenuChip
from advocate_desk.desk.widgets.tables import SearchField
from advocate_desk.domain.forms import Option
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.caseload import CaseloadChoices, CaseloadFilter

HEARING_DAYS = (7, 14, 28)
SILENT_DAYS = (7, 14, 28, 56)


class FilterBar(QWidget):
    """Search and chips on top, and a line to name a filter by when one is being saved."""

    chosen = Signal(object)  # CaseloadFilter
    text_typed = Signal(str)
    save_asked = Signal(str)
    saved_chosen = Signal(str)
    default_asked = Signal(str)
    forget_asked = Signal(str)
    left_downwards = Signal()

    def __init__(self, packs: Packs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._packs = packs
        self._choice, self._saved = Choice(), SavedFilters()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        holder = QWidget()
        self._flow = FlowLayout(holder, px(8))
        self._search()
        self._chips()
        column.addWidget(holder)
        for one in (holder, self):  # else Qt asks for the height that the narrowest width would need
            one.setMinimumHeight(px(32))
        column.addWidget(self._naming())

    # --- shown from outside ---

    def offer(self, choices: CaseloadChoices) -> None:
        """Offer the advocates, settings and sources that occur."""
        self.allocated.offer([(who, who) for who in choices.allocated_to])
        self.setting.offer([(key, self._packs.label("setting", key)) for key in choices.settings])
        self.source.offer([(key, self._packs.label("referral_source", key)) for key in choices.sources])

    def show_choice(self, choice: Choice, saved: SavedFilters) -> None:
        """Show what is kept and what is saved. No signal."""
        self._choice, self._saved = choice, saved
        keep = choice.keep
        if self.search.text() != keep.text:
            self.search.blockSignals(True)
            self.search.setText(keep.text)
            self.search.blockSignals(False)
        for chip, values in (
            (self.status, keep.statuses),
            (self.grade, keep.grades),
            (self.allocated, keep.allocated_to),
            (self.setting, keep.settings),
            (self.source, keep.sources),
            (self.hearing, _days(keep.hearing_within_days)),
            (self.silent, _days(keep.no_contact_for_days)),
        ):
            chip.set_values(values)
        for toggle, is_on in ((self.overdue, keep.overdue_only), (self.closed, keep.with_closed)):
            toggle.blockSignals(True)
            toggle.setChecked(is_on)
            toggle.blockSignals(False)
            toggle._show_tick(is_on)
        self.clear.setVisible(not is_plain(keep))
        self._fill_saved()

    # --- made once ---

    def _search(self) -> None:
        self.search = SearchField(self.tr("Filter by name or reference"), self.tr("Name, reference"))
        self.search.setFixedWidth(px(172))
        self.search.textChanged.connect(self._on_text)
        self.search.left_downwards.connect(self.left_downwards)
        self._flow.addWidget(self.search)

    def set_compact(self, is_compact: bool) -> None:
        """Keep the chips behind one that shows them, where the text is large and the window is not."""
        self._is_compact = is_compact
        self.more.setVisible(is_compact)
        self._show_chips()

    def _show_chips(self) -> None:
        for chip in self._all_chips:
            chip.setVisible(not self._is_compact or self.more.isChecked())
        self.clear.setVisible(not is_plain(self._choice.keep))

    def _chips(self) -> None:
        self._is_compact = False
        self._all_chips: list[QPushButton] = []
        self.more = Chip(self.tr("Filters"), self.tr("Show all filters"))
        self.more.toggled.connect(self._show_chips)
        self.more.hide()
        self._flow.addWidget(self.more)
        options = self._packs.choices
        self.status = self._menu_chip(self.tr("Status"), "statuses", options("file_status"))
        self.grade = self._menu_chip(self.tr("Risk"), "grades", tuple(reversed(options("risk_grade"))))
        self.allocated = self._menu_chip(self.tr("Advocate"), "allocated_to", ())
        self.overdue = self._toggle(self.tr("Overdue"), "overdue_only")
        self.hearing = self._days_chip(
            self.tr("Hearing"), "hearing_within_days", HEARING_DAYS, self.tr("within {0} days")
        )
        self.silent = self._days_chip(
            self.tr("No contact"), "no_contact_for_days", SILENT_DAYS, self.tr("for {0} days")
        )
        self.setting = self._menu_chip(self.tr("Setting"), "settings", ())
        self.source = self._menu_chip(self.tr("Source"), "sources", ())
        self.closed = self._toggle(self.tr("Closed too"), "with_closed")
        self.saved = button(self.tr("Saved filters"), "", "star")
        self.saved_menu = QMenu(self.saved)
        self.saved_menu.setAccessibleName(self.tr("Saved filters"))
        self.saved.setMenu(self.saved_menu)
        self.clear = button(self.tr("Clear filters"), "link", "x", self._clear)
        self._flow.addWidget(self.clear)
        self.clear.hide()

    def _menu_chip(self, title: str, field: str, options: Sequence[Option]) -> MenuChip:
        chip = MenuChip(title)
        chip.offer([(option.key, option.label) for option in options])
        chip.chosen.connect(lambda values: self._keep(**{field: values}))
        self._add_chip(chip)
        return chip

    def _days_chip(self, title: str, field: str, days: Sequence[int], words: str) -> MenuChip:
        chip = MenuChip(title, is_single=True)
        chip.offer([(each, words.format(each)) for each in days])
        chip.chosen.connect(lambda values: self._keep(**{field: values[0] if values else None}))
        self._add_chip(chip)
        return chip

    def _toggle(self, title: str, field: str) -> Chip:
        chip = Chip(title, self.tr("Filter: {0}").format(title))
        chip.toggled.connect(lambda on: self._keep(**{field: on}))
        self._add_chip(chip)
        return chip

    def _add_chip(self, chip: QPushButton) -> None:
        self._all_chips.append(chip)
        self._flow.addWidget(chip)

    def _naming(self) -> QWidget:
        self._name_line = QWidget()
        row = QHBoxLayout(self._name_line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the filter"))
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setFixedWidth(px(260))
        self.name.returnPressed.connect(self._save)
        self.name.installEventFilter(self)
        row.addWidget(text_label(self.tr("Name of the filter"), "label"))
        row.addWidget(self.name)
        row.addWidget(button(self.tr("Save filter"), "primary", clicked=self._save))
        row.addWidget(button(self.tr("Cancel"), "quiet", clicked=self._stop_naming))
        row.addStretch(1)
        self._name_line.hide()
        return self._name_line

    # --- acts ---

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Escape gives up naming."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self._stop_naming()
            return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def start_naming(self) -> None:
        """Ask for a name under which to save what is kept now."""
        self._name_line.show()
        self.name.clear()
        self.name.setFocus()

    def _stop_naming(self) -> None:
        self._name_line.hide()
        self.saved.setFocus()

    def _save(self) -> None:
        if self.name.text().strip():
            self.save_asked.emit(self.name.text().strip())
            self._stop_naming()

    def _on_text(self, text: str) -> None:
        self._choice = replace(self._choice, keep=replace(self._choice.keep, text=text))
        self.clear.setVisible(not is_plain(self._choice.keep))
        self.text_typed.emit(text)

    def _keep(self, **changed: Any) -> None:  # noqa: ANN401 - the fields of CaseloadFilter
        keep = replace(self._choice.keep, **changed)
        self._choice = replace(self._choice, keep=keep)
        self.clear.setVisible(not is_plain(keep))
        self.chosen.emit(keep)

    def _clear(self) -> None:
        self.chosen.emit(CaseloadFilter())
        self.search.setFocus()

    def _fill_saved(self) -> None:
        menu = self.saved_menu
        menu.clear()
        for name, _choice in self._saved.named:
            shown = self.tr("{0} (opens with it)").format(name) if name == self._saved.default else name
            self._add(menu, shown, partial(self.saved_chosen.emit, name))
        if self._saved.named:
            menu.addSeparator()
        save = self._add(menu, self.tr("Save these filters…"), self.start_naming)
        save.setEnabled(self._choice != Choice())
        if not self._saved.named:
            return
        opening = menu.addMenu(self.tr("Open the caseload with"))
        self._add(opening, self.tr("No filter"), lambda: self.default_asked.emit(""))
        forget = menu.addMenu(self.tr("Delete"))
        for name, _choice in self._saved.named:
            self._add(opening, name, partial(self.default_asked.emit, name))
            self._add(forget, name, partial(self.forget_asked.emit, name))

    @staticmethod
    def _add(menu: QMenu, text: str, act: Callable[[], object]) -> QAction:
        action = QAction(text.replace("&", "&&"), menu)
        action.triggered.connect(lambda _on=False: act())
        menu.addAction(action)
        return action


def _days(days: int | None) -> tuple[int, ...]:
    return (days,) if days is not None else ()
