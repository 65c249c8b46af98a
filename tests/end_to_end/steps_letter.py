"""The court support letter: what is missing is asked for, the exact page is seen, and it leaves the desk twice."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from advocate_desk.desk.widgets.pdf_preview import PdfPreview
from tests.end_to_end.day import Day

WORDS = "I have not slept since."
URN = "62GW0001226"
PASSWORD = "a longer word for the court"


def letter(day: Day) -> None:
    """A letter begun from the file asks for the signer, for consent and for the reference, and then is ready."""
    me = day.me
    me.goes_to("Open file")
    me.press("Return")
    me.sees("Add note")
    day.goes_to_section(9, "New letter")
    me.goes_to("New letter")
    me.press("Return")
    day.opens_form("Court support letter")
    me.sees("Case reference (URN) is needed.")
    me.picture("letter-asks")
    _give_details(day)
    _record_consent(day)
    me.goes_to("Case reference (URN)")
    me.write(URN)
    me.goes_to("How the case affects the client, in agreed words")
    me.write(WORDS)
    me.goes_to("She agreed to these words")
    me.press("space")
    me.goes_to("In the letter: defendant’s name", key="shift+Tab")
    me.press("space")
    me.goes_to("The court needs this name")
    me.press("space")
    me.until(lambda: "to do first" not in me.says(), "the letter to be ready")
    me.picture("letter-ready")


def _give_details(day: Day) -> None:
    me = day.me
    me.goes_to("Give your details")
    me.press("Return")
    day.opens_form("About you")
    me.fills("Your role in a sentence", "an independent domestic violence adviser")
    me.fills("Work telephone", "01632 960123")
    day.saves_form()
    day.opens_form("Court support letter")


def _record_consent(day: Day) -> None:
    me = day.me
    me.goes_to("Record her consent")
    me.press("Return")
    day.opens_form("Record a consent")
    me.chooses("About", "court")
    me.goes_to("Decision: Given")
    me.press("space")
    day.saves_form()
    day.opens_form("Court support letter")
    me.until(lambda: day.form.values()["gateway"] == "consent", "the letter to take up her consent")


def export(day: Day) -> None:
    """The exact page in the window; saved in the file; then to disk under a name that says nothing."""
    me = day.me
    me.press("alt+p")
    me.until(lambda: me.dialog() is not None and WORDS in _previewed(day), "the letter's page")
    assert "Siân Ŵyn-Llŷr" in _previewed(day)
    me.picture("letter-preview")
    me.goes_to("Save letter", most=6)
    me.press("Return")
    me.until(lambda: "Save to disk…" in me.says(), "the letter to be kept")
    me.picture("letter-kept")
    day.made["letter"] = _to_disk(day, "plain.pdf")


def export_with_password(day: Day) -> None:
    """Once more, locked with a password that is not kept."""
    me = day.me
    me.goes_to("Password for the saved file, if wanted")
    me.write(PASSWORD)
    _to_disk(day, "locked.pdf")
    day.made["password"] = PASSWORD
    me.press("Escape")
    me.until(lambda: me.dialog() is None, "the page to close")
    me.sees("New letter")
    me.picture("letter-in-the-file")


def _to_disk(day: Day, name: str) -> str:
    """Save under another name in the folder of the journey; gives the name that was offered."""
    me = day.me
    me.goes_to("Save to disk…")
    me.press("Return")
    me.until(lambda: isinstance(me.dialog(), QFileDialog), "the system's question where to")
    me.focus()  # there is no window manager that would give it to the dialog
    me.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "the cursor in the name")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    offered = field.text()
    me.press("ctrl+a")
    me.write(str(day.saved / name))
    me.press("Return")
    me.until((day.saved / name).exists, f"{name} on disk")
    me.until(lambda: not isinstance(me.dialog(), QFileDialog), "the question to close")
    return offered


def _previewed(day: Day) -> str:
    dialog = day.me.dialog()
    preview = dialog.findChild(PdfPreview) if dialog is not None else None
    return preview.text() if preview is not None else ""
