"""The card of what comes next: hearing, bail, risk and plan reviews, each a way into its section."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QWidget

from advocate_desk.clock import today_in_london
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.client_file.parts import fact_row, nothing
from advocate_desk.desk.theme import Tone
from advocate_desk.desk.widgets.boxes import Card
from advocate_desk.desk.widgets.conflict_flag import ConflictFlag
from advocate_desk.store.queries.justice import HearingDetail
from advocate_desk.store.queries.overview import OverviewView

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.overview.section import OverviewSection

SOON_DAYS = 14


def next_card(section: OverviewSection, view: OverviewView) -> Card:
    """What comes next, soonest risk first."""
    card = Card(section.tr("What comes next"), "calendar-clock")
    today = today_in_london(section.office.clock)
    rows = [
        _without_outcome(section, view, today),
        _hearing(section, view, today),
        _bail(section, view, today),
        _plan(section, view, today),
    ]
    shown = [row for row in rows if row is not None]
    for row in shown:
        card.body.addWidget(row)
    card.body.addWidget(ConflictFlag(card, section.office, *_shown_ids(view, today)))
    if not shown:
        card.body.addWidget(nothing(section.tr("No hearing, bail or review is recorded.")))
    return card


def _shown_ids(view: OverviewView, today: date) -> list[UUID]:
    hearings = [each.hearing_id for each in (view.without_outcome(today), view.next_hearing(today)) if each is not None]
    bail = view.running_bail()
    return hearings if bail is None else [*hearings, bail.bail_id]


def _where(section: OverviewSection, hearing: HearingDetail) -> str:
    kind = section.office.packs.label("hearing_kind", hearing.kind)
    return " · ".join(part for part in (kind, hearing.court_name, hearing.courtroom) if part)


def _without_outcome(section: OverviewSection, view: OverviewView, today: date) -> QWidget | None:
    hearing = view.without_outcome(today)
    if hearing is None:
        return None
    title = section.tr("Hearing on {0}: outcome not recorded").format(words.short_day(hearing.hearing_on, today))

    def record() -> None:
        section.open_form("outcome", hearing_id=hearing.hearing_id)

    return fact_row("gavel", title, _where(section, hearing), "danger", link=(section.tr("Record"), record))


def _hearing(section: OverviewSection, view: OverviewView, today: date) -> QWidget | None:
    hearing = view.next_hearing(today)
    if hearing is None:
        return None
    when = words.due_words(hearing.hearing_on, today, hearing.listed_time)
    tone: Tone = "accent" if (hearing.hearing_on - today).days <= SOON_DAYS else "plain"
    opener = partial(section.section_asked.emit, "hearings")
    title = section.tr("Hearing: {0}").format(when)
    return fact_row("gavel", title, _where(section, hearing), tone, link=(section.tr("Hearings"), opener))


def _bail(section: OverviewSection, view: OverviewView, today: date) -> QWidget | None:
    bail = view.running_bail()
    if bail is None:
        return None
    kind = section.office.packs.label("bail_kind", bail.kind)
    conditions = [each for each in view.justice.conditions.get(bail.bail_id, ()) if each.ended_on is None]
    many = words.count_words(len(conditions), section.tr("condition"), section.tr("conditions"))
    if bail.is_expiry_counted:
        kind = section.tr("{0} · end counted, not told").format(kind)
    opener = partial(section.section_asked.emit, "bail")
    link = (section.tr("Bail"), opener)
    if bail.expires_on is None:
        return fact_row("shield", kind, many, link=link)
    days = (bail.expires_on - today).days
    when = words.short_day(bail.expires_on, today)
    if days < 0 and not bail.is_clock_paused:
        title = section.tr("Bail ended on {0}: is it extended?").format(when)
        return fact_row("shield-alert", title, f"{kind} · {many}", "danger", link=link)
    title = section.tr("Bail until {0}").format(when)
    tone: Tone = "warning" if days <= SOON_DAYS else "plain"
    detail = f"{kind} · {many}"
    if days <= SOON_DAYS:
        left = section.tr("ends today") if days == 0 else words.count_words(days, section.tr("day"), section.tr("days"))
        detail = f"{detail} · {left}" if days == 0 else f"{detail} · {section.tr('{0} left').format(left)}"
    return fact_row("shield", title, detail, tone, link=link)


def _plan(section: OverviewSection, view: OverviewView, today: date) -> QWidget | None:
    plan = view.plan
    if plan is None or plan.review_on is None:
        return None
    late = plan.review_on < today
    title = section.tr("Safety plan review: {0}").format(words.due_words(plan.review_on, today))
    opener = partial(section.section_asked.emit, "plan")
    return fact_row(
        "clipboard-check",
        title,
        section.tr("Version {0}").format(plan.version),
        "warning" if late else "plain",
        link=(section.tr("Safety plan"), opener),
    )
