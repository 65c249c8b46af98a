"""Editors that choose: one of a few, one of many, several, yes or no."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from advocate_desk.desk.forms.editors import Editor, FormContext
from advocate_desk.desk.forms.values import FormValue
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import Chip, SegmentedControl
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.option_picker import OptionPicker, matching
from advocate_desk.domain.forms import Field, FieldKind, Option

_SEGMENT_LETTERS = 44  # more than this on one row is a list, at 100% text in half of a panel
_CHIP_LETTERS = 26
_MOST_CHIPS = 12


def choice_editor(asked: Field, context: FormContext) -> Editor:
    """A row of joined buttons for up to four short options, else a list that finds as one types."""
    options = context.source.options(asked.options)
    letters = sum(len(option.label) for option in options)
    if 0 < len(options) <= 4 and letters <= _SEGMENT_LETTERS:
        return SegmentEditor(asked, context, options)
    return PickEditor(asked, context)


class SegmentEditor(Editor):
    """One of a few, all in sight."""

    def __init__(
        self, asked: Field, context: FormContext, options: Sequence[Option], keys: dict[str, str] | None = None
    ) -> None:
        super().__init__(asked, context)
        self.control = SegmentedControl(options, asked.label, shortcuts=keys)
        self.control.chosen.connect(self.changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.control)

    def value(self) -> FormValue:
        """The key that is on, or ""."""
        return self.control.value()

    def set_value(self, value: FormValue) -> None:
        """Turn one on."""
        self.control.set_value(str(value or ""))

    def target(self) -> QWidget:
        """The row."""
        return self.control

    def mark_problem(self, is_wrong: bool) -> None:
        """The words under it say so; the row keeps its look."""


def yes_no_editor(asked: Field, context: FormContext) -> Editor:
    """Yes or No; the keys y and n answer."""
    made = QWidget()
    options = (Option("yes", made.tr("Yes")), Option("no", made.tr("No")))
    made.deleteLater()
    return SegmentEditor(asked, context, options, {"y": "yes", "n": "no"})


class PickEditor(Editor):
    """One of many: typed to find. A search keeps text that names no option; a choice does not."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context)
        strict = asked.kind is FieldKind.CHOICE
        self.picker = OptionPicker(self._find, self._label, strict)
        self.picker.setPlaceholderText(self.tr("Choose…") if strict else self.tr("Type to search"))
        self.picker.value_changed.connect(self.changed)
        self.picker.textEdited.connect(self.changed)  # a search half typed is kept too
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picker)

    def _find(self, text: str) -> Sequence[Option]:
        listed = self.context.source.options(self.asked.options)
        return matching(listed, text) if listed else self.context.source.search(self.asked.options, text)

    def _label(self, key: str) -> str:
        return self.context.source.label(self.asked.options, key)

    def value(self) -> FormValue:
        """The option's key, or free text for a search."""
        return self.picker.value()

    def set_value(self, value: FormValue) -> None:
        """Show an option or text."""
        self.picker.set_value(str(value or ""))

    def typed(self) -> FormValue:
        """The text of a search that has chosen nothing yet."""
        return self.picker.typed()

    def set_typed(self, typed: FormValue) -> None:
        """Show the text."""
        self.picker.setText(str(typed))

    def target(self) -> QWidget:
        """The line."""
        return self.picker


class ChoicesEditor(Editor):
    """Any number of options: chips while they are few and short, else tick boxes in columns."""

    def __init__(self, asked: Field, context: FormContext) -> None:
        super().__init__(asked, context)
        options = context.source.options(asked.options)
        as_chips = len(options) <= _MOST_CHIPS and all(len(option.label) <= _CHIP_LETTERS for option in options)
        self.boxes: dict[str, Chip | QCheckBox] = {}
        layout = FlowLayout(self, px(8) if as_chips else px(6), 0 if as_chips else px(240))
        for option in options:
            box: Chip | QCheckBox = Chip(option.label) if as_chips else QCheckBox(option.label.replace("&", "&&"))
            box.setAccessibleName(f"{asked.label}: {option.label}")
            box.setToolTip(option.detail)
            box.toggled.connect(self.changed)
            self.boxes[option.key] = box
            layout.addWidget(box)
        self._unlisted: list[str] = []

    def value(self) -> FormValue:
        """The keys that are on; those that the list no longer knows are kept."""
        return [key for key, box in self.boxes.items() if box.isChecked()] + self._unlisted

    def set_value(self, value: FormValue) -> None:
        """Turn some on."""
        keys = [str(each) for each in value] if isinstance(value, list) else []
        self._unlisted = [key for key in keys if key not in self.boxes]
        self.blockSignals(True)
        for key, box in self.boxes.items():
            box.setChecked(key in keys)
        self.blockSignals(False)

    def target(self) -> QWidget:
        """The first box."""
        return next(iter(self.boxes.values()), self)

    def set_name(self, name: str, description: str) -> None:
        """The group has the name; each box has its own."""
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)

    def locate(self, widget: QWidget) -> str | None:
        """The key of the box."""
        return next((key for key, box in self.boxes.items() if box is widget), super().locate(widget))

    def widget_at(self, path: str) -> QWidget | None:
        """The box of a key."""
        return self.boxes.get(path, self.target())

    def mark_problem(self, is_wrong: bool) -> None:
        """The words under it say so."""
