"""How a note and an attempt are named in a list."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework.contacts import PAPER_MADE, REVEALED
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.notes import AttemptLine, NoteLine


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("NoteWords", text)


def note_title(packs: Packs, note: NoteLine) -> str:
    """Words such as "Phone call with the client, 20 minutes"."""
    title = packs.label("note_method", note.method)
    if note.with_whom:
        title = tr("{0} with {1}").format(title, note.with_whom)
    if note.duration_min is None:
        return title
    minutes = tr("1 minute") if note.duration_min == 1 else tr("{0} minutes").format(note.duration_min)
    return f"{title}, {minutes}"


def attempt_title(packs: Packs, attempt: AttemptLine) -> str:
    """Words such as "Call: no answer"; of a number that was only looked at, "Number taken against the rule"."""
    if attempt.outcome == REVEALED:
        return tr("A number or address was taken against the safe-contact rule")
    if attempt.outcome == PAPER_MADE:
        return tr("A paper was made against the safe-contact rule")
    channel = packs.label("contact_channel", attempt.channel)
    outcome = packs.label("attempt_outcome", attempt.outcome)
    return f"{channel}: {outcome[:1].lower()}{outcome[1:]}"
