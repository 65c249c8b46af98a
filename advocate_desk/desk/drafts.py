"""Keeps every open form and the place in the desk as they are, within a second, so that nothing costs a character.

A lock, a crash and a power cut are the same to it: what was last written is what comes back.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from advocate_desk.casework import drafts as store
from advocate_desk.casework.drafts import Draft
from advocate_desk.casework.work import Work
from advocate_desk.desk.jobs import Jobs

log = logging.getLogger(__name__)

KEEP_AFTER_MS = 700  # from the first unwritten change
PLACE_KEY = "place"

Snapshot = Callable[[], Sequence[Draft]]


def draft_key(form: str, params: dict[str, Any]) -> str:
    """The name of the draft of one form for one purpose."""
    return f"{form} {json.dumps(params, sort_keys=True)}"


def file_of(params: dict[str, Any]) -> UUID | None:
    """The client file that a form belongs to, if it is opened for one."""
    try:
        return UUID(str(params.get("file_id", "")))
    except ValueError:
        return None


class Drafts(QObject):
    """Writes what `snapshot` says is open, whenever something was touched, and before every lock."""

    kept = Signal(object)  # datetime of the last write that ended well
    failed = Signal(str)  # why the last write did not
    listed = Signal()  # the drafts that were left aside changed

    def __init__(self, work: Work, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work, self._jobs = work, jobs
        self._forms: Snapshot = tuple
        self._place: Callable[[], dict[str, Any]] = dict
        self._written: dict[str, Draft] = {}
        self._place_written: dict[str, Any] = {}
        self._timer = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._timer.timeout.connect(self.flush)

    def watch(self, forms: Snapshot, place: Callable[[], dict[str, Any]]) -> None:
        """Take snapshots from here: the open forms, and where in the desk the user is."""
        self._forms, self._place = forms, place

    def load(self) -> tuple[Draft, ...]:
        """Every draft of the store, open ones first in their order. On the store's thread."""
        return store.all_drafts(self._work)

    def loaded(self, found: Sequence[Draft]) -> dict[str, Any]:
        """Take what `load` found; gives the place that was left, {} for none."""
        self._written = {one.key: one for one in found if one.key != PLACE_KEY}
        place = next((dict(one.payload) for one in found if one.key == PLACE_KEY), {})
        self._place_written = place
        self.listed.emit()
        return place

    def touch(self) -> None:
        """Something changed: it is written within a second."""
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Write now what differs from what was last written."""
        self._timer.stop()
        if self._jobs.is_closed:
            return
        found = self.take()
        changed = [one for one in found if one.key != PLACE_KEY and _differs(one, self._written.get(one.key))]
        self._written.update({one.key: one for one in changed})
        for one in found:
            if one.key == PLACE_KEY and one.payload != self._place_written:
                self._place_written = dict(one.payload)
                changed.append(one)
        if changed:
            job = self._jobs.run(self, partial(store.keep_all, self._work, tuple(changed)))
            job.done.connect(self._on_kept)
            job.refused.connect(self._on_refused)
            job.broken.connect(self._on_broken)
            self.listed.emit()

    def take(self) -> tuple[Draft, ...]:
        """Every open form, and the place, as they are now. A lock takes them before anything loses the focus."""
        taken = list(self._forms())
        try:
            place = self._place()
        except Exception:  # one page's fault may neither hold up a lock nor cost the forms
            log.exception("the place in the desk could not be taken")
            place = {}
        if place:
            now = self._work.clock.now()
            taken.append(Draft(PLACE_KEY, "", None, {}, place, is_open=False, position=-1, saved_at=now))
        return tuple(taken)

    def flush_and_wait(self, taken: tuple[Draft, ...] | None = None) -> tuple[Draft, ...]:
        """Write now, or what was `taken` just before, and wait for it. Gives what could not be written, to keep."""
        self._timer.stop()
        if self._jobs.is_closed:
            return ()
        everything = self.take() if taken is None else taken
        future = self._jobs.run_unowned(partial(store.keep_all, self._work, everything))
        return everything if future.exception() is not None else ()

    def set_aside(self, one: Draft) -> None:
        """Keep a draft whose form is closed."""
        self._written[one.key] = one
        self._jobs.run(self, partial(store.keep, self._work, one)).refused.connect(self._on_refused)
        self.listed.emit()

    def drop(self, key: str) -> None:
        """Forget a draft."""
        if self._written.pop(key, None) is not None and not self._jobs.is_closed:
            self._jobs.run(self, partial(store.drop, self._work, key))
        self.listed.emit()

    def saved(self, key: str) -> None:
        """A form was saved and its draft is already out of the store."""
        self._written.pop(key, None)
        self.listed.emit()

    def of(self, key: str) -> Draft | None:
        """The draft kept under `key`, if there is one."""
        return self._written.get(key)

    def aside(self) -> tuple[Draft, ...]:
        """Drafts whose form is not open, newest first."""
        left = [one for one in self._written.values() if not one.is_open]
        return tuple(sorted(left, key=lambda one: one.saved_at, reverse=True))

    def _on_kept(self, _result: object) -> None:
        self.kept.emit(self._work.clock.now())

    def _on_refused(self, error: Any) -> None:  # noqa: ANN401 - a DeskError through a Qt signal
        self._written.clear()  # write all of it again at the next touch
        self.failed.emit(error.advice)

    def _on_broken(self) -> None:
        self._written.clear()
        self.failed.emit(self.tr("What you typed could not be kept on this computer. Do not close the window."))


def _differs(one: Draft, written: Draft | None) -> bool:
    if written is None:
        return True
    return (one.payload, one.is_open, one.position) != (written.payload, written.is_open, written.position)
