"""What a screen may reach: queries, activities, forms, files, messages. Never a session or a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from advocate_desk import paths
from advocate_desk.casework.work import Done, Work
from advocate_desk.clock import Clock, today_in_london
from advocate_desk.desk.drafts import Drafts
from advocate_desk.desk.forms.registry import FormRegistry
from advocate_desk.desk.half_typed import HalfTyped
from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.desk.messages import Messages
from advocate_desk.desk.open_conflicts import OpenConflicts
from advocate_desk.desk.whose_work import WhoseWork
from advocate_desk.domain.identity import FileId
from advocate_desk.packs.packs import Packs
from advocate_desk.settings import ComputerSettings
from advocate_desk.vault.vault import OpenVault

if TYPE_CHECKING:
    from advocate_desk.desk.backing_up import BackupKeeper
    from advocate_desk.desk.team.exchanging import Exchanges
    from advocate_desk.documents.fonts import FontSet
    from advocate_desk.store.backup_round import Round

P = ParamSpec("P")
T = TypeVar("T")


class Office(QObject):
    """One unlocked desk. Every screen is given it and reaches nothing else."""

    changed = Signal(object)  # casework's Done: reload if `kinds` and `file_id` concern you
    form_asked = Signal(str, object, object)  # form key, params, payload of a draft or None
    file_asked = Signal(object, str)  # file id, section ("" for its first)
    screen_asked = Signal(str, object)  # screen key, its place or {}

    exchanging = Signal(object)  # Exchanges: it has begun
    computer_asked = Signal(object)  # ComputerSettings: how this computer shows the desk
    lock_settings_asked = Signal(object)  # LockSettings: when the desk locks by itself
    removed = Signal()  # the organisation reported this desk lost: close it and destroy it
    parted = Signal()  # the organisation that let this desk go is forgotten: lock, and open as a new device
    restore_asked = Signal(object)  # CopyFile: close the desk and put that backup in its place
    key_change_asked = Signal(object)  # NewKey: close the desk and encrypt it anew; whoever takes it wipes it

    def __init__(
        self,
        work: Work,
        jobs: Jobs,
        forms: FormRegistry | None = None,
        parent: QObject | None = None,
        vault: OpenVault | None = None,
    ) -> None:
        super().__init__(parent)
        self.vault = vault  # for the dialogs that change how it is opened; None where there is none, as in tests
        self.backups: BackupKeeper | None = None  # likewise
        self.exchanges: Exchanges | None = None  # likewise
        self.computer = ComputerSettings()
        self.work: Work = work
        self.jobs = jobs
        self.packs: Packs = work.packs
        self.clock: Clock = work.clock
        self.forms = forms or FormRegistry()
        self.messages = Messages(self)
        self.drafts = Drafts(work, jobs, self)
        self.half_typed = HalfTyped(self.drafts, self)
        self.held: dict[str, Any] = {}  # what an earlier lock could not write, until its keeper takes it back
        self.holders: dict[str, Callable[[], Any]] = {}  # each gives what it has not written yet, None for nothing

    @cached_property
    def fonts(self) -> FontSet:
        """The fonts of every document, read when the first one is made. Safe between threads."""
        from advocate_desk.documents.fonts import FontSet  # noqa: PLC0415 - not before a document is wanted

        return FontSet(paths.resources() / "fonts")

    def read(self, owner: QObject, query: Callable[..., Any], /, *args: object, **kwargs: object) -> Job:
        """Run a query `(conn, *args)` off the GUI thread; the answer comes by the Job's `done`."""
        return self.jobs.run(owner, partial(self.work.read, query, *args, **kwargs))

    def do(
        self,
        owner: QObject,
        activity: Callable[Concatenate[Work, P], T],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Job:
        """Run a casework activity `(work, *args)` off the GUI thread. Emits `changed`, even if `owner` has gone."""
        return self.jobs.run(owner, partial(activity, self.work, *args, **kwargs), self._on_activity_ended)

    def today(self) -> date:
        """The calendar day in London."""
        return today_in_london(self.clock)

    @cached_property
    def conflicts(self) -> OpenConflicts:
        """What waits for a decision, read when a page first asks and followed from then on."""
        return OpenConflicts(self)

    @cached_property
    def whose(self) -> WhoseWork:
        """Whose work each screen shows, read when a screen first asks."""
        return WhoseWork(self)

    @cached_property
    def vault_jobs(self) -> Jobs:
        """A worker of its own for the vault: a slow keyring holds up no answer of the store."""
        return Jobs("vault", self)

    def keep_backups(self, keeper: BackupKeeper) -> None:
        """Have the caseload copied by itself from now on, and say where something is amiss."""
        self.backups = keeper
        keeper.ended.connect(self._on_backed_up)
        keeper.start()

    def keep_exchanging(self, exchanges: Exchanges) -> None:
        """Exchange with the organisation by itself from now on, where the desk belongs to one."""
        self.exchanges = exchanges
        exchanges.removed.connect(self._on_removed)
        self.exchanging.emit(exchanges)
        exchanges.start()

    def make_haste(self) -> None:
        """The desk is about to end: long work stops at its next step. Waits for nothing."""
        self.jobs.stop()
        if self.exchanges is not None:
            self.exchanges.stop()

    def end(self) -> None:
        """Finish what is in hand and take nothing more. Blocks until the last job ends: no key is wiped under one."""
        if self.backups is not None:
            self.backups.close()
        if self.exchanges is not None:
            self.exchanges.close()
        self.jobs.close()
        if "vault_jobs" in self.__dict__:
            self.vault_jobs.close()

    def not_written(self) -> dict[str, Any]:
        """What is no draft and could not be written, by its holder: kept in memory over a lock."""
        waiting = {key: given for key, give in self.holders.items() if (given := give()) is not None}
        return {**self.held, **waiting}

    def open_form(self, form_key: str, params: dict[str, Any] | None = None) -> None:
        """Open a form over the screen, or bring it forward if it is open; a draft of it continues."""
        self.form_asked.emit(form_key, dict(params or {}), None)

    def reopen_form(self, form_key: str, params: dict[str, Any], payload: dict[str, Any]) -> None:
        """Open a form as a draft's payload says it was."""
        self.form_asked.emit(form_key, params, payload)

    def open_file(self, file_id: FileId, section: str = "") -> None:
        """Open a client file as a page."""
        self.file_asked.emit(file_id, section)

    def go(self, screen_key: str, place: dict[str, Any] | None = None) -> None:
        """Show a screen of the rail; `place` is what its `restore` takes."""
        self.screen_asked.emit(screen_key, place or {})

    def _on_backed_up(self, done: Round) -> None:
        for trouble in (done.trouble, done.trouble_away):
            if trouble and self.backups is not None and self.backups.is_new(trouble):
                self.messages.notice(trouble, "warning")

    def _on_removed(self, is_lost: bool) -> None:
        if is_lost:
            self.removed.emit()

    def _on_activity_ended(self, result: object) -> None:
        if isinstance(result, Done) and isValid(self):
            self.changed.emit(result)
