"""A row of a referral list as an intake: what it says, each thing in its place, and the rest kept as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from advocate_desk.casework.intake import Intake, NeedDetails, ReferralDetails
from advocate_desk.casework.people import ContactDetails, PersonDetails, RelationshipDetails
from advocate_desk.clock import from_london

_HEARD_AT = time(9)  # a list gives days: the start of the working day is when the referral's clock begins
_MOBILE = re.compile(r"^(?:\+?44|0)7")
_CHILD_AGE = re.compile(r"^(.*?)[\s,]*\(?\b(?:aged?\s*)?(\d{1,2})\s*(?:yrs?|years?|y/?o)?\)?$", re.IGNORECASE)
_MOST_CHILDREN = 12
_SAFETY_LABELS = ("Safe to call", "Safe to text", "Safe to leave voicemail")


@dataclass(frozen=True, slots=True)
class RowToImport:
    """A checked row. `values` are text, days and option keys by import field; `extras` are kept as (label, text)."""

    number: int
    values: Mapping[str, str | date]
    extras: tuple[tuple[str, str], ...] = ()

    def text(self, key: str) -> str:
        """A field's text, "" if the row does not say."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else value.isoformat()

    def day(self, key: str) -> date | None:
        """A field's day, None if the row does not say."""
        value = self.values.get(key)
        return value if isinstance(value, date) else None


def intake_of(row: RowToImport, now: datetime, batch: UUID) -> Intake:
    """The whole row as an intake, for a new file."""
    children = _children(row)
    return Intake(
        referral=_referral(row, now, batch, _story(row, with_children=not children)),
        client=PersonDetails(
            "client",
            row.text("client_given"),
            row.text("client_family"),
            row.text("client_known_as"),
            row.day("client_born_on"),
            row.text("client_gender"),
            row.text("language"),
            row.text("interpreter") == "yes",
        ),
        perpetrator=_perpetrator(row),
        relationship=RelationshipDetails(kind=row.text("relationship")),
        children=children,
        contacts=tuple(_contacts(row)),
        access_needs=(NeedDetails("interpreter"),) if row.text("interpreter") == "yes" else (),
    )


def added_referral(row: RowToImport, now: datetime, batch: UUID) -> ReferralDetails:
    """The row as one more referral to a file that is known.

    People and contact details of the file stay as they are: an advocate has worked with them. What this row says of
    them stands in the referral's text, where she will see it.
    """
    said = [
        (label, row.text(key))
        for key, label in (
            ("client_phone", "Phone"),
            ("safe_to_call", "Safe to call"),
            ("client_email", "Email"),
            ("client_address", "Address"),
            ("client_postcode", "Postcode"),
            ("perpetrator_given", "Perpetrator's given name"),
            ("perpetrator_family", "Perpetrator's family name"),
            ("children", "Children"),
        )
        if row.text(key)
    ]
    story = "\n".join([_story(row, with_children=False), *(f"{label}: {text}" for label, text in said)]).strip()
    return _referral(row, now, batch, story)


def _referral(row: RowToImport, now: datetime, batch: UUID, story: str) -> ReferralDetails:
    received = row.day("received_on")
    received_at = now if received is None else min(now, from_london(datetime.combine(received, _HEARD_AT)))
    return ReferralDetails(
        source=row.text("source") or "other",
        received_at=received_at,
        referrer_name=row.text("referrer_name"),
        referrer_contact=row.text("referrer_contact"),
        sender_reference=row.text("sender_reference"),
        incident_on=row.day("incident_on"),
        incident_summary=story,
        risk_at_referral=row.text("risk_at_referral"),
        crime_ref=row.text("crime_ref"),
        location_status=row.text("location_status"),
        setting=row.text("setting"),
        site=row.text("site"),
        import_batch_id=batch,
    )


def _story(row: RowToImport, *, with_children: bool) -> str:
    """What happened, then everything else that the row says and no field holds."""
    parts = [row.text("incident_summary"), row.text("notes")]
    if with_children and row.text("children") not in ("", "0"):
        parts.append(f"Children: {row.text('children')}")
    if not row.text("client_phone"):
        parts.append(_safety_words(row))
    parts.extend(f"{label}: {text}" for label, text in row.extras if label not in _SAFETY_LABELS)
    return "\n".join(part for part in parts if part)


def _safety_words(row: RowToImport) -> str:
    """Everything that the row says about reaching her safely, in its own words."""
    said = [row.text("safe_time"), *(f"{label}: {text}" for label, text in row.extras if label in _SAFETY_LABELS)]
    return "\n".join(part for part in said if part)


def _contacts(row: RowToImport) -> list[ContactDetails]:
    """Numbers and addresses. Only a plain yes of the sender's makes a number safe; an address is never known to be."""
    source = _heard_from(row.text("source"))
    found = [
        ContactDetails(
            "mobile" if _MOBILE.match(re.sub(r"[\s().-]", "", number)) else "landline",
            number,
            is_safe=row.text("safe_to_call") or "unknown",
            may_text=row.text("safe_to_text") or "unknown",
            may_leave_voicemail=row.text("safe_to_voicemail") or "unknown",
            note=_safety_words(row),
            fact_source=source,
            fact_state="heard",
        )
        for number in row.text("client_phone").split(" / ")
        if number
    ]
    if row.text("client_email"):
        found.append(ContactDetails("email", row.text("client_email"), fact_source=source, fact_state="heard"))
    address = "\n".join(part for part in (row.text("client_address"), row.text("client_postcode")) if part)
    if address:
        found.append(ContactDetails("post", address, fact_source=source, fact_state="heard"))
    return found


def _heard_from(source: str) -> str:
    """The fact source that a referral source speaks as."""
    known = {
        "self": "client",
        "prison_probation": "probation",
        "education": "school",
        "other_idva": "advocate",
    }
    plain = ("police", "court", "health", "housing", "social_care", "marac", "family_friend")
    return source if source in plain else known.get(source, "other")


def _perpetrator(row: RowToImport) -> PersonDetails | None:
    given, family = row.text("perpetrator_given"), row.text("perpetrator_family")
    if not (given or family):
        return None
    return PersonDetails("perpetrator", given, family, born_on=row.day("perpetrator_born_on"))


def _children(row: RowToImport) -> tuple[PersonDetails, ...]:
    """Children by name, with the age as a note. A bare number, or a text that is no list of names, gives none."""
    text = row.text("children").strip()
    if not text or len(text) > 400 or re.fullmatch(r"[\d\s]*", text):
        return ()
    found: list[PersonDetails] = []
    for part in re.split(r"\s*(?:[;\n/]|,(?!\s*(?:aged?\s*)?\d)|\band\b|&)\s*", text):
        named = _CHILD_AGE.match(part)
        name, age = (named[1].strip(" ,-("), named[2]) if named else (part.strip(), "")
        words = name.split()
        if not 1 <= len(words) <= 4 or not all(word[:1].isupper() or not word.isascii() for word in words):
            return ()
        note = f"Aged {age} when referred" if age else ""
        found.append(PersonDetails("child", words[0], " ".join(words[1:]), note=note))
    return tuple(found) if len(found) <= _MOST_CHILDREN else ()
