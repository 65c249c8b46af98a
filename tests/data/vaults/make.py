"""Keeps a vault as this version writes it: run once for each release, from the checkout, and commit what it makes.

    python tests/data/vaults/make.py

makes `tests/data/vaults/<version>/`: `vault.json`, its spare, `caseload.db`, `secrets.json` with what opens it, and
`rows.json` with every row that is in it. tests/migrations/test_kept_vaults.py opens all of them for ever. Everybody in
them is invented (tests/planted.py). A vault that has been kept is never made again.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2]))  # run as a script, the checkout is not on the path

from advocate_desk.casework.work import Work  # noqa: E402 - after the path
from advocate_desk.clock import FixedClock  # noqa: E402
from advocate_desk.store.engine import DATABASE_NAME, create_store  # noqa: E402
from advocate_desk.store.migrate import HEAD, prepare  # noqa: E402
from advocate_desk.vault.keyring import SERVICE, SecureKeyring  # noqa: E402
from advocate_desk.vault.set_up import create_vault  # noqa: E402
from tests.builders import ACTOR, NOON, PACKS  # noqa: E402
from tests.casework_calls import a_standing_file  # noqa: E402
from tests.data.vaults.reading import rows_of  # noqa: E402
from tests.unit.vault.keyrings import MemoryBackend  # noqa: E402
from tests.unit.vault.vaults import CHEAP, PASSPHRASE  # noqa: E402

SECRETS, ROWS = "secrets.json", "rows.json"


def make(folder: Path) -> None:
    """Write a vault into `folder`, which must not exist, with what opens it and what is in it."""
    clock, backend = FixedClock(NOON), MemoryBackend()
    new = create_vault(folder, PASSPHRASE, keyring=SecureKeyring(backend), clock=clock, cost=CHEAP)
    code = " ".join(new.recovery_code.groups)
    vault = new.finish()
    engine = create_store(folder / DATABASE_NAME, vault.db_key.buffer)
    with tempfile.TemporaryDirectory() as backups:
        prepare(engine, vault.db_key.buffer, Path(backups), NOON)
    a_standing_file(Work(engine, clock, PACKS, replace(ACTOR, device_id=str(vault.device.id))))
    rows = rows_of(engine)
    engine.dispose()
    secrets = {
        "revision": HEAD,
        "passphrase": PASSPHRASE,
        "recovery_code": code,
        "device_secret": backend.kept[SERVICE, str(vault.vault_id)],
    }
    vault.close()
    for name, content in ((SECRETS, secrets), (ROWS, rows)):
        text = json.dumps(content, indent=0, ensure_ascii=False, sort_keys=True)
        (folder / name).write_text(f"{text}\n", "utf-8", newline="\n")


def main() -> None:
    """Keep a vault of the version that `pyproject.toml` names."""
    project = tomllib.loads((HERE.parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    folder = HERE / str(project["version"])
    if folder.exists():
        raise SystemExit(f"{folder.name} has been kept already")
    make(folder)


if __name__ == "__main__":
    main()
