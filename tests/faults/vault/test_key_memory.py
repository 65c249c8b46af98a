"""After a lock no key is left in the memory of the process: it is searched from outside, byte by byte."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from advocate_desk.clock import FixedClock
from advocate_desk.store.engine import create_store
from advocate_desk.vault import keyfile, memory
from advocate_desk.vault.folder import DATABASE_NAME
from advocate_desk.vault.keyring import SERVICE, SecureKeyring
from advocate_desk.vault.passphrase import key_encryption_key
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import Argon2id, Blake2b, SlotKind, subkey
from tests.builders import NOON
from tests.faults.vault.key_memory_session import MASK, masked
from tests.unit.vault.keyrings import MemoryBackend
from tests.unit.vault.vaults import PASSPHRASE, a_new_vault

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
Secrets = dict[str, bytes]


def counted(pid: int, secrets: Secrets) -> dict[str, int]:
    """How often each secret stands in the writable memory of the process: those that stand there at all."""
    found = dict.fromkeys(secrets, 0)
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as whole:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights, *_ = line.split()
            if not rights.startswith("rw"):
                continue
            start, end = (int(each, 16) for each in span.split("-"))
            whole.seek(start)
            try:
                content = whole.read(end - start)
            except OSError:
                continue  # a part that nobody may read
            for name, secret in secrets.items():
                found[name] += content.count(secret)
    return {name: count for name, count in found.items() if count}


def a_desk(folder: Path) -> tuple[Secrets, str, str]:
    """A desk with a keyring; every key that opening it makes, and what the session is given, masked."""
    clock, backend = FixedClock(NOON), MemoryBackend()
    new = a_new_vault(folder, clock, SecureKeyring(backend))
    code = " ".join(new.recovery_code.groups)
    vault = new.finish()
    engine = create_store(folder / DATABASE_NAME, vault.db_key.buffer)
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE kept (x)")
    engine.dispose()
    secret = backend.kept[SERVICE, str(vault.vault_id)]
    file, parsed = keyfile.load(folder), RecoveryCode.parse(code)
    by_passphrase, by_code = file.slot(SlotKind.PASSPHRASE), file.slot(SlotKind.RECOVERY)
    assert by_passphrase
    assert by_code
    assert isinstance(by_passphrase.kdf, Argon2id)
    assert isinstance(by_code.kdf, Blake2b)
    secrets = {
        "database key": bytes(vault.db_key.buffer),
        "database key as text": vault.db_key.hex().encode(),
        "passphrase KEK": bytes(
            key_encryption_key(PASSPHRASE, by_passphrase.kdf, SecretKey(bytearray.fromhex(secret))).buffer
        ),
        "recovery KEK": bytes(parsed.key_encryption_key(by_code.kdf).buffer),
        "recovery code": bytes(parsed._secret.buffer),
        "device secret": bytes.fromhex(secret),
        "device secret as text": secret.encode(),
        "signing seed": bytes(vault.device.sign_seed.buffer),
        "exchange secret": bytes(vault.device.exchange_secret.buffer),
        "seal subkey": bytes(subkey(vault.db_key, "seal").buffer),
        "device subkey": bytes(subkey(vault.db_key, "device").buffer),
    }
    return secrets, masked(secret.encode()), masked(code.encode())


@contextmanager
def session(folder: Path, secret: str, code: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.faults.vault.key_memory_session", str(folder), secret, code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def reach(process: subprocess.Popen[str], step: str) -> list[str]:
    """Let the session go on to `step`; what it tells there."""
    assert process.stdin
    assert process.stdout
    if step != "open":
        process.stdin.write("\n")
        process.stdin.flush()
    told = process.stdout.readline().split()
    assert told[:1] == [step]
    return told[1:]


@linux
def test_no_key_is_left_in_memory_after_a_lock(tmp_path: Path) -> None:
    secrets, secret, code = a_desk(tmp_path / "desk")
    with session(tmp_path / "desk", secret, code) as process:
        reach(process, "open")
        there = counted(process.pid, secrets)
        assert there.keys() == {"database key", "signing seed", "exchange secret"}, "an open desk has these alone"
        reach(process, "locked")
        assert counted(process.pid, secrets) == {}
        reach(process, "locked-again")
        assert counted(process.pid, secrets) == {}
        (told,) = reach(process, "new-key")
        secrets["new key"] = bytes(each ^ MASK for each in bytes.fromhex(told))
        secrets["new key as text"] = secrets["new key"].hex().encode()
        assert {"new key", "database key"} <= counted(process.pid, secrets).keys()
        reach(process, "changed")
        assert counted(process.pid, secrets) == {}


def test_a_string_is_wiped_only_where_nobody_else_holds_it() -> None:
    mine = "".join(chr(97 + each % 26) for each in range(64))
    address = ctypes.pythonapi.PyUnicode_AsUTF8
    address.restype, address.argtypes = ctypes.c_void_p, [ctypes.py_object]
    place = address(mine)
    holders = [mine]
    memory.wipe_text(mine)
    assert mine.startswith("abcdef"), "somebody else holds it"
    holders.clear()
    memory.wipe_text(mine)
    assert ctypes.string_at(place, 64) == bytes(64)


@linux
def test_a_program_that_refused_dumps_leaves_no_core_and_is_closed_to_others() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import ctypes, resource; from advocate_desk.vault import memory; memory.refuse_dumps();"
            "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.split() == ["(0,", "0)", "0"]


@linux
def test_the_pages_of_a_key_are_locked_into_memory() -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "from advocate_desk.vault.secret import SecretKey; key = SecretKey.random();"
            "print([line for line in open('/proc/self/status') if line.startswith('VmLck')][0])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(ran.stdout.split()[1]) >= 4, "at least one page"
