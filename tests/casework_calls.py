"""Every casework function that touches the store, each called at least once on one file that has everything.

A test holds this table complete, so that what is proved of all of casework (nothing lost, nothing leaked, all of it
audited) is proved of a function from the day that it is written. What people type is planted text (tests/planted.py).
"""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from advocate_desk import casework
from advocate_desk.casework import (
    access,
    allocation,
    backups,
    bail,
    caseload_summary,
    cases,
    conflict_check,
    conflicts,
    contacts,
    drafts,
    files,
    hearings,
    import_matches,
    imports,
    intake,
    key_file,
    letters,
    membership,
    notes,
    overwriting,
    people,
    plans,
    risk,
    settings,
    tasks,
)
from advocate_desk.casework import work as casework_work
from advocate_desk.casework.import_matches import Choice
from advocate_desk.casework.import_rows import RowToImport
from advocate_desk.casework.work import Done, Work
from advocate_desk.clock import FixedClock
from advocate_desk.domain.caseload import Roster
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.tables.base import metadata
from advocate_desk.store.tables.cases import condition
from advocate_desk.store.tables.exchange import conflict
from advocate_desk.store.tables.people import person, relationship
from advocate_desk.store.tables.risk import safety_action
from tests import planted
from tests.builders import NOON, PACKS, a_work

A_COLLEAGUES_NEED = dict.fromkeys(metadata.tables["access_need"].columns.keys()) | {
    "detail": planted.TASK,
    "changed_at": f"{NOON:%Y-%m-%dT%H:%M}:00.000000Z",
}
TODAY = NOON.date()
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)

PERSON = people.PersonDetails(
    "other",
    planted.CLIENT_GIVEN,
    planted.FOREIGN,
    planted.KNOWN_AS,
    date(1990, 3, 4),
    language="pol",
    occupation=planted.PLACE,
    whereabouts=planted.ADDRESS,
    immigration_note=planted.NOTE,
    note=planted.STORY,
)
CONTACT = people.ContactDetails(
    "mobile",
    planted.MOBILE,
    is_safe="yes",
    may_text="yes",
    code_word=planted.CODE_WORD,
    who_may_answer=planted.KNOWN_AS,
    note=planted.NOTE,
)
RELATION = people.RelationshipDetails("partner", "ex", child_contact=planted.STORY)
REFERRAL = intake.ReferralDetails(
    "police",
    NOON - timedelta(hours=3),
    planted.OFFICER,
    planted.LANDLINE,
    planted.CRIME_REF,
    YESTERDAY,
    planted.STORY,
    "high",
    planted.CRIME_REF,
    setting="hospital",
    site=planted.PLACE,
)
CONSENT = intake.ConsentDetails("share_court", "given", YESTERDAY, note=planted.NOTE)
ALERT = intake.AlertDetails("weapons", planted.STORY)
NEED = intake.NeedDetails("interpreter", planted.NOTE)
INTAKE = intake.Intake(
    referral=REFERRAL,
    client=replace(PERSON, role="client", family_name=planted.CLIENT_FAMILY),
    perpetrator=people.PersonDetails("perpetrator", planted.PERPETRATOR_GIVEN, planted.PERPETRATOR_FAMILY),
    relationship=RELATION,
    children=(people.PersonDetails("child", planted.CHILD, planted.CLIENT_FAMILY),),
    others=(people.PersonDetails("other", planted.KNOWN_AS),),
    contacts=(
        CONTACT,
        people.ContactDetails("email", planted.EMAIL),
        people.ContactDetails("post", f"{planted.ADDRESS}\n{planted.POSTCODE}", is_safe="no"),
    ),
    alerts=(ALERT,),
    consents=(CONSENT,),
    access_needs=(NEED,),
    conflict_note=planted.REASON,
)
TASK = tasks.TaskDetails(planted.TASK, TOMORROW, reason=planted.REASON)
NOTE = notes.NoteDetails(NOON - timedelta(hours=1), "phone", planted.NOTE, 20, with_whom=planted.OFFICER)
ACTION = plans.ActionDetails("safe_now", planted.STORY, planted.KNOWN_AS, TOMORROW, reason=planted.REASON)
CASE = cases.CaseDetails(
    force="west_yorkshire",
    crime_ref=planted.CRIME_REF,
    officer_name=planted.OFFICER,
    officer_contact=planted.LANDLINE,
    reported_on=YESTERDAY,
    note=planted.STORY,
)
OFFENCES = (cases.OffenceDetails("CJ88116", "Common assault"), cases.OffenceDetails("", planted.STORY))
PLEADED = cases.OffenceDetails("CJ88116", "Common assault", is_charged=True, plea="not_guilty", plea_on=YESTERDAY)
HEARING = hearings.HearingDetails(
    TODAY + timedelta(days=9),
    "10:00",
    court_name=planted.PLACE,
    courtroom="2",
    kind="trial",
    attends=("client",),
    client_wishes=planted.NOTE,
    measures={"screen": "asked"},
)
BAIL = bail.BailDetails("bail_precharge", YESTERDAY, YESTERDAY, TODAY + timedelta(days=20), note=planted.NOTE)
COUNTED = replace(BAIL, expires_on=None, period="abp6")
CONDITION = bail.ConditionDetails("EXCL_AREA", planted.ADDRESS)
BREACH = bail.BreachDetails(
    NOON - timedelta(hours=2), planted.STORY, evidence=planted.NOTE, police_ref=planted.CRIME_REF
)
LETTER = letters.LetterMade(
    "l_court",
    "1",
    planted.CLIENT_FAMILY,
    "court",
    planted.ADDRESSEE,
    {"effect_words": planted.STORY},
    ("client_name",),
    b"%PDF-1.7 " + planted.NOTE.encode(),
    "consent",
    planted.REASON,
    YESTERDAY,
)
ANSWERS = {
    item.key: {"answer": "yes", "detail": {"text": planted.STORY}, "source": "client"}
    for item in PACKS.instrument("dash").item
}
FINAL = {**ANSWERS, "professional_grading": "high", "grading_reason": planted.REASON, "judgement": planted.NOTE}
ATTEMPT = contacts.AttemptDetails(NOON - timedelta(minutes=5), "phone", "no_answer", None, planted.NOTE)
SHEET = {"names": [planted.SHEET_NAME], "rows": [[planted.CLIENT_FAMILY, planted.FOREIGN]]}


def a_row(number: int, **values: str | date) -> RowToImport:
    """A row of a referral list, as the import reads it."""
    plain: dict[str, str | date] = {
        "client_given": planted.SHEET_NAME,
        "client_family": f"{planted.CLIENT_FAMILY}{number}",
        "client_phone": planted.LANDLINE,
        "client_address": planted.ADDRESS,
        "perpetrator_given": planted.PERPETRATOR_GIVEN,
        "perpetrator_family": planted.FOREIGN,
        "source": "police",
        "received_on": YESTERDAY,
        "risk_at_referral": "high",
        "incident_summary": planted.STORY,
        "crime_ref": planted.CRIME_REF,
    }
    return RowToImport(number, plain | values, (("Remarks", planted.NOTE),))


def a_draft(key: str) -> drafts.Draft:
    """A form that somebody was typing in."""
    return drafts.Draft(key, "note", None, {"place": planted.PLACE}, {"text": planted.NOTE}, True, 0, NOON)


NO_BATCH = UUID(int=0)


@dataclass
class Standing:
    """The ids of a file that has everything, as its records stand before a call."""

    file_id: FileId
    ids: dict[str, RecordId] = field(default_factory=dict)
    batch_id: UUID = NO_BATCH
    decided: conflicts.Decided = field(default_factory=conflicts.Decided)

    def __getattr__(self, name: str) -> RecordId:
        return self.__dict__["ids"][name]  # type: ignore[no-any-return]

    def keep(self, name: str, done: Done) -> RecordId:
        """Remember under `name` the record that was made."""
        assert done.record_id is not None
        self.ids[name] = done.record_id
        return done.record_id


def a_standing_file(work: Work) -> Standing:
    """A file with at least one record of every kind, and an import that nobody has worked on since."""
    clock = FixedClock(NOON - timedelta(hours=2))
    work = replace(work, clock=clock)
    file_id = intake.open_file(work, INTAKE).file_id
    assert file_id is not None
    made = Standing(file_id)
    made.keep("child", people.save_person(work, file_id, None, replace(PERSON, role="child")))
    made.keep("gone_child", people.save_person(work, file_id, None, replace(PERSON, role="child")))
    people.remove_person(work, made.gone_child)
    offender = replace(PERSON, role="perpetrator", given_name=planted.PERPETRATOR_GIVEN)
    made.keep("perpetrator", people.save_perpetrator(work, file_id, None, offender, RELATION))
    made.ids |= work.read(_ids_of_intake, file_id)
    made.keep("contact", people.save_contact(work, file_id, made.client, None, CONTACT))
    made.keep("gone_contact", people.save_contact(work, file_id, made.client, None, CONTACT))
    people.remove_contact(work, made.gone_contact)
    made.keep("alert", files.save_alert(work, file_id, None, ALERT))
    made.keep("gone_alert", files.save_alert(work, file_id, None, ALERT))
    files.remove_record(work, "alert", made.gone_alert)
    made.keep("consent", files.save_consent(work, file_id, None, CONSENT))
    made.keep("need", files.save_need(work, file_id, None, NEED))
    made.keep("note", notes.write_note(work, file_id, replace(NOTE, happened_at=clock.now())))
    made.keep("task", tasks.add_task(work, file_id, TASK))
    made.keep("done_task", tasks.add_task(work, file_id, TASK))
    tasks.complete_task(work, made.done_task, planted.NOTE)
    contacts.record_attempt(work, file_id, replace(ATTEMPT, attempted_at=clock.now()))
    _add_risk_and_plan(work, made)
    _add_case(work, made)
    made.keep("letter", letters.save_letter(work, file_id, LETTER))
    _add_conflicts(work, made)
    settings.put(work, "letterhead", {"name": planted.PLACE})
    drafts.keep(work, a_draft("kept"))
    clock.advance(timedelta(minutes=30))
    made.batch_id = imports.import_rows(work, [a_row(2), a_row(3)], {}, "a header", {"columns": {}}).batch_id
    imports.keep_in_hand(work, SHEET, {"2": planted.SHEET_NAME})
    return made


def _ids_of_intake(conn: Any, file_id: FileId) -> dict[str, RecordId]:
    client = person.select().where(person.c.file_id == file_id, person.c.role == "client")
    link = relationship.select().where(relationship.c.file_id == file_id)
    return {"client": conn.execute(client).first().id, "relationship": conn.execute(link).first().id}


def _add_risk_and_plan(work: Work, made: Standing) -> None:
    made.keep("final", risk.finalise(work, made.file_id, None, "dash", FINAL, completed_on=YESTERDAY))
    made.keep("assessment", risk.keep_progress(work, made.file_id, None, "dash", ANSWERS))
    made.keep("plan", plans.start_plan(work, made.file_id, kept_where=planted.PLACE, note=planted.NOTE))
    plans.add_actions(work, made.plan, (ACTION, ACTION, ACTION))
    rows = work.read(lambda conn: conn.execute(safety_action.select().order_by(safety_action.c.position)).all())
    made.ids |= {"action": rows[0].id, "gone_action": rows[1].id}
    plans.remove_action(work, made.gone_action)


def _add_case(work: Work, made: Standing) -> None:
    made.keep("case", cases.open_case(work, made.file_id, CASE, OFFENCES))
    made.keep("hearing", hearings.list_hearing(work, made.file_id, made.case, HEARING))
    held = replace(HEARING, hearing_on=YESTERDAY)
    made.keep("held", hearings.list_hearing(work, made.file_id, made.case, held))
    made.keep("heard", hearings.list_hearing(work, made.file_id, made.case, held))
    hearings.record_outcome(work, made.heard, hearings.Outcome("adjourned", planted.STORY, None, NEXT))
    made.keep("bail", bail.record_bail(work, made.file_id, made.case, BAIL, (CONDITION, CONDITION)))
    made.ids["condition"] = work.read(lambda conn: conn.execute(condition.select()).first()).id  # type: ignore[union-attr]
    early = replace(BREACH, occurred_at=NOON - timedelta(hours=4))
    bail.record_breach(work, made.bail, replace(early, condition_id=made.condition))


def _add_conflicts(work: Work, made: Standing) -> None:
    """One conflict that is open, and one that was decided."""
    for name, about in (("conflict", made.alert), ("decided_conflict", made.need)):
        kind, column = ("alert", "text") if name == "conflict" else ("access_need", "detail")
        row = {
            "kind": kind,
            "about_id": about,
            "before": {column: ""},
            "ours": {column: planted.STORY},
            "theirs": {column: planted.NOTE},
            "found_at": work.clock.now(),
            "is_critical": True,
        }
        with work.activity("an exchange", made.file_id) as act:
            made.ids[name] = act.insert(conflict, made.file_id, row)
    made.decided = conflicts.decide(work, [made.decided_conflict], {"detail": planted.STORY})


class Kind(Enum):
    """What a call may do to the store."""

    ACT = "writes records or reads what must be on record, and leaves an entry in the audit chain"
    OWN = "writes only what is no record yet: drafts, a list that is being prepared"
    LOOK = "writes nothing"


Given = Callable[[Standing], tuple[Any, ...]]
Named = Callable[[Standing], Mapping[str, Any]]


@dataclass(frozen=True)
class Call:
    """One call of a casework function. `is_of_file`: its audit entry belongs to the standing file."""

    function: Callable[..., Any]
    given: Given
    case: str = ""
    named: Named = lambda s: {}
    kind: Kind = Kind.ACT
    is_of_file: bool = True

    @property
    def name(self) -> str:
        """The function, as "people.save_person"."""
        return name_of(self.function)

    def __str__(self) -> str:
        return f"{self.name}-{self.case}" if self.case else self.name

    def run(self, work: Work, standing: Standing) -> Any:
        """Make the call."""
        return self.function(work, *self.given(standing), **self.named(standing))


def name_of(function: Callable[..., Any]) -> str:
    """A function as "module.name"."""
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def functions_of_casework() -> set[str]:
    """Every public function of casework that takes the open store first."""
    found = set()
    for module_info in pkgutil.iter_modules(casework.__path__):
        module = importlib.import_module(f"advocate_desk.casework.{module_info.name}")
        for function in vars(module).values():
            own = inspect.isfunction(function) and function.__module__ == module.__name__
            if own and not function.__name__.startswith("_"):
                first = next(iter(inspect.signature(function, eval_str=True).parameters.values()), None)
                if first is not None and first.annotation is Work:
                    found.add(name_of(function))
    return found


def _own(function: Callable[..., Any], given: Given, case: str = "") -> Call:
    return Call(function, given, case, kind=Kind.OWN, is_of_file=False)


def _look(function: Callable[..., Any], given: Given) -> Call:
    return Call(function, given, kind=Kind.LOOK, is_of_file=False)


def _apart(function: Callable[..., Any], given: Given, case: str = "") -> Call:
    """An act that is of no file, or of another one."""
    return Call(function, given, case, is_of_file=False)


def _entered(function: Callable[..., AbstractContextManager[None]]) -> Callable[..., None]:
    """A function that gives a context, entered and left."""

    @functools.wraps(function)
    def enter(*given: Any) -> None:
        with function(*given):
            pass

    return enter


def _replacing_a_newer(save_need: Callable[..., Done]) -> Callable[..., Done]:
    """Saving a need that a colleague has changed meanwhile: what she wrote is kept in the same act."""

    @functools.wraps(save_need)
    def save(work: Work, *given: Any) -> Done:
        def keep(act: casework_work.Activity) -> None:
            overwriting.keep_replaced(act, "access_need", given[1], {}, A_COLLEAGUES_NEED, overwriting.Sides())

        with casework_work.beside_act(lambda: None, keep):
            done = save_need(work, *given)
        return replace(done, kinds=done.kinds | {"conflict"})

    return save


NEXT = replace(HEARING, hearing_on=TODAY + timedelta(days=30))
KEY_FILE = SimpleNamespace(revision=2, seal=b"a seal")
CALLS: tuple[Call, ...] = (
    _apart(intake.open_file, lambda s: (INTAKE,)),
    _look(access.history, lambda s: (s.file_id,)),
    _apart(access.verify_chain, lambda s: ()),
    Call(access.record_read, lambda s: (s.file_id,)),
    Call(access.record_print, lambda s: (s.file_id, "plan", "print")),
    _look(caseload_summary.rules, lambda s: ()),
    _look(caseload_summary.own_rules_kept, lambda s: ()),
    _look(caseload_summary.summary, lambda s: (Roster(),)),
    _look(caseload_summary.behind, lambda s: ("files", None, Roster())),
    _apart(caseload_summary.look_behind, lambda s: ("files", None, Roster())),
    _apart(caseload_summary.record_paper, lambda s: ("initials", "exported")),
    _apart(caseload_summary.save_rules, lambda s: (replace(PACKS.caseload_rules(), capacity=20.0),)),
    _apart(caseload_summary.forget_rules, lambda s: ()),
    _apart(caseload_summary.take_rules, lambda s: ({"capacity": 20.0}, "0" * 32 + ":7")),
    _look(backups.highest_restored, lambda s: ()),
    _apart(backups.record_restored, lambda s: (3, NOON)),
    _apart(backups.record_put_away, lambda s: (3,)),
    Call(bail.record_bail, lambda s: (s.file_id, s.case, BAIL, (CONDITION,))),
    Call(
        bail.change_bail,
        lambda s: (s.bail, replace(BAIL, note=planted.STORY), ((s.condition, CONDITION), (None, CONDITION))),
    ),
    Call(bail.change_bail, lambda s: (s.bail, COUNTED, ((s.condition, CONDITION),)), "counted"),
    Call(bail.end_bail, lambda s: (s.bail, TODAY, "charged")),
    Call(bail.record_breach, lambda s: (s.bail, BREACH)),
    Call(cases.open_case, lambda s: (s.file_id, CASE, OFFENCES)),
    Call(cases.change_case, lambda s: (s.case, replace(CASE, note=planted.NOTE), OFFENCES[1:])),
    Call(cases.change_case, lambda s: (s.case, CASE, (PLEADED, OFFENCES[1])), "pleaded"),
    Call(cases.record_stage, lambda s: (s.case, cases.StageDetails("charged", TODAY, planted.STORY))),
    Call(
        cases.record_stage,
        lambda s: (s.case, cases.StageDetails("closed_no_charge", TODAY, planted.STORY, TODAY)),
        "closed",
    ),
    _look(
        conflict_check.find_conflicts,
        lambda s: ([conflict_check.NameTyped("client", planted.CLIENT_GIVEN, planted.CLIENT_FAMILY)],),
    ),
    _look(conflicts.count_open, lambda s: ()),
    Call(conflicts.decide, lambda s: ([s.conflict], {"text": planted.REASON})),
    Call(conflicts.take_back, lambda s: (s.decided,)),
    Call(conflicts.record_shown, lambda s: (s.file_id, "alert", s.alert, planted.REASON)),
    Call(contacts.record_attempt, lambda s: (s.file_id, replace(ATTEMPT, contact_method_id=s.contact))),
    Call(contacts.record_attempt, lambda s: (s.file_id, replace(ATTEMPT, outcome="spoke")), "spoke"),
    Call(contacts.record_reveal, lambda s: (s.file_id, contacts.Reveal(s.contact, "phone", "shown", planted.REASON))),
    Call(contacts.record_opened, lambda s: (s.file_id, s.contact)),
    Call(contacts.record_place, lambda s: (s.file_id, s.client, "shown", planted.REASON)),
    Call(contacts.record_paper, lambda s: (s.file_id, "card", planted.REASON)),
    _own(drafts.keep, lambda s: (a_draft("new"),)),
    _own(drafts.keep, lambda s: (replace(a_draft("kept"), payload={"text": planted.STORY}),), "again"),
    _own(drafts.keep_all, lambda s: ((a_draft("one"), a_draft("two")),)),
    _own(drafts.drop, lambda s: ("kept",)),
    _look(drafts.all_drafts, lambda s: ()),
    Call(files.save_consent, lambda s: (s.file_id, None, CONSENT), "new"),
    Call(files.save_consent, lambda s: (s.file_id, s.consent, replace(CONSENT, withdrawn_on=TODAY)), "changed"),
    Call(files.save_alert, lambda s: (s.file_id, None, ALERT), "new"),
    Call(files.save_alert, lambda s: (s.file_id, s.alert, replace(ALERT, ended_on=TODAY)), "changed"),
    Call(files.save_need, lambda s: (s.file_id, None, NEED), "new"),
    Call(files.save_need, lambda s: (s.file_id, s.need, replace(NEED, detail=planted.STORY)), "changed"),
    Call(
        _replacing_a_newer(files.save_need),
        lambda s: (s.file_id, s.need, replace(NEED, detail=planted.STORY)),
        "replacing a newer",
    ),
    Call(files.record_referral, lambda s: (s.file_id, REFERRAL)),
    Call(allocation.allocate, lambda s: (s.file_id, allocation.Advocate("Kit Colleague"), planted.REASON)),
    Call(allocation.allocate_many, lambda s: ((s.file_id,), allocation.Advocate("Kit Colleague"), planted.REASON)),
    Call(files.set_status, lambda s: (s.file_id, "monitoring")),
    Call(files.close_file, lambda s: (s.file_id, "moved_area", TODAY, planted.REASON)),
    Call(files.remove_record, lambda s: ("alert", s.alert)),
    Call(files.restore_record, lambda s: ("alert", s.gone_alert)),
    Call(membership.adopt_files, lambda _s: (UUID(int=5),)),
    Call(files.set_restricted, lambda s: (s.file_id, True, planted.REASON, (UUID(int=7),))),
    Call(hearings.list_hearing, lambda s: (s.file_id, s.case, HEARING)),
    Call(hearings.change_hearing, lambda s: (s.hearing, NEXT)),
    Call(hearings.record_outcome, lambda s: (s.held, hearings.Outcome("adjourned", planted.STORY, None, NEXT))),
    Call(hearings.record_outcome, lambda s: (s.held, hearings.Outcome("concluded", planted.NOTE, TODAY)), "told"),
    Call(
        hearings.record_outcome,
        lambda s: (s.heard, hearings.Outcome("vacated", planted.NOTE, None, replace(NEXT, courtroom="5"))),
        "corrected",
    ),
    _look(import_matches.find_matches, lambda s: ([a_row(2), a_row(9)],)),
    _apart(
        imports.import_rows,
        lambda s: (
            [a_row(2), a_row(3), a_row(4)],
            {4: imports.Decision(Choice.SKIP)},
            "h",
            {"columns": {planted.SHEET_NAME: ""}},
        ),
    ),
    _apart(
        imports.import_rows,
        lambda s: (
            [a_row(2), a_row(3)],
            {2: imports.Decision(Choice.MERGE, s.file_id), 3: imports.Decision(Choice.NEW, None, None, planted.REASON)},
        ),
        "merged",
    ),
    _apart(imports.undo_import, lambda s: (s.batch_id,)),
    _own(imports.keep_in_hand, lambda s: (SHEET, {"3": planted.SHEET_NAME})),
    _own(imports.drop_in_hand, lambda s: ()),
    _apart(imports.note_failed_rows_saved, lambda s: (s.batch_id, 3)),
    _apart(key_file.note_key_file, lambda s: (KEY_FILE,)),
    Call(letters.save_letter, lambda s: (s.file_id, replace(LETTER, case_id=s.case, hearing_id=s.hearing))),
    Call(letters.letter_pdf, lambda s: (s.letter,)),
    _look(letters.missing_consent, lambda s: (s.letter,)),
    Call(letters.record_leaving, lambda s: (s.letter, "export", letters.Ground("court_order", planted.REASON))),
    Call(letters.record_not_left, lambda s: (s.letter, "export")),
    Call(notes.write_note, lambda s: (s.file_id, NOTE)),
    Call(notes.amend_note, lambda s: (s.note, replace(NOTE, text=planted.STORY), planted.REASON)),
    Call(people.save_person, lambda s: (s.file_id, None, PERSON), "new"),
    Call(people.save_person, lambda s: (s.file_id, s.client, replace(PERSON, role="client")), "changed"),
    Call(
        people.save_perpetrator,
        lambda s: (s.file_id, s.perpetrator, replace(PERSON, role="perpetrator"), replace(RELATION, kind="spouse")),
        "changed",
    ),
    Call(people.save_perpetrator, lambda s: (s.file_id, None, replace(PERSON, role="perpetrator"), RELATION), "new"),
    Call(people.read_immigration_note, lambda s: (s.client,)),
    Call(people.save_immigration_note, lambda s: (s.client, planted.STORY)),
    Call(people.save_contact, lambda s: (s.file_id, s.client, None, CONTACT), "new"),
    Call(
        people.save_contact,
        lambda s: (s.file_id, s.client, s.contact, replace(CONTACT, value=planted.LANDLINE)),
        "changed",
    ),
    Call(people.save_relationship, lambda s: (s.relationship, replace(RELATION, kind="spouse"))),
    Call(people.remove_contact, lambda s: (s.contact,)),
    Call(people.restore_contact, lambda s: (s.gone_contact,)),
    Call(people.remove_person, lambda s: (s.child,)),
    Call(people.restore_person, lambda s: (s.gone_child,)),
    Call(plans.start_plan, lambda s: (s.file_id, TODAY + timedelta(days=28)), named=lambda s: {"note": planted.STORY}),
    Call(plans.start_plan_with, lambda s: (s.file_id, (ACTION,))),
    Call(plans.change_plan, lambda s: (s.plan, TODAY + timedelta(days=14), planted.ADDRESS, planted.REASON)),
    Call(plans.add_actions, lambda s: (s.plan, (ACTION, ACTION))),
    Call(plans.change_action, lambda s: (s.action, replace(ACTION, text=planted.NOTE))),
    Call(plans.set_action_status, lambda s: (s.action, "done")),
    Call(plans.remove_action, lambda s: (s.action,)),
    Call(plans.restore_action, lambda s: (s.gone_action,)),
    Call(risk.keep_progress, lambda s: (s.file_id, None, "dash", ANSWERS), "new"),
    Call(
        risk.keep_progress,
        lambda s: (s.file_id, s.assessment, "dash", {**ANSWERS, "priorities": planted.NOTE}),
        "resumed",
    ),
    Call(risk.finalise, lambda s: (s.file_id, s.assessment, "dash", FINAL)),
    Call(
        risk.finalise,
        lambda s: (s.file_id, None, "dash", FINAL),
        "amended",
        lambda s: {"supersedes": s.final, "amendment_reason": planted.REASON},
    ),
    _look(settings.get, lambda s: ("letterhead",)),
    _apart(settings.put, lambda s: ("letterhead", {"name": planted.PLACE, "lines": [planted.ADDRESS]})),
    _own(_entered(casework_work.out_of_draft), lambda s: ("kept",)),
    Call(tasks.add_task, lambda s: (s.file_id, TASK)),
    Call(tasks.change_task, lambda s: (s.task, replace(TASK, title=planted.NOTE))),
    Call(tasks.complete_task, lambda s: (s.task, planted.NOTE)),
    Call(tasks.reopen_task, lambda s: (s.done_task,)),
)
WRITING = tuple(call for call in CALLS if call.kind is not Kind.LOOK)
ACTS = tuple(call for call in CALLS if call.kind is Kind.ACT)


def make_standing_store(folder: Path) -> Standing:
    """A new store in `folder` that holds the standing file, closed again."""
    work = a_work(folder)
    standing = a_standing_file(work)
    work.engine.dispose()
    return standing
