"""Fields together: a labelled box round each editor, and groups of boxes in one or two columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from advocate_desk.desk.forms.choosing import ChoicesEditor, PickEditor, choice_editor, yes_no_editor
from advocate_desk.desk.forms.editors import (
    CheckEditor,
    ClockEditor,
    DayEditor,
    Editor,
    FormContext,
    LongTextEditor,
    MomentEditor,
    NumberEditor,
    TextEditor,
)
from advocate_desk.desk.forms.values import Values, blank, is_shown
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.labels import icon_label, text_label
from advocate_desk.domain.forms import Field, FieldKind

_LEAST_COLUMN = 250  # pixels at 100% text; narrower, and fields go under each other


def make_editor(asked: Field, context: FormContext) -> Editor | None:
    """The editor for a field, or None for a note."""
    match asked.kind:
        case FieldKind.NOTE:
            return None
        case FieldKind.CHOICE:
            return choice_editor(asked, context)
        case FieldKind.YES_NO:
            return yes_no_editor(asked, context)
        case FieldKind.ANSWER | FieldKind.REPEAT:
            # Answers and rows hold groups themselves, so that their module stands on this one.
            from advocate_desk.desk.forms.nested import AnswerEditor, RepeatEditor  # noqa: PLC0415

            return (AnswerEditor if asked.kind is FieldKind.ANSWER else RepeatEditor)(asked, context)
        case kind:
            return _EDITORS[kind](asked, context)


class _Problem(QWidget):
    """What is wrong with an answer, in words."""

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(6))
        line.addWidget(icon_label("circle-alert", 15, "danger"), 0, Qt.AlignmentFlag.AlignTop)
        self._words = text_label("", "problem", wrap=True)
        line.addWidget(self._words, 1)

    def text(self) -> str:
        """The words."""
        return self._words.text()

    def say(self, words: str) -> None:
        """Say something else; "" is not seen."""
        self._words.setText(words)
        self.setVisible(bool(words))


class FieldBox(QWidget):
    """Label above, help in small letters, the editor, and what is wrong with it."""

    def __init__(self, asked: Field, context: FormContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asked = asked
        self.editor = make_editor(asked, context)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)  # columns of equal width
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(5))
        self._problem: _Problem | None = None  # made when there is one: most fields never have any
        if self.editor is None:
            self._draw_note(layout)
            return
        self._draw_label(layout, asked, self.editor)
        layout.addWidget(self.editor)
        if asked.help and asked.kind is FieldKind.CHECK:  # the words of a tick box stand beside it, its help under both
            layout.addWidget(text_label(asked.help, "small", wrap=True))
        self.editor.set_name(asked.label, self._described())

    def _draw_label(self, layout: QVBoxLayout, asked: Field, editor: Editor) -> None:
        if asked.kind is not FieldKind.CHECK:
            line = QHBoxLayout()
            line.setSpacing(px(8))
            label = text_label(asked.label, "label", wrap=True)
            label.setBuddy(editor.target())
            line.addWidget(label, 1)
            if asked.required:
                line.addWidget(text_label(self.tr("Required"), "small"), 0, Qt.AlignmentFlag.AlignBottom)
            layout.addLayout(line)
        if asked.help and asked.kind is not FieldKind.CHECK:
            layout.addWidget(text_label(asked.help, "small", wrap=True))

    def _draw_note(self, layout: QVBoxLayout) -> None:
        frame = QFrame()
        frame.setProperty("box", "banner")
        frame.setProperty("tone", "info")
        inner = QHBoxLayout(frame)
        inner.setContentsMargins(px(12), px(10), px(12), px(10))
        inner.setSpacing(px(10))
        inner.addWidget(icon_label("info", 18, "info"), 0, Qt.AlignmentFlag.AlignTop)
        words = self.asked.label + (f"\n{self.asked.help}" if self.asked.help else "")
        inner.addWidget(text_label(words, wrap=True), 1)
        layout.addWidget(frame)

    def show_problem(self, words: str) -> None:
        """Say what is wrong under the editor; "" takes it away."""
        layout, had = self.layout(), self._problem is not None and self._problem.text()
        if self.editor is None or layout is None or not (words or had):
            return
        if self._problem is None:
            self._problem = _Problem()
            layout.addWidget(self._problem)
        self._problem.say(words)
        self.editor.mark_problem(bool(words))
        layout.invalidate()  # Qt keeps the height that it found for this width before the words were there
        self.updateGeometry()
        self.editor.target().setAccessibleDescription(f"{words} {self._described()}".strip())

    def _described(self) -> str:
        """What assistive technology says of the field after its name."""
        required = self.tr("Required. ") if self.asked.required else ""
        return required + self.asked.help


class FieldGroup(QWidget):
    """The fields of one level, in one or two columns, hiding those whose condition does not hold."""

    changed = Signal()
    rearranged = Signal()
    advance_asked = Signal(object)  # the FieldBox whose answer is given: the next question may have the focus

    def __init__(
        self, fields: tuple[Field, ...], context: FormContext, parent: QWidget | None = None, at_once: bool = True
    ) -> None:
        super().__init__(parent)
        self._fields, self._context = fields, context
        self.boxes: dict[str, FieldBox] = {}
        self._rest: Values = {}
        self._columns = 0
        self._loading = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(24))
        self._grid.setVerticalSpacing(px(20))
        self._outer: Mapping[str, Any] = {}
        self._shown: tuple[str, ...] = ()
        if at_once:
            for each in fields:
                self._add(each)
            self.update_shown()

    def making(self, values: Mapping[str, Any]) -> Iterator[None]:
        """The fields with `values` in them, in steps of one, for a group that is not made at once."""
        own = {each.key for each in self._fields}
        self._rest = {key: value for key, value in values.items() if key not in own}
        self._loading = True
        for each in self._fields:
            box = self._add(each)
            if box.editor is not None:
                box.editor.set_value(values.get(each.key, blank(each)))
            box.ensurePolished()
            yield
        self._loading = False
        self.update_shown()

    def _add(self, asked: Field) -> FieldBox:
        box = FieldBox(asked, self._context, self)
        self.boxes[asked.key] = box
        if box.editor is not None:
            box.editor.changed.connect(self._on_changed)
            box.editor.rearranged.connect(self.rearranged)
            box.editor.settled.connect(self._on_settled)
        return box

    def values(self) -> Values:
        """Every field's value, hidden ones too, and whatever else was given (a row's id)."""
        own = {key: box.editor.value() for key, box in self.boxes.items() if box.editor is not None}
        return {**self._rest, **own}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show values; a field that is not among them becomes blank."""
        self._loading = True
        self._rest = {key: value for key, value in values.items() if key not in self.boxes}
        for key, box in self.boxes.items():
            if box.editor is not None:
                box.editor.set_value(values.get(key, blank(box.asked)))
        self._loading = False
        self.update_shown()

    def typed(self) -> dict[str, Any]:
        """What stands half typed in the fields and their values do not tell, by key; {} for nothing."""
        found = {key: box.editor.typed() for key, box in self.boxes.items() if box.editor is not None}
        return {key: typed for key, typed in found.items() if typed is not None}

    def set_typed(self, typed: Mapping[str, Any]) -> None:
        """Show again what `typed` gave, on top of the values."""
        self._loading = True
        for key, each in typed.items():
            box = self.boxes.get(key)
            if box is not None and box.editor is not None:
                box.editor.set_typed(each)
        self._loading = False

    def update_shown(self, outer: Mapping[str, Any] | None = None) -> None:
        """Show the fields whose condition holds, given this level's values and those of its other sections."""
        if outer is not None:
            self._outer = outer
        level = {**self._outer, **self.values()}
        shown = tuple(key for key, box in self.boxes.items() if is_shown(box.asked, level))
        if shown != self._shown:
            self._shown = shown
            self._columns = 0
            self._arrange()
            self.rearranged.emit()

    def focus_chain(self) -> list[QWidget]:
        """The widgets that Tab visits, in order."""
        return [each for box in self._visible() if box.editor for each in box.editor.focus_chain()]

    def locate(self, widget: QWidget) -> str | None:
        """The path of the field that holds `widget`, or None."""
        for key, box in self.boxes.items():
            inner = box.editor.locate(widget) if box.editor else None
            if inner is not None:
                return f"{key}.{inner}" if inner else key
        return None

    def widget_at(self, path: str) -> QWidget | None:
        """The widget that a path leads to."""
        key, _, rest = path.partition(".")
        box = self.boxes.get(key)
        return box.editor.widget_at(rest) if box is not None and box.editor is not None else None

    def show_problems(self, found: Mapping[str, str]) -> QWidget | None:
        """Show problems under their fields and clear all others; the first widget to go to."""
        first: QWidget | None = None
        for key, box in self.boxes.items():
            if box.editor is None:
                continue
            box.show_problem(found.get(key, ""))
            here = box.editor.target() if key in found else None
            inner = {path[len(key) + 1 :]: words for path, words in found.items() if path.startswith(f"{key}.")}
            first = first or here or box.editor.show_problems(inner)
        return first

    def resizeEvent(self, event: object) -> None:
        """One column where two would be cramped."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Never ask for two columns' width: a narrow window folds them."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), px(_LEAST_COLUMN)), hint.height())

    def _visible(self) -> Iterator[FieldBox]:
        return (self.boxes[key] for key in self._shown)

    def _arrange(self) -> None:
        columns = 2 if self.width() >= 2 * px(_LEAST_COLUMN) + px(24) else 1
        if columns == self._columns:
            return
        self._columns = columns
        for box in self.boxes.values():
            self._grid.removeWidget(box)  # an item that is only taken lives on, and keeps the height it had
        row, column = 0, 0
        for key, box in self.boxes.items():
            if key not in self._shown:
                box.hide()
                continue
            wide = box.asked.wide or columns == 1
            if wide and column:
                row, column = row + 1, 0
            self._grid.addWidget(box, row, column, 1, 2 if wide else 1, Qt.AlignmentFlag.AlignTop)
            if box.isHidden():  # showing what only waits for its parent would lay all of it out, once a field
                box.show()
            row, column = (row + 1, 0) if wide or column == 1 else (row, 1)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1 if columns == 2 else 0)

    def _on_changed(self) -> None:
        if self._loading:
            return
        box = next((b for b in self.boxes.values() if b.editor is self.sender()), None)
        if box is not None:
            box.show_problem("")
        self.update_shown()
        self.changed.emit()

    def _on_settled(self) -> None:
        self.advance_asked.emit(self.sender())


_EDITORS: dict[FieldKind, type[Editor]] = {
    FieldKind.TEXT: TextEditor,
    FieldKind.LONG_TEXT: LongTextEditor,
    FieldKind.NUMBER: NumberEditor,
    FieldKind.DATE: DayEditor,
    FieldKind.TIME: ClockEditor,
    FieldKind.DATE_TIME: MomentEditor,
    FieldKind.CHOICES: ChoicesEditor,
    FieldKind.SEARCH: PickEditor,
    FieldKind.CHECK: CheckEditor,
}
