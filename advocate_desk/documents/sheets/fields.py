"""What a row of a referral list can be about: the fields that its columns are matched to, in one list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Value = str | date


class Kind(StrEnum):
    """How a field's cells are read."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NAME = "name"
    FULL_NAME = "full_name"
    PAST = "past"
    """A date that has happened."""
    BIRTH = "birth"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"
    CHOICE = "choice"
    """One of a choice list; what matches no option is a problem."""
    CONTACT_SAFE = "contact_safe"
    """Yes, no or not known, with what else stands in the cell kept; what cannot be told counts as not known."""


@dataclass(frozen=True, slots=True)
class ImportField:
    """One field. `options` names its choice list; columns of a field that `joins` are put together, one a line.

    `required` fields are those without which a row makes no file; a full name stands for its two parts.
    """

    key: str
    label: str
    kind: Kind
    group: str
    required: bool = False
    options: str = ""
    joins: bool = False
    for_all: bool = False
    """Whether one answer may be given for every row that says nothing."""


REFERRAL, CLIENT, CONTACT, PERPETRATOR, OTHER = "Referral", "Client", "Contact", "Perpetrator", "Other"

FIELDS: tuple[ImportField, ...] = (
    ImportField("sender_reference", "Sender's reference", Kind.TEXT, REFERRAL),
    ImportField("received_on", "Referral date", Kind.PAST, REFERRAL),
    ImportField("source", "Referral source", Kind.CHOICE, REFERRAL, options="referral_source", for_all=True),
    ImportField("referrer_name", "Referrer", Kind.TEXT, REFERRAL, for_all=True),
    ImportField("referrer_contact", "Referrer's contact details", Kind.TEXT, REFERRAL, joins=True, for_all=True),
    ImportField("incident_on", "Incident date", Kind.PAST, REFERRAL),
    ImportField("incident_summary", "Incident summary", Kind.LONG_TEXT, REFERRAL, joins=True),
    ImportField("crime_ref", "Crime reference", Kind.TEXT, REFERRAL),
    ImportField("risk_at_referral", "Risk at referral", Kind.CHOICE, REFERRAL, options="risk_grade"),
    ImportField("setting", "Setting", Kind.CHOICE, REFERRAL, options="setting", for_all=True),
    ImportField("site", "Site", Kind.TEXT, REFERRAL, for_all=True),
    ImportField("client_given", "Client: given name", Kind.NAME, CLIENT, required=True),
    ImportField("client_family", "Client: family name", Kind.NAME, CLIENT, required=True),
    ImportField("client_name", "Client: full name", Kind.FULL_NAME, CLIENT, required=True),
    ImportField("client_known_as", "Client: known as", Kind.NAME, CLIENT),
    ImportField("client_born_on", "Client: date of birth", Kind.BIRTH, CLIENT),
    ImportField("client_gender", "Client: gender", Kind.CHOICE, CLIENT, options="gender"),
    ImportField("language", "Language", Kind.CHOICE, CLIENT, options="language"),
    ImportField("interpreter", "Interpreter needed", Kind.CONTACT_SAFE, CLIENT, options="safe_answer"),
    ImportField("location_status", "Where she is living", Kind.CHOICE, CLIENT, options="location_status"),
    ImportField("client_phone", "Client: phone", Kind.PHONE, CONTACT, joins=True),
    ImportField("safe_to_call", "Safe to call", Kind.CONTACT_SAFE, CONTACT, options="safe_answer"),
    ImportField("safe_to_text", "Safe to text", Kind.CONTACT_SAFE, CONTACT, options="safe_answer"),
    ImportField("safe_to_voicemail", "Safe to leave voicemail", Kind.CONTACT_SAFE, CONTACT, options="safe_answer"),
    ImportField("safe_time", "Safe times and instructions", Kind.LONG_TEXT, CONTACT, joins=True),
    ImportField("client_email", "Client: email", Kind.EMAIL, CONTACT),
    ImportField("client_address", "Client: address", Kind.LONG_TEXT, CONTACT, joins=True),
    ImportField("client_postcode", "Client: postcode", Kind.POSTCODE, CONTACT),
    ImportField("perpetrator_given", "Perpetrator: given name", Kind.NAME, PERPETRATOR),
    ImportField("perpetrator_family", "Perpetrator: family name", Kind.NAME, PERPETRATOR),
    ImportField("perpetrator_name", "Perpetrator: full name", Kind.FULL_NAME, PERPETRATOR),
    ImportField("perpetrator_born_on", "Perpetrator: date of birth", Kind.BIRTH, PERPETRATOR),
    ImportField("relationship", "Relationship", Kind.CHOICE, PERPETRATOR, options="relationship_kind"),
    ImportField("children", "Children", Kind.LONG_TEXT, OTHER, joins=True),
    ImportField("notes", "Notes", Kind.LONG_TEXT, OTHER, joins=True),
)
FIELD: dict[str, ImportField] = {field.key: field for field in FIELDS}
CHOICE_LISTS: tuple[str, ...] = tuple(sorted({field.options for field in FIELDS if field.options}))
