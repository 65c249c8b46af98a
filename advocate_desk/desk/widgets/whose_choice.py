"""The choice between her own work and everyone's, in the head of a screen."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Slot

from advocate_desk.desk.office import Office
from advocate_desk.desk.widgets.buttons import SegmentedControl
from advocate_desk.domain.forms import Option


def _tr(text: str) -> str:
    return QCoreApplication.translate("WhoseChoice", text)


class WhoseChoice(SegmentedControl):
    """Shows and sets what the office knows of one screen."""

    def __init__(self, office: Office, screen: str, name: str) -> None:
        super().__init__((Option("mine", _tr("Mine")), Option("all", _tr("Everyone’s"))), name, can_clear=False)
        self._whose, self._screen = office.whose, screen
        self.chosen.connect(lambda key: office.whose.choose(screen, key == "mine"))
        self._whose.changed.connect(self._on_changed)
        self._on_changed("")

    @Slot(str)
    def _on_changed(self, _screen: str) -> None:
        self.set_value("mine" if self._whose.is_mine(self._screen) else "all")
