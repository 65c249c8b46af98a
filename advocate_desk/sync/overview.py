"""What a desk is told of its exchange: where it stands, what waits, and what the exchange had to say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from advocate_desk.sync import attachments, keeping, outbox, state
from advocate_desk.sync.outbox import Driver

MOST_EVENTS = 200


@dataclass(frozen=True, slots=True)
class Overview:
    """How a desk stands with its organisation. `waiting`: records to be sent; `documents`: bytes still to come."""

    organisation: bytes
    hub_address: str
    is_paused: bool
    exchanged_at: datetime | None
    waiting: int
    documents: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that the exchange had to tell: a fixed word, counts and ids."""

    number: int
    happened_at: datetime
    kind: str
    detail: Mapping[str, Any]


def read(engine: Engine) -> Overview | None:
    """How the desk stands now; None while it belongs to no organisation."""
    with engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        stand = state.standing(driver)
        if stand is None:
            return None
        (at,) = driver.execute("SELECT exchanged_at FROM organisation").fetchone()
        return Overview(
            stand.organisation,
            stand.hub_address,
            stand.is_paused,
            _moment(at) if at else None,
            outbox.count_unsent(driver),
            attachments.waiting(driver),
            len(keeping.withdrawn(driver)),
        )


def events(engine: Engine, after: int = 0) -> tuple[Event, ...]:
    """What was told after the event of that number, the newest first, `MOST_EVENTS` at most."""
    with engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        rows = driver.execute(
            "SELECT number, happened_at, kind, detail FROM exchange_event WHERE number > ? "
            "ORDER BY number DESC LIMIT ?",
            (after, MOST_EVENTS),
        ).fetchall()
    return tuple(Event(number, _moment(at), kind, json.loads(detail)) for number, at, kind, detail in rows)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
