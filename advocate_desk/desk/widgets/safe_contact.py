"""The safe-contact guard: the client's rule stands before every number, address, call, letter and export.

Where her rule says no, going on needs a reason, and both are on record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from advocate_desk.casework.contacts import Reveal, record_reveal, verdict
from advocate_desk.clock import in_london
from advocate_desk.desk import theme
from advocate_desk.desk.lock import secret_text
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.boxes import Banner as MessageBanner
from advocate_desk.desk.widgets.boxes import clear_layout
from advocate_desk.desk.widgets.buttons import button, icon_button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import icon_label, readable_label, text_label, tone_icon
from advocate_desk.domain.contact import (
    PHONE_KINDS,
    WEEKDAY_NAMES,
    Channel,
    ContactMethod,
    Verdict,
    channel_answer,
    channels_of,
    hours_words,
    next_safe_call,
)
from advocate_desk.domain.contact import covered as covered_value
from advocate_desk.domain.facts import FactNote, fact_words, short_day
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.client_file import Banner, banner
from advocate_desk.store.queries.safe_contact import ContactLine

if TYPE_CHECKING:
    from advocate_desk.desk.forms.builder import FormView
    from advocate_desk.desk.forms.values import Values

KIND_ICONS = {
    "mobile": "phone",
    "landline": "phone-call",
    "email": "mail",
    "post": "house",
    "messaging": "message-square-text",
    "via_person": "users",
    "video": "monitor",
}


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("SafeContact", text)


def _deed(channel: Channel) -> str:
    words = {
        Channel.PHONE: tr("call"),
        Channel.TEXT: tr("text"),
        Channel.VOICEMAIL: tr("leave a voicemail"),
        Channel.EMAIL: tr("email"),
        Channel.POST: tr("write"),
        Channel.MESSAGING: tr("message"),
        Channel.VIDEO: tr("video call"),
        Channel.VIA_PERSON: tr("go through this person"),
        Channel.VISIT: tr("visit"),
    }
    return words[channel]


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """What the rule says of one channel now: "Safe to call now · until 15:00", "Never text"."""

    channel: Channel
    words: str
    tone: Tone


def channel_lines(method: ContactMethod, now: datetime, alerts: Collection[str] = ()) -> tuple[ChannelLine, ...]:
    """The rule for every channel of `method` at `now` (aware), the first being the one that matters most."""
    return tuple(
        ChannelLine(channel, *_words(method, channel, verdict(method, channel, now, alerts), now, alerts))
        for channel in channels_of(method)
    )


def verdict_words(method: ContactMethod, now: datetime, alerts: Collection[str] = ()) -> str:
    """One sentence for the method: what may be done now by its first channel."""
    lines = channel_lines(method, now, alerts)
    return lines[0].words if lines else tr("Nobody has recorded whether this is safe")


def _words(
    method: ContactMethod, channel: Channel, said: Verdict, now: datetime, alerts: Collection[str]
) -> tuple[str, Tone]:
    wall, deed = in_london(now), _deed(channel)
    if said.allowed:
        until = method.hours.until if method.hours and channel is not Channel.POST else None
        words = tr("Safe to {0} now").format(deed)
        return (f"{words} · {tr('until')} {until.hour}:{until.minute:02d}" if until else words), "ok"
    if "do_not_contact" in alerts:
        return tr("Do not {0}: there is an alert").format(deed), "danger"
    answer = channel_answer(method, channel)
    if answer == "no":
        return tr("Never {0}").format(deed), "danger"
    if answer == "unknown":
        return tr("Do not {0}: not known to be safe").format(deed), "warning"
    if said.next_safe_at is not None:
        return tr("Not now: outside safe times; next {0}").format(moment_words(said.next_safe_at, wall)), "warning"
    before = method.do_not_contact_before
    if before is not None:
        return tr("Not before {0}").format(short_day(before, wall.date())), "warning"
    return tr("Do not {0}").format(deed), "warning"


def waiting_words(method: ContactMethod, channel: Channel, now: datetime) -> str:
    """When a way that is not safe now is safe next: "Not now: next safe time tomorrow 9:00"."""
    wall = in_london(now).replace(tzinfo=None)
    opens = next_safe_call(method, wall, channel)
    return tr("Not now: next safe time {0}").format(moment_words(opens, wall)) if opens else tr("Not now")


def moment_words(at: datetime, now: datetime) -> str:
    """A moment soon, in London time: "today 14:00", "tomorrow 9:00", "Mon 9:00"."""
    ahead = (at.date() - now.date()).days
    day = tr("today") if ahead == 0 else tr("tomorrow") if ahead == 1 else WEEKDAY_NAMES[at.weekday()]
    if ahead > 6:
        day = short_day(at.date(), now.date())
    return f"{day} {at.hour}:{at.minute:02d}"


def covered(method: ContactMethod) -> str:
    """The value as it stands before somebody asks for it."""
    return covered_value(method.kind, method.value)


def caution_words(method: ContactMethod) -> list[str]:
    """What to mind when this method is used, none of it secret."""
    found = [hours_words(method.hours) if method.hours else tr("No safe times recorded")]
    if method.kind == "post":
        found = []
    if method.code_word:
        found.append(tr("Code word set"))
    if method.who_may_answer:
        found.append(tr("Somebody else may answer"))
    if method.is_device_shared:
        found.append(tr("Shared phone or account"))
    return found


class VerdictLine(QWidget):
    """An icon and the words of a rule."""

    def __init__(self, words: str, tone: Tone, strong: bool = False) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(6))
        layout.addWidget(icon_label(tone_icon(tone), 15, theme.look().tone(tone)), 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(text_label(words, "strong" if strong else "", tone, wrap=True), 1)


class ReasonAsked(QFrame):
    """Why the rule says no, and the reason that going on needs. Emits `given` with the reason, or `refused`."""

    given = Signal(str)
    refused = Signal()

    def __init__(self, office: Office, name: str, reasons: Collection[str], go_on: str) -> None:
        """`name` says what the reason is for: what was typed for it before a lock stands there again."""
        super().__init__()
        self._office, self._name = office, f"reason: {name}"
        self.setProperty("box", "banner")
        self.setProperty("tone", "warning")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(12), px(10), px(12), px(12))
        layout.setSpacing(px(8))
        layout.addWidget(VerdictLine(" ".join(reasons), "warning", strong=True))
        layout.addWidget(text_label(tr("To go on all the same, say why. It is kept in the file’s history."), wrap=True))
        self.reason = QLineEdit()
        self.reason.setAccessibleName(tr("Reason for going against the safe-contact rule"))
        self.reason.setPlaceholderText(tr("Such as: she rang and asked for a call back"))
        self.reason.setMaxLength(300)
        self.reason.textChanged.connect(self._on_text)
        self.reason.returnPressed.connect(self._give)
        layout.addWidget(self.reason)
        line = QHBoxLayout()
        self._go = button(go_on, "danger", clicked=self._give)
        self._go.setEnabled(False)
        line.addWidget(self._go)
        line.addWidget(button(tr("Leave it"), "quiet", clicked=self._leave))
        line.addStretch(1)
        layout.addLayout(line)
        office.half_typed.follow(self.reason, self._name)

    def _on_text(self, text: str) -> None:
        self._go.setEnabled(bool(text.strip()))

    def _leave(self) -> None:
        self._office.half_typed.forget(self._name)
        self.refused.emit()

    def _give(self) -> None:
        if self.reason.text().strip():
            self._office.half_typed.forget(self._name)
            self.given.emit(self.reason.text().strip())


class SafeContact(QFrame):
    """One way to reach somebody: her rule first, the value covered until it is asked for through the rule."""

    edit_asked = Signal(object)  # ContactLine
    remove_asked = Signal(object)
    attempt_asked = Signal(object)

    def __init__(self, office: Office, file_id: FileId, line: ContactLine, alerts: Collection[str]) -> None:
        super().__init__()
        self.office, self.file_id, self.line, self.alerts = office, file_id, line, tuple(alerts)
        self.setProperty("box", "inset")
        self._asked: ReasonAsked | None = None
        self._is_shown = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(px(14), px(10), px(10), px(12))
        self._layout.setSpacing(px(6))
        self._trouble = MessageBanner()
        self._draw_head()
        self._draw_rule()
        self._layout.addWidget(self._trouble)

    def is_shown(self) -> bool:
        """Whether the value is in sight."""
        return self._is_shown

    def is_busy(self) -> bool:
        """Whether somebody is at it: the value is in sight, a reason is asked for, or the focus is here."""
        return self._is_shown or self._asked is not None or any(each.hasFocus() for each in self.findChildren(QWidget))

    def shown_text(self) -> str:
        """The value as it stands on the screen."""
        return self._value.text()

    def ask(self, how: str) -> None:
        """Ask for the value: `how` is "shown", "copied" or "changed". The rule answers, or asks for a reason."""
        method = self.line.method
        channel = self._channel()
        said = verdict(method, channel, self.office.clock.now(), self.alerts)
        self._close_asked()
        if said.allowed and how == "changed":
            self._on_open()  # its form puts on record that it was seen
            return
        if said.allowed:
            self._take(how, "")
            return
        words = {"copied": tr("Copy all the same"), "changed": tr("Change all the same")}
        name = f"{how} {self.line.contact_id}"
        self._asked = ReasonAsked(self.office, name, said.reasons, words.get(how, tr("Show all the same")))
        self._asked.given.connect(lambda reason: self._take(how, reason))
        self._asked.refused.connect(self._close_asked)
        self._layout.addWidget(self._asked)
        self._asked.show()
        self._asked.reason.setFocus()

    def _channel(self) -> Channel:
        return (channels_of(self.line.method) or (Channel.VIA_PERSON,))[0]

    def _take(self, how: str, reason: str) -> None:
        asked = Reveal(RecordId(self.line.contact_id), self._channel().value, how, reason)
        job = self.office.do(self, record_reveal, self.file_id, asked)
        job.done.connect({"copied": self._on_copied, "changed": self._on_open}.get(how, self._on_revealed))
        job.refused.connect(self._trouble.say_refused)
        job.broken.connect(self._trouble.say_broken)

    @Slot(object)
    def _on_revealed(self, _done: object) -> None:
        self._close_asked()
        self._is_shown = True
        self._value.setText(self.line.method.value)
        self._secrets.setVisible(bool(self._secrets.text()))
        self._eye.setIcon(theme.icon("eye-off", "muted"))
        self._eye.setToolTip(self._name(tr("Cover {0}")))
        self._eye.setAccessibleName(self._name(tr("Cover {0}")))

    @Slot(object)
    def _on_open(self, _done: object = None) -> None:
        self._close_asked()
        self.edit_asked.emit(self.line)

    @Slot(object)
    def _on_copied(self, _done: object) -> None:
        self._close_asked()
        QGuiApplication.clipboard().setMimeData(secret_text(self.line.method.value))
        self.office.messages.notice(tr("Copied. It leaves the clipboard by itself in half a minute."))

    def _cover(self) -> None:
        self._is_shown = False
        self._value.setText(covered(self.line.method))
        self._secrets.hide()
        self._eye.setIcon(theme.icon("eye", "muted"))
        self._eye.setToolTip(self._name(tr("Show {0}")))
        self._eye.setAccessibleName(self._name(tr("Show {0}")))

    def _on_eye(self) -> None:
        if self._is_shown:
            self._cover()
        else:
            self.ask("shown")

    def _close_asked(self) -> None:
        if self._asked is not None:
            self._asked.hide()
            self._asked.deleteLater()
            self._asked = None

    def _name(self, pattern: str) -> str:
        kind = self.office.packs.label("contact_kind", self.line.method.kind)
        return pattern.format(f"{kind} {tr('ending')} {self.line.method.value[-3:]}" if self._is_phone() else kind)

    def _is_phone(self) -> bool:
        return self.line.method.kind in PHONE_KINDS

    def _draw_head(self) -> None:
        method = self.line.method
        head = QHBoxLayout()
        head.setSpacing(px(4))
        head.addWidget(icon_label(KIND_ICONS.get(method.kind, "circle-dot"), 20))
        both = QVBoxLayout()
        both.setSpacing(px(1))
        both.addWidget(text_label(self.office.packs.label("contact_kind", method.kind), "small"))
        self._value = readable_label(covered(method), "strong")
        both.addWidget(self._value)
        head.addLayout(both, 1)
        self._eye = icon_button("eye", self._name(tr("Show {0}")), self._on_eye)
        head.addWidget(self._eye)
        head.addWidget(icon_button("copy", self._name(tr("Copy {0}")), lambda: self.ask("copied")))
        for icon, name, signal in (
            ("phone-call", tr("Record an attempt by {0}"), self.attempt_asked),
            ("pencil", tr("Change {0}"), self.edit_asked),
            ("trash-2", tr("Remove {0}"), self.remove_asked),
        ):
            if signal is not self.attempt_asked or self.line.person_role == "client":
                head.addWidget(icon_button(icon, self._name(name), self._emitter(signal)))
        self._layout.addLayout(head)

    def _emitter(self, signal: Any) -> Callable[[], None]:  # noqa: ANN401 - a bound Qt signal
        return partial(self.ask, "changed") if signal is self.edit_asked else partial(signal.emit, self.line)

    def _draw_rule(self) -> None:
        method = self.line.method
        rules = QWidget()
        flow = FlowLayout(rules, px(12))
        for each in channel_lines(method, self.office.clock.now(), self.alerts):
            flow.addWidget(_pill(each))
        self._layout.addWidget(rules)
        told = in_london(self.line.told_at).date() if self.line.told_at else None
        fact = fact_words(
            FactNote(self.line.fact_source, told, self.line.fact_state), in_london(self.office.clock.now()).date()
        )
        small = " · ".join([*caution_words(method), *([fact] if fact and self.line.fact_source else [])])
        if small:
            self._layout.addWidget(text_label(small, "small", wrap=True))
        if self.line.note:
            self._layout.addWidget(readable_label(self.line.note))
        self._secrets: QLabel = readable_label(_secret_words(method))
        self._secrets.hide()
        self._layout.addWidget(self._secrets)


def _secret_words(method: ContactMethod) -> str:
    found = []
    if method.code_word:
        found.append(tr("Code word: {0}").format(method.code_word))
    if method.who_may_answer:
        found.append(tr("May answer: {0}").format(method.who_may_answer))
    return "   ".join(found)


def _pill(line: ChannelLine) -> QWidget:
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(px(6))
    layout.addWidget(icon_label(tone_icon(line.tone), 15, theme.look().tone(line.tone)))
    layout.addWidget(text_label(line.words, "strong", line.tone))
    return made


class AttemptGuard(QWidget):
    """Stands beside the form of an attempt: what her rule says of the way and the moment that are chosen.

    It tells the form, by its value "guard", whether a reason is needed.
    """

    def __init__(
        self,
        office: Office,
        file_id: FileId,
        view: FormView,
        judge: Callable[[Banner, Values, datetime], Verdict | None],
    ) -> None:
        super().__init__()
        self.office, self._view, self._judge = office, view, judge
        self._shown: Banner | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(16), px(24), px(4))
        layout.setSpacing(px(4))
        self.setAccessibleName(tr("Safe contact"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(px(5))
        layout.addLayout(self._lines)
        layout.addStretch(1)
        view.changed.connect(self.update_rule)
        job = office.read(self, banner, file_id)
        job.done.connect(self._on_banner)
        office.messages.follow(job)

    @Slot(object)
    def _on_banner(self, shown: Banner) -> None:
        self._shown = shown
        self.update_rule()

    @Slot()
    def update_rule(self) -> None:
        """Judge what is chosen now."""
        if self._shown is None:
            return
        values = self._view.values()
        said = self._judge(self._shown, values, self.office.clock.now())
        self._view.set_fact("guard", "no" if said is not None and not said.allowed else "ok")
        clear_layout(self._lines)
        if said is None:
            self._lines.addWidget(text_label(tr("No recorded rule covers this way."), "muted", wrap=True))
            return
        if said.allowed:
            self._lines.addWidget(VerdictLine(tr("Her rule allows this."), "ok", strong=True))
        for reason in said.reasons:
            self._lines.addWidget(VerdictLine(reason, "danger", strong=True))
        for caution in said.cautions:
            self._lines.addWidget(VerdictLine(caution, "info"))
        if said.code_word and (said.allowed or str(values.get("override_reason") or "").strip()):
            self._lines.addWidget(readable_label(tr("Code word: {0}").format(said.code_word)))
