"""Sessions, on both of the hub's databases: what is told to whom before somebody has signed."""

from __future__ import annotations

import os

import pytest

from advocate_desk.hub import sessions
from advocate_desk.hub.database import Database
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import signing, wire
from advocate_desk.sync.messages import AskChallenge, OpenSession, SessionFor
from advocate_desk.sync.statements import RevokeDevice
from advocate_desk.vault.secret import SecretKey
from tests.hub.members import NOW, Device, Organisation

SECRET = os.urandom(32)


def open_as(database: Database, device: Device, seed: SecretKey) -> RefusedByHub:
    """How a session of a device is refused that is signed with this key."""
    challenge = sessions.challenge(SECRET, AskChallenge(device.organisation, device.id), NOW)
    signed = wire.pack(SessionFor(device.organisation, device.id, "", challenge))
    signature = signing.sign(signing.SESSION, signed, seed.buffer)
    opened = OpenSession(device.organisation, device.id, challenge, signature)
    with pytest.raises(RefusedByHub) as refusal:
        sessions.open_session(database, SECRET, opened, NOW)
    return refusal.value


def test_the_members_chain_is_shown_to_the_revoked_device_and_to_nobody_who_only_names_it(
    database: Database, organisation: Organisation
) -> None:
    ben = organisation.join()
    organisation.say(RevokeDevice(ben.id, True))
    hers = open_as(database, ben, ben.seed)
    assert (hers.code, len(hers.bodies)) == ("revoked", organisation.members.number)
    strangers = open_as(database, ben, SecretKey.random())
    assert (strangers.code, strangers.bodies) == ("wrong_signature", ())
