"""Valid records for tests: a test gives the one field that matters. Everybody in here is invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from advocate_desk import paths
from advocate_desk.casework.intake import Intake, ReferralDetails, open_file
from advocate_desk.casework.people import ContactDetails, PersonDetails, RelationshipDetails
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import FixedClock
from advocate_desk.domain.identity import FileId
from advocate_desk.packs.packs import Packs
from advocate_desk.store.engine import DATABASE_NAME, create_store, open_store
from advocate_desk.store.migrate import prepare

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
KEY = bytes(range(32))
PACKS = Packs(paths.resources())
ACTOR = Actor("Ash Advocate", "advocate", "test-device")


def a_work(folder: Path, now: datetime = NOON) -> Work:
    """An office on a new encrypted store in `folder`, at a standing clock."""
    path = folder / DATABASE_NAME
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(_new_store())
    return Work(open_store(path, KEY), FixedClock(now), PACKS, ACTOR)


@cache
def _new_store() -> bytes:
    """A store as every migration leaves it. To run them takes eight times as long as to open a copy."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / DATABASE_NAME
        engine = create_store(path, KEY)
        prepare(engine, KEY, Path(folder) / "backups", NOON)
        engine.dispose()
        return path.read_bytes()


def a_referral(**changed: object) -> ReferralDetails:
    """A police referral of this morning."""
    one = ReferralDetails(source="police", received_at=NOON - timedelta(hours=3), risk_at_referral="high")
    return replace(one, **changed)  # type: ignore[arg-type]


def an_intake(**changed: object) -> Intake:
    """A client with a perpetrator and one safe mobile number."""
    one = Intake(
        referral=a_referral(),
        client=PersonDetails("client", "Testina", "Sampleby"),
        perpetrator=PersonDetails("perpetrator", "Imagino", "Fabricant"),
        relationship=RelationshipDetails(kind="partner", status="ex"),
        contacts=(ContactDetails("mobile", "07700 900123", is_safe="yes"),),
    )
    return replace(one, **changed)  # type: ignore[arg-type]


def a_file(work: Work, **changed: object) -> FileId:
    """A client file, opened."""
    file_id = open_file(work, an_intake(**changed)).file_id
    assert file_id is not None
    return file_id
