"""A new database key: made in memory, put in force in one write, and the old one forgotten when nothing needs it.

The database is two things that cannot be replaced in one act, a key file and an encrypted file. So the encrypted copy
under the new key is made first, whole and durable, beside the one in use. Then `commit` replaces `vault.json`: from
that write on the new secrets open the desk, the old ones open nothing, and what is left to do needs no decision any
more. The old key goes along, sealed under the new one, until the backups are encrypted anew as well; `forget_former`
ends it. Cut off before `commit`, nothing has changed; after it, the next unlock finishes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from advocate_desk.clock import Clock
from advocate_desk.errors import Blocked, Unavailable
from advocate_desk.vault import keyfile, slots
from advocate_desk.vault.change import (
    ANOTHER_DESK,
    keep_device_secret,
    present_vault,
    wrapped_by_organisation,
)
from advocate_desk.vault.device import seal_device
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.passphrase import DEFAULT_COST, KdfCost, check_acceptable
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.set_up import wrapped_by_recovery
from advocate_desk.vault.slots import X25519, Slot, SlotKind, VaultFile
from advocate_desk.vault.vault import OpenVault, check_passphrase, device_secret, wrapped_by_passphrase

UNFINISHED = (
    "The last change of the database key is not finished. Nothing was changed now. "
    "Lock the desk and open it again, which finishes it, then change the key."
)
NOT_IN_FORCE = (
    "The key file could not be written twice, so the change waits. Your caseload is as it was. "
    "Free some space, then open the desk with the new passphrase: that finishes it."
)


@dataclass(slots=True, eq=False)
class NewKey:
    """A database key that is not in force before `commit`. Whoever holds it calls `wipe` in the end, come what may."""

    folder: Path
    recovery_code: RecoveryCode
    sheet_mark: str
    former: SecretKey
    db_key: SecretKey
    _file: VaultFile

    @property
    def key_id(self) -> str:
        """Names the new key without telling it."""
        return self._file.key_id

    def commit(self) -> None:
        """Put the new key, passphrase and sheet in force, and make the old ones worthless.

        Raises Unavailable where the disk refuses or the key file was changed since the new key was made; then the old
        ones stand. On return both copies of the key file are durable, or the error says that the rest waits.
        """
        present = present_vault(self.folder, self._file.vault_id, self.former)
        if present.revision != self._file.revision:
            raise Unavailable(ANOTHER_DESK)
        changed = slots.sealed(self._file, self.db_key)
        keyfile.save(self.folder, changed)
        refuse_two_keys(self.folder, changed.key_id)

    def is_in_force(self) -> bool:
        """Whether the key file names the new key, however `commit` ended. Raises Unavailable, NewerVault."""
        return keyfile.load(self.folder).key_id == self.key_id

    def wipe(self) -> None:
        """Zero both keys and the code. What was committed stays in force. Safe to repeat."""
        self.recovery_code.wipe()
        self.db_key.wipe()
        self.former.wipe()


def make_new_key(
    vault: OpenVault,
    current: str,
    new: str,
    *,
    keyring: SecureKeyring | None,
    clock: Clock,
    personal: Sequence[str] = (),
    cost: KdfCost = DEFAULT_COST,
) -> NewKey:
    """A new database key in memory: its slots for the passphrase `new`, a new recovery code and the organisation.

    Takes two seconds or so: call it off the GUI thread. Raises Invalid for a weak passphrase, WrongKey or TooSoon for
    `current`, Blocked while an earlier change is unfinished, Unavailable for disk, keyring or memory.
    """
    check_acceptable(new, has_keyring=keyring is not None, personal=personal)
    check_passphrase(vault.folder, current, keyring=keyring, clock=clock)
    present = present_vault(vault.folder, vault.vault_id, vault.db_key)
    if present.former is not None:
        raise Blocked(UNFINISHED)
    db_key, code = SecretKey.random(), RecoveryCode.new()
    try:
        made = _slots(present, db_key, code, new, keyring, cost)
        file = replace(
            present,
            key_id=slots.key_id(db_key, present.vault_id),
            slots=made,
            device=seal_device(vault.device, db_key, present.vault_id),
            former=slots.wrap_former(vault.db_key, db_key, present.vault_id),
        )
    except BaseException:
        db_key.wipe()
        code.wipe()
        raise
    mark = next(slots.sheet_mark(slot) for slot in made if slot.kind is SlotKind.RECOVERY)
    return NewKey(vault.folder, code, mark, vault.db_key.copy(), db_key, file)


def refuse_two_keys(folder: Path, key_id: str) -> None:
    """Raise Unavailable unless both copies of the key file name the key `key_id`: before the caseload follows it."""
    vault, spare = keyfile.load(folder), keyfile.load_spare(folder)
    if vault.key_id == key_id and spare is not None and spare.key_id != key_id:
        keyfile.save(folder, vault)
        spare = keyfile.load_spare(folder)
    if vault.key_id != key_id or (spare is not None and spare.key_id != key_id):
        raise Unavailable(NOT_IN_FORCE)


def forget_former(folder: Path, db_key: SecretKey) -> None:
    """End a change of the database key: nothing is encrypted with the old one any more. Raises Unavailable."""
    vault = keyfile.load(folder)
    if vault.former is not None:
        keyfile.save(folder, without_former(vault, db_key))


def without_former(vault: VaultFile, db_key: SecretKey) -> VaultFile:
    """`vault` as it is once a change of the database key has ended."""
    return vault if vault.former is None else slots.sealed(replace(vault, former=None), db_key)


def _slots(
    present: VaultFile, db_key: SecretKey, code: RecoveryCode, new: str, keyring: SecureKeyring | None, cost: KdfCost
) -> tuple[Slot, ...]:
    """The new key wrapped for every way in that there is."""
    vault_id = present.vault_id
    if keyring is not None:
        keep_device_secret(str(vault_id), keyring)
    secret = device_secret(vault_id, keyring) if keyring is not None else None
    try:
        made = [wrapped_by_passphrase(vault_id, db_key, new, secret, cost), wrapped_by_recovery(vault_id, db_key, code)]
    finally:
        if secret is not None:
            secret.wipe()
    theirs = present.slot(SlotKind.ORGANISATION)
    if theirs is not None and isinstance(theirs.kdf, X25519):
        made.append(wrapped_by_organisation(vault_id, db_key, theirs.kdf.recipient))
    return tuple(made)
