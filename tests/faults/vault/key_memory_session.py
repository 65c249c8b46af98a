"""A desk's life in a process of its own, which stops after each step so that its memory can be searched.

What it is given, and what it tells of its keys, is masked: a copy of a secret in its memory is one that the program
left there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from advocate_desk.clock import FixedClock
from advocate_desk.desk.key_change import change_key
from advocate_desk.store.engine import open_store
from advocate_desk.vault.folder import DATABASE_NAME
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.new_key import make_new_key
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import open_vault, open_with_recovery
from tests.builders import NOON
from tests.unit.vault.keyrings import MemoryBackend
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE

MASK = 0x5A


def masked(secret: bytes | bytearray) -> str:
    """`secret` in hexadecimal, unlike itself."""
    return bytes(each ^ MASK for each in secret).hex()


def unmasked(text: str) -> str:
    """The text that was masked, made anew each time that it is asked for."""
    return "".join(chr(each ^ MASK) for each in bytes.fromhex(text))


class MaskedBackend(MemoryBackend):
    """Hands its secret out as a new string, as a real keyring does, and keeps none."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self._secret = secret

    def get_password(self, service: str, username: str) -> str | None:
        return unmasked(self._secret)

    def set_password(self, service: str, username: str, password: str) -> None:
        """It is the same one."""


def stop(step: str, *told: str) -> None:
    """Say where we are, and wait to be let go on."""
    print(step, *told, flush=True)
    sys.stdin.readline()


def live(folder: Path, secret: str, code: str) -> None:
    """Unlock, work, lock; unlock by the sheet, lock; change the database key."""
    clock, keyring = FixedClock(NOON), SecureKeyring(MaskedBackend(secret))
    vault = open_vault(folder, PASSPHRASE, keyring=keyring, clock=clock, cost=CHEAP)
    engine = open_store(folder / DATABASE_NAME, vault.db_key.buffer)
    with engine.connect() as one, engine.connect() as other:
        for conn in (one, other):
            conn.exec_driver_sql("SELECT count(*) FROM kept").all()
        stop("open")
    engine.dispose()
    vault.close()
    stop("locked")
    recovery = RecoveryCode.parse(unmasked(code))
    vault = open_with_recovery(folder, recovery, clock=clock)
    recovery.wipe()
    vault.close()
    stop("locked-again")
    vault = open_vault(folder, PASSPHRASE, keyring=keyring, clock=clock, cost=CHEAP)
    new = make_new_key(vault, PASSPHRASE, OTHER_PASSPHRASE, keyring=keyring, clock=clock, cost=CHEAP)
    vault.close()
    stop("new-key", masked(new.db_key.buffer))
    change_key(new, lambda *_: None, lambda: False, lambda: None)
    stop("changed")


if __name__ == "__main__":
    live(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
