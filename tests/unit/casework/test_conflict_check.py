from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from advocate_desk.casework.conflict_check import NameTyped, find_conflicts
from advocate_desk.casework.people import PersonDetails
from advocate_desk.casework.work import Work
from tests.builders import a_file, a_work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def a_client(given_name: str, family_name: str, **more: object) -> PersonDetails:
    return PersonDetails("client", given_name, family_name, **more)  # type: ignore[arg-type]


def typed(given_name: str, family_name: str, born_on: date | None = None) -> list[NameTyped]:
    return [NameTyped("client", given_name, family_name, born_on)]


SAME_NAMES = [
    (("Mohammed", "Ali"), ("Muhammad", "Ali")),
    (("Mohammed", "Ali"), ("محمد", "علي")),
    (("محمد", "علي"), ("Muhammad", "Aly")),
    (("Łucja", "Wójcik"), ("Lucja", "Wojcik")),
    (("Fatima", "Hussain"), ("فاطمة", "حسين")),
    (("Yusuf", "Ahmed"), ("يوسف", "أحمد")),
    (("Gurpreet", "Kaur"), ("ਗੁਰਪ੍ਰੀਤ", "ਕੌਰ")),
    (("Sumi", "Begum"), ("সুমি", "বেগম")),
    (("Selam", "Tesfay"), ("ሰላም", "ተስፋይ")),
    (("Li", "Xiaohong"), ("李", "小红")),
    (("Siân", "Prydderch"), ("Sian", "Prydderch")),
    (("Natalia", "Kowalska"), ("Natalya", "Kovalska")),
]


@pytest.mark.parametrize(("known", "asked"), SAME_NAMES)
def test_one_name_is_known_in_another_spelling_or_script(
    work: Work, known: tuple[str, str], asked: tuple[str, str]
) -> None:
    file_id = a_file(work, client=a_client(*known), perpetrator=None)
    (found,) = find_conflicts(work, typed(*asked))
    assert found.file_id == file_id
    assert found.name == " ".join(known)
    assert found.known_role == "client"


@pytest.mark.parametrize(("known", "asked"), SAME_NAMES)
def test_a_name_is_known_either_way_round(work: Work, known: tuple[str, str], asked: tuple[str, str]) -> None:
    a_file(work, client=a_client(*asked), perpetrator=None)
    assert find_conflicts(work, typed(known[1], known[0]))


@pytest.mark.parametrize("asked", [("Testina", "Otherwise"), ("Imaginary", "Sampleby"), ("Zoe", "Nobody")])
def test_another_name_is_not_offered(work: Work, asked: tuple[str, str]) -> None:
    a_file(work)
    assert find_conflicts(work, typed(*asked)) == ()


def test_one_word_alone_is_offered_only_with_the_same_date_of_birth(work: Work) -> None:
    a_file(work, client=a_client("Testina", "", born_on=date(1990, 4, 3)), perpetrator=None)
    assert find_conflicts(work, typed("Testina", "")) == ()
    (found,) = find_conflicts(work, typed("Testina", "", date(1990, 4, 3)))
    assert found.same_birth_date


def test_a_perpetrator_who_is_known_as_a_client_is_offered_with_that_role(work: Work) -> None:
    a_file(work)
    (found,) = find_conflicts(work, [NameTyped("perpetrator", "Testina", "Sampelby")])
    assert (found.typed_role, found.known_role) == ("perpetrator", "client")


def test_of_a_restricted_file_it_is_only_said_that_there_is_one(work: Work) -> None:
    a_file(work, is_restricted=True)
    (found,) = find_conflicts(work, typed("Testina", "Sampleby"))
    assert found.is_restricted
    assert (found.file_id, found.name, found.reference) == (None, "", "")


def test_her_own_file_is_no_conflict(work: Work) -> None:
    file_id = a_file(work)
    assert find_conflicts(work, typed("Testina", "Sampleby"), file_id) == ()


def test_the_same_date_of_birth_comes_first(work: Work) -> None:
    a_file(work, client=a_client("Testina", "Sampleby", born_on=date(1980, 1, 1)), perpetrator=None)
    a_file(work, client=a_client("Testyna", "Samplebey", born_on=date(1990, 4, 3)), perpetrator=None)
    first, second = find_conflicts(work, typed("Testina", "Sampleby", date(1990, 4, 3)))
    assert first.name == "Testyna Samplebey" and first.same_birth_date
    assert second.likeness == 100
