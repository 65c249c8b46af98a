"""Where somebody stays: covered until it is asked for, which goes on record; her rule stands before it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.casework.contacts import record_place
from advocate_desk.desk import theme
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner as MessageBanner
from advocate_desk.desk.widgets.buttons import icon_button
from advocate_desk.desk.widgets.labels import readable_label, text_label
from advocate_desk.desk.widgets.safe_contact import ReasonAsked, VerdictLine
from advocate_desk.domain.contact import covered, may_see_place
from advocate_desk.domain.identity import FileId, RecordId


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("SafePlace", text)


class SafePlace(QWidget):
    """The place where somebody stays. Asked for it shows, or asks why while an alert says not to contact."""

    change_allowed = Signal()

    def __init__(
        self, office: Office, file_id: FileId, person_id: UUID, whose: str, place: str, alerts: Collection[str]
    ) -> None:
        super().__init__()
        self._office, self._file_id, self._person_id = office, file_id, RecordId(person_id)
        self._whose, self._place = whose, place
        self._said = may_see_place(alerts)
        self._asked: ReasonAsked | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(px(4))
        for reason in self._said.reasons:
            self._layout.addWidget(VerdictLine(reason, "danger", strong=True))
        for caution in self._said.cautions:
            self._layout.addWidget(VerdictLine(caution, "warning"))
        line = QHBoxLayout()
        line.setSpacing(px(8))
        line.addWidget(text_label(tr("Whereabouts"), "muted"))
        self._value = readable_label("")
        line.addWidget(self._value, 1)
        self._eye = icon_button("eye", "", self._on_eye)
        line.addWidget(self._eye)
        self._layout.addLayout(line)
        self._trouble = MessageBanner()
        self._layout.addWidget(self._trouble)
        self._show(False)

    def shown_text(self) -> str:
        """The place as it stands on the screen."""
        return self._value.text()

    def is_busy(self) -> bool:
        """Whether somebody is at it: the place is in sight, a reason is asked for, or the focus is here."""
        return self._is_shown or self._asked is not None or any(each.hasFocus() for each in self.findChildren(QWidget))

    def ask(self, how: str) -> None:
        """Ask for the place: `how` is "shown" or "changed". The rule answers, or asks for a reason."""
        self._close_asked()
        if self._said.allowed:
            self._take(how, "")
            return
        words = tr("Change all the same") if how == "changed" else tr("Show all the same")
        self._asked = ReasonAsked(self._office, f"place {how} {self._person_id}", self._said.reasons, words)
        self._asked.given.connect(lambda reason: self._take(how, reason))
        self._asked.refused.connect(self._leave_it)
        self._layout.addWidget(self._asked)
        self._asked.show()
        self._asked.reason.setFocus()

    def _take(self, how: str, reason: str) -> None:
        job = self._office.do(self, record_place, self._file_id, self._person_id, how, reason)
        job.done.connect(self._on_change if how == "changed" else self._on_shown)
        job.refused.connect(self._trouble.say_refused)
        job.broken.connect(self._trouble.say_broken)

    @Slot(object)
    def _on_shown(self, _done: object) -> None:
        self._close_asked()
        self._show(True)
        self._eye.setFocus()

    @Slot(object)
    def _on_change(self, _done: object) -> None:
        self._close_asked()
        self.change_allowed.emit()

    def _on_eye(self) -> None:
        if self._is_shown:
            self._show(False)
        else:
            self.ask("shown")

    def _show(self, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._value.setText(self._place if is_shown else covered("", self._place))
        self._eye.setIcon(theme.icon("eye-off" if is_shown else "eye", "muted"))
        name = tr("Cover where {0} stays") if is_shown else tr("Show where {0} stays")
        self._eye.setToolTip(name.format(self._whose).replace("<", "‹").replace(">", "›"))
        self._eye.setAccessibleName(name.format(self._whose))

    def _leave_it(self) -> None:
        self._close_asked()
        self._eye.setFocus()

    def _close_asked(self) -> None:
        if self._asked is not None:
            self._asked.hide()
            self._asked.deleteLater()
            self._asked = None
