"""The client file: its status, its reference, the first days after a report, and when it is looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

OPEN_STATUSES = ("open_high", "open_medium", "open_standard")
REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs; no 0, 1, I, O, which are misread aloud
REFERENCE_LENGTH = 5


def is_open(status: str) -> bool:
    """True for a file that an advocate works on; False while it waits, is only monitored, or is closed."""
    return status in OPEN_STATUSES


def status_for_grade(grade: str) -> str:
    """The status of an open file with this risk grade; "waiting" while there is none."""
    return f"open_{grade}" if f"open_{grade}" in OPEN_STATUSES else "waiting"


def file_reference(file_id: UUID, opened_on: date, shift: int = 0) -> str:
    """A reference such as "26-K7M4Q": the year, then 25 of the id's random bits as signs that cannot be misread.

    It says nothing of the client.
    Desks that never meet make different ones almost always; `shift` (0 to 3) takes other bits when one is taken.
    """
    bits = file_id.int >> 9 * shift & (1 << 5 * REFERENCE_LENGTH) - 1
    signs = "".join(REFERENCE_LETTERS[bits >> 5 * place & 31] for place in range(REFERENCE_LENGTH))
    return f"{opened_on.year % 100:02d}-{signs}"


@dataclass(frozen=True, slots=True)
class FirstDays:
    """The first days after a report, when support matters most. `contact_on` are the days to be in touch."""

    reported_on: date
    ends_on: date
    contact_on: tuple[date, ...]

    def holds(self, day: date) -> bool:
        """True from the day of the report to the last day, both included."""
        return self.reported_on <= day <= self.ends_on


def first_days(reported_on: date, length_days: int, contact_days: tuple[int, ...]) -> FirstDays:
    """The window of `length_days` calendar days after `reported_on`, which is day 0.

    Source: Domestic Abuse Commissioner, Shifting the scales of justice, 2024, on withdrawal within days of a report;
    the window itself is this program's rule, and no prediction.
    """
    contact_on = tuple(reported_on + timedelta(days=days) for days in contact_days)
    return FirstDays(reported_on, reported_on + timedelta(days=length_days), contact_on)
