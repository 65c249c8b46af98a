"""Assessments: kept half done, finalised for good, superseded by amendment; judgement never lowers a score's grade."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.casework.risk import finalise, judge, keep_progress, unfinished
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Blocked, Invalid
from advocate_desk.store.queries.client_file import banner
from advocate_desk.store.queries.risk import assessments
from advocate_desk.store.queries.tasks import file_tasks
from tests.builders import PACKS, a_file, a_work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def answers(yes: int, dont_know: int = 0, **more: Any) -> dict[str, Any]:
    keys = [item.key for item in PACKS.instrument("dash").item]
    said = ["yes"] * yes + ["dont_know"] * dont_know + ["no"] * (len(keys) - yes - dont_know)
    return {key: {"answer": one, "detail": {}, "source": ""} for key, one in zip(keys, said, strict=True)} | more


def test_fourteen_yes_reach_high_and_the_file_says_so(work: Work, file_id: FileId) -> None:
    finalise(work, file_id, None, "dash", answers(14, professional_grading="high"))
    found = work.read(assessments, file_id)[0]
    assert (found.score, found.grade, found.criteria) == (14, "high", ["visible_high_risk"])
    assert work.read(banner, file_id).risk_grade == "high"


def test_a_grade_below_what_the_score_reached_is_refused_and_nothing_is_written(work: Work, file_id: FileId) -> None:
    with pytest.raises(Blocked, match="14 has reached high"):
        finalise(work, file_id, None, "dash", answers(14, professional_grading="medium"))
    assert work.read(assessments, file_id) == ()


def test_judgement_raises_a_low_score_and_must_say_why(work: Work, file_id: FileId) -> None:
    values = answers(6, professional_grading="high")
    with pytest.raises(Invalid) as caught:
        finalise(work, file_id, None, "dash", values)
    assert set(caught.value.problems) == {"grading_reason"}
    finalise(work, file_id, None, "dash", {**values, "grading_reason": "Her fear, and the pattern."})
    assert work.read(assessments, file_id)[0].grade == "high"


def test_an_assessment_is_left_and_resumed_where_it_was(work: Work, file_id: FileId) -> None:
    half = {"very_frightened": {"answer": "yes", "detail": {}, "source": "client"}, "priorities": "Sleep."}
    kept = keep_progress(work, file_id, None, "dash", half).record_id
    found = work.read(assessments, file_id)[0]
    assert found.finalised_at is None
    assert {**found.answers, **found.professional} == half
    finalise(work, file_id, kept, "dash", answers(2, professional_grading="standard"))
    assert len(work.read(assessments, file_id)) == 1


def test_an_amendment_supersedes_and_the_old_assessment_stays(work: Work, file_id: FileId) -> None:
    first = finalise(work, file_id, None, "dash", answers(3, professional_grading="standard")).record_id
    with pytest.raises(Invalid):
        finalise(work, file_id, None, "dash", answers(4, professional_grading="standard"), supersedes=first)
    finalise(
        work,
        file_id,
        None,
        "dash",
        answers(4, professional_grading="standard"),
        supersedes=first,
        amendment_reason="Typo",
    )
    newest, oldest = work.read(assessments, file_id)
    assert {newest.score, oldest.score} == {3, 4}
    assert {newest.supersedes_id, oldest.supersedes_id} == {None, first}


def test_a_finalised_assessment_cannot_be_resumed(work: Work, file_id: FileId) -> None:
    done = finalise(work, file_id, None, "dash", answers(3, professional_grading="standard")).record_id
    with pytest.raises(Blocked, match="amend"):
        keep_progress(work, file_id, RecordId(done) if done else None, "dash", answers(20))


def test_an_amendment_kept_half_done_still_knows_what_it_amends(work: Work, file_id: FileId) -> None:
    first = finalise(work, file_id, None, "dash", answers(3, professional_grading="standard")).record_id
    keep_progress(work, file_id, None, "dash", answers(4), supersedes=first, amendment_reason=" A slip ")
    begun = work.read(assessments, file_id)[0]
    assert begun.finalised_at is None
    assert (begun.supersedes_id, begun.amendment_reason) == (first, "A slip")


def test_an_amendment_keeps_the_day_of_what_it_puts_right_and_asks_from_today(work: Work, file_id: FileId) -> None:
    day = date(2026, 10, 1)
    first = finalise(work, file_id, None, "dash", answers(3, professional_grading="standard"), completed_on=day)
    finalise(
        work,
        file_id,
        None,
        "dash",
        answers(14),
        completed_on=day,
        supersedes=first.record_id,
        amendment_reason="A slip",
    )
    amendment = next(each for each in work.read(assessments, file_id) if each.supersedes_id)
    assert (amendment.completed_on, amendment.grade) == (day, "high")
    marac = [each for each in work.read(file_tasks, file_id) if each.title == "Decide about a Marac referral"]
    assert [each.due_on for each in marac] == [date(2026, 11, 23)]


def test_what_is_still_to_be_said_is_named_before_anything_is_final(work: Work) -> None:
    instrument = PACKS.instrument("dash")
    values = answers(3, professional_grading="high", reasonable_grounds_for_marac="yes")
    judged = judge(instrument, values, date(2026, 11, 21), work)
    assert set(unfinished(judged, values)) == {"grading_reason", "judgement"}
    assert set(unfinished(judged, {**values, "grading_reason": "x", "judgement": "y"}, is_amendment=True)) == {
        "amendment_reason"
    }


def test_only_the_assessment_that_stands_can_be_amended(work: Work, file_id: FileId) -> None:
    old = finalise(work, file_id, None, "dash", answers(3, professional_grading="standard")).record_id
    assert isinstance(work.clock, FixedClock)
    work.clock.advance(timedelta(hours=1))
    finalise(work, file_id, None, "dash", answers(15, professional_grading="high"))
    with pytest.raises(Blocked, match="later assessment"):
        finalise(
            work,
            file_id,
            None,
            "dash",
            answers(2, professional_grading="standard"),
            supersedes=old,
            amendment_reason="Late",
        )
    assert work.read(banner, file_id).risk_grade == "high"


def test_an_assessment_of_tomorrow_is_refused(work: Work, file_id: FileId) -> None:
    with pytest.raises(Invalid) as caught:
        finalise(
            work, file_id, None, "dash", answers(3, professional_grading="standard"), completed_on=date(2030, 1, 1)
        )
    assert set(caught.value.problems) == {"completed_on"}


def test_what_is_not_known_never_lowers_an_open_file(work: Work, file_id: FileId) -> None:
    finalise(work, file_id, None, "dash", answers(0, 24, professional_grading="standard"))
    assert work.read(banner, file_id).status == "open_high"  # the referral's grade
    finalise(work, file_id, None, "dash", answers(2, professional_grading="standard"))
    assert work.read(banner, file_id).status == "open_standard"
