"""The case: police, court and bail; a breach; a lock in the middle of a word; an outcome in the corridor."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QLineEdit

from tests.end_to_end.day import PASSPHRASE, Day

COURT = "Newport Magistrates' Court (Gwent)"
STREET = "Quenchley Road"
MOST_KEYS = 60  # besides typed text
HALF_A_NOTE = "Half a note about Zephyrine Court, and then"


def criminal_case(day: Day) -> None:
    """A case with a real force and a real offence, both found by a word."""
    me = day.me
    day.goes_to_section(5, "No criminal case yet")
    me.goes_to("Add a case")
    me.press("Return")
    day.opens_form("Criminal case")
    me.chooses("Police force", "gwent")
    me.fills("Crime reference", "2600123456")
    me.fills("Officer in the case", "PC Exempla Llwyd")
    me.goes_to("Add an offence")
    me.press("Return")
    me.until(lambda: me.field() == "offences.0.offence", "the row for an offence")
    me.chooses("Offence", "strangulation")
    day.saves_form()
    me.sees("Intentional strangulation (SC15005)")
    me.picture("case")


def hearing(day: Day) -> None:
    """A hearing today at a real court, with a screen asked for."""
    me = day.me
    day.goes_to_section(7, "Add a hearing")
    me.goes_to("Add a hearing")
    me.press("Return")
    day.opens_form("Hearing")
    me.chooses("Court", "newport mag")
    me.fills("Date", "today")
    me.fills("Time", "1015")
    me.fills("Courtroom", "Courtroom 2")
    me.chooses("Kind of hearing", "first")
    me.goes_to("Add a special measure")
    me.press("Return")
    me.chooses("Measure", "screen")
    me.picture("hearing-form")
    day.saves_form()
    me.sees("Screen: Client wants it")
    me.picture("hearing")


def bail(day: Day) -> None:
    """Bail that ends in five days, with one condition."""
    me = day.me
    day.goes_to_section(6, "No bail recorded")
    me.goes_to("Add bail")
    me.press("Return")
    day.opens_form("Bail and its conditions")
    me.fills("Last day", "+5")
    me.goes_to("Add a condition")
    me.press("Return")
    me.until(lambda: me.field() == "conditions.0.code", "the row for a condition")
    me.chooses("Condition", "contact")
    me.goes_to("Its terms")
    me.write(f"Not to contact her by any means, nor to go to {STREET}.")
    day.saves_form()
    me.sees("Ends in 5 days")
    me.picture("bail")


def breach(day: Day) -> None:
    """A breach of that condition raises what is to be done about it."""
    me = day.me
    me.goes_to("Record a breach")
    me.press("Return")
    day.opens_form("Breach of bail")
    me.chooses("Condition broken", "contact")
    me.goes_to("What happened")
    me.write("Three messages through his cousin.")
    day.saves_form()
    me.sees("Three messages through his cousin.")
    me.until(lambda: me.focus() == "Record a breach", "the focus where the breach was begun")
    me.picture("breach")


def today_shows_them(day: Day) -> None:
    """Today opens on the court day: the hearing first, then what is due and what ends."""
    me = day.me
    me.press("ctrl+1")
    me.sees("Bail that ends soon")
    me.sees(COURT)
    me.picture("today")


def lock_in_a_note(day: Day) -> None:
    """Ctrl+L in the middle of a word; after unlocking, the same form, field, text and cursor."""
    me = day.me
    me.press("alt+Left")
    me.sees("Three messages through his cousin.")
    me.press("ctrl+shift+n")
    day.opens_form("Add a contact note")
    me.write(HALF_A_NOTE)
    me.goes_to("With whom")
    me.write("Nerys Sampleton")
    me.press("Left", "Left", "Left")
    me.press("ctrl+l")
    me.until(lambda: day.window.desk() is None, "the lock")
    me.sees("Unlock")
    assert "Zephyrine" not in me.says()
    me.picture("locked")
    unlock(day)
    day.opens_form("Add a contact note")
    edit = QApplication.focusWidget()
    assert me.field() == "with_whom", me.field()
    assert isinstance(edit, QLineEdit)
    assert (edit.text(), edit.cursorPosition()) == ("Nerys Sampleton", len("Nerys Sampleton") - 3)
    assert day.form.values()["text"] == HALF_A_NOTE
    me.picture("unlocked-same-place")


def unlock(day: Day, passphrase: str = PASSPHRASE) -> None:
    """Type the passphrase where the cursor already is."""
    me = day.me
    me.until(lambda: me.focus() == "Passphrase", "the cursor in the passphrase field")
    me.write(passphrase)
    me.press("Return")
    me.until(lambda: day.window.desk() is not None, "the desk to open", 40)


def outcome(day: Day) -> None:
    """From Today: the outcome of the hearing, adjourned into the next, in fewer than sixty key presses."""
    me = day.me
    me.goes_to("Discard draft")
    me.press("Return")
    me.until(lambda: day.desk.forms.top() is None, "the half note to go")
    before = me.pressed
    me.press("ctrl+1")
    me.sees("Outcome not recorded")
    _goes_to_start_of("10:15, ", day)
    me.press("o")
    day.opens_form("Outcome of the hearing")
    me.chooses("What it came to", "adjourned")
    me.fills("In words", "Not guilty plea.")
    me.fills("Next date", "+14")
    me.fills("Time", "1000")
    me.picture("outcome")
    day.saves_form()
    assert me.pressed - before < MOST_KEYS, me.pressed - before
    day.made["keys for an outcome"] = str(me.pressed - before)
    me.until(lambda: "Outcome not recorded" not in me.says(), "the outcome on Today")
    me.sees("Next hearings")
    me.picture("outcome-recorded")


def _goes_to_start_of(name: str, day: Day) -> None:
    for _ in range(20):
        if day.me.focus().startswith(name):
            return
        day.me.press("Tab")
    raise AssertionError(f"Tab never reaches {name!r}…")


def in_force_tonight(day: Day) -> None:
    """Every condition that binds tonight, on one page."""
    me = day.me
    me.press("ctrl+5")
    me.sees(STREET)
    me.picture("in-force-tonight")
