"""Whose a file is: what each link may say, who may sign it, and who may read the file by it."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import pytest

from advocate_desk.sync import ownership, statements, wire
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.ownership import Owned, Readers, Whose
from advocate_desk.sync.statements import (
    ADMINISTRATOR,
    ADVOCATE,
    DATA_LEAD,
    ROOT,
    SUPERVISOR,
    Act,
    Found,
    Members,
    RevokeDevice,
    SetTeam,
    Statement,
)
from advocate_desk.sync.wire import Ownership, SignedOwnership
from tests.sync.letters import Lettered, public

ORGANISATION, FILE = b"o" * 16, b"f" * 16
ROOT_SEED = b"\x09" * 32
NORTH, SOUTH = b"n" * 16, b"s" * 16
NOBODYS = Whose(None, None, False, frozenset())


@dataclass(frozen=True)
class Desk(Lettered):
    """Somebody who opens files."""

    @property
    def own(self) -> Whose:
        return Whose(self.id, None, False, frozenset())


ANN, BEN, CAT, EVE = Desk(b"a"), Desk(b"b"), Desk(b"c"), Desk(b"e")


def said(members: Members, *acts: Act) -> Members:
    """The members after Ann has said more."""
    for act in acts:
        statement = Statement(ORGANISATION, members.number + 1, members.hash, act)
        members = statements.take(members, statements.sign(statement, ANN.id, ANN.seed))
    return members


@pytest.fixture(scope="module")
def members() -> Members:
    """Ann founded it and leads the data; Ben is of the north, Cat of the south, Eve of none."""
    founding = Found(public(ROOT_SEED), b"r" * 32, 2, 3, ANN.person(ADMINISTRATOR, DATA_LEAD), ANN.device())
    body = statements.sign(Statement(ORGANISATION, 1, bytes(32), founding), ROOT, ROOT_SEED)
    founded = statements.take(Members(ORGANISATION, public(ROOT_SEED)), body)
    north, south = SetTeam(NORTH, True, b""), SetTeam(SOUTH, True, b"")
    ben, cat = BEN.person(ADVOCATE, teams=(NORTH,)), CAT.person(ADVOCATE, teams=(SOUTH,))
    enrolled = [BEN.device(), CAT.device(), EVE.device()]
    return said(founded, north, south, ben, cat, EVE.person(ADVOCATE), *enrolled)


def signed(chain: Members, by: Desk, whose: Whose, before: Owned | None = None, **other: object) -> SignedOwnership:
    """A link of `by`, with some fields as they ought not to be."""
    link = ownership.following(chain, FILE, before, whose, by.id)
    return ownership.sign(msgspec.structs.replace(link, **other), by.id, by.seed)


def opened(members: Members, by: Desk, whose: Whose) -> Owned:
    return ownership.take(members, None, signed(members, by, whose))


def refused(members: Members, before: Owned | None, link: SignedOwnership, taken_from: int = 0) -> str:
    with pytest.raises(Distrust) as caught:
        ownership.take(members, before, link, taken_from)
    return caught.value.what


# --- who may read ---


def test_a_file_is_read_by_its_advocate_her_team_and_the_data_leads(members: Members) -> None:
    link = opened(members, EVE, Whose(EVE.id, NORTH, False, frozenset())).link
    assert ownership.entitled(members, link) == {EVE.id, BEN.id, ANN.id}


def test_a_restricted_file_is_read_by_those_named_and_its_advocate_alone(members: Members) -> None:
    link = opened(members, EVE, Whose(EVE.id, NORTH, True, frozenset({CAT.id}))).link
    assert ownership.entitled(members, link) == {EVE.id, CAT.id}


def test_a_file_without_a_team_is_read_by_supervisors_too(members: Members) -> None:
    now = said(members, CAT.person(SUPERVISOR, teams=(SOUTH,)))
    assert ownership.entitled(now, opened(members, BEN, BEN.own).link) == {BEN.id, CAT.id, ANN.id}


def test_a_supervisor_reads_no_file_of_a_team_that_is_not_hers(members: Members) -> None:
    now = said(members, CAT.person(SUPERVISOR, teams=(SOUTH,)))
    assert CAT.id not in ownership.entitled(now, opened(members, BEN, Whose(None, NORTH, False, frozenset())).link)


def test_a_file_of_nobody_stays_hers_who_opened_it(members: Members) -> None:
    first = opened(members, EVE, NOBODYS)
    assert ownership.entitled(members, first.link) == {EVE.id, ANN.id}
    second = ownership.take(members, first, signed(members, ANN, BEN.own, first))
    assert EVE.id not in ownership.entitled(members, second.link)


def test_who_has_left_reads_nothing(members: Members) -> None:
    first = opened(members, BEN, Whose(BEN.id, NORTH, True, frozenset({CAT.id})))
    now = said(members, BEN.person(ADVOCATE, teams=(NORTH,), is_active=False))
    assert ownership.entitled(now, first.link) == {CAT.id}
    assert ownership.everybody(now) == {ANN.id, CAT.id, EVE.id}


def test_the_devices_are_those_that_may_act(members: Members) -> None:
    link = opened(members, EVE, Whose(EVE.id, NORTH, False, frozenset())).link
    now = said(members, RevokeDevice(BEN.id, False))
    assert [each.device for each in Readers(now).devices(link)] == [ANN.id, EVE.id]
    assert [each.device for each in Readers(now).of_everybody()] == [ANN.id, CAT.id, EVE.id]


def test_files_that_differ_in_their_openers_alone_have_readers_of_their_own(members: Members) -> None:
    readers = Readers(members)
    found = [readers.devices(opened(members, each, NOBODYS).link) for each in (BEN, EVE)]
    assert [{device.device for device in each} for each in found] == [{ANN.id, BEN.id}, {ANN.id, EVE.id}]


# --- the chain ---


def test_any_member_opens_a_file_for_anybody_and_each_reader_may_hand_it_on(members: Members) -> None:
    first = opened(members, EVE, BEN.own)
    second = ownership.take(members, first, signed(members, BEN, CAT.own, first))
    third = ownership.take(members, second, signed(members, ANN, EVE.own, second))
    assert [each.link.number for each in (first, second, third)] == [1, 2, 3]
    assert third.link.opener == EVE.id
    assert third.whose == EVE.own


def test_who_may_not_read_a_file_cannot_say_whose_it_is(members: Members) -> None:
    first = opened(members, EVE, BEN.own)
    assert refused(members, first, signed(members, EVE, EVE.own, first)) == "no right"
    second = ownership.take(members, first, signed(members, BEN, CAT.own, first))
    assert refused(members, second, signed(members, BEN, BEN.own, second)) == "no right"


def test_a_link_that_does_not_follow_is_refused(members: Members) -> None:
    first = opened(members, BEN, BEN.own)
    second = ownership.take(members, first, signed(members, BEN, NOBODYS, first))
    assert refused(members, None, signed(members, BEN, BEN.own, first)) == "another history"
    assert refused(members, first, signed(members, BEN, BEN.own, second)) == "another history"
    assert refused(members, first, signed(members, BEN, BEN.own, first, previous_hash=b"x" * 32)) == "another history"
    assert refused(members, first, signed(members, BEN, BEN.own, first, collection=b"g" * 16)) == "another file"
    assert refused(members, first, signed(members, BEN, BEN.own, first, organisation=b"p" * 16)) == "another file"


def test_a_link_names_statements_that_are_known_and_never_fewer_than_the_link_before(members: Members) -> None:
    first = opened(members, BEN, BEN.own)
    ahead = signed(members, BEN, BEN.own, first, members=members.number + 1)
    back = signed(members, BEN, BEN.own, first, members=members.number - 1)
    assert refused(members, first, ahead) == refused(members, first, back) == "another history"


def test_nobody_else_can_be_named_as_who_opened_it(members: Members) -> None:
    assert refused(members, None, signed(members, BEN, BEN.own, opener=EVE.id)) == "no right"
    first = opened(members, BEN, BEN.own)
    assert refused(members, first, signed(members, BEN, BEN.own, first, opener=EVE.id)) == "no right"


def test_readers_stand_in_order_and_once(members: Members) -> None:
    for readers in ([CAT.id, BEN.id], [BEN.id, BEN.id]):
        assert refused(members, None, signed(members, BEN, BEN.own, readers=readers)) == "malformed"


def test_a_signature_is_its_signers_over_all_of_the_link(members: Members) -> None:
    first = opened(members, BEN, BEN.own)
    link = ownership.following(members, FILE, first, CAT.own, BEN.id)
    for forged in (
        ownership.sign(link, BEN.id, EVE.seed),
        msgspec.structs.replace(
            signed(members, BEN, EVE.own, first), signature=ownership.sign(link, BEN.id, BEN.seed).signature
        ),
        msgspec.structs.replace(ownership.sign(link, BEN.id, BEN.seed), signer=ANN.id),
    ):
        assert refused(members, first, forged) == "signature"
    assert refused(members, first, SignedOwnership(b"\x90", BEN.id, b"s" * 64)) == "malformed"


def test_a_stranger_signs_nothing(members: Members) -> None:
    stranger = Desk(b"z")
    assert refused(members, None, signed(members, stranger, stranger.own)) == "no right"


# --- what was right in its day ---


def test_what_somebody_did_before_she_left_or_changed_team_or_lost_her_device_stays(members: Members) -> None:
    first = opened(members, EVE, Whose(None, NORTH, False, frozenset()))
    link = signed(members, BEN, CAT.own, first)
    for act in (
        BEN.person(ADVOCATE, teams=(SOUTH,)),
        BEN.person(ADVOCATE, teams=(NORTH,), is_active=False),
        RevokeDevice(BEN.id, True),
    ):
        assert ownership.take(said(members, act), first, link).whose == CAT.own


def test_what_she_does_after_it_counts_for_nothing(members: Members) -> None:
    first = opened(members, EVE, Whose(None, NORTH, False, frozenset()))
    for act in (
        BEN.person(ADVOCATE, teams=(SOUTH,)),
        BEN.person(ADVOCATE, teams=(NORTH,), is_active=False),
        RevokeDevice(BEN.id, True),
    ):
        now = said(members, act)
        assert refused(now, first, signed(now, BEN, BEN.own, first)) == "no right"
    assert refused(now, None, signed(now, BEN, BEN.own)) == "no right"


def test_what_she_signs_late_under_an_old_statement_counts_for_nothing(members: Members) -> None:
    first = opened(members, EVE, Whose(None, NORTH, False, frozenset()))
    now = said(members, BEN.person(ADVOCATE, teams=(SOUTH,)), CAT.person(ADVOCATE, teams=(NORTH,)))
    late = signed(members, BEN, BEN.own, first)
    assert refused(now, first, late, taken_from=members.number + 1) == "late"
    assert ownership.take(now, first, late, taken_from=members.number).whose == BEN.own


def test_who_was_let_in_later_did_nothing_before(members: Members) -> None:
    newcomer = Desk(b"d")
    now = said(members, newcomer.person(DATA_LEAD), newcomer.device())
    first = opened(members, BEN, BEN.own)
    assert refused(now, first, signed(members, newcomer, newcomer.own, first)) == "no right"
    assert ownership.take(now, first, signed(now, newcomer, newcomer.own, first)).whose == newcomer.own


def test_a_link_survives_the_wire(members: Members) -> None:
    link = signed(members, BEN, Whose(BEN.id, NORTH, True, frozenset({CAT.id, EVE.id})))
    assert wire.unpack(SignedOwnership, wire.pack(link)) == link
    assert wire.unpack(Ownership, link.link).readers == sorted([CAT.id, EVE.id])
    assert ownership.known(link).whose == Whose(BEN.id, NORTH, True, frozenset({CAT.id, EVE.id}))
