"""The caseload summary: every number by the rules that the other screens have, and the files behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from advocate_desk.casework import caseload_summary as summaries
from advocate_desk.casework.access import history, verify_chain
from advocate_desk.casework.allocation import NOBODY as NO_ONE
from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.bail import BailDetails, record_bail
from advocate_desk.casework.caseload_summary import NOBODY, NUMBERS, AdvocateLine, behind, look_behind, summary
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.files import close_file, set_status
from advocate_desk.casework.hearings import HearingDetails, list_hearing
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.risk import finalise
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.domain.caseload import Member, Roster, Team
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.today import today_view
from tests.builders import NOON, a_file, a_referral, a_work
from tests.builders_large import LargeCaseload, Recipe
from tests.unit.casework.test_plan_facts import bailed
from tests.unit.casework.test_risk import answers

TODAY = date(2026, 11, 21)
NORTH, SOUTH = UUID(int=1), UUID(int=2)
ASH, KIT, GONE, SUE = (UUID(int=number) for number in (11, 12, 13, 14))
ROSTER = Roster(
    SUE,
    (
        Member(ASH, "Ash Advocate", "AA", (NORTH,), frozenset({"advocate"})),
        Member(KIT, "Kit Colleague", "KC", (SOUTH,), frozenset({"advocate"})),
        Member(GONE, "Gone Former", "GF", (), frozenset({"advocate"}), is_active=False),
        Member(SUE, "Sue Pervisor", "SP", (NORTH, SOUTH), frozenset({"supervisor"})),
    ),
    (Team(NORTH, "North", "Exampleford"), Team(SOUTH, "South", "Sampleton")),
)
TO_KIT = Advocate("Kit Colleague", KIT, (SOUTH,))


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def line(work: Work, key: str, roster: Roster = ROSTER) -> AdvocateLine:
    found = summary(work, roster).line(key)
    assert found is not None
    return found


def later(work: Work, days: int) -> Work:
    return replace(work, clock=FixedClock(NOON + timedelta(days=days)))


def a_case(work: Work, file_id: FileId, reported: date = TODAY) -> RecordId:
    found = open_case(work, file_id, CaseDetails(crime_ref="EX1/26", reported_on=reported)).record_id
    assert found is not None
    return found


def test_open_files_count_by_status_and_weigh_by_rule(work: Work) -> None:
    files = [a_file(work, referral=a_referral(risk_at_referral=grade)) for grade in ("high", "high", "medium", "")]
    set_status(work, files[1], "monitoring")
    close_file(work, a_file(work), "moved_area", TODAY)
    found = line(work, ASH.hex)
    shown = {name: found.numbers[name] for name in ("files", "high", "medium", "standard", "other")}
    assert shown == {"files": 4, "high": 1, "medium": 1, "standard": 0, "other": 2}
    assert found.weight == pytest.approx(1.0 + 0.3 + 0.6 + 0.3)
    assert (found.capacity, found.percent, found.state) == (25.0, 9, "ok")


@pytest.mark.parametrize(("days", "weight"), [(-1, 1.0), (0, 1.5), (28, 1.5), (29, 1.0)])
def test_a_trial_within_28_days_weighs_half_more(work: Work, days: int, weight: float) -> None:
    file_id = a_file(work)
    hearing = HearingDetails(TODAY + timedelta(days=days), court_name="Exampleford Crown Court", kind="trial")
    list_hearing(work, file_id, a_case(work, file_id), hearing)
    assert line(work, ASH.hex).weight == weight


@pytest.mark.parametrize(("kind", "days", "weight"), [("remand_custody", 28, 1.5), ("remand_custody", 29, 1.0)])
def test_custody_that_ends_within_28_days_weighs_half_more(work: Work, kind: str, days: int, weight: float) -> None:
    bailed(work, a_file(work), kind, days, ())
    found = line(work, ASH.hex)
    assert found.weight == weight
    assert (found.numbers["releases"], found.numbers["bail_ends"]) == (1, 0)


def test_no_recourse_weighs_half_more_while_the_last_assessment_says_so(work: Work) -> None:
    file_id = a_file(work)
    for at, barriers in enumerate((["immigration"], [])):
        finalise(later(work, at), file_id, None, "dash", answers(14, barriers=barriers, professional_grading="high"))
        assert line(work, ASH.hex).weight == (1.0 if at else 1.5)


@pytest.mark.parametrize(("days", "count"), [(-1, 0), (0, 1), (56, 1), (57, 0)])
def test_what_is_coming_is_that_of_eight_weeks(work: Work, days: int, count: int) -> None:
    file_id = a_file(work)
    case_id, day = a_case(work, file_id), TODAY + timedelta(days=days)
    list_hearing(work, file_id, case_id, HearingDetails(day, court_name="Exampleford"))
    record_bail(
        work, file_id, case_id, BailDetails("bail_court", started_on=TODAY - timedelta(days=9), expires_on=day), ()
    )
    allocate(work, file_id, NO_ONE)
    nobody = summary(work, ROSTER).nobody
    assert (nobody.numbers["hearings"], nobody.numbers["bail_ends"]) == (count, count)


@pytest.mark.parametrize(("grade", "limit"), [("high", 7), ("", 7), ("medium", 28), ("standard", 28)])
def test_no_contact_counts_from_the_last_time_that_the_client_was_reached(work: Work, grade: str, limit: int) -> None:
    file_id = a_file(work, referral=a_referral(risk_at_referral=grade))
    assert line(work, ASH.hex).numbers["no_contact"] == 1
    write_note(work, file_id, NoteDetails(NOON, "phone", "Not there", spoke_with_client=False))
    assert line(work, ASH.hex).numbers["no_contact"] == 1
    write_note(work, file_id, NoteDetails(NOON, "phone", "Spoke", spoke_with_client=True))
    assert line(work, ASH.hex).numbers["no_contact"] == 0
    assert line(later(work, limit), ASH.hex).numbers["no_contact"] == 0
    assert line(later(work, limit + 1), ASH.hex).numbers["no_contact"] == 1


def test_a_standard_is_missed_once_its_hours_are_over(work: Work) -> None:
    file_id = a_file(work)
    before = line(work, ASH.hex).numbers["standards"]
    after = line(later(work, 3), ASH.hex).numbers["standards"]
    assert (before, after) == (0, 3)  # triage, first attempt in 24 hours, contact in 48
    write_note(later(work, 3), file_id, NoteDetails(NOON, "phone", "Spoke", spoke_with_client=True))
    assert line(later(work, 3), ASH.hex).numbers["standards"] == 0


def test_a_review_is_overdue_after_its_day(work: Work) -> None:
    file_id = a_file(work)
    finalise(work, file_id, None, "dash", answers(14, professional_grading="high"))
    assert line(later(work, 28), ASH.hex).numbers["reviews"] == line(later(work, 10), ASH.hex).numbers["reviews"]
    assert line(later(work, 29), ASH.hex).numbers["reviews"] == line(later(work, 28), ASH.hex).numbers["reviews"] + 1


@pytest.mark.parametrize("days", [0, 5, 6])
def test_first_days_are_those_of_today(work: Work, days: int) -> None:
    a_case(work, a_file(work), TODAY - timedelta(days=days))
    assert line(work, ASH.hex).numbers["first_days"] == len(work.read(today_view, TODAY).first_days)


def test_files_of_a_former_member_of_nobody_and_of_a_name_alone_are_shown(work: Work) -> None:
    mine, gone, nobody, named = (a_file(work) for _ in range(4))
    allocate(work, gone, Advocate("Gone Former", GONE))
    allocate(work, nobody, NO_ONE)
    allocate(work, named, Advocate("Max Unknown"))
    made = summary(work, ROSTER)
    assert [(each.kind, each.name, each.numbers["files"]) for each in made.lines] == [
        ("nobody", "", 1),
        ("member", "Ash Advocate", 1),
        ("member", "Kit Colleague", 0),
        ("named", "Max Unknown", 1),
        ("former", "Gone Former", 1),
    ]
    assert [each.capacity for each in made.lines] == [0, 25, 25, 25, 0]
    assert [each.file_id for each in behind(work, "files", ASH.hex, ROSTER)] == [mine]


def test_without_an_organisation_it_is_ones_own_and_what_nobody_has(work: Work) -> None:
    a_file(work)
    allocate(work, a_file(work), Advocate("Kit Colleague"))
    allocate(work, a_file(work), NO_ONE)
    made = summary(work, Roster(), only_own=True)
    assert [(each.kind, each.name, each.numbers["files"]) for each in made.lines] == [
        ("nobody", "", 1),
        ("named", "Ash Advocate", 1),
    ]
    assert len(behind(work, "files", None, Roster(), only_own=True)) == 2


def test_a_team_keeps_to_its_files_and_those_of_its_people(work: Work) -> None:
    a_file(work)  # of no team, and its advocate is in the north
    allocate(work, a_file(work), TO_KIT)
    made = summary(work, ROSTER, (SOUTH,))
    assert [(each.name, each.numbers["files"]) for each in made.lines] == [("", 0), ("Kit Colleague", 1)]
    assert summary(work, ROSTER, (NORTH,)).total.numbers["files"] == 1
    assert len(behind(work, "files", None, ROSTER, (SOUTH,))) == 1


def test_having_files_shown_is_on_record_in_each_with_the_role(work: Work) -> None:
    seen, other = a_file(work), a_file(work)
    allocate(work, other, TO_KIT)
    found = look_behind(work, "high", ASH.hex, ROSTER)
    assert [each.file_id for each in found] == [seen]
    told = history(work, seen)[0]
    assert (told.kind, told.detail) == ("summary_opened", "by_role: supervisor, number: high")
    assert "summary_opened" not in [each.kind for each in history(work, other)]
    assert verify_chain(work).is_whole


def test_rules_that_a_service_sets_are_kept_and_can_be_given_up(work: Work) -> None:
    a_file(work)
    chosen = summaries.rules(work)
    summaries.save_rules(work, replace(chosen, capacity=10.0, full_time_percent={ASH.hex: 50}))
    assert line(work, ASH.hex).capacity == 5.0
    assert line(work, ASH.hex).percent == 20
    summaries.forget_rules(work)
    assert summaries.rules(work) == chosen


def test_every_total_is_the_sum_of_its_lines_and_of_the_files_behind_it(work: Work) -> None:
    LargeCaseload(work, Recipe(150)).write()
    chance = Random(11)
    with work.engine.begin() as conn:
        for (file_id,) in conn.exec_driver_sql("SELECT id FROM client_file").all():
            person, name = chance.choice(
                [
                    (ASH.hex, "Ash Advocate"),
                    (KIT.hex, "Kit Colleague"),
                    (GONE.hex, "Gone Former"),
                    (None, ""),
                    (None, "X"),
                ]
            )
            status = chance.choice(["open_high", "open_medium", "open_standard", "waiting", "monitoring", "closed"])
            team = chance.choice([NORTH.hex, SOUTH.hex, None])
            values = (person, name, team, status, file_id)
            conn.exec_driver_sql(
                "UPDATE client_file SET allocated_person = ?, allocated_to = ?, team = ?, status = ? WHERE id = ?",
                values,
            )
            conn.exec_driver_sql(
                "UPDATE file_summary SET status = ?, allocated_to = ? WHERE file_id = ?", (status, name, file_id)
            )
    for teams in ((), (NORTH,), (SOUTH, NORTH)):
        made = summary(work, ROSTER, teams)
        for number in NUMBERS:
            assert made.total.numbers[number] == sum(each.numbers[number] for each in made.lines)
            shown = behind(work, number, None, ROSTER, teams)
            assert sum(each.share for each in shown) == made.total.numbers[number], number
            assert len({each.file_id for each in shown}) == len(shown)
        kinds = ("high", "medium", "standard", "other")
        for each in made.lines:
            assert sum(each.numbers[kind] for kind in kinds) == each.numbers["files"]
            assert (
                sum(one.share for one in behind(work, "no_contact", each.key, ROSTER, teams))
                == (each.numbers["no_contact"])
            )
        assert made.total.weight == pytest.approx(sum(each.weight for each in made.lines))
    assert made.line(NOBODY) is made.nobody
