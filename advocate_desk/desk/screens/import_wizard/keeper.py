"""Keeps the list in hand, encrypted in the store, so that neither a lock nor a crash costs anything of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from advocate_desk.casework.imports import drop_in_hand, in_hand, keep_in_hand
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.import_wizard.state import ListInHand

KEEP_AFTER_MS = 500  # after the first change that is not written
TRY_AGAIN_MS = 5_000  # after a write that the disk refused
HELD_AS = "import"

Waiting = tuple[Mapping[str, Any] | None, Mapping[str, Any]]
"""The file in hand, None where the store has it, and what was decided about it."""


class Keeper(QObject):
    """Writes the file once and the decisions whenever they change. `found` tells of a list that was kept before."""

    found = Signal(object, int)  # ListInHand, the step it was at
    refused = Signal(object)  # DeskError
    broken = Signal()

    def __init__(self, office: Office, parent: QObject, current: Callable[[], tuple[ListInHand | None, int]]) -> None:
        super().__init__(parent)
        self._office, self._current = office, current
        self._is_new = False
        self._waiting: Waiting | None = None  # asked to be written, and not known to be
        office.holders[HELD_AS] = lambda: self._waiting
        self._timer = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._timer.timeout.connect(self.keep_now)

    def look(self) -> None:
        """Look for a list that was kept, or that a lock has left in memory where it could not be."""
        held: Waiting | None = self._office.held.pop(HELD_AS, None)
        self._waiting = held
        self._office.read(self, in_hand).done.connect(lambda kept: self._on_read(_newest(kept, held)))

    def take(self) -> None:
        """Another list is in hand: its file has to be written, too."""
        self._is_new = True

    def touch(self) -> None:
        """Something was decided: it is written within a second."""
        if self._current()[0] is not None and not self._timer.isActive():
            self._timer.start(KEEP_AFTER_MS)
        self._office.drafts.touch()

    def flush(self) -> None:
        """Write now what waits to be written."""
        if self._timer.isActive():
            self.keep_now()

    @Slot()
    def keep_now(self) -> None:
        """Write what differs from what was last kept."""
        self._timer.stop()
        hand, step = self._current()
        if hand is None:
            return
        sheet = hand.sheet_kept() if self._is_new else None
        self._is_new = False
        self._write(sheet, {**hand.decided(), "step": step})

    def keep_instead(self, hand: ListInHand) -> None:
        """Keep a list that is not in hand yet: the rows that an import left behind."""
        self._timer.stop()
        self._write(hand.sheet_kept(), hand.decided())

    def rest(self) -> None:
        """There is nothing to keep for now."""
        self._waiting = None
        self._timer.stop()

    def drop(self) -> None:
        """Forget the list."""
        self._timer.stop()
        self._waiting = None
        self._office.jobs.run(self, partial(drop_in_hand, self._office.work))

    def _write(self, sheet: Mapping[str, Any] | None, decided: Mapping[str, Any]) -> None:
        unkept = self._waiting[0] if self._waiting is not None else None
        self._waiting = waiting = (sheet if sheet is not None else unkept, decided)
        job = self._office.jobs.run(self, partial(self._keep, waiting))
        job.refused.connect(self._on_refused)
        job.broken.connect(self.broken)

    def _keep(self, waiting: Waiting) -> None:
        """On the store's thread: a lock that waits for it finds `_waiting` as the disk has left it."""
        keep_in_hand(self._office.work, *waiting)
        if self._waiting is waiting:
            self._waiting = None

    def _on_refused(self, error: object) -> None:
        self._timer.start(TRY_AGAIN_MS)
        self.refused.emit(error)

    def _on_read(self, kept: tuple[Mapping[str, Any], Mapping[str, Any]] | None) -> None:
        if self._waiting is not None:
            self._timer.start(KEEP_AFTER_MS)
        if kept is None or self._current()[0] is not None:
            return
        try:
            hand, step = ListInHand.brought_back(*kept), int(kept[1].get("step", 1))
        except (ValueError, TypeError):  # kept by another version
            self.drop()
            return
        self.found.emit(hand, step)


def _newest(
    kept: tuple[Mapping[str, Any], Mapping[str, Any]] | None, held: Waiting | None
) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """The store's list, as far as nothing newer was held in memory."""
    if held is None:
        return kept
    sheet = held[0] if held[0] is not None else (kept[0] if kept is not None else None)
    return (sheet, held[1]) if sheet is not None else None
