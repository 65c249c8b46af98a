from __future__ import annotations

import contextlib
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from advocate_desk.errors import WrongKey
from advocate_desk.store import keying
from advocate_desk.store.engine import create_store, open_store

KEY, OTHER = bytes(range(32)), bytes(32)


@pytest.mark.parametrize("sets_key", [True, False])
def test_a_store_is_encrypted_whichever_way_its_key_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sets_key: bool
) -> None:
    monkeypatch.setattr(keying, "_SETS_KEY", sets_key)
    path = tmp_path / "caseload.db"
    create_store(path, KEY).dispose()
    monkeypatch.setattr(keying, "_SETS_KEY", not sets_key)
    open_store(path, bytearray(KEY)).dispose()
    with pytest.raises(WrongKey):
        open_store(path, OTHER)
    with contextlib.closing(sqlite3.connect(path)) as plain, pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM sqlite_master").fetchall()


def test_a_connection_that_got_no_key_is_given_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "caseload.db"
    path.touch()
    monkeypatch.setattr(keying, "_opening", _Deaf())
    with pytest.raises(RuntimeError, match="not given its key"):
        keying.connect_keyed(path, KEY, 1.0)
    assert path.stat().st_size == 0


class _Deaf:
    """Where the key is put for the connection that opens, and is not found there."""

    text = None
    is_keyed = False

    def __setattr__(self, name: str, value: object) -> None:
        """Nothing is kept."""


def test_keys_given_at_once_in_many_threads_do_not_meet(tmp_path: Path) -> None:
    keys = [bytes([number] * 32) for number in range(8)]
    paths = [tmp_path / f"{number}.db" for number in range(8)]
    for path, key in zip(paths, keys, strict=True):
        create_store(path, key).dispose()
    failed: list[int] = []

    def use(number: int) -> None:
        for _ in range(20):
            with contextlib.closing(keying.connect_keyed(paths[number], keys[number], 1.0)) as raw:
                try:
                    raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
                except sqlcipher.DatabaseError:
                    failed.append(number)

    threads = [threading.Thread(target=use, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert failed == []


def test_a_connection_of_another_kind_is_left_alone() -> None:
    with contextlib.closing(sqlcipher.connect(":memory:")) as raw:
        assert raw.execute("SELECT 1").fetchone() == (1,)


def test_a_key_of_another_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        keying.connect_keyed(tmp_path / "caseload.db", b"short", 1.0)
