"""What an exchange costs where nothing is new: no more with more files; and none is overlooked for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from advocate_desk.sync import giving, state
from advocate_desk.sync.exchange import Exchange
from advocate_desk.sync.statements import ADVOCATE, DATA_LEAD, SetPerson
from advocate_desk.sync.transaction import writing
from tests.builders import a_file
from tests.sync.desks import Desk, Team
from tests.sync.model import overlooked


@dataclass(frozen=True)
class Counting(Exchange):
    """Counts what its store works: steps of SQLite's own machine."""

    worked: list[int] = field(default_factory=list)

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        with super()._connection() as driver:
            driver.set_progress_handler(lambda: self.worked.append(1), 1)
            try:
                yield driver
            finally:
                driver.set_progress_handler(None, 1)


def work_of(desk: Desk) -> int:
    exchange = Counting(desk.work.engine, desk.device, desk.hub, desk.work.clock)
    exchange.run()
    return len(exchange.worked)


def rest(team: Team) -> None:
    team.exchange_all(3)
    for desk in team.desks:
        assert desk.rows("SELECT count(*) FROM owners_to_check") == [(0,)]
        assert desk.rows("SELECT count(*) FROM keys_to_check") == [(0,)]


@pytest.fixture
def two(team: Team) -> tuple[Desk, Desk]:
    return team.join("ann", DATA_LEAD), team.join("ben", DATA_LEAD)


def test_an_exchange_with_nothing_new_works_no_more_where_there_are_more_files(
    team: Team, two: tuple[Desk, Desk]
) -> None:
    a_file(two[0].work)
    rest(team)
    few = [work_of(desk) for desk in two]
    for _ in range(40):
        a_file(two[0].work)
    rest(team)
    assert two[1].rows("SELECT count(*) FROM client_file") == [(41,)]
    many = [work_of(desk) for desk in two]
    assert all(after < before * 1.1 for before, after in zip(few, many, strict=True)), (few, many)


def test_files_whose_key_somebody_lost_who_left_are_not_looked_at_until_they_are_written_to(
    team: Team, two: tuple[Desk, Desk]
) -> None:
    cal = team.join("cal", DATA_LEAD)
    a_file(two[0].work)
    rest(team)
    few = work_of(two[0])
    for _ in range(30):
        a_file(two[0].work)
    rest(team)
    team.say(SetPerson(cal.person, [DATA_LEAD], [], False, b""))
    for _ in range(3):
        two[0].exchange()
        two[1].exchange()
    assert two[0].rows("SELECT count(*) FROM collection_state WHERE is_stale") == [(32,)]
    assert work_of(two[0]) < few * 1.2


def test_a_choice_that_comes_while_the_marks_are_struck_off_is_said_at_the_next_exchange(
    team: Team, two: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = two
    file_id = a_file(ann.work)
    rest(team)
    ann.keep_to(file_id, ann, ben)
    ann.exchange()  # taken, and its mark not struck off yet
    members = state.members

    def typed_meanwhile(*arguments: Any) -> Any:
        monkeypatch.undo()
        ann.keep_to(file_id, ann)
        return members(*arguments)

    monkeypatch.setattr(state, "members", typed_meanwhile)
    ann.exchange()
    team.exchange_all(3)
    assert ben.rows("SELECT count(*) FROM client_file") == [(0,)]


def test_a_member_who_comes_back_is_given_what_is_not_looked_at_otherwise(team: Team, two: tuple[Desk, Desk]) -> None:
    ann, _ = two
    cal = team.join("cal")
    a_file(ann.work)
    rest(team)
    assert cal.rows("SELECT count(*) FROM client_file") == [(0,)]
    for roles in ([ADVOCATE, DATA_LEAD], [ADVOCATE], [ADVOCATE, DATA_LEAD]):
        team.say(SetPerson(cal.person, roles, [], True, b""))
        rest(team)
        assert cal.rows("SELECT count(*) FROM client_file") == [(int(DATA_LEAD in roles),)]


def test_a_key_that_counts_as_given_no_more_is_looked_at_again(team: Team, two: tuple[Desk, Desk]) -> None:
    ann, ben = two
    file_id = a_file(ann.work)
    rest(team)
    for act in (
        "DELETE FROM given_right WHERE device = x'" + ben.device.id.hex + "'",
        "DELETE FROM collection_key WHERE collection = x'" + file_id.hex + "'",
        "DELETE FROM file_ownership WHERE collection = x'" + file_id.hex + "'",
    ):
        with ann.work.engine.connect() as conn:
            driver: Any = conn.connection.driver_connection
            driver.execute("BEGIN IMMEDIATE")
            kept = driver.execute("SELECT collection, epoch, key FROM collection_key").fetchall()
            driver.execute(act)
            if "collection_key" in act:
                driver.executemany(
                    "INSERT OR IGNORE INTO collection_key (collection, epoch, key) VALUES (?, ?, ?)", kept
                )
            assert overlooked(driver, ann.device.id.bytes) == set()
            assert driver.execute("SELECT collection FROM keys_to_check").fetchall() == [(file_id.bytes,)]
            driver.execute("ROLLBACK")


def test_a_file_that_waits_for_what_is_kept_from_this_desk_costs_no_more_than_one_round_in_vain(
    team: Team, two: tuple[Desk, Desk]
) -> None:
    ann, ben = two
    held, free = a_file(ann.work), a_file(ann.work)
    rest(team)
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO unseen_link (collection, by, epoch, links, last_link, members) VALUES (?, ?, 1, 9, ?, 1)",
            (held.bytes, ben.device.id.bytes, bytes(32)),
        )
        conn.exec_driver_sql("UPDATE client_file SET site = 'Moved'")
    assert ann.exchange().sent == 1
    calls = ann.hub.calls
    assert ann.exchange().waiting == 1
    assert ann.hub.calls - calls == 2
    ben.exchange()
    assert ben.rows("SELECT site FROM client_file WHERE id = ?", free.hex) == [("Moved",)]


def test_a_file_that_is_opened_for_somebody_else_does_not_stay_where_it_was_opened(
    team: Team, two: tuple[Desk, Desk]
) -> None:
    ann, ben = two
    file_id = a_file(ann.work)
    ann.keep_to(file_id, ben)
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE client_file SET allocated_person = ?", (ben.person.hex(),))
    rest(team)
    assert [desk.rows("SELECT count(*) FROM client_file") for desk in two] == [[(0,)], [(1,)]]


def test_keys_that_are_refused_since_links_have_moved_cost_few_requests(team: Team, two: tuple[Desk, Desk]) -> None:
    ann, ben = two
    ids = [a_file(ann.work) for _ in range(24)]
    rest(team)
    cal = team.join("cal", DATA_LEAD)
    for file_id in ids[::2]:
        ben.keep_to(file_id, ann, ben)
    ben.exchange()
    ann.exchange()  # knows of Cal with the page, and of what Ben said too late to say it right at once
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("DELETE FROM file_ownership WHERE number > 1")
        conn.exec_driver_sql("DELETE FROM given_right WHERE device = ?", (cal.device.id.bytes,))
    calls = ann.hub.calls
    with ann.work.engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        giving.offer_keys(driver, ann.device, ann.hub, partial(writing, is_stopped=lambda: False))
    assert ann.hub.calls - calls <= 3
    team.exchange_all(3)
    assert cal.rows("SELECT count(*) FROM client_file") == [(12,)]
