"""Two computers that put one exchange file back at the same moment, in a shared folder."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path
from typing import IO

import pytest

from advocate_desk.hub import bundle
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
