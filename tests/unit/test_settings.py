"""Settings of this computer: a small file, written whole, that may be missing or broken."""

from __future__ import annotations

from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    "said", ["[" * 5_000, '{"theme": "../x", "text_percent": 10000000000}', '{"text_percent": -1}', "\udcff"]
)
def test_settings_of_this_computer_that_are_none_of_ours_take_the_defaults(said: str, tmp_path: Path) -> None:
    path = tmp_path / "computer.json"
    path.write_bytes(said.encode("utf-8", "surrogateescape"))
    assert load_computer(path) == ComputerSettings()


def test_a_lock_out_of_bounds_is_the_default() -> None:
    assert from_json(LockSettings, {"idle_lock_s": -1, "lock_with_screen": False}) == LockSettings(600, False)
