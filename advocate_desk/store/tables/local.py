"""Tables of this device alone: the audit chain, drafts, settings, the list of files, imports. None is synced."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid, text

from advocate_desk.store.tables.base import JsonText, Moment, metadata

audit_event = Table(
    "audit_event",
    metadata,
    Column("position", Integer(), primary_key=True),
    Column("device_id", Text(), nullable=False),
    Column("actor", Text(), nullable=False),
    Column("happened_at", Moment(), nullable=False),
    Column("kind", Text(), nullable=False),
    Column("file_id", Uuid(native_uuid=False), index=True),
    Column("subject", Text(), nullable=False, server_default=""),
    Column("subject_id", Uuid(native_uuid=False)),
    Column("detail", JsonText(), nullable=False),
    Column("previous_hash", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("only", Integer(), primary_key=True),
    Column("position", Integer(), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("key", Text(), primary_key=True),
    Column("form", Text(), nullable=False),
    Column("file_id", Uuid(native_uuid=False), index=True),
    Column("params", JsonText(), nullable=False),
    Column("payload", JsonText(), nullable=False),
    Column("is_open", Boolean(create_constraint=False), nullable=False),
    Column("position", Integer(), nullable=False),
    Column("saved_at", Moment(), nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("key", Text(), primary_key=True),
    Column("value", JsonText(), nullable=False),
)

import_batch = Table(
    "import_batch",
    metadata,
    Column("id", Uuid(native_uuid=False), primary_key=True),
    Column("imported_at", Moment(), nullable=False),
    Column("imported_by", Text(), nullable=False),
    Column("row_count", Integer(), nullable=False),
    Column("file_count", Integer(), nullable=False),
    Column("undone_at", Moment()),
)

import_mapping = Table(
    "import_mapping",
    metadata,
    Column("signature", Text(), primary_key=True),
    Column("mapping", JsonText(), nullable=False),
    Column("used_at", Moment(), nullable=False),
)

tracking = Table(
    "tracking",
    metadata,
    Column("only", Integer(), primary_key=True),
    Column("is_applying", Boolean(create_constraint=False), nullable=False),
)

search_entry = Table(
    "search_entry",
    metadata,
    Column("entry", Integer(), primary_key=True),
    Column("record_id", Uuid(native_uuid=False), nullable=False, unique=True),
    Column("file_id", Uuid(native_uuid=False), nullable=False),
    Column("kind", Text(), nullable=False),
    Column("figures", Text(), nullable=False, server_default=""),  # a number or reference, spaces and dashes aside
)
Index("ix_search_entry_figures", search_entry.c.figures, sqlite_where=text("figures <> ''"))

file_summary = Table(
    "file_summary",
    metadata,
    Column("file_id", Uuid(native_uuid=False), ForeignKey("client_file.id"), primary_key=True),
    Column("reference", Text(), nullable=False),
    Column("client_name", Text(), nullable=False),
    Column("sort_name", Text(), nullable=False),
    Column("status", Text(), nullable=False),
    Column("allocated_to", Text(), nullable=False),
    Column("setting", Text(), nullable=False),
    Column("referral_source", Text(), nullable=False),
    Column("opened_on", Date()),
    Column("closed_on", Date()),
    Column("is_restricted", Boolean(create_constraint=False), nullable=False),
    Column("risk_grade", Text(), nullable=False),
    Column("risk_rank", Integer(), nullable=False),
    Column("dash_score", Integer()),
    Column("dash_on", Date()),
    Column("last_contact_at", Moment()),
    Column("next_hearing_on", Date()),
    Column("next_hearing_time", Text()),
    Column("next_task_on", Date()),
    Column("bail_expires_on", Date()),
    Column("plan_review_on", Date()),
    Column("open_tasks", Integer(), nullable=False),
    Column("alerts", Integer(), nullable=False),
    Column("next_on", Date()),
    Column("next_kind", Text(), nullable=False),
    Column(
        "search_key", Text(), nullable=False, server_default=""
    ),  # the client's name key: what is typed is held in it
)
# The caseload as it opens, and its text filter, read these entries alone. A row is written with every activity: other
# orders sort in memory, a few milliseconds for ten thousand files, rather than cost each save an index.
Index(
    "ix_file_summary_open",
    file_summary.c.next_on,
    file_summary.c.sort_name,
    file_summary.c.file_id,
    file_summary.c.status,  # else SQLite would read each row to see that it is not closed
    file_summary.c.search_key,
    sqlite_where=text("status <> 'closed'"),
)
Index("ix_file_summary_all", file_summary.c.next_on, file_summary.c.sort_name, file_summary.c.file_id)
ALIVE = "status <> 'closed' OR open_tasks > 0 OR next_on IS NOT NULL"
"""A file that may have something waiting in it. A statement uses its index where it writes the same out."""
Index("ix_file_summary_allocated_to", file_summary.c.allocated_to, sqlite_where=text(ALIVE))
