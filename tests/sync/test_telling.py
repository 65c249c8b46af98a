"""What the exchange writes for the user to see: troubles that last are told, and do not bury the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from advocate_desk.casework.work import Work
from advocate_desk.desk.team.state_words import event_words
from advocate_desk.sync import overview, state
from tests.builders import NOON, a_work


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Work]:
    made = a_work(tmp_path)
    yield made
    made.engine.dispose()


def kinds(engine: Engine) -> list[str]:
    """The kinds of what is told, the oldest first."""
    return [each.kind for each in reversed(overview.events(engine))]


def test_troubles_that_last_are_told_once_a_week_though_there_be_several(work: Work) -> None:
    def exchange(now: datetime) -> None:
        overview.tell(work.engine, now, "links_refused", {"links": 1})
        for document in ("aa", "bb"):
            overview.tell(work.engine, now, "spoiled_document", {"document": document})

    once = ["links_refused", "spoiled_document", "spoiled_document"]
    for hours in range(7 * 24):
        exchange(NOON + timedelta(hours=hours))
    assert kinds(work.engine) == once
    exchange(NOON + timedelta(days=7, minutes=1))
    assert kinds(work.engine) == once * 2


def test_a_trouble_that_grows_is_told_at_once(work: Work) -> None:
    for items in (1, 1, 2):
        overview.tell(work.engine, NOON, "withheld", {"items": items})
    assert kinds(work.engine) == ["withheld"] * 2


def test_a_clock_that_was_ahead_by_years_silences_no_trouble(work: Work) -> None:
    overview.tell(work.engine, NOON + timedelta(days=3650), "distrust", {"what": "signature"})
    overview.tell(work.engine, NOON, "distrust", {"what": "signature"})
    assert kinds(work.engine) == ["distrust"] * 2


def test_what_was_done_is_told_each_time_but_the_very_same_one_after_the_other(work: Work) -> None:
    for file in ("aa", "bb", "bb", "aa"):
        overview.tell(work.engine, NOON, "cleared", {"file": file, "records": 3})
    assert kinds(work.engine) == ["cleared"] * 3


def test_the_oldest_of_very_many_events_go(work: Work) -> None:
    with work.engine.begin() as conn:
        driver: Any = conn.connection.driver_connection
        for records in range(state.MOST_KEPT_EVENTS + 100):
            state.tell(driver, NOON, "gave_back", {"records": records})
        kept = driver.execute("SELECT count(*) FROM exchange_event").fetchone()[0]
        assert kept == state.MOST_KEPT_EVENTS
    assert overview.events(work.engine)[0].detail == {"records": state.MOST_KEPT_EVENTS + 99}


def test_what_is_not_there_again_right_after_a_loss_is_awaited_and_alarms_nobody(work: Work) -> None:
    for kind, detail in (("withheld", 1), ("gave_back", 7), (state.NOT_TAKEN, 1), ("withheld", 2)):
        overview.tell(work.engine, NOON, kind, {"items": detail})
    assert kinds(work.engine) == ["withheld", "gave_back", state.NOT_TAKEN, overview.AWAITED]
    assert overview.AWAITED not in overview.ALARMS
    assert "Nothing is to be done" in event_words(overview.events(work.engine)[0]).text
