"""Notices a key file that somebody put back: an old copy opens by the passphrase and the sheet of its day.

The key file says which revision it is, and nobody can forge that without the database key; but an old copy is genuine.
So the store, which cannot be written to without the key, remembers the newest one that it was opened with.
"""

from __future__ import annotations

from advocate_desk.casework import settings
from advocate_desk.casework.work import Work
from advocate_desk.vault.vault import OpenVault

KEY_FILE_KEY = "key_file"
PUT_BACK = (
    "An older copy of this desk's key file was put back, so an old passphrase or recovery sheet may open it again. "
    "Your caseload is complete. If you did not do this yourself, change the database key in Settings, and tell whoever "
    "looks after data protection."
)


def note_key_file(work: Work, vault: OpenVault) -> tuple[str, ...]:
    """Remember the key file that `vault` was opened with or changed to; what to tell where it is not the newest."""
    before = settings.get(work, KEY_FILE_KEY)
    now = {"revision": vault.revision, "seal": vault.seal.hex()}
    if before == now:
        return ()
    settings.put(work, KEY_FILE_KEY, now)
    is_older = isinstance(before, dict) and int(before.get("revision", 0)) >= vault.revision
    return (PUT_BACK,) if is_older else ()
