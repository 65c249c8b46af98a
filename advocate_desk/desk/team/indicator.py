"""The words of the header that say how the exchange stands; pressed, they open its panel."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.office import Office
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.team.panel import show_exchange
from advocate_desk.desk.team.state_words import Headline, headline
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import icon_label, text_label

_AGAIN_MS = 60_000
"""Words that name a day are looked at again, or yesterday's would stand there as today's."""


class ExchangeIndicator(QWidget):
    """Always on screen. A desk that belongs to no organisation says so, and has nothing to press."""

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._exchanges: Exchanges | None = None
        self._is_narrow = False
        self._shown: Headline | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(4))
        self._alone_icon = icon_label("laptop", 16)
        self._alone = text_label(self.tr("On this computer only"), "small")
        self.button = button(self.tr("Exchange"), "quiet", "refresh-cw", self.open_panel)
        for each in (self._alone_icon, self._alone, self.button):
            layout.addWidget(each)
        self.button.hide()
        self._again = QTimer(self, interval=_AGAIN_MS)
        self._again.timeout.connect(self._on_state)

    def follow(self, exchanges: Exchanges) -> None:
        """Show how this exchange stands."""
        self._exchanges = exchanges
        exchanges.state_changed.connect(self._on_state)
        self._again.start()
        self._on_state()

    def set_narrow(self, is_narrow: bool) -> None:
        """Show the icon alone where there is no room; its words are its name and its tip."""
        self._is_narrow = is_narrow
        self._draw()

    def open_panel(self) -> None:
        """Open the panel."""
        show_exchange(self._office)

    @Slot()
    def _on_state(self) -> None:
        state = self._exchanges.state() if self._exchanges is not None else None
        shown = headline(state, self._office.clock.now()) if state is not None and state.is_enrolled else None
        if shown != self._shown:
            self._shown = shown
            self._draw()

    def _draw(self) -> None:
        shown = self._shown
        self._alone_icon.setVisible(shown is None)
        self._alone.setVisible(shown is None and not self._is_narrow)
        self.button.setVisible(shown is not None)
        if shown is None:
            return
        colour = theme.look().tone(shown.tone) if shown.tone != "plain" else "muted"
        self.button.setIcon(theme.icon(shown.icon, colour, before_words=not self._is_narrow))
        self.button.setText("" if self._is_narrow else shown.words)
        self.button.setAccessibleName(self.tr("Exchange: {0}").format(shown.words))
        self.button.setToolTip(shown.words)
