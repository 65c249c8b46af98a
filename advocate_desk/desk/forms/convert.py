"""A form's values as casework wants them: days, moments, ids. What cannot be read has been refused before this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from advocate_desk.clock import Clock, from_london, in_london
from advocate_desk.desk.forms.values import iso_day
from advocate_desk.domain.forms import Option
from advocate_desk.domain.identity import FileId, RecordId


def text_of(values: Mapping[str, Any], key: str) -> str:
    """Text without the spaces around it."""
    return str(values.get(key) or "").strip()


def day_of(values: Mapping[str, Any], key: str) -> date | None:
    """A day, or None."""
    return iso_day(values.get(key))


def moment_of(values: Mapping[str, Any], key: str) -> datetime | None:
    """A moment in UTC from London wall time, or None."""
    try:
        return from_london(datetime.fromisoformat(str(values.get(key) or "")))
    except ValueError:
        return None


def number_of(values: Mapping[str, Any], key: str) -> int | None:
    """A whole number, or None."""
    value = values.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def keys_of(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """The chosen keys of a list."""
    value = values.get(key)
    return tuple(str(each) for each in value) if isinstance(value, list | tuple) else ()


def rows_of(values: Mapping[str, Any], key: str) -> tuple[Mapping[str, Any], ...]:
    """The rows of a repeat."""
    value = values.get(key)
    return tuple(row for row in value if isinstance(row, Mapping)) if isinstance(value, list | tuple) else ()


def is_ticked(values: Mapping[str, Any], key: str) -> bool:
    """Whether a box is ticked."""
    return values.get(key) is True


def record_of(values: Mapping[str, Any], key: str) -> RecordId | None:
    """A record's id, or None."""
    try:
        return RecordId(UUID(str(values.get(key) or "")))
    except ValueError:
        return None


def file_of(params: Mapping[str, Any]) -> FileId:
    """The file that a form was opened for. Raises ValueError without one: such a form is never opened."""
    return FileId(UUID(str(params["file_id"])))


def as_day(day: date | None) -> str:
    """A day as a form value."""
    return day.isoformat() if day else ""


def as_moment(moment: datetime | None) -> str:
    """A moment as a form value, in London wall time."""
    return in_london(moment).strftime("%Y-%m-%dT%H:%M") if moment else ""


def this_minute(clock: Clock) -> str:
    """Now, as a form value in London wall time."""
    return as_moment(clock.now())


def named_options(names: Iterable[str]) -> tuple[Option, ...]:
    """Names to choose from, each its own key, each once."""
    return tuple(Option(name, name) for name in dict.fromkeys(names) if name)
