"""What a desk that was let go takes with it into the next organisation."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from uuid import UUID

import msgspec
import pytest

from advocate_desk.errors import Blocked, Stopped
from advocate_desk.sync import inbox, keeping, membership, parting, state
from advocate_desk.sync.enrol import Offer
from advocate_desk.sync.link import Link
from advocate_desk.sync.statements import SUPERVISOR
from advocate_desk.sync.transaction import writing
from advocate_desk.sync.transport import Line
from advocate_desk.vault.device import new_device
from tests.builders import a_file
from tests.sync.desks import Desk, Team


def link_of(desk: Desk) -> Link:
    write = partial(writing, is_stopped=lambda: False)
    return Link(desk.work.engine, desk.device, None, desk.work.clock, write, Line)


def test_what_stays_is_new_to_another_organisation_and_known_to_the_same(team: Team) -> None:
    ann = team.join("Ann", SUPERVISOR)
    file_id = a_file(ann.work)
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE client_file SET allocated_person = ?", (UUID(bytes=ann.person).hex,))
    team.exchange_all(2)
    link = link_of(ann)
    assert not parting.part(link), "a desk that belongs forgets nothing"
    parting.note_out(ann.work.engine, ann.device.id)
    assert parting.part(link)
    with ann.work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        assert state.standing(driver) is None and not state.chains(driver, team.members).ends
        assert parting.is_spent(driver, ann.device.id)
    assert ann.rows("SELECT synced_rev IS NULL, allocated_person IS NULL FROM client_file") == [(0, 0)]
    assert file_id.bytes in {bytes(row[0]) for row in ann.rows("SELECT collection FROM collection_key")}
    with ann.work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        with link.writing(driver):
            parting.begin_anew(driver, os.urandom(16), ann.person)
        assert not parting.is_spent(driver, ann.device.id)
    assert ann.rows("SELECT synced_rev IS NULL, allocated_person IS NULL FROM client_file") == [(1, 1)]
    assert ann.rows("SELECT collection FROM collection_key") == []


def test_a_backup_of_before_that_is_restored_afterwards_can_be_left_again(team: Team) -> None:
    ann = team.join("Ann", SUPERVISOR)
    a_file(ann.work)
    team.exchange_all(2)
    other = replace(ann, device=new_device())
    with ann.work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        assert not parting.is_out(driver, ann.device.id.bytes)
        assert parting.is_out(driver, other.device.id.bytes), "the desk is another device than the one that belongs"
    assert parting.part(link_of(other))
    with ann.work.engine.connect() as conn:
        assert state.standing(conn.connection.driver_connection) is None


def test_a_clearing_that_a_lock_cut_off_is_finished_before_the_organisation_is_forgotten(team: Team) -> None:
    ann = team.join("Ann", SUPERVISOR)
    ben = team.join("Ben", SUPERVISOR)
    a_file(ann.work)
    a_file(ben.work)
    team.exchange_all(3)
    kept = a_file(ann.work)
    parting.note_out(ann.work.engine, ann.device.id)  # and the lock comes here
    assert parting.part(link_of(ann))
    assert ann.rows("SELECT id FROM client_file") == [(kept.hex,)], "what nobody else has stays, and nothing else"
    assert ann.rows("SELECT count(*) FROM collection_key") == [(0,)]


def test_nothing_is_forgotten_when_the_lock_comes_again_or_a_file_is_left(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = team.join("Ann", SUPERVISOR)
    team.join("Ben", SUPERVISOR)
    a_file(ann.work)
    team.exchange_all(3)
    parting.note_out(ann.work.engine, ann.device.id)
    with pytest.raises(Stopped):
        parting.part(replace(link_of(ann), writing=partial(writing, is_stopped=lambda: True)))
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "clear_file", lambda *_: 0)
        patch.setattr(keeping, "forget", lambda *_: None)
        with pytest.raises(Blocked, match="still on this computer"):
            parting.part(link_of(ann))
    with ann.work.engine.connect() as conn:
        assert state.standing(conn.connection.driver_connection) is not None
    assert parting.part(link_of(ann))
    assert ann.rows("SELECT count(*) FROM client_file") == [(0,)]


def test_a_lock_in_the_middle_is_remembered_and_what_was_begun_goes_on_from_there(team: Team) -> None:
    ann = team.join("Ann", SUPERVISOR)
    team.join("Ben", SUPERVISOR)
    for _ in range(3):
        a_file(ann.work)
    team.exchange_all(3)
    parting.note_out(ann.work.engine, ann.device.id)
    asked = iter([False] * 6)  # before and after each of three transactions: the first notes it, the third takes a file
    with pytest.raises(Stopped):
        parting.part(replace(link_of(ann), writing=partial(writing, is_stopped=lambda: next(asked, True))))
    parting.note_out(ann.work.engine, ann.device.id)  # heard again at the next exchange
    with ann.work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        assert parting.is_begun(driver) and parting.is_out(driver, ann.device.id.bytes)
        assert parting.files_here(driver) == 2, "one was taken away"
    assert parting.part(link_of(ann))
    with ann.work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        assert not parting.is_begun(driver) and parting.files_here(driver) == 0
        assert parting.is_spent(driver, ann.device.id)


def test_a_backup_that_was_restored_under_a_new_identity_leaves_what_others_have_behind(team: Team) -> None:
    ann = team.join("Ann", SUPERVISOR)
    team.join("Ben", SUPERVISOR)
    a_file(ann.work)
    team.exchange_all(3)
    alone = a_file(ann.work)
    assert parting.part(link_of(replace(ann, device=new_device())))
    assert ann.rows("SELECT id FROM client_file") == [(alone.hex,)]


def test_files_of_a_former_organisation_are_counted_before_another_is_joined(team: Team) -> None:
    ann = team.join("Ann", SUPERVISOR)
    a_file(ann.work)
    team.exchange_all(3)
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE client_file SET reference = 'typed last'")
    a_file(ann.work)
    parting.note_out(ann.work.engine, ann.device.id)
    assert parting.part(link_of(ann))
    with ann.work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        assert parting.count_brought(driver, os.urandom(16)) == 1
        assert parting.count_brought(driver, team.organisation) == 0, "who comes back brings nothing new"


def test_giving_up_leaves_files_of_a_former_organisation_to_be_asked_about_again(team: Team) -> None:
    ann = team.join("Ann", SUPERVISOR)
    a_file(ann.work)
    team.exchange_all(3)
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE client_file SET reference = 'typed last'")
    parting.note_out(ann.work.engine, ann.device.id)
    assert parting.part(link_of(ann))
    link = link_of(replace(ann, device=new_device()))
    offer = Offer(team.organisation, team.members.root_public, "", "A", ann.person, "Ann", [SUPERVISOR], [])
    membership.begin_joining(link, offer, "")
    assert membership.give_up_joining(link)
    with ann.work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        assert not parting.is_spent(driver, link.device.id), "the identity was let go by nobody"
        assert parting.count_brought(driver, os.urandom(16)) == 1
    other = replace_organisation(offer)
    membership.begin_joining(link, other, "")
    assert ann.rows("SELECT synced_rev FROM client_file") == [(None,)]
    for table in ("collection_key", "file_ownership"):
        assert ann.rows(f"SELECT count(*) FROM {table}") == [(0,)]
    a_file(ann.work)  # her own: it came from nobody
    assert membership.give_up_joining(link)
    with ann.work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        assert parting.count_brought(driver, os.urandom(16)) == 1, "she agreed for the one that she gave up alone"
        assert parting.count_brought(driver, other.organisation) == 1
        assert parting.count_brought(driver, team.organisation) == 0, "it comes from there"


def replace_organisation(offer: Offer) -> Offer:
    return msgspec.structs.replace(offer, organisation=os.urandom(16))
