"""Rows of Today's side: the first days after a report, bail that ends, forms left half done."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework.drafts import Draft
from advocate_desk.clock import in_london
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.today.rows import DayLine, joined
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.today import BailLine, FirstDaysLine

SOON_DAYS = 3  # bail that ends within them is marked


def _tr(text: str) -> str:
    return QCoreApplication.translate("TodayScreen", text)


def first_days_row(line: FirstDaysLine, today: date, whose: str = "") -> DayLine:
    """Which of the first days it is, and when she was last spoken to; marked while nobody has since the report.

    `whose`, here and below: the advocate, on a page that shows everyone's.
    """
    is_unreached = line.last_contact_on is None or line.last_contact_on < line.reported_on
    return DayLine(
        f"first {line.file_id}",
        words.name_words(line.client_name),
        joined(_tr("Last contact: {0}").format(words.ago_words(line.last_contact_on, today).lower()), whose),
        _tr("Day {0} of {1}").format((today - line.reported_on).days, (line.ends_on - line.reported_on).days),
        "warning" if is_unreached else "info",
    )


def bail_row(line: BailLine, today: date, packs: Packs, whose: str = "") -> DayLine:
    """When bail ends, or that it has ended without anybody saying so."""
    paused = _tr("clock paused") if line.is_clock_paused else ""
    counted = _tr("counted, not told") if line.is_expiry_counted else ""
    text = joined(packs.label("bail_kind", line.kind), paused, counted, whose)
    key, name, days = f"bail {line.bail_id}", words.name_words(line.client_name), (line.expires_on - today).days
    if days < 0:
        return DayLine(key, name, text, _tr("Ended {0}").format(words.short_day(line.expires_on, today)), "danger")
    when = _tr("Ends {0}").format(words.ahead_words(line.expires_on, today))
    return DayLine(key, name, text, when, "warning" if days <= SOON_DAYS else "plain")


def draft_row(one: Draft, today: date) -> DayLine:
    """A form that was left half done."""
    when = words.ago_words(in_london(one.saved_at).date(), today).lower()
    title = str(one.payload.get("title") or _tr("Form"))
    return DayLine(f"draft {one.key}", title, _tr("Typed: {0}").format(when), _tr("Resume"), "accent", "pen-line")
