"""The demonstration caseload: sixty files of invented people, dated so that Today is always full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from advocate_desk.casework.access import verify_chain
from advocate_desk.casework.settings import put
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import Clock, FixedClock, today_in_london
from advocate_desk.demonstration.papers import court_letter, shared_fonts
from advocate_desk.demonstration.people import cast
from advocate_desk.demonstration.plot import Plot
from advocate_desk.demonstration.story import Story
from advocate_desk.domain.identity import FileId
from advocate_desk.packs.packs import Packs
from advocate_desk.settings import LETTERHEAD_KEY, WORKER_KEY, Letterhead, WorkerDetails, to_json

FILES = 60
YOU = "Ash Demonstrator"
COLLEAGUES = ("Kit Example", "Sam Specimen")
TIMES = ("09:30", "10:00", "10:45", "11:30", "14:00", "")
LATER = (
    (1, "11:00"), (2, "12:00"), (3, "14:30"), (5, "15:00"), (8, "09:45"),
    (10, "10:15"), (13, "12:00"), (20, "14:30"), (27, "15:00"), (41, "09:45"),
)  # fmt: skip
PAST_TIMES = ("10:00", "11:30", "14:00")
"""Nobody is at two hearings at one time, also where days on which no court sits bring them together."""
LETTERHEAD = Letterhead(
    service_name="Exampleford Domestic Abuse Service (demonstration)",
    address="PO Box 1\nExampleford\nZZ2 2ZZ",
    phone="01632 960 500",
    email="court.team@exampleford.example",
    website="exampleford.example",
    small_print="Invented for the demonstration",
)
WORKER = WorkerDetails(
    name=YOU,
    role="an independent domestic violence adviser",
    job_title="Independent Domestic Violence Adviser, court team",
    phone="01632 960 501",
    email="ash.demonstrator@exampleford.example",
)


def plots() -> tuple[Plot, ...]:
    """What each of the sixty files shows."""
    return tuple(_plot(number) for number in range(FILES))


def _plot(number: int) -> Plot:
    grade = ("high", "medium", "high", "standard", "medium")[number % 5]
    owner = YOU if number % 3 else COLLEAGUES[number // 3 % 2]
    if number < 4:  # new today and yesterday: nobody has spoken to her yet
        return Plot(number, number // 2, "high", YOU, contacted=False, assessed=False, planned=False)
    if number < 10:  # inside the first five days
        return Plot(number, number - 3, grade, owner, assessed=number % 2 == 0, case=True, bailed=True)
    if number < 26:  # with the police
        ago = 8 + number * 3
        return Plot(number, ago, grade, owner, case=True, bailed=number % 4 != 0, breached=number % 4 == 1)
    if number < 32:  # at court today
        return Plot(
            number,
            50 + number,
            "high" if number % 2 else "medium",
            YOU,
            case=True,
            bailed=True,
            hearing_in_days=0,
            hearing_time=TIMES[number - 26],
            adjourned_before=number % 2 == 0,
        )
    if number < 42:  # at court in the next weeks
        return Plot(
            number,
            60 + number,
            grade,
            owner,
            case=True,
            bailed=number % 2 == 0,
            breached=number % 5 == 0,
            hearing_in_days=LATER[number - 32][0],
            hearing_time=LATER[number - 32][1],
            adjourned_before=number % 3 == 0,
        )
    if number < 45:  # a hearing that nobody has recorded the outcome of
        return Plot(
            number,
            90,
            grade,
            owner,
            case=True,
            bailed=True,
            hearing_in_days=42 - number - 1,
            hearing_time=PAST_TIMES[number - 42],
        )
    return Plot(
        number,
        30 + number * 3,
        grade,
        owner,
        case=number % 2 == 0 and number < 55,
        bailed=number % 4 == 0 and number < 55,
        closed=number >= 55,
    )


def fill(
    engine: Engine,
    packs: Packs,
    clock: Clock,
    device_id: str,
    progress: Callable[[int, int], None],
    told: Sequence[Plot] = (),
) -> None:
    """Write the demonstration into an empty, prepared store. `progress` is told (files so far, of how many).

    `told`: other plots than the usual ones.
    """
    now = clock.now()
    standing = FixedClock(now)
    work = Work(engine, standing, packs, Actor(YOU, "advocate", device_id))
    people = cast(packs)
    fonts = shared_fonts()
    for number, plot in enumerate(told or plots(), start=1):
        teller = Work(engine, standing, packs, Actor(plot.allocated_to, "advocate", device_id))

        def letter(file_id: FileId, teller: Work = teller) -> None:
            court_letter(teller, fonts, file_id, today_in_london(standing), LETTERHEAD, WORKER)

        Story(teller, standing, people, plot, now).tell(letter if plot.has_letter else None)
        progress(number, len(told) or FILES)
    standing.moment = now
    put(work, LETTERHEAD_KEY, to_json(LETTERHEAD))
    put(work, WORKER_KEY, to_json(WORKER))
    verify_chain(work)


def is_of_today(folder: Path, clock: Clock) -> bool:
    """True if the demonstration in `folder` was made within the last twelve hours, so that its Today still is today."""
    made = folder / "made-at"
    try:
        age = clock.now() - datetime.fromisoformat(made.read_text(encoding="ascii"))
    except (OSError, ValueError, TypeError):  # none, no moment, or one that names no zone
        return False
    return timedelta(0) <= age < timedelta(hours=12)
