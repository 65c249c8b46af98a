"""What a desk sets about its exchange: whether it is paused, where its hub is, what was told. All outlive a restart."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from advocate_desk.store.engine import writing
from advocate_desk.sync import state
from advocate_desk.sync.overview import READ_KEY, SHOWN_KEY


def set_paused(engine: Engine, is_paused: bool) -> None:
    """Exchange no more, or again."""
    _change(engine, is_paused=int(is_paused))


def set_hub_address(engine: Engine, address: str) -> None:
    """The hub has moved, or the organisation has one now; "" for none."""
    _change(engine, hub_address=address)


def set_exchanged_at(engine: Engine, at: datetime | None) -> None:
    """The last exchange was then, and what followed came to nothing."""
    _change(engine, exchanged_at=state.moment(at) if at is not None else None)


def set_read(engine: Engine, number: int) -> None:
    """Whoever is at the desk has read what the exchange told, up to the event of that number."""
    _set_number(engine, READ_KEY, number)


def set_shown(engine: Engine, number: int) -> None:
    """Whoever is at the desk was told of the values that were not taken, up to the event of that number."""
    _set_number(engine, SHOWN_KEY, number)


def _set_number(engine: Engine, key: str, number: int) -> None:
    with writing(engine).begin() as conn:
        conn.exec_driver_sql("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, str(number)))


def _change(engine: Engine, **values: object) -> None:
    with writing(engine).begin() as conn:
        state.change(conn.connection.driver_connection, **values)
