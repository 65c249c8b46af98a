"""Heads of cards and pages: in one row where there is room, in more where there is not, never cut off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Card, SectionHeader
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.labels import Badge
from advocate_desk.domain.forms import Option
from tests.desk.walk import clipped

VERBS = ("Record a breach", "It has ended", "Change")


def shown(qtbot: QtBot, inner: QWidget, width: int) -> QWidget:
    """`inner` at the top of a page of this width in pixels."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(inner)
    layout.addStretch(1)
    qtbot.addWidget(page)
    page.resize(width, 600)
    with qtbot.waitExposed(page):
        page.show()
    return page


def a_card() -> tuple[Card, list[QPushButton]]:
    card = Card("Pre-charge bail with conditions", "shield")
    card.head.addWidget(Badge("In force", "ok"))
    buttons = [button(words) for words in VERBS]
    for each in buttons:
        card.head.addWidget(each)
    return card, buttons


def tops(widgets: list[QPushButton]) -> set[int]:
    return {each.geometry().center().y() for each in widgets}


def test_a_wide_card_has_its_buttons_at_the_right_of_its_title(qtbot: QtBot) -> None:
    card, buttons = a_card()
    page = shown(qtbot, card, 900)
    assert page.width() == 900
    assert tops(buttons) == {card.title_label.geometry().center().y()}
    assert buttons[-1].geometry().right() == card.contentsRect().right() - px(20)
    assert clipped(card) == []


@pytest.mark.parametrize("width", [260, 320, 420])
def test_a_narrow_card_has_them_below_its_title(qtbot: QtBot, width: int) -> None:
    card, buttons = a_card()
    page = shown(qtbot, card, width)
    assert page.width() == width
    assert all(each.geometry().top() >= card.title_label.geometry().bottom() for each in buttons)
    assert all(each.geometry().right() <= card.width() for each in buttons)
    assert clipped(card) == []


def test_a_page_s_heading_grows_down_and_not_over_what_follows(qtbot: QtBot) -> None:
    head = SectionHeader("Safety plan", "The client’s own plan, in the client’s words.")
    for words in VERBS:
        head.buttons.addWidget(button(words), 0, Qt.AlignmentFlag.AlignTop)
    page = shown(qtbot, head, 300)
    assert clipped(page) == []
    with pytest.raises(ValueError, match="only the heading grows"):
        head.buttons.addWidget(button("Wide"), 1)


def test_choices_that_fill_more_than_a_row_go_on_in_the_next(qtbot: QtBot) -> None:
    options = [Option(str(size), f"{size} per cent") for size in (100, 125, 150, 175, 200)]
    narrow, wide = SegmentedControl(options, "Size"), SegmentedControl(options, "Size")
    pages = [shown(qtbot, narrow, 240), shown(qtbot, wide, 900)]
    assert [each.width() for each in pages] == [240, 900]
    assert narrow.minimumSizeHint().width() <= 240
    assert len({each.y() for each in narrow.findChildren(QPushButton)}) > 1
    assert len({each.y() for each in wide.findChildren(QPushButton)}) == 1
    assert clipped(narrow) == []
