"""How often a caller may ask."""

from __future__ import annotations

import pytest

from advocate_desk.hub.limits import Limits, Rates, Room
from advocate_desk.hub.refusals import RefusedByHub


def test_a_stranger_who_asks_too_often_waits_and_is_let_in_again() -> None:
    now = [0.0]
    rates = Rates(Limits(stranger_rate=60), lambda: now[0])
    for _ in range(60):
        rates.check_stranger("10.0.0.1")
    with pytest.raises(RefusedByHub) as refusal:
        rates.check_stranger("10.0.0.1")
    assert refusal.value.detail == 1
    rates.check_stranger("10.0.0.2")
    now[0] += 1.0
    rates.check_stranger("10.0.0.1")


def test_members_and_strangers_are_counted_apart() -> None:
    rates = Rates(Limits(stranger_rate=1, member_rate=2), lambda: 0.0)
    rates.check_stranger("a")
    rates.check_member(b"a")
    rates.check_member(b"a")
    with pytest.raises(RefusedByHub):
        rates.check_member(b"a")


@pytest.mark.parametrize(("given", "is_let_in"), [(b"sesame", True), (b"", False), (b"Sesame", False)])
def test_a_founding_takes_the_operators_code(given: bytes, is_let_in: bool) -> None:
    limits = Limits(founding_code="sesame")
    if is_let_in:
        limits.check_founding(given)
    else:
        with pytest.raises(RefusedByHub):
            limits.check_founding(given)
    Limits().check_founding(given)


def test_one_subscribers_many_addresses_count_as_one() -> None:
    rates = Rates(Limits(stranger_rate=2), lambda: 0.0)
    rates.check_stranger("2001:db8:1:2::1")
    rates.check_stranger("2001:db8:1:2:ffff::9")
    with pytest.raises(RefusedByHub):
        rates.check_stranger("2001:db8:1:2::3")
    rates.check_stranger("2001:db8:1:3::1")
    rates.check_stranger("not an address")


def test_a_worker_holds_no_more_than_it_has_room_for() -> None:
    room = Room(100)
    room.take(60)
    with pytest.raises(RefusedByHub) as refusal:
        room.take(41)
    assert (refusal.value.code, refusal.value.status) == ("busy", 503)
    room.take(40)
    room.give(60)
    room.take(60)
