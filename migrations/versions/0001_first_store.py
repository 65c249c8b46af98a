"""The first store: every table, the full-text index, and the triggers that track changes.

The statements stand in the SQL file beside this one, apart from each other by a line of `--;`.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "disclosure",
    "breach",
    "letter",
    "condition",
    "stage_event",
    "hearing",
    "charge",
    "bail",
    "risk_assessment",
    "criminal_case",
    "contact_attempt",
    "safety_action",
    "relationship",
    "contact_method",
    "task",
    "stored_document",
    "safety_plan",
    "referral",
    "person",
    "file_summary",
    "contact_note",
    "consent",
    "alert",
    "access_need",
    "tracking",
    "setting",
    "search_entry",
    "import_mapping",
    "import_batch",
    "draft",
    "client_file",
    "audit_head",
    "audit_event",
)


def upgrade() -> None:
    """Make everything."""
    bind = op.get_bind()
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split("\n--;\n"):
        bind.exec_driver_sql(statement)


def downgrade() -> None:
    """Take everything away: tables go with their indexes and triggers."""
    bind = op.get_bind()
    bind.exec_driver_sql("DROP TABLE search_text")
    bind.exec_driver_sql("DROP VIEW search_source")
    bind.exec_driver_sql("UPDATE tracking SET is_applying = 1")
    for table in TABLES:
        bind.exec_driver_sql(f'DROP TABLE "{table}"')
