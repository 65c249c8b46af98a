"""What belonging to an organisation changes in the client files of a desk: whose they are."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select

from advocate_desk.casework.work import Done, Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.tables.files import client_file


def adopt_files(work: Work, person: UUID) -> Done:
    """Make this desk's own files, which name nobody of the organisation yet, those of `person`, who is at it.

    Her own are those that are allocated to her by name or to nobody. Others' stay as they are: whoever allocates
    them says to whom.
    """
    with work.activity("files_adopted") as act:
        name = act.actor.name
        mine = select(client_file.c.id).where(
            client_file.c.deleted_at.is_(None),
            client_file.c.allocated_person.is_(None),
            or_(client_file.c.allocated_to == "", client_file.c.allocated_to == name),
        )
        found = [FileId(row) for row in act.conn.execute(mine).scalars()]
        for file_id in found:
            act.update(client_file, RecordId(file_id), {"allocated_to": name, "allocated_person": person})
            act.audit("files_adopted", file_id, "client_file", RecordId(file_id))
        if not found:
            act.audit("files_adopted", subject="client_file", count=0)
        return act.done()
