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
from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.errors import DeskError

log = logging.getLogger(__name__)

KEEP_AFTER_MS = 700  # from the first unwritten change
TRY_AGAIN_MS = 5_000  # after a write that the disk refused
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
    """Writes what `snapshot` says is open, whenever something was touched, and before every lock.

    What the disk refuses stays in memory and is written again by and by. `trouble` says why it could not be, "" when
    all is well.
    """

    kept = Signal(object)  # datetime of the last write that ended well
    failed = Signal(str)  # why the last write did not
    listed = Signal()  # the drafts that were left aside changed

    def __init__(self, work: Work, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work, self._jobs = work, jobs
        self._forms: Snapshot = tuple
        self._place: Callable[[], dict[str, Any]] = dict
        self._known: dict[str, Draft] = {}  # the newest state of each draft, in the store or on its way
        self._doubtful: dict[str, Draft] = {}  # those of which nobody has said yet that the store has them
        self._place_written: dict[str, Any] = {}
        self._became: set[str] = set()  # drafts that a save has taken out; changed on the store's thread alone
        self.trouble = ""
        self._timer = QTimer(self, singleShot=True, interval=KEEP_AFTER_MS)
        self._timer.timeout.connect(self.flush)
        self._again = QTimer(self, singleShot=True, interval=TRY_AGAIN_MS)
        self._again.timeout.connect(self.flush)

    def watch(self, forms: Snapshot, place: Callable[[], dict[str, Any]]) -> None:
        """Take snapshots from here: the open forms, and where in the desk the user is."""
        self._forms, self._place = forms, place

    def load(self) -> tuple[Draft, ...]:
        """Every draft of the store, open ones first in their order. On the store's thread."""
        return store.all_drafts(self._work)

    def hold(self, unwritten: Sequence[Draft], trouble: str) -> None:
        """Take over what an earlier lock could not write, because of `trouble`: it is newer than the store's."""
        if unwritten:
            self.trouble = trouble
            self._doubtful.update({one.key: one for one in unwritten})
            self.touch()

    def loaded(self, found: Sequence[Draft]) -> dict[str, Any]:
        """Take what `load` found; gives the place that was left, {} for none."""
        newest = {one.key: one for one in found} | self._doubtful
        self._known = {key: one for key, one in newest.items() if key != PLACE_KEY}
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
        self._again.stop()
        changed = [one for one in self.take() if self._is_unwritten(one)]
        for one in changed:
            if one.key == PLACE_KEY:
                self._place_written = dict(one.payload)
            else:
                self._known[one.key] = one
        if changed:
            self._write(tuple(changed))
            self.listed.emit()

    def _is_unwritten(self, one: Draft) -> bool:
        if self.trouble and one.key in self._doubtful:
            return True
        if one.key == PLACE_KEY:
            return one.payload != self._place_written
        return _differs(one, self._known.get(one.key))

    def _write(self, many: tuple[Draft, ...]) -> Job:
        self._doubtful.update({one.key: one for one in many})
        job = self._jobs.run(self, partial(self._keep, many))
        job.done.connect(lambda _result: self._on_kept(many))
        job.refused.connect(self._on_refused)
        job.broken.connect(self._on_broken)
        return job

    def take(self) -> tuple[Draft, ...]:
        """Every open form, what is on its way, and the place, as they are now.

        A lock takes them before anything loses the focus.
        """
        taken = list(self._forms())
        open_now = {one.key for one in taken}
        taken += [one for key, one in self._doubtful.items() if key not in open_now and key != PLACE_KEY]
        try:
            place = self._place()
        except Exception:  # one page's fault may neither hold up a lock nor cost the forms
            log.exception("the place in the desk could not be taken")
            place = {}
        if place:
            now = self._work.clock.now()
            taken.append(Draft(PLACE_KEY, "", None, {}, place, is_open=False, position=-1, saved_at=now))
        elif PLACE_KEY in self._doubtful:
            taken.append(self._doubtful[PLACE_KEY])
        return tuple(taken)

    def flush_and_wait(self, taken: tuple[Draft, ...] | None = None) -> tuple[Draft, ...]:
        """Write now, or what was `taken` just before, and wait for it. Gives what could not be written, to keep."""
        self._timer.stop()
        if self._jobs.is_closed:
            return ()
        everything = self.take() if taken is None else taken
        error = self._jobs.run_and_wait(partial(self._keep, everything))
        if error is None:
            return ()
        self.trouble = error.advice if isinstance(error, DeskError) else self._fault()
        return tuple(one for one in everything if one.key not in self._became)

    def _keep(self, many: tuple[Draft, ...]) -> None:
        """Write drafts, but for those that a save made before them turned into records. On the store's thread."""
        store.keep_all(self._work, tuple(one for one in many if one.key not in self._became))

    def became_record(self, key: str) -> None:
        """A save has just taken this draft out. On the store's thread, in the job that saves."""
        self._became.add(key)

    def set_aside(self, one: Draft) -> Job:
        """Keep a draft whose form is closed. The job ends well when it is written; until then it is held here."""
        self._known[one.key] = one
        job = self._write((one,))
        self.listed.emit()
        return job

    def drop(self, key: str) -> None:
        """Forget a draft."""
        self._forget(key)
        if not self._jobs.is_closed:
            self._jobs.run(self, partial(store.drop, self._work, key))
        self.listed.emit()

    def saved(self, key: str) -> None:
        """A form was saved and its draft is already out of the store. The next form of that name keeps a new one."""
        self._forget(key)
        if not self._jobs.is_closed:
            self._jobs.run_unowned(partial(self._became.discard, key))  # behind what was asked before
        self.listed.emit()

    def _forget(self, key: str) -> None:
        self._known.pop(key, None)
        self._doubtful.pop(key, None)

    def of(self, key: str) -> Draft | None:
        """The draft kept under `key`, if there is one."""
        return self._known.get(key)

    def aside(self) -> tuple[Draft, ...]:
        """Drafts whose form is not open, newest first."""
        left = [one for one in self._known.values() if not one.is_open]
        return tuple(sorted(left, key=lambda one: one.saved_at, reverse=True))

    def is_kept(self, one: Draft) -> bool:
        """False while the disk refuses it: it is in this window alone."""
        return not self.trouble or one.key not in self._doubtful

    def _on_kept(self, many: tuple[Draft, ...]) -> None:
        for one in many:
            if self._doubtful.get(one.key) is one:
                del self._doubtful[one.key]
        self.trouble = ""
        self.kept.emit(self._work.clock.now())

    def _on_refused(self, error: Any) -> None:  # noqa: ANN401 - a DeskError through a Qt signal
        self._on_not_kept(error.advice)

    def _on_broken(self) -> None:
        self._on_not_kept(self._fault())

    def _on_not_kept(self, words: str) -> None:
        self.trouble = words
        self._again.start()
        self.failed.emit(words)

    def _fault(self) -> str:
        return self.tr(
            "Something went wrong in the program, so what you typed could not be kept on the disk. It is still here. "
            "Do not close the window; save the open forms."
        )


def _differs(one: Draft, written: Draft | None) -> bool:
    if written is None:
        return True
    return (one.payload, one.is_open, one.position) != (written.payload, written.is_open, written.position)
