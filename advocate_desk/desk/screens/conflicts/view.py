"""Values that differ: what two people said apart from each other, by client file, and the place to decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QVBoxLayout, QWidget

from advocate_desk.desk import conflict_words as words
from advocate_desk.desk.focus_order import bring_into_view
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.conflicts.panel import ConflictPanel
from advocate_desk.desk.screens.conflicts.presenter import OPEN, SETTLED, ConflictsPresenter
from advocate_desk.desk.screens.list_words import name_words
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.boxes import Banner, EmptyState, scrolled
from advocate_desk.desk.widgets.buttons import SegmentedControl
from advocate_desk.desk.widgets.conflict_flag import count_words
from advocate_desk.desk.widgets.grouped_list import GroupedList, Heading, Line, ListRow
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.caseload import Roster
from advocate_desk.domain.forms import Option
from advocate_desk.store.queries.conflicts import LATER, Conflict

BESIDE = 880  # pixels at 100% text: below, the list stands over the panel
_LIST_SHARE, _PANEL_SHARE = 40, 60
_ONE_ROW = 108  # of height, at 100% text: a heading and a row


class ConflictsScreen(QWidget):
    """The list and the panel. Its presenter reads; it draws and says what is asked."""

    which_chosen = Signal(str)

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self.setProperty("surface", "canvas")
        self.list = GroupedList(self.tr("Values that differ"))
        self.panel = ConflictPanel(office)
        self.banner = Banner()
        self._lay_out()
        self.presenter = ConflictsPresenter(self, office)
        self.which_chosen.connect(self.presenter.show_which)
        self.list.opened.connect(self._on_opened)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.panel.chosen.connect(self.presenter.decide)
        self.panel.combine_asked.connect(self.presenter.combine)
        self.panel.show_asked.connect(self.presenter.uncover)
        self.panel.reason_given.connect(self.presenter.uncover_for)
        self.panel.file_asked.connect(self.presenter.open_file)
        self.reload()

    # --- the desk asks ---

    def reload(self) -> None:
        """Read it again."""
        self.presenter.reload()

    def place(self) -> dict[str, Any]:
        """Which list, and which row."""
        return {"which": self.presenter.which, "conflict": self.presenter.wanted}

    def restore(self, place: dict[str, Any]) -> None:
        """Go back there; a place with a conflict and no list is among what waits."""
        which = SETTLED if place.get("which") == SETTLED else OPEN
        self._which.set_value(which)
        self.presenter.show_which(which)
        self.presenter.go_to(str(place.get("conflict") or ""))

    def focus_first(self) -> None:
        """Go to the list, or to what stands in its place."""
        if self.list.isHidden():
            self.empty.focus_title()
        else:
            self.list.setFocus()

    # --- layout ---

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(20), px(24), px(16))
        column.setSpacing(px(12))
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(px(12))
        titles = QVBoxLayout()
        titles.setSpacing(px(2))
        titles.addWidget(text_label(self.tr("Values that differ"), "display", wrap=True))
        self.count = text_label("", "muted", wrap=True)
        titles.addWidget(self.count)
        self._head.addLayout(titles, 1)
        options = (Option(OPEN, self.tr("To decide")), Option(SETTLED, self.tr("Settled")))
        self._which = SegmentedControl(options, self.tr("Which values"), can_clear=False)
        self._which.set_value(OPEN)
        self._which.chosen.connect(self.which_chosen)
        self._head.addWidget(self._which, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(self._head)
        column.addWidget(self.banner)
        self._below = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._below.setSpacing(px(16))
        self._below.addWidget(self.list, _LIST_SHARE)
        self._area = scrolled(self.panel)
        self._below.addWidget(self._area, _PANEL_SHARE)
        self._holder = QWidget()  # hides as one: an empty layout would keep its share of the height
        self._holder.setLayout(self._below)
        self._below.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._holder, 1)
        self.empty = EmptyState("circle-check", *self._empty_words(OPEN))
        self.empty.hide()
        column.addWidget(self.empty, 1)
        self.setFocusProxy(self.list)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list stands over the panel where the window is narrow or the text large."""
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        is_wide = self.width() >= px(BESIDE)
        self._below.setDirection(across if is_wide else down)
        self._head.setDirection(across if self.width() >= px(560) else down)
        self.list.setMinimumHeight(0 if is_wide else px(_ONE_ROW))
        self.list.setMaximumHeight(16777215 if is_wide else px(_ONE_ROW))
        self._show_count()

    # --- the presenter shows ---

    def show_lines(self, found: Sequence[Conflict], which: str) -> None:
        """Draw the list, by client file, files with something safety-critical first."""
        if which == OPEN:
            self.count.setText(count_words(found) if found else "")
        else:
            kept = self.tr("The value that was not taken is kept, and can still be used instead.")
            self.count.setText(kept if found else "")
        self._show_count()
        self.list.show_lines(self._rows(found))
        if found and self.list.current_key() is None:
            self.list.choose(found[0].ids[0])
        focused = QApplication.focusWidget()
        had_focus = focused is self.list or (focused is not None and self._area.isAncestorOf(focused))
        for label, said in zip((self.empty.title, self.empty.text), self._empty_words(which), strict=True):
            label.setText(said)
        self.empty.setVisible(not found)
        if had_focus and not found:  # the last one was decided: what hides now would drop the focus on the rail
            self.empty.focus_title()
        for widget in (self.list, self._area, self._holder):
            widget.setVisible(bool(found))

    def _show_count(self) -> None:
        """The list says it too, and needs the room where there is little."""
        self.count.setVisible(bool(self.count.text()) and self.width() >= px(BESIDE))

    def _empty_words(self, which: str) -> tuple[str, str]:
        if which == SETTLED:
            return (
                self.tr("Nothing settled yet"),
                self.tr("Once it is settled which of two values stands, the one that was not taken is kept here."),
            )
        return (
            self.tr("Nothing to decide"),
            self.tr("Where two people change the same thing apart from each other, both values stand here."),
        )

    def _rows(self, found: Sequence[Conflict]) -> list[Line]:
        lines: list[Line] = []
        for file_id in dict.fromkeys(each.file_id for each in found):
            own = [each for each in found if each.file_id == file_id]
            name = self.tr("A file that was taken out") if own[0].is_file_gone else name_words(own[0].client_name)
            lines.append(Heading(name, own[0].reference))
            lines += [self._row(each) for each in own]
        return lines

    def _row(self, one: Conflict) -> ListRow:
        badge, tone = self._badge(one)
        title, detail = words.record_words(self._office.packs, one), words.field_words(one)
        return ListRow(one.ids[0], title, detail, end=badge, end_tone=tone)

    def _badge(self, one: Conflict) -> tuple[str, Tone]:
        if one.decided_at is not None:
            return (self.tr("first one taken") if one.decision == LATER else self.tr("decided")), "plain"
        return (self.tr("safety"), "danger") if one.is_critical else (self.tr("open"), "warning")

    def choose(self, one: Conflict) -> None:
        """Go to this row."""
        self.list.choose(one.ids[0])

    def chosen_id(self) -> object:
        """The row that is chosen, by its first id."""
        return self.list.current_key()

    def show_one(self, one: Conflict | None, roster: Roster, *, is_covered: bool) -> None:
        """Draw the panel."""
        if one is not None and one == self.panel.shown():
            self.panel.show_conflict(one, roster, is_covered=is_covered)
            return
        self.panel.trouble.hide()
        self.panel.show_conflict(one, roster, is_covered=is_covered)
        self._area.verticalScrollBar().setValue(0)

    def focus_list(self) -> None:
        """Go to the list: what was decided leaves the panel."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _on_opened(self, _key: object) -> None:
        self.panel.focus_first()
        focused = QApplication.focusWidget()
        if focused is not None:
            bring_into_view(focused)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self.presenter.choose(self.list.current_key())
