"""Where one is in the wizard: numbered steps, of which those behind one can be gone back to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
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
        self._current = self._reached = 0
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(2))
        for index, _name in enumerate(self._names):
            layout.addWidget(self._make(index))
        layout.addStretch(1)
        self.show_step(0, 0)

    def minimumSizeHint(self) -> QSize:
        """Room for the numbers and one name."""
        widest = max(self.fontMetrics().horizontalAdvance(name) for name in self._names)
        return QSize(widest + px(60) * len(self._names), super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Names where there is room for all; else that of the current step."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._write()

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
        self._current, self._reached = current, reached
        self._write()

    def _write(self) -> None:
        metrics = self.fontMetrics()
        has_room = sum(metrics.horizontalAdvance(name) + px(42) for name in self._names) <= self.width()
        for index, made in enumerate(self._buttons):
            current, is_reached = index == self._current, index <= self._reached
            done = index < self._current
            name = self._names[index] if has_room or current else ""
            made.setText(name if done else f"{index + 1}  {name}".strip())
            made.setIcon(theme.icon("check", "accent_text") if done else QIcon())
            made.setIconSize(theme.icon_size(15))
            made.setChecked(current)
            made.setEnabled(is_reached)
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_reached else Qt.FocusPolicy.NoFocus)
            state = self.tr("done") if done else self.tr("current") if current else self.tr("to come")
            made.setToolTip("" if has_room else self._names[index])
            made.setAccessibleName(self.tr("Step {0}: {1}, {2}").format(index + 1, self._names[index], state))
