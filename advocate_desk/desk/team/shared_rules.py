"""What a caseload weighs, the same on every desk of an organisation: taken from its members' chain, or said in it.

Set without a connection, it counts on this desk at once and is said when the organisation can be reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework import caseload_summary
from advocate_desk.casework.work import Done, Work
from advocate_desk.desk.office import Office
from advocate_desk.desk.team import changing
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.sync import state
from advocate_desk.sync.shared_rules import open_rules
from advocate_desk.sync.statements import Members
from advocate_desk.trouble import NOT_READ

Rules = Mapping[str, object]


class SharedRules(QObject):
    """Follows the exchange of an open desk. A child of the office: the two end together."""

    def __init__(self, office: Office, exchanges: Exchanges) -> None:
        super().__init__(office)
        self._office, self._exchanges = office, exchanges
        self._known = 0
        self._was_running = False
        self._is_busy = False
        exchanges.state_changed.connect(self._on_state)
        office.changed.connect(self._on_changed)

    @Slot()
    def _on_state(self) -> None:
        """Look after each exchange that went well, and where the members' chain has grown."""
        now = self._exchanges.state()
        has_ended = self._was_running and not now.is_running and now.trouble is None
        self._was_running = now.is_running
        if now.is_enrolled and (has_ended or now.statements != self._known):
            self._known = now.statements
            self._look()

    @Slot(object)
    def _on_changed(self, done: Done) -> None:
        if "setting" in done.kinds and self._exchanges.state().is_enrolled:
            self._look()

    @Slot()
    def _look(self) -> None:
        if self._is_busy or self._office.jobs.is_closed:
            return
        self._is_busy = True
        job = self._office.jobs.run(self, partial(_take_or_say, self._office.work))
        job.done.connect(self._on_looked)
        for ending in (job.refused, job.broken):
            ending.connect(self._on_end)

    @Slot(object)
    def _on_looked(self, found: tuple[Done | None, Rules | None]) -> None:
        taken, to_say = found
        self._is_busy = to_say is not None
        if taken is not None:
            self._office.changed.emit(taken)
        if to_say is not None:
            job = self._exchanges.ask(self, partial(changing.set_rules, rules=to_say))
            job.done.connect(partial(self._on_said, to_say))
            for ending in (job.refused, job.broken):
                ending.connect(self._on_end)  # they count here, and are said another time

    def _on_said(self, said: Rules, members: Members) -> None:
        self._is_busy = False
        job = self._office.jobs.run(self, partial(_note_said, self._office.work, said, members))
        job.done.connect(self._look)  # they may have been set again meanwhile

    def _on_end(self, *_args: Any) -> None:  # noqa: ANN401 - whatever the ending tells
        self._is_busy = False


def _take_or_say(work: Work) -> tuple[Done | None, Rules | None]:
    """Take what the organisation said; or give what it has not heard of. On the store's thread."""
    kept = caseload_summary.own_rules_kept(work)
    with disk_trouble_in_words(NOT_READ), work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        stand = state.standing(driver)
        if stand is None:
            return None, None
        members = state.members(driver, stand)
        keys = state.keys(driver).get(stand.organisation, {})
    is_to_say = kept.is_unsaid and members.may_set_rules(UUID(work.actor.device_id).bytes)
    if is_to_say or not members.rules_by or kept.said_by == _said_by(members):
        return None, kept.values if is_to_say and keys else None
    found = open_rules(members.rules, members.organisation, keys)
    return (caseload_summary.take_rules(work, found, _said_by(members)) if found is not None else None), None


def _note_said(work: Work, said: Rules, members: Members) -> None:
    if caseload_summary.own_rules_kept(work).values == said:
        caseload_summary.take_rules(work, said, _said_by(members))


def _said_by(members: Members) -> str:
    return f"{members.organisation.hex()}:{members.rules_by}"
