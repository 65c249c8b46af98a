"""The logo in the settings: how it looks, choosing another, taking it away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from advocate_desk.desk.dialogs.ask import choose_open_file
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import text_label

_WIDTH, _HEIGHT = 180, 66  # as 46 mm by 17 mm, its room on a letter


class LogoBox(QWidget):
    """Shows the logo. `chosen`: a picture's path. `removed`: letters show none from now on."""

    chosen = Signal(Path)
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(text_label(self.tr("Logo on letters"), "label"))
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.none = text_label(self.tr("None: letters show the name alone."), "muted", wrap=True)
        hint = text_label(self.tr("A PNG or JPEG picture of at most 2 MB."), "small", wrap=True)
        holder = QWidget()
        row = FlowLayout(holder, px(8))
        self.choose = button(self.tr("Choose a logo…"), icon="upload", clicked=self._choose)
        self.remove = button(self.tr("Remove the logo"), "quiet", "trash-2", clicked=self.removed.emit)
        for each in (self.choose, self.remove):
            row.addWidget(each)
        for widget in (self.picture, self.none, hint, holder):
            column.addWidget(widget)
        self.show_logo(b"")

    def show_logo(self, png: bytes) -> None:
        """Show the picture; b"" says that there is none."""
        shown = QPixmap()
        has_logo = bool(png) and shown.loadFromData(png, "PNG")
        if has_logo:
            ratio = self.devicePixelRatioF()
            room = (round(px(_WIDTH) * ratio), round(px(_HEIGHT) * ratio))
            shown = shown.scaled(*room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            shown.setDevicePixelRatio(ratio)
            self.picture.setPixmap(shown)
            self.picture.setAccessibleName(self.tr("The logo as it stands on letters"))
        else:
            self.picture.clear()
        self.picture.setVisible(has_logo)
        self.remove.setVisible(has_logo)
        self.none.setVisible(not has_logo)

    def _choose(self) -> None:
        choose_open_file(self, self.tr("Choose a logo"), self.tr("Pictures (*.png *.jpg *.jpeg)"), self.chosen.emit)
