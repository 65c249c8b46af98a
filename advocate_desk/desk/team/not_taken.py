"""Tells whoever is at the desk when a value of hers was not taken in a merge, and leads her to where it is kept.

What matters for safety waits for a decision and is flagged wherever it is shown; of the rest this is the only word.
"""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework.work import Work
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.conflicts.presenter import SETTLED
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.widgets.conflict_flag import CONFLICTS_SCREEN
from advocate_desk.store.queries.conflicts import not_taken
from advocate_desk.sync import overview


class NotTaken(QObject):
    """Looks again after each exchange that put values against each other. A child of the office: they end together."""

    def __init__(self, office: Office, exchanges: Exchanges) -> None:
        super().__init__(office)
        self._office = office
        self._known: frozenset[UUID] | None = None
        exchanges.clashed.connect(self._look)
        self._look()

    @Slot()
    def _look(self) -> None:
        if self._office.jobs.is_closed:
            return
        job = self._office.jobs.run(self, partial(_tell_new, self._office.work, self._known))
        self._office.messages.follow(job).done.connect(self._on_read)

    @Slot(object)
    def _on_read(self, found: tuple[tuple[UUID, ...], int]) -> None:
        ids, count = found
        self._known = frozenset(ids)
        if not count:
            return
        said = (
            self.tr("You and a colleague changed the same thing, and hers was taken. Yours is kept.")
            if count == 1
            else self.tr("You and colleagues changed {0} things alike, and theirs were taken. Yours are kept.").format(
                count
            )
        )
        place = {"which": SETTLED, "conflict": ids[0].hex}
        self._office.messages.notice(said, "info", self.tr("Show"), partial(self._office.go, CONFLICTS_SCREEN, place))


def _tell_new(work: Work, known: frozenset[UUID] | None) -> tuple[tuple[UUID, ...], int]:
    """The conflicts in which her value was not taken, and how many are new; those go into the log of the exchange.

    `known` are those from before, None while nobody has looked: then nothing is new. On the store's thread.
    """
    own = colleagues(work).own
    if own is None:
        return (), 0
    found = work.read(not_taken, own.hex)
    count = len(set(found) - known) if known is not None else 0
    if count:
        overview.tell(work.engine, work.clock.now(), "not_taken", {"values": count})
    return found, count
