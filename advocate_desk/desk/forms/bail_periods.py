"""Beside the bail form: when each period of bail before charge ends, counted from the arrest while it is typed."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.convert import day_of, text_of
from advocate_desk.desk.forms.registry import Params
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Card, clear_layout
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.bail import BailPeriodEnd, applicable_bail_periods
from advocate_desk.domain.days import long_day


class BailPeriodsAside(QWidget):
    """Every step with its last day, its authority and its section; one press chooses it, as counted and not told."""

    def __init__(self, office: Office, _params: Params, form: FormView) -> None:
        super().__init__()
        self._office, self._form = office, form
        self._shown: tuple[date | None, bool, str] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(4), px(4), px(4), px(4))
        self._card = Card(self.tr("Counted periods"), "calendar-clock")
        layout.addWidget(self._card)
        layout.addStretch(1)
        form.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Count again if the arrest, the kind or the clock changed."""
        values = self._form.values()
        asked = (day_of(values, "arrested_on"), values.get("is_clock_paused") is True, text_of(values, "kind"))
        if asked == self._shown:
            return
        self._shown = asked
        arrested, paused, kind = asked
        clear_layout(self._card.body)
        if kind != "bail_precharge":
            self._say(self.tr("Only bail before charge has counted periods. After charge the court says when it ends."))
        elif arrested is None:
            self._say(self.tr("Give the day of the arrest, and the end of each period is counted here."))
        else:
            self._show(applicable_bail_periods(arrested, self._office.packs.bail_periods(), paused))

    def _say(self, words: str) -> None:
        self._card.body.addWidget(text_label(words, "muted", wrap=True))

    def _show(self, ends: tuple[BailPeriodEnd, ...]) -> None:
        if not ends:
            self._say(self.tr("The rules that are counted here apply to arrests from 28 October 2022."))
        for end in (each for each in ends if each.period.standard):
            day = long_day(end.ends_on)
            shown = self.tr("At least until {day}").format(day=day) if end.is_minimum else day
            self._card.body.addWidget(button(shown, "link", clicked=partial(self._take, end.period.key), tip=end.words))
            self._card.body.addWidget(
                text_label(
                    self.tr("{step}, by {authority}, section {section}").format(
                        step=end.period.label, authority=end.period.authority, section=end.period.section
                    ),
                    "small",
                    wrap=True,
                )
            )
        if ends and ends[0].is_minimum:
            self._say(self._office.packs.bail_periods().paused_note)
        self._say(self.tr("What the officer or the court tells you outranks a counted date."))

    def _take(self, period: str) -> None:
        self._form.set_values({**self._form.values(), "period": period, "expires_on": ""})
        self._form.changed.emit()
