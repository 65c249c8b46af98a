"""The conflict check: whether somebody named here is already known to us, as client, perpetrator or other.

It tolerates spelling and transliteration, and so it offers; a person decides. Of a restricted file it says only that
there is one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process
from sqlalchemy import Connection, bindparam, select

from advocate_desk.casework.names import name_key, skeletons
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.known_people import KNOWN_PEOPLE
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.people import person

ALIKE = 86.0
"""Of 100, by token-sorted edit distance: one letter in seven may differ. Tried on the names of the demonstration."""
MOST = 12


@dataclass(frozen=True, slots=True)
class NameTyped:
    """A name as it stands in a form. `role` is a person role."""

    role: str
    given_name: str
    family_name: str
    born_on: date | None = None


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Somebody we know whose name is like the one typed. For a restricted file the name and reference are ""."""

    typed_role: str
    known_role: str
    file_id: FileId | None
    reference: str
    name: str
    same_birth_date: bool
    is_restricted: bool
    likeness: float


@dataclass(frozen=True, slots=True)
class _Known:
    file_id: FileId
    role: str
    key: str
    name: str
    born_on: date | None
    reference: str
    is_restricted: bool


_KEYS = (
    select(person.c.name_key)
    .join(client_file, client_file.c.id == person.c.file_id)
    .where(person.c.deleted_at.is_(None), client_file.c.deleted_at.is_(None), person.c.name_key != "")
    .distinct()
)
_KNOWN = KNOWN_PEOPLE.where(person.c.name_key.in_(bindparam("keys", expanding=True)))


def _keys(conn: Connection) -> list[str]:
    return list(conn.execute(_KEYS).scalars())


def _known(conn: Connection, keys: Collection[str]) -> list[_Known]:
    return [
        _Known(
            FileId(row.file_id),
            row.role,
            row.name_key,
            f"{row.given_name} {row.family_name}".strip(),
            row.born_on,
            row.reference,
            row.is_restricted,
        )
        for row in conn.execute(_KNOWN, {"keys": sorted(keys)})
    ]


def find_conflicts(work: Work, typed: Sequence[NameTyped], own_file: FileId | None = None) -> tuple[NameMatch, ...]:
    """Who of those we know is like one of the names typed, likest first, at most twelve for each name.

    A name needs two words, or a date of birth that agrees, to be worth a warning. Names are compared first and people
    read only for those that are alike: with 10,000 files that takes a quarter of the time.
    """
    keys = work.read(_keys)
    alike = [
        (one, key, _alike(key, keys)) for one in typed if len(key := name_key(one.given_name, one.family_name)) > 2
    ]
    wanted = {other for _, _, likeness in alike for other in likeness}
    known = [each for each in work.read(_known, wanted) if each.file_id != own_file] if wanted else []
    found: list[NameMatch] = []
    for one, key, likeness in alike:
        matches = [_match(one, each, likeness[each.key]) for each in known if each.key in likeness]
        matches = [each for each in matches if " " in key or each.same_birth_date]
        matches.sort(key=lambda each: (-each.same_birth_date, -each.likeness))
        found.extend(matches[:MOST])
    return tuple(found)


def _alike(key: str, keys: Sequence[str]) -> dict[str, float]:
    """How like `key` each of `keys` is, of 100; those that are not alike are left out."""
    closest = process.extract(key, keys, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE, limit=MOST * 4)
    likeness = {keys[index]: score for _, score, index in closest}
    sound = skeletons(key)
    for other in keys:
        if other not in likeness and _sound_alike(sound, skeletons(other)):
            likeness[other] = ALIKE
    return likeness


def _sound_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two or more words of one name sound like words of the other, and none is left over on one side."""
    shared = one & other
    return len(shared) > 1 and shared in (one, other)


def _match(typed: NameTyped, known: _Known, likeness: float) -> NameMatch:
    hidden = known.is_restricted
    return NameMatch(
        typed.role,
        known.role,
        None if hidden else known.file_id,
        "" if hidden else known.reference,
        "" if hidden else known.name,
        typed.born_on is not None and typed.born_on == known.born_on,
        hidden,
        likeness,
    )
