"""The list of shortcuts: each is unique where it works, and names its keys as Qt does."""

from __future__ import annotations

from collections import Counter

from PySide6.QtGui import QKeySequence

from advocate_desk.desk.shortcuts import SHORTCUTS


def test_no_two_shortcuts_have_the_same_keys() -> None:
    used = Counter(QKeySequence(keys).toString() for each in SHORTCUTS for keys in each.keys)
    assert [keys for keys, times in used.items() if times > 1] == []


def test_every_shortcut_can_be_pressed_and_has_words() -> None:
    assert len({each.key for each in SHORTCUTS}) == len(SHORTCUTS)
    for each in SHORTCUTS:
        assert each.title
        assert all(QKeySequence(keys).toString() for keys in each.keys)
