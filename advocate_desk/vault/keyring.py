"""The device secret: 256 random bits in the operating system's keyring, never in the profile folder.

Only backends that are known to encrypt what they keep are used. Everything else counts as no keyring at all.
"""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from advocate_desk.errors import Unavailable
from advocate_desk.vault import memory
from advocate_desk.vault.secret import SecretKey

SERVICE = "Advocate Desk"
PROBE_S = 10.0  # to find the keyring and reach it
ANSWER_S = 90.0  # to read or write: the system may first ask its user to unlock the keyring

# Allowed by name and not refused by name: a backend that nobody here has looked at is not trusted with the secret.
SECURE_BACKENDS = frozenset(
    {
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.libsecret", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.kwallet", "DBusKeyringKWallet4"),
        ("keyring.backends.Windows", "WinVaultKeyring"),
        ("keyring.backends.macOS", "Keyring"),
    }
)
_CHAINER = ("keyring.backends.chainer", "ChainerBackend")
_SECRET_TEXT = re.compile(r"[0-9a-f]{64}\Z")

NO_KEYRING = (
    "This computer has no password store that Advocate Desk can use, so the passphrase alone protects the desk."
)
UNSAFE_KEYRING = (
    "The password store of this computer does not encrypt what it keeps, so it is not used: "
    "the passphrase alone protects the desk."
)
FOUND = (
    "A second key stays in this computer's password store: a copy of your files cannot be opened on another computer."
)
SILENT = (
    "This computer's password store did not answer or is locked. Nothing was changed. "
    "Unlock it and try again, or use the recovery code."
)

T = TypeVar("T")


class KeyringBackend(Protocol):
    """What is used of a backend of the `keyring` library."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """The secret kept under that name, or None."""
        ...

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Keep a secret under that name."""
        ...

    def delete_password(self, service: str, username: str, /) -> None:
        """Remove the secret under that name."""
        ...


@dataclass(frozen=True, slots=True)
class KeyringCheck:
    """What was found: a keyring that may be used or None, and a sentence that says so to the user."""

    keyring: SecureKeyring | None
    reason: str


class SecureKeyring:
    """The device secrets in one trusted backend, by vault. Each call may wait for the user to unlock the keyring."""

    def __init__(self, backend: KeyringBackend, *, answer_s: float = ANSWER_S) -> None:
        self._backend = backend
        self._answer_s = answer_s

    def read(self, vault_id: str) -> SecretKey | None:
        """The device secret of that vault, or None where the keyring has none. Raises Unavailable."""
        text = self._ask(lambda: self._backend.get_password(SERVICE, vault_id))
        if text is None or not _SECRET_TEXT.match(text):
            return None
        secret = SecretKey(bytearray.fromhex(text))
        memory.wipe_text(text)
        return secret

    def write(self, vault_id: str, secret: SecretKey) -> None:
        """Keep `secret` for that vault, and prove that it is kept. Raises Unavailable."""
        self._ask(lambda: self._backend.set_password(SERVICE, vault_id, secret.hex()))
        kept = self.read(vault_id)
        if kept is None or kept != secret:
            raise Unavailable(SILENT)
        kept.wipe()

    def forget(self, vault_id: str) -> None:
        """Remove the secret of that vault, if there is one. Raises Unavailable."""
        if self.read(vault_id) is not None:
            self._ask(lambda: self._backend.delete_password(SERVICE, vault_id))

    def _ask(self, call: Callable[[], T]) -> T:
        return _within(self._answer_s, call)


def find_keyring(*, probe_s: float = PROBE_S) -> KeyringCheck:
    """Look for a keyring that may hold the device secret. Loads the backends: call it off the GUI thread."""
    try:
        backend = _within(probe_s, _configured_backend)
    except Unavailable:
        return KeyringCheck(None, NO_KEYRING)
    return check_backend(backend)


def check_backend(backend: KeyringBackend) -> KeyringCheck:
    """Whether `backend`, or the first of a chain that may, can be trusted with the device secret."""
    if _name(backend) == _CHAINER:
        chain = list(getattr(backend, "backends", ()))
        trusted = next((link for link in chain if _name(link) in SECURE_BACKENDS), None)
        if trusted is not None:
            return KeyringCheck(SecureKeyring(trusted), FOUND)
        return KeyringCheck(None, UNSAFE_KEYRING if chain else NO_KEYRING)
    if _name(backend) in SECURE_BACKENDS:
        return KeyringCheck(SecureKeyring(backend), FOUND)
    is_none = _name(backend)[0] in {"keyring.backends.fail", "keyring.backends.null"}
    return KeyringCheck(None, NO_KEYRING if is_none else UNSAFE_KEYRING)


def _configured_backend() -> KeyringBackend:
    import keyring  # noqa: PLC0415 - 240 ms with its backends: only off the GUI thread, while she types

    return keyring.get_keyring()


def _name(backend: KeyringBackend) -> tuple[str, str]:
    # The exact class and not a subclass: a subclass may keep its secrets elsewhere.
    return type(backend).__module__, type(backend).__qualname__


def _within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` answers within `seconds`. Its own errors, and its silence, become Unavailable.

    The backends cannot be cancelled: a call that never answers keeps its daemon thread, and its answer is dropped.
    """
    answers: queue.SimpleQueue[tuple[bool, object]] = queue.SimpleQueue()

    def run() -> None:
        try:
            answers.put((True, call()))
        except Exception as error:  # backends raise whatever their D-Bus or system binding raises
            answers.put((False, error))

    threading.Thread(target=run, name="keyring", daemon=True).start()
    try:
        succeeded, answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise Unavailable(SILENT) from None
    if not succeeded:
        assert isinstance(answer, Exception)
        raise Unavailable(SILENT) from answer
    return answer  # type: ignore[return-value]
