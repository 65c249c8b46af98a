"""The page of a desk that its organisation reported lost: it destroys what is left, and says plainly what happened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from advocate_desk.clock import in_london
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.messages import broken_words
from advocate_desk.desk.screens.unlock.frame import CentredCard
from advocate_desk.desk.screens.unlock.said import Said
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import clear_layout
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import readable_label, text_label
from advocate_desk.domain.days import long_day
from advocate_desk.errors import DeskError, Unavailable
from advocate_desk.vault.destroying import NOT_WHOLLY, Destroyed, destroy, forget
from advocate_desk.vault.keyring import KeyringCheck, find_keyring

CARD_PX = 560


class RemovedPage(QWidget):
    """Does its work when it is made. `left`: nothing is here any more, show what a first start shows."""

    left = Signal()
    close_asked = Signal()

    def __init__(
        self,
        profile: Path,
        jobs: Jobs,
        find: Callable[[], KeyringCheck] = find_keyring,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "canvas")
        self._profile, self._jobs, self._find = profile, jobs, find
        self._title = text_label(self.tr("This desk is being removed…"), "title", wrap=True)
        self._words = QVBoxLayout()
        self._words.setSpacing(px(10))
        self._told: tuple[str, ...] = ()
        self.said = Said()
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("The desk is being removed"))
        self.again = button(self.tr("Try again"), clicked=self._work)
        self.anew = button(self.tr("Set up a new desk"), clicked=self._on_anew)
        self.end = button(self.tr("Close Advocate Desk"), "primary", clicked=self.close_asked.emit)
        card = CentredCard(CARD_PX)
        card.inside.addWidget(self._title)
        card.inside.addLayout(self._words)
        for widget in (self._bar, self.said):
            card.inside.addWidget(widget)
        for each in (self.end, self.anew, self.again):
            card.inside.addWidget(each, 0, Qt.AlignmentFlag.AlignRight)
        card.inside.addSpacing(px(4))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        self.setFocusProxy(self.end)
        self._work()

    def words(self) -> str:
        """What the page says."""
        return "\n\n".join(self._told)

    def _work(self) -> None:
        self._bar.show()
        self.said.say("")
        for each in (self.again, self.anew):
            each.hide()
        profile, find = self._profile, self._find
        job = self._jobs.run(self, lambda: destroy(profile, lambda: find().keyring))
        job.done.connect(self._on_done)
        job.refused.connect(self._on_refused)
        job.broken.connect(lambda: self._on_refused(Unavailable(broken_words())))

    @Slot(object)
    def _on_done(self, done: Destroyed | None) -> None:
        if done is None:
            self.left.emit()
            return
        self._bar.hide()
        self._title.setText(self.tr("This desk was removed"))
        words = [
            self.tr(
                "On {0} this desk heard from your organisation that this computer was reported lost. So the caseload, "
                "its keys and its backups on this computer were destroyed. Nobody can open them any more, and nothing "
                "on this computer brings them back."
            ).format(long_day(in_london(done.removal.decided_at).date())),
            self._lost_words(done.removal.unsent),
            self.tr("If you have this computer back, ask your administrator for a new invitation: your files return."),
        ]
        if done.away:
            words.append(
                self.tr(
                    "A stick or folder with backups was not within reach. Plug it in and delete its folder "
                    "desk-backups, or destroy the stick."
                )
            )
        if done.has_keyring_entry:
            words.append(
                self.tr(
                    "The password store of this computer did not answer. What it keeps opens nothing by itself; it is "
                    "removed at the next start."
                )
            )
        self._told = tuple(words)
        clear_layout(self._words)
        for each in words:
            self._words.addWidget(readable_label(each))
        self.anew.show()
        self.end.setFocus()

    def _lost_words(self, unsent: int | None) -> str:
        if unsent is None:
            return self.tr(
                "How much of what was written here had not been sent could not be found out any more. What had been "
                "sent, your organisation has; anything written here since the last exchange is lost."
            )
        if not unsent:
            return self.tr("All that was written here had been sent. Your organisation has it.")
        if unsent == 1:
            return self.tr("All but 1 change had been sent, and your organisation has that. The one change is lost.")
        return self.tr(
            "All but {0} changes had been sent, and your organisation has that. Those {0} changes are lost."
        ).format(f"{unsent:,}")

    @Slot(object)
    def _on_refused(self, error: DeskError) -> None:
        self._bar.hide()
        self._title.setText(self.tr("This desk was reported lost"))
        self.said.say(error.advice or NOT_WHOLLY, "warning")
        self.again.show()

    def _on_anew(self) -> None:
        try:
            forget(self._profile)
        except OSError:
            self.said.say(
                self.tr("The disk did not answer. Nothing was changed. Bring it back and try again."), "warning"
            )
            return
        self.left.emit()
