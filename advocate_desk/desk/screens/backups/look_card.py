"""The closer look at one backup: whether it is whole, how it differs from what is in place, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from advocate_desk.casework.shelf import BackupLine, Look
from advocate_desk.desk.screens.backups.model import WordsModel
from advocate_desk.desk.screens.backups.words import (
    difference_heads,
    file_rows,
    kind_rows,
    moment_words,
    relation_words,
)
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Card
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.desk.widgets.tables import DataTable
from advocate_desk.domain.backups import FOR_EVER

MOST_ROWS = 8  # shown at once; the tables scroll


class LookCard(Card):
    """One backup. Nothing can be restored before it was found whole."""

    restore_asked = Signal(object)  # CopyFile
    remove_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Choose a backup above"), "history", parent)
        self._line: BackupLine | None = None
        self.state = Badge("", "plain")
        self.head.addWidget(self.state)
        self.words = text_label("", wrap=True)
        self.body.addWidget(self.words)
        self._kinds = WordsModel(difference_heads(self.tr("Records")), self)
        self._files = WordsModel(difference_heads(self.tr("Client file")), self)
        self.kinds = _table(self.tr("What differs, by kind of record"), self._kinds, two_lines=False)
        self.files = _table(self.tr("What differs, by client file"), self._files, two_lines=True)
        self.body.addWidget(self.kinds)
        self.body.addWidget(self.files)
        holder = QWidget()
        row = FlowLayout(holder, px(8))
        self.restore = button(self.tr("Restore this backup…"), "primary", "undo-2", self._ask_restore)
        self.remove = button(self.tr("Remove it for good…"), "danger", "trash-2", self._ask_remove)
        row.addWidget(self.restore)
        row.addWidget(self.remove)
        self.body.addWidget(holder)
        self.show_nothing()

    def show_nothing(self) -> None:
        """No backup is chosen."""
        self._line = None
        self.title_label.setText(self.tr("Choose a backup above"))
        self.words.setText(self.tr("You see what it holds, and what is newer now, before anything is changed."))
        self._show_parts(is_whole=False)
        self.state.hide()

    def show_looking(self, line: BackupLine) -> None:
        """It is being read, page by page."""
        self._line = line
        self.title_label.setText(self.tr("Backup of {0}").format(moment_words(line.file.copy.made_at)))
        self.words.setText(self.tr("Every page of it is being checked. This can take a moment."))
        self._say(self.tr("Checking…"), "info")
        self._show_parts(is_whole=False)

    def show_look(self, look: Look) -> None:
        """What was found."""
        found = look.differences
        self._say(self.tr("Checked: whole") if look.is_whole else self.tr("Cannot be used"), _tone(look))
        if not look.is_whole:
            self.words.setText(look.trouble)
        elif found is None:
            self.words.setText(
                self.tr(
                    "The caseload in place cannot be read, so the two cannot be compared. It is set aside as it is."
                )
            )
        else:
            self.words.setText(relation_words(found))
        self._show_parts(is_whole=look.is_whole)
        for model, table, rows in (
            (self._kinds, self.kinds, kind_rows(found) if found else ()),
            (self._files, self.files, file_rows(found) if found else ()),
        ):
            model.set_rows(rows)
            table.setVisible(bool(rows))
            line = table.verticalHeader().defaultSectionSize()
            table.setFixedHeight(px(44) + min(len(rows), MOST_ROWS) * line)

    def line(self) -> BackupLine | None:
        """The backup that is shown."""
        return self._line

    def _say(self, words: str, tone: str) -> None:
        self.state.set(words, tone)  # type: ignore[arg-type]
        self.state.show()

    def _show_parts(self, *, is_whole: bool) -> None:
        self.kinds.hide()
        self.files.hide()
        self.restore.setEnabled(is_whole)
        self.restore.setVisible(self._line is not None)
        self.remove.setVisible(self._line is not None and self._line.file.copy.why in FOR_EVER)

    def _ask_restore(self) -> None:
        if self._line is not None:
            self.restore_asked.emit(self._line.file)

    def _ask_remove(self) -> None:
        if self._line is not None:
            self.remove_asked.emit(self._line.file)


def _tone(look: Look) -> str:
    return "ok" if look.is_whole else "danger"


def _table(name: str, model: WordsModel, *, two_lines: bool) -> DataTable:
    table = DataTable(name, two_lines=two_lines)
    table.setModel(model)
    table.set_widths(190, 165, 0)
    table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return table
