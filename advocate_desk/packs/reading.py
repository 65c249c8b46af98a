"""Reads one resource file into the frozen dataclass that is its schema, and says where a broken one is broken."""

from __future__ import annotations

import csv
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from advocate_desk.errors import BrokenResource

T = TypeVar("T")

_LONGEST_PROBLEM = 160

_ONE_CONVERTS = threading.Lock()
"""msgspec (0.22) ends the process when two threads have it look into the same schema for the first time."""


def read_toml(root: Path, relative: str, schema: type[T]) -> T:
    """The TOML file `relative` to the resources folder `root`, as a `schema`.

    Raises BrokenResource, naming the file and the place in it, when it is missing, is not TOML, lacks a key, has one
    that the schema does not know, or names the same key twice in a list of keyed things.
    """
    text = _text(root, relative)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise broken(relative, str(error)) from error
    return convert(relative, data, schema)


def convert(relative: str, data: object, schema: type[T]) -> T:
    """Plain `data` read from the file `relative`, as a `schema`. Raises BrokenResource as `read_toml` does."""
    try:
        with _ONE_CONVERTS:
            value = msgspec.convert(data, schema)
    except msgspec.ValidationError as error:
        raise broken(relative, str(error)) from error
    except (ValueError, TypeError) as error:
        raise broken(relative, f"{error} - at `$`") from error
    for place in _unknown_keys(data, msgspec.to_builtins(value), "$"):
        raise broken(relative, f"Unknown key - at `{place}`")
    for place in _repeated_keys(data, "$"):
        raise broken(relative, f"Key used twice - at `{place}`")
    return value


def read_csv(root: Path, relative: str, columns: tuple[str, ...]) -> list[list[str]]:
    """The rows of a CSV list below its header, which must be exactly `columns`. Raises BrokenResource."""
    rows = csv.reader(_text(root, relative).splitlines())
    header = next(rows, [])
    if tuple(header) != columns:
        raise broken(relative, f"The columns must be {', '.join(columns)} - at line 1")
    read = list(rows)
    for number, row in enumerate(read, start=2):
        if len(row) != len(columns):
            raise broken(relative, f"{len(row)} values for {len(columns)} columns - at line {number}")
    return read


def broken(relative: str, problem: str) -> BrokenResource:
    """The error for the resource `relative`; `problem` says what is wrong and where, cut where it quotes at length."""
    if len(problem) > _LONGEST_PROBLEM:
        problem = f"{problem[:_LONGEST_PROBLEM]}…"
    return BrokenResource(
        f"The program's own file resources/{relative} is damaged ({problem}). Your records are not affected. "
        "Install the program again, or restore that file."
    )


def _text(root: Path, relative: str) -> str:
    try:
        return (root / relative).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise broken(relative, "it is missing or cannot be read") from error


def _unknown_keys(data: object, known: object, place: str) -> Iterator[str]:
    """Places in `data` that converting it dropped: msgspec ignores what a dataclass does not name."""
    if isinstance(data, dict) and isinstance(known, dict):
        for key, value in data.items():
            if key in known:
                yield from _unknown_keys(value, known[key], f"{place}.{key}")
            else:
                yield f"{place}.{key}"
    elif isinstance(data, list) and isinstance(known, (list, tuple)):
        for index, (value, known_value) in enumerate(zip(data, known, strict=False)):
            yield from _unknown_keys(value, known_value, f"{place}[{index}]")


def _repeated_keys(data: object, place: str) -> Iterator[str]:
    """Places where a list of tables uses the same `key` a second time, but for a rule with other dates in force."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _repeated_keys(value, f"{place}.{key}")
    elif isinstance(data, list):
        seen: set[object] = set()
        for index, value in enumerate(data):
            if isinstance(value, dict) and "key" in value:
                entry = (value["key"], value.get("in_force_from"))
                if entry in seen:
                    yield f"{place}[{index}].key"
                seen.add(entry)
            yield from _repeated_keys(value, f"{place}[{index}]")
