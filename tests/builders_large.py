"""A large caseload, written straight into the tables: for tests and measurements of lists, never for those of casework.

Everybody in here is invented. Two calls with the same numbers write the same names, dates and words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, insert

from advocate_desk.casework.names import name_key
from advocate_desk.casework.work import Work
from advocate_desk.clock import from_london, today_in_london
from advocate_desk.domain.identity import FileId, RecordId, uuid7
from advocate_desk.store import summaries
from advocate_desk.store.tables.cases import bail, criminal_case, hearing
from advocate_desk.store.tables.files import client_file, referral
from advocate_desk.store.tables.people import contact_method, person
from advocate_desk.store.tables.risk import safety_plan
from advocate_desk.store.tables.work import contact_note, task

GIVEN = (
    "Testina", "Łucja", "Siân", "Zoë", "Amira", "Parveen", "Mei", "Sample", "Exampla", "Ffion", "Renée", "Fictionella",
    "محمد", "ਹਰਪ੍ਰੀਤ", "Imagina", "Specimena",
)  # fmt: skip
FAMILY = (
    "Sampleby", "Wójcik", "Example", "Testworth", "Fabricant", "Specimen", "O'Sample", "Ficton", "Mockridge", "Dummer",
    "Placeholt", "Inventa", "Nowhere", "Notional", "Testerton", "Pretend", "Figment",
)  # fmt: skip
WORDS = (
    "called", "about", "court", "the", "hearing", "was", "moved", "she", "feels", "safer", "now", "school", "pick",
    "up", "changed", "landlord", "agreed", "locks", "police", "officer", "updated", "bail", "conditions", "breach",
    "message", "social", "worker", "meeting", "housing", "letter", "sent", "screen", "entrance", "witness", "sister",
    "car", "phone", "appointment", "doctor", "work", "shift", "weekend", "money", "bank", "solicitor", "refuge",
    "neighbour", "camera", "alarm",
)  # fmt: skip
OFFICERS = ("DC Notional", "PC Specimen", "DS Example")
GRADES = ("high", "medium", "standard", "medium", "")
STATUSES = ("open_high", "open_medium", "open_standard", "open_medium", "waiting", "monitoring", "closed")
ADVOCATES = ("Ash Advocate", "Kit Example", "Sam Specimen", "")
SOURCES = ("police", "health", "self", "housing", "marac")
SETTINGS = ("police", "hospital", "community", "court")
COURTS = (
    ("Exampleford Magistrates' Court", "magistrates"),
    ("Sampleton Crown Court", "crown"),
    ("Testham Magistrates' Court", "magistrates"),
)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many of what. Days are spread around today, so that every list has something to show."""

    files: int
    notes_each: int = 0
    note_words: int = 40
    seed: int = 7


class LargeCaseload:
    """Rows of every list, collected a batch at a time and written by `executemany`."""

    def __init__(self, work: Work, recipe: Recipe) -> None:
        self._work, self._recipe = work, recipe
        self._random = Random(recipe.seed)
        self._now = work.clock.now()
        self._today = today_in_london(work.clock)
        self._made = 0
        self._rows: dict[Table, list[dict[str, Any]]] = {}

    def write(self) -> list[FileId]:
        """Write all of it; the files' ids in the order they were made."""
        ids: list[FileId] = []
        with self._work.engine.begin() as conn:
            while len(ids) < self._recipe.files:
                batch = [self._file(number) for number in range(len(ids), min(len(ids) + BATCH, self._recipe.files))]
                self._flush(conn)
                summaries.refresh(conn, batch)
                ids += batch
        return ids

    def _flush(self, conn: Connection) -> None:
        for table in (client_file, person, contact_method, referral, criminal_case, hearing, bail, safety_plan):
            self._insert(conn, table)
        for table in (task, contact_note):
            self._insert(conn, table)

    def _insert(self, conn: Connection, table: Table) -> None:
        rows = self._rows.pop(table, [])
        if rows:
            conn.execute(insert(table), rows)

    def _id(self) -> UUID:
        self._made += 1
        return uuid7(int(self._now.timestamp() * 1000) + self._made, self._random.randbytes(10))

    def _add(self, table: Table, file_id: UUID, **values: object) -> RecordId:
        record_id = RecordId(self._id())
        row = {"id": record_id, "file_id": file_id, "created_at": self._now, "changed_at": self._now, **values}
        self._rows.setdefault(table, []).append(row)
        return record_id

    def _day(self, days: int) -> date:
        return self._today + timedelta(days=days)

    def _moment(self, days: int, hour: int = 10) -> datetime:
        return from_london(datetime.combine(self._day(days), time(hour, 30)))

    def _file(self, number: int) -> FileId:
        file_id = FileId(self._id())
        status = STATUSES[number % len(STATUSES)]
        opened = self._day(-(number % 400))
        self._rows.setdefault(client_file, []).append(
            {
                "id": file_id,
                "file_id": file_id,
                "created_at": self._now,
                "changed_at": self._now,
                "reference": f"AD26-{number:06d}",
                "status": status,
                "allocated_to": ADVOCATES[number % len(ADVOCATES)],
                "setting": SETTINGS[number % len(SETTINGS)],
                "opened_on": opened,
                "closed_on": self._day(-1) if status == "closed" else None,
            }
        )
        self._people(file_id, number)
        self._add(
            referral,
            file_id,
            source=SOURCES[number % len(SOURCES)],
            received_at=self._moment(-(number % 400)),
            risk_at_referral=GRADES[number % len(GRADES)],
            sender_reference=f"EX/{number}",
            crime_ref=f"EX{100000 + number}/26",
        )
        if number % 2 == 0:
            self._case(file_id, number)
        self._work_of(file_id, number)
        return file_id

    def _people(self, file_id: FileId, number: int) -> None:
        given, family = GIVEN[number % len(GIVEN)], FAMILY[number * 7 % len(FAMILY)]
        client = self._person(file_id, "client", given, family)
        self._person(file_id, "perpetrator", "Imagino", FAMILY[number * 5 % len(FAMILY)])
        if number % 3 == 0:
            self._person(file_id, "child", "Tiny", family)
        phone = f"07700 {900000 + number % 100000}"
        self._add(contact_method, file_id, person_id=client, kind="mobile", value=phone, is_safe="yes")

    def _person(self, file_id: FileId, role: str, given: str, family: str) -> RecordId:
        key = name_key(given, family)
        return self._add(
            person,
            file_id,
            role=role,
            given_name=given,
            family_name=family,
            name_key=key,
            sort_key=name_key(family, given),
        )

    def _case(self, file_id: FileId, number: int) -> None:
        case_id = self._add(
            criminal_case,
            file_id,
            crime_ref=f"EX{100000 + number}/26",
            officer_name=OFFICERS[number % len(OFFICERS)],
            reported_on=self._day(-(number % 300)),
            stage="charged",
        )
        court = COURTS[number % len(COURTS)][0]
        self._add(
            hearing,
            file_id,
            case_id=case_id,
            court_name=court,
            hearing_on=self._day(number % 90 - 4),
            listed_time=("09:30", "10:00", "14:00", "")[number % 4],
            courtroom=f"Court {1 + number % 6}",
            kind=("first", "trial", "mention", "sentence")[number % 4],
            attends=["idva"],
            measures={"SM_SCREEN": "granted"} if number % 3 else {},
            fact_source="witness_care",
            fact_state="heard" if number % 4 else "confirmed",
            told_at=self._moment(-3),
        )
        if number % 4 == 0:
            self._add(
                bail,
                file_id,
                case_id=case_id,
                kind="bail_precharge",
                started_on=self._day(-30),
                expires_on=self._day(number % 120 - 5),
            )

    def _work_of(self, file_id: FileId, number: int) -> None:
        if number % 5 == 0:
            self._add(safety_plan, file_id, version=1, status="current", review_on=self._day(number % 60))
        for turn in range(number % 3):
            self._add(
                task,
                file_id,
                title=("Call the client", "Ask about the locks", "Send the letter")[turn],
                due_on=self._day(number % 50 - 6 + turn * 9),
                origin=("contact_standard", "hearing", "own")[turn],
                owner=ADVOCATES[number % 3],
            )
        for turn in range(self._recipe.notes_each):
            words = self._random.choices(WORDS, k=self._recipe.note_words)
            happened = self._moment(-(number % 90) - turn * 6, 9 + turn % 8)
            self._add(
                contact_note,
                file_id,
                happened_at=happened,
                method="phone",
                spoke_with_client=True,
                text=" ".join(words),
            )


def a_caseload(work: Work, files: int, notes_each: int = 0) -> list[FileId]:
    """Write `files` client files with their people, cases, hearings, bail and tasks, and `notes_each` notes in each."""
    return LargeCaseload(work, Recipe(files, notes_each)).write()


def timed(clock: Callable[[], float], act: Callable[[], object], times: int = 5) -> float:
    """Median seconds that `act` takes, of `times` runs after a first one that warms up."""
    act()
    taken = []
    for _ in range(times):
        start = clock()
        act()
        taken.append(clock() - start)
    return sorted(taken)[times // 2]
