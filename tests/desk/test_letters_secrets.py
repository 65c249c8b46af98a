"""What a court letter refuses, what it points out, and the ordinary letters that it lets through."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from advocate_desk import settings
from advocate_desk.casework import settings as kept
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.hearings import HearingDetails, list_hearing
from advocate_desk.casework.intake import ConsentDetails
from advocate_desk.casework.people import ContactDetails, PersonDetails, save_person
from advocate_desk.casework.work import Work
from advocate_desk.desk.forms.letter_known import Basis, about_facts, file_facts, first_about, read_basis
from advocate_desk.desk.forms.letter_making import Judged, judge
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.domain.disclosure import ObjectionKind
from tests.builders import PACKS, a_file
from tests.desk.letter_desk import LETTERHEAD, WORKER

REFUSED, WARNING = ObjectionKind.REFUSED, ObjectionKind.WARNING
CHILDREN = (
    PersonDetails("child", "Kiddo", "Sampleby", note="asthma, at Oak Primary School"),
    PersonDetails("child", "Will", "Sampleby"),
    PersonDetails("child", "德威", "彭"),
)
CONTACTS = (
    ContactDetails("mobile", "07700 900123", is_safe="no"),
    ContactDetails("post", "12 Acacia Avenue, Leeds, LS1 1AA", is_safe="no"),
)


def a_basis(work: Work, office: Office, whereabouts: str = "Leeds", occupation: str = "Nurse") -> Basis:
    """A client who lives in the town of her court."""
    kept.put(work, settings.LETTERHEAD_KEY, settings.to_json(LETTERHEAD))
    kept.put(work, settings.WORKER_KEY, settings.to_json(WORKER))
    file_id = a_file(
        work,
        client=PersonDetails("client", "Testina", "Sampleby", whereabouts=whereabouts, occupation=occupation),
        children=CHILDREN,
        contacts=CONTACTS,
        consents=(ConsentDetails("share_court", "given", date(2026, 11, 20)),),
    )
    save_person(work, file_id, None, PersonDetails("supporter", "Bo", "Helpful"))
    case_id = open_case(work, file_id, CaseDetails(force=PACKS.forces()[0].key, urn="01EX000012326"), ()).record_id
    assert case_id is not None
    court = next(each for each in PACKS.courts() if each.kind == "magistrates" and "Leeds" in each.name)
    list_hearing(work, file_id, case_id, HearingDetails(date(2026, 12, 7), "10:00", court.key, court.name))
    return read_basis(office, file_id)


@pytest.fixture
def office(work: Work, qtbot: QtBot) -> Iterator[Office]:
    made = Office(work, Jobs())
    yield made
    made.jobs.close()


def judged(basis: Basis, words: str, **changed: Any) -> Judged:
    """The letter about the hearing, with `words` as the client's own."""
    about = first_about(basis, {})
    values = {
        **file_facts(basis),
        **about_facts(basis, about, "court"),
        "about": about,
        "addressee_kind": "court",
        "gateway": "consent",
        "consent_on": "2026-11-20",
        "effect_words": words,
        "tick_effect_words": True,
        "tick_practical_requests": True,
    }
    return judge(basis, {**values, **changed})


def kinds(found: Judged) -> set[ObjectionKind]:
    return {each.kind for each in found.objections}


NEVER = [
    "I worry about Kiddo.",
    "kiddo’s nights are bad.",
    "Kiddo Sampleby has asthma.",
    "德威很害怕",
    "Bo brings me.",
    "My BRP card was taken and I have settled status.",
    "My deportation is pending.",
    "They deported my cousin.",
    "My visas expired.",
    "The Home  Office wrote.",
    "The Home-Office wrote.",
    "I am an asylum-seeker.",
    "I have no recourse to public funds.",
    "I wait for indefinite leave.",
    "I have pre-settled status.",
    "I am an immigrant.",
    "MARACs discussed me.",
    "The multi-agency meeting heard me.",
    "The multi agency meeting heard me.",
    "There was a Clare’s Law disclosure.",
    "There was a Clare's law disclosure.",
    "The DVDS told me.",
    "My Dash score was high.",
    "The DASH said high risk.",
    "I live at 12 Acacia Ave.",
    "I live in Acacia Avenue.",
    "I live at 12 Acacia.",
    "Write to LS1  1AA.",
    "Text me on o7700 9oo123.",
    "Text me on 0 7 7 0 0 9 0 0 1 2 3.",
    "Text me on ０７７００ ９００１２３.",
    "We go to Oak Primary School.",
]
POINTED_OUT = [
    "I have PTSD and depression.",
    "He has bipolar disorder.",
    "I drink too much.",
    "He strangled me on 3 May.",
    "I was raped.",
    "Will cries at night.",
    "A nurse helped me.",
    "I live near the women’s shelter.",
]
ORDINARY = [
    "I have not slept properly since the date was changed.",
    "I travel from Leeds to Leeds Magistrates’ Court.",
    "I cooked nothing for a week and had to dash to work.",
    "The court has a right to know that I want screens.",
    "I am afraid of Wednesdays and of the waiting room.",
]


@pytest.mark.parametrize("words", NEVER)
def test_what_must_never_leave_stops_the_letter_however_it_is_written(work: Work, office: Office, words: str) -> None:
    found = judged(a_basis(work, office), words)
    assert not found.may_be_made
    assert {each.item_key for each in found.objections if each.kind is REFUSED} == {"effect_words"}
    assert not [each.text for each in found.objections if words in each.text]


@pytest.mark.parametrize("words", POINTED_OUT)
def test_what_is_seldom_right_is_pointed_out(work: Work, office: Office, words: str) -> None:
    found = judged(a_basis(work, office), words)
    assert kinds(found) == {WARNING}
    assert found.may_be_made


@pytest.mark.parametrize("words", ORDINARY)
def test_an_ordinary_letter_goes_through(work: Work, office: Office, words: str) -> None:
    found = judged(a_basis(work, office), words)
    assert found.objections == ()
    assert found.may_be_made


@pytest.mark.parametrize("whereabouts", ["Leeds", "with her sister", "at home", ""])
@pytest.mark.parametrize("occupation", ["Nurse", "Cook", "care assistant", ""])
def test_a_letter_to_the_court_of_her_own_town_can_be_made(
    work: Work, office: Office, whereabouts: str, occupation: str
) -> None:
    found = judged(a_basis(work, office, whereabouts, occupation), "A nurse and a care assistant were at home with me.")
    assert found.may_be_made
    assert "Leeds" in found.to_whom


@pytest.mark.parametrize(
    ("whereabouts", "occupation", "words"),
    [
        ("Marigold House", "", "I am at marigold house."),
        ("refuge in Nettle Street", "", "I am in a refuge in Nettle St."),
        ("", "Nurse at Exampleford Infirmary", "He waits at Exampleford Infirmary."),
        ("", "Exampleford Bakery", "He waits at the Exampleford bakery."),
    ],
)
def test_a_place_or_workplace_that_tells_is_refused(
    work: Work, office: Office, whereabouts: str, occupation: str, words: str
) -> None:
    assert REFUSED in kinds(judged(a_basis(work, office, whereabouts, occupation), words))


def test_the_courts_own_address_is_never_taken_for_hers(work: Work, office: Office) -> None:
    basis = a_basis(work, office)
    addressee = str(about_facts(basis, first_about(basis, {}), "court")["addressee"])
    street = addressee.splitlines()[2]
    hers = a_basis(work, office, whereabouts=f"{street} Hotel, {street}")
    assert judged(hers, "I am well.", addressee=addressee).may_be_made
    own = judged(hers, "I am well.", addressee="12 Acacia Avenue\nLeeds")
    assert "addressee" in own.problems()
