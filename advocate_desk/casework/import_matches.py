"""Rows that may be somebody already known: in the files here, or in an earlier row of the same list.

Five thousand rows against ten thousand files must take seconds, so nobody is compared with everybody: candidates come
from indexes (same date of birth, telephone, email, crime reference, or the same name however it is spelt), and only
their names are then compared.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rapidfuzz import fuzz
from sqlalchemy import Connection, select

from advocate_desk.casework.import_rows import RowToImport
from advocate_desk.casework.names import name_key, skeletons
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.known_people import KNOWN_PEOPLE
from advocate_desk.store.tables.files import referral
from advocate_desk.store.tables.people import contact_method, person

ALIKE = 86.0
"""Of 100, token-sorted: the same bound as the conflict check."""
_ALIKE_WITH_EVIDENCE = 70.0
"""Enough when a date of birth, a number or a crime reference agrees: married names share the given name only."""
_PHONE_DIGITS = 9


class Choice(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    MERGE = "merge"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Known:
    """The person that a row may be. `row` is set for an earlier row of the list, `file_id` for a file here.

    Of a restricted file only that it exists is told.
    """

    file_id: FileId | None
    row: int | None
    reference: str
    name: str
    born_on: date | None
    phone: str
    crime_ref: str
    is_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """One row beside somebody known. `reasons` are sentences; `is_conflict`: known on the other side of an abuse.

    `is_sure`: name and a second mark agree. `is_same_referral`: this very referral is in the file already.
    """

    row: int
    known: Known
    reasons: tuple[str, ...]
    is_sure: bool = False
    is_conflict: bool = False
    is_same_referral: bool = False

    @property
    def suggested(self) -> Choice:
        """What is proposed until a person decides: two files for one client are mended sooner than one for two."""
        if self.is_conflict or self.known.is_restricted:
            return Choice.NEW
        if self.is_same_referral:
            return Choice.SKIP
        return Choice.MERGE if self.is_sure else Choice.NEW

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be chosen. Nothing can be put into a file that one may not open."""
        closed = self.is_conflict or self.known.is_restricted
        return (Choice.NEW, Choice.SKIP) if closed else (Choice.MERGE, Choice.NEW, Choice.SKIP)


@dataclass
class _Someone:
    """A person as she is compared."""

    key: str
    born_on: date | None
    known: Known
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    crime_refs: set[str] = field(default_factory=set)
    referrals: set[tuple[str, str]] = field(default_factory=set)

    def marks(self) -> Iterable[tuple[str, object]]:
        """What an index finds her by."""
        yield "name", " ".join(sorted(self.key.split()))
        sound = skeletons(self.key)
        if len(sound) > 1:
            yield "sound", sound
        if self.born_on is not None:
            yield "born", self.born_on
        for kind, marks in (("phone", self.phones), ("email", self.emails), ("crime", self.crime_refs)):
            for mark in marks:
                yield kind, mark


class _Index:
    """People by their marks."""

    def __init__(self) -> None:
        self._by_mark: defaultdict[tuple[str, object], list[_Someone]] = defaultdict(list)

    def add(self, someone: _Someone) -> None:
        for mark in someone.marks():
            self._by_mark[mark].append(someone)

    def near(self, someone: _Someone) -> list[_Someone]:
        """Everybody who shares a mark, each once."""
        found = {id(each): each for mark in someone.marks() for each in self._by_mark.get(mark, ())}
        return list(found.values())


def find_matches(
    work: Work, rows: Sequence[RowToImport], cancelled: Callable[[], bool] = lambda: False
) -> tuple[Match, ...]:
    """At most one duplicate and one conflict a row, the surest, in the order of the rows."""
    clients, perpetrators = work.read(_indexes)
    found: list[Match] = []
    for count, row in enumerate(rows):
        if count % 256 == 0 and cancelled():
            break
        client = _client_of(row)
        near = [match for each in clients.near(client) if (match := _duplicate(row, client, each)) is not None]
        if near:
            found.append(max(near, key=lambda match: (match.is_same_referral, match.is_sure, len(match.reasons))))
        found.extend(_conflicts(row, client, clients, perpetrators))
        if not (near and near[0].known.row):
            clients.add(client)
    return tuple(found)


def _duplicate(row: RowToImport, mine: _Someone, other: _Someone) -> Match | None:
    likeness = fuzz.token_sort_ratio(mine.key, other.key)
    sounds = skeletons(mine.key)
    alike = likeness >= ALIKE or (len(sounds) > 1 and sounds == skeletons(other.key))
    reasons = []
    if mine.born_on is not None and mine.born_on == other.born_on:
        reasons.append("Same date of birth")
    if mine.phones & other.phones:
        reasons.append("Same telephone number")
    if mine.emails & other.emails:
        reasons.append("Same email address")
    if mine.crime_refs & other.crime_refs:
        reasons.append("Same crime reference")
    differ = mine.born_on is not None and other.born_on is not None and mine.born_on != other.born_on
    shared_name = bool(set(mine.key.split()) & set(other.key.split()))
    if not alike and not (reasons and shared_name and likeness >= _ALIKE_WITH_EVIDENCE and not differ):
        return None
    if alike and differ and not reasons:
        return None
    name_says = "Same name" if likeness > 99 else "A name that is like it"
    sure = alike and bool(reasons) and not differ
    same_referral = alike and bool(mine.referrals & other.referrals)
    if same_referral:
        reasons.append("This referral is there already")
    return Match(row.number, other.known, (name_says, *reasons), sure, is_same_referral=same_referral)


def _conflicts(row: RowToImport, client: _Someone, clients: _Index, perpetrators: _Index) -> list[Match]:
    """The client known as a perpetrator, or the perpetrator known as a client. Two words of a name at least."""
    found = [
        Match(
            row.number,
            each.known,
            ("The client has the name of somebody known here as a perpetrator",),
            is_conflict=True,
        )
        for each in perpetrators.near(client)
        if _same_person(client, each)
    ]
    key = name_key(row.text("perpetrator_given"), row.text("perpetrator_family"))
    other_side = _Someone(key, row.day("perpetrator_born_on"), _NOBODY)
    found += [
        Match(row.number, each.known, ("The perpetrator has the name of a client",), is_conflict=True)
        for each in (clients.near(other_side) if " " in key else ())
        if each.known.row != row.number and _same_person(other_side, each)
    ]
    return found[:1]


def _same_person(one: _Someone, other: _Someone) -> bool:
    if " " not in one.key or fuzz.token_sort_ratio(one.key, other.key) < ALIKE:
        return False
    return one.born_on is None or other.born_on is None or one.born_on == other.born_on


_NOBODY = Known(None, None, "", "", None, "", "")


def _client_of(row: RowToImport) -> _Someone:
    name = f"{row.text('client_given')} {row.text('client_family')}".strip()
    key = name_key(f"{row.text('client_given')} {row.text('client_known_as')}".strip(), row.text("client_family"))
    known = Known(
        None, row.number, "", name, row.day("client_born_on"), row.text("client_phone"), row.text("crime_ref")
    )
    someone = _Someone(key, known.born_on, known)
    someone.phones |= {_phone(each) for each in row.text("client_phone").split(" / ") if each}
    someone.emails |= {row.text("client_email").casefold()} - {""}
    someone.crime_refs |= {_reference(row.text("crime_ref"))} - {""}
    someone.referrals |= _referral_marks(row.text("sender_reference"), row.text("crime_ref"), row.day("incident_on"))
    return someone


_PEOPLE = KNOWN_PEOPLE.where(person.c.role.in_(("client", "perpetrator")), person.c.name_key != "")
_CONTACTS = select(contact_method.c.person_id, contact_method.c.kind, contact_method.c.value).where(
    contact_method.c.deleted_at.is_(None), contact_method.c.kind.in_(("mobile", "landline", "email"))
)
_REFERRALS = select(
    referral.c.file_id, referral.c.crime_ref, referral.c.sender_reference, referral.c.incident_on
).where(referral.c.deleted_at.is_(None))


def _indexes(conn: Connection) -> tuple[_Index, _Index]:
    """Clients and perpetrators of all files, by their marks."""
    reached: defaultdict[object, list[tuple[str, str]]] = defaultdict(list)
    for person_id, kind, value in conn.execute(_CONTACTS):
        reached[person_id].append((kind, value))
    referred: defaultdict[object, list[tuple[str, str, date | None]]] = defaultdict(list)
    for file_id, crime_ref, sender_reference, incident_on in conn.execute(_REFERRALS):
        referred[file_id].append((crime_ref, sender_reference, incident_on))
    clients, perpetrators = _Index(), _Index()
    for row in conn.execute(_PEOPLE):
        mine, came = reached[row.id], referred[row.file_id]
        known = _known(row.file_id, row.reference, f"{row.given_name} {row.family_name}".strip(), row, mine, came)
        someone = _Someone(row.name_key, row.born_on, known)
        if row.role == "client":
            someone.phones = {_phone(value) for kind, value in mine if kind != "email"}
            someone.emails = {value.casefold() for kind, value in mine if kind == "email"}
            someone.crime_refs = {_reference(crime) for crime, _sender, _day in came} - {""}
            for crime, sender, day in came:
                someone.referrals |= _referral_marks(sender, crime, day)
        (clients if row.role == "client" else perpetrators).add(someone)
    return clients, perpetrators


def _known(
    file_id: FileId,
    reference: str,
    name: str,
    row: object,
    reached: list[tuple[str, str]],
    referred: list[tuple[str, str, date | None]],
) -> Known:
    if getattr(row, "is_restricted", False):
        return Known(None, None, "", "", None, "", "", is_restricted=True)
    phone = next((value for kind, value in reached if kind != "email"), "")
    crime = next((crime for crime, _sender, _day in referred if crime), "")
    return Known(FileId(file_id), None, reference, name, getattr(row, "born_on", None), phone, crime)


def _phone(number: str) -> str:
    """The end of a number, which +44, 0044 and 0 all leave alone."""
    digits = re.sub(r"\D", "", number)
    return digits[-_PHONE_DIGITS:] if len(digits) >= _PHONE_DIGITS else digits or number


def _reference(text: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def _referral_marks(sender: str, crime: str, incident_on: date | None) -> set[tuple[str, str]]:
    """What makes a referral the same one: the sender's own number, or one crime of one day."""
    marks = set()
    if _reference(sender):
        marks.add(("sender", _reference(sender)))
    if _reference(crime) and incident_on is not None:
        marks.add((_reference(crime), incident_on.isoformat()))
    return marks
