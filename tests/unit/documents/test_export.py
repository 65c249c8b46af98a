from __future__ import annotations

import errno
import os
import stat
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.documents.export import free_name, neutral_name, write_safely
from advocate_desk.errors import Unavailable

DAY = date(2026, 11, 21)


def test_a_name_says_the_kind_the_day_and_a_number() -> None:
    assert neutral_name("letter", DAY, 1) == "letter-2026-11-21-1.pdf"


@pytest.mark.parametrize("kind", ["Ann Lee", "Letter", "../letter", "", "łetter"])
def test_a_name_is_never_made_of_what_somebody_typed(kind: str) -> None:
    with pytest.raises(ValueError, match="plain words"):
        neutral_name(kind, DAY, 1)


def test_the_next_free_number_is_taken(tmp_path: Path) -> None:
    write_safely(free_name(tmp_path, "letter", DAY), b"one")
    assert free_name(tmp_path, "letter", DAY).name == "letter-2026-11-21-2.pdf"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_file_is_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    write_safely(path, b"content")
    assert path.read_bytes() == b"content"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.ENOSPC, "disk is full"), (errno.EACCES, "may not write"), (errno.EIO, "disk refused")],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failing_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str, step: str
) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"before")

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, "no")

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(Unavailable, match=said) as caught:
        write_safely(path, b"after")
    assert str(tmp_path) not in caught.value.advice
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_gone_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="folder is not there"):
        write_safely(tmp_path / "gone" / "letter.pdf", b"x")
