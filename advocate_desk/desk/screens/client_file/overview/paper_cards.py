"""The cards of what stands in the file: alerts, referrals, consents, access needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from advocate_desk.clock import in_london, today_in_london
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.client_file.banner import GRAVE_ALERTS
from advocate_desk.desk.screens.client_file.parts import fact_row, nothing, said
from advocate_desk.desk.theme import Tone
from advocate_desk.desk.widgets.boxes import Card, KeyValue
from advocate_desk.desk.widgets.buttons import button, icon_button
from advocate_desk.desk.widgets.conflict_flag import ConflictFlag
from advocate_desk.desk.widgets.labels import rule
from advocate_desk.domain.facts import FactNote, fact_words
from advocate_desk.domain.identity import RecordId
from advocate_desk.store.queries.client_file import ConsentLine, ReferralLine
from advocate_desk.store.queries.overview import OverviewView

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.overview.section import OverviewSection


def _card(section: OverviewSection, title: str, icon: str, form: str, add: str) -> Card:
    card = Card(title, icon)
    adder = button(section.tr("Add"), "link", "plus", partial(section.open_form, form))
    adder.setAccessibleName(add)
    card.head.addWidget(adder)
    return card


def _editable(
    section: OverviewSection, row: QWidget, title: str, change: Callable[[], object], kind: str, record_id: UUID
) -> QWidget:
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(row, 1)
    layout.addWidget(icon_button("pencil", section.tr("Change: {0}").format(title), change, side=15), 0, _TOP)
    remove = partial(section.remove_asked.emit, kind, RecordId(record_id))
    layout.addWidget(icon_button("trash-2", section.tr("Take out: {0}").format(title), remove, side=15), 0, _TOP)
    return made


_TOP = Qt.AlignmentFlag.AlignTop


def alerts_card(section: OverviewSection, view: OverviewView) -> Card:
    """Alerts that stand, with what to know and who said so."""
    card = _card(section, section.tr("Alerts"), "triangle-alert", "alert", section.tr("Add an alert"))
    packs, today = section.office.packs, today_in_london(section.office.clock)
    for alert in view.file.banner.alerts:
        title = packs.label("alert_kind", alert.kind)
        told = in_london(alert.told_at).date() if alert.told_at else None
        fact = fact_words(FactNote(alert.fact_source, told, alert.fact_state), today) if alert.fact_source else ""
        since = section.tr("since {0}").format(words.short_day(alert.since_on, today)) if alert.since_on else ""
        detail = " · ".join(part for part in (alert.text, since, fact) if part)
        tone: Tone = "danger" if alert.kind in GRAVE_ALERTS else "warning"
        row = fact_row("triangle-alert", title, detail, tone)
        change = partial(section.open_form, "alert", alert_id=alert.alert_id)
        card.body.addWidget(_editable(section, row, title, change, "alert", alert.alert_id))
        card.body.addWidget(ConflictFlag(card, section.office, alert.alert_id))
    if not view.file.banner.alerts:
        card.body.addWidget(nothing(section.tr("No alerts.")))
    return card


def referrals_card(section: OverviewSection, view: OverviewView) -> Card:
    """Referrals, newest first, the newest in full."""
    card = _card(section, section.tr("Referral"), "inbox", "referral", section.tr("Add a referral"))
    for number, line in enumerate(view.file.referrals):
        if number:
            card.body.addWidget(rule())
        _add_referral(section, card, line, is_whole=number == 0)
    if view.file.conflict_note:
        card.body.addWidget(rule())
        card.body.addWidget(fact_row("users", section.tr("Conflict check"), view.file.conflict_note))
    return card


def _add_referral(section: OverviewSection, card: Card, line: ReferralLine, is_whole: bool) -> None:
    packs, today = section.office.packs, today_in_london(section.office.clock)
    received = in_london(line.received_at)
    when = f"{words.short_day(received.date(), today)} {received:%H:%M}"
    source = packs.label("referral_source", line.source)
    card.body.addWidget(fact_row("inbox", section.tr("{0}, {1}").format(source, when)))
    card.body.addWidget(ConflictFlag(card, section.office, line.referral_id))
    facts = [
        (section.tr("Referrer"), " · ".join(part for part in (line.referrer_name, line.referrer_contact) if part)),
        (section.tr("Their reference"), line.sender_reference),
        (section.tr("Crime reference"), line.crime_ref),
        (section.tr("Incident"), words.short_day(line.incident_on, today) if line.incident_on else ""),
        (section.tr("Where she was"), packs.label("location_status", line.location_status)),
        (section.tr("Setting"), " · ".join(p for p in (packs.label("setting", line.setting), line.site) if p)),
    ]
    shown = [(name, value) for name, value in facts if value]
    if shown and is_whole:
        card.body.addWidget(KeyValue(shown))
    if line.incident_summary and is_whole:
        card.body.addWidget(said(line.incident_summary))


def consents_card(section: OverviewSection, view: OverviewView) -> Card:
    """What she agreed to, what not, and what she took back."""
    card = _card(section, section.tr("Consents"), "handshake", "consent", section.tr("Record a consent"))
    packs = section.office.packs
    for line in view.file.consents:
        title = packs.label("consent_scope", line.scope)
        tones: dict[str, tuple[str, Tone]] = {
            "given": ("circle-check", "ok"),
            "refused": ("ban", "danger"),
            "withdrawn": ("undo-2", "danger"),
        }
        icon, tone = tones.get(line.decision, ("circle-dashed", "plain"))
        row = fact_row(icon, title, _consent_words(section, line), tone)
        change = partial(section.open_form, "consent", consent_id=line.consent_id)
        card.body.addWidget(_editable(section, row, title, change, "consent", line.consent_id))
        card.body.addWidget(ConflictFlag(card, section.office, line.consent_id))
    if not view.file.consents:
        card.body.addWidget(nothing(section.tr("No consent is recorded. Without it, nothing is shared by consent.")))
    return card


def _consent_words(section: OverviewSection, line: ConsentLine) -> str:
    packs, today = section.office.packs, today_in_london(section.office.clock)
    day = line.withdrawn_on if line.decision == "withdrawn" else line.decided_on
    when = words.short_day(day, today) if day else ""
    decision = f"{packs.label('consent_decision', line.decision)} {when}".strip()
    return " · ".join(part for part in (decision, packs.label("consent_method", line.method), line.note) if part)


def needs_card(section: OverviewSection, view: OverviewView) -> Card:
    """What makes it possible for her to take part."""
    card = _card(section, section.tr("Access needs"), "accessibility", "access_need", section.tr("Add an access need"))
    for line in view.file.needs:
        title = section.office.packs.label("access_need", line.kind)
        row = fact_row("accessibility", title, line.detail)
        change = partial(section.open_form, "access_need", need_id=line.need_id)
        card.body.addWidget(_editable(section, row, title, change, "access_need", line.need_id))
        card.body.addWidget(ConflictFlag(card, section.office, line.need_id))
    if not view.file.needs:
        card.body.addWidget(nothing(section.tr("None recorded.")))
    return card
