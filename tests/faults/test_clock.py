"""A computer's clock that is set back a year: nothing is lost by it, nothing waits a year, and it is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from advocate_desk.casework import drafts, imports, notes
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.desk.lock import LockWatch
from advocate_desk.errors import Blocked, Invalid, WrongKey
from advocate_desk.settings import LockSettings
from advocate_desk.store import audit
from advocate_desk.store.tables.files import referral
from advocate_desk.vault.throttle import TooSoon
from advocate_desk.vault.vault import open_vault
from tests.builders import NOON
from tests.casework_calls import NOTE, WRITING, Call, Standing, a_row
from tests.desk.conftest import collected_here, collected_whole, dressed
from tests.faults.profiles import make_profile
from tests.faults.program_desk import ProgramDesk, make_cheap, wait_until
from tests.store_state import check_sound
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE

__all__ = ["collected_here", "collected_whole", "dressed"]

YEAR = timedelta(days=365)
SAID = "before the last entry in this desk. Nothing was changed. Put the clock right"


@pytest.fixture
def last_year(work: Work) -> Work:
    """The office, a year ago."""
    return replace(work, clock=FixedClock(NOON - YEAR))


@pytest.fixture
def cheap() -> Iterator[None]:
    restore = make_cheap()
    yield
    restore()


@pytest.mark.parametrize("call", WRITING, ids=str)
def test_any_act_is_done_or_refused_in_words_and_leaves_all_sound(
    call: Call, last_year: Work, standing: Standing
) -> None:
    try:
        call.run(last_year, standing)
    except Invalid as refused:
        assert refused.advice.endswith(".")
        assert refused.problems
    check_sound(last_year.engine)


def test_what_is_written_now_stands_after_what_was_written_before(last_year: Work, standing: Standing) -> None:
    before = last_year.read(audit.verify).events
    notes.write_note(last_year, standing.file_id, replace(NOTE, happened_at=NOON - YEAR))
    report = last_year.read(audit.verify)
    assert report.is_whole
    assert report.events > before


def test_the_newer_draft_wins_whatever_the_clock_says(work: Work, last_year: Work) -> None:
    one = drafts.Draft("form", "note", None, {}, {"text": "first"}, True, 0, work.clock.now())
    drafts.keep(work, one)
    drafts.keep(last_year, replace(one, payload={"text": "then"}, saved_at=last_year.clock.now()))
    assert [each.payload for each in drafts.all_drafts(work) if each.key == "form"] == [{"text": "then"}]


def test_an_import_whose_files_were_worked_on_by_an_earlier_clock_cannot_be_undone(work: Work, last_year: Work) -> None:
    done = imports.import_rows(work, [a_row(number) for number in (31, 32)], {})
    assert work.read(imports.batch_state, done.batch_id).worked_on == 0
    made_here = select(referral.c.file_id).where(referral.c.import_batch_id == done.batch_id)
    file_id = work.read(lambda conn: conn.execute(made_here).scalars().first())
    assert file_id is not None
    notes.write_note(last_year, file_id, replace(NOTE, happened_at=NOON - YEAR))
    assert work.read(imports.batch_state, done.batch_id).worked_on == 1
    with pytest.raises(Blocked):
        imports.undo_import(work, done.batch_id)


def test_a_wait_after_wrong_passphrases_lasts_no_year(tmp_path: Path) -> None:
    profile = make_profile(tmp_path / "profile")
    clock = FixedClock(NOON)
    for _ in range(5):
        with pytest.raises(WrongKey):
            open_vault(profile.folder, OTHER_PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
        clock.advance(timedelta(seconds=10))
    clock.advance(-YEAR)
    with pytest.raises(TooSoon) as told:
        open_vault(profile.folder, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    assert told.value.wait_s < 60
    clock.advance(timedelta(seconds=told.value.wait_s))
    open_vault(profile.folder, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP).close()


def test_the_idle_time_counts_on_from_where_the_clock_was_set(qtbot: QtBot) -> None:
    clock = FixedClock(NOON)
    watch = LockWatch(clock)
    watch.start(LockSettings())
    asked: list[str] = []
    watch.lock_asked.connect(asked.append)
    clock.advance(-YEAR)
    with qtbot.waitSignal(watch.clock_set_back) as told:
        watch.look()
    assert told.args == [NOON]
    clock.advance(timedelta(seconds=LockSettings().idle_lock_s - 1))
    watch.look()
    assert asked == []
    clock.advance(timedelta(seconds=1))
    watch.look()
    assert asked == ["idle"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_it_is_said_when_the_desk_opens_and_while_it_is_open(qtbot: QtBot, cheap: None, tmp_path: Path) -> None:
    desk = ProgramDesk(make_profile(tmp_path / "profile"))
    desk.unlock()
    assert desk.toast() == ""
    desk.clock.advance(-YEAR)
    desk.window.watch.look()
    wait_until(lambda: SAID in desk.toast(), "a warning")
    assert "21 November 2025" in desk.toast()
    desk.window.lock()
    desk.unlock()
    wait_until(lambda: SAID in desk.toast(), "a warning")
    desk.window.lock()
    desk.clock.advance(YEAR + timedelta(days=1))
    desk.unlock()
    assert SAID not in desk.toast()
    desk.end()
