"""The demonstration caseload: full, of today, and of nobody real."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from advocate_desk.casework.caseload_summary import summary
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import FixedClock
from advocate_desk.demonstration.caseload import FILES, YOU, fill, is_of_today
from advocate_desk.demonstration.people import cast
from advocate_desk.domain.caseload import Roster
from advocate_desk.store.audit import verify
from advocate_desk.store.engine import create_store
from advocate_desk.store.migrate import prepare
from advocate_desk.store.queries.today import today_view
from advocate_desk.store.tables.base import record_tables
from advocate_desk.store.tables.people import contact_method
from tests.builders import KEY, PACKS

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_every_part_is_exercised_today_is_full_and_little_is_late(tmp_path: Path) -> None:
    engine = create_store(tmp_path / "caseload.db", KEY)
    prepare(engine, KEY, tmp_path / "backups", MONDAY_MORNING)
    told: list[int] = []
    fill(engine, PACKS, FixedClock(MONDAY_MORNING), "test", lambda done, _of: told.append(done))
    assert told == list(range(1, FILES + 1))
    with engine.begin() as conn:
        empty = [
            table.name
            for table in record_tables()
            if not conn.execute(select(func.count()).select_from(table)).scalar_one()
        ]
        view = today_view(conn, MONDAY_MORNING.date())
        numbers = conn.execute(select(contact_method.c.value).where(contact_method.c.kind == "mobile")).scalars().all()
        report = verify(conn)
    behind = summary(Work(engine, FixedClock(MONDAY_MORNING), PACKS, Actor(YOU, "supervisor", "test")), Roster()).total
    assert empty == ["conflict"]  # nobody disagrees at a desk alone
    assert len(view.hearings) == 6
    assert view.without_outcome
    assert view.tasks
    assert view.bail
    assert report.is_whole
    assert 2 <= behind.numbers["reviews"] <= 8  # a caseload that somebody keeps up with
    assert 2 <= behind.numbers["no_contact"] <= 8
    assert all(re.fullmatch(r"07700 900\d{3}", each) for each in numbers)  # the range that is kept for drama
    engine.dispose()


def test_the_people_speak_the_languages_that_a_letter_must_set() -> None:
    spoken = {each.language for each in cast(PACKS).client}
    wanted = {"welsh", "polish", "arabic", "urdu", "panjabi_indian", "bengali", "mandarin", "tigrinya"}
    assert wanted <= spoken
    assert spoken <= {option.key for option in PACKS.choices("language")}


def test_a_demonstration_of_yesterday_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "made-at").write_text("2026-11-22T09:00:00+00:00", encoding="ascii")
    assert not is_of_today(tmp_path, FixedClock(MONDAY_MORNING))
    (tmp_path / "made-at").write_text("2026-11-23T06:00:00+00:00", encoding="ascii")
    assert is_of_today(tmp_path, FixedClock(MONDAY_MORNING))
