"""The demonstration caseload: full, of today, and of nobody real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select

from advocate_desk.casework.caseload_summary import summary
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import FixedClock, in_london
from advocate_desk.demonstration.caseload import FILES, YOU, fill, is_of_today, plots
from advocate_desk.demonstration.court_days import sitting_day
from advocate_desk.demonstration.people import cast
from advocate_desk.demonstration.story import RIGHT_DAY, WRONG_DAY
from advocate_desk.domain.caseload import Roster
from advocate_desk.domain.days import SATURDAY, is_working_day
from advocate_desk.store.audit import verify
from advocate_desk.store.engine import create_store
from advocate_desk.store.migrate import prepare
from advocate_desk.store.queries.today import today_view
from advocate_desk.store.tables.base import record_tables
from advocate_desk.store.tables.cases import hearing
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.local import audit_event
from advocate_desk.store.tables.people import contact_method
from advocate_desk.store.tables.work import contact_note
from tests.builders import KEY, PACKS

MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SUNDAY_MORNING = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


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


def told(folder: Path, now: datetime) -> Engine:
    engine = create_store(folder / "caseload.db", KEY)
    prepare(engine, KEY, folder / "backups", now)
    fill(engine, PACKS, FixedClock(now), "test", lambda _done, _of: None)
    return engine


@pytest.fixture(scope="module")
def on_sunday(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = told(tmp_path_factory.mktemp("sunday"), SUNDAY_MORNING)
    yield engine
    engine.dispose()


def test_a_note_has_the_kind_the_place_and_the_minutes_of_its_text(on_sunday: Engine) -> None:
    known = {each.text: each for each in cast(PACKS).note}
    known |= {text.replace(WRONG_DAY, RIGHT_DAY): each for text, each in known.items()}
    with on_sunday.connect() as conn:
        notes = conn.execute(select(contact_note)).mappings().all()
    assert notes
    for each in notes:
        fits = known[each["text"]]
        assert (
            each["method"],
            each["setting"],
            each["duration_min"],
            each["with_whom"],
            each["spoke_with_client"],
        ) == (
            fits.method,
            fits.setting,
            fits.minutes,
            fits.with_whom,
            fits.spoke_with_client,
        )
    options = {option.key for option in PACKS.choices("note_method")}, {o.key for o in PACKS.choices("setting")}
    assert all(each.method in options[0] and each.setting in options[1] for each in known.values())


def test_a_file_is_told_in_order_of_time_and_on_working_days(on_sunday: Engine) -> None:
    with on_sunday.connect() as conn:
        rows = conn.execute(
            select(audit_event.c.file_id, audit_event.c.happened_at).order_by(audit_event.c.position)
        ).all()
    by_file: dict[UUID, list[datetime]] = {}
    for file_id, moment in rows:
        if file_id is not None:
            by_file.setdefault(file_id, []).append(moment)
    assert len(by_file) == FILES
    for moments in by_file.values():
        assert moments == sorted(moments)
        assert all(is_working_day(in_london(each).date(), PACKS.holidays()) for each in moments)
    times = {(each.hour, each.minute) for moments in by_file.values() for each in moments}
    assert len(times) > FILES


def test_nobody_is_at_two_hearings_at_once_nor_at_court_on_a_sunday(on_sunday: Engine) -> None:
    with on_sunday.connect() as conn:
        lines = conn.execute(
            select(client_file.c.allocated_to, hearing.c.hearing_on, hearing.c.listed_time)
            .join(hearing, hearing.c.file_id == client_file.c.id)
            .order_by(hearing.c.hearing_on)
        ).all()
        view = today_view(conn, SUNDAY_MORNING.date())
    when = [(who, day, at) for who, day, at in lines if at]
    assert len(when) == len(set(when))
    assert all(is_working_day(day, PACKS.holidays()) for _who, day, *_rest in lines)
    assert not view.hearings
    assert view.next_hearings[0].hearing_on == SUNDAY_MORNING.date() + timedelta(days=1)
    assert view.tasks and view.bail and view.first_days and view.without_outcome


@pytest.mark.parametrize("day", [datetime(2026, 11, 20, 9, 0) + timedelta(days=ahead) for ahead in range(45)])
def test_hearings_are_on_days_on_which_courts_sit(day: datetime) -> None:
    """Whatever today is: today's list may be a Saturday's, and no two listings of one advocate meet."""
    plots_at_court = [plot for plot in plots() if plot.hearing_in_days is not None]
    meets = set()
    for plot in plots_at_court:
        on = sitting_day(day.date(), plot.hearing_in_days or 0, PACKS.holidays())
        assert is_working_day(on, PACKS.holidays()) or (plot.hearing_in_days == 0 and on.weekday() == SATURDAY)
        assert not plot.hearing_time or (plot.allocated_to, on, plot.hearing_time) not in meets
        meets.add((plot.allocated_to, on, plot.hearing_time))
