"""The exchange of an open desk: by itself, beside the work, never in the way of a lock."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest
from PySide6.QtCore import QEvent, QMetaObject, QObject, Qt
from PySide6.QtNetwork import QNetworkInformation
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework import settings as kept
from advocate_desk.casework.intake import open_file
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.page import ClientFilePage
from advocate_desk.desk.shell import DeskPage, ScreenKind
from advocate_desk.desk.team import exchanging
from advocate_desk.desk.team.exchange_state import Ended
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.team.network import NetworkWatch
from advocate_desk.desk.team.panel import ExchangePanel
from advocate_desk.desk.team.state_words import trouble_words
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.hub.callers import Caller
from advocate_desk.hub.near import NearHub
from advocate_desk.hub.refusals import SENTENCES
from advocate_desk.store.engine import writing
from advocate_desk.sync import choices, clearing, overview, parting, state
from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.link import Link, TeamHub
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.messages import PieceName
from advocate_desk.sync.overview import Overview
from advocate_desk.sync.statements import ADVOCATE, SUPERVISOR, AddDevice, SetPerson
from advocate_desk.sync.transport import NO_ANSWER
from advocate_desk.sync.wire import CHUNK_BYTES
from advocate_desk.vault.device import new_device
from tests.builders import NOON, a_file, a_work, an_intake
from tests.desk.client_desk import has_text
from tests.sync.desks import QUOTA, Desk, Team
from tests.sync.test_attachments import content_at, move, store

Reachability = QNetworkInformation.Reachability


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Ann and Ben, who see each other's files; desks that lose no time."""
    monkeypatch.setattr(exchanging, "FIRST_MS", 1)
    monkeypatch.setattr(exchanging, "END_S", 30)  # a busy computer is no network that hangs
    monkeypatch.setattr(exchanging, "AFTER_CHANGE_MS", 1)
    made = Team(tmp_path)
    for name in ("Ann", "Ben"):
        desk = made.join(name, SUPERVISOR)
        choices.set_hub_address(desk.work.engine, "https://hub.example.org")
    yield made
    made.close()


@pytest.fixture
def offices(qtbot: QtBot) -> Iterator[list[Office]]:
    """What the test has opened, closed behind it."""
    opened: list[Office] = []
    yield opened
    for each in opened:
        each.end()


def open_office(desk: Desk, offices: list[Office]) -> Exchanges:
    office = Office(desk.work, Jobs())
    made = Exchanges(office, desk.device, connect=lambda *_: cast(TeamHub, desk.hub))
    office.keep_exchanging(made)
    offices.append(office)
    return made


def file_count(desk: Desk) -> int:
    return int(desk.rows("SELECT count(*) FROM client_file")[0][0])


def test_a_desk_exchanges_by_itself_once_it_is_open(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    ann, ben = team.desks
    a_file(ann.work)
    ann.exchange()
    exchanges = open_office(ben, offices)
    with qtbot.waitSignal(exchanges.changed) as told:
        pass
    assert "client_file" in told.args[0]
    assert file_count(ben) == 1
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and not exchanges.state().is_running)
    assert exchanges.state().is_enrolled and exchanges.state().trouble is None


def test_a_desk_that_was_let_in_asks_again_soon_until_a_colleague_has_given_it_keys(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanging, "JOINED_MS", (20,) * 1000)
    ann, ben = team.desks
    a_file(ann.work)
    with writing(ben.work.engine).begin() as conn:
        stands = conn.exec_driver_sql("SELECT * FROM organisation").one()
        conn.exec_driver_sql("DELETE FROM organisation")
    exchanges = open_office(ben, offices)
    qtbot.waitUntil(lambda: not exchanges._timer.isActive())
    tries: list[bool] = []
    exchanges.state_changed.connect(lambda: tries.append(exchanges.state().is_running))
    with writing(ben.work.engine).begin() as conn:
        conn.exec_driver_sql(f"INSERT INTO organisation VALUES ({', '.join('?' * len(stands))})", tuple(stands))
    exchanges.ask(exchanges, lambda _link: None)  # as the page does that waits to be let in
    qtbot.waitUntil(lambda: tries.count(True) > 2)
    assert file_count(ben) == 0
    ann.exchange()
    qtbot.waitUntil(lambda: file_count(ben) == 1)


def test_a_change_is_sent_soon_after_it_was_made(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    ann, ben = team.desks
    exchanges = open_office(ann, offices)
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and not exchanges.state().is_running)
    offices[0].do(exchanges, open_file, an_intake())
    qtbot.waitUntil(lambda: ben.exchange() is not None and file_count(ben) == 1)
    qtbot.waitUntil(lambda: exchanges.state().waiting == 0)


class HubWithoutSignal:
    """No connection until `is_back`."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self.is_back = desk, False

    def __getattr__(self, name: str) -> Any:
        if not self.is_back:
            raise Unreachable(NO_ANSWER)
        return getattr(self._desk.hub, name)


def test_a_network_that_comes_back_is_used_at_once(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanging, "BACK_MS", 1)
    monkeypatch.setattr(exchanging, "WAITS_MS", (600_000,))
    hub = HubWithoutSignal(team.desks[0])
    office = Office(team.desks[0].work, Jobs())
    offices.append(office)
    exchanges = Exchanges(office, team.desks[0].device, connect=lambda *_: cast(TeamHub, hub))
    office.keep_exchanging(exchanges)
    qtbot.waitUntil(lambda: (found := exchanges.state().trouble) is not None and found.kind == "unreachable")
    hub.is_back = True
    network = exchanges._network
    for reach in (Reachability.Disconnected, Reachability.Local):
        network.on_reachability(reach)
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and exchanges.state().trouble is None)


def test_only_a_network_that_reaches_further_than_before_is_told(qtbot: QtBot) -> None:
    network = NetworkWatch()
    network.listen()
    network.on_reachability(Reachability.Unknown)
    for reach in (Reachability.Online, Reachability.Site, Reachability.Disconnected):
        told: list[bool] = []
        network.returned.connect(partial(told.append, True))
        network.on_reachability(reach)
        assert bool(told) == (reach is Reachability.Online)
        network.returned.disconnect()


def test_others_use_the_thread_between_exchanges(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    exchanges = open_office(team.desks[0], offices)
    asker = QObject()

    def act(link: Link) -> tuple[object, object]:
        return link.device.id, link.hub

    with qtbot.waitSignal(exchanges.ask(asker, act).done) as told:
        pass
    assert told.args[0] == (team.desks[0].device.id, team.desks[0].hub)


def test_a_paused_desk_exchanges_nothing_until_it_goes_on(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    ann, ben = team.desks
    exchanges = open_office(ann, offices)
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and not exchanges.state().is_running)
    exchanges.pause()
    qtbot.waitUntil(lambda: bool(ann.rows("SELECT is_paused FROM organisation")[0][0]))
    a_file(ann.work)
    exchanges.exchange_now()
    assert exchanges.state().is_paused and not exchanges.state().is_running
    exchanges.go_on()
    qtbot.waitUntil(lambda: ben.exchange() is not None and file_count(ben) == 1)


@pytest.mark.parametrize("is_paused", [True, False])
def test_the_sign_counts_what_waits_while_nothing_can_be_sent(
    is_paused: bool, team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = team.desks[0]
    if not is_paused:
        monkeypatch.setattr(ann.hub, "pull", raising(Unreachable(NO_ANSWER)))
    page, exchanges = shown_desk(ann, offices, qtbot)
    qtbot.waitUntil(lambda: exchanges.state().is_enrolled and not exchanges.state().is_running)
    if is_paused:
        exchanges.pause()
    for _ in range(2):
        with qtbot.waitSignal(offices[0].changed):
            offices[0].do(exchanges, open_file, an_intake())
    seen = overview.read(ann.work.engine)
    assert seen is not None and seen.waiting > 2
    begins = "Exchange paused" if is_paused else "No connection"
    qtbot.waitUntil(lambda: page.exchange.button.text() == f"{begins} · {seen.waiting} changes to send")


def test_the_panel_says_what_is_new_in_itself_and_nowhere_else(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    exchanges = open_office(team.desks[0], offices)
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and not exchanges.state().is_running)
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    panel = ExchangePanel(window, offices[0], exchanges)
    panel.open()
    shown: list[QWidget] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(watched)
            return False

    watch = Watch()
    QApplication.instance().installEventFilter(watch)  # type: ignore[union-attr]
    panel.pause.click()
    qtbot.waitUntil(lambda: "paused" in panel.told()[0].text)
    QApplication.instance().removeEventFilter(watch)  # type: ignore[union-attr]
    assert shown == []
    panel.reject()


def test_documents_follow_their_records_and_make_way_for_others(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = team.desks
    contents = [os.urandom(3 * CHUNK_BYTES) for _ in range(3)]
    keys = [store(ann, each) for each in contents]
    for _ in range(2):
        ann.exchange()
        move(ann)
    exchanges = open_office(ben, offices)
    piece = ben.hub.piece
    asked: list[PieceName] = []

    def piece_then_change(name: PieceName) -> bytes:
        asked.append(name)
        if len(asked) == 2:  # something is written meanwhile
            a_file(ben.work)
            QMetaObject.invokeMethod(exchanges, "exchange_now", Qt.ConnectionType.BlockingQueuedConnection)
        return piece(name)

    monkeypatch.setattr(ben.hub, "piece", piece_then_change)
    qtbot.waitUntil(lambda: len(ben.rows("SELECT 1 FROM stored_document")) == len(keys))
    qtbot.waitUntil(lambda: all(content_at(ben, key) == each for key, each in zip(keys, contents, strict=True)))
    qtbot.waitUntil(lambda: exchanges.state().documents == 0 and not exchanges.state().is_running)
    assert exchanges.state().waiting == 0
    assert len(set(asked)) == 9 and len(asked) == 10, "only the piece in hand was fetched again"


# --- what is shown ---


def test_a_document_that_is_sent_and_one_that_waits_are_both_said(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanging, "LOOK_MS", 1)
    ann, _ben = team.desks
    for _ in range(2):  # of two pages, after which it would say how far it is
        a_file(ann.work)
        ann.exchange()
    store(ann, b"A letter")
    keep_piece = ann.hub.keep_piece
    monkeypatch.setattr(ann.hub, "keep_piece", raising(Unreachable(NO_ANSWER)))
    page, exchanges = shown_desk(ann, offices, qtbot)
    qtbot.waitUntil(lambda: exchanges.state().trouble is not None and exchanges.state().unsent_documents == 1)
    assert exchanges.state().waiting == 0
    assert page.exchange.button.accessibleName() == "Exchange: No connection · 1 document to send"
    panel = panel_of(page)
    assert has_text(panel, "Documents still to be sent")
    is_seen = threading.Event()

    def keep_when_seen(name: PieceName, body: bytes) -> None:
        assert is_seen.wait(30)
        keep_piece(name, body)

    monkeypatch.setattr(ann.hub, "keep_piece", keep_when_seen)
    exchanges.exchange_now()
    qtbot.waitUntil(lambda: exchanges.state().is_at_documents)
    assert exchanges.state().progress is None
    exchanges.show(replace(exchanges.state(), trouble=None))
    assert page.exchange.button.accessibleName() == "Exchange: Documents on their way"
    is_seen.set()
    qtbot.waitUntil(lambda: not exchanges.state().is_running and not exchanges.state().unsent_documents)
    assert not has_text(panel, "Documents still to be sent")
    panel.reject()


def shown_desk(desk: Desk, offices: list[Office], qtbot: QtBot) -> tuple[DeskPage, Exchanges]:
    """A desk's window frame with the exchange running behind it."""
    office = Office(desk.work, Jobs())
    offices.append(office)
    page = DeskPage(office, (ScreenKind("today", "Today", "sun", lambda _office: text_label("Today")),), ClientFilePage)
    office.setParent(page)
    qtbot.addWidget(page)
    page.resize(1366, 768)
    page.show()
    made = Exchanges(office, desk.device, connect=lambda *_: cast(TeamHub, desk.hub))
    office.keep_exchanging(made)
    return page, made


def raising(error: Exception) -> Callable[..., NoReturn]:
    def ask(*_asked: object) -> NoReturn:
        raise error

    return ask


def panel_of(page: DeskPage) -> ExchangePanel:
    page.exchange.button.click()
    return next(each for each in page.findChildren(ExchangePanel) if each.isVisible())


def test_a_desk_of_no_organisation_has_nothing_to_press(offices: list[Office], qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "alone").mkdir()
    desk = Desk("Ash", a_work(tmp_path / "alone"), new_device(), cast(NearHub, None))
    page, exchanges = shown_desk(desk, offices, qtbot)
    qtbot.waitUntil(lambda: not exchanges.state().is_enrolled)
    assert not page.exchange.button.isVisible()
    assert has_text(page.exchange, "On this computer only")


def test_the_header_says_how_the_exchange_stands(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    page, exchanges = shown_desk(team.desks[0], offices, qtbot)
    qtbot.waitUntil(lambda: page.exchange.button.text().startswith("Exchanged"))
    assert page.exchange.button.accessibleName().startswith("Exchange: Exchanged")
    exchanges.pause()
    assert page.exchange.button.text() == "Exchange paused"
    panel = panel_of(page)
    panel.pause.click()
    qtbot.waitUntil(lambda: page.exchange.button.text().startswith("Exchanged"))
    assert panel.pause.text() == "Pause"


def test_a_desk_that_was_let_go_is_offered_the_way_back_and_no_exchange(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = team.desks[0]
    parting.note_out(ann.work.engine, ann.device.id)
    monkeypatch.setattr(ann.hub, "pull", raising(Unreachable("The hub did not answer.")))  # and nobody confirms it now
    page, exchanges = shown_desk(ann, offices, qtbot)
    qtbot.waitUntil(lambda: exchanges.state().trouble is not None)
    assert page.exchange.button.text() == "Organisation left"
    panel = panel_of(page)
    assert [each.text.split(".")[0] for each in panel.told()] == [
        "This desk belongs to the organisation no more and exchanges nothing"
    ]
    assert not panel.pause.isVisible() and not panel.now.isVisible()
    with qtbot.waitSignal(page.office.screen_asked) as asked:
        panel.team.click()
    assert asked.args[0] == "team"


def test_what_is_not_to_be_trusted_is_told_until_it_is_read(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    ann = team.desks[0]
    page, exchanges = shown_desk(ann, offices, qtbot)
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and not exchanges.state().is_running)
    overview.tell(ann.work.engine, ann.work.clock.now(), "distrust", {"what": "signature"})
    exchanges.exchange_now()
    qtbot.waitUntil(lambda: page.exchange.button.text() == "Exchange: please read")
    panel = panel_of(page)
    assert "not signed by the desk that it names" in panel.told()[0].text
    panel.accept()
    qtbot.waitUntil(lambda: page.exchange.button.text().startswith("Exchanged"))
    qtbot.waitUntil(lambda: not cast(Overview, overview.read(ann.work.engine)).alarms)


def test_a_hub_that_lies_is_told_and_kept(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = team.desks[0]
    page, exchanges = shown_desk(ann, offices, qtbot)
    monkeypatch.setattr(ann.hub, "pull", raising(Distrust("gap")))
    qtbot.waitUntil(lambda: exchanges.state().trouble is not None)
    qtbot.waitUntil(lambda: bool(exchanges.state().alarms))
    assert len(panel_of(page).told()) == 1


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_refusal_is_told_with_what_was_kept_and_what_to_do(code: str) -> None:
    told = trouble_words(Ended("refused", code)).text
    assert told != trouble_words(Ended("refused", "unheard of")).text
    assert "kept here" in told or "Nothing was deleted" in told
    assert told.count(".") >= 2


def test_no_signal_is_said_calmly_and_tried_again(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = team.desks[0]
    monkeypatch.setattr(ann.hub, "pull", raising(Unreachable(NO_ANSWER)))
    page, exchanges = shown_desk(ann, offices, qtbot)
    qtbot.waitUntil(lambda: page.exchange.button.text().startswith("No connection"))
    monkeypatch.undo()
    exchanges.exchange_now()
    qtbot.waitUntil(lambda: page.exchange.button.text().startswith("Exchanged"))


def test_many_files_that_are_withdrawn_at_once_stay_until_somebody_agrees(
    team: Team, offices: list[Office], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "MANY_FILES", 1)
    ann, ben = team.desks
    for _ in range(3):
        a_file(ann.work)
    team.exchange_all()
    assert file_count(ben) == 3
    team.say(SetPerson(ben.person, [ADVOCATE], [], True, b""))
    ann.exchange()
    page, exchanges = shown_desk(ben, offices, qtbot)
    qtbot.waitUntil(lambda: "many_withdrawn" in exchanges.state().notes)
    assert page.exchange.button.text() == "Exchange: please read"
    assert file_count(ben) == 3
    panel = panel_of(page)
    (told,) = [each for each in panel.told() if each.action]
    assert "3 files were taken from this desk" in told.text
    exchanges.clear_withdrawn()
    qtbot.waitUntil(lambda: file_count(ben) == 0 and not exchanges.state().is_running)
    assert [each.kind for each in overview.events(ben.work.engine)].count("cleared") == 3


def test_a_setting_of_this_desk_is_nothing_to_send(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    exchanges = open_office(team.desks[0], offices)
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and not exchanges.state().is_running)
    calls = team.desks[0].hub.calls
    with qtbot.waitSignal(offices[0].changed):
        offices[0].do(exchanges, kept.put, "a choice", True)
    assert exchanges.state().waiting == 0 and not exchanges.state().is_running
    assert team.desks[0].hub.calls == calls


def test_a_desk_that_nobody_has_let_in_yet_says_so_and_knocks_again(
    team: Team, offices: list[Office], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanging, "KNOCK_MS", 20)
    (tmp_path / "Cat").mkdir()
    work, device = a_work(tmp_path / "Cat"), new_device()
    caller = Caller(team.organisation, device.id.bytes, device.sign_public)
    cat = Desk("Cat", work, device, NearHub(team.database, caller, QUOTA))
    with writing(work.engine).begin() as conn:
        driver = conn.connection.driver_connection
        state.join(driver, team.organisation, team.members.root_public, cat.person, "https://hub.example.org", NOON)
    page, exchanges = shown_desk(cat, offices, qtbot)
    qtbot.waitUntil(lambda: page.exchange.button.text() == "Waiting to be let in")
    assert "kept here" in panel_of(page).told()[0].text
    team.say(SetPerson(cat.person, [ADVOCATE], [], True, b""))
    team.say(AddDevice(cat.person, cat.person, device.sign_public, device.exchange_public, b""))
    qtbot.waitUntil(lambda: page.exchange.button.text().startswith("Exchanged"))
    assert exchanges.state().trouble is None
    offices.pop().end()
    work.engine.dispose()
