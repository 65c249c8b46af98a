"""A new passphrase typed twice, with how strong it is while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.unlock.secret_field import SecretField
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.vault.passphrase import SCORE_WORDS, Strength, estimate, required_score

ESTIMATE_AFTER_MS = 120


class StrengthBar(QWidget):
    """Four segments, as many filled as the score says. The words beside it say the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score: int | None = None
        self._tone = "ok"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as it may be."""
        return QSize(px(160), px(8))

    def show_score(self, score: int | None, tone: str) -> None:
        """A score from 0 to 4, or None before anything was typed; `tone` colours it."""
        self._score, self._tone = score, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the segments."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gap, count = px(4), len(SCORE_WORDS) - 1
        width = (self.width() - gap * (count - 1)) / count
        filled = 0 if self._score is None else max(1, self._score)
        for number in range(count):
            is_filled = number < filled
            box = QRectF(number * (width + gap), 0.5, width, self.height() - 1)
            painter.setBrush(theme.colour(self._tone if is_filled else "sunken"))
            painter.setPen(Qt.PenStyle.NoPen if is_filled else theme.colour("line_strong"))
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)


class NewPassphrase(QWidget):
    """Two lines that must agree, and a meter. `problem` says in words what is not right yet."""

    entered = Signal()
    changed = Signal()

    def __init__(
        self, jobs: Jobs, personal: Callable[[], Sequence[str]] = tuple, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._personal = jobs, personal
        self._has_keyring = False
        self._asked, self._strength_of = 0, ""
        self._strength: Strength | None = None
        self.first = SecretField(self.tr("New passphrase"))
        self.second = SecretField(self.tr("The same passphrase again"))
        self._bar = StrengthBar()
        self._word = text_label("", "strong")
        self._advice = text_label("", "muted", wrap=True)
        self._advice.setMinimumHeight(2 * self._advice.fontMetrics().lineSpacing())
        self._advice.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._timer = QTimer(self, singleShot=True, interval=ESTIMATE_AFTER_MS)
        self._timer.timeout.connect(self._ask_strength)
        self._lay_out()
        self.first.changed.connect(self._on_first)
        self.second.changed.connect(self.changed)
        self.first.entered.connect(self.second.edit.setFocus)
        self.second.entered.connect(self.entered)
        self.setFocusProxy(self.first)
        self._show_strength(None)

    def _lay_out(self) -> None:
        meter = QHBoxLayout()
        meter.setSpacing(px(12))
        meter.addWidget(self._bar, 1)
        meter.addWidget(self._word)
        self._word.setMinimumWidth(self._word.fontMetrics().horizontalAdvance(max(SCORE_WORDS, key=len)) + px(8))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(8))
        layout.addWidget(self.first)
        layout.addLayout(meter)
        layout.addWidget(self._advice)
        layout.addSpacing(px(4))
        layout.addWidget(self.second)
        self.setTabOrder(self.first, self.second)

    def set_keyring(self, has_keyring: bool) -> None:
        """Whether a second key guards the desk too: without one a stronger passphrase is asked for."""
        self._has_keyring = has_keyring
        if self._strength is not None:
            self._show_strength(self._strength)

    def passphrase(self) -> str:
        """What was typed in the first line."""
        return self.first.text()

    def clear(self) -> None:
        """Forget both."""
        self.first.clear()
        self.second.clear()

    def problem(self) -> str:
        """What is not right yet, in a sentence; "" where the passphrase can be taken."""
        if not self.first.text():
            return self.tr("Type a passphrase first.")
        if self._strength is not None and self._strength_of == self.first.text() and not self._is_enough():
            return self.tr("This passphrase is too easy to guess. {0}").format(self._strength.advice)
        if not self.second.text():
            return self.tr("Type the passphrase a second time, so that a slip of the finger does not lock you out.")
        if self.first.text() != self.second.text():
            return self.tr("The two passphrases are not the same. Type the second one again.")
        return ""

    def focus_problem(self) -> None:
        """Put the cursor where something is to be done."""
        is_second = bool(self.first.text()) and (self._strength is None or self._is_enough())
        field = self.second if is_second else self.first
        field.set_problem(True)
        field.edit.setFocus()

    def _is_enough(self) -> bool:
        return self._strength is not None and self._strength.score >= required_score(has_keyring=self._has_keyring)

    @Slot(str)
    def _on_first(self, text: str) -> None:
        self.changed.emit()
        if not text:
            self._timer.stop()
            self._asked += 1
            self._show_strength(None)
        else:
            self._timer.start()

    def _ask_strength(self) -> None:
        self._asked += 1
        ticket, typed, personal = self._asked, self.first.text(), tuple(self._personal())
        job = self._jobs.run(self, lambda: (ticket, typed, estimate(typed, personal)))
        job.done.connect(self._on_strength)

    @Slot(object)
    def _on_strength(self, answer: tuple[int, str, Strength]) -> None:
        ticket, typed, strength = answer
        if ticket == self._asked and typed == self.first.text():
            self._strength_of = typed
            self._show_strength(strength)

    def _show_strength(self, strength: Strength | None) -> None:
        self._strength = strength
        tone = self._tone(strength)
        self._bar.show_score(None if strength is None else strength.score, tone)
        word = "" if strength is None else self._word_for(strength.score)
        self._word.setText(word)
        theme.set_role(self._word, tone=tone)
        advice = self.tr("Four or more unrelated words are strong, and easier to remember than symbols.")
        if strength is not None:
            enough = self.tr("This is enough. Another unrelated word would make it stronger still.")
            is_fair = self._is_enough() and strength.score < len(SCORE_WORDS) - 1
            advice = enough if is_fair else strength.advice
        self._advice.setText(advice)
        said = advice if not word else self.tr("Strength: {0}. {1}").format(word, advice)
        self.first.edit.setAccessibleDescription(said)
        self._bar.setAccessibleName(self.tr("Strength of the passphrase"))
        self._bar.setAccessibleDescription(said)

    def _tone(self, strength: Strength | None) -> str:
        if strength is None or self._is_enough():
            return "ok"
        return "danger" if strength.score < 2 else "warning"

    def _word_for(self, score: int) -> str:
        words = (self.tr("Very weak"), self.tr("Weak"), self.tr("Fair"), self.tr("Good"), self.tr("Strong"))
        word = words[score]
        if score < required_score(has_keyring=self._has_keyring) and score > 1:
            return self.tr("{0}, not yet enough").format(word)
        return word
