from __future__ import annotations

from pathlib import Path

import pytest

from advocate_desk.casework.key_file import PUT_BACK, note_key_file
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.vault.change import replace_recovery, set_passphrase
from advocate_desk.vault.vault import OpenVault, open_vault
from tests.builders import NOON, a_work
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE, a_vault, quick_stretching

CLOCK = FixedClock(NOON)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Work:
    quick_stretching(monkeypatch)
    a_vault(tmp_path / "desk", CLOCK)
    return a_work(tmp_path)


def opened(folder: Path, passphrase: str = PASSPHRASE) -> OpenVault:
    return open_vault(folder, passphrase, keyring=None, clock=CLOCK, cost=CHEAP)


def test_an_old_key_file_that_was_put_back_is_told_once(work: Work, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    before = {path: path.read_bytes() for path in desk.glob("vault.json*")}
    vault = opened(desk)
    assert note_key_file(work, vault) == ()
    set_passphrase(vault, OTHER_PASSPHRASE, keyring=None, cost=CHEAP)
    assert note_key_file(work, vault) == ()
    for path, content in before.items():
        path.write_bytes(content)
    again = opened(desk)
    assert again.notices == (), "by itself it is genuine"
    assert note_key_file(work, again) == (PUT_BACK,)
    assert note_key_file(work, again) == ()
    work.engine.dispose()


def test_another_file_of_the_same_revision_is_told(work: Work, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    before = {path: path.read_bytes() for path in desk.glob("vault.json*")}
    vault = opened(desk)
    set_passphrase(vault, OTHER_PASSPHRASE, keyring=None, cost=CHEAP)
    note_key_file(work, vault)
    for path, content in before.items():
        path.write_bytes(content)
    again = opened(desk)
    new = replace_recovery(again)
    new.finish()
    assert again.revision == vault.revision
    assert note_key_file(work, again) == (PUT_BACK,)
    work.engine.dispose()


def test_nothing_is_written_where_nothing_changed(work: Work, tmp_path: Path) -> None:
    vault = opened(tmp_path / "desk")
    note_key_file(work, vault)
    with work.engine.connect() as conn:
        before = conn.exec_driver_sql("SELECT count(*) FROM audit_event").scalar_one()
    note_key_file(work, opened(tmp_path / "desk"))
    with work.engine.connect() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM audit_event").scalar_one() == before
    work.engine.dispose()
