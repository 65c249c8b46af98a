"""The panel behind the header's words: how the exchange stands, its troubles, and what can be done about them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.dialogs.ask import DeskDialog, ask
from advocate_desk.desk.office import Office
from advocate_desk.desk.team.exchange_log import ExchangeLog
from advocate_desk.desk.team.exchange_state import ExchangeState
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.team.file_exchange import NO_ORGANISATION
from advocate_desk.desk.team.state_words import (
    Told,
    event_words,
    note_words,
    out_words,
    progress_words,
    trouble_words,
    when_words,
)
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, KeyValue, clear_layout, scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label

_WIDTH = 560


class ExchangePanel(DeskDialog):
    """Stands over the desk while it is open, and follows the exchange. Closed, its alarms count as read."""

    def __init__(self, parent: QWidget, office: Office, exchanges: Exchanges) -> None:
        super().__init__(parent, self.tr("Exchange with your organisation"), icon="refresh-cw")
        self._office, self._exchanges = office, exchanges
        self._alarms = exchanges.state().alarms
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, px(8), 0)
        column.setSpacing(px(12))
        self._messages = QVBoxLayout()
        self._messages.setSpacing(px(8))
        column.addLayout(self._messages)
        self._facts = KeyValue()
        column.addWidget(self._facts)
        self._progress = text_label("", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("How far the exchange has come"))
        column.addWidget(self._progress)
        column.addWidget(self._bar)
        column.addStretch(1)
        self.body.addWidget(scrolled(inner))
        self.pause = button(self.tr("Pause"), icon="pause", clicked=self._on_pause)
        self.now = button(self.tr("Exchange now"), icon="refresh-cw", clicked=exchanges.exchange_now)
        self.team = button(self.tr("Team and devices"), icon="users", clicked=self._open_team)
        self.log = button(self.tr("Log"), "quiet", "history", self._open_log, self.tr("What was out of the ordinary"))
        self.close_button = button(self.tr("Close"), "primary", clicked=self.accept)
        self.close_button.setDefault(True)
        self.buttons.insertWidget(0, self.log)
        for each in (self.team, self.pause, self.now, self.close_button):
            self.buttons.addWidget(each)
        self._shown: tuple[Told, ...] | None = None
        exchanges.state_changed.connect(self._on_state)
        self.finished.connect(self._on_finished)
        self._on_state()
        window = parent.window()
        self.resize(min(px(_WIDTH), window.width() - px(40)), min(px(360), window.height() - px(40)))
        self.close_button.setFocus()

    def told(self) -> tuple[Told, ...]:
        """The messages that are shown."""
        return self._shown or ()

    @Slot()
    def _on_state(self) -> None:
        now = self._exchanges.state()
        self._alarms = now.alarms or self._alarms
        self._show_messages(now)
        self._show_facts(now)
        self._progress.setVisible(now.progress is not None)
        self._bar.setVisible(now.progress is not None)
        if now.progress is not None:
            self._progress.setText(progress_words(now.progress))
            self._bar.setRange(0, max(1, now.progress[1]))
            self._bar.setValue(now.progress[0])
        words = self.tr("Go on") if now.is_paused else self.tr("Pause")
        self.pause.setText(words)
        self.pause.setIcon(theme.icon("refresh-cw" if now.is_paused else "pause", "muted", before_words=True))
        self.pause.setAccessibleName(words)
        can_meet = (now.has_hub or now.has_file) and not now.is_out
        self.pause.setVisible(can_meet)
        self.now.setVisible(can_meet)
        self.team.setVisible(now.is_out)
        self.now.setEnabled(not now.is_paused and not now.is_running)

    def _show_messages(self, now: ExchangeState) -> None:
        told = [event_words(each) for each in self._alarms]
        if now.is_out and (now.trouble is None or now.trouble.kind != "left"):
            told.append(out_words())
        elif now.trouble is not None:
            words = trouble_words(now.trouble)
            told += [] if words.text in {each.text for each in told} else [words]
        told += [
            each
            for each in note_words(now.notes, now.withdrawn)
            if not any(said.text.startswith(each.text) for said in told)
        ]
        if now.is_away and not now.is_paused and not now.is_out:
            text = self.tr(
                "The exchange file of your organisation is not here now. What you write is kept here, and is exchanged "
                "by itself when the stick is in or the folder can be reached again."
            )
            told.append(Told(text, "info"))
        if now.is_paused and not now.is_out:
            text = self.tr(
                "The exchange is paused. What you write is kept here. Nobody else sees it, and you see nothing new of "
                "others, until you choose Go on."
            )
            told.append(Told(text, "info"))
        if self._shown == tuple(told):
            return
        self._shown = tuple(told)
        clear_layout(self._messages)
        for each in told:
            banner = Banner(can_dismiss=False)
            self._messages.addWidget(banner)  # before it speaks, or it would be a window of its own for a moment
            banner.acted.connect(self._on_take_away)
            banner.say(each.text, each.tone, each.action)

    def _show_facts(self, now: ExchangeState) -> None:
        never = self.tr("Not yet")
        last = when_words(now.last_at, self._office.clock.now()) if now.last_at is not None else never
        waiting = self.tr("Changes not delivered") if now.is_out else self.tr("Changes to be sent")
        facts = [(self.tr("Last exchange"), last), (waiting, f"{now.waiting:,}")]
        if now.documents and not now.is_out:
            facts.append((self.tr("Documents still to come"), f"{now.documents:,}"))
        if now.unsent_documents and not now.is_out:
            facts.append((self.tr("Documents still to be sent"), f"{now.unsent_documents:,}"))
        self._facts.clear()
        for name, value in facts:
            self._facts.add(name, value)

    def _on_pause(self) -> None:
        if self._exchanges.state().is_paused:
            self._exchanges.go_on()
        else:
            self._exchanges.pause()

    def _on_take_away(self) -> None:
        ask(
            self,
            self.tr("Take these files away?"),
            self.tr(
                "They will be deleted from this computer. Your organisation keeps them, with all that you wrote in "
                "them. Who may read them is decided there."
            ),
            self.tr("Take them away"),
            self._exchanges.clear_withdrawn,
            is_grave=True,
        )

    def _open_team(self) -> None:
        self.accept()
        self._office.go("team")

    def _open_log(self) -> None:
        ExchangeLog(self, self._exchanges, self._office.clock).open()

    def _on_finished(self) -> None:
        if self._alarms:
            self._exchanges.read_alarms()


def show_exchange(office: Office) -> None:
    """Open the panel: the command. Where the desk belongs to no organisation, say so."""
    page, exchanges = office.parent(), office.exchanges
    if exchanges is None or not isinstance(page, QWidget):
        return
    if exchanges.state().is_enrolled:
        ExchangePanel(page.window(), office, exchanges).open()
    else:
        office.messages.notice(QCoreApplication.translate("ExchangeWords", NO_ORGANISATION), "info")
