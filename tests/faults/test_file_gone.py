"""A client file that an exchange takes while somebody writes in it: each act says so in words, and writes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from advocate_desk.casework.work import FILE_GONE, Work
from advocate_desk.errors import Refused
from advocate_desk.sync.inbox import clear_file
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.transaction import writing
from tests.casework_calls import WRITING, Call, Standing
from tests.store_state import everything

_ADDING = frozenset(
    {
        "bail.record_bail",
        "cases.open_case",
        "contacts.record_attempt-spoke",
        "files.save_alert-new",
        "files.save_consent-new",
        "files.save_need-new",
        "hearings.list_hearing",
        "letters.save_letter",
        "notes.write_note",
        "people.save_contact-new",
        "people.save_person-new",
        "plans.start_plan",
        "risk.keep_progress-new",
        "tasks.add_task",
    }
)
"""What adds a record to a file: it meets no record of the file that it could miss first."""


def clear(engine: Engine) -> None:
    """Take every file off this desk, as an exchange does."""
    with engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        with writing(driver, lambda: False):
            for (key,) in driver.execute("SELECT id FROM client_file").fetchall():
                clear_file(driver, bytes.fromhex(key))
        driver.execute("PRAGMA foreign_keys = ON")


@pytest.mark.parametrize("call", [each for each in WRITING if str(each) in _ADDING], ids=str)
def test_who_writes_in_a_file_that_has_left_the_desk_is_told_so(call: Call, work: Work, standing: Standing) -> None:
    clear(work.engine)
    before = everything(work.engine)
    with pytest.raises(Refused) as told:
        call.run(work, standing)
    assert told.value.advice == FILE_GONE
    assert everything(work.engine) == before


def test_everything_that_adds_to_a_file_is_tried() -> None:
    assert {str(each) for each in WRITING} >= _ADDING
