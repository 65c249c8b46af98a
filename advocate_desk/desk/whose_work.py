"""Whose work the lists show: of whoever is at the desk, or everyone's. One rule says how each begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from advocate_desk.casework.caseload_summary import leads
from advocate_desk.casework.work import Done, Work
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.store.queries.today import has_open_file

if TYPE_CHECKING:
    from advocate_desk.desk.office import Office


class _Beginning(NamedTuple):
    is_mine: bool
    is_settled: bool  # else another file, or another role, may change it


class WhoseWork(QObject):
    """A screen begins with her own; of who leads a team and has no file of her own, with everyone's.

    What she chooses on a screen stands from then on, over a lock too: the place in the desk keeps it.
    """

    changed = Signal(str)  # the key of a screen; "" where all those may have changed for which she chose nothing

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._office = office
        self._chosen: dict[str, bool] = {}
        self._beginning = _Beginning(is_mine=True, is_settled=False)
        office.changed.connect(self._on_changed)
        self.look()

    def is_mine(self, screen: str) -> bool:
        """Whether this screen keeps to her own. Ask before reading: an answer that is on its way comes first."""
        return self._chosen.get(screen, self._beginning.is_mine)

    def choose(self, screen: str, is_mine: bool) -> None:
        """She has chosen herself."""
        before = self.is_mine(screen)
        self._chosen[screen] = is_mine
        self._office.drafts.touch()
        if is_mine != before:
            self.changed.emit(screen)

    def place(self) -> dict[str, bool]:
        """What she chose, by screen."""
        return dict(self._chosen)

    def restore(self, place: Any) -> None:  # noqa: ANN401 - out of the store's JSON
        """Let stand what she chose before."""
        for screen, is_mine in place.items() if isinstance(place, dict) else ():
            if isinstance(is_mine, bool):
                self.choose(str(screen), is_mine)

    @Slot()
    def look(self) -> None:
        """See whether she has files and leads a team, unless it is known."""
        if not self._beginning.is_settled and not self._office.jobs.is_closed:
            self._office.jobs.run(self, lambda: _beginning(self._office.work)).done.connect(self._on_read)

    @Slot(object)
    def _on_read(self, found: _Beginning) -> None:
        before, self._beginning = self._beginning, found
        if found.is_mine != before.is_mine:
            self.changed.emit("")

    @Slot(object)
    def _on_changed(self, done: Done) -> None:
        if "client_file" in done.kinds:
            self.look()


def _beginning(work: Work) -> _Beginning:
    if work.read(has_open_file, work.actor.name):
        return _Beginning(is_mine=True, is_settled=True)
    is_leader = leads(colleagues(work))
    return _Beginning(is_mine=not is_leader, is_settled=is_leader)
