"""Contact notes: written once, never edited in place; an amendment is a new note that names the old."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from advocate_desk.casework import follow_up
from advocate_desk.casework.work import Done, Work, columns_of
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.tables.work import contact_note

CLOCK_SLACK = timedelta(minutes=15)
"""How far ahead of this computer's clock a note may be dated: laptops in courtrooms have wrong clocks."""


@dataclass(frozen=True, slots=True)
class NoteDetails:
    """A contact note. `happened_at` is aware; `duration_min` may be None.

    `spoke_with_client`: the client herself was reached, which is what the contact standards ask for.
    """

    happened_at: datetime
    method: str
    text: str
    duration_min: int | None = None
    setting: str = ""
    with_whom: str = ""
    spoke_with_client: bool = False


def _check(details: NoteDetails, now: datetime) -> None:
    problems: dict[str, str] = {}
    if not details.text.strip():
        problems["text"] = "Write what happened, in a sentence or more."
    if not details.method:
        problems["method"] = "Choose how the contact was made."
    if details.happened_at > now + CLOCK_SLACK:
        problems["happened_at"] = "This is in the future. Check the date and time, and this computer's clock."
    if details.duration_min is not None and not 0 <= details.duration_min <= 24 * 60:
        problems["duration_min"] = "Give the minutes as a number from 0 to 1440."
    if problems:
        raise Invalid("The note was not saved yet. What you typed is still here.", problems)


def write_note(work: Work, file_id: FileId, details: NoteDetails) -> Done:
    """Add a contact note to the file. Raises Invalid."""
    with work.activity("note_written", file_id) as act:
        _check(details, act.now)
        note_id = act.insert(contact_note, file_id, {**columns_of(details), "written_by": act.actor.name})
        if details.spoke_with_client:
            follow_up.fulfil(act, file_id, "attempted")
            follow_up.fulfil(act, file_id, "spoke")
        act.audit("note_written", file_id, "contact_note", note_id)
        return act.done(note_id, file_id)


def amend_note(work: Work, note_id: RecordId, details: NoteDetails, reason: str) -> Done:
    """Write a note that takes the place of another, which stays readable behind it. Raises Invalid."""
    with work.activity("note_amended") as act:
        _check(details, act.now)
        if not reason.strip():
            raise Invalid("The amendment was not saved yet.", {"amendment_reason": "Say why the note is amended."})
        old = act.row(contact_note, note_id)
        file_id = FileId(old["file_id"])
        new_id = act.insert(
            contact_note,
            file_id,
            {
                **columns_of(details),
                "written_by": act.actor.name,
                "amends_id": note_id,
                "amendment_reason": reason.strip(),
            },
        )
        act.audit("note_amended", file_id, "contact_note", new_id, amends=note_id.hex)
        return act.done(new_id, file_id)
