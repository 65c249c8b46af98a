"""The caseload summary in a real window on a real store, worked by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, TypeVar
from uuid import UUID

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from advocate_desk.casework.access import history
from advocate_desk.casework.allocation import NOBODY, Advocate, allocate
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.hearings import HearingDetails, list_hearing
from advocate_desk.casework.people import PersonDetails
from advocate_desk.casework.work import Done, Work
from advocate_desk.desk import theme
from advocate_desk.desk.composition import build_page, form_registry
from advocate_desk.desk.dialogs.paper import PaperDialog
from advocate_desk.desk.forms.allocation import NOBODY_KEY
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.caseload.view import CaseloadScreen
from advocate_desk.desk.screens.summary.model import FIRST_NUMBER, SHOWN
from advocate_desk.desk.screens.summary.paper import PaperChoice
from advocate_desk.desk.screens.summary.view import SummaryScreen
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.window import MainWindow
from advocate_desk.documents.render import page_count
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import Invalid, Unavailable
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.notes import notes_page
from tests.builders import NOON, a_file
from tests.desk.front import to_front
from tests.desk.keyboard import press, tab_to, type_text
from tests.desk.settling import settle
from tests.desk.walk import assert_accessible, assert_fits
from tests.organisations import NAMES, eight_advocates

W = TypeVar("W", bound=QWidget)
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ADA, BEA = NAMES[:2]


class Seat:
    """A supervisor's desk in a window."""

    def __init__(self, work: Work, qtbot: QtBot, screen: str) -> None:
        self.work, self.qtbot = work, qtbot
        self.office = Office(work, Jobs(), form_registry())
        self.notices: list[str] = []
        self.office.messages.noticed.connect(lambda notice: self.notices.append(notice.text))
        self.window = MainWindow(work.clock)
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        self.page = self.window.show_desk(lambda: build_page(self.office, has_team=True))
        to_front(self.window, qtbot)
        self.page.show_screen(screen)
        self.settle()

    def settle(self) -> None:
        """Wait until the store has answered and its answers are drawn."""
        settle(self.office, self.page, self.qtbot)

    def screen(self) -> SummaryScreen:
        page = self.page.current_page()
        assert isinstance(page, SummaryScreen)
        return page

    def hand_over(self, button: str, whom: str, note: str = "") -> None:
        """Hand over what is chosen, by keys."""
        tab_to(button)
        press(Qt.Key.Key_Return)
        self.settle()
        type_text(whom)
        self.settle()
        press(Qt.Key.Key_Return)
        press(Qt.Key.Key_Tab)
        type_text(note)
        press(Qt.Key.Key_S, 1, CONTROL)
        self.settle()

    def only(self, kind: type[W]) -> W:
        """The one window of a kind."""
        (found,) = [each for each in self.window.findChildren(kind) if each.isVisible()]
        return found

    def words(self) -> str:
        return "\n".join(each.text() for each in self.page.findChildren(QLabel) if each.isVisible())

    def go_to(self, name: str, number: str) -> None:
        """Move to a cell of the table by arrow keys."""
        table, model = self.screen().table, self.screen().model
        table.setFocus()
        rows = [model.data(model.index(row, 0)) for row in range(model.rowCount())]
        down = rows.index(name) - table.currentIndex().row()
        right = FIRST_NUMBER + SHOWN.index(number) - table.currentIndex().column()
        press(Qt.Key.Key_Down if down > 0 else Qt.Key.Key_Up, abs(down))
        press(Qt.Key.Key_Right if right > 0 else Qt.Key.Key_Left, abs(right))

    def end(self) -> None:
        self.window.lock("closing")
        self.window.close()


@pytest.fixture
def people(work: Work) -> dict[str, tuple[UUID, UUID]]:
    return eight_advocates(work)


@pytest.fixture
def files(work: Work, people: dict[str, tuple[UUID, UUID]]) -> list[FileId]:
    """Three files of Ada's, and one of nobody's with a hearing ahead."""
    person, team = people[ADA]
    made = [a_file(work, client=PersonDetails("client", given, "Planted")) for given in ("One", "Two", "Three", "Four")]
    for file_id in made[:3]:
        allocate(work, file_id, Advocate(ADA, person, (team,)))
    allocate(work, made[3], NOBODY)
    case_id = open_case(work, made[3], CaseDetails(crime_ref="EX1/26")).record_id
    assert case_id is not None
    list_hearing(work, made[3], case_id, HearingDetails(NOON.date(), court_name="Exampleford"))
    return made


@pytest.fixture
def seat(work: Work, qtbot: QtBot, files: list[FileId]) -> Iterator[Seat]:
    made = Seat(work, qtbot, "summary")
    yield made
    made.end()


def kinds(work: Work, file_id: FileId) -> list[str]:
    return [each.kind for each in history(work, file_id)]


def test_a_number_opens_its_files_and_that_is_on_record(seat: Seat, files: list[FileId]) -> None:
    assert "8 advocates, 4 open files" in seat.words()
    assert "Planted" not in seat.words()
    seat.go_to(ADA, "high")
    before = seat.screen().table.currentIndex()
    press(Qt.Key.Key_Return)
    seat.settle()
    assert seat.screen().behind.isVisible()
    assert seat.screen().behind.model.rowCount() == 3
    assert all(kinds(seat.work, each)[0] == "summary_opened" for each in files[:3])
    assert "summary_opened" not in kinds(seat.work, files[3])
    press(Qt.Key.Key_Escape)
    seat.settle()
    assert seat.screen().table.isVisible()
    assert seat.screen().table.hasFocus()
    assert seat.screen().table.currentIndex() == before


@pytest.mark.usefixtures("files")
def test_enter_on_a_dash_opens_no_empty_list(seat: Seat) -> None:
    seat.go_to(BEA, "high")
    index = seat.screen().table.currentIndex()
    assert index.data() == "–"
    press(Qt.Key.Key_Return)
    seat.settle()
    assert seat.screen().table.isVisible() and seat.screen().table.currentIndex() == index


def test_the_sign_on_a_button_that_cannot_be_pressed_yet_can_be_seen(qtbot: QtBot) -> None:
    made = button("Hand over…", "primary", "handshake")
    qtbot.addWidget(made)
    made.setEnabled(False)
    sign = made.icon().pixmap(made.iconSize(), QIcon.Mode.Disabled).toImage()
    inks = [sign.pixelColor(x, y) for x in range(sign.width()) for y in range(sign.height())]
    ink = max(inks, key=lambda each: each.alpha())
    assert ink.name() == theme.colour("muted").name()


def test_the_summary_asked_for_again_goes_back_from_the_files_to_the_numbers(seat: Seat) -> None:
    seat.go_to(ADA, "high")
    press(Qt.Key.Key_Return)
    seat.settle()
    assert seat.screen().behind.isVisible()
    seat.office.go("tasks")
    seat.settle()
    seat.office.go("summary")  # from elsewhere: where she was
    seat.settle()
    assert seat.screen().behind.isVisible()
    seat.office.go("summary")
    seat.settle()
    assert seat.screen().table.hasFocus()


def test_a_list_that_cannot_be_read_again_is_said_and_stays(
    seat: Seat, files: list[FileId], monkeypatch: pytest.MonkeyPatch
) -> None:
    seat.go_to(ADA, "high")
    press(Qt.Key.Key_Return)
    seat.settle()

    def refuse(*_: object) -> NoReturn:
        raise Unavailable("The disk did not answer.")

    monkeypatch.setattr(seat.screen().presenter, "_read_again", refuse)
    seat.office.changed.emit(Done(None, files[0], frozenset({"client_file"})))
    seat.settle()
    assert "The disk did not answer." in seat.words()
    assert seat.screen().behind.model.rowCount() == 3


def test_several_files_are_handed_over_with_one_note_by_keys_alone(seat: Seat, files: list[FileId]) -> None:
    seat.go_to(ADA, "high")
    press(Qt.Key.Key_Return)
    seat.settle()
    press(Qt.Key.Key_Down, 1, SHIFT)
    assert len(seat.screen().behind.chosen()) == 2
    chosen = [FileId(each) for each in seat.screen().behind.chosen()]
    seat.hand_over("Hand over 2 files…", "bea", "She may call after four.")
    assert f"2 files were handed over to {BEA}." in seat.notices
    for file_id in chosen:
        assert seat.work.read(file_view, file_id).banner.allocated_to == BEA
        (note,) = [each for each in seat.work.read(notes_page, file_id).notes if each.text.endswith("after four.")]
        assert note.method == "handover"
        assert f"from {ADA} to {BEA}" in note.text
    assert seat.screen().behind.model.rowCount() == 1
    press(Qt.Key.Key_Escape)
    seat.settle()
    summary = seat.screen().summary
    assert summary is not None
    assert {each.name: each.numbers["files"] for each in summary.lines if each.numbers["files"]} == {
        "": 1,
        ADA: 1,
        BEA: 2,
    }


def owners(seat: Seat, files: list[FileId]) -> list[str]:
    return [seat.work.read(file_view, each).banner.allocated_to for each in files]


def test_keys_pressed_on_after_a_hand_over_take_no_file_from_its_advocate(seat: Seat, files: list[FileId]) -> None:
    seat.go_to(ADA, "high")
    press(Qt.Key.Key_Return)
    seat.settle()
    press(Qt.Key.Key_Down, 1, SHIFT)
    seat.hand_over("Hand over 2 files…", "bea")
    behind = seat.screen().behind
    assert behind.model.rowCount() == 1
    assert not behind.chosen() and not behind.hand_over.isEnabled()
    assert behind.table.hasFocus()
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_S, 1, CONTROL)
    seat.settle()
    assert sorted(owners(seat, files)) == ["", ADA, BEA, BEA]


def test_files_that_stay_behind_their_number_are_not_chosen_after_a_hand_over(seat: Seat, files: list[FileId]) -> None:
    seat.go_to("All", "high")
    press(Qt.Key.Key_Return)
    seat.settle()
    press(Qt.Key.Key_Down, 1, SHIFT)
    seat.hand_over("Hand over 2 files…", "bea")
    assert seat.screen().behind.model.rowCount() == 4
    assert not seat.screen().behind.chosen()


def test_files_that_are_chosen_stay_chosen_while_others_move(seat: Seat, files: list[FileId]) -> None:
    seat.go_to(ADA, "high")
    press(Qt.Key.Key_Return)
    seat.settle()
    press(Qt.Key.Key_Down, 1)
    press(Qt.Key.Key_Down, 1, SHIFT)
    behind = seat.screen().behind
    line, chosen = behind.model.line(0), behind.chosen()
    assert line is not None and len(chosen) == 2
    allocate(seat.work, FileId(line.file_id), NOBODY)
    seat.office.changed.emit(Done(None, FileId(line.file_id), frozenset({"client_file"})))
    seat.settle()
    assert behind.chosen() == chosen


@pytest.mark.parametrize("is_typed", [False, True])
def test_nobody_is_chosen_expressly_or_no_file_is_handed_over(seat: Seat, files: list[FileId], is_typed: bool) -> None:
    seat.go_to(ADA, "high")
    press(Qt.Key.Key_Return)
    seat.settle()
    tab_to("Hand over…")
    press(Qt.Key.Key_Return)
    seat.settle()
    press(Qt.Key.Key_S, 1, CONTROL)
    seat.settle()
    assert "This is needed before it can be saved." in seat.words()
    assert owners(seat, files) == [ADA, ADA, ADA, ""]
    type_text("nobody")
    seat.settle()
    if not is_typed:
        press(Qt.Key.Key_Return)
    press(Qt.Key.Key_S, 1, CONTROL)
    seat.settle()
    assert sorted(owners(seat, files)) == ["", "", ADA, ADA]
    assert seat.notices[-1] == "1 file is with nobody now."


def test_a_file_whose_advocate_is_cleared_away_in_its_own_form_stays_with_her(seat: Seat, files: list[FileId]) -> None:
    kind = seat.office.forms.kind("allocate")
    assert kind is not None
    with pytest.raises(Invalid) as told:
        kind.save(seat.office, {"file_id": str(files[0])}, {"allocated_to": "", "note": ""})
    assert told.value.problems.keys() == {"allocated_to"}
    assert owners(seat, files)[0] == ADA
    kind.save(seat.office, {"file_id": str(files[0])}, {"allocated_to": NOBODY_KEY, "note": ""})
    assert owners(seat, files)[0] == ""


def test_what_nobody_has_is_said_first_and_opened_from_there(seat: Seat, files: list[FileId]) -> None:
    assert "Allocated to nobody yet: 1 open file. Ahead in them: 1 hearing." in seat.words()
    seat.screen().nobody.focus_action()
    press(Qt.Key.Key_Return)
    seat.settle()
    line = seat.screen().behind.model.line(0)
    assert line is not None
    assert line.file_id == files[3]
    press(Qt.Key.Key_Return)
    seat.settle()
    assert kinds(seat.work, files[3])[0] == "file_read"


def test_a_team_and_a_site_keep_to_their_people(seat: Seat) -> None:
    screen = seat.screen()
    team = next(each for each in screen.presenter.roster.teams if each.name == "Harbour")
    screen.teams_chosen.emit((team.team,))
    seat.settle()
    shown = [screen.model.data(screen.model.index(row, 0)) for row in range(screen.model.rowCount())]
    assert shown == ["Nobody yet", "Ada Fabricant", "Dee Placeholt", "Gil Testworth", "All"]
    place = screen.place()
    screen.teams_chosen.emit(())
    screen.sites_chosen.emit(("Sampleton",))
    seat.settle()
    shown = [screen.model.data(screen.model.index(row, 0)) for row in range(screen.model.rowCount())]
    assert shown == ["Nobody yet", "Bea Sampleby", "Eve Mockridge", "Hal Specimen", "All"]
    screen.restore(place)
    seat.settle()
    assert screen.team.values() == (team.team,)


def test_the_page_names_people_as_chosen_and_leaves_on_record(seat: Seat, tmp_path: Path) -> None:
    said = {}
    for naming in ("reference", "initials", "name"):
        seat.screen().paper.click()
        choice = seat.only(PaperChoice)
        choice.naming.set_value(naming)
        assert_accessible(choice)
        choice.make()
        seat.settle()
        paper = seat.only(PaperDialog)
        paper.save_to(tmp_path / f"{naming}.pdf")
        seat.settle()
        pdf = (tmp_path / f"{naming}.pdf").read_bytes()
        paper.reject()
        assert page_count(pdf) == 1
        document = pypdfium2.PdfDocument(pdf)
        assert document.get_metadata_dict(skip_empty=True).get("Title") == "Summary"
        said[naming] = document[0].get_textpage().get_text_bounded()
        document.close()
    assert "Planted" not in said["reference"] + said["initials"]
    assert ADA not in said["reference"] + said["initials"]
    assert "Advocate 1" in said["reference"]
    assert "Four Planted" in said["name"]
    assert ADA in said["name"]
    leaving = "SELECT count(*) FROM audit_event WHERE kind = 'summary_exported'"
    with seat.work.engine.connect() as conn:
        assert conn.exec_driver_sql(leaving).scalar_one() == 3


def test_weights_are_set_in_a_form_and_count_at_once(seat: Seat) -> None:
    seat.office.open_form("caseload_rules")
    seat.settle()
    press(Qt.Key.Key_A, 1, CONTROL)
    type_text("2,5")
    press(Qt.Key.Key_S, 1, CONTROL)
    seat.settle()
    summary = seat.screen().summary
    assert summary is not None
    assert summary.rules.weight("open_high") == 2.5
    assert max(each.weight for each in summary.lines) == pytest.approx(7.5)
    seat.office.open_form("caseload_rules")
    seat.settle()
    press(Qt.Key.Key_A, 1, CONTROL)
    type_text("many")
    press(Qt.Key.Key_S, 1, CONTROL)
    seat.settle()
    assert "Give a number from 0 to 10, such as 0.6." in seat.words()


def test_a_file_that_is_opened_for_a_colleague_is_hers_by_id_and_her_teams(
    seat: Seat, people: dict[str, tuple[UUID, UUID]]
) -> None:
    values = {"source": "police", "client_family_name": "Planted", "received_at": "2026-11-21T09:00"}
    kind = seat.office.forms.kind("intake")
    assert kind is not None
    done = kind.save(seat.office, {}, {**values, "allocated_to": BEA})
    assert done.file_id is not None
    with seat.work.engine.connect() as conn:
        found = conn.exec_driver_sql(
            "SELECT allocated_to, allocated_person, team FROM client_file WHERE id = ?", (done.file_id.hex,)
        ).one()
    assert tuple(found) == (BEA, people[BEA][0].hex, people[BEA][1].hex)


def test_files_chosen_in_the_caseload_are_handed_over(work: Work, qtbot: QtBot, files: list[FileId]) -> None:
    seat = Seat(work, qtbot, "caseload")
    try:
        screen = seat.page.current_page()
        assert isinstance(screen, CaseloadScreen)
        screen.table.setFocus()
        assert not screen.hand_over.isVisible()
        press(Qt.Key.Key_Down, 2, SHIFT)
        assert screen.hand_over.isVisible()
        tab_to("Hand over 3 files…")
        press(Qt.Key.Key_Return)
        seat.settle()
        top = seat.page.findChildren(QLabel)
        assert "Hand over 3 files" in [each.text() for each in top if each.isVisible()]
        type_text("bea")
        seat.settle()
        press(Qt.Key.Key_Return)
        press(Qt.Key.Key_S, 1, CONTROL)
        seat.settle()
        owners = [seat.work.read(file_view, each).banner.allocated_to for each in files]
        assert owners.count(BEA) == 3
        assert not screen.hand_over.isVisible()
    finally:
        seat.end()


def test_who_leads_nobody_sees_her_own_and_what_nobody_has(work: Work, qtbot: QtBot) -> None:
    mine, other = a_file(work), a_file(work)
    allocate(work, other, Advocate("Kit Colleague"))
    seat = Seat(work, qtbot, "summary")
    try:
        assert "Your own caseload" in seat.words()
        model = seat.screen().model
        rows = [model.data(model.index(row, 0)) for row in range(model.rowCount())]
        assert rows == ["Nobody yet", work.actor.name, "All"]
        assert not seat.screen().team.isVisible()
        assert kinds(work, mine).count("summary_opened") == 0
    finally:
        seat.end()


@pytest.mark.parametrize("has_team", [True, False])
def test_it_stands_on_the_rail_of_who_leads_a_team_alone(qtbot: QtBot, work: Work, has_team: bool) -> None:
    office = Office(work, Jobs(), form_registry())
    page = build_page(office, has_team=has_team)
    qtbot.addWidget(page)
    names = [each.accessibleName() for each in page.findChildren(QPushButton) if not each.isHidden()]
    assert any("Summary" in each for each in names) is has_team
    office.end()


def test_it_fits_and_every_control_has_a_name(seat: Seat, qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    assert_accessible(seat.screen())
    assert_fits(seat.screen(), 1166)
    qtmodeltester.check(seat.screen().model)  # type: ignore[no-untyped-call]
    said = seat.screen().model
    index = said.index(1, FIRST_NUMBER)
    assert said.data(index, Qt.ItemDataRole.AccessibleTextRole) == "Ada Fabricant: Open files, high risk, 3"
    seat.screen().number_opened.emit("files", None)
    seat.settle()
    assert_accessible(seat.screen())
    assert_fits(seat.screen(), 1166)
    qtmodeltester.check(seat.screen().behind.model)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("width", [1280, 1366])
def test_every_number_is_in_sight_on_a_small_screen(seat: Seat, width: int) -> None:
    seat.window.resize(width, 720)
    seat.settle()
    table, header = seat.screen().table, seat.screen().table.horizontalHeader()
    seat.qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() == 0)
    assert header.length() <= table.viewport().width()
    font = QFont(QApplication.font())
    font.setPixelSize(px(12))  # as the theme sets headings, with as much on both sides
    font.setWeight(QFont.Weight.DemiBold)
    for column in range(FIRST_NUMBER, header.count()):
        lines = str(seat.screen().model.headerData(column, Qt.Orientation.Horizontal)).split("\n")
        needed = max(QFontMetrics(font).horizontalAdvance(each) for each in lines)
        assert header.sectionSize(column) >= needed + 2 * px(8), lines
