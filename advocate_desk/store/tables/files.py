"""The client file: the unit of confidentiality, of sharing and of retention, and how it came to us."""

from __future__ import annotations

from sqlalchemy import Uuid

from advocate_desk.domain.disclosure import Sensitivity
from advocate_desk.store.tables.base import (
    column,
    day,
    fact_columns,
    flag,
    json_value,
    moment,
    record_id,
    record_table,
    text,
)

OWNING = ("allocated_person", "team", "is_restricted", "readers")
"""The columns of `client_file` that say whose a file is. They travel as signed links and not with its record."""

client_file = record_table(
    "client_file",
    text("reference", searched=True, index=True),
    text("status"),
    text("allocated_to"),
    column("allocated_person", Uuid(native_uuid=False)),
    column("team", Uuid(native_uuid=False)),
    json_value("readers", list),
    text("setting"),
    text("site"),
    day("opened_on"),
    day("closed_on"),
    text("closure_reason"),
    flag("is_restricted", critical=True),
    flag("legal_hold"),
    text("conflict_note"),
    searched_as="reference",
    together=(("allocated_to", "allocated_person", "team"), ("status", "closed_on", "closure_reason")),
)

referral = record_table(
    "referral",
    text("source"),
    text("referrer_name", sensitivity=Sensitivity.THIRD_PARTY, searched=True),
    text("referrer_contact", sensitivity=Sensitivity.THIRD_PARTY),
    text("sender_reference", searched=True),
    moment("received_at"),
    day("incident_on"),
    text("incident_summary", sensitivity=Sensitivity.THIRD_PARTY, searched=True),
    text("risk_at_referral"),
    text("crime_ref", searched=True),
    text("location_status", sensitivity=Sensitivity.LOCATION, critical=True),
    text("setting"),
    text("site"),
    record_id("import_batch_id", "import_batch.id"),
    searched_as="referral",
)

consent = record_table(
    "consent",
    text("scope"),
    text("decision", critical=True),
    day("decided_on"),
    text("method"),
    day("withdrawn_on"),
    text("note"),
    together=(("scope", "decision", "decided_on", "method", "withdrawn_on"),),
)

alert = record_table(
    "alert",
    text("kind"),
    text("text", sensitivity=Sensitivity.THIRD_PARTY, critical=True),
    day("since_on"),
    day("ended_on", critical=True),
    *fact_columns(),
    together=(("kind", "text", "fact_source", "told_at", "fact_state"),),
)

access_need = record_table(
    "access_need",
    text("kind", sensitivity=Sensitivity.HEALTH),
    text("detail", sensitivity=Sensitivity.HEALTH),
)
