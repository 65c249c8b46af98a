"""A letter that leaves as a copy for the client, where no way to send her one is known to be safe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from advocate_desk.casework.access import history
from advocate_desk.casework.work import Work
from advocate_desk.desk.screens.client_file.letters.client_copy import ClientCopy
from advocate_desk.store.queries.notes import attempts
from tests.desk.keyboard import press, tab_to, type_text
from tests.desk.letter_desk import CTRL, LetterDesk, a_letter_file
from tests.desk.walk import assert_accessible


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[LetterDesk]:
    made = LetterDesk(work, qtbot)
    yield made
    made.end()


def test_a_copy_for_the_client_leaves_with_a_reason_that_is_kept(
    work: Work, desk: LetterDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    file_id, _ = a_letter_file(work)
    before = len(work.read(attempts, file_id))
    desk.open(file_id)
    press(Qt.Key.Key_S, modifiers=CTRL)
    paper = desk.paper()
    tab_to("This is a copy for the client herself")
    press(Qt.Key.Key_Space)
    assert_accessible(paper)
    target = tmp_path / "letter.pdf"
    paper.save_to(target)
    qtbot.waitUntil(lambda: "Say why she is given it" in paper.trouble.text())
    assert not target.exists() and len(work.read(attempts, file_id)) == before
    tab_to("Reason for going against the safe-contact rule")
    type_text("Handed to her at court")
    paper.save_to(target)
    qtbot.waitUntil(target.exists)
    assert "Handed to her at court" in [each.override_reason for each in work.read(attempts, file_id)]
    assert "what: letter_copy" in "\n".join(each.detail for each in history(work, file_id))
    paper.reject()


def test_a_letter_to_the_court_asks_for_no_reason(work: Work, desk: LetterDesk, qtbot: QtBot, tmp_path: Path) -> None:
    file_id, _ = a_letter_file(work)
    before = len(work.read(attempts, file_id))
    desk.open(file_id)
    press(Qt.Key.Key_S, modifiers=CTRL)
    paper = desk.paper()
    paper.save_to(tmp_path / "letter.pdf")
    qtbot.waitUntil((tmp_path / "letter.pdf").exists)
    assert len(work.read(attempts, file_id)) == before
    paper.reject()


def test_where_her_rule_stands_against_no_copy_nothing_is_asked(qtbot: QtBot) -> None:
    asked = ClientCopy("")
    qtbot.addWidget(asked)
    assert asked.isHidden() and asked.reason() is None
