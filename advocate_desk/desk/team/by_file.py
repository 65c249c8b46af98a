"""The dialog behind File, "Exchange by a file…": choose the file of the organisation or make one, and see what came."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QProgressBar, QWidget

from advocate_desk.desk.dialogs.ask import DeskDialog
from advocate_desk.desk.office import Office
from advocate_desk.desk.team.choosing_file import choose_exchange_file, choose_new_exchange_file
from advocate_desk.desk.team.exchange_state import Ended
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.team.file_exchange import NO_ORGANISATION
from advocate_desk.desk.team.state_words import file_result_words
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label

_WIDTH = 600


class FileExchange(DeskDialog):
    """Exchanges once for each file that is chosen, and says how it went. It can be closed at any time."""

    def __init__(self, parent: QWidget, exchanges: Exchanges) -> None:
        super().__init__(parent, self.tr("Exchange by a file"), icon="files")
        self._exchanges = exchanges
        self.body.addWidget(
            text_label(
                self.tr(
                    "The file goes from desk to desk: on a stick, or in a folder that several computers see. Only the "
                    "desks of your organisation can read what is in it. Every desk that exchanges with it gives it "
                    "what is new and takes what is new, so use the same file each time."
                ),
                wrap=True,
            )
        )
        if exchanges.state().has_hub:
            self.body.addWidget(
                text_label(
                    self.tr(
                        "Your organisation has a hub. Use a file only while the hub cannot be reached for long. Each "
                        "change from one to the other compares everything, which may take a while, and may ask what "
                        "is right although one person alone changed it."
                    ),
                    "muted",
                    wrap=True,
                )
            )
        self.told = Banner(can_dismiss=False)
        self.body.addWidget(self.told)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Exchanging with the file"))
        self._bar.hide()
        self.body.addWidget(self._bar)
        self.body.addStretch(1)
        self.choose = button(self.tr("Choose the file…"), "primary", "folder-open", self._choose)
        self.make = button(self.tr("Make a new file…"), "", "file-plus", self._make)
        self.close_button = button(self.tr("Close"), clicked=self.accept)
        for each in (self.close_button, self.make, self.choose):
            self.buttons.addWidget(each)
        self.choose.setDefault(True)
        self.setMinimumWidth(min(px(_WIDTH), parent.window().width() - px(40)))
        self.choose.setFocus()

    def exchange(self, path: Path, is_new: bool = False) -> None:
        """Exchange with the file at `path`, which is made first where `is_new`."""
        self._set_busy(True)
        self.told.hide()
        job = self._exchanges.exchange_by_file(self, path, is_new)
        job.done.connect(self.show_ended)
        job.broken.connect(self._on_broken)

    def _choose(self) -> None:
        choose_exchange_file(self, self.exchange)

    def _make(self) -> None:
        choose_new_exchange_file(self, lambda path: self.exchange(path, is_new=True))

    def _set_busy(self, is_busy: bool) -> None:
        self._bar.setVisible(is_busy)
        self.choose.setEnabled(not is_busy)
        self.make.setEnabled(not is_busy)

    @Slot(object)
    def show_ended(self, ended: Ended) -> None:
        """Say how it went."""
        self._set_busy(False)
        told = file_result_words(ended)
        self.told.say(told.text, told.tone)
        self.close_button.setFocus()

    @Slot()
    def _on_broken(self) -> None:
        self._set_busy(False)
        self.told.say_broken()


def exchange_by_file(office: Office) -> None:
    """Open the dialog: the command. Where the desk belongs to no organisation, say so."""
    page, exchanges = office.parent(), office.exchanges
    if exchanges is None or not isinstance(page, QWidget):
        return
    if not exchanges.state().is_enrolled:
        office.messages.notice(QCoreApplication.translate("ExchangeWords", NO_ORGANISATION), "info")
        return
    FileExchange(page.window(), exchanges).open()
