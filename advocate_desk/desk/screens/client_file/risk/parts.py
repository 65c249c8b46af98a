"""What the live panel and the risk section both draw: the score as a bar, a grade, criteria, alerts with advice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.screens.list_words import grade_tone
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, icon_label, text_label, tone_icon
from advocate_desk.domain.marac import CRITERION_WORDS
from advocate_desk.domain.risk import AlertRule, Answers, Instrument, answer_to
from advocate_desk.packs.packs import Packs

_LARGE_PERCENT = 150
_GRADE_ICONS = {"high": "octagon-alert", "medium": "triangle-alert", "standard": "circle-dot"}


def _tr(text: str) -> str:
    return QCoreApplication.translate("RiskParts", text)


def is_large() -> bool:
    """Whether the text is so large that what stands side by side goes under each other."""
    return theme.look().text_percent >= _LARGE_PERCENT


def answer_words(answer: str) -> str:
    """An answer as people read it."""
    words = {"yes": _tr("Yes"), "no": _tr("No"), "dont_know": _tr("Don’t know")}
    return words.get(answer, _tr("Not asked"))


def counts(instrument: Instrument, answers: Answers) -> dict[str, int]:
    """How many items have each answer: "yes", "dont_know", "no", ""."""
    said = [answer_to(answers, item.key) for item in instrument.item]
    return {key: said.count(key) for key in ("yes", "dont_know", "no", "")}


def counts_words(found: dict[str, int]) -> str:
    """The counts in one line; what is nought is left out, but never the yes and the don't know."""
    parts = [
        _tr("{count} yes").format(count=found["yes"]),
        _tr("{count} don’t know").format(count=found["dont_know"]),
    ]
    if found["no"]:
        parts.append(_tr("{count} no").format(count=found["no"]))
    if found[""]:
        parts.append(_tr("{count} not asked").format(count=found[""]))
    return " · ".join(parts)


class ScoreBar(QWidget):
    """One cell a question: full for yes, crossed for don't know, empty for no, dotted for not asked.

    A mark stands at the threshold. It repeats in a picture what the words beside it say.
    """

    def __init__(self, threshold: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._threshold = threshold
        self._counts = {"yes": 0, "dont_know": 0, "no": 0, "": 0}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, found: dict[str, int]) -> None:
        """Show these answers."""
        self._counts = found
        words = _tr("{score} of {total}; the threshold is {threshold}")
        total = sum(found.values())
        self.setAccessibleName(words.format(score=found["yes"], total=total, threshold=self._threshold))
        self.setAccessibleDescription(counts_words(found))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as a cell and the mark under it."""
        return QSize(px(240), px(36))

    def minimumSizeHint(self) -> QSize:
        """It narrows with its place."""
        return QSize(px(120), px(36))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the cells from the left: yes, don't know, no, not asked."""
        total = sum(self._counts.values())
        if not total:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap = px(2)
        width = (self.width() - gap * (total - 1)) / total
        height = px(16)
        kinds = [key for key in ("yes", "dont_know", "no", "") for _ in range(self._counts[key])]
        for place, kind in enumerate(kinds):
            self._draw_cell(painter, QRectF(place * (width + gap), 0.5, width, height), kind)
        self._draw_mark(painter, self._threshold * (width + gap) - gap / 2, height)

    def _draw_cell(self, painter: QPainter, cell: QRectF, kind: str) -> None:
        ink = theme.colour("danger" if self._counts["yes"] >= self._threshold else "accent")
        painter.setPen(QPen(theme.colour("line_strong"), 1, Qt.PenStyle.DotLine if not kind else Qt.PenStyle.SolidLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if kind == "yes":
            painter.setPen(QPen(ink, 1))
            painter.setBrush(ink)
        elif kind == "dont_know":
            painter.setPen(QPen(theme.colour("warning"), 1))
            painter.setBrush(theme.colour("warning_soft"))
        painter.drawRoundedRect(cell.adjusted(0.5, 0.5, -0.5, -0.5), px(2), px(2))
        if kind == "dont_know":
            painter.drawLine(cell.bottomLeft().toPoint(), cell.topRight().toPoint())

    def _draw_mark(self, painter: QPainter, at: float, height: int) -> None:
        painter.setPen(QPen(theme.colour("text"), max(px(2), 2)))
        painter.drawLine(int(at), 0, int(at), height + px(4))
        font = painter.font()
        font.setPixelSize(px(11))
        painter.setFont(font)
        words = str(self._threshold)
        painter.drawText(QRectF(at - px(20), height + px(5), px(40), px(14)), Qt.AlignmentFlag.AlignHCenter, words)


def grade_badge(packs: Packs, grade: str) -> Badge:
    """A grade of risk: icon, word and tone."""
    words = _tr("{grade} risk").format(grade=packs.label("risk_grade", grade)) if grade else _tr("Not graded yet")
    return Badge(words, grade_tone(grade), _GRADE_ICONS.get(grade, ""))


def criteria_row(criteria: Iterable[str]) -> QWidget:
    """The Marac criteria that are met, or that none is."""
    holder = QWidget()
    row = FlowLayout(holder, px(6))
    met = [CRITERION_WORDS.get(key, key) for key in criteria]
    for words in met:
        row.addWidget(Badge(words, "danger", "check"))
    if not met:
        row.addWidget(text_label(_tr("None met"), "muted"))
    return holder


def notice(words: str, tone: Tone, title: str = "", icon: str = "") -> QFrame:
    """A box with an icon: something to mind, with its heading."""
    frame = QFrame()
    frame.setProperty("box", "banner")
    frame.setProperty("tone", tone)
    line = QHBoxLayout(frame)
    line.setContentsMargins(px(12), px(10), px(12), px(10))
    line.setSpacing(px(10))
    line.addWidget(icon_label(icon or tone_icon(tone), 18, theme.look().tone(tone)), 0, Qt.AlignmentFlag.AlignTop)
    column = QVBoxLayout()
    column.setSpacing(px(2))
    if title:
        column.addWidget(text_label(title, "strong", wrap=True))
    column.addWidget(text_label(words, wrap=True))
    line.addLayout(column, 1)
    frame.setAccessibleName(f"{title}: {words}" if title else words)
    return frame


def alert_boxes(alerts: Sequence[AlertRule]) -> list[QFrame]:
    """Each alert with its advice, in a box of its own."""
    return [notice(rule.advice, "danger", rule.label) for rule in alerts]


def alert_lines(alerts: Sequence[AlertRule]) -> QWidget:
    """Alerts with their advice side by side, calmer than boxes."""
    holder = QWidget()
    flow = FlowLayout(holder, px(16), column_width=px(340))
    for each in alerts:
        cell = QWidget()
        line = QHBoxLayout(cell)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(10))
        icon = icon_label(tone_icon("danger"), 18, theme.look().tone("danger"))
        line.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(px(2))
        column.addWidget(text_label(each.label, "strong", "danger", wrap=True))
        column.addWidget(text_label(each.advice, wrap=True))
        column.addStretch(1)
        line.addLayout(column, 1)
        flow.addWidget(cell)
    return holder


def at_left(*widgets: QWidget, least: int = 0) -> QWidget:
    """Widgets at the left of a place that may be wider; `least` pixels at 100% text wide."""
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(px(6))
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    holder.setMinimumWidth(px(least))
    return holder
