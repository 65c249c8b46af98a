"""Quicker lists: names searched apart from notes, indexes for what waits, and no index that every save must pay for.

The statements stand in the SQL file beside this one, apart from each other by a line of `--;`. Going down, what
0001 made is taken from its own file.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HERE = Path(__file__).parent
SEARCHED = {
    "client_file": ("reference", '"reference"'),
    "referral": (
        "referral",
        '"referrer_name" || \' \' || "sender_reference" || \' \' || "incident_summary" || \' \' || "crime_ref"',
    ),
    "person": (
        "person",
        '"given_name" || \' \' || "family_name" || \' \' || "known_as" || \' \' || "name_key"',
    ),
    "contact_method": ("contact", '"value"'),
    "criminal_case": ("case", '"crime_ref" || \' \' || "urn" || \' \' || "officer_name"'),
}
"""Every searched table but the notes: the kind of its entries, and the words that 0001 put into the index for a row."""
TRIGGERS = tuple(f"tr_{table}_search_{when}" for table in SEARCHED for when in ("add", "change", "hide", "show"))
OF_BEFORE = ("CREATE VIEW search_source ", *(f"CREATE TRIGGER {trigger} " for trigger in TRIGGERS))
"""How the statements of 0001 begin that this revision takes the place of."""
OLD_INDEXES = (
    ("ix_bail_expires_on", "bail (expires_on)"),
    ("ix_hearing_hearing_on", "hearing (hearing_on)"),
    *(
        (f"ix_file_summary_{column}", f"file_summary ({column}, file_id)")
        for column in ("last_contact_at", "next_on", "opened_on", "reference", "risk_rank", "sort_name", "status")
    ),
)
NEW_INDEXES = (
    "ix_bail_running",
    "ix_criminal_case_reported_on",
    "ix_file_summary_all",
    "ix_file_summary_allocated_to",
    "ix_file_summary_open",
    "ix_hearing_hearing_on",
    "ix_hearing_without_outcome",
    "ix_person_client_name",
    "ix_safety_plan_current",
    "ix_search_entry_figures",
    "ix_task_open",
    "ix_task_open_of",
)


def upgrade() -> None:
    """Add, move the words over, and take away what they need no longer."""
    bind = op.get_bind()
    bind.exec_driver_sql("DROP VIEW search_source")
    for trigger in TRIGGERS:
        bind.exec_driver_sql(f"DROP TRIGGER {trigger}")
    for index, _columns in OLD_INDEXES:
        bind.exec_driver_sql(f"DROP INDEX {index}")
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split("\n--;\n"):
        bind.exec_driver_sql(statement)
    for table, (kind, words) in SEARCHED.items():
        entries = _entries(table, words, kind)
        bind.exec_driver_sql(f"INSERT INTO search_text (search_text, rowid, body, kind) SELECT 'delete', {entries}")
        bind.exec_driver_sql(f"INSERT INTO search_record (rowid, body, kind) SELECT {entries}")


def downgrade() -> None:
    """Put the words back into one index, and everything else as it was."""
    bind = op.get_bind()
    for table, (kind, words) in SEARCHED.items():
        bind.exec_driver_sql(f"INSERT INTO search_text (rowid, body, kind) SELECT {_entries(table, words, kind)}")
    bind.exec_driver_sql("DROP TABLE search_record")
    bind.exec_driver_sql("DROP VIEW searched_records")
    bind.exec_driver_sql("DROP VIEW search_source")
    for trigger in TRIGGERS:
        bind.exec_driver_sql(f"DROP TRIGGER {trigger}")
    for index in NEW_INDEXES:
        bind.exec_driver_sql(f"DROP INDEX {index}")
    bind.exec_driver_sql("ALTER TABLE search_entry DROP COLUMN figures")
    bind.exec_driver_sql("ALTER TABLE file_summary DROP COLUMN search_key")
    for index, columns in OLD_INDEXES:
        bind.exec_driver_sql(f"CREATE INDEX {index} ON {columns}")
    for statement in (HERE / "0001_first_store.sql").read_text(encoding="utf-8").split("\n--;\n"):
        if statement.strip().startswith(OF_BEFORE):
            bind.exec_driver_sql(statement)


def _entries(table: str, words: str, kind: str) -> str:
    """What to select for an index: entry, words and kind of every row that is searched."""
    return f'e.entry, {words}, \'{kind}\' FROM search_entry e JOIN "{table}" ON "{table}".id = e.record_id'
