"""The long lists: found by the beginnings of words, the likely first, within a keystroke."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.domain.folding import fold
from advocate_desk.domain.forms import Option
from advocate_desk.errors import BrokenResource
from advocate_desk.packs.lists import Listed, SearchList, read_courts, read_holidays, searchable
from advocate_desk.packs.packs import Packs

WORDS = st.sampled_from(["assault", "as", "common", "breach", "order", "of", "a", "Ö", "ordinary", "x1"])
PHRASES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("abh", "OF61102"),
        ("common assault", "CJ88001"),
        ("strang", "SC15005"),
        ("coercive", "SC15004"),
        ("non-mol", "FL96001"),
        ("section 18", "OF61017"),
        ("s.20", "OF61131"),
        ("gbh", "OF61131"),
        ("stalking", "PH97006"),
        ("restraining order", "SE20002"),
        ("threats to kill", "OF61014"),
        ("DA21001", "DA21001"),
        ("crim dam", "CD71039"),
    ],
)
def test_an_offence_is_found_by_what_people_call_it(typed: str, first: str, packs: Packs) -> None:
    assert packs.search_offences(typed)[0].key == first


def test_base_offences_come_before_attempts_and_conspiracies(packs: Packs) -> None:
    found = [option.key for option in packs.search_offences("strangulation", 10)]
    assert found.index("SC15005") < found.index("SC15005A") if "SC15005A" in found else found[0] == "SC15005"
    labels = [option.label for option in packs.search_offences("sexual assault", 8)]
    assert not any(label.startswith(("Attempt", "Aid", "Conspire")) for label in labels)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("cardiff mag", "B62DC00"),
        ("Caerdydd", "B62DC00"),
        ("crown newcastle", "C10NE00"),
        ("old bailey", "C01CE00"),
        ("CF24", "B62DC00"),
        ("westminster", "B01IX00"),
        ("kings lynn", "B36HN00"),
        ("central criminal", "C01CE00"),
        ("family court at bristol", "BRISTOL_FAMILY_COURT"),
    ],
)
def test_a_court_is_found_in_english_welsh_or_by_postcode(typed: str, first: str, packs: Packs) -> None:
    assert packs.search_courts(typed)[0].key == first


def test_courts_can_be_of_one_kind_only(packs: Packs) -> None:
    found = packs.search_courts("leeds", 5, kinds=("crown",))
    assert [option.key for option in found] == ["C13LE00"]
    assert all(packs.court(option.key) for option in packs.search_courts("", 20))


def test_a_force_is_found_by_name_and_has_its_new_one(packs: Packs) -> None:
    assert packs.search_forces("wight")[0].label == "Hampshire and Isle of Wight Constabulary"
    assert packs.search_forces("met")[0].key == "metropolitan"
    assert len(packs.search_forces("", 100)) == len(packs.forces()) == 44


def test_every_list_has_what_the_sources_have(packs: Packs) -> None:
    assert len(packs.offences()) > 27_000
    assert sum(offence.is_da_relevant for offence in packs.offences()) > 1_000
    kinds = [court.kind for court in packs.courts()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "magistrates": 278,
        "crown": 118,
        "county": 138,
        "family": 141,
    }
    assert {option.key for option in packs.choices("court_kind")} == set(kinds)


def test_what_is_not_listed_is_simply_not_known(packs: Packs) -> None:
    assert packs.court("typed by hand") is None
    assert packs.force("typed by hand") is None
    assert packs.offence("typed by hand") is None
    assert packs.search_offences("xyzzy") == []
    found = packs.offence("OF61102")
    assert found is not None
    assert found.category == "CE"


def test_holidays_reach_from_the_first_year_to_the_last(packs: Packs) -> None:
    holidays = packs.holidays()
    assert date(2026, 12, 28) in holidays.days
    assert date(2026, 12, 26) not in holidays.days
    assert holidays.covers(date(2028, 12, 31))
    assert not holidays.covers(date(2029, 1, 1))


def test_a_search_keeps_up_with_typing(packs: Packs) -> None:
    packs.warm()
    slowest = 0.0
    for typed in ("a", "assault beat", "breach non mol", "xyzzy", "the of", "aggravated burglary", "conspire"):
        took = min(timed(packs, typed) for _ in range(3))
        slowest = max(slowest, took)
    assert slowest < 0.025  # five times what an idle machine takes, for a busy one


def timed(packs: Packs, typed: str) -> float:
    started = time.perf_counter()
    packs.search_offences(typed)
    return time.perf_counter() - started


@given(phrases=st.lists(PHRASES, max_size=12), typed=PHRASES | st.just(""), limit=st.integers(1, 5))
def test_search_finds_exactly_what_comparing_every_entry_finds(phrases: list[str], typed: str, limit: int) -> None:
    listed = [
        Listed(Option(str(place), phrase), searchable(phrase), place % 3, 9) for place, phrase in enumerate(phrases)
    ]
    asked = fold(typed).split()
    expected = {
        each.option.key
        for each in listed
        if all(any(word.startswith(start) for word in each.words.split()) for start in asked)
    }
    search = SearchList(listed)
    everything = search.find(typed, 100)
    assert {option.key for option in everything} == expected
    assert search.find(typed, limit) == everything[:limit]
    tiers = [int(option.key) % 3 for option in everything]
    assert tiers == sorted(tiers)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("courts", "key,kind,name,name_cy,building,area,town,postcode,address,usual\n" + "a,,,,,,,,,y\n" * 2, "line 3"),
        ("bank_holidays", "date,title,substitute\n2026-13-01,New,\n", "month must be"),
        ("bank_holidays", "date,title,substitute\n", "no days"),
    ],
)
def test_a_broken_list_is_refused(name: str, text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / f"lists/{name}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BrokenResource, match=problem):
        read_courts(tmp_path) if name == "courts" else read_holidays(tmp_path)
