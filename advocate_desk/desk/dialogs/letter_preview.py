"""The pages of a letter before it is saved: the very bytes that saving keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.desk.dialogs.ask import DeskDialog
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.widgets.pdf_preview import PdfPreview

if TYPE_CHECKING:
    from advocate_desk.desk.forms.letter_making import Judged

_SIDE = 250


class LetterPreview(DeskDialog):
    """Shows the pages. `save_asked`: they are right, save the letter."""

    save_asked = Signal()

    def __init__(self, parent: QWidget, pdf: bytes, judged: Judged) -> None:
        super().__init__(parent.window(), parent.tr("Preview of the letter"))
        self.preview = PdfPreview()
        columns = QHBoxLayout()
        columns.setSpacing(px(20))
        columns.addWidget(self.preview, 1)
        room = parent.window().size()
        side = self._side(judged)
        side.setFixedWidth(min(px(_SIDE), room.width() // 3))
        columns.addWidget(side)
        self.body.addLayout(columns, 1)
        back = button(self.tr("Back to the form"), clicked=self.reject)
        self.go = button(self.tr("Save letter"), "primary", "save", clicked=self._go_on)
        self.go.setEnabled(judged.may_be_made)
        self.buttons.addWidget(back)
        self.buttons.addWidget(self.go)
        self.resize(min(px(1040), room.width() - 40), min(px(900), room.height() - 40))
        self.preview.show_pdf(pdf)
        (self.go if judged.may_be_made else self.preview).setFocus()

    def _side(self, judged: Judged) -> QWidget:
        inner = QWidget()
        side = QVBoxLayout(inner)
        side.setContentsMargins(0, 0, px(8), 0)
        side.setSpacing(px(8))
        side.addWidget(
            text_label(self.tr("These are the pages exactly as they are kept and leave."), "muted", wrap=True)
        )
        if not judged.may_be_made:
            stop = Banner(can_dismiss=False)
            side.addWidget(stop)
            stop.say(self.tr("It cannot be saved yet: the list beside the form says why."), "warning")
        side.addSpacing(px(4))
        side.addWidget(text_label(self.tr("To"), "overline"))
        side.addWidget(text_label(judged.to_whom, wrap=True))
        side.addWidget(text_label(self.tr("Ground"), "overline"))
        side.addWidget(text_label(judged.ground, wrap=True))
        side.addWidget(text_label(self.tr("It says"), "overline"))
        for label in judged.preflight.disclosed:
            side.addWidget(text_label(label, wrap=True))
        side.addStretch(1)
        return scrolled(inner)

    def _go_on(self) -> None:
        self.accept()
        self.save_asked.emit()
