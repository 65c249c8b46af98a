"""Find: what is typed, however oddly, brings the right records in the right order."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import TextClause, text

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.people import ContactDetails, PersonDetails, remove_person
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries import find as find_module
from advocate_desk.store.queries.find import MARK_OFF, MARK_ON, Hit, find, match_expression
from tests.builders import NOON, a_file, a_referral, a_work
from tests.builders_large import a_caseload


def client(given: str, family: str) -> PersonDetails:
    return PersonDetails("client", given, family)


def reference_of(work: Work, file_id: FileId) -> str:
    rows = work.read(lambda conn: conn.execute(text("SELECT reference, file_id FROM file_summary")).all())
    return next(str(each.reference) for each in rows if each.file_id == file_id.hex)


def found(work: Work, typed: str) -> tuple[Hit, ...]:
    return work.read(find, typed)


def test_a_name_is_found_across_accents_and_letters(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work, client=client("Łucja", "Wójcik"))
    for typed in ("lucja", "Łucja", "WOJCIK", "wójc", "luc woj"):
        assert [hit.file_id for hit in found(work, typed) if hit.role == "client"] == [file_id], typed


def test_a_name_is_found_across_scripts(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work, client=client("محمد", "ਹਰਪ੍ਰੀਤ"))
    for typed in ("محمد", "mhmd", "ਹਰਪ੍ਰੀਤ", "ਹਰ"):
        assert [hit.file_id for hit in found(work, typed)] == [file_id], typed


def test_accented_typing_finds_the_plain_name(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work, client=client("Lucja", "Zoe"))
    assert {hit.file_id for hit in found(work, "Łucja Zoë")} == {file_id}


@pytest.mark.parametrize(
    "typed", ["07700 900123", "07700900123", "+44 7700 900 123", "0770 0900 123", "(07700) 900-123"]
)
def test_a_phone_number_is_found_however_it_is_spaced(tmp_path: Path, typed: str) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work, contacts=(ContactDetails("mobile", "07700 900123", is_safe="yes"),))
    a_file(work, contacts=(ContactDetails("mobile", "07700 900999", is_safe="yes"),))
    assert [(hit.kind, hit.file_id) for hit in found(work, typed)] == [("contact", file_id)]


def test_a_reference_comes_before_everything_else(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work)
    reference = reference_of(work, file_id)
    other = a_file(work, client=client("Otherwise", "Sampleby"))
    write_note(work, other, NoteDetails(NOON, "phone", f"She is the sister of {reference}"))
    for typed in (reference, reference.lower(), reference.replace("-", "")):
        hits = found(work, typed)
        assert (hits[0].kind, hits[0].file_id) == ("reference", file_id), typed


def test_clients_whose_name_begins_so_come_before_other_people_and_notes_last(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    begins = a_file(work, client=client("Mira", "Testworth"))
    inside = a_file(work, client=client("Anna", "Miraworth"))
    other = a_file(work, perpetrator=PersonDetails("perpetrator", "Miran", "Fabricant"))
    write_note(work, other, NoteDetails(NOON, "phone", "Spoke about a miracle"))
    assert [(hit.kind, hit.file_id) for hit in found(work, "mira")] == [
        ("person", begins),
        ("person", inside),
        ("person", other),
        ("note", other),
    ]


def test_notes_come_newest_first_with_their_words_marked(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work)
    for hours, said in ((5, "The locks were changed on Monday"), (1, "Asked about new locks again")):
        write_note(work, file_id, NoteDetails(NOON - timedelta(hours=hours), "phone", said))
    hits = [hit for hit in found(work, "lock") if hit.kind == "note"]
    assert [hit.happened_at for hit in hits] == [NOON - timedelta(hours=1), NOON - timedelta(hours=5)]
    assert f"{MARK_ON}locks{MARK_OFF}" in hits[0].snippet


def test_a_crime_reference_is_found_with_and_without_its_stroke(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work, referral=a_referral(crime_ref="EX100200/26"))
    for typed in ("EX100200/26", "ex100200", "ex100200 26"):
        assert [(hit.kind, hit.file_id) for hit in found(work, typed)] == [("referral", file_id)], typed


def test_every_word_is_needed(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    a_file(work, client=client("Mira", "Testworth"))
    assert found(work, "mira nobody") == ()


@pytest.mark.parametrize(
    "typed",
    ["", " ", '"', '"" OR ""', "*", "NEAR(", "AND OR NOT", "body:x", "a\x00b", "\ud800", "😀", "-", "^x", "(",
     "x" * 10_000, "%%%%%1", "_____1", "' OR 1=1 --", "kind : note", "0" * 40, "é" * 300, "\u200b", "１２３４５６"],
)  # fmt: skip
def test_odd_input_raises_nothing(tmp_path: Path, typed: str) -> None:
    work = a_work(tmp_path)
    a_file(work)
    assert isinstance(found(work, typed), tuple)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Work:
    work = a_work(tmp_path_factory.mktemp("find"))
    a_caseload(work, 40, 2)
    return work


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(st.characters(), max_size=80))
@example('"')
@example("a\ud8ff")
@example("0044\x00 7")
def test_nothing_that_can_be_typed_raises(shared: Work, typed: str) -> None:
    assert len(found(shared, typed)) <= 16


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_any_beginning_of_a_name_finds_its_owner(shared: Work, data: st.DataObject) -> None:
    people = shared.read(lambda conn: conn.execute(text("SELECT given_name, family_name, file_id FROM person")).all())
    one = data.draw(st.sampled_from(people))
    typed = " ".join(name[: data.draw(st.integers(1, len(name)))] for name in (one.given_name, one.family_name))
    hits = shared.read(find, typed, 500)
    assert one.file_id in {hit.file_id.hex for hit in hits if hit.kind == "person"}


def test_a_keystroke_reads_the_indexes_and_no_table_whole(shared: Work) -> None:
    assert walked(shared, find_module._RECORDS) == {"search_record VIRTUAL TABLE"}
    assert walked(shared, find_module._NOTES) == {"search_text VIRTUAL TABLE"}
    assert walked(shared, find_module._REFERENCES) == {"e USING INDEX ix_search_entry_figures"}
    assert walked(shared, find_module._PHONES) == {"search_entry USING INDEX ix_search_entry_figures", "f"}


def walked(work: Work, statement: TextClause) -> set[str]:
    """What a statement reads from end to end: an index, by the name of its table and its own."""
    asked = {"match": match_expression("sa"), "most": 8, "start": "sa%", "written": "sa%", "weighed": 300}
    asked |= {"first": "sa", "beyond": "sb", "held": "%07700%"}
    needed = {key: value for key, value in asked.items() if f":{key}" in statement.text}
    with work.engine.begin() as conn:
        steps = [row.detail for row in conn.execute(text("EXPLAIN QUERY PLAN " + statement.text), needed)]
    scans = (re.sub(r" INDEX \d+:.*", "", step.removeprefix("SCAN ")) for step in steps if step.startswith("SCAN"))
    return {step for step in scans if not step.startswith(("matching", "(subquery", "3-ARY"))}


def test_what_is_deleted_is_not_found(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    a_file(work, perpetrator=PersonDetails("perpetrator", "Miran", "Fabricant"))
    person = next(hit.record_id for hit in found(work, "miran"))
    remove_person(work, RecordId(person))
    assert found(work, "miran") == ()


@pytest.mark.parametrize("typed", ["900123", "07700 900123", "invented row", "parcel"])
def test_no_number_address_or_code_word_leaves_the_store(tmp_path: Path, typed: str) -> None:
    work = a_work(tmp_path)
    number = ContactDetails("mobile", "07700 900123", is_safe="no", code_word="parcel", who_may_answer="Her sister")
    a_file(work, contacts=(number, ContactDetails("post", "12 Invented Row", is_safe="no")))
    shown = repr(found(work, typed))
    for secret in ("07700", "900123", "Invented", "parcel", "sister"):
        assert secret not in shown


def test_a_beginning_too_short_for_the_index_still_chooses_among_the_notes(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work)
    for written in ("Spoke of the locks (Jo was there)", "Spoke of the locks alone", "The locks, and Édith"):
        write_note(work, file_id, NoteDetails(NOON, "phone", written))
    plain = {
        typed: [hit.snippet for hit in found(work, typed) if hit.kind == "note"] for typed in ("locks jo", "ed locks")
    }
    assert [len(each) for each in plain.values()] == [1, 1]
    assert "Jo" in plain["locks jo"][0]
    assert "dith" in plain["ed locks"][0]
