"""What is done on the thread of the exchange: the kept line to the hub, an exchange, and how it ended.

No window is held here. What the desk looks at while it runs (`progress`) is replaced whole.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from advocate_desk.casework.work import Work
from advocate_desk.desk.team.exchange_state import Ended
from advocate_desk.desk.team.file_exchange import by_file
from advocate_desk.desk.team.gate import Gate
from advocate_desk.desk.team.places import FileHub, FilePlace, Mark, mark_of, parse_place
from advocate_desk.errors import DeskError, Stopped
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.sync import leaving, overview, parting
from advocate_desk.sync.address import Address, parse_address
from advocate_desk.sync.aside import Aside
from advocate_desk.sync.attachments import Attachments, Moved
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.hub import HubRefused, Removed, Unreachable
from advocate_desk.sync.link import Link, TeamHub
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.overview import Overview
from advocate_desk.sync.transaction import writing
from advocate_desk.sync.transport import HttpHub, Line
from advocate_desk.vault.device import Device

AGAIN = "again"
"""The code of an exchange that ended well and left documents for the next, which follows at once."""
T = TypeVar("T")
M = TypeVar("M", bound=msgspec.Struct)

STOPPED_BY_DISK = "so the exchange stopped. Nothing was lost, and what you wrote is kept here."


class GatedLine(Line):
    """A line that a lock cuts."""

    def __init__(self, address: Address, gate: Gate) -> None:
        super().__init__(address)
        self._gate = gate

    def ask(self, route: str, message: msgspec.Struct, kind: type[M], token: bytes = b"") -> M:
        """As any line; raises Stopped too."""
        with self._gate.out(self.cut):
            return super().ask(route, message, kind, token)


Connect = Callable[[Overview, Device, Gate], TeamHub]


def over_http(seen: Overview, device: Device, gate: Gate) -> TeamHub:
    """The hub of an organisation, over HTTP."""
    address = parse_address(seen.hub_address)
    return HttpHub(address, seen.organisation, device.id.bytes, device.sign_seed, GatedLine(address, gate))


class Talk:
    """All talk of one open desk with its hub. Every method runs on the one thread; `progress` is read on another."""

    def __init__(
        self,
        work: Work,
        device: Device,
        gate: Gate,
        check: Callable[[], object],
        on_lost: Callable[[], object],
        connect: Connect = over_http,
    ) -> None:
        self._work, self._device, self._gate, self._check, self._connect = work, device, gate, check, connect
        self._on_lost = on_lost
        self._hub: tuple[bytes, str, TeamHub] | None = None
        self._met: tuple[Path, Mark | None] | None = None
        self.progress: tuple[int, int] | None = None
        self.pages = 0
        self.is_at_documents = False

    def look(self) -> Overview | None:
        """How the desk stands; None while it belongs to no organisation. Raises Unavailable, Stopped."""
        with self._unless_closing(), disk_trouble_in_words(STOPPED_BY_DISK):
            return overview.read(self._work.engine)

    def act(self, act: Callable[[Link], T]) -> T:
        """Do something with the organisation. Raises what `act` raises, Unavailable (the disk), Stopped."""
        seen = self.look()
        hub = self._hub_of(seen) if seen is not None and seen.hub_address else None
        write = partial(writing, is_stopped=self._may_not_write)
        gate, clock = self._gate, self._work.clock
        link = Link(self._work.engine, self._device, hub, clock, write, lambda to: GatedLine(to, gate), gate.waiting)
        with self._unless_closing(), disk_trouble_in_words():
            return act(link)

    def exchange(self, may_clear_many: bool = False) -> Ended:
        """Exchange records, then documents. Raises nothing that an exchange is expected to end with."""

        def run() -> Ended:
            seen = self.look()
            if seen is None or not seen.hub_address or seen.is_paused:
                return Ended("done")
            place = parse_place(seen.hub_address)
            if isinstance(place, FilePlace):
                return self._exchange_by_its_file(place.path, seen, may_clear_many)
            hub = self._hub_of(seen)
            report = self._run(hub, may_clear_many)
            moved = self._documents(hub, seen.organisation)
            return Ended("done", "" if moved is not None else AGAIN, report=report, moved=moved or Moved())

        return self._looked(self._ended(run))

    def exchange_by_file(self, path: Path, is_new: bool) -> Ended:
        """Exchange with a file, which is made first where `is_new`. Ends as `exchange` does."""

        def run() -> Ended:
            stop, note = self._may_not_write, self._on_progress
            report, moved = by_file(self._work, self._device, path, is_new, stop, note)
            return Ended("done", report=report, moved=moved)

        return self._ended(run)

    def _exchange_by_its_file(self, path: Path, seen: Overview, may_clear_many: bool) -> Ended:
        """By the file in which the organisation meets, where it is there and there is anything to give or to take."""
        mark = mark_of(path)
        if mark is None:
            return Ended("away")
        if (path, mark) == self._met and not _has_to_meet(seen, may_clear_many):
            return Ended("idle") if seen.is_admitted else Ended("knocking")
        stop, note = self._may_not_write, self._on_progress
        report, moved = by_file(
            self._work, self._device, path, False, stop, note, is_asked=False, may_clear_many=may_clear_many
        )
        self._met = (path, mark)  # where it was put back by us or by a colleague since, it is looked into once more
        return Ended("done", report=report, moved=moved)

    def _ended(self, run: Callable[[], Ended]) -> Ended:
        self.progress, self.pages = None, 0
        try:
            with self._unless_closing(), disk_trouble_in_words(STOPPED_BY_DISK):
                return run()
        except Stopped:
            return Ended("stopped")
        except Unreachable as error:
            return Ended("unreachable", advice=error.advice)
        except HubRefused as refusal:
            return self._refused(refusal)
        except Distrust as error:
            return self._distrusted(error.what)
        except Removed as removal:
            return self._removed(removal.is_lost)
        except DeskError as error:
            return Ended("trouble", advice=error.advice)

    def hang_up(self) -> None:
        """Close the line. Once the thread has ended."""
        close = getattr(self._hub[2], "close", None) if self._hub is not None else None
        if callable(close):
            close()

    # --- inside ---

    @contextlib.contextmanager
    def _unless_closing(self) -> Iterator[None]:
        """Whatever fails at a shut gate is Stopped: its statement was cut off, or its connection closed under it."""
        try:
            yield
        except (DeskError, HubRefused, Distrust, Removed, Stopped):
            raise
        except Exception:
            if self._gate.is_shut():
                raise Stopped from None
            raise

    def _looked(self, ended: Ended) -> Ended:
        with contextlib.suppress(DeskError, Stopped):  # the next look says what is amiss
            return ended if self._gate.is_shut() else replace(ended, seen=self.look())
        return ended

    def _documents(self, hub: TeamHub, organisation: bytes) -> Moved | None:
        """The bytes of documents, after the records; None where records had to go first, and what came is kept."""
        self.is_at_documents, self.progress = True, None
        try:
            return Attachments(self._work.engine, organisation, hub, self._work.clock, self._is_stopped).run()
        except Stopped:
            return None
        finally:
            self.is_at_documents = False

    def _refused(self, refusal: HubRefused) -> Ended:
        """A desk that nobody has let in yet is unknown to the hub: that is no trouble."""
        with contextlib.suppress(DeskError, Stopped):
            seen = self.look()
            if refusal.code == "unknown" and seen is not None and not seen.is_admitted:
                return Ended("knocking")
        return Ended("refused", refusal.code, refusal.detail)

    def _removed(self, is_lost: bool) -> Ended:
        """Reported lost: decide it before anybody can cut it off. Left: nothing stays but what was not delivered."""
        try:
            if is_lost:
                self._on_lost()
                return Ended("lost")
            with disk_trouble_in_words(STOPPED_BY_DISK):
                parting.note_out(self._work.engine, self._device.id)
                now, own = self._work.clock.now(), self._device.id.bytes
                kept = leaving.clear_delivered(self._work.engine, own, now, self._is_stopped)
            return Ended("left", detail=kept)
        except Stopped:
            return Ended("stopped")
        except DeskError as error:
            return Ended("trouble", advice=error.advice)

    def _distrusted(self, what: str) -> Ended:
        """What is not to be trusted is kept, until somebody has read it."""
        with contextlib.suppress(DeskError), disk_trouble_in_words():  # it is told now in any case
            overview.tell(self._work.engine, self._work.clock.now(), "distrust", {"what": what})
        return Ended("distrust", what)

    def _run(self, hub: TeamHub, may_clear_many: bool) -> Report:
        return Exchange(
            self._work.engine,
            self._device,
            hub,
            self._work.clock,
            self._is_stopped,
            self._on_progress,
            may_clear_many,
            Aside(self._gate.waiting),
        ).run()

    def _on_progress(self, reached: int, head: int) -> None:
        self.progress, self.pages = (reached, head), self.pages + 1

    def _is_stopped(self) -> bool:
        """Asked before each transaction. Raises Unavailable where another desk has taken this folder over."""
        self._check()
        return self._gate.is_stopped()

    def _may_not_write(self) -> bool:
        self._check()
        return self._gate.is_shut()

    def _hub_of(self, seen: Overview) -> TeamHub:
        if self._hub is None or self._hub[:2] != (seen.organisation, seen.hub_address):
            place = parse_place(seen.hub_address)
            hub = (
                FileHub(place, seen.organisation, self._device, self._work.clock)
                if isinstance(place, FilePlace)
                else self._connect(seen, self._device, self._gate)
            )
            self._hub = (seen.organisation, seen.hub_address, hub)
        return self._hub[2]


def _has_to_meet(seen: Overview, may_clear_many: bool) -> bool:
    """Whether there is anything to give or to take, be the file as it was."""
    return bool(seen.waiting or seen.documents or seen.unsent_documents or may_clear_many)
