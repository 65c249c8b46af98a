"""The chain of members: what each signer may say, and what no hub and no member can."""

from __future__ import annotations

import msgspec
import pytest

from advocate_desk.sync import names, signing, statements, wire
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.shared_rules import ABOUT, open_rules, seal_rules
from advocate_desk.sync.statements import (
    ADMINISTRATOR,
    ADVOCATE,
    ROOT,
    Act,
    AddDevice,
    Found,
    Later,
    Members,
    RevokeDevice,
    SetPerson,
    SetRules,
    SetTeam,
    Signed,
    Statement,
)
from tests.sync.letters import Lettered, public

ORGANISATION = b"o" * 16
ROOT_SEED = b"\x09" * 32
TEAM = b"t" * 16


ANN, BEN, EVE = Lettered(b"a"), Lettered(b"b"), Lettered(b"e")


def said(members: Members, act: Act, signer: Lettered | None = ANN) -> bytes:
    statement = Statement(members.organisation, members.number + 1, members.hash, act)
    return statements.sign(statement, signer.id if signer else ROOT, signer.seed if signer else ROOT_SEED)


def after(members: Members, *acts: Act, signer: Lettered | None = ANN) -> Members:
    for act in acts:
        members = statements.take(members, said(members, act, signer))
    return members


def nothing_yet() -> Members:
    return Members(ORGANISATION, public(ROOT_SEED))


def founding() -> Found:
    return Found(public(ROOT_SEED), b"r" * 32, 2, 3, ANN.person(ADMINISTRATOR), ANN.device())


@pytest.fixture
def members() -> Members:
    return after(nothing_yet(), founding(), signer=None)


def refused(members: Members, body: bytes) -> str:
    with pytest.raises(Distrust) as refusal:
        statements.take(members, body)
    return refusal.value.what


def test_the_founding_makes_the_first_administrator(members: Members) -> None:
    assert members.is_administrator(ANN.id)
    assert members.shares == (2, 3)
    assert members.recovery_public == b"r" * 32


def test_an_administrator_adds_people_and_devices(members: Members) -> None:
    joined = after(members, BEN.person(ADVOCATE), BEN.device())
    assert joined.may_act(BEN.id)
    assert not joined.is_administrator(BEN.id)
    assert [each.device for each in joined.devices_of([BEN.id])] == [BEN.id]


def test_nobody_else_adds_anybody(members: Members) -> None:
    joined = after(members, BEN.person(ADVOCATE), BEN.device())
    assert refused(joined, said(joined, EVE.person(ADVOCATE), BEN)) == "no right"
    assert refused(members, said(members, EVE.device(), EVE)) == "no right"


def test_a_founding_by_another_root_is_refused() -> None:
    forged = Found(public(EVE.seed), b"r" * 32, 2, 3, EVE.person(ADMINISTRATOR), EVE.device())
    statement = Statement(ORGANISATION, 1, bytes(32), forged)
    assert refused(nothing_yet(), statements.sign(statement, ROOT, EVE.seed)) == "signature"
    assert refused(nothing_yet(), statements.sign(statement, ROOT, ROOT_SEED)) == "another root"


def test_a_second_founding_is_refused(members: Members) -> None:
    assert refused(members, said(members, founding(), None)) == "no right"


def test_a_signature_by_another_hand_is_refused(members: Members) -> None:
    statement = Statement(ORGANISATION, 2, members.hash, BEN.person(ADVOCATE))
    assert refused(members, statements.sign(statement, ANN.id, EVE.seed)) == "signature"


def test_a_statement_out_of_its_place_is_refused(members: Members) -> None:
    body = said(members, BEN.person(ADVOCATE))
    moved_on = statements.take(members, body)
    assert refused(moved_on, body) == "another history"
    other = after(members, EVE.person(ADVOCATE))
    assert refused(other, said(moved_on, BEN.device())) == "another history"
    elsewhere = Members(b"p" * 16, public(ROOT_SEED))
    assert refused(elsewhere, said(nothing_yet(), founding(), None)) == "another organisation"
    assert refused(members, b"junk") == "malformed"


def test_a_revoked_device_says_nothing_more_and_what_it_signed_stays_signed(members: Members) -> None:
    two = after(members, BEN.person(ADMINISTRATOR), BEN.device())
    gone = after(two, RevokeDevice(ANN.id, is_lost=True, last_number=4), signer=BEN)
    assert not gone.may_act(ANN.id)
    assert gone.devices[ANN.id].is_lost
    assert gone.key_of_manifest(ANN.id, 4) == public(ANN.seed)
    assert gone.key_of_manifest(ANN.id, 5) is None
    assert refused(gone, said(gone, EVE.person(ADVOCATE), ANN)) == "no right"
    assert refused(gone, said(gone, RevokeDevice(ANN.id, is_lost=False), BEN)) == "malformed"


def test_who_leaves_may_act_no_more(members: Members) -> None:
    joined = after(members, BEN.person(ADVOCATE), BEN.device())
    left = after(joined, BEN.person(ADVOCATE, is_active=False))
    assert not left.may_act(BEN.id)
    assert left.devices_of([BEN.id]) == []


def test_the_last_administrator_stays(members: Members) -> None:
    assert refused(members, said(members, ANN.person(ADVOCATE))) == "no administrator"
    assert refused(members, said(members, ANN.person(ADMINISTRATOR, is_active=False))) == "no administrator"


def test_the_root_puts_in_an_administrator_when_every_device_is_lost(members: Members) -> None:
    lost = after(members, RevokeDevice(ANN.id, is_lost=True), signer=None)
    back = after(lost, BEN.person(ADMINISTRATOR), BEN.device(), signer=None)
    assert back.is_administrator(BEN.id)


@pytest.mark.parametrize(
    "act",
    [
        SetPerson(b"n" * 16, ["king"], [], True, b""),
        SetPerson(b"n" * 16, [ADVOCATE], [TEAM], True, b""),
        AddDevice(b"n" * 16, b"n" * 16, b"k" * 32, b"k" * 32, b""),
        AddDevice(b"n" * 16, b"a" * 16, public(ANN.seed), b"k" * 32, b""),
        AddDevice(b"a" * 16, b"a" * 16, b"k" * 32, b"k" * 32, b""),
        AddDevice(ROOT, b"a" * 16, b"k" * 32, b"k" * 32, b""),
        RevokeDevice(b"n" * 16, is_lost=False),
    ],
)
def test_a_statement_that_makes_no_sense_is_refused(members: Members, act: Act) -> None:
    assert refused(members, said(members, act)) == "malformed"


def test_a_person_belongs_to_teams_that_there_are(members: Members) -> None:
    made = after(members, SetTeam(TEAM, True, b"sealed"), SetPerson(BEN.id, [ADVOCATE], [TEAM], True, b"sealed"))
    assert made.people[BEN.id].teams == {TEAM}


def test_every_bit_of_a_signed_statement_counts(members: Members) -> None:
    body = said(members, BEN.person(ADVOCATE))
    right = statements.take(members, body)
    for at in range(len(body)):
        spoiled = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        with pytest.raises(Distrust):
            statements.take(members, spoiled)
    assert wire.digest(wire.unpack(statements.Signed, body).statement) == right.hash


@pytest.mark.parametrize(("role", "may"), [("advocate", False), ("supervisor", True), ("data_lead", True)])
def test_what_a_caseload_weighs_is_said_by_who_leads_and_nothing_else(members: Members, role: str, may: bool) -> None:
    known = after(members, BEN.person(role), BEN.device())
    body = said(known, SetRules(b"sealed"), BEN)
    if may:
        assert (statements.take(known, body).rules, statements.take(known, body).rules_by) == (b"sealed", 4)
    else:
        with pytest.raises(Distrust, match="no right"):
            statements.take(known, body)
    with pytest.raises(Distrust, match="no right"):
        statements.take(known, said(known, BEN.person(ADMINISTRATOR), BEN))
    gone = after(known, BEN.person(role, is_active=False))
    with pytest.raises(Distrust, match="no right"):
        statements.take(gone, said(gone, SetRules(b"sealed"), BEN))


def test_rules_of_a_caseload_open_with_the_organisations_key_and_no_other() -> None:
    keys, rules = {0: b"k" * 32, 1: b"n" * 32}, {"capacity": 12.5, "full_time_percent": {"aa": 60}}
    sealed = seal_rules(rules, ORGANISATION, keys)
    assert open_rules(sealed, ORGANISATION, keys) == rules
    assert open_rules(sealed, ORGANISATION, {0: b"k" * 32}) is None
    assert open_rules(sealed, b"x" * 16, keys) is None
    assert open_rules(b"", ORGANISATION, keys) is None


@pytest.mark.parametrize("said", [b"\x81\xa1a\xc4\x01x", b"[1]", b"{", b"\xff", b'{"a": ' * 5000])
def test_what_is_no_rules_is_none(said: bytes) -> None:
    keys = {1: b"k" * 32}
    assert open_rules(names.seal_value(said, ORGANISATION, ABOUT, keys), ORGANISATION, keys) is None


def of_a_later_kind(members: Members, act: object, signer: Lettered | None = ANN) -> bytes:
    """A statement as a later version says it: of a kind that is in no table of this one."""
    body = msgspec.msgpack.encode([members.organisation, members.number + 1, members.hash, act, 0, "and more"])
    seed, who = (signer.seed, signer.id) if signer else (ROOT_SEED, ROOT)
    return wire.pack(Signed(body, who, signing.sign(signing.STATEMENT, body, seed)))


def test_what_a_later_version_says_changes_nothing_and_locks_nobody_out(members: Members) -> None:
    body = of_a_later_kind(members, ["emblem", b"\x01" * 20, {"more": [1, 2]}])
    after_it = statements.take(members, body)
    assert (after_it.number, after_it.people, after_it.devices) == (2, members.people, members.devices)
    signer, said_later = statements.said(body)
    assert (signer, said_later.number, said_later.act) == (ANN.id, 2, Later("emblem"))
    assert after(after_it, BEN.person(ADVOCATE)).number == 3


@pytest.mark.parametrize("act", [["emblem"], ["person", "not a person"], ["team"], [7], [], {}, None, "emblem"])
def test_only_an_administrator_says_what_a_later_version_knows_and_nothing_known_passes_for_it(
    members: Members, act: object
) -> None:
    here = after(members, BEN.person(ADVOCATE), BEN.device())
    assert refused(here, of_a_later_kind(here, act, BEN)) == ("no right" if act == ["emblem"] else "malformed")
    if act != ["emblem"]:
        assert refused(here, of_a_later_kind(here, act)) == "malformed"
    assert refused(nothing_yet(), of_a_later_kind(nothing_yet(), ["emblem"], None)) == "no right"
