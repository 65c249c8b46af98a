from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from advocate_desk.casework.access import history
from advocate_desk.casework.files import record_referral
from advocate_desk.casework.intake import AlertDetails, ConsentDetails, NeedDetails, open_file
from advocate_desk.casework.people import ContactDetails, PersonDetails, RelationshipDetails, read_immigration_note
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.queries.caseload import CaseloadFilter, caseload_page
from advocate_desk.store.queries.client_file import file_view
from tests.builders import NOON, a_file, a_referral, a_work, an_intake


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def test_everything_that_was_taken_down_is_in_the_file(work: Work) -> None:
    file_id = a_file(
        work,
        referral=a_referral(referrer_name="Desk Sergeant", sender_reference="R/1", crime_ref="C/22"),
        relationship=RelationshipDetails("spouse", "separating", date(2026, 10, 1)),
        children=(PersonDetails("child", "Childa", "Sampleby"),),
        others=(PersonDetails("at_risk", "Grana", "Sampleby"),),
        contacts=(ContactDetails("mobile", "07700 900123", is_safe="yes", safe_days=("mon",), code_word="gas"),),
        alerts=(AlertDetails("weapons", "Seen in the shed"),),
        consents=(ConsentDetails("share_police", "refused"),),
        access_needs=(NeedDetails("bsl"),),
        allocated_to="Kit Colleague",
        conflict_note="None known",
    )
    view = work.read(file_view, file_id)
    assert [each.role for each in view.people] == ["client", "perpetrator", "child", "at_risk"]
    assert (view.relationships[0].kind, view.relationships[0].perpetrator_name) == ("spouse", "Imagino Fabricant")
    assert view.referrals[0].referrer_name == "Desk Sergeant"
    assert view.banner.contacts[0].method.code_word == "gas"
    assert view.banner.alerts[0].kind == "weapons"
    assert (view.consents[0].scope, view.consents[0].decision) == ("share_police", "refused")
    assert view.needs[0].kind == "bsl"
    assert (view.banner.allocated_to, view.conflict_note) == ("Kit Colleague", "None known")


def test_the_risk_at_referral_gives_the_file_its_status(work: Work) -> None:
    for grade, status in (("high", "open_high"), ("standard", "open_standard"), ("", "waiting")):
        file_id = a_file(work, referral=a_referral(risk_at_referral=grade))
        assert work.read(file_view, file_id).banner.status == status


def test_a_file_nobody_was_given_is_hers_who_opened_it(work: Work) -> None:
    assert work.read(file_view, a_file(work)).banner.allocated_to == "Ash Advocate"


def test_two_files_never_share_a_reference(work: Work) -> None:
    references = {work.read(file_view, a_file(work)).banner.reference for _ in range(5)}
    assert len(references) == 5


def test_opening_a_file_is_on_record_without_a_name(work: Work) -> None:
    (line,) = [each for each in history(work, a_file(work)) if each.kind == "file_opened"]
    assert (line.actor, line.detail) == ("Ash Advocate", "source: police")


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"client": PersonDetails("client")}, "client_given_name"),
        ({"client": PersonDetails("client", "A", born_on=NOON.date() + timedelta(1))}, "client_born_on"),
        ({"referral": a_referral(source="")}, "source"),
        ({"referral": a_referral(received_at=NOON + timedelta(hours=1))}, "received_at"),
        ({"referral": a_referral(incident_on=NOON.date() + timedelta(1))}, "incident_on"),
        ({"children": (PersonDetails("child"),)}, "children.0.given_name"),
        ({"contacts": (ContactDetails("mobile", " "),)}, "contacts.0.value"),
        (
            {"contacts": (ContactDetails("mobile", "1", safe_from="09:00", safe_until="09:00"),)},
            "contacts.0.safe_until",
        ),
    ],
)
def test_what_cannot_be_so_is_refused_and_nothing_is_written(work: Work, changed: dict[str, object], key: str) -> None:
    with pytest.raises(Invalid) as refused:
        open_file(work, an_intake(**changed))
    assert list(refused.value.problems) == [key]
    assert work.read(caseload_page, CaseloadFilter(), NOON.date(), NOON).total == 0


def test_one_more_referral_joins_a_file_that_is_known(work: Work) -> None:
    file_id = a_file(work)
    record_referral(work, file_id, a_referral(source="health", received_at=NOON - timedelta(hours=1)))
    assert [each.source for each in work.read(file_view, file_id).referrals] == ["health", "police"]


def test_a_referral_without_a_source_is_refused(work: Work) -> None:
    file_id = a_file(work)
    with pytest.raises(Invalid):
        record_referral(work, file_id, a_referral(source=""))
    assert len(work.read(file_view, file_id).referrals) == 1


def test_the_immigration_note_of_an_intake_is_behind_its_door(work: Work) -> None:
    file_id = a_file(work, client=PersonDetails("client", "Testina", "Sampleby", immigration_note="Spouse visa"))
    client = work.read(file_view, file_id).client
    assert client is not None and "visa" not in repr(client)
    assert read_immigration_note(work, RecordId(client.person_id)) == "Spouse visa"
