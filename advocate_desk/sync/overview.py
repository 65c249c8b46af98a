"""What a desk is told of its exchange: where it stands, what waits, and what the exchange had to say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from advocate_desk.store.engine import writing
from advocate_desk.sync import attachments, keeping, outbox, parting, state
from advocate_desk.sync.names import open_name
from advocate_desk.sync.outbox import Driver

MOST_EVENTS = 200
READ_KEY = "exchange_read"
"""The setting that keeps the number of the last event that somebody has read."""
SHOWN_KEY = "values_not_taken_shown"
"""The setting that keeps the number of the last event that values of hers were not taken of which somebody was told."""
ALARMS = (
    "distrust",
    "withheld",
    "contradicted",
    "spoiled_document",
    "forked",
    "final_changed",
    "statements_refused",
    "links_refused",
)
"""Kinds of event that are told until they are read."""
AWAITED = "awaited"
"""What is missing right after something was given back: others give theirs back too, so it is no alarm."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that the exchange had to tell: a fixed word, counts and ids. `names`: of whom it is told, if known."""

    number: int
    happened_at: datetime
    kind: str
    detail: Mapping[str, Any]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotTaken:
    """How many values of hers were not taken of which nobody told her yet, up to event `number`.

    `newest` is the id of the newest conflict, in hexadecimal.
    """

    values: int
    newest: str
    number: int


@dataclass(frozen=True, slots=True)
class Overview:
    """How a desk stands with its organisation.

    `is_admitted`: somebody has let it in; `waiting`: records to be sent; `documents`: those whose bytes are still to
    come; `unsent_documents`: still to be sent; `withdrawn`: files that were taken away and are still here; `alarms`:
    what nobody has read yet, the newest first; `withheld_at`: when it was last told that the hub keeps something back;
    `is_out`: it was let go; `statements`: how many of the members' chain are here.
    """

    organisation: bytes
    hub_address: str
    is_admitted: bool
    is_paused: bool
    exchanged_at: datetime | None
    waiting: int
    documents: int
    withdrawn: int
    alarms: tuple[Event, ...]
    withheld_at: datetime | None
    is_out: bool = False
    statements: int = 0
    unsent_documents: int = 0


def read(engine: Engine) -> Overview | None:
    """How the desk stands now; None while it belongs to no organisation."""
    with engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        stand = state.standing(driver)
        if stand is None:
            return None
        (at,) = driver.execute("SELECT exchanged_at FROM organisation").fetchone()
        (said,) = driver.execute("SELECT count(*) FROM member_statement").fetchone()
        told = _events(driver)
        return Overview(
            stand.organisation,
            stand.hub_address,
            said > 0,
            stand.is_paused,
            _moment(at) if at else None,
            outbox.count_unsent(driver),
            attachments.waiting(driver),
            len(keeping.withdrawn(driver)),
            _alarms(told, _number(driver, READ_KEY)),
            next((each.happened_at for each in told if each.kind in ("withheld", AWAITED)), None),
            parting.is_let_go(driver, stand),
            said,
            attachments.unsent(driver),
        )


def events(engine: Engine) -> tuple[Event, ...]:
    """What the exchange had to tell, the newest first, `MOST_EVENTS` at most."""
    with engine.connect() as conn:
        return _events(conn.connection.driver_connection)


def not_taken(engine: Engine) -> NotTaken | None:
    """The values of hers that were not taken and of which she was not told yet; None where there are none."""
    with engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        sql = "SELECT number, detail FROM exchange_event WHERE kind = ? AND number > ? ORDER BY number DESC"
        rows = driver.execute(sql, (state.NOT_TAKEN, _number(driver, SHOWN_KEY))).fetchall()
    if not rows:
        return None
    details = [json.loads(detail) for _, detail in rows]
    return NotTaken(sum(each["values"] for each in details), details[0]["newest"], rows[0][0])


def statements(engine: Engine) -> tuple[bytes, ...]:
    """The members' chain as this desk has it."""
    with engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        return tuple(bytes(row[0]) for row in driver.execute("SELECT body FROM member_statement ORDER BY number"))


def tell(engine: Engine, at: datetime, kind: str, detail: Mapping[str, Any]) -> None:
    """Write an event for the user to see, in a transaction of its own. `detail`: counts and fixed words, no content."""
    with writing(engine).begin() as conn:
        state.tell(conn.connection.driver_connection, at, kind, detail)


def _alarms(told: Sequence[Event], read: int) -> tuple[Event, ...]:
    """What nobody has read. `read`: the number of the last event that somebody has read."""
    return tuple(each for each in told if each.number > read and each.kind in ALARMS)


def _events(driver: Driver) -> tuple[Event, ...]:
    rows = driver.execute(
        "SELECT number, happened_at, kind, detail FROM exchange_event ORDER BY number DESC LIMIT ?", (MOST_EVENTS,)
    ).fetchall()
    told = []
    older = ""  # the event before, but for what is told with the page that brought it
    for number, at, kind, detail in reversed(rows):
        shown = AWAITED if (kind, older) == ("withheld", "gave_back") else kind
        told.append(Event(number, _moment(at), shown, json.loads(detail)))
        older = older if kind == state.NOT_TAKEN else kind
    told.reverse()
    devices = {bytes.fromhex(device) for each in told for device in each.detail.get("by", ())}
    known = _names(driver, devices) if devices else {}
    return tuple(
        replace(each, names=tuple(dict.fromkeys(known[device] for device in each.detail["by"] if device in known)))
        if each.detail.get("by")
        else each
        for each in told
    )


def _names(driver: Driver, devices: set[bytes]) -> dict[str, str]:
    """The names of the people whose devices these are, by the device's id, as far as this desk can read them."""
    stand = state.standing(driver)
    if stand is None:
        return {}
    members = state.members(driver, stand)
    keys = state.keys(driver).get(stand.organisation, {})
    found: dict[str, str] = {}
    for device in devices & members.devices.keys():
        person = members.people[members.devices[device].person]
        name = open_name(person.sealed, stand.organisation, person.person, keys)
        if name is not None and name.name:
            found[device.hex()] = name.name
    return found


def _number(driver: Driver, key: str) -> int:
    row = driver.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    return int(json.loads(row[0])) if row else 0


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
