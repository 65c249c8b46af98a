"""Beside the intake form: who of those we know is like somebody named in it. It offers; the advocate decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QTimer, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from advocate_desk.casework.conflict_check import ALIKE, NameMatch, NameTyped, find_conflicts
from advocate_desk.casework.files import record_referral
from advocate_desk.casework.intake import ReferralDetails
from advocate_desk.casework.work import Done, Work, out_of_draft
from advocate_desk.desk.drafts import Drafts
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, clear_layout
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import Invalid, Refused

WAIT_MS = 300
SAME = 99.5  # of 100: the same letters, in whatever order


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("ConflictPanel", text)


def why_alike(match: NameMatch) -> str:
    """Why somebody is offered, in words."""
    if match.likeness >= SAME:
        words = tr("Same name")
    elif match.likeness > ALIKE:
        words = tr("Spelt nearly the same")
    else:
        words = tr("Sounds the same")
    return f"{words} · {tr('same date of birth')}" if match.same_birth_date else words


class ConflictPanel(QWidget):
    """Looks names up 300 ms after the last letter, off the GUI thread, and lists who is alike."""

    def __init__(
        self,
        office: Office,
        view: FormView,
        names: Callable[[Values], list[NameTyped]],
        referral: Callable[[Values, Office], ReferralDetails],
        is_more: Callable[[Values, Office], bool],
    ) -> None:
        super().__init__()
        self.office, self.view = office, view
        self._names, self._referral, self._is_more = names, referral, is_more
        self._asked_for: list[NameTyped] = []
        self.matches: tuple[NameMatch, ...] = ()
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self.look)
        self._lay_out()
        view.changed.connect(self._timer.start)
        self.look()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(16), px(24), px(8))
        layout.setSpacing(px(10))
        layout.addWidget(text_label(tr("Do we know them?"), "heading"))
        self._state = text_label("", "muted", wrap=True)
        layout.addWidget(self._state)
        self._trouble = Banner()
        layout.addWidget(self._trouble)
        self._list = QVBoxLayout()
        self._list.setSpacing(px(10))
        layout.addLayout(self._list)
        layout.addStretch(1)

    @Slot()
    def look(self) -> None:
        """Look up every name that stands in the form, if one changed."""
        typed = self._names(self.view.values())
        if typed == self._asked_for and typed:
            return
        self._asked_for = typed
        if not typed:
            self._show(())
            return
        job = self.office.do(self, find_conflicts, typed)
        job.done.connect(self._on_found)
        job.refused.connect(self._trouble.say_refused)
        job.broken.connect(self._trouble.say_broken)

    @Slot(object)
    def _on_found(self, found: tuple[NameMatch, ...]) -> None:
        self._show(found)

    def _show(self, found: Sequence[NameMatch]) -> None:
        self.matches = tuple(found)
        clear_layout(self._list)
        if not found:
            words = (
                tr("Nobody alike is known to us.")
                if self._asked_for
                else tr("As you type names, people we know who are alike appear here, in any spelling or script.")
            )
        elif len(found) == 1:
            words = tr("One person is alike. Look before you open a new file.")
        else:
            words = tr("{0} people are alike. Look before you open a new file.").format(len(found))
        self._state.setText(words)
        self.setAccessibleDescription(words)
        for match in found:
            self._list.addWidget(self._card(match))

    def _card(self, match: NameMatch) -> QWidget:
        card = QFrame()
        card.setProperty("box", "card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(px(14), px(12), px(14), px(12))
        layout.setSpacing(px(6))
        typed = self.office.packs.label("person_role", match.typed_role)
        if match.is_restricted:
            layout.addWidget(Badge(tr("A restricted file"), "warning", "lock"))
            layout.addWidget(text_label(tr("Like the name typed for: {0}").format(typed), "small", wrap=True))
            layout.addWidget(text_label(tr("Ask your manager before you go on."), wrap=True))
            return card
        known = self.office.packs.label("person_role", match.known_role)
        is_clash = {match.typed_role, match.known_role} == {"client", "perpetrator"}
        layout.addWidget(Badge(tr("Known as: {0}").format(known), "danger" if is_clash else "info"))
        layout.addWidget(text_label(match.name, "strong", wrap=True))
        layout.addWidget(text_label(f"{why_alike(match)} · {match.reference}", "small", wrap=True))
        if match.typed_role != match.known_role:
            layout.addWidget(text_label(tr("You typed the name as: {0}").format(typed), "small", wrap=True))
        self._add_buttons(layout, match)
        return card

    def _add_buttons(self, layout: QVBoxLayout, match: NameMatch) -> None:
        opener = button(tr("Look at the file"), "link", "external-link", partial(self.look_at, match))
        opener.setAccessibleName(tr("Look at the file {0}").format(match.reference))
        layout.addWidget(opener)
        if match.typed_role == match.known_role == "client":
            adder = button(tr("Add this referral to her file"), "", "file-plus", partial(self.add_to, match))
            adder.setAccessibleName(tr("Add this referral to the file {0}").format(match.reference))
            layout.addWidget(adder)

    # --- what the advocate may do about it ---

    def look_at(self, match: NameMatch) -> None:
        """Open the file that is known; the form is kept as a draft and can be continued."""
        page = self._page()
        if page is not None and match.file_id is not None:
            page.close_asked.emit()
            self.office.open_file(match.file_id)

    def add_to(self, match: NameMatch) -> None:
        """Put the referral into the file that is known instead of opening another."""
        page = self._page()
        if page is None or match.file_id is None or page.is_saving:
            return
        values = self.view.values()
        details = self._referral(values, self.office)
        is_whole = not self._is_more(values, self.office)
        self.office.drafts.flush()
        whole = (self.office.drafts, page.key) if is_whole else None
        job = self.office.do(self, _add_referral, match.file_id, details, whole)
        job.done.connect(self._on_all_added if is_whole else self._on_part_added)
        job.refused.connect(self._on_refused)
        job.broken.connect(self._trouble.say_broken)

    def _page(self) -> FormPage | None:
        parent: QWidget | None = self.view
        while parent is not None and not isinstance(parent, FormPage):
            parent = parent.parentWidget()
        return parent

    @Slot(object)
    def _on_all_added(self, done: Done) -> None:
        page = self._page()
        if page is not None:
            page.saved.emit(done)

    @Slot(object)
    def _on_part_added(self, done: Done) -> None:
        page = self._page()
        if page is not None and done.file_id is not None:
            page.close_asked.emit()
            self.office.messages.notice(
                tr("The referral is in her file. The rest of what you typed is kept as a draft.")
            )
            self.office.open_file(done.file_id)

    @Slot(object)
    def _on_refused(self, error: Refused) -> None:
        self._trouble.say_refused(error)
        if isinstance(error, Invalid):
            self.view.show_problems(error.problems)


def _add_referral(work: Work, file_id: FileId, details: ReferralDetails, whole: tuple[Drafts, str] | None) -> Done:
    """Record the referral; in the same act, forget the draft of a form that held no more. On the store's thread."""
    if whole is None:
        return record_referral(work, file_id, details)
    drafts, key = whole
    with out_of_draft(work, key):
        done = record_referral(work, file_id, details)
    drafts.became_record(key)
    return done
