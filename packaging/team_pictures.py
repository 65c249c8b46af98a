"""Pictures of the team's pages and dialogs. The organisation in them is made up here, and no hub is called."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtWidgets import QPushButton, QWidget

from advocate_desk.desk.dialogs.ask import Question
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.team.dialog import TeamDialog
from advocate_desk.desk.screens.team.founding import FoundDialog
from advocate_desk.desk.screens.team.inviting import InviteDialog
from advocate_desk.desk.screens.team.joining import JoinDialog
from advocate_desk.desk.screens.team.letting_in import LetInDialog
from advocate_desk.desk.screens.team.member import MemberDialog
from advocate_desk.desk.screens.team.taking_over import TakeOverDialog
from advocate_desk.desk.screens.team.team import TeamEditDialog
from advocate_desk.desk.screens.team.view import TeamScreen
from advocate_desk.desk.team.enrolment import Answer, Asking, Draft, FoundingWishes, Seen
from advocate_desk.desk.team.roster import DeviceLine, LogLine, PersonLine, Roster, TeamLine
from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.share_sheet import Share, share_sheet_pdf
from advocate_desk.sync import enrol, share_codes
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.enrol import Offer, Reply, Ticket
from advocate_desk.sync.membership import Kept
from advocate_desk.sync.names import Name
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE, DATA_LEAD, SUPERVISOR
from advocate_desk.vault.device import new_device
from advocate_desk.vault.recovery import RecoveryCode

HUB = "https://hub.harbour.example"
ASKING = Reply(bytes(16), bytes(32), bytes(32), "Home laptop", UUID(int=2).bytes)
Take = Callable[[str, QWidget], None]


def team_pictures(take: Take, window: QWidget, office: Office, page: TeamScreen) -> None:
    """The page of a member and of one who waits, and each of its dialogs, by `take(name, widget)`."""
    now = office.clock.now()
    roster = made_up_roster(now)
    waiting = Roster(roster.name, HUB, roster.me, False, False, (0, 0))
    page.show_roster(waiting)
    take("screen-team-waiting", window)
    page.show_roster(replace(waiting, hub_address="file:exchange.advocate-bundle"))
    take("screen-team-waiting-file", window)
    page.show_roster(replace(roster, is_out=True, files_here=3))
    take("screen-team-left", window)
    page.show_roster(replace(roster, is_out=True, is_parting=True, files_here=12))
    take("screen-team-left-cut-off", window)
    page.show_roster(replace(roster, is_administrator=False))
    take("screen-team-no-administrator", window)
    page.show_roster(roster)
    page.show_answers((Answer(roster.invitations[0], "Ward laptop", is_answered=True), Answer(roster.invitations[1])))
    take("screen-team-member", window)
    page.restore({"scroll": 10_000})
    take("screen-team-log", window)
    _founding(take, office, page)
    _joining(take, office, page, roster)
    _inviting(take, office, page, roster)
    dialogs: dict[str, TeamDialog] = {
        "team-member": MemberDialog(office, roster, roster.people[2], page),
        "team-own": MemberDialog(office, roster, roster.people[0], page),
        "team-seen-by-others": MemberDialog(office, replace(roster, is_administrator=False), roster.people[1], page),
        "team-has-left": MemberDialog(office, roster, roster.people[3], page),
        "team-let-in": LetInDialog(office, roster, page),
        "team-edit": TeamEditDialog(office, roster.teams[0], page),
        "team-sheets": TakeOverDialog(office, 2, page),
    }
    for name, dialog in dialogs.items():
        dialog.open()
        take(f"dialog-{name}", dialog)
        if isinstance(dialog, LetInDialog):
            dialog.job_done(Asking(roster.invitations[0].ticket, ASKING))
            take(f"dialog-{name}-seen", dialog)
        if name == "team-member":
            _questions(take, dialog)
        dialog.reject()


def _questions(take: Take, dialog: QWidget) -> None:
    """What is asked before a device is taken out, or somebody leaves."""
    for words in ("Lost or stolen…", "No longer used…", "She leaves the organisation…"):
        asker = next(each for each in dialog.findChildren(QPushButton) if each.text() == words)
        asker.click()
        question = next(each for each in dialog.window().findChildren(Question) if each.isVisible())
        take(f"dialog-question-{words.split()[0].lower()}-{words.split()[-1].strip('…')}", question)
        question.reject()


def share_page(fonts: FontSet, now: datetime) -> bytes:
    """One holder's sheet."""
    return share_sheet_pdf(fonts, _draft().sheets[1].groups, Share(2, 2, 3), _draft().sheets[1].mark_text, now.date())


def made_up_roster(now: datetime) -> Roster:
    """Four people, two teams, and what became of them."""
    ids = [UUID(int=number).hex for number in range(1, 12)]
    court, ward = TeamLine(ids[8], "Court team", "Leeds", True), TeamLine(ids[9], "Hospital team", "York", True)

    def device(
        number: int, name: str, hours: int | None, *, is_lost: bool = False, is_this: bool = False
    ) -> DeviceLine:
        heard = None if hours is None else now - timedelta(hours=hours)
        return DeviceLine(ids[number], name, is_this, is_lost, is_lost, heard)

    people = (
        PersonLine(
            ids[0], "Ash Advocate", "AA", (ADVOCATE, ADMINISTRATOR), (court.team,), True, True,
            (device(4, "Office desk", None, is_this=True),),
        ),
        PersonLine(
            ids[1], "Bo Beispiel", "BB", (ADVOCATE, SUPERVISOR), (court.team, ward.team), True, False,
            (device(5, "Ward laptop", 3), device(6, "Home laptop", 52)),
        ),
        PersonLine(
            ids[2], "Cass Placeholder", "CP", (DATA_LEAD,), (), True, False,
            (device(7, "Court laptop", 200, is_lost=True), device(10, "New court laptop", 1)),
        ),
        PersonLine(ids[3], "Dee Muster", "DM", (ADVOCATE,), (), False, False, ()),
    )  # fmt: skip
    log = (
        LogLine(7, now - timedelta(minutes=5), "rules", "Bo Beispiel", ""),
        LogLine(6, now - timedelta(hours=1), "device", "Ash Advocate", "Cass Placeholder", (), ("New court laptop",)),
        LogLine(5, now - timedelta(hours=2), "lost", "Ash Advocate", "Cass Placeholder", (), ("Court laptop",)),
        LogLine(4, now - timedelta(days=9), "left", "Ash Advocate", "Dee Muster", (ADVOCATE,)),
        LogLine(3, now - timedelta(days=30), "joined", "Ash Advocate", "Bo Beispiel", (ADVOCATE, SUPERVISOR)),
        LogLine(2, now - timedelta(days=31), "team_made", "Ash Advocate", "Court team"),
        LogLine(1, now - timedelta(days=31), "founded", "", "Ash Advocate", (ADVOCATE, ADMINISTRATOR)),
    )
    invitations = (_kept("Eli Sample", now), _kept("Flo Specimen", now))
    return Roster("Harbour Service", HUB, ids[0], True, True, (2, 3), people, (court, ward), log, invitations)


def _kept(name: str, now: datetime) -> Kept:
    offer = Offer(bytes(16), bytes(32), HUB, "Harbour Service", bytes(16), name, [ADVOCATE], [], "Ash Advocate")
    return Kept(Ticket(os.urandom(32), bytes(32)), offer, now + timedelta(days=3))


def _draft() -> Draft:
    founding = enrol.found(new_device(), Name("Ash Advocate", "AA"), [ADVOCATE], 2, 3)
    wishes = FoundingWishes("Harbour Service", HUB, "Ash Advocate", "Office desk", (ADVOCATE,))
    return Draft(wishes, founding, share_codes.codes(founding.shares, founding.root_public))


def _founding(take: Take, office: Office, page: QWidget) -> None:
    dialog = FoundDialog(office, "Ash Advocate", "Harbour Service", page)
    dialog.open()
    take("dialog-team-found", dialog)
    dialog.job_done(_draft())
    take("dialog-team-found-sheet", dialog)
    dialog.reject()


def _joining(take: Take, office: Office, page: QWidget, roster: Roster) -> None:
    dialog = JoinDialog(office, page)
    dialog.open()
    take("dialog-team-join", dialog)
    kept = roster.invitations[0]
    dialog.job_done(Seen(kept.offer, parse_address(HUB), kept.ticket))
    take("dialog-team-join-seen", dialog)
    dialog.reject()


def _inviting(take: Take, office: Office, page: QWidget, roster: Roster) -> None:
    dialog = InviteDialog(office, roster, page)
    dialog.open()
    take("dialog-team-invite", dialog)
    dialog.job_done((RecoveryCode.new(), roster.invitations[0]))
    take("dialog-team-invite-code", dialog)
    dialog.reject()
