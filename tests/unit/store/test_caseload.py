"""The caseload's pages: filtered, sorted, and together everything exactly once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.files import close_file
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.people import PersonDetails
from advocate_desk.casework.tasks import TaskDetails, add_task
from advocate_desk.casework.work import Work
from advocate_desk.store.queries.caseload import (
    SORTS,
    CaseloadFilter,
    CaseloadLine,
    caseload_choices,
    caseload_page,
)
from tests.builders import NOON, a_file, a_work
from tests.builders_large import a_caseload

TODAY = NOON.date()


def names(work: Work, **kept: Any) -> list[str]:
    page = work.read(caseload_page, CaseloadFilter(**kept), TODAY, NOON, "sort_name")
    assert page.total == len(page.lines)
    return [line.client_name for line in page.lines]


def named(given_name: str, family_name: str = "Testworth") -> PersonDetails:
    return PersonDetails("client", given_name, family_name)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Work:
    work = a_work(tmp_path_factory.mktemp("caseload"))
    a_caseload(work, 330)
    return work


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_pages_together_hold_every_file_once(large: Work, sort: str, descending: bool) -> None:
    keep = CaseloadFilter(with_closed=True)
    lines: list[CaseloadLine] = []
    for offset in range(0, 400, 100):
        page = large.read(caseload_page, keep, TODAY, NOON, sort, descending=descending, offset=offset, rows=100)
        assert page.total == 330
        lines += page.lines
    assert len(lines) == len({line.file_id for line in lines}) == 330


@pytest.mark.parametrize("descending", [False, True])
def test_files_without_a_next_thing_come_last_either_way(large: Work, descending: bool) -> None:
    page = large.read(
        caseload_page, CaseloadFilter(with_closed=True), TODAY, NOON, "next_on", descending=descending, rows=400
    )
    days = [line.next_on for line in page.lines]
    known = [day for day in days if day is not None]
    assert days == sorted(known, reverse=descending) + [None] * (len(days) - len(known))


def test_a_name_is_kept_by_the_filter_across_accents(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    a_file(work, client=named("Łucja", "Wójcik"))
    a_file(work, client=named("Mira"))
    for typed in ("lucja", "Wójcik", "jcik", "WOJC luc"):
        assert names(work, text=typed) == ["Łucja Wójcik"], typed


@pytest.mark.parametrize("typed", ["%", "_", "\\", "'", "\u200b", "\ud800", "a\x00b", "😀", "x" * 5000])
def test_odd_letters_in_the_filter_match_nothing_and_raise_nothing(tmp_path: Path, typed: str) -> None:
    work = a_work(tmp_path)
    a_file(work, client=named("Mira"))
    assert names(work, text=typed) in ([], ["Mira Testworth"])
    assert names(work, text="%") == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=40))
def test_no_filter_text_raises(large: Work, typed: str) -> None:
    assert large.read(caseload_page, CaseloadFilter(text=typed), TODAY, NOON).total <= 330


def test_closed_files_are_left_out_until_asked_for(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    a_file(work, client=named("Mira"))
    closed = a_file(work, client=named("Anna"))
    close_file(work, closed, "needs_met", TODAY)
    assert names(work) == ["Mira Testworth"]
    assert names(work, with_closed=True) == ["Anna Testworth", "Mira Testworth"]
    assert names(work, statuses=("closed",)) == ["Anna Testworth"]


def test_no_contact_for_some_days_keeps_those_never_reached(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    a_file(work, client=named("Never"))
    long_ago, lately = a_file(work, client=named("Long")), a_file(work, client=named("Lately"))
    write_note(work, long_ago, NoteDetails(NOON - timedelta(days=20), "phone", "Spoke", spoke_with_client=True))
    write_note(work, lately, NoteDetails(NOON - timedelta(days=2), "phone", "Spoke", spoke_with_client=True))
    assert names(work, no_contact_for_days=14) == ["Long Testworth", "Never Testworth"]


def test_allocation_and_overdue_are_kept_by_the_filter(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    mine = a_file(work, client=named("Mine"))
    a_file(work, client=named("Other"))
    allocate(work, mine, Advocate("Kit Example"))
    add_task(work, mine, TaskDetails("Call", due_on=TODAY - timedelta(days=1)))
    assert names(work, allocated_to=("Kit Example",)) == ["Mine Testworth"]
    assert names(work, overdue_only=True) == ["Mine Testworth"]
    assert "Kit Example" in work.read(caseload_choices).allocated_to


def test_an_unknown_order_is_refused(large: Work) -> None:
    with pytest.raises(ValueError, match="sorted by"):
        large.read(caseload_page, CaseloadFilter(), TODAY, NOON, "client_name; DROP TABLE person")
