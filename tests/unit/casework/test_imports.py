from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from advocate_desk.casework.import_matches import Choice, Match, find_matches
from advocate_desk.casework.import_rows import RowToImport, intake_of
from advocate_desk.casework.imports import (
    Decision,
    batch_state,
    drop_in_hand,
    import_rows,
    in_hand,
    keep_in_hand,
    remembered_mapping,
    undo_import,
)
from advocate_desk.casework.people import ContactDetails, PersonDetails, save_person
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.errors import Blocked, Invalid, Refused
from advocate_desk.store import audit
from advocate_desk.store.tables.base import record_tables
from advocate_desk.store.tables.files import client_file, referral
from advocate_desk.store.tables.local import audit_event, file_summary, import_batch
from advocate_desk.store.tables.people import contact_method, person
from tests.builders import NOON, a_file, a_referral, a_work, an_intake


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def a_row(number: int = 2, extras: tuple[tuple[str, str], ...] = (), **values: str | date) -> RowToImport:
    """A police referral of an invented client; every number is another person."""
    plain: dict[str, str | date] = {
        "client_given": "Una",
        "client_family": f"Stonechat{number}",
        "client_born_on": date(1990, 1, 1) + timedelta(days=number),
        "source": "police",
        "received_on": date(2026, 11, 20),
        "risk_at_referral": "high",
    }
    return RowToImport(number, {key: value for key, value in (plain | values).items() if value != ""}, extras)


def live(conn: Connection) -> dict[str, int]:
    """How many undeleted records each table holds."""
    return {
        table.name: conn.execute(
            select(func.count()).select_from(table).where(table.c.deleted_at.is_(None))
        ).scalar_one()
        for table in record_tables()
    }


def one(work: Work, column: object) -> object:
    return work.read(lambda conn: conn.execute(select(column)).scalar_one())  # type: ignore[call-overload]


def matches(work: Work, *rows: RowToImport) -> list[Match]:
    return list(find_matches(work, rows))


# ---------------------------------------------------------------------------------------------------- what is written


def test_each_row_becomes_a_file_with_its_people_and_tasks(work: Work) -> None:
    row = a_row(
        perpetrator_given="Max",
        perpetrator_family="Ouzelby",
        relationship="spouse",
        client_phone="07700 900123 / 01632 960001",
        safe_to_call="yes",
        client_email="una@example.org",
        client_address="1 Test Row",
        client_postcode="AB99 1AA",
        children="Ada (4), Finn 7",
    )
    result = import_rows(work, [row, a_row(3)], {})
    assert (result.files, result.merged, result.skipped) == (2, 0, 0)
    counts = work.read(live)
    assert counts["client_file"] == counts["referral"] == 2
    assert (counts["person"], counts["relationship"], counts["contact_method"]) == (5, 1, 4)
    assert counts["task"] >= 2
    assert work.read(lambda conn: conn.execute(select(func.count()).select_from(file_summary)).scalar_one()) == 2
    assert {"client_file", "person", "referral"} <= result.done.kinds


def test_a_list_waits_for_nobody_but_is_audited_once_a_file_and_once_a_list(work: Work) -> None:
    import_rows(work, [a_row(n) for n in range(2, 12)], {})
    kinds = work.read(lambda conn: list(conn.execute(select(audit_event.c.kind)).scalars()))
    assert kinds.count("file_imported") == 10
    assert kinds.count("referrals_imported") == 1
    assert work.read(audit.verify).is_whole


def test_only_a_plain_yes_makes_a_number_safe(work: Work) -> None:
    rows = [a_row(2, client_phone="07700 900123"), a_row(3, client_phone="07700 900124", safe_to_call="no")]
    import_rows(work, rows, {})
    safe = work.read(lambda conn: sorted(conn.execute(select(contact_method.c.is_safe)).scalars()))
    assert safe == ["no", "unknown"]


def test_words_about_safety_stay_with_the_number(work: Work) -> None:
    row = a_row(
        client_phone="07700 900123",
        safe_time="After 10",
        extras=(("Safe to call", "Yes but not evenings"), ("Car", "Van")),
    )
    import_rows(work, [row], {})
    assert one(work, contact_method.c.note) == "After 10\nSafe to call: Yes but not evenings"
    assert one(work, referral.c.incident_summary) == "Car: Van"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada (4), Finn 7", ["Ada", "Finn"]),
        ("Ada, 4; Finn, aged 7", ["Ada", "Finn"]),
        ("Ada Wren and Finn Wren", ["Ada", "Finn"]),
        ("2", []),
        ("two, both at school", []),
        ("0", []),
    ],
)
def test_children_are_taken_by_name_and_else_kept_as_text(text: str, names: list[str]) -> None:
    intake = intake_of(a_row(children=text), NOON, uuid4())
    assert [child.given_name for child in intake.children] == names
    kept = text in intake.referral.incident_summary
    assert kept == (not names and text != "0")


def test_a_referral_of_today_is_not_in_the_future(work: Work) -> None:
    import_rows(work, [a_row(received_on=date(2026, 11, 21))], {})
    assert one(work, referral.c.received_at) <= NOON  # type: ignore[operator]


@given(
    st.dictionaries(
        st.sampled_from(["client_phone", "children", "notes", "site", "client_address", "source", "language"]),
        st.text(min_size=1, max_size=40),
    )
)
def test_everything_a_row_says_is_somewhere_in_its_intake(values: dict[str, str]) -> None:
    intake = intake_of(a_row(**values), NOON, uuid4())  # type: ignore[arg-type]
    everything = repr(intake)
    for key, value in values.items():
        if key == "children":
            continue
        for part in value.split(" / ") if key == "client_phone" else [value]:
            assert repr(part)[1:-1] in everything


# --------------------------------------------------------------------------------------- all of it or nothing of it


def test_a_stopped_import_leaves_nothing(work: Work) -> None:
    before = work.read(live)
    rows = [a_row(n) for n in range(2, 900)]
    seen: list[int] = []
    with pytest.raises(Refused, match="Nothing was changed"):
        import_rows(work, rows, {}, progress=lambda done, _all: seen.append(done), cancelled=lambda: len(seen) >= 2)
    assert seen == [0, 250]
    assert work.read(live) == before
    assert work.read(lambda conn: conn.execute(select(func.count()).select_from(import_batch)).scalar_one()) == 0


def test_a_row_that_should_not_have_come_leaves_nothing(work: Work) -> None:
    before = work.read(live)
    with pytest.raises(Invalid, match="Row 4"):
        import_rows(work, [a_row(2), a_row(3), a_row(4, client_given="", client_family="")], {})
    assert work.read(live) == before


def test_progress_ends_at_the_end(work: Work) -> None:
    seen: list[tuple[int, int]] = []
    import_rows(
        work, [a_row(n) for n in range(2, 302)], {}, progress=lambda done, all_rows: seen.append((done, all_rows))
    )
    assert seen == [(0, 300), (250, 300), (300, 300)]


# ---------------------------------------------------------------------------------------------------------- matches


def test_a_client_with_the_same_name_and_birth_date_is_a_sure_match(work: Work) -> None:
    file_id = a_file(work, client=PersonDetails("client", "Łucja", "Wójcik", born_on=date(1990, 5, 1)))
    row = a_row(client_given="Lucja", client_family="Wojcik", client_born_on=date(1990, 5, 1))
    (match,) = matches(work, row)
    assert (match.known.file_id, match.is_sure, match.suggested) == (file_id, True, Choice.MERGE)
    assert "Same date of birth" in match.reasons


@pytest.mark.parametrize(
    ("values", "suggested"),
    [
        ({"client_born_on": ""}, Choice.NEW),  # the name alone is offered, not taken
        ({"client_born_on": date(1971, 1, 1)}, None),  # another birth date is another person
        ({"client_born_on": "", "client_phone": "+44 7700 900123"}, Choice.MERGE),
        ({"client_given": "Testyna", "client_born_on": "", "client_phone": "07700900123"}, Choice.MERGE),
        ({"client_family": "Otherwise", "client_born_on": "", "client_phone": "07700900123"}, None),
        ({"client_given": "Sampleby", "client_family": "Testina", "client_born_on": ""}, Choice.NEW),
        ({"client_given": "Somebody", "client_family": "Else", "client_born_on": ""}, None),
    ],
)
def test_what_counts_as_the_same_person(work: Work, values: dict[str, str | date], suggested: Choice | None) -> None:
    a_file(work, client=PersonDetails("client", "Testina", "Sampleby", born_on=date(1990, 5, 1)))
    row = a_row(**({"client_given": "Testina", "client_family": "Sampleby"} | values))  # type: ignore[arg-type]
    found = matches(work, row)
    assert (found[0].suggested if found else None) == suggested


def test_a_crime_reference_and_a_married_name_are_offered(work: Work) -> None:
    a_file(work, referral=a_referral(crime_ref="99XX/1/26"), client=PersonDetails("client", "Testina", "Sampleby"))
    row = a_row(client_given="Testina", client_family="Sampling", client_born_on="", crime_ref="99xx-1-26")
    (match,) = matches(work, row)
    assert "Same crime reference" in match.reasons


def test_the_same_referral_again_is_skipped_unless_chosen_otherwise(work: Work) -> None:
    row = a_row(sender_reference="M-901")
    import_rows(work, [row], {})
    (match,) = matches(work, row)
    assert match.is_same_referral
    assert match.suggested is Choice.SKIP


def test_a_client_who_is_twice_in_the_list_is_matched_with_her_first_row(work: Work) -> None:
    again = a_row(9, client_family="Stonechat2", client_born_on=date(1990, 1, 3))
    (match,) = matches(work, a_row(2), a_row(3), again)
    assert (match.row, match.known.row, match.suggested) == (9, 2, Choice.MERGE)


def test_of_a_restricted_file_only_that_it_is_there_is_told(work: Work) -> None:
    a_file(work, is_restricted=True, client=PersonDetails("client", "Testina", "Sampleby", born_on=date(1990, 5, 1)))
    row = a_row(client_given="Testina", client_family="Sampleby", client_born_on=date(1990, 5, 1))
    (match,) = matches(work, row)
    assert match.known.is_restricted
    assert "Sampleby" not in repr(match.known)
    assert Choice.MERGE not in match.choices


def test_a_client_who_is_known_as_a_perpetrator_is_a_conflict(work: Work) -> None:
    a_file(work, perpetrator=PersonDetails("perpetrator", "Imagino", "Fabricant"))
    found = matches(work, a_row(client_given="Imagino", client_family="Fabricant"))
    assert [match.is_conflict for match in found] == [True]
    found = matches(work, a_row(perpetrator_given="Testina", perpetrator_family="Sampleby"))
    assert [match.is_conflict for match in found] == [True]
    assert found[0].suggested is Choice.NEW


def test_names_of_other_scripts_match_their_transliteration(work: Work) -> None:
    a_file(work, client=PersonDetails("client", "محمد", "عصفور", born_on=date(1990, 5, 1)))
    found = matches(work, a_row(client_given="Mohammed", client_family="Asfour", client_born_on=date(1990, 5, 1)))
    assert all(match.suggested is not Choice.SKIP for match in found)


# ------------------------------------------------------------------------------------------------------------ merge


def test_merging_adds_a_referral_and_changes_no_person_or_number(work: Work) -> None:
    file_id = a_file(work)
    before = work.read(live)
    row = a_row(client_phone="07700 900999", safe_to_call="yes", incident_summary="Second report")
    result = import_rows(work, [row], {2: Decision(Choice.MERGE, file_id)})
    assert (result.files, result.merged) == (0, 1)
    after = work.read(live)
    assert after["referral"] == before["referral"] + 1
    assert (after["client_file"], after["person"], after["contact_method"]) == (
        before["client_file"],
        before["person"],
        before["contact_method"],
    )
    story = work.read(
        lambda conn: conn.execute(
            select(referral.c.incident_summary).where(referral.c.import_batch_id.is_not(None))
        ).scalar_one()
    )
    assert story == "Second report\nPhone: 07700 900999\nSafe to call: yes"


def test_rows_merge_with_an_earlier_row_of_the_list(work: Work) -> None:
    decisions = {3: Decision(Choice.MERGE, row=2), 4: Decision(Choice.MERGE, row=3), 5: Decision(Choice.SKIP)}
    result = import_rows(work, [a_row(n) for n in range(2, 6)], decisions)
    assert (result.files, result.merged, result.skipped) == (1, 2, 1)
    assert work.read(live)["referral"] == 3


def test_a_row_whose_partner_was_skipped_opens_its_own_file(work: Work) -> None:
    decisions = {2: Decision(Choice.SKIP), 3: Decision(Choice.MERGE, row=2)}
    assert import_rows(work, [a_row(2), a_row(3)], decisions).files == 1


def test_a_conflict_is_noted_in_the_file(work: Work) -> None:
    import_rows(work, [a_row(2)], {2: Decision(Choice.NEW, conflict_note="Looks like a perpetrator of ours")})
    assert one(work, client_file.c.conflict_note) == "Looks like a perpetrator of ours"


# ------------------------------------------------------------------------------------------------------------- undo


def test_undo_takes_everything_back_and_leaves_what_was_there(work: Work) -> None:
    file_id = a_file(work)
    before = work.read(live)
    assert isinstance(work.clock, FixedClock)
    work.clock.advance(timedelta(minutes=1))
    rows = [a_row(n, client_phone="07700 900123", perpetrator_family="Ouzelby") for n in range(2, 700)]
    result = import_rows(work, rows, {2: Decision(Choice.MERGE, file_id)})
    assert work.read(live) != before
    work.clock.advance(timedelta(minutes=1))
    done = undo_import(work, result.batch_id)
    assert work.read(live) == before
    assert "client_file" in done.kinds
    assert work.read(lambda conn: conn.execute(select(func.count()).select_from(file_summary)).scalar_one()) == 1
    assert work.read(audit.verify).is_whole
    assert work.read(batch_state, result.batch_id).is_undone
    with pytest.raises(Refused):
        undo_import(work, result.batch_id)


def test_undo_is_refused_once_a_file_has_been_worked_on(work: Work) -> None:
    result = import_rows(work, [a_row(2), a_row(3)], {})
    assert isinstance(work.clock, FixedClock)
    work.clock.advance(timedelta(minutes=1))
    file_id, person_id = work.read(lambda conn: conn.execute(select(person.c.file_id, person.c.id)).first())  # type: ignore[misc]
    save_person(work, file_id, person_id, PersonDetails("client", "Una", "Changed"))
    before = work.read(live)
    assert work.read(batch_state, result.batch_id).worked_on == 1
    with pytest.raises(Blocked, match="worked on since"):
        undo_import(work, result.batch_id)
    assert work.read(live) == before


def test_undoing_what_never_was_is_refused(work: Work) -> None:
    with pytest.raises(Refused):
        undo_import(work, uuid4())
    with pytest.raises(Refused):
        work.read(batch_state, uuid4())


# -------------------------------------------------------------------------------------------- remembered and in hand


def test_how_the_columns_were_matched_is_remembered(work: Work) -> None:
    assert work.read(remembered_mapping, "abc") is None
    import_rows(work, [a_row()], {}, "abc", {"columns": {"Vic": "client_name"}})
    assert work.read(remembered_mapping, "abc") == {"columns": {"Vic": "client_name"}}


def test_a_list_in_hand_is_kept_until_it_is_imported_or_dropped(work: Work) -> None:
    assert work.read(in_hand) is None
    keep_in_hand(work, {"rows": [["Una"]]}, {})
    keep_in_hand(work, None, {"2": {"client_given": "Ada"}})
    assert work.read(in_hand) == ({"rows": [["Una"]]}, {"2": {"client_given": "Ada"}})
    import_rows(work, [a_row()], {})
    assert work.read(in_hand) is None
    keep_in_hand(work, {"rows": []}, None)
    drop_in_hand(work)
    assert work.read(in_hand) is None


def test_an_import_that_fails_keeps_the_list_in_hand(work: Work) -> None:
    keep_in_hand(work, {"rows": []}, {})
    with pytest.raises(Refused):
        import_rows(work, [a_row()], {}, cancelled=lambda: True)
    assert work.read(in_hand) is not None


def test_references_are_all_different(work: Work) -> None:
    import_rows(work, [a_row(n) for n in range(2, 602)], {})
    references = work.read(lambda conn: list(conn.execute(select(client_file.c.reference)).scalars()))
    assert len(set(references)) == len(references) == 600


def test_contacts_of_an_intake_are_those_of_a_form() -> None:
    intake = intake_of(a_row(client_phone="01632 960001"), NOON, uuid4())
    assert isinstance(intake.contacts[0], ContactDetails)
    assert intake.contacts[0].kind == "landline"
    assert an_intake().client.role == intake.client.role
    assert list(itertools.chain(intake.alerts, intake.consents)) == []
