"""The program of two versions on, in a process of its own: one column more in 0004, another and a table in 0005.

Reads what to do as JSON from standard input, and says what it found as JSON on standard output.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from advocate_desk import paths
from advocate_desk.clock import FixedClock
from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import open_database
from advocate_desk.hub.near import NearHub
from advocate_desk.store import migrate
from advocate_desk.store.engine import open_store
from advocate_desk.store.tables.base import metadata, number, record_table, text
from advocate_desk.store.tables.people import person
from advocate_desk.sync.exchange import Exchange
from advocate_desk.vault import sodium
from advocate_desk.vault.device import Device
from advocate_desk.vault.secret import SecretKey
from tests.builders import KEY, NOON

REVISION = """
import importlib
from alembic import op
revision = "{now}"
down_revision = "{before}"
branch_labels = None
depends_on = None
def upgrade():
    importlib.import_module("tests.sync.newer").{act}(op.get_bind())
"""


def write_revisions(folder: Path) -> None:
    """The two revisions, beside those that there are."""
    for now, before, act in (("0004", "0003", "add_mood"), ("0005", "0004", "add_points_and_visits")):
        body = REVISION.format(now=now, before=before, act=act)
        (folder / "versions" / f"{now}_{act}.py").write_text(body, encoding="utf-8")


def grow() -> None:
    """Let this process know what that version knows."""
    if "visit" not in metadata.tables:
        person.append_column(text("mood"))
        person.append_column(number("points"))
        record_table("visit", text("words"))
    migrate.HEAD = "0005"


def add_mood(bind: Any) -> None:
    bind.exec_driver_sql("ALTER TABLE person ADD COLUMN mood TEXT DEFAULT '' NOT NULL")


def add_points_and_visits(bind: Any) -> None:
    from advocate_desk.store.tracking import store_objects

    bind.exec_driver_sql("ALTER TABLE person ADD COLUMN points INTEGER")
    metadata.tables["visit"].create(bind)
    for name, sql in store_objects():
        if name.startswith(("tr_person_keep", "tr_visit")):
            bind.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
            bind.exec_driver_sql(sql)


def carry_out(asked: dict[str, Any]) -> dict[str, Any]:
    """Open and bring up a store, write into it, exchange, and read from it."""
    store = Path(asked["store"])
    migrations = Path(asked["migrations"])
    paths.migrations = lambda: migrations
    engine = open_store(store, KEY)
    migrate.prepare(engine, KEY, store.parent / "backups", NOON)
    with engine.begin() as conn:
        for sql in asked["write"]:
            conn.exec_driver_sql(sql)
    seed, secret = (SecretKey(bytearray.fromhex(asked[each])) for each in ("seed", "secret"))
    public = sodium.sign_public(seed.buffer), sodium.exchange_public(secret.buffer)
    device = Device(UUID(asked["device"]), *public, seed, secret)
    database = open_database(asked["hub"])
    hub = NearHub(database, Caller(bytes.fromhex(asked["organisation"]), device.id.bytes, public[0]), 1024**3)
    troubles = [Exchange(engine, device, hub, FixedClock(NOON)).run().troubles for _ in range(asked["exchanges"])]
    with engine.connect() as conn:
        found = [[list(row) for row in conn.exec_driver_sql(sql).all()] for sql in asked["read"]]
    database.close()
    engine.dispose()
    return {"found": found, "troubles": troubles}


if __name__ == "__main__":
    sys.modules["tests.sync.newer"] = sys.modules["__main__"]
    grow()
    print(json.dumps(carry_out(json.load(sys.stdin))))
