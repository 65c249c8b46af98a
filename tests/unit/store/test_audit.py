"""The audit chain: whole, or it says where it breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from advocate_desk.casework.work import Work
from advocate_desk.store.audit import verify
from tests.builders import a_file, a_work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    work = a_work(tmp_path)
    for _ in range(3):
        a_file(work)
    return work


def tamper(work: Work, statement: str) -> None:
    """As somebody who holds the key and takes the triggers off first."""
    with work.engine.begin() as conn:
        conn.execute(text("DROP TRIGGER tr_audit_event_no_update"))
        conn.execute(text("DROP TRIGGER tr_audit_event_no_delete"))
        conn.execute(text(statement))


def test_an_untouched_chain_is_whole(work: Work) -> None:
    report = work.read(verify)
    assert report.is_whole
    assert report.events == 3


def test_an_event_can_be_neither_changed_nor_removed_while_the_triggers_stand(work: Work) -> None:
    for statement in ("UPDATE audit_event SET actor = 'nobody'", "DELETE FROM audit_event"):
        with pytest.raises(IntegrityError, match="only added to"), work.engine.begin() as conn:
            conn.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE audit_event SET actor = 'Somebody Else' WHERE position = 2", 2),
        ("UPDATE audit_event SET detail = '{}' WHERE position = 1", 1),
        ("DELETE FROM audit_event WHERE position = 2", 2),
        ("DELETE FROM audit_event WHERE position = 3", 3),
        ("DELETE FROM audit_event", 1),
    ],
)
def test_a_broken_chain_says_where_it_breaks(work: Work, statement: str, position: int) -> None:
    tamper(work, statement)
    report = work.read(verify)
    assert not report.is_whole
    assert report.broken_at == position
