"""What belonging to an organisation changes in the vault: the sheets' way in, and a new identity after it. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from advocate_desk.casework.work import Work
from advocate_desk.sync import state
from advocate_desk.sync.statements import Members
from advocate_desk.vault.change import close_to_organisation, new_identity, open_to_organisation
from advocate_desk.vault.vault import OpenVault


def open_to_sheets(work: Work, vault: OpenVault) -> bool:
    """Let the organisation's sheets open this desk, once it has been let in.

    True where the key file has changed: then `note_key_file` is next.
    Raises Unavailable; then nothing has changed, and the next unlock tries again.
    """
    members = _members(work)
    if members is None or not members.may_act(vault.device.id.bytes):
        return False
    return open_to_organisation(vault, members.recovery_public)


def close_to_sheets(work: Work, vault: OpenVault) -> bool:
    """Let no organisation's sheets open this desk, where it belongs to none, or to one that let it go.

    True where the key file has changed. Raises Unavailable; then nothing has changed, and the next unlock tries again.
    """
    members = _members(work)
    return (members is None or members.is_out(vault.device.id.bytes)) and close_to_organisation(vault)


def _members(work: Work) -> Members | None:
    with work.engine.connect() as conn:
        driver = conn.connection.driver_connection
        stand = state.standing(driver)
        return state.members(driver, stand) if stand is not None else None


def take_new_identity(has_to: Callable[[UUID], bool], vault: OpenVault) -> None:
    """Make this desk another device, where it has parted from an organisation that let it go. Raises Unavailable."""
    if has_to(vault.device.id):
        new_identity(vault)
