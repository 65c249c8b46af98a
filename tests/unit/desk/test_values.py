"""What is typed, read as days, times and numbers; what of a form shows, is missing and is answered."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.desk.forms.values import (
    blank_values,
    day_words,
    is_shown,
    iso_day,
    parse_day,
    parse_number,
    parse_time,
    problems,
    progress,
    top_fields,
    unreadable,
)
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Section, ShownWhen

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3/4/26", date(2026, 4, 3)),
        ("3.4.2026", date(2026, 4, 3)),
        ("03-04-2026", date(2026, 4, 3)),
        ("3 4 26", date(2026, 4, 3)),
        ("3/4", date(2026, 4, 3)),
        ("3/4/85", date(1985, 4, 3)),
        ("3/4/46", date(2046, 4, 3)),
        ("3/4/47", date(1947, 4, 3)),
        ("3 Apr", date(2026, 4, 3)),
        ("3rd of April 2027", date(2027, 4, 3)),
        ("Fri 3 April 2026", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)),
        ("today", SATURDAY),
        ("Tomorrow ", date(2026, 11, 22)),
        ("yesterday", date(2026, 11, 20)),
        ("mon", date(2026, 11, 23)),
        ("saturday", date(2026, 11, 28)),
        ("+7", date(2026, 11, 28)),
        ("-1", date(2026, 11, 20)),
        ("+2w", date(2026, 12, 5)),
        ("+3m", date(2027, 2, 21)),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, meant: date) -> None:
    assert parse_day(typed, SATURDAY) == meant


@pytest.mark.parametrize(
    "typed", ["", "31/2/26", "13/13/26", "soon", "3/4/2", "4", "+99999999", "29 Feb 2027", "0/1/26"]
)
def test_what_is_no_day_is_not_guessed_at(typed: str) -> None:
    assert parse_day(typed, SATURDAY) is None


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_comes_back_from_how_it_is_shown(day: date) -> None:
    assert parse_day(f"{day:%d/%m/%Y}", SATURDAY) == day
    assert parse_day(day_words(day), SATURDAY) == day
    assert iso_day(day.isoformat()) == day


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading_of_days_and_times(typed: str) -> None:
    parse_day(typed, SATURDAY)
    parse_time(typed)
    parse_number(typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1015", time(10, 15)),
        ("10.15", time(10, 15)),
        ("10:15", time(10, 15)),
        ("9", time(9)),
        ("9am", time(9)),
        ("2.30 pm", time(14, 30)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("noon", time(12)),
        ("23:59", time(23, 59)),
        ("0905", time(9, 5)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, meant: time) -> None:
    assert parse_time(typed) == meant


@pytest.mark.parametrize("typed", ["", "24:00", "10:61", "13pm", "late", "10151"])
def test_what_is_no_time_is_not_guessed_at(typed: str) -> None:
    assert parse_time(typed) is None


@given(st.times())
def test_every_time_comes_back_from_how_it_is_shown(moment: time) -> None:
    assert parse_time(f"{moment:%H:%M}") == time(moment.hour, moment.minute)
    assert parse_time(f"{moment:%H%M}") == time(moment.hour, moment.minute)


def test_numbers_are_read_with_their_separators() -> None:
    assert (parse_number("1,200"), parse_number(" 3 "), parse_number("about six")) == (1200, 3, None)


ROOM = Field("room", FieldKind.TEXT, "Room", required=True, shown_when=ShownWhen("where", ("police",)))
WHERE = Field("where", FieldKind.CHOICE, "Where")
ASKED = Field("asked", FieldKind.ANSWER, "Asked?", fields=(Field("when", FieldKind.DATE, "When", required=True),))
ROWS = Field("rows", FieldKind.REPEAT, "Row", fields=(Field("age", FieldKind.NUMBER, "Age"),))
SPEC = FormSpec("a", "A", (Section("one", "One", (WHERE, ROOM)), Section("two", "Two", (ASKED, ROWS))))


def test_a_hidden_field_is_not_missed() -> None:
    assert problems(SPEC, blank_values(top_fields(SPEC))) == {}
    assert set(problems(SPEC, {"where": "police", "room": ""})) == {"room"}


def test_follow_ups_are_asked_for_only_after_a_yes() -> None:
    yes = {"answer": "yes", "detail": {}, "source": ""}
    assert set(problems(SPEC, {"asked": yes})) == {"asked.detail.when"}
    assert problems(SPEC, {"asked": {**yes, "answer": "no"}}) == {}


def test_a_row_is_named_by_its_number() -> None:
    assert set(problems(SPEC, {"rows": [{"age": 3}, {"age": "six"}]})) == {"rows.1.age"}


def test_an_answer_a_tick_and_a_list_decide_what_shows() -> None:
    rule = Field("f", FieldKind.TEXT, "F", shown_when=ShownWhen("key", ("yes",)))
    for value, shown in (({"answer": "yes"}, True), ({"answer": "no"}, False), (True, True), (["no", "yes"], True)):
        assert is_shown(rule, {"key": value}) is shown


def test_progress_leaves_out_what_is_hidden() -> None:
    assert progress(top_fields(SPEC), {"where": "court"}) == (1, 3)
    assert progress(top_fields(SPEC), {"where": "police"}) == (1, 4)


def test_too_much_text_is_said_with_how_much_there_may_be() -> None:
    words = unreadable(Field("t", FieldKind.TEXT, "T", max_length=3), "four")
    assert words is not None
    assert "3" in words
