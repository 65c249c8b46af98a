"""What the team's dialogs have in common: pages, one thing done on the exchange's thread, and a lock at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from advocate_desk.desk.dialogs.ask import ask
from advocate_desk.desk.dialogs.vault_dialog import VaultDialog
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.team.fields import Line
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Switch
from advocate_desk.errors import DeskError, Invalid
from advocate_desk.sync.link import Link


class TeamDialog(VaultDialog):
    """A dialog of pages. `lines` name where a problem that the service finds is shown."""

    def __init__(self, office: Office, title: str, lead: str, verb: str, busy_verb: str, parent: QWidget) -> None:
        super().__init__(title, lead, verb, busy_verb, parent.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Advocate Desk")  # a title bar is read over shoulders
        self.setAccessibleName(title)
        self.office = office
        self.lines: dict[str, Line] = {}
        self.pages = Switch(())

    def set_pages(self, pages: Sequence[QWidget]) -> None:
        """The pages, of which the first is shown."""
        self.pages = Switch(pages)
        self.column.addWidget(self.pages)
        self.column.addStretch(1)
        for each in self.lines.values():
            each.changed.connect(self.clear_said)
            each.entered.connect(self.on_entered)
        self.fit_text()

    @Slot()
    def on_entered(self) -> None:
        """Enter was pressed in a line."""
        self.go_on()

    def showEvent(self, event: QShowEvent) -> None:
        """It has its fonts now, and can tell how high it is."""
        super().showEvent(event)
        self.fit_text()

    def show_page(self, index: int) -> None:
        """Show one page, with room for it."""
        self.pages.show_page(index)
        self.fit_text()

    def ask_hub(self, act: Callable[[Link], Any]) -> None:
        """Do it on the thread of the exchange, and be busy until it has ended."""
        exchanges = self.office.exchanges
        if exchanges is None:
            return
        self.said.say("")
        job = exchanges.ask(self, act)
        job.refused.connect(self.show_problem)
        self.follow(job)

    def ask_to_bring(self, files: int, verb: str, on_yes: Callable[[], object]) -> None:
        """Ask before `files` that came from another organisation go along; `on_yes` at once where there are none."""
        if not files:
            on_yes()
            return
        ask(
            self,
            self.tr("Take files of the former organisation along?"),
            self.tr(
                "Client files on this computer that came from the organisation it left, and that could not be wholly "
                "delivered there: {0}. They would go along, and those who may read them in the new organisation will. "
                "If they are not to, cancel, and go back to the former organisation to deliver them."
            ).format(files),
            verb,
            on_yes,
            is_grave=True,
        )

    def keep(self) -> None:
        """The desk locks: what is on its way ends by itself, and nothing secret stays."""
        self.let_go()
        self.is_busy = False

    @Slot(object)
    def show_problem(self, error: DeskError) -> None:
        """Go to the line that is not right."""
        if isinstance(error, Invalid):
            for key, line in self.lines.items():
                if key in error.problems:
                    line.mark()
                    return


def column() -> tuple[QWidget, QVBoxLayout]:
    """An empty page of a dialog."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(px(14))
    return page, layout
