from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from advocate_desk.errors import Unavailable
from advocate_desk.vault import keyring as rings
from advocate_desk.vault.keyring import FOUND, NO_KEYRING, SECURE_BACKENDS, UNSAFE_KEYRING, SecureKeyring, check_backend
from advocate_desk.vault.secret import SecretKey
from tests.unit.vault.keyrings import ForgetfulBackend, LockedBackend, MemoryBackend, SilentBackend, chain, named

PLAIN = named("keyrings.alt.file", "PlaintextKeyring")
SECRET_SERVICE = named("keyring.backends.SecretService", "Keyring")


@pytest.mark.parametrize(("module", "name"), sorted(SECURE_BACKENDS))
def test_the_systems_own_keyrings_are_used(module: str, name: str) -> None:
    check = check_backend(named(module, name))
    assert check.keyring is not None
    assert check.reason == FOUND


@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        (named("keyring.backends.fail", "Keyring"), NO_KEYRING),
        (named("keyring.backends.null", "Keyring"), NO_KEYRING),
        (PLAIN, UNSAFE_KEYRING),
        (named("keyrings.alt.file", "EncryptedKeyring"), UNSAFE_KEYRING),
        (named("somebody.elses", "Keyring"), UNSAFE_KEYRING),
        (named("keyring.backends.SecretService", "Subclass"), UNSAFE_KEYRING),
        (chain(PLAIN, named("keyring.backends.null", "Keyring")), UNSAFE_KEYRING),
        (chain(), NO_KEYRING),
    ],
)
def test_every_other_backend_counts_as_none(backend: MemoryBackend, reason: str) -> None:
    check = check_backend(backend)
    assert check.keyring is None
    assert check.reason == reason


def test_of_a_chain_only_the_trusted_link_is_given_the_secret() -> None:
    PLAIN.kept.clear()
    check = check_backend(chain(PLAIN, SECRET_SERVICE))
    assert check.keyring is not None
    check.keyring.write("a-vault", SecretKey.random())
    assert PLAIN.kept == {}
    assert list(SECRET_SERVICE.kept) == [("Advocate Desk", "a-vault")]


def test_the_real_backends_that_refuse_or_forget_count_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("keyring.backends.fail", "keyring.backends.null"):
        __import__(module)
        backend = sys.modules[module].Keyring()
        assert check_backend(backend).keyring is None
        monkeypatch.setattr(rings, "_configured_backend", lambda backend=backend: backend)
        assert rings.find_keyring().keyring is None


def test_a_search_that_fails_or_hangs_finds_none(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = SilentBackend()
    monkeypatch.setattr(rings, "_configured_backend", lambda: silent.get_password("", ""))
    assert rings.find_keyring(probe_s=0.05).keyring is None
    silent.over.set()

    def broken() -> None:
        raise RuntimeError("no bus")

    monkeypatch.setattr(rings, "_configured_backend", broken)
    assert rings.find_keyring().reason == NO_KEYRING


def test_what_is_written_is_read_back_and_forgotten() -> None:
    keyring = SecureKeyring(MemoryBackend())
    secret = SecretKey.random()
    keyring.write("a-vault", secret)
    assert keyring.read("a-vault") == secret
    assert keyring.read("another") is None
    keyring.forget("a-vault")
    keyring.forget("a-vault")
    assert keyring.read("a-vault") is None


@pytest.mark.parametrize("backend", [LockedBackend(), ForgetfulBackend()])
def test_a_keyring_that_refuses_or_forgets_is_told_before_anything_depends_on_it(backend: MemoryBackend) -> None:
    with pytest.raises(Unavailable):
        SecureKeyring(backend).write("a-vault", SecretKey.random())


def test_a_keyring_that_never_answers_is_given_up() -> None:
    backend = SilentBackend()
    with pytest.raises(Unavailable, match="did not answer"):
        SecureKeyring(backend, answer_s=0.05).read("a-vault")
    backend.over.set()


@pytest.mark.parametrize("kept", ["", "short", "Z" * 64, "00" * 33])
def test_a_foreign_value_is_no_device_secret(kept: str) -> None:
    backend = MemoryBackend()
    backend.kept["Advocate Desk", "a-vault"] = kept
    assert SecureKeyring(backend).read("a-vault") is None


@pytest.mark.real_keyring
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems always have a keyring")
def test_without_a_session_bus_there_is_no_keyring(tmp_path: Path) -> None:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "XDG_", "PYTHON_KEYRING"))
    }
    nowhere = {
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
    }
    ran = subprocess.run(
        [sys.executable, "-c", "from advocate_desk.vault.keyring import find_keyring; print(find_keyring())"],
        env=kept | nowhere, cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert ran.stdout.startswith("KeyringCheck(keyring=None")
    assert NO_KEYRING in ran.stdout


@pytest.mark.real_keyring
@pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="needs gnome-keyring and dbus",
)
def test_a_real_gnome_keyring_holds_the_device_secret(tmp_path: Path) -> None:
    script = Path(__file__).with_name("real_keyring_session.py")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DBUS_", "XDG_", "PYTHON_KEYRING"))
        },
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
    }
    ran = subprocess.run(
        [
            "dbus-run-session", "--", "sh", "-c",
            'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"',
            "sh", sys.executable, str(script), str(tmp_path / "profile"),
        ],
        env=environment, cwd=Path(__file__).parents[3], capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == ["found", "opened", "refused-without", "recovered", "moved", "new-key"]
