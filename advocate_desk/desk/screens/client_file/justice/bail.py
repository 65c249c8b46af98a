"""Bail: whether it stands, until when and by whose authority, its conditions, and what was broken."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from advocate_desk.clock import in_london, today_in_london
from advocate_desk.desk.forms.bail import condition_words
from advocate_desk.desk.forms.values import day_words
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.justice.section import JusticeSection
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.boxes import Card, EmptyState, KeyValue, Timeline, TimelineItem
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.conflict_flag import ConflictFlag
from advocate_desk.desk.widgets.flow import HeadLayout
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.domain.bail import BailStanding, is_condition_live, standing
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.justice import BailDetail, BreachLine, ConditionLine, JusticeView


class BailSection(JusticeSection):
    """Every bail of the file, those that stand first."""

    def __init__(self, office: Office, file_id: FileId, parent: QWidget | None = None) -> None:
        super().__init__(office, file_id, "", "", parent)
        self.header.title.setText(self.tr("Bail"))
        self.header.set_text(self.tr("Conditions in force, when they end, and what was broken."))
        self.header.buttons.addWidget(
            button(
                self.tr("In force tonight"),
                "",
                "moon",
                clicked=lambda: office.go("in_force", {"file_id": str(file_id)}),
            )
        )
        self.header.buttons.addWidget(
            button(self.tr("Add bail"), "primary", "plus", clicked=lambda: self.open_form("bail"))
        )

    def draw(self, view: JusticeView) -> None:
        """One card a bail."""
        if not view.bail:
            empty = EmptyState(
                "shield",
                self.tr("No bail recorded"),
                self.tr(
                    "Record bail as the officer tells you. Released under investigation has no conditions: say so."
                ),
                self.tr("Add bail") if view.cases else self.tr("Add a case"),
            )
            empty.acted.connect(lambda: self.open_form("bail" if view.cases else "case"))
            self.cards.addWidget(empty)
        for bail in view.bail:
            self.cards.addWidget(
                self._card(bail, view.conditions.get(bail.bail_id, ()), view.breaches.get(bail.bail_id, ()))
            )

    def _card(self, bail: BailDetail, conditions: tuple[ConditionLine, ...], breaches: tuple[BreachLine, ...]) -> Card:
        packs = self.office.packs
        kinds = {each.key: each for each in packs.bail_kinds().kind}
        kind = kinds.get(bail.kind)
        card = Card(kind.label if kind else bail.kind, "shield")
        stands = standing(
            bail.expires_on,
            bail.ended_on,
            today_in_london(self.office.clock),
            packs.bail_periods(),
            bail.is_clock_paused,
        )
        words, tone = self._state(bail, stands)
        card.head.addWidget(Badge(words, tone))
        if stands.state != "ended":
            self._add_buttons(card.head, bail)
        card.body.addWidget(ConflictFlag(card, self.office, bail.bail_id, *(each.breach_id for each in breaches)))
        card.body.addWidget(KeyValue([(name, value) for name, value in self._facts(bail) if value]))
        for condition in conditions:
            self._add_condition(card, condition, stands)
        if kind and stands.state != "ended":
            card.body.addWidget(
                text_label(self.tr("If broken: {words}").format(words=kind.on_breach), "muted", wrap=True)
            )
        if breaches:
            card.body.addSpacing(px(4))
            card.body.addWidget(text_label(self.tr("Breaches"), "label"))
            timeline = Timeline()
            timeline.set_items([self._breach(each) for each in breaches])
            card.body.addWidget(timeline)
        return card

    def _add_buttons(self, head: HeadLayout, bail: BailDetail) -> None:
        for label, role, icon, form in (
            (self.tr("Record a breach"), "danger", "triangle-alert", "breach"),
            (self.tr("It has ended"), "", "circle-slash", "bail_end"),
            (self.tr("Change"), "quiet", "pencil", "bail"),
        ):
            head.addWidget(button(label, role, icon, clicked=partial(self.open_form, form, bail_id=bail.bail_id)))

    def _state(self, bail: BailDetail, stands: BailStanding) -> tuple[str, Tone]:
        match stands.state:
            case "ended":
                reason = self.office.packs.label("bail_end_reason", bail.end_reason)
                return self.tr("Ended: {reason}").format(reason=reason), "plain"
            case "past_end" if bail.is_expiry_counted:
                return self.tr("Past its counted last day: ask the officer"), "danger"
            case "past_end":
                return self.tr("Past its last day: ask the officer"), "danger"
            case "paused":
                return self.tr("In force, clock paused"), "warning"
            case "ends_soon":
                left = stands.days_left or 0
                words = self.tr("Last day is today") if left == 0 else self.tr("Ends in {days} days").format(days=left)
                return words, "warning"
            case _:
                return self.tr("In force"), "ok"

    def _facts(self, bail: BailDetail) -> list[tuple[str, str]]:
        periods = {each.key: each for each in self.office.packs.bail_periods().period}
        period = periods.get(bail.period)
        last = day_words(bail.expires_on) if bail.expires_on else ""
        if last and bail.is_clock_paused:
            last = self.tr("at least {day}").format(day=last)
        if last and bail.is_expiry_counted:
            last = self.tr("{day} (counted, not told)").format(day=last)
        authority = f"{period.label}, {period.authority}, PACE s.{period.section}" if period else ""
        return [
            (self.tr("Last day"), last),
            (self.tr("Authorised"), authority),
            (self.tr("Arrested"), day_words(bail.arrested_on) if bail.arrested_on else ""),
            (self.tr("From"), day_words(bail.started_on) if bail.started_on else ""),
            (self.tr("Told by"), self.fact(bail.fact_source, bail.fact_state, bail.told_at)),
            (self.tr("Note"), bail.note),
        ]

    def _add_condition(self, card: Card, condition: ConditionLine, stands: BailStanding) -> None:
        words = condition_words(self.office.packs, condition.code, condition.text)
        today = today_in_london(self.office.clock)
        is_over = condition.ended_on is not None and condition.ended_on <= today
        if condition.ended_on is not None:
            form = self.tr("Ended {day}: {words}") if is_over else self.tr("Ends {day}: {words}")
            words = form.format(day=day_words(condition.ended_on), words=words)
        elif condition.started_on is not None and condition.started_on > today:
            words = self.tr("From {day}: {words}").format(day=day_words(condition.started_on), words=words)
        is_live = is_condition_live(stands, condition.started_on, condition.ended_on, today)
        card.body.addSpacing(px(4))
        card.body.addWidget(text_label(words, "strong" if is_live else "muted", wrap=True))
        fact = self.fact(condition.fact_source, condition.fact_state, condition.told_at)
        if fact and not is_over:
            card.body.addWidget(text_label(fact, "small", wrap=True))
        card.body.addWidget(ConflictFlag(card, self.office, condition.condition_id))

    def _breach(self, breach: BreachLine) -> TimelineItem:
        packs = self.office.packs
        when = in_london(breach.occurred_at).strftime("%d/%m/%Y %H:%M") if breach.occurred_at else ""
        reported = (
            self.tr("reported {when}").format(when=in_london(breach.reported_at).strftime("%d/%m/%Y %H:%M"))
            if breach.reported_at
            else self.tr("not reported yet")
        )
        details = " · ".join(each for each in (when, reported, breach.police_ref) if each)
        return TimelineItem(
            details,
            breach.text,
            breach.evidence,
            icon="triangle-alert",
            tone="danger",
            badge=packs.label("breach_action", breach.action_taken) if breach.action_taken else "",
        )
