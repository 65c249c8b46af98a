"""What the exchange with a hub needs: where the desk stands in it, conflicts, and what is unsent.

The statements stand in the SQL file beside this one, apart from each other by a line of `--;`.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HERE = Path(__file__).parent
TABLES = (
    "exchange_event",
    "attachment_piece",
    "attachment",
    "unreadable_item",
    "expected_item",
    "outgoing_push",
    "given_right",
    "doubted_key",
    "unseen_link",
    "file_ownership",
    "collection_state",
    "other_key",
    "collection_key",
    "taken_right",
    "named_part",
    "seen_push",
    "chain_claim",
    "chain_end",
    "member_statement",
    "invitation",
    "organisation",
    "conflict",
)


def upgrade() -> None:
    """Add the tables, the columns and the indexes."""
    bind = op.get_bind()
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split("\n--;\n"):
        bind.exec_driver_sql(statement)


def downgrade() -> None:
    """Take them away, and put back the trigger that 0001 made."""
    bind = op.get_bind()
    for (index,) in bind.exec_driver_sql("SELECT name FROM sqlite_master WHERE name LIKE 'ix_%_unsent'").all():
        bind.exec_driver_sql(f"DROP INDEX {index}")
    bind.exec_driver_sql("DROP TRIGGER tr_client_file_keep_base")
    for table in TABLES:
        bind.exec_driver_sql(f"DROP TABLE {table}")
    for column in ("readers", "team", "allocated_person"):
        bind.exec_driver_sql(f"ALTER TABLE client_file DROP COLUMN {column}")
    for statement in (HERE / "0001_first_store.sql").read_text(encoding="utf-8").split("\n--;\n"):
        if statement.strip().startswith("CREATE TRIGGER tr_client_file_keep_base "):
            bind.exec_driver_sql(statement)
