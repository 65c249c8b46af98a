"""The first hour: the guide, an empty desk, two referrals, a note and a contact attempt."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QDialog

from advocate_desk.documents.render import page_texts
from tests.end_to_end.day import PASSPHRASE, Day

GIVEN, FAMILY = "Siân", "Ŵyn-Llŷr"
PERPETRATOR_GIVEN, PERPETRATOR_FAMILY = "سمير", "Testovich"
NUMBER = "07700 900123"
NOTE_WORD = "Quibblewick"


def first_run(day: Day) -> None:
    """The guide, to the end: details, passphrase, sheet on disk, two groups typed back."""
    me = day.me
    me.goes_to("Begin")
    me.press("Return")
    me.fills("Your name", "Bron Enghraifft")
    me.fills("Your role", "Independent domestic violence adviser")
    me.fills("Your service", "Exampleford Advocacy")
    me.press("Return")
    me.sees("Step 3 of 5")
    for _ in range(2):
        me.write(PASSPHRASE)
        me.press("Return")
    me.sees("Step 4 of 5")
    sheet = day.saved / "sheet.pdf"

    def save(_dialog: QDialog) -> None:
        me.press("ctrl+a")
        me.write(str(sheet))
        me.press("Return")

    me.goes_to("Save it as a PDF…")
    me.in_dialog("Return", save)
    me.sees("Saved.")
    lines = page_texts(sheet.read_bytes())[0].replace("\r", "").split("\n")
    day.groups = [lines[at + 1].strip() for at, line in enumerate(lines) if line.startswith("Group ")]
    sheet.unlink()  # the person prints it from there and deletes it
    for _ in range(2):
        asked = re.match(r"Group (\d+)", me.focus())
        assert asked is not None, me.focus()
        me.write(day.groups[int(asked[1]) - 1])
        me.press("Tab")
    me.picture("recovery-sheet")
    me.goes_to("Continue")
    me.press("Return")
    me.sees("Step 5 of 5")
    me.press("Return")


def empty_today(day: Day) -> None:
    """A desk with nothing on it says what to do, and the way there has the focus."""
    day.me.sees("Your desk is ready")
    day.me.picture("today-empty")
    day.me.until(lambda: day.me.focus() == "New client file", "the focus on the way to begin")


def first_referral(day: Day) -> None:
    """A new client with a name of Welsh letters, a perpetrator with an Arabic one, and a safe number."""
    me = day.me
    me.press("ctrl+n")
    day.opens_form("New referral")
    me.chooses("Referred by", "police")
    me.goes_to_field("client_given_name")
    me.write(GIVEN)
    me.press("Tab")
    me.write(FAMILY)
    me.goes_to_field("client_born_on")
    me.write("3/4/1991")
    me.goes_to_field("perpetrator_given_name")
    me.write(PERPETRATOR_GIVEN)
    me.press("Tab")
    me.write(PERPETRATOR_FAMILY)
    me.chooses("To the client they are", "living together")
    me.goes_to("Add a way to reach her")
    me.press("Return")
    me.until(lambda: me.field() == "contacts.0.kind", "the row for a way to reach her")
    _safe_mobile(day)
    me.picture("referral")
    day.saves_form()
    me.sees(f"{GIVEN} {FAMILY}")
    me.sees("What comes next")
    me.picture("file-opens")


def _safe_mobile(day: Day) -> None:
    me = day.me
    me.chooses("Kind", "mobile")
    me.press("Tab")
    me.write(NUMBER)
    for question in ("Is it safe to use?", "Safe to text?"):
        me.goes_to(f"{question}: Not known")
        me.press("Left", "Left")  # from the last of three to the first
        assert me.focus() == f"{question}: Yes, safe", me.focus()


def second_referral(day: Day) -> None:
    """A second client spelt much like the first: the conflict panel says so, and the form is left."""
    me = day.me
    me.press("ctrl+n")
    day.opens_form("New referral")
    me.goes_to("Go to Client", key="shift+Tab")
    me.press("Return")
    me.write("Sian")
    me.press("Tab")
    me.write("Wyn Llyr")
    me.sees("One person is alike. Look before you open a new file.")
    me.picture("conflict")
    me.goes_to("Discard draft")
    me.press("Return")
    me.until(lambda: day.desk.forms.top() is None, "the form to go")


def note(day: Day) -> None:
    """A contact note with a word of its own, to be found again."""
    me = day.me
    me.press("ctrl+shift+n")
    day.opens_form("Add a contact note")
    me.write(f"She rang from the {NOTE_WORD} library. Parcels go to her sister.")
    me.chooses("How", "phone")
    me.goes_to("Did you speak with the client?: Yes")
    me.press("n")
    day.saves_form()
    me.sees(NOTE_WORD)


def contact_attempt(day: Day) -> None:
    """An attempt by the safe number: her rule is said, and Tab leads from the last field to the button."""
    me = day.me
    me.press("ctrl+shift+a")
    day.opens_form("Record a contact attempt")
    me.sees("Her rule allows this.")
    me.chooses("What came of it", "no answer")
    me.goes_to("Save attempt", most=4)
    me.picture("contact-attempt")
    me.press("Return")
    me.until(lambda: day.desk.forms.top() is None, "the attempt to be saved")
