"""Settings of the profile: letterhead, saved filters, practice choices. Kept encrypted in the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select

from advocate_desk.casework.work import Done, Work
from advocate_desk.store.tables.local import setting


def _value(conn: Connection, key: str) -> Any:  # noqa: ANN401 - a JSON value
    return conn.execute(select(setting.c.value).where(setting.c.key == key)).scalar_one_or_none()


def get(work: Work, key: str) -> Any:  # noqa: ANN401
    """The JSON value kept under `key`, or None."""
    return work.read(_value, key)


def put(work: Work, key: str, value: Any) -> Done:  # noqa: ANN401
    """Keep a JSON value under `key`."""
    with work.activity("setting_changed") as act:
        act.conn.execute(insert(setting).prefix_with("OR REPLACE"), {"key": key, "value": value})
        act.kinds.add("setting")
        act.audit("setting_changed", subject="setting", key=key)
        return act.done()
