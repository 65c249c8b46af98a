"""Bringing a store to the schema of this version: at unlock, after an encrypted backup, or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from advocate_desk import paths
from advocate_desk.domain.backups import Why
from advocate_desk.errors import NewerVault, Unavailable
from advocate_desk.store.backup import make_copy
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.store.later_fields import take_places
from advocate_desk.trouble import NOT_OPENED

HEAD = "0003"
"""The revision of this version. A test holds it equal to the last file under `migrations/versions/`."""


def revision_of(engine: Engine) -> str:
    """The store's revision, "" for a new one."""
    with disk_trouble_in_words(NOT_OPENED), engine.connect() as conn:
        try:
            found = conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
        except OperationalError as error:
            if "no such table" in str(error.orig):
                return ""
            raise
        return str(found or "")


def prepare(engine: Engine, key: bytes | bytearray, backups: Path, now: datetime) -> None:
    """Bring the store to HEAD, having put a copy into `backups` first if it holds anything.

    Raises NewerVault, with nothing touched, for a store of a later version; Unavailable when a step failed, in which
    case the store is as it was.
    """
    found = revision_of(engine)
    if found == HEAD:  # the common case, and the reason that Alembic is not imported above
        return
    if found > HEAD:
        raise NewerVault(
            "This caseload was written by a newer version of Advocate Desk. Nothing was changed. "
            "Update the program to open it."
        )
    if found:
        make_copy(engine, key, backups, Why.MIGRATION, now)
    upgrade(engine, HEAD)


def upgrade(engine: Engine, revision: str) -> None:
    """Run the migrations up to `revision` in one transaction. Raises Unavailable; the old schema stays."""
    from alembic import command  # noqa: PLC0415 - a quarter second that only an upgrade pays
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(paths.migrations()))
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        if driver is None:
            raise Unavailable("The caseload could not be opened. Nothing was changed.")
        driver.execute("PRAGMA foreign_keys = OFF")  # a rebuilt table would lose its children; no effect once begun
        try:
            with disk_trouble_in_words(NOT_OPENED), connection.begin():
                config.attributes["connection"] = connection
                orphans = _orphans(connection)
                command.upgrade(config, revision)
                if _orphans(connection) > orphans:
                    raise RuntimeError(f"{revision}: rows lost their parent")
                if revision == HEAD:
                    take_places(connection)
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def _orphans(connection: Connection) -> int:
    """How many records have no parent: some that came from a hub may be waiting for theirs."""
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
