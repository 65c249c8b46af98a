"""The disk as a power cut can leave it.

What was flushed is there. Of what was not, a file may hold all, nothing, a beginning, or any blocks of any writes; a
name that was given, changed or taken without a flush of its folder may have been or not. A rename is one act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults.power.happenings import (
    Cut,
    Flushed,
    FolderFlushed,
    FolderMade,
    FolderNamed,
    FolderRemoved,
    Happening,
    Made,
    Named,
    Naming,
    Removed,
    Said,
    Written,
    folder_of,
)

BLOCKS = (512, 4096)
State = dict[str, bytes | None]
"""Files by path below the folder; None for a folder."""


@dataclass
class _File:
    durable: bytearray = field(default_factory=bytearray)
    pending: list[Written | Cut] = field(default_factory=list)


class Disk:
    """Takes happenings one after the other; `after_a_cut` gives a state that is possible at that moment."""

    def __init__(self) -> None:
        self._files: dict[int, _File] = {}
        self._names: dict[str, int | None] = {}
        self._pending: list[Naming] = []

    def take(self, happening: Happening) -> None:
        """Let it happen."""
        match happening:
            case Written() | Cut():
                self._files[happening.file].pending.append(happening)
            case Flushed():
                file = self._files[happening.file]
                for one in file.pending:
                    _apply(file.durable, one)
                file.pending = []
            case FolderFlushed():
                for naming in [each for each in self._pending if happening.path in _folders(each)]:
                    _rename(self._names, naming)
                    self._pending.remove(naming)
            case Said():
                pass
            case _:
                if isinstance(happening, Made):
                    self._files[happening.file] = _File()
                self._pending.append(happening)

    def settle(self) -> None:
        """Everything up to here is on the disk."""
        for file in self._files.values():
            for one in file.pending:
                _apply(file.durable, one)
            file.pending = []
        for naming in self._pending:
            _rename(self._names, naming)
        self._pending = []

    def after_a_cut(self, chance: Random) -> State:
        """One way in which the disk may be found, of many."""
        names = dict(self._names)
        for naming in _some(self._pending, chance):
            _rename(names, naming)
        state: State = {}
        for path, number in sorted(names.items()):
            parents = [parent for parent in (str(each) for each in Path(path).parents) if parent != "."]
            if any(parent not in names for parent in parents):
                continue  # its folder is not there
            state[path] = None if number is None else self._content(self._files[number], chance)
        return state

    def _content(self, file: _File, chance: Random) -> bytes:
        content = bytearray(file.durable)
        if not file.pending:
            return bytes(content)
        how = chance.choice(("nothing", "all", "beginning", "some", "torn"))
        if how == "all":
            chosen: Sequence[Written | Cut] = file.pending
        elif how == "nothing":
            chosen = ()
        elif how == "beginning":
            chosen = file.pending[: chance.randint(0, len(file.pending))]
        else:
            chosen = [one for one in file.pending if chance.random() < 0.5]
        block = chance.choice(BLOCKS)
        for one in chosen:
            for part in _torn(one, block, chance) if how in ("torn", "beginning") else (one,):
                _apply(content, part)
        return bytes(content)


def put(state: State, folder: Path) -> None:
    """Make `folder` what the disk holds."""
    folder.mkdir(parents=True)
    for path, content in state.items():
        place = folder / path
        if content is None:
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)


def _apply(content: bytearray, one: Written | Cut) -> None:
    if isinstance(one, Cut):
        if one.size < len(content):
            del content[one.size :]
        else:
            content.extend(bytes(one.size - len(content)))
        return
    if one.offset > len(content):
        content.extend(bytes(one.offset - len(content)))
    content[one.offset : one.offset + len(one.data)] = one.data


def _torn(one: Written | Cut, block: int, chance: Random) -> list[Written | Cut]:
    """Any blocks of the write, as a disk that was cut off in the middle of it keeps them."""
    if isinstance(one, Cut):
        return [one]
    edges = [one.offset, *range((one.offset // block + 1) * block, one.offset + len(one.data), block)]
    ends = [*edges[1:], one.offset + len(one.data)]
    parts = [
        Written(one.file, start, one.data[start - one.offset : end - one.offset])
        for start, end in zip(edges, ends, strict=True)
        if chance.random() < 0.5
    ]
    return list(parts)


def _some(pending: Sequence[Naming], chance: Random) -> Sequence[Naming]:
    """As a journal of the file system keeps them, a beginning; or, harder, any of them."""
    if chance.random() < 0.6:
        return pending[: chance.choice((0, len(pending), chance.randint(0, len(pending))))]
    return [one for one in pending if chance.random() < 0.5]


def _rename(names: dict[str, int | None], one: Naming) -> None:
    match one:
        case Made():
            names[one.path] = one.file
        case Named():
            if names.get(one.old) == one.file:
                del names[one.old]
            names[one.path] = one.file
        case Removed():
            if names.get(one.path) == one.file:
                del names[one.path]
        case FolderMade():
            names[one.path] = None
        case FolderNamed():
            for path in [each for each in names if each == one.old or each.startswith(f"{one.old}/")]:
                names[one.path + path[len(one.old) :]] = names.pop(path)
        case FolderRemoved():
            names.pop(one.path, None)


def _folders(one: Naming) -> set[str]:
    places = {folder_of(one.path)}
    if isinstance(one, Named | FolderNamed):
        places.add(folder_of(one.old))
    return places
