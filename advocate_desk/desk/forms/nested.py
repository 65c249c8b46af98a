"""Editors that hold groups of fields: an answer with its follow-ups, and rows that can be added and taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from advocate_desk.desk.forms.editors import (
    Editor,
    FormContext,
)
from advocate_desk.desk.forms.groups import FieldGroup
from advocate_desk.desk.forms.values import FormValue, Values, blank
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.forms import Field, Option


class AnswerEditor(Editor):
    """A question answered Yes, No or Don't know, or not asked; a yes opens its follow-ups, an answer its source."""

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

    def typed(self) -> FormValue:
        """What stands half typed in the follow-ups."""
        return (self._details.typed() or None) if self._details is not None else None

    def set_typed(self, typed: FormValue) -> None:
        """Show it."""
        if self._details is not None:
            self._details.set_typed(typed)

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

    def remove(self, with_focus: bool = True) -> None:
        """Take the row out, leaving a way back."""
        self.is_removed = True
        self._show_state()
        if with_focus:
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

    def typed(self) -> FormValue:
        """What stands half typed in each row, and the rows that were taken out and can be brought back."""
        rows = [{"typed": row.group.typed()} for row in self._all]
        for kept, row in zip(rows, self._all, strict=True):
            if row.is_removed:
                kept["gone"] = row.group.values()
        return rows if any(kept["typed"] or "gone" in kept for kept in rows) else None

    def set_typed(self, typed: FormValue) -> None:
        """Show it: the rows that stand are there already."""
        self.blockSignals(True)
        for at, kept in enumerate(typed):
            if "gone" in kept:
                row = self._append(kept["gone"], at)
                row.remove(with_focus=False)
            if at < len(self._all):
                self._all[at].group.set_typed(kept["typed"])
        self.blockSignals(False)
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

    def _append(self, values: Mapping[str, Any], at: int | None = None) -> _Row:
        """Add a row with these values: last, or as the row `at`, counting those that were taken out."""
        row = _Row(self.asked, self.context, len(self._rows()) + 1)
        row.group.set_values(values)
        row.group.changed.connect(self.changed)
        row.group.rearranged.connect(self.rearranged)
        row.removed.connect(self._on_row_moved)
        row.restored.connect(self._on_row_moved)
        place = len(self._all) if at is None else min(at, len(self._all))
        self._all.insert(place, row)
        self._layout.insertWidget(place, row)
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
