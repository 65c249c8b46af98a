"""Find, while the user types: a reference first, then clients, other people, other records, then notes, newest first.

Ranking by bm25 costs 8 to 40 ms for a common word on a large caseload, so notes come newest first; of everything else
that a short beginning matches, clients of such a name and the newest MOST_WEIGHED are put in order. What to show is
chosen first and its snippets are made afterwards: a snippet reads the record, and a common word has thousands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from anyascii import anyascii
from sqlalchemy import Connection, Row, text

from advocate_desk.domain.contact import ContactMethod, covered
from advocate_desk.store.queries.client_file import alert_lines
from advocate_desk.store.queries.safe_contact import contact_lines

MARK_ON, MARK_OFF = "\x02", "\x03"
MOST_TYPED = 200  # letters
MOST_WORDS = 8
FEWEST_DIGITS = 5
"""Digits from which on what was typed may be a telephone number: fewer stand in too many of them."""
FEWEST_NOTE_LETTERS = 3
"""Letters from which on notes are looked at: one or two start a word of nearly every note, and every list of them."""
MOST_WEIGHED = 300
"""Records, the newest first, that are put in order: a letter or two may match ten thousand, and nobody reads them."""
MOST_LOOKED_THROUGH = 100
"""Notes, the newest first, that are looked through for a beginning too short for the index."""

_BREAKS = re.compile(r"[\x00-\x1f\x7f\s]+")
_PHONE = re.compile(r"[\d\s()+./-]+")
_COUNTRY = re.compile(r"^(?:\+44|0044)\s*(?:\(0\))?")
_COMPACT = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `snippet` marks the matching words between MARK_ON and MARK_OFF.

    `kind` is "reference", "person", "contact", "referral", "case" or "note"; `role` is a person's role in the file.
    A number or address is covered, in `snippet` and in `contact` alike; `alerts` are the kinds that stand before it.
    """

    kind: str
    file_id: UUID
    record_id: UUID
    client_name: str
    reference: str
    risk_grade: str
    snippet: str
    role: str
    happened_at: datetime | None = None
    contact: ContactMethod | None = None
    alerts: tuple[str, ...] = ()


_COLUMNS = """e.entry, e.kind, e.file_id, e.record_id, s.client_name, s.reference, s.risk_grade, s.sort_name"""
_RECORDS = text(
    f"""
WITH matching AS (
  SELECT entry FROM (
    SELECT e.entry FROM person p JOIN search_entry e ON e.record_id = p.id
    WHERE p.role = 'client' AND p.deleted_at IS NULL AND p.name_key >= :first AND p.name_key < :beyond
    ORDER BY p.name_key LIMIT :most)
  WHERE entry IN (SELECT rowid FROM search_record WHERE search_record MATCH :match AND rowid = entry)
  UNION
  SELECT entry FROM (
    SELECT rowid AS entry FROM search_record WHERE search_record MATCH :match ORDER BY rowid DESC LIMIT :weighed))
SELECT {_COLUMNS}, coalesce(p.role, '') AS role,
  trim(coalesce(p.given_name || ' ' || p.family_name, '')) AS shown, NULL AS happened_at,
  CASE
    WHEN p.role = 'client' AND (p.name_key LIKE :start ESCAPE '/' OR p.given_name LIKE :written ESCAPE '/') THEN 1
    WHEN p.role = 'client' THEN 2
    WHEN e.kind = 'person' THEN 3
    WHEN e.kind = 'reference' THEN 4
    ELSE 5 END AS rank
FROM matching
JOIN search_entry e ON e.entry = matching.entry
JOIN file_summary s ON s.file_id = e.file_id
LEFT JOIN person p ON p.id = e.record_id AND e.kind = 'person'
ORDER BY rank, s.sort_name, e.entry LIMIT :most"""  # noqa: S608 - our own columns
)
_NOTES = text(
    f"""
SELECT {_COLUMNS}, '' AS role, snippet(search_text, 0, char(2), char(3), '…', 12) AS shown,
  n.happened_at AS happened_at, n.text AS written, 6 AS rank
FROM search_text
JOIN search_entry e ON e.entry = search_text.rowid
JOIN file_summary s ON s.file_id = e.file_id
JOIN contact_note n ON n.id = e.record_id
WHERE search_text MATCH :match ORDER BY search_text.rowid DESC LIMIT :most"""  # noqa: S608
)
_REFERENCES = text(
    f"""
SELECT {_COLUMNS}, '' AS role, '' AS shown, NULL AS happened_at, 0 AS rank
FROM search_entry e
JOIN file_summary s ON s.file_id = e.file_id
WHERE e.figures <> '' AND e.figures LIKE :held AND e.kind = 'reference' ORDER BY e.figures LIMIT :most"""  # noqa: S608
)
_PHONES = text(
    f"""
SELECT {_COLUMNS}, '' AS role, m.value AS shown, NULL AS happened_at, 5 AS rank
FROM (SELECT entry FROM search_entry WHERE figures <> '' AND figures LIKE :held AND kind = 'contact' LIMIT :weighed) f
JOIN search_entry e ON e.entry = f.entry
JOIN contact_method m ON m.id = e.record_id
JOIN file_summary s ON s.file_id = e.file_id
ORDER BY s.sort_name LIMIT :most"""  # noqa: S608
)
_SNIPPET = text(
    "SELECT snippet(search_record, 0, char(2), char(3), '…', 12) FROM search_record "
    "WHERE search_record MATCH :match AND rowid = :entry"
)


def typed_words(typed: str) -> tuple[str, ...]:
    """The words of what was typed that hold a letter or a figure; nothing that a database could choke on is left."""
    readable = typed[:MOST_TYPED].encode("utf-8", "ignore").decode("utf-8")
    words = (word.replace('"', " ").strip() for word in _BREAKS.split(readable))
    return tuple(word for word in words if any(letter.isalnum() for letter in word))[:MOST_WORDS]


def match_expression(typed: str) -> str:
    """What was typed as an FTS5 expression: every word a prefix, all of them needed; "" for nothing to look for.

    A word with letters beyond plain Latin is looked for as written and as its Latin letters.
    """
    return " AND ".join(_either(word) for word in typed_words(typed))


def _either(word: str) -> str:
    folded = _folded(word)
    if word.isascii() or not folded:
        return f'body : "{word}" *'
    return f'(body : "{word}" * OR body : "{folded}" *)'


def _folded(text_of: str) -> str:
    """Plain lower-case Latin letters and figures, as `name_key` holds names."""
    return " ".join(re.findall(r"[a-z0-9]+", anyascii(text_of).lower()))


def find(conn: Connection, typed: str, most: int = 8) -> tuple[Hit, ...]:
    """Up to `most` people, references and other records, then up to `most` notes, that have every word typed.

    Never raises for what was typed: marks and operators are looked for as text or left out.
    """
    match = match_expression(typed)
    if not match:
        return ()
    rows = [*_records(conn, typed, match, most), *_notes(conn, typed_words(typed), most)]
    return tuple(
        _contact_hit(conn, row) if row.kind == "contact" else _hit(row, _snippet(conn, match, row)) for row in rows
    )


def _contact_hit(conn: Connection, row: Row[Any]) -> Hit:
    """A number or address is found by what is typed, and shown as it stands before anybody asks for it."""
    file_id, record_id = UUID(row.file_id), UUID(row.record_id)
    line = next((each for each in contact_lines(conn, file_id) if each.contact_id == record_id), None)
    if line is None:  # of a person who was taken out
        return _hit(row, covered("", ""))
    hidden = covered(line.method.kind, line.method.value)
    method = replace(line.method, value=hidden, code_word="", who_may_answer="")
    alerts = alert_lines(conn, file_id) if line.person_role == "client" else ()
    standing = tuple(each.kind for each in alerts if each.ended_on is None)
    return replace(_hit(row, hidden), contact=method, alerts=standing)


def _notes(conn: Connection, words: tuple[str, ...], most: int) -> list[Row[Any]]:
    """The newest notes that have every word. Short beginnings are looked for among what the longer words find.

    The index would join the lists of every word that begins with one letter: 180 ms of a hundred thousand notes.
    """
    long = [word for word in words if len(word) >= FEWEST_NOTE_LETTERS or not word.isascii()]
    short = [word for word in words if word not in long]
    if not long:
        return []
    match = " AND ".join(_either(word) for word in long)
    found = conn.execute(_NOTES, {"match": match, "most": MOST_LOOKED_THROUGH if short else most})
    beginnings = [re.compile(rf"(?<![a-z0-9]){re.escape(_folded(word))}") for word in short if _folded(word)]
    if not beginnings:
        return list(found)[:most]
    return [row for row in found if all(each.search(anyascii(row.written).lower()) for each in beginnings)][:most]


def _records(conn: Connection, typed: str, match: str, most: int) -> list[Row[Any]]:
    words = typed_words(typed)
    found = {row.entry: row for row in _by_figures(conn, typed, most)}
    folded = _folded(" ".join(words))
    asked = {
        "match": match,
        "first": folded,
        "beyond": f"{folded}\U0010ffff" if folded else "",
        "start": _like(folded) + "%",
        "written": _like(words[0]) + "%",
        "weighed": max(MOST_WEIGHED, most),
        "most": most,
    }
    for row in conn.execute(_RECORDS, asked):
        found.setdefault(row.entry, row)
    return sorted(found.values(), key=lambda row: row.rank)[:most]


def _by_figures(conn: Connection, typed: str, most: int) -> Iterable[Row[Any]]:
    """Files whose reference, and contact methods whose number, hold what was typed, spaces and dashes aside."""
    shown = typed[:MOST_TYPED].strip()
    compact = _COMPACT.sub("", shown.lower())
    if len(compact) < FEWEST_DIGITS or not any(letter.isdigit() for letter in compact) or not shown.isascii():
        return
    yield from conn.execute(_REFERENCES, {"held": f"%{compact}%", "most": most})
    if _PHONE.fullmatch(shown):
        local = re.sub(r"\D", "", _COUNTRY.sub("", shown)).lstrip("0")
        if len(local) >= FEWEST_DIGITS - 1:
            yield from conn.execute(_PHONES, {"held": f"%{local}%", "most": most, "weighed": max(MOST_WEIGHED, most)})


def _like(written: str) -> str:
    """Text for LIKE ... ESCAPE '/', its own wildcards taken as letters."""
    return re.sub(r"([/%_])", r"/\1", written)


def _snippet(conn: Connection, match: str, row: Row[Any]) -> str:
    """A name whole, a note's words as found; else the words that match, or the record whole where only figures do."""
    if row.kind in ("person", "note"):
        return str(row.shown)
    # One query a row: with "rowid IN (...)" SQLite walks every match of a common word, 10 ms for 8 rows.
    found = conn.execute(_SNIPPET, {"match": match, "entry": row.entry}).scalar_one_or_none()
    return str(found or row.shown or row.reference)


def _hit(row: Row[Any], snippet: str) -> Hit:
    return Hit(
        row.kind,
        UUID(row.file_id),
        UUID(row.record_id),
        row.client_name,
        row.reference,
        row.risk_grade,
        snippet,
        row.role,
        datetime.fromisoformat(row.happened_at[:-1]).replace(tzinfo=UTC) if row.happened_at else None,
    )
