"""Founding, inviting, joining: what each side can be sure of."""

from __future__ import annotations

import itertools
import os

import pytest

from advocate_desk.errors import Refused
from advocate_desk.sync import enrol, names, statements
from advocate_desk.sync.enrol import Founding, Offer
from advocate_desk.sync.names import Name
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE, Members, Statement
from advocate_desk.vault.device import Device, new_device
from advocate_desk.vault.recovery import RecoveryCode


@pytest.fixture
def founder() -> Device:
    return new_device()


@pytest.fixture
def founding(founder: Device) -> Founding:
    return enrol.found(founder, Name("Ann Organiser", "AO"), [ADVOCATE], 2, 3)


@pytest.fixture
def members(founding: Founding) -> Members:
    return statements.take(Members(founding.organisation, founding.root_public), founding.statement)


def keys(founding: Founding) -> dict[int, bytes]:
    return {1: bytes(founding.key.buffer)}


def offer(founding: Founding) -> Offer:
    return Offer(
        founding.organisation,
        founding.root_public,
        "https://hub.example",
        "A service",
        os.urandom(16),
        "Ben Newcomer",
        [ADVOCATE],
        [],
    )


def test_the_founder_is_an_administrator_and_her_name_is_sealed(
    founding: Founding, members: Members, founder: Device
) -> None:
    assert members.is_administrator(founder.id.bytes)
    assert members.people[founding.person].roles == {ADMINISTRATOR, ADVOCATE}
    assert b"Ann" not in founding.statement
    opened = names.open_name(
        members.people[founding.person].sealed, founding.organisation, founding.person, keys(founding)
    )
    assert opened == Name("Ann Organiser", "AO")


def test_any_two_of_three_shares_rebuild_the_root_and_one_does_not(founding: Founding, members: Members) -> None:
    for pair in itertools.combinations(founding.shares.items(), 2):
        secret = enrol.rebuild(dict(pair), members)
        assert secret is not None
        with enrol.root_key(secret) as root:
            act = statements.SetTeam(os.urandom(16), True, b"")
            body = statements.sign(Statement(members.organisation, 2, members.hash, act), statements.ROOT, root.buffer)
        assert statements.take(members, body).number == 2
    assert enrol.rebuild({1: founding.shares[1]}, members) is None
    assert enrol.rebuild({1: founding.shares[1], 2: founding.shares[3]}, members) is None


def test_an_invited_device_is_admitted_and_both_sides_know_it(founding: Founding, members: Members) -> None:
    code, made, newcomer = RecoveryCode.new(), offer(founding), new_device()
    invite = enrol.invitation(enrol.ticket(code), made)
    typed = RecoveryCode.parse(" ".join(code.groups).lower())
    seen = enrol.open_offer(enrol.ticket(typed), invite.body)
    assert seen == made
    answer = enrol.open_reply(enrol.ticket(code), enrol.reply(enrol.ticket(typed), newcomer, "Ben's laptop"))
    for act in enrol.admission(made, answer, members, keys(founding)):
        statement = Statement(members.organisation, members.number + 1, members.hash, act)
        members = statements.take(members, _signed(founding, members, statement))
    assert enrol.is_admitted(members, newcomer)
    assert not enrol.is_admitted(members, new_device())


def _signed(founding: Founding, members: Members, statement: Statement) -> bytes:
    secret = enrol.rebuild({1: founding.shares[1], 2: founding.shares[2]}, members)
    assert secret is not None
    with enrol.root_key(secret) as root:
        return statements.sign(statement, statements.ROOT, root.buffer)


def test_another_code_opens_nothing_and_says_so(founding: Founding) -> None:
    code, other = RecoveryCode.new(), RecoveryCode.new()
    invite = enrol.invitation(enrol.ticket(code), offer(founding))
    assert enrol.ticket(other).name != invite.name
    with pytest.raises(Refused, match="does not open"):
        enrol.open_offer(enrol.ticket(other), invite.body)
    with pytest.raises(Refused, match="does not open"):
        enrol.open_reply(enrol.ticket(code), enrol.reply(enrol.ticket(other), new_device(), "A thief's"))


def test_an_offer_sent_back_is_no_reply(founding: Founding) -> None:
    code = RecoveryCode.new()
    invite = enrol.invitation(enrol.ticket(code), offer(founding))
    with pytest.raises(Refused):
        enrol.open_reply(enrol.ticket(code), invite.body)


def test_the_hub_sees_nothing_of_an_invitation(founding: Founding) -> None:
    code, made = RecoveryCode.new(), offer(founding)
    invite = enrol.invitation(enrol.ticket(code), made)
    for secret in (made.organisation, made.root_public, b"Newcomer", b"hub.example"):
        assert secret not in invite.body + invite.name


def test_a_name_that_cannot_be_read_is_none(founding: Founding, members: Members) -> None:
    sealed = members.people[founding.person].sealed
    assert names.open_name(sealed, founding.organisation, os.urandom(16), keys(founding)) is None
    assert names.open_name(sealed, founding.organisation, founding.person, {}) is None
    assert names.open_name(b"", founding.organisation, founding.person, keys(founding)) is None
