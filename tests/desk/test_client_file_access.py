from __future__ import annotations

import re
from datetime import timedelta

from PySide6.QtCore import QObject
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from advocate_desk.casework.access import AccessLine
from advocate_desk.desk.screens.client_file.access.model import AccessModel, Column
from advocate_desk.desk.screens.client_file.access.words import EVENT_WORDS, detail_words, event_words
from tests.builders import NOON
from tests.unit.test_architecture import PACKAGE

WRITTEN = re.compile(r"(?:activity|audit)\(\s*\"([a-z_]+)\"")


def a_line(kind: str, detail: str = "", position: int = 1) -> AccessLine:
    return AccessLine(position, NOON + timedelta(minutes=position), "Ash Advocate", kind, "", detail)


def test_every_entry_that_casework_writes_has_plain_words() -> None:
    written = {kind for path in PACKAGE.rglob("*.py") for kind in WRITTEN.findall(path.read_text("utf-8"))}
    assert "file_read" in written
    assert sorted(written - set(EVENT_WORDS)) == []


def test_an_entry_of_a_newer_version_is_readable() -> None:
    assert event_words("custody_recorded") == "Custody recorded"


def test_an_override_is_said_beside_what_was_done() -> None:
    line = a_line("contact_revealed", "channel: phone, how: copied, override: True")
    assert detail_words(line) == "against the safe-contact rule, copied"
    assert detail_words(a_line("file_read")) == ""


def test_the_rows_are_what_a_table_expects(qtbot: QtBot) -> None:
    owner = QObject()
    model = AccessModel(owner)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_lines((a_line("file_read", position=2), a_line("note_written")))
    assert model.rowCount() == 2
    assert model.index(0, Column.WHEN).data() == "21/11/2026 12:02"
    assert [model.index(0, column).data() for column in (Column.WHO, Column.WHAT)] == ["Ash Advocate", "Read the file"]
    assert tester is not None
