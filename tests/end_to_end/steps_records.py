"""What the desk knows: finding it again, who did what, a list taken in and back, and the way in by the code."""

from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from advocate_desk.desk.screens.import_wizard.view import ImportWizard
from tests.end_to_end.day import Day
from tests.end_to_end.steps_start import FAMILY, GIVEN, NOTE_WORD

REFERRALS = """Surname,Forename,Date of birth,Date of offence,Referral source
Pinchbeckson,Oona,03/04/1990,30/10/2026,Police
Sampleworth,Zofia,13/05/1985,31/10/2026,Police
Examplewick,Amina,23/06/1979,02/11/2026,Police
"""


def find(day: Day) -> None:
    """Ctrl+K finds a word of the note, and the client without her accents."""
    me = day.me
    me.press("ctrl+1")
    me.sees("Next hearings")
    me.press("ctrl+k")
    me.write(NOTE_WORD)
    me.until(lambda: NOTE_WORD in _found(day), "the note")
    me.picture("find-note")
    me.press("ctrl+a")
    me.write("sian wyn")
    me.until(lambda: f"{GIVEN} {FAMILY}" in _found(day), "the client")
    me.picture("find-client")
    me.press("Return")
    me.sees("Disclosure register of this file")  # the file opens where it was left


def _found(day: Day) -> str:
    """The rows that find shows: titles and details."""
    return "\n".join(f"{row.title} {row.detail}" for row in day.desk.find_popup.rows())


def access(day: Day) -> None:
    """The file's history, and a chain that holds."""
    me = day.me
    day.goes_to_section(10, "Verify")
    me.picture("access")
    me.goes_to("Verify the chain")
    me.press("Return")
    me.sees("The chain is whole: all ")
    me.picture("access-verified")


def import_referrals(day: Day) -> None:
    """Three referrals from a file whose path is typed."""
    me = day.me
    path = day.saved / "referrals.csv"
    path.write_text(REFERRALS, "utf-8")
    me.press("ctrl+6")
    me.goes_to("Choose a file…")
    me.press("Return")
    me.until(lambda: isinstance(me.dialog(), QFileDialog), "the system's question which")
    me.press("ctrl+a")
    me.write(str(path))
    me.press("Return")
    me.until(lambda: me.dialog() is None, "the question to close")
    me.sees("Preview")
    me.picture("import-preview")
    for _ in range(6):
        if "Import 3 rows" in me.says():
            break
        me.until(lambda: _way_on(day) is not None, "a way on")
        me.goes_to(_way_on(day) or "")
        me.press("Return")
        QTest.qWait(300)
    me.picture("import-ready")
    me.goes_to("Import 3 rows")
    me.press("Return")
    me.sees("3 client files opened")
    me.picture("import-done")


def _way_on(day: Day) -> str | None:
    """The words of the button that leads on, once it can be pressed."""
    page = day.desk.current_page()
    button = page.next if isinstance(page, ImportWizard) else None
    return button.accessibleName() or button.text() if button is not None and button.isEnabled() else None


def undo_import(day: Day) -> None:
    """And all of it taken back."""
    me = day.me
    me.goes_to("Undo this import")
    me.press("Return")
    me.sees("The import was undone")
    me.picture("import-undone")
    (day.saved / "referrals.csv").unlink()


def recovery(day: Day) -> None:
    """Locked, and opened with the code from the paper."""
    me = day.me
    me.press("ctrl+l")
    me.until(lambda: day.window.desk() is None, "the lock")
    me.goes_to("Use the recovery code instead")
    me.press("Return")
    me.until(lambda: me.focus() == "Recovery code", "the cursor in the line for the code")
    me.write(" ".join(day.groups))
    me.sees("8 of 8 groups typed")
    me.picture("recovery")
    me.press("Return")
    me.goes_to("Keep the present passphrase")
    me.picture("recovered")
    me.press("Return")
    me.until(lambda: day.window.desk() is not None, "the desk to open", 40)
    me.sees("Import referrals")
