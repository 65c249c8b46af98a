"""Backups: the list, a closer look at one, restoring it; and, on an open desk, when and where copies are made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QModelIndex, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from advocate_desk.casework.shelf import BackupLine, Look
from advocate_desk.desk.dialogs.ask import ask
from advocate_desk.desk.screens.backups.look_card import LookCard
from advocate_desk.desk.screens.backups.model import WordsModel
from advocate_desk.desk.screens.backups.words import line_heads, line_words, moment_words
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, Card, SectionHeader, scrolled
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.widgets.tables import ID_ROLE, DataTable
from advocate_desk.domain.backups import FOR_EVER
from advocate_desk.domain.forms import Option
from advocate_desk.settings import BACKUP_CHOICES_HOURS, BackupSettings
from advocate_desk.store.backup_files import CopyFile

MOST_ROWS = 5  # shown at once; the list scrolls
_WIDEST = 1080


class BackupsPage(QWidget):
    """The backups of one desk. `is_open`: the desk is unlocked, so that copies can be made and settings changed."""

    folder_asked = Signal()
    own_asked = Signal()
    chosen = Signal(object)  # BackupLine
    restore_agreed = Signal(object)  # CopyFile
    remove_agreed = Signal(object)  # CopyFile
    now_asked = Signal()
    second_asked = Signal()
    second_dropped = Signal()
    every_chosen = Signal(int)  # hours

    def __init__(self, *, is_open: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_open = is_open
        page = QWidget()
        self.area = scrolled(page, _WIDEST)  # while it is empty: what is full is dressed anew when it is moved
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)
        column = QVBoxLayout(page)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(16))
        self.header = SectionHeader(
            self.tr("Backups"),
            self.tr("Encrypted copies of the whole caseload. They open as the desk does."),
            role="display",
        )
        column.addWidget(self.header)
        self.banner = Banner()
        column.addWidget(self.banner)
        self.list_card = self._list()
        column.addWidget(self.list_card)
        self.look = LookCard()
        self.look.restore_asked.connect(self._ask_restore)
        self.look.remove_asked.connect(self._ask_remove)
        column.addWidget(self.look)
        self.making = self._making()
        column.addWidget(self.making)
        self.making.setVisible(is_open)
        column.addStretch(1)

    def focus_first(self) -> None:
        """Go to the list, or to what can be done without one."""
        (self.table if self.model.rowCount() else self.other).setFocus()

    # --- what is shown ---

    def show_lines(self, lines: tuple[BackupLine, ...], folder: Path | None) -> None:
        """The list; `folder` is where it was read, None for this computer's own."""
        shown = self.look.line()
        self.model.set_rows(tuple(line_words(line) for line in lines), lines)
        rows = max(2, min(len(lines), MOST_ROWS))
        self.table.setFixedHeight(px(44) + rows * px(54))
        if shown in lines:
            self.table.selectRow(lines.index(shown))  # the one that is looked at stays marked
        else:
            self.look.show_nothing()
        where = self.tr("On this computer") if folder is None else self.tr("In the folder that you chose")
        newest = next((line for line in lines if line.file.copy.why not in FOR_EVER), None)
        if folder is None and newest is not None:
            words = self.tr("The last copy was made and checked on {0}.")
            self.last.setText(words.format(moment_words(newest.file.copy.made_at)))
        if not lines and self._is_open:
            self.where.setText(self.tr("There is no backup yet. The first one is made by itself in a moment."))
        elif not lines:
            self.where.setText(self.tr("There is no backup on this computer."))
        else:
            count = self.tr("1 backup") if len(lines) == 1 else self.tr("{0} backups").format(len(lines))
            self.where.setText(f"{where}: {count}")
        self.own.setVisible(folder is not None)

    def show_look(self, line: BackupLine, look: Look) -> None:
        """What a closer look found, unless another was chosen since."""
        if self.look.line() == line:
            self.look.show_look(look)

    def show_settings(self, settings: BackupSettings) -> None:
        """When copies are made, and where to."""
        self.every.set_value(str(settings.every_hours))
        has_second = bool(settings.second_folder)
        self.second.setText(
            settings.second_folder
            if has_second
            else self.tr("None. A stick or a share that is kept apart survives a lost or broken computer.")
        )
        self.drop.setVisible(has_second)

    def line_at(self, index: QModelIndex) -> BackupLine | None:
        """The backup of a row."""
        found = index.data(ID_ROLE)
        return found if isinstance(found, BackupLine) else None

    # --- parts ---

    def _list(self) -> Card:
        card = Card(self.tr("What can be restored"), "history")
        self.where = text_label("", "muted", wrap=True)
        self.model = WordsModel(line_heads(), self)
        self.table = DataTable(self.tr("Backups"), two_lines=True)
        self.table.setModel(self.model)
        self.table.set_widths(200, 0, 115)
        self.table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.table.row_chosen.connect(self._on_row)
        self.table.row_activated.connect(self._on_row)
        card.body.addWidget(self.where)
        card.body.addWidget(self.table)
        holder = QWidget()
        row = FlowLayout(holder, px(8))
        self.other = button(self.tr("Look in another folder…"), icon="folder-open", clicked=self.folder_asked.emit)
        self.own = button(self.tr("Back to this computer’s backups"), icon="laptop", clicked=self.own_asked.emit)
        row.addWidget(self.other)
        row.addWidget(self.own)
        self.own.hide()
        card.body.addWidget(holder)
        return card

    def _making(self) -> Card:
        card = Card(self.tr("How copies are made"), "save")
        self.last = text_label("", wrap=True)
        card.body.addWidget(self.last)
        self.now = button(self.tr("Back up now"), icon="save", clicked=self.now_asked.emit)
        card.body.addWidget(self.now)
        card.body.addSpacing(px(8))
        card.body.addWidget(text_label(self.tr("While the desk is open, every"), "label"))
        hours = tuple(Option(str(each), _hours_words(each)) for each in BACKUP_CHOICES_HOURS)
        self.every = SegmentedControl(hours, self.tr("While the desk is open, every"), can_clear=False)
        self.every.chosen.connect(lambda key: self.every_chosen.emit(int(key)))
        card.body.addWidget(self.every)
        card.body.addWidget(
            text_label(
                self.tr(
                    "The last few are kept, one a day for a week, one a week for a month, one a month for half a year."
                ),
                "small",
                wrap=True,
            )
        )
        card.body.addSpacing(px(8))
        card.body.addWidget(text_label(self.tr("Second folder"), "label"))
        self.second = text_label("", "muted", wrap=True)
        card.body.addWidget(self.second)
        holder = QWidget()
        row = FlowLayout(holder, px(8))
        self.choose = button(self.tr("Choose a second folder…"), icon="folder-open", clicked=self.second_asked.emit)
        self.drop = button(self.tr("Use none"), "quiet", clicked=self.second_dropped.emit)
        row.addWidget(self.choose)
        row.addWidget(self.drop)
        card.body.addWidget(holder)
        return card

    # --- what was done ---

    def _on_row(self, index: QModelIndex) -> None:
        line = self.line_at(index)
        if line is not None and line != self.look.line():
            self.look.show_looking(line)
            self.chosen.emit(line)

    def _ask_restore(self, file: CopyFile) -> None:
        forms = self.tr("Forms that are open now are kept with it. ") if self._is_open else ""
        ask(
            self,
            self.tr("Restore the backup of {0}?").format(moment_words(file.copy.made_at)),
            self.tr(
                "It takes the place of the caseload that is in place now, which is set aside and stays in this list. "
                "{0}You can switch back in the same way. The desk then opens with the backup."
            ).format(forms),
            self.tr("Restore it"),
            lambda: self.restore_agreed.emit(file),
            is_grave=True,
        )

    def _ask_remove(self, file: CopyFile) -> None:
        ask(
            self,
            self.tr("Remove this caseload for good?"),
            self.tr("It was set aside on {0}. It cannot be brought back afterwards.").format(
                moment_words(file.copy.made_at)
            ),
            self.tr("Remove it"),
            lambda: self.remove_agreed.emit(file),
            is_grave=True,
        )


def _hours_words(hours: int) -> str:
    if hours == 24:
        return QCoreApplication.translate("Backups", "day")
    return QCoreApplication.translate("Backups", "hour" if hours == 1 else "{0} hours").format(hours)
