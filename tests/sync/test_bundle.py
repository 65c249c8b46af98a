"""Exchange through a file on a stick: the same files in the end, the file itself sealed, whole or as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advocate_desk.errors import Refused
from advocate_desk.hub import bundle
from advocate_desk.hub.database import DatabaseAway, SqliteDatabase
from advocate_desk.hub.near import NearHub
from advocate_desk.sync import wire
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import a_file
from tests.builders_large import a_caseload
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents


@pytest.fixture
def stick(team: Team, tmp_path: Path) -> Path:
    """A stick with the exchange file of a team of two."""
    team.join("Ann", SUPERVISOR)
    team.join("Ben", SUPERVISOR)
    team.database.close()
    folder = tmp_path / "stick"
    folder.mkdir()
    path = folder / f"team{bundle.SUFFIX}"
    path.write_bytes((tmp_path / "hub.db").read_bytes())
    return path


def exchange(desk: Desk, path: Path, beside: Callable[[], None] = lambda: None) -> Report:
    def run(hub: NearHub) -> Report:
        beside()
        return Exchange(desk.work.engine, desk.device, hub, desk.work.clock).run()

    return bundle.exchange_through(path, desk.hub.caller, run)


def test_two_desks_meet_through_a_stick(team: Team, stick: Path) -> None:
    ann, ben = team.desks
    a_file(ann.work)
    for desk in (ann, ben, ann, ben):
        exchange(desk, stick)
    assert contents(ann) == contents(ben)
    assert [each.name for each in stick.parent.iterdir()] == [stick.name]


def test_the_file_shows_nothing_of_anybody(team: Team, stick: Path) -> None:
    ann, _ = team.desks
    a_file(ann.work)
    exchange(ann, stick)
    body = stick.read_bytes()
    for word in (b"Testina", b"Sampleby", b"07700", b"Imagino"):
        assert word not in body


def test_who_used_the_file_meanwhile_is_not_written_over(team: Team, stick: Path) -> None:
    ann, ben = team.desks
    a_file(ann.work)
    a_file(ben.work)
    still_to_come = [ben]

    def meanwhile() -> None:
        if still_to_come:
            exchange(still_to_come.pop(), stick)

    exchange(ann, stick, meanwhile)
    for desk in (ben, ann, ben):
        exchange(desk, stick)
    assert contents(ann) == contents(ben)
    assert len(contents(ann)["client_file"]) == 2


def test_an_idle_exchange_leaves_the_file_as_it_is(team: Team, stick: Path) -> None:
    ann, ben = team.desks
    a_file(ann.work)
    for desk in (ann, ben, ann, ben):
        exchange(desk, stick)
    before = stick.stat().st_mtime_ns
    exchange(ann, stick)
    assert stick.stat().st_mtime_ns == before


def test_a_stick_that_is_gone_is_said_and_nothing_is_lost(team: Team, stick: Path) -> None:
    ann, _ = team.desks
    a_file(ann.work)
    kept = stick.read_bytes()
    stick.unlink()
    with pytest.raises(Unreachable, match="kept here"):
        exchange(ann, stick)
    stick.write_bytes(kept)
    assert exchange(ann, stick).sent > 0


@pytest.mark.parametrize("body", [b"", b"not a database at all" * 100, b"SQLite format 3\x00" + bytes(4000)])
def test_a_file_that_is_no_exchange_file_is_said_and_left(team: Team, stick: Path, body: bytes) -> None:
    stick.write_bytes(body)
    with pytest.raises(Refused):
        exchange(team.desks[0], stick)
    assert stick.read_bytes() == body


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = tmp_path / "team.advocate-bundle"
    made: list[SqliteDatabase] = []
    bundle.make(path, made.append)
    assert path.stat().st_size > 0
    with pytest.raises(Refused, match="already"):
        bundle.make(path, made.append)


def test_however_much_is_sent_few_connections_to_the_copy_are_opened(
    team: Team, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST_CHANGES", 10)
    ann, _ = team.desks
    a_caseload(ann.work, 12, 3)
    opened: list[int] = []

    def run(hub: NearHub) -> int:
        report = Exchange(ann.work.engine, ann.device, hub, ann.work.clock).run()
        opened.append(len(hub.database._idle))  # type: ignore[attr-defined]
        return report.sent

    assert bundle.exchange_through(stick, ann.hub.caller, run) > 50
    assert 1 <= opened[0] <= 2


def test_a_copy_that_this_computer_cannot_open_is_not_told_as_a_damaged_file(team: Team, stick: Path) -> None:
    kept = stick.read_bytes()

    def take_away(hub: NearHub) -> None:
        database = hub.database
        assert isinstance(database, SqliteDatabase)
        database._path = database._path.parent / "gone" / "bundle"
        database.close()  # the next transaction opens a connection anew
        with database.reading():
            pass

    with pytest.raises(Unreachable, match="copy of the exchange file"):
        bundle.exchange_through(stick, team.desks[0].hub.caller, take_away)
    assert stick.read_bytes() == kept


def test_a_copy_that_cannot_be_opened_at_first_is_not_told_as_a_damaged_file(
    team: Team, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_path: Path) -> SqliteDatabase:
        raise DatabaseAway

    monkeypatch.setattr(bundle, "SqliteDatabase", fail)
    with pytest.raises(Unreachable, match="copy of the exchange file"):
        exchange(team.desks[0], stick)
