"""Destroying a desk that was reported lost: nothing that opens stays, wherever it is cut off; nobody else's goes."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.clock import FixedClock
from advocate_desk.errors import Unavailable
from advocate_desk.vault import destroying
from advocate_desk.vault.destroying import Removal, decide, destroy, forget, own_sets
from advocate_desk.vault.folder import MARKER, NOTE, is_removing
from advocate_desk.vault.keyring import SERVICE, SecureKeyring
from tests.builders import NOON
from tests.unit.vault.keyrings import LockedBackend, MemoryBackend
from tests.unit.vault.vaults import a_vault, quick_stretching

OURS = (
    "caseload.db",
    "caseload.db-wal",
    "caseload.made",
    "caseload.lease",
    ".vault-1.tmp",
    "backups/5950f74f/vault.json",
    "backups/5950f74f/caseload-000001-20261121T093000Z-auto.db",
    "backups/set-aside-1a/caseload-000002-20261121T093000Z-damaged.db",
    "backups/set-aside-1a/vault.json",
    "restoring/caseload.db",
    ".restoring-new/vault.json",
)
THEIRS = ("holiday.jpg", "letters/plan.pdf")


@dataclass
class Lost:
    """A desk with all that it may leave on a computer, and a stick."""

    folder: Path
    stick: Path
    backend: MemoryBackend
    vault_id: str = ""
    removal: Removal = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        a_vault(self.folder, FixedClock(NOON), SecureKeyring(self.backend))
        ((_service, self.vault_id),) = self.backend.kept
        for name in (*OURS, *THEIRS):
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"sealed")
        away = self.stick / "desk-backups" / "5950f74f"
        away.mkdir(parents=True)
        for name in ("vault.json", "caseload-000001-20261121T093000Z-auto.db"):
            (away / name).write_bytes(b"sealed")
        (self.stick / "desk-backups" / "another").mkdir()
        (self.stick / "desk-backups" / "another" / "vault.json").write_bytes(b"somebody else's")
        self.removal = Removal(self.vault_id, NOON, 3, [str(away)])

    def keyring(self) -> SecureKeyring:
        return SecureKeyring(self.backend)

    def left(self) -> set[str]:
        return {str(each.relative_to(self.folder)) for each in self.folder.rglob("*") if each.is_file()}

    def left_on_stick(self) -> set[str]:
        return {str(each.relative_to(self.stick)) for each in self.stick.rglob("*") if each.is_file()}

    def is_gone(self) -> bool:
        is_away = self.left_on_stick() == {"desk-backups/another/vault.json"}
        return self.left() == {NOTE, *THEIRS} and is_away and not self.backend.kept


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Lost]:
    quick_stretching(monkeypatch)
    numbers = itertools.count()
    return lambda: Lost(tmp_path / f"desk-{(n := next(numbers))}", tmp_path / f"stick-{n}", MemoryBackend())


def test_nothing_of_a_lost_desk_stays_and_nothing_of_others_goes(make: Callable[[], Lost]) -> None:
    lost = make()
    decide(lost.folder, lost.removal)
    done = destroy(lost.folder, lost.keyring)
    assert done is not None and done.removal.unsent == 3 and not done.away
    assert lost.is_gone()
    assert is_removing(lost.folder), "the next start says what happened"


def test_the_keys_that_a_desk_had_before_go_from_the_stick_too(make: Callable[[], Lost]) -> None:
    """A desk that was given a new key keeps the copies of the old one there, with what opens them."""
    lost = make()
    own = (lost.folder / "vault.json").read_bytes()
    sets = lost.stick / "desk-backups"
    for name, file in (("00000001", "vault.json"), ("00000002", "vault.json.spare")):
        (sets / name).mkdir()
        (sets / name / file).write_bytes(own)
        (sets / name / "caseload-000001-20261121T093000Z-auto.db").write_bytes(b"sealed")
    found = own_sets(sets / "5950f74f", lost.vault_id)
    assert [each.name for each in found] == ["5950f74f", "00000001", "00000002"]
    decide(lost.folder, Removal(lost.vault_id, NOON, None, [str(each) for each in found]))
    done = destroy(lost.folder, lost.keyring)
    assert done is not None and done.removal.unsent is None and not done.away
    assert lost.is_gone()
    away = lost.folder / "no stick" / "desk-backups" / "5950f74f"
    assert own_sets(away, lost.vault_id) == [away]


class Killed(BaseException):
    """The program ended here."""


def test_what_was_cut_off_anywhere_is_finished_at_the_next_start(
    make: Callable[[], Lost], monkeypatch: pytest.MonkeyPatch
) -> None:
    cuts = 0
    for nth in itertools.count(1):
        lost = make()
        with monkeypatch.context() as patch:
            is_cut = cut_off_at(patch, nth)
            try:
                decide(lost.folder, lost.removal)
                destroy(lost.folder, lost.keyring)
            except Killed:
                cuts += 1
        if not is_cut():
            break
        if not (lost.folder / MARKER).exists() and not (lost.folder / NOTE).exists():
            assert (lost.folder / "vault.json").read_bytes() != bytes((lost.folder / "vault.json").stat().st_size)
            continue  # it was not decided yet, and nothing was touched: the hub says it again
        assert destroy(lost.folder, lost.keyring) is not None
        assert lost.is_gone(), f"cut off at {nth}"
    assert cuts > 40


def cut_off_at(patch: pytest.MonkeyPatch, nth: int) -> Callable[[], bool]:
    """End the program at its nth act on the disk."""
    count = itertools.count(1)
    cut: list[bool] = []

    def cutting(act: Callable[..., Any]) -> Callable[..., Any]:
        def acted(*args: Any, **kwargs: Any) -> Any:
            if cut or next(count) == nth:
                cut.append(True)
                raise Killed
            return act(*args, **kwargs)

        return acted

    for name in ("unlink", "rmdir", "replace"):
        patch.setattr(Path, name, cutting(getattr(Path, name)))
    patch.setattr(os, "fsync", cutting(os.fsync))
    return lambda: bool(cut)


def test_the_keys_go_before_anything_else(make: Callable[[], Lost], monkeypatch: pytest.MonkeyPatch) -> None:
    lost = make()
    decide(lost.folder, lost.removal)
    monkeypatch.setattr(destroying, "_remove_files", lambda *_args: (_ for _ in ()).throw(Killed()))
    with pytest.raises(Killed):
        destroy(lost.folder, lost.keyring)
    assert not list(lost.folder.rglob("vault.json*"))
    assert not lost.backend.kept
    assert (lost.folder / "caseload.db").exists()


def test_a_file_that_only_has_the_name_destroys_nothing(make: Callable[[], Lost]) -> None:
    lost = make()
    (lost.folder / MARKER).write_bytes(b"")
    before = lost.left()
    assert destroy(lost.folder, lost.keyring) is None
    assert lost.left() == before - {MARKER}
    assert (SERVICE, lost.vault_id) in lost.backend.kept


def test_a_new_desk_in_the_same_place_is_not_destroyed(make: Callable[[], Lost]) -> None:
    lost = make()
    decide(lost.folder, lost.removal)
    done = destroy(lost.folder, lambda: SecureKeyring(LockedBackend()))
    assert done is not None and done.has_keyring_entry
    assert (lost.folder / MARKER).exists(), "the keyring is asked again"
    forget(lost.folder)
    a_vault(lost.folder, FixedClock(NOON))
    assert not is_removing(lost.folder)
    assert destroy(lost.folder, lost.keyring) is None
    assert (lost.folder / "vault.json").exists()


def test_a_disk_that_takes_no_marker_keeps_no_key(make: Callable[[], Lost], monkeypatch: pytest.MonkeyPatch) -> None:
    lost = make()
    monkeypatch.setattr(destroying, "_write", lambda *_args: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(Unavailable, match="The disk is full"):
        decide(lost.folder, lost.removal)
    assert not list(lost.folder.rglob("vault.json*"))


def test_what_cannot_be_deleted_is_said_and_tried_again(
    make: Callable[[], Lost], monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = make()
    decide(lost.folder, lost.removal)
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name == "caseload.db" and path.parent == lost.folder:
            raise PermissionError(13, "held")
        real(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        with pytest.raises(Unavailable, match="Nobody can open it"):
            destroy(lost.folder, lost.keyring)
    assert lost.left() == {MARKER, "caseload.db", *THEIRS}
    destroy(lost.folder, lost.keyring)
    assert lost.is_gone()


def test_a_stick_that_is_away_is_named_afterwards(make: Callable[[], Lost]) -> None:
    lost = make()
    gone = lost.stick / "elsewhere"
    decide(lost.folder, Removal(lost.vault_id, NOON, 0, [str(gone)]))
    done = destroy(lost.folder, lambda: None)
    assert done is not None and done.away == (str(gone),)
