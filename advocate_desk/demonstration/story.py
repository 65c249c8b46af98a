"""One demonstration file, told from its referral to now through the same casework functions that the desk uses."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any

from advocate_desk.casework.bail import BailDetails, BreachDetails, ConditionDetails, record_bail, record_breach
from advocate_desk.casework.cases import CaseDetails, OffenceDetails, StageDetails, open_case, record_stage
from advocate_desk.casework.contacts import AttemptDetails, record_attempt
from advocate_desk.casework.files import close_file
from advocate_desk.casework.hearings import HearingDetails, Outcome, list_hearing, record_outcome
from advocate_desk.casework.intake import open_file
from advocate_desk.casework.notes import NoteDetails, amend_note, write_note
from advocate_desk.casework.plans import ActionDetails, add_actions, set_action_status, start_plan
from advocate_desk.casework.risk import finalise, keep_progress
from advocate_desk.casework.tasks import complete_task
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock, from_london, in_london, today_in_london
from advocate_desk.demonstration.court_days import KINDS, kind_of, sitting_day
from advocate_desk.demonstration.people import Cast, InventedNote
from advocate_desk.demonstration.plot import Plot
from advocate_desk.demonstration.referral import intake
from advocate_desk.domain.days import SATURDAY, is_working_day, next_working_day
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.domain.plan import due_on, suggest
from advocate_desk.store.queries.client_file import relationships
from advocate_desk.store.queries.risk import actions
from advocate_desk.store.queries.tasks import file_tasks

OFFENCES = (
    "assault by beating",
    "controlling coercive",
    "strangulation",
    "stalking fear",
    "criminal damage",
    "harassment",
)


Thread = Generator[datetime, datetime, None]
"""One thing that goes on in a file. It yields when it wants to act next, and is told when it is."""
BETWEEN = timedelta(minutes=6)
"""The least time from one act to the next."""
LATE_PLAN_EVERY, SILENT_EVERY = 9, 10
"""Of one file in so many the plan waits for its review; with one client in so many nobody has spoken for a month."""
WRONG_DAY, RIGHT_DAY = "Monday", "Tuesday"


class Story:
    """Tells one file. The clock is moved to each act's own moment, so that the past is dated as it would have been.

    What goes on beside each other is told in turns, in order of time: the record of access links every act to the last.
    """

    def __init__(self, work: Work, clock: FixedClock, cast: Cast, plot: Plot, now: datetime) -> None:
        self._work = work
        self._clock = clock
        self._cast = cast
        self._plot = plot
        self._now = now
        self._random = Random(plot.number)
        self._today = today_in_london(FixedClock(now))
        self._client = cast.client[plot.number % len(cast.client)]
        self._ago = (self._today - self._worked(self._today - timedelta(days=plot.received_days_ago))).days
        self._closed_ago = 6 + plot.number % 9 if plot.closed else 0
        self._tidied = date.min
        self._left: set[Any] = set()

    def tell(self, letter: Callable[[FileId], None] | None = None) -> FileId:
        """Write the whole file and answer with its id. `letter` writes one, two days ago."""
        self._clock.moment = self._at(self._ago, 9, 40)
        file_id = open_file(
            self._work, intake(self._plot, self._cast, self._at(self._ago, 9, 10), self._random)
        ).file_id
        if file_id is None:
            raise AssertionError("an opened file has an id")
        self._go_on(file_id, self._threads(file_id, letter))
        if self._plot.closed:
            self._clock.moment = max(self._clock.moment + BETWEEN, self._at(self._closed_ago, 16))
            self._tidy(file_id, self._today, at_once=True)
            close_file(self._work, file_id, "planned_risk_reduced", today_in_london(self._clock))
        self._tidy(file_id, self._today)
        return file_id

    def _threads(self, file_id: FileId, letter: Callable[[FileId], None] | None) -> list[Thread]:
        plot, found = self._plot, []
        if plot.contacted:
            found += [self._contact(file_id), self._notes(file_id)]
        if plot.assessed:
            answers = self._graded(self._answers())
            found += [self._assess(file_id, answers), self._assess_again(file_id, answers)]
            if plot.planned:
                found += [self._plan(file_id, answers), self._review_plan(file_id)]
        elif plot.contacted:
            found.append(self._begin_assessment(file_id))
        if plot.case:
            found.append(self._case(file_id))
        if letter is not None:
            found.append(self._letter(file_id, letter))
        return found

    def _go_on(self, file_id: FileId, threads: list[Thread]) -> None:
        waiting = [
            (moment, order, thread)
            for order, thread in enumerate(threads)
            if (moment := next(thread, None)) is not None
        ]
        heapify(waiting)
        while waiting:
            wanted, order, thread = heappop(waiting)
            self._tidy(file_id, in_london(wanted).date())
            latest = self._now - timedelta(minutes=5)
            moment = max(self._clock.moment, min(max(wanted, self._clock.moment + BETWEEN), latest))
            self._clock.moment = moment
            try:
                heappush(waiting, (thread.send(moment), order, thread))
            except StopIteration:
                continue

    def _tidy(self, file_id: FileId, before: date, *, at_once: bool = False) -> None:
        """Tasks that fell due before a day were done, all but the odd one: a caseload that somebody works on."""
        if before <= self._tidied and not at_once:
            return
        self._tidied = before
        done: list[tuple[datetime, RecordId]] = []
        for line in self._work.read(file_tasks, file_id):
            if line.completed_at is not None or line.due_on is None or line.task_id in self._left:
                continue
            day = self._worked(line.due_on)
            if line.due_on >= self._today or (day >= before and not at_once):
                continue
            if (self._today - line.due_on).days <= 3 and self._random.random() >= 0.8:
                self._left.add(line.task_id)
                continue
            wall = datetime.combine(day, time(9 + self._random.randrange(8), self._random.randrange(60)))
            done.append((from_london(wall), RecordId(line.task_id)))
        for moment, task_id in sorted(done):
            soonest = self._clock.moment + timedelta(minutes=2 + self._random.randrange(9))
            self._clock.moment = soonest if at_once else max(soonest, moment)
            complete_task(self._work, task_id, "")

    def _letter(self, file_id: FileId, letter: Callable[[FileId], None]) -> Thread:
        yield self._at(2, 11, 30)
        letter(file_id)

    def _at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """A wall time some days ago, or on the next working day if that was none; never after now."""
        day = next_working_day(self._today - timedelta(days=max(days_ago, 0)), self._work.packs.holidays())
        if day > self._today:
            day = self._worked(self._today)
        wall = datetime.combine(day, time(hour, minute)) + timedelta(minutes=self._plot.number * 7 % 13)
        return min(from_london(wall), self._now - timedelta(minutes=5))

    def _worked(self, day: date) -> date:
        """`day`, or the last working day before it."""
        while not is_working_day(day, self._work.packs.holidays()):
            day -= timedelta(days=1)
        return day

    def _day(self, days_ago: int) -> date:
        return self._today - timedelta(days=days_ago)

    def _pick(self, many: Any) -> Any:  # noqa: ANN401
        return many[self._random.randrange(len(many))]

    def _contact(self, file_id: FileId) -> Thread:
        moment = yield self._at(self._ago, 11, 20)
        record_attempt(self._work, file_id, AttemptDetails(moment, "phone", "no_answer"))
        moment = yield self._at(self._ago - (1 if self._ago else 0), 10, 5)
        record_attempt(self._work, file_id, AttemptDetails(moment, "phone", "spoke", text="Safe to talk."))

    def _answers(self) -> dict[str, Any]:
        instrument = self._work.packs.instrument("dash")
        likely = {"high": 0.66, "medium": 0.42, "standard": 0.18}[self._plot.grade]
        values: dict[str, Any] = {}
        for item in instrument.item:
            chance = self._random.random()
            said = "yes" if chance < likely else ("dont_know" if chance > 0.94 else "no")
            values[item.key] = {"answer": said, "detail": {}, "source": ""}
        values["very_frightened"] = {"answer": "yes", "detail": {}, "source": ""}
        values["professional_grading"] = self._plot.grade
        values["priorities"] = "To sleep through the night, and for the children to stay at their school."
        return values

    def _graded(self, values: dict[str, Any]) -> dict[str, Any]:
        score = sum(isinstance(each, dict) and each.get("answer") == "yes" for each in values.values())
        high_from = self._work.packs.instrument("dash").high_from
        if score >= high_from:
            values["professional_grading"] = "high"
        elif values["professional_grading"] == "high":
            values |= {
                "grading_reason": "The pattern and her fear weigh more than the count.",
                "reasonable_grounds_for_marac": "yes",
                "judgement": "Control has tightened since she said that she would leave.",
            }
        return values

    def _assess(self, file_id: FileId, values: dict[str, Any]) -> Thread:
        yield self._at(self._ago - 2, 14, 30)
        finalise(self._work, file_id, None, "dash", values)

    def _assess_again(self, file_id: FileId, values: dict[str, Any]) -> Thread:
        """With the odd client the risk was looked at again after four weeks."""
        if self._plot.number % 10 == 3 and self._ago - 2 > 30:
            yield self._at(self._ago - 30, 15)
            later = {**values, "more_often": {"answer": "yes", "detail": {}, "source": "client"}}
            finalise(self._work, file_id, None, "dash", later)

    def _begin_assessment(self, file_id: FileId) -> Thread:
        values = dict(list(self._answers().items())[:9])
        yield self._at(self._ago - 1, 16)
        keep_progress(self._work, file_id, None, "dash", values)

    def _plan(self, file_id: FileId, answers: dict[str, Any]) -> Thread:
        moment = yield self._at(self._ago - 2, 15, 10)
        plan_id = start_plan(self._work, file_id).record_id
        if plan_id is None:
            raise AssertionError("a started plan has an id")
        facts = ("bail_live",) if self._plot.bailed else ()
        offered = suggest(answers, facts, self._work.packs.plan_suggestions())[:9]
        chosen = tuple(
            ActionDetails(
                one.suggestion.section,
                one.suggestion.text,
                one.suggestion.owner,
                due_on(one.suggestion, in_london(moment).date()),
                "agreed",
                one.suggestion.reason,
                one.suggestion.key,
            )
            for one in offered
        )
        add_actions(self._work, plan_id, chosen)
        for index, line in enumerate(self._work.read(actions, plan_id)):
            if index % 3 == 0:
                set_action_status(self._work, RecordId(line.action_id), "done")

    def _review_plan(self, file_id: FileId) -> Thread:
        """An older plan was gone through again since, in time for nearly all: a few reviews are late by some days."""
        number, every = self._plot.number, self._work.packs.plan_suggestions().review_days
        is_late = number % LATE_PLAN_EVERY == LATE_PLAN_EVERY - 1
        ago = every + 1 + number % 5 if is_late else 2 + number * 7 % (every - 2)
        if self._ago - 2 > max(every, ago) and ago > self._closed_ago:
            yield self._at(ago, 15, 30)
            start_plan(self._work, file_id)

    def _case(self, file_id: FileId) -> Thread:
        number, ago = self._plot.number, self._ago
        officer = self._pick(self._cast.officer)
        forces = self._work.packs.forces()
        force = forces[number % len(forces)]
        yield self._at(ago, 12)
        found = self._work.packs.search_offences(OFFENCES[number % len(OFFENCES)], 1)
        charged = self._plot.hearing_in_days is not None
        offences = tuple(
            OffenceDetails(one.key, one.label, is_charged=charged, charged_on=self._day(ago) if charged else None)
            for one in found
        )
        case = CaseDetails(
            relationship_id=RecordId(self._work.read(relationships, file_id)[0].relationship_id),
            force=force.key,
            crime_ref=f"EX{100200 + number * 7}/26",
            urn=f"{force.pnc_code}EX{number:07d}26" if charged else "",
            officer_name=officer.name,
            officer_contact=officer.contact,
            reported_on=self._day(ago + 1),
            offence_on=self._day(ago + 1),
            stage="reported",
        )
        case_id = open_case(self._work, file_id, case, offences).record_id
        if case_id is None:
            raise AssertionError("an opened case has an id")
        yield self._at(ago - 1, 9)
        stage = StageDetails(
            "bail_or_rui", self._day(ago), "Interviewed and bailed", fact_source="police", fact_state="confirmed"
        )
        record_stage(self._work, case_id, stage)
        bail_id = None
        if self._plot.bailed:
            bail_id = self._bail(file_id, case_id, charged)
        if charged:
            yield self._at(ago - 2, 9)
            record_stage(
                self._work,
                case_id,
                StageDetails("charged", self._day(ago - 1), fact_source="cps", fact_state="confirmed"),
            )
        if self._plot.bailed and self._plot.breached and bail_id is not None:
            yield from self._breach(bail_id)
        if charged:
            yield from self._listed(file_id, case_id)

    def _bail(self, file_id: FileId, case_id: RecordId, charged: bool) -> RecordId | None:
        arrested = self._day(self._ago)
        number = self._plot.number
        counted = number % 5 == 4  # nobody told us: the last day is counted from the arrest
        town = self._cast.town[number % len(self._cast.town)].name
        details = BailDetails(
            kind="bail_police_charge" if charged else "bail_precharge",
            arrested_on=arrested,
            started_on=arrested + timedelta(days=1),
            expires_on=None if charged or counted else self._today + timedelta(days=(2, 6, 13, 40)[number % 4]),
            period="" if charged else "abp3",
            fact_source="police",
            fact_state="confirmed" if number % 3 else "heard",
        )
        conditions = (
            ConditionDetails(
                "NO_CONTACT_CLIENT", "Directly or through anybody else", arrested, None, "police", "confirmed"
            ),
            ConditionDetails(
                "EXCL_AREA", f"{town} town centre, inside the ring road", arrested, None, "police", "heard"
            ),
        )
        return record_bail(self._work, file_id, case_id, details, conditions).record_id

    def _breach(self, bail_id: RecordId) -> Thread:
        ago = max(self._ago // 2, 2)
        when = from_london(datetime.combine(self._day(ago), time(20, 15)))
        yield self._at(ago - 1, 9, 30)
        told = BreachDetails(when, "Two messages from a number that she knows to be his", evidence="Pictures of both")
        record_breach(self._work, bail_id, told)

    def _hearing_on(self, day: date, *, is_first: bool) -> HearingDetails:
        courts = [court for court in self._work.packs.courts() if court.kind in KINDS]
        court = courts[self._plot.number * 13 % len(courts)]
        return HearingDetails(
            hearing_on=day,
            listed_time=self._plot.hearing_time,
            court_code=court.key,
            court_name=court.name,
            courtroom=f"Court {1 + self._plot.number % 6}",
            kind=kind_of(court, day, self._random, is_first=is_first),
            attends=("idva", "client") if self._plot.number % 2 else ("idva",),
        )

    def _listed(self, file_id: FileId, case_id: RecordId) -> Thread:
        days = self._plot.hearing_in_days
        if days is None:
            return
        day = sitting_day(self._today, days, self._work.packs.holidays())
        is_remand = day.weekday() == SATURDAY and not self._plot.adjourned_before
        listing = replace(
            self._hearing_on(day, is_first=is_remand),
            measures={"SM_SCREEN": "granted", "SM_ENTRANCE": "requested"} if self._plot.number % 3 else {},
            fact_source="witness_care",
            fact_state="confirmed" if self._plot.number % 4 else "heard",
        )
        if not self._plot.adjourned_before:
            yield self._at(max(3, -days + 7), 13)
            list_hearing(self._work, file_id, case_id, listing)
            return
        yield self._at(40, 13)
        heard_on = sitting_day(self._today, -21, self._work.packs.holidays())
        first = replace(self._hearing_on(heard_on, is_first=True), courtroom="Court 2", attends=("idva",))
        first_id = list_hearing(self._work, file_id, case_id, first).record_id
        if first_id is not None:
            moment = yield self._at((self._today - heard_on).days, 15, 30)
            said = Outcome("adjourned", "The court ran out of time.", heard_on, listing)
            record_outcome(self._work, first_id, said)
            told = next(each for each in self._cast.note if "court" in each.needs)
            write_note(self._work, file_id, self._noted(told, moment))

    def _notes(self, file_id: FileId) -> Thread:
        number, ago = self._plot.number, self._ago
        turns = 1 + min(ago // 9, 9)
        last = 30 + number % 4 if number % SILENT_EVERY == SILENT_EVERY - 1 else 1 + number % 6
        between = max(ago - max(last, self._closed_ago + 1), 0) / turns
        for turn in range(1, turns + 1):
            days = ago - round(turn * between) if turn > 1 else max(ago - 1, 0)
            is_corrected = turn == 2 and number % 6 == 0
            fitting = [
                each
                for each in self._cast.note
                if self._facts(days).issuperset(each.needs)
                and (each.spoke_with_client or turn < turns)
                and (not is_corrected or WRONG_DAY in each.text)
            ]
            told = fitting[(number + turn) % len(fitting)]
            moment = yield self._at(days, 9 + turn % 8, 10 * (turn % 6))
            noted = self._noted(told, moment)
            note_id = write_note(self._work, file_id, noted).record_id
            if is_corrected and note_id is not None:
                right = replace(noted, text=noted.text.replace(WRONG_DAY, RIGHT_DAY))
                amend_note(self._work, note_id, right, "Wrong day")

    def _facts(self, days_ago: int) -> set[str]:
        """What the file has by then that a note may speak of."""
        plot = self._plot
        has = {
            "plan": plot.assessed and plot.planned and days_ago < self._ago - 4,
            "case": plot.case and days_ago < self._ago,
            "bail": plot.bailed and days_ago < self._ago - 2,
            "hearing": plot.hearing_in_days is not None,
            "breach": plot.bailed and plot.breached and days_ago < self._ago // 2 - 4,
            "children": plot.number % 2 == 1,
            "interpreter": self._client.language not in ("english", "welsh"),
        }
        return {fact for fact, is_so in has.items() if is_so}

    def _noted(self, told: InventedNote, moment: datetime) -> NoteDetails:
        return NoteDetails(
            moment, told.method, told.text, told.minutes, told.setting, told.with_whom, told.spoke_with_client
        )
