"""Beside the letter form: what stands against the letter, what it tells and to whom, as it changes; and the preview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.casework.work import Done
from advocate_desk.desk import theme
from advocate_desk.desk.dialogs.letter_preview import LetterPreview
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.convert import text_of
from advocate_desk.desk.forms.letter_known import Basis, about_facts, read_basis
from advocate_desk.desk.forms.letter_making import (
    CONSENT,
    CONSENT_STATE,
    SEEN,
    TICK,
    Judged,
    consent_words,
    judge,
    make,
    page_hash,
)
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.boxes import Banner, clear_layout
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.conflict_flag import FileConflicts
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, icon_label, rule, text_label, tone_icon
from advocate_desk.documents.disclosure import PreflightItem
from advocate_desk.domain.disclosure import Objection, ObjectionKind, Sensitivity
from advocate_desk.domain.identity import FileId

WAIT_MS = 150
KINDS = frozenset({"consent", "contact_method", "person", "hearing", "criminal_case", "setting"})
_TONES: dict[ObjectionKind, Tone] = {
    ObjectionKind.REFUSED: "danger",
    ObjectionKind.NEEDS_TICK: "warning",
    ObjectionKind.WARNING: "info",
}
_SENSITIVE = {
    Sensitivity.HEALTH: ("hand-heart", "Health"),
    Sensitivity.THIRD_PARTY: ("users", "Other people"),
    Sensitivity.LOCATION: ("map-pin", "Where she is"),
    Sensitivity.IMMIGRATION: ("file-lock", "Immigration"),
    Sensitivity.EQUALITIES: ("user-round", "Personal characteristics"),
}


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("LetterPanel", text)


def sensitivity_words(sensitivity: Sensitivity) -> tuple[str, str]:
    """Icon and word of a sensitivity; both "" for none."""
    icon, word = _SENSITIVE.get(sensitivity, ("", ""))
    return icon, tr(word) if word else ""


class LetterPanel(QWidget):
    """Judges the letter a moment after each change. Fills in what depends on the hearing when another is chosen."""

    def __init__(self, office: Office, file_id: FileId, view: FormView) -> None:
        super().__init__()
        self.office, self.file_id, self.view = office, file_id, view
        self.basis: Basis | None = None
        self.judged: Judged | None = None
        self._prefilled: dict[str, Any] = {}
        self._prefilled_for = ("", "")
        self._drawn: object = None
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self.look)
        self._lay_out()
        view.changed.connect(self._on_changed)
        office.changed.connect(self._on_office_changed)
        self.read()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(12), px(16), px(20), px(16))
        layout.setSpacing(px(10))
        layout.addWidget(text_label(tr("What this letter tells"), "heading", wrap=True))
        self.preview_button = button(tr("&Preview letter"), "", "eye", clicked=self.preview)
        self.preview_button.setEnabled(False)
        self._state = Badge(tr("Reading her file…"), "plain")
        self._to = text_label("", "muted", wrap=True)
        head = QWidget()
        row = FlowLayout(head, px(10))
        row.addWidget(self.preview_button)
        row.addWidget(self._state)
        layout.addWidget(head)
        layout.addWidget(self._to)
        layout.addWidget(FileConflicts(self, self.office, self.file_id))
        self._trouble = Banner()
        layout.addWidget(self._trouble)
        self._list = QVBoxLayout()
        self._list.setSpacing(px(10))
        layout.addLayout(self._list)
        layout.addStretch(1)

    # --- reading and judging ---

    def read(self) -> None:
        """Read the file again."""
        job = self.office.jobs.run(self, partial(read_basis, self.office, self.file_id))
        job.done.connect(self._on_read)
        job.refused.connect(self._trouble.say_refused)
        job.broken.connect(self._trouble.say_broken)

    @Slot(object)
    def _on_read(self, basis: Basis) -> None:
        self.basis = basis
        values = self.view.values()
        self._remember(values)
        consent = basis.consent(text_of(values, "addressee_kind") or basis.template.addressee[0].kind)
        is_new = consent.state == "given" and text_of(values, CONSENT_STATE) not in ("", "given")
        self.view.set_fact(CONSENT_STATE, consent.state)
        if is_new and text_of(values, "gateway") in ("", CONSENT) and consent.on is not None:
            self._put("gateway", CONSENT)
            self._put("consent_on", consent.on.isoformat())
            self.view.set_fact("prefilled_for", f"{CONSENT} {consent.on.isoformat()}")
            self.view.changed.emit()
        self.look()

    @Slot()
    def look(self) -> None:
        """Judge the letter as it stands, and show it."""
        if self.basis is None:
            return
        self._fill_in(self.basis)
        self.judged = judge(self.basis, self.view.values())
        self._show(self.judged)

    @Slot()
    def _on_changed(self) -> None:
        if self.view.values().get(SEEN):
            self.view.set_fact(SEEN, "")  # other pages than those that were looked at
        self._timer.start()

    @Slot(object)
    def _on_office_changed(self, done: Done) -> None:
        if done.kinds & KINDS and (done.file_id in (self.file_id, None)):
            self.read()

    # --- what depends on the hearing ---

    def _remember(self, values: Mapping[str, Any]) -> None:
        if self.basis is None:
            return
        self._prefilled_for = (text_of(values, "about"), text_of(values, "addressee_kind"))
        self._prefilled = about_facts(self.basis, *self._prefilled_for)

    def _fill_in(self, basis: Basis) -> None:
        """Another hearing or addressee: take over what nobody has changed by hand."""
        values = self.view.values()
        wanted = (text_of(values, "about"), text_of(values, "addressee_kind"))
        if wanted == self._prefilled_for:
            return
        before = self._prefilled
        self._remember(values)
        for key, value in self._prefilled.items():
            if values.get(key) in (before.get(key), "", [], "T"):
                self._put(key, value)
        consent = basis.consent(wanted[1] or basis.template.addressee[0].kind)
        self.view.set_fact(CONSENT_STATE, consent.state)
        self.view.set_fact("prefilled_for", " ".join(wanted))
        self.view.changed.emit()

    def _put(self, key: str, value: Any) -> None:  # noqa: ANN401 - a form value
        box = self.view.field_box(key)
        if box is not None and box.editor is not None:
            box.editor.set_value(value)

    # --- showing ---

    def _show(self, judged: Judged) -> None:
        kind = self.office.packs.label("addressee_kind", judged.addressee_kind)
        whom = judged.to_whom if judged.to_whom else tr("nobody yet")
        lines = [tr("To {0} ({1})").format(whom, kind)]
        if judged.ground:
            lines.append(tr("Ground: {0}").format(judged.ground))
        self._to.setText("\n".join(lines))
        words, tone = state_of(judged)
        self._state.set(words, tone)
        self.setAccessibleDescription(words)
        self.preview_button.setEnabled(not judged.missing and judged.is_worker_known and bool(judged.ground))
        if judged == self._drawn:
            return
        self._drawn = judged
        clear_layout(self._list)
        for widget in self._rows(judged):
            self._list.addWidget(widget)

    def _rows(self, judged: Judged) -> Iterator[QWidget]:
        if not judged.is_worker_known:
            yield self._fix(
                tr("Your name, role and work phone are needed on a letter."),
                tr("Give your details"),
                partial(self.office.open_form, "worker"),  # Settings would open behind this form
            )
        stands = consent_words(judged.consent)
        if judged.consent.state != "given":
            was_asked = judged.consent.state in ("refused", "withdrawn")
            yield self._fix(
                stands,
                tr("Record what she says now") if was_asked else tr("Record her consent"),
                partial(self.office.open_form, "consent", {"file_id": str(self.file_id)}),
                "danger" if was_asked else "info",
            )
        for key, label in judged.missing:
            yield self._objection(tr("{0} is needed.").format(label), "warning", key)
        for each in (one for one in judged.objections if one.text != stands):
            yield self._objection(each.text, _TONES[each.kind], self._field_of(each))
        told = [each for each in judged.preflight.items if each.included]
        left = [each for each in judged.preflight.items if not each.included]
        yield from self._items(tr("The letter says"), told, is_told=True)
        yield from self._items(tr("Left out"), left, is_told=False)

    def _field_of(self, objection: Objection) -> str:
        if objection.kind is ObjectionKind.NEEDS_TICK:
            return f"{TICK}{objection.item_key}"
        return objection.item_key or "gateway"

    def _fix(self, words: str, label: str, run: Any, tone: Tone = "warning") -> QWidget:  # noqa: ANN401 - a callable
        card, column = _toned(tone, words)
        link = button(label, "link", clicked=run)
        column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _objection(self, words: str, tone: Tone, key: str) -> QWidget:
        card, column = _toned(tone, words)
        if self.view.field_box(key) is not None:
            link = button(tr("Go to it"), "link", clicked=partial(self._go_to, key))
            link.setAccessibleName(tr("Go to it: {0}").format(words))
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _go_to(self, key: str) -> None:
        self.view.restore_focus({"field": key})

    def _items(self, title: str, items: Sequence[PreflightItem], is_told: bool) -> Iterator[QWidget]:
        if not items:
            return
        yield text_label(f"{title} ({len(items)})", "overline")
        card = QFrame()
        card.setProperty("box", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(px(14), px(12), px(14), px(12))
        column.setSpacing(px(10))
        for place, item in enumerate(items):
            if place:
                column.addWidget(rule())
            column.addWidget(_told(item) if is_told else self._left(item))
        yield card

    def _left(self, item: PreflightItem) -> QWidget:
        if not item.is_allowed:
            why = tr("The rules do not allow it for this addressee.")
        elif not item.value:
            why = tr("Nothing is filled in.")
        else:
            why = tr("You left it out.")
        return _item_row(item, "circle-slash", "plain", why)

    # --- the preview ---

    @Slot()
    def preview(self) -> None:
        """Make the pages off the GUI thread, and show them."""
        self._timer.stop()
        self.look()
        if self.basis is None or not self.preview_button.isEnabled():
            return
        self.preview_button.setEnabled(False)
        self._state.set(tr("Making the pages…"), "plain", "loader-circle")
        values = self.view.values()
        job = self.office.jobs.run(self, partial(_pages, self.office, self.file_id, values))
        job.done.connect(self._on_pages)
        job.refused.connect(self._on_refused)
        job.broken.connect(self._on_broken)

    @Slot(object)
    def _on_pages(self, pdf: bytes) -> None:
        self._trouble.hide()
        self.look()
        if self.judged is None:
            return
        self.view.set_fact(SEEN, page_hash(pdf))
        self.office.drafts.touch()
        dialog = LetterPreview(self, pdf, self.judged)
        dialog.save_asked.connect(self._save)
        dialog.open()

    @Slot(object)
    def _on_refused(self, error: Any) -> None:  # noqa: ANN401 - a DeskError through a Qt signal
        self.look()
        self._trouble.say_refused(error)

    @Slot()
    def _on_broken(self) -> None:
        self.look()
        self._trouble.say_broken()

    @Slot()
    def _save(self) -> None:
        page: QWidget | None = self
        while page is not None and not isinstance(page, FormPage):
            page = page.parentWidget()
        if isinstance(page, FormPage):
            page.save()


def state_of(judged: Judged) -> tuple[str, Tone]:
    """In how many ways the letter is not ready, in words."""
    refused = sum(each.kind is ObjectionKind.REFUSED for each in judged.objections)
    ticks = sum(each.kind is ObjectionKind.NEEDS_TICK for each in judged.objections)
    open_things = refused + ticks + len(judged.missing) + (not judged.is_worker_known)
    if judged.may_be_made:
        return tr("Ready to save"), "ok"
    words = tr("One thing to do first") if open_things == 1 else tr("{0} things to do first").format(open_things)
    return words, "danger" if refused else "warning"


def _pages(office: Office, file_id: FileId, values: Mapping[str, Any]) -> bytes:
    """The exact pages. On the store's thread."""
    return make(read_basis(office, file_id), values, office.fonts)[1]


def _toned(tone: Tone, words: str) -> tuple[QFrame, QVBoxLayout]:
    frame = QFrame()
    frame.setProperty("box", "banner")
    frame.setProperty("tone", tone)
    row = QHBoxLayout(frame)
    row.setContentsMargins(px(12), px(10), px(12), px(8))
    row.setSpacing(px(10))
    row.addWidget(icon_label(tone_icon(tone), 17, theme.look().tone(tone)), 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(px(2))
    column.addWidget(text_label(words, wrap=True))
    row.addLayout(column, 1)
    return frame, column


def _told(item: PreflightItem) -> QWidget:
    return _item_row(
        item, "check", "ok", tr("Always in this letter. {0}").format(item.why) if item.is_fixed else item.why
    )


def _item_row(item: PreflightItem, icon: str, tone: Tone, why: str) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(px(10))
    layout.addWidget(icon_label(icon, 16, theme.look().tone(tone)), 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(px(2))
    column.addWidget(text_label(item.label, "label", wrap=True))
    if item.included:
        column.addWidget(text_label(item.value, wrap=True))
    mark, word = sensitivity_words(item.sensitivity)
    if word:
        badge = Badge(word, "ok" if item.is_ticked and item.included else "warning", mark)
        column.addWidget(badge, 0, Qt.AlignmentFlag.AlignLeft)
    column.addWidget(text_label(why, "small", wrap=True))
    layout.addLayout(column, 1)
    return row
