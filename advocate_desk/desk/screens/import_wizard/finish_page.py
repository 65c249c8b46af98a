"""Last page: what will happen, how far it is, and what came of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Card, KeyValue, scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import icon_label, text_label


class FinishPage(QWidget):
    """Summary, progress and result, one after the other."""

    import_asked = Signal()
    stop_asked = Signal()
    undo_asked = Signal()
    save_failed_asked = Signal()
    put_right_asked = Signal()
    caseload_asked = Signal()
    again_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = QStackedWidget()
        for made in (self._make_summary(), self._make_progress(), self._make_result()):
            self._stack.addWidget(scrolled(made, 880))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _make_summary(self) -> QWidget:
        holder, column = _column()
        card = Card(self.tr("Ready to import"), "clipboard-check")
        self._facts = KeyValue()
        card.body.addWidget(self._facts)
        card.body.addSpacing(px(8))
        card.body.addWidget(
            text_label(
                self.tr(
                    "Every new file gets the tasks that the contact standards ask for. You can undo it all afterwards."
                ),
                "muted",
                wrap=True,
            )
        )
        card.body.addSpacing(px(8))
        self.go = button("", "primary", "import", self.import_asked.emit)
        card.body.addWidget(self.go)
        column.addWidget(card)
        column.addStretch(1)
        return holder

    def _make_progress(self) -> QWidget:
        holder, column = _column()
        card = Card(self.tr("Importing"), "loader-circle")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the import"))
        self._said = text_label("", "muted")
        card.body.addWidget(self.bar)
        card.body.addWidget(self._said)
        self.stop = button(self.tr("Stop and change nothing"), "", "x", self.stop_asked.emit)
        card.body.addSpacing(px(8))
        card.body.addWidget(self.stop)
        column.addWidget(card)
        column.addStretch(1)
        return holder

    def _make_result(self) -> QWidget:
        holder, column = _column()
        card = Card()
        card.body.setContentsMargins(px(8), px(24), px(8), px(16))
        left = Qt.AlignmentFlag.AlignLeft
        self._mark = QStackedWidget()
        self._mark.addWidget(icon_label("circle-check", 44, "ok"))
        self._mark.addWidget(icon_label("undo-2", 44, "muted"))
        self._mark.setFixedSize(px(44), px(44))
        card.body.addWidget(self._mark, 0, left)
        self.result = text_label("", "title", wrap=True)
        self._more = text_label("", "muted", wrap=True)
        for label in (self.result, self._more):
            card.body.addWidget(label)
        card.body.addSpacing(px(12))
        self.caseload = button(self.tr("Go to the caseload"), "primary", "users", self.caseload_asked.emit)
        self.put_right = button("", "", "pencil", self.put_right_asked.emit)
        self.save_failed = button("", "", "download", self.save_failed_asked.emit)
        self.undo = button(self.tr("Undo this import"), "quiet", "undo-2", self.undo_asked.emit)
        self.again = button(self.tr("Another list"), "quiet", "import", self.again_asked.emit)
        card.body.addWidget(_row_of(self.caseload, self.put_right, self.save_failed))
        card.body.addWidget(_row_of(self.undo, self.again))
        column.addWidget(card)
        column.addStretch(1)
        return holder

    def show_summary(self, new: int, merged: int, skipped: int, problems: int) -> None:
        """What will happen, as counts of rows."""
        self._facts.clear()
        self._facts.add(self.tr("New client files"), f"{new:,}")
        if merged:
            self._facts.add(self.tr("Referrals added to files"), f"{merged:,}")
        if problems:
            self._facts.add(self.tr("Rows with problems, not imported"), f"{problems:,}")
        if skipped:
            self._facts.add(self.tr("Rows left out"), f"{skipped:,}")
        total = new + merged
        text = self.tr("Import 1 row") if total == 1 else self.tr("Import {0} rows").format(f"{total:,}")
        self.go.setText(text)
        self.go.setAccessibleName(text)
        self.go.setEnabled(total > 0)
        self._stack.setCurrentIndex(0)

    def show_progress(self, done: int, of_all: int) -> None:
        """How far it is."""
        self.bar.setRange(0, max(1, of_all))
        self.bar.setValue(done)
        self._said.setText(self.tr("{0} of {1} rows").format(f"{done:,}", f"{of_all:,}"))
        if self._stack.currentIndex() != 1:
            self._stack.setCurrentIndex(1)
            self.stop.setFocus()

    def show_result(self, files: int, merged: int, failed: int) -> None:
        """What came of it; `failed` rows can be saved."""
        opened = (
            self.tr("1 client file opened") if files == 1 else self.tr("{0} client files opened").format(f"{files:,}")
        )
        self.result.setText(opened)
        said = []
        if merged:
            said.append(
                self.tr("1 referral was added to a file.")
                if merged == 1
                else self.tr("{0} referrals were added to files.").format(f"{merged:,}")
            )
        if failed:
            said.append(self.tr("Rows with problems can be put right here, or saved as a file and imported later."))
        said.append(self.tr("Delete the file you imported when you no longer need it: it is not encrypted."))
        self._more.setText(" ".join(said))
        text = (
            self.tr("Save the row not imported…")
            if failed == 1
            else self.tr("Save {0} rows not imported…").format(failed)
        )
        self.save_failed.setText(text)
        self.save_failed.setAccessibleName(text)
        self.save_failed.setVisible(failed > 0)
        text = (
            self.tr("Put that row right now") if failed == 1 else self.tr("Put those {0} rows right now").format(failed)
        )
        self.put_right.setText(text)
        self.put_right.setAccessibleName(text)
        self.put_right.setVisible(failed > 0)
        self.undo.setVisible(True)
        self._mark.setCurrentIndex(0)
        self._stack.setCurrentIndex(2)
        self.caseload.setFocus()

    def show_undone(self) -> None:
        """The import was taken back."""
        self.result.setText(self.tr("The import was undone"))
        self._more.setText(self.tr("Your caseload is as it was before. The list is still here: go back to any step."))
        for each in (self.undo, self.put_right, self.save_failed):
            each.hide()
        self._mark.setCurrentIndex(1)
        self.again.setFocus()


def _row_of(*buttons: QWidget) -> QWidget:
    """Buttons beside each other, and below where there is no room."""
    holder = QWidget()
    flow = FlowLayout(holder, px(8))
    for each in buttons:
        flow.addWidget(each)
    return holder


def _column() -> tuple[QWidget, QVBoxLayout]:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, px(16))
    return holder, column
