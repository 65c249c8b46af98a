"""A desk that its organisation has let go: what says so, and how it forgets the organisation to join one again.

A device that is out stays out for ever, so a desk that comes back comes as a new device: `part` forgets, the vault is
given a new identity when it is opened next, then an invitation is answered as on any desk.
"""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import Engine, Table

from advocate_desk.errors import Blocked
from advocate_desk.store.engine import writing
from advocate_desk.store.tables import exchange
from advocate_desk.sync import leaving, state
from advocate_desk.sync.link import Link
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.records import shapes
from advocate_desk.sync.state import Standing

OUT_KEY = "organisation_left"
"""The setting that names the device that was let go, and the organisation."""
BROUGHT_KEY = "files_of_former_organisations"
"""The setting that names, by file, the organisation that a file came from which was agreed to go along to another.

Whoever gives that other up before it let her in has agreed for it alone: the next one is asked about again.
"""
_STAYS = (exchange.conflict, exchange.exchange_event, exchange.collection_key, exchange.file_ownership)
"""The keys of files that could not be delivered, and whose they are, are needed where the desk comes back."""
_STILL_HERE = (
    "Files of the organisation are still on this computer that its others have too, and they have to be taken away "
    "before this desk begins anew. Nothing you wrote was lost. Do this again."
)
_FORGOTTEN = tuple(each for each in vars(exchange).values() if isinstance(each, Table) and each not in _STAYS)


def note_out(engine: Engine, device: UUID) -> None:
    """The members' own list says that this device is out: remember it, so that the desk can say so without a signal."""
    with writing(engine).begin() as conn:
        driver: Driver = conn.connection.driver_connection
        stand = state.standing(driver)
        if stand is not None:
            _note(driver, device.hex, stand.organisation, is_begun=is_begun(driver))


def is_out(driver: Driver, device: bytes) -> bool:
    """Whether this desk was let go by the organisation that it still names as its own.

    Or is another device there than the one that belonged: an older backup was restored after it had begun anew.
    """
    stand = state.standing(driver)
    if stand is None:
        return False
    members = state.members(driver, stand)
    is_stranger = members.number > 0 and device not in members.devices
    return is_stranger or is_let_go(driver, stand)


def is_let_go(driver: Driver, stand: Standing) -> bool:
    """Whether it was noted here that this organisation has let the desk go."""
    return _kept(driver, OUT_KEY).get("organisation") == stand.organisation.hex()


def is_begun(driver: Driver) -> bool:
    """Whether `part` was begun and cut off: of the files that others have, some may be gone already."""
    return "begun" in _kept(driver, OUT_KEY) and state.standing(driver) is not None


def files_here(driver: Driver) -> int:
    """How many files are on this computer that were exchanged with the organisation."""
    return int(driver.execute("SELECT count(*) FROM client_file WHERE synced_rev IS NOT NULL").fetchone()[0])


def is_spent(driver: Driver, device: UUID) -> bool:
    """Whether this identity belonged to an organisation that the desk has parted from: nobody lets it in again."""
    return state.standing(driver) is None and _kept(driver, OUT_KEY).get("device") == device.hex


def has_to_change(engine: Engine, device: UUID) -> bool:
    """Whether this identity is spent, in a store that is open."""
    with engine.connect() as conn:
        return is_spent(conn.connection.driver_connection, device)


def part(link: Link) -> bool:
    """Forget the organisation that has let this desk go. False, and nothing is done, where it has not.

    First the files are taken away that others there have: a lock may have cut that off, and with what is forgotten
    here nobody could tell them from the desk's own. Those that could not be delivered stay, with what they say and
    what of it was sent. Raises Blocked where one is left to be taken away, and Stopped where a lock cuts it off:
    `is_begun` says so from then on, and doing it again goes on from there.
    """
    own = link.device.id.bytes
    with link.engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        if not is_out(driver, own):
            return False
        with link.writing(driver):
            stand = state.standing(driver)
            if stand is not None:
                _note(driver, link.device.id.hex, stand.organisation, is_begun=True)
        leaving.clear(driver, own, link.clock.now(), link.writing)
        with link.writing(driver):
            stand = state.standing(driver)
            if stand is None:
                return False
            if leaving.clearable(driver, own):
                raise Blocked(_STILL_HERE)
            _note(driver, link.device.id.hex, stand.organisation)
            for table in _FORGOTTEN:
                driver.execute(f"DELETE FROM {table.name}")  # noqa: S608 - names of ours
            driver.execute("DELETE FROM file_ownership WHERE NOT taken")  # signed by a device that is out
    return True


def note_given_up(driver: Driver) -> None:
    """An organisation that was joined again, or never let this desk in, is given up: what is here is of it still.

    Names no device: this one was let go by nobody. In the caller's transaction.
    """
    stand = state.standing(driver)
    if stand is not None:
        _note(driver, "", stand.organisation)


def count_brought(driver: Driver, organisation: bytes) -> int:
    """How many files of a former organisation would be new to this one, agreed to go along elsewhere or not."""
    before = _kept(driver, OUT_KEY).get("organisation")
    if before is None:
        return 0
    origins = _kept(driver, BROUGHT_KEY)
    rows = driver.execute("SELECT id, synced_rev IS NOT NULL FROM client_file").fetchall()
    came_from = [before if was_exchanged else origins.get(each) for each, was_exchanged in rows]
    return sum(1 for origin in came_from if origin not in (None, organisation.hex()))


def begin_anew(driver: Driver, organisation: bytes, person: bytes) -> None:
    """Join as `person`: what stayed of another organisation is new to this one, and a restricted file is for her alone.

    In the caller's transaction, with the tracking switched off.
    """
    before = _kept(driver, OUT_KEY).get("organisation")
    if before is None:
        return
    driver.execute("DELETE FROM setting WHERE key = ?", (OUT_KEY,))
    if before == organisation.hex():
        return
    _note_origin(driver, before)
    for table in ("collection_key", "file_ownership"):
        driver.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
    for name in shapes():
        driver.execute(f'UPDATE "{name}" SET synced_rev = NULL, base = NULL')  # noqa: S608 - names of ours
    driver.execute(
        "UPDATE client_file SET allocated_person = NULL, team = NULL, "
        "readers = CASE WHEN is_restricted THEN ? ELSE NULL END",
        (json.dumps([person.hex()]),),
    )


def _note_origin(driver: Driver, organisation: str) -> None:
    """The files that were exchanged with it came from it, whatever they are of next."""
    exchanged = driver.execute("SELECT id FROM client_file WHERE synced_rev IS NOT NULL").fetchall()
    origins = {**_kept(driver, BROUGHT_KEY), **{each: organisation for (each,) in exchanged}}
    if origins:
        _keep(driver, BROUGHT_KEY, origins)


def _kept(driver: Driver, key: str) -> dict[str, str]:
    row = driver.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
    found = json.loads(row[0]) if row else {}
    return found if isinstance(found, dict) else {}


def _keep(driver: Driver, key: str, value: dict[str, str]) -> None:
    driver.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, json.dumps(value)))


def _note(driver: Driver, device: str, organisation: bytes, *, is_begun: bool = False) -> None:
    noted = {"device": device, "organisation": organisation.hex(), **({"begun": "yes"} if is_begun else {})}
    _keep(driver, OUT_KEY, noted)
