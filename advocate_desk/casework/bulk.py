"""An activity that writes thousands of records: the same rules, gathered, and written table by table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Table

from advocate_desk.casework.work import Activity
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store import audit
from advocate_desk.store.rows import insert_rows
from advocate_desk.store.tables.base import metadata
from advocate_desk.store.tables.files import client_file


@dataclass
class BulkActivity(Activity):
    """Gathers inserts and audit entries until `flush`, which one statement a table then writes.

    Its callers may not read or change what they have just inserted before they flush.
    """

    rows: defaultdict[Table, list[dict[str, object]]] = field(default_factory=lambda: defaultdict(list))
    events: list[audit.Event] = field(default_factory=list)

    @classmethod
    def within(cls, act: Activity) -> BulkActivity:
        """A bulk part of an open activity: the same transaction, moment and actor, what was touched told to both."""
        return cls(act.conn, act.now, act.today, act.actor, act.packs, act.kind, act.file_id, act.kinds, act.files)

    def insert(self, table: Table, file_id: FileId, values: Mapping[str, object]) -> RecordId:
        """Keep a new record for `flush`."""
        given = values.get("id")
        record_id = RecordId(given) if isinstance(given, UUID) else self.new_id()
        self.rows[table].append(
            {**values, "id": record_id, "file_id": file_id, "created_at": self.now, "changed_at": self.now}
        )
        self.touch(table.name, file_id)
        return record_id

    def audit(
        self,
        kind: str,
        file_id: UUID | None = None,
        subject: str = "",
        subject_id: UUID | None = None,
        **detail: object,
    ) -> None:
        """Keep an audit entry for `flush`."""
        self.audited = True
        self.events.append(
            audit.Event(
                self.actor.device_id, self.actor.name, self.now, kind, file_id, subject, subject_id, detail or None
            )
        )

    def is_blank_file(self, file_id: UUID) -> bool:
        """True while the file itself waits to be written."""
        return any(row["id"] == file_id for row in self.rows[client_file][-1:])

    def flush(self) -> None:
        """Write what was kept, parents before their children."""
        for table in metadata.sorted_tables:
            if self.rows.get(table):
                insert_rows(self.conn, table, self.rows[table])
        audit.append_all(self.conn, self.events)
        self.rows.clear()
        self.events.clear()
