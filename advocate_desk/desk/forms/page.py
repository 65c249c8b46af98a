"""One open form: its heading and state, its fields, and what saves, closes or discards it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from advocate_desk.casework.drafts import Draft
from advocate_desk.casework.work import Done, Work, out_of_draft
from advocate_desk.clock import in_london, today_in_london
from advocate_desk.desk.drafts import draft_key, file_of
from advocate_desk.desk.forms.ahead import KeysAhead
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.changed_meanwhile import (
    ChangedMeanwhile,
    Opened,
    Records,
    changed_words,
    combined,
    opened_of,
    plain,
)
from advocate_desk.desk.forms.editors import FormContext
from advocate_desk.desk.forms.options import FormOptions
from advocate_desk.desk.forms.registry import FormKind, OptionList, OtherSave, Params
from advocate_desk.desk.forms.saving import records_now, save_unchanged
from advocate_desk.desk.forms.values import Values, shaped, top_fields
from advocate_desk.desk.office import Office
from advocate_desk.desk.slices import Slices
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, scrolled
from advocate_desk.desk.widgets.buttons import button, icon_button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.forms import FormSpec
from advocate_desk.errors import DeskError, Invalid
from advocate_desk.store.queries.client_file import banner

_OUTLINED = 4  # sections from which a form needs the whole page
_ASIDE = 320  # pixels at 100% text
_LEAST_FIELDS = 480  # of width that the fields keep beside it; else it stands above them
_NO_LIMIT = 16777215  # Qt's own QWIDGETSIZE_MAX


@dataclass(frozen=True)
class Loaded:
    """What was fetched for a form before it is drawn."""

    spec: FormSpec
    values: Values
    options: Mapping[str, OptionList]
    whose: str = ""
    loaded: Values | None = None  # of a record that is edited, as it is in the store
    records: Records = field(default_factory=dict)  # the whole of that record, and of those that are a part of it


class FormPage(QFrame):
    """A form that is open. Says when it was saved, closed or discarded; its host takes it away.

    It is fetched, then made in slices, and is `view` only when it is whole. The keys pressed until then are kept, and
    then pressed in its first field.
    """

    changed = Signal()
    width_known = Signal()  # `is_wide` now tells what the form needs
    loaded = Signal()
    saved = Signal(object)  # Done
    close_asked = Signal()
    discard_asked = Signal()

    def __init__(
        self, office: Office, kind: FormKind, params: dict[str, Any], payload: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__()
        self.office, self.kind, self.params = office, kind, params
        self.key = draft_key(kind.key, params)
        self.view: FormView | None = None
        self.title = str((payload or {}).get("title", ""))
        self.is_saving = False
        self._payload = dict(payload) if payload else None
        self._ahead = KeysAhead(self, (self._payload or {}).pop("ahead", None))
        self._ahead.held.connect(self.changed)
        self._slices = Slices(self)
        self._is_long = False
        self._first: Values = {}
        self._first_typed: dict[str, Any] = {}
        self._opened: Opened | None = None
        self._aside: QScrollArea | None = None
        self._saved_words = kind.saved_words
        self._others: list[QPushButton] = []
        self._is_asking = False
        self._unkept = ""
        self.setProperty("box", "panel")
        self._draw()
        job = office.jobs.run(self, self._fetch)
        job.done.connect(self._on_loaded)
        job.refused.connect(self._on_load_refused)
        job.broken.connect(self._on_load_broken)

    # --- state ---

    @property
    def is_wide(self) -> bool:
        """Whether it wants the whole page."""
        return self.kind.is_wide or self._is_long

    def is_touched(self) -> bool:
        """Whether anything in it differs from what it was opened with, half typed or whole, or it continues a draft."""
        if self.view is None or self._payload is not None:
            return self._payload is not None or bool(self._ahead.keys)
        return self.view.answers() != self._first or self.view.typed() != self._first_typed

    def draft(self, position: int, is_open: bool = True) -> Draft:
        """This form as a draft. One that is being saved is given too: the save may yet be refused."""
        if self.view is None:
            payload = self._payload
            if self._ahead.keys:
                payload = {"title": self.title, **(payload or {}), "ahead": self._ahead.keys}
        else:
            payload = {
                "title": self.title,
                "values": self.view.values(),
                "typed": self.view.typed(),
                "focus": self.view.focus_place(),
                "scroll": self.view.scroll_place(),
                "touched": self.is_touched(),
            }
            if self._opened is not None:
                payload["opened"] = self._opened.kept()
        now = self.office.clock.now()
        file_id = file_of(self.params)
        kept = payload if payload is not None else {"title": self.title}
        return Draft(self.key, self.kind.key, file_id, self.params, kept, is_open, position, now)

    def show_kept(self, moment: datetime) -> None:
        """Say that the draft is safe."""
        if self._unkept and self._banner.text() == self._unkept:
            self._banner.hide()
        self._unkept = ""
        self._state.setText(self.tr("Draft kept {0}").format(f"{in_london(moment):%H:%M}"))

    def show_unkept(self, words: str) -> None:
        """Say that the draft could not be written."""
        self._unkept = words
        self._state.setText(self.tr("Not kept"))
        self._banner.say(words, "danger")

    @property
    def saved_words(self) -> str:
        """What is said once it is saved, by the way that was taken."""
        return self._saved_words or self.tr("Saved.")

    def save(self) -> None:
        """Check what is asked for, then save off the GUI thread; the form stays until that has ended well."""
        if self.view is None or self.is_saving or self._finds_problems(self.view):
            return
        words = self.kind.confirm(self.office, self.params, self.view.values()) if self.kind.confirm else ""
        if words:
            self._is_asking = True
            self._banner.say(words, "warning", self.tr("Yes: {0}").format(self._save.text().replace("&", "")))
            self._banner.focus_action()  # a second Ctrl+S is no yes
            return
        self._start_saving(self.kind.save, self.kind.saved_words)

    def _on_agreed(self) -> None:
        if self._is_asking and not self.is_saving:
            self._start_saving(self.kind.save, self.kind.saved_words)

    def save_otherwise(self, other: OtherSave) -> None:
        """Take another way out of the form."""
        if self.view is None or self.is_saving or (other.needs_all and self._finds_problems(self.view)):
            return
        self._start_saving(other.save, other.saved_words)

    def _finds_problems(self, view: FormView) -> bool:
        found = view.problems()
        view.show_problems(found)
        if found:
            self._stop_asking()
            self._say_problems(len(found))
        return bool(found)

    def _start_saving(self, save: Callable[[Office, Params, Values], Done], saved_words: str) -> None:
        if self.view is None:
            return
        self._stop_asking()
        self.office.drafts.flush()
        self._saved_words = saved_words
        self.is_saving = True
        self._let_save(False)
        act = partial(save_unchanged, save, self.kind, self.office, self.params, self._opened)
        job = self.office.do(self, _save_and_drop, self.office, self.key, act, self.view.values())
        job.done.connect(self._on_saved)
        job.refused.connect(self._on_refused)
        job.broken.connect(self._on_broken)

    # --- inside ---

    def _fetch(self) -> Loaded:
        """On the store's thread."""
        spec = self.kind.spec(self.office, self.params)
        payload = self._payload or {}
        kept = payload.get("values") if payload.get("touched", True) else None
        loaded = None
        if isinstance(kept, dict):
            values = shaped(top_fields(spec), kept)
        else:
            values = self.kind.load(self.office, self.params)
            loaded = plain(values) if self.params.get(self.kind.edits) else None
        records = records_now(self.kind, self.office, self.params) if loaded is not None else {}
        return Loaded(spec, values, self.kind.options(self.office, self.params), self._whose(), loaded, records)

    def _whose(self) -> str:
        """Whose file the form writes to, for its heading: forms stay open while other files are looked at."""
        file_id = file_of(dict(self.params))
        if file_id is None:
            return ""
        found = self.office.work.read(banner, file_id)
        return f"{found.client_name or found.known_as} · {found.reference}"

    def _on_loaded(self, found: Loaded) -> None:
        self._show_head(found)
        self._is_long = len(found.spec.sections) >= _OUTLINED
        self.width_known.emit()  # before the form is made, so that it is laid out but once
        self._slices.run(self._make(found))

    def _show_head(self, found: Loaded) -> None:
        self.title = found.spec.title
        self._heading.setText(found.spec.title)
        self._file.setText(found.whose)
        self._file.setVisible(bool(found.whose))
        self.setAccessibleName(f"{found.spec.title}: {found.whose}" if found.whose else found.spec.title)
        self._save.setText(found.spec.save_label)
        self._save.setAccessibleName(found.spec.save_label)
        self._add_other_saves()

    def _make(self, found: Loaded) -> Iterator[None]:
        """The form in steps, and last what stands beside it and what is done with it."""
        context = FormContext(
            FormOptions(self.office.packs, found.options), partial(today_in_london, self.office.clock)
        )
        view = FormView(found.spec, found.values, context, self, at_once=False)
        self._body.addWidget(view, 1)
        if self.kind.aside is not None:
            self._make_room_aside()
        view.lead_on_to((self._save, *self._others, self._discard))
        view.show()
        self._settle()
        yield from view.making
        self._first, self._first_typed = view.answers(), view.typed()
        if found.loaded is not None:
            self._opened = Opened(found.loaded, plain(view.values()), found.records)
        elif self.params.get(self.kind.edits):
            self._opened = opened_of((self._payload or {}).get("opened"))
        view.set_typed((self._payload or {}).get("typed") or {})
        view.progress_changed.connect(self._on_progress)
        self._on_progress(*view.progress())
        yield
        if self.kind.aside is not None and self._aside is not None:
            self._aside.setWidget(self.kind.aside(self.office, self.params, view))
            yield
        self._begin(view)

    def _begin(self, view: FormView) -> None:
        """The form is whole."""
        payload = self._payload or {}
        self.view = view
        self._let_save(True)
        view.changed.connect(self._on_changed)
        if not payload.get("touched", bool(payload.get("values"))):
            self._payload = None
        self._discard.setVisible(self.is_touched())
        self._settle()
        self.loaded.emit()
        focus = payload.get("focus")
        go_to = view.restore_focus if self._may_take_focus() else view.remember_focus
        self._ahead.press(go_to(focus if isinstance(focus, dict) else {}))

    def _may_take_focus(self) -> bool:
        """Not behind another form, nor from a line that somebody went to while this one was made."""
        now = QApplication.focusWidget()
        is_typed_in = isinstance(now, QLineEdit | QPlainTextEdit) and now.isVisible() and not self.isAncestorOf(now)
        return self.isVisible() and not is_typed_in

    def _settle(self) -> None:
        """Lay out the new words now, so that nothing is seen cut off for a moment."""
        layout = self.layout()
        if layout is not None:
            layout.activate()

    def _make_room_aside(self) -> None:
        """Before the fields are made: they would all be laid out anew for the width that is left to them."""
        self._aside = scrolled(QWidget())
        self._body.addWidget(self._aside)
        self._place_aside()

    def _place_aside(self) -> None:
        """Beside the fields, or above them where they would be cramped."""
        if self._aside is None:
            return
        if self.width() >= px(_ASIDE) + px(_LEAST_FIELDS):
            self._body.setDirection(QBoxLayout.Direction.LeftToRight)
            self._aside.setFixedWidth(px(_ASIDE))
            self._aside.setMaximumHeight(_NO_LIMIT)
        else:
            self._body.setDirection(QBoxLayout.Direction.BottomToTop)
            self._aside.setMinimumWidth(0)
            self._aside.setMaximumSize(_NO_LIMIT, max(self.height() // 4, px(90)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what stands beside the fields in its place."""
        super().resizeEvent(event)
        self._place_aside()

    def _add_other_saves(self) -> None:
        for other in self.kind.other_saves(self.office, self.params):
            made = button(other.label, clicked=partial(self.save_otherwise, other))
            made.setEnabled(False)
            self._others.append(made)
            self._ways.addWidget(made)

    def _stop_asking(self) -> None:
        self._is_asking = False
        self._banner.hide()

    def _draw(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._draw_header())
        self._banner = Banner()
        self._banner.acted.connect(self._on_agreed)
        self._banner.dismissed.connect(self._stop_asking)
        holder = QVBoxLayout()
        holder.setContentsMargins(px(24), px(8), px(24), 0)
        holder.addWidget(self._banner)
        layout.addLayout(holder)
        self._body = QHBoxLayout()
        self._body.setSpacing(0)
        layout.addLayout(self._body, 1)
        layout.addWidget(self._draw_footer())
        for keys in ("Ctrl+S", "Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.save, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        QShortcut(
            QKeySequence("Esc"), self, self.close_asked.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )

    def _draw_header(self) -> QWidget:
        header = QFrame()
        header.setProperty("box", "header")
        layout = QHBoxLayout(header)
        layout.setContentsMargins(px(24), px(12), px(12), px(12))
        layout.setSpacing(px(12))
        self._heading = text_label(self.title or self.tr("Opening…"), "title")
        self._state = text_label("", "small")
        self._file = text_label("", "muted", wrap=True)
        self._file.hide()
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(self._heading)
        words.addWidget(self._file)
        layout.addLayout(words, 1)
        layout.addWidget(self._state)
        layout.addWidget(
            icon_button("x", self.tr("Close, and keep what was typed as a draft (Esc)"), self.close_asked.emit)
        )
        return header

    def _draw_footer(self) -> QWidget:
        footer = QFrame()
        footer.setProperty("box", "footer")
        layout = QHBoxLayout(footer)
        layout.setContentsMargins(px(24), px(12), px(24), px(12))
        layout.setSpacing(px(12))
        self._save = button(self.tr("Save"), "primary", clicked=self.save, tip=self.tr("Ctrl+S"))
        self._save.setEnabled(False)
        self._progress = text_label("", "small")
        self._discard = button(self.tr("Discard draft"), "quiet", "trash-2", self.discard_asked.emit)
        self._discard.hide()
        self._ways = QHBoxLayout()
        self._ways.setSpacing(px(12))
        self._ways.addWidget(self._save)
        layout.addLayout(self._ways)
        layout.addWidget(self._progress)
        layout.addStretch(1)
        layout.addWidget(self._discard)
        return footer

    def _on_changed(self) -> None:
        if self._is_asking:
            self._stop_asking()
        self._discard.setVisible(self.is_touched())
        self.changed.emit()

    def _on_progress(self, done: int, asked: int) -> None:
        self._progress.setText(self.tr("{0} of {1} answered").format(done, asked) if asked > 1 else "")

    def _say_problems(self, count: int) -> None:
        words = self.tr("One thing needs an answer before this can be saved. It is marked below.")
        if count > 1:
            words = self.tr("{0} things need an answer before this can be saved. They are marked below.").format(count)
        self._banner.say(words, "warning")

    def _on_saved(self, done: Done) -> None:
        self.saved.emit(done)

    def _on_refused(self, error: DeskError) -> None:
        self._end_saving()
        if isinstance(error, ChangedMeanwhile):
            self._take_changes(error.now, error.told)
            if error.done is not None:
                self.office.changed.emit(error.done)
            return
        self._banner.say_refused(error)
        if isinstance(error, Invalid) and self.view is not None:
            self.view.show_problems(error.problems)

    def _take_changes(self, now: Values, told: str) -> None:
        """Show what a colleague changed meanwhile, keep what was typed here, and let her look before she saves."""
        view, opened = self.view, self._opened
        if view is None or opened is None:
            return
        found, focus = combined(opened, now, view.values()), view.focus_place()
        half = found.typed_of(view.typed())
        view.set_values(found.values)
        view.set_typed(half)
        self._opened = Opened(now, found.shown_of(opened.shown, plain(view.values())), opened.records)
        labels = {field.key: field.label for field in top_fields(view.spec)}
        taken, together, both = (
            ", ".join(labels[name] for name in names if labels.get(name))
            for names in (found.taken, found.together, found.both)
        )
        self._banner.say(changed_words(taken, together, both, told), "warning")
        view.restore_focus(focus)

    def _on_broken(self) -> None:
        self._end_saving()
        self._banner.say_broken()

    def _end_saving(self) -> None:
        self.is_saving = False
        self._let_save(True)
        self.changed.emit()

    def _let_save(self, is_on: bool) -> None:
        for each in (self._save, *self._others):
            each.setEnabled(is_on)

    def _on_load_broken(self) -> None:
        self._ahead.press(None)
        self._banner.say_broken()

    def _on_load_refused(self, error: DeskError) -> None:
        self._ahead.press(None)
        self._heading.setText(self.title or self.tr("This form"))
        self._banner.say_refused(error)


def _save_and_drop(work: Work, office: Office, key: str, save: Callable[[Values], Done], values: Values) -> Done:
    """Save a form and forget its draft in one act, so that no draft outlives what it became. On the store's thread."""
    with out_of_draft(work, key):
        done = save(values)
    office.drafts.became_record(key)
    return done
