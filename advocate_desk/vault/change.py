"""Changes the ways into an open desk. The database is not encrypted anew: only its key is wrapped again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from advocate_desk.clock import Clock
from advocate_desk.errors import Unavailable
from advocate_desk.vault import keyfile, organisation, slots
from advocate_desk.vault.device import new_device, seal_device
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.passphrase import DEFAULT_COST, KdfCost, check_acceptable
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.set_up import wrapped_by_recovery
from advocate_desk.vault.slots import X25519, Slot, SlotKind, VaultFile
from advocate_desk.vault.vault import OpenVault, check_passphrase, genuine, store_passphrase

ANOTHER_DESK = (
    "The key file in the profile folder is not the one that this desk was opened with. Nothing was changed. "
    "Lock the desk and open it again."
)


def change_passphrase(
    vault: OpenVault,
    current: str,
    new: str,
    *,
    keyring: SecureKeyring | None,
    clock: Clock,
    personal: Sequence[str] = (),
    cost: KdfCost = DEFAULT_COST,
) -> None:
    """Replace the passphrase `current` by `new`. Takes two seconds or so: call it off the GUI thread.

    Raises Invalid for a weak one, WrongKey or TooSoon for `current`, Unavailable for disk, keyring or memory; then the
    old one stands.
    """
    check_acceptable(new, has_keyring=keyring is not None, personal=personal)
    check_passphrase(vault.folder, current, keyring=keyring, clock=clock)
    set_passphrase(vault, new, keyring=keyring, personal=personal, cost=cost)


def set_passphrase(
    vault: OpenVault,
    new: str,
    *,
    keyring: SecureKeyring | None,
    personal: Sequence[str] = (),
    cost: KdfCost = DEFAULT_COST,
) -> None:
    """Give a desk that the recovery code opened a passphrase for this computer. Raises Invalid, Unavailable."""
    check_acceptable(new, has_keyring=keyring is not None, personal=personal)
    present = present_vault(vault.folder, vault.vault_id, vault.db_key)
    if keyring is not None:
        keep_device_secret(str(vault.vault_id), keyring)
    changed = store_passphrase(vault.folder, present, vault.db_key, new, keyring, cost, has_keyring=keyring is not None)
    vault.revision, vault.seal = changed.revision, changed.seal


@dataclass(slots=True, eq=False)
class NewRecovery:
    """A recovery code that is not in force before `finish`; until then the old sheet still opens the desk."""

    recovery_code: RecoveryCode
    sheet_mark: str
    _slot: Slot
    _vault: OpenVault

    def finish(self) -> None:
        """Put the code in force and make the old sheet worthless. Raises Unavailable; then the old one stands."""
        present = present_vault(self._vault.folder, self._vault.vault_id, self._vault.db_key)
        changed = slots.sealed(present.with_slot(self._slot), self._vault.db_key)
        keyfile.save(self._vault.folder, changed)
        self._vault.revision, self._vault.seal = changed.revision, changed.seal
        self.recovery_code.wipe()

    def discard(self) -> None:
        """Wipe the new code; the old one stays in force."""
        self.recovery_code.wipe()


def replace_recovery(vault: OpenVault) -> NewRecovery:
    """Make a new recovery code, to be printed and typed back before `finish`."""
    code = RecoveryCode.new()
    slot = wrapped_by_recovery(vault.vault_id, vault.db_key, code)
    return NewRecovery(code, slots.sheet_mark(slot), slot, vault)


def open_to_organisation(vault: OpenVault, recipient: bytes) -> bool:
    """Let whoever holds the secret of the X25519 key `recipient` open the desk. False where she can already.

    Raises Unavailable; then nothing has changed.
    """
    present = present_vault(vault.folder, vault.vault_id, vault.db_key)
    slot = present.slot(SlotKind.ORGANISATION)
    if slot is not None and isinstance(slot.kdf, X25519) and slot.kdf.recipient == recipient:
        return False
    made = wrapped_by_organisation(vault.vault_id, vault.db_key, recipient)
    changed = slots.sealed(present.with_slot(made), vault.db_key)
    keyfile.save(vault.folder, changed)
    vault.revision, vault.seal = changed.revision, changed.seal
    return True


def close_to_organisation(vault: OpenVault) -> bool:
    """Let no organisation's sheets open the desk any more. False where none could. Raises Unavailable."""
    present = present_vault(vault.folder, vault.vault_id, vault.db_key)
    if present.slot(SlotKind.ORGANISATION) is None:
        return False
    changed = slots.sealed(replace(present, slots=_without_organisation(present)), vault.db_key)
    keyfile.save(vault.folder, changed)
    vault.revision, vault.seal = changed.revision, changed.seal
    return True


def _without_organisation(vault: VaultFile) -> tuple[Slot, ...]:
    return tuple(each for each in vault.slots if each.kind is not SlotKind.ORGANISATION)


def new_identity(vault: OpenVault) -> None:
    """Make this desk another device: an organisation that let the one before go never takes that in again.

    Nor do that organisation's sheets open it any more.
    Raises Unavailable; then nothing has changed.
    """
    present = present_vault(vault.folder, vault.vault_id, vault.db_key)
    device = new_device()
    record = seal_device(device, vault.db_key, vault.vault_id)
    changed = slots.sealed(replace(present, device=record, slots=_without_organisation(present)), vault.db_key)
    keyfile.save(vault.folder, changed)
    before, vault.device = vault.device, device
    before.wipe()
    vault.revision, vault.seal = changed.revision, changed.seal


def wrapped_by_organisation(vault_id: UUID, db_key: SecretKey, recipient: bytes) -> Slot:
    """A new slot of the organisation whose X25519 key is `recipient`. Raises Unavailable."""
    kek, kdf = organisation.seal_to(recipient)
    with kek:
        return slots.wrap_key(db_key, kek, slots.empty_slot(SlotKind.ORGANISATION, kdf, keyring=False), vault_id)


def present_vault(folder: Path, vault_id: UUID, db_key: SecretKey) -> VaultFile:
    """The vault as it stands on disk now: another change may have been made since it was opened. Raises Unavailable."""
    present = keyfile.load(folder)
    if present.vault_id != vault_id or present.key_id != slots.key_id(db_key, vault_id):
        raise Unavailable(ANOTHER_DESK)
    return genuine(folder, present, db_key)[0]


def keep_device_secret(vault_id: str, keyring: SecureKeyring) -> None:
    """Leave the secret that is there: the present slot needs it until the new one is durable."""
    held = keyring.read(vault_id) or SecretKey.random()
    try:
        keyring.write(vault_id, held)
    finally:
        held.wipe()
