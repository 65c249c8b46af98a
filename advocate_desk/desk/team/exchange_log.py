"""The log of the exchange: what was out of the ordinary, in words, the newest first."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from advocate_desk.clock import Clock
from advocate_desk.desk.dialogs.ask import DeskDialog
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.team.state_words import event_words, when_words
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, EmptyState, Timeline, TimelineItem, clear_layout, scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import tone_icon
from advocate_desk.sync import overview
from advocate_desk.sync.overview import Event


class ExchangeLog(DeskDialog):
    """What the exchange had to tell. Ordinary exchanges leave no line here: their time is on the panel."""

    def __init__(self, parent: QWidget, exchanges: Exchanges, clock: Clock) -> None:
        super().__init__(parent, self.tr("Log of the exchange"), icon="history")
        self._clock = clock
        self._banner = Banner(can_dismiss=False)
        self.body.addWidget(self._banner)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, px(8), 0)
        self.body.addWidget(scrolled(inner), 1)
        close = button(self.tr("Close"), "primary", clicked=self.accept)
        close.setDefault(True)
        self.buttons.addWidget(close)
        window = parent.window()
        self.resize(min(px(640), window.width()), min(px(520), window.height()))
        job = exchanges.ask(self, lambda link: overview.events(link.engine))
        job.done.connect(self.show_events)
        job.refused.connect(self._banner.say_refused)
        job.broken.connect(self._banner.say_broken)

    @Slot(object)
    def show_events(self, events: tuple[Event, ...]) -> None:
        """Show these, the newest first."""
        clear_layout(self._column)
        if not events:
            words = self.tr("When something out of the ordinary happens in an exchange, it is written down here.")
            self._column.addWidget(EmptyState("circle-check", self.tr("Nothing out of the ordinary"), words))
            return
        line = Timeline()
        now = self._clock.now()
        items = []
        for each in events:
            told = event_words(each)
            first, stop, rest = told.text.partition(". ")
            at = when_words(each.happened_at, now)
            items.append(TimelineItem(at, first + stop.strip(), rest, tone_icon(told.tone), told.tone))
        line.set_items(items)
        self._column.addWidget(line)
        self._column.addStretch(1)
