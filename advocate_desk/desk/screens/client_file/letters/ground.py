"""Asked before a kept letter leaves when the client's consent, on which it rests, stands no longer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from advocate_desk.casework.letters import CONSENT, Ground
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.packs.packs import Packs


class OtherGround(QWidget):
    """Another lawful ground and the reason for it. Hidden until it is asked for."""

    def __init__(self, packs: Packs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(8))
        column.setSpacing(px(6))
        self.why = Banner(can_dismiss=False)
        column.addWidget(self.why)
        self.ground = QComboBox()
        self.ground.setAccessibleName(self.tr("Another lawful ground"))
        self.ground.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.ground.addItem(self.tr("Choose a ground"), "")
        for option in packs.choices("gateway"):
            if option.key != CONSENT:
                self.ground.addItem(option.label, option.key)
        self.reason = QLineEdit()
        self.reason.setAccessibleName(self.tr("Why it is needed and in proportion"))
        self.reason.setPlaceholderText(self.tr("Also whether she was told"))
        self.reason.setMaxLength(2000)
        for words, field in (
            (self.tr("Another lawful ground"), self.ground),
            (self.tr("Why it is needed and in proportion"), self.reason),
        ):
            label = text_label(words, "label", wrap=True)
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
        self.hide()

    def ask(self, words: str) -> None:
        """Say what stands in the way, and ask."""
        self.why.say(words, "danger")
        self.show()
        self.ground.setFocus(Qt.FocusReason.OtherFocusReason)

    def answer(self) -> Ground | None:
        """What was chosen and typed; None while it was not asked for or nothing is chosen."""
        if self.isHidden() or not self.ground.currentData():
            return None
        return Ground(str(self.ground.currentData()), self.reason.text())
