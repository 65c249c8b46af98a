"""What the open desk is made of: its screens, its forms, its commands, and the store behind them.

Imported in the background while the passphrase is typed: nothing that the unlock page needs may import it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from advocate_desk import paths
from advocate_desk.casework import names
from advocate_desk.casework import settings as kept
from advocate_desk.casework.caseload_summary import leads
from advocate_desk.casework.key_file import note_key_file
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import Clock
from advocate_desk.desk import theme
from advocate_desk.desk.backing_up import BackupKeeper, back_up_now
from advocate_desk.desk.clock_back import clock_back_words
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.forms import (
    allocation,
    bail,
    caseload_rules,
    cases,
    conflict,
    contacts,
    file,
    hearings,
    intake,
    letters,
    notes,
    people,
    plan,
    risk,
    service,
)
from advocate_desk.desk.forms import tasks as task_forms
from advocate_desk.desk.forms.registry import FormRegistry
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.key_change import finish_change
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.backups.screen import BackupsScreen
from advocate_desk.desk.screens.calendar.view import CalendarScreen
from advocate_desk.desk.screens.caseload.view import CaseloadScreen
from advocate_desk.desk.screens.client_file.page import ClientFilePage
from advocate_desk.desk.screens.conflicts.view import ConflictsScreen
from advocate_desk.desk.screens.import_wizard.view import ImportWizard
from advocate_desk.desk.screens.in_force.view import InForceScreen
from advocate_desk.desk.screens.settings.presenter import ask_for_passphrase, offer_new_sheet
from advocate_desk.desk.screens.settings.view import SettingsScreen
from advocate_desk.desk.screens.summary.view import SummaryScreen
from advocate_desk.desk.screens.tasks.view import TasksScreen
from advocate_desk.desk.screens.team.view import TeamScreen
from advocate_desk.desk.screens.today.view import TodayScreen
from advocate_desk.desk.shell import CommandKind, DeskPage, ScreenKind
from advocate_desk.desk.team.by_file import exchange_by_file
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.team.leading import Leading
from advocate_desk.desk.team.not_taken import NotTaken
from advocate_desk.desk.team.panel import show_exchange
from advocate_desk.desk.team.removal import decide_removal
from advocate_desk.desk.team.shared_rules import SharedRules
from advocate_desk.desk.team.way_in import close_to_sheets, open_to_sheets, take_new_identity
from advocate_desk.documents.sheets.columns import load_vocabulary
from advocate_desk.errors import Unavailable
from advocate_desk.packs.packs import Packs
from advocate_desk.settings import (
    LETTERHEAD_KEY,
    LOCK_KEY,
    WORKER_KEY,
    Letterhead,
    LockSettings,
    WorkerDetails,
    from_json,
    to_json,
)
from advocate_desk.store.backup_files import FOLDER_NAME, set_folder
from advocate_desk.store.engine import DATABASE_NAME, create_store, disk_trouble_in_words, open_store
from advocate_desk.store.lease import Lease
from advocate_desk.store.log_of_writes import lost_saves
from advocate_desk.store.migrate import prepare
from advocate_desk.store.queries.last_entry import last_entry
from advocate_desk.sync import parting
from advocate_desk.trouble import NOT_OPENED
from advocate_desk.vault.folder import FILE_NAME, is_restoring
from advocate_desk.vault.slots import SlotKind

if TYPE_CHECKING:
    from advocate_desk.desk.screens.first_run.details import ProfileDetails
    from advocate_desk.desk.window import MainWindow
    from advocate_desk.vault.vault import OpenVault

RESTORE_IS_PENDING = (
    "A backup was being put in place, so the caseload was not opened. "
    "The backup and the caseload before it both exist. Start Advocate Desk again: it finishes by itself."
)
MADE_MARK = "caseload.made"
FORM_MODULES = (
    intake,
    people,
    contacts,
    notes,
    task_forms,
    file,
    allocation,
    caseload_rules,
    risk,
    plan,
    cases,
    hearings,
    bail,
    letters,
    service,
    conflict,
)
SCREENS = (
    ScreenKind("today", "Today", "sun", TodayScreen),
    ScreenKind("caseload", "Caseload", "users", CaseloadScreen),
    ScreenKind("calendar", "Calendar", "calendar-days", CalendarScreen),
    ScreenKind("tasks", "Tasks", "list-checks", TasksScreen),
    ScreenKind("in_force", "In force tonight", "shield", InForceScreen),
    ScreenKind("import", "Import", "import", ImportWizard),
    ScreenKind("summary", "Summary", "gauge", SummaryScreen, on_rail=False, may_join_rail=True),
    ScreenKind("settings", "Settings", "settings", SettingsScreen),
    ScreenKind("backups", "Backups", "history", BackupsScreen, on_rail=False, needs_room=True),
    ScreenKind("team", "Team", "users", TeamScreen, on_rail=False),
    ScreenKind("conflicts", "Values that differ", "merge", ConflictsScreen, on_rail=False),
)
COMMANDS = (
    CommandKind("New client file", "user-plus", intake.start_intake, "new_file", 1),
    CommandKind("What is in force tonight", "shield", lambda office: office.go("in_force")),
    CommandKind("Caseload summary", "gauge", lambda office: office.go("summary")),
    CommandKind("Values that differ", "merge", lambda office: office.go("conflicts"), "conflicts"),
    CommandKind("Import referrals from a spreadsheet", "import", lambda office: office.go("import"), "", 1),
    CommandKind("Back up now", "save", back_up_now, "", 2),
    CommandKind("Restore from a backup…", "history", lambda office: office.go("backups"), "", 2),
    CommandKind("Team and devices…", "users", lambda office: office.go("team"), "", 3),
    CommandKind("Exchange with your organisation", "refresh-cw", show_exchange),
    CommandKind("Exchange by a file…", "files", exchange_by_file, "", 2),
    CommandKind("Change the passphrase…", "key-round", ask_for_passphrase, "", 3),
)


def form_registry() -> FormRegistry:
    """Every form of the desk."""
    return FormRegistry(kind for module in FORM_MODULES for kind in module.FORM_KINDS)


def build_page(office: Office, *, has_team: bool = False, parent: QWidget | None = None) -> DeskPage:
    """The desk's page, on an office that is open. The summary stands on the rail of who leads a team.

    `parent` is where it will stand: a page that is moved there once it is full has all of it styled anew.
    """
    screens = tuple(replace(each, on_rail=True) if has_team and each.key == "summary" else each for each in SCREENS)
    return DeskPage(office, screens, ClientFilePage, COMMANDS, parent)


@cache
def packs() -> Packs:
    """The rule packs and lists, read once in a run: nothing of anybody is in them, so they outlive a lock."""
    return Packs(paths.resources())


def warm() -> None:
    """Read what can be read before the passphrase is given. Not on the GUI thread."""
    packs().warm()


@dataclass
class OpenDesk:
    """What is open while the desk is unlocked. `close` leaves nothing of it: engine, models and key."""

    work: Work
    vault: OpenVault
    lock_settings: LockSettings
    notices: tuple[str, ...]
    lease: Lease | None = None
    joins: bool = False  # the guide's last page said that there is a code to join an organisation with
    jobs: Jobs | None = None
    has_team: bool = False  # whoever is at the desk leads one
    offers_sheet: bool = False  # holders of the organisation's sheets opened it: hers is lost, as it seems

    def build(self, window: MainWindow) -> DeskPage:
        """The desk's page with an office of its own: at unlock, and again for a new look. On the GUI thread."""
        if self.jobs is None or self.jobs.is_closed:  # closed with the page before, for a new look
            self.jobs = Jobs("store")
            theme.load_script_fonts()
        office = Office(self.work, self.jobs, form_registry(), vault=self.vault)
        office.computer = window.computer
        office.computer_asked.connect(window.set_computer)
        office.lock_settings_asked.connect(window.set_lock_settings)
        page = build_page(office, has_team=self.has_team, parent=window.centralWidget())
        self.jobs.run_unowned(partial(load_vocabulary, self.work.packs))  # behind Today, before an import is opened
        office.setParent(page)
        if self.joins:
            self.joins = False
            page.ready.connect(partial(office.go, "team", {"join": True}))
        if self.offers_sheet:
            self.offers_sheet = False
            page.ready.connect(partial(offer_new_sheet, office))
        office.keep_backups(BackupKeeper(self.work, self.vault, office))
        check = self.lease.check if self.lease is not None else lambda: None
        on_lost = partial(decide_removal, self.work, self.vault)
        exchanges = Exchanges(office, self.vault.device, check, on_lost)
        window.watch.woke.connect(exchanges.connected_again)
        SharedRules(office, exchanges)
        NotTaken(office, exchanges)
        leading = Leading(office, exchanges)
        leading.changed.connect(partial(page.set_on_rail, "summary"))
        leading.changed.connect(office.whose.look)
        office.keep_exchanging(exchanges)
        return page

    def close(self, *, keeps_lease: bool = False, keeps_vault: bool = False) -> None:
        """Close the store, let others open it and wipe the keys; but for what is kept for the act that follows."""
        if self.jobs is not None:
            self.jobs.close()
        self.work.engine.dispose()
        if not keeps_vault:  # before the lease: a folder that hangs may hold that up, and never a key
            self.vault.close()
        names.forget()
        if self.lease is not None and not keeps_lease:
            self.lease.release()


def open_desk(vault: OpenVault, clock: Clock, details: ProfileDetails | None) -> OpenDesk:
    """Open the vault's store, bring it to this version, and say who is at the desk. Not on the GUI thread.

    `details` come from the first-run guide, for a store that is made now. Raises WrongKey, NewerVault, Unavailable.
    """
    lease = Lease(vault.folder)
    lease.take()
    try:
        return _open_leased(vault, clock, details, lease)
    except BaseException:
        lease.release()
        raise


def _open_leased(vault: OpenVault, clock: Clock, details: ProfileDetails | None, lease: Lease) -> OpenDesk:
    path, key = vault.folder / DATABASE_NAME, vault.db_key.buffer
    made = vault.folder / MADE_MARK
    if is_restoring(vault.folder):  # what is written now would be set aside when the backup takes its place
        raise Unavailable(RESTORE_IS_PENDING)
    changed = finish_change(vault)
    # A crash in the guide's last second leaves a vault without a store: it is made now. Once it was made, a missing
    # file is a loss that is said in words, never an empty caseload; nor is one made where a drive has just gone.
    is_new = not path.exists() and not made.exists() and (vault.folder / FILE_NAME).exists()
    lost = lost_saves(path)  # before the store is opened: that writes over what is left of them
    engine = create_store(path, key) if is_new else open_store(path, key)
    try:
        prepare(engine, key, set_folder(vault.folder / FOLDER_NAME, vault.key_id), clock.now())
        with disk_trouble_in_words(NOT_OPENED):
            made.touch(mode=0o600)
        lease.guard(engine)
        take_new_identity(partial(parting.has_to_change, engine), vault)
        work = Work(engine, clock, packs(), Actor("", "advocate", str(vault.device.id)))
        if details is not None:
            _keep_details(work, details)
        worker = from_json(WorkerDetails, kept.get(work, WORKER_KEY))
        work = replace(work, actor=Actor(worker.name, "advocate", str(vault.device.id)))
        lock = from_json(LockSettings, kept.get(work, LOCK_KEY))
        put_back = note_key_file(work, vault)
        with suppress(Unavailable):  # the next unlock tries again
            if close_to_sheets(work, vault) or open_to_sheets(work, vault):
                note_key_file(work, vault)
        has_team = leads(colleagues(work))
    except BaseException:
        engine.dispose()
        raise
    notices = (*vault.notices, *changed, *put_back, *_clock_notice(work), *_lost_notice(lost))
    joins = details is not None and details.joins
    by_sheets = vault.opened_by is SlotKind.ORGANISATION
    return OpenDesk(work, vault, lock, notices, lease, joins, has_team=has_team, offers_sheet=by_sheets)


def _lost_notice(lost: int) -> tuple[str, ...]:
    words = QCoreApplication.translate(
        "OpenDesk",
        "The disk has damaged what was saved last before the program ended: about {0} of the last saves are lost. All "
        "that was saved before them is here. Look through what you did last, and enter again what is missing.",
    )
    return (words.format(lost),) if lost else ()


def _clock_notice(work: Work) -> tuple[str, ...]:
    words = clock_back_words(work.clock.now(), work.read(last_entry))
    return (words,) if words else ()


def _keep_details(work: Work, details: ProfileDetails) -> None:
    worker = WorkerDetails(name=details.name, role=details.role, job_title=details.role)
    letterhead: dict[str, Any] = to_json(Letterhead(service_name=details.service_name))
    kept.put(work, WORKER_KEY, to_json(worker))
    kept.put(work, LETTERHEAD_KEY, letterhead)
