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
    "keys_to_check",
    "owners_to_check",
    "conflict",
)
SEARCHED = ("client_file", "referral", "person", "contact_method", "criminal_case", "contact_note")
ADDED = "WHEN NEW.deleted_at IS NULL"
WATCHED = "WHEN (SELECT is_applying FROM tracking) = 0 AND NEW.deleted_at IS NULL"
"""When an added row goes into the search index by itself: what an exchange adds is put there many rows at a time."""


def upgrade() -> None:
    """Add the tables, the columns and the indexes, and let an exchange index what it adds."""
    bind = op.get_bind()
    for statement in Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split("\n--;\n"):
        bind.exec_driver_sql(statement)
    _index_added(ADDED, WATCHED)


def downgrade() -> None:
    """Take them away, and put back the trigger that 0001 made."""
    bind = op.get_bind()
    _index_added(WATCHED, ADDED)
    for (index,) in bind.exec_driver_sql("SELECT name FROM sqlite_master WHERE name LIKE 'ix_%_unsent'").all():
        bind.exec_driver_sql(f"DROP INDEX {index}")
    for trigger in ("keep_base", "check_add", "check_change"):
        bind.exec_driver_sql(f"DROP TRIGGER tr_client_file_{trigger}")
    for table in TABLES:
        bind.exec_driver_sql(f"DROP TABLE {table}")
    for column in ("readers", "team", "allocated_person"):
        bind.exec_driver_sql(f"ALTER TABLE client_file DROP COLUMN {column}")
    for statement in (HERE / "0001_first_store.sql").read_text(encoding="utf-8").split("\n--;\n"):
        if statement.strip().startswith("CREATE TRIGGER tr_client_file_keep_base "):
            bind.exec_driver_sql(statement)


def _index_added(before: str, after: str) -> None:
    """Make the triggers that index added rows anew, with another condition."""
    bind = op.get_bind()
    for table in SEARCHED:
        name = f"tr_{table}_search_add"
        (sql,) = bind.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).one()
        bind.exec_driver_sql(f"DROP TRIGGER {name}")
        bind.exec_driver_sql(sql.replace(before, after))
