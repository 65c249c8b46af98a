from __future__ import annotations

import csv
import io
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advocate_desk.documents.sheets.columns import Vocabulary, load_vocabulary
from advocate_desk.documents.sheets.dates import Order
from advocate_desk.documents.sheets.failed_rows import (
    PROBLEM_COLUMN,
    failed_rows_file,
    is_failed_rows,
    neutral,
    restored,
    without_problems,
)
from advocate_desk.documents.sheets.fields import FIELD
from advocate_desk.documents.sheets.header import find_header, table_of
from advocate_desk.documents.sheets.mapping import guess_columns
from advocate_desk.documents.sheets.read import read_sheet
from advocate_desk.documents.sheets.rows import MORE_TO_NOTES, CheckedRow, Checker, Plan, check_rows, date_columns
from advocate_desk.documents.sheets.workbook import Cell
from advocate_desk.packs.packs import Packs
from advocate_desk.paths import resources
from tests.referral_sheets import FOLDER, as_csv, many_rows

TODAY = date(2026, 11, 21)
WORDS = load_vocabulary(Packs(resources()))


def one(**fields: object) -> CheckedRow:
    """A row of the given fields, with a client unless it says otherwise."""
    given: dict[str, object] = {"client_family": "Wren", **fields}
    plan = Plan(tuple(given), tuple(given))
    return Checker(plan, WORDS, TODAY).check(2, tuple(given.values()))  # type: ignore[arg-type]


def checked(name: str, words: Vocabulary = WORDS) -> list[CheckedRow]:
    rows = read_sheet(FOLDER / name).sheets[0].rows
    table = table_of(rows, find_header(rows, words.headers.keys()))
    mapping = tuple(guess.field for guess in guess_columns(table.names, table.rows, words, TODAY))
    plan = Plan(table.names, mapping)
    orders = date_columns(table.rows, plan, TODAY)
    proven = frozenset(key for key, column in orders.items() if column.proven)
    plan = Plan(table.names, mapping, {key: column.order for key, column in orders.items()}, {}, proven)
    return check_rows(table.rows, plan, words, TODAY)


def test_the_police_list_has_its_three_problem_rows() -> None:
    rows = checked("police_daily_list.csv")
    assert {row.number: sorted(row.problems) for row in rows if row.problems} == {
        8: ["incident_on"],
        9: ["client_born_on", "risk_at_referral"],
        10: ["client_family"],
    }
    assert rows[0].values["client_postcode"] == "AB99 1AA"
    assert rows[1].values["safe_to_call"] == "unknown"  # "Yes - weekdays 10 to 2 only" is no plain yes
    assert ("Safe to call", "Yes - weekdays 10 to 2 only") in rows[1].extras
    assert rows[3].values["client_phone"] == "07700900104"


def test_the_councils_american_dates_are_read_month_first() -> None:
    rows = checked("council_housing.txt")
    assert rows[0].values["received_on"] == date(2026, 11, 2)
    assert rows[1].values["client_born_on"] == date(1995, 12, 11)
    assert not rows[1].warnings
    assert "client_email" in rows[1].problems


def test_the_hospitals_names_are_split_and_options_told() -> None:
    rows = checked("hospital_referrals.xlsx")
    assert (rows[0].values["client_given"], rows[0].values["client_family"]) == ("Petra", "Larksong")
    assert (rows[1].values["client_given"], rows[1].values["client_family"]) == ("Amina", "FERNLEIGH")
    assert rows[2].values["incident_summary"] == "=SUM(A1:A9) was typed here by somebody"
    assert rows[3].values["client_born_on"] == date(1985, 1, 1)
    assert rows[3].values["client_phone"] == "07700 900204 / 01632 960204"
    assert not any(row.problems for row in rows)


@pytest.mark.parametrize(
    ("text", "given_name", "family"),
    [
        ("Jane Wren", "Jane", "Wren"),
        ("WREN, Jane Ann", "Jane Ann", "WREN"),
        ("Jane WREN", "Jane", "WREN"),
        ("WREN Jane", "Jane", "WREN"),
        ("Mrs. Jane Wren", "Jane", "Wren"),
        ("Jane van der Wren", "Jane", "van der Wren"),
        ("Noor al Finch", "Noor", "al Finch"),
        ("Wren", "Wren", ""),
        ("محمد عصفور", "محمد", "عصفور"),
        ("Wren, ", "", "Wren"),
    ],
)
def test_whole_names_are_split(text: str, given_name: str, family: str) -> None:
    values = one(client_family=None, client_name=text).values
    assert (values.get("client_given", ""), values.get("client_family", "")) == (given_name, family)


@pytest.mark.parametrize(
    ("cell", "answer", "kept"),
    [
        ("Y", "yes", False), ("yes", "yes", False), (True, "yes", False), (1, "yes", False), ("N", "no", False),
        ("No - he checks the phone", "no", True), ("Yes but not after 5", "unknown", True), ("n/k", "unknown", False),
        ("Yes, ask for Ann", "yes", True), ("text only", "unknown", True), ("Do not call", "no", False),
    ],
)  # fmt: skip
def test_safe_is_yes_only_when_it_plainly_says_so(cell: object, answer: str, kept: bool) -> None:
    row = one(safe_to_call=cell)
    assert row.values["safe_to_call"] == answer
    assert bool(row.extras) == kept


@pytest.mark.parametrize(
    ("cell", "value"),
    [(7700900123, "07700900123"), ("7700 900123", "07700 900123"), ("+44 7700 900123", "+44 7700 900123"),
     ("07700 900123 or 01632 960001", "07700 900123 / 01632 960001"), (1632960001, "01632960001")],
)  # fmt: skip
def test_phone_numbers_get_their_zero_back(cell: object, value: str) -> None:
    assert one(client_phone=cell).values["client_phone"] == value


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("client_phone", "ask her mother"), ("client_email", "wren at example"), ("client_born_on", "31/02/1990"),
        ("client_born_on", "01/01/2027"), ("client_born_on", "01/01/1850"), ("incident_on", "22/11/2026"),
        ("received_on", "tomorrow"), ("risk_at_referral", "14 ticks"), ("client_given", "07700 900123"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_a_problem_with_a_sentence(field: str, cell: object) -> None:
    row = one(**{field: cell})
    assert field in row.problems
    assert field not in row.values
    assert row.problems[field].endswith((".", "?"))


def test_a_row_without_a_client_is_a_problem() -> None:
    assert one(client_family="n/k").problems
    assert not one(client_family=None, client_given="Jane").problems


def test_client_and_perpetrator_of_one_name_are_a_problem() -> None:
    row = one(client_given="Jane", perpetrator_given="Jane", perpetrator_family="Wren")
    assert "perpetrator_family" in row.problems


def test_an_option_that_is_none_of_ours_is_kept_as_a_note() -> None:
    row = one(relationship="Situationship")
    assert not row.problems
    assert row.warnings["relationship"]
    assert row.extras == (("Relationship", "Situationship"),)


def test_an_ambiguous_date_in_the_future_is_read_the_other_way_and_said() -> None:
    row = one(incident_on="11/12/2026")
    assert row.values["incident_on"] == date(2026, 11, 12)
    assert "future" in row.warnings["incident_on"]


def test_an_ambiguous_date_is_warned_about_until_its_column_is_settled() -> None:
    plan = Plan(("F", "D"), ("client_family", "incident_on"))
    assert Checker(plan, WORDS, TODAY).check(2, ("Wren", "03/04/2026")).warnings
    settled = Plan(plan.names, plan.mapping, {"incident_on": Order.MONTH_FIRST}, {}, frozenset({"incident_on"}))
    row = Checker(settled, WORDS, TODAY).check(2, ("Wren", "03/04/2026"))
    assert not row.warnings
    assert row.values["incident_on"] == date(2026, 3, 4)


def test_an_edit_stands_for_the_cell_and_is_checked_alone() -> None:
    plan = Plan(("F", "D"), ("client_family", "client_born_on"))
    checker = Checker(plan, WORDS, TODAY)
    assert checker.check(2, ("Wren", "31/02/1990")).problems
    put_right = checker.check(2, ("Wren", "31/02/1990"), {"client_born_on": "28/02/1990"})
    assert not put_right.problems
    assert put_right.texts["client_born_on"] == "28/02/1990"
    assert not checker.check(2, ("Wren", "31/02/1990"), {"client_born_on": ""}).problems


def test_one_answer_for_all_fills_only_what_is_empty() -> None:
    plan = Plan(("F", "S"), ("client_family", "source"), {}, {"source": "police", "site": "Testham"})
    checker = Checker(plan, WORDS, TODAY)
    assert checker.check(2, ("Wren", None)).values["source"] == "police"
    assert checker.check(3, ("Finch", "GP")).values["source"] == "health"
    assert checker.check(3, ("Finch", "GP")).values["site"] == "Testham"


def test_columns_without_a_field_can_be_kept_in_the_notes() -> None:
    plan = Plan(("F", "Car", "Dog"), ("client_family", MORE_TO_NOTES, ""))
    assert Checker(plan, WORDS, TODAY).check(2, ("Wren", "Blue van", "Rex")).extras == (("Car", "Blue van"),)


def test_names_lose_signs_that_could_disguise_them() -> None:
    row = one(client_family="\u202eWren\u202c\x00 \u0007", incident_summary="line\u2066 one\nline two")
    assert row.values["client_family"] == "Wren"
    assert row.values["incident_summary"] == "line one\nline two"


def test_five_thousand_rows_are_checked_within_a_second() -> None:
    header, rows = many_rows(5000)
    numbered = [(n, row) for n, row in enumerate(rows, 2)]
    mapping = tuple(guess.field for guess in guess_columns(header, numbered, WORDS, TODAY))
    started = time.perf_counter()
    result = check_rows(numbered, Plan(header, mapping), WORDS, TODAY)
    assert time.perf_counter() - started < 1.0 * 3  # three times as slow a machine as the one it was written on
    assert sum(bool(row.problems) for row in result) == 100


def test_checking_stops_when_it_is_cancelled() -> None:
    rows = [(n, ("Wren",)) for n in range(2, 3000)]
    plan = Plan(("F",), ("client_family",))
    assert len(check_rows(rows, plan, WORDS, TODAY, cancelled=lambda: True)) == 256


anything = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.dates(), st.times())


@settings(max_examples=300)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELD, anything)))
def test_no_row_is_too_strange(fields: dict[str, object]) -> None:
    row = one(**fields)
    assert row.problems.keys().isdisjoint(row.values.keys() - {"client_given", "client_family"}) or row.problems
    for key, value in row.values.items():
        assert key in FIELD
        assert value != ""
        if FIELD[key].options:
            assert value in WORDS.labels[FIELD[key].options]


# ----------------------------------------------------------------------------------------- the file of failed rows


@given(st.text())
def test_the_formula_mark_is_taken_away_again(text: str) -> None:
    assert restored(neutral(text)) == text


@given(st.text())
def test_no_cell_of_the_file_can_run(text: str) -> None:
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_failed_rows_come_back_as_they_were() -> None:
    names = ("=Surname", "Phone", "Note", "Born")
    rows: list[tuple[Cell, ...]] = [
        ("Wren", "+44 7700 900123", "=HYPERLINK(1)", date(1990, 4, 3)),
        ("'-O", None, 'two\nlines; "q"', 7),
    ]
    data = failed_rows_file(names, [(row, ["Not a date."]) for row in rows])
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert not [c for row in csv.reader(io.StringIO(text, newline="")) for c in row if c.startswith(("=", "+", "-"))]
    table = table_of(read_sheet(data).sheets[0].rows, 0)
    assert is_failed_rows(table.names)
    back = without_problems(table)
    assert back.names == names
    assert [cells for _number, cells in back.rows] == [
        ("Wren", "+44 7700 900123", "=HYPERLINK(1)", "03/04/1990"),
        ("'-O", None, 'two\nlines; "q"', "7"),
    ]


def test_a_sheet_of_others_is_not_taken_for_ours() -> None:
    assert not is_failed_rows(("Surname", "Problem"))
    assert is_failed_rows(("Surname", PROBLEM_COLUMN))


def test_failed_rows_can_be_imported_again() -> None:
    header, rows = many_rows(60)
    data = failed_rows_file(header, [(rows[49], ["No such day."])])
    sheet = read_sheet(data).sheets[0].rows
    table = without_problems(table_of(sheet, find_header(sheet, WORDS.headers.keys())))
    mapping = tuple(guess.field for guess in guess_columns(table.names, table.rows, WORDS, TODAY))
    result = check_rows(table.rows, Plan(table.names, mapping), WORDS, TODAY)
    assert list(result[0].problems) == ["client_born_on"]
    assert as_csv(header, rows)
