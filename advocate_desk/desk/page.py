"""What the frame asks of the pages that it shows."""

from __future__ import annotations

from typing import Any, Protocol, cast

from PySide6.QtWidgets import QWidget


class Page(Protocol):
    """What a screen may have, so that lock and crash reopen it exactly."""

    def place(self) -> dict[str, Any]:
        """Where the user is on it, as JSON."""

    def restore(self, place: dict[str, Any]) -> None:
        """Go back there."""

    def go_to_start(self) -> None:
        """Go to its first page: it was asked for while it is shown."""


def place_of(page: QWidget | None) -> dict[str, Any]:
    """Where the user is on a page, as JSON; nothing where it has no places."""
    place = getattr(page, "place", None)
    return dict(cast(Page, page).place()) if callable(place) else {}
