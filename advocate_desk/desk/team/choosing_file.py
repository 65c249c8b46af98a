"""Choosing an exchange file on a stick or in a shared folder, and where a new one is to be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from advocate_desk.desk.dialogs.ask import choose_open_file, choose_save_file
from advocate_desk.hub.bundle import SUFFIX


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExchangeFile", text)


def choose_exchange_file(parent: QWidget, on_chosen: Callable[[Path], object]) -> None:
    """Let one be chosen that is there."""
    choose_open_file(parent, _tr("Choose the exchange file"), _patterns(), on_chosen)


def choose_new_exchange_file(parent: QWidget, on_chosen: Callable[[Path], object]) -> None:
    """Let a place be chosen for a new one."""
    title = _tr("Where shall the exchange file be?")
    choose_save_file(parent, title, f"exchange{SUFFIX}", _patterns(), lambda path: on_chosen(with_suffix(path)))


def with_suffix(path: Path) -> Path:
    """The path with the ending by which an exchange file is known, once."""
    return path.with_name(f"{path.name.removesuffix(SUFFIX)}{SUFFIX}")


def _patterns() -> str:
    return _tr("Exchange files (*{0})").format(SUFFIX)
