"""Settings of this computer: a small file, written whole, that may be missing or broken."""

from __future__ import annotations

from pathlib import Path

from advocate_desk.settings import ComputerSettings, LockSettings, from_json, load_computer, save_computer, to_json


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    one = ComputerSettings(theme="dark", text_percent=150, hide_on_deactivate=True)
    save_computer(tmp_path / "new" / "computer.json", one)
    assert load_computer(tmp_path / "new" / "computer.json") == one
    assert [each.name for each in (tmp_path / "new").iterdir()] == ["computer.json"]


def test_a_broken_file_gives_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "computer.json").write_text("{", "utf-8")
    assert load_computer(tmp_path / "computer.json") == ComputerSettings()
    assert load_computer(tmp_path / "none.json") == ComputerSettings()


def test_unknown_and_wrong_values_take_the_default() -> None:
    given = {"idle_lock_s": "soon", "lock_with_screen": False, "later": 1}
    assert from_json(LockSettings, given) == LockSettings(lock_with_screen=False)
    assert from_json(LockSettings, to_json(LockSettings(60))) == LockSettings(60)
