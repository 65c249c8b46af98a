"""What the models of the wizard share: roles, and text made fit to be shown."""

from __future__ import annotations

import html

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from advocate_desk.documents.sheets.fields import FIELD
from advocate_desk.documents.sheets.rows import MORE_TO_NOTES

Index = QModelIndex | QPersistentModelIndex
Display = Qt.ItemDataRole.DisplayRole
NO_PARENT = QModelIndex()
GROUND_ROLE = int(Qt.ItemDataRole.UserRole) + 20
"""The name of the colour that a cell is drawn on, "" for none."""

_LONGEST_SHOWN = 200


def one_line(text: str) -> str:
    """The beginning of a text, on one line."""
    shown = " ".join(text[:_LONGEST_SHOWN].split())
    return f"{shown}…" if len(text) > _LONGEST_SHOWN else shown


def tooltip(text: str) -> str:
    """Plain text that Qt cannot take for markup, wrapped."""
    return f"<p>{html.escape(text)}</p>" if text else ""


def bold() -> QFont:
    """The application's letters, heavier."""
    font = QFont(QApplication.font())
    font.setWeight(QFont.Weight.DemiBold)
    return font


def field_label(key: str) -> str:
    """A field as it is shown."""
    if key == MORE_TO_NOTES:
        return QCoreApplication.translate("ImportWizard", "Keep in the notes")
    return FIELD[key].label if key in FIELD else QCoreApplication.translate("ImportWizard", "Leave out")
