"""The backups page of an open desk."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.backups.presenter import BackupsPresenter
from advocate_desk.desk.screens.backups.view import BackupsPage


class BackupsScreen(BackupsPage):
    """The page with its presenter, as the desk's frame makes it."""

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(is_open=True, parent=parent)
        self.presenter = BackupsPresenter(self, office)

    def reload(self) -> None:
        """Read the list again."""
        self.presenter.refresh()

    def place(self) -> dict[str, Any]:
        """How far it is scrolled."""
        return {"scroll": self.area.verticalScrollBar().value()}

    def restore(self, place: dict[str, Any]) -> None:
        """Scroll back."""
        self.area.verticalScrollBar().setValue(int(place.get("scroll", 0)))
