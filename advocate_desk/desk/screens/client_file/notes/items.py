"""One note, with what it said before it was amended, and one contact attempt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.clock import in_london
from advocate_desk.desk import theme
from advocate_desk.desk.screens.client_file.notes.words import attempt_title, note_title
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import Badge, icon_label, readable_label, text_label
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.notes import AttemptLine, NoteLine

NOTE_ICONS = {
    "phone": "phone",
    "in_person": "users",
    "text": "message-square-text",
    "email": "mail",
    "video": "monitor",
    "letter": "mail",
    "home_visit": "house",
    "court": "gavel",
    "hospital": "hospital",
    "professional": "briefcase",
    "marac": "users",
    "record": "file-text",
}
FAILED = frozenset({"no_answer", "wrong_number", "unsafe", "declined"})


def stamp(moment: datetime) -> str:
    """The time of day in London."""
    return f"{in_london(moment):%H:%M}"


class NoteItem(QFrame):
    """A note that stands. Earlier versions open beneath it."""

    amend_asked = Signal(object)  # note id

    def __init__(self, packs: Packs, note: NoteLine, amended: Mapping[UUID, NoteLine]) -> None:
        super().__init__()
        self._packs, self.note, self._amended = packs, note, amended
        self._earlier: QWidget | None = None
        self.setProperty("box", "card")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(px(18), px(12), px(14), px(14))
        self._layout.setSpacing(px(8))
        title = note_title(packs, note)
        head = QHBoxLayout()
        head.setSpacing(px(10))
        head.addWidget(
            icon_label(NOTE_ICONS.get(note.method, "notebook-pen"), 18, "accent"), 0, Qt.AlignmentFlag.AlignTop
        )
        both = QVBoxLayout()
        both.setSpacing(px(1))
        both.addWidget(text_label(title, "subheading", wrap=True))
        setting = packs.label("setting", note.setting) if note.setting else ""
        small = " · ".join(part for part in (stamp(note.happened_at), setting, note.written_by) if part)
        both.addWidget(text_label(small, "small", wrap=True))
        head.addLayout(both, 1)
        amend = button(self.tr("Amend"), "link", "pen-line", lambda: self.amend_asked.emit(note.note_id))
        amend.setAccessibleName(self.tr("Amend: {0}").format(title))
        head.addWidget(amend, 0, Qt.AlignmentFlag.AlignTop)
        self._layout.addLayout(head)
        self._layout.addWidget(readable_label(note.text))
        if note.amends_id is not None and note.amends_id in amended:
            self._draw_expander()

    def toggle_earlier(self) -> None:
        """Show what the note said before, or cover it again."""
        if self._earlier is None:
            self._earlier = self._earlier_versions()
            self._layout.addWidget(self._earlier)
            self._earlier.show()
        else:
            self._earlier.setVisible(self._earlier.isHidden())
        is_open = not self._earlier.isHidden()
        self._expander.setText(self._words(is_open))
        self._expander.setIcon(theme.icon("chevron-up" if is_open else "chevron-down", "accent_text"))

    def _words(self, is_open: bool) -> str:
        return self.tr("amended — hide earlier version") if is_open else self.tr("amended — see earlier version")

    def _draw_expander(self) -> None:
        line = QHBoxLayout()
        self._expander = button(self._words(False), "link", "chevron-down", self.toggle_earlier)
        self._expander.setAccessibleName(self.tr("Amended: show or hide the earlier version"))
        line.addWidget(self._expander)
        line.addWidget(text_label(self.note.amendment_reason, "small", wrap=True), 1)
        self._layout.addLayout(line)

    def _earlier_versions(self) -> QWidget:
        frame = QFrame()
        frame.setProperty("box", "inset")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(px(14), px(10), px(14), px(12))
        layout.setSpacing(px(6))
        older = self._amended.get(self.note.amends_id) if self.note.amends_id else None
        while older is not None:
            written = in_london(older.created_at)
            words = self.tr("As written on {0} by {1}").format(f"{written:%d/%m/%Y %H:%M}", older.written_by)
            layout.addWidget(text_label(words, "small", wrap=True))
            layout.addWidget(text_label(note_title(self._packs, older), "label", wrap=True))
            layout.addWidget(readable_label(older.text))
            older = self._amended.get(older.amends_id) if older.amends_id else None
        return frame


class AttemptItem(QWidget):
    """A try to reach the client, on one line; against her rule it says so, with the reason."""

    def __init__(self, packs: Packs, attempt: AttemptLine) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(19), px(2), px(14), px(2))
        layout.setSpacing(px(10))
        icon, tone = self._look(attempt)
        layout.addWidget(icon_label(icon, 18, theme.look().tone(tone)), 0, Qt.AlignmentFlag.AlignTop)
        both = QVBoxLayout()
        both.setSpacing(px(1))
        both.addWidget(text_label(attempt_title(packs, attempt), "label", wrap=True))
        both.addWidget(text_label(f"{stamp(attempt.attempted_at)} · {attempt.made_by}", "small", wrap=True))
        if attempt.text:
            both.addWidget(readable_label(attempt.text))
        if attempt.is_override:
            both.addWidget(text_label(self.tr("Reason: {0}").format(attempt.override_reason), "", wrap=True))
        layout.addLayout(both, 1)
        if attempt.is_override:
            layout.addWidget(Badge(self.tr("Against the rule"), "warning"), 0, Qt.AlignmentFlag.AlignTop)

    def _look(self, attempt: AttemptLine) -> tuple[str, Tone]:
        if attempt.is_override:
            return "shield-alert", "warning"
        if attempt.outcome in FAILED:
            return "phone-missed", "plain"
        return "phone-call", "ok"
