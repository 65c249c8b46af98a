"""Documents kept in a file, letters made from it, and what was disclosed to whom."""

from __future__ import annotations

from sqlalchemy import LargeBinary

from advocate_desk.domain.disclosure import Sensitivity
from advocate_desk.store.tables.base import column, day, json_value, moment, number, record_id, record_table, text

stored_document = record_table(
    "stored_document",
    text("title"),
    text("media_type"),
    number("size_bytes"),
    text("sha256"),
    column("content", LargeBinary(), needed=True),
)

letter = record_table(
    "letter",
    text("template"),
    text("template_version"),
    text("addressee_kind"),
    text("addressee"),
    record_id("case_id", "criminal_case.id"),
    record_id("hearing_id", "hearing.id"),
    json_value("facts", dict, sensitivity=Sensitivity.THIRD_PARTY),
    record_id("document_id", "stored_document.id"),
    moment("made_at"),
    text("made_by"),
)

disclosure = record_table(
    "disclosure",
    record_id("letter_id", "letter.id"),
    text("to_whom"),
    text("addressee_kind"),
    json_value("what", list),
    text("gateway"),
    text("consent"),
    text("necessity"),
    text("decided_by"),
    moment("decided_at"),
    day("client_agreed_on"),
    text("how"),
)
