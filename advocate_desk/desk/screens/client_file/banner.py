"""The banner that stays while a file is open: who, how to reach her safely, alerts, risk, what comes next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from advocate_desk.casework.contacts import Reveal, record_reveal, verdict
from advocate_desk.casework.work import Done
from advocate_desk.clock import today_in_london
from advocate_desk.desk import theme
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.shortcuts import with_keys
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner as MessageBanner
from advocate_desk.desk.widgets.boxes import clear_layout
from advocate_desk.desk.widgets.buttons import button, icon_button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, icon_label, text_label
from advocate_desk.desk.widgets.safe_contact import ReasonAsked, covered, waiting_words
from advocate_desk.domain.contact import BannerPart, Channel, Verdict, banner_way
from advocate_desk.domain.contact import banner as contact_banner
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.client_file import Banner
from advocate_desk.store.queries.safe_contact import ContactLine

GRAVE_ALERTS = frozenset(
    {"do_not_contact", "do_not_visit_alone", "weapons", "threat_to_staff", "suicide_self_harm", "strangulation",
     "tracked_device", "address_confidential", "perpetrator_police", "perpetrator_staff"}
)  # fmt: skip
COVERED = "•••••"
MINUTE_MS = 60_000
_NARROW = 760  # pixels at 100% text


class FileBanner(QFrame):
    """Draws a Banner and the actions of the file. Says what is asked by the name of a form or deed."""

    asked = Signal(str)  # note, attempt, task, alert, referral, consent, access_need, allocate, file_status, …
    contact_asked = Signal()

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._shown: Banner | None = None
        self.is_private_covered = False
        self._revealed: UUID | None = None  # the contact method that is shown against the rule, its reason given
        self._drawn_rule: tuple[str, bool] = ("", False)
        self._asked: ReasonAsked | None = None
        self._eye: QPushButton | None = None
        self.setProperty("box", "header")
        self.setAccessibleName(self.tr("Client file"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(8), px(16), px(8))
        layout.setSpacing(px(2))
        self._who, self._badges, self._ways, self._deeds = QWidget(), QWidget(), QWidget(), QWidget()
        self._who_flow = FlowLayout(self._who, px(8))
        self._badge_flow = FlowLayout(self._badges, px(8))
        self._ways_flow = FlowLayout(self._ways, px(5))
        self._deeds.setLayout(self._actions())
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(2))
        self._grid.setColumnStretch(1, 1)
        layout.addLayout(self._grid)
        layout.addWidget(self._ways)
        self._trouble = MessageBanner()
        self._lower = layout
        layout.addWidget(self._trouble)
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.on_minute)
        self._minute.start()
        self._is_narrow: bool | None = None
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Badges go under the name where they would be cramped beside it."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        is_narrow = self.width() < px(_NARROW)
        whole = sum(each.sizeHint().width() + px(8) for each in self._who.findChildren(QLabel) if not each.isHidden())
        self._who.setFixedWidth(max(px(120), min(whole, self.width() - self._deeds.sizeHint().width() - px(56))))
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        for part in (self._who, self._badges, self._deeds):
            self._grid.removeWidget(part)
        self._grid.addWidget(self._who, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self._deeds, 0, 2, Qt.AlignmentFlag.AlignTop)
        if is_narrow:
            self._grid.addWidget(self._badges, 1, 0, 1, 3)
        else:
            self._grid.addWidget(self._badges, 0, 1)

    def show_banner(self, shown: Banner) -> None:
        """Draw it."""
        had_focus = self._eye is not None and self._eye.hasFocus()
        self._shown, self._eye = shown, None
        clear_layout(self._who_flow)
        clear_layout(self._badge_flow)
        clear_layout(self._ways_flow)
        self._draw_who(shown)
        self._draw_ways(shown)
        self._arrange()
        is_closed = shown.status == "closed"
        self._close.setVisible(not is_closed)
        self._reopen.setVisible(is_closed)
        if had_focus:
            self._focus_eye()

    @Slot()
    def on_minute(self) -> None:
        """A minute has passed: what was safe may be so no more."""
        if self._shown is not None and self._rule() != self._drawn_rule:
            self.show_banner(self._shown)

    def shown(self) -> Banner | None:
        """What stands in it."""
        return self._shown

    def cover_private(self, covered: bool) -> None:
        """Cover numbers and addresses, or show them again."""
        self.is_private_covered = covered
        if self._shown is not None:
            self.show_banner(self._shown)

    def turn_number(self) -> None:
        """Show the number, with a reason where her rule does not allow it now, or cover it again."""
        way = self._way()
        if way is None:
            return
        line, channel, said = way
        if not self._is_covered():
            self._revealed = None
            self.cover_private(said.allowed)
        elif said.allowed or self._revealed == line.contact_id:
            self.cover_private(False)
        else:
            self._ask_reason(line, channel, said)

    def contact_text(self) -> str:
        """The line on how to reach her, as it stands."""
        return " · ".join(self._text(part) for part in self._parts()) if self._shown else ""

    # --- inside ---

    def _today(self) -> date:
        return today_in_london(self._office.clock)

    def _parts(self) -> tuple[BannerPart, ...]:
        assert self._shown is not None
        methods = [each.method for each in self._shown.contacts]
        parts = contact_banner(methods, self._today(), [each.kind for each in self._shown.alerts])
        wait, _is_covered = self._rule()
        return (BannerPart(wait), *parts) if wait else parts

    def _way(self) -> tuple[ContactLine, Channel, Verdict] | None:
        """The contact method that the banner shows, and what her rule says of it now; None when it shows none."""
        alerts = [each.kind for each in self._shown.alerts] if self._shown else []
        contacts = self._shown.contacts if self._shown else ()
        found = banner_way([each.method for each in contacts])
        if found is None or "do_not_contact" in alerts:
            return None
        line = contacts[found[0]]
        return line, found[1], verdict(line.method, found[1], self._office.clock.now(), alerts)

    def _rule(self) -> tuple[str, bool]:
        """When she may be reached next, "" for now; and whether the number is covered."""
        way = self._way()
        if way is None or way[2].allowed:
            return "", self.is_private_covered
        return waiting_words(way[0].method, way[1], self._office.clock.now()), self._is_covered()

    def _is_covered(self) -> bool:
        way = self._way()
        is_ruled_out = way is not None and not way[2].allowed and way[0].contact_id != self._revealed
        return self.is_private_covered or is_ruled_out

    def _text(self, part: BannerPart) -> str:
        way = self._way()
        if not part.is_private or not self._is_covered() or way is None:
            return part.text
        return COVERED if self.is_private_covered else covered(way[0].method)

    def _ask_reason(self, line: ContactLine, channel: Channel, said: Verdict) -> None:
        self._close_asked()
        self._asked = ReasonAsked(self._office, f"banner {line.contact_id}", said.reasons, self.tr("Show all the same"))
        self._asked.given.connect(partial(self._reveal, line.contact_id, channel))
        self._asked.refused.connect(self._leave_it)
        self._lower.addWidget(self._asked)
        self._asked.show()
        self._asked.reason.setFocus()

    def _reveal(self, contact_id: UUID, channel: Channel, reason: str) -> None:
        if self._shown is None:
            return
        asked = Reveal(RecordId(contact_id), channel.value, "shown", reason)
        job = self._office.do(self, record_reveal, FileId(self._shown.file_id), asked)
        job.done.connect(self._on_revealed)
        job.refused.connect(self._trouble.say_refused)
        job.broken.connect(self._trouble.say_broken)

    @Slot(object)
    def _on_revealed(self, done: Done) -> None:
        self._revealed = done.record_id
        self._trouble.hide()
        self.cover_private(False)
        self._leave_it()

    def _leave_it(self) -> None:
        self._close_asked()
        self._focus_eye()

    def _focus_eye(self) -> None:
        if self._eye is not None:
            self._eye.show()  # at once: a widget that is not shown yet cannot take the focus
            self._eye.setFocus()

    def _close_asked(self) -> None:
        if self._asked is not None:
            self._asked.hide()
            self._asked.deleteLater()
            self._asked = None

    def _draw_who(self, shown: Banner) -> None:
        flow = self._who_flow
        name = text_label(words.name_words(shown.client_name), "title")
        flow.addWidget(name)
        if shown.known_as and shown.known_as != shown.client_name:
            flow.addWidget(text_label(self.tr("known as {0}").format(shown.known_as), "muted"))
        reference = text_label(shown.reference, "muted")
        reference.setMinimumHeight(px(24))
        flow.addWidget(reference)
        flow = self._badge_flow
        if shown.is_restricted:
            flow.addWidget(Badge(self.tr("Restricted"), "warning", "lock"))
        if shown.status == "closed":
            flow.addWidget(Badge(self.tr("Closed"), "plain", "folder"))
        flow.addWidget(Badge(self._risk_words(shown), words.grade_tone(shown.risk_grade), "gauge"))
        for alert in sorted(shown.alerts, key=lambda each: each.kind not in GRAVE_ALERTS):
            label = self._office.packs.label("alert_kind", alert.kind)
            tone: theme.Tone = "danger" if alert.kind in GRAVE_ALERTS else "warning"
            badge = Badge(label, tone, "triangle-alert")
            badge.setToolTip(_plain(f"{label}: {alert.text}" if alert.text else label))
            flow.addWidget(badge)

    def _risk_words(self, shown: Banner) -> str:
        if not shown.risk_grade:
            return self.tr("Risk not graded")
        grade = self.tr("{0} risk").format(words.grade_words(self._office.packs, shown.risk_grade))
        if shown.dash_on is None:
            return self.tr("{0}, by the referrer · not assessed yet").format(grade)
        age = words.ago_words(shown.dash_on, self._today())
        return (
            f"{grade} · Dash {shown.dash_score} · {age[:1].lower()}{age[1:]}" if shown.dash_score is not None else grade
        )

    def _draw_ways(self, shown: Banner) -> None:
        flow = self._ways_flow
        parts = self._parts()
        is_warning = not any(part.is_private for part in parts)
        self._drawn_rule = self._rule()
        is_late = bool(self._drawn_rule[0])
        first: theme.Tone = "danger" if is_warning else "warning" if is_late else "plain"
        colour = theme.look().tone(first) if is_warning or is_late else "accent"
        icon = icon_label("phone-off" if is_warning or is_late else "phone", 17, colour)
        for number, part in enumerate(parts):
            is_stop = number < len(parts) - 1 and number != int(is_late)
            words_of = self._text(part) + (" ·" if is_stop else "")
            label = text_label(words_of, "strong", "plain" if number else first)
            if number == 0:
                label.setAccessibleName(self.tr("How to contact safely: {0}").format(self.contact_text()))
            flow.addWidget(_level(_side_by_side(icon, label) if number == 0 else label))
        if not is_warning:
            flow.addWidget(self._cover_button())
        flow.addWidget(_gap())
        if shown.next_on is not None:
            late = shown.next_on < self._today()
            words_next = text_label(self._next_words(shown), "" if late else "muted", "danger" if late else "plain")
            flow.addWidget(_level(_side_by_side(icon_label("calendar-clock", 16), words_next)))
            flow.addWidget(_gap())
        owner = text_label(shown.allocated_to or self.tr("Nobody yet"), "muted")
        owner.setAccessibleName(self.tr("Allocated to {0}").format(owner.text()))
        flow.addWidget(_level(_side_by_side(icon_label("user", 16), owner)))

    def _next_words(self, shown: Banner) -> str:
        assert shown.next_on is not None
        kinds = {
            "hearing": self.tr("hearing"),
            "task": self.tr("task due"),
            "bail": self.tr("bail ends"),
            "bail_counted": self.tr("bail ends (counted, not told)"),
        }
        when = words.due_words(
            shown.next_on, self._today(), shown.next_hearing_time if shown.next_kind == "hearing" else ""
        )
        kind = kinds.get(shown.next_kind, "")
        if shown.next_on < self._today():
            late = self.tr("hearing without an outcome") if shown.next_kind == "hearing" else kind
            return f"{late[:1].upper()}{late[1:]}: {when[:1].lower()}{when[1:]}"
        return self.tr("Next: {0} {1}").format(
            kind, f"{when[:1].lower()}{when[1:]}" if when[:3] in ("Tod", "Tom") else when
        )

    def _cover_button(self) -> QWidget:
        is_covered = self._is_covered()
        name = self.tr("Show the number") if is_covered else self.tr("Cover the number")
        made = button("", "link", "eye" if is_covered else "eye-off", self.turn_number, with_keys(name, "show_number"))
        made.setAccessibleName(name)
        self._eye = made
        return made

    def _actions(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        note = button(self.tr("Add note"), "primary", "notebook-pen", lambda: self.asked.emit("note"))
        note.setToolTip(with_keys(self.tr("Add a contact note"), "new_note"))
        row.addWidget(note, 0, Qt.AlignmentFlag.AlignTop)
        for icon, name, key, deed in (
            ("phone-call", self.tr("Record a contact attempt"), "new_attempt", "attempt"),
            ("list-todo", self.tr("Add a task"), "new_task", "task"),
        ):
            made = icon_button(icon, name, self._asker(deed), "text")
            made.setToolTip(with_keys(name, key))
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._more_button(), 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _asker(self, deed: str) -> Callable[[], None]:
        return lambda: self.asked.emit(deed)

    def _more_button(self) -> QToolButton:
        made = icon_button("ellipsis", self.tr("More to do with this file"), None, "text")
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(made)
        menu.setAccessibleName(self.tr("More to do with this file"))
        for deed, name in (
            ("alert", self.tr("Add an alert")),
            ("consent", self.tr("Record a consent")),
            ("access_need", self.tr("Add an access need")),
            ("referral", self.tr("Add a referral")),
        ):
            menu.addAction(name, self._asker(deed))
        menu.addSeparator()
        menu.addAction(self.tr("Allocate"), self._asker("allocate"))
        menu.addAction(self.tr("Change status"), self._asker("file_status"))
        menu.addAction(self.tr("Restriction and conflict"), self._asker("restriction"))
        menu.addSeparator()
        # Made here and not by the menu. WORKAROUND for PySide6 6.12: an action that Qt had made, still in its menu, was
        # taken for deleted by its Python object when a form over this page ended. Measured.
        self._close = QAction(self.tr("Close the file"), menu)
        self._close.triggered.connect(self._asker("close_file"))
        self._reopen = QAction(self.tr("Open the file again"), menu)
        self._reopen.triggered.connect(self._asker("file_status"))
        self._reopen.setVisible(False)
        menu.addActions((self._close, self._reopen))
        made.setMenu(menu)
        return made


def _side_by_side(icon: QLabel, label: QLabel) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(6))
    row.addWidget(icon)
    row.addWidget(label)
    return made


def _level(widget: QWidget) -> QWidget:
    """As high as its neighbours, so that pictures and words stand on one line."""
    widget.setFixedHeight(px(28))
    return widget


def _gap() -> QWidget:
    made = QWidget()
    made.setFixedSize(px(10), px(2))
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def _plain(text: str) -> str:
    """Typed text for a tooltip, which Qt would else take for rich text when it looks like it."""
    return text.replace("<", "‹").replace(">", "›")
