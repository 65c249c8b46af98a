"""A vault of every version that was released opens, by passphrase and by recovery code, with all that was in it.

tests/data/vaults/make.py keeps one for each release.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from advocate_desk.clock import FixedClock
from advocate_desk.store import migrate
from advocate_desk.store.engine import DATABASE_NAME, open_store
from advocate_desk.vault.keyring import SERVICE, SecureKeyring
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import OpenVault, open_vault, open_with_recovery
from tests.builders import NOON
from tests.data.vaults.make import ROWS, SECRETS
from tests.data.vaults.reading import Rows, rows_of
from tests.store_state import check_sound
from tests.unit.vault.keyrings import MemoryBackend
from tests.unit.vault.vaults import CHEAP

KEPT = sorted(path.parent for path in (Path(__file__).parents[1] / "data" / "vaults").glob(f"*/{SECRETS}"))


@pytest.fixture(params=KEPT, ids=lambda folder: folder.name)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a kept vault: the kept one is never written to."""
    return Path(shutil.copytree(request.param, tmp_path / "kept"))


@pytest.fixture
def secrets(kept: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((kept / SECRETS).read_text("utf-8"))
    return found


def by_passphrase(kept: Path, secrets: dict[str, str], clock: FixedClock) -> OpenVault:
    backend = MemoryBackend()
    vault_id = json.loads((kept / "vault.json").read_text("utf-8"))["vault_id"]
    backend.kept[SERVICE, vault_id] = secrets["device_secret"]
    return open_vault(kept, secrets["passphrase"], keyring=SecureKeyring(backend), clock=clock, cost=CHEAP)


def by_recovery(kept: Path, secrets: dict[str, str], clock: FixedClock) -> OpenVault:
    return open_with_recovery(kept, RecoveryCode.parse(secrets["recovery_code"]), clock=clock)


@pytest.fixture(params=[by_passphrase, by_recovery], ids=["passphrase", "recovery"])
def vault(
    request: pytest.FixtureRequest, kept: Path, secrets: dict[str, str], clock: FixedClock
) -> Iterator[OpenVault]:
    opened = request.param(kept, secrets, clock)
    yield opened
    opened.close()


@pytest.fixture
def engine(kept: Path, vault: OpenVault) -> Iterator[Engine]:
    opened = open_store(kept / DATABASE_NAME, vault.db_key.buffer)
    yield opened
    opened.dispose()


def test_a_vault_is_kept_and_holds_a_row_of_every_kind() -> None:
    assert KEPT
    for folder in KEPT:
        rows: Rows = json.loads((folder / ROWS).read_text("utf-8"))
        assert [name for name, found in rows.items() if not found] == []
        assert len(rows) > 20


def test_a_kept_vault_opens_and_every_row_comes_to_this_version(
    kept: Path, vault: OpenVault, engine: Engine, secrets: dict[str, str], tmp_path: Path
) -> None:
    assert vault.notices == ()
    assert migrate.revision_of(engine) == secrets["revision"]
    migrate.prepare(engine, vault.db_key.buffer, tmp_path / "backups", NOON)
    assert migrate.revision_of(engine) == migrate.HEAD
    wanted: Rows = json.loads((kept / ROWS).read_text("utf-8"))
    found = rows_of(engine)
    for table, rows in wanted.items():
        assert [{column: row.get(column) for column in rows[0]} for row in found[table]] == rows, table
    check_sound(engine)
