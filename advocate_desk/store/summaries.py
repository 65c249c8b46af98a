"""One row a file for every list: kept in step inside each transaction, so that no list ever counts or joins.

`next_on` is the earliest thing that still waits for somebody: a hearing without an outcome, an open task, bail that has
not ended, `next_kind` "bail_counted" where nobody told us its end. It may lie in the past, and then it is overdue.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, text

_REFRESH = """
INSERT OR REPLACE INTO file_summary (
  file_id, reference, client_name, sort_name, status, allocated_to, setting, referral_source, opened_on, closed_on,
  is_restricted, risk_grade, risk_rank, dash_score, dash_on, last_contact_at, next_hearing_on, next_hearing_time,
  next_task_on, bail_expires_on, plan_review_on, open_tasks, alerts, next_on, next_kind)
WITH
  f AS (SELECT * FROM client_file WHERE id = :file AND deleted_at IS NULL),
  client AS (SELECT given_name, family_name, sort_key FROM person
    WHERE file_id = :file AND role = 'client' AND deleted_at IS NULL ORDER BY created_at LIMIT 1),
  referred AS (SELECT source, risk_at_referral FROM referral
    WHERE file_id = :file AND deleted_at IS NULL ORDER BY received_at DESC, created_at DESC LIMIT 1),
  risk AS (SELECT grade, score, completed_on FROM risk_assessment
    WHERE file_id = :file AND deleted_at IS NULL AND finalised_at IS NOT NULL
    ORDER BY completed_on DESC, finalised_at DESC LIMIT 1),
  grade AS (SELECT coalesce(nullif((SELECT grade FROM risk), ''), nullif((SELECT risk_at_referral FROM referred), ''),
    '') AS grade),
  contact AS (SELECT max(at) AS at FROM (
    SELECT max(happened_at) AS at FROM contact_note
      WHERE file_id = :file AND deleted_at IS NULL AND spoke_with_client
    UNION ALL
    SELECT max(attempted_at) FROM contact_attempt
      WHERE file_id = :file AND deleted_at IS NULL AND outcome IN ('spoke', 'via_pro'))),
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
  coalesce((SELECT kind FROM waiting), '')
FROM f
"""
REFRESH = text(_REFRESH)
DROP = text("DELETE FROM file_summary WHERE file_id = :file")


def refresh(conn: Connection, file_ids: Iterable[UUID]) -> None:
    """Bring the rows of these files up to date; a file that is marked deleted loses its row."""
    files = [{"file": file_id.hex} for file_id in file_ids]
    if files:
        conn.execute(DROP, files)
        conn.execute(REFRESH, files)
