"""Opens a desk: by passphrase and device secret, or by recovery code."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from advocate_desk.clock import Clock
from advocate_desk.errors import Unavailable, WrongKey
from advocate_desk.vault import keyfile, organisation, slots, sodium, throttle
from advocate_desk.vault.device import Device, open_device
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.passphrase import DEFAULT_COST, KdfCost, key_encryption_key, new_kdf
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import X25519, Argon2id, Blake2b, Slot, SlotKind, VaultFile

NOT_OPENED_BY_IT = (
    "That passphrase does not open this desk. Nothing was changed. "
    "Check Caps Lock and the keyboard's language, then try again, or use the recovery code."
)
CODE_DOES_NOT_OPEN = (
    "That recovery code does not open this desk. Nothing was changed. "
    "Check that the sheet is the newest one and belongs to this desk."
)
NO_ORGANISATION = (
    "This desk was never opened to the sheets of an organisation, so they do not open it. Nothing was changed. "
    "Use its own recovery sheet."
)
SHEETS_DO_NOT_OPEN = (
    "The sheets that were typed do not open this desk yet. Nothing was changed. Another holder now types the next one; "
    "if all have been typed, they belong to another organisation."
)
NO_SECOND_KEY = (
    "This computer's password store does not hold the second key of this desk, so the passphrase cannot open it here. "
    "Nothing was changed. Sign in to the computer as yourself and try again, or use the recovery code."
)
ALTERED = (
    "The key file of this desk was altered outside Advocate Desk. The desk opened with what is genuine. "
    "Make a new recovery sheet in Settings, and tell whoever looks after data protection."
)


class TooFewSheets(WrongKey):
    """The secret that was rebuilt is not the organisation's: sheets are missing, or are another's."""


@dataclass(slots=True, eq=False)
class OpenVault:
    """An opened desk. Whoever holds it calls `close` when the desk locks.

    `db_key`: the raw 32-byte key of `caseload.db`; `key_id` names it without telling it. `notices` are sentences for
    the user about what was found while opening; usually there are none. `seal` tells this key file from every other.
    `is_changing_key`: a change of the database key was cut off and is to be finished before the store is opened;
    `former` is the key before it, where it can be read.
    """

    folder: Path
    vault_id: UUID
    key_id: str
    revision: int
    db_key: SecretKey
    device: Device
    opened_by: SlotKind
    notices: tuple[str, ...] = ()
    seal: bytes = b""
    is_changing_key: bool = False
    former: SecretKey | None = None

    def close(self) -> None:
        """Wipe every key. Safe to repeat."""
        self.db_key.wipe()
        self.device.wipe()
        if self.former is not None:
            self.former.wipe()


def wait_before_next_attempt_s(folder: Path, clock: Clock) -> int:
    """Seconds before the next passphrase is looked at; 0 means now. Raises Unavailable, NewerVault."""
    vault = keyfile.load(folder)
    rebased = throttle.on_new_clock(vault.throttle, clock.now())
    if rebased != vault.throttle:
        keyfile.save_count(folder, replace(vault, throttle=rebased))
    return throttle.wait_left_s(rebased, clock.now())


def sheet_in_force(folder: Path) -> str:
    """The mark of the recovery sheet that opens the desk of `folder`. Raises Unavailable, NewerVault."""
    slot = keyfile.load(folder).slot(SlotKind.RECOVERY)
    return slots.sheet_mark(slot) if slot is not None else ""


def open_vault(
    folder: Path, passphrase: str, *, keyring: SecureKeyring | None, clock: Clock, cost: KdfCost = DEFAULT_COST
) -> OpenVault:
    """Open the desk of `folder`. Takes a second or so, by design: call it off the GUI thread.

    A slot that costs less than `cost` is wrapped anew. Raises WrongKey, TooSoon, NewerVault, or Unavailable where the
    folder, the keyring or the memory is not there. Nothing but the count of attempts changes on a failure.
    """
    vault, db_key = _try_passphrase(folder, passphrase, keyring, clock)
    slot = vault.slot(SlotKind.PASSPHRASE)
    is_cheap = slot is not None and isinstance(slot.kdf, Argon2id) and not cost.fits(slot.kdf)
    if slot is not None and is_cheap and slots.is_sealed(vault, db_key):
        with contextlib.suppress(Unavailable):  # it can be raised at the next unlock just as well
            vault = store_passphrase(folder, vault, db_key, passphrase, keyring, cost, has_keyring=slot.keyring)
    return _opened(folder, vault, db_key, SlotKind.PASSPHRASE, clock)


def open_with_recovery(folder: Path, code: RecoveryCode, *, clock: Clock) -> OpenVault:
    """Open the desk of `folder` by its recovery code; needs no keyring and little memory.

    Not delayed: 160 random bits cannot be guessed, and this is the way in for somebody who is made to wait.
    Raises WrongKey, NewerVault or Unavailable.
    """
    vault = keyfile.load(folder)
    slot = vault.slot(SlotKind.RECOVERY)
    if slot is None or not isinstance(slot.kdf, Blake2b):
        raise WrongKey(CODE_DOES_NOT_OPEN)
    with code.key_encryption_key(slot.kdf) as kek:
        db_key = slots.unwrap_key(kek, slot, vault)
    if db_key is None:
        raise WrongKey(CODE_DOES_NOT_OPEN)
    return _opened(folder, vault, db_key, SlotKind.RECOVERY, clock)


def open_with_organisation(folder: Path, secret: SecretKey, *, clock: Clock) -> OpenVault:
    """Open the desk of `folder` by the organisation's X25519 recovery `secret`, which its holders' sheets rebuild.

    Raises TooFewSheets, WrongKey, NewerVault or Unavailable.
    """
    vault = keyfile.load(folder)
    slot = vault.slot(SlotKind.ORGANISATION)
    if slot is None or not isinstance(slot.kdf, X25519):
        raise WrongKey(NO_ORGANISATION)
    if sodium.exchange_public(secret.buffer) != slot.kdf.recipient:
        raise TooFewSheets(SHEETS_DO_NOT_OPEN)
    with organisation.key_encryption_key(secret, slot.kdf) as kek:
        db_key = slots.unwrap_key(kek, slot, vault)
    if db_key is None:
        raise WrongKey(SHEETS_DO_NOT_OPEN)
    return _opened(folder, vault, db_key, SlotKind.ORGANISATION, clock)


def check_passphrase(folder: Path, passphrase: str, *, keyring: SecureKeyring | None, clock: Clock) -> None:
    """Raises WrongKey unless `passphrase` opens the desk; counted and delayed as an unlock is."""
    vault, db_key = _try_passphrase(folder, passphrase, keyring, clock)
    db_key.wipe()
    keyfile.save_count(folder, replace(vault, throttle=throttle.fresh(clock.now())))


def store_passphrase(
    folder: Path,
    vault: VaultFile,
    db_key: SecretKey,
    passphrase: str,
    keyring: SecureKeyring | None,
    cost: KdfCost,
    *,
    has_keyring: bool,
) -> VaultFile:
    """Put a slot for `passphrase` in place of the present one and save. Raises Unavailable; then the old one stands."""
    secret = device_secret(vault.vault_id, keyring) if has_keyring else None
    try:
        slot = wrapped_by_passphrase(vault.vault_id, db_key, passphrase, secret, cost)
    finally:
        if secret is not None:
            secret.wipe()
    changed = slots.sealed(vault.with_slot(slot), db_key)
    keyfile.save(folder, changed)
    return changed


def wrapped_by_passphrase(
    vault_id: UUID, db_key: SecretKey, passphrase: str, secret: SecretKey | None, cost: KdfCost
) -> Slot:
    """A new passphrase slot."""
    kdf = new_kdf(cost)
    with key_encryption_key(passphrase, kdf, secret) as kek:
        return slots.wrap_key(
            db_key, kek, slots.empty_slot(SlotKind.PASSPHRASE, kdf, keyring=secret is not None), vault_id
        )


def device_secret(vault_id: UUID, keyring: SecureKeyring | None) -> SecretKey:
    """The device secret that the keyring holds. Raises Unavailable where there is none."""
    secret = keyring.read(str(vault_id)) if keyring is not None else None
    if secret is None:
        raise Unavailable(NO_SECOND_KEY)
    return secret


def _try_passphrase(
    folder: Path, passphrase: str, keyring: SecureKeyring | None, clock: Clock
) -> tuple[VaultFile, SecretKey]:
    vault = keyfile.load(folder)
    slot = vault.slot(SlotKind.PASSPHRASE)
    if slot is None or not isinstance(slot.kdf, Argon2id):
        raise WrongKey(NOT_OPENED_BY_IT)
    secret = device_secret(vault.vault_id, keyring) if slot.keyring else None
    try:
        vault = _count_attempt(folder, vault, clock)
        with key_encryption_key(passphrase, slot.kdf, secret) as kek:
            db_key = slots.unwrap_key(kek, slot, vault)
    finally:
        if secret is not None:
            secret.wipe()
    if db_key is None:
        raise WrongKey(NOT_OPENED_BY_IT)
    return vault, db_key


def _count_attempt(folder: Path, vault: VaultFile, clock: Clock) -> VaultFile:
    now = clock.now()
    rebased = throttle.on_new_clock(vault.throttle, now)
    wait_s = throttle.wait_left_s(rebased, now)
    if wait_s > 0:
        if rebased != vault.throttle:
            keyfile.save_count(folder, replace(vault, throttle=rebased))
        raise throttle.TooSoon(wait_s)
    counted = replace(vault, throttle=throttle.counted(rebased, now))
    keyfile.save_count(folder, counted)
    return counted


def _opened(folder: Path, vault: VaultFile, db_key: SecretKey, kind: SlotKind, clock: Clock) -> OpenVault:
    try:
        vault, notices = genuine(folder, vault, db_key)
        device = open_device(vault.device, db_key, vault.vault_id)
        former = None if vault.former is None else slots.unwrap_former(vault.former, db_key, vault.vault_id)
    except BaseException:
        db_key.wipe()
        raise
    vault = replace(vault, throttle=throttle.fresh(clock.now()))
    with contextlib.suppress(Unavailable):  # the desk is open; a count that stayed only asks for patience next time
        _settle(folder, vault, kind)
    return OpenVault(
        folder,
        vault.vault_id,
        vault.key_id,
        vault.revision,
        db_key,
        device,
        kind,
        notices,
        seal=vault.seal,
        is_changing_key=vault.former is not None,
        former=former,
    )


def genuine(folder: Path, vault: VaultFile, db_key: SecretKey) -> tuple[VaultFile, tuple[str, ...]]:
    """`vault`, or its spare where another hand has altered `vault.json` and the spare is whole; and what to tell."""
    if slots.is_sealed(vault, db_key):
        return vault, ()
    spare = keyfile.load_spare(folder)
    if spare is not None and slots.is_sealed(spare, db_key) and spare.vault_id == vault.vault_id:
        return spare, (ALTERED,)
    return vault, (ALTERED,)


def _settle(folder: Path, vault: VaultFile, kind: SlotKind) -> None:
    """Clear the count of attempts, and make `vault.json` and its spare agree."""
    spare = keyfile.load_spare(folder)
    if spare is None or slots.content(spare) != slots.content(vault):
        keyfile.save(folder, vault)
    else:
        keyfile.save_count(folder, vault)
