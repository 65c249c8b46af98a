"""Exchange by a file on a stick or in a shared folder: the same files in the end, and plain words where it fails."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.intake import open_file
from advocate_desk.casework.people import PersonDetails, save_person
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.team import exchanging
from advocate_desk.desk.team.by_file import FileExchange, exchange_by_file
from advocate_desk.desk.team.choosing_file import with_suffix
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.domain.identity import RecordId
from advocate_desk.hub import bundle
from advocate_desk.hub.bundle import SUFFIX
from advocate_desk.sync import choices, clearing, overview
from advocate_desk.sync.statements import ADVOCATE, SUPERVISOR, SetPerson
from tests.builders import NOON, a_file, an_intake
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents

FULL_STICK = SimpleNamespace(total=1024, used=1024, free=0)


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    monkeypatch.setattr(exchanging, "END_S", 30)  # a busy computer is no network that hangs
    (tmp_path / "team").mkdir()
    made = Team(tmp_path / "team")
    for name in ("Ann", "Ben"):
        made.join(name, SUPERVISOR)
    made.exchange_all()
    yield made
    made.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick" / f"exchange{SUFFIX}"


class At:
    """The dialog on a desk."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        self.office = Office(desk.work, Jobs(), parent=self.window)
        self.exchanges = Exchanges(self.office, desk.device)
        self.office.keep_exchanging(self.exchanges)
        qtbot.waitUntil(lambda: self.exchanges.state().is_enrolled)
        self.window.show()

    def __enter__(self) -> At:
        return self

    def __exit__(self, *_error: object) -> None:
        self.office.end()

    def exchange(self, path: Path, is_new: bool = False) -> str:
        """Choose a file; what is said in the end."""
        exchange_by_file(self.office)
        dialog = self.window.findChild(FileExchange)
        assert dialog is not None
        dialog.exchange(path, is_new)
        self.qtbot.waitUntil(dialog.choose.isEnabled)
        dialog.setParent(None)
        dialog.deleteLater()
        return dialog.told.text()


def test_two_desks_meet_through_a_file_that_one_of_them_makes(team: Team, stick: Path, qtbot: QtBot) -> None:
    ann, ben = team.desks
    a_file(ann.work)
    with At(ann, qtbot) as at:
        assert "given to the file" in at.exchange(stick, is_new=True)
    with At(ben, qtbot) as at, qtbot.waitSignal(at.exchanges.changed) as told:
        assert "10 records taken from it" in at.exchange(stick)
    assert "client_file" in told.args[0]
    assert contents(ann) == contents(ben)
    with At(ben, qtbot) as at:
        assert "have the same" in at.exchange(stick)
    assert [each.kind for each in overview.events(ben.work.engine)][:2] == ["by_file", "by_file"]


def by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_MS", "AFTER_CHANGE_BY_FILE_MS", "KNOCK_MS"):
        monkeypatch.setattr(exchanging, name, 1)
    monkeypatch.setattr(exchanging, "EVERY_MS", 50)
    monkeypatch.setattr(exchanging, "JOINED_MS", ())  # a first look that is slow takes the desk for one let in just now


def test_desks_that_meet_in_a_file_exchange_by_themselves_while_it_is_there(
    team: Team, stick: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ann, ben = team.desks
    for desk, is_new in ((ann, True), (ben, False)):
        with At(desk, qtbot) as at:
            at.exchange(stick, is_new)
    away = tmp_path / "away"
    stick.replace(away)
    by_itself(monkeypatch)
    with At(ann, qtbot) as at, At(ben, qtbot) as other:
        qtbot.waitUntil(lambda: at.exchanges.state().is_away)
        assert at.exchanges.state().trouble is None
        at.office.do(at.window, open_file, an_intake())
        qtbot.waitUntil(lambda: at.exchanges.state().waiting > 0)
        away.replace(stick)
        # one who finds the other at the file is told to wait, and a busy computer lets them meet more often
        qtbot.waitUntil(lambda: contents(ben) == contents(ann) and bool(contents(ben)["client_file"]), timeout=60_000)
        qtbot.waitUntil(lambda: not at.exchanges.state().is_away and at.exchanges.state().waiting == 0)
        assert other.exchanges.state().trouble is None
    told = [each.kind for each in overview.events(ben.work.engine)]
    assert told.count("by_file") == 1, "only what somebody asked for is in the log"


def test_a_file_in_which_nothing_changed_is_not_copied_again(
    team: Team, stick: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = team.desks[0]
    a_file(ann.work)
    with At(ann, qtbot) as at:
        at.exchange(stick, is_new=True)
    by_itself(monkeypatch)
    fetched: list[Path] = []
    fetch = bundle._fetch

    def fetched_too(path: Path, copy: Path) -> str:
        fetched.append(path)
        return fetch(path, copy)

    monkeypatch.setattr(bundle, "_fetch", fetched_too)
    rounds: list[bool] = []
    with At(ann, qtbot) as at:
        at.exchanges.state_changed.connect(lambda: rounds.append(at.exchanges.state().is_running))
        qtbot.waitUntil(lambda: rounds.count(True) > 5)
        before, seen = stick.stat().st_mtime_ns, len(fetched)
        qtbot.waitUntil(lambda: rounds.count(True) > 10)
        assert 1 <= seen == len(fetched) <= 2
        assert stick.stat().st_mtime_ns == before


def test_whoever_joined_after_the_file_was_made_comes_in_with_it(team: Team, stick: Path, qtbot: QtBot) -> None:
    ann = team.desks[0]
    a_file(ann.work)
    with At(ann, qtbot) as at:
        at.exchange(stick, is_new=True)
    cat = team.join("Cat", SUPERVISOR)
    team.exchange_all()
    with At(cat, qtbot) as at:
        at.exchange(stick)
    assert contents(cat) == contents(ann)


def test_a_file_beside_a_hub_and_the_hub_again_lose_nothing(team: Team, stick: Path, qtbot: QtBot) -> None:
    ann, ben = team.desks
    a_file(ann.work)
    team.exchange_all()
    a_file(ann.work)
    a_file(ben.work)
    for desk, is_new in ((ann, True), (ben, False), (ann, False)):
        with At(desk, qtbot) as at:
            at.exchange(stick, is_new)
    assert contents(ann) == contents(ben)
    a_file(ben.work)
    team.exchange_all()
    assert contents(ann) == contents(ben)
    assert len(contents(ann)["client_file"]) == 4
    seen = overview.read(ann.work.engine)
    assert seen is not None and not seen.alarms, "a file that lacked something is no reason to be alarmed"


@pytest.mark.parametrize("writer", [0, 1])
@pytest.mark.parametrize("first", [0, 1])
def test_what_was_changed_while_desks_met_in_a_file_stands_when_the_hub_is_back(
    writer: int, first: int, team: Team, stick: Path, qtbot: QtBot
) -> None:
    file_id = a_file(team.desks[0].work)
    team.exchange_all(2)
    changed, other = team.desks[writer], team.desks[1 - writer]
    client = RecordId(UUID(changed.rows("SELECT id FROM person WHERE role = 'client'")[0][0]))
    save_person(changed.work, file_id, client, PersonDetails("client", "Testina", "Sampleby", known_as="Tess"))
    for desk, is_new in ((changed, True), (other, False)):
        with At(desk, qtbot) as at:
            at.exchange(stick, is_new)
    for desk in (team.desks[first], team.desks[1 - first], *team.desks, *team.desks):
        desk.exchange()
    assert contents(changed) == contents(other)
    assert [desk.rows("SELECT known_as FROM person WHERE role = 'client'") for desk in team.desks] == [[("Tess",)]] * 2
    assert changed.rows("SELECT count(*) FROM conflict WHERE decided_at IS NULL") == [(0,)]


def test_the_file_of_another_organisation_is_refused_and_left(
    team: Team, stick: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "others").mkdir()
    others = Team(tmp_path / "others")
    others.join("Zoe", SUPERVISOR)
    others.exchange_all()
    with At(others.desks[0], qtbot) as at:
        at.exchange(stick, is_new=True)
    before = stick.read_bytes()
    with At(team.desks[0], qtbot) as at:
        assert "another organisation" in at.exchange(stick)
    assert stick.read_bytes() == before
    others.close()


@pytest.mark.parametrize("content", [b"", b"holiday" * 1000, b"SQLite format 3\x00" + bytes(5000)])
def test_a_file_that_is_none_is_refused(team: Team, stick: Path, qtbot: QtBot, content: bytes) -> None:
    stick.write_bytes(content)
    with At(team.desks[0], qtbot) as at:
        assert "not an exchange file" in at.exchange(stick)
    assert stick.read_bytes() == content


def test_a_new_file_is_never_made_over_another(team: Team, stick: Path, qtbot: QtBot) -> None:
    stick.write_bytes(b"mine")
    with At(team.desks[0], qtbot) as at:
        assert "a file of this name already" in at.exchange(stick, is_new=True)
    assert stick.read_bytes() == b"mine"


def test_a_stick_that_was_pulled_out_is_said_and_nothing_is_lost(team: Team, stick: Path, qtbot: QtBot) -> None:
    ann, ben = team.desks
    with At(ann, qtbot) as at:
        at.exchange(stick, is_new=True)
        a_file(ann.work)
        stick.parent.rename(stick.parent.with_name("pocket"))
        assert "cannot be reached" in at.exchange(stick)
        stick.parent.with_name("pocket").rename(stick.parent)
        at.exchange(stick)
    with At(ben, qtbot) as at:
        at.exchange(stick)
    assert contents(ann) == contents(ben)


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "no room"), (errno.EROFS, "not written"), (errno.EIO, "cannot be reached")]
)
def test_a_stick_that_takes_no_more_keeps_its_file_whole_and_gets_all_of_it_later(
    team: Team, stick: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    ann, ben = team.desks
    with At(ann, qtbot) as at:
        at.exchange(stick, is_new=True)
        before, earlier = stick.read_bytes(), NOON - timedelta(hours=1)
        choices.set_exchanged_at(ann.work.engine, earlier)
        a_file(ann.work)
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "copyfileobj", failing(number))
            assert words in at.exchange(stick)
        seen = overview.read(ann.work.engine)
        assert seen is not None and seen.exchanged_at == earlier, "nothing has reached the stick since"
        assert stick.read_bytes() == before
        assert [each.name for each in stick.parent.iterdir()] == [stick.name]
        at.exchange(stick)
    with At(ben, qtbot) as at:
        at.exchange(stick)
    assert contents(ann) == contents(ben)


def test_what_a_full_stick_does_not_take_still_waits_to_be_sent(
    team: Team, stick: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = team.desks
    with At(ann, qtbot) as at:
        at.exchange(stick, is_new=True)
        a_file(ann.work)
        waiting = overview.read(ann.work.engine)
        assert waiting is not None and waiting.waiting > 0
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _path: FULL_STICK)
            assert "no room" in at.exchange(stick)
        assert overview.read(ann.work.engine) == waiting
        assert [each.name for each in stick.parent.iterdir()] == [stick.name]
        at.exchange(stick)
    with At(ben, qtbot) as at:
        at.exchange(stick)
    assert contents(ann) == contents(ben)


def failing(number: int) -> object:
    def fail(*_args: object, **_named: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_full_disk_of_this_computer_is_said(
    team: Team, stick: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with At(team.desks[0], qtbot) as at:
        at.exchange(stick, is_new=True)
        monkeypatch.setattr(tempfile, "TemporaryDirectory", failing(errno.ENOSPC))
        assert "no room" in at.exchange(stick)


def test_many_files_that_were_taken_go_from_a_desk_by_file_once_somebody_has_agreed(
    team: Team, stick: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "MANY_FILES", 1)
    ann, ben = team.desks
    for _ in range(3):
        a_file(ann.work)
    team.exchange_all()
    for desk, is_new in ((ann, True), (ben, False)):
        with At(desk, qtbot) as at:
            at.exchange(stick, is_new)
    team.say(SetPerson(ben.person, [ADVOCATE], [], True, b""))
    ann.exchange()
    with At(ann, qtbot) as at:
        at.exchange(stick)
    by_itself(monkeypatch)
    with At(ben, qtbot) as at:
        qtbot.waitUntil(lambda: "many_withdrawn" in at.exchanges.state().notes)
        at.exchanges.exchange_now()
        qtbot.waitUntil(lambda: not at.exchanges.state().is_running)
        assert "many_withdrawn" in at.exchanges.state().notes, "nothing new in the file is no answer"
        assert len(contents(ben)["client_file"]) == 3
        at.exchanges.clear_withdrawn()
        qtbot.waitUntil(lambda: not contents(ben)["client_file"])


def test_a_desk_that_nobody_has_let_in_makes_no_file(team: Team, stick: Path, qtbot: QtBot) -> None:
    zoe = team.join("Zoe")
    with At(zoe, qtbot) as at:
        assert "let this desk in" in at.exchange(stick, is_new=True)
    assert not stick.exists()


def test_the_ending_of_a_new_file_is_there_once(tmp_path: Path) -> None:
    assert with_suffix(tmp_path / "team").name == with_suffix(tmp_path / f"team{SUFFIX}").name == f"team{SUFFIX}"


def test_a_paused_desk_says_so(team: Team, stick: Path, qtbot: QtBot) -> None:
    choices.set_paused(team.desks[0].work.engine, True)
    with At(team.desks[0], qtbot) as at:
        assert "paused" in at.exchange(stick, is_new=True)
    assert not stick.exists()
