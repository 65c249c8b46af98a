"""The strip on top of Today that says what comes next, and does it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QVBoxLayout

from advocate_desk.desk import theme
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.today.model import NextThing, TodayPage, has_begun, starts_at
from advocate_desk.desk.screens.today.rows import joined
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.store.queries.today import HearingLine


class NextStrip(QFrame):
    """One line that matters most now. Hidden while there is no file at all."""

    open_asked = Signal(object, str)  # file id, section
    outcome_asked = Signal(object)

    def __init__(self, office: Office) -> None:
        super().__init__()
        self._office = office
        self._page: TodayPage | None = None
        self._whose = ""
        self.setProperty("box", "banner")
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(px(16), px(12), px(12), px(12))
        self._layout.setSpacing(px(12))
        self._icon = QLabel()
        column = QVBoxLayout()
        column.setSpacing(px(2))
        self._over = text_label("", "overline")
        self.line = text_label("", "heading", wrap=True)
        self._below = text_label("", "muted", wrap=True)
        for label in (self._over, self.line, self._below):
            column.addWidget(label)
        words_row = QHBoxLayout()
        words_row.setSpacing(px(14))
        words_row.addWidget(self._icon)
        words_row.addLayout(column, 1)
        self._layout.addLayout(words_row, 1)
        self._outcome = button(self.tr("Record outcome"), "primary", "gavel", self._ask_outcome)
        self._layout.addWidget(self._outcome)
        self._open = button(self.tr("Open file"), "primary", "folder-open", self._ask_open)
        self._layout.addWidget(self._open)
        self.hide()

    def show_next(self, page: TodayPage, whose: str = "") -> None:
        """Show what comes next on this page. `whose`: the advocate, on a page that shows everyone's."""
        self._page, self._whose = page, whose
        self.setVisible(not page.is_quiet)
        over, line, below, icon, tone = self._said(page)
        self._over.setText(over)
        self.line.setText(line)
        self._below.setText(below)
        self._below.setVisible(bool(below))
        self._icon.setPixmap(theme.pixmap(icon, 28, theme.look().tone(tone)))
        theme.set_role(self, tone=tone)
        self._open.setVisible(page.next_thing.file_id is not None)
        self._outcome.setVisible(self._is_on(page))
        self._open.setIcon(theme.icon("folder-open", "muted" if self._is_on(page) else "on_accent", before_words=True))
        theme.set_role(self._open, role="" if self._is_on(page) else "primary")
        self.setAccessibleName(f"{over}: {line}. {below}")

    def _said(self, page: TodayPage) -> tuple[str, str, str, str, Tone]:
        """Overline, line, line below, icon, tone."""
        thing, today = page.next_thing, page.today
        if thing.hearing is not None and thing.kind == "hearing":
            return self._when(page), self._title(thing.hearing), self._who_and_then(thing), "gavel", "info"
        if thing.hearing is not None:
            day = words.ahead_words(thing.hearing.hearing_on, today)
            over = self.tr("Nothing more today. Next hearing: {0}").format(day)
            return over, self._title(thing.hearing), self._who(thing.hearing), "calendar-days", "ok"
        if thing.task is not None:
            late = thing.kind == "overdue"
            over = self.tr("Overdue") if late else self.tr("Next to do")
            due = words.due_words(thing.task.due_on, today, thing.task.due_time)
            below = joined(words.name_words(thing.task.client_name), due, self._whose)
            return over, thing.task.title, below, "clock-alert" if late else "list-todo", "warning" if late else "info"
        calm = self.tr("Nothing is listed and nothing is due.")
        return self.tr("Next"), calm, "", "circle-check", "ok"

    @staticmethod
    def _is_on(page: TodayPage) -> bool:
        """Whether what comes first is a hearing that has begun and whose outcome nobody has recorded."""
        thing = page.next_thing
        return thing.kind == "hearing" and thing.hearing is not None and has_begun(thing.hearing, page.now)

    def _when(self, page: TodayPage) -> str:
        hearing = page.next_thing.hearing
        at = starts_at(hearing) if hearing is not None else None
        if at is None:
            return self.tr("Next")
        if self._is_on(page):
            return self.tr("Now, since {0}").format(f"{at:%H:%M}")
        return self.tr("Next, {0}").format(words.until_words(at, page.now))

    def _who_and_then(self, thing: NextThing) -> str:
        """Whose hearing it is; and while it is on, what comes after it."""
        who = self._who(thing.hearing) if thing.hearing is not None else ""
        if thing.then is None:
            return who
        after = f"{self._hearing_words(thing.then)} · {words.name_words(thing.then.client_name)}"
        return f"{who}\n" + self.tr("Then: {0}").format(after)

    def _title(self, line: HearingLine) -> str:
        said = self._hearing_words(line)
        return said[:1].upper() + said[1:]

    def _hearing_words(self, line: HearingLine) -> str:
        parts = (
            line.listed_time or self.tr("time not known"),
            line.courtroom,
            line.court_name,
            self._office.packs.label("hearing_kind", line.kind),
        )
        return joined(*parts)

    def _who(self, line: HearingLine) -> str:
        grade = words.grade_words(self._office.packs, line.risk_grade)
        return joined(words.name_words(line.client_name), self.tr("Risk: {0}").format(grade.lower()), self._whose)

    def _ask_outcome(self) -> None:
        if self._page is not None and self._page.next_thing.hearing is not None:
            self.outcome_asked.emit(self._page.next_thing.hearing)

    def _ask_open(self) -> None:
        if self._page is not None and self._page.next_thing.file_id is not None:
            section = "hearings" if self._page.next_thing.hearing is not None else ""
            self.open_asked.emit(self._page.next_thing.file_id, section)
