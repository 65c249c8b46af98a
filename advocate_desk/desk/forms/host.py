"""Where forms open: beside the screen when they are short and there is room, else over all of it.

Several may be open; the one on top is shown and the others wait behind it. Closing keeps a draft and never asks.
"""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from advocate_desk.casework.drafts import Draft
from advocate_desk.casework.work import Done
from advocate_desk.desk.drafts import draft_key
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import clear_layout
from advocate_desk.desk.widgets.buttons import DeskButton

log = logging.getLogger(__name__)

_PANEL = 620  # pixels at 100% text
_LEAST_BESIDE = 380  # of the screen that must stay in sight beside a panel


class FormHost(QWidget):
    """The open forms, over the right of its parent."""

    shown_changed = Signal(bool)  # whether any form is open
    covers_changed = Signal(bool)  # whether the form in front stands over all of the screen

    def __init__(self, office: Office, parent: QWidget) -> None:
        super().__init__(parent)
        self._office = office
        self._pages: list[FormPage] = []
        self._before: QWidget | None = None
        self._said_unkept = ""
        self._stack = QStackedWidget()
        self._tabs = QFrame()
        self._tabs.setProperty("box", "header")
        self._tab_row = QHBoxLayout(self._tabs)
        self._tab_row.setContentsMargins(px(20), px(6), px(20), px(6))
        self._tab_row.setSpacing(px(4))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._tabs)
        layout.addWidget(self._stack, 1)
        office.form_asked.connect(self.open)
        office.drafts.kept.connect(self._on_kept)
        office.drafts.failed.connect(self._on_keep_failed)
        parent.installEventFilter(self)
        self.hide()

    def open(self, form_key: str, params: dict[str, Any], payload: dict[str, Any] | None = None) -> None:
        """Open a form, or bring it forward. Without `payload`, a draft that was left continues."""
        key = draft_key(form_key, params)
        kind = self._office.forms.kind(form_key)
        if kind is None:
            self._office.messages.notice(self.tr("This form belongs to another version of the program."), "warning")
            return
        already = next((page for page in self._pages if page.key == key), None)
        if already is not None:
            self._bring_forward(already)
            return
        if payload is None:
            left = self._office.drafts.of(key)
            payload = dict(left.payload) if left is not None else None
        if not self._pages:
            self._before = QApplication.focusWidget()
        page = FormPage(self._office, kind, params, payload)
        page.changed.connect(self._office.drafts.touch)
        page.width_known.connect(self._place)
        page.loaded.connect(self._on_loaded)
        page.saved.connect(self._on_saved)
        page.close_asked.connect(self._on_close_asked)
        page.discard_asked.connect(self._on_discard_asked)
        self._pages.append(page)
        self._stack.addWidget(page)
        self._show_top()
        page.setFocus(Qt.FocusReason.OtherFocusReason)  # what is typed from now on is for it
        self._office.drafts.touch()

    def snapshot(self) -> list[Draft]:
        """Every open form as a draft, bottom first."""
        drafts = [self._draft_of(page, position) for position, page in enumerate(self._pages)]
        return [one for one in drafts if one is not None]

    def _draft_of(self, page: FormPage, position: int) -> Draft | None:
        try:
            return page.draft(position)
        except Exception:  # one form's fault may neither hold up a lock nor cost the other forms
            log.exception("a form could not be taken as a draft: %s", page.kind.key)
            return self._office.drafts.of(page.key)

    def reopen(self, drafts: list[Draft]) -> None:
        """Open what was open, in its order, each at its field."""
        for one in drafts:
            if one.is_open and self._office.forms.kind(one.form) is not None:
                self.open(one.form, dict(one.params), dict(one.payload))

    def pages(self) -> tuple[FormPage, ...]:
        """The open forms, bottom first."""
        return tuple(self._pages)

    def top(self) -> FormPage | None:
        """The form that is shown."""
        return self._pages[-1] if self._pages else None

    def close_page(self, page: FormPage) -> None:
        """Close a form and keep what was typed; nothing is kept of one that was not touched."""
        if page.is_saving:
            return
        if page.is_touched():
            draft = page.draft(0, is_open=False)
            job = self._office.drafts.set_aside(draft)
            job.done.connect(lambda _result: self._say_set_aside(draft))
        else:
            self._office.drafts.drop(page.key)
        self._take_away(page)

    def _say_set_aside(self, draft: Draft) -> None:
        self._office.messages.notice(
            self.tr("Kept as a draft."), "ok", self.tr("Continue"), lambda: self._reopen(draft)
        )

    def make_way(self, *, for_all: bool = False) -> None:
        """Put the form in front aside, as a draft, if it covers the whole screen that somebody asks for.

        `for_all`: put every form aside, for a screen that none may stand beside.
        """
        for page in reversed(self.pages()):
            if for_all:
                self.close_page(page)
        top = self.top()
        if top is not None and self.covers_all():
            self.close_page(top)

    def covers_all(self) -> bool:
        """Whether nothing is seen of the screen behind the form in front."""
        parent = self.parentWidget()
        return self.top() is not None and parent is not None and self.width() >= parent.width()

    def covers(self, widget: QWidget | None) -> bool:
        """Whether the form in front hides the middle of `widget`, which is beside it."""
        parent = self.parentWidget()
        if widget is None or parent is None or self.top() is None:
            return False
        if not parent.isAncestorOf(widget) or self.isAncestorOf(widget):
            return False
        return self.geometry().contains(widget.mapTo(parent, widget.rect().center()))

    # --- inside ---

    def _reopen(self, draft: Draft) -> None:
        self._office.reopen_form(draft.form, dict(draft.params), dict(draft.payload))

    def _sender_page(self) -> FormPage | None:
        sender = self.sender()
        return sender if isinstance(sender, FormPage) else None

    def _on_loaded(self) -> None:
        self._show_top()

    def _on_saved(self, done: Done) -> None:
        page = self._sender_page()
        if page is None:
            return
        self._office.drafts.saved(page.key)
        self._take_away(page)
        self._office.messages.notice(page.saved_words)
        if page.kind.after is not None:
            page.kind.after(self._office, page.params, done)

    def _on_close_asked(self) -> None:
        page = self._sender_page()
        if page is not None:
            self.close_page(page)

    def _on_discard_asked(self) -> None:
        page = self._sender_page()
        if page is None or page.is_saving:
            return
        draft = page.draft(0)
        self._office.drafts.drop(page.key)
        self._take_away(page)
        self._office.messages.undoable(self.tr("Draft discarded."), lambda: self._reopen(draft))

    def _on_kept(self, moment: object) -> None:
        self._said_unkept = ""
        for page in self._pages:
            page.show_kept(moment)  # type: ignore[arg-type]

    def _on_keep_failed(self, words: str) -> None:
        for page in self._pages:
            page.show_unkept(words)
        if not self._pages and words != self._said_unkept:  # of a form that is closed: said once, tried on and on
            self._said_unkept = words
            self._office.messages.notice(words, "warning")

    def _bring_forward(self, page: FormPage) -> None:
        self._pages.remove(page)
        self._pages.append(page)
        self._show_top()
        if page.view is not None:
            page.view.restore_focus(page.view.focus_place())
        self._office.drafts.touch()

    def _take_away(self, page: FormPage) -> None:
        self._pages.remove(page)
        self._stack.removeWidget(page)
        page.hide()
        page.deleteLater()
        self._show_top()
        top = self.top()
        if top is not None and top.view is not None:
            top.view.restore_focus(top.view.focus_place())
        elif self._before is not None and isValid(self._before):
            self._before.setFocus()
        self._office.drafts.touch()

    def _show_top(self) -> None:
        top = self.top()
        if top is not None:
            self._stack.setCurrentWidget(top)
            self._place()
            self.show()
            self.raise_()
        else:
            self.hide()
        self._draw_tabs()
        self.covers_changed.emit(self.covers_all())
        self.shown_changed.emit(top is not None)

    def _draw_tabs(self) -> None:
        clear_layout(self._tab_row)
        for page in self._pages:
            tab = DeskButton(page.title or self.tr("Opening…"))
            tab.setProperty("role", "section")
            tab.setCheckable(True)
            tab.setChecked(page is self.top())
            tab.setAutoDefault(False)
            tab.setAccessibleName(self.tr("Open form: {0}").format(page.title))
            tab.clicked.connect(lambda _checked=False, which=page: self._bring_forward(which))
            self._tab_row.addWidget(tab)
        self._tab_row.addStretch(1)
        self._tabs.setVisible(len(self._pages) > 1)

    def _place(self) -> None:
        parent, top = self.parentWidget(), self.top()
        if parent is None or top is None:
            return
        beside = not top.is_wide and parent.width() >= px(_PANEL) + px(_LEAST_BESIDE)
        width = px(_PANEL) if beside else parent.width()
        self.setGeometry(QRect(parent.width() - width, 0, width, parent.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep its place when the window changes."""
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize:
            self._place()
            self.covers_changed.emit(self.covers_all())
        return super().eventFilter(watched, event)
