"""The encrypted file: opened with its key, refused in words otherwise."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from advocate_desk.domain.backups import Why
from advocate_desk.errors import Unavailable, WrongKey
from advocate_desk.store.backup import make_copy
from advocate_desk.store.engine import create_store, open_store, refuse_plain
from advocate_desk.store.tables.local import setting
from tests.builders import KEY, NOON, a_work


def test_a_store_opens_with_its_key_and_with_no_other(tmp_path: Path) -> None:
    path = tmp_path / "caseload.db"
    create_store(path, KEY).dispose()
    open_store(path, KEY).dispose()
    with pytest.raises(WrongKey):
        open_store(path, os.urandom(32))


def test_no_planted_word_stands_on_the_disk(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    with work.engine.begin() as conn:
        conn.execute(insert(setting), {"key": "planted", "value": "Zanzibarina Quillfeather"})
    work.engine.dispose()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert b"Zanzibarina" not in file.read_bytes()


def test_a_plain_database_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "caseload.db"
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE t (x)")
    plain.commit()
    plain.close()
    before = path.read_bytes()
    with pytest.raises(Unavailable, match="not encrypted"):
        open_store(path, KEY)
    assert path.read_bytes() == before


def test_a_missing_file_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="not in its folder"):
        open_store(tmp_path / "caseload.db", KEY)


def test_a_new_store_does_not_overwrite_an_old_one(tmp_path: Path) -> None:
    path = tmp_path / "caseload.db"
    create_store(path, KEY).dispose()
    with pytest.raises(Unavailable):
        create_store(path, KEY)


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "caseload.db"
    create_store(path, KEY).dispose()
    assert path.stat().st_mode & 0o077 == 0


def test_a_backup_is_encrypted_and_has_every_row(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    with work.engine.begin() as conn:
        conn.execute(insert(setting), {"key": "kept", "value": 7})
    copy = make_copy(work.engine, KEY, tmp_path / "backups", Why.ASKED, NOON).path
    refuse_plain(copy)
    with open_store(copy, KEY).begin() as conn:
        assert conn.execute(select(setting.c.value).where(setting.c.key == "kept")).scalar_one() == 7
