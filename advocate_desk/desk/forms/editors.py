"""The editors of single values. Each is a widget with one `value`, and says `changed` when a person changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QTextCursor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.forms.values import FormValue, parse_number
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.date_field import DateField, TimeField
from advocate_desk.domain.forms import Field, Option

Find = Callable[[str], Sequence[Option]]


class OptionSource(Protocol):
    """Where a form's choices come from."""

    def options(self, key: str) -> Sequence[Option]:
        """Every option of the list `key`; empty for a register that is only searched."""
        ...

    def search(self, key: str, text: str) -> Sequence[Option]:
        """The options of `key` that fit `text`, best first."""
        ...

    def label(self, key: str, option_key: str) -> str:
        """The label of one option, or "" when it is not in the list."""
        ...


@dataclass(frozen=True)
class FormContext:
    """What editors need from outside: choices, and the day that relative dates count from."""

    source: OptionSource
    today: Callable[[], date]
    shortcuts: Mapping[str, str] = field(default_factory=dict)


class Editor(QWidget):
    """Base of the editors. `asked` is the field; the label and help are drawn by the box around it."""

    settled = Signal()  # the answer is given and the next question may have the focus
    changed = Signal()
    rearranged = Signal()  # fields appeared or went: the tab order must follow

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__()
        self.asked, self.context = asked, context

    def value(self) -> FormValue:
        """The value as `domain.forms` describes it for this kind."""
        raise NotImplementedError

    def set_value(self, value: FormValue) -> None:
        """Show a value, without `changed`."""
        raise NotImplementedError

    def typed(self) -> FormValue:
        """What stands in the editor, half typed, that `value` does not tell; None when it tells all. JSON."""
        return None

    def set_typed(self, typed: FormValue) -> None:
        """Show again what `typed` gave, on top of the value, without `changed`."""

    def target(self) -> QWidget:
        """The widget that takes the focus and the accessible name."""
        raise NotImplementedError

    def focus_chain(self) -> list[QWidget]:
        """The widgets that Tab visits, in order."""
        return [each for each in [self, *self.findChildren(QWidget)] if _takes_tab(each)]

    def locate(self, widget: QWidget) -> str | None:
        """The path inside this editor to `widget`: "" for the editor itself, None when it is elsewhere."""
        return "" if widget is self or self.isAncestorOf(widget) else None

    def widget_at(self, path: str) -> QWidget | None:
        """The widget that `locate` gave `path` for."""
        return self.target()

    def show_problems(self, found: Mapping[str, str]) -> QWidget | None:
        """Show problems of inner fields (paths inside this editor); the first widget to go to, if any."""
        return None

    def mark_problem(self, is_wrong: bool) -> None:
        """Draw the editor as wrong, or no longer."""
        theme.set_role(self.target(), problem="true" if is_wrong else "false")

    def set_name(self, name: str, description: str) -> None:
        """Tell assistive technology what this is."""
        self.target().setAccessibleName(name)
        self.target().setAccessibleDescription(description)


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def _fill(editor: QWidget, *widgets: QWidget) -> None:
    layout = QHBoxLayout(editor)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(px(8))
    for widget in widgets:
        layout.addWidget(widget)


class TextEditor(Editor):
    """One line."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context)
        self.edit = QLineEdit()
        self.edit.textChanged.connect(self.changed)
        _fill(self, self.edit)

    def value(self) -> FormValue:
        """The text as typed."""
        return self.edit.text()

    def set_value(self, value: FormValue) -> None:
        """Show text."""
        self.blockSignals(True)
        self.edit.setText(str(value if value is not None else ""))
        self.edit.setCursorPosition(0)
        self.blockSignals(False)

    def target(self) -> QWidget:
        """The line."""
        return self.edit


class NumberEditor(TextEditor):
    """A whole number; text that is none is kept."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context)
        self.edit.setMaximumWidth(px(140))
        self.layout().setAlignment(self.edit, Qt.AlignmentFlag.AlignLeft)  # type: ignore[union-attr]
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)

    def value(self) -> FormValue:
        """The number, or the text while it is none."""
        text = self.edit.text().strip()
        number = parse_number(text)
        return text if number is None else number

    def typed(self) -> FormValue:
        """The text, while it is not the number's own."""
        text = self.edit.text()
        return text if text != str(self.value()) else None

    def set_typed(self, typed: FormValue) -> None:
        """Show the text."""
        self.set_value(typed)


class GrowingTextEdit(QPlainTextEdit):
    """Several lines that grow with what is typed. Tab leaves it; undo works."""

    def __init__(self, least_lines: int = 3, most_lines: int = 16) -> None:
        super().__init__()
        self._least, self._most = least_lines, most_lines
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._fit)
        self._fit()

    def resizeEvent(self, event: object) -> None:
        """Wrapping may change with the width."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """The text size may have changed."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(px(320), self.height())

    def _fit(self) -> None:
        line = QFontMetrics(self.font()).lineSpacing()
        lines = min(max(int(self.document().size().height()), self._least), self._most)
        height = lines * line + px(14) + 12
        if height != self.maximumHeight():
            self.setFixedHeight(height)


class LongTextEditor(Editor):
    """Several lines."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context)
        self.edit = GrowingTextEdit()
        self.edit.textChanged.connect(self.changed)
        _fill(self, self.edit)

    def value(self) -> FormValue:
        """The text as typed."""
        return self.edit.toPlainText()

    def set_value(self, value: FormValue) -> None:
        """Show text."""
        self.blockSignals(True)
        self.edit.setPlainText(str(value or ""))
        self.blockSignals(False)

    def typed(self) -> FormValue:
        """The text, where it has a space that must not break: Qt gives it out as one that may."""
        raw = self.edit.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")
        return raw if raw != self.value() else None

    def set_typed(self, typed: FormValue) -> None:
        """Show the text."""
        self.set_value(typed)

    def target(self) -> QWidget:
        """The text."""
        return self.edit


class _PartEditor(Editor):
    """One date or time field, which keeps text that it cannot read."""

    def __init__(self, asked: Field, context: FormContext, field: DateField | TimeField) -> None:
        super().__init__(asked, context)
        self.field = field
        self.field.changed.connect(self.changed)
        _fill(self, self.field)

    def value(self) -> FormValue:
        """An ISO date or a time such as "10:15", or the text as typed."""
        return self.field.value()

    def set_value(self, value: FormValue) -> None:
        """Show a date, a time or text."""
        self.blockSignals(True)
        self.field.set_value(str(value or ""))
        self.blockSignals(False)

    def typed(self) -> FormValue:
        """The text of a date or time that is not written out yet: "1/1" may become "1/12"."""
        return self.field.typed()

    def set_typed(self, typed: FormValue) -> None:
        """Show the text."""
        self.blockSignals(True)
        self.field.edit.setText(str(typed))
        self.blockSignals(False)

    def target(self) -> QWidget:
        """The line."""
        return self.field.edit


class DayEditor(_PartEditor):
    """A date."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context, DateField(context.today, asked.label))


class ClockEditor(_PartEditor):
    """A time of day."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context, TimeField(asked.label))


class MomentEditor(Editor):
    """A date and a time, side by side."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context)
        self.day = DateField(context.today, asked.label, is_terse=True)
        self.clock = TimeField(self.tr("{0}: time").format(asked.label))
        self.day.changed.connect(self.changed)
        self.clock.changed.connect(self.changed)
        _fill(self, self.day, self.clock, self.day.words)
        self.day.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.clock.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.layout().setStretch(2, 1)  # type: ignore[union-attr]

    def value(self) -> FormValue:
        """The moment as "2026-11-21T14:05"; "" when both are empty; half-typed parts are kept."""
        day, clock = self.day.value(), self.clock.value()
        return f"{day}T{clock}" if day or clock else ""

    def set_value(self, value: FormValue) -> None:
        """Show a moment or what was typed of one."""
        day, _, clock = str(value or "").partition("T")
        self.blockSignals(True)
        self.day.set_value(day)
        self.clock.set_value(clock[:5] if clock[2:3] == ":" else clock)
        self.blockSignals(False)

    def typed(self) -> FormValue:
        """Both texts, while either is not written out yet, or the day holds the letter that divides them."""
        if self.day.typed() is None and self.clock.typed() is None and "T" not in self.day.value():
            return None
        return [self.day.edit.text(), self.clock.edit.text()]

    def set_typed(self, typed: FormValue) -> None:
        """Show both texts."""
        self.blockSignals(True)
        day, clock = typed
        self.day.edit.setText(str(day))
        self.clock.edit.setText(str(clock))
        self.blockSignals(False)

    def target(self) -> QWidget:
        """The date's line."""
        return self.day.edit

    def locate(self, widget: QWidget) -> str | None:
        """Tell the time's line from the date's."""
        if widget is self.clock.edit:
            return "time"
        return super().locate(widget)

    def widget_at(self, path: str) -> QWidget | None:
        """The time's line for "time"."""
        return self.clock.edit if path == "time" else self.day.edit


class CheckEditor(Editor):
    """A tick box, with the field's label beside it."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context)
        self.check = QCheckBox(asked.label.replace("&", "&&"))
        self.check.toggled.connect(self.changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.check, 0, Qt.AlignmentFlag.AlignLeft)

    def value(self) -> FormValue:
        """Whether it is ticked."""
        return self.check.isChecked()

    def set_value(self, value: FormValue) -> None:
        """Tick it or not."""
        self.blockSignals(True)
        self.check.setChecked(value is True or value == "yes")
        self.blockSignals(False)

    def target(self) -> QWidget:
        """The box."""
        return self.check


def cursor_of(widget: QWidget) -> int:
    """Where the text cursor stands in `widget`, in UTF-16 units; 0 where there is none."""
    if isinstance(widget, QLineEdit):
        return widget.cursorPosition()
    if isinstance(widget, QPlainTextEdit):
        return widget.textCursor().position()
    return 0


_LAST_PLACE = 1 << 30  # Qt takes no larger number


def put_cursor(widget: QWidget, place: int) -> None:
    """Put the text cursor of `widget` back to `place`, or as near as its text allows."""
    place = min(max(place, 0), _LAST_PLACE)
    if isinstance(widget, QLineEdit):
        widget.setCursorPosition(place)  # Qt counts UTF-16 units, as it did when it told the place
    elif isinstance(widget, QPlainTextEdit):
        cursor = widget.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.setPosition(min(place, cursor.position()))
        widget.setTextCursor(cursor)
