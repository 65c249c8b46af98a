"""In force tonight names whom each condition binds, and what is known of breaches."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from advocate_desk.casework import bail
from advocate_desk.casework.work import Work
from advocate_desk.desk.composition import form_registry
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.in_force.presenter import breach_words
from advocate_desk.desk.screens.in_force.view import InForceScreen
from advocate_desk.domain.identity import RecordId
from advocate_desk.store.queries.justice import Breaches, in_force
from advocate_desk.store.tables.cases import criminal_case
from tests import planted
from tests.builders import NOON
from tests.casework_calls import BREACH, Standing
from tests.standing import standing, template, work

__all__ = ["standing", "template", "work"]


def test_each_condition_names_whom_it_binds_and_its_breaches(
    qtbot: QtBot, work: Work, standing: Standing, jobs: Jobs
) -> None:
    (unlinked, *_rest) = (each for each in work.read(in_force, NOON.date()) if each.file_id == standing.file_id)
    assert unlinked.perpetrator_name == "", "nobody said whom the case is against"
    with work.engine.begin() as conn:
        conn.execute(criminal_case.update().values(relationship_id=standing.ids["relationship"]))
    line = next(each for each in work.read(in_force, NOON.date()) if each.file_id == standing.file_id)
    assert planted.PERPETRATOR_GIVEN in line.perpetrator_name
    condition_id = line.condition_id
    assert condition_id is not None
    before = line.breaches.count
    for days in range(1, 4 - before):
        told = bail.BreachDetails(
            NOON - timedelta(days=days), BREACH.text, condition_id=RecordId(condition_id), police_ref=BREACH.police_ref
        )
        bail.record_breach(work, RecordId(line.bail_id), told)
    again = next(each for each in work.read(in_force, NOON.date()) if each.condition_id == condition_id)
    assert again.breaches.count == 3
    office = Office(work, jobs, form_registry())
    screen = InForceScreen(office)
    office.whose.choose("in_force", False)
    qtbot.addWidget(screen)
    screen.show()
    screen._presenter.reload()
    qtbot.waitUntil(lambda: any("Breach recorded 3 times" in each.text() for each in screen.findChildren(QLabel)))
    assert f"Binds {line.perpetrator_name}" in {each.text() for each in screen.findChildren(QLabel)}


def test_nothing_is_said_of_breaches_that_are_not_known() -> None:
    assert breach_words(Breaches()) == ""
    assert breach_words(Breaches(1)) == "Breach recorded once"
    assert breach_words(Breaches(2, NOON), names_none=True) == (
        "Breach that names no condition recorded 2 times, last on 21 November 2026"
    )
