"""The real program and a real hub over HTTP: a hub that goes away and comes back, over a lock."""

from __future__ import annotations

from pathlib import Path

import pytest

from advocate_desk.casework.intake import open_file
from advocate_desk.desk.team import exchanging
from advocate_desk.desk.team.exchanging import Exchanges
from tests.builders import an_intake
from tests.desk.exchanging_desks import organisation
from tests.faults.profiles import make_profile
from tests.faults.program_desk import ProgramDesk, make_cheap, wait_until


def exchanges_of(desk: ProgramDesk) -> Exchanges:
    found = desk.office.exchanges
    assert found is not None
    return found


def is_well(desk: ProgramDesk) -> bool:
    state = exchanges_of(desk).state()
    return state.last_at is not None and not state.waiting and not state.is_running and state.trouble is None


def test_what_was_written_while_the_hub_was_away_arrives_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanging, "FIRST_MS", 1)
    monkeypatch.setattr(exchanging, "AFTER_CHANGE_MS", 1)
    monkeypatch.setattr(exchanging, "END_S", 30)
    monkeypatch.setattr(exchanging, "BACK_MS", 1)
    monkeypatch.setattr(exchanging, "WAITS_MS", (600_000,))
    undo = make_cheap()
    profile = make_profile(tmp_path / "desk")
    with organisation(tmp_path) as made:
        (ann,) = made.team.desks
        made.enrol_profile(profile, "supervisor")
        desk = ProgramDesk(profile)
        desk.unlock()
        wait_until(lambda: is_well(desk), "an exchange")
        made.hub.kill()
        desk.office.do(desk.window, open_file, an_intake())
        header = desk.desk.exchange.button
        wait_until(lambda: header.text().startswith("No connection"), "word of that")
        assert "to send" in header.text()
        desk.window.lock()
        desk.unlock()
        made.hub.start()
        wait_until(lambda: not exchanges_of(desk).state().is_running, "the first look of an open desk")
        desk.window.watch.on_sleep(False)
        wait_until(lambda: is_well(desk), "an exchange when the computer woke")
        ann.exchange()
        count = "SELECT count(*) FROM client_file"
        here = desk.office.work.read(lambda conn: conn.exec_driver_sql(count).scalar())
        assert ann.rows(count)[0][0] == here
        desk.window.close()
    undo()
