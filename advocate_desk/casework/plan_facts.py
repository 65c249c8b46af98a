"""What a file says that suggests actions for a safety plan, beside the answers of the risk assessment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from advocate_desk.domain.bail import BailPeriods, standing
from advocate_desk.domain.risk import DetailCheck, has_detail
from advocate_desk.store.queries.client_file import FileView
from advocate_desk.store.queries.justice import BailDetail, JusticeView
from advocate_desk.store.queries.plan import PlanView

WITH_PERPETRATOR = "with_perpetrator"
AWAY = ("left", "relative", "refuge", "temporary", "no_fixed")
SHORT_STAY = ("refuge", "temporary", "no_fixed")
APART = ("separated", "divorced")
CUSTODY = "remand_custody"
UNDER_INVESTIGATION = "rui"
OVER = ("ended", "past_end")
ALERTS = {"pregnant": "pregnant", "tracked_device": "tracked_device", "medical": "health_need"}
"""Kinds of alert, and the fact of `resources/safety_plan/suggestions.toml` that each stands for."""


def known_facts(view: PlanView, answers: Mapping[str, Any], today: date, periods: BailPeriods) -> frozenset[str]:
    """Keys of the facts that hold for this file on the day `today`. What nobody recorded is no fact."""
    return frozenset((*_of_people(view.file), *_of_answers(answers), *_of_justice(view.justice, today, periods)))


def _of_people(file: FileView) -> Iterator[str]:
    where = file.referrals[0].location_status if file.referrals else ""
    if where == WITH_PERPETRATOR:
        yield "lives_together"
    if where in AWAY:
        yield "left_home"
    if where in SHORT_STAY:
        yield "temporary_home"
    if any(each.status in APART for each in file.relationships):
        yield "separated"
    if any(each.role == "child" for each in file.people):
        yield "children"
    if file.client is not None and file.client.occupation:
        yield "works"
    if any(each.method.is_device_shared for each in file.banner.contacts):
        yield "shared_device"
    yield from (ALERTS[each.kind] for each in file.banner.alerts if each.kind in ALERTS)


def _of_answers(answers: Mapping[str, Any]) -> Iterator[str]:
    if has_detail(DetailCheck("animal_abuse", "fostering", "yes"), answers):
        yield "pets"
    if has_detail(DetailCheck("", "barriers", "immigration"), answers):
        yield "no_recourse"


def _of_justice(justice: JusticeView, today: date, periods: BailPeriods) -> Iterator[str]:
    live = [(bail, state) for bail in justice.bail if (state := _state(bail, today, periods)) not in OVER]
    kinds = {bail.kind for bail, _ in live}
    bound = [state for bail, state in live if _has_conditions(justice, bail)]
    if bound:
        yield "bail_live"
    if "ends_soon" in bound:
        yield "bail_ends_soon"
    if UNDER_INVESTIGATION in kinds:
        yield "rui"
    if CUSTODY in kinds:
        yield "in_custody"
    if justice.cases and not bound and CUSTODY not in kinds:
        yield "no_protection"
    if any(each.hearing_on >= today and not each.outcome for each in justice.hearings):
        yield "hearing_ahead"


def _state(bail: BailDetail, today: date, periods: BailPeriods) -> str:
    return standing(bail.expires_on, bail.ended_on, today, periods, bail.is_clock_paused).state


def _has_conditions(justice: JusticeView, bail: BailDetail) -> bool:
    return any(each.ended_on is None for each in justice.conditions.get(bail.bail_id, ()))
