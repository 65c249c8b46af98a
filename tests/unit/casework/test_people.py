from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from advocate_desk.casework.access import history
from advocate_desk.casework.people import (
    ContactDetails,
    PersonDetails,
    RelationshipDetails,
    read_immigration_note,
    remove_contact,
    remove_person,
    restore_contact,
    restore_person,
    save_contact,
    save_immigration_note,
    save_perpetrator,
    save_person,
    save_relationship,
)
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid, Refused
from advocate_desk.store.queries.client_file import FileView, file_view
from tests.builders import a_file, a_work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def view(work: Work, file_id: FileId) -> FileView:
    return work.read(file_view, file_id)


def client_id(work: Work, file_id: FileId) -> RecordId:
    client = view(work, file_id).client
    assert client is not None
    return RecordId(client.person_id)


def test_somebody_is_added_and_changed(work: Work, file_id: FileId) -> None:
    added = save_person(work, file_id, None, PersonDetails("child", "Childa"))
    save_person(work, file_id, added.record_id, PersonDetails("child", "Childa", "Sampleby", born_on=date(2020, 1, 2)))
    (child,) = [each for each in view(work, file_id).people if each.role == "child"]
    assert (child.name, child.born_on) == ("Childa Sampleby", date(2020, 1, 2))


def test_changing_a_person_leaves_her_immigration_note(work: Work, file_id: FileId) -> None:
    person_id = client_id(work, file_id)
    save_immigration_note(work, person_id, "Spouse visa")
    save_person(work, file_id, person_id, PersonDetails("client", "Testina", "Renamed"))
    assert read_immigration_note(work, person_id) == "Spouse visa"


def test_reading_the_immigration_note_is_on_record_without_its_words(work: Work, file_id: FileId) -> None:
    person_id = client_id(work, file_id)
    save_immigration_note(work, person_id, "Spouse visa")
    read_immigration_note(work, person_id)
    lines = history(work, file_id)
    assert {"immigration_note_saved", "immigration_note_read"} <= {each.kind for each in lines}
    assert "visa" not in repr(lines)


def test_somebody_without_any_name_is_refused(work: Work, file_id: FileId) -> None:
    with pytest.raises(Invalid) as refused:
        save_person(work, file_id, None, PersonDetails("child", " "))
    assert "given_name" in refused.value.problems
    assert len(view(work, file_id).people) == 2


def test_a_second_perpetrator_comes_with_a_link_to_the_client(work: Work, file_id: FileId) -> None:
    details = PersonDetails("perpetrator", "Inventa", "Madeup")
    done = save_perpetrator(work, file_id, None, details, RelationshipDetails("in_law", "family"))
    save_perpetrator(work, file_id, done.record_id, details, RelationshipDetails("in_law", "separated"))
    links = view(work, file_id).relationships
    assert [(each.perpetrator_name, each.status) for each in links] == [
        ("Imagino Fabricant", "ex"),
        ("Inventa Madeup", "separated"),
    ]


def test_how_they_are_related_is_changed(work: Work, file_id: FileId) -> None:
    link = view(work, file_id).relationships[0]
    save_relationship(work, RecordId(link.relationship_id), RelationshipDetails("spouse", "divorced"))
    assert view(work, file_id).relationships[0].status == "divorced"


def test_a_removed_person_comes_back(work: Work, file_id: FileId) -> None:
    done = save_person(work, file_id, None, PersonDetails("child", "Childa"))
    assert done.record_id is not None
    remove_person(work, done.record_id)
    assert [each.role for each in view(work, file_id).people] == ["client", "perpetrator"]
    restore_person(work, done.record_id)
    assert view(work, file_id).people[-1].name == "Childa"


def test_the_client_cannot_be_taken_out_of_her_own_file(work: Work, file_id: FileId) -> None:
    with pytest.raises(Invalid):
        remove_person(work, client_id(work, file_id))
    assert view(work, file_id).client is not None


def test_a_person_who_is_gone_cannot_be_changed(work: Work, file_id: FileId) -> None:
    done = save_person(work, file_id, None, PersonDetails("child", "Childa"))
    assert done.record_id is not None
    remove_person(work, done.record_id)
    with pytest.raises(Refused):
        save_person(work, file_id, done.record_id, PersonDetails("child", "Childa", "Late"))


def test_a_way_to_reach_her_is_added_changed_removed_and_brought_back(work: Work, file_id: FileId) -> None:
    person_id = client_id(work, file_id)
    details = ContactDetails("email", "a@example.test", is_safe="no", safe_days=("mon", "tue"))
    done = save_contact(work, file_id, person_id, None, details)
    assert done.record_id is not None
    save_contact(work, file_id, person_id, done.record_id, ContactDetails("email", "b@example.test", is_safe="yes"))
    assert {each.method.value for each in view(work, file_id).banner.contacts} == {"07700 900123", "b@example.test"}
    remove_contact(work, done.record_id)
    assert len(view(work, file_id).banner.contacts) == 1
    restore_contact(work, done.record_id)
    assert len(view(work, file_id).banner.contacts) == 2


def test_a_contact_method_with_nothing_in_it_is_refused(work: Work, file_id: FileId) -> None:
    with pytest.raises(Invalid):
        save_contact(work, file_id, client_id(work, file_id), None, ContactDetails("mobile", ""))
    assert len(view(work, file_id).banner.contacts) == 1


def test_what_was_said_of_a_number_is_on_record_but_not_the_number(work: Work, file_id: FileId) -> None:
    save_contact(work, file_id, client_id(work, file_id), None, ContactDetails("mobile", "07700 900999", is_safe="no"))
    (line,) = [each for each in history(work, file_id) if each.kind == "contact_method_saved"]
    assert line.detail == "safe: no"
