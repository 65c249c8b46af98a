"""The database fails over to its standby: what was acknowledged is there, or the desks give it back."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import a_file
from tests.hub import postgres
from tests.hub.far_desks import FarTeam
from tests.hub.postgres import Postgres, either_url
from tests.hub.processes import HubProcess
from tests.sync.desks import Desk
from tests.sync.test_exchange import contents

pytestmark = pytest.mark.timeout(180)


@dataclass
class Pair:
    """A server and its standby, a hub that is told of both, and two desks."""

    first: Postgres
    standby: Postgres
    hub: HubProcess
    team: FarTeam
    database: str

    def settled(self) -> list[Desk]:
        ann, ben = self.team.join("Ann", SUPERVISOR), self.team.join("Ben", SUPERVISOR)
        self.team.database.close()
        self.team.exchange_all(2)
        return [ann, ben]

    def wait_for_standby(self) -> None:
        """Until the standby has all that the server has."""
        until = time.monotonic() + 30
        sql = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND flush_lsn = pg_current_wal_lsn()"
        while self.first.ask(self.database, sql) != [(1,)]:
            assert time.monotonic() < until
            time.sleep(0.05)

    def wait_for_hub(self) -> None:
        """Until the hub has found the server that is written to."""
        until = time.monotonic() + 30
        while not self.hub.is_ready():
            assert time.monotonic() < until, self.hub.log
            time.sleep(0.05)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with ExitStack() as stack:
        first = stack.enter_context(postgres.running())
        name = first.new_database()
        standby = first.copy(Path(stack.enter_context(TemporaryDirectory(prefix="hub-pg-"))))
        stack.callback(standby.stop)
        standby.start()
        url = either_url([first, standby], name, "&target_session_attrs=read-write")
        hub = HubProcess(tmp_path / "hub", url, workers=2)
        stack.callback(hub.end)
        hub.start()
        team = FarTeam(tmp_path, url=url, address=f"http://127.0.0.1:{hub.port}")
        stack.callback(team.close)
        yield Pair(first, standby, hub, team, name)


def exchange_until_it_fails(desk: Desk) -> None:
    """Open files and exchange, until the hub is not there any more."""
    for _ in range(200):
        a_file(desk.work)
        try:
            desk.exchange()
        except Unreachable:
            return
    raise AssertionError("the hub never failed")


def manifests_of(server: Postgres, database: str, desk: Desk) -> int:
    """The number of the last manifest of a desk that a server has."""
    rows = server.ask(database, f"SELECT last_number FROM device WHERE device = '\\x{desk.device.id.hex}'")
    return int(str(rows[0][0]))


def acknowledged_of(desk: Desk) -> int:
    number: int = desk.rows("SELECT push_number FROM organisation")[0][0]
    return number


def test_with_a_synchronous_standby_no_acknowledged_push_is_lost(pair: Pair) -> None:
    ann, ben = pair.settled()
    pair.first.ask(pair.database, "ALTER SYSTEM SET synchronous_standby_names = '*'")
    pair.first.ask(pair.database, "SELECT pg_reload_conf()")
    pair.wait_for_standby()
    before = acknowledged_of(ann)
    working = threading.Thread(target=exchange_until_it_fails, args=(ann,))
    working.start()
    until = time.monotonic() + 30
    while acknowledged_of(ann) < before + 4:
        assert time.monotonic() < until
        time.sleep(0.01)
    pair.first.kill()
    working.join(60)
    pair.standby.promote()
    assert manifests_of(pair.standby, pair.database, ann) >= acknowledged_of(ann) > before + 3

    pair.first.stop()
    pair.wait_for_hub()
    reports = [desk.exchange() for _ in range(3) for desk in (ann, ben)]
    assert [report.troubles for report in reports] == [[]] * 6
    assert contents(ann) == contents(ben)
    assert ben.rows("SELECT count(*) FROM client_file") == ann.rows("SELECT count(*) FROM client_file")


def test_with_a_standby_that_was_behind_the_desks_give_back_what_was_lost(pair: Pair) -> None:
    ann, ben = pair.settled()
    a_file(ann.work)
    pair.team.exchange_all(2)
    pair.wait_for_standby()
    pair.standby.stop("fast")
    for desk in (ann, ben):
        a_file(desk.work)
    pair.team.exchange_all(2)
    acknowledged = acknowledged_of(ann)
    a_file(ben.work)
    pair.first.kill()
    with pytest.raises(Unreachable):
        ben.exchange()

    pair.standby.start()
    pair.standby.promote()
    assert manifests_of(pair.standby, pair.database, ann) < acknowledged
    pair.wait_for_hub()
    reports = [desk.exchange() for _ in range(3) for desk in (ann, ben)]
    assert ["gave_back" in report.troubles for report in reports] == [True, True, False, False, False, False]
    assert [report.troubles for report in reports[2:]] == [[]] * 4
    assert contents(ann) == contents(ben)
    assert ann.rows("SELECT count(*) FROM client_file") == [(4,)]
    assert ann.rows("SELECT count(*) FROM conflict") == [(0,)]
    items = pair.standby.ask(pair.database, "SELECT count(*) FROM item")
    assert items == [(sum(map(len, contents(ann).values())),)]
