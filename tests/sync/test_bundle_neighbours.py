"""Two computers that put one exchange file back at the same moment, in a shared folder."""

from __future__ import annotations

import os
import secrets
import shutil
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import IO

import pytest

from advocate_desk.hub import bundle, turn
from advocate_desk.sync.hub import Unreachable


def test_two_computers_with_one_process_id_leave_each_other_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getpid", lambda: 7)  # as in two containers
    folder = tmp_path / "share"
    folder.mkdir()
    path, first, second = folder / f"team{bundle.SUFFIX}", tmp_path / "first", tmp_path / "second"
    path.write_bytes(b"0" * 4096)
    first.write_bytes(b"1" * 4096)
    second.write_bytes(b"2" * 4096)
    before, copy = bundle._hash(path), shutil.copyfileobj
    answers: list[bool] = []

    def then_another(source: IO[bytes], target: IO[bytes]) -> None:
        copy(source, target)
        monkeypatch.setattr(shutil, "copyfileobj", copy)
        answers.append(bundle._put_back(path, second, before))

    monkeypatch.setattr(shutil, "copyfileobj", then_another)
    answers.append(bundle._put_back(path, first, before))
    assert answers == [True, False], "who comes second does it again with the other's"
    assert path.read_bytes() == second.read_bytes()
    assert list(folder.iterdir()) == [path]


def test_what_another_is_writing_is_not_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "token_hex", lambda _bytes: "7")
    path, copy = tmp_path / f"team{bundle.SUFFIX}", tmp_path / "copy"
    copy.write_bytes(b"1" * 4096)
    others = path.with_name(f".{path.name}.7")
    others.write_bytes(b"half")
    with pytest.raises(Unreachable):
        bundle._put_back(path, copy, "")
    assert others.read_bytes() == b"half" and not path.exists()


@pytest.fixture
def shared(tmp_path: Path) -> tuple[Path, Path, Path]:
    """An exchange file in a shared folder, and what two computers make of it."""
    folder = tmp_path / "share"
    folder.mkdir()
    path, first, second = folder / f"team{bundle.SUFFIX}", tmp_path / "first", tmp_path / "second"
    for each, letter in ((path, b"0"), (first, b"1"), (second, b"2")):
        each.write_bytes(letter * 4096)
    return path, first, second


def test_who_comes_while_another_writes_waits_and_does_it_again(
    shared: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other is just between seeing that nobody changed the file and putting hers in its place."""
    path, first, second = shared
    hash_of, before = bundle._hash, bundle._hash(path)
    is_there, is_done = Event(), Event()

    def come_second() -> bool:
        try:
            return bundle._put_back(path, second, before)
        finally:
            is_there.set()

    def waits(_seconds: float) -> None:
        is_there.set()
        is_done.wait(30)

    with ThreadPoolExecutor() as other:
        later: list[Future[bool]] = []

        def then_another(looked_at: Path) -> str:
            found = hash_of(looked_at)
            if not later:
                later.append(other.submit(come_second))
                is_there.wait(30)
            return found

        monkeypatch.setattr(turn, "sleep", waits)
        monkeypatch.setattr(bundle, "_hash", then_another)
        is_first_kept = bundle._put_back(path, first, before)
        is_done.set()
        assert (is_first_kept, later[0].result(30)) == (True, False)
    assert path.read_bytes() == first.read_bytes()
    assert list(path.parent.iterdir()) == [path]


def test_who_was_overwritten_where_nobody_keeps_to_turns_notices_it(
    shared: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, first, second = shared
    monkeypatch.setattr(bundle, "sync_folder", lambda _folder: shutil.copyfile(second, path))
    assert not bundle._put_back(path, first, bundle._hash(path))


@pytest.mark.parametrize("is_folder", [False, True], ids=["of one that was cut off", "that cannot be taken away"])
def test_a_turn_that_does_not_end_is_gone_past(
    shared: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch, is_folder: bool
) -> None:
    path, first, _ = shared
    left = path.with_name(f".{path.name}.turn")
    if is_folder:
        left.mkdir()
    else:
        left.write_bytes(b"somebody")
    seconds = [0.0]
    monkeypatch.setattr(turn, "monotonic", lambda: seconds[0])
    monkeypatch.setattr(turn, "sleep", lambda asked: seconds.__setitem__(0, seconds[0] + asked))
    assert bundle._put_back(path, first, bundle._hash(path))
    assert path.read_bytes() == first.read_bytes()
    assert left.exists() == is_folder
    assert seconds[0] < turn.MOST_WAIT_S + 1
