"""What a desk that was let go takes with it into the next organisation."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from uuid import UUID

from advocate_desk.sync import parting, state
from advocate_desk.sync.exchange import writing
from advocate_desk.sync.link import Link
from advocate_desk.sync.statements import SUPERVISOR
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
