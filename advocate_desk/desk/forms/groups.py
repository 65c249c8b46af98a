"""Fields together: a labelled box round each editor, groups of boxes, answers with follow-ups, and repeated rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

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
from advocate_desk.desk.forms.values import FormValue, Values, blank, is_shown
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.labels import icon_label, text_label
from advocate_desk.domain.forms import Field, FieldKind, Option

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
        case kind:
            return _EDITORS[kind](asked, context)


class FieldBox(QWidget):
    """Label above, help in small letters, the editor, and what is wrong with it."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__()
        self.asked = asked
        self.editor = make_editor(asked, context)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)  # columns of equal width
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(5))
        self._problem = QWidget()
        if self.editor is None:
            self._draw_note(layout)
            return
        self._draw_label(layout, asked, self.editor)
        self._draw_problem()
        layout.addWidget(self.editor)
        if asked.help and asked.kind is FieldKind.CHECK:  # the words of a tick box stand beside it, its help under both
            layout.addWidget(text_label(asked.help, "small", wrap=True))
        layout.addWidget(self._problem)
        self._problem.hide()
        required = self.tr("Required. ") if asked.required else ""
        self.editor.set_name(asked.label, required + asked.help)

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

    def _draw_problem(self) -> None:
        line = QHBoxLayout(self._problem)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(6))
        line.addWidget(icon_label("circle-alert", 15, "danger"), 0, Qt.AlignmentFlag.AlignTop)
        self._problem_text: QLabel = text_label("", "problem", wrap=True)
        line.addWidget(self._problem_text, 1)

    def show_problem(self, words: str) -> None:
        """Say what is wrong under the editor; "" takes it away."""
        if self.editor is None or (words == self._problem_text.text() and not words):
            return
        self._problem_text.setText(words)
        self._problem.setVisible(bool(words))
        self.editor.mark_problem(bool(words))
        layout = self.layout()
        if layout is not None:
            layout.invalidate()  # Qt keeps the height that it found for this width before the words were there
        self.updateGeometry()
        self.editor.target().setAccessibleDescription(words or self.asked.help)


class FieldGroup(QWidget):
    """The fields of one level, in one or two columns, hiding those whose condition does not hold."""

    changed = Signal()
    rearranged = Signal()
    advance_asked = Signal(object)  # the FieldBox whose answer is given: the next question may have the focus

    def __init__(self, fields: tuple[Field, ...], context: FormContext) -> None:
        super().__init__()
        self.boxes: dict[str, FieldBox] = {}
        self._rest: Values = {}
        self._columns = 0
        self._loading = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(24))
        self._grid.setVerticalSpacing(px(20))
        for each in fields:
            box = FieldBox(each, context)
            box.setParent(self)
            self.boxes[each.key] = box
            if box.editor is not None:
                box.editor.changed.connect(self._on_changed)
                box.editor.rearranged.connect(self.rearranged)
            if isinstance(box.editor, AnswerEditor):
                box.editor.settled.connect(self._on_settled)
        self._outer: Mapping[str, Any] = {}
        self._shown: tuple[str, ...] = ()
        self.update_shown()

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
        while self._grid.count():
            self._grid.takeAt(0)
        row, column = 0, 0
        for key, box in self.boxes.items():
            if key not in self._shown:
                box.hide()
                continue
            wide = box.asked.wide or columns == 1
            if wide and column:
                row, column = row + 1, 0
            self._grid.addWidget(box, row, column, 1, 2 if wide else 1, Qt.AlignmentFlag.AlignTop)
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


class AnswerEditor(Editor):
    """A question answered Yes, No or Don't know, or not asked; a yes opens its follow-ups, an answer its source."""

    settled = Signal()  # answered by a letter, with nothing more to ask

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context)
        options = (
            Option("yes", self.tr("Yes")),
            Option("no", self.tr("No")),
            Option("dont_know", self.tr("Don’t know")),
            Option("", self.tr("Not asked")),
        )
        keys = {"y": "yes", "n": "no", "d": "dont_know", "x": ""}
        self.control = SegmentedControl(options, asked.label, can_clear=False, shortcuts=keys)
        self.control.set_value("")
        self.control.chosen.connect(self._on_chosen)
        self._source = QLineEdit()
        self._source.setPlaceholderText(self.tr("Who said so, or where it is recorded"))
        self._source.setAccessibleName(self.tr("Source of the answer: {0}").format(asked.label))
        self._source.textChanged.connect(self.changed)
        self._details: FieldGroup | None = None
        self._kept_details: Values = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(px(10))
        self._layout.addWidget(self.control)
        self._layout.addWidget(self._source)
        self._source.hide()

    def value(self) -> FormValue:
        """The answer, the details that were ever given, and the source."""
        details = self._details.values() if self._details else self._kept_details
        return {"answer": self.control.value(), "detail": details, "source": self._source.text()}

    def set_value(self, value: FormValue) -> None:
        """Show an answer."""
        given: dict[str, Any] = value if isinstance(value, dict) else {"answer": value or ""}
        self.blockSignals(True)
        self.control.set_value(str(given.get("answer", "")))
        self._source.setText(str(given.get("source", "")))
        self._kept_details = dict(given.get("detail") or {})
        if self._details:
            self._details.set_values(self._kept_details)
        self._open()
        self.blockSignals(False)

    def target(self) -> QWidget:
        """The row of answers."""
        return self.control

    def mark_problem(self, is_wrong: bool) -> None:
        """The words under it say so."""

    def focus_chain(self) -> list[QWidget]:
        """Answers, follow-ups, source."""
        chain = [each for each in self.control.findChildren(QWidget) if each.focusPolicy() & Qt.FocusPolicy.TabFocus]
        if self._details is not None and not self._details.isHidden():
            chain += self._details.focus_chain()
        return chain if self._source.isHidden() else [*chain, self._source]

    def locate(self, widget: QWidget) -> str | None:
        """The answers, a follow-up or the source."""
        if widget is self._source:
            return "source"
        inner = self._details.locate(widget) if self._details else None
        return f"detail.{inner}" if inner is not None else super().locate(widget)

    def widget_at(self, path: str) -> QWidget | None:
        """The widget that `locate` named."""
        if path == "source":
            return self._source
        if path.startswith("detail.") and self._details:
            return self._details.widget_at(path[len("detail.") :])
        return self.control

    def show_problems(self, found: Mapping[str, str]) -> QWidget | None:
        """Problems of the follow-ups."""
        start = "detail."
        inner = {path[len(start) :]: words for path, words in found.items() if path.startswith(start)}
        return self._details.show_problems(inner) if self._details else None

    def _on_chosen(self, key: str) -> None:
        self._open()
        self.changed.emit()
        self.rearranged.emit()
        if key in ("no", "dont_know") and self._letter_used():
            self.settled.emit()

    def _letter_used(self) -> bool:
        return any(each.hasFocus() for each in self.control.findChildren(QWidget))

    def _open(self) -> None:
        answer = self.control.value()
        self._source.setVisible(bool(answer))
        if answer == "yes" and self.asked.fields and self._details is None:
            self._details = FieldGroup(self.asked.fields, self.context)
            self._details.set_values(self._kept_details)
            self._details.changed.connect(self.changed)
            self._details.rearranged.connect(self.rearranged)
            self._frame = _indented(self._details)
            self._layout.insertWidget(1, self._frame)
        if self._details is not None:
            self._frame.setVisible(answer == "yes")
            self._details.setVisible(answer == "yes")


def _indented(inner: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("box", "inset")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(px(16), px(14), px(16), px(16))
    layout.addWidget(inner)
    return frame


class _Row(QFrame):
    """One row of a repeat, or the note that stands where it was removed."""

    removed = Signal()
    restored = Signal()

    def __init__(self, asked: Field, context: FormContext, number: int) -> None:
        super().__init__()
        self.setProperty("box", "inset")
        self.group = FieldGroup(asked.fields, context)
        self.is_removed = False
        self._kind = asked.label
        self._number = text_label("", "overline")
        self._remove = button(self.tr("Remove"), "link", "trash-2", self.remove)
        self._undo = button(self.tr("Undo"), "link", "undo-2", self.restore)
        self._gone = text_label(self.tr("Removed."), "muted")
        head = QHBoxLayout()
        for widget in (self._number, self._gone):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self._undo)
        head.addWidget(self._remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(16), px(8), px(12), px(8))
        layout.setSpacing(px(8))
        layout.addLayout(head)
        layout.addWidget(self.group)
        self.show_number(number)
        self._show_state()

    def show_number(self, number: int) -> None:
        """Number it, from 1."""
        words = f"{self._kind} {number}"
        self._number.setText(words)
        self._remove.setAccessibleName(self.tr("Remove {0}").format(words))
        self._undo.setAccessibleName(self.tr("Undo removing {0}").format(words))

    def remove(self) -> None:
        """Take the row out, leaving a way back."""
        self.is_removed = True
        self._show_state()
        self._undo.setFocus()
        self.removed.emit()

    def restore(self) -> None:
        """Bring the row back as it was."""
        self.is_removed = False
        self._show_state()
        self.restored.emit()

    def buttons(self) -> list[QWidget]:
        """The button that can be pressed now."""
        return [self._undo if self.is_removed else self._remove]

    def _show_state(self) -> None:
        self.group.setVisible(not self.is_removed)
        self._remove.setVisible(not self.is_removed)
        self._undo.setVisible(self.is_removed)
        self._gone.setVisible(self.is_removed)


class RepeatEditor(Editor):
    """Rows of the same fields, added and removed; a removed row can be brought back until the form closes."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context)
        self._all: list[_Row] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(px(10))
        self._add = button(asked.add_label or self.tr("Add another"), "", "plus", self._on_add)
        self._layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    def value(self) -> FormValue:
        """The rows that stand."""
        return [row.group.values() for row in self._rows()]

    def set_value(self, value: FormValue) -> None:
        """Show rows instead of those there are."""
        for row in self._all:
            row.hide()
            row.deleteLater()
        self._all = []
        for values in value if isinstance(value, list) else []:
            self._append(values)
        self.rearranged.emit()

    def target(self) -> QWidget:
        """The add button."""
        return self._add

    def set_name(self, name: str, description: str) -> None:
        """The group has the name; the add button keeps its words."""
        self.setAccessibleName(name)
        self._add.setAccessibleDescription(f"{name}. {description}")

    def mark_problem(self, is_wrong: bool) -> None:
        """The words under it say so."""

    def focus_chain(self) -> list[QWidget]:
        """Each row's remove, then its fields; last the add button."""
        chain: list[QWidget] = []
        for row in self._all:
            chain += row.buttons() + ([] if row.is_removed else row.group.focus_chain())
        return [*chain, self._add]

    def locate(self, widget: QWidget) -> str | None:
        """Row number from 0, then the field in it."""
        for index, row in enumerate(self._rows()):
            inner = row.group.locate(widget)
            if inner is not None:
                return f"{index}.{inner}"
        return super().locate(widget)

    def widget_at(self, path: str) -> QWidget | None:
        """The widget that `locate` named."""
        number, _, rest = path.partition(".")
        rows = self._rows()
        if number.isdecimal() and int(number) < len(rows):
            return rows[int(number)].group.widget_at(rest)
        return self._add

    def show_problems(self, found: Mapping[str, str]) -> QWidget | None:
        """Problems of each row."""
        first: QWidget | None = None
        for index, row in enumerate(self._rows()):
            start = f"{index}."
            inner = {path[len(start) :]: words for path, words in found.items() if path.startswith(start)}
            shown = row.group.show_problems(inner)
            first = first or shown
        return first

    def _rows(self) -> list[_Row]:
        return [row for row in self._all if not row.is_removed]

    def _append(self, values: Mapping[str, Any]) -> _Row:
        row = _Row(self.asked, self.context, len(self._rows()) + 1)
        row.group.set_values(values)
        row.group.changed.connect(self.changed)
        row.group.rearranged.connect(self.rearranged)
        row.removed.connect(self._on_row_moved)
        row.restored.connect(self._on_row_moved)
        self._all.append(row)
        self._layout.insertWidget(len(self._all) - 1, row)
        return row

    def _on_add(self) -> None:
        row = self._append({field.key: blank(field) for field in self.asked.fields})
        self.rearranged.emit()
        self.changed.emit()
        first = next(iter(row.group.focus_chain()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_row_moved(self) -> None:
        for number, row in enumerate(self._rows(), 1):
            row.show_number(number)
        self.rearranged.emit()
        self.changed.emit()


_EDITORS: dict[FieldKind, type[Editor]] = {
    FieldKind.TEXT: TextEditor,
    FieldKind.LONG_TEXT: LongTextEditor,
    FieldKind.NUMBER: NumberEditor,
    FieldKind.DATE: DayEditor,
    FieldKind.TIME: ClockEditor,
    FieldKind.DATE_TIME: MomentEditor,
    FieldKind.CHOICES: ChoicesEditor,
    FieldKind.SEARCH: PickEditor,
    FieldKind.ANSWER: AnswerEditor,
    FieldKind.CHECK: CheckEditor,
    FieldKind.REPEAT: RepeatEditor,
}
