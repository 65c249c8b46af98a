"""Backups on another computer: the sheet that is in force opens them, their numbers go on, and blame falls rightly."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from advocate_desk.casework.backups import highest_restored
from advocate_desk.casework.restoring import restore, way_in
from advocate_desk.clock import FixedClock
from advocate_desk.domain.backups import Why
from advocate_desk.errors import Unavailable
from advocate_desk.store import compare as comparing
from advocate_desk.store.backup_files import CopyFile, copies_in
from advocate_desk.store.backup_round import keep_key_file, run_round
from advocate_desk.vault import keyfile
from advocate_desk.vault.change import replace_recovery
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import open_with_recovery
from tests.builders import NOON, PACKS
from tests.profiles import Profile, a_profile


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return a_profile(tmp_path / "profile", FixedClock(NOON))


@pytest.fixture
def copy(profile: Profile) -> CopyFile:
    return profile.back_up()


def test_the_sheet_of_a_later_stick_opens_it_where_an_older_stick_was_before(
    profile: Profile, copy: CopyFile, tmp_path: Path
) -> None:
    first = Path(shutil.copytree(copy.path.parent, tmp_path / "first"))
    vault = profile.open()
    new = replace_recovery(vault)
    code = RecoveryCode.parse(" ".join(new.recovery_code.groups))
    new.finish()
    vault.close()
    keep_key_file(profile.folder, copy.path.parent)
    elsewhere = tmp_path / "elsewhere"
    own = way_in(elsewhere, first)
    tried = replace(keyfile.load(own).throttle, failures=2)
    keyfile.save_count(own, replace(keyfile.load(own), throttle=tried))
    assert way_in(elsewhere, copy.path.parent) == own
    assert keyfile.load(own).throttle == tried, "wrong attempts are counted on this computer"
    open_with_recovery(own, code, clock=profile.clock).close()
    way_in(elsewhere, first)  # the older stick does not take it back
    open_with_recovery(own, code, clock=profile.clock).close()


def test_after_a_restore_on_a_new_computer_the_numbers_go_on(profile: Profile, copy: CopyFile, tmp_path: Path) -> None:
    stick = Path(shutil.copytree(copy.path.parent, tmp_path / "stick"))
    (found,) = copies_in(stick)
    found.path.rename(found.path.with_name(found.path.name.replace("000001", "000042")))
    (there,) = copies_in(stick)
    elsewhere = replace(profile, folder=tmp_path / "elsewhere" / "profile")
    assert _restored(elsewhere, there) is None
    work = elsewhere.work()
    above = highest_restored(work)
    made = run_round(work.engine, profile.key, elsewhere.places(), Why.AUTO, NOON, above=above).made
    work.engine.dispose()
    assert made is not None
    assert made.copy.number == 43
    made.path.unlink()
    aside = _restored(elsewhere, there)
    assert aside is not None
    assert "-000043-" in aside.name


def _restored(profile: Profile, chosen: CopyFile) -> Path | None:
    way, code = way_in(profile.folder, chosen.path.parent), RecoveryCode.parse(profile.code)
    vault = open_with_recovery(way, code, clock=profile.clock)
    try:
        return restore(profile.folder, vault, chosen, profile.clock, PACKS).aside
    finally:
        vault.close()


class _Spoilt:
    """A driver's connection whose disk gives back something else."""

    def execute(self, *_: object) -> object:
        raise sqlcipher.OperationalError("database disk image is malformed")


def test_what_is_wrong_with_the_open_caseload_is_not_said_of_the_backup(
    profile: Profile, copy: CopyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "_head", lambda _raw: next(comparing._Live(_Spoilt()).execute("SELECT 1")))
    work = profile.work()
    with pytest.raises(Unavailable, match="The caseload file is damaged"):
        comparing.compare(work.engine, copy.path, profile.key)
    work.engine.dispose()
