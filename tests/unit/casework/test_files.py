from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from advocate_desk.casework.access import history, record_read, verify_chain
from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.files import (
    close_file,
    record_referral,
    remove_record,
    restore_record,
    save_alert,
    save_consent,
    save_need,
    set_restricted,
    set_status,
)
from advocate_desk.casework.intake import AlertDetails, ConsentDetails, NeedDetails
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import Blocked, Invalid
from advocate_desk.store.queries.client_file import FileView, banner, file_view
from advocate_desk.store.queries.tasks import file_tasks
from tests.builders import a_file, a_referral, a_work

TODAY = date(2026, 11, 21)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def view(work: Work, file_id: FileId) -> FileView:
    return work.read(file_view, file_id)


def test_a_file_is_closed_with_a_reason_and_opened_again(work: Work, file_id: FileId) -> None:
    close_file(work, file_id, "planned_complete", TODAY)
    shown = view(work, file_id)
    assert (shown.banner.status, shown.closed_on, shown.closure_reason) == ("closed", TODAY, "planned_complete")
    set_status(work, file_id, "open_medium")
    shown = view(work, file_id)
    assert (shown.banner.status, shown.closed_on, shown.closure_reason) == ("open_medium", None, "")


def test_a_file_is_not_closed_without_a_reason(work: Work, file_id: FileId) -> None:
    with pytest.raises(Invalid):
        close_file(work, file_id, "", TODAY)
    assert view(work, file_id).banner.status == "open_high"


@pytest.mark.parametrize("status", ["", "closed"])
def test_a_status_that_closes_goes_another_way(work: Work, file_id: FileId, status: str) -> None:
    with pytest.raises(Invalid):
        set_status(work, file_id, status)


def test_a_file_is_given_to_somebody_else(work: Work, file_id: FileId) -> None:
    allocate(work, file_id, Advocate("Kit Colleague"))
    assert view(work, file_id).banner.allocated_to == "Kit Colleague"


def test_an_ended_alert_leaves_the_banner_and_an_alert_taken_out_comes_back(work: Work, file_id: FileId) -> None:
    done = save_alert(work, file_id, None, AlertDetails("weapons"))
    assert done.record_id is not None
    save_alert(work, file_id, done.record_id, AlertDetails("weapons", ended_on=TODAY))
    assert view(work, file_id).banner.alerts == ()
    save_alert(work, file_id, done.record_id, AlertDetails("weapons"))
    remove_record(work, "alert", done.record_id)
    assert view(work, file_id).banner.alerts == ()
    restore_record(work, "alert", done.record_id)
    assert view(work, file_id).banner.alerts[0].kind == "weapons"


def test_a_consent_that_is_withdrawn_keeps_the_day_it_was_given(work: Work, file_id: FileId) -> None:
    given = ConsentDetails("share_police", "given", date(2026, 11, 1))
    done = save_consent(work, file_id, None, given)
    withdrawn = ConsentDetails("share_police", "withdrawn", date(2026, 11, 1), withdrawn_on=TODAY)
    save_consent(work, file_id, done.record_id, withdrawn)
    (line,) = view(work, file_id).consents
    assert (line.decision, line.decided_on, line.withdrawn_on) == ("withdrawn", date(2026, 11, 1), TODAY)


@pytest.mark.parametrize("decision", ["given", "refused", "not_sought", "withdrawn"])
def test_a_consent_has_its_day_so_that_the_last_one_can_stand(work: Work, file_id: FileId, decision: str) -> None:
    with pytest.raises(Invalid) as refused:
        save_consent(work, file_id, None, ConsentDetails("share_court", decision))
    assert "decided_on" in refused.value.problems
    with pytest.raises(Invalid) as refused:
        save_consent(work, file_id, None, ConsentDetails("share_court", decision, TODAY + timedelta(days=1)))
    assert "decided_on" in refused.value.problems


def test_a_need_is_changed_taken_out_and_brought_back(work: Work, file_id: FileId) -> None:
    done = save_need(work, file_id, None, NeedDetails("bsl"))
    assert done.record_id is not None
    save_need(work, file_id, done.record_id, NeedDetails("bsl", "Level 6 interpreter"))
    assert view(work, file_id).needs[0].detail == "Level 6 interpreter"
    remove_record(work, "access_need", done.record_id)
    assert view(work, file_id).needs == ()
    restore_record(work, "access_need", done.record_id)
    assert len(view(work, file_id).needs) == 1


@pytest.mark.parametrize(
    "save",
    [
        lambda work, file_id: save_alert(work, file_id, None, AlertDetails("")),
        lambda work, file_id: save_consent(work, file_id, None, ConsentDetails("service", "")),
        lambda work, file_id: save_need(work, file_id, None, NeedDetails("")),
    ],
)
def test_what_names_nothing_is_refused(work: Work, file_id: FileId, save: object) -> None:
    with pytest.raises(Invalid):
        save(work, file_id)  # type: ignore[operator]
    shown = view(work, file_id)
    assert (shown.banner.alerts, shown.consents, shown.needs) == ((), (), ())


def test_a_file_is_restricted_with_a_note_that_the_audit_does_not_repeat(work: Work, file_id: FileId) -> None:
    set_restricted(work, file_id, True, "The perpetrator is a sergeant")
    shown = view(work, file_id)
    assert shown.banner.is_restricted and shown.conflict_note == "The perpetrator is a sergeant"
    assert "sergeant" not in repr(history(work, file_id))


def test_every_opening_and_change_is_in_the_history_and_the_chain_is_whole(work: Work, file_id: FileId) -> None:
    record_read(work, file_id)
    allocate(work, file_id, Advocate("Kit Colleague"))
    assert [each.kind for each in history(work, file_id)][:2] == ["file_allocated", "file_read"]
    assert verify_chain(work).is_whole


def test_one_file_does_not_show_the_history_of_another(work: Work, file_id: FileId) -> None:
    other = a_file(work)
    record_read(work, other)
    assert "file_read" not in {each.kind for each in history(work, file_id)}


def test_a_new_referral_opens_a_closed_file_again(work: Work, file_id: FileId) -> None:
    close_file(work, file_id, "planned_complete", TODAY)
    record_referral(work, file_id, a_referral(risk_at_referral="high"))
    found = work.read(banner, file_id)
    assert found.status == "open_high"


def test_closing_ends_what_was_still_to_do_and_happens_once(work: Work, file_id: FileId) -> None:
    assert any(each.completed_at is None for each in work.read(file_tasks, file_id))
    with pytest.raises(Invalid):
        close_file(work, file_id, "planned_complete", TODAY + timedelta(days=1))
    close_file(work, file_id, "planned_complete", TODAY)
    assert all(each.completed_at is not None for each in work.read(file_tasks, file_id))
    with pytest.raises(Blocked, match="closed already"):
        close_file(work, file_id, "planned_complete", TODAY)
