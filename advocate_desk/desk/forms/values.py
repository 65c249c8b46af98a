"""What is typed into a form, read as values: days, times, numbers, and what of a form is shown, missing or answered.

Nothing here knows Qt. Text that cannot be read is kept as it was typed; saving says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any, TypeAlias

from advocate_desk.domain.forms import Field, FieldKind, FormSpec

FormValue: TypeAlias = Any  # one of the shapes in `domain.forms`, by the field's kind
Values: TypeAlias = dict[str, FormValue]

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_NUMERIC_DAY = re.compile(r"(\d{1,2})[\s/.\-]+(\d{1,2})(?:[\s/.\-]+(\d{2}|\d{4}))?")
_NAMED_DAY = re.compile(r"(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\s*(?:of\s+)?([a-z]{3,9})\.?,?\s*(\d{2}|\d{4})?")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_STEP = re.compile(r"([+-])\s*(\d{1,4})\s*([dwm]?)")


def parse_day(text: str, today: date) -> date | None:
    """The day that `text` means, read day first, or None.

    Knows 3/4/26, 3.4, "3 Apr", "3rd April 2026", ISO, today, tomorrow, yesterday, a weekday (the next one), +7, -2w.
    A two-figure year is taken as at most 20 years ahead, so that 3/4/85 is a date of birth.
    """
    plain = " ".join(text.lower().split())
    relative = {"today": 0, "tod": 0, "tomorrow": 1, "tom": 1, "yesterday": -1}
    if plain in relative:
        return today + timedelta(days=relative[plain])
    if len(plain) >= 3 and (weekday := _starts(WEEKDAYS, plain)) is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    if found := _STEP.fullmatch(plain):
        return _stepped(today, int(found[1] + found[2]), found[3] or "d")
    if found := _ISO_DAY.fullmatch(plain):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC_DAY.fullmatch(plain):
        return _day(_full_year(found[3], today), int(found[2]), int(found[1]))
    if found := _NAMED_DAY.fullmatch(plain):
        month = _starts(MONTHS, found[2])
        return None if month is None else _day(_full_year(found[3], today), month + 1, int(found[1]))
    return None


def _starts(names: tuple[str, ...], start: str) -> int | None:
    return next((index for index, name in enumerate(names) if name.startswith(start)), None)


def _full_year(text: str | None, today: date) -> int:
    """A year as written; two figures mean the century that puts it at most 20 years ahead; none means this year."""
    if text is None:
        return today.year
    if len(text) == 4:
        return int(text)
    year = today.year - today.year % 100 + int(text)
    return year - 100 if year > today.year + 20 else year


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _stepped(today: date, steps: int, unit: str) -> date | None:
    try:
        if unit == "m":
            months = today.year * 12 + today.month - 1 + steps
            first = date(months // 12, months % 12 + 1, 1)
            last = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)).day
            return first.replace(day=min(today.day, last))
        return today + timedelta(days=steps * (7 if unit == "w" else 1))
    except (OverflowError, ValueError):
        return None


def parse_time(text: str) -> time | None:
    """The time of day that `text` means, or None: 1015, 10.15, 10:15, 9am, 2.30 pm, noon."""
    plain = text.lower().replace(" ", "")
    if plain in ("noon", "midday"):
        return time(12)
    if plain == "midnight":
        return time(0)
    found = re.fullmatch(r"(\d{1,2})(?:[:.h]?(\d{2}))?(?::\d{2})?([ap]\.?m?\.?)?", plain)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def parse_number(text: str) -> int | None:
    """A whole number, thousands separated or not, or None."""
    plain = text.strip().replace(",", "").replace(" ", "")
    return int(plain) if re.fullmatch(r"-?\d{1,15}", plain) else None


def day_words(day: date) -> str:
    """A day as it is shown: "Sat 21 Nov 2026"."""
    return f"{WEEKDAYS[day.weekday()][:3].title()} {day.day} {MONTHS[day.month - 1][:3].title()} {day.year}"


def iso_day(value: object) -> date | None:
    """The date in a form value ("2026-11-21"), or None when it holds text that is no date."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


# --- a form's values as a whole -------------------------------------------------------------------------------------


def blank(field: Field) -> FormValue:
    """The value of a field that nobody has touched."""
    match field.kind:
        case FieldKind.CHOICES | FieldKind.REPEAT:
            return []
        case FieldKind.CHECK:
            return field.default == "yes"
        case FieldKind.ANSWER:
            return {"answer": field.default, "detail": {}, "source": ""}
        case _:
            return field.default


def blank_values(fields: tuple[Field, ...]) -> Values:
    """Untouched values for fields of one level."""
    return {field.key: blank(field) for field in fields if field.kind is not FieldKind.NOTE}


def top_fields(spec: FormSpec) -> tuple[Field, ...]:
    """The fields of every section, in order."""
    return tuple(field for section in spec.sections for field in section.fields)


def is_shown(field: Field, level: Mapping[str, Any]) -> bool:
    """Whether `field` shows, given the values of its own level."""
    rule = field.shown_when
    if rule is None:
        return True
    value = level.get(rule.key, "")
    if isinstance(value, dict):
        value = value.get("answer", "")
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if isinstance(value, list):
        return any(each in rule.values for each in value)
    return str(value) in rule.values


def is_answered(field: Field, value: FormValue) -> bool:
    """Whether something was entered. A tick box counts as answered either way."""
    if field.kind is FieldKind.ANSWER:
        return bool(isinstance(value, dict) and value.get("answer"))
    if field.kind is FieldKind.CHECK:
        return True
    return value not in ("", None, [], {})


def progress(fields: Iterator[Field] | tuple[Field, ...], values: Mapping[str, Any]) -> tuple[int, int]:
    """How many of the shown, answerable fields have an answer, and how many there are. Tick boxes are not counted."""
    asked = [f for f in fields if f.kind not in (FieldKind.NOTE, FieldKind.CHECK) and is_shown(f, values)]
    return sum(is_answered(field, values.get(field.key)) for field in asked), len(asked)


def problems(spec: FormSpec, values: Mapping[str, Any]) -> dict[str, str]:
    """What must be put right before saving, by field path: required but empty, or text that cannot be read."""
    found: dict[str, str] = {}
    _find_problems(top_fields(spec), values, "", found)
    return found


def _find_problems(fields: tuple[Field, ...], level: Mapping[str, Any], path: str, found: dict[str, str]) -> None:
    for field in fields:
        if field.kind is FieldKind.NOTE or not is_shown(field, level):
            continue
        value, here = level.get(field.key, blank(field)), path + field.key
        if field.required and not (value if field.kind is FieldKind.CHECK else is_answered(field, value)):
            found[here] = "This is needed before it can be saved."
        elif (words := unreadable(field, value)) is not None:
            found[here] = words
        if field.kind is FieldKind.REPEAT:
            for index, row in enumerate(value if isinstance(value, list) else []):
                _find_problems(field.fields, _level(row), f"{here}.{index}.", found)
        elif field.kind is FieldKind.ANSWER and isinstance(value, dict) and value.get("answer") == "yes":
            _find_problems(field.fields, _level(value.get("detail")), f"{here}.detail.", found)


def shaped(fields: tuple[Field, ...], kept: Mapping[str, Any]) -> Values:
    """The values of a draft, each of the shape that its field has: another version may have kept another one.

    What has another shape is left out, text and numbers are kept as text; values that no field shows stay as they are.
    """
    by_key = {field.key: field for field in fields}
    found: Values = {}
    for key, value in kept.items():
        fitting = _fitting(by_key[key], value) if key in by_key else value
        if fitting is not None:
            found[key] = fitting
    return found


def _fitting(field: Field, value: FormValue) -> FormValue:
    """The value in its field's shape, or None."""
    match field.kind:
        case FieldKind.CHOICES:
            return [each for each in value if isinstance(each, str)] if isinstance(value, list) else None
        case FieldKind.REPEAT:
            rows = value if isinstance(value, list) else []
            return [shaped(field.fields, row) for row in rows if isinstance(row, Mapping)]
        case FieldKind.ANSWER:
            given = value if isinstance(value, Mapping) else {"answer": value}
            texts = {key: given[key] for key in ("answer", "source") if isinstance(given.get(key), str)}
            return {"answer": "", "source": ""} | texts | {"detail": shaped(field.fields, _level(given.get("detail")))}
        case FieldKind.CHECK:
            return value if isinstance(value, bool) else value == "yes"
        case FieldKind.NUMBER if isinstance(value, int) and not isinstance(value, bool):
            return value
        case _:
            return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None


def _level(value: FormValue) -> Mapping[str, Any]:
    """The values of one level; none where another version kept something else."""
    return value if isinstance(value, Mapping) else {}


def unreadable(field: Field, value: FormValue) -> str | None:
    """A sentence when `value` holds text that is not what the field asks for, or is too long; else None."""
    if field.max_length and isinstance(value, str) and len(value) > field.max_length:
        return f"Use at most {field.max_length} characters; this has {len(value)}."
    if value in ("", None):
        return None
    match field.kind:
        case FieldKind.NUMBER if not isinstance(value, int):
            return "Enter a whole number, such as 3."
        case FieldKind.DATE if iso_day(value) is None:
            return "Enter a date, day first, such as 3/4/2026."
        case FieldKind.TIME if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(value)):
            return "Enter a time, such as 10:15."
        case FieldKind.DATE_TIME if not _is_date_time(str(value)):
            return "Enter a date and a time, such as 3/4/2026 and 10:15."
    return None


def _is_date_time(value: str) -> bool:
    day, _, clock = value.partition("T")
    return iso_day(day) is not None and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", clock) is not None
