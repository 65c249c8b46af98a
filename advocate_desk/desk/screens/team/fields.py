"""Lines and choices of the team's dialogs. A name or an address half typed is kept over a lock; a code never is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import Chip
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.forms import Option

MOST_CHARACTERS = 120
MOST_PLACE = 1000
"""Characters of an address, or of the path of a file."""
MOST_CODE = 200
"""Characters of a code or of a sheet as it is typed, with as many spaces as somebody likes."""


class Line(QWidget):
    """A named line with a hint below it."""

    entered = Signal()
    changed = Signal()

    def __init__(self, label: str, hint: str = "", text: str = "", most: int = MOST_CHARACTERS) -> None:
        super().__init__()
        self.edit = QLineEdit(text)
        self.edit.setAccessibleName(label)
        self.edit.setMaxLength(most)
        self.edit.textChanged.connect(self._on_text)
        self.edit.returnPressed.connect(self.entered)
        caption = text_label(label, "label", wrap=True)
        caption.setBuddy(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(5))
        column.addWidget(caption)
        column.addWidget(self.edit)
        if hint:
            self.edit.setAccessibleDescription(hint)
            column.addWidget(text_label(hint, "small", wrap=True))
        self.setFocusProxy(self.edit)

    def add_way(self, way: QWidget) -> None:
        """Put another way to fill the line below it."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)

    def text(self) -> str:
        """What was typed."""
        return self.edit.text().strip()

    def forget(self) -> None:
        """Leave nothing of what was typed, its undo included: the next to sit here may be another holder."""
        self.edit.setText("")

    def keep_in(self, office: Office, name: str) -> None:
        """Put back what a lock found half typed, and keep what will be. Not for a code."""
        office.half_typed.follow(self.edit, f"team {name}")

    def mark(self) -> None:
        """Show that something is not right here, and go there."""
        theme.set_role(self.edit, problem="true")
        self.edit.setFocus()

    def _on_text(self) -> None:
        theme.set_role(self.edit, problem="false")
        self.changed.emit()


class Choices(QWidget):
    """Several of a few: roles, teams. The keys that are on are given in the order of the options."""

    changed = Signal()

    def __init__(self, label: str, options: Sequence[Option], on: Sequence[str] = (), hint: str = "") -> None:
        super().__init__()
        self._chips: dict[str, Chip] = {}
        holder = QWidget()
        row = FlowLayout(holder, px(8))
        for option in options:
            chip = Chip(option.label, f"{label}: {option.label}")
            chip.setToolTip(option.detail)
            chip.setAccessibleDescription(option.detail)
            chip.setChecked(option.key in on)
            chip.toggled.connect(self.changed)
            self._chips[option.key] = chip
            row.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(5))
        column.addWidget(text_label(label, "label", wrap=True))
        column.addWidget(holder)
        if hint:
            column.addWidget(text_label(hint, "small", wrap=True))
        if self._chips:
            self.setFocusProxy(next(iter(self._chips.values())))

    def chosen(self) -> tuple[str, ...]:
        """The keys that are on."""
        return tuple(key for key, chip in self._chips.items() if chip.isChecked())

    def chip(self, key: str) -> Chip:
        """The button of one option."""
        return self._chips[key]


def place_line(hint: str) -> Line:
    """Where the desks of the organisation meet."""
    return Line(QCoreApplication.translate("Team", "Address of the hub"), hint, most=MOST_PLACE)


def code_line() -> Line:
    """The code of an invitation."""
    return Line(
        QCoreApplication.translate("Team", "Code"),
        QCoreApplication.translate("Team", "Eight groups of five. Capitals and spaces do not matter."),
        most=MOST_CODE,
    )


def device_line() -> Line:
    """What this computer is called among the devices."""
    return Line(
        QCoreApplication.translate("Team", "This computer’s name in the list of devices"),
        QCoreApplication.translate("Team", "Such as “Court laptop”: so that the right one is found if it is lost."),
    )
