"""Runs inside the application's own connection and transaction: see `advocate_desk/store/migrate.py`."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True, render_as_batch=True)
context.run_migrations()
