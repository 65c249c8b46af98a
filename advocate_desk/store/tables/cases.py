"""Criminal cases from report to court: charges, what happened when, hearings, bail, conditions and breaches."""

from __future__ import annotations

from sqlalchemy import Boolean

from advocate_desk.domain.disclosure import Sensitivity
from advocate_desk.store.tables.base import (
    column,
    day,
    fact_columns,
    flag,
    json_value,
    moment,
    partial_index,
    record_id,
    record_table,
    text,
)

criminal_case = record_table(
    "criminal_case",
    record_id("relationship_id", "relationship.id"),
    text("force"),
    text("crime_ref", searched=True),
    text("urn", searched=True),
    text("officer_name", sensitivity=Sensitivity.THIRD_PARTY, searched=True),
    text("officer_contact", sensitivity=Sensitivity.THIRD_PARTY),
    day("reported_on"),
    day("offence_on"),
    text("stage"),
    text("outcome_code"),
    day("outcome_on"),
    column("victim_supported", Boolean(create_constraint=False)),
    text("note", sensitivity=Sensitivity.THIRD_PARTY),
    searched_as="case",
)
partial_index(criminal_case, "reported_on", "reported_on", "file_id", where="deleted_at IS NULL")

charge = record_table(
    "charge",
    record_id("case_id", "criminal_case.id", needed=True),
    text("offence_code"),
    text("offence_title"),
    flag("is_charged"),
    day("charged_on"),
    text("plea"),
    day("plea_on"),
    text("result"),
)

stage_event = record_table(
    "stage_event",
    record_id("case_id", "criminal_case.id", needed=True),
    text("stage"),
    day("happened_on"),
    text("text", sensitivity=Sensitivity.THIRD_PARTY),
    day("client_told_on"),
    *fact_columns(),
    together=(("stage", "happened_on", "fact_source", "told_at", "fact_state"),),
)

hearing = record_table(
    "hearing",
    record_id("case_id", "criminal_case.id", needed=True),
    text("court_code"),
    text("court_name", critical=True),
    day("hearing_on", needed=True, critical=True),
    text("listed_time", critical=True),
    text("courtroom", critical=True),
    text("kind"),
    json_value("attends", list),
    text("client_wishes", sensitivity=Sensitivity.THIRD_PARTY),
    json_value("measures", dict),
    text("outcome"),
    text("outcome_text", sensitivity=Sensitivity.THIRD_PARTY),
    moment("outcome_recorded_at"),
    day("client_told_on"),
    record_id("adjourned_from_id", "hearing.id"),
    *fact_columns(),
    together=(
        ("hearing_on", "listed_time", "court_code", "court_name", "courtroom", "fact_source", "told_at", "fact_state"),
        ("outcome", "outcome_text", "outcome_recorded_at"),
    ),
)
partial_index(hearing, "hearing_on", "hearing_on", "listed_time", "file_id", where="deleted_at IS NULL")
partial_index(hearing, "without_outcome", "hearing_on", "file_id", where="outcome = '' AND deleted_at IS NULL")

bail = record_table(
    "bail",
    record_id("case_id", "criminal_case.id", needed=True),
    text("kind", critical=True),
    day("arrested_on"),
    day("started_on"),
    day("expires_on", critical=True),
    flag("is_expiry_counted"),
    text("period"),
    flag("is_clock_paused"),
    day("ended_on", critical=True),
    text("end_reason"),
    text("note", sensitivity=Sensitivity.THIRD_PARTY),
    *fact_columns(),
    together=(
        ("expires_on", "is_expiry_counted", "period", "fact_source", "told_at", "fact_state"),
        ("ended_on", "end_reason"),
    ),
)
partial_index(bail, "running", "expires_on", "file_id", where="ended_on IS NULL AND deleted_at IS NULL")

condition = record_table(
    "condition",
    record_id("bail_id", "bail.id", needed=True),
    text("code", critical=True),
    text("text", sensitivity=Sensitivity.LOCATION, critical=True),
    day("started_on"),
    day("ended_on", critical=True),
    *fact_columns(),
    together=(("code", "text", "fact_source", "told_at", "fact_state"),),
)

breach = record_table(
    "breach",
    record_id("bail_id", "bail.id", needed=True),
    record_id("condition_id", "condition.id"),
    moment("occurred_at"),
    text("text", sensitivity=Sensitivity.THIRD_PARTY),
    text("evidence", sensitivity=Sensitivity.THIRD_PARTY),
    moment("reported_at"),
    text("police_ref"),
    text("action_taken"),
    flag("is_charged"),
)
