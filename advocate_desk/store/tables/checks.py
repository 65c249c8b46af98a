"""What may stand in a column: what a colleague's desk sent, or an older version of this one kept, is held to it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Boolean, Column, Date, Integer, Text, Uuid

from advocate_desk.store.tables.base import JsonText, Moment

MOST_TEXT = 1_000_000
MOST_DEPTH = 60
"""Lists and mappings inside one another: more than this a screen might not come out of again."""
EARLIEST, LATEST = 1000, 8999
"""Years within which days are counted forward and back without coming to the end of the calendar."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_BRACKET = re.compile(r"[\[\]{}]")
_HEX = re.compile(r"[0-9a-f]{32}")


def empty_of(column: Column[Any]) -> Any:  # noqa: ANN401 - a column's value
    """What stands in a column of which nothing was said."""
    if column.nullable:
        return None
    return 0 if isinstance(column.type, Boolean) else ""


def check_of(column: Column[Any]) -> Callable[[object], bool]:
    """Whether a value, as SQLite keeps it, may stand in a column."""
    plain = _check_value(column)
    return (lambda value: value is None or plain(value)) if column.nullable else plain


def _check_value(column: Column[Any]) -> Callable[[object], bool]:
    kind = column.type
    if isinstance(kind, Moment):
        return _is_moment
    if isinstance(kind, JsonText):
        return partial(_is_json, column.info["holds"])
    if isinstance(kind, Date):
        return _is_day
    if isinstance(kind, Boolean):
        return lambda value: value in (0, 1) and not isinstance(value, float)
    if isinstance(kind, Integer):
        return lambda value: type(value) is int and abs(value) < 2**63
    if isinstance(kind, Uuid):
        return lambda value: isinstance(value, str) and _HEX.fullmatch(value) is not None
    if isinstance(kind, Text):
        return lambda value: isinstance(value, str) and len(value) <= MOST_TEXT
    raise TypeError(f"{column} has a type that the exchange does not know")


def _is_moment(value: object) -> bool:
    try:
        return (
            isinstance(value, str)
            and _MOMENT.fullmatch(value) is not None
            and EARLIEST <= datetime.fromisoformat(value[:-1]).year <= LATEST
        )
    except ValueError:
        return False


def _is_day(value: object) -> bool:
    try:
        if not isinstance(value, str):
            return False
        found = date.fromisoformat(value)
    except ValueError:
        return False
    return found.isoformat() == value and EARLIEST <= found.year <= LATEST


def _is_json(holds: type, value: object) -> bool:
    if not isinstance(value, str) or len(value) > MOST_TEXT or is_deep(value):
        return False
    try:
        said = json.loads(value)
    except (ValueError, RecursionError):
        return False
    if isinstance(said, list):
        return holds is list and all(isinstance(each, str) for each in said)
    return said is None or isinstance(said, holds)


def is_deep(text: str) -> bool:
    """Whether lists and mappings may stand too deep in one another. Brackets in words count too."""
    if text.count("[") + text.count("{") <= MOST_DEPTH:
        return False
    depth = deepest = 0
    for each in _BRACKET.findall(text):
        depth += 1 if each in "[{" else -1
        deepest = max(deepest, depth)
    return deepest > MOST_DEPTH
