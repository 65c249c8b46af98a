"""What the advocate did and has to do: contact attempts, contact notes, tasks."""

from __future__ import annotations

from sqlalchemy import Uuid

from advocate_desk.domain.disclosure import Sensitivity
from advocate_desk.store.tables.base import (
    column,
    day,
    flag,
    moment,
    number,
    partial_index,
    record_id,
    record_table,
    text,
)

contact_attempt = record_table(
    "contact_attempt",
    record_id("contact_method_id", "contact_method.id"),
    moment("attempted_at"),
    text("channel"),
    text("outcome"),
    text("text", sensitivity=Sensitivity.THIRD_PARTY),
    flag("is_override"),
    text("override_reason", sensitivity=Sensitivity.THIRD_PARTY),
    text("made_by"),
)

contact_note = record_table(
    "contact_note",
    moment("happened_at"),
    text("method"),
    number("duration_min"),
    text("setting"),
    text("with_whom", sensitivity=Sensitivity.THIRD_PARTY),
    flag("spoke_with_client"),
    text("text", sensitivity=Sensitivity.THIRD_PARTY, searched=True),
    text("written_by"),
    record_id("amends_id", "contact_note.id"),
    text("amendment_reason"),
    searched_as="note",
)

task = record_table(
    "task",
    text("title"),
    day("due_on"),
    moment("due_at"),
    text("origin"),
    text("standard"),
    column("origin_id", Uuid(native_uuid=False)),
    text("reason"),
    text("owner"),
    moment("completed_at"),
    text("completed_by"),
    text("outcome"),
    together=(("due_on", "due_at"), ("completed_at", "completed_by", "outcome")),
)
_OPEN = "completed_at IS NULL AND deleted_at IS NULL"
partial_index(task, "open", "due_on", "due_at", "file_id", where=_OPEN)
partial_index(task, "open_of", "owner", "due_on", where=_OPEN)
