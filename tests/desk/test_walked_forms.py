"""A form that is only walked through, by Tab past all its fields, is as if it had not been opened."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from advocate_desk.casework.drafts import all_drafts
from advocate_desk.desk.composition import form_registry
from tests.casework_calls import Standing
from tests.desk.all_forms import opened
from tests.desk.client_desk import ClientDesk
from tests.desk.test_lock_forms import desk
from tests.faults.program_desk import stops
from tests.standing import open_copy, template, work
from tests.standing import standing as standing_file

__all__ = ["desk", "open_copy", "standing_file", "template", "work"]


@pytest.mark.parametrize("kind", form_registry().keys())
def test_a_form_that_is_only_walked_through_leaves_no_draft(
    kind: str, desk: ClientDesk, standing_file: Standing
) -> None:
    desk.office.drafts.flush()  # also what the file's own draft has opened
    desk.settle()
    before = all_drafts(desk.work)
    page = opened(desk, kind, standing_file)
    assert page.view is not None
    stops(page.view)[0].setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(len(stops(page.view)) + 3):
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    desk.settle()
    assert not page.is_touched()
    desk.close_form(page)
    assert all_drafts(desk.work) == before
