from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.documents.sheets.columns import RESOURCE, ColumnsResource, Vocabulary, load_vocabulary
from advocate_desk.documents.sheets.fields import FIELD
from advocate_desk.documents.sheets.header import (
    Table,
    column_letters,
    find_header,
    header_names,
    normal_name,
    table_of,
)
from advocate_desk.documents.sheets.mapping import guess_columns, remembered_columns, signature
from advocate_desk.documents.sheets.read import read_sheet
from advocate_desk.packs.packs import Packs
from advocate_desk.paths import resources
from tests.referral_sheets import FILES, FOLDER

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return load_vocabulary(Packs(resources()))


def table(name: str, words: Vocabulary) -> Table:
    rows = read_sheet(FOLDER / name).sheets[0].rows
    return table_of(rows, find_header(rows, words.headers.keys()))


@pytest.mark.parametrize("name", FILES)
def test_the_kept_files_are_what_their_script_makes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == FILES[name]()


@pytest.mark.parametrize(
    ("name", "header_row", "rows"),
    [
        ("police_daily_list.csv", 3, 6),
        ("hospital_referrals.xlsx", 3, 4),
        ("marac_list.ods", 0, 3),
        ("council_housing.txt", 0, 3),
        ("two_bands.csv", 1, 2),
    ],
)
def test_the_header_is_found_under_titles(name: str, header_row: int, rows: int, words: Vocabulary) -> None:
    found = table(name, words)
    assert (found.header_row, len(found.rows)) == (header_row, rows)
    assert find_header(read_sheet(FOLDER / name).sheets[0].rows) == header_row  # by looks alone, too


def test_rows_keep_their_place_in_the_file(words: Vocabulary) -> None:
    assert [number for number, _ in table("police_daily_list.csv", words).rows] == [5, 6, 7, 8, 9, 10]


def test_a_band_of_groups_tells_equal_headers_apart(words: Vocabulary) -> None:
    names = table("two_bands.csv", words).names
    assert names[1:3] == ("VICTIM DETAILS Surname", "VICTIM DETAILS Forename")
    assert names[4] == "OFFENDER DETAILS Surname"


def test_names_are_made_different_and_none_is_empty() -> None:
    assert header_names(("Name", "name", None, "Name"), 5) == ("Name", "name (2)", "Column C", "Name (3)", "Column E")
    assert (column_letters(0), column_letters(25), column_letters(26), column_letters(701)) == ("A", "Z", "AA", "ZZ")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("D.O.B.", "dob"), ("Vic D.O.B", "vic dob"), ("DateOfBirth", "date of birth"), ("Ref'd by", "refd by"),
     ("PerpDOB", "perp dob"), ("DoB", "dob"), ("Safe to call?", "safe to call"), ("A&E", "ae"), ("Prénom", "prenom")],
)  # fmt: skip
def test_headers_are_compared_by_what_they_say(name: str, expected: str) -> None:
    assert normal_name(name) == expected


EXPECTED = {
    "police_daily_list.csv": {
        "Crime No": "crime_ref", "Date of Offence": "incident_on", "Vic Surname": "client_family",
        "Vic Forename": "client_given", "Vic DOB": "client_born_on", "Vic Address": "client_address",
        "Vic Postcode": "client_postcode", "Vic Tel": "client_phone", "Safe to call?": "safe_to_call",
        "Suspect Surname": "perpetrator_family", "Suspect Forename": "perpetrator_given",
        "Suspect DOB": "perpetrator_born_on", "Rel to Susp": "relationship", "DASH Risk": "risk_at_referral",
        "Ref'd by": "referrer_name", "Brief circumstances": "incident_summary",
    },
    "hospital_referrals.xlsx": {
        "Hospital No": "sender_reference", "Patient Name": "client_name", "DOB": "client_born_on",
        "Attendance Date": "incident_on", "Ward": "site", "Referred by": "referrer_name", "Bleep": "referrer_contact",
        "Contact number": "client_phone", "OK to leave message?": "safe_to_voicemail",
        "Interpreter required": "interpreter", "Language": "language", "Perpetrator's name": "perpetrator_name",
        "Relationship to patient": "relationship", "Reason for referral": "incident_summary",
        "Children (names, ages)": "children",
    },
    "marac_list.ods": {
        "MARAC Case Number": "sender_reference", "Agency": "source", "Date of Referal": "received_on",
        "Victim": "client_name", "Victim Date of Birth": "client_born_on", "Victim Phone": "client_phone",
        "Safe to contact": "safe_to_call", "Perpetrator": "perpetrator_name", "Perp DoB": "perpetrator_born_on",
        "Relationship": "relationship", "No. of children": "children", "Risk Level": "risk_at_referral",
        "Notes": "notes", "Lead agency comment": "",
    },
    "two_bands.csv": {
        "Ref": "sender_reference", "VICTIM DETAILS Surname": "client_family",
        "VICTIM DETAILS Forename": "client_given", "VICTIM DETAILS DOB": "client_born_on",
        "OFFENDER DETAILS Surname": "perpetrator_family", "OFFENDER DETAILS Forename": "perpetrator_given",
        "OFFENDER DETAILS DOB": "perpetrator_born_on", "Incident date": "incident_on",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_the_columns_of_real_looking_lists_are_guessed_whole(name: str, words: Vocabulary) -> None:
    found = table(name, words)
    guesses = guess_columns(found.names, found.rows, words, TODAY)
    assert dict(zip(found.names, (guess.field for guess in guesses), strict=True)) == EXPECTED[name]


def test_cells_that_speak_against_a_field_outweigh_its_header(words: Vocabulary) -> None:
    rows = [(n, ("free text about nothing", "wren@example.org")) for n in range(2, 12)]
    assert [g.field for g in guess_columns(("DOB", "Email"), rows, words, TODAY)] == ["", "client_email"]


def test_a_perpetrators_column_is_never_taken_for_the_clients(words: Vocabulary) -> None:
    names = ("Suspect Phone", "Susp Address", "Perp Email", "Offender postcode", "Abuser mobile")
    guesses = guess_columns(names, [], words, TODAY)
    assert not [g.field for g in guesses if g.field.startswith("client")]


def test_a_field_is_given_once_but_address_lines_join(words: Vocabulary) -> None:
    names = ("Surname", "Last name", "Address 1", "Address 2", "Town")
    assert [g.field for g in guess_columns(names, [], words, TODAY)] == [
        "client_family", "", "client_address", "client_address", "client_address",
    ]  # fmt: skip


def test_a_header_is_remembered_whatever_its_capitals() -> None:
    assert signature(("Vic Surname", "D.O.B.")) == signature(("VIC SURNAME", "dob"))
    assert signature(("A", "B")) != signature(("B", "A"))
    guesses = remembered_columns(("X", "Y", "Z"), {"X": "notes", "Y": "gone", "other": "site"})
    assert [guess.field for guess in guesses] == ["notes", "", ""]


def test_every_word_of_the_resource_leads_to_a_field(words: Vocabulary) -> None:
    assert set(words.headers.values()) <= FIELD.keys()
    wanted = {key for key, field in FIELD.items()}
    assert wanted == set(words.headers.values())
    assert Packs(resources()).read(RESOURCE, ColumnsResource).source.title


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=8), st.integers(), st.dates()), max_size=5).map(tuple),
        max_size=12,
    )
)
def test_no_sheet_is_too_strange_for_a_header(rows: list[tuple[object, ...]]) -> None:
    index = find_header(rows)  # type: ignore[arg-type]
    found = table_of(rows, index)  # type: ignore[arg-type]
    assert len(set(map(str.casefold, found.names))) == len(found.names)
    assert all(len(row) == len(found.names) for _number, row in found.rows)
