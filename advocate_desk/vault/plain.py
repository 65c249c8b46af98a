"""Tells a database that anybody could read."""

from __future__ import annotations

from pathlib import Path

_SQLITE_MAGIC = b"SQLite format 3\x00"  # Source: sqlite.org/fileformat.html, section 1.3.1


def is_plain_sqlite(path: Path) -> bool:
    """Whether the file at `path` is an SQLite database that is not encrypted. False where there is no file.

    An encrypted one begins with a random salt. Raises OSError where the file is there but cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
    except FileNotFoundError:
        return False
