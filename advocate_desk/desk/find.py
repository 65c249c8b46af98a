"""Find: people, references, notes, screens and commands, while one types."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.jobs import Job
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.widgets.safe_contact import verdict_words
from advocate_desk.desk.widgets.tables import SearchField
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import DeskError
from advocate_desk.store.queries.find import MARK_OFF, MARK_ON, Hit, find

Index = QModelIndex | QPersistentModelIndex

_ROW = int(Qt.ItemDataRole.UserRole) + 1
_KIND_ICONS = {
    "person": "user",
    "reference": "folder",
    "contact": "phone",
    "referral": "inbox",
    "case": "scale",
    "note": "notebook-pen",
}
_KIND_SECTIONS = {"person": "people", "contact": "people", "case": "justice", "note": "notes"}


@dataclass(frozen=True)
class Found:
    """One line of the list. A heading has no `run`. `detail` may mark matching words, as a Hit's snippet does."""

    title: str
    detail: str = ""
    icon: str = ""
    run: Callable[[], object] | None = None
    keys: str = ""
    is_of_file: bool = False


@dataclass(frozen=True)
class Command:
    """Something to do that find offers by name."""

    title: str
    icon: str
    run: Callable[[], object]
    keys: str = ""
    group: str = "command"


class _FoundModel(QAbstractListModel):
    """The lines of the list, headings included."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: tuple[Found, ...] = ()

    def show(self, rows: Sequence[Found]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row(self, index: Index) -> Found | None:
        """The line at `index`."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many lines."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title, or the line itself."""
        found = self.row(index)
        if found is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return found.title
        return found if role == _ROW else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        found = self.row(index)
        if found is None or found.run is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class _FoundDelegate(QStyledItemDelegate):
    """Draws icon, title, detail with its matches marked, and keys."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Headings are low, lines with a detail high."""
        found = index.data(_ROW)
        if not isinstance(found, Found) or found.run is None:
            return QSize(px(200), px(30))
        return QSize(px(200), px(50) if found.detail else px(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line."""
        found = index.data(_ROW)
        if not isinstance(found, Found):
            return
        painter.save()
        rect, colours = QRect(option.rect), theme.look().colours
        font = QFont(option.font)
        if found.run is None:
            font.setPixelSize(px(12))
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(QColor(colours.muted))
            painter.drawText(rect.adjusted(px(12), px(6), 0, 0), int(Qt.AlignmentFlag.AlignVCenter), found.title)
            painter.restore()
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft))
            painter.drawRoundedRect(rect.adjusted(px(4), 1, -px(4), -1), px(6), px(6))
        side = px(17)
        painter.drawPixmap(rect.x() + px(14), rect.center().y() - side // 2, theme.pixmap(found.icon, 17, "muted"))
        self._draw_words(painter, rect.adjusted(px(42), 0, -px(14), 0), font, found, chosen)
        painter.restore()

    def _draw_words(self, painter: QPainter, rect: QRect, font: QFont, found: Found, chosen: bool) -> None:
        colours = theme.look().colours
        if found.keys:
            font.setPixelSize(px(12))
            painter.setFont(font)
            painter.setPen(QColor(colours.muted))
            painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), found.keys)
            rect = rect.adjusted(0, 0, -QFontMetrics(font).horizontalAdvance(found.keys) - px(12), 0)
        font.setPixelSize(px(14))
        font.setWeight(QFont.Weight.Medium)
        painter.setFont(font)
        painter.setPen(QColor(colours.accent_text if chosen else colours.text))
        half = rect.height() // 2
        top = QRect(rect.x(), rect.y(), rect.width(), half) if found.detail else rect
        upright = Qt.AlignmentFlag.AlignBottom if found.detail else Qt.AlignmentFlag.AlignVCenter
        title = QFontMetrics(font).elidedText(found.title, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(top, int(upright), title)
        if found.detail:
            font.setPixelSize(px(12))
            font.setWeight(QFont.Weight.Normal)
            below = QRect(rect.x(), rect.y() + half + px(1), rect.width(), half - px(1))
            _draw_marked(painter, below, font, found.detail)


def _draw_marked(painter: QPainter, rect: QRect, font: QFont, marked: str) -> None:
    """Draw text on one line, with the words between the marks on a tinted ground."""
    colours = theme.look().colours
    painter.setFont(font)
    metrics = QFontMetrics(font)
    x, on = rect.x(), False
    for piece in re.split(f"(?=[{MARK_ON}{MARK_OFF}])", marked.replace("\n", " ")):
        on = piece.startswith(MARK_ON) if piece[:1] in (MARK_ON, MARK_OFF) else on
        words = piece.lstrip(MARK_ON + MARK_OFF)
        room = rect.right() - x
        if not words or room <= 0:
            continue
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(shown)
        if on:
            painter.fillRect(QRect(x, rect.y() + 1, width, metrics.height()), QColor(colours.match))
        painter.setPen(QColor(colours.text if on else colours.muted))
        painter.drawText(QRect(x, rect.y(), width + 2, rect.height()), int(Qt.AlignmentFlag.AlignTop), shown)
        x += width


class FindPopup(QFrame):
    """What was found, under the find line. The line keeps the focus; arrows, Enter and Escape work from it."""

    def __init__(self, office: Office, line: SearchField, commands: Callable[[], Sequence[Command]], parent: QWidget):
        super().__init__(parent)
        self._office, self.line, self._commands = office, line, commands
        self._asked = ""
        self._failed = ""
        self._job: Job | None = None
        self._hits: tuple[Hit, ...] = ()
        self.setProperty("box", "popup")
        self._model = _FoundModel(self)
        self._list = QListView()
        self._list.setProperty("role", "popup")
        self._list.setModel(self._model)
        self._list.setItemDelegate(_FoundDelegate(self._list))
        self._list.setAccessibleName(self.tr("Found"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setMouseTracking(True)
        self._list.clicked.connect(self._run)
        self._hint = text_label("", "small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(4), px(4), px(4), px(8))
        layout.addWidget(self._list, 1)
        layout.addWidget(self._hint)
        self._hint.setContentsMargins(px(12), 0, 0, 0)
        line.textEdited.connect(self._on_typed)
        office.half_typed.follow(line, "find")
        line.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Go to the find line and show what it finds."""
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.line.selectAll()
        self._on_typed(self.line.text())

    def close_up(self) -> None:
        """Put the list away."""
        self.hide()

    def rows(self) -> tuple[Found, ...]:
        """What is shown: for tests and screen readers."""
        return tuple(self._model._rows)

    def _on_typed(self, _text: str) -> None:
        self._show()
        self._ask()

    def _ask(self) -> None:
        """Ask the store, one question at a time: what is typed meanwhile is asked when the answer is here."""
        typed = self.line.text().strip()
        if self._job is not None or typed == self._asked:
            return
        self._asked, self._failed = typed, ""
        if not typed:
            self._hits = ()
            self._show()
            return
        self._job = self._office.read(self, find, typed)
        self._job.done.connect(self._on_found)
        self._job.refused.connect(self._on_failed)
        self._job.broken.connect(self._on_failed)

    def _on_found(self, hits: tuple[Hit, ...]) -> None:
        self._job, self._hits = None, hits
        if self.isVisible():
            self._show()
        self._ask()

    def _on_failed(self, error: DeskError | None = None) -> None:
        self._job, self._hits = None, ()
        self._failed = error.advice if error else self.tr("Something of ours failed. Type again to search again.")
        if self.isVisible():
            self._show()

    def _how(self, rows: Sequence[Found]) -> str:
        keys = self.tr("↑ ↓ to choose, Enter to open, Esc to close")
        is_on_record = any(row.is_of_file for row in rows)
        return f"{keys}  ·  {self.tr('Opening a file from here goes on its record')}" if is_on_record else keys

    def _show(self) -> None:
        rows = self._gather(self.line.text().strip())
        self._model.show(rows)
        first = next((index for index, row in enumerate(rows) if row.run is not None), -1)
        self._list.setCurrentIndex(self._model.index(first))
        self._list.scrollToTop()
        waits = self._job is not None or self.line.text().strip() != self._asked
        nothing = self.tr("Searching…") if waits else self.tr("Nothing found. Try fewer letters, or another spelling.")
        self._hint.setText(self._failed or (self._how(rows) if rows else nothing))
        self._place(rows)
        self.show()
        self.raise_()

    def _gather(self, typed: str) -> list[Found]:
        notes = [self._of_hit(hit) for hit in self._hits if hit.kind == "note"] if typed else []
        people = [self._of_hit(hit) for hit in self._hits if hit.kind != "note"] if typed else []
        words = typed.casefold().split()
        fitting = [each for each in self._commands() if all(word in each.title.casefold() for word in words)]
        offered = {
            group: [Found(each.title, "", each.icon, each.run, each.keys) for each in fitting if each.group == group]
            for group in ("command", "screen")
        }
        groups = (
            (self.tr("People and references"), people),
            (self.tr("Notes"), notes),
            (self.tr("Commands"), offered["command"]),
            (self.tr("Pages"), offered["screen"]),
        )
        return [row for title, rows in groups if rows for row in [Found(title), *rows]]

    def _of_hit(self, hit: Hit) -> Found:
        role = self._office.packs.label("person_role", hit.role) if hit.role else ""
        shown = hit.snippet if hit.kind == "person" and hit.snippet else hit.client_name
        about = [part for part in (hit.reference, role) if part]
        if hit.kind == "person" and hit.role != "client":
            about.append(self.tr("file of {0}").format(hit.client_name))
        said = self._contact_words(hit) if hit.contact is not None else hit.snippet
        detail = "  ·  ".join(about) if hit.kind == "person" else f"{hit.reference}  ·  {said}"
        section = _KIND_SECTIONS.get(hit.kind, "")
        if hit.role == "client":
            section = ""
        return Found(
            shown.replace(MARK_ON, "").replace(MARK_OFF, ""),
            detail,
            _KIND_ICONS.get(hit.kind, "folder"),
            lambda: self._office.open_file(FileId(hit.file_id), section),
            is_of_file=True,
        )

    def _contact_words(self, hit: Hit) -> str:
        """Her rule first, then the number or address, covered: it is shown in the file, where that goes on record."""
        if hit.contact is None:
            return ""
        kind = self._office.packs.label("contact_kind", hit.contact.kind)
        rule = verdict_words(hit.contact, self._office.clock.now(), hit.alerts)
        return f"{rule}  ·  {kind}: {hit.contact.value}"

    def _place(self, rows: Sequence[Found]) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        corner = self.line.mapTo(parent, self.line.rect().bottomLeft())
        wanted = sum(30 if row.run is None else 50 if row.detail else 36 for row in rows) + 54
        height = min(px(wanted), parent.height() - corner.y() - px(24))
        width = min(max(self.line.width(), px(560)), parent.width() - corner.x() - px(16))
        self.setGeometry(corner.x(), corner.y() + px(4), width, height)

    def _run(self, index: QModelIndex) -> None:
        found = self._model.row(index)
        if found is not None and found.run is not None:
            self.line.clear()
            self.line.clearFocus()
            self.hide()
            found.run()

    def _move(self, step: int) -> None:
        row, count = self._list.currentIndex().row(), self._model.rowCount()
        for _ in range(count):
            row = (row + step) % count
            if self._model.flags(self._model.index(row)) & Qt.ItemFlag.ItemIsSelectable:
                self._list.setCurrentIndex(self._model.index(row))
                return

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the find line that steer the list; leaving the line puts the list away."""
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.hide()
        if event.type() == QEvent.Type.ShortcutOverride and self.isVisible() and _is(event, Qt.Key.Key_Escape):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape and self.isVisible():
            self.hide()
            self.line.clear()
            return True
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            if self.isVisible():
                self._move(1 if key == Qt.Key.Key_Down else -1)
            else:
                self._on_typed("")
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.isVisible():
            self._run(self._list.currentIndex())
            return True
        return False


def _is(event: QEvent, key: Qt.Key) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == key
