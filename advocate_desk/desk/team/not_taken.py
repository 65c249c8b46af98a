"""Tells whoever is at the desk when a value of hers was not taken in a merge, and leads her to where it is kept.

What matters for safety waits for a decision and is flagged wherever it is shown; of the rest this is the only word.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot

from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.conflicts.presenter import SETTLED
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.widgets.conflict_flag import CONFLICTS_SCREEN
from advocate_desk.sync import choices, overview


class NotTaken(QObject):
    """Looks when the desk is opened and after each exchange, whatever came of it. A child of the office.

    The log of the exchange says it with the merge itself; how far it was told is kept once it was shown. A lock or a
    crash in between tells it twice rather than never.
    """

    def __init__(self, office: Office, exchanges: Exchanges) -> None:
        super().__init__(office)
        self._office = office
        self._shown = 0  # the number of the last event that was shown, which may not be kept yet
        exchanges.ended.connect(self._look)
        self._look()

    @Slot()
    def _look(self) -> None:
        if self._office.jobs.is_closed:
            return
        job = self._office.jobs.run(self, partial(overview.not_taken, self._office.work.engine))
        self._office.messages.follow(job).done.connect(self._on_read)

    @Slot(object)
    def _on_read(self, found: overview.NotTaken | None) -> None:
        if found is None or found.number <= self._shown or self._office.jobs.is_closed:
            return
        self._shown = found.number
        said = (
            self.tr("You and a colleague changed the same thing, and hers was taken. Yours is kept.")
            if found.values == 1
            else self.tr("You and colleagues changed the same {0} things, and theirs were taken. Yours are kept.")
        )
        show = partial(self._office.go, CONFLICTS_SCREEN, {"which": SETTLED, "conflict": found.newest})
        self._office.messages.notice(said.format(found.values), "info", self.tr("Show"), show)
        kept = self._office.jobs.run(self, partial(choices.set_shown, self._office.work.engine, found.number))
        self._office.messages.follow(kept)
