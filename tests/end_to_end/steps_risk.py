"""Risk and safety: the checklist by its letters, a grade, a plan from what is suggested, and a card."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QCheckBox, QDialog

from advocate_desk.desk.widgets.pdf_preview import PdfPreview
from tests.end_to_end.day import Day

LETTERS = "y" * 14 + "ndx" + "n" * 7


def checklist(day: Day) -> None:
    """All twenty-four questions by y, n, d and x; the count reaches high, and the assessment is finalised."""
    me = day.me
    day.goes_to_section(3, "No risk assessment yet")
    me.goes_to("Start the assessment")
    me.press("Return")
    day.opens_form("Dash risk checklist")
    asked = [key for box in day.form.sections for key in box.group.boxes if key in _questions(day)]
    assert len(asked) == len(LETTERS), asked
    for key, letter in zip(asked, LETTERS, strict=True):
        me.goes_to_field(key)
        me.press(letter)
    me.sees("14 yes")
    me.picture("checklist")


def _questions(day: Day) -> set[str]:
    return {key for key, value in day.form.values().items() if isinstance(value, dict) and "answer" in value}


def finalise(day: Day) -> None:
    """Save asks once, because final is final; a second act agrees."""
    me = day.me
    page = day.desk.forms.top()
    me.press("ctrl+s")
    me.sees("Final means final")
    me.until(lambda: me.focus() == "Yes: Finalise", "the focus on the answer")
    me.picture("finalise")
    me.press("Return")
    me.until(lambda: page not in day.desk.forms.pages(), "the assessment to be final")
    me.sees("The assessment that stands")
    me.sees("High risk · Dash 14 · today")


def safety_plan(day: Day) -> None:
    """A plan from two of the actions that the answers suggest."""
    me = day.me
    day.goes_to_section(4, "No safety plan yet")
    me.goes_to("Start the plan")
    me.press("Return")
    me.sees("Look at them")
    me.goes_to("Look at them")
    me.press("Return")
    me.sees("Look at these first")
    for _ in range(2):
        _tick_next(day)
    me.goes_to("Add the 2 chosen", key="shift+Tab")
    me.press("Return")
    me.until(lambda: "Versions (1)" in me.says() and "Add the 2 chosen" not in me.says(), "the actions to be added")
    me.picture("suggestions")


def _tick_next(day: Day) -> None:
    """Go to the next suggestion's box and tick it: the boxes are named by their actions."""
    for _ in range(12):
        day.me.press("Tab")
        widget = QApplication.focusWidget()
        if isinstance(widget, QCheckBox):
            day.me.press("space")
            return
    raise AssertionError(f"no suggestion to tick; the focus is on {day.me.focus()!r}")


def discreet_card(day: Day) -> None:
    """The card's exact page, in the window, after the client was asked whether it is safe."""
    me = day.me
    day.goes_to_section(4, "Print or save")
    me.goes_to("Print or save")
    me.press("Return")
    me.goes_to("Which paper: Full plan")
    me.press("Right")
    me.goes_to("Reason for going against the safe-contact rule")
    me.write("She keeps it at work.")
    me.goes_to("I have asked: this paper is safe in this place and by this way")
    me.press("space")
    me.goes_to("Discreet card (PDF)")

    def look(dialog: QDialog) -> None:
        me.sees("This is the page exactly as it will leave.")
        preview = dialog.findChild(PdfPreview)
        assert preview is not None
        me.until(lambda: "Things to remember" in preview.text(), "the page")
        me.picture("discreet-card")
        me.press("Escape")

    me.in_dialog("Return", look)
