"""Weights and capacity of a caseload: vectors of the rule, and what an organisation sets for itself."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.domain.caseload import CaseloadRules, Member, Roster, initials, own_rules, with_own_rules
from tests.builders import PACKS

RULES = PACKS.caseload_rules()
JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.dictionaries(
        st.sampled_from(["status", "added", "open_high", "capacity", "red_percent", "amber_percent", "x"]), inner
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("status", "added", "weight"),
    [
        ("open_high", (), 1.0),
        ("open_medium", (), 0.6),
        ("open_standard", (), 0.3),
        ("monitoring", (), 0.3),
        ("waiting", (), 0.3),
        ("closed", (), 0.0),
        ("closed", ("trial_soon",), 0.0),
        ("open_high", ("trial_soon",), 1.5),
        ("open_high", ("trial_soon", "release_soon", "no_recourse"), 2.5),
        ("open_medium", ("no_recourse",), 1.1),
        ("monitoring", ("release_soon",), 0.8),
    ],
)
def test_a_file_weighs_what_the_rule_says(status: str, added: tuple[str, ...], weight: float) -> None:
    assert RULES.weight(status, *added) == pytest.approx(weight)


@pytest.mark.parametrize(("percent", "capacity"), [(100, 25.0), (80, 20.0), (60, 15.0), (50, 12.5), (20, 5.0)])
def test_capacity_is_25_full_time_and_pro_rata(percent: int, capacity: float) -> None:
    assert RULES.capacity_of(percent) == capacity


@pytest.mark.parametrize(
    ("weight", "state"),
    [(0.0, "ok"), (22.4, "ok"), (22.5, "amber"), (25.0, "amber"), (27.4, "amber"), (27.5, "red"), (40.0, "red")],
)
def test_amber_begins_at_90_percent_and_red_at_110(weight: float, state: str) -> None:
    assert RULES.state(weight, 25.0) == state


def test_no_capacity_is_never_overfull() -> None:
    assert RULES.state(3.0, 0.0) == "ok"


def test_the_days_are_those_of_the_rule() -> None:
    assert (RULES.days("trial_soon"), RULES.days("release_soon"), RULES.ahead_days) == (28, 28, 56)
    assert (RULES.no_contact_days_high, RULES.no_contact_days) == (7, 28)


def test_what_an_organisation_sets_is_kept_and_the_rest_stays() -> None:
    own: dict[str, Any] = {"status": {"open_high": 1.5}, "no_contact_days": 21, "full_time_percent": {"name:Ash": 60}}
    made = with_own_rules(RULES, own)
    assert (made.weight("open_high"), made.weight("open_medium")) == (1.5, 0.6)
    assert (made.no_contact_days, made.no_contact_days_high) == (21, 7)
    assert (made.hours_of("name:Ash"), made.hours_of("name:Kit")) == (60, 100)
    assert with_own_rules(RULES, json.loads(json.dumps(own_rules(made)))) == made


@pytest.mark.parametrize(
    "own",
    [
        None,
        [],
        {"capacity": -3},
        {"capacity": True},
        {"status": {"open_high": 11}},
        {"added": {"unknown": 1}},
        {"no_contact_days": 0},
        {"full_time_percent": {"name:Ash": 101}},
        {"no_such": 4},
    ],
)
def test_what_is_out_of_bounds_or_unknown_changes_nothing(own: object) -> None:
    assert with_own_rules(RULES, own) == RULES


@given(JSON)
def test_whatever_is_kept_gives_rules_that_hold(own: Any) -> None:
    made: CaseloadRules = with_own_rules(RULES, own)
    assert made.capacity >= 1
    assert made.amber_percent <= made.red_percent
    assert min(*(each.weight for each in made.status), *(each.weight for each in made.added)) >= 0


def test_a_name_that_two_members_have_is_nobodys_in_particular() -> None:
    twins = tuple(Member(UUID(int=number), "Sam Example") for number in (1, 2))
    assert Roster(members=twins).named("Sam Example") is None
    assert Roster(members=twins[:1]).named("Sam Example") == twins[0]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Ann Lee", "AL"), ("ann  van der lee", "AVD"), ("", ""), ("سميرة النجار", "سا")],
)
def test_initials_are_the_first_letters_of_three_words_at_most(name: str, shown: str) -> None:
    assert initials(name) == shown
