"""The exchange of an open desk: by itself, soon after a change and now and then, on one thread of its own.

`Link`, what others do on that thread stands on, is in `sync/link.py`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from advocate_desk.casework.work import Done
from advocate_desk.desk.jobs import Job
from advocate_desk.desk.office import Office
from advocate_desk.desk.team.exchange_state import Ended, ExchangeState
from advocate_desk.desk.team.gate import Gate
from advocate_desk.desk.team.line_jobs import LineJobs
from advocate_desk.desk.team.network import NetworkWatch
from advocate_desk.desk.team.talk import AGAIN, Connect, Talk, over_http
from advocate_desk.store.thread_connections import ThreadConnections
from advocate_desk.sync import choices
from advocate_desk.sync.link import Link
from advocate_desk.sync.overview import Overview
from advocate_desk.sync.records import shapes
from advocate_desk.vault.device import Device

T = TypeVar("T")

FIRST_MS = 3_000
"""After an unlock: whoever opened the desk has seen it by then, after a crash or a restore too."""
AFTER_CHANGE_MS = 4_000
"""Changes come in bursts; the exchange waits for the end of one."""
AFTER_CHANGE_BY_FILE_MS = 30_000
"""A file is copied whole, there and back."""
EVERY_MS = 5 * 60_000
JITTER = 0.2
"""Desks that were opened at the same hour do not call at the same second."""
WAITS_MS = (15_000, 30_000, 60_000, 2 * 60_000, EVERY_MS)
"""Between tries while the hub cannot be reached, or does not take part."""
BACK_MS = 2_000
"""After the network came back or the computer woke: names and routes are found a moment later than the connection."""
KNOCK_MS = 20_000
"""Between tries of a desk that waits to be let in: whoever invited it may be on the telephone with its user. Between
looks for an exchange file, too: a stick may be put in at any moment, and looking costs nothing."""
JOINED_MS = (4_000, 8_000, 15_000, 30_000, 60_000)
"""Between the first exchanges of a desk that was let in, until one brings something: a colleague gives the keys."""
LOOK_MS = 250
"""How often the progress of a running exchange is looked at."""
SHOW_AFTER_MS = 2_000
"""Screens show what a long exchange has brought so far: first after this, then each time after twice as long."""
END_S = 1.5
"""How long a lock waits for the thread at most, before it closes the thread's connections under it."""


class Exchanges(QObject):
    """All talk of one open desk with its hub. Ends with the desk: `close` waits for no network."""

    state_changed = Signal()
    changed = Signal(object)  # frozenset of the kinds of record that an exchange brought
    ended = Signal()  # an exchange is over, whatever came of it: one that broke off may have merged records before
    removed = Signal(bool)  # is_lost: destroy the vault

    def __init__(
        self,
        office: Office,
        device: Device,
        check: Callable[[], object] = lambda: None,
        on_lost: Callable[[], object] = lambda: None,
        connect: Connect = over_http,
    ) -> None:
        """`check` raises where another desk has taken the store over; `on_lost` decides that the desk is destroyed."""
        super().__init__(office)
        self._office = office
        self._state = ExchangeState()
        self._gate = Gate()
        self._jobs = LineJobs("exchange", self)
        self._connections = ThreadConnections(office.work.engine)
        self._talk = Talk(office.work, device, self._gate, check, on_lost, connect)
        self._asked = 0
        self._joined: list[int] = []
        self._failures = 0
        self._is_telling = False
        self._is_due = False
        self._may_clear = False
        self._is_clearing = False
        self._shown_pages = 0
        self._wrote: dict[bytes, tuple[str, str]] = {}
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.exchange_now)
        self._after_change = QTimer(self, singleShot=True, interval=AFTER_CHANGE_MS)
        self._after_change.timeout.connect(self._after_changes)
        self._watch = QTimer(self, interval=LOOK_MS)
        self._watch.timeout.connect(self._on_look)
        self._show = QTimer(self, singleShot=True)
        self._show.timeout.connect(self._on_show)
        self._network = NetworkWatch(self)
        self._network.returned.connect(self.connected_again)
        office.changed.connect(self._on_changed)
        self._jobs.run_unowned(self._connections.claim)

    def state(self) -> ExchangeState:
        """How it stands."""
        return self._state

    def written_by(self, record: UUID, changed_at: str) -> str:
        """Whose change of a record was received since this desk was opened; "" where the record is not as it came.

        An id in the organisation. On any thread.
        """
        author, at = self._wrote.get(record.bytes, ("", ""))
        return author if at == changed_at else ""

    def start(self) -> None:
        """Look how the desk stands, and exchange soon if it belongs to an organisation."""
        self._look()
        self._timer.start(FIRST_MS)

    def ask(self, owner: QObject, act: Callable[[Link], T]) -> Job:
        """Do something with the organisation, on the thread of the exchange; an exchange in hand makes way for it."""
        self._asked += 1
        self._gate.want(True)
        job = self._jobs.run(owner, lambda: self._talk.act(act))
        self._look(self._on_acted)
        return job

    def exchange_by_file(self, owner: QObject, path: Path, is_new: bool) -> Job:
        """Exchange with a file on a stick or in a shared folder, made first where `is_new`. The Job gives an Ended."""
        self._asked += 1
        self._gate.want(True)
        job = self._jobs.run(owner, lambda: self._talk.exchange_by_file(path, is_new), self._on_file_exchanged)
        self._look(self._on_acted)
        return job

    @Slot()
    def exchange_now(self) -> None:
        """Exchange as soon as the thread is free. Nothing where the desk has no hub or is paused."""
        if not self._can_exchange():
            return
        if self._state.is_running or self._asked:
            self._is_due = True
            self._gate.want(bool(self._asked) or self._talk.is_at_documents)  # records go before documents
            return
        self._is_due = False
        self._is_clearing, self._may_clear = self._may_clear, False
        self._begin(partial(self._talk.exchange, self._is_clearing))

    @Slot()
    def connected_again(self) -> None:
        """The network is back, or the computer woke: exchange soon, and do not sit out the wait for the next try.

        A hub that asked for patience is given it: the network has nothing to do with that.
        """
        if not self._can_exchange() or (self._is_put_off() and self._timer.isActive()):
            return
        self._failures = 0
        if self._state.is_running:
            self._is_due = True  # what is out on a connection that is no more
            return
        wait = round(BACK_MS * random.uniform(1, 3))  # noqa: S311 - an office comes back at once; spreads calls, no secret
        if not self._timer.isActive() or self._timer.remainingTime() > wait:
            self._timer.start(wait)

    def clear_withdrawn(self) -> None:
        """Exchange, and take away the many files that were withdrawn: whoever was asked has agreed.

        Where one is running, the next one does it.
        """
        if self._can_exchange():
            self._may_clear = True
            self.exchange_now()

    def pause(self) -> None:
        """Exchange no more until `go_on`, after a restart too. What is in hand ends at its next step."""
        self._set_paused(True)

    def go_on(self) -> None:
        """Exchange again, at once."""
        self._failures = 0
        self._set_paused(False)

    def read_alarms(self) -> None:
        """Whoever is at the desk has read what there is to read."""
        newest = max((each.number for each in self._state.alarms), default=0)
        self.show(replace(self._state, alarms=()))
        if newest:
            self.ask(self, lambda link: choices.set_read(link.engine, newest))

    def stop(self) -> None:
        """Begin to end: nothing more is sent or written. Does not wait; `close` does."""
        self._gate.shut()
        for timer in (self._timer, self._after_change, self._watch, self._show):
            timer.stop()
        self._connections.interrupt()
        self._jobs.close()

    def close(self) -> None:
        """End. Waits for a moment at most: a thread that the network keeps is left without its connections."""
        self.stop()
        if self._jobs.wait(END_S):
            self._talk.hang_up()
        else:
            with self._gate.held_out(self._connections.thread) as is_out:
                if is_out:
                    self._connections.close()
            self._jobs.leave_behind()
        self._connections.end()

    # --- inside ---

    def _can_exchange(self) -> bool:
        now = self._state
        can_meet = now.has_hub or now.has_file
        return now.is_enrolled and can_meet and not now.is_paused and not self._gate.is_shut()

    def _is_put_off(self) -> bool:
        """Whether the hub has said when it may be asked again."""
        trouble = self._state.trouble
        return trouble is not None and (trouble.kind, trouble.code) == ("refused", "too_many")

    def _begin(self, work: Callable[[], Ended]) -> None:
        self._network.listen()
        self._timer.stop()
        self._after_change.stop()
        self._gate.want(False)
        self._shown_pages = 0
        self.show(replace(self._state, is_running=True, progress=None))
        self._watch.start()
        self._show.start(SHOW_AFTER_MS)
        job = self._jobs.run(self, work)
        job.done.connect(self._on_ended)
        job.broken.connect(self._on_broken)

    def _look(self, then: Callable[[], object] = lambda: None) -> None:
        """Read how the desk stands, behind what was asked before; `then` is called whether or not it can be read."""
        job = self._jobs.run(self, self._talk.look)
        job.done.connect(self._on_looked)
        job.refused.connect(
            lambda error: self.show(replace(self._state, trouble=Ended("trouble", advice=error.advice)))
        )
        job.broken.connect(lambda: self.show(replace(self._state, trouble=Ended("trouble"))))
        for ending in (job.done, job.refused, job.broken):
            ending.connect(lambda *_args: then())

    def _on_acted(self) -> None:
        """What somebody asked for is done: the exchange that made way goes on."""
        self._asked -= 1
        if not self._asked:
            self._gate.want(False)
            if self._is_due:
                self.exchange_now()

    def _set_paused(self, is_paused: bool) -> None:
        self.show(replace(self._state, is_paused=is_paused))
        self.ask(self, lambda link: choices.set_paused(link.engine, is_paused))
        self._is_due = not is_paused

    def show(self, state: ExchangeState) -> None:
        """Take this for how it stands, and say so where it is news."""
        if state != self._state:
            self._state = state
            self.state_changed.emit()

    @Slot(object)
    def _on_looked(self, seen: Overview | None) -> None:
        was_enrolled = self._state.is_enrolled
        self.show(self._state.after(seen))
        if self._state.is_enrolled and not was_enrolled and not self._timer.isActive():
            self._joined = list(JOINED_MS)
            self.exchange_now()  # joined just now: what there is comes at once

    @Slot(object)
    def _on_ended(self, ended: Ended) -> None:
        self._watch.stop()
        self._show.stop()
        before = self._state.after(ended.seen) if ended.seen is not None else self._state
        trouble = before.trouble if ended.kind == "stopped" else ended if ended.is_trouble else None
        before = replace(before, is_away=ended.kind == "away")
        notes = tuple(ended.report.troubles) if ended.kind == "done" else before.notes
        self.show(replace(before, is_running=False, progress=None, is_at_documents=False, trouble=trouble, notes=notes))
        self._wrote |= ended.report.wrote
        if ended.kind == "done":
            self._tell(_brought(ended))
            self._is_due = self._is_due or ended.code == AGAIN
        elif self._talk.pages > self._shown_pages:
            self._tell(all_kinds())
        self.ended.emit()
        if ended.kind in {"lost", "left"}:
            self.removed.emit(ended.kind == "lost")
            return
        self._failures = self._failures + 1 if ended.is_trouble else 0
        self._wait(ended)
        if self._is_due and not self._asked and not ended.is_trouble:
            self.exchange_now()

    def _on_file_exchanged(self, ended: Ended) -> None:
        self._wrote |= ended.report.wrote
        if ended.kind == "done":
            self.show(replace(self._state, notes=tuple(ended.report.troubles)))
            self._tell(_brought(ended))
        elif self._talk.pages:
            self._tell(all_kinds())
        self.ended.emit()
        if ended.kind in {"lost", "left"}:
            self.removed.emit(ended.kind == "lost")

    def _wait(self, ended: Ended) -> None:
        """Until the next exchange by itself."""
        if ended.kind == "stopped":
            self._is_due = True
            self._may_clear = self._may_clear or self._is_clearing
            return
        wait = EVERY_MS if not self._failures else WAITS_MS[min(self._failures, len(WAITS_MS)) - 1]
        if ended.kind in {"knocking", "away"}:
            wait = KNOCK_MS
        if ended.kind in {"done", "idle"} and self._joined:
            wait = self._joined.pop(0)
            if ended.report.received:
                self._joined.clear()
        if ended.kind == "refused" and ended.code == "too_many":
            wait = max(wait, ended.detail * 1000)
        self._timer.start(round(wait * random.uniform(1 - JITTER, 1 + JITTER)))  # noqa: S311 - spreads calls, no secret

    @Slot()
    def _on_broken(self) -> None:
        self._on_ended(Ended("trouble"))

    @Slot()
    def _on_look(self) -> None:
        """While an exchange runs."""
        progress = self._talk.progress if self._talk.pages > 1 else None
        self.show(replace(self._state, progress=progress, is_at_documents=self._talk.is_at_documents))

    @Slot()
    def _on_show(self) -> None:
        if self._talk.pages > self._shown_pages:
            self._shown_pages = self._talk.pages
            self._tell(all_kinds())
        self._show.start(self._show.interval() * 2)

    @Slot(object)
    def _on_changed(self, done: Done) -> None:
        """Something was changed on this desk: send it when nothing more follows for a moment, or count it."""
        if self._is_telling or self._gate.is_shut() or not self._state.is_enrolled or not done.kinds & all_kinds():
            return
        self.show(replace(self._state, waiting=max(1, self._state.waiting)))
        self._after_change.start(AFTER_CHANGE_BY_FILE_MS if self._state.has_file else AFTER_CHANGE_MS)

    @Slot()
    def _after_changes(self) -> None:
        """Nothing more followed. What cannot be sent now is counted: the sign says how much waits."""
        if self._can_exchange() and not self._failures:  # else the hub is asked again when its time has come
            self.exchange_now()
        elif not self._state.is_running:  # else its end counts
            self._look()

    def _tell(self, kinds: frozenset[str]) -> None:
        if not kinds:
            return
        self.changed.emit(kinds)
        self._is_telling = True
        try:
            self._office.changed.emit(Done(None, None, kinds))
        finally:
            self._is_telling = False


def _brought(ended: Ended) -> frozenset[str]:
    """The kinds of record that an exchange brought; the bytes of documents change what is shown of them."""
    return frozenset(ended.report.kinds) | (frozenset({"stored_document"}) if ended.moved.received else frozenset())


def all_kinds() -> frozenset[str]:
    """Every kind of record that travels."""
    return frozenset(shapes())
