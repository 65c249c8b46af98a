"""Draws any FormSpec: one view for instruments, plans, letters and records.

`FormView` knows nothing of saving or drafts; its host does (`desk/forms/host.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from advocate_desk.desk.forms.editors import FormContext, cursor_of, put_cursor
from advocate_desk.desk.forms.groups import FieldBox, FieldGroup
from advocate_desk.desk.forms.values import Values, problems, progress, top_fields
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import DeskButton
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.forms import FormSpec, Section

_OUTLINE_WIDTH = 232  # pixels at 100% text
_OUTLINE_FROM = 4  # sections
_WIDEST = 860  # pixels at 100% text: lines longer than this are hard to read


class SectionBox(QFrame):
    """A section's heading, its guidance and its fields, on one card."""

    def __init__(self, section: Section, context: FormContext, bare: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self.group = FieldGroup(section.fields, context, self, at_once=False)
        self.setProperty("box", "card")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(20), px(24), px(24))
        layout.setSpacing(px(6))
        if not bare and section.title:
            layout.addWidget(text_label(section.title, "heading", wrap=True))
        if section.intro:
            layout.addWidget(text_label(section.intro, "muted", wrap=True))
        if layout.count():
            layout.addSpacing(px(12))
        layout.addWidget(self.group)


class FormView(QWidget):
    """A form on the screen.

    `values` and `set_values` speak the shapes of `domain.forms`. `changed` follows every change that a person makes.
    `focus_place` and `restore_focus` name the field and the cursor, so that a lock or a crash costs no place.
    One that is not made `at_once` is made by the steps of `making`, the first section first. Until the last of them it
    takes no mouse, and is asked nothing.
    """

    changed = Signal()
    progress_changed = Signal(int, int)  # answered, asked

    def __init__(
        self,
        spec: FormSpec,
        values: Mapping[str, Any],
        context: FormContext,
        parent: QWidget | None = None,
        at_once: bool = True,
    ) -> None:
        super().__init__(parent)
        self.spec, self.context = spec, context
        self._extra: Values = {}
        self._last_focus: QWidget | None = None
        self.sections: list[SectionBox] = []
        self._links: list[QPushButton] = []
        self._after: tuple[QWidget, ...] = ()
        self._ordering = QTimer(self, singleShot=True, interval=0)
        self._ordering.timeout.connect(self.order_tabs)
        # Every part is made inside its parent, which stands in its place: a part that is moved once it is full has each
        # widget in it styled anew, and the largest form has six hundred.
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)  # while it is empty: it lays out at once what it holds
        self._page = QWidget()
        self._area.setWidget(self._page)
        self._lay_out()
        self.making = self._make(values)
        if at_once:
            for _ in self.making:
                pass

    def _make(self, values: Mapping[str, Any]) -> Iterator[None]:
        """A field at a step, and a section at a step shown: its fields are styled by then, and only laid out."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.ensurePolished()
        yield
        for each in self.spec.sections:
            box = SectionBox(each, self.context, len(self.spec.sections) == 1, self._page)
            box.hide()
            box.ensurePolished()
            self.sections.append(box)
            yield from box.group.making(self._of_section(each, values))
            box.group.update_shown(values)
            self._column.insertWidget(self._column.count() - 1, box)
            box.show()
            yield
        self._take_values(values)
        yield
        for box in self.sections:
            box.group.changed.connect(self._on_changed)
            box.group.rearranged.connect(self._ordering.start)
            box.group.advance_asked.connect(self._on_advance)
        self.order_tabs()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, on=False)

    # --- values ---

    def values(self) -> Values:
        """Every field's value, hidden fields included, and any others that the form was opened with."""
        return {**self._extra, **self.answers()}

    def answers(self) -> Values:
        """Every field's value: what somebody may have changed, without the facts that the program set."""
        return {key: value for box in self.sections for key, value in box.group.values().items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show values; fields that are not among them become blank or take their default."""
        for box in self.sections:
            box.group.set_values(self._of_section(box.section, values))
            box.group.update_shown({})
        self._take_values(values)
        self.order_tabs()

    def _of_section(self, section: Section, values: Mapping[str, Any]) -> Values:
        mine = {field.key for field in section.fields}
        return {key: value for key, value in values.items() if key in mine}

    def _take_values(self, values: Mapping[str, Any]) -> None:
        """What no field shows, and what follows from all of them."""
        own = {field.key for field in top_fields(self.spec)}
        self._extra = {key: value for key, value in values.items() if key not in own}
        self._update()

    def typed(self) -> dict[str, Any]:
        """What stands half typed and `values` does not tell, by field: it is kept with a draft. {} for nothing."""
        return {key: typed for box in self.sections for key, typed in box.group.typed().items()}

    def set_typed(self, typed: Mapping[str, Any]) -> None:
        """Show again what `typed` gave, on top of the values."""
        for box in self.sections:
            box.group.set_typed({key: each for key, each in typed.items() if key in box.group.boxes})

    def set_fact(self, key: str, value: str) -> None:
        """Set a value that no field shows, and that fields may appear by (`ShownWhen`)."""
        if self._extra.get(key) != value:
            self._extra[key] = value
            self._update()

    def problems(self) -> dict[str, str]:
        """What is required and empty, or typed and unreadable, by field path."""
        return problems(self.spec, self.values())

    def show_problems(self, found: Mapping[str, str]) -> None:
        """Show problems under their fields, clear the others and go to the first."""
        first: QWidget | None = None
        for box in self.sections:
            shown = box.group.show_problems(found)
            first = first or shown
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll_to(first)

    def progress(self) -> tuple[int, int]:
        """How many questions that show are answered, and how many there are."""
        return progress(top_fields(self.spec), self.values())

    # --- focus ---

    def focus_place(self) -> dict[str, Any]:
        """Where the person is: {"field": path, "cursor": characters}; {} when the focus is elsewhere."""
        widget = _focus_under(self) or self._last_focus  # a hidden screen has no focus; the form has had one
        if widget is None or not isValid(widget):
            return {}
        for box in self.sections:
            path = box.group.locate(widget)
            if path is not None:
                return {"field": path, "cursor": cursor_of(widget)}
        return {}

    def restore_focus(self, place: Mapping[str, Any]) -> QWidget | None:
        """Go to a place that `focus_place` gave; to the first field when it is gone or empty. Gives what is there."""
        widget = self.remember_focus(place)
        if widget is not None:
            cursor = cursor_of(widget)
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            put_cursor(widget, cursor)
            QTimer.singleShot(0, self, self._show_focus)
        return widget

    def remember_focus(self, place: Mapping[str, Any]) -> QWidget | None:
        """Let `focus_place` tell this place, while the focus is and stays elsewhere. Gives what is there."""
        path, cursor = str(place.get("field", "")), place.get("cursor", 0)
        places = (box.group.widget_at(path) for box in self.sections if path)
        found = next((each for each in places if each is not None), None)
        if found is not None:
            put_cursor(found, cursor if isinstance(cursor, int) else 0)
        self._last_focus = found or next(self._fields(), None)
        return self._last_focus

    def _fields(self) -> Iterator[QWidget]:
        return (widget for box in self.sections for widget in box.group.focus_chain())

    def field_box(self, key: str) -> FieldBox | None:
        """The box of a top field: for forms that add something of their own beside it."""
        return next((box.group.boxes[key] for box in self.sections if key in box.group.boxes), None)

    def go_to_section(self, index: int) -> None:
        """Scroll to a section and focus its first field."""
        box = self.sections[index]
        chain = box.group.focus_chain()
        self._area.verticalScrollBar().setValue(box.y() - px(8))
        if chain:
            chain[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self._mark_link(index)

    def scroll_place(self) -> int:
        """How far the form is scrolled, in pixels."""
        return self._area.verticalScrollBar().value()

    def order_tabs(self) -> None:
        """Make Tab follow the eye, also through fields that appeared later."""
        for before, after in pairwise([*self._links, *self._fields(), *self._after]):
            QWidget.setTabOrder(before, after)

    def lead_on_to(self, widgets: Sequence[QWidget]) -> None:
        """What Tab comes to after the last field: the buttons of the form's foot."""
        self._after = tuple(widgets)
        self.order_tabs()

    # --- inside ---

    def _lay_out(self) -> None:
        page = self._page
        page.setProperty("surface", "canvas")
        self._column = column = QVBoxLayout(page)
        column.setContentsMargins(px(24), px(16), px(24), px(24))
        column.setSpacing(px(16))
        if self.spec.intro:
            column.addWidget(text_label(self.spec.intro, "muted", wrap=True))
        column.addStretch(1)
        page.setMaximumWidth(px(_WIDEST))
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._area.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._outline = self._make_outline()
        layout.addWidget(self._outline)
        layout.addWidget(self._area, 1)
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus_changed)

    def _make_outline(self) -> QWidget:
        holder = QScrollArea(self)
        holder.setWidgetResizable(True)
        holder.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder.setFixedWidth(px(_OUTLINE_WIDTH))
        panel = QWidget()
        holder.setWidget(panel)
        column = QVBoxLayout(panel)
        column.setContentsMargins(px(16), px(20), px(4), px(16))
        column.setSpacing(px(2))
        for index, section in enumerate(self.spec.sections if self._is_outlined else ()):
            link = DeskButton(section.title, panel)
            link.setProperty("role", "section")
            link.setCheckable(True)
            link.setAutoDefault(False)
            link.setAccessibleName(self.tr("Go to {0}").format(section.title))
            link.setToolTip(section.title)
            link.clicked.connect(lambda _checked=False, at=index: self.go_to_section(at))
            column.addWidget(link)
            self._links.append(link)
        column.addStretch(1)
        holder.setVisible(self._is_outlined)
        return holder

    def resizeEvent(self, event: object) -> None:
        """The outline gives way where the fields would be cramped."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._outline.setVisible(self._is_outlined and self.width() >= px(720))

    @property
    def _is_outlined(self) -> bool:
        return len(self.spec.sections) >= _OUTLINE_FROM

    def _on_changed(self) -> None:
        self._update()
        self.changed.emit()

    def _update(self) -> None:
        values = self.values()
        for box in self.sections:
            box.group.update_shown(values)
        for link, box in zip(self._links, self.sections, strict=False):
            done, asked = progress(box.section.fields, values)
            link.setText(_with_count(link, box.section.title, f"  {done}/{asked}" if asked else ""))
        self.progress_changed.emit(*progress(top_fields(self.spec), values))

    def _on_advance(self, answered: QObject) -> None:
        boxes = [each for box in self.sections for each in box.group.boxes.values() if each.isVisibleTo(self)]
        at = next((index for index, each in enumerate(boxes) if each.editor is answered), -1)
        follower = next((each for each in boxes[at + 1 :] if each.editor is not None), None)
        if at >= 0 and follower is not None and follower.editor is not None:
            chain = follower.editor.focus_chain()
            if chain:
                chain[0].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._page.isAncestorOf(new):
            self._last_focus = new
            self._scroll_to(new)

    def _show_focus(self) -> None:
        widget = _focus_under(self._page)
        if widget is not None:
            self._scroll_to(widget)

    def _scroll_to(self, widget: QWidget) -> None:
        """Bring the whole field into view, its label and problem too."""
        box: QWidget | None = widget
        while box is not None and not isinstance(box, FieldBox):
            box = box.parentWidget()
        page = self._page
        start = widget if box is None else box
        top = start.mapTo(page, QPoint(0, 0)).y()
        own = QRect(widget.mapTo(page, QPoint(0, 0)), widget.size())
        shown = self._area.viewport().height()
        bar = self._area.verticalScrollBar()
        if top < bar.value():
            bar.setValue(top - px(16))
        elif own.bottom() > bar.value() + shown:
            bar.setValue(min(top - px(16), own.bottom() - shown + px(48)) if own.height() < shown else top - px(16))

    def _on_scrolled(self, at: int) -> None:
        passed = [index for index, box in enumerate(self.sections) if box.y() <= at + px(80)]
        self._mark_link(passed[-1] if passed else 0)

    def _mark_link(self, at: int) -> None:
        for index, link in enumerate(self._links):
            link.setChecked(index == at)


def _with_count(link: QPushButton, title: str, count: str) -> str:
    """A section's title with its count; a title too long for the outline is cut, its count never is."""
    metrics = link.fontMetrics()
    room = px(_OUTLINE_WIDTH - 64) - metrics.horizontalAdvance(count)
    return metrics.elidedText(title, Qt.TextElideMode.ElideRight, room) + count


def _focus_under(ancestor: QWidget) -> QWidget | None:
    """The widget inside `ancestor` that has the focus, or had it last while its window is not the active one."""
    for widget in (QApplication.focusWidget(), ancestor.focusWidget()):
        if isinstance(widget, QWidget) and ancestor.isAncestorOf(widget):
            return widget
    return None
