"""Two desks change one thing apart: both values are kept, one person decides, both desks end the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from advocate_desk.casework import bail, cases, conflicts, files, hearings, imports, people, risk, tasks
from advocate_desk.casework.import_rows import RowToImport
from advocate_desk.casework.intake import AlertDetails
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid, Refused
from advocate_desk.store.queries.conflicts import Conflict, conflicts_of, open_conflicts, settled_conflicts
from advocate_desk.sync.records import incoming
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import NOON, PACKS, a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents

DAY = date(2026, 12, 1)
HEARING = hearings.HearingDetails(DAY, "10:00", court_name="Leeds Crown Court", courtroom="4")


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    made.join("Ann", SUPERVISOR)
    made.join("Ben", SUPERVISOR)
    yield made
    made.close()


def waiting(desk: Desk, file_id: FileId | None = None) -> tuple[Conflict, ...]:
    return desk.work.read(open_conflicts, file_id)


def apart(team: Team, act: Callable[[Work, Any], object], ann_says: object, ben_says: object) -> Conflict:
    """Both desks have the same files; each says something; Ann's arrives first, Ben's desk finds the clash."""
    ann, ben = team.desks
    team.exchange_all(2)
    act(ann.work, ann_says)
    act(ben.work, ben_says)
    team.exchange_all(2)
    assert contents(ann) == contents(ben)
    (found,) = waiting(ann)
    return found


def an_alert(team: Team) -> tuple[FileId, RecordId]:
    work = team.desks[0].work
    file_id = a_file(work)
    done = files.save_alert(work, file_id, None, AlertDetails("weapons", "A knife"))
    assert done.record_id is not None
    return file_id, done.record_id


def an_alert_apart(team: Team) -> tuple[FileId, RecordId, Conflict]:
    file_id, alert_id = an_alert(team)

    def say(work: Work, text: Any) -> None:
        files.save_alert(work, file_id, alert_id, AlertDetails("weapons", text))

    return file_id, alert_id, apart(team, say, "A knife in the kitchen", "A gun")


def alert_text(desk: Desk) -> str:
    ((text,),) = desk.rows('SELECT "text" FROM alert')
    return str(text)


def test_both_values_are_kept_with_who_and_when(team: Team) -> None:
    ann, ben = team.desks
    file_id, alert_id, found = an_alert_apart(team)
    assert (found.kind, found.about_id, found.file_id) == ("alert", alert_id, file_id)
    assert found.is_critical
    assert found.decided_at is None
    assert found.before["text"] == "A knife"
    assert [(each.values["text"], each.by, each.at) for each in found.said] == [
        ("A knife in the kitchen", ann.person.hex(), NOON),
        ("A gun", ben.person.hex(), NOON),
    ]
    assert found.differing() == ("text",)
    assert waiting(ben, file_id) == (found,)
    assert conflicts.count_open(ben.work) == conflicts.count_open(ben.work, only_critical=True) == {file_id: 1}


@pytest.mark.parametrize(("side", "text", "word"), [(0, "A knife in the kitchen", "theirs"), (1, "A gun", "ours")])
def test_one_side_is_chosen_and_both_desks_have_it(team: Team, side: int, text: str, word: str) -> None:
    _, _, found = an_alert_apart(team)
    ann, ben = team.desks
    done = conflicts.decide(ann.work, found.ids, found.said[side].values)
    assert {"alert", "conflict"} <= done.kinds
    team.exchange_all(2)
    assert contents(ann) == contents(ben)
    assert alert_text(ben) == text
    assert waiting(ben) == ()
    assert conflicts.count_open(ben.work) == {}
    (kept,) = ben.work.read(settled_conflicts)
    assert (kept.decision, kept.decided_by) == (word, "Ann")
    assert "A gun" in {each.values["text"] for each in kept.said}
    assert [row[0] for row in ann.rows("SELECT kind FROM audit_event ORDER BY position DESC LIMIT 1")] == [
        "conflict_decided"
    ]


def test_a_combined_value_is_told_now_and_both_offered_values_join(team: Team) -> None:
    _, _, found = an_alert_apart(team)
    ben = team.desks[1]
    words = conflicts.joined(each.values["text"] for each in found.said)
    assert words == "A knife in the kitchen\nA gun"
    conflicts.decide(ben.work, found.ids, {**found.said[0].values, "text": words})
    team.exchange_all(2)
    assert alert_text(team.desks[0]) == words
    (kept,) = ben.work.read(settled_conflicts)
    assert kept.decision == "combined"
    assert conflicts.joined(["A gun", "A gun under the bed", ""]) == "A gun under the bed"


def test_what_stands_may_be_left_as_it_is(team: Team) -> None:
    _, _, found = an_alert_apart(team)
    conflicts.decide(team.desks[1].work, found.ids, None)
    team.exchange_all(2)
    assert [alert_text(each) for each in team.desks] == ["A knife in the kitchen"] * 2
    assert waiting(team.desks[0]) == ()


def test_a_decision_is_taken_back(team: Team) -> None:
    _, _, found = an_alert_apart(team)
    ann, ben = team.desks
    done = conflicts.decide(ann.work, found.ids, found.said[1].values)
    team.exchange_all(2)
    conflicts.take_back(ann.work, done)
    team.exchange_all(2)
    assert contents(ann) == contents(ben)
    assert [alert_text(each) for each in team.desks] == ["A knife in the kitchen"] * 2
    assert waiting(ben) == (found,)


def test_a_decision_is_not_taken_back_over_a_later_change(team: Team) -> None:
    file_id, alert_id, found = an_alert_apart(team)
    work = team.desks[0].work
    done = conflicts.decide(work, found.ids, found.said[1].values)
    files.save_alert(work, file_id, alert_id, AlertDetails("weapons", "None any more"))
    with pytest.raises(Refused):
        conflicts.take_back(work, done)
    assert waiting(team.desks[0]) == ()


def test_the_same_decision_on_two_desks_is_one(team: Team) -> None:
    _, _, found = an_alert_apart(team)
    for desk in team.desks:
        conflicts.decide(desk.work, found.ids, found.said[1].values)
    team.exchange_all(3)
    ann, ben = team.desks
    assert contents(ann) == contents(ben)
    assert waiting(ann) == ()
    assert ann.rows("SELECT count(*) FROM conflict") == [(1,)]


def test_two_different_decisions_are_none_and_it_is_asked_again(team: Team) -> None:
    _, _, found = an_alert_apart(team)
    ann, ben = team.desks
    conflicts.decide(ann.work, found.ids, found.said[0].values)
    conflicts.decide(ben.work, found.ids, found.said[1].values)
    team.exchange_all(3)
    assert contents(ann) == contents(ben)
    (again,) = waiting(ann)
    assert again.ids == found.ids
    assert alert_text(ann) == "A gun"


def test_two_typed_decisions_apart_are_both_kept(team: Team) -> None:
    _, _, found = an_alert_apart(team)
    for desk, words in zip(team.desks, ("A knife and a gun", "Two guns"), strict=True):
        conflicts.decide(desk.work, found.ids, {**found.said[0].values, "text": words})
    team.exchange_all(3)
    ann, ben = team.desks
    assert contents(ann) == contents(ben)
    said = {side.values["text"] for each in waiting(ann) for side in each.said}
    assert {"A knife and a gun", "Two guns"} <= said


def test_three_people_who_differ_are_asked_once(tmp_path: Path) -> None:
    team = Team(tmp_path)
    for name in ("Ann", "Ben", "Cas"):
        team.join(name, SUPERVISOR)
    file_id, alert_id = an_alert(team)
    team.exchange_all(2)
    for desk, words in zip(team.desks, ("A knife in bed", "A gun", "A bat"), strict=True):
        files.save_alert(desk.work, file_id, alert_id, AlertDetails("weapons", words))
    team.exchange_all(3)
    (found,) = waiting(team.desks[0])
    assert {each.values["text"] for each in found.said} == {"A knife in bed", "A gun", "A bat"}
    conflicts.decide(team.desks[2].work, found.ids, {**found.said[0].values, "text": "All three"})
    team.exchange_all(3)
    assert [waiting(each) for each in team.desks] == [(), (), ()]
    team.close()


def test_what_was_decided_meanwhile_is_not_decided_again_by_mistake(team: Team) -> None:
    _, _, found = an_alert_apart(team)
    work = team.desks[0].work
    conflicts.decide(work, found.ids, found.said[0].values)
    with pytest.raises(Refused, match="A colleague has decided"):
        conflicts.decide(work, found.ids, found.said[1].values)
    conflicts.decide(work, found.ids, found.said[1].values, again=True)
    assert alert_text(team.desks[0]) == "A gun"


def a_hearing_apart(team: Team, ann_on: date, ben_on: date) -> Conflict:
    work = team.desks[0].work
    file_id = a_file(work)
    case_id = cases.open_case(work, file_id, cases.CaseDetails(crime_ref="C1")).record_id
    assert case_id is not None
    hearing_id = hearings.list_hearing(work, file_id, case_id, HEARING).record_id
    assert hearing_id is not None

    def move(work: Work, on: Any) -> None:
        hearings.change_hearing(work, hearing_id, replace(HEARING, hearing_on=on))

    return apart(team, move, ann_on, ben_on)


def test_tasks_count_to_the_day_that_was_decided(team: Team) -> None:
    found = a_hearing_apart(team, date(2026, 12, 8), date(2026, 12, 10))
    assert found.fields[0] == "court_code"
    ann = team.desks[0]
    conflicts.decide(ann.work, found.ids, found.said[1].values)
    assert ann.rows("SELECT hearing_on FROM hearing") == [("2026-12-10",)]
    counted = "SELECT standard, count(*) FROM task WHERE completed_at IS NULL AND reason LIKE '%{}%' GROUP BY standard"
    open_tasks = ann.rows(counted.format("10 December"))
    assert open_tasks
    assert all(number == 1 for _, number in open_tasks)
    assert not {key for key, _ in ann.rows(counted.format("8 December"))} & {key for key, _ in open_tasks}


def test_a_typed_day_is_checked_as_the_form_does(team: Team) -> None:
    found = a_hearing_apart(team, date(2026, 12, 8), date(2026, 12, 10))
    work = team.desks[0].work
    with pytest.raises(Invalid) as refused:
        conflicts.decide(work, found.ids, {**found.said[0].values, "hearing_on": None})
    assert set(refused.value.problems) == {"hearing_on"}
    with pytest.raises(Invalid) as refused:
        conflicts.decide(work, found.ids, {**found.said[0].values, "court_name": " "})
    assert set(refused.value.problems) == {"court"}
    assert waiting(team.desks[0]) == (found,)


def test_a_bail_that_would_end_before_it_starts_is_refused(team: Team) -> None:
    work = team.desks[0].work
    file_id = a_file(work)
    case_id = cases.open_case(work, file_id, cases.CaseDetails(crime_ref="C1")).record_id
    assert case_id is not None
    details = bail.BailDetails("bail_precharge", started_on=date(2026, 11, 20), expires_on=date(2026, 12, 20))
    bail_id = bail.record_bail(work, file_id, case_id, details, ()).record_id
    assert bail_id is not None

    def move(work: Work, on: Any) -> None:
        bail.change_bail(work, bail_id, replace(details, expires_on=on), ())

    found = apart(team, move, date(2026, 12, 27), date(2027, 1, 3))
    with pytest.raises(Invalid) as refused:
        conflicts.decide(work, found.ids, {**found.said[0].values, "expires_on": date(2026, 11, 1)})
    assert set(refused.value.problems) == {"expires_on"}


def removed_and_edited(team: Team) -> tuple[FileId, RecordId, Conflict]:
    ann, ben = team.desks
    file_id, alert_id = an_alert(team)
    team.exchange_all(2)
    files.remove_record(ann.work, "alert", alert_id)
    files.save_alert(ben.work, file_id, alert_id, AlertDetails("weapons", "A gun"))
    team.exchange_all(2)
    (found,) = waiting(ann)
    return file_id, alert_id, found


def test_a_record_taken_out_on_one_desk_and_changed_on_the_other_is_asked_about(team: Team) -> None:
    _, _, found = removed_and_edited(team)
    assert found.is_removal
    assert found.is_critical
    assert not found.is_gone
    assert [alert_text(each) for each in team.desks] == ["A gun"] * 2
    gone = next(each for each in found.said if each.values["deleted_at"] is not None)
    ann, ben = team.desks
    done = conflicts.decide(ben.work, found.ids, gone.values)
    team.exchange_all(2)
    assert ann.rows("SELECT count(*) FROM alert WHERE deleted_at IS NULL") == [(0,)]
    assert waiting(ann) == ()
    conflicts.take_back(ben.work, done)
    team.exchange_all(2)
    assert ann.rows("SELECT count(*) FROM alert WHERE deleted_at IS NULL") == [(1,)]
    (again,) = waiting(ann)
    kept = next(each for each in again.said if each.values["deleted_at"] is None)
    conflicts.decide(ann.work, again.ids, kept.values)
    assert waiting(ann) == ()
    assert alert_text(ann) == "A gun"


def test_a_file_taken_out_while_a_colleague_worked_in_it_can_be_brought_back(team: Team) -> None:
    ann, ben = team.desks
    row = RowToImport(2, {"client_given": "Testina", "client_family": "Sampleby", "source": "police"})
    batch_id = imports.import_rows(ann.work, [row], {}, "a header", {"columns": {}}).batch_id
    team.exchange_all(2)
    ((file_id, client_id),) = ben.rows("SELECT file_id, id FROM person WHERE role = 'client'")
    changed = people.PersonDetails("client", "Testina", "Sampleby", note="She rang")
    people.save_person(ben.work, FileId(UUID(file_id)), RecordId(UUID(client_id)), changed)
    imports.undo_import(ann.work, batch_id)
    team.exchange_all(2)
    assert ben.rows("SELECT count(*) FROM file_summary") == [(0,)]
    (found,) = waiting(ben)
    assert found.is_file_gone
    assert found.is_removal
    done = conflicts.decide(ben.work, found.ids, {"deleted_at": None})
    with pytest.raises(Refused):
        conflicts.take_back(ben.work, done)  # the file would stay, without its client
    team.exchange_all(2)
    assert contents(ann) == contents(ben)
    assert ann.rows("SELECT client_name FROM file_summary") == [("Testina Sampleby",)]
    assert ann.rows("SELECT count(*) FROM referral WHERE deleted_at IS NULL") == [(1,)]
    assert ann.rows("SELECT note FROM person WHERE role = 'client'") == [("She rang",)]


def test_a_conflict_about_a_record_that_was_taken_out_since_can_only_be_closed(team: Team) -> None:
    _, alert_id, found = an_alert_apart(team)
    work = team.desks[0].work
    files.remove_record(work, "alert", alert_id)
    (gone,) = waiting(team.desks[0])
    assert gone.is_gone
    with pytest.raises(Refused):
        conflicts.decide(work, found.ids, found.said[0].values)
    conflicts.decide(work, found.ids, None)
    assert waiting(team.desks[0]) == ()


def tell(desk: Desk, file_id: FileId, kind: str, said: Mapping[str, object], other: Mapping[str, object]) -> None:
    """A conflict about the file, as a colleague's desk may have sent it: everything that can come is let in."""
    sides = {"before": json.dumps(said), "ours": json.dumps(said), "theirs": json.dumps(other)}
    moments = dict.fromkeys(("created_at", "changed_at"), "2026-11-21T12:00:00.000000Z")
    row = incoming("conflict", {"kind": kind, "about_id": file_id.hex, **sides, **moments})
    names = ", ".join(f'"{name}"' for name in ("id", "file_id", *row))
    marks = ", ".join("?" * (len(row) + 2))
    with desk.work.engine.begin() as conn:
        sql = f"INSERT INTO conflict ({names}) VALUES ({marks})"
        conn.exec_driver_sql(sql, (uuid4().hex, file_id.hex, *row.values()))


@pytest.mark.parametrize(
    ("kind", "name", "said", "other"),
    [
        ("collection_key", "key", "x", "y"),
        ("client_file", "file_id", 5, 6),
        ("client_file", "id", "0" * 32, "1" * 32),
        ("client_file", "synced_rev", 1, 2),
        ("client_file", "changed_at", "2026-11-21T12:00:00.000000Z", "2026-11-22T12:00:00.000000Z"),
        ("client_file", "of_a_newer_version", "x", "y"),
        ("of_a_newer_version", "name", "x", "y"),
    ],
)
def test_a_conflict_that_cannot_be_shown_hides_no_other_and_counts_for_none(
    team: Team, kind: str, name: str, said: object, other: object
) -> None:
    file_id, _, found = an_alert_apart(team)
    tell(team.desks[0], file_id, kind, {name: said}, {name: other})
    assert waiting(team.desks[0]) == (found,)
    assert conflicts.count_open(team.desks[0].work) == {file_id: 1}


def test_two_people_who_were_told_the_same_day_are_asked_nothing(team: Team) -> None:
    ann, ben = team.desks
    found = a_hearing_apart(team, date(2026, 12, 8), date(2026, 12, 9))
    moved = replace(HEARING, hearing_on=date(2026, 12, 10))
    hearing_id = RecordId(found.about_id)
    for desk, hours in ((ann, 0), (ben, 2)):
        later = replace(desk.work, clock=FixedClock(NOON + timedelta(hours=hours)))
        hearings.change_hearing(later, hearing_id, moved)
    team.exchange_all(3)
    assert contents(ann) == contents(ben)
    assert waiting(ann) == waiting(ben) == (found_again(ann, found),), "only what was open before"
    assert len({row for desk in team.desks for row in desk.rows("SELECT told_at FROM hearing")}) == 1


def found_again(desk: Desk, one: Conflict) -> Conflict:
    """A conflict as it is shown now."""
    (found,) = desk.work.read(conflicts_of, one.ids)
    return found


@pytest.mark.parametrize("told_at", [("2026-11-21", "2026-11-21"), ("2026-11-21", "2026-11-22")])
def test_an_open_conflict_of_two_equal_values_closes_itself(team: Team, told_at: tuple[str, str]) -> None:
    file_id, _, found = an_alert_apart(team)
    ann = team.desks[0]

    def put(texts: tuple[str, str]) -> None:
        sides = [
            json.dumps({"text": text, "told_at": f"{day}T12:00:00.000000Z"})
            for text, day in zip(texts, told_at, strict=True)
        ]
        with ann.work.engine.begin() as conn:
            conn.exec_driver_sql("UPDATE conflict SET ours = ?, theirs = ?", tuple(sides))

    put(("A gun", "A gun"))
    assert waiting(ann) == () and conflicts.count_open(ann.work) == {}
    put(("A gun", "A knife"))
    assert [each.ids for each in waiting(ann)] == [found.ids] and conflicts.count_open(ann.work) == {file_id: 1}


def test_a_value_that_no_record_can_do_without_is_not_decided_away(team: Team) -> None:
    file_id = a_file(team.desks[0].work)
    tell(team.desks[0], file_id, "client_file", {"site": None}, {"site": "Elm House"})
    (found,) = waiting(team.desks[0])
    with pytest.raises(Invalid) as refused:
        conflicts.decide(team.desks[0].work, found.ids, {"site": None})
    assert refused.value.problems.keys() == {"site"}


def two_titles(team: Team) -> RecordId:
    """A task that two people called by other names, apart from each other; both desks have settled it."""
    ann, ben = team.desks
    file_id = a_file(ann.work)
    task_id = tasks.add_task(ann.work, file_id, tasks.TaskDetails("Ring the court", DAY)).record_id
    assert task_id is not None
    team.exchange_all(2)
    for desk, title in ((ann, "Ring the court clerk"), (ben, "Write to the court")):
        tasks.change_task(desk.work, task_id, tasks.TaskDetails(title, DAY, owner="Ann"))
    team.exchange_all(2)
    return task_id


def test_a_field_that_is_not_critical_is_settled_and_the_other_value_can_still_be_taken(team: Team) -> None:
    ann, ben = team.desks
    task_id = two_titles(team)
    assert waiting(ann) == waiting(ben) == ()
    found = next(each for each in ann.work.read(settled_conflicts) if each.fields == ("title",))
    assert (found.decision, found.decided_by) == ("later", "")
    assert {each.values["title"] for each in found.said} == {"Ring the court clerk", "Write to the court"}
    mine = next(each for each in found.said if each.values["title"] == "Write to the court")
    done = conflicts.decide(ann.work, found.ids, mine.values, again=True)
    team.exchange_all(2)
    assert ben.rows("SELECT title FROM task WHERE id = ?", task_id.hex) == [("Write to the court",)]
    conflicts.take_back(ann.work, done)
    assert ann.rows("SELECT title FROM task WHERE id = ?", task_id.hex) == [("Ring the court clerk",)]
    assert next(each for each in ann.work.read(settled_conflicts) if each.fields == ("title",)).decision == "later"


def test_a_name_is_one_thing_and_a_typed_one_is_found(team: Team) -> None:
    ann, ben = team.desks
    file_id = a_file(ann.work)
    ((client,),) = ann.rows("SELECT id FROM person WHERE role = 'client'")
    client_id = RecordId(UUID(client))
    details = people.PersonDetails("client", "Testina", "Sampleby")

    def rename(work: Work, family: Any) -> None:
        people.save_person(work, file_id, client_id, replace(details, family_name=family))

    team.exchange_all(2)
    rename(ann.work, "Sample")
    rename(ben.work, "Samplesby")
    team.exchange_all(2)
    (found,) = ann.work.read(settled_conflicts)
    assert set(found.differing()) == {"family_name", "name_key", "sort_key"}
    conflicts.decide(ann.work, found.ids, {**found.said[0].values, "family_name": "Zaveri"}, again=True)
    assert ann.rows("SELECT client_name FROM file_summary") == [("Testina Zaveri",)]
    ((key,),) = ann.rows("SELECT name_key FROM person WHERE role = 'client'")
    assert "zaver" in key


def test_an_assessment_finished_by_two_people_is_decided_by_an_amendment(team: Team) -> None:
    ann, ben = team.desks
    file_id = a_file(ann.work)
    items = [item.key for item in PACKS.instrument("dash").item]
    started = risk.keep_progress(ann.work, file_id, None, "dash", {}).record_id
    assert started is not None

    def finish(work: Work, yes: Any) -> None:
        answers: dict[str, Any] = {
            key: {"answer": "yes" if number < yes else "no", "detail": {}} for number, key in enumerate(items)
        }
        more = {"professional_grading": "high", "grading_reason": "Fear", "judgement": "Serious"}
        risk.finalise(work, file_id, started, "dash", {**answers, **more})

    found = apart(team, finish, 15, 20)
    assert found.kind == "risk_assessment"
    stood = found.stands
    assert stood is not None
    other = next(each for each in found.said if each.values["score"] != stood["score"])
    done = conflicts.decide(ann.work, found.ids, other.values)
    with pytest.raises(Refused):
        conflicts.take_back(ann.work, done)
    team.exchange_all(2)
    rows = ben.rows("SELECT score, supersedes_id FROM risk_assessment ORDER BY supersedes_id NOT NULL")
    assert rows == [(stood["score"], None), (other.values["score"], found.about_id.hex)]
    assert waiting(ben) == ()


def test_two_values_that_both_desks_found_are_settled_once(team: Team) -> None:
    """Desks that meet in a file and then at the hub each write the pair down, in a moment of their own."""
    ann = team.desks[0]
    two_titles(team)
    with ann.work.engine.begin() as conn:
        columns = [row[1] for row in conn.exec_driver_sql("PRAGMA table_info(conflict)")]
        other = {"id": f"'{uuid4().hex}'", "decided_at": "'2026-11-22T08:00:00.000000Z'"}
        for one, two in (("ours", "theirs"), ("ours_by", "theirs_by"), ("ours_at", "theirs_at")):
            other |= {one: two, two: one}
        told = ", ".join(other.get(each, each) for each in columns)
        conn.exec_driver_sql(f"INSERT INTO conflict SELECT {told} FROM conflict")
    (found,) = ann.work.read(settled_conflicts)
    assert len(found.ids) == 2 and len(found.said) == 2
    mine = next(each for each in found.said if each.values["title"] == "Write to the court")
    conflicts.decide(ann.work, found.ids, mine.values, again=True)
    (decided,) = ann.work.read(settled_conflicts)
    assert decided.decided_by == "Ann"
