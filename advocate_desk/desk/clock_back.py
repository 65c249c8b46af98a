"""What is said of a computer's clock that was set back: a save takes its day and its time from it."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from advocate_desk.clock import in_london
from advocate_desk.domain.days import long_day

SLACK = timedelta(hours=1)
"""Clocks are put right by minutes all the time; a day that is wrong is what a court would read."""


def clock_back_words(now: datetime, last: datetime | None) -> str:
    """The warning where `now` (by the clock) is before `last`, when the desk was worked in; "" where all is well."""
    if last is None or last - now < SLACK:
        return ""
    words = QCoreApplication.translate(
        "ClockBack",
        "This computer’s clock says {0}, which is before the last entry in this desk. Nothing was changed. Put the "
        "clock right before you record anything: every entry takes its day from it.",
    )
    return words.format(long_day(in_london(now).date()))
