"""One demonstration file, told from its referral to now through the same casework functions that the desk uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from advocate_desk.casework.bail import BailDetails, BreachDetails, ConditionDetails, record_bail, record_breach
from advocate_desk.casework.cases import CaseDetails, OffenceDetails, StageDetails, open_case, record_stage
from advocate_desk.casework.contacts import AttemptDetails, record_attempt
from advocate_desk.casework.files import close_file
from advocate_desk.casework.hearings import HearingDetails, Outcome, list_hearing, record_outcome
from advocate_desk.casework.intake import (
    AlertDetails,
    ConsentDetails,
    Intake,
    NeedDetails,
    ReferralDetails,
    open_file,
)
from advocate_desk.casework.notes import NoteDetails, amend_note, write_note
from advocate_desk.casework.people import ContactDetails, PersonDetails, RelationshipDetails
from advocate_desk.casework.plans import ActionDetails, add_actions, set_action_status, start_plan
from advocate_desk.casework.risk import finalise, keep_progress
from advocate_desk.casework.tasks import complete_task
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock, from_london, today_in_london
from advocate_desk.demonstration.people import Cast
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.domain.plan import due_on, suggest
from advocate_desk.store.queries.client_file import relationships
from advocate_desk.store.queries.risk import actions
from advocate_desk.store.queries.tasks import file_tasks

SOURCES = ("police", "police", "police", "health", "marac", "self", "housing", "social_care", "court", "voluntary")
SITES = {"health": "Exampleford General", "police": "Sampleton Police Station", "court": "Sampleton Law Courts"}
SETTINGS = {"health": "hospital", "police": "police", "court": "court", "housing": "housing"}
OFFENCES = (
    "assault by beating",
    "controlling coercive",
    "strangulation",
    "stalking fear",
    "criminal damage",
    "harassment",
)


LATE_PLAN_EVERY, SILENT_EVERY = 9, 10
"""Of one file in so many the plan waits for its review; with one client in so many nobody has spoken for a month."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What this file is to show. Days are counted back from now; hearing days ahead are positive."""

    number: int
    received_days_ago: int
    grade: str
    allocated_to: str
    contacted: bool = True
    assessed: bool = True
    planned: bool = True
    case: bool = False
    bailed: bool = False
    breached: bool = False
    hearing_in_days: int | None = None
    hearing_time: str = ""
    adjourned_before: bool = False
    closed: bool = False

    @property
    def has_letter(self) -> bool:
        """A court letter was written for those who are at court today, where the client agreed."""
        return self.hearing_in_days == 0 and self.number % 4 != 0


class Story:
    """Tells one file. The clock is moved to each act's own moment, so that the past is dated as it would have been."""

    def __init__(self, work: Work, clock: FixedClock, cast: Cast, plot: Plot, now: datetime) -> None:
        self._work = work
        self._clock = clock
        self._cast = cast
        self._plot = plot
        self._now = now
        self._random = Random(plot.number)
        self._today = today_in_london(FixedClock(now))
        self._client = cast.client[plot.number % len(cast.client)]

    def tell(self) -> FileId:
        """Write the whole file and answer with its id."""
        self._at(self._plot.received_days_ago, 9, 40)
        file_id = open_file(self._work, self._intake()).file_id
        if file_id is None:
            raise AssertionError("an opened file has an id")
        if self._plot.contacted:
            self._contact(file_id)
        if self._plot.assessed:
            answers = self._assess(file_id)
            if self._plot.planned:
                self._plan(file_id, answers)
        elif self._plot.contacted:
            self._begin_assessment(file_id)
        if self._plot.case:
            self._case(file_id)
        self._notes(file_id)
        self._tidy(file_id)
        if self._plot.closed:
            self._at(6 + self._plot.number % 9, 16)
            close_file(self._work, file_id, "planned_risk_reduced", today_in_london(self._clock))
        return file_id

    def _tidy(self, file_id: FileId) -> None:
        """Old tasks were done, all but the odd one: a caseload that somebody works on."""
        for line in self._work.read(file_tasks, file_id):
            if line.completed_at is None and line.due_on is not None and line.due_on < self._today:
                late = (self._today - line.due_on).days
                if late > 3 or self._random.random() < 0.8:
                    self._at(max(late - 1, 0), 12)
                    complete_task(self._work, RecordId(line.task_id), "")

    def _at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """Set the clock to a wall time some days ago, never after now; answer with the moment."""
        wall = datetime.combine(self._today - timedelta(days=max(days_ago, 0)), time(hour, minute))
        self._clock.moment = min(from_london(wall), self._now - timedelta(minutes=5))
        return self._clock.moment

    def _day(self, days_ago: int) -> date:
        return self._today - timedelta(days=days_ago)

    def _pick(self, many: Any) -> Any:  # noqa: ANN401
        return many[self._random.randrange(len(many))]

    def _intake(self) -> Intake:
        number, source = self._plot.number, SOURCES[self._plot.number % len(SOURCES)]
        him = self._cast.perpetrator[number % len(self._cast.perpetrator)]
        town = self._cast.town[number % len(self._cast.town)]
        received = self._at(self._plot.received_days_ago, 9, 10)
        child = self._cast.child[number % len(self._cast.child)]
        day = self._day(self._plot.received_days_ago)
        return Intake(
            referral=ReferralDetails(
                source=source,
                received_at=received,
                referrer_name=self._pick(self._cast.officer).name if source == "police" else "Duty worker, Example",
                referrer_contact="01632 960 100",
                sender_reference=f"EX/{4000 + number}",
                incident_on=day - timedelta(days=1),
                incident_summary="Invented for the demonstration: an argument, a push, a neighbour who called.",
                risk_at_referral=self._plot.grade,
                crime_ref=f"EX{100200 + number * 7}/26" if source == "police" else "",
                location_status=self._pick(("left", "relative", "with_perpetrator", "temporary")),
                setting=SETTINGS.get(source, "community"),
                site=SITES.get(source, ""),
            ),
            client=PersonDetails(
                "client",
                self._client.given,
                self._client.family,
                born_on=date(1968 + number * 7 % 36, 1 + number % 12, 1 + number * 5 % 27),
                gender="woman" if number % 9 else "man",
                language=self._client.language,
                needs_interpreter=self._client.language not in ("english", "welsh"),
            ),
            perpetrator=PersonDetails(
                "perpetrator", him.given, him.family, born_on=date(1964 + number * 5 % 38, 1 + number % 12, 11)
            ),
            relationship=RelationshipDetails(
                kind=self._pick(("spouse", "partner", "partner_apart", "co_parent")),
                status=self._pick(("separated", "separating", "together", "on_and_off")),
                separated_on=day - timedelta(days=20) if number % 3 else None,
            ),
            children=(PersonDetails("child", child.given, child.family, born_on=date(2016 + number % 8, 5, 14)),)
            if number % 2
            else (),
            contacts=self._contacts(town.name, town.postcode),
            alerts=self._alerts(),
            consents=(
                ConsentDetails("service", "given", day, "phone"),
                ConsentDetails("share_court", "given" if number % 4 else "refused", day, "phone"),
                ConsentDetails("share_police", "given", day, "phone"),
            ),
            access_needs=(NeedDetails("interpreter", "For every call and meeting"),)
            if self._client.language not in ("english", "welsh")
            else ((NeedDetails("childcare", "Court days"),) if number % 5 == 0 else ()),
            allocated_to=self._plot.allocated_to,
            is_restricted=number == 17,
        )

    def _contacts(self, town: str, postcode: str) -> tuple[ContactDetails, ...]:
        number = self._plot.number
        mobile = ContactDetails(
            "mobile",
            f"07700 900{number:03d}",
            is_safe="unknown" if number % 11 == 3 else "yes",
            may_text="yes" if number % 3 == 0 else "no",
            may_leave_voicemail="no",
            safe_from="09:00" if number % 2 else "",
            safe_until="15:00" if number % 2 else "",
            safe_days=("mon", "tue", "wed", "thu", "fri") if number % 2 else (),
            code_word="library book" if number % 4 == 1 else "",
            who_may_answer="Her sister" if number % 6 == 0 else "",
            fact_source="client",
            fact_state="confirmed",
        )
        home = ContactDetails(
            "post",
            f"{1 + number} Example Street, {town}, {postcode}",
            is_safe="no",
            note="He has keys." if number % 3 == 0 else "",
            fact_source="police",
            fact_state="heard",
        )
        return (mobile, home) if number % 7 else (mobile,)

    def _alerts(self) -> tuple[AlertDetails, ...]:
        number = self._plot.number
        found = []
        if number % 5 == 0:
            found.append(AlertDetails("strangulation", "Told at referral", fact_source="police", fact_state="heard"))
        if number % 7 == 2:
            found.append(
                AlertDetails("weapons", "Said to keep a bat in the car", fact_source="client", fact_state="heard")
            )
        if number % 13 == 5:
            found.append(AlertDetails("tracked_device", "Phone may be shared or watched", fact_source="client"))
        return tuple(found)

    def _contact(self, file_id: FileId) -> None:
        ago = self._plot.received_days_ago
        moment = self._at(ago, 11, 20)
        record_attempt(self._work, file_id, AttemptDetails(moment, "phone", "no_answer"))
        moment = self._at(ago - (1 if ago else 0), 10, 5)
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

    def _assess(self, file_id: FileId) -> dict[str, Any]:
        values = self._answers()
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
        ago = max(self._plot.received_days_ago - 2, 0)
        self._at(ago, 14, 30)
        done = finalise(self._work, file_id, None, "dash", values)
        if self._plot.number % 10 == 3 and ago > 30 and done.record_id is not None:
            self._at(ago - 28, 15)
            later = {**values, "more_often": {"answer": "yes", "detail": {}, "source": "client"}}
            finalise(self._work, file_id, None, "dash", later)
        return values

    def _begin_assessment(self, file_id: FileId) -> None:
        values = dict(list(self._answers().items())[:9])
        self._at(max(self._plot.received_days_ago - 1, 0), 16)
        keep_progress(self._work, file_id, None, "dash", values)

    def _plan(self, file_id: FileId, answers: dict[str, Any]) -> None:
        ago = max(self._plot.received_days_ago - 2, 0)
        self._at(ago, 15, 10)
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
                due_on(one.suggestion, self._day(ago)),
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
        self._review_plan(file_id, ago)

    def _review_plan(self, file_id: FileId, made_days_ago: int) -> None:
        """An older plan was gone through again since, in time for nearly all: a few reviews are late by some days."""
        number, every = self._plot.number, self._work.packs.plan_suggestions().review_days
        is_late = number % LATE_PLAN_EVERY == LATE_PLAN_EVERY - 1
        ago = every + 1 + number % 5 if is_late else 2 + number * 7 % (every - 2)
        if made_days_ago > max(every, ago):
            self._at(ago, 15, 30)
            start_plan(self._work, file_id)

    def _case(self, file_id: FileId) -> None:
        number, ago = self._plot.number, self._plot.received_days_ago
        officer = self._pick(self._cast.officer)
        forces = self._work.packs.forces()
        self._at(ago, 12)
        found = self._work.packs.search_offences(OFFENCES[number % len(OFFENCES)], 1)
        charged = self._plot.hearing_in_days is not None
        offences = tuple(
            OffenceDetails(one.key, one.label, is_charged=charged, charged_on=self._day(ago) if charged else None)
            for one in found
        )
        case = CaseDetails(
            relationship_id=RecordId(self._work.read(relationships, file_id)[0].relationship_id),
            force=forces[number % len(forces)].key,
            crime_ref=f"EX{100200 + number * 7}/26",
            urn=f"01EX{number:07d}26" if charged else "",
            officer_name=officer.name,
            officer_contact=officer.contact,
            reported_on=self._day(ago + 1),
            offence_on=self._day(ago + 1),
            stage="reported",
        )
        case_id = open_case(self._work, file_id, case, offences).record_id
        if case_id is None:
            raise AssertionError("an opened case has an id")
        self._at(max(ago - 1, 0), 9)
        stage = StageDetails(
            "bail_or_rui", self._day(ago), "Interviewed and bailed", fact_source="police", fact_state="confirmed"
        )
        record_stage(self._work, case_id, stage)
        if self._plot.bailed:
            self._bail(file_id, case_id, charged)
        if charged:
            self._at(max(ago - 2, 0), 9)
            record_stage(
                self._work,
                case_id,
                StageDetails("charged", self._day(ago - 1), fact_source="cps", fact_state="confirmed"),
            )
            self._hearings(file_id, case_id)

    def _bail(self, file_id: FileId, case_id: RecordId, charged: bool) -> None:
        ago = self._plot.received_days_ago
        arrested = self._day(ago)
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
        bail_id = record_bail(self._work, file_id, case_id, details, conditions).record_id
        if self._plot.breached and bail_id is not None:
            when = self._at(max(ago // 2, 1), 20, 15)
            self._at(max(ago // 2 - 1, 0), 9, 30)
            record_breach(
                self._work,
                bail_id,
                BreachDetails(when, "Two messages from a number that she knows to be his", evidence="Pictures of both"),
            )

    def _hearings(self, file_id: FileId, case_id: RecordId) -> None:
        days = self._plot.hearing_in_days
        if days is None:
            return
        courts = [court for court in self._work.packs.courts() if court.kind in ("magistrates", "crown")]
        court = courts[self._plot.number * 13 % len(courts)]
        listing = HearingDetails(
            hearing_on=self._today + timedelta(days=days),
            listed_time=self._plot.hearing_time,
            court_code=court.key,
            court_name=court.name,
            courtroom=f"Court {1 + self._plot.number % 6}",
            kind=self._pick(("first", "ptph", "trial", "sentence", "mention")),
            attends=("idva", "client") if self._plot.number % 2 else ("idva",),
            measures={"SM_SCREEN": "granted", "SM_ENTRANCE": "requested"} if self._plot.number % 3 else {},
            fact_source="witness_care",
            fact_state="confirmed" if self._plot.number % 4 else "heard",
        )
        if not self._plot.adjourned_before:
            self._at(max(3, -days + 7), 13)
            list_hearing(self._work, file_id, case_id, listing)
            return
        self._at(40, 13)
        first = HearingDetails(self._day(21), "10:00", court.key, court.name, "Court 2", "first", ("idva",))
        first_id = list_hearing(self._work, file_id, case_id, first).record_id
        if first_id is not None:
            self._at(21, 15, 30)
            said = Outcome("adjourned", "The court ran out of time.", self._day(21), listing)
            record_outcome(self._work, first_id, said)

    def _notes(self, file_id: FileId) -> None:
        number, ago = self._plot.number, self._plot.received_days_ago
        if not self._plot.contacted:
            return
        turns = 1 + min(ago // 9, 9)
        last = 30 + number % 4 if number % SILENT_EVERY == SILENT_EVERY - 1 else 1 + number % 6
        between = max(ago - last, 0) / turns
        for turn in range(1, turns + 1):
            days = ago - round(turn * between) if turn > 1 else max(ago - 1, 0)
            moment = self._at(days, 9 + turn % 8, 10 * (turn % 6))
            text = self._cast.note[(self._plot.number + turn) % len(self._cast.note)]
            details = NoteDetails(
                moment,
                self._pick(("phone", "in_person", "professional", "court")),
                text,
                duration_min=self._pick((10, 15, 25, 40)),
                setting=SETTINGS.get(SOURCES[self._plot.number % len(SOURCES)], "community"),
                spoke_with_client=True,
            )
            note_id = write_note(self._work, file_id, details).record_id
            if turn == 2 and self._plot.number % 6 == 0 and note_id is not None:
                corrected = NoteDetails(
                    moment, details.method, text + " The appointment is on Tuesday, not Monday.", 25
                )
                amend_note(self._work, note_id, corrected, "Wrong day")
