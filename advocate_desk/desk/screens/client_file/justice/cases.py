"""Criminal justice: each case with its references, its offences and its way from report to court."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.values import day_words
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.justice.section import JusticeSection
from advocate_desk.desk.widgets.boxes import Card, EmptyState, KeyValue, Timeline, TimelineItem
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.conflict_flag import ConflictFlag
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.domain.cases import offence_note, summary_limit
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.justice import CaseLine, ChargeLine, JusticeView, StageLine


class CasesSection(JusticeSection):
    """Every criminal case of the file."""

    def __init__(self, office: Office, file_id: FileId, parent: QWidget | None = None) -> None:
        super().__init__(office, file_id, "", "", parent)
        self.header.title.setText(self.tr("Criminal justice"))
        self.header.set_text(self.tr("From the report to the court, with who said what and when."))
        self.header.buttons.addWidget(
            button(self.tr("Add a case"), "primary", "plus", clicked=lambda: self.open_form("case"))
        )

    def draw(self, view: JusticeView) -> None:
        """One card a case."""
        if not view.cases:
            empty = EmptyState(
                "scale",
                self.tr("No criminal case yet"),
                self.tr(
                    "When something is reported to the police, record the force, the reference and the officer here."
                ),
                self.tr("Add a case"),
            )
            empty.acted.connect(lambda: self.open_form("case"))
            self.cards.addWidget(empty)
        for case in view.cases:
            self.cards.addWidget(self._card(case, view))

    def _card(self, case: CaseLine, view: JusticeView) -> Card:
        packs = self.office.packs
        force = packs.force(case.force)
        title = " · ".join(each for each in (case.crime_ref, force.name if force else case.force) if each)
        card = Card(title or self.tr("Criminal case"), "scale")
        stages = {each.key: each.label for each in packs.case_stages().stage}
        card.head.addWidget(Badge(stages.get(case.stage, case.stage), "info", "circle-dot"))
        card.head.addWidget(
            button(
                self.tr("Record a step"),
                "",
                "circle-plus",
                clicked=lambda: self.open_form("stage", case_id=case.case_id),
            )
        )
        card.head.addWidget(
            button(self.tr("Change"), "quiet", "pencil", clicked=lambda: self.open_form("case", case_id=case.case_id))
        )
        stages_of = view.stages.get(case.case_id, ())
        card.body.addWidget(ConflictFlag(card, self.office, case.case_id, *(each.event_id for each in stages_of)))
        card.body.addWidget(KeyValue(self._facts(case, view.charges.get(case.case_id, ()))))
        for charge in view.charges.get(case.case_id, ()):
            card.body.addWidget(text_label(self._offence(charge), "strong", wrap=True))
            card.body.addWidget(ConflictFlag(card, self.office, charge.charge_id))
        items = [self._item(each, stages) for each in reversed(stages_of)]
        if items:
            card.body.addSpacing(8)
            timeline = Timeline()
            timeline.set_items(items)
            card.body.addWidget(timeline)
        return card

    def _facts(self, case: CaseLine, charges: tuple[ChargeLine, ...]) -> list[tuple[str, str]]:
        officer = " · ".join(each for each in (case.officer_name, case.officer_contact) if each)
        found = [(self.tr("Officer in the case"), officer), (self.tr("URN"), case.urn)]
        if case.offence_on or case.reported_on:
            when = " · ".join(
                words.format(day=day_words(day))
                for words, day in (
                    (self.tr("happened {day}"), case.offence_on),
                    (self.tr("reported {day}"), case.reported_on),
                )
                if day
            )
            found.append((self.tr("Dates"), when))
        if case.outcome_code:
            codes = {each.key: each.label for each in self.office.packs.outcome_codes().outcome}
            found.append((self.tr("Police outcome"), f"{case.outcome_code} · {codes.get(case.outcome_code, '')}"))
        limit = self._limit(case, charges)
        if limit:
            found.append((self.tr("Time limit to charge"), limit))
        if case.note:
            found.append((self.tr("Note"), case.note))
        return [(name, value) for name, value in found if value]

    def _limit(self, case: CaseLine, charges: tuple[ChargeLine, ...]) -> str:
        """The last day for a summary-only charge that has not been brought; "" where no offence has one."""
        if case.offence_on is None:
            return ""
        notes = self.office.packs.offence_notes()
        for charge in charges:
            note = offence_note(notes, charge.offence_code)
            if note is None or not note.summary_limit or charge.is_charged:
                continue
            found = summary_limit(case.offence_on, case.reported_on, note.summary_limit)
            if found is None:
                continue
            late = found.last_day < today_in_london(self.office.clock)
            words = self.tr("passed on {day}") if late else self.tr("{day}")
            return f"{words.format(day=day_words(found.last_day))} ({found.rule})"
        return ""

    def _offence(self, charge: ChargeLine) -> str:
        packs = self.office.packs
        parts = [f"{charge.offence_title} ({charge.offence_code})" if charge.offence_code else charge.offence_title]
        if charge.is_charged:
            day = f" {day_words(charge.charged_on)}" if charge.charged_on else ""
            parts.append(self.tr("charged") + day)
        if charge.plea and charge.plea != "none":
            day = f" {day_words(charge.plea_on)}" if charge.plea_on else ""
            parts.append(packs.label("plea", charge.plea) + day)
        if charge.result:
            parts.append(packs.label("charge_result", charge.result))
        return " · ".join(parts)

    def _item(self, event: StageLine, stages: dict[str, str]) -> TimelineItem:
        when = day_words(event.happened_on) if event.happened_on else self.tr("Day not known")
        fact = self.fact(event.fact_source, event.fact_state, event.told_at)
        told = self.tr("client told {day}").format(day=day_words(event.client_told_on)) if event.client_told_on else ""
        return TimelineItem(
            " · ".join(each for each in (when, fact, told) if each), stages.get(event.stage, event.stage), event.text
        )
