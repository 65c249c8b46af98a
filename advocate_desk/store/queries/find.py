"""Find, while the user types: people and references first, then the full text of notes, newest first.

Ranking by bm25 costs 8 to 40 ms for a common word on a large caseload, so that notes come newest first, and people
clients first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

_WORD = re.compile(r"\w+", re.UNICODE)
MARK_ON, MARK_OFF = "\x02", "\x03"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `snippet` marks the matching words between MARK_ON and MARK_OFF."""

    kind: str
    file_id: UUID
    record_id: UUID
    client_name: str
    reference: str
    risk_grade: str
    snippet: str
    role: str


_FIND = """
SELECT e.kind, e.file_id, e.record_id, s.client_name, s.reference, s.risk_grade,
  snippet(search_text, 0, char(2), char(3), '…', 12) AS snippet,
  coalesce(p.role, '') AS role, trim(coalesce(p.given_name || ' ' || p.family_name, '')) AS person_name
FROM search_text
JOIN search_entry e ON e.entry = search_text.rowid
JOIN file_summary s ON s.file_id = e.file_id
LEFT JOIN person p ON p.id = e.record_id
WHERE search_text MATCH :match
"""
_PEOPLE = text(_FIND + " ORDER BY (e.kind <> 'person'), p.role <> 'client', s.sort_name LIMIT :most")
_NOTES = text(_FIND + " ORDER BY search_text.rowid DESC LIMIT :most")


def match_expression(typed: str) -> str:
    """What was typed as an FTS5 expression: every word a prefix, all of them needed; "" for nothing to look for."""
    return " AND ".join(f'body : "{word}"*' for word in _WORD.findall(typed)[:8])


def find(conn: Connection, typed: str, most: int = 8) -> tuple[Hit, ...]:
    """Up to `most` people, references and contact details, then up to `most` notes, that have every word typed."""
    match = match_expression(typed)
    if not match:
        return ()
    found: list[Hit] = []
    for statement, expression in ((_PEOPLE, f"({match}) NOT kind : note"), (_NOTES, f"({match}) AND kind : note")):
        for row in conn.execute(statement, {"match": expression, "most": most}):
            snippet = row.person_name if row.kind == "person" else row.snippet
            found.append(
                Hit(
                    row.kind,
                    UUID(row.file_id),
                    UUID(row.record_id),
                    row.client_name,
                    row.reference,
                    row.risk_grade,
                    snippet,
                    row.role or "",
                )
            )
    return tuple(found)
