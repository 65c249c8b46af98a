"""A large caseload, written straight into the tables: for tests and measurements of lists, never for those of casework.

It is shaped as an advocate's store is after some years. The first forty files are her own, most of them open; of the
rest one in ten is open and allocated to a colleague, the others were closed over eight years. So her Today is as long
at ten thousand files as at a hundred, and the service has a few hearings a day. Everybody in here is invented. Two
calls with the same numbers write the same names, dates and words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
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

OWN_FILES = 40
OPEN_OF_OTHERS = 10  # one in so many
COLLEAGUES = 25
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
SYLLABLES = ("ba", "re", "lo", "ti", "mu", "san", "der", "wick", "ham", "ton", "ley", "cor", "vel", "pin", "gar", "mo")
OFFICERS = ("DC Notional", "PC Specimen", "DS Example")
GRADES = ("high", "medium", "standard", "medium", "")
OPEN_STATUSES = ("open_high", "open_medium", "open_standard", "open_medium", "waiting", "monitoring")
OWNER = "Ash Advocate"
SOURCES = ("police", "health", "self", "housing", "marac")
SETTINGS = ("police", "hospital", "community", "court")
COURTS = ("Exampleford Magistrates' Court", "Sampleton Crown Court", "Testham Magistrates' Court")
OWN_HEARING_DAYS = (0, 0, 0, 1, 2, 5, 9, 14, -2, 21, 30, 45, 58, 75, -4, 3, 6, 12, 18, 26)  # from today
MOST_DAYS = 8 * 365
TEXTS = 3_000
BATCH = 500


@dataclass(frozen=True, slots=True)
class Recipe:
    """How many of what."""

    files: int
    notes_each: int = 0
    note_words: int = 40
    seed: int = 7


def vocabulary() -> tuple[list[str], list[float]]:
    """Words of notes and their cumulative weights: a few in every note, most in few, as in any language."""
    made = [f"{a}{b}{c}" for a in SYLLABLES for b in SYLLABLES for c in SYLLABLES[:8]]
    words = [*WORDS, *made]
    return words, list(accumulate(1 / (rank + 3) for rank in range(len(words))))


class LargeCaseload:
    """Rows of every list, collected a batch at a time and written by `executemany`."""

    def __init__(self, work: Work, recipe: Recipe) -> None:
        self._work, self._recipe = work, recipe
        self._random = Random(recipe.seed)
        self._now = work.clock.now()
        self._today = today_in_london(work.clock)
        self._made = 0
        self._rows: dict[Table, list[dict[str, Any]]] = {}
        self._texts = self._some_texts() if recipe.notes_each else []

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

    def _some_texts(self) -> list[str]:
        """Texts that notes are given: as many different ones as make the search index as broad as a real one."""
        words, weights = vocabulary()
        count = min(TEXTS, max(1, self._recipe.files * self._recipe.notes_each))
        return [
            " ".join(self._random.choices(words, cum_weights=weights, k=self._recipe.note_words)) for _ in range(count)
        ]

    def _flush(self, conn: Connection) -> None:
        for table in (
            client_file, person, contact_method, referral, criminal_case, hearing, bail, safety_plan, task,
            contact_note,
        ):  # fmt: skip
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
        is_own = number < OWN_FILES
        is_open = number % 7 != 6 if is_own else number % OPEN_OF_OTHERS == 0
        opened = -(number * 9 % 360 + 6) if is_open else -(number * 37 % MOST_DAYS + 90)
        closed = None if is_open else min(-1, opened + 60 + number * 13 % 300)
        colleague = number // OPEN_OF_OTHERS % (COLLEAGUES + 1)
        self._rows.setdefault(client_file, []).append(
            {
                "id": file_id,
                "file_id": file_id,
                "created_at": self._now,
                "changed_at": self._now,
                "reference": f"AD26-{number:06d}",
                "status": OPEN_STATUSES[number % len(OPEN_STATUSES)] if is_open else "closed",
                "allocated_to": OWNER if is_own else f"Colleague {colleague}" if colleague else "",
                "setting": SETTINGS[number % len(SETTINGS)],
                "opened_on": self._day(opened),
                "closed_on": None if closed is None else self._day(closed),
            }
        )
        self._people(file_id, number)
        self._add(
            referral,
            file_id,
            source=SOURCES[number % len(SOURCES)],
            received_at=self._moment(opened),
            risk_at_referral=GRADES[number % len(GRADES)],
            sender_reference=f"EX/{number}",
            crime_ref=f"EX{100000 + number}/26",
        )
        if number % 2 == 0 or not is_open:
            self._case(file_id, number, opened, is_open)
        self._plan_and_tasks(file_id, number, opened, is_open)
        self._notes(file_id, opened, 0 if closed is None else closed)
        return file_id

    def _people(self, file_id: FileId, number: int) -> None:
        given, family = self._names(number)
        client = self._person(file_id, "client", given, family)
        self._person(file_id, "perpetrator", "Imagino", FAMILY[number * 5 % len(FAMILY)])
        if number % 3 == 0:
            self._person(file_id, "child", "Tiny", family)
        phone = f"07700 {900000 + number % 100000}"
        self._add(contact_method, file_id, person_id=client, kind="mobile", value=phone, is_safe="yes")

    def _names(self, number: int) -> tuple[str, str]:
        """As names are spread: some many have, of every script, and most few have."""
        a, b, c = (SYLLABLES[number // step % len(SYLLABLES)] for step in (1, 3, 29))
        is_common = number < OWN_FILES or number % 4 == 0
        given = GIVEN[number // 4 % len(GIVEN)] if is_common else f"{a}{b}".title()
        is_common = number < OWN_FILES or number % 8 == 0
        return given, FAMILY[number * 7 % len(FAMILY)] if is_common else f"{c}{a}{b}".title()

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

    def _case(self, file_id: FileId, number: int, opened: int, is_open: bool) -> None:
        is_own = number < OWN_FILES
        case_id = self._add(
            criminal_case,
            file_id,
            crime_ref=f"EX{100000 + number}/26",
            officer_name=OFFICERS[number % len(OFFICERS)],
            reported_on=self._day(-(number // 2 % 4) if is_own and number < 6 else opened),
            stage="charged",
        )
        listed = OWN_HEARING_DAYS[number // 2 % len(OWN_HEARING_DAYS)] if is_own else number * 7 % 90 - 2
        listed = listed if is_open else opened + 40
        self._add(
            hearing,
            file_id,
            case_id=case_id,
            court_name=COURTS[number % len(COURTS)],
            hearing_on=self._day(listed),
            listed_time=("09:30", "10:00", "14:00", "")[number % 4],
            courtroom=f"Court {1 + number % 6}",
            kind=("first", "trial", "mention", "sentence")[number // 2 % 4],
            outcome="" if is_open else "convicted",
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
                started_on=self._day(opened),
                expires_on=self._day(number % 60 - 3 if is_open else opened + 30),
                ended_on=None if is_open else self._day(opened + 30),
            )

    def _plan_and_tasks(self, file_id: FileId, number: int, opened: int, is_open: bool) -> None:
        if number % 5 == 0:
            self._add(safety_plan, file_id, version=1, status="current", review_on=self._day(number % 60))
        for turn in range(2 if is_open else 3):
            due = number * 3 % 40 - 6 + turn * 9 if is_open else opened + 2 + turn * 9
            self._add(
                task,
                file_id,
                title=("Call the client", "Ask about the locks", "Send the letter")[turn],
                due_on=self._day(due),
                completed_at=None if is_open else self._moment(due),
                origin=("contact_standard", "hearing", "own")[turn],
                owner=OWNER if number < OWN_FILES else f"Colleague {number % COLLEAGUES}",
            )

    def _notes(self, file_id: FileId, opened: int, last: int) -> None:
        span = max(1, last - opened)
        for turn in range(self._recipe.notes_each):
            self._add(
                contact_note,
                file_id,
                happened_at=self._moment(min(opened + span * turn // self._recipe.notes_each, -1), 9 + turn % 8),
                method="phone",
                spoke_with_client=True,
                text=self._texts[self._random.randrange(len(self._texts))],
            )


def a_caseload(work: Work, files: int, notes_each: int = 0) -> list[FileId]:
    """Write `files` client files with their people, cases, hearings, bail and tasks, and `notes_each` notes in each."""
    return LargeCaseload(work, Recipe(files, notes_each)).write()
