"""A new desk has the files that its advocate works with first, whatever else there is, and wherever it is cut off."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from advocate_desk.errors import Stopped
from advocate_desk.sync import filling, state, wire
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.statements import DATA_LEAD
from advocate_desk.sync.wire import Page, Pull
from tests.benchmarks.statements import bare_driver
from tests.builders_large import a_caseload
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents

FILES = 45


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A caseload of many pages that is small all the same."""
    monkeypatch.setattr(filling, "FEW", 4)
    monkeypatch.setattr(filling, "MOST_ASKED", 7)
    monkeypatch.setattr(wire, "MOST_HEADS", 20)


def a_full_hub(team: Team) -> tuple[Desk, Desk]:
    """A desk that has sent its files, some of them Ben's and some closed, and Ben's new desk, which has its keys."""
    ann = team.join("Ann", DATA_LEAD)
    ann.exchange()
    a_caseload(ann.work, FILES, 3)
    with bare_driver(ann.work.engine) as driver:
        driver.execute("UPDATE client_file SET status = 'closed', allocated_person = NULL")
        driver.execute("UPDATE client_file SET status = 'open_high' WHERE rowid % 3 = 0")
        driver.execute("UPDATE client_file SET changed_at = '2026-01-01T10:' || (10 + rowid % 50) || ':00.000000Z'")
    ann.exchange()
    ben = team.join("Ben", DATA_LEAD)
    with bare_driver(ann.work.engine) as driver:
        driver.execute("UPDATE client_file SET allocated_person = ? WHERE rowid % 5 = 0", (ben.person.hex(),))
    ann.exchange()
    return ann, ben


def arrival(desk: Desk) -> list[tuple[int, str]]:
    """The files of a desk in the order in which they came: whether Ben's and open, another's and open, or closed."""
    rows = desk.rows("SELECT status, allocated_person, changed_at FROM client_file ORDER BY rowid")
    own = desk.person.hex()
    return [(2 if status == "closed" else 0 if person == own else 1, changed) for status, person, changed in rows]


def run(desk: Desk, hub: Any = None, **options: Any) -> Report:
    return Exchange(desk.work.engine, desk.device, hub or desk.hub, desk.work.clock, **options).run()


class Twisted:
    """A hub whose pages are changed on their way."""

    def __init__(self, hub: Any, twist: Callable[[Page], Page]) -> None:
        self._hub, self._twist = hub, twist

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def pull(self, pull: Pull) -> Page:
        return self._twist(self._hub.pull(pull))


@pytest.mark.usefixtures("small_pages")
def test_open_files_come_first_her_own_before_others_and_the_newest_before_the_rest(team: Team) -> None:
    ann, ben = a_full_hub(team)
    told: list[tuple[int, int]] = []
    report = run(ben, progress=lambda done, of: told.append((done, of)))
    came = arrival(ben)
    assert [kind for kind, _ in came] == sorted(kind for kind, _ in came)
    assert {kind for kind, _ in came} == {0, 1, 2}
    for kind in range(3):
        days = [changed for each, changed in came if each == kind]
        assert days == sorted(days, reverse=True)
    assert contents(ann) == contents(ben)
    assert report.troubles == []
    shares = [done / of for done, of in told]
    assert shares == sorted(shares)
    assert 0 < shares[len(told) // 2] < shares[-1] == 1


@pytest.mark.usefixtures("small_pages")
def test_a_new_desk_that_is_cut_off_again_and_again_goes_on_and_misses_nothing(team: Team) -> None:
    ann, ben = a_full_hub(team)
    ends, held = 0, [0]
    for transactions in range(1, 200):
        left = iter(range(transactions))
        try:
            report = run(ben, is_stopped=lambda left=left: next(left, None) is None)
        except Stopped:
            ends += 1
            held.append(ben.rows("SELECT count(*) FROM client_file")[0][0])
            assert ben.rows("SELECT count(*) FROM exchange_event") == [(0,)]
        else:
            break
    assert ends > 5
    assert held == sorted(held)
    assert any(0 < each < FILES for each in held)
    assert report.troubles == []
    assert [kind for kind, _ in arrival(ben)] == sorted(kind for kind, _ in arrival(ben))
    assert contents(ann) == contents(ben)


@pytest.mark.usefixtures("small_pages")
def test_what_others_write_while_a_new_desk_fills_is_there_at_the_end(team: Team) -> None:
    ann, ben = a_full_hub(team)
    pages = iter(range(1000))

    def edit(_done: int, _of: int) -> None:
        with bare_driver(ann.work.engine) as driver:
            driver.execute("UPDATE person SET given_name = ? WHERE rowid % 4 = 0", (f"Name {next(pages)}",))
        ann.exchange()

    report = run(ben, progress=edit)
    assert report.troubles == []
    ben.exchange()
    assert contents(ann) == contents(ben)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("lie", ["none", "junk", "another's"])
def test_a_hub_that_lies_about_what_comes_first_changes_an_order_and_nothing_else(team: Team, lie: str) -> None:
    ann, ben = a_full_hub(team)

    def twist(page: Page) -> Page:
        heads = page.heads
        if lie == "junk":
            heads = [msgspec.structs.replace(each, items=[wire.Current(b"x" * 16, 9, 1, b"y" * 90)]) for each in heads]
        elif lie == "another's":
            heads = [wire.PulledPart(each.collection, other.items) for each, other in pairwise(heads)]
        return msgspec.structs.replace(page, heads=[] if lie == "none" else heads)

    report = run(ben, Twisted(ben.hub, twist))
    assert report.troubles == []
    assert contents(ann) == contents(ben)


@pytest.mark.usefixtures("small_pages")
def test_the_next_page_is_asked_for_while_one_is_written_and_none_is_asked_for_twice(team: Team) -> None:
    ann, ben = a_full_hub(team)
    threads: list[threading.Thread] = []
    asked: list[bytes] = []

    class Noting(Twisted):
        def pull(self, pull: Pull) -> Page:
            threads.append(threading.current_thread())
            asked.append(wire.pack(pull))
            return super().pull(pull)

    report = run(ben, Noting(ben.hub, lambda page: page))
    assert len(set(asked)) == len(asked)
    aside = {each for each in threads if each is not threading.current_thread()}
    assert [each.daemon for each in aside] == [True]
    assert report.troubles == []
    assert contents(ann) == contents(ben)


def test_a_part_left_out_of_a_filled_file_is_distrusted(team: Team) -> None:
    ann, ben = a_full_hub(team)

    def twist(page: Page) -> Page:
        return msgspec.structs.replace(page, filled=page.filled[1:])

    with pytest.raises(Exception, match="left out"):
        run(ben, Twisted(ben.hub, twist))
    ben.exchange()
    assert contents(ann) == contents(ben)


def test_a_desk_that_holds_files_takes_the_history_as_it_comes(team: Team) -> None:
    ann, ben = a_full_hub(team)
    ben.exchange()
    asked: list[Pull] = []
    with bare_driver(ann.work.engine) as driver:
        driver.execute("UPDATE person SET given_name = 'Another'")
    ann.exchange()
    pull = ben.hub.pull

    def noted(said: Pull) -> Page:
        asked.append(said)
        return pull(said)

    ben.hub.pull = noted  # type: ignore[assignment]
    assert ben.exchange().received == len(ann.rows("SELECT 1 FROM person"))
    assert [(each.is_bare, each.fills, each.heads) for each in asked] == [(False, [], [])]
    with bare_driver(ben.work.engine) as driver:
        assert state.count_parts(driver) == 0
