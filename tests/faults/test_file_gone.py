"""A client file that an exchange takes while somebody works in it: each act says so in words, and writes nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from advocate_desk.casework import contacts
from advocate_desk.casework.files import remove_record
from advocate_desk.casework.work import FILE_GONE, Work
from advocate_desk.domain.identity import RecordId, uuid7
from advocate_desk.errors import Refused
from advocate_desk.sync.inbox import clear_file
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.transaction import writing
from tests.casework_calls import WRITING, Call, Standing
from tests.store_state import everything

_BEFORE_IT_WENT = frozenset(
    {
        "access.record_print",
        "access.record_read",
        "conflicts.record_shown",
        "contacts.record_opened",
        "contacts.record_place",
    }
)
"""What puts on record that something was seen, which it was while the file was here: it stays on record."""
_OF_MANY = frozenset({"allocation.allocate_many", "membership.adopt_files"})
"""What goes through many files, and passes over one that is not here."""
_MERGING = "imports.import_rows-merged"
"""An act on a file that its audit entry does not name."""


def _says_so(call: Call) -> bool:
    is_about_it = call.is_of_file or str(call) == _MERGING
    return is_about_it and str(call) not in _BEFORE_IT_WENT | _OF_MANY


def clear(engine: Engine) -> None:
    """Take every file off this desk, as an exchange does."""
    with engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        with writing(driver, lambda: False):
            for (key,) in driver.execute("SELECT id FROM client_file").fetchall():
                clear_file(driver, bytes.fromhex(key))
        driver.execute("PRAGMA foreign_keys = ON")


@pytest.mark.parametrize("call", [each for each in WRITING if _says_so(each)], ids=str)
def test_who_works_in_a_file_that_has_left_the_desk_is_told_so(call: Call, work: Work, standing: Standing) -> None:
    clear(work.engine)
    before = everything(work.engine)
    with pytest.raises(Refused) as told:
        call.run(work, standing)
    assert told.value.advice == FILE_GONE
    assert everything(work.engine) == before


def test_every_other_act_on_a_file_is_known_by_name() -> None:
    assert {str(each) for each in WRITING} >= _BEFORE_IT_WENT | _OF_MANY | {_MERGING}


def test_a_record_that_was_removed_from_a_file_that_is_here_is_said_to_be_so(work: Work, standing: Standing) -> None:
    with pytest.raises(Refused, match="no longer in the file"):
        remove_record(work, "alert", standing.gone_alert)


def test_a_record_that_a_file_never_had_is_no_sign_that_the_file_left(work: Work, standing: Standing) -> None:
    strange = RecordId(uuid7(0, bytes(10)))
    with pytest.raises(Refused) as told:
        contacts.record_reveal(work, standing.file_id, contacts.Reveal(strange, "phone", "shown", "Why"))
    assert told.value.advice != FILE_GONE
