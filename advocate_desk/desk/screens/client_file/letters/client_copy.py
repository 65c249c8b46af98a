"""Asked before a letter leaves as a copy for the client herself, where no way to send her one is known to be safe."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from advocate_desk.casework.contacts import record_paper
from advocate_desk.casework.letters import Ground, record_leaving
from advocate_desk.casework.work import Done, Work
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Refused


class ClientCopy(QWidget):
    """A tick that this is her copy, then the reason. Hidden where her rule stands against no copy."""

    def __init__(self, caution: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(8))
        column.setSpacing(px(6))
        self.tick = QCheckBox(self.tr("A copy for the client"))
        self.tick.setAccessibleName(self.tr("This is a copy for the client herself"))
        self._ask = text_label(self.tr("Her rule does not call it safe. Say why she is given it:"), "label", wrap=True)
        self.why = QLineEdit()
        self.why.setAccessibleName(self.tr("Reason for going against the safe-contact rule"))
        self.why.setPlaceholderText(self.tr("Such as: handed to her at court"))
        self.why.setMaxLength(300)
        self._ask.setBuddy(self.why)
        for each in (self.tick, self._ask, self.why):
            column.addWidget(each)
        self.tick.toggled.connect(self._show)
        self._show(False)
        self.setVisible(bool(caution))

    def reason(self) -> str | None:
        """Why she is given a copy, "" while nothing was typed; None where this is none."""
        return self.why.text().strip() if self.tick.isChecked() else None

    def _show(self, is_copy: bool) -> None:
        self._ask.setVisible(is_copy)
        self.why.setVisible(is_copy)


def leave(
    work: Work, file_id: FileId, letter_id: RecordId, how: str, ground: Ground | None, copy_reason: str | None
) -> Done:
    """Put on record that a letter leaves, and why it leaves as a copy against her rule.

    `copy_reason` is None where it is no such copy. Raises Refused for a copy without a reason, and what
    `record_leaving` raises.
    """
    if copy_reason == "":
        raise Refused("Her rule does not call a copy safe. Say why she is given it, and save or print it again.")
    done = record_leaving(work, letter_id, how, ground)
    if copy_reason:
        record_paper(work, file_id, "letter_copy", copy_reason)
    return done
