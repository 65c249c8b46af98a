"""The one place that tells the user how something went.

A notice for what passes (with an undo where there is one), a banner on the page for what blocks it; a dialog only where
a decision is needed now (`desk/dialogs/ask.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from advocate_desk.desk.jobs import Job
from advocate_desk.desk.theme import Tone
from advocate_desk.errors import DeskError


@dataclass(frozen=True)
class Notice:
    """A sentence that passes by itself, with at most one thing to do about it."""

    text: str
    tone: Tone = "ok"
    action_label: str = ""
    action: Callable[[], object] | None = None


class Messages(QObject):
    """Takes notices and hands them to whoever shows them (the shell's toast)."""

    noticed = Signal(object)  # Notice

    def notice(
        self, text: str, tone: Tone = "ok", action_label: str = "", action: Callable[[], object] | None = None
    ) -> None:
        """Show a sentence for some seconds; `action` runs if the user presses its button."""
        self.noticed.emit(Notice(text, tone, action_label, action))

    def undoable(self, text: str, undo: Callable[[], object]) -> None:
        """Say what was done, and offer to undo it."""
        self.notice(text, "ok", self.tr("Undo"), undo)

    @Slot(object)
    def refused(self, error: DeskError) -> None:
        """Show an expected failure."""
        self.notice(error.advice, "warning")

    @Slot()
    def broken(self) -> None:
        """Show a failure that is ours."""
        self.notice(broken_words(), "danger")

    def follow(self, job: Job) -> Job:
        """Show the failures of a job that nobody else shows. Returns the job."""
        job.refused.connect(self.refused)
        job.broken.connect(self.broken)
        return job


def broken_words() -> str:
    """What is said of a failure that is our bug."""
    return QCoreApplication.translate(
        "Messages",
        "Something went wrong in the program. What you typed is kept and nothing else was changed. Try once more; "
        "if it happens again, close Advocate Desk and open it again.",
    )
