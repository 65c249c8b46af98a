"""Takes a picture of every screen, form and dialog of the demonstration caseload, and of every page of every paper.

Each is taken in light, dark and high contrast at 1366x768, and in light at 200% text. Run by `dev.py screenshots DIR`.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from sqlalchemy import select

from advocate_desk import paths
from advocate_desk.casework.caseload_summary import summary
from advocate_desk.casework.letters import letter_pdf as kept_letter
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import SystemClock
from advocate_desk.demonstration.caseload import YOU, fill
from advocate_desk.demonstration.disagreement import disagree, with_colleague
from advocate_desk.demonstration.profile import PASSPHRASE
from advocate_desk.demonstration.team import open_team, seat
from advocate_desk.demonstration.team_process import TeamProcess
from advocate_desk.desk import theme
from advocate_desk.desk.backing_up import BackupKeeper
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.desk.composition import SCREENS, build_page, form_registry
from advocate_desk.desk.dialogs.ask import Question
from advocate_desk.desk.dialogs.new_key import NewKeyDialog
from advocate_desk.desk.dialogs.paper import show_paper
from advocate_desk.desk.dialogs.passphrase import ChangePassphraseDialog, NewSheetDialog
from advocate_desk.desk.garbage import GuiCollector
from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.backups.screen import BackupsScreen
from advocate_desk.desk.screens.client_file.plan.papers import PlanWishes, card, card_lines, full_plan
from advocate_desk.desk.screens.client_file.plan.presenter import picture
from advocate_desk.desk.screens.client_file.sections import SECTIONS
from advocate_desk.desk.screens.conflicts.panel import is_covered_at_first
from advocate_desk.desk.screens.conflicts.view import ConflictsScreen
from advocate_desk.desk.screens.first_run.view import FirstRunView
from advocate_desk.desk.screens.import_wizard.presenter import Step
from advocate_desk.desk.screens.import_wizard.view import ImportWizard
from advocate_desk.desk.screens.in_force.presenter import sheet_pdf
from advocate_desk.desk.screens.summary.paper import REFERENCE, PaperChoice, summary_pdf
from advocate_desk.desk.screens.summary.view import SummaryScreen
from advocate_desk.desk.screens.team.view import TeamScreen
from advocate_desk.desk.screens.unlock.view import UnlockView
from advocate_desk.desk.shell import DeskPage
from advocate_desk.desk.slices import is_making
from advocate_desk.desk.team.by_file import FileExchange
from advocate_desk.desk.team.exchange_log import ExchangeLog
from advocate_desk.desk.team.exchange_state import Ended, ExchangeState
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.team.panel import ExchangePanel
from advocate_desk.desk.team.removed_page import RemovedPage
from advocate_desk.desk.window import MainWindow
from advocate_desk.documents.recovery_sheet import recovery_sheet_pdf
from advocate_desk.documents.render import page, page_count
from advocate_desk.domain.caseload import Roster
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.packs.packs import Packs
from advocate_desk.settings import ComputerSettings
from advocate_desk.store.engine import DATABASE_NAME, create_store
from advocate_desk.store.migrate import prepare
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.conflicts import open_conflicts
from advocate_desk.store.queries.justice import in_force, justice_view
from advocate_desk.store.queries.notes import notes_page
from advocate_desk.store.queries.papers import letters
from advocate_desk.store.queries.plan import plan_view
from advocate_desk.store.queries.tasks import file_tasks
from advocate_desk.store.tables.cases import bail, hearing
from advocate_desk.store.tables.local import file_summary
from advocate_desk.sync import overview
from advocate_desk.sync.exchange import Report
from advocate_desk.sync.overview import Event
from advocate_desk.sync.transport import NO_ANSWER
from advocate_desk.vault.destroying import Removal, decide
from advocate_desk.vault.keyring import KeyringCheck
from advocate_desk.vault.new_key import make_new_key
from advocate_desk.vault.passphrase import KdfCost
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.set_up import create_vault
from advocate_desk.vault.vault import OpenVault
from team_pictures import share_page, team_pictures

LOOKS = (("light", 100), ("dark", 100), ("high_contrast", 100), ("light", 200))
SIZE = (1366, 768)
SOON_MS = 400  # what is put off for so long at most belongs to what is being shown
QUICK = KdfCost(opslimit=2, memlimit_bytes=64 * 1024**2)  # a vault that is thrown away
SHEET = Path(__file__).resolve().parent.parent / "tests" / "data" / "sheets" / "police_daily_list.csv"


class Gallery:
    """One look of the whole desk, and the folder that its pictures go to."""

    settle_ms = 60
    """For what the window's own timers do not tell."""

    def __init__(
        self, work: Work, vault: OpenVault, folder: Path, look: tuple[str, int], *, leads_team: bool = False
    ) -> None:
        self.work, self.vault, self.folder, self.look = work, vault, folder, look
        self.ids = {} if leads_team else sample_ids(work)
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            raise TypeError("there is no application")
        theme.apply(application, *look)
        self.window = MainWindow(work.clock, ComputerSettings(look[0], look[1]))
        self.window.resize(*SIZE)
        self.jobs = Jobs("pictures")
        self.office: Office | None = None

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Save what the window (or `widget`) shows."""
        self.settle()
        words = f"{name}-{self.look[0]}-{self.look[1]}"
        (widget or self.window).grab().save(str(self.folder / f"{words}.png"))

    def settle(self) -> None:
        """Wait for the store's answers and for what they draw."""
        for _ in range(3):
            keeper = self.office.backups if self.office else None
            for jobs in (self.jobs, self.office.jobs if self.office else None, keeper.jobs if keeper else None):
                if jobs is not None and not jobs.is_closed:
                    loop = QEventLoop()
                    jobs.run(self.window, lambda: None).done.connect(loop.quit)
                    QTimer.singleShot(4000, loop.quit)
                    loop.exec()
            while is_making(self.window) or is_about_to_act(self.window):
                QTest.qWait(1)
            QTest.qWait(self.settle_ms)

    def before_the_desk(self) -> None:
        """The unlock page and every step of the first-run guide."""
        with tempfile.TemporaryDirectory() as empty:
            guide = FirstRunView(Path(empty) / "profile", self.work.clock, self.jobs)
            self.window.show_page(guide)
            self.window.show()
            for number in range(len(guide.steps)):
                guide.show_step(number)
                self.take(f"first-run-{number + 1}")
            unlock = UnlockView(Path(empty), self.work.clock, self.jobs)
            self.window.show_page(unlock)
            self.take("unlock")
            unlock.show_recovery()
            self.take("unlock-recovery")
            lost = Path(empty) / "lost"
            decide(lost, Removal("", self.work.clock.now(), 3, [str(Path(empty) / "stick")]))
            self.window.show_page(RemovedPage(lost, self.jobs, lambda: KeyringCheck(None, "")))
            self.take("removed")

    def the_desk(self) -> None:
        """Every screen, every section of a file, every form, find, help and the cover."""
        self.office = Office(self.work, Jobs("store"), form_registry(), vault=self.vault)
        desk = self.window.show_desk(lambda: build_page(self.office))  # type: ignore[arg-type]
        self.office.keep_backups(BackupKeeper(self.work, self.vault, self.office))
        self.settle()
        for screen in SCREENS:
            desk.show_screen(screen.key)
            self.take(f"screen-{screen.key}")
        self.look_into_a_backup(desk)
        self.behind_a_number(desk)
        self.differing_values(desk)
        for section in SECTIONS:
            desk.open_file(self.ids["file_id"], section.key)
            self.take(f"file-{section.key}")
        for key, params in self.forms():
            self.office.open_form(key, params)
            self.take(f"form-{key}")
            self.end_forms()
        self.import_steps(desk)
        self.over_the_desk()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window, 3000)
        QTest.keyClick(self.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        QTest.qWait(50)
        focus = QApplication.focusWidget()
        if focus is not None:
            QTest.keyClicks(focus, "sampl")
            self.take("find")
            QTest.keyClick(focus, Qt.Key.Key_Escape)
        desk.show_shortcuts()
        self.settle()
        for dialog in self.dialogs():
            self.take("shortcuts", dialog)
            dialog.reject()
        self.take_file_menu(desk)
        self.the_exchange(desk)
        self.the_team(desk)
        self.window.cover()
        self.take("hidden")
        self.window.uncover()
        self.window.lock("closing")

    def the_supervisors_desk(self) -> None:
        """A team's day, its caseload summary on two screens, the files behind a number, and all of them handed over."""
        self.office = Office(self.work, Jobs("store"), form_registry(), vault=self.vault)
        desk = self.window.show_desk(lambda: build_page(self.office, has_team=True))  # type: ignore[arg-type]
        self.window.show()
        self.settle()
        desk.show_screen("today")
        self.take("supervisor-today")
        desk.show_screen("summary")
        self.take("supervisor-summary")
        self.window.resize(1280, 720)
        self.take("supervisor-summary-1280")
        self.window.resize(*SIZE)
        page = desk.current_page()
        if isinstance(page, SummaryScreen):
            page.number_opened.emit("no_contact", None)
            self.take("supervisor-files")
            page.behind.table.selectAll()
            page.behind.hand_over.click()
            self.take("supervisor-hand-over")
            self.end_forms()
        self.window.lock("closing")

    def over_the_desk(self) -> None:
        """The dialogs that stand over a page: a paper before it leaves, the passphrase, a new recovery sheet."""
        if self.office is None:
            return
        pdf = sheet_pdf(self.office, self.work.read(in_force, self.office.today(), self.file_id))
        paper = show_paper(self.window, self.office, pdf, "In force tonight: half-sheet", "sheet", self.nothing_leaves)
        self.take("dialog-paper", paper)
        paper.reject()
        with tempfile.TemporaryDirectory() as folder:
            clock = self.work.clock
            made = create_vault(Path(folder) / "desk", PASSPHRASE, keyring=None, clock=clock, cost=QUICK)
            vault = made.finish()
            for name, kind in (("passphrase", ChangePassphraseDialog), ("recovery-sheet", NewSheetDialog)):
                dialog = kind(vault, clock, self.jobs, parent=self.window)
                dialog.open()
                self.take(f"dialog-{name}", dialog)
                dialog.reject()
            self.new_key(vault)
            vault.close()

    def new_key(self, vault: OpenVault) -> None:
        """The two pages of the dialog that makes a new database key."""
        dialog = NewKeyDialog(vault, self.work.clock, self.jobs, parent=self.window)
        dialog.open()
        self.take("dialog-new-key", dialog)
        clock = self.work.clock
        made = make_new_key(vault, PASSPHRASE, PASSPHRASE, keyring=None, clock=clock, cost=QUICK)
        dialog.job_done(dialog._held.put(made))
        self.take("dialog-new-key-sheet", dialog)
        dialog.reject()

    def nothing_leaves(self, _how: str) -> Job:
        """What puts a leaving on record; no picture makes anything leave."""
        return self.jobs.run(self.window, lambda: None)

    @property
    def file_id(self) -> FileId:
        """The sample file."""
        return FileId(UUID(str(self.ids["file_id"])))

    def import_steps(self, desk: DeskPage) -> None:
        """The steps of the import wizard, on a list such as a police force sends."""
        desk.show_screen("import")
        wizard = desk.current_page()
        if not isinstance(wizard, ImportWizard):
            return
        wizard.presenter.take_file(SHEET)
        self.settle()
        for step in Step:
            wizard.presenter.go(step)
            self.take(f"import-{step.name.lower()}")
            if step is Step.KNOWN:
                return

    def differing_values(self, desk: DeskPage) -> None:
        """What differs beside the first: a number that is covered, a record taken out, what was settled by itself."""
        desk.show_screen("conflicts")
        page = desk.current_page()
        if self.office is None or not isinstance(page, ConflictsScreen):
            return
        for one in self.office.conflicts.all():
            if is_covered_at_first(one) or one.is_removal:
                page.choose(one)
                self.take(f"screen-conflicts-{one.kind}")
        page.restore({"which": "settled"})
        self.take("screen-conflicts-settled")
        page.restore({})

    def look_into_a_backup(self, desk: DeskPage) -> None:
        """What a closer look at the newest backup finds."""
        page = desk.current_page()
        if self.office is not None and self.office.backups is not None and isinstance(page, BackupsScreen):
            self.office.backups.back_up_now()
            self.settle()
            page.table.selectRow(0)
            self.settle()
            self.take("screen-backups-look")

    def behind_a_number(self, desk: DeskPage) -> None:
        """The files behind a number of the caseload summary, and the question before it becomes a page."""
        desk.show_screen("summary")
        self.settle()
        page = desk.current_page()
        if self.office is not None and isinstance(page, SummaryScreen) and page.summary is not None:
            page.number_opened.emit("files", None)
            self.take("screen-summary-behind")
            page.behind.back_asked.emit()
            choice = PaperChoice(page, self.office, page.summary, (), lambda _naming, how: self.nothing_leaves(how))
            choice.open()
            self.take("dialog-caseload-page", choice)
            choice.reject()

    def the_exchange(self, desk: DeskPage) -> None:
        """How the exchange stands: a long one, one that waits for a signal, one that found something amiss, a file."""
        if self.office is None:
            return
        now = self.work.clock.now()
        exchanges = Exchanges(self.office, self.vault.device)  # is never started: no picture calls anybody
        self.office.exchanges = exchanges
        self.office.exchanging.emit(exchanges)
        well = ExchangeState(is_enrolled=True, has_hub=True, last_at=now - timedelta(minutes=12))
        amiss = Event(1, now, "distrust", {"what": "signature"})
        states = {
            "progress": replace(well, is_running=True, progress=(1240, 3310), documents=12),
            "offline": replace(well, waiting=14, trouble=Ended("unreachable", advice=NO_ANSWER)),
            "paused": replace(well, is_paused=True, waiting=3),
            "many": replace(well, notes=("many_withdrawn",), withdrawn=24),
            "knocking": replace(well, last_at=None, trouble=Ended("knocking")),
            "away": replace(well, has_hub=False, has_file=True, is_away=True, waiting=5),
            "left": replace(well, is_out=True, waiting=2, trouble=Ended("left", detail=1)),
            "amiss": replace(
                well, alarms=(amiss,), trouble=Ended("distrust", "signature")
            ),  # read, it looks anew: last
        }
        desk.show_screen("today")
        for name, state in states.items():
            exchanges.show(state)
            self.take(f"exchange-{name}")
            panel = ExchangePanel(self.window, self.office, exchanges)
            panel.open()
            self.take(f"dialog-exchange-{name}", panel)
            panel.reject()
        exchanges.show(well)
        if not overview.events(self.work.engine):
            for kind, detail in (("distrust", {"what": "signature"}), ("by_file", {"sent": 3, "received": 40})):
                overview.tell(self.work.engine, now, kind, detail)
        log = ExchangeLog(self.window, exchanges, self.work.clock)
        log.open()
        log.show_events(overview.events(self.work.engine))
        self.take("dialog-exchange-log", log)
        log.reject()
        by_file = FileExchange(self.window, exchanges)
        by_file.open()
        self.take("dialog-exchange-file", by_file)
        by_file.show_ended(Ended("done", report=Report(sent=3, received=40)))
        self.take("dialog-exchange-file-done", by_file)
        by_file.reject()

    def the_team(self, desk: DeskPage) -> None:
        """The team of an organisation that is made up, and the dialogs that change it."""
        desk.show_screen("team")
        self.settle()
        page = desk.current_page()
        if self.office is not None and isinstance(page, TeamScreen):
            team_pictures(self.take, self.window, self.office, page)

    def take_file_menu(self, desk: DeskPage) -> None:
        """The File menu, and the question that stands before a restore."""
        desk.show_screen("backups")
        self.settle()
        page = desk.current_page()
        if isinstance(page, BackupsScreen):
            page.look.restore.click()
            for question in self.window.findChildren(Question):
                self.take("dialog-restore", question)
                question.reject()
        desk.file_menu.open_menu()
        for menu in desk.file_menu.findChildren(QMenu):
            self.take("menu-file", menu)
            menu.close()

    def forms(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Every form of the registry, with the records that it may want."""
        for key in form_registry().keys():  # noqa: SIM118 - a registry is no mapping
            yield key, {} if key == "intake" else {name: str(value) for name, value in self.ids.items()}

    def end_forms(self) -> None:
        """Close the form that is open."""
        self.window.activateWindow()  # a dialog that was shown before leaves none active
        QTest.qWaitForWindowActive(self.window, 3000)
        QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Escape)
        self.settle()

    def dialogs(self) -> list[QDialog]:
        """What stands over the window."""
        return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]

    def close(self) -> None:
        """End this look."""
        if self.office is not None:
            self.office.end()
        self.jobs.close()
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def is_about_to_act(window: QWidget) -> bool:
    """Whether something in the window waits for the end of typing, or for a moment in which nothing else is done."""
    timers = (each for each in window.findChildren(QTimer) if each.isSingleShot() and each.isActive())
    return any(each.interval() <= SOON_MS for each in timers)


def sample_ids(work: Work) -> dict[str, object]:
    """A file that shows much: at court today, adjourned before, on bail."""
    statement = (
        select(hearing.c.file_id, hearing.c.id, hearing.c.case_id, bail.c.id.label("bail_id"))
        .join(bail, bail.c.file_id == hearing.c.file_id)
        .join(file_summary, file_summary.c.file_id == hearing.c.file_id)
        .where(hearing.c.outcome == "", hearing.c.adjourned_from_id.is_not(None), file_summary.c.allocated_to == YOU)
        .order_by(hearing.c.hearing_on)
    )
    row = work.read(lambda conn: conn.execute(statement).first())
    if row is None:
        raise LookupError("the demonstration has no such file")
    view = work.read(file_view, row.file_id)
    client = view.client
    return {
        "file_id": row.file_id,
        "hearing_id": row.id,
        "case_id": row.case_id,
        "bail_id": row.bail_id,
        "person_id": client.person_id if client else "",
        "note_id": work.read(notes_page, row.file_id).notes[0].note_id,
        "files": row.file_id.hex,
        "conflict_id": next((each.ids[0] for each in work.read(open_conflicts, row.file_id)), ""),
    }


def disagree_in_part(work: Work, vault: OpenVault) -> None:
    """A colleague has said other things of the sample file: a time, a number, an address, an alert that is gone."""
    ids = sample_ids(work)
    by = with_colleague(work, vault.device, "Kit Colleague")
    file_id, hearing_id = UUID(str(ids["file_id"])), UUID(str(ids["hearing_id"]))
    ours = {"listed_time": "14:00", "courtroom": "Court 4", "told_at": work.clock.now(), "fact_state": "heard"}
    disagree(work, "hearing", hearing_id, ours, {"listed_time": "10:00", "courtroom": "Court 7"}, by)
    view = work.read(file_view, FileId(file_id))
    contact = view.banner.contacts[0]
    disagree(work, "contact_method", contact.contact_id, {"is_safe": "no"}, {"value": "07700 900987"}, by)
    bail_id = UUID(str(ids["bail_id"]))
    terms = next(iter(work.read(justice_view, FileId(file_id)).conditions[bail_id]))
    theirs = {"text": "Not to go within 100 metres of the school."}
    disagree(work, "condition", terms.condition_id, {"text": "Not to go within 50 metres of the school."}, theirs, by)
    gone = {"deleted_at": "2026-11-20T10:00:00.000000Z"}
    consent = view.consents[0]
    disagree(work, "consent", consent.consent_id, {"note": "Only while the case runs"}, gone, by)
    task_id = work.read(file_tasks, file_id)[0].task_id
    disagree(
        work, "task", task_id, {"title": "Ring the witness service"}, {"title": "Write to the witness service"}, by
    )


def papers(office: Office, ids: dict[str, object]) -> dict[str, Callable[[], bytes]]:
    """Every paper that the desk makes, of the sample file."""
    work, today = office.work, office.today()
    file_id = FileId(UUID(str(ids["file_id"])))
    letter_id = RecordId(work.read(letters, file_id)[0].letter_id)
    plan = picture(office.packs, work.read(plan_view, file_id), today)
    code = RecoveryCode.new()
    carried = summary(work, Roster(), only_own=True)
    return {
        "letter": lambda: kept_letter(work, letter_id),
        "in-force": lambda: sheet_pdf(office, work.read(in_force, today, file_id)),
        "plan": lambda: full_plan(office, plan, PlanWishes()),
        "card": lambda: card(office, card_lines(plan, office.packs), "Things to remember"),
        "caseload": lambda: summary_pdf(office, carried, (), REFERENCE),
        "team-sheet": lambda: share_page(office.fonts, office.clock.now()),
        "recovery-sheet": lambda: recovery_sheet_pdf(office.fonts, code.groups, "ABCD", today),
    }


def take_papers(folder: Path, made: dict[str, Callable[[], bytes]]) -> None:
    """Every page of every paper."""
    for name, make in made.items():
        pdf = make()
        for number in range(page_count(pdf)):
            drawn = page(pdf, number, 1.5)
            image = QImage(drawn.bgra, drawn.width_px, drawn.height_px, drawn.stride, QImage.Format.Format_RGB32)
            image.save(str(folder / f"paper-{name}-page-{number + 1}.png"))


def take_supervisor(folder: Path) -> None:
    """The desk of the demonstration's supervisor in every look, and her caseload as one page."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as place:
        desk, started = Path(place) / "desk", list[TeamProcess]()
        try:
            open_team(desk, clock, lambda _done, _of: None, started.append).close()
            with seat(desk, YOU, clock) as manager:
                for look in LOOKS:
                    gallery = Gallery(manager.work, manager.vault, folder, look, leads_team=True)
                    gallery.the_supervisors_desk()
                    if look == LOOKS[0] and gallery.office is not None:
                        take_papers(folder, {"team-caseload": partial(team_page, gallery.office)})
                    gallery.close()
            manager.vault.close()
        finally:
            for each in started:
                each.end()


def team_page(office: Office) -> bytes:
    """The caseload summary of a team as one page."""
    return summary_pdf(office, summary(office.work, colleagues(office.work)), (), REFERENCE)


def main(arguments: list[str]) -> int:
    """Take all pictures into the folder named."""
    if len(arguments) != 1:
        sys.stderr.write("Name one folder for the pictures.\n")
        return 2
    folder = Path(arguments[0]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    application = QApplication(["advocate-desk"])
    GuiCollector(application)
    theme.load_script_fonts()
    clock, packs = SystemClock(), Packs(paths.resources())
    with tempfile.TemporaryDirectory() as place:
        vault = create_vault(Path(place), PASSPHRASE, keyring=None, clock=clock, cost=QUICK).finish()
        key = vault.db_key.buffer
        engine = create_store(Path(place) / DATABASE_NAME, key)
        prepare(engine, key, Path(place) / "backups", clock.now())
        fill(engine, packs, clock, "pictures", lambda _done, _of: None)
        work = Work(engine, clock, packs, Actor(YOU, "advocate", str(vault.device.id)))
        disagree_in_part(work, vault)
        for look in LOOKS:
            gallery = Gallery(work, vault, folder, look)
            gallery.before_the_desk()
            gallery.the_desk()
            if look == LOOKS[0] and gallery.office is not None:
                take_papers(folder, papers(gallery.office, gallery.ids))
            gallery.close()
        engine.dispose()
        vault.close()
    take_supervisor(folder)
    application.quit()
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
