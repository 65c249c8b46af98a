"""Hearings: what lies ahead first, then what was, each with the chain of adjournments behind it."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.values import day_words
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.justice.section import JusticeSection
from advocate_desk.desk.theme import Tone
from advocate_desk.desk.widgets.boxes import Card, EmptyState, KeyValue
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.conflict_flag import ConflictFlag
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.domain.hearings import delay_days, is_delay, is_measure_waiting
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.justice import HearingDetail, JusticeView


class HearingsSection(JusticeSection):
    """Every hearing of the file."""

    def __init__(self, office: Office, file_id: FileId, parent: QWidget | None = None) -> None:
        super().__init__(office, file_id, "", "", parent)
        self.header.title.setText(self.tr("Hearings"))
        self.header.set_text(self.tr("What is listed, what she needs there, and what each hearing came to."))
        self.header.buttons.addWidget(
            button(self.tr("Add a hearing"), "primary", "calendar-plus", clicked=lambda: self.open_form("hearing"))
        )

    def draw(self, view: JusticeView) -> None:
        """Hearings without an outcome by date, then those with one, the latest first."""
        if not view.hearings:
            text = self.tr(
                "Listed hearings stand here and on Today. A hearing belongs to a case: record the case first."
            )
            empty = EmptyState(
                "gavel",
                self.tr("No hearing yet"),
                text,
                self.tr("Add a hearing") if view.cases else self.tr("Add a case"),
            )
            empty.acted.connect(lambda: self.open_form("hearing" if view.cases else "case"))
            self.cards.addWidget(empty)
        ahead = [each for each in view.hearings if not each.outcome]
        past = [each for each in reversed(view.hearings) if each.outcome]
        by_id = {each.hearing_id: each for each in view.hearings}
        for title, many in ((self.tr("Ahead, or without an outcome"), ahead), (self.tr("Heard"), past)):
            if many:
                self.cards.addWidget(text_label(title, "label"))
            for hearing in many:
                self.cards.addWidget(self._card(hearing, by_id))

    def _card(self, hearing: HearingDetail, by_id: dict[UUID, HearingDetail]) -> Card:
        packs = self.office.packs
        time = f" · {hearing.listed_time}" if hearing.listed_time else ""
        card = Card(f"{day_words(hearing.hearing_on)}{time}", "gavel")
        words, tone = self._state(hearing)
        card.head.addWidget(Badge(words, tone))
        if not hearing.outcome:
            card.head.addWidget(
                button(
                    self.tr("Record outcome"),
                    "primary" if hearing.hearing_on <= today_in_london(self.office.clock) else "",
                    "check",
                    clicked=lambda: self.open_form("outcome", hearing_id=hearing.hearing_id),
                )
            )
            card.head.addWidget(
                button(
                    self.tr("Letter"),
                    "quiet",
                    "mail",
                    clicked=lambda: self.open_form("letter", hearing_id=hearing.hearing_id),
                    tip=self.tr("Write a court support letter for this hearing"),
                )
            )
        else:
            card.head.addWidget(
                button(
                    self.tr("Correct outcome"),
                    "",
                    "check",
                    clicked=lambda: self.open_form("outcome", hearing_id=hearing.hearing_id),
                )
            )
        card.head.addWidget(
            button(
                self.tr("Change"),
                "quiet",
                "pencil",
                clicked=lambda: self.open_form("hearing", hearing_id=hearing.hearing_id),
            )
        )
        where = " · ".join(
            each for each in (hearing.court_name, hearing.courtroom, packs.label("hearing_kind", hearing.kind)) if each
        )
        card.body.addWidget(text_label(where, "strong", wrap=True))
        card.body.addWidget(ConflictFlag(card, self.office, hearing.hearing_id))
        facts = KeyValue()
        for name, value in self._facts(hearing, by_id):
            if value:
                facts.add(name, value)
        card.body.addWidget(facts)
        return card

    def _state(self, hearing: HearingDetail) -> tuple[str, Tone]:
        today = today_in_london(self.office.clock)
        if hearing.outcome:
            labels = {each.key: each.label for each in self.office.packs.hearing_outcomes().outcome}
            return labels.get(hearing.outcome, hearing.outcome), "plain"
        days = (hearing.hearing_on - today).days
        if days < 0:
            return self.tr("No outcome recorded"), "warning"
        if days == 0:
            return self.tr("Today"), "accent"
        return (self.tr("Tomorrow") if days == 1 else self.tr("In {days} days").format(days=days)), "info"

    def _facts(self, hearing: HearingDetail, by_id: dict[UUID, HearingDetail]) -> list[tuple[str, str]]:
        packs = self.office.packs
        measures = {each.key: each.label for each in packs.special_measures().measure}
        asked = [
            f"{measures.get(code, code)}: {packs.label('measure_status', status)}"
            + (self.tr(", still open") if not hearing.outcome and is_measure_waiting(status) else "")
            for code, status in (hearing.measures or {}).items()
        ]
        told = day_words(hearing.client_told_on) if hearing.client_told_on else ""
        return [
            (self.tr("What was decided"), hearing.outcome_text),
            (self.tr("Client told"), told),
            (self.tr("Who attends"), ", ".join(packs.label("hearing_attends", each) for each in hearing.attends or ())),
            (self.tr("What she wants"), hearing.client_wishes),
            (self.tr("Special measures"), "\n".join(asked)),
            (self.tr("Before this"), self._chain(hearing, by_id)),
            (self.tr("Told by"), self.fact(hearing.fact_source, hearing.fact_state, hearing.told_at)),
        ]

    def _chain(self, hearing: HearingDetail, by_id: dict[UUID, HearingDetail]) -> str:
        """The hearing that this one follows, and how often and by how long the case was put off on the way."""
        outcomes = self.office.packs.hearing_outcomes()
        at, times, days = hearing, 0, 0
        last: HearingDetail | None = None
        while at.adjourned_from_id is not None and at.adjourned_from_id in by_id:
            before = by_id[at.adjourned_from_id]
            last = last or before
            if is_delay(outcomes, before.outcome):
                times, days = times + 1, days + delay_days(before.hearing_on, at.hearing_on)
            at = before
        if last is None:
            return ""
        follows = self.tr("was listed on {day}").format(day=day_words(last.hearing_on))
        if not times:
            return follows
        put_off = self.tr("put off so far: {times}, by {days} days in all").format(times=times, days=days)
        return f"{follows}; {put_off}"
