"""Words on a screen. Every label that may show what somebody typed is made here, as plain text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.theme import Tone, px

_TONE_ICONS: dict[str, str] = {
    "danger": "octagon-alert",
    "warning": "triangle-alert",
    "ok": "circle-check",
    "info": "info",
    "accent": "circle-dot",
    "plain": "circle-dashed",
}


def text_label(
    text: str = "", role: str = "", tone: Tone = "plain", wrap: bool = False, parent: QWidget | None = None
) -> QLabel:
    """A label of plain text; `role` is one of the sheet's: display, title, heading, label, muted, small, problem."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    if tone != "plain":
        label.setProperty("tone", tone)
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
    return label


def readable_label(text: str = "", role: str = "", wrap: bool = True) -> QLabel:
    """A plain label whose text can be selected with mouse or keyboard, for facts that get copied by hand."""
    label = text_label(text, role, wrap=wrap)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    label.setAccessibleName(text)
    return label


def icon_label(name: str, side: int = 16, colour: str = "muted") -> QLabel:
    """A small picture beside words; it says nothing to a screen reader, the words do."""
    label = QLabel()
    label.setPixmap(theme.pixmap(name, side, colour))
    label.setFixedSize(px(side), px(side))
    return label


def tone_icon(tone: Tone) -> str:
    """The icon that always stands with a tone, so that colour is never the only signal."""
    return _TONE_ICONS[tone]


def rule(parent: QWidget | None = None, upright: bool = False) -> QFrame:
    """A hair line across, or upright."""
    line = QFrame(parent)
    line.setProperty("box", "upright" if upright else "line")
    return line


class Badge(QFrame):
    """A small pill: an icon and a word. Tone colours it; the word carries the meaning."""

    def __init__(self, text: str, tone: Tone = "plain", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text_label(text)
        self._icon = QLabel()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(8), px(2), px(10), px(2))
        layout.setSpacing(px(5))
        layout.addWidget(self._icon)
        layout.addWidget(self._text)
        self.setProperty("box", "badge")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set(text, tone, icon)

    def set(self, text: str, tone: Tone = "plain", icon: str = "") -> None:
        """Show another word, tone and icon; without an icon, the tone's own."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self._icon.setPixmap(theme.pixmap(icon or tone_icon(tone), 13, theme.look().tone(tone)))
        theme.set_role(self, tone=tone)
        theme.set_role(self._text, tone="")

    def text(self) -> str:
        """The word shown."""
        return self._text.text()
