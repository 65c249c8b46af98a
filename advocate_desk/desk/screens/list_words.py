"""Words and tones that the lists share: a grade of risk, how long ago, how far ahead, what a fact rests on."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time

from PySide6.QtCore import QCoreApplication

from advocate_desk.desk.forms.values import MONTHS, WEEKDAYS
from advocate_desk.desk.theme import Tone
from advocate_desk.domain.days import long_day
from advocate_desk.packs.packs import Packs

_GRADE_TONES: dict[str, Tone] = {"high": "danger", "medium": "warning", "standard": "info"}


def _tr(text: str) -> str:
    return QCoreApplication.translate("ListWords", text)


def grade_words(packs: Packs, grade: str) -> str:
    """A grade of risk as a badge says it; "Not graded" while there is none."""
    return packs.label("risk_grade", grade) if grade else _tr("Not graded")


def grade_tone(grade: str) -> Tone:
    """The tone of a grade's badge; its word and icon carry the meaning."""
    return _GRADE_TONES.get(grade, "plain")


def name_words(client_name: str) -> str:
    """A client's name, or what stands for one that was not taken yet."""
    if any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in client_name):
        # Isolated behind a left-to-right mark, or the whole line is laid out from the right.
        return f"\u200e\u2068{client_name}\u2069"
    return client_name or _tr("Name not known yet")


def full_day(day: date) -> str:
    """A day in full: "Saturday 21 November 2026"."""
    return f"{WEEKDAYS[day.weekday()].title()} {long_day(day)}"


def short_day(day: date, today: date) -> str:
    """A day in a list: "Mon 23 Nov", with its year when that is not this year's."""
    words = f"{WEEKDAYS[day.weekday()][:3].title()} {day.day} {MONTHS[day.month - 1][:3].title()}"
    return words if day.year == today.year else f"{words} {day.year}"


def ahead_words(day: date, today: date) -> str:
    """A day ahead: "today", "tomorrow", else the day itself. A day that has passed is said by `overdue_words`."""
    days = (day - today).days
    if days == 0:
        return _tr("today")
    return _tr("tomorrow") if days == 1 else short_day(day, today)


def overdue_words(day: date, today: date) -> str:
    """How long something has waited: "Overdue since yesterday", "Overdue by 3 days"."""
    days = (today - day).days
    if days == 1:
        return _tr("Overdue since yesterday")
    return _tr("Overdue by {0} days").format(days)


def late_words(day: date, today: date) -> str:
    """How late, under a heading that says overdue: "1 day late", "12 days late"."""
    days = (today - day).days
    return _tr("1 day late") if days == 1 else _tr("{0} days late").format(days)


def due_words(day: date | None, today: date, at: str = "") -> str:
    """When something is due: "Overdue by 3 days", "Today 14:00", "Mon 23 Nov", "No date"."""
    if day is None:
        return _tr("No date")
    if day < today:
        return overdue_words(day, today)
    words = ahead_words(day, today)
    return f"{words[:1].upper()}{words[1:]} {at}".rstrip()


def ago_words(day: date | None, today: date) -> str:
    """How long ago: "Never", "Today", "Yesterday", "5 days ago", "3 weeks ago", "4 months ago"."""
    if day is None:
        return _tr("Never")
    days = (today - day).days
    if days <= 0:
        return _tr("Today")
    if days == 1:
        return _tr("Yesterday")
    if days < 14:
        return _tr("{0} days ago").format(days)
    if days < 70:
        return _tr("{0} weeks ago").format(days // 7)
    return _tr("{0} months ago").format(days // 30) if days < 730 else _tr("{0} years ago").format(days // 365)


def until_words(at: time, now: datetime) -> str:
    """How long until a time of this day (`now` in London): "in 25 minutes", "in 2 hours", "now"; "" when it is past."""
    minutes = at.hour * 60 + at.minute - now.hour * 60 - now.minute
    if minutes < 0:
        return ""
    if minutes == 0:
        return _tr("now")
    if minutes == 1:
        return _tr("in 1 minute")
    if minutes < 90:
        return _tr("in {0} minutes").format(minutes)
    return _tr("in {0} hours").format(round(minutes / 60))


def count_words(count: int, one: str, many: str) -> str:
    """A count with its noun: "1 file", "1,204 files"."""
    return f"{count:,} {one if count == 1 else many}"
