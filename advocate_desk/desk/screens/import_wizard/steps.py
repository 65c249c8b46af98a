"""Where one is in the wizard: numbered steps, of which those behind one can be gone back to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.theme import px


class StepBar(QFrame):
    """A row of steps. `chosen` gives the step that was pressed; only steps already reached can be."""

    chosen = Signal(int)

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Steps"))
        self._names = tuple(names)
        self._buttons: list[QPushButton] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(2))
        for index, _name in enumerate(self._names):
            layout.addWidget(self._make(index))
        layout.addStretch(1)
        self.show_step(0, 0)

    def _make(self, index: int) -> QPushButton:
        made = QPushButton()
        made.setProperty("role", "section")
        made.setAutoDefault(False)
        made.setCheckable(True)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.clicked.connect(lambda _checked=False: self.chosen.emit(index))
        self._buttons.append(made)
        return made

    def show_step(self, current: int, reached: int) -> None:
        """Mark the current step and those that can be gone to."""
        for index, made in enumerate(self._buttons):
            done = index < current
            made.setText(self._names[index] if done else f"{index + 1}  {self._names[index]}")
            made.setIcon(theme.icon("check", "accent_text") if done else theme.icon("circle-dot", "muted"))
            made.setIconSize(theme.icon_size(15 if done else 1))
            made.setChecked(index == current)
            made.setEnabled(index <= reached)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus if index <= reached else Qt.FocusPolicy.NoFocus)
            state = self.tr("done") if done else self.tr("current") if index == current else self.tr("to come")
            made.setAccessibleName(self.tr("Step {0}: {1}, {2}").format(index + 1, self._names[index], state))
