"""The bar of filters: chips with menus, all reached by keyboard, each saying what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.screens.caseload.saved import LONGEST_NAME, Choice, SavedFilters, is_plain
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import Chip, button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.widgets.tables import SearchField
from advocate_desk.domain.forms import Option
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.caseload import CaseloadChoices, CaseloadFilter

HEARING_DAYS = (7, 14, 28)
SILENT_DAYS = (7, 14, 28, 56)


class _StayingMenu(QMenu):
    """A menu whose ticks can be set one after another: it closes with Escape or a press beside it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick, and stay."""
        if not self._tick():
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks and stays; Enter ticks and closes."""
        if event.key() != Qt.Key.Key_Space or not self._tick():
            super().keyPressEvent(event)

    def _tick(self) -> bool:
        action: object = self.activeAction()  # None where no entry is under the pointer
        if not isinstance(action, QAction) or not action.isCheckable():
            return False
        action.trigger()
        return True


class MenuChip(QPushButton):
    """A chip that opens a menu of values to keep, any number of them or one."""

    chosen = Signal(tuple)

    def __init__(self, title: str, is_single: bool = False) -> None:
        super().__init__(title)
        self._title, self._is_single = title, is_single
        self._values: tuple[Any, ...] = ()
        self._options: tuple[tuple[Any, str], ...] = ()
        self.setAutoDefault(False)
        self.setProperty("role", "chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands after the words
        self._menu = QMenu(self) if is_single else _StayingMenu(self)
        self._menu.setAccessibleName(title)
        self.setMenu(self._menu)
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setCheckable(True)
        self._show()

    def offer(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer these values, each with its words."""
        self._options = tuple(options)
        self._fill()
        self._show()

    def set_values(self, values: tuple[Any, ...]) -> None:
        """Show what is kept. No signal."""
        self._values = values
        self._fill()
        self._show()

    def values(self) -> tuple[Any, ...]:
        """What is kept."""
        return self._values

    def nextCheckState(self) -> None:
        """A press opens the menu; the chip is on while it keeps something."""

    def _fill(self) -> None:
        if self._menu.isVisible():  # ticks are set one after another
            for action in self._menu.actions():
                action.setChecked(action.data() in self._values)
            return
        self._menu.clear()
        group = QActionGroup(self._menu)
        group.setExclusive(False)
        for value, said in self._options:
            action = QAction(said.replace("&", "&&"), self._menu, checkable=True)
            action.setData(value)
            action.setChecked(value in self._values)
            action.triggered.connect(lambda on, value=value: self._on_triggered(value, on))
            self._menu.addAction(action)
        if not self._options:
            empty = QAction(self.tr("Nothing to choose yet"), self._menu)
            empty.setEnabled(False)
            self._menu.addAction(empty)

    def _on_triggered(self, value: Any, on: bool) -> None:  # noqa: ANN401 - a key or a number of days
        if self._is_single:
            self._values = (value,) if on else ()
        else:
            kept = [each for each, _ in self._options if each in self._values and each != value]
            self._values = tuple([*kept, value] if on else kept)
        self._show()
        self.chosen.emit(self._values)

    def _show(self) -> None:
        labels = dict(self._options)
        said = [labels.get(value, str(value)) for value in self._values]
        words = ", ".join(said[:2]) + (f" +{len(said) - 2}" if len(said) > 2 else "")
        self.setText((f"{self._title}: {words}" if said else self._title).replace("&", "&&"))
        self.setAccessibleName(self.tr("Filter: {0}").format(self.text().replace("&&", "&")))
        self.setChecked(bool(said))
        self.setIcon(theme.icon("chevron-down", "accent_text" if said else "muted"))
        self.setIconSize(theme.icon_size(14))


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
        self.search = SearchField(self.tr("Filter by name or reference"), self.tr("Name or reference"))
        self.search.setFixedWidth(px(172))
        self.search.textChanged.connect(self._on_text)
        self.search.left_downwards.connect(self.left_downwards)
        self._flow.addWidget(self.search)

    def _chips(self) -> None:
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
        self._flow.addWidget(chip)
        return chip

    def _days_chip(self, title: str, field: str, days: Sequence[int], words: str) -> MenuChip:
        chip = MenuChip(title, is_single=True)
        chip.offer([(each, words.format(each)) for each in days])
        chip.chosen.connect(lambda values: self._keep(**{field: values[0] if values else None}))
        self._flow.addWidget(chip)
        return chip

    def _toggle(self, title: str, field: str) -> Chip:
        chip = Chip(title, self.tr("Filter: {0}").format(title))
        chip.toggled.connect(lambda on: self._keep(**{field: on}))
        self._flow.addWidget(chip)
        return chip

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
