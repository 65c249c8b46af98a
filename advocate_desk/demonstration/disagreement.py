"""Two desks that changed one record apart from each other, merged as an exchange merges them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import Connection, select

from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import RecordId
from advocate_desk.store.tables.base import metadata
from advocate_desk.sync import enrol, state, statements
from advocate_desk.sync.inbox import Arrived, apply
from advocate_desk.sync.names import Name, seal_name
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.records import outgoing, shapes
from advocate_desk.sync.statements import ADVOCATE, Members, SetPerson, Statement
from advocate_desk.sync.transaction import writing
from advocate_desk.vault.device import Device

Fields = Mapping[str, object]
NOBODY = UUID(int=0)


def disagree(
    work: Work, kind: str, record_id: UUID, ours: Fields, theirs: Mapping[str, object], by: UUID = NOBODY
) -> None:
    """Let this desk say `ours` of a record, unsent, and a colleague's `theirs`, which the hub has; then merge the two.

    `ours` are values as Python has them, `theirs` as they travel. `by` is the colleague.
    """
    table = metadata.tables[kind]
    with work.engine.connect() as conn:
        file_id = conn.execute(select(table.c.file_id).where(table.c.id == record_id)).scalar_one()
    with work.engine.connect() as conn:
        driver = _driver(conn)
        with writing(driver, lambda: False):
            driver.execute(f'UPDATE "{kind}" SET synced_rev = 1, base = NULL WHERE id = ?', (record_id.hex,))  # noqa: S608
        hers = {**_as_it_travels(driver, kind, record_id), **theirs}
    with work.activity("hearing_changed", file_id) as act:
        act.update(table, RecordId(record_id), ours)
    with work.engine.connect() as conn:
        driver = _driver(conn)
        own = driver.execute("SELECT person FROM organisation").fetchone()
        reader = bytes(own[0]).hex() if own else ""
        arrived = Arrived(kind, record_id.bytes, file_id.bytes, 2, by.hex if by.int else "", reader, hers)
        with writing(driver, lambda: False):
            apply(driver, [arrived], work.clock.now())


def with_colleague(work: Work, device: Device, name: str) -> UUID:
    """Found an organisation on this desk alone, with a colleague called `name` in it. Gives her id."""
    founding = enrol.found(device, Name(work.actor.name), [ADVOCATE], 2, 3)
    keys = {1: bytes(founding.key.buffer)}
    person = uuid4().bytes
    act = SetPerson(person, [ADVOCATE], [], True, seal_name(Name(name), founding.organisation, person, keys))
    chain = statements.take(Members(founding.organisation, founding.root_public), founding.statement)
    said = Statement(founding.organisation, 2, chain.hash, act)
    body = statements.sign(said, device.id.bytes, device.sign_seed.buffer)
    with work.engine.connect() as conn:
        driver = _driver(conn)
        with writing(driver, lambda: False):
            state.join(driver, founding.organisation, founding.root_public, founding.person, "", work.clock.now())
            state.keep_statement(driver, 1, founding.statement)
            state.keep_statement(driver, 2, body)
            state.keep_key(driver, founding.organisation, 1, keys[1])
    founding.key.wipe()
    return UUID(bytes=person)


def _driver(conn: Connection) -> Driver:
    return conn.connection.driver_connection


def _as_it_travels(driver: Driver, kind: str, record_id: UUID) -> dict[str, object]:
    shape = shapes()[kind]
    names = ("extra", *shape.columns)
    listed = ", ".join(f'"{name}"' for name in names)
    row = driver.execute(f'SELECT {listed} FROM "{kind}" WHERE id = ?', (record_id.hex,)).fetchone()  # noqa: S608
    return outgoing(shape, dict(zip(names, row, strict=True)))
