"""What one file of the demonstration is to show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plot:
    """What this file is to show. Days are counted back from now; hearing days ahead are positive."""

    number: int
    received_days_ago: int
    grade: str
    allocated_to: str
    contacted: bool = True
    assessed: bool = True
    planned: bool = True
    case: bool = False
    bailed: bool = False
    breached: bool = False
    hearing_in_days: int | None = None
    hearing_time: str = ""
    adjourned_before: bool = False
    closed: bool = False

    @property
    def has_letter(self) -> bool:
        """A court letter was written for those who are at court today, where the client agreed."""
        return self.hearing_in_days == 0 and self.number % 4 != 0
