"""Types into any form the way people do, and tells what stands in it, text by text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.choosing import ChoicesEditor, PickEditor, SegmentEditor
from advocate_desk.desk.forms.editors import (
    CheckEditor,
    ClockEditor,
    DayEditor,
    Editor,
    LongTextEditor,
    MomentEditor,
    NumberEditor,
    TextEditor,
    cursor_of,
)
from advocate_desk.desk.forms.groups import FieldGroup
from advocate_desk.desk.forms.nested import AnswerEditor, RepeatEditor

DAYS = ("3/4/1985", "tomorrow", "2 Feb 2026", "fri")
HALF_DAYS = ("1/1", " 3 ap", "tom", "Tue", "1/1/20", "next Tues")
HALF_TIMES = ("9", "10.1", "2p", "T", "1")
ODD = "żółć Ω 漢字 👩\u200d👧 \u200fע"
COMPOSING = "にほ"  # shown in the field, and not yet part of its text

Text = QLineEdit | QPlainTextEdit


def compose(field: QWidget, committed: str, composing: str = "") -> None:
    """Give text to a field as an input method does; `composing` stays open."""
    event = QInputMethodEvent(composing, [])
    event.setCommitString(committed)
    QApplication.sendEvent(field, event)


def text_of(field: Text) -> str:
    """The text of a field to the last character, spaces that must not break included."""
    return field.text() if isinstance(field, QLineEdit) else field.document().toRawText()


def texts(view: QWidget) -> list[Text]:
    """Every field of text under `view`, in order of their making."""
    return [each for each in view.findChildren(QWidget) if isinstance(each, (QLineEdit, QPlainTextEdit))]


def standing(view: QWidget) -> list[tuple[str, str]]:
    """Every text under `view` by what kind of field it stands in; ticks too."""
    said = [(type(each).__name__, text_of(each)) for each in texts(view)]
    ticked = ((each.accessibleName(), str(each.isChecked())) for each in view.findChildren(QCheckBox))
    return sorted(said) + sorted(ticked)


def groups_of(view: FormView) -> Iterator[FieldGroup]:
    """The groups of the form's sections."""
    return (box.group for box in view.sections)


def editors_of(group: FieldGroup) -> Iterator[Editor]:
    """Every editor of a group, those inside answers and rows too."""
    for box in group.boxes.values():
        if box.editor is None:
            continue
        yield box.editor
        if isinstance(box.editor, AnswerEditor) and box.editor._details is not None:
            yield from editors_of(box.editor._details)
        elif isinstance(box.editor, RepeatEditor):
            for row in box.editor._rows():
                yield from editors_of(row.group)


def _choose(editor: SegmentEditor | CheckEditor | PickEditor | ChoicesEditor) -> None:
    match editor:
        case SegmentEditor():
            editor.control._choose(list(editor.control._buttons)[-1])
        case CheckEditor():
            editor.check.setChecked(True)
        case ChoicesEditor():
            for at, box in enumerate(editor.boxes.values()):
                box.setChecked(at % 2 == 0)
        case PickEditor():
            offered = editor._find("")
            if offered:
                editor.set_value(offered[-1].key)
                editor.changed.emit()


@dataclass
class Typist:
    """Fills forms with words of which no two are the same."""

    number: int = 0

    def word(self) -> str:
        """The next word."""
        self.number += 1
        return f"wörd{self.number:04}"

    def fill(self, view: FormView) -> None:
        """Answer every question, also those that appear by an answer."""
        seen: set[Editor] = set()
        for _ in range(4):  # an answer may bring up fields that bring up fields
            fresh = [each for group in groups_of(view) for each in editors_of(group) if each not in seen]
            for each in fresh:
                if isValid(each):  # an answer may also take fields away
                    self._answer(each)
            seen.update(fresh)

    def _answer(self, editor: Editor) -> None:
        match editor:
            case NumberEditor():
                compose(editor.edit, str(self.number % 7))
            case TextEditor() | LongTextEditor():
                compose(editor.edit, f"{self.word()} {ODD}")
            case DayEditor() | ClockEditor() | MomentEditor():
                self._date(editor)
            case SegmentEditor() | CheckEditor() | PickEditor() | ChoicesEditor():
                _choose(editor)
            case AnswerEditor():
                editor.control._choose("yes")
                compose(editor._source, self.word())
            case RepeatEditor():
                editor._on_add()
                editor._on_add()

    def _date(self, editor: DayEditor | ClockEditor | MomentEditor) -> None:
        day = DAYS[self.number % len(DAYS)]
        match editor:
            case DayEditor():
                editor.field.edit.setText(day)
            case ClockEditor():
                editor.field.edit.setText("10:15")
            case MomentEditor():
                editor.day.edit.setText(day)
                editor.clock.edit.setText("14:05")

    def half_type(self, field: QWidget) -> str:
        """Leave something half typed in the field that has the focus; what must stand in it after the lock."""
        parent = field.parentWidget()
        if not isinstance(field, QLineEdit | QPlainTextEdit):
            return ""
        self.number += 1
        name = type(parent).__name__
        half = {"DateField": HALF_DAYS, "TimeField": HALF_TIMES}.get(name)
        if half is not None:
            field.selectAll()
            compose(field, half[self.number % len(half)])
        else:
            if isinstance(parent, PickEditor):
                field.selectAll()
            compose(field, f"{self.word()}\u00a0½ ", COMPOSING)
            at = 2 * cursor_of(field)  # Qt counts UTF-16 units
            before = text_of(field).encode("utf-16-le")
            return (before[:at] + COMPOSING.encode("utf-16-le") + before[at:]).decode("utf-16-le")
        return text_of(field)
