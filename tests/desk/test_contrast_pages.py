"""Every page in every theme, as it is drawn: each word and each sign stands out from what it is drawn on."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from advocate_desk.settings import THEMES
from screenshots import Gallery
from tests.desk.contrast import weak_on
from tests.full_desk import full_desk, full_folder, full_template

__all__ = ["full_folder", "full_template"]


class Looking(Gallery):
    """Looks at each page that a picture is taken of."""

    settle_ms = 0

    def take(self, name: str, widget: QWidget | None = None) -> None:
        self.settle()
        self.weak += [f"{name}: {each}" for each in weak_on((widget or self.window).window())]
        self.pages += 1

    weak: list[str]
    pages = 0


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", THEMES)
def test_every_word_and_sign_of_every_page_can_be_read(name: str, full_folder: Path, tmp_path: Path) -> None:
    with full_desk(full_folder) as (work, vault):
        looking = Looking(work=work, vault=vault, folder=tmp_path, look=(name, 100))
        looking.weak = []
        looking.before_the_desk()
        looking.the_desk()
        looking.close()
    assert looking.pages > 50
    assert looking.weak == [], "\n".join(looking.weak)
