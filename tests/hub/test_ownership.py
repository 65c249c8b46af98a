"""Whose files are at the hub, on both databases: links, keys by them, what a pull tells, and who may read what."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import pytest

from advocate_desk.hub import given, pulls
from advocate_desk.hub import members as hub_members
from advocate_desk.hub import ownership as hub_ownership
from advocate_desk.hub import revisions as hub_revisions
from advocate_desk.hub.database import Database, SqliteDatabase
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import ownership, rights, wire
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.messages import AskRevisions
from advocate_desk.sync.ownership import Readers, Whose
from advocate_desk.sync.rights import Under
from advocate_desk.sync.statements import (
    ADVOCATE,
    DATA_LEAD,
    SUPERVISOR,
    AddDevice,
    RevokeDevice,
    SetPerson,
    SetTeam,
)
from advocate_desk.sync.wire import (
    ACCEPTED,
    BEHIND,
    NO_RIGHT,
    Fill,
    Outcome,
    Page,
    Part,
    Pull,
    SignedOwnership,
    Tip,
    Wanting,
)
from advocate_desk.vault.secret import SecretKey
from tests.hub.members import NOW, Device, Organisation, changes, items_in

ITEM, OTHER = b"1" * 16, b"2" * 16
NORTH = b"n" * 16


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(RefusedByHub) as refusal:
        act()
    return refusal.value.code


def page_of(database: Database, device: Device, after: int = 0, statements: int = 2**40) -> Page:
    return pulls.answer_pull(database, device.caller, Pull(Tip(0, NONE), statements, after))


def told(page: Page) -> list[tuple[bytes, int]]:
    """The links of a page: collection and number."""
    return [(each.link.collection, each.link.number) for each in map(ownership.known, page.owners)]


def wanted(page: Page) -> set[tuple[bytes, bytes]]:
    return {(each.collection, each.device) for each in page.wanting}


# --- links ---


def test_each_reader_hands_a_file_on_and_a_former_one_does_not(database: Database, organisation: Organisation) -> None:
    ann, ben, cat = organisation.founder, organisation.join(), organisation.join()
    file = os.urandom(16)
    assert organisation.own(ann, file, ben) == Outcome(ACCEPTED, 1)
    assert organisation.own(ann, file, ann) == Outcome(NO_RIGHT, 1)
    assert organisation.own(ben, file, cat) == Outcome(ACCEPTED, 2)
    assert organisation.own(ben, file, ben) == Outcome(NO_RIGHT, 2)


def test_the_second_of_two_who_hand_a_file_on_hears_that_it_came_late(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    late = organisation.link(ben, file, ben)
    assert organisation.own(ann, file, ann) == Outcome(ACCEPTED, 2)
    assert organisation.answer(ben, late) == Outcome(BEHIND, 2)


def test_a_link_said_again_changes_nothing(database: Database, organisation: Organisation) -> None:
    ann = organisation.founder
    link = organisation.link(ann, os.urandom(16), ann)
    first = [organisation.answer(ann, link) for _ in range(2)]
    assert first == [Outcome(ACCEPTED, 1)] * 2
    with database.reading() as session:
        assert session.rows("SELECT count(*) FROM ownership")[0][0] == 1
        assert session.rows("SELECT rights FROM organisation")[0][0] == 1


def test_a_batch_is_answered_link_by_link(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    bens = organisation.open_file(ben)
    first, second = organisation.link(ann, b"x" * 16, ann), organisation.link(ann, b"y" * 16, ann)
    other = organisation.link(ann, bens, ann)
    answer = hub_ownership.add_links(database, ann.caller, [first, other, second, first])
    assert answer.outcomes == [
        Outcome(ACCEPTED, 1),
        Outcome(NO_RIGHT, 1),
        Outcome(ACCEPTED, 1),
        Outcome(ACCEPTED, 1),
    ]


def test_what_is_no_link_of_its_signers_is_refused_whole(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    good, link = organisation.link(ann, os.urandom(16), ann), organisation.link(ann, os.urandom(16), ann)
    elsewhere = Organisation(database)
    for bad, code in (
        (msgspec.structs.replace(link, signature=bytes(64)), "wrong_signature"),
        (msgspec.structs.replace(link, link=b"junk"), "malformed"),
        (organisation.link(ann, organisation.id, ann), "malformed"),
        (elsewhere.link(elsewhere.founder, os.urandom(16), elsewhere.founder), "malformed"),
    ):
        assert refused(lambda bad=bad: hub_ownership.add_links(database, ann.caller, [good, bad])) == code  # type: ignore[misc]
    many = [good] * (wire.MOST_LINKS + 1)
    assert refused(lambda: hub_ownership.add_links(database, ann.caller, many)) == "too_large"
    assert organisation.answer(ben, msgspec.structs.replace(good, signer=ben.id)).state == NO_RIGHT
    with database.reading() as session:
        assert session.rows("SELECT count(*) FROM ownership")[0][0] == 0


def test_who_has_left_says_nothing_more_even_under_an_old_statement_but_whose_a_file_is_that_she_opened(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    link, first = organisation.link(ben, file, ben), organisation.link(ben, os.urandom(16), ann)
    organisation.say(SetPerson(ben.id, [ADVOCATE], [], False, b""))
    assert organisation.answer(ben, link) == Outcome(NO_RIGHT, 1)
    assert organisation.answer(ben, first) == Outcome(ACCEPTED, 1)
    assert organisation.own(ben, os.urandom(16), ann) == Outcome(NO_RIGHT, 0)


def test_a_device_that_was_removed_says_nothing_more(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    links = [organisation.link(ben, organisation.open_file(ann, ben), ben), organisation.link(ben, os.urandom(16), ben)]
    organisation.say(RevokeDevice(ben.id, is_lost=False))
    for link in links:
        assert refused(lambda link=link: organisation.answer(ben, link)) == "revoked"  # type: ignore[misc]


def test_a_link_that_names_statements_which_the_hub_has_not_is_no_history_of_its(
    database: Database, organisation: Organisation
) -> None:
    ann, file = organisation.founder, os.urandom(16)
    whose = Whose(ann.id, None, False, frozenset())
    link = ownership.following(organisation.members, file, None, whose, ann.id)
    ahead = ownership.sign(msgspec.structs.replace(link, members=9), ann.id, ann.seed.buffer)
    assert refused(lambda: hub_ownership.add_links(database, ann.caller, [ahead])) == "other_history"


# --- a hub that has lost its tail ---


def restored(organisation: Organisation, path: Path) -> Database:
    """A hub with the organisation's statements and nothing else."""
    made = SqliteDatabase(path)
    with organisation.database.reading() as session:
        said = [bytes(row[0]) for row in session.rows("SELECT body FROM statement ORDER BY number")]
    hub_members.found_organisation(made, said[0], NOW)
    for body in said[1:]:
        hub_members.add_statement(made, organisation.id, body)
    return made


def chain_of(organisation: Organisation, file: bytes) -> list[SignedOwnership]:
    with organisation.database.reading() as session:
        rows = session.rows("SELECT body FROM ownership WHERE collection = ? ORDER BY place", file)
    return [wire.unpack(SignedOwnership, bytes(row[0])) for row in rows]


def test_links_are_given_back_by_whoever_reads_the_file_by_the_last(organisation: Organisation, tmp_path: Path) -> None:
    ann, ben, cat = organisation.founder, organisation.join(), organisation.join()
    file = organisation.open_file(ann)
    organisation.own(ann, file, ben)
    chain = chain_of(organisation, file)
    database = restored(organisation, tmp_path / "restored.db")
    assert hub_ownership.add_links(database, cat.caller, chain).outcomes == [Outcome(NO_RIGHT, 0)] * 2
    assert hub_ownership.add_links(database, ben.caller, chain[1:]).outcomes == [Outcome(BEHIND, 0)]
    assert hub_ownership.add_links(database, ben.caller, chain).outcomes == [
        Outcome(ACCEPTED, 1),
        Outcome(ACCEPTED, 2),
    ]
    forged = msgspec.structs.replace(organisation.link(ann, file, ann), signature=bytes(64))
    assert hub_ownership.add_links(database, ben.caller, [forged]).outcomes == [Outcome(NO_RIGHT, 2)]
    database.close()


def test_nobody_brings_a_late_link_of_one_who_may_read_no_more_but_who_may_say_it_herself(
    database: Database, organisation: Organisation
) -> None:
    ann, ben, eve, mal = organisation.founder, *(organisation.join() for _ in range(3))
    file = organisation.open_file(ann, ben, eve)
    late = organisation.link(eve, file, mal, eve)
    lost = organisation.link(eve, file, ben)
    organisation.say(RevokeDevice(eve.id, is_lost=True))
    assert organisation.answer(mal, late) == Outcome(NO_RIGHT, 1)
    assert organisation.answer(ann, lost) == Outcome(ACCEPTED, 2)


def test_who_was_handed_a_file_gives_its_links_back_after_the_one_who_handed_it_on_has_left(
    organisation: Organisation, tmp_path: Path
) -> None:
    cat, dan = organisation.join(), organisation.join()
    file = organisation.open_file(cat)
    organisation.own(cat, file, dan)
    chain = chain_of(organisation, file)
    organisation.say(SetPerson(cat.id, [ADVOCATE], [], False, b""))
    database = restored(organisation, tmp_path / "restored.db")
    answer = hub_ownership.add_links(database, dan.caller, chain)
    assert answer.outcomes == [Outcome(ACCEPTED, 1), Outcome(ACCEPTED, 2)]
    database.close()


def test_a_chain_of_links_has_its_end(
    database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = organisation.founder
    file = organisation.open_file(ann)
    monkeypatch.setattr(hub_ownership, "MOST_CHAIN_BYTES", 1_000)
    states = [organisation.own(ann, file, ann).state for _ in range(8)]
    assert states == sorted(states)
    assert {ACCEPTED, NO_RIGHT} == set(states)


# --- keys ---


def test_the_first_key_of_a_file_comes_after_its_first_link(database: Database, organisation: Organisation) -> None:
    ann, file, key = organisation.founder, os.urandom(16), SecretKey.random()
    assert refused(lambda: organisation.give(ann, file, key, ann)) == "no_right"
    organisation.own(ann, file, ann)
    organisation.give(ann, file, key, ann)
    assert ann.send(database, Part(file, changes((ITEM, 0)))).outcomes[0].state == ACCEPTED


def test_a_file_is_opened_for_somebody_else_and_given_up_once_she_has_it(
    database: Database, organisation: Organisation
) -> None:
    ann, ben, cat = organisation.founder, organisation.join(), organisation.join()
    file, key = os.urandom(16), SecretKey.random()
    organisation.own(ann, file, ben)
    assert refused(lambda: organisation.give(cat, file, key, cat)) == "no_right"
    organisation.give(ann, file, key, ann)
    assert wanted(page_of(database, ann)) == {(file, ben.id)}
    organisation.give(ann, file, key, ben)
    assert ann.send(database, Part(file, changes((ITEM, 0)))).outcomes[0].state == ACCEPTED
    assert items_in(ben.pull(database), file) == {ITEM: 1}
    assert items_in(ann.pull(database, with_own=True), file) == {}
    hub_members.confirm_cleared(database, ann.caller, file)
    assert refused(lambda: ann.send(database, Part(file, changes((OTHER, 0))))) == "no_right"
    assert wanted(page_of(database, ben)) == set()


def test_no_key_is_given_to_who_may_not_read(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann)
    assert refused(lambda: organisation.give(ann, file, SecretKey.random(), ben)) == "no_right"
    assert refused(lambda: organisation.give(ben, file, SecretKey.random(), ben)) == "no_right"


def test_a_key_is_given_to_another_by_the_last_link_and_by_statements_that_are_here(
    database: Database, organisation: Organisation
) -> None:
    """Whoever is given it waits for what it was given by: nobody makes her wait for what never was."""
    ann, cat = organisation.founder, organisation.join()
    file, key = organisation.open_file(ann), SecretKey.random()
    before = organisation.under(file)
    organisation.own(ann, file, ann, cat)
    now = organisation.under(file)

    def give(under: Under) -> None:
        organisation.give(ann, file, key, cat, under=under)

    for under in (Under(), before, replace(now, links=3), replace(now, last_link=NONE)):
        assert refused(partial(give, under)) == "no_right"
    assert refused(partial(give, replace(now, members=now.members + 1))) == "other_history"
    give(now)
    (right,) = page_of(database, cat).rights
    assert Under(right.links, right.last_link, right.members) == now
    assert rights.is_signed(organisation.id, right, ann.caller.sign_public)


def test_who_handed_a_file_on_gives_its_key_and_makes_no_new_one(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file, key = organisation.open_file(ann), SecretKey.random()
    organisation.own(ann, file, ben)
    assert refused(lambda: organisation.give(ann, file, key, ann, epoch=2)) == "no_right"
    organisation.give(ann, file, key, ben)
    organisation.give(ben, file, key, ben, epoch=2)
    assert refused(lambda: organisation.give(ann, file, key, ben, epoch=3)) == "no_right"


def test_who_lost_a_file_delivers_though_a_restored_hub_has_forgotten_her_device(
    database: Database, organisation: Organisation
) -> None:
    """Under the first key, which all have: a later one may be another than theirs."""
    ann, ben, eve = organisation.founder, organisation.join(), organisation.join()
    file, key = organisation.open_file(ann, ben), SecretKey.random()
    organisation.own(ann, file, ann)
    with database.writing() as session:
        for table in ("collection_right", "reader"):
            session.run(f"DELETE FROM {table} WHERE collection = ? AND device = ?", file, ben.id)
    part = Part(file, changes((ITEM, 0)))
    assert refused(lambda: ben.send(database, part)) == "no_right"
    ben.number, ben.last = 0, NONE
    assert refused(lambda: organisation.give(eve, file, key, eve)) == "no_right"
    assert refused(lambda: organisation.give(ben, file, key, ben, epoch=2)) == "no_right"
    organisation.give(ben, file, key, ben)
    assert refused(lambda: organisation.give(ben, file, key, ben, epoch=2)) == "no_right"
    assert ben.send(database, part).outcomes == [Outcome(ACCEPTED, 1)]
    assert [each for push in page_of(database, ben, 99).pushes for each in push.parts] == []


def test_a_device_that_was_enrolled_after_its_person_lost_a_file_is_no_former_reader(
    database: Database, organisation: Organisation
) -> None:
    """Neither of whoever opened it, nor of anybody else; one that came while she read the file is."""
    ann, eve = organisation.founder, organisation.join()
    file, key = organisation.open_file(eve, ann), SecretKey.random()

    def another_of_eve() -> Device:
        device = Device(organisation.id)
        enrolled = device.enrolled()
        organisation.say(AddDevice(device.id, eve.id, enrolled.sign_public, enrolled.exchange_public, b""))
        return device

    while_she_read = another_of_eve()
    organisation.own(ann, file, ann)
    late = another_of_eve()
    with database.writing() as session:
        session.run("DELETE FROM collection_right WHERE device = ?", eve.id)
        session.run("DELETE FROM reader WHERE device = ?", eve.id)
    assert refused(lambda: organisation.give(late, file, key, late)) == "no_right"
    for device in (eve, while_she_read):
        organisation.give(device, file, key, device)


def test_a_key_from_one_who_may_read_no_more_does_not_stand_in_the_way_of_another(
    database: Database, organisation: Organisation
) -> None:
    ann, eve, zoe = organisation.founder, organisation.join(), organisation.join()
    file = organisation.open_file(ann, eve)
    organisation.own(ann, file, ann, zoe)
    organisation.give(eve, file, SecretKey.random(), zoe)
    for _ in range(2):
        organisation.give(ann, file, SecretKey.random(), zoe)
    assert [each.by for each in page_of(database, zoe).rights] == [eve.id, ann.id]


def test_a_device_that_was_removed_gives_no_key_and_leaves_no_reader_behind(
    database: Database, organisation: Organisation
) -> None:
    ann, eve = organisation.founder, organisation.join()
    file = os.urandom(16)
    organisation.own(eve, file, ann)
    organisation.say(RevokeDevice(eve.id, is_lost=True))
    assert refused(lambda: organisation.give(eve, file, SecretKey.random(), eve)) == "revoked"
    assert refused(lambda: hub_members.confirm_cleared(database, eve.caller, file)) == "revoked"
    organisation.give(ann, file, SecretKey.random(), ann)


def test_of_two_who_make_a_new_key_the_second_hears_taken(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    organisation.give(ann, file, SecretKey.random(), ann, epoch=2)
    assert refused(lambda: organisation.give(ben, file, SecretKey.random(), ben, epoch=2)) == "taken"
    assert refused(lambda: organisation.give(ben, file, SecretKey.random(), ben, epoch=4)) == "no_right"


def test_a_right_without_a_key_takes_nothing_from_anybody(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    right = next(each for each in page_of(database, ben).rights if each.collection == file)
    empty = msgspec.structs.replace(right, sealed=b"", device=ann.id, by=ben.id)
    assert refused(lambda: hub_members.add_rights(database, ben.caller, [empty])) == "malformed"


def test_a_file_that_comes_back_is_given_again_with_all_its_links(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file, key = organisation.open_file(ann, ben), SecretKey.random()
    organisation.own(ann, file, ann)
    hub_members.confirm_cleared(database, ben.caller, file)
    page = page_of(database, ben)
    organisation.own(ann, file, ann, ben)
    assert wanted(page_of(database, ann)) == {(file, ben.id)}
    assert told(page_of(database, ben, page.rights_upto)) == []
    organisation.give(ann, file, key, ben)
    now = page_of(database, ben, page.rights_upto)
    assert told(now) == [(file, 1), (file, 2), (file, 3)]
    assert [each.collection for each in now.rights] == [file]
    assert [each.number for each in page_of(database, ben).rights] == [now.rights[0].number]
    assert wanted(page_of(database, ann)) == set()


def test_who_clears_a_file_that_is_hers_again_by_then_wants_its_key(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    hub_members.confirm_cleared(database, ben.caller, file)
    assert wanted(page_of(database, ann)) == {(file, ben.id)}


def test_a_file_is_cleared_by_leave_of_the_hub_and_never_by_who_may_read_it(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    assert refused(lambda: hub_members.let_clear(database, ben.caller, file)) == "may_read"
    organisation.own(ann, file, ann)
    hub_members.let_clear(database, ben.caller, file)
    hub_members.let_clear(database, ben.caller, file)
    organisation.own(ann, file, ann, ben)
    assert wanted(page_of(database, ann)) == {(file, ben.id)}
    organisation.say(RevokeDevice(ben.id, is_lost=True))
    assert refused(lambda: hub_members.let_clear(database, ben.caller, file)) == "revoked"


def test_who_says_that_no_key_opens_a_file_is_given_those_of_others_but_for_so_many(
    database: Database, organisation: Organisation
) -> None:
    ann, cat = organisation.founder, organisation.join()
    others = [organisation.join() for _ in range(given.MOST_GIVERS + 1)]
    file, key = organisation.open_file(ann, *others), SecretKey.random()
    organisation.own(ann, file, ann, cat, *others)
    assert refused(lambda: hub_members.doubt_keys(database, cat.caller, file)) == "no_right"
    for giver in others[:2]:
        organisation.give(giver, file, key, cat)
    assert [each.by for each in page_of(database, cat).rights] == [others[0].id]
    for _ in range(2):
        hub_members.doubt_keys(database, cat.caller, file)
    assert wanted(page_of(database, ann)) == {(file, cat.id)}
    assert wanted(page_of(database, others[0])) == set(), "hers is what is doubted"
    for giver in (ann, *others, *others):
        organisation.give(giver, file, key, cat)
    assert [each.by for each in page_of(database, cat).rights] == [
        each.id for each in (others[0], ann, *others[1 : given.MOST_GIVERS - 1])
    ]
    for device in (ann, *others):
        assert wanted(page_of(database, device)) == set(), "she has given hers, or so many have"
    organisation.give(ann, file, key, ann, epoch=2)
    assert page_of(database, ann).wanting == [Wanting(file, cat.id, 2)]
    assert wanted(page_of(database, others[0])) == set(), "she has no key of that epoch"
    organisation.give(ann, file, key, cat, epoch=2)
    assert wanted(page_of(database, ann)) == set()


# --- what a pull tells ---


def test_a_pull_brings_the_links_that_came_since(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    file, other = organisation.open_file(ann, ben), organisation.open_file(ann)
    first = page_of(database, ben)
    assert told(first) == [(file, 1)]
    assert first.rights_upto == first.rights_head
    organisation.own(ann, other, ann, ben)
    organisation.own(ben, file, ann)
    second = page_of(database, ben, first.rights_upto)
    assert told(second) == [(file, 2)]  # also who may read no more hears of it, until she has cleared it
    assert told(page_of(database, ben, second.rights_upto)) == []


def test_links_and_rights_come_page_by_page_and_nothing_else_before_them(
    database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = organisation.founder, organisation.join()
    files = [organisation.open_file(ann, ben) for _ in range(7)]
    for file in files:
        organisation.own(ann, file, ann, ben)
        organisation.own(ann, file, ann)
    ann.send(database, Part(files[0], changes((ITEM, 0))))
    monkeypatch.setattr(given, "MOST_RIGHTS", 3)
    seen: set[tuple[bytes, int]] = set()
    after, pages = 0, 0
    while True:
        page = page_of(database, ben, after)
        seen |= set(told(page))
        pages += 1
        if page.rights_upto == page.rights_head:
            break
        assert page.has_more
        assert not page.pushes
        assert after < page.rights_upto
        after = page.rights_upto
    assert len(page.pushes) == 1
    assert pages > 4
    assert seen == {(file, number) for file in files for number in (1, 2, 3)}


def test_long_links_make_more_pages(
    database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = organisation.founder, organisation.join()
    files = [organisation.open_file(ann, ben) for _ in range(4)]
    monkeypatch.setattr(given, "MOST_LINKS_BYTES", 700)
    page = page_of(database, ben)
    assert 0 < len(page.owners) < 4
    assert page.rights_upto < page.rights_head
    assert told(page_of(database, ben, page.rights_upto))[-1] in {(file, 1) for file in files}


def test_no_file_is_filled_before_all_links_are_told(
    database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = organisation.founder, organisation.join()
    files = [organisation.open_file(ann, ben) for _ in range(4)]
    ann.send(database, *(Part(file, changes((os.urandom(16), 0))) for file in files))
    organisation.own(ann, files[-1], ann)
    monkeypatch.setattr(given, "MOST_RIGHTS", 3)
    fills = [Fill(file, 0, 1) for file in files]
    page = pulls.answer_pull(database, ben.caller, Pull(Tip(0, NONE), 2**40, 0, fills, heads=files))
    assert (page.filled, page.fills, page.heads, page.has_more) == ([], fills, [], True)


def test_what_a_device_holds_and_may_read_no_more_is_named_to_it_by_number_alone(
    database: Database, organisation: Organisation
) -> None:
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    ann.send(database, Part(file, changes((ITEM, 0))))
    organisation.own(ann, file, ann)
    assert [each.item for each in hub_revisions.revisions(database, ben.caller, AskRevisions()).held] == [ITEM]
    hub_members.confirm_cleared(database, ben.caller, file)
    assert hub_revisions.revisions(database, ben.caller, AskRevisions()).held == []


def test_no_right_comes_before_the_statements_by_which_it_is_judged(
    database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben = organisation.founder, organisation.join()
    organisation.open_file(ann, ben)
    monkeypatch.setattr(pulls, "MOST_STATEMENTS", 2)
    page = page_of(database, ben, statements=0)
    assert (len(page.statements), page.rights, page.owners, page.rights_upto) == (2, [], [], 0)
    assert page.has_more
    assert page_of(database, ben, statements=2).rights


@pytest.mark.parametrize("is_link", [False, True], ids=["right", "link"])
def test_a_hub_that_lost_what_a_device_has_seen_last_is_found_out(
    database: Database, organisation: Organisation, is_link: bool
) -> None:
    """Though it has counted as far again since, of what is somebody else's."""
    ann, ben = organisation.founder, organisation.join()
    file = organisation.open_file(ann, ben)
    if is_link:
        organisation.own(ann, file, ann, ben)
    page = page_of(database, ben)
    assert page.rights_upto == page.rights_head
    asked = Pull(Tip(0, NONE), 2**40, page.rights_upto, rights_mark=page.rights_mark)
    organisation.own(ann, file, ann)
    again = pulls.answer_pull(database, ben.caller, asked)
    assert (again.rights, len(again.owners)) == ([], 1)
    table, key = ("ownership", "body") if is_link else ("collection_right", "signature")
    with database.writing() as session:
        session.run(f"UPDATE {table} SET {key} = ? WHERE number = ?", os.urandom(64), page.rights_upto)
    assert refused(lambda: pulls.answer_pull(database, ben.caller, asked)) == "other_history"
    with database.writing() as session:
        session.run(f"DELETE FROM {table} WHERE number = ?", page.rights_upto)
    assert refused(lambda: pulls.answer_pull(database, ben.caller, asked)) == "other_history"


# --- who may read what ---


def test_a_team_reads_its_files_and_whoever_leaves_it_does_not(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    organisation.say(SetTeam(NORTH, True, b""))
    whose = Whose(None, NORTH, False, frozenset())
    file, key = os.urandom(16), SecretKey.random()
    link = ownership.following(organisation.members, file, None, whose, ann.id)
    organisation.answer(ann, ownership.sign(link, ann.id, ann.seed.buffer))
    organisation.give(ann, file, key, ann)
    assert wanted(page_of(database, ann)) == set()
    organisation.say(SetPerson(ben.id, [ADVOCATE], [NORTH], True, b""))
    assert wanted(page_of(database, ann)) == {(file, ben.id)}
    organisation.give(ann, file, key, ben)
    ann.send(database, Part(file, changes((ITEM, 0))))
    assert items_in(ben.pull(database), file) == {ITEM: 1}
    organisation.say(SetPerson(ben.id, [ADVOCATE], [], True, b""))
    ann.send(database, Part(file, changes((OTHER, 0))))
    assert items_in(ben.pull(database), file) == {}
    organisation.say(SetPerson(ben.id, [ADVOCATE], [NORTH], True, b""))
    ann.send(database, Part(file, changes((b"3" * 16, 0))))
    assert items_in(ben.pull(database), file) == {b"3" * 16: 1}


def test_a_new_device_of_a_person_wants_all_that_she_reads(database: Database, organisation: Organisation) -> None:
    ann, ben = organisation.founder, organisation.join()
    files = {organisation.open_file(ann, ben) for _ in range(3)}
    organisation.open_file(ann)
    second = Device(organisation.id)
    enrolled = second.enrolled()
    organisation.say(AddDevice(second.id, ben.id, enrolled.sign_public, enrolled.exchange_public, b""))
    assert wanted(page_of(database, ann)) == {(file, second.id) for file in files}


@pytest.mark.parametrize("seed", range(3))
def test_the_hub_knows_who_may_read_whatever_was_said(
    database: Database, organisation: Organisation, seed: int
) -> None:
    """Links, statements, keys and clearings in any order: what is kept is what the two chains say."""
    dice = random.Random(seed)
    teams = [bytes([number]) * 16 for number in (1, 2)]
    for team in teams:
        organisation.say(SetTeam(team, True, b""))
    devices = [organisation.founder, *(organisation.join() for _ in range(4))]
    people, gone = [each.id for each in devices], set[bytes]()
    files = [os.urandom(16) for _ in range(5)]

    def acting() -> Device:
        return dice.choice([each for each in devices if each.id not in gone])

    def hand_on() -> None:
        file, signer = dice.choice(files), acting()
        readers = frozenset(dice.sample(people, dice.randrange(3)))
        person, team = dice.choice([None, *people]), dice.choice([None, *teams])
        whose = Whose(person, team, dice.random() < 0.3, readers)
        link = ownership.following(organisation.members, file, organisation.owned.get(file), whose, signer.id)
        organisation.answer(signer, ownership.sign(link, signer.id, signer.seed.buffer))

    def give() -> None:
        file, giver, taker = dice.choice(files), acting(), dice.choice(devices)
        try:
            organisation.give(giver, file, SecretKey.random(), giver, taker)
        except RefusedByHub as refusal:
            assert refusal.code in {"no_right", "taken"}

    def say() -> None:
        person = dice.choice(people[1:])
        roles = [dice.choice([ADVOCATE, SUPERVISOR, DATA_LEAD])]
        organisation.say(SetPerson(person, roles, dice.sample(teams, dice.randrange(3)), dice.random() < 0.8, b""))

    def clear() -> None:
        hub_members.confirm_cleared(database, acting().caller, dice.choice(files))

    def revoke() -> None:
        device = dice.choice(people[1:])
        if device not in gone and len(gone) < 2:
            gone.add(device)
            organisation.say(RevokeDevice(device, False))

    for step in range(90):
        dice.choice([hand_on, hand_on, hand_on, give, give, give, give, say, clear, *([revoke] if step > 60 else [])])()
        if step % 6 == 0:
            _check(database, organisation, files)


def _check(database: Database, organisation: Organisation, files: list[bytes]) -> None:
    readers = Readers(organisation.members)
    with database.reading() as session:
        held = session.rows("SELECT collection, device, is_withdrawn FROM reader")
        wants = {(bytes(row[0]), bytes(row[1])) for row in session.rows("SELECT collection, device FROM wanting")}
    may_read = {
        (file, each.device)
        for file in files
        if file in organisation.owned
        for each in readers.devices(organisation.owned[file].link)
    } | {(organisation.id, each.device) for each in readers.of_everybody()}
    for collection, device, is_withdrawn in held:
        assert bool(is_withdrawn) == ((bytes(collection), bytes(device)) not in may_read)
    assert wants == may_read - {(bytes(row[0]), bytes(row[1])) for row in held}
