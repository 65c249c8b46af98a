"""Writes drafts and notes as fast as it can, alone or in a process of its own."""

from __future__ import annotations

from pathlib import Path

from advocate_desk.casework import drafts, notes
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId
from tests.builders import NOON
from tests.standing import open_work

DRAFTS = 3


def note_text(number: int) -> str:
    """The words of the numbered note: long enough to fill pages."""
    return f"note {number}. " + "She told me what had happened since. " * (number % 40)


def a_draft(number: int) -> drafts.Draft:
    """The numbered state of one of a few forms that are typed in, by turns."""
    payload = {"number": number, "text": note_text(number)}
    return drafts.Draft(f"form-{number % DRAFTS}", "note", None, {}, payload, True, number % DRAFTS, NOON)


def write_one(work: Work, file_id: FileId, number: int) -> None:
    """One draft, then one note."""
    drafts.keep(work, a_draft(number))
    notes.write_note(work, file_id, notes.NoteDetails(NOON, "phone", note_text(number)))


def write_some(folder: Path, file_id: FileId, start: int, count: int) -> None:
    """Write a number of drafts and notes, and end."""
    work = open_work(folder)
    for number in range(start, start + count):
        write_one(work, file_id, number)
    work.engine.dispose()
