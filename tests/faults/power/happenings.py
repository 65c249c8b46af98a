"""What can happen to the files of a folder. Paths are below the folder that is watched; a file keeps its number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Made:
    """A new, empty file `file` has the name `path` (below the folder that is watched)."""

    path: str
    file: int


@dataclass(frozen=True)
class Written:
    """Bytes of a file were given to the system."""

    file: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Cut:
    """A file was given another size."""

    file: int
    size: int


@dataclass(frozen=True)
class Flushed:
    """All of a file is on the disk."""

    file: int


@dataclass(frozen=True)
class Named:
    """The file took the name `path` and lost `old`."""

    old: str
    path: str
    file: int


@dataclass(frozen=True)
class Removed:
    """The file lost its name."""

    path: str
    file: int


@dataclass(frozen=True)
class FolderMade:
    """A folder has the name `path`."""

    path: str


@dataclass(frozen=True)
class FolderNamed:
    """The folder took the name `path` and lost `old`, with all that is in it."""

    old: str
    path: str


@dataclass(frozen=True)
class FolderRemoved:
    """The folder has gone."""

    path: str


@dataclass(frozen=True)
class FolderFlushed:
    """The names in a folder are on the disk."""

    path: str


@dataclass(frozen=True)
class Said:
    """The screen has told the user something: from here on it must be true."""

    what: Any


Naming = Made | Named | Removed | FolderMade | FolderNamed | FolderRemoved
Happening = Naming | Written | Cut | Flushed | FolderFlushed | Said


def folder_of(path: str) -> str:
    """The folder that holds the name `path`; "" for the watched one itself."""
    return path.rpartition("/")[0]
