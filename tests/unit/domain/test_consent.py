"""Which of many recorded decisions about sharing stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import permutations

import pytest

from advocate_desk.domain.consent import Consent, in_force

EARLY, LATE, LATEST = date(2026, 11, 1), date(2026, 11, 9), date(2026, 11, 20)


@dataclass(frozen=True)
class Said:
    decision: str
    decided_on: date | None = None
    withdrawn_on: date | None = None
    scope: str = "share_court"


def stands(*said: Said) -> Consent:
    return in_force(said)["share_court"]


def test_the_decision_of_the_latest_day_stands_however_they_were_entered() -> None:
    for order in permutations((Said("given", EARLY), Said("refused", LATE), Said("given", LATEST))):
        assert stands(*order) == Consent("given", LATEST)


def test_a_withdrawal_counts_from_its_own_day() -> None:
    taken_back = Said("given", EARLY, withdrawn_on=LATEST)
    assert stands(taken_back, Said("given", LATE)) == Consent("withdrawn", LATEST)
    assert stands(Said("given", LATE), taken_back) == Consent("withdrawn", LATEST)
    assert stands(Said("withdrawn", EARLY, LATE), Said("given", LATEST)) == Consent("given", LATEST)


@pytest.mark.parametrize("decision", ["refused", "withdrawn"])
def test_a_refusal_or_withdrawal_without_a_day_stands_over_everything(decision: str) -> None:
    for order in permutations((Said("given", LATEST), Said(decision))):
        assert stands(*order) == Consent(decision)


def test_a_consent_without_a_day_gives_way_to_everything() -> None:
    assert stands(Said("refused", EARLY), Said("given")) == Consent("refused", EARLY)
    assert stands(Said("given")) == Consent("given")


def test_of_one_day_what_was_recorded_last_stands() -> None:
    assert stands(Said("given", LATE), Said("refused", LATE)).state == "refused"
    assert stands(Said("refused", LATE), Said("given", LATE)).state == "given"


def test_each_scope_stands_alone() -> None:
    found = in_force([Said("given", EARLY), Said("refused", LATE, scope="share_police")])
    assert {scope: each.state for scope, each in found.items()} == {"share_court": "given", "share_police": "refused"}
