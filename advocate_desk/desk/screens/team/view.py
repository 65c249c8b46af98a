"""Team: the organisation of this desk, its people and devices, open invitations, and the members' log."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from advocate_desk.desk.dialogs.ask import ask
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.backups.model import WordsModel
from advocate_desk.desk.screens.team.left import LeftPage
from advocate_desk.desk.screens.team.presenter import TeamPresenter
from advocate_desk.desk.screens.team.words import (
    log_heads,
    log_words,
    person_heads,
    person_words,
    roles_words,
    tr,
    until_words,
)
from advocate_desk.desk.team.enrolment import Answer
from advocate_desk.desk.team.places import is_file, shown
from advocate_desk.desk.team.roster import PersonLine, Roster, TeamLine
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, Card, KeyValue, SectionHeader, Switch, clear_layout, scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.flow import FlowLayout, HeadLayout
from advocate_desk.desk.widgets.labels import readable_label, text_label
from advocate_desk.desk.widgets.tables import ID_ROLE, DataTable

_WIDEST = 1080
_MOST_ROWS = 8
_LOG_ROWS = 5
NOBODY, WAITING, MEMBER, LEFT = range(4)


class TeamScreen(QWidget):
    """What the team is, as this desk knows it. Reads the store alone; what is done goes through the exchange."""

    found_asked = Signal()
    join_asked = Signal()
    give_up_asked = Signal()
    invite_asked = Signal()
    device_asked = Signal(object)  # PersonLine
    person_asked = Signal(object)  # PersonLine
    team_asked = Signal(object)  # TeamLine, or None for a new one
    admit_asked = Signal(bytes)  # the invitation's name
    take_back_asked = Signal(bytes)
    take_over_asked = Signal()
    part_asked = Signal()
    let_in_asked = Signal()

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: Roster | None = None
        self._shown_answers: tuple[Answer, ...] = ()
        page = QWidget()
        self._area = scrolled(page, _WIDEST)  # each part stands in its place before it is filled: see `made_in`
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        column = QVBoxLayout(page)
        column.setContentsMargins(px(24), px(20), px(24), px(24))
        column.setSpacing(px(16))
        lead = self.tr("Who shares client files with this desk.")
        self.header = SectionHeader(self.tr("Team"), lead, role="display")
        column.addWidget(self.header)
        self.banner = Banner()
        column.addWidget(self.banner)
        self.pages = Switch((), page)
        self.pages.hide()  # until it is known which of them is so
        column.addWidget(self.pages)
        for make in (self._nobody, self._waiting, self._member, self._left):
            self.pages.add_page(make())
        column.addStretch(1)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleDescription(lead)
        self.presenter = TeamPresenter(self, office)

    def place(self) -> dict[str, Any]:
        """How far it is scrolled."""
        return {"scroll": self._area.verticalScrollBar().value()}

    def restore(self, place: dict[str, Any]) -> None:
        """Scroll back; `join` opens the dialog that asks for a code."""
        self._area.verticalScrollBar().setValue(int(place.get("scroll", 0)))
        if place.get("join"):
            self.presenter.join_when_known()

    def reload(self) -> None:
        """Read it again."""
        self.presenter.refresh()

    def focus_first(self) -> None:
        """Go to what can be done first, once that is known."""
        if self.pages.isHidden():
            self.setFocus()
            return
        first = {NOBODY: self.found, WAITING: self.give_up, MEMBER: self.people, LEFT: self.left.part}[
            self.pages.index()
        ]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what is shown ---

    def show_roster(self, roster: Roster | None) -> None:
        """The organisation, or that there is none. What is shown already stays as it is, the row chosen with it."""
        is_first = self.pages.isHidden()
        if not is_first and roster == self._shown:
            return
        self._shown = roster
        if roster is None:
            self.pages.show_page(NOBODY)
        elif roster.is_out:
            self.left.show_roster(roster)
            self.pages.show_page(LEFT)
        elif not roster.is_admitted:
            self.waiting_facts.clear()
            self.waiting_facts.add(self.tr("Organisation"), roster.name)
            self.waiting_facts.add(*_meeting_place(roster))
            self.waiting_words.setText(self._waiting_words(is_file(roster.hub_address)))
            self.pages.show_page(WAITING)
        else:
            self._show_member(roster)
            self.pages.show_page(MEMBER)
        self.pages.show()
        if is_first and self.hasFocus():
            self.focus_first()

    def show_answers(self, answers: tuple[Answer, ...]) -> None:
        """What has come of the invitations of this desk. Rows that say the same stay, the focus with them."""
        if answers == self._shown_answers:
            return
        self._shown_answers = answers
        clear_layout(self._answers)
        for answer in answers:
            self._answers.addWidget(self._answer(answer))
        self.invitations.setVisible(bool(answers))

    def _show_member(self, roster: Roster) -> None:
        self.facts.clear()
        self.facts.add(self.tr("Organisation"), roster.name)
        me = roster.person(roster.me)
        self.facts.add(self.tr("You are"), roles_words(me.roles) if me else "")
        self.facts.add(*_meeting_place(roster))
        needed, made = roster.shares
        self.facts.add(self.tr("Sheets"), self.tr("{0} of {1} are needed together").format(needed, made))
        for each in (self.invite, self.new_team):
            each.setVisible(roster.is_administrator)
        self.take_over.setVisible(not roster.is_administrator)
        self.let_in.setVisible(roster.is_administrator)
        at = self.people.currentIndex().data(ID_ROLE)
        self.model.set_rows(tuple(person_words(each, roster) for each in roster.people), roster.people)
        for row, person in enumerate(roster.people):
            if isinstance(at, PersonLine) and at.person == person.person:
                self.people.selectRow(row)
        if not self.people.currentIndex().isValid():
            self.people.selectRow(0)  # of which Enter opens the person, as the hint says
        _fit(self.people, len(roster.people), _MOST_ROWS)
        clear_layout(self._teams)
        for team in roster.teams:
            self._teams.addWidget(self._team(team, roster))
        self.no_team.setVisible(not roster.teams)
        self.log_model.set_rows(tuple(log_words(each) for each in roster.log), roster.log)
        _fit(self.log, len(roster.log), _LOG_ROWS)

    # --- pages ---

    def _nobody(self) -> QWidget:
        page, column = _column(self.pages)
        card = Card(self.tr("This desk works by itself"), "laptop")
        words = self.tr(
            "Nothing leaves this computer. In an organisation, desks share the files that each person may read, "
            "through a hub that can read none of them, or by a file on a stick. Has somebody given you a code? Join. "
            "Are you the first? Found one, and invite the others."
        )
        card.body.addWidget(text_label(words, wrap=True))
        holder = QWidget()
        row = FlowLayout(holder, px(8))
        self.join = button(self.tr("Join an organisation…"), "primary", "handshake", clicked=self.join_asked.emit)
        self.found = button(self.tr("Found an organisation…"), icon="landmark", clicked=self.found_asked.emit)
        row.addWidget(self.found)
        row.addWidget(self.join)
        card.body.addWidget(holder)
        column.addWidget(card)
        return page

    def _waiting(self) -> QWidget:
        page, column = _column(self.pages)
        card = Card(self.tr("Waiting to be let in"), "clock")
        self.waiting_words = text_label(self._waiting_words(is_by_file=False), wrap=True)
        card.body.addWidget(self.waiting_words)
        self.waiting_facts = KeyValue()
        card.body.addWidget(self.waiting_facts)
        card.body.addSpacing(px(4))
        self.give_up = button(self.tr("Give up joining…"), clicked=self._ask_give_up)
        card.body.addWidget(self.give_up)
        column.addWidget(card)
        return page

    def _waiting_words(self, is_by_file: bool) -> str:
        if is_by_file:
            return self.tr(
                "Your answer lies in the exchange file. Give the file back to whoever invited you. When you have been "
                "let in and the file is here again, the first exchange begins by itself. You can work meanwhile."
            )
        return self.tr(
            "The invitation is answered. Whoever invited you, or an administrator, now lets this computer in; then the "
            "first exchange begins by itself. You can work meanwhile."
        )

    def _left(self) -> QWidget:
        self.left = LeftPage()
        self.left.part_asked.connect(self.part_asked)
        return self.left

    def _member(self) -> QWidget:
        page, column = _column(self.pages)
        self.invitations = Card(self.tr("Open invitations"), "mail")
        self._answers = QVBoxLayout()
        self.invitations.body.addLayout(self._answers)
        self.invitations.hide()
        column.addWidget(self.invitations)
        for make in (self._people, self._teams_card, self._organisation, self._log):
            column.addWidget(make())
        return page

    def _people(self) -> Card:
        card = Card(self.tr("People and devices"), "users")
        self.invite = button(self.tr("Invite a person…"), "primary", "user-plus", clicked=self.invite_asked.emit)
        self.let_in = button(self.tr("Let in by code…"), icon="laptop", clicked=self.let_in_asked.emit)
        card.head.addWidget(self.let_in)
        card.head.addWidget(self.invite)
        self.model = WordsModel(person_heads(), self)
        self.people = DataTable(self.tr("People"), two_lines=True)
        self.people.setModel(self.model)
        self.people.set_widths(180, 200, 0, 230)
        self.people.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.people.row_activated.connect(self._on_person)
        card.body.addWidget(self.people)
        hint = self.tr("Enter or a double click opens a person: her roles and teams, her devices, a lost laptop.")
        card.body.addWidget(text_label(hint, "small", wrap=True))
        return card

    def _teams_card(self) -> Card:
        card = Card(self.tr("Teams and sites"), "map-pin")
        self.new_team = button(self.tr("Make a team…"), icon="plus", clicked=partial(self.team_asked.emit, None))
        card.head.addWidget(self.new_team)
        self.no_team = text_label(
            self.tr("There is no team yet. A file without one is read by supervisors."), "muted", wrap=True
        )
        card.body.addWidget(self.no_team)
        self._teams = QVBoxLayout()
        self._teams.setSpacing(px(6))
        card.body.addLayout(self._teams)
        return card

    def _organisation(self) -> Card:
        card = Card(self.tr("Organisation"), "landmark")
        self.facts = KeyValue()
        card.body.addWidget(self.facts)
        self.take_over = button(self.tr("Become administrator with the sheets…"), clicked=self.take_over_asked.emit)
        card.body.addWidget(self.take_over)
        return card

    def _log(self) -> Card:
        card = Card(self.tr("Members’ log"), "history")
        words = self.tr(
            "Signed by the desk that did it, in one chain that nobody can change. Times are of that desk’s clock."
        )
        card.body.addWidget(text_label(words, "small", wrap=True))
        self.log_model = WordsModel(log_heads(), self)
        self.log = DataTable(self.tr("Members’ log"))
        self.log.setModel(self.log_model)
        self.log.set_widths(170, 220, 0)
        self.log.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        card.body.addWidget(self.log)
        return card

    # --- rows ---

    def _team(self, team: TeamLine, roster: Roster) -> QWidget:
        holder, row = _row()
        where = f"{team.name}, {team.site}" if team.site else team.name
        shown = where if team.is_active else tr("{0} (ended)").format(where)
        count = sum(1 for each in roster.people if each.is_active and team.team in each.teams)
        people = tr("1 person") if count == 1 else tr("{0} people").format(count)
        row.set_heading(readable_label(f"{shown}: {people}"))
        if roster.is_administrator and team.is_active:
            change = button(self.tr("Change…"), "link", clicked=partial(self.team_asked.emit, team))
            change.setAccessibleName(self.tr("Change the team {0}").format(team.name))
            row.addWidget(change)
        return holder

    def _answer(self, answer: Answer) -> QWidget:
        holder, row = _row()
        name, until = answer.kept.offer.person_name, until_words(answer.kept.ends_at)
        if answer.trouble:
            words = answer.trouble
        elif answer.is_answered:
            words = self.tr("{0} has answered from “{1}”.").format(name, answer.device_name or tr("Unnamed device"))
        elif answer.is_over:
            words = self.tr("The invitation of {0} has ended unanswered.").format(name)
        else:
            words = self.tr("{0} has not answered yet; open {1}.").format(name, until)
        row.set_heading(readable_label(words))
        if answer.is_answered and not answer.trouble:
            let_in = button(
                self.tr("Let it in"), "primary", clicked=partial(self.admit_asked.emit, answer.kept.ticket.name)
            )
            row.addWidget(let_in)
        away = button(self.tr("Take back"), clicked=partial(self.take_back_asked.emit, answer.kept.ticket.name))
        row.addWidget(away)
        return holder

    # --- what was done ---

    def _on_person(self, index: QModelIndex) -> None:
        found = index.data(ID_ROLE)
        if isinstance(found, PersonLine):
            self.person_asked.emit(found)

    def _ask_give_up(self) -> None:
        ask(
            self,
            self.tr("Give up joining?"),
            self.tr("The code that you used opens nothing any more. Your own files stay as they are."),
            self.tr("Give up"),
            self.give_up_asked.emit,
        )


def _meeting_place(roster: Roster) -> tuple[str, str]:
    place = roster.hub_address
    return (tr("Exchange file") if is_file(place) else tr("Hub")), shown(place) or tr("None")


def _column(parent: QWidget) -> tuple[QWidget, QVBoxLayout]:
    page = QWidget(parent)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(16))
    return page, column


def _row() -> tuple[QWidget, HeadLayout]:
    """Words with buttons beside them, or below where there is no room."""
    holder = QWidget()
    row = HeadLayout(px(8), px(240))
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.addLayout(row)
    return holder, row


def _fit(table: DataTable, rows: int, most: int) -> None:
    """As high as its rows and no higher, to `most` of them."""
    header, frame = table.horizontalHeader(), 2 * table.frameWidth()
    header.ensurePolished()
    row = table.verticalHeader().defaultSectionSize()
    table.setFixedHeight(header.sizeHint().height() + max(1, min(rows, most)) * row + frame)
