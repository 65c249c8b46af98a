"""One row a file for every list: kept in step inside each transaction, so that no list ever counts or joins.

`next_on` is the earliest thing that still waits for somebody: a hearing without an outcome, an open task, bail that has
not ended, `next_kind` "bail_counted" where nobody told us its end. It may lie in the past, and then it is overdue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

COLUMNS = (
    "file_id", "reference", "client_name", "sort_name", "status", "allocated_to", "setting", "referral_source",
    "opened_on", "closed_on", "is_restricted", "risk_grade", "risk_rank", "dash_score", "dash_on", "last_contact_at",
    "next_hearing_on", "next_hearing_time", "next_task_on", "bail_expires_on", "plan_review_on", "open_tasks", "alerts",
    "next_on", "next_kind", "search_key",
)  # fmt: skip
"""In the order in which the statement below gives them."""

_CONTACT = """SELECT max(at) AS at FROM (
  SELECT max(happened_at) AS at FROM contact_note
    WHERE file_id = :file AND deleted_at IS NULL AND spoke_with_client
  UNION ALL
  SELECT max(attempted_at) FROM contact_attempt
    WHERE file_id = :file AND deleted_at IS NULL AND outcome IN ('spoke', 'via_pro'))"""
_WHOLE_ROW = f"""
WITH
  f AS (SELECT * FROM client_file WHERE id = :file AND deleted_at IS NULL),
  client AS (SELECT given_name, family_name, sort_key, name_key FROM person
    WHERE file_id = :file AND role = 'client' AND deleted_at IS NULL ORDER BY created_at LIMIT 1),
  referred AS (SELECT source, risk_at_referral FROM referral
    WHERE file_id = :file AND deleted_at IS NULL ORDER BY received_at DESC, created_at DESC LIMIT 1),
  risk AS (SELECT grade, score, completed_on FROM risk_assessment
    WHERE file_id = :file AND deleted_at IS NULL AND finalised_at IS NOT NULL
    ORDER BY completed_on DESC, finalised_at DESC LIMIT 1),
  grade AS (SELECT coalesce(nullif((SELECT grade FROM risk), ''), nullif((SELECT risk_at_referral FROM referred), ''),
    '') AS grade),
  contact AS ({_CONTACT}),
  listed AS (SELECT hearing_on, listed_time FROM hearing
    WHERE file_id = :file AND deleted_at IS NULL AND outcome = '' ORDER BY hearing_on, listed_time LIMIT 1),
  tasks AS (SELECT min(due_on) AS due_on, count(*) AS open FROM task
    WHERE file_id = :file AND deleted_at IS NULL AND completed_at IS NULL),
  bailed AS (SELECT expires_on, is_expiry_counted FROM bail
    WHERE file_id = :file AND deleted_at IS NULL AND ended_on IS NULL AND expires_on IS NOT NULL
    ORDER BY expires_on, is_expiry_counted LIMIT 1),
  plan AS (SELECT review_on FROM safety_plan
    WHERE file_id = :file AND deleted_at IS NULL AND status = 'current' ORDER BY version DESC LIMIT 1),
  alerts AS (SELECT count(*) AS open FROM alert WHERE file_id = :file AND deleted_at IS NULL AND ended_on IS NULL),
  waiting AS (SELECT at, kind FROM (
    SELECT (SELECT hearing_on FROM listed) AS at, 'hearing' AS kind, 1 AS rank
    UNION ALL SELECT (SELECT due_on FROM tasks), 'task', 2
    UNION ALL SELECT expires_on, CASE WHEN is_expiry_counted THEN 'bail_counted' ELSE 'bail' END, 3 FROM bailed)
    WHERE at IS NOT NULL ORDER BY at, rank LIMIT 1)
SELECT f.id, f.reference,
  coalesce((SELECT trim(given_name || ' ' || family_name) FROM client), ''),
  coalesce((SELECT sort_key FROM client), ''),
  f.status, f.allocated_to, f.setting, coalesce((SELECT source FROM referred), ''), f.opened_on, f.closed_on,
  f.is_restricted, (SELECT grade FROM grade),
  CASE (SELECT grade FROM grade) WHEN 'high' THEN 0 WHEN 'medium' THEN 1 WHEN 'standard' THEN 2 ELSE 3 END,
  (SELECT score FROM risk), (SELECT completed_on FROM risk), (SELECT at FROM contact),
  (SELECT hearing_on FROM listed), (SELECT listed_time FROM listed),
  (SELECT due_on FROM tasks), (SELECT expires_on FROM bailed), (SELECT review_on FROM plan),
  (SELECT open FROM tasks), (SELECT open FROM alerts), (SELECT at FROM waiting),
  coalesce((SELECT kind FROM waiting), ''), coalesce((SELECT name_key FROM client), '')"""  # noqa: S608 - our own words
_LAST_CONTACT = f"SELECT ({_CONTACT}), last_contact_at FROM file_summary WHERE file_id = :file"  # noqa: S608
_COMPARED = f"""
{_WHOLE_ROW}, s.*
FROM f LEFT JOIN (SELECT {", ".join(COLUMNS)} FROM file_summary WHERE file_id = :file) s"""  # noqa: S608 - our own columns
_REPLACE = text(f"INSERT OR REPLACE INTO file_summary ({', '.join(COLUMNS)}) {_WHOLE_ROW} FROM f")
_INSERT = f"INSERT INTO file_summary ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
_DELETE = "DELETE FROM file_summary WHERE file_id = :file"
_DELETE_MANY = text(_DELETE)


CONTACTS = frozenset({"contact_note", "contact_attempt"})
SHOWN = CONTACTS | {
    "client_file", "person", "referral", "risk_assessment", "hearing", "task", "bail", "safety_plan", "alert",
}  # fmt: skip
"""The tables that a row is made from; of those of CONTACTS it holds when the client was spoken to last."""


def refresh(conn: Connection, file_ids: Iterable[UUID], kinds: Collection[str] = SHOWN) -> None:
    """Bring the rows of these files up to date; a file that is marked deleted loses its row.

    `kinds` are the tables that were written to: what does not rest on them is not looked at. Of one file only what
    differs is written: a row that is replaced writes every index of the table, and most activities change nothing in
    it or one column.
    """
    files = [{"file": file_id.hex} for file_id in file_ids]
    touched = SHOWN.intersection(kinds)
    if not files or not touched:
        return
    if len(files) > 1:
        conn.execute(_DELETE_MANY, files)
        conn.execute(_REPLACE, files)
    elif touched <= CONTACTS:
        _refresh_contact(conn, files[0])
    else:
        _refresh_one(conn, files[0])


def _refresh_contact(conn: Connection, file: dict[str, str]) -> None:
    driver: Any = conn.connection.driver_connection
    row = driver.execute(_LAST_CONTACT, file).fetchone()
    if row is not None and row[0] != row[1]:
        conn.exec_driver_sql("UPDATE file_summary SET last_contact_at = ? WHERE file_id = ?", (row[0], file["file"]))


def _refresh_one(conn: Connection, file: dict[str, str]) -> None:
    driver: Any = conn.connection.driver_connection
    row = driver.execute(_COMPARED, file).fetchone()  # fifty columns by way of SQLAlchemy cost more than the statement
    if row is None:
        conn.exec_driver_sql(_DELETE, file)
        return
    new, old = row[: len(COLUMNS)], row[len(COLUMNS) :]
    if old[0] is None:
        conn.exec_driver_sql(_INSERT, new)
        return
    changed = [(name, value) for name, value, before in zip(COLUMNS, new, old, strict=True) if value != before]
    if changed:
        assigned = ", ".join(f"{name} = ?" for name, _ in changed)
        values = (*(value for _, value in changed), new[0])
        conn.exec_driver_sql(f"UPDATE file_summary SET {assigned} WHERE file_id = ?", values)  # noqa: S608


def refresh_through(driver: Any, file_ids: Iterable[bytes]) -> None:  # noqa: ANN401 - the driver has no types
    """`refresh`, in the bare driver's own transaction: for the exchange, which writes hundreds of files at once."""
    files = [{"file": file_id.hex()} for file_id in file_ids]
    driver.executemany(_DELETE_MANY.text, files)
    driver.executemany(_REPLACE.text, files)
