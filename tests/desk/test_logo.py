"""The service's logo: from a chosen picture into the encrypted store, onto letters, and away again."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from advocate_desk import settings
from advocate_desk.casework import settings as kept
from advocate_desk.casework.work import Work
from advocate_desk.desk.forms import service
from advocate_desk.desk.forms.letter_known import read_basis
from advocate_desk.desk.forms.logo import choose_logo, kept_logo, remove_logo
from advocate_desk.desk.forms.registry import FormRegistry
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.settings.view import SettingsScreen
from advocate_desk.documents.letter_pages import letter_pdf
from advocate_desk.errors import DeskError, Refused, Unavailable
from tests.desk.front import to_front
from tests.desk.keyboard import press, tab_to
from tests.desk.letter_desk import a_letter_file
from tests.desk.walk import assert_accessible
from tests.unit.documents.papers import letter, own_fonts
from tests.unit.documents.test_picture import bomb, jpeg_with_place, png


class Desk:
    """The settings in a window."""

    def __init__(self, work: Work, qtbot: QtBot) -> None:
        self.work, self.qtbot = work, qtbot
        self.office = Office(work, Jobs(), FormRegistry(service.FORM_KINDS))
        self.screen = SettingsScreen(self.office)
        qtbot.addWidget(self.screen)
        self.screen.resize(1366, 768)
        to_front(self.screen, qtbot)

    def take(self, path: Path) -> None:
        """Choose a picture in the file dialog."""
        tab_to("Choose a logo…", most=60)
        press(Qt.Key.Key_Space)

        def shown() -> list[QFileDialog]:
            every = QApplication.topLevelWidgets()
            return [each for each in every if isinstance(each, QFileDialog) and each.isVisible()]

        self.qtbot.waitUntil(lambda: bool(shown()))
        shown()[0].fileSelected.emit(str(path))
        shown()[0].reject()
        to_front(self.screen, self.qtbot)


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(work, qtbot)
    yield made
    made.office.jobs.close()


def a_file_of(folder: Path, data: bytes) -> Path:
    path = folder / "chosen.png"
    path.write_bytes(data)
    return path


def test_a_logo_is_chosen_shown_and_taken_away_by_keyboard(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    box = desk.screen.logo
    assert not box.remove.isVisible()
    desk.take(a_file_of(tmp_path, png(600, 200)))
    qtbot.waitUntil(box.picture.isVisible)
    assert not box.picture.pixmap().isNull()
    assert_accessible(desk.screen)
    tab_to("Remove the logo", most=60)
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(box.none.isVisible)
    assert kept_logo(desk.work) is None


def test_a_hostile_picture_is_refused_in_words_and_the_logo_stays(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    choose_logo(desk.work, a_file_of(tmp_path, png(40, 20)))
    before = kept_logo(desk.work)
    desk.take(a_file_of(tmp_path, bomb()))
    qtbot.waitUntil(desk.screen.banner.isVisible)
    assert "Nothing was changed" in desk.screen.banner.text()
    assert kept_logo(desk.work) == before is not None


@pytest.mark.parametrize("data", [bomb(), b"", b"<svg/>", png(4001, 10), b"x" * 3_000_000])
def test_what_is_no_small_picture_is_refused(work: Work, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(Refused, match="Nothing was changed"):
        choose_logo(work, a_file_of(tmp_path, data))
    assert kept_logo(work) is None


def test_a_path_that_is_no_file_is_said(work: Work, tmp_path: Path) -> None:
    paths = [tmp_path, tmp_path / "nowhere.png"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        paths.append(tmp_path / "pipe.png")
    for path in paths:
        with pytest.raises(Unavailable, match="Nothing was changed"):
            choose_logo(work, path)


def test_what_a_camera_wrote_is_not_kept_nor_is_the_picture_in_clear(work: Work, tmp_path: Path) -> None:
    choose_logo(work, a_file_of(tmp_path, jpeg_with_place()))
    found = kept_logo(work)
    assert found is not None and b"Planted" not in found.png
    written = b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())
    assert len(written) > len(found.png)  # the store is there
    assert found.png not in written
    assert base64.b64encode(found.png)[:64] not in written


def test_letters_carry_the_logo_and_drop_it_again(work: Work, desk: Desk, tmp_path: Path) -> None:
    file_id, _ = a_letter_file(work)
    assert read_basis(desk.office, file_id).letterhead.logo is None
    choose_logo(work, a_file_of(tmp_path, png(600, 200)))
    head = read_basis(desk.office, file_id).letterhead
    assert head.logo is not None
    assert b"/Image" in letter_pdf(own_fonts(), letter(letterhead=head))
    service.save_letterhead(desk.office, {}, settings.to_json(settings.Letterhead("Another name")))
    assert kept_logo(work) == head.logo  # the text of the letterhead is another setting
    remove_logo(work)
    assert read_basis(desk.office, file_id).letterhead.logo is None


@pytest.mark.parametrize(
    "value", [[], "x", {"png": "***", "width_px": 1, "height_px": 1}, {"png": "AA==", "width_px": 0}]
)
def test_a_setting_that_is_no_logo_is_none(work: Work, value: object) -> None:
    kept.put(work, settings.LOGO_KEY, value)
    try:
        assert kept_logo(work) is None
    except DeskError:
        pytest.fail("a letter must still be made")
