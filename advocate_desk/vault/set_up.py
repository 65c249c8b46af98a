"""Makes a desk's vault. Nothing reaches the disk before `finish`, which the recovery sheet's confirmation allows."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from advocate_desk.clock import Clock, today_in_london
from advocate_desk.errors import Blocked, Unavailable
from advocate_desk.vault import keyfile, recovery, slots, throttle
from advocate_desk.vault.device import Device, new_device, seal_device
from advocate_desk.vault.folder import has_vault
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.passphrase import DEFAULT_COST, KdfCost, check_acceptable
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import Slot, SlotKind, VaultFile
from advocate_desk.vault.vault import OpenVault, wrapped_by_passphrase

ALREADY_THERE = "There is a desk in this folder already. Nothing was changed. Open it, or choose another folder."


@dataclass(slots=True, eq=False)
class NewVault:
    """A vault that exists in memory only, until `finish` writes it or `discard` forgets it."""

    folder: Path
    vault_id: UUID
    recovery_code: RecoveryCode
    _db_key: SecretKey
    _device: Device
    _slots: tuple[Slot, ...]
    _secret: SecretKey | None
    _keyring: SecureKeyring | None
    _clock: Clock

    @property
    def sheet_mark(self) -> str:
        """What tells the recovery sheet from another one."""
        return next(slots.sheet_mark(slot) for slot in self._slots if slot.kind is SlotKind.RECOVERY)

    def finish(self) -> OpenVault:
        """Keep the device secret in the keyring, write the vault, wipe the recovery code, and give the open desk.

        Raises Blocked where a desk has appeared in the folder, Unavailable where keyring or disk refuse; then it can be
        called again.
        """
        if has_vault(self.folder):
            raise Blocked(ALREADY_THERE)
        if self._keyring is not None and self._secret is not None:
            self._keyring.write(str(self.vault_id), self._secret)
        vault = slots.sealed(self._file(), self._db_key)
        try:
            keyfile.save(self.folder, vault)
        except Unavailable:
            keyfile.remove_new(self.folder, vault)
            self._forget_secret()
            raise
        self.recovery_code.wipe()
        if self._secret is not None:
            self._secret.wipe()
        return OpenVault(
            self.folder,
            self.vault_id,
            vault.key_id,
            vault.revision,
            self._db_key,
            self._device,
            SlotKind.PASSPHRASE,
            seal=vault.seal,
        )

    def discard(self) -> None:
        """Wipe everything; the folder was never touched."""
        self.recovery_code.wipe()
        self._db_key.wipe()
        self._device.wipe()
        if self._secret is not None:
            self._secret.wipe()

    def _file(self) -> VaultFile:
        return VaultFile(
            vault_id=self.vault_id,
            created=today_in_london(self._clock),
            revision=0,
            key_id=slots.key_id(self._db_key, self.vault_id),
            slots=self._slots,
            device=seal_device(self._device, self._db_key, self.vault_id),
            throttle=throttle.fresh(self._clock.now()),
        )

    def _forget_secret(self) -> None:
        if self._keyring is not None:
            with contextlib.suppress(Unavailable):  # a secret without its vault opens nothing
                self._keyring.forget(str(self.vault_id))


def create_vault(
    folder: Path,
    passphrase: str,
    *,
    keyring: SecureKeyring | None,
    clock: Clock,
    personal: Sequence[str] = (),
    cost: KdfCost = DEFAULT_COST,
) -> NewVault:
    """Make the keys of a new desk in memory. Takes a second or so: call it off the GUI thread.

    `personal`: words that somebody who knows the user would try first. Raises Invalid for a weak passphrase, Blocked
    where the folder holds a desk, Unavailable without the memory.
    """
    check_acceptable(passphrase, has_keyring=keyring is not None, personal=personal)
    if has_vault(folder):
        raise Blocked(ALREADY_THERE)
    vault_id, db_key, code = uuid4(), SecretKey.random(), RecoveryCode.new()
    secret = SecretKey.random() if keyring is not None else None
    passphrase_slot = wrapped_by_passphrase(vault_id, db_key, passphrase, secret, cost)
    recovery_slot = wrapped_by_recovery(vault_id, db_key, code)
    return NewVault(
        folder, vault_id, code, db_key, new_device(), (passphrase_slot, recovery_slot), secret, keyring, clock
    )


def wrapped_by_recovery(vault_id: UUID, db_key: SecretKey, code: RecoveryCode) -> Slot:
    """A new recovery slot."""
    kdf = recovery.new_kdf()
    with code.key_encryption_key(kdf) as kek:
        return slots.wrap_key(db_key, kek, slots.empty_slot(SlotKind.RECOVERY, kdf, keyring=False), vault_id)
