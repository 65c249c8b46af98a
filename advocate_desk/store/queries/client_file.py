"""A client file: its permanent banner, and the people, referrals, consents and alerts behind the overview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from advocate_desk.errors import Refused
from advocate_desk.store.queries.lines import of_file
from advocate_desk.store.queries.safe_contact import ContactLine, contact_lines
from advocate_desk.store.tables.files import access_need, alert, client_file, consent, referral
from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.people import person, relationship


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert; `ended_on` is None while it stands."""

    alert_id: UUID
    kind: str
    text: str
    since_on: date | None
    ended_on: date | None
    fact_source: str
    fact_state: str
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Banner:
    """What stays in sight while a file is open: who, how to reach her safely, alerts, risk, what comes next."""

    file_id: UUID
    reference: str
    client_name: str
    known_as: str
    status: str
    risk_grade: str
    dash_score: int | None
    dash_on: date | None
    next_on: date | None
    next_kind: str
    next_hearing_time: str
    allocated_to: str
    is_restricted: bool
    contacts: tuple[ContactLine, ...]
    alerts: tuple[AlertLine, ...]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in the file. Her immigration note is left out: one field asks for it by itself."""

    person_id: UUID
    role: str
    given_name: str
    family_name: str
    known_as: str
    born_on: date | None
    gender: str
    language: str
    needs_interpreter: bool
    occupation: str
    whereabouts: str
    note: str

    @property
    def name(self) -> str:
        """Given and family name, or what she is known as."""
        return f"{self.given_name} {self.family_name}".strip() or self.known_as


@dataclass(frozen=True, slots=True)
class RelationshipLine:
    """How the client and one perpetrator are related."""

    relationship_id: UUID
    client_id: UUID
    perpetrator_id: UUID
    perpetrator_name: str
    kind: str
    status: str
    separated_on: date | None
    child_contact: str


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """How the client came to us."""

    referral_id: UUID
    source: str
    referrer_name: str
    referrer_contact: str
    sender_reference: str
    received_at: datetime
    incident_on: date | None
    incident_summary: str
    risk_at_referral: str
    crime_ref: str
    location_status: str
    setting: str
    site: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """What the client agreed to, or did not."""

    consent_id: UUID
    scope: str
    decision: str
    decided_on: date | None
    method: str
    withdrawn_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class NeedLine:
    """An access need."""

    need_id: UUID
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class FileView:
    """People and paper of a file: what Overview and People show."""

    banner: Banner
    people: tuple[PersonLine, ...]
    relationships: tuple[RelationshipLine, ...]
    referrals: tuple[ReferralLine, ...]
    consents: tuple[ConsentLine, ...]
    needs: tuple[NeedLine, ...]
    opened_on: date | None
    closed_on: date | None
    closure_reason: str
    conflict_note: str

    @property
    def client(self) -> PersonLine | None:
        """The client herself."""
        return next((each for each in self.people if each.role == "client"), None)


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Everybody in a file, how they are related and reached, and the alerts that stand."""

    people: tuple[PersonLine, ...]
    relationships: tuple[RelationshipLine, ...]
    contacts: tuple[ContactLine, ...]
    alerts: tuple[AlertLine, ...]


_ROLES = {"client": 0, "perpetrator": 1, "child": 2}
_PEOPLE = of_file(person, PersonLine, "person_id")
_ALERTS = of_file(alert, AlertLine, "alert_id")
_REFERRALS = of_file(referral, ReferralLine, "referral_id", referral.c.received_at.desc())
_CONSENTS = of_file(consent, ConsentLine, "consent_id")
_NEEDS = of_file(access_need, NeedLine, "need_id")
_SHOWN = (
    "reference", "client_name", "status", "risk_grade", "dash_score", "dash_on", "next_on", "next_kind",
    "next_hearing_time", "allocated_to", "is_restricted",
)  # fmt: skip
_SUMMARY = select(*(file_summary.c[name] for name in _SHOWN)).where(file_summary.c.file_id == bindparam("file"))
_FILE = select(
    client_file.c.opened_on, client_file.c.closed_on, client_file.c.closure_reason, client_file.c.conflict_note
).where(client_file.c.id == bindparam("file"), client_file.c.deleted_at.is_(None))
_RELATIONSHIPS = (
    select(
        relationship.c.id,
        relationship.c.client_id,
        relationship.c.perpetrator_id,
        (person.c.given_name + " " + person.c.family_name).label("name"),
        relationship.c.kind,
        relationship.c.status,
        relationship.c.separated_on,
        relationship.c.child_contact,
    )
    .join(person, person.c.id == relationship.c.perpetrator_id)
    .where(relationship.c.file_id == bindparam("file"), relationship.c.deleted_at.is_(None))
    .order_by(relationship.c.created_at)
)


def people(conn: Connection, file_id: UUID) -> tuple[PersonLine, ...]:
    """Everybody in the file: the client, then perpetrators, children, others at risk."""
    found = [PersonLine(*row) for row in conn.execute(_PEOPLE, {"file": file_id})]
    return tuple(sorted(found, key=lambda each: _ROLES.get(each.role, 9)))


def relationships(conn: Connection, file_id: UUID) -> tuple[RelationshipLine, ...]:
    """Every link between the client and a perpetrator."""
    return tuple(
        RelationshipLine(*row[:3], row.name.strip(), *row[4:])
        for row in conn.execute(_RELATIONSHIPS, {"file": file_id})
    )


def alert_lines(conn: Connection, file_id: UUID) -> tuple[AlertLine, ...]:
    """Every alert, ended ones too."""
    return tuple(AlertLine(*row) for row in conn.execute(_ALERTS, {"file": file_id}))


def banner(conn: Connection, file_id: UUID) -> Banner:
    """The banner of a file. Raises Refused when there is no such file."""
    return _banner(conn, file_id, people(conn, file_id))


def _banner(conn: Connection, file_id: UUID, everybody: tuple[PersonLine, ...]) -> Banner:
    row = conn.execute(_SUMMARY, {"file": file_id}).one_or_none()
    if row is None:
        raise Refused("This file is not in your caseload any more.")
    shown = dict(zip(_SHOWN, row, strict=True))
    return Banner(
        file_id=file_id,
        known_as=next((each.known_as for each in everybody if each.role == "client"), ""),
        contacts=tuple(each for each in contact_lines(conn, file_id) if each.person_role == "client"),
        alerts=tuple(each for each in alert_lines(conn, file_id) if each.ended_on is None),
        **{**shown, "next_hearing_time": shown["next_hearing_time"] or ""},
    )


def file_view(conn: Connection, file_id: UUID) -> FileView:
    """What Overview and People show. Raises Refused when there is no such file."""
    row = conn.execute(_FILE, {"file": file_id}).one_or_none()
    if row is None:
        raise Refused("This file is not in your caseload any more.")
    everybody = people(conn, file_id)
    return FileView(
        _banner(conn, file_id, everybody),
        everybody,
        relationships(conn, file_id),
        tuple(ReferralLine(*each) for each in conn.execute(_REFERRALS, {"file": file_id})),
        tuple(ConsentLine(*each) for each in conn.execute(_CONSENTS, {"file": file_id})),
        tuple(NeedLine(*each) for each in conn.execute(_NEEDS, {"file": file_id})),
        *row,
    )


def people_view(conn: Connection, file_id: UUID) -> PeopleView:
    """What People shows."""
    return PeopleView(
        people=people(conn, file_id),
        relationships=relationships(conn, file_id),
        contacts=contact_lines(conn, file_id),
        alerts=tuple(each for each in alert_lines(conn, file_id) if each.ended_on is None),
    )


def immigration_note(conn: Connection, person_id: UUID) -> str:
    """The one field that stands behind its own door."""
    statement = select(person.c.immigration_note).where(person.c.id == person_id)
    return str(conn.execute(statement).scalar_one_or_none() or "")
