"""The page that stands in the window while the desk is encrypted anew: how far it is, a way back, how it ended."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.key_change import change_key
from advocate_desk.desk.messages import broken_words
from advocate_desk.desk.screens.unlock.frame import CentredCard
from advocate_desk.desk.screens.unlock.said import Said
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label

if TYPE_CHECKING:
    from advocate_desk.errors import DeskError
    from advocate_desk.vault.new_key import NewKey

CARD_PX = 560


class KeyChangePage(QWidget):
    """Encrypts the closed desk of `new` anew when it is made, and says how that went. `left`: show the unlock page."""

    left = Signal()
    _progressed = Signal(int, int)
    _decided = Signal()

    def __init__(self, new: NewKey, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "canvas")
        self._cancelled = threading.Event()
        self._is_decided = False
        self.said = Said()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("How far the caseload is encrypted anew"))
        self.stop = button(self.tr("Cancel"), clicked=self.cancel)
        self.leave = button(self.tr("Open the desk"), "primary", clicked=self.left.emit)
        self._title = text_label(self.tr("Encrypting the caseload anew…"), "title", wrap=True)
        self._what = text_label(
            self.tr(
                "Nobody can work in the desk meanwhile. If the computer stops now, nothing is lost: the desk opens "
                "with the old passphrase, as if this had not been started."
            ),
            "muted",
            wrap=True,
        )
        self._lay_out()
        self._progressed.connect(self._on_progressed, Qt.ConnectionType.QueuedConnection)
        self._decided.connect(self._on_decided, Qt.ConnectionType.QueuedConnection)
        job = jobs.run(
            self,
            lambda: change_key(
                new,
                self._progressed.emit,
                lambda: self._cancelled.is_set() or jobs.is_stopping,
                self._decided.emit,
            ),
        )
        job.done.connect(self._on_done)
        job.refused.connect(self._on_refused)
        job.broken.connect(self._on_broken)
        self.setFocusProxy(self.stop)

    @Slot()
    def cancel(self) -> None:
        """Go back to how it was. Heard until the new key is in force."""
        self._cancelled.set()
        self.stop.setEnabled(False)

    def _lay_out(self) -> None:
        card = CentredCard(CARD_PX)
        for widget in (self._title, self._what, self.bar, self.said):
            card.inside.addWidget(widget)
        for each in (self.stop, self.leave):
            card.inside.addWidget(each, 0, Qt.AlignmentFlag.AlignRight)
        card.inside.addSpacing(px(4))
        self.leave.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)

    @Slot(int, int)
    def _on_progressed(self, done: int, count: int) -> None:
        self.bar.setRange(0, count)
        self.bar.setValue(done)

    @Slot()
    def _on_decided(self) -> None:
        self._is_decided = True
        self.stop.hide()
        self.bar.setRange(0, 0)
        self._title.setText(self.tr("Finishing, and encrypting the backups…"))
        self._what.setText(
            self.tr(
                "The new passphrase and the new recovery sheet are coming into force. If the computer stops now, "
                "nothing is lost: open the desk with the new passphrase, and it finishes by itself."
            )
        )

    @Slot(object)
    def _on_done(self, notices: tuple[str, ...]) -> None:
        self._end(self.tr("The database key was changed"))
        self._what.setText(
            self.tr(
                "Only the new passphrase and the new recovery sheet open this desk now. Destroy the old sheet, and "
                "copies of the desk that you know of: they still open with the old secrets."
            )
        )
        self.said.say("\n\n".join(notices), "warning")

    @Slot(object)
    def _on_refused(self, error: DeskError) -> None:
        is_decided = self._is_decided
        self._end(self.tr("The change is not finished") if is_decided else self.tr("The database key was not changed"))
        self._what.hide()
        self.said.say(error.advice, "warning")

    @Slot()
    def _on_broken(self) -> None:
        self._end(self.tr("Something went wrong"))
        self._what.setText(
            self.tr("Open the desk with the old passphrase. If it does not open, the new one does: nothing is lost.")
        )
        self.said.say(broken_words())

    def _end(self, title: str) -> None:
        self._title.setText(title)
        self.bar.hide()
        self.stop.hide()
        self.leave.show()
        self.leave.setFocus()
