"""One computer at a time puts an exchange file back: by a small file beside it, which only one of them can make.

Where a stick or a share keeps to no such thing, or whoever made it was cut off, it is gone past after a while: it saves
work, and nothing rests on it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

PATIENCE_S = 5.0
"""A turn that stays the same for so long is that of a computer that was cut off."""
MOST_WAIT_S = 15.0
"""Then it is done without."""
LOOKS_AGAIN_S = 0.05


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Have one's turn at the file at `path`, as far as the folder lets anybody have one."""
    beside, own = path.with_name(f".{path.name}.turn"), secrets.token_bytes(16)
    _take(beside, own)
    try:
        yield
    finally:
        _leave(beside, own)


def _take(beside: Path, own: bytes) -> None:
    begun = since = monotonic()
    theirs: bytes | None = None
    while monotonic() - begun < MOST_WAIT_S:
        try:
            with beside.open("xb") as file:
                file.write(own)
        except FileExistsError:
            pass
        except OSError:  # what is wrong with the folder is told by what comes next
            return
        else:
            return
        said = _said(beside)
        if said != theirs:
            theirs, since = said, monotonic()
        elif monotonic() - since >= PATIENCE_S:
            _leave(beside, theirs)
            since = monotonic()
        sleep(LOOKS_AGAIN_S)


def _leave(beside: Path, whose: bytes | None) -> None:
    """Take a turn away that is still that of `whose`."""
    if _said(beside) == whose:
        with suppress(OSError):
            beside.unlink()


def _said(beside: Path) -> bytes | None:
    try:
        return beside.read_bytes()
    except OSError:
        return None
