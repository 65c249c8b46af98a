"""The card in the middle of an otherwise empty window: what somebody passing sees of a locked desk."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.labels import text_label

PRODUCT = "Advocate Desk"
CARD_PX = 460


def mark(side: int, ground: str = "accent", ink: str = "on_accent") -> QLabel:
    """The product's mark: a picture that says nothing about the work done with it."""
    whole = px(side)
    picture = QPixmap(QSize(whole, whole))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(ground))
    painter.drawRoundedRect(0, 0, whole, whole, whole * 0.24, whole * 0.24)
    inner = round(side * 0.56)
    icon = theme.pixmap("briefcase", inner, ink)
    painter.drawPixmap((whole - icon.width()) // 2, (whole - icon.height()) // 2, icon)
    painter.end()
    label = QLabel()
    label.setPixmap(picture)
    label.setFixedSize(whole, whole)
    return label


class CentredCard(QScrollArea):
    """A window's whole content: one card, `inside` it a column, centred, scrolled where the text is large."""

    def __init__(self, width: int = CARD_PX, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        ground = QWidget()
        ground.setProperty("surface", "canvas")
        card = QFrame()
        card.setProperty("box", "card")
        card.setMaximumWidth(px(width))
        self.inside = QVBoxLayout(card)
        self.inside.setContentsMargins(px(32), px(26), px(32), px(20))
        self.inside.setSpacing(px(15))
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card, 100)
        across.addStretch(1)
        column = QVBoxLayout(ground)
        column.setContentsMargins(16, 12, 16, 12)
        column.addStretch(2)
        column.addLayout(across)
        column.addStretch(3)
        self.setWidget(ground)

    def add_heading(self, says: str) -> QLabel:
        """Mark, product name and a line under it, which is returned."""
        row = QHBoxLayout()
        row.setSpacing(px(14))
        row.addWidget(mark(48))
        words = QVBoxLayout()
        words.setSpacing(px(1))
        name = text_label(PRODUCT, "title")
        line = text_label(says, "muted", wrap=True)
        words.addWidget(name)
        words.addWidget(line)
        row.addLayout(words, 1)
        self.inside.addLayout(row)
        return line
