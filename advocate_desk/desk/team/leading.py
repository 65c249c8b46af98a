"""Whether whoever is at the desk leads a team, followed while the desk is open: her summary comes and goes with it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from advocate_desk.casework.caseload_summary import leads
from advocate_desk.casework.work import Work
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.office import Office
from advocate_desk.desk.team.exchanging import Exchanges


class Leading(QObject):
    """Reads it anew whenever the members' chain has grown. A child of the office: the two end together."""

    changed = Signal(bool)

    def __init__(self, office: Office, exchanges: Exchanges) -> None:
        super().__init__(office)
        self._office, self._exchanges = office, exchanges
        self._known = 0
        self._leads: bool | None = None
        exchanges.state_changed.connect(self._on_state)

    @Slot()
    def _on_state(self) -> None:
        grown = self._exchanges.state().statements
        if grown != self._known and not self._office.jobs.is_closed:
            self._known = grown
            self._office.jobs.run(self, lambda: _is_leading(self._office.work)).done.connect(self._on_read)

    @Slot(object)
    def _on_read(self, is_leading: bool) -> None:
        if is_leading != self._leads:
            self._leads = is_leading
            self.changed.emit(is_leading)


def _is_leading(work: Work) -> bool:
    return leads(colleagues(work))
