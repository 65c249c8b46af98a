"""The merge of one record, and desks that exchange through a hub until nothing is left to send."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advocate_desk.sync.merge import Rules, merge

RULES = Rules(together=(frozenset({"listed_on", "told_by", "state"}),), critical=frozenset({"listed_on", "address"}))
BASE = {
    "address": "1 Elm Row",
    "note": "",
    "listed_on": "2026-11-21",
    "told_by": "court",
    "state": "heard",
    "deleted_at": None,
    "changed_at": "1",
}


def changed(**values: object) -> dict[str, Any]:
    return {**BASE, **values}


def test_a_field_that_one_side_changed_is_taken_from_that_side() -> None:
    merged = merge(BASE, changed(note="ours"), changed(address="2 Elm Row"), RULES)
    assert (merged.values["note"], merged.values["address"]) == ("ours", "2 Elm Row")
    assert merged.clashes == ()
    assert merged.to_keep
    assert merged.to_send


def test_the_same_change_on_both_sides_is_nothing_to_do() -> None:
    merged = merge(BASE, changed(note="same"), changed(note="same", changed_at="2"), RULES)
    assert merged.clashes == ()
    assert not merged.to_keep
    assert not merged.to_send


def test_two_people_who_were_told_the_same_at_other_moments_differ_in_nothing() -> None:
    rules = Rules(together=(frozenset({"listed_on", "told_at"}),), critical=frozenset({"listed_on"}))
    base = {"listed_on": "2026-11-21", "told_at": "1"}
    early, late = ({"listed_on": "2026-12-01", "told_at": at} for at in ("2", "3"))
    for ours, theirs in ((early, late), (late, early)):
        merged = merge(base, ours, theirs, rules)
        assert merged.clashes == () and merged.values == late
    other = merge(base, early, {**late, "listed_on": "2026-12-02"}, rules)
    assert [each.ours for each in other.clashes] == [early]


def test_two_values_of_a_critical_field_are_both_kept_and_flagged() -> None:
    merged = merge(BASE, changed(address="ours"), changed(address="theirs"), RULES)
    (clash,) = merged.clashes
    assert merged.values["address"] == "theirs"
    assert (clash.fields, clash.ours, clash.theirs) == (("address",), {"address": "ours"}, {"address": "theirs"})
    assert clash.is_critical


def test_two_values_of_another_field_are_both_kept_and_not_flagged() -> None:
    merged = merge(BASE, changed(note="ours"), changed(note="theirs"), RULES)
    assert not merged.clashes[0].is_critical
    assert merged.clashes[0].ours == {"note": "ours"}


def test_a_date_never_stands_under_another_persons_confirmation() -> None:
    merged = merge(BASE, changed(listed_on="2026-12-01"), changed(state="confirmed"), RULES)
    assert (merged.values["listed_on"], merged.values["state"]) == ("2026-11-21", "confirmed")
    assert merged.clashes[0].ours["listed_on"] == "2026-12-01"
    assert merged.clashes[0].is_critical


@pytest.mark.parametrize("ours_deletes", [True, False])
def test_an_edit_beats_a_deletion_and_says_so(ours_deletes: bool) -> None:
    gone, edited = changed(deleted_at="2"), changed(note="new")
    sides = (gone, edited) if ours_deletes else (edited, gone)
    merged = merge(BASE, *sides, RULES)
    assert merged.values["deleted_at"] is None
    assert merged.values["note"] == "new"
    assert [each.fields for each in merged.clashes] == [("deleted_at",)]
    assert merged.clashes[0].is_critical


def test_a_deletion_against_no_edit_deletes() -> None:
    merged = merge(BASE, changed(deleted_at="2"), changed(changed_at="3"), RULES)
    assert merged.values["deleted_at"] == "2"
    assert merged.clashes == ()


def test_deletions_on_both_sides_at_other_moments_are_no_conflict_to_decide() -> None:
    merged = merge(BASE, changed(deleted_at="2"), changed(deleted_at="3"), RULES)
    assert merged.values["deleted_at"] == "3"
    assert merged.clashes == ()


def test_bookkeeping_alone_makes_no_conflict_and_nothing_to_send() -> None:
    merged = merge(BASE, changed(changed_at="9"), changed(changed_at="8"), RULES)
    assert merged.clashes == ()
    assert not merged.to_send
    assert merged.values["changed_at"] == "9"


def test_a_field_that_an_older_desk_does_not_know_is_left_as_it_is() -> None:
    ours = {name: value for name, value in changed(note="ours").items() if name != "address"}
    merged = merge({name: BASE[name] for name in ours}, ours, changed(address="new"), RULES)
    assert merged.values["address"] == "new"
    assert merged.values["note"] == "ours"


DECIDING = Rules(
    together=(frozenset({"decided_by", "decision"}),), decided="decision", undecided={"decided_by": "", "decision": ""}
)


@pytest.mark.parametrize(("mine", "hers", "stands"), [("ours", "theirs", ("", "")), ("ours", "ours", ("Ben", "ours"))])
def test_two_decisions_are_one_where_they_agree_and_none_where_they_do_not(
    mine: str, hers: str, stands: tuple[str, str]
) -> None:
    base = {"decided_by": "", "decision": ""}
    ours, theirs = {"decided_by": "Ann", "decision": mine}, {"decided_by": "Ben", "decision": hers}
    merged = merge(base, ours, theirs, DECIDING)
    assert (merged.values["decided_by"], merged.values["decision"]) == stands
    assert merged.clashes == ()
    assert merge(theirs, merged.values, theirs, DECIDING).values == merged.values


FIELDS = ("address", "note", "listed_on", "told_by", "state")
values = st.sampled_from(["", "a", "b", "c"])
records = st.fixed_dictionaries(
    {**dict.fromkeys(FIELDS, values), "deleted_at": st.sampled_from([None, "1", "2"]), "changed_at": st.just("1")}
)


@given(st.none() | records, records, records)
def test_no_value_that_a_side_changed_disappears(base: Any, ours: Any, theirs: Any) -> None:
    merged = merge(base, ours, theirs, RULES)
    start = base or {}
    for side, other in ((ours, theirs), (theirs, ours)):
        for name in FIELDS:
            if side[name] != start.get(name) and side[name]:
                kept = [merged.values[name], *(each.ours.get(name) for each in merged.clashes)]
                kept += [each.theirs.get(name) for each in merged.clashes]
                assert side[name] in kept, (name, other[name])


@given(st.none() | records, records, records)
def test_merging_again_changes_nothing(base: Any, ours: Any, theirs: Any) -> None:
    once = merge(base, ours, theirs, RULES)
    again = merge(theirs, once.values, theirs, RULES)
    assert again.values == once.values
    assert again.clashes == ()
    assert not again.to_keep


@given(records, records)
def test_a_side_that_changed_nothing_gives_way_whole(base: Any, theirs: Any) -> None:
    merged = merge(base, base, theirs, RULES)
    assert merged.values == theirs
    assert merged.clashes == ()
    assert not merged.to_send


@dataclass
class Desk:
    """A replica of one record, with the revision and the base that tracking would keep."""

    rev: int = 0
    base: dict[str, Any] | None = None
    values: dict[str, Any] | None = None
    kept: set[str] = field(default_factory=set)
    is_dirty: bool = False


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.integers(2, 5), st.integers(1, 60))
def test_desks_converge_in_any_order_and_every_typed_value_is_kept_somewhere(seed: int, desks: int, acts: int) -> None:
    chance = random.Random(seed)
    hub: list[dict[str, Any]] = [dict(BASE)]
    everyone = [Desk(1, None, dict(BASE)) for _ in range(desks)]
    typed: set[str] = set()
    typed_over: set[Any] = set()

    def pull(desk: Desk) -> None:
        if desk.rev < len(hub):
            theirs = hub[-1]
            assert desk.values is not None
            merged = merge(desk.base if desk.is_dirty else desk.values, desk.values, theirs, RULES)
            desk.kept.update(str(value) for clash in merged.clashes for value in clash.ours.values())
            desk.values, desk.base, desk.rev = merged.values, dict(theirs), len(hub)
            desk.is_dirty = merged.to_send

    def push(desk: Desk) -> None:
        if desk.is_dirty and desk.rev == len(hub):
            assert desk.values is not None
            hub.append(dict(desk.values))
            desk.rev, desk.base, desk.is_dirty = len(hub), None, False

    for number in range(acts):
        desk = chance.choice(everyone)
        act = chance.random()
        if act < 0.5:
            assert desk.values is not None
            word, name = f"w{number}", chance.choice(FIELDS)
            if not desk.is_dirty:
                desk.base, desk.is_dirty = dict(desk.values), True
            typed_over.add(desk.values[name])  # seen by its author or her reader, and replaced knowingly
            typed.add(word)
            desk.values = {**desk.values, name: word}
        elif act < 0.75:
            pull(desk)
        else:
            push(desk)
    for _ in range(2 * desks):
        for desk in everyone:
            pull(desk)
            push(desk)
    finals = [{k: v for k, v in desk.values.items() if k != "changed_at"} for desk in everyone if desk.values]
    assert all(each == finals[0] for each in finals)
    remembered = {value for each in hub for value in each.values()} | set().union(*(d.kept for d in everyone))
    assert typed - typed_over <= remembered
