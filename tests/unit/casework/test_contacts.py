from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from advocate_desk.casework.access import history
from advocate_desk.casework.contacts import (
    PAPER_MADE,
    REVEALED,
    AttemptDetails,
    Reveal,
    record_attempt,
    record_paper,
    record_place,
    record_reveal,
    verdict,
)
from advocate_desk.casework.files import save_alert
from advocate_desk.casework.intake import AlertDetails
from advocate_desk.casework.people import ContactDetails
from advocate_desk.casework.work import Work
from advocate_desk.domain.contact import Channel, ContactMethod, SafeHours
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Blocked, Invalid
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.notes import attempts
from tests.builders import NOON, a_file, a_work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def with_number(work: Work, **attributes: object) -> tuple[FileId, RecordId]:
    number = ContactDetails("mobile", "07700 900123", **attributes)  # type: ignore[arg-type]
    file_id = a_file(work, contacts=(number,))
    return file_id, RecordId(work.read(file_view, file_id).banner.contacts[0].contact_id)


def an_attempt(contact_id: RecordId | None = None, **changed: object) -> AttemptDetails:
    one = AttemptDetails(NOON - timedelta(minutes=5), "phone", "no_answer", contact_id)
    return replace(one, **changed)  # type: ignore[arg-type]


def test_a_safe_attempt_is_recorded(work: Work) -> None:
    file_id, contact_id = with_number(work, is_safe="yes")
    record_attempt(work, file_id, an_attempt(contact_id))
    (line,) = work.read(attempts, file_id)
    assert (line.outcome, line.is_override, line.made_by) == ("no_answer", False, "Ash Advocate")


@pytest.mark.parametrize(
    ("attributes", "channel"),
    [
        ({"is_safe": "no"}, "phone"),
        ({"is_safe": "unknown"}, "phone"),
        ({"is_safe": "yes", "may_text": "no"}, "text"),
        ({"is_safe": "yes"}, "voicemail"),
        ({"is_safe": "yes", "safe_from": "14:00", "safe_until": "15:00"}, "phone"),
        ({"is_safe": "yes", "do_not_contact_before": date(2026, 12, 1)}, "phone"),
    ],
)
def test_against_her_rule_an_attempt_needs_a_reason(work: Work, attributes: dict[str, object], channel: str) -> None:
    file_id, contact_id = with_number(work, **attributes)
    with pytest.raises(Blocked):
        record_attempt(work, file_id, an_attempt(contact_id, channel=channel))
    assert work.read(attempts, file_id) == ()
    record_attempt(work, file_id, an_attempt(contact_id, channel=channel, override_reason="She asked me to"))
    (line,) = work.read(attempts, file_id)
    assert (line.is_override, line.override_reason) == (True, "She asked me to")


def test_a_reason_that_was_not_needed_makes_no_override(work: Work) -> None:
    file_id, contact_id = with_number(work, is_safe="yes")
    record_attempt(work, file_id, an_attempt(contact_id, override_reason="To be sure"))
    (line,) = work.read(attempts, file_id)
    assert (line.is_override, line.override_reason) == (False, "")


def test_the_rule_is_read_for_the_moment_of_the_attempt(work: Work) -> None:
    file_id, contact_id = with_number(work, is_safe="yes", safe_from="09:00", safe_until="10:00")
    record_attempt(work, file_id, an_attempt(contact_id, attempted_at=NOON.replace(hour=9, minute=30)))
    assert not work.read(attempts, file_id)[0].is_override


def test_an_alert_not_to_contact_stands_before_every_number(work: Work) -> None:
    file_id, contact_id = with_number(work, is_safe="yes")
    save_alert(work, file_id, None, AlertDetails("do_not_contact"))
    with pytest.raises(Blocked):
        record_attempt(work, file_id, an_attempt(contact_id))


def test_an_alert_not_to_contact_stands_before_a_way_that_is_not_recorded(work: Work) -> None:
    file_id = a_file(work, alerts=(AlertDetails("do_not_contact"),))
    with pytest.raises(Blocked):
        record_attempt(work, file_id, an_attempt())
    assert work.read(attempts, file_id) == ()
    record_attempt(work, file_id, an_attempt(override_reason="She wrote to us"))
    (line,) = work.read(attempts, file_id)
    assert (line.is_override, line.override_reason) == (True, "She wrote to us")


def test_a_way_that_is_not_recorded_needs_no_reason_without_an_alert(work: Work) -> None:
    file_id = a_file(work)
    record_attempt(work, file_id, an_attempt())
    assert not work.read(attempts, file_id)[0].is_override


def test_looking_at_where_she_stays_is_on_record(work: Work) -> None:
    file_id, person_id = a_client(work)
    record_place(work, file_id, person_id, "shown")
    line = history(work, file_id)[0]
    assert (line.kind, line.detail) == ("contact_revealed", "how: shown, override: False")
    assert work.read(attempts, file_id) == ()


def test_where_she_stays_needs_a_reason_while_an_alert_says_not_to_contact(work: Work) -> None:
    file_id, person_id = a_client(work, alerts=(AlertDetails("do_not_contact"),))
    with pytest.raises(Blocked):
        record_place(work, file_id, person_id, "shown")
    record_place(work, file_id, person_id, "shown", "For the police, at her asking")
    (line,) = work.read(attempts, file_id)
    assert (line.outcome, line.override_reason) == (REVEALED, "For the police, at her asking")


def test_why_a_paper_was_made_against_her_rule_is_kept(work: Work) -> None:
    file_id = a_file(work)
    with pytest.raises(Blocked):
        record_paper(work, file_id, "plan_card", " ")
    record_paper(work, file_id, "plan_card", "Her sister keeps it")
    (line,) = work.read(attempts, file_id)
    assert (line.outcome, line.override_reason) == (PAPER_MADE, "Her sister keeps it")
    assert (history(work, file_id)[0].kind, history(work, file_id)[0].detail) == (
        "file_exported",
        "how: made, override: True, what: plan_card",
    )


def a_client(work: Work, **changed: object) -> tuple[FileId, RecordId]:
    file_id = a_file(work, **changed)
    client = work.read(file_view, file_id).client
    assert client is not None
    return file_id, RecordId(client.person_id)


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"outcome": ""}, "outcome"),
        ({"channel": ""}, "channel"),
        ({"attempted_at": NOON + timedelta(hours=1)}, "attempted_at"),
    ],
)
def test_an_attempt_that_says_too_little_is_refused(work: Work, changed: dict[str, object], key: str) -> None:
    file_id, contact_id = with_number(work, is_safe="yes")
    with pytest.raises(Invalid) as refused:
        record_attempt(work, file_id, an_attempt(contact_id, **changed))
    assert list(refused.value.problems) == [key]


def test_taking_a_safe_number_is_on_record_without_the_number(work: Work) -> None:
    file_id, contact_id = with_number(work, is_safe="yes")
    record_reveal(work, file_id, Reveal(contact_id, "phone", "copied"))
    line = history(work, file_id)[0]
    assert (line.kind, line.detail) == ("contact_revealed", "channel: phone, how: copied, override: False")
    assert work.read(attempts, file_id) == ()


def test_taking_an_unsafe_number_needs_a_reason_which_is_kept(work: Work) -> None:
    file_id, contact_id = with_number(work, is_safe="no")
    with pytest.raises(Blocked):
        record_reveal(work, file_id, Reveal(contact_id, "phone", "shown"))
    assert "contact_revealed" not in {each.kind for each in history(work, file_id)}
    record_reveal(work, file_id, Reveal(contact_id, "phone", "shown", "For the police, at her asking"))
    (line,) = work.read(attempts, file_id)
    assert (line.outcome, line.override_reason) == (REVEALED, "For the police, at her asking")
    assert "override: True" in history(work, file_id)[0].detail


def test_safe_times_are_on_the_london_clock() -> None:
    number = ContactMethod("mobile", "1", is_safe="yes", hours=read_summer_hours())
    nine_in_summer = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert verdict(number, Channel.PHONE, nine_in_summer).allowed
    assert not verdict(number, Channel.PHONE, nine_in_summer - timedelta(minutes=1)).allowed


def read_summer_hours() -> SafeHours:
    return SafeHours(datetime(2026, 7, 1, 9, 0).time(), datetime(2026, 7, 1, 15, 0).time())
